"""What the rules find, and what they leave alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.checks import RULES, inspect
from l10n_pipeline.checks.emptiness import empty

TEXT = st.text(st.sampled_from('ab1٣ \u00a0\u202f\u2028\r\n,.“”"«»é\u0301中🎉א\u200f'))


def rules(source: str, target: str) -> list[str]:
    return [finding.rule for finding in inspect(source, target)]


@given(TEXT)
def test_a_copy_of_the_source_is_never_wrong(text: str) -> None:
    assert rules(text, text) == []


@given(TEXT, TEXT)
def test_any_two_texts_can_be_inspected(source: str, target: str) -> None:
    for finding in inspect(source, target):
        assert finding.message


def test_an_empty_translation_is_one_finding() -> None:
    assert rules("613 “people”", " \u00a0") == ["empty"]
    assert rules("", "") == []
    assert empty not in RULES


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("1,275 hostages", "1.275 reféns"),
        ("1275 hostages", "1 275 заложников"),
        ("1275 hostages", "1\u202f275 otages"),
        ("12,500.75", "12.500,75"),
        ("25-26 February 1992", "25 e 26 de fevereiro de 1992"),
        ("the 366th regiment", "o 366º regimento"),
        ("35 countries", "٣٥ دولة"),
        ("3.5 million", "3,5 milhões"),
        ("28.04.2012", "28/04/2012"),
        ("28.04.2012", "28/4/2012"),
        ("at 10.30", "às 10h30"),
        ("at 9.05", "às 09:05"),
        ("at 9:05", "в 9.05"),
        ("after 11:00", "11.00'dan sonra"),
        ("2.2 million km2", "2,2 milhões de quilômetros quadrados"),
        ("1,2,3", "1, 2 e 3"),
        ("On 25 613 people", "Em 25, 613 pessoas"),
        ("of 5, 106 came", "de 5 106 vieram"),
        ("1,00,000 rupees", "100.000 rupias"),
        ("3.5 billion", "35億"),
        ("1.5 million", "150万"),
        ("0.125", "0,125"),
    ],
)
def test_a_number_may_change_its_dress(source: str, target: str) -> None:
    assert rules(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "lost"),
    [
        ("took 1275 hostages", "fez 275 reféns", "1275"),
        ("10 a.m. to 11 a.m.", "das 10 às 10", "11"),
        ("63, 106 and 70", "63 e 70", "106"),
        ("in 1992 613 people", "em 1992 pessoas", "613"),
        ("5 of 5", "5", "5"),
        ("10.30 to 10.45", "10h30 a 11h45", "10.45"),
        ("3.5 million", "35 milhões", "3.5"),
        ("3.05 million", "3,5 milhões", "3.05"),
        ("1,275 of 1", "1.275", "1"),
        ("28.04.2012", "28/04", "2012"),
    ],
)
def test_a_lost_number_is_named(source: str, target: str, lost: str) -> None:
    (finding,) = inspect(source, target)
    assert (finding.rule, finding.message) == ("numbers", f"{lost} is missing")


@pytest.mark.parametrize(
    "target",
    [
        "a Conscientização Internacional da Justiça e a Conscientização Internacional da Justiça",
        "não não não não",
        "これはこれはこれはこれはこれは",
    ],
)
def test_a_loop_is_found(target: str) -> None:
    assert rules("Justice for Khojaly International Awareness Campaign", target) == ["repetition"]


def test_what_the_source_repeats_the_translation_may_repeat() -> None:
    source = "the President of the United States and the President of the United States"
    target = "o presidente dos Estados Unidos e o presidente dos Estados Unidos"
    assert rules(source, target) == []
    assert rules("no no no", "não não não") == []


@pytest.mark.parametrize("mark", ["<unk>", "⁇", "\ufffd"])
def test_an_unknown_token_is_found_unless_the_source_has_it(mark: str) -> None:
    assert rules("Ričardas", f"Ri{mark}ardas") == ["unknown"]
    assert rules(f"a {mark}", f"um {mark}") == []


def test_lost_quotation_marks_are_found_whatever_their_style() -> None:
    assert rules("“Endless corridor” today", "Corredor sem fim hoje") == ["quotation"]
    assert rules("“Endless corridor” today", "«Бесконечный коридор» сегодня") == []
    assert rules("“Endless corridor” today", '"Corredor sem fim" hoje') == []
