"""Of very many sentences, those that are alike are worth comparing."""

from random import Random

import pytest

from l10n_pipeline.revision import ChangeKind, shortlist, trace
from l10n_pipeline.revision.shortlist import Candidate, Places, Run

LETTERS = "etaoinshrdlu"


def sentence(random, count=12):
    lengths = [random.randint(2, 8) for _ in range(count)]
    return " ".join("".join(random.choices(LETTERS, k=length)) for length in lengths)


def edited(text, random):
    words = text.split()
    words[random.randrange(len(words))] = "other"
    return " ".join(words)


@pytest.fixture(scope="module")
def sentences():
    random = Random(1)
    return [sentence(random) for _ in range(1500)]


def test_what_is_alike_is_among_them_across_all_batches(sentences):
    random = Random(2)
    order = random.sample(range(len(sentences)), len(sentences))
    new = [edited(sentences[old], random) for old in order]
    places = Places(range(len(new)), range(len(sentences)))
    found = set(shortlist.shortlist(new, sentences, places=places))
    assert {Candidate(Run(at), Run(old)) for at, old in enumerate(order)} <= found


def test_parts_are_among_them_across_all_batches(sentences):
    wholes = [f"{one} {other}" for one, other in zip(sentences[::2], sentences[1::2], strict=True)]
    many, few = range(len(sentences)), range(len(wholes))
    found = set(shortlist.shortlist(sentences, wholes, places=Places(many, few)))
    assert {Candidate(Run(2 * at, 2), Run(at)) for at in few} <= found
    found = set(shortlist.shortlist(wholes, sentences, places=Places(few, many)))
    assert {Candidate(Run(at), Run(2 * at, 2)) for at in few} <= found


def test_sentences_with_another_between_are_no_parts():
    whole = "one two three four five six seven eight"
    parts = ["one two three four", "five six seven eight"]
    found = shortlist.shortlist(parts, [whole], places=Places([3, 5], [0]))
    assert not [candidate for candidate in found if candidate.new.count > 1]


def test_beyond_the_window_only_what_is_about_as_far_is_compared(sentences, monkeypatch):
    monkeypatch.setattr(shortlist, "WINDOW", 600)
    random = Random(3)
    new = [edited(text, random) for text in sentences]
    assert [change.old for change in trace(sentences, new)] == [(at,) for at in range(1500)]
    assert trace(sentences, [*["new"] * 1499, new[0]]) == []


def test_long_texts_do_not_overflow():
    text = "abc " * 5000
    changes = trace([text], [text + "d e f"])
    assert [change.kind for change in changes] == [ChangeKind.EDITED]


@pytest.mark.slow
def test_ten_thousand_edited_sentences_take_seconds():
    random = Random(4)
    before = [sentence(random) for _ in range(10_000)]
    after = [edited(text, random) for text in before]
    random.shuffle(after)
    assert len(trace(before, after)) == 10_000
