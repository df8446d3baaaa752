"""Leverage: how much of a text the memory has, in the classes that translators are paid by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from l10n_pipeline.memory.matches import Match, MatchKind


class Band(StrEnum):
    """A class of matches, best first."""

    CONTEXT = "context"
    EXACT = "exact"
    HIGH = "95–99"
    """Near matches among them."""
    MEDIUM = "85–94"
    LOW = "75–84"
    NONE = "none"
    """Nothing similar enough, or below 75%."""

    @classmethod
    def of(cls, match: Match | None) -> Band:
        """The class of a segment's best match."""
        if match is None:
            return cls.NONE
        if match.kind is MatchKind.CONTEXT:
            return cls.CONTEXT
        if match.kind is MatchKind.EXACT:
            return cls.EXACT
        return next((band for least, band in _LEAST if match.percent >= least), cls.NONE)


_LEAST: Final = ((95, Band.HIGH), (85, Band.MEDIUM), (75, Band.LOW))


@dataclass(slots=True)
class Leverage:
    """What the memory has for some segments."""

    segments: Counter[Band] = field(default_factory=Counter)
    words: Counter[Band] = field(default_factory=Counter)
    """Of the sources."""

    def add(self, match: Match | None, words: int) -> None:
        """Count a segment.

        Args:
            match: its best match.
            words: of its source.
        """
        band = Band.of(match)
        self.segments[band] += 1
        self.words[band] += words

    @property
    def table(self) -> Mapping[Band, tuple[int, int]]:
        """Segments and words of every class, in order, those with none included."""
        return {band: (self.segments[band], self.words[band]) for band in Band}
