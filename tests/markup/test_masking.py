from __future__ import annotations

import pytest
from hypothesis import given

from l10n_pipeline import codes
from l10n_pipeline.codes import CodedText
from l10n_pipeline.markup import ATTEMPTS, Masked, lost_stand_ins, masked
from l10n_pipeline.model import InlineCode
from tests.markup.test_projection import coded_of, sources


def masked_of(written: str, attempt: int = 0, **shown: str) -> Masked:
    return masked(codes.read(*coded_of(written, **shown)), attempt)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("A <g1>red</g1> car", "A red car"),
        ("Click on <x1/> to save", "Click on to save"),
        ("<x1/> Home", "Home"),
        ("The end <x1/>", "The end"),
        ("Main Street<x1/>Springfield", "Main Street Springfield"),
        ("Dear Ann,<x1/>thank you", "Dear Ann, thank you"),
        ("note<x1/>.", "note."),
        ("(<x1/>see)", "(see)"),
        ("<g1>open <x2/></g1> door", "open door"),
        ("漢字<x1/>漢字", "漢字漢字"),
    ],
)
def test_a_model_sees_a_sentence_without_markup(written: str, seen: str) -> None:
    assert masked_of(written).text == seen


def test_what_is_shown_hides_behind_names_and_numbers() -> None:
    mask = masked_of("Run <x1/> on <x2/> of {count} <x3/>px", x1="make test", x2="%s", x3="{count}")
    assert mask.text == "Run Zelnovak on Krastovic of {count} 47 px"
    assert mask.unmasked(mask.text) == "Run make test on %s of {count} {count} px"


def test_no_stand_in_stands_in_the_text_already() -> None:
    mask = masked_of("Mr Zelnovak has 47 of <x1/> and <x2/>", x1="%s", x2="%d")
    assert mask.text == "Mr Zelnovak has 47 of Krastovic and 58"


def test_stand_ins_do_not_run_out() -> None:
    written = " ".join(f"<x{number}/>" for number in range(1, 41))
    shown = {f"x{number}": "%s" for number in range(1, 41)}
    mask = masked_of(written, 0, **shown)
    assert len(set(mask.text.split())) == 40
    assert not mask.has_words


def test_words_are_told_from_stand_ins() -> None:
    assert not masked_of("<g1><x2/></g1> …", x2="make").has_words
    assert masked_of("<x1/> s", x1="make").has_words


@given(sources())
def test_every_kind_of_stand_in_is_another_and_stands_there_once(
    source: tuple[str, tuple[InlineCode, ...]],
) -> None:
    coded = codes.read(*source)
    kinds = [masked(coded, attempt) for attempt in range(ATTEMPTS)]
    for mask in kinds:
        assert mask.text == mask.text.strip()
        assert [mark.code for mark in mask.marks] == list(source[1])
        words = [mark.span.of(mask.text) for mark in mask.marks if mark.code.shown]
        assert len(set(words)) == len(words)
        assert all(word not in coded.text for word in words)
    first, second = (
        {mark.span.of(mask.text) for mark in mask.marks if mark.code.shown} for mask in kinds
    )
    assert not first & second


def test_losses_are_counted() -> None:
    assert lost_stand_ins("Run Zelnovak and QX1", "Execute QX1 e QX1") == ("Zelnovak", "QX1")
    assert lost_stand_ins("Run QX1", "Execute QX12") == ("QX1",)
    assert lost_stand_ins("Run it", "Execute Zelnovak") == ()


def test_a_text_without_codes_is_seen_as_it_is() -> None:
    assert masked(CodedText("Two  spaces")).text == "Two  spaces"
