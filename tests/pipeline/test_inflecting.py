"""Terms bring their forms along where the glossary lets them inflect."""

from __future__ import annotations

import pytest

from l10n_pipeline.glossary import GlossaryMatcher
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Inflection, Term, TermMode, TermStatus
from l10n_pipeline.pipeline.drafting import assess
from l10n_pipeline.pipeline.inflecting import InflectingMatcher, how_to_inflect, inflecting


class Counting:
    """Knows one form of every name, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def inflections(self, term: Term) -> tuple[Inflection, ...]:
        self.asked += 1
        return (Inflection(f"{term.target}nun", "genitive"),)

    def like(self, term: Term, rendering: str, before: str) -> tuple[Inflection, ...]:
        raise AssertionError("only who puts a form in asks for it")


INFLECTED = Term("Kars", "Kars", mode=TermMode.INFLECT)
EXACT = Term("Van", "Van")


def test_terms_that_inflect_know_their_forms_and_others_do_not() -> None:
    matcher = InflectingMatcher(GlossaryMatcher([INFLECTED, EXACT]), Counting())
    kars, van = matcher.match("From Kars to Van")
    assert [one.form for one in kars.term.inflections] == ["Karsnun"]
    assert van.term.inflections == ()


def test_forms_are_made_once_a_term() -> None:
    inflector = Counting()
    matcher = InflectingMatcher(GlossaryMatcher([INFLECTED, EXACT]), inflector)
    for _ in range(3):
        matcher.match("Kars, Kars and Van")
    assert inflector.asked == 1


@pytest.mark.parametrize(
    ("target", "translation", "label"),
    [
        ("tr", "Bakü'nün nüfusu arttı.", "genitive"),
        ("az", "Bakünün əhalisi artdı.", "genitive"),
    ],
)
def test_an_inflected_form_is_accepted_and_named(target: str, translation: str, label: str) -> None:
    locale = Locale.parse(target)
    matcher = inflecting(GlossaryMatcher([Term("Baku", "Bakü", mode=TermMode.INFLECT)]), locale)
    [verdict], _ = assess("The population of Baku grew.", translation, matcher)
    assert verdict.status is TermStatus.INFLECTED
    assert label in verdict.detail


def test_a_language_that_does_not_inflect_names_is_left_alone() -> None:
    matcher = GlossaryMatcher([INFLECTED])
    assert inflecting(matcher, Locale.parse("pt-BR")) is matcher
    assert how_to_inflect(Locale.parse("pt-BR")) == ""
