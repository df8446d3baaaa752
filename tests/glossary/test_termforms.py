"""Accepted forms in a target text, and the verdicts that follow."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.model import (
    Inflection,
    Span,
    Term,
    TermHit,
    TermKind,
    TermMode,
    TermStatus,
)
from l10n_pipeline.termforms import assign, find_occurrences, may_inflect, verify
from tests.glossary.strategies import texts

KHOJALY = Term("Khojaly", "Khojaly", kind=TermKind.PLACE)
JUSTICE = Term("Justice for Khojaly", "Justiça por Khojaly", kind=TermKind.TITLE)
GENOCIDE = Term("Khojaly genocide", "genocídio de Khojaly")
LEYLA = Term(
    "Leyla Aliyeva",
    "Лейла Алиева",
    forms=("Лейлы Алиевой",),
    mode=TermMode.INFLECT,
    kind=TermKind.PERSON,
)


def hits(*terms):
    return [TermHit(term, Span(10 * at, 10 * at + 5)) for at, term in enumerate(terms)]


def statuses(target, *terms):
    return [verdict.status.value for verdict in verify(target, hits(*terms))]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("em Khojaly.", "ok"),
        ("Khojaly's", "ok"),
        ("KHOJALY HOJE", "ok"),
        ("KHOJALY hoje", "missing"),
        ("khojaly", "missing"),
        ("Khojalyano", "missing"),
        ("", "missing"),
        ("Khojaly e Khojaly", "duplicate"),
    ],
)
def test_a_name_stands_whole_and_in_its_case(target, status):
    assert statuses(target, KHOJALY) == [status]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("Genocídio de Khojaly lembrado", "ok"),
        ("“Genocídio de Khojaly”", "ok"),
        ("Sim. Genocídio de Khojaly", "ok"),
        ("o Genocídio de Khojaly", "missing"),
        ("genocídio de\u00a0Khojaly", "ok"),
        ("genocídio de Khojaly, genocídio de Khojaly", "duplicate"),
    ],
)
def test_a_lower_case_term_may_open_a_sentence(target, status):
    assert statuses(target, GENOCIDE) == [status]


def test_a_form_inside_another_terms_form_does_not_count():
    assert statuses("Justiça por Khojaly", JUSTICE, KHOJALY) == ["ok", "missing"]
    assert statuses("Justiça por Khojaly em Khojaly", KHOJALY, JUSTICE) == ["ok", "ok"]


def test_two_hits_need_two_places():
    assert statuses("Khojaly", KHOJALY, KHOJALY) == ["ok", "missing"]


def test_terms_that_share_a_rendering_share_its_places():
    shushi = Term("Shushi", "Shusha")
    shusha = Term("Shusha", "Shusha", forms=("Şuşa",))
    assert statuses("Shusha e Shusha", shushi, shusha) == ["ok", "ok"]
    assert statuses("Şuşa e Shusha", shusha, shushi) == ["inflected", "ok"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("Лейла Алиева пришла", "ok"),
        ("книга Лейлы Алиевой", "inflected"),
        ("с Лейлой Алиевой", "inflected"),
        ("ЛЕЙЛА АЛИЕВА", "ok"),
        ("лейла алиева", "missing"),
        ("Лейла и Алиева", "missing"),
        ("Мехрибан Алиева", "missing"),
    ],
)
def test_an_inflecting_name_is_known_by_its_stems(target, status):
    assert statuses(target, LEYLA) == [status]


def test_a_suffix_after_an_apostrophe_is_an_inflection():
    baku = Term("Baku", "Bakü", mode=TermMode.INFLECT)
    assert statuses("Bakü'de", baku) == ["inflected"]
    assert statuses("Bakü’de", Term("Baku", "Bakü")) == ["ok"]


def test_a_forbidden_rendering_is_no_form_of_its_term():
    khojaly = Term("Khojaly", "Khojaly", forbidden=("Khojaly genocídio",))
    verdict = verify("o Khojaly genocídio", hits(khojaly))[0]
    assert (verdict.status, verdict.detail) == (
        TermStatus.MISSING,
        "forbidden: Khojaly genocídio",
    )


def test_common_nouns_may_be_repeated():
    assert statuses("a guerra, a guerra", Term("war", "guerra")) == ["ok"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("Baku, Baku", "duplicate"),
        ("30 dólares de Baku ou 10 dólares de Baku", "ok"),
        ("Baku fica longe; quem nasceu em Baku volta a Baku", "duplicate"),
        ("Baku é bonita, e quem a viu volta sempre a Baku", "ok"),
    ],
)
def test_a_name_that_stands_for_a_pronoun_is_no_duplicate(target, status):
    assert statuses(target, Term("Baku", "Baku", kind=TermKind.PLACE)) == [status]


def russian(target, **settings):
    return Term(target, target, mode=TermMode.INFLECT, kind=TermKind.PLACE, **settings)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("Египет", "в Египте"),
        ("Донецк", "из Донецка"),
        ("Казань", "Казанью"),
        ("Афины", "из Афин"),
        ("Уфа", "в Уфе"),
        ("Фёдор", "Федора"),
        ("Черное море", "Чёрного моря"),
        ("Черное море", "берега Че\u0308рного моря"),
        ("Санкт-Петербург", "в Санкт-Петербурге"),
        ("Рио-де-Жанейро", "Рио-де-Жанейро"),
        ("Гарвардский университет", "Гарвардского университета"),
        ("Россия", "российский город"),
        ("Новая Зеландия", "новозеландской полиции"),
        ("Нью-Йорк", "нью-йоркских улиц"),
        ("Арктика", "арктические народы"),
        ("Черное море", "Чёрного и Каспийского морей"),
    ],
)
def test_russian_endings_are_known_by_that_of_the_base_form(target, text):
    assert statuses(text, russian(target)) != ["missing"]


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("Иран", "Ирак"),
        ("Иран", "Ирака"),
        ("Австрия", "Австралии"),
        ("Нигер", "Нигерии"),
        ("Словакия", "Словении"),
        ("Ходжалы", "Ходжавенд"),
        ("Алиева", "Алиев"),
        ("Алиев", "Алиевой"),
        ("Сомали", "Сомалиленд"),
        ("Ромни", "Ромны"),
        ("Баку", "Бака"),
    ],
)
def test_a_russian_neighbour_is_another_name(target, text):
    assert statuses(text, russian(target)) == ["missing"]


@pytest.mark.parametrize(
    ("base", "word"),
    [
        ("İran", "İraq"),
        ("İran", "İrak"),
        ("Berlin", "Berin"),
        ("Kanada", "Kanda"),
        ("Slovakya", "Slovenya"),
        ("Xocalı", "Xocavənd"),
        ("Avusturya", "Avustralya"),
    ],
)
def test_a_neighbour_is_no_inflection(base, word):
    assert not may_inflect(base, word)


@pytest.mark.parametrize(
    ("base", "word"),
    [("Helsinki", "Helsingin"), ("Jonas", "Jono"), ("Bakı", "Bakıda"), ("Paweł", "Pawła")],
)
def test_other_languages_have_endings_too(base, word):
    assert may_inflect(base, word)


NIGER = Term(
    "Niger",
    "Nijer",
    mode=TermMode.INFLECT,
    inflections=(Inflection("Nijer'in", "genitive"), Inflection("Nijer'de", "locative")),
)


@pytest.mark.parametrize(
    ("target", "status", "label"),
    [
        ("Nijer", "ok", ""),
        ("Nijer'in", "inflected", "genitive"),
        ("NİJER’DE KURAKLIK", "inflected", "locative"),
        ("Nijer'miş", "inflected", ""),
        ("Nijerin", "inflected", ""),
        ("Nijerli", "inflected", ""),
        ("Nijerya", "missing", ""),
        ("Nijerce", "missing", ""),
    ],
)
def test_an_inflection_is_named_and_bars_mere_likeness(target, status, label):
    verdict = verify(target, hits(NIGER))[0]
    assert (verdict.status.value, verdict.detail) == (status, label)


def test_a_name_has_no_suffix_before_its_suffix():
    ireland = replace(NIGER, target="İrland", inflections=(Inflection("İrland'ın", "genitive"),))
    assert statuses("İrlanda'nın", ireland) == ["missing"]
    assert statuses("İrlandanın", ireland) == ["missing"]
    assert statuses("İrlanda kaldı", ireland) == ["inflected"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("Национальному конгрессу", "inflected"),
        ("Национальному Конгрессу", "missing"),
        ("НАЦИОНАЛЬНОМУ КОНГРЕССУ", "inflected"),
    ],
)
def test_an_inflection_has_no_capitals_that_the_target_lacks(target, status):
    congress = Term("National Congress", "Национальный конгресс", mode=TermMode.INFLECT)
    assert statuses(target, congress) == [status]


def test_a_persons_name_in_a_vowel_that_stays_is_another_name_with_another():
    person = Term("Lemieux", "Лемьо", mode=TermMode.INFLECT, kind=TermKind.PERSON)
    assert statuses("Лемье", person) == ["missing"]
    assert statuses("Ивана Лемьо", replace(person, target="Иван Лемьо")) == ["inflected"]


def test_the_same_term_with_and_without_inflections_keeps_apart():
    plain = Term("Niger", "Nijer", mode=TermMode.INFLECT)
    assert plain == NIGER
    assert [verify("Nijer'de", hits(term))[0].detail for term in (NIGER, plain, NIGER)] == [
        "locative",
        "",
        "locative",
    ]


def test_what_a_list_says_comes_before_what_an_inflector_made():
    listed = Term("x", "Алиев", forms=("Алиева",), inflections=(Inflection("Алиев", "nominative"),))
    assert statuses("Алиев", listed) == ["ok"]
    assert statuses("Алиева", listed) == ["inflected"]


def test_a_base_form_is_its_own_terms_before_it_is_an_inflection_of_another():
    he = russian("Алиев", inflections=(Inflection("Алиева", "genitive"),))
    she = russian("Алиева", inflections=(Inflection("Алиевой", "genitive"),))
    assert statuses("Алиева", he, she) == ["missing", "ok"]
    assert statuses("Алиева", she, he) == ["ok", "missing"]
    assert statuses("Алиева и Алиевой", he, she) == ["inflected", "inflected"]
    assert statuses("Алиев и Алиева", she, he) == ["ok", "ok"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("um iPhone novo", "ok"),
        ("IPhone novo", "missing"),
        ("UM IPHONE NOVO", "missing"),
        ("iPhones", "missing"),
    ],
)
def test_a_term_of_fixed_case_is_never_capitalised(target, status):
    assert statuses(target, Term("iPhone", "iPhone", fixed_case=True)) == [status]


def test_a_term_of_fixed_case_inflects_in_its_case():
    term = Term("iPhone", "iPhone", fixed_case=True, mode=TermMode.INFLECT)
    assert statuses("iPhonen", term) == ["inflected"]
    assert statuses("IPhonen", term) == ["missing"]
    assert statuses("IPhone", term) == ["missing"]
    made = replace(term, inflections=(Inflection("iPhone'un", "genitive"),))
    assert statuses("iPhonedan", made) == ["inflected"]
    assert statuses("IPhonedan", made) == statuses("IPhone", made) == ["missing"]


def test_a_plural_in_the_source_may_be_one_in_the_target():
    treaty = Term("peace accord", "acordo de paz")
    once, several = TermHit(treaty, Span(0, 5)), TermHit(treaty, Span(0, 5), plural=True)
    verdict = verify("os acordos de paz", [several])[0]
    assert (verdict.status, verdict.detail) == (TermStatus.INFLECTED, "plural")
    assert verify("os acordos de paz", [once])[0].status is TermStatus.MISSING
    assert verify("o acordo de paz", [several])[0].status is TermStatus.OK


def test_an_abbreviation_takes_its_suffix_after_a_hyphen():
    usa = Term("US", "ABŞ", mode=TermMode.INFLECT)
    assert statuses("ABŞ-ın səfirliyi", usa) == ["inflected"]
    assert statuses("ABŞ-Çin sammiti", usa) == ["ok"]


def test_affinity_decides_which_of_two_hits_has_the_only_place():
    pair = hits(KHOJALY, KHOJALY)
    occurrences = find_occurrences("Khojaly", [KHOJALY])
    second_only = assign(pair, occurrences, lambda hit, _: float(hit.span == pair[1].span))
    assert second_only == (None, occurrences[0])


FORMS = st.lists(texts.filter(str.strip), min_size=1, max_size=4, unique=True)


@given(texts, FORMS, st.sampled_from(TermMode))
def test_occurrences_are_in_order_and_never_overlap(target, forms, mode):
    terms = [Term(form, form, mode=mode) for form in forms]
    places = [occurrence.span for occurrence in find_occurrences(target, terms)]
    assert all(a.end <= b.start for a, b in pairwise(places))
    assert len(verify(target, hits(*terms))) == len(terms)


@given(texts)
def test_a_form_that_stands_between_spaces_is_found(form):
    term = Term("x", f"a{form}b")
    assert statuses(f"- {term.target} -", term) != ["missing"]


def test_many_hits_of_one_term_have_a_place_each():
    places = find_occurrences("Khojaly " * 1199, [KHOJALY])
    served = assign(hits(*[KHOJALY] * 1200), places)
    assert set(served) == {*places, None}
    assert served.count(None) == 1
