"""``l10n status``: how far the catalogues are. Reads catalogues only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from l10n_pipeline.catalogue.states import is_failing, state_of
from l10n_pipeline.errors import L10nError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, State
from l10n_pipeline.pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CatalogueStatus:
    """How far one document is in one locale."""

    document: str
    locale: Locale
    segments: Counter[State]
    words: Counter[State]
    """Source words: runs of non-space with a letter or digit in them. Scripts without
    spaces count by the run."""
    failing: int
    """Segments with a term or check that a reviewer must look at."""
    failing_words: int


@dataclass(slots=True)
class StatusReport:
    """All catalogues of the project."""

    catalogues: list[CatalogueStatus] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)


def status(workspace: Workspace, *, locales: Sequence[Locale]) -> StatusReport:
    """Count each catalogue's entries and source words by review state."""
    report = StatusReport()
    for locale in locales:
        try:
            names = workspace.catalogue_names(locale)
        except L10nError as error:
            report.errors.append(error)
            continue
        for name in names:
            try:
                catalogue = workspace.read_catalogue(locale, name)
            except L10nError as error:
                report.errors.append(error)
                continue
            if catalogue is not None:
                report.catalogues.append(_count(catalogue, name, locale))
    return report


def _count(catalogue: Catalogue, name: str, locale: Locale) -> CatalogueStatus:
    segments: Counter[State] = Counter()
    words: Counter[State] = Counter()
    failing = failing_words = 0
    for unit in catalogue.units:
        state, length = state_of(unit), count_words(unit.source)
        segments[state] += 1
        words[state] += length
        if is_failing(unit):
            failing += 1
            failing_words += length
    return CatalogueStatus(name, locale, segments, words, failing, failing_words)


def count_words(text: str) -> int:
    """Words of a text, as translators are paid for.

    >>> count_words("Made by UK, Lithuanian & Finnish filmmakers - twice")
    7
    """
    return sum(1 for run in text.split() if re.search(r"\w", run))
