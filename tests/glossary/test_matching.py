"""Source terms are found longest first, whole, and where they stand."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.folding import fold
from l10n_pipeline.glossary import GlossaryMatcher
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term
from tests.glossary.strategies import texts


def matched(source, *terms):
    hits = GlossaryMatcher(
        [term if isinstance(term, Term) else Term(term, "x") for term in terms]
    ).match(source)
    return [(hit.term.source, hit.span.of(source)) for hit in hits]


def test_the_longest_term_has_its_words_to_itself():
    source = "the Vice-President of the Heydar Aliyev Foundation Leyla Aliyeva"
    terms = ("Foundation Leyla", "Heydar Aliyev", "Heydar Aliyev Foundation", "Leyla Aliyeva")
    assert [name for name, _ in matched(source, *terms)] == [
        "Heydar Aliyev Foundation",
        "Leyla Aliyeva",
    ]


def test_a_shorter_term_is_found_where_the_longer_one_is_not_whole():
    assert matched("New Yorkers", "New York", "New") == [("New", "New")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Leyla Aliyeva`s book", "Leyla Aliyeva"),
        ("Leyla Aliyeva's book", "Leyla Aliyeva"),
        ("LEYLA ALIYEVA", "LEYLA ALIYEVA"),
        ("by Leyla\u00a0\n Aliyeva.", "Leyla\u00a0\n Aliyeva"),
        ("by Leyla\u202fAliyeva.", "Leyla\u202fAliyeva"),
        ("(Leyla Aliyeva)", "Leyla Aliyeva"),
    ],
)
def test_possessives_case_and_white_space_do_not_hide_a_name(source, found):
    assert matched(source, "Leyla Aliyeva") == [("Leyla Aliyeva", found)]


def test_offsets_hold_behind_letters_whose_folding_is_longer():
    assert matched("İİ ßß ŉ Baku", "Baku") == [("Baku", "Baku")]
    assert matched("Straßen", "Stras") == []


def test_case_counts_where_the_term_says_so_and_the_stricter_spelling_wins():
    strict = Term("Turkey", "Turquia", case_sensitive=True)
    lax = Term("turkey", "peru")
    assert matched("turkey", strict) == []
    assert matched("Turkey, turkey, TURKEY", lax, strict) == [
        ("Turkey", "Turkey"),
        ("turkey", "turkey"),
        ("turkey", "TURKEY"),
    ]


def test_an_alias_stands_for_its_term():
    assert matched("Stepanakert", Term("Khankendi", "x", aliases=("Stepanakert",))) == [
        ("Khankendi", "Stepanakert")
    ]


def test_scripts_without_spaces_are_searched_inside_their_runs():
    assert matched("我在北京市和上海", "北京", "上海") == [("北京", "北京"), ("上海", "上海")]


def test_text_that_no_file_can_hold_does_no_harm():
    assert matched("\ud800 Baku", "Baku") == [("Baku", "Baku")]


def test_no_terms_no_hits():
    assert matched("Baku") == []


@given(texts, st.lists(texts.filter(str.strip), max_size=6))
def test_hits_are_bounded_exclusive_and_leave_no_longer_term_unfound(source, spellings):
    matcher = GlossaryMatcher([Term(spelling, "x") for spelling in spellings])
    hits = matcher.match(source)
    assert all(a.span.end <= b.span.start for a, b in pairwise(hits))
    for hit in hits:
        found = fold(hit.span.of(source)).text
        assert found in {fold(spelling.strip()).text for spelling in spellings}
    folded = fold(source)
    for pattern in {fold(spelling.strip()).text for spelling in spellings} - {""}:
        start = folded.text.find(pattern)
        while start >= 0:
            end = start + len(pattern)
            if folded.boundary(start) and folded.boundary(end):
                span = folded.origin(start, end)
                rivals = [hit for hit in hits if hit.span.overlaps(span)]
                assert any(len(fold(hit.span.of(source)).text) >= len(pattern) for hit in rivals)
            start = folded.text.find(pattern, start + 1)


@pytest.mark.slow
def test_fifty_thousand_terms_are_ready_and_searched_in_seconds():
    terms = [Term(f"Name{n:05d} of House{n % 977}", "x") for n in range(50_000)]
    sentence = "The house of Name00042 of House42 stood where the Names of Houses stand. " * 2
    start = time.perf_counter()
    matcher = GlossaryMatcher(terms, source=Locale("en"))
    built = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(2_000):
        assert len(matcher.match(sentence)) == 2
    searched = time.perf_counter() - start
    assert built < 5
    assert 2_000 / searched > 1_700, "fewer than 100,000 segments a minute"


@pytest.mark.parametrize("apostrophe", "'’‘`´ʼ′")
@pytest.mark.parametrize("suffix", ["s", "S", ""])
def test_a_possessive_in_any_apostrophe_is_no_part_of_the_name(apostrophe, suffix):
    assert matched(f"Leyla Aliyeva{apostrophe}{suffix} book", "Leyla Aliyeva") == [
        ("Leyla Aliyeva", "Leyla Aliyeva")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nagorno\u2011Karabakh", "Nagorno\u2011Karabakh"),
        ("Nagorno–Karabakh", "Nagorno–Karabakh"),
        ("Na\u00adgorno-Kara\u00adbakh", "Na\u00adgorno-Kara\u00adbakh"),
        ("the\u00a0Nagorno-Karabakh\u00a0war", "Nagorno-Karabakh"),
        ("Nagorno-Karabakh-based", "Nagorno-Karabakh"),
    ],
)
def test_hyphens_and_invisible_characters_do_not_hide_a_name(text, found):
    assert matched(text, "Nagorno-Karabakh") == [("Nagorno-Karabakh", found)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Ričardas", "Ricardas"),
        ("Ričardas", "Ric\u030cardas"),
        ("Əliyeva", "Aliyeva"),
        ("Əliyeva", "ALIYEVA"),
        ("Əliyeva", "Eliyeva"),
        ("Mərkəz", "Merkez"),
        ("Düzce", "Duzce"),
        ("Kırıkkale", "Kirikkale"),
        ("Łódź", "Lodz"),
        ("Tromsø", "Tromso"),
        ("Æthelred", "Aethelred"),
        ("São Tomé", "SAO TOME"),
        ("Алёна", "Алена"),
        ("Ricardas", "Ričardas"),
    ],
)
def test_diacritics_do_not_count_for_a_term_that_says_so(source, text):
    lax = Term(source, "x", ignores_diacritics=True)
    for before, after in (("", ""), ("by ", "'s"), ("ß (", ")\u0301")):
        assert matched(f"{before}{text}{after}", lax) == [(source, text)]
    if fold(source).text != fold(text).text:
        assert matched(text, Term(source, "x")) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [("Май", "Маи"), ("हिन्दी", "हनद"), ("Lodz", "Lodzer"), ("aether", "xæther"), ("e", "æ")],
)
def test_without_diacritics_other_words_stay_other_words(source, text):
    assert matched(text, Term(source, "x", ignores_diacritics=True)) == []


def test_a_spelling_with_its_diacritics_goes_first_and_case_still_counts():
    lax = Term("Şen", "feliz", ignores_diacritics=True)
    other = Term("Sen", "tu")
    assert matched("Şen, Sen", lax, other) == [("Şen", "Şen"), ("Sen", "Sen")]
    strict = Term("Şen", "feliz", ignores_diacritics=True, case_sensitive=True)
    assert matched("Sen, sen, Şen, şen", strict) == [("Şen", "Sen"), ("Şen", "Şen")]


def test_the_capital_that_begins_a_sentence_does_not_count():
    polish = Term("polish", "polir", case_sensitive=True)
    assert matched("Polish it. Polish it, Polish!", polish) == [
        ("polish", "Polish"),
        ("polish", "Polish"),
    ]
    pole = Term("Polish", "polonês", case_sensitive=True)
    assert matched("Polish it.", polish, pole) == [("Polish", "Polish")]
    assert matched("POLISH it.", polish) == []


def test_a_capital_that_the_term_has_is_never_optional():
    assert matched("endless corridor", Term("Endless Corridor", "x", case_sensitive=True)) == []


@pytest.mark.parametrize("text", ["C++", "C#", "in C# and C++"])
def test_a_name_that_goes_on_with_a_symbol_is_another_one(text):
    assert matched(text, "C") == []
    assert matched("C, C+ or (C)", "C")[0] == ("C", "C")


@given(texts, st.lists(texts.filter(str.strip), max_size=6))
def test_ignoring_diacritics_loses_no_match(source, spellings):
    strict = GlossaryMatcher([Term(spelling, "x") for spelling in spellings]).match(source)
    lax = GlossaryMatcher(
        [Term(spelling, "x", ignores_diacritics=True) for spelling in spellings]
    ).match(source)
    assert all(a.span.end <= b.span.start for a, b in pairwise(lax))
    for hit in strict:
        assert any(hit.span.overlaps(other.span) for other in lax)
