"""What a run of ``l10n translate`` was asked, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field

from l10n_pipeline.errors import L10nError
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.locking import Patience
from l10n_pipeline.pipeline.recalling import Reused
from l10n_pipeline.pipeline.renaming import Rename


@dataclass(frozen=True, slots=True)
class TranslateOptions:
    """What the user asked of a run."""

    mt: bool = True
    """Whether to translate; without, catalogues are prepared for humans."""
    redraft: bool = False
    """Whether to remake drafts that nobody touched."""
    dry_run: bool = False
    """Whether to only say what would be done."""
    model: str | None = None
    """Name or folder of the model to use, over what the configuration says."""
    patience: Patience = field(default_factory=Patience)
    """How long to wait for another process that writes into the project."""


@dataclass(frozen=True, slots=True)
class CatalogueOutcome:
    """What a run did to one catalogue."""

    document: str
    locale: Locale
    path: str
    """The catalogue, relative to the project root."""
    units: int
    """Entries, without obsolete ones."""
    drafted: int
    """Entries drafted in this run, from the memory or by machine (or that would be, in a dry
    run)."""
    suggested: int
    """Entries of which the source has changed under a human's text that got a suggestion beside
    it (or that would)."""
    failing: int
    """Entries with a term or a check that a reviewer must look at."""
    created: bool
    """Whether there was none before."""
    written: bool
    """Whether the file changed (or would)."""


@dataclass(slots=True)
class TranslateReport:
    """What a run did."""

    outcomes: list[CatalogueOutcome] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)
    """What could not be done; everything else was."""
    engines: list[str] = field(default_factory=list)
    """Names of the models that were loaded."""
    renamed: list[Rename] = field(default_factory=list)
    """Documents whose catalogues were taken over from their old names."""
    orphans: list[str] = field(default_factory=list)
    """Catalogues whose documents are gone, relative to the root; found where no paths
    restrict the run."""
    uninflected: dict[Locale, str] = field(default_factory=dict)
    """Languages whose terms should be inflected, for want of a library are not, and what to
    install."""
    reused: dict[Locale, Reused] = field(default_factory=dict)
    """What the translation memory had for the segments that needed a draft."""
    notes: list[str] = field(default_factory=list)
    """What else a user should know."""
