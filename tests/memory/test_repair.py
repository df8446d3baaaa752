"""Repairs: what is put in is right, or nothing is."""

from dataclasses import replace

import babel.numbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from l10n_pipeline.checks.numbers import lost_numbers
from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.glossary.matching import GlossaryMatcher
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.repair import Refusal, Repair, repair
from l10n_pipeline.memory.units import Pair
from l10n_pipeline.model import Gender, Term, TermKind, TermMode
from l10n_pipeline.termforms import verify
from tests.memory.strategies import EN, PAIR

LOCALES = ["pt-BR", "ru", "fr", "de", "az", "es", "sr-Latn", "de-CH", "hi"]


def shown(number, grouped, locale):
    babel_locale = str(locale).replace("-", "_")
    pattern = None if grouped else "0.######"
    return babel.numbers.format_decimal(
        number, pattern, locale=babel_locale, numbering_system="latn"
    )


numbers = st.tuples(
    st.one_of(
        st.integers(0, 30),
        st.integers(0, 3_000_000),
        st.integers(1, 9_999).map(lambda number: number / 100),
    ),
    st.booleans(),
)


@given(st.sampled_from(LOCALES), st.lists(st.tuples(numbers, numbers), min_size=1, max_size=3))
def test_numbers_put_in_are_those_of_the_source(target, changes):
    pair = Pair(EN, Locale.parse(target))
    old, new = zip(*changes, strict=True)

    def sentence(figures, locale, words, *, backwards=False):
        pieces = [f"{words[at]} {shown(*one, locale)} x." for at, one in enumerate(figures)]
        return " ".join(reversed(pieces) if backwards else pieces)

    def source(figures):
        return sentence(figures, EN, ["One", "two", "three"])

    def translation(figures):
        return sentence(figures, pair.target, ["Um", "dois", "três"], backwards=True)

    made = repair(source(new), source(old), translation(old), pair)
    if isinstance(made, Repair):
        unseparated = str.maketrans("", "", ".,’ \u00a0\u202f")
        assert made.text.translate(unseparated) == translation(new).translate(unseparated)
        assert not lost_numbers(source(new), made.text, LanguagePair(EN, pair.target))


@given(st.lists(st.integers(10, 99), min_size=1, max_size=4, unique=True), st.data())
def test_plain_numbers_are_repaired(old, data):
    new = data.draw(
        st.lists(st.integers(10, 99), min_size=len(old), max_size=len(old)).filter(
            lambda new: new != old
        )
    )

    def source(figures):
        return ", ".join(f"page {one}" for one in figures)

    def translation(figures):
        return " · ".join(f"página {one}" for one in reversed(figures))

    made = repair(source(new), source(old), translation(old), PAIR)
    assert isinstance(made, Repair)
    assert made.text == translation(new)


_figures = st.sampled_from(
    ["1", "2", "5", "12", "60", "1,275", "1.275", "3.5", "3,5", "1 000", "2019", "10:30", "٣"]
)
_pieces = _figures | st.sampled_from(
    [
        *(" ", " ", " ", "\u00a0", "a ", "IV ", "h", "p.m.", "million", "º", "<x1/>"),
        *("-", "'", "%", "(", ")", ". "),
    ]
)
_loose = st.lists(_pieces, max_size=7).map("".join)


@given(st.data(), st.sampled_from(["pt-BR", "tr", "ru", "en"]))
def test_whatever_the_texts_a_repair_has_the_numbers_of_the_source(data, target):
    pair = Pair(EN, Locale.parse(target))
    languages = LanguagePair(pair.source, pair.target)
    pieces = data.draw(st.lists(_pieces, min_size=1, max_size=7))
    pieces.insert(at := data.draw(st.integers(0, len(pieces))), data.draw(_figures))
    changed = [*pieces[:at], data.draw(_figures), *pieces[at + 1 :]]
    old, new = "".join(pieces), "".join(changed)
    translation = data.draw(st.one_of(st.just(old), st.permutations(pieces).map("".join), _loose))
    made = repair(new, old, translation, pair)
    if isinstance(made, Repair):
        assert old != new
        assert not lost_numbers(new, made.text, languages)
        assert not lost_numbers(made.text, new, LanguagePair(pair.target, pair.source))


@pytest.mark.parametrize(
    ("source", "matched", "translation", "expected"),
    [
        (
            "In 2019, 1,275 cars.",
            "In 2018, 980 cars.",
            "980 carros em 2018.",
            "1.275 carros em 2019.",
        ),
        ("It is 3.5 km.", "It is 12.25 km.", "São 12,25 km.", "São 3,5 km."),
        ("Chapter 7", "Chapter 6", "Capítulo 6", "Capítulo 7"),
        ("2 of 5", "5 of 2", "5 de 2", "2 de 5"),
        (
            "See <g1>page</g1> 22 <x2/>",
            "See <g1>page</g1> 21 <x2/>",
            "<x2/> <g1>p.</g1> 21",
            "<x2/> <g1>p.</g1> 22",
        ),
        ("Up 5%", "Up 7%", "Mais 7 %", "Mais 5 %"),
        ("(12)", "(11)", "(11)", "(12)"),
    ],
)
def test_numbers_that_changed_are_substituted(source, matched, translation, expected):
    made = repair(source, matched, translation, PAIR)
    assert isinstance(made, Repair)
    assert made.text == expected


@pytest.mark.parametrize(
    ("source", "matched", "translation", "target", "why"),
    [
        ("1 file", "2 file", "2 arquivos", "pt-BR", "may have to agree"),
        ("22 days", "21 days", "21 день", "ru", "may have to agree"),
        ("the 5th", "the 4th", "o 4.º", "pt-BR", "part of something"),
        ("at 5 p.m.", "at 12 p.m.", "às 12 horas", "pt-BR", "part of something"),
        ("at 5pm", "at 12pm", "às 12 horas", "pt-BR", "part of something"),
        ("in 2018", "in 2019", "2019'da", "tr", "part of something"),
        ("of 8 March", "of 7 March", "l'7 marzo", "it", "part of something"),
        ("in 7 days", "in 5 days", "5-дневный", "ru", "part of something"),
        ("in 10 days", "in 7 days", "em sete dias", "pt-BR", "not the same numbers"),
        (
            "8 miles to gate 9",
            "8 miles to gate 5",
            "13 km até o portão 5",
            "pt-BR",
            "not the same numbers",
        ),
        (
            "5 miles, gate 9",
            "5 miles, gate 8",
            "8 km, portão oito",
            "pt-BR",
            "not the same numbers",
        ),
        ("2 of 5", "2 of 2", "2 de 2", "pt-BR", "more than once"),
        ("on 28.04.2012", "on 29.04.2012", "em 29.04.2012", "pt-BR", "not certain"),
        ("10:30", "10:45", "10:45", "pt-BR", "not certain"),
        ("COVID-21", "COVID-19", "COVID-19", "pt-BR", "part of something"),
        ("a 5<g1>th</g1> x", "a 4<g1>th</g1> x", "4<g1>º</g1> x", "pt-BR", "part of something"),
        ("1<x1/>5", "1<x1/>4", "1<x1/>4", "pt-BR", "part of something"),
        ("the A5", "the A4", "o A4", "pt-BR", "part of something"),
        ("in 2019", "in 2,018", "em 2.018", "pt-BR", "grouped"),
        ("a 7", "the 6", "o 6", "pt-BR", "more than numbers and terms"),
        ("Page 7", "Page 7", "Página 7", "pt-BR", "no number and no term differs"),
        ("007", "006", "006", "pt-BR", "not certain"),
        ("<g1>a</g1> 1", "<g2>a</g2> 1", "<g2>a</g2> 1", "pt-BR", "more than numbers and terms"),
        ("1", "2", "2", "tlh", "is not known"),
    ],
)
def test_what_is_not_certain_is_not_repaired(source, matched, translation, target, why):
    language = Locale("tlh") if target == "tlh" else Locale.parse(target)
    made = repair(source, matched, translation, Pair(EN, language))
    assert isinstance(made, Refusal)
    assert why in made.reason


# --- terms -------------------------------------------------------------------------------

BAKU = Term("Baku", "Bacu", kind=TermKind.PLACE, gender=Gender.FEMININE)
GANJA = Term("Ganja", "Ganja", kind=TermKind.PLACE, gender=Gender.FEMININE)
CAIRO = Term("Cairo", "Cairo", kind=TermKind.PLACE, gender=Gender.MASCULINE)


def with_terms(source, matched, translation, *terms, pair=PAIR):
    matcher = GlossaryMatcher(terms, source=pair.source)
    return repair(
        source,
        matched,
        translation,
        pair,
        hits=matcher.match(source),
        matched_hits=matcher.match(matched),
    )


def test_a_term_is_put_in_anothers_place():
    made = with_terms(
        "In 2019 he left Ganja.", "In 2018 he left Baku.", "Ele saiu de Bacu em 2018.", BAKU, GANJA
    )
    assert made == Repair("Ele saiu de Ganja em 2019.")


def test_names_of_several_words_with_numbers_in_them_are_one_thing():
    plane = replace(BAKU, source="Boeing 747", target="Boeing 747")
    made = with_terms("The Baku of 12", "The Boeing 747 of 11", "A Boeing 747 de 11", plane, BAKU)
    assert made.text == "A Bacu de 12"


@pytest.mark.parametrize(
    ("old", "new", "translation", "why"),
    [
        (BAKU, CAIRO, "Ele saiu de Bacu.", "agree"),
        (BAKU, replace(GANJA, gender=Gender.UNKNOWN), "Ele saiu de Bacu.", "agree"),
        (replace(BAKU, mode=TermMode.INFLECT), GANJA, "Ele saiu de Bacu.", "inflected"),
        (BAKU, replace(GANJA, mode=TermMode.INFLECT), "Ele saiu de Bacu.", "inflected"),
        (BAKU, replace(GANJA, forms=("Ganje",)), "Ele saiu de Bacu.", "inflected"),
        (BAKU, replace(GANJA, kind=TermKind.PERSON), "Ele saiu de Bacu.", "kind of name"),
        (BAKU, GANJA, "Ele saiu de Baku.", "exactly once"),
        (BAKU, GANJA, "Ele saiu de Bacu, Bacu.", "exactly once"),
        (BAKU, GANJA, "Ele saiu de BACU.", "exactly once"),
        (
            replace(BAKU, forms=("Baco",)),
            replace(GANJA, forms=("x",)),
            "Ele saiu de Baco.",
            "exactly once",
        ),
        (BAKU, GANJA, "Ele saiu d'Bacu.", "attached"),
        (BAKU, GANJA, "Ele saiu de Bacu'da.", "attached"),
        (BAKU, GANJA, "Ele saiu de Bacu<g1>'da</g1>.", "attached"),
        (BAKU, GANJA, "Ele saiu de Bacu<g1>das</g1>.", "attached"),
        (BAKU, GANJA, "Ele saiu de Bacu e de Ganja.", "as agreed"),
    ],
)
def test_terms_are_left_where_words_around_them_may_change(old, new, translation, why):
    made = with_terms(f"He left {new.source}.", "He left Baku.", translation, old, new)
    assert isinstance(made, Refusal)
    assert why in made.reason


def test_a_language_without_gender_needs_none_to_be_known():
    terms = [replace(term, gender=Gender.UNKNOWN) for term in (BAKU, GANJA)]
    turkish = Pair(EN, Locale("tr"))
    made = with_terms("Ganja is old.", "Baku is old.", "Bacu eskidir.", *terms, pair=turkish)
    assert made.text == "Ganja eskidir."


def test_a_number_for_a_term_is_no_repair():
    made = with_terms("He left 12.", "He left Baku.", "Ele saiu de Bacu.", BAKU)
    assert isinstance(made, Refusal)


_names = {
    "Baku": "Bacu",
    "Ganja": "Ganja",
    "Cairo": "Cairo",
    "Ana Lima": "Ana Lima",
    "Ana": "Ana",
    "Gate 7": "Portão 7",
    "Gate": "Portão",
}


def _mostly(usual, *others):
    return st.sampled_from([usual] * 6 + list(others))


_terms = st.builds(
    lambda source, **fields: Term(source, _names[source], **fields),
    st.sampled_from(sorted(_names)),
    forms=_mostly((), ("Bacus",), ("Anas", "Portões")),
    mode=_mostly(TermMode.EXACT, TermMode.INFLECT),
    kind=_mostly(TermKind.PLACE, TermKind.PERSON),
    gender=_mostly(Gender.FEMININE, Gender.UNKNOWN, Gender.MASCULINE),
)
_words = st.sampled_from([*_names, "left", "7", "12", "and", "'s", ",", "for"])


@given(
    st.lists(_terms, min_size=3, max_size=5, unique_by=lambda term: term.source),
    st.lists(_words, max_size=4),
    st.data(),
    st.sampled_from(["pt-BR", "tr"]),
)
def test_a_repair_never_has_a_wrong_name(terms, words, data, target):
    pair = Pair(EN, Locale.parse(target))
    at = data.draw(st.integers(0, len(words)))
    names = st.sampled_from(terms).map(lambda term: term.source)
    words.insert(at, data.draw(names))
    changed = [*words[:at], data.draw(st.one_of(names, _words)), *words[at + 1 :]]
    assume(changed != words)
    matcher = GlossaryMatcher(terms, source=EN)
    old, new = " ".join(words), " ".join(changed)
    renderings = {term.source: term.target for term in terms}
    translation = " ".join(renderings.get(word, word) for word in data.draw(st.permutations(words)))
    made = with_terms(new, old, translation, *terms, pair=pair)
    if isinstance(made, Repair):
        hits = matcher.match(new)
        assert not any(verdict.status.failing for verdict in verify(made.text, hits))
        assert not lost_numbers(new, made.text, LanguagePair(EN, pair.target))
        # Nothing is left of a name that the source no longer has.
        gone = {hit.term for hit in matcher.match(old)} - {hit.term for hit in hits}
        kept = " ".join(hit.term.target for hit in hits)
        for term in gone:
            assert term.target not in made.text or term.target in kept
