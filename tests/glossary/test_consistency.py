"""What rows say of each other that cannot be meant, and nothing else."""

from pathlib import Path

import pytest

from l10n_pipeline.glossary.consistency import inconsistencies
from l10n_pipeline.glossary.tsv import parse_glossary, read_glossary

HEADING = "# source\ttarget\tcomment\taliases\tforms\tforbidden\tcase\n"
SHIPPED = sorted(Path(__file__).parents[2].glob("glossary/*.tsv"))


def found(*rows: str) -> list[tuple[str, str, str]]:
    terms = parse_glossary((HEADING + "\n".join(rows)).encode(), "g")
    return [(one.where, one.rule, one.message) for one in inconsistencies(terms)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_glossaries_are_consistent(path: Path) -> None:
    reading = read_glossary(path.read_bytes(), path.name)
    assert reading.findings == ()
    assert list(inconsistencies(reading.terms)) == []


def test_an_alias_that_is_a_term_of_its_own() -> None:
    assert found("Baki\tBacu", "Baku\tBacu\t\tBaki") == [
        ("g:3", "alias", "the alias 'Baki' is a term of its own")
    ]
    assert found("Baku\tBacu\t\tBAKU") == [
        ("g:2", "alias", "the alias 'BAKU' is the source itself")
    ]


def test_case_tells_an_alias_from_a_term_that_is_written_otherwise() -> None:
    assert found("Polish\tpolonês\t\t\t\t\tsensitive", "wax\tcera\t\tpolish") == []


@pytest.mark.parametrize(
    ("rows", "circle"),
    [
        (("a\tb", "b\ta"), "'a' → 'b' → 'a'"),
        (("x\ta", "a\tb", "b\tC", "c\tA"), "'a' → 'b' → 'c' → 'a'"),
    ],
)
def test_targets_that_lead_round_in_a_circle(rows: tuple[str, ...], circle: str) -> None:
    ((_, rule, message),) = found(*rows)
    assert rule == "cycle"
    assert message.endswith(circle)


def test_a_chain_or_a_name_that_stays_is_no_circle() -> None:
    assert found("a\tb", "b\tc", "Baku\tBaku", "d\tb") == []


def test_a_rendering_that_is_forbidden_and_asked_for() -> None:
    assert [message for _, _, message in found("a\tBacu\t\t\tb\tbacu|B|c")] == [
        "'bacu' is forbidden, and 'Bacu' is asked for, in one row",
        "'B' is forbidden, and 'b' is asked for, in one row",
    ]


def test_a_target_with_what_another_term_forbids() -> None:
    rows = ("Baku\tBacu\t\t\t\tBaku", "Baku Bay\tBaía de Baku", "Bakuvian\tBakuviano")
    assert found(*rows) == [
        ("g:3", "forbidden", "the target 'Baía de Baku' has 'Baku' in it, which 'Baku' forbids")
    ]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Ba\u200bku\tBacu", "invisible"),
        ("Baku\tBacu\u200e", "invisible"),
        ("Baku\tBacu\t\t\tBa\u00adcu", "invisible"),
        ("New  York\tNova York", "white space"),
        ("New York\tNova  Iorque é", "white space"),
        ("Bak\ufffd\tBacu", "lost character"),
        ("Khank\u0435ndi\tx", "mixed scripts"),
        ("Baku\tБаку\t\t\tБaкy", "mixed scripts"),
        ('"a ""b"""\tc', "quoted cell"),
    ],
)
def test_characters_that_are_not_what_they_look_like(row: str, rule: str) -> None:
    ((_, told, _),) = found(row)
    assert told == rule


@pytest.mark.parametrize(
    "row",
    [
        "Wi-Fi network\tWi-Fi-сеть",
        "100 km\t100\u00a0km",
        "family\t👨\u200d👩\u200d👧",
        "I want\tمی\u200cخواهم",
        "µTorrent\tµTorrent",
        "366th\t366-й",
        '"quoted"\t“citado”',
        'a "b"\tc "d"',
    ],
)
def test_characters_that_are_meant(row: str) -> None:
    assert found(row) == []
