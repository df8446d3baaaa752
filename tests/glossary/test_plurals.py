"""Terms in the plural of an English text."""

import pytest

from l10n_pipeline.glossary import GlossaryMatcher
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term, TermKind

EN = Locale("en")


def hits(text: str, *terms: Term, source: Locale | None = EN) -> list[tuple[str, str, bool]]:
    found = GlossaryMatcher(terms, source=source).match(text)
    return [(hit.term.source, hit.span.of(text), hit.plural) for hit in found]


@pytest.mark.parametrize(
    ("source", "plural"),
    [
        ("awareness campaign", "awareness campaigns"),
        ("Awareness Campaign", "AWARENESS CAMPAIGNS"),
        ("party", "parties"),
        ("Kennedy", "Kennedys"),
        ("monkey", "monkeys"),
        ("prefix", "prefixes"),
        ("bush", "bushes"),
        ("church", "churches"),
        ("Czech", "Czechs"),
        ("hero", "heroes"),
        ("photo", "photos"),
        ("quiz", "quizes"),
        ("café", "cafés"),
        ("cafe\u0301", "café\u0073"),
        ("naïf", "naïfs"),
        ("NGO forum", "NGO forums"),
        ("the U.S. embassy", "the U.S. embassies"),
        ("co-op", "co-ops"),
    ],
)
def test_a_regular_plural_is_found_and_marked(source: str, plural: str) -> None:
    term = Term(source, "x")
    for text in (plural, f"Two {plural} came.", f"The {plural}' end", f"{plural}’ end"):
        assert hits(text, term) == [(source, plural, True)]
    assert hits(source, term) == [(source, source, False)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("UN", "UNs"),
        ("NGO", "NGOs"),
        ("news", "newses"),
        ("Paris", "Pariss"),
        ("Windows 95", "Windows 95s"),
        ("C++", "C++s"),
        ("Москва", "Москваs"),
        ("北京", "北京s and"),
        ("campaign!", "campaign!s"),
        ("party", "partyes"),
        ("man", "mans"),
    ],
)
def test_what_has_no_regular_plural_has_none(source: str, text: str) -> None:
    assert not any(plural for _, _, plural in hits(text, Term(source, "x")))


def test_a_person_has_no_plural() -> None:
    assert hits("John Adams", Term("Adam", "Adão", kind=TermKind.PERSON)) == []


@pytest.mark.parametrize("source", [None, Locale("pt"), Locale("de")])
def test_other_languages_have_other_plurals(source: Locale | None) -> None:
    assert hits("campaigns", Term("campaign", "x"), source=source) == []


def test_english_of_any_land_has_them() -> None:
    british = Locale.parse("en-GB")
    assert hits("campaigns", Term("campaign", "x"), source=british) == [
        ("campaign", "campaigns", True)
    ]


def test_a_plural_that_is_another_term_is_that_term() -> None:
    window, windows = Term("window", "janela"), Term("Windows", "Windows")
    assert hits("windows", window, windows) == [("Windows", "windows", False)]
    strict = Term("Windows", "Windows", case_sensitive=True)
    assert hits("windows, Windows", window, strict) == [
        ("window", "windows", True),
        ("Windows", "Windows", False),
    ]


def test_a_longer_term_goes_before_a_plural() -> None:
    campaign, act = Term("campaign", "campanha"), Term("Campaigns Act", "Lei")
    assert hits("the Campaigns Act", campaign, act) == [("Campaigns Act", "Campaigns Act", False)]


def test_an_alias_has_a_plural_too() -> None:
    term = Term("campaign", "campanha", aliases=("crusade",))
    assert hits("two crusades", term) == [("campaign", "crusades", True)]


def test_a_case_sensitive_plural_must_be_written_so() -> None:
    term = Term("Endless Corridor", "x", case_sensitive=True)
    assert hits("Endless Corridors, endless corridors", term) == [
        ("Endless Corridor", "Endless Corridors", True)
    ]
