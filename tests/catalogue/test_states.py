import pytest
from msgspec.structs import replace

from l10n_pipeline.catalogue.states import (
    acceptable,
    is_failing,
    is_untouched_draft,
    state_of,
    unit_text,
)
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import (
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    Provenance,
    Severity,
    State,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)

MADE = Provenance(Origin.MT, "m", text_hash("Olá"), "")
NEW = TranslationUnit("Hello")
DRAFT = TranslationUnit("Hello", "Olá", fuzzy=True, provenance=MADE)
EDITED = replace(DRAFT, target="Oi")
PLURAL = TranslationUnit("file", plural_source="files", plural_targets=("a", "b"), fuzzy=True)
UNITS = {
    "new": (NEW, State.NEW),
    "new, fuzzy": (replace(NEW, fuzzy=True), State.NEW),
    "draft": (DRAFT, State.DRAFT),
    "draft from memory": (
        replace(DRAFT, provenance=replace(MADE, origin=Origin.TM)),
        State.DRAFT,
    ),
    "moved to another source, the old one kept": (
        replace(DRAFT, previous_source="Hi"),
        State.STALE,
    ),
    "moved to another source": (
        replace(DRAFT, provenance=replace(MADE, source_hash=text_hash("Hi"))),
        State.STALE,
    ),
    "empty draft without its flag": (
        replace(NEW, provenance=replace(MADE, text_hash=text_hash(""))),
        State.NEW,
    ),
    "locked draft": (replace(DRAFT, directions=(Direction(DirectionKind.LOCK),)), State.DRAFT),
    "edited": (EDITED, State.EDITED),
    "of unknown origin": (replace(DRAFT, provenance=None), State.EDITED),
    "stale": (replace(EDITED, previous_source="Hi"), State.STALE),
    "accepted untouched": (replace(DRAFT, fuzzy=False), State.REVIEWED),
    "reviewed": (replace(EDITED, fuzzy=False), State.REVIEWED),
    "reviewed plural": (
        TranslationUnit("file", plural_source="files", plural_targets=("a", "b")),
        State.REVIEWED,
    ),
    "empty plural": (
        TranslationUnit("file", plural_source="files", plural_targets=("", "")),
        State.NEW,
    ),
    "draft of a plural": (
        replace(PLURAL, provenance=replace(MADE, text_hash=text_hash("a\0b"))),
        State.DRAFT,
    ),
    "plural written into an empty draft": (
        replace(PLURAL, provenance=replace(MADE, text_hash=text_hash(""))),
        State.EDITED,
    ),
    "obsolete": (replace(EDITED, obsolete=True), State.OBSOLETE),
}


@pytest.mark.parametrize("name", UNITS)
def test_a_state_is_read_off_the_entry(name: str) -> None:
    unit, state = UNITS[name]
    assert state_of(unit) is state


def test_only_the_machines_own_unaccepted_text_is_an_untouched_draft() -> None:
    untouched = {name for name, (unit, _) in UNITS.items() if is_untouched_draft(unit)}
    assert untouched == {
        "draft",
        "draft from memory",
        "draft of a plural",
        "empty draft without its flag",
    }


@pytest.mark.parametrize(
    ("policy", "states"),
    [
        ("reviewed", {State.REVIEWED}),
        ("fuzzy", {State.REVIEWED, State.EDITED, State.STALE}),
        ("mt", {State.REVIEWED, State.EDITED, State.STALE, State.DRAFT}),
    ],
)
def test_a_policy_accepts_its_states_and_no_other(policy: str, states: set[State]) -> None:
    assert {state for unit, state in UNITS.values() if acceptable(unit, policy)} == states


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="'all' is none of reviewed, fuzzy, mt"):
        acceptable(NEW, "all")


def test_the_text_of_a_plural_tells_its_forms_apart() -> None:
    assert unit_text(DRAFT) == "Olá"
    assert unit_text(PLURAL) != unit_text(replace(PLURAL, plural_targets=("ab", "")))


@pytest.mark.parametrize(
    ("marks", "failing"),
    [
        ({}, False),
        ({"verdicts": (TermVerdict("A", "Á", TermStatus.SWAPPED),)}, False),
        ({"verdicts": (TermVerdict("A", "Á", TermStatus.MISSING),)}, True),
        ({"findings": (Diagnostic("numbers", "5 is missing"),)}, True),
        ({"findings": (Diagnostic("repetition", "twice", Severity.WARNING),)}, False),
    ],
)
def test_a_failing_verdict_or_an_error_is_for_a_reviewer(
    marks: dict[str, tuple[TermVerdict | Diagnostic, ...]], failing: bool
) -> None:
    unit = replace(DRAFT, **marks)
    assert is_failing(unit) is failing
    assert not is_failing(replace(unit, obsolete=True))
