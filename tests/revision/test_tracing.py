"""What became of each sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.comparable import similarity
from l10n_pipeline.revision import Change, ChangeKind, trace
from tests.glossary.strategies import any_texts
from tests.memory.strategies import words

SENTENCES = [
    "The harbour of the old town was closed to all ships on Monday.",
    "Nobody had expected a storm of such force so early in autumn.",
    "Fishermen carried their nets home and waited for better weather.",
    "A new school for two hundred children opened beside the church.",
    "Its windows look out over gardens that the parents had planted.",
    "The mayor thanked everyone who had given money for the building.",
]
OTHERS = [
    "Parliament voted on a budget that cuts spending by a quarter.",
    "Astronomers have found water in the air of a distant planet.",
    "Her second novel is about three sisters who inherit a vineyard.",
    "Trains between both capitals will run every hour from May on.",
]
documents = st.lists(words, unique=True, max_size=12)
"""Sentences that are often alike."""
any_documents = st.lists(any_texts, max_size=8)


def kinds(before, after):
    return [(change.kind, change.new, change.old) for change in trace(before, after)]


def put(at, text, sentences=SENTENCES):
    return [*sentences[:at], text, *sentences[at + 1 :]]


class TestLaws:
    @given(any_documents)
    def test_the_same_document_has_no_change(self, sentences):
        assert trace(sentences, sentences) == []

    @given(documents.flatmap(lambda all_: st.tuples(st.just(all_), st.permutations(all_))))
    def test_neither_has_one_in_another_order(self, both):
        assert trace(*both) == []

    @given(documents, documents)
    def test_something_that_was_only_deleted_or_is_all_new_is_no_change(self, some, others):
        assert trace([*some, *others], some) == trace([], others) == trace(some, []) == []

    @given(st.one_of(documents, any_documents), st.one_of(documents, any_documents))
    def test_every_sentence_is_used_lawfully(self, before, after):
        changes = trace(before, after)
        assert changes == trace(list(before), list(after))
        assert [change.new for change in changes] == sorted({change.new for change in changes})
        uses = {}
        for change in changes:
            assert after[change.new] not in before
            assert 0 <= change.similarity <= 1
            assert list(change.old) == sorted(set(change.old))
            assert (len(change.old) > 1) == (change.kind is ChangeKind.JOINED)
            for old in change.old:
                assert before[old] not in after
                uses.setdefault(old, []).append(change.kind)
        for used in uses.values():
            if ChangeKind.SPLIT in used:
                assert len(used) > 1
                assert set(used) == {ChangeKind.SPLIT}
            else:
                assert len(used) == 1

    @given(documents, documents)
    def test_similarity_of_two_sentences_is_the_memory_s(self, before, after):
        for change in trace(before, after):
            if change.kind in (ChangeKind.EDITED, ChangeKind.RENUMBERED):
                found = similarity(before[change.old[0]], after[change.new])
                assert change.similarity == pytest.approx(found)


class TestNumbers:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("Page 5 of 10", "Page 6 of 12"),
            ("It took 1,275 hostages.", "It took 980 hostages."),
            ("Es waren 1.275,50 Euro", "Es waren 3 Euro"),
            ("Il y a 10\u202f000 mots", "Il y a 900 mots"),
            ("صفحة ٥", "صفحة ٦"),
            ("<g1>5</g1> files in %1$s", "<g1>7</g1> files in %1$s"),
            ("第5章", "第16章"),
            ("12", "13"),
        ],
    )
    def test_only_numbers_differ(self, before, after):
        (change,) = trace([before], [after])
        assert (change.kind, change.old) == (ChangeKind.RENUMBERED, (0,))

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("All the files in %1$s", "All the files in %2$s"),
            ("All of the files in {0}", "All of the files in {1}"),
            ("The <g1>files</g1> of last year", "The <g2>files</g2> of last year"),
            ("They came on 25-26 February", "They came on 25 February"),
        ],
    )
    def test_digits_of_codes_and_placeholders_are_no_numbers(self, before, after):
        (change,) = trace([before], [after])
        assert change.kind is ChangeKind.EDITED

    def test_the_place_tells_sentences_with_numbers_apart(self):
        before = ["Mercury", "Moons: 0", "Mars", "Moons: 2", "Jupiter", "Moons: 79"]
        after = ["Mercury", "Moons: 1", "Jupiter", "Moons: 95", "Mars", "Moons: 3"]
        assert [(change.new, change.old) for change in trace(before, after)] == [
            (1, (1,)),
            (3, (5,)),
            (5, (3,)),
        ]

    def test_very_many_are_taken_in_order(self):
        before = [f"Row {row}" for row in range(100)]
        after = [f"Row {row + 1000}" for row in range(100)]
        assert [change.old for change in trace(before, after)] == [(row,) for row in range(100)]


class TestEdits:
    @given(st.integers(0, 5), st.integers(0, 10), st.sampled_from(["swift", "", "and then"]))
    def test_a_word_replaced_added_or_left_out(self, at, word, new):
        for width in (0, 1):
            changed = SENTENCES[at].split()
            changed[word : word + width] = new.split()
            text = " ".join(changed)
            if text != SENTENCES[at]:
                assert kinds(SENTENCES, put(at, text)) == [(ChangeKind.EDITED, at, (at,))]

    @given(st.integers(0, 5), st.permutations(range(6)))
    def test_wherever_it_was_moved_to(self, at, order):
        text = SENTENCES[at].replace("the ", "this ", 1).replace("A ", "Some ", 1) + " Now!"
        after = [put(at, text)[place] for place in order]
        assert kinds(SENTENCES, after) == [(ChangeKind.EDITED, order.index(at), (at,))]

    def test_every_sentence_of_a_document(self):
        after = [text.replace(" the ", " that ").replace(".", "!") for text in SENTENCES]
        assert kinds(SENTENCES, after[::-1]) == [
            (ChangeKind.EDITED, at, (5 - at,)) for at in range(6)
        ]

    @pytest.mark.parametrize(
        ("before", "after"), [("Save", "Save…"), ("Settings", "settings:"), ("<g1>Yes</g1>", "Yes")]
    )
    def test_of_a_short_one_what_is_no_word_may_change(self, before, after):
        (change,) = trace([before], [after])
        assert change.kind is ChangeKind.EDITED

    def test_the_same_place_needs_less(self):
        old = "Press the button to start the engine of the ship."
        new = "Pull the cord to start the engine of a motor boat."
        assert 0.5 < similarity(old, new) < 0.65
        assert kinds(put(2, old), put(2, new)) == [(ChangeKind.EDITED, 2, (2,))]
        assert kinds([old, *SENTENCES], [*SENTENCES, *OTHERS, new]) == []

    def test_the_place_tells_alike_sentences_apart(self):
        before = ["One", "Choose the first item of that long list.", "Two", "Put it back."]
        new = "Choose the first items of that long list"
        after = ["Two", f"{new}.", "One", f"{new}!"]
        assert kinds(before, after) == [(ChangeKind.EDITED, 3, (1,))]


class TestNothing:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("Yes.", "No."),
            ("Save", "Safe"),
            ("Form", "From"),
            ("Contact", "Contract"),
            ("Open file", "Close file"),
            ("Enable sync", "Disable sync"),
            ("Introduction", "Conclusion"),
            ("北京", "南京"),
            ("", "Yes."),
            ("!", "?"),
        ],
    )
    def test_short_texts_are_other_ones_by_a_letter(self, before, after):
        assert trace(["Above", before, "Below"], ["Above", after, "Below"]) == []

    @given(st.integers(0, 5), st.sampled_from(OTHERS))
    def test_an_unrelated_sentence_in_place_of_another(self, at, other):
        assert trace(SENTENCES, put(at, other)) == []

    def test_unrelated_documents(self):
        assert trace(SENTENCES, OTHERS) == trace(OTHERS, SENTENCES) == []

    @given(st.integers(0, 5), st.sampled_from([*OTHERS, "Weather", "The mayor"]))
    def test_what_is_only_added(self, at, other):
        assert trace(SENTENCES, [*SENTENCES[:at], other, *SENTENCES[at:]]) == []


LONG = "We walked along the river until noon, and the children swam in the shallow water."
FIRST, SECOND = (
    "We walked along the river until noon.",
    "The children swam in the shallow water.",
)


class TestParts:
    @given(st.integers(0, 6))
    def test_a_sentence_in_two(self, at):
        before = [*SENTENCES[:at], LONG, *SENTENCES[at:]]
        after = [*SENTENCES[:at], FIRST, SECOND, *SENTENCES[at:]]
        assert kinds(before, after) == [
            (ChangeKind.SPLIT, at, (at,)),
            (ChangeKind.SPLIT, at + 1, (at,)),
        ]
        assert kinds(after, before) == [(ChangeKind.JOINED, at, (at, at + 1))]

    @pytest.mark.parametrize("count", [3, 4])
    def test_in_more(self, count):
        parts = SENTENCES[:count]
        whole = "; ".join(part.rstrip(".").lower() for part in parts) + "."
        assert kinds(parts, [whole]) == [(ChangeKind.JOINED, 0, tuple(range(count)))]
        assert kinds([whole], parts) == [(ChangeKind.SPLIT, at, (0,)) for at in range(count)]

    def test_moved_together(self):
        assert kinds([LONG, *SENTENCES], [*SENTENCES, FIRST, SECOND]) == [
            (ChangeKind.SPLIT, 6, (0,)),
            (ChangeKind.SPLIT, 7, (0,)),
        ]

    def test_parts_apart_are_none(self):
        found = kinds([LONG, SENTENCES[0]], [FIRST, SENTENCES[0], SECOND])
        assert ChangeKind.SPLIT not in [kind for kind, _, _ in found]

    def test_a_sentence_that_is_nearly_there_was_edited_and_something_added(self):
        added = "Before that we had slept."
        assert kinds([LONG], [added, LONG.replace("noon", "dusk")]) == [
            (ChangeKind.EDITED, 1, (0,))
        ]

    def test_no_part_is_a_word(self):
        whole = "Stop the engine, wait a little and go."
        found = kinds([whole], ["Stop the engine, wait a little.", "Go."])
        assert [kind for kind, _, _ in found] == [ChangeKind.EDITED]

    def test_no_part_is_foreign(self):
        foreign = "Bananas ripen fast."
        changes = trace([LONG], [FIRST, SECOND, foreign])
        assert [(change.kind, change.new) for change in changes] == [
            (ChangeKind.SPLIT, 0),
            (ChangeKind.SPLIT, 1),
        ]

    def test_in_a_script_without_spaces(self):
        whole, first, second = (
            "我们沿着河边走到中午，孩子们在水里游泳。",
            "我们沿着河边走到中午。",
            "孩子们在水里游泳。",
        )
        found = kinds([whole], [first, second])
        assert found == [(ChangeKind.SPLIT, 0, (0,)), (ChangeKind.SPLIT, 1, (0,))]


def test_a_change_says_all_there_is_to_say():
    assert trace([SENTENCES[0]], [SENTENCES[0].replace("Monday", "Sunday")]) == [
        Change(ChangeKind.EDITED, 0, (0,), 1 - 2 / len(SENTENCES[0]))
    ]


def test_texts_that_stand_there_twice_are_used_one_by_one():
    before = [LONG, "a", LONG, "b"]
    after = [LONG + " Yes", "a", LONG + " Yes", "b"]
    assert kinds(before, after) == [(ChangeKind.EDITED, 0, (0,)), (ChangeKind.EDITED, 2, (2,))]
