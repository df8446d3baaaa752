"""What the memory has for a segment, and which of several it is best served by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from l10n_pipeline.codes import TAG
from l10n_pipeline.comparable import comparable
from l10n_pipeline.memory.units import MemoryUnit, Supply, SupplyKind, Surroundings


class MatchKind(StrEnum):
    """How a unit of the memory matches a segment, closest first."""

    CONTEXT = "context"
    """The same text in the same place: of the same document between the same neighbours, with
    the same msgctxt, or between the same neighbours of another document."""
    EXACT = "exact"
    """The same text, character for character."""
    NEAR = "near"
    """The same but for case, white space, or which quotation marks, apostrophes and hyphens
    are used."""
    FUZZY = "fuzzy"
    """A similar text."""


NEAR_SIMILARITY: Final = 0.99
"""What a text that is the same but for its typography, case or numbering of codes is given:
never 1, which says that nobody has to look."""


@dataclass(frozen=True, slots=True)
class Match:
    """A translation of the memory for a segment."""

    kind: MatchKind
    similarity: float
    """1 for context and exact matches, :data:`NEAR_SIMILARITY` for near ones; else that of
    :func:`~l10n_pipeline.comparable.similarity`."""
    unit: MemoryUnit
    supply: Supply
    """Where the unit is from."""
    others: tuple[str, ...] = ()
    """Different translations that match as closely, best first."""

    @property
    def percent(self) -> int:
        """The similarity as translators know it, rounded down: 100 is the same text."""
        return int(self.similarity * 100 + 1e-9)


_Stored = tuple[MemoryUnit, Supply]
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


def best_match(
    source: str, surroundings: Surroundings, found: Iterable[_Stored], similarity: float = 1.0
) -> Match | None:
    """The best of units whose sources are alike.

    An exact match goes before a near one, then the closer place, a catalogue of this project
    before a file from elsewhere, the newer before the older.

    Args:
        source: the segment's.
        surroundings: where it stands.
        found: units in order of precedence, other things being equal.
        similarity: of their sources to this one; 1 for those of the same comparable form.
    """
    ranked = sorted(
        found,
        key=lambda stored: (
            stored[0].source == source,
            _closeness(stored[0].surroundings, surroundings),
            stored[1].kind is SupplyKind.CATALOGUE,
            stored[0].created or _EARLIEST,
        ),
        reverse=True,
    )
    if not ranked:
        return None
    unit, supply = ranked[0]
    kind, similarity = _kind(source, surroundings, unit, similarity)
    others = dict.fromkeys(
        other.target
        for other, _ in ranked[1:]
        if _kind(source, surroundings, other, similarity)[0] is kind
    )
    return Match(
        kind, similarity, unit, supply, tuple(target for target in others if target != unit.target)
    )


def _kind(
    source: str, surroundings: Surroundings, unit: MemoryUnit, similarity: float
) -> tuple[MatchKind, float]:
    if unit.source == source:
        in_context = _closeness(unit.surroundings, surroundings) >= _IN_CONTEXT
        return (MatchKind.CONTEXT if in_context else MatchKind.EXACT), 1.0
    if comparable(unit.source) != comparable(source):
        return MatchKind.FUZZY, similarity
    # Codes that are numbered otherwise may be others: the target's cannot be taken over.
    same_codes = _tags(unit.source) == _tags(source)
    return (MatchKind.NEAR if same_codes else MatchKind.FUZZY), NEAR_SIMILARITY


_IN_CONTEXT: Final = 5
"""From which closeness on the place is the same."""


def _closeness(known: Surroundings, asked: Surroundings) -> int:
    """How alike two places are, from 0."""
    if known.context != asked.context:
        return 0
    same_document = bool(asked.document) and known.document == asked.document
    neighbours = (known.previous, known.following)
    between_the_same = neighbours == (asked.previous, asked.following)
    if same_document and between_the_same:
        return 7
    if asked.context:
        return 6
    if between_the_same and any(neighbours):
        return _IN_CONTEXT
    beside_the_same = bool(asked.previous) and known.previous == asked.previous
    beside_the_same |= bool(asked.following) and known.following == asked.following
    return 1 + beside_the_same + 2 * same_document


def _tags(text: str) -> list[str]:
    return [tag[0] for tag in TAG.finditer(text)]
