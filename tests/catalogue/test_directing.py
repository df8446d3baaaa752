import re

import pytest
from msgspec.structs import replace

from l10n_pipeline.catalogue.merge import merge
from l10n_pipeline.catalogue.planning import plan
from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.catalogue.states import acceptance_of, is_failing, state_of
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    State,
    TermVerdict,
    TranslationUnit,
)
from tests.catalogue.builders import machine, template
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, NOW

LOCK = Direction(DirectionKind.LOCK)
KEEP = Direction(DirectionKind.KEEP, "a trade mark")
USE = Direction(DirectionKind.USE, "Nós já!")
MADE = template(["Us now!", "B."])
PLURAL = Catalogue(
    ENGLISH, None, (TranslationUnit("%d file", plural_source="%d files", plural_targets=("", "")),)
)
BLAMED = Diagnostic("echo", "stands there untranslated")


def blaming(unit: TranslationUnit) -> tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]:
    return (), (BLAMED,)


def run(
    existing: Catalogue | None, made: Catalogue = MADE, *, engine: str = "m1", terms: str = ""
) -> Catalogue:
    pending = plan(made, existing, terms_hash_of=lambda unit: terms, redraft=engine != "m1")
    return merge(
        made,
        existing,
        {unit.key: machine(unit.source, terms, engine=engine) for unit in pending}
        if made is MADE
        else {},
        target_locale=BRAZILIAN,
        project="demo",
        now=NOW,
        assess=blaming,
    )


def directing(*directions: Direction, **changes: object) -> Catalogue:
    """A drafted catalogue after a reviewer wrote these directions into its first entry."""
    first = run(None)
    unit = replace(first.units[0], directions=directions, **changes)
    return replace(first, units=(unit, *first.units[1:]))


def outcome(catalogue: Catalogue) -> tuple[str, State]:
    unit = catalogue.units[0]
    return unit.target, state_of(unit)


def test_a_locked_draft_is_never_made_anew() -> None:
    locked = directing(LOCK)
    again = run(locked, engine="m2", terms="0123456789ab")
    assert outcome(again) == ("US NOW! m1", State.DRAFT)
    assert again.units[1].target == "B. m2"


def test_a_locked_empty_entry_stays_empty() -> None:
    assert outcome(run(directing(LOCK, target="", fuzzy=False))) == ("", State.NEW)


@pytest.mark.parametrize(
    ("direction", "text"), [(KEEP, "Us now!"), (USE, "Nós já!")], ids=["keep", "use"]
)
def test_a_direction_that_gives_a_translation_is_followed_and_stays(
    direction: Direction, text: str
) -> None:
    followed = run(directing(direction))
    assert outcome(followed) == (text, State.REVIEWED)
    assert followed.units[0].directions == (direction,)
    assert followed.units[0].provenance is not None
    assert followed.units[0].provenance.origin is Origin.DIRECTION
    assert run(followed, engine="m2").units[0] == followed.units[0]
    emptied = replace(followed.units[0], target="")
    again = run(replace(followed, units=(emptied, *followed.units[1:])))
    assert again.units == followed.units


@pytest.mark.parametrize("first", [KEEP, USE], ids=["keep", "use"])
def test_another_direction_takes_the_place_of_what_one_gave(first: Direction) -> None:
    followed = run(directing(first))
    other = Direction(DirectionKind.USE, "Agora nós!")
    changed = replace(followed.units[0], directions=(other,))
    again = run(replace(followed, units=(changed, *followed.units[1:])))
    assert outcome(again) == ("Agora nós!", State.REVIEWED)


@pytest.mark.parametrize("direction", [KEEP, USE], ids=["keep", "use"])
def test_a_direction_that_is_withdrawn_takes_its_translation_along(direction: Direction) -> None:
    followed = run(directing(direction))
    withdrawn = replace(followed.units[0], directions=())
    again = run(replace(followed, units=(withdrawn, *followed.units[1:])))
    assert outcome(again) == ("US NOW! m1", State.DRAFT)
    mended = replace(withdrawn, target="Agora nós!")
    kept = run(replace(followed, units=(mended, *followed.units[1:])))
    assert outcome(kept) == ("Agora nós!", State.REVIEWED)


def test_a_kept_source_is_not_blamed_for_being_untranslated() -> None:
    assert not is_failing(run(directing(KEEP)).units[0])
    assert is_failing(run(directing(USE)).units[0]) == is_failing(run(run(directing(USE))).units[0])


@pytest.mark.parametrize("direction", [KEEP, USE], ids=["keep", "use"])
@pytest.mark.parametrize("fuzzy", [True, False])
def test_a_humans_other_text_stands_and_the_entry_says_so(
    direction: Direction, fuzzy: bool
) -> None:
    kept = run(directing(direction, target="Agora nós!", fuzzy=fuzzy))
    assert kept.units[0].target == "Agora nós!"
    assert [finding.rule for finding in kept.units[0].findings] == ["echo", "directions"]


def test_a_text_given_for_the_source_as_it_was_is_not_used_for_another() -> None:
    stale = directing(USE, target="Nós já!", previous_source="Us, now!")
    assert outcome(run(stale)) == ("Nós já!", State.STALE)


def test_a_source_that_is_kept_is_kept_as_it_changes() -> None:
    stale = directing(KEEP, target="Us, now!", previous_source="Us, now!")
    assert outcome(run(stale)) == ("Us now!", State.REVIEWED)


def test_of_directions_against_each_other_the_first_counts() -> None:
    followed = run(directing(KEEP, USE))
    assert outcome(followed) == ("Us now!", State.REVIEWED)
    assert [finding.rule for finding in followed.units[0].findings] == ["directions"]


def test_a_message_with_a_plural_is_kept_in_all_its_forms() -> None:
    first = run(None, PLURAL)
    kept = run(replace(first, units=(replace(first.units[0], directions=(KEEP,)),)), PLURAL)
    assert kept.units[0].plural_targets == ("%d file", "%d files")
    asked = replace(first.units[0], directions=(USE,), plural_targets=("a", "b"))
    told = run(replace(first, units=(asked,)), PLURAL).units[0].findings
    assert told[-1].message == "l10n-use cannot give plural forms"


@pytest.mark.parametrize("note", ["l10n-loc", "l10n-Keep", f"l10n-use: {'a' * 40}"])
def test_a_line_that_is_nearly_a_direction_is_told_of_until_it_is_mended(note: str) -> None:
    first = run(None)
    written = replace(first, units=(replace(first.units[0], notes=(note,)), *first.units[1:]))
    told = run(written)
    assert [finding.rule for finding in told.units[0].findings] == ["directions"]
    assert not is_failing(told.units[0])
    assert run(told) is told
    mended = replace(told, units=(replace(told.units[0], notes=()), *told.units[1:]))
    assert run(mended).units == first.units


def noted(note: str) -> str:
    """A catalogue as it is written, with a line in its first entry that is nearly a direction."""
    first = run(None)
    unit = replace(first.units[0], notes=(note,))
    return write_catalogue(run(replace(first, units=(unit, *first.units[1:])))).decode()


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("l10n-lok", '"lok" is no direction; these are: lock, keep, use'),
        (f"l10n-use: {'a' * 40}", "l10n-use may have been cut: put all of it on one line, closed"),
    ],
)
def test_what_is_said_of_such_a_line_has_nothing_escaped(note: str, message: str) -> None:
    assert f"# l10n-finding: directions (warning): {message}" in noted(note)


def test_what_was_said_of_such_a_line_before_gives_way() -> None:
    now = noted("l10n-lok")
    told = re.search("# l10n-finding: directions .*", now)
    assert told is not None
    before = now.replace(
        told[0],
        '# l10n-finding: directions (warning): "l10n-lok" is none of '
        r"\u006c10n-lock, \u006c10n-keep and \u006c10n-use: TEXT ∎",
    )
    read = read_catalogue(
        before.encode(), where="a.po", source_locale=ENGLISH, expected_locale=BRAZILIAN
    )
    assert write_catalogue(run(read)).decode() == now


def test_what_a_human_has_accepted_is_never_taken_for_what_a_direction_gave() -> None:
    first = run(None)
    accepted = replace(first.units[0], fuzzy=False)
    back = replace(accepted, acceptance=acceptance_of(accepted))  # as msgmerge may bring it back
    again = run(replace(first, units=(back, *first.units[1:])))
    assert outcome(again) == ("US NOW! m1", State.REVIEWED)
