from dataclasses import replace
from datetime import timedelta

import pytest

from l10n_pipeline.catalogue import merge as merging
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Draft,
    State,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)
from tests.catalogue.builders import machine, template, translate
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, NOW

LATER = NOW + timedelta(days=3)
HASH = "0123456789ab"


def unit_of(catalogue: Catalogue, source: str) -> TranslationUnit:
    return next(unit for unit in catalogue.units if unit.source == source)


def with_unit(catalogue: Catalogue, key: str, /, **changes: object) -> Catalogue:
    """The catalogue after somebody changed an entry."""
    return replace(
        catalogue,
        units=tuple(
            replace(unit, **changes) if unit.source == key else unit  # type: ignore[arg-type]  # fields by name
            for unit in catalogue.units
        ),
    )


def shape(catalogue: Catalogue) -> list[tuple[str, str, State]]:
    return [(unit.source, unit.target, state_of(unit)) for unit in catalogue.units]


# --- templates ---------------------------------------------------------------------


def test_a_template_has_one_unit_for_each_distinct_sentence_in_order() -> None:
    made = template(["B.", "A."], ["A.", "C."])
    assert [unit.source for unit in made.units] == ["B.", "A.", "C."]
    assert [unit.extracted for unit in made.units] == [
        ("paragraph 1, sentence 1",),
        ("paragraph 1, sentence 2 (also paragraph 2, sentence 1)",),
        ("paragraph 2, sentence 2",),
    ]
    assert {unit.references for unit in made.units} == {("seeds/a%20b.txt",)}
    assert made.target_locale is None


def test_a_sentence_of_many_places_names_a_few() -> None:
    (unit,) = template(*[["A."]] * 8).units
    assert unit.extracted[0].endswith("; paragraph 5, sentence 1; 3 more)")


def test_an_empty_document_has_an_empty_catalogue() -> None:
    catalogue = translate(template(), None)
    assert catalogue.units == ()
    assert catalogue.header["Language"] == "pt_BR"


def test_a_templates_date_moves_only_with_its_entries() -> None:
    def update(new: Catalogue, old: Catalogue | None, days: int) -> Catalogue:
        now = NOW + timedelta(days=days)
        return merging.update_template(new, old, project="demo", now=now)

    first = update(template(["A.", "B."]), None, 0)
    assert update(template(["A.", "B."]), first, 1) is first
    moved = update(template(["A."], ["B."]), first, 2)
    assert moved.units != first.units
    assert moved.header["POT-Creation-Date"] == first.header["POT-Creation-Date"]
    changed = update(template(["B.", "A."]), first, 3)
    assert changed.header["POT-Creation-Date"] == "2026-07-04 12:30+0000"


# --- drafts ------------------------------------------------------------------------


def test_a_first_run_drafts_everything_fuzzy_in_document_order() -> None:
    assert shape(translate(template(["B.", "A."]), None)) == [
        ("B.", "B. m1", State.DRAFT),
        ("A.", "A. m1", State.DRAFT),
    ]


def test_a_second_run_plans_nothing_and_gives_the_same_catalogue_back() -> None:
    made = template(["A.", "B."])
    first = translate(made, None)
    assert merging.plan(made, first, terms_hash_of=lambda source: "") == ()
    assert translate(made, first, now=LATER) is first


def test_a_changed_sentence_alone_is_drafted_anew() -> None:
    first = translate(template(["A.", "B."]), None)
    changed = template(["A.", "B!"])
    pending = merging.plan(changed, first, terms_hash_of=lambda source: "")
    assert [unit.source for unit in pending] == ["B!"]
    assert shape(translate(changed, first)) == [
        ("A.", "A. m1", State.DRAFT),
        ("B!", "B! m1", State.DRAFT),
    ]


def test_an_untouched_draft_is_made_again_when_its_terms_change() -> None:
    made = template(["A.", "B."])
    first = translate(made, None)
    second = translate(
        made,
        first,
        draft=lambda source, terms: machine(source, terms, engine="m2"),
        terms_hash_of=lambda source: HASH if source == "B." else "",
    )
    assert [unit.target for unit in second.units] == ["A. m1", "B. m2"]
    provenance = second.units[1].provenance
    assert provenance is not None
    assert provenance.terms_hash == HASH


def test_redraft_remakes_untouched_drafts_only() -> None:
    made = template(["A.", "B.", "C."])
    first = translate(made, None)
    first = with_unit(first, "A.", target="Humano")
    first = with_unit(first, "B.", fuzzy=False)
    second = translate(made, first, redraft=True, draft=lambda s, t: machine(s, t, engine="m2"))
    assert [unit.target for unit in second.units] == ["Humano", "B. m1", "C. m2"]


def test_a_redrafted_unit_keeps_a_humans_comments_and_flags() -> None:
    made = template(["A."])
    first = with_unit(translate(made, None), "A.", notes=("Hm?",), flags=("no-wrap",))
    second = translate(made, first, terms_hash_of=lambda source: HASH)
    assert second.units[0].notes == ("Hm?",)
    assert second.units[0].flags == ("no-wrap",)


def test_a_draft_without_text_leaves_hints_and_an_empty_unit() -> None:
    hint = (TermVerdict("A", "Á", TermStatus.AGREED),)
    made = template(["A."])
    prepared = translate(made, None, draft=lambda source, terms: Draft("", verdicts=hint))
    assert shape(prepared) == [("A.", "", State.NEW)]
    assert prepared.units[0].verdicts == hint
    assert not prepared.units[0].fuzzy
    assert shape(translate(made, prepared)) == [("A.", "A. m1", State.DRAFT)]


def test_a_draft_without_text_takes_no_draft_away() -> None:
    made = template(["A."])
    first = translate(made, None)
    second = translate(
        made, first, terms_hash_of=lambda source: HASH, draft=lambda source, terms: Draft("")
    )
    assert second is first


def test_an_offered_draft_never_replaces_a_humans_text() -> None:
    made = template(["A."])
    first = with_unit(translate(made, None), "A.", target="Humano")
    second = merging.merge(
        made, first, {("", "A."): machine("A.")}, target_locale=BRAZILIAN, project="", now=NOW
    )
    assert second is first


# --- human work --------------------------------------------------------------------


@pytest.mark.parametrize(
    "work",
    [
        {"target": "Humano", "fuzzy": False},
        {"fuzzy": False},
        {"target": "Humano"},
        {"target": "Humano", "previous_source": "A?", "previous_context": "c"},
        {"target": "Humano", "provenance": None, "flags": ("no-wrap",)},
    ],
    ids=["reviewed", "accepted untouched", "edited", "stale", "typed in"],
)
def test_human_work_stands_leaves_with_its_sentence_and_comes_back(
    work: dict[str, object],
) -> None:
    here, gone = template(["A.", "B."]), template(["B."])
    work = {**work, "notes": ("Certain.", "l10n-lock")}
    first = with_unit(translate(here, None), "A.", **work)
    assert translate(here, first, terms_hash_of=lambda source: HASH).units[0] == first.units[0]

    retired = translate(gone, first)
    assert [unit.obsolete for unit in retired.units] == [False, True]
    kept = replace(first.units[0], obsolete=True, extracted=(), references=())
    assert retired.units[1] == kept

    assert translate(here, retired).units == first.units


def test_untouched_drafts_and_empty_units_leave_with_their_sentence() -> None:
    first = with_unit(translate(template(["A.", "B.", "C."]), None), "B.", target="", fuzzy=False)
    assert [unit.source for unit in translate(template(["C."]), first).units] == ["C."]


def test_a_comment_keeps_even_an_untouched_draft() -> None:
    first = with_unit(translate(template(["A.", "B."]), None), "A.", notes=("Ask Rosa.",))
    kept = unit_of(translate(template(["B."]), first), "A.")
    assert kept.obsolete
    assert kept.notes == ("Ask Rosa.",)


def test_a_draft_that_another_tool_moved_is_remade_on_request_only() -> None:
    # msgmerge may have moved it from an entry whose draft had been accepted as it was.
    made = template(["A!"])
    moved = with_unit(translate(template(["A."]), None), "A.", source="A!", previous_source="A.")
    assert translate(made, moved, terms_hash_of=lambda source: HASH).units[0].target == "A. m1"
    assert unit_of(translate(template(["B."]), moved), "A!").obsolete
    assert shape(translate(made, moved, redraft=True)) == [("A!", "A! m1", State.DRAFT)]


def test_a_previous_source_goes_when_the_translation_is_accepted() -> None:
    made = template(["A."])
    first = with_unit(
        translate(made, None), "A.", target="Humano", fuzzy=False, previous_source="A?"
    )
    assert translate(made, first).units[0].previous_source == ""


def test_an_emptied_unit_loses_its_flag_and_is_drafted_again() -> None:
    made = template(["A."])
    emptied = with_unit(translate(made, None), "A.", target="", previous_source="A?")
    kept = merging.merge(made, emptied, {}, target_locale=BRAZILIAN, project="", now=NOW).units[0]
    assert (kept.fuzzy, kept.previous_source) == (False, "")
    assert shape(translate(made, emptied)) == [("A.", "A. m1", State.DRAFT)]


def test_obsolete_units_stand_last() -> None:
    first = translate(template(["A.", "B.", "C."]), None)
    for source in ("A.", "B."):
        first = with_unit(first, source, fuzzy=False)
    second = translate(template(["D.", "B."]), first)
    assert [(unit.source, unit.obsolete) for unit in second.units] == [
        ("D.", False), ("B.", False), ("A.", True),
    ]  # fmt: skip


# --- verdicts ----------------------------------------------------------------------

SWAPPED = TermVerdict("A", "Á", TermStatus.SWAPPED, 'from "a"')
OK = TermVerdict("A", "Á", TermStatus.OK)
MISSING = TermVerdict("A", "Á", TermStatus.MISSING)
AGREED = TermVerdict("A", "Á", TermStatus.AGREED)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ((SWAPPED,), (OK,), (SWAPPED,)),
        ((SWAPPED,), (MISSING,), (MISSING,)),
        ((MISSING,), (OK,), (OK,)),
        ((AGREED,), (OK,), (OK,)),
        ((), (OK,), (OK,)),
        ((OK,), (), ()),
    ],
)
@pytest.mark.parametrize("fuzzy", [True, False])
def test_verdicts_of_human_text_are_refreshed_where_they_say_something_new(
    old: tuple[TermVerdict, ...],
    new: tuple[TermVerdict, ...],
    kept: tuple[TermVerdict, ...],
    fuzzy: bool,
) -> None:
    made = template(["A."])
    finding = (Diagnostic("numbers", "5 is missing"),)
    first = with_unit(
        translate(made, None), "A.", target="Humano", fuzzy=fuzzy, verdicts=old, findings=finding
    )
    second = translate(made, first, verify=lambda source, target: new)
    assert second.units[0] == replace(first.units[0], verdicts=kept)


def test_drafts_are_not_verified_again() -> None:
    made = template(["A."])
    first = translate(made, None)
    assert translate(made, first, verify=lambda source, target: (MISSING,)) is first


# --- headers -----------------------------------------------------------------------


def test_a_catalogues_dates_move_only_with_its_entries() -> None:
    first = translate(template(["A.", "B."]), None)
    moved = translate(template(["A."], ["B."]), first, now=LATER)
    assert moved.header["POT-Creation-Date"] == first.header["POT-Creation-Date"]
    assert moved.header["PO-Revision-Date"] == "2026-07-04 12:30+0000"
    changed = translate(template(["A."]), first, now=LATER)
    assert changed.header["POT-Creation-Date"] == "2026-07-04 12:30+0000"


def test_a_catalogue_takes_its_creation_date_from_a_template_that_has_one() -> None:
    made = merging.update_template(template(["A."]), None, project="demo", now=NOW)
    catalogue = translate(made, None, now=LATER)
    assert catalogue.header["POT-Creation-Date"] == made.header["POT-Creation-Date"]


def test_what_a_human_wrote_above_the_header_is_kept() -> None:
    first = replace(translate(template(["A."]), None), header_notes=("Rosa, 2026",))
    assert translate(template(["B."]), first).header_notes == ("Rosa, 2026",)


def test_a_source_that_stands_twice_is_refused() -> None:
    twice = Catalogue(ENGLISH, BRAZILIAN, (TranslationUnit("A.", "1"), TranslationUnit("A.", "2")))
    with pytest.raises(CatalogueError, match="twice"):
        translate(template(["A."]), twice)
