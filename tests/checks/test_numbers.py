"""Numbers that are there in another dress, and numbers that are not."""

import pytest

from l10n_pipeline.checks import inspect
from l10n_pipeline.model import Severity
from tests.checks.findings import rules


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
        ("from 11:00 on", "a partir das 11h"),
        ("from 11:00 on", "a partir das 11:00"),
        ("the 15th century", "o século XV"),
        ("in the 18th and 19th centuries", "в XVIII и XIX-м веках"),
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
    assert finding.rule == "numbers"
    assert finding.message.removesuffix(", unless in words") == f"{lost} is missing"


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("24,000 known meteorites", "24 mil meteoritos conhecidos", "pt-BR"),
        ("$2.3 billion", "2300 millones de dólares", "es"),
        ("a fortune: 14.7 billion", "una fortuna: 14,7 mil millones", "es"),
        ("about 100,000 people", "около 100 тысячам человек", "ru"),
        ("3.5 billion", "35億", "ja"),
        ("1.5 million people", "150万人", "ja"),
        ("3 million", "30 लाख", "hi"),
        ("20,000 liras", "20 bin lira", "tr"),
        ("20,000 manats", "20 min manat", "az"),
    ],
)
def test_an_amount_may_be_written_with_a_word_for_a_power_of_ten(
    source: str, target: str, locale: str
) -> None:
    assert rules(source, target, "en", locale) == []


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("24,000 meteorites", "24 meteoritos", "pt"),
        ("3000 miles", "300 min mil", "az"),
        ("20,000 people", "20 milhões de pessoas", "pt"),
        ("the 18th century", "o século XVII", "pt"),
        ("the 15th century", "o século XVVVVV", "pt"),
        ("the 15th century", "o século Xv", "pt"),
        ("from 11:30 on", "a partir das 11h", "pt"),
    ],
)
def test_another_amount_is_another_number(source: str, target: str, locale: str) -> None:
    assert rules(source, target, "en", locale) == ["numbers"]


@pytest.mark.parametrize(
    ("source", "target", "severity"),
    [
        ("In the last 3 months", "nos últimos três meses", Severity.WARNING),
        ("In the last 3 months", "nos últimos 5 meses", Severity.ERROR),
        ("In the last 30 months", "nos últimos trinta meses", Severity.ERROR),
    ],
)
def test_a_small_number_without_a_rival_may_stand_there_in_words(
    source: str, target: str, severity: Severity
) -> None:
    (finding,) = inspect(source, target)
    assert finding.severity is severity
    assert ("unless in words" in finding.message) is (severity is Severity.WARNING)
