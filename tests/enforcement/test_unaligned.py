"""Without a word alignment, what is like a name and nothing else is taken for it."""

import time

import pytest

from l10n_pipeline.enforcement import SpanEnforcer
from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.enforcement.unaligned import locate_unaligned
from l10n_pipeline.model import Hypothesis, Span, Term, TermHit, TermKind, TermMode
from tests.enforcement.hypotheses import hit


def located(source, text, name, target=None, *, nth=0):
    """What is taken for the name, and what may be it as well."""
    evidence = Evidence.of(source, Hypothesis(text, 0.0))
    found = locate_unaligned(
        hit(source, name, target, nth=nth), evidence, [True] * len(evidence.words)
    )
    if found.rendering is None:
        return None, None
    rival = found.rendering.rival
    return found.rendering.span.of(text), None if rival is None else rival.of(text)


@pytest.mark.parametrize(
    ("source", "name", "target", "text", "rendering"),
    [
        ("The hostel in Mecca fell", "Mecca", "Макка", "Хостел в Мекке рухнул", "Мекке"),
        ("Leaders of Iceland met", "Iceland", "Айсландия", "Лидеры Исландии", "Исландии"),
        (
            "He studied at Harvard Law School in Boston",
            "Harvard Law School",
            "Harverd Hukuk Okulu",
            "Boston'da Harvard Hukuk Fakültesi'nde okudu",
            "Harvard Hukuk Fakültesi",
        ),
        (
            "It surpassed the United States as a market",
            "United States",
            "Соединённые Штаты Америки",
            "Он превзошел Соединенные Штаты как рынок",
            "Соединенные Штаты",
        ),
        (
            "Boris Bobek praised the Beetle today",
            "Beetle",
            "Жук",
            "Борис Бобек похвалил Фольксваген",
            "Фольксваген",
        ),
    ],
)
def test_a_rendering_is_found_by_likeness_or_because_nothing_else_is_left(
    source, name, target, text, rendering
):
    assert located(source, text, name, target) == (rendering, None)


@pytest.mark.parametrize(
    ("source", "name", "target", "text"),
    [
        ("Bob Bobek praised the Beetle", "Beetle", "Жук", "Его похвалил Фольксваген Джетта"),
        ("The Beetle and the Wasp fly", "Beetle", "Жук", "Вчера летал Фольксваген"),
        ("The Beetle flies", "Beetle", "Жук", "Фольксваген летает"),
        ("The Beetle flies", "Beetle", "Жук", "он летает"),
        ("The beetle flies", "beetle", "жук", "вчера летал Фольксваген"),
        ("We saw 🎉 there", "🎉", None, "Там был Фольксваген"),
    ],
)
def test_what_may_as_well_be_another_is_left_alone(source, name, target, text):
    assert located(source, text, name, target) == (None, None)


def test_of_places_alike_the_nearer_one_is_taken_and_the_other_told():
    source, text = "Kenya against Kenya", "Keniya Keniya qarşı gəlir"
    assert located(source, text, "Kenya") == ("Keniya", "Keniya")


def test_a_place_that_another_mention_has_makes_nothing_ambiguous():
    source = "Kenya has warned of attacks in Kenya"
    mentions = [hit(source, "Kenya", "Kenia", nth=nth) for nth in range(2)]
    text = "Keniya xəbərdarlıq edib: hücumlar Keniya"
    draft = SpanEnforcer().enforce(source, mentions, Hypothesis(text, 0.0))
    assert draft.text == "Kenia xəbərdarlıq edib: hücumlar Kenia"
    assert {verdict.status.value for verdict in draft.verdicts} == {"swapped"}


def test_a_piece_that_may_be_left_of_a_name_is_told():
    source = "the Trans-Alaska Pipeline System leaks"
    text = "o sızan Trans-Alaska Boru Hattı Sistemi burada"
    name = "Trans-Alaska Pipeline System"
    assert located(source, text, name, "Alaska Petrol Hattı")[1] == "Sistemi"


def test_many_names_that_break_one_another_take_no_unbounded_time():
    names = [f"{chr(65 + at % 26)}{'abcdefgh'[at // 26]}mlorvid" for at in range(200)]
    source, text = " and ".join(names), " e ".join(name[:-2] + "q" for name in names)
    terms = [Term(name, name + "or", mode=TermMode.INFLECT, kind=TermKind.PLACE) for name in names]
    places = [Span(source.index(name), source.index(name) + len(name)) for name in names]
    hits = [TermHit(term, place) for term, place in zip(terms, places, strict=True)]
    began = time.perf_counter()
    draft = SpanEnforcer().enforce(source, hits, Hypothesis(text, 0.0))
    assert time.perf_counter() - began < 20
    assert len(draft.verdicts) == len(hits)
