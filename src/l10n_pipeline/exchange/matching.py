"""Which catalogue what came back is for, and which of its entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from l10n_pipeline.errors import InputError
from l10n_pipeline.exchange.entries import Returned, composed
from l10n_pipeline.exchange.returning import Fate, Settled
from l10n_pipeline.model import State, TranslationUnit


def holders(
    returned: Iterable[Returned], catalogues: Mapping[str, Collection[str]]
) -> Sequence[str]:
    """The catalogues that hold more of what came back than the others, at least half of it; of
    several, nobody can tell which is meant.

    Args:
        returned: what came back for one document.
        catalogues: the ids of their units, by their names.
    """
    wanted = {one.unit_id for one in returned}
    counts = {name: len(wanted.intersection(ids)) for name, ids in catalogues.items()}
    most = max(counts.values(), default=0)
    if not most or 2 * most < len(wanted):
        return ()
    return [name for name, count in counts.items() if count == most]


def refuse_repeated(returned: Iterable[Returned]) -> None:
    """Refuse what came back for one catalogue if a text came back twice.

    Raises:
        InputError: names both places.
    """
    seen: dict[str, str] = {}
    for one in returned:
        if one.id and (first := seen.setdefault(one.id, one.place)) != one.place:
            raise InputError(
                f"{one.id} is at {first} already",
                where=one.place,
                way_out="leave one of them in the file",
            )


def by_unit(
    returned: Iterable[Returned],
    known: Mapping[str, TranslationUnit],
    by_key: Mapping[tuple[str, str], str],
) -> dict[str, list[Returned]]:
    """What came back by the ids of the units; by its own where there is no such unit.

    Args:
        returned: what came back for a catalogue.
        known: its units by their ids.
        by_key: their ids by context and source, both :func:`composed`.
    """
    found: dict[str, list[Returned]] = {}
    for one in returned:
        id_ = one.unit_id
        if id_ not in known and one.source is not None:
            # Its id is lost or spoilt; its text and context tell as well.
            id_ = by_key.get((composed(one.context or ""), composed(one.source)), id_)
        found.setdefault(id_, []).append(one)
    return found


def gone(texts: Sequence[Returned]) -> Settled:
    """What becomes of a text whose source has left the catalogue."""
    nothing = TranslationUnit("")
    # An entry that somebody has noted something on stays: all of these are new.
    notes = [line for one in texts for line in one.notes]
    if not notes and all(_is_untouched(one) for one in texts):
        return Settled(nothing, Fate.UNCHANGED)
    told = f"; it has the note: {' / '.join(notes)}" if notes else ""
    return Settled(
        nothing,
        Fate.CONFLICT,
        f"its source is no longer in the catalogue{told}",
        "put it into the entry that took its place",
    )


def _is_untouched(one: Returned) -> bool:
    if not one.target.strip():
        return True
    if one.exported is None or not one.exported.is_of(one.target):
        return False
    return not one.accepted or one.exported.state is State.REVIEWED


def are_of(unit: TranslationUnit, texts: Sequence[Returned]) -> bool:
    """Whether texts that have a unit's id have its source as well; of a spreadsheet, one column
    may have been sorted without the others.
    """
    sources = {_bare(text) for text in (unit.source, unit.plural_source)}
    return all(one.source is None or _bare(one.source) in sources for one in texts)


def _bare(text: str) -> str:
    """What of a text survives every tool: its letters and digits."""
    text = composed(text)
    return "".join(filter(str.isalnum, text)) or " ".join(text.split())
