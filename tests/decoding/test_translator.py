"""The engine's promises, kept over a student of random weights."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from l10n_pipeline.decoding import Translator
from l10n_pipeline.engines.student import StudentModel
from l10n_pipeline.model import Hypothesis, Span
from tests.support.student_writer import Recipe
from tests.support.students import source_sentences, write_student

SOURCE = st.text(
    alphabet=[*"abcdefgh   .,\u00a0\u202f\u2028\r\n\ufeff\u200b\0日🎉\u0301ﬁč"], max_size=40
)


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


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
    monkeypatch.setattr("l10n_pipeline.decoding.translator._NEAR_TIE", float("inf"))
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
    found = [span.of(source) for span in translator.unwritable(source)]

    # The toy vocabulary knows lower-case letters up to p alone: no R, no dash, no quotes.
    assert "c🎉" in found
    assert "č" in found
    assert "ab" not in found
    assert "ef" not in found
    assert "ﬁ" not in found
    assert translator.unwritable("") == ()
    assert translator.unwritable("  abc  ") == ()


@given(SOURCE)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_unwritable_spans_are_words_in_order(translator: Translator, source: str) -> None:
    end = 0
    for span in translator.unwritable(source):
        assert isinstance(span, Span)
        assert span.start >= end
        end = span.end
        assert span.of(source) == span.of(source).strip() != ""
        assert not any(character.isspace() for character in span.of(source))
