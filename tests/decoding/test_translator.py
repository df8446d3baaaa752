"""The engine's promises, kept over a student of random weights."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline.decoding import Translator
from l10n_pipeline.engines.student import StudentModel
from l10n_pipeline.model import Hypothesis, Search, Span
from tests.decoding.toys import FIRST_LETTER, ToyModel
from tests.support.student_writer import Recipe
from tests.support.students import source_sentences, write_student

SOURCE = st.text(
    alphabet=[*"abcdefgh   .,\u00a0\u202f\u2028\r\n\ufeff\u200b\0日🎉\u0301ﬁč"], max_size=40
)
TARGET = st.text(alphabet=[*"abcdefgh   .,“”\u00a0\u2028日🎉\u0301ﬁč½Q"], max_size=20)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> StudentModel:
    recipe = Recipe(seed=4, dimension=128, feed_forward=64, decoder_depth=2)
    return write_student(tmp_path_factory.mktemp("student"), recipe).load()


@pytest.fixture(scope="module")
def translator(model: StudentModel) -> Translator:
    return Translator(model)


def well_formed(source: str, hypothesis: Hypothesis) -> None:
    """What must hold of every hypothesis."""
    end = 0
    for link in hypothesis.alignment:
        assert link.target.start >= end
        end = link.target.end
        for span, text in ((link.target, hypothesis.text), (link.source, source)):
            assert span.of(text).strip() == span.of(text) != ""
        assert 0 < link.weight <= 1.0001
    assert end <= len(hypothesis.text)


@settings(max_examples=60)
@given(sources=st.lists(SOURCE, max_size=4))
def test_any_text_gives_a_well_formed_hypothesis(
    translator: Translator, sources: list[str]
) -> None:
    hypotheses = translator.translate(sources)
    assert len(hypotheses) == len(sources)
    for source, hypothesis in zip(sources, hypotheses, strict=True):
        well_formed(source, hypothesis)
        if not source.strip():
            assert hypothesis == Hypothesis("", 0.0)


def test_a_translation_does_not_depend_on_its_batch(model: StudentModel) -> None:
    sources = source_sentences(25)
    alone = [Translator(model).translate([source])[0] for source in sources]
    for budget in (60, 10_000):
        together = Translator(model, tokens_per_batch=budget).translate(sources)
        assert [h.text for h in together] == [h.text for h in alone]
        assert [h.complete for h in together] == [h.complete for h in alone]
        assert [[(a.target, a.source) for a in h.alignment] for h in together] == [
            [(a.target, a.source) for a in h.alignment] for h in alone
        ]


def test_near_ties_are_settled_alone(model: StudentModel, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = source_sentences(20)
    alone = [Translator(model).translate([source])[0] for source in sources]
    # With every choice taken for a near tie, even the scores are those of one alone.
    monkeypatch.setattr(model, "near_tie", float("inf"))
    assert Translator(model).translate(sources) == alone


def test_line_breaks_count_as_spaces(translator: Translator) -> None:
    spaced = translator.translate(["abc def gh ab"])
    for break_ in ("\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f"):
        assert translator.translate([f"abc{break_}def gh{break_}ab"]) == spaced


def test_links_point_into_the_source_as_it_was_given(translator: Translator) -> None:
    plain = "abc def gh"
    padded = "  abc\n\u3000 def gh \r\n"
    (one,), (other,) = translator.translate([plain]), translator.translate([padded])

    assert one.text == other.text
    assert [link.source.of(plain) for link in one.alignment] == [
        link.source.of(padded) for link in other.alignment
    ]


def test_progress_adds_up_to_the_number_of_sources(model: StudentModel) -> None:
    seen: list[int] = []
    sources = [*source_sentences(15), "", "  ", " ".join(source_sentences(25))]
    Translator(model, tokens_per_batch=100).translate(sources, progress=seen.append)

    assert sum(seen) == len(sources)
    assert min(seen) > 0


def test_a_long_source_is_translated_piece_by_piece(model: StudentModel) -> None:
    clauses = [f"{sentence};" for sentence in source_sentences(20)]
    source = " ".join(clauses)
    assert len(model.source_vocabulary.encode(source).ids) > 2 * model.max_source_length

    (whole,) = Translator(model).translate([source])
    well_formed(source, whole)

    starts = [link.source.start for link in whole.alignment]
    assert max(starts) > len(source) * 0.9
    assert min(starts) < len(source) * 0.1
    assert whole.score < 0


def test_unwritable_words_are_found_without_their_punctuation(translator: Translator) -> None:
    source = "ab “Ričardas”, (日本) c🎉 ef ﬁ — ab\nč"
    (hypothesis,) = translator.translate([source])
    found = [span.of(source) for span in hypothesis.unwritable]

    # The toy vocabulary knows lower-case letters up to p alone: no R, no dash, no quotes.
    assert "c🎉" in found
    assert "č" in found
    assert "ab" not in found
    assert "ef" not in found
    assert "ﬁ" not in found
    for written in translator.translate(["", "  abc  ", "\u200b"]):
        assert written.unwritable == ()


@given(SOURCE)
def test_unwritable_spans_are_words_in_order(translator: Translator, source: str) -> None:
    end = 0
    for span in translator.translate([source])[0].unwritable:
        assert isinstance(span, Span)
        assert span.start >= end
        end = span.end
        assert span.of(source) == span.of(source).strip() != ""
        assert not any(character.isspace() for character in span.of(source))


@settings(max_examples=60)
@given(
    sources=st.lists(st.tuples(SOURCE, TARGET), max_size=4),
    search=st.builds(
        Search,
        beam=st.integers(1, 3),
        length_penalty=st.sampled_from([0.0, 1.0]),
        no_repeat_ngram=st.sampled_from([0, 3]),
    ),
)
def test_any_prefix_begins_its_translation(
    translator: Translator, sources: list[tuple[str, str]], search: Search
) -> None:
    texts, prefixes = [source for source, _ in sources], [prefix for _, prefix in sources]
    for source, prefix, found in zip(
        texts, prefixes, translator.translate(texts, search=search, prefixes=prefixes), strict=True
    ):
        well_formed(source, found)
        if source.strip(" .,\u00a0\u202f\u2028\r\n\ufeff\u200b\0\u0301"):
            assert found.text.startswith(prefix)
        if not source.strip():
            assert found == Hypothesis("", 0.0)


def test_empty_prefixes_force_nothing(translator: Translator) -> None:
    sources = source_sentences(10)
    assert translator.translate(sources, prefixes=[""] * 10) == translator.translate(sources)


@given(seed=st.integers(0, 2**32), cut=st.integers(0, 9))
def test_a_model_goes_on_from_its_own_words_as_it_would_have(seed: int, cut: int) -> None:
    translator = Translator(ToyModel(seed=seed))
    sources = ["ab", "cab"]
    free = translator.translate(sources)
    prefixes = [found.text[:cut] for found in free]

    def rounded(found: list[Hypothesis]) -> list[Hypothesis]:
        return [replace(hypothesis, score=round(hypothesis.score, 4)) for hypothesis in found]

    assert rounded(translator.translate(sources, prefixes=prefixes)) == rounded(free)


def test_one_source_may_have_several_prefixes(translator: Translator) -> None:
    source = "abc def gh"
    free, first, second, again = translator.translate(
        [source] * 4, prefixes=["", "hg", "ef g", "hg"]
    )
    assert first.text.startswith("hg")
    assert second.text.startswith("ef g")
    assert again == first
    assert free.text == translator.translate([source])[0].text


def test_a_prefix_belongs_to_the_first_piece_of_a_long_source(model: StudentModel) -> None:
    clauses = [f"{sentence};" for sentence in source_sentences(12)]
    source = " ".join(clauses)
    assert len(model.source_vocabulary.encode(source).ids) > model.max_source_length

    (found,) = Translator(model).translate([source], prefixes=["aaa bab čč aaa bab"])
    well_formed(source, found)
    assert found.text.startswith("aaa bab čč aaa bab")
    assert found.text.count("č") == 2


def test_there_are_as_many_prefixes_as_sources(translator: Translator) -> None:
    with pytest.raises(ValueError, match="zip"):
        translator.translate(["abc", "def"], prefixes=["q"])


def test_what_is_asked_for_twice_is_translated_once() -> None:
    model = ToyModel()
    seen: list[int] = []
    sources = ["ab", "ba", "ab", "", "ab", ""]
    found = Translator(model).translate(sources, progress=seen.append)

    assert model.rows_stepped[0] == 2
    assert sum(seen) == len(sources)
    assert found[0] == found[2] == found[4] != found[1]
    assert found[3] == found[5] == Hypothesis("", 0.0)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    sources=st.lists(st.text("abc", min_size=1, max_size=4), min_size=2, max_size=6, unique=True),
    beam=st.integers(1, 4),
    n=st.integers(1, 3),
)
def test_near_ties_are_the_same_in_every_batch(
    seed: int, sources: list[str], beam: int, n: int
) -> None:
    # With errors far above those of real rounding, so that many a choice does turn.
    rounding = 0.03
    # What the errors at five tokens of two hypotheses may add up to is near.
    model = ToyModel(seed=seed, longest=4, rounding=rounding, near_tie=2 * 5 * rounding)
    translator = Translator(model, tokens_per_batch=1_000)
    search = Search(beam=beam)
    together = translator.n_best(sources, n, search=search)
    for source, hypotheses in zip(sources, together, strict=True):
        (alone,) = translator.n_best([source], n, search=search)
        assert [found.text for found in hypotheses] == [found.text for found in alone]


@pytest.mark.parametrize("beam", [1, 3])
def test_only_near_ties_are_translated_again(beam: int) -> None:
    class Tied(ToyModel):
        def _logits(self, source: tuple[int, ...], written: tuple[int, ...]) -> list[float]:
            logits = super()._logits(source, written)
            # In what starts with an "a", all letters are equally likely at first.
            if source[0] == FIRST_LETTER and not written:
                logits[FIRST_LETTER:] = [3.0] * self.letters
            return logits

    model = Tied(seed=1, letters=6)
    Translator(model, tokens_per_batch=1_000).translate(
        ["ba", "ab", "bc"], search=Search(beam=beam)
    )
    assert model.sources_started == [3, 1]


def test_n_best_are_different_texts_best_first(translator: Translator) -> None:
    sources = [*source_sentences(6), "", " "]
    for search in (Search(), Search(beam=6, length_penalty=0.7)):
        lists = translator.n_best(sources, 4, search=search)
        assert len(lists) == len(sources)
        for source, hypotheses in zip(sources, lists, strict=True):
            texts = [found.text for found in hypotheses]
            assert 1 <= len(texts) <= 4
            assert len(set(texts)) == len(texts)
            for found in hypotheses:
                well_formed(source, found)
        assert max(len(hypotheses) for hypotheses in lists) > 1
        assert lists[-2] == lists[-1] == [Hypothesis("", 0.0)]


def test_the_first_of_the_n_best_is_the_translation(translator: Translator) -> None:
    sources = source_sentences(8)
    search = Search(beam=4)
    best = translator.translate(sources, search=search)
    lists = translator.n_best(sources, 4, search=search)
    assert [hypotheses[0].text for hypotheses in lists] == [found.text for found in best]


def test_n_best_of_a_long_source_combine_its_pieces_rank_by_rank() -> None:
    model = ToyModel(letters=4, max_source_length=4)
    translator = Translator(model)
    search = Search(beam=4)
    (whole,) = translator.n_best(["abc abc acb"], 3, search=search)
    first, _, last = translator.n_best(["abc", "abc", "acb"], 3, search=search)

    assert len(whole) > 1
    assert [found.text for found in whole] == [
        " ".join([one.text, one.text, other.text]).strip()
        for one, other in zip(first, last, strict=False)
    ][: len(whole)]


def test_every_one_of_the_n_best_tells_what_cannot_be_written(translator: Translator) -> None:
    source = "ab č cd"
    for found in translator.n_best([source], 3, search=Search(beam=3))[0]:
        assert [span.of(source) for span in found.unwritable] == ["č"]


def test_at_least_one_translation_is_asked_for(translator: Translator) -> None:
    with pytest.raises(ValueError, match="0 translations"):
        translator.n_best(["abc"], 0, search=Search())


@given(seed=st.integers(0, 2**32), length=st.integers(1, 3))
def test_no_repetition_is_for_greedy_search_as_well(seed: int, length: int) -> None:
    translator = Translator(ToyModel(seed=seed, letters=4, eos_from=4))
    (found,) = translator.translate(["abab"], search=Search(no_repeat_ngram=length))
    ngrams = [found.text[at : at + length] for at in range(len(found.text) - length + 1)]
    assert len(set(ngrams)) == len(ngrams)


def test_batches_keep_to_the_tokens_that_suit_the_model_whatever_the_beam() -> None:
    for beam in (1, 4):
        model = ToyModel(tokens_per_batch=60)
        sources = [a + b + c for a in "abc" for b in "abc" for c in "abc"]
        Translator(model).translate(sources, search=Search(beam=beam))
        # Three letters and the end of sentence.
        assert max(model.rows_stepped) * 4 <= 60
        assert len(model.sources_started) > 1
