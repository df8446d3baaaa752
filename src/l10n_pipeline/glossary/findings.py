"""What there is to say of a glossary beside its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from l10n_pipeline.model import Term


class Level(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The row cannot be used; it stops ``l10n translate`` and ``l10n build``."""
    WARNING = "warning"
    """The row is used, and probably not what was meant."""
    INFO = "info"
    """Nothing is wrong; somebody may want to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth telling of one place of a glossary."""

    level: Level
    rule: str
    """Short name of what was looked for: ``row``, ``cycle``."""
    message: str
    where: str
    """``file:line``, or the file where it is of no line."""
    other: str = ""
    """The other place that it is about, as ``where``."""
    way_out: str = ""

    def __str__(self) -> str:
        message = f"{self.where}: {self.level}: {self.message}"
        return f"{message}; {self.way_out}" if self.way_out else message


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a glossary, and what could not be."""

    terms: tuple[Term, ...]
    """In order of their rows; no two claim one source spelling for different targets."""
    findings: tuple[Finding, ...] = ()
    """In order of their rows."""

    @property
    def errors(self) -> Sequence[Finding]:
        """The rows that could not be used."""
        return [finding for finding in self.findings if finding.level is Level.ERROR]
