"""A suffix that is divided from a name goes with it, where the language knows better."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.enforcement import SpanEnforcer
from l10n_pipeline.enforcement.suffixes import divided
from l10n_pipeline.inflection import inflector_for
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Hypothesis, Span, TermHit, TermKind, TermMode
from tests.enforcement.hypotheses import hit, hypothesis
from tests.glossary.strategies import texts


def swapped(language, source, name, target, text, *, mode=TermMode.INFLECT, kind=TermKind.PLACE):
    inflector = inflector_for(Locale(language))
    found = hit(source, name, target, mode=mode, kind=kind)
    if inflector is not None:
        found = replace(
            found, term=replace(found.term, inflections=inflector.inflections(found.term))
        )
    return SpanEnforcer(language, inflector).enforce(source, [found], Hypothesis(text, 0.0)).text


@pytest.mark.parametrize(
    ("language", "text", "rendering", "name", "whole"),
    [
        ("tr", "Bakü’de", "Bakü", "Bakü", "Bakü’de"),
        ("tr", "Bakü’de", "Bakü’de", "Bakü", "Bakü’de"),
        ("tr", "BAKÜ'DE", "BAKÜ", "BAKÜ", "BAKÜ'DE"),
        ("tr", "Leyla'Alieva", "Leyla", "Leyla", "Leyla"),
        ("tr", "Star-tribune'a", "Star-tribune", "Star-tribune", "Star-tribune'a"),
        ("tr", "Skype-ın", "Skype", "Skype", "Skype"),
        ("az", "Skype-ın", "Skype", "Skype", "Skype-ın"),
        ("az", "Star-Tribune-a", "Star-Tribune", "Star-Tribune", "Star-Tribune-a"),
        ("az", "Skype-mühəndislərin", "Skype", "Skype", "Skype"),
        ("pt", "Baku'de", "Baku", "Baku", "Baku"),
    ],
)
def test_what_a_mark_divides_from_a_name_is_its_suffix(language, text, rendering, name, whole):
    bare, suffixed = divided(text, Span(0, len(rendering)), language)
    assert (bare.of(text), suffixed.of(text)) == (name, whole)


@given(texts, st.integers(0, 40), st.integers(0, 40), st.sampled_from(["tr", "az", "pt", ""]))
def test_a_name_with_its_suffix_begins_where_the_rendering_does(text, start, length, language):
    start = min(start, len(text))
    rendering = Span(start, min(start + length, len(text)))
    bare, whole = divided(text, rendering, language)
    assert bare.start == whole.start == rendering.start
    assert bare.end <= rendering.end <= whole.end <= len(text)


@pytest.mark.parametrize(
    ("language", "text", "becomes"),
    [
        ("tr", "Whitehall'da başladı.", "Vaythül'de başladı."),
        ("tr", "Whitehall’ın önünde", "Vaythül'ün önünde"),
        ("tr", "Whitehall'lıların önünde", "Vaythül'lıların önünde"),
        ("az", "Whitehall-da başladı.", "Vaythüldə başladı."),
        ("az", "Whitehall-arxa küçə", "Vaythül-arxa küçə"),
    ],
)
def test_a_case_suffix_is_made_anew_and_any_other_stays(language, text, becomes):
    assert swapped(language, "At Whitehall", "Whitehall", "Vaythül", text) == becomes


def test_a_suffix_stays_as_it_is_behind_a_term_that_does_not_inflect():
    text = swapped(
        "tr", "At Whitehall", "Whitehall", "Vaythül", "Whitehall'da", mode=TermMode.EXACT
    )
    assert text == "Vaythül'da"


@pytest.mark.parametrize(
    ("language", "source", "text", "becomes"),
    [
        ("en", "O gol de Ovechkin veio", "Ovechkin's goal came", "Oveklin's goal came"),
        ("en", "O gol de Ovechkin veio", "Ovechkin’s goal came", "Oveklin’s goal came"),
        ("pt", "Ovechkin's goal came", "Ovechkin's gol veio", "Oveklin gol veio"),
        ("nl", "Het doel van Ovechkin", "Ovechkin's doel", "Oveklin's doel"),
    ],
)
def test_an_english_possessive_stays_unless_it_was_copied(language, source, text, becomes):
    name = hit(source, "Ovechkin", "Oveklin")
    assert SpanEnforcer(language).enforce(source, [name], Hypothesis(text, 0.0)).text == becomes


def test_a_rendering_that_holds_its_suffix_is_put_right_as_well():
    source, text = "At Whitehall today", "Bugün Whitehall'da"
    proposed = hypothesis(source, text, [(0, 2), (1, 1), (3, 1)])
    inflector = inflector_for(Locale("tr"))
    name = hit(source, "Whitehall", "Vaythül", mode=TermMode.INFLECT, kind=TermKind.PLACE)
    assert isinstance(name, TermHit)
    drafted = SpanEnforcer("tr", inflector).enforce(source, [name], proposed)
    assert drafted.text == "Bugün Vaythül'de"
