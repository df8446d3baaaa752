from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from benchmarks.inflection import ANNOTATED, chosen, read_rows, swapped
from hypothesis import example, given
from hypothesis import strategies as st

from l10n_pipeline.inflection import inflector_for, missing_for, registry
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Gender, Inflection, Term, TermKind, TermMode
from l10n_pipeline.protocols import Inflector

LANGUAGES = ("ru", "uk", "tr", "az")
GOLDEN = Path(__file__).parent / "golden"

hostile = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from("\u00a0\u202f\u2028\r\n\ufeff\u0301'’-–.«»\"İıəğьйА1366漢字👩\u200d🚀עa"),
    min_size=1,
    max_size=24,
)
names = st.sampled_from(
    ["Баку", "Лейла Алиева", "366-й полк", "Heydar Aliyev Vakfı", "Bakı", "ABŞ", "Париж и Рим", "İ"]
)


def inflector(language: str) -> Inflector:
    found = inflector_for(Locale(language))
    assert found is not None
    return found


def term(target: str, kind: str = "other", source: str = "", **more: object) -> Term:
    return Term(
        source or target,
        target,
        mode=TermMode.INFLECT,
        kind=TermKind(kind),
        **more,  # type: ignore[arg-type]  # test data
    )


def forms(found: tuple[Inflection, ...]) -> list[str]:
    return [inflection.form for inflection in found]


def golden() -> list[tuple[str, str, str, list[str]]]:
    rows = [
        (language, line.split("	"))
        for language in LANGUAGES
        for line in (GOLDEN / f"{language}.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    return [(language, kind, target, cells) for language, (kind, target, *cells) in rows]


@pytest.mark.parametrize(("language", "kind", "target", "cells"), golden())
def test_names_inflect_as_the_golden_tables_say(
    language: str, kind: str, target: str, cells: list[str]
) -> None:
    found = inflector(language).inflections(term(target, kind))
    assert [f"{one.label}={one.form}" for one in found] == cells


@pytest.mark.parametrize("language", LANGUAGES)
@given(target=hostile | names, kind=st.sampled_from(TermKind), gender=st.sampled_from(Gender))
@example(target="𗀀", kind=TermKind.PERSON, gender=Gender.UNKNOWN)  # a letter without a name
def test_any_target_has_distinct_forms_of_its_own_stem(
    language: str, target: str, kind: TermKind, gender: Gender
) -> None:
    named = Term(target, target, mode=TermMode.INFLECT, kind=kind, gender=gender)
    found = forms(inflector(language).inflections(named))
    assert target not in found
    assert len(found) == len(set(found))
    for form in found:
        assert form[:1] == target[:1]
        assert unicodedata.is_normalized("NFC", form) or not unicodedata.is_normalized(
            "NFC", target
        )


@pytest.mark.parametrize("language", LANGUAGES)
@given(target=hostile | names, rendering=hostile | names, before=hostile | names)
def test_any_rendering_is_answered_with_nothing_but_forms_of_the_target(
    language: str, target: str, rendering: str, before: str
) -> None:
    named = term(target)
    knows = inflector(language)
    offered = forms(knows.like(named, rendering, before))
    assert set(offered) <= {target, *forms(knows.inflections(named))}
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize(
    ("language", "kind", "target", "source", "rendering", "before", "form"),
    [
        ("ru", "person", "Лейла Алиева", "Leyla Aliyeva", "Лейла Алиевы", "речи ", "Лейлы Алиевой"),
        ("ru", "person", "Ричардас Лапайтис", "", "Риардаса Лапаитиса", "", "Ричардаса Лапайтиса"),
        ("ru", "place", "Мексика", "Mexico", "Mexico", "из ", "Мексики"),
        ("ru", "place", "Крым", "Crimea", "Крима", "в ", "Крыму"),
        ("ru", "place", "Ходжалы", "Khojaly", "Хожалы", "в ", "Ходжалы"),
        ("uk", "place", "Україна", "Ukraine", "Украины", "до ", "України"),
        ("tr", "place", "Hocalı", "Khojaly", "Khojaly'da", "", "Hocalı'da"),
        ("tr", "place", "Hocalı", "Khojaly", "Khojaly’nin", "", "Hocalı'nın"),
        (
            "tr",
            "organisation",
            "Haydar Aliyev Vakfı",
            "",
            "Heydar Vakfı'na",
            "",
            "Haydar Aliyev Vakfı'na",
        ),
        (
            "tr",
            "organisation",
            "Haydar Aliyev Vakfı",
            "",
            "Heydar Vakfına",
            "",
            "Haydar Aliyev Vakfına",
        ),
        ("tr", "place", "ISPARTA", "", "Isparda'dan", "", "ISPARTA'dan"),
        ("az", "place", "Xocalı", "Khojaly", "Khojalyda", "", "Xocalıda"),
        ("az", "place", "Xocalı", "Khojaly", "Khojaly", "", "Xocalı"),
        ("az", "place", "Bakı", "Baku", "Baku-dan", "", "Bakıdan"),
    ],
)
def test_the_case_of_a_rendering_is_carried_over(
    language: str, kind: str, target: str, source: str, rendering: str, before: str, form: str
) -> None:
    offered = inflector(language).like(term(target, kind, source), rendering, before)
    assert offered[0].form == form


def test_a_listed_form_is_preferred_to_a_generated_one() -> None:
    listed = term("Фонд Алиева", "organisation", forms=("Фонда им. Алиева", "Фонду Алиева"))
    assert forms(inflector("ru").like(listed, "Фонду Алиева", "к ")) == ["Фонду Алиева"]
    own = term("Hankendi", "place", forms=("Hankendi'nde",))
    assert forms(inflector("tr").like(own, "Stepanakert'te", ""))[0] == "Hankendi'nde"


def test_a_term_that_stays_as_it_is_takes_only_listed_forms() -> None:
    exact = Term("Mexico", "Мексика", mode=TermMode.EXACT, forms=("Мексики",))
    knows = inflector("ru")
    assert knows.inflections(exact) == ()
    assert forms(knows.like(exact, "Мехико", "из ")) == ["Мексики"]
    assert set(forms(knows.like(exact, "Мехику", "в "))) <= {"Мексика", "Мексики"}


def test_the_gender_of_a_term_decides() -> None:
    knows = inflector("ru")
    assert knows.inflections(term("Меркель", "person", gender=Gender.FEMININE)) == ()
    assert "Меркеля" in forms(knows.inflections(term("Меркель", "person", gender=Gender.MASCULINE)))


@pytest.mark.parametrize(
    ("language", "acceptable", "unflagged"),
    [("ru", 0.95, 0.02), ("tr", 0.95, 0.02), ("az", 0.95, 0.02)],
)
def test_annotated_drafts_get_acceptable_forms(
    language: str, acceptable: float, unflagged: float
) -> None:
    outcomes = chosen(read_rows(ANNOTATED / f"{language}.tsv"), inflector(language))
    wrong = [outcome for outcome in outcomes if not outcome.acceptable]
    assert len(outcomes) >= 100
    assert 1 - len(wrong) / len(outcomes) >= acceptable
    assert sum(not outcome.flagged for outcome in wrong) / len(outcomes) <= unflagged


@pytest.mark.parametrize("language", ["ru", "tr", "az"])
def test_drafts_without_an_alignment_get_them_too_or_are_flagged(language: str) -> None:
    rows = read_rows(ANNOTATED / f"{language}.tsv")
    outcomes = swapped(rows, inflector(language), language)
    wrong = [outcome for outcome in outcomes if not outcome.acceptable]
    assert 1 - len(wrong) / len(outcomes) >= 0.9
    assert sum(not outcome.flagged for outcome in wrong) / len(outcomes) <= 0.02


@pytest.mark.parametrize(
    ("language", "rendering", "before", "wanted"),
    [
        ("tr", "Grand Prix'sinde", "", ["Vaythol'da"]),
        ("tr", "Whitehall'lıların", "", []),
        ("az", "Whitehall'yi", "", ["Vaytholu"]),
        ("az", "Whitehall-arxa", "", []),
    ],
)
def test_a_divided_suffix_tells_the_case_or_that_it_is_none(
    language: str, rendering: str, before: str, wanted: list[str]
) -> None:
    place = term("Vaythol", "place", source="Whitehall")
    assert forms(inflector(language).like(place, rendering, before))[:1] == wanted


def test_a_hyphen_may_be_the_names_own() -> None:
    street = term("Dauninq-strit", "place", source="Downing Street")
    assert forms(inflector("az").like(street, "Dauning-stritdə", "")) == ["Dauninq-stritdə"]


def test_a_possessive_after_a_genitive_is_no_accusative() -> None:
    group = term("Virgin Grubu", "organisation", source="Virgin Group")
    like = inflector("tr").like
    assert forms(like(group, "Virgin Group’u", "Richard Branson’ın ")) == ["Virgin Grubu"]
    assert forms(like(group, "Virgin Group’u", "Bugün ")) == ["Virgin Grubu'nu"]


def test_a_place_in_no_dictionary_has_no_second_prepositional() -> None:
    city = term("Лос-Анжелес", "place", source="Los Angeles")
    knows = inflector("ru")
    assert forms(knows.like(city, "Лос-Анджелес", "из Сан-Франциско в ")) == ["Лос-Анжелес"]
    assert forms(knows.like(city, "Лос-Анджелесе", "жил в ")) == ["Лос-Анжелесе"]
    crimea = term("Крым", "place", source="Crimea")
    assert forms(knows.like(crimea, "Крыму", "жил в ")) == ["Крыму"]


def test_a_name_after_its_common_noun_is_in_that_ones_case() -> None:
    capital = term("Зогреб", "place", source="Zagreb")
    assert forms(inflector("ru").like(capital, "Загребе", "в хорватской столице ")) == ["Зогребе"]


@pytest.mark.parametrize("tag", ["es", "pt-BR", "fi", "sr-Latn", "tr-Cyrl"])
def test_other_languages_have_no_inflector_and_lack_nothing(tag: str) -> None:
    locale = Locale.parse(tag)
    assert inflector_for(locale) is None
    assert missing_for(locale) is None


def test_without_its_libraries_a_language_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_installed", lambda need: False)
    registry._inflector_for.cache_clear()
    try:
        assert inflector_for(Locale("ru")) is None
        need = missing_for(Locale("ru"))
        assert need is not None
        assert need.extra == "inflection"
        assert inflector_for(Locale("tr")) is not None
    finally:
        registry._inflector_for.cache_clear()
