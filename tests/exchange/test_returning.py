"""What becomes of an entry by what comes back: a human's work stands, wherever it was done."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.exchange.entries import Returned
from l10n_pipeline.exchange.returning import Fate
from l10n_pipeline.model import (
    Direction,
    DirectionKind,
    State,
    TranslationUnit,
)
from tests.catalogue.strategies import texts, units

from .samples import back, drafted, out, settled

NEW = TranslationUnit("One comes.")
DRAFT = drafted("One comes.", "Um vem.")
EDITED = TranslationUnit("One comes.", "Um está vindo.", fuzzy=True)
STALE = replace(EDITED, previous_source="One came.")
REVIEWED = TranslationUnit("One comes.", "Um vem.")
PLURAL = TranslationUnit("a file", plural_source="{n} files", plural_targets=("", ""))


@pytest.mark.parametrize("unit", [NEW, DRAFT, EDITED, STALE])
def test_a_translators_text_goes_in_and_waits_for_review(unit: TranslationUnit) -> None:
    outcome = settled(unit, back(unit, "Vem um."))
    assert outcome.fate is Fate.EDITED
    assert (outcome.unit.target, outcome.unit.fuzzy) == ("Vem um.", True)
    assert state_of(outcome.unit) in (State.EDITED, State.STALE)


@pytest.mark.parametrize("unit", [NEW, DRAFT, EDITED, STALE])
def test_what_a_translator_calls_reviewed_is_reviewed(unit: TranslationUnit) -> None:
    outcome = settled(unit, back(unit, "Vem um.", accepted=True))
    assert outcome.fate is Fate.ACCEPTED
    assert outcome.unit.target == "Vem um."
    assert state_of(outcome.unit) is State.REVIEWED
    assert not outcome.unit.previous_source


@pytest.mark.parametrize("unit", [DRAFT, EDITED, STALE])
def test_a_text_is_accepted_without_a_change(unit: TranslationUnit) -> None:
    outcome = settled(unit, back(unit, unit.target, accepted=True))
    assert (outcome.fate, outcome.unit.target) == (Fate.ACCEPTED, unit.target)
    assert outcome.unit.provenance == unit.provenance


def test_no_review_is_taken_back() -> None:
    outcome = settled(REVIEWED, back(REVIEWED, REVIEWED.target, accepted=False))
    assert (outcome.fate, outcome.unit) == (Fate.UNCHANGED, REVIEWED)


def test_a_reviewed_text_is_replaced_only_when_told() -> None:
    returned = back(REVIEWED, "Vem um.", accepted=True)
    outcome = settled(REVIEWED, returned)
    assert (outcome.fate, outcome.unit, outcome.why) == (Fate.CONFLICT, REVIEWED, "it is reviewed")
    outcome = settled(REVIEWED, returned, overrule=True)
    assert (outcome.fate, outcome.unit.target) == (Fate.ACCEPTED, "Vem um.")


def test_a_review_is_not_taken_back_by_what_nobody_reviewed() -> None:
    outcome = settled(REVIEWED, back(REVIEWED, "Vem um.", accepted=False), overrule=True)
    assert (outcome.fate, outcome.unit) == (Fate.CONFLICT, REVIEWED)
    assert outcome.why == "it is reviewed, and what came back is not called so"
    assert "--replace" in outcome.way_out


@pytest.mark.parametrize("overrule", [False, True])
@pytest.mark.parametrize("unit", [DRAFT, EDITED, STALE, REVIEWED])
@pytest.mark.parametrize("fuzzy", [False, True])
def test_what_a_human_wrote_since_the_export_stands(
    unit: TranslationUnit, fuzzy: bool, overrule: bool
) -> None:
    returned = back(unit, "Vem um.", accepted=True)
    now = replace(unit, target="Chegou um.", fuzzy=fuzzy)
    outcome = settled(now, returned, overrule=overrule)
    assert (outcome.fate, outcome.unit) == (Fate.CONFLICT, now)


@pytest.mark.parametrize("overrule", [False, True])
def test_what_was_accepted_since_the_export_stands(overrule: bool) -> None:
    now = replace(DRAFT, fuzzy=False)
    outcome = settled(now, back(DRAFT, "Vem um."), overrule=overrule)
    assert (outcome.fate, outcome.unit) == (Fate.CONFLICT, now)
    assert outcome.why == "it was reviewed here since the export"


def test_what_the_machine_drafted_since_the_export_gives_way() -> None:
    for before in (NEW, drafted("One comes.", "Vem.")):
        outcome = settled(DRAFT, back(before, "Vem um."))
        assert (outcome.fate, outcome.unit.target) == (Fate.EDITED, "Vem um.")


def test_a_draft_that_was_made_anew_stays_where_nobody_touched_the_old_one() -> None:
    outcome = settled(DRAFT, out(drafted("One comes.", "Vem.")))
    assert (outcome.fate, outcome.unit) == (Fate.UNCHANGED, DRAFT)


def test_a_text_that_was_decomposed_is_the_one_that_went_out() -> None:
    before = drafted("One comes.", "Já vem.")
    (one,) = out(before)
    returned = [replace(one, target=unicodedata.normalize("NFD", one.target))]
    now = replace(DRAFT, target="Ele já vem.")
    outcome = settled(now, returned)
    assert (outcome.fate, outcome.unit) == (Fate.UNCHANGED, now)
    decomposed = replace(before, target=returned[0].target, fuzzy=False)
    outcome = settled(decomposed, [replace(out(decomposed)[0], target=before.target)])
    assert (outcome.fate, outcome.unit) == (Fate.UNCHANGED, decomposed)


def test_the_same_text_here_and_there_is_no_conflict() -> None:
    now = replace(DRAFT, target="Vem um.", fuzzy=False)
    outcome = settled(now, back(DRAFT, "Vem um."))
    assert (outcome.fate, outcome.unit) == (Fate.UNCHANGED, now)


def test_without_what_went_out_no_human_text_is_replaced() -> None:
    def unknown(unit: TranslationUnit) -> list[Returned]:
        return [replace(one, exported=None) for one in back(unit, "Vem um.")]

    assert settled(NEW, unknown(NEW)).fate is Fate.EDITED
    assert settled(DRAFT, unknown(DRAFT)).fate is Fate.EDITED
    for unit in (EDITED, STALE, REVIEWED):
        outcome = settled(unit, unknown(unit), overrule=True)
        assert (outcome.fate, outcome.unit) == (Fate.CONFLICT, unit)


@pytest.mark.parametrize("unit", [DRAFT, EDITED, STALE, REVIEWED])
def test_nothing_is_emptied(unit: TranslationUnit) -> None:
    for text in ("", " \n"):
        outcome = settled(unit, back(unit, text), overrule=True)
        assert (outcome.fate, outcome.unit) == (Fate.REFUSED, unit)


def test_an_empty_text_that_is_called_reviewed_is_told_of() -> None:
    assert settled(NEW, back(NEW, "", accepted=True)).fate is Fate.REFUSED
    assert settled(NEW, back(NEW, "")).fate is Fate.UNCHANGED


@pytest.mark.parametrize("kind", DirectionKind)
def test_what_a_reviewer_directed_stands(kind: DirectionKind) -> None:
    unit = replace(EDITED, directions=(Direction(kind, "Um."),))
    outcome = settled(unit, back(unit, "Vem um.", accepted=True), overrule=True)
    assert (outcome.fate, outcome.unit) == (Fate.CONFLICT, unit)
    assert settled(unit, out(unit)).fate is Fate.UNCHANGED


@pytest.mark.parametrize(
    ("source", "flags", "text", "why"),
    [
        ("Read <g1>this</g1>.", (), "Leia isto.", "<g1> is missing"),
        ("Read <g1>this</g1>.", (), "Leia <g1>isto</g1><x2/>.", "<x2/> is not in the source"),
        ("Read this.", (), "Leia <x1/>.", "<x1/> is not in the source"),
        ("%s comes.", ("c-format",), "Vem.", "%s is missing"),
        ("One.\n", (), "Um.", "it does not end with a line break"),
    ],
)
def test_a_broken_text_is_kept_but_not_accepted(
    source: str, flags: tuple[str, ...], text: str, why: str
) -> None:
    unit = TranslationUnit(source, flags=flags)
    outcome = settled(unit, back(unit, text, accepted=True))
    assert (outcome.fate, outcome.why) == (Fate.HELD, why)
    assert (outcome.unit.target, outcome.unit.fuzzy) == (text, True)
    assert why in [finding.message for finding in outcome.unit.findings]
    again = settled(outcome.unit, back(unit, text, accepted=True))
    assert again.unit == outcome.unit


def test_no_broken_text_takes_a_reviewed_ones_place() -> None:
    unit = TranslationUnit("Read <g1>this</g1>.", "Leia <g1>isto</g1>.")
    outcome = settled(unit, back(unit, "Leia isto.", accepted=True), overrule=True)
    assert (outcome.fate, outcome.unit) == (Fate.REFUSED, unit)


def test_a_text_about_tags_may_have_them_as_it_likes() -> None:
    unit = TranslationUnit("Write <g1> to begin.")
    assert settled(unit, back(unit, "Escreva <g1>.", accepted=True)).fate is Fate.ACCEPTED


def test_the_forms_of_a_message_go_in_together_or_not_at_all() -> None:
    returned = back(PLURAL, "um arquivo", "{n} arquivos", accepted=True)
    outcome = settled(PLURAL, returned)
    assert outcome.fate is Fate.ACCEPTED
    assert outcome.unit.plural_targets == ("um arquivo", "{n} arquivos")
    for part in (returned[:1], returned[1:], [returned[0], returned[0]]):
        outcome = settled(PLURAL, part)
        assert (outcome.fate, outcome.unit) == (Fate.REFUSED, PLURAL)
    outcome = settled(PLURAL, back(PLURAL, "um arquivo", ""))
    assert (outcome.fate, outcome.unit) == (Fate.REFUSED, PLURAL)


def test_a_message_is_accepted_only_as_a_whole() -> None:
    first, second = back(PLURAL, "um arquivo", "{n} arquivos", accepted=True)
    outcome = settled(PLURAL, [first, replace(second, accepted=False)])
    assert (outcome.fate, outcome.unit.fuzzy) == (Fate.EDITED, True)


def test_a_singular_that_does_without_the_number_is_whole() -> None:
    unit = replace(PLURAL, source="one file", plural_source="%d files", flags=("c-format",))
    assert settled(unit, back(unit, "um arquivo", "%d arquivos", accepted=True)).fate is (
        Fate.ACCEPTED
    )


def test_line_ends_that_a_spreadsheet_has_changed_are_no_change() -> None:
    unit = TranslationUnit("a\r\nb", "c\r\nd")
    outcome = settled(unit, back(unit, "c\nd"))
    assert (outcome.fate, outcome.unit) == (Fate.UNCHANGED, unit)


def test_work_on_a_sentence_that_has_left_is_kept_for_its_return() -> None:
    gone = replace(EDITED, obsolete=True)
    outcome = settled(gone, back(EDITED, "Vem um.", accepted=True))
    assert (outcome.unit.target, outcome.unit.obsolete) == ("Vem um.", True)


def test_notes_are_added_and_none_is_dropped() -> None:
    unit = replace(NEW, notes=("A name?", "", "  indented"))
    returned = [replace(out(unit)[0], notes=("A name? Yes.", "  indented"))]
    outcome = settled(unit, returned)
    assert outcome.fate is Fate.NOTED
    assert outcome.unit.notes == (*unit.notes, "A name? Yes.")


@pytest.mark.parametrize("line", ["l10n-lock", "l10n-mt: x text=5251c3c68010", "l10n-use: Um."])
def test_a_note_gives_no_orders(line: str) -> None:
    outcome = settled(NEW, back(NEW, "", notes=[line]))
    assert outcome.unit.notes == (f"note: {line}",)
    assert settled(outcome.unit, back(NEW, "", notes=[line])).fate is Fate.UNCHANGED


def test_a_note_is_kept_beside_a_conflict() -> None:
    outcome = settled(REVIEWED, back(REVIEWED, "Vem um.", notes=["Why not so?"]))
    assert outcome.fate is Fate.CONFLICT
    assert (outcome.unit.target, outcome.unit.notes) == (REVIEWED.target, ("Why not so?",))


@given(units(), units(), st.lists(texts, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_a_human_text_changes_only_where_it_is_what_went_out(
    before: TranslationUnit,
    other: TranslationUnit,
    texts_: list[str],
    accepted: bool,
    overrule: bool,
) -> None:
    before = replace(before, obsolete=False)
    returned = out(before)
    returned = [
        replace(one, target=texts_[at % len(texts_)], accepted=accepted)
        for at, one in enumerate(returned)
    ]
    now = replace(
        before,
        target=other.target if not before.plural_source else "",
        plural_targets=tuple(other.target for _ in before.plural_targets),
        fuzzy=other.fuzzy,
        provenance=other.provenance,
        directions=other.directions,
    )
    outcome = settled(now, returned, overrule=overrule)
    after = (outcome.unit.target, outcome.unit.plural_targets)
    theirs = {one.target for one in returned}
    assert outcome.unit.notes[: len(now.notes)] == now.notes
    if state_of(now) is State.REVIEWED:
        assert state_of(outcome.unit) is State.REVIEWED
    assert not outcome.unit.fuzzy or now.fuzzy or after != (now.target, now.plural_targets)
    if after == (now.target, now.plural_targets):
        return
    assert set(filter(None, (outcome.unit.target, *outcome.unit.plural_targets))) <= theirs | {
        now.target
    }
    unchanged = (now.target, now.plural_targets) == (before.target, before.plural_targets)
    empty = not any(text.strip() for text in (now.target, *now.plural_targets))
    assert unchanged or empty or state_of(now) is State.DRAFT
    assert state_of(now) is not State.REVIEWED or overrule
