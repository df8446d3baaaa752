"""Accepted forms in a target text, and the verdicts that follow."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.model import Span, Term, TermHit, TermKind, TermMode, TermStatus
from l10n_pipeline.termforms import assign, find_occurrences, verify
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
