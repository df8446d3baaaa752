"""``l10n status``: how far the catalogues are. Reads catalogues only."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from l10n_pipeline.catalogue.directing import is_kept
from l10n_pipeline.catalogue.forms import plural_rule
from l10n_pipeline.catalogue.states import is_as_written, is_directed, is_failing, state_of
from l10n_pipeline.errors import CatalogueError, DocumentError, L10nError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, DirectionKind, Origin, State, TranslationUnit
from l10n_pipeline.pipeline.orphans import orphans
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.words import count_words
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.plurals import PluralRule


class Item(StrEnum):
    """What is counted. An entry counts for its state, and for all else that is true of it."""

    NEW = "new"
    DRAFT = "draft"
    DRAFT_MT = "draft_mt"
    """Drafts that a model wrote."""
    DRAFT_TM = "draft_tm"
    """Drafts from the translation memory."""
    EDITED = "edited"
    STALE = "stale"
    REVIEWED = "reviewed"
    REVIEWED_UNTOUCHED = "reviewed_untouched"
    """A draft that was accepted as it was."""
    REVIEWED_CORRECTED = "reviewed_corrected"
    """A draft that was accepted after somebody changed it."""
    REVIEWED_HUMAN = "reviewed_human"
    """Written by people alone."""
    REVIEWED_KEPT = "reviewed_kept"
    """Left untranslated, as a reviewer has directed."""
    OBSOLETE = "obsolete"
    LOCKED = "locked"
    """Of any state: a reviewer keeps the machine away from it."""
    FAILING = "failing"
    """Of any state: a term or check that a reviewer must look at."""


_OF_DOCUMENTS: Final = (Item.NEW, Item.DRAFT, Item.EDITED, Item.STALE, Item.REVIEWED)
"""What adds up to all segments."""
_BY_STATE: Final = {state: Item(state.value) for state in State}


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of everything."""

    segments: Counter[Item] = field(default_factory=Counter)
    words: Counter[Item] = field(default_factory=Counter)
    """Source words, as :func:`~l10n_pipeline.pipeline.words.count_words` has them."""

    @classmethod
    def total(cls, parts: Iterable[Counts]) -> Counts:
        """Several together."""
        whole = cls()
        for part in parts:
            whole.segments.update(part.segments)
            whole.words.update(part.words)
        return whole

    @property
    def all_segments(self) -> int:
        """Without obsolete ones."""
        return sum(self.segments[item] for item in _OF_DOCUMENTS)

    @property
    def all_words(self) -> int:
        """Likewise."""
        return sum(self.words[item] for item in _OF_DOCUMENTS)

    @property
    def reviewed_segments_percent(self) -> int | None:
        """How many percent are reviewed, rounded down; None of nothing."""
        whole = self.all_segments
        return self.segments[Item.REVIEWED] * 100 // whole if whole else None

    @property
    def reviewed_words_percent(self) -> int | None:
        """Likewise."""
        whole = self.all_words
        return self.words[Item.REVIEWED] * 100 // whole if whole else None


@dataclass(frozen=True, slots=True)
class CatalogueStatus:
    """How far one document is in one locale."""

    document: str
    locale: Locale
    counts: Counts
    is_gone: bool = False
    """Whether the document is there no more, so that nothing of this waits for anybody."""


@dataclass(slots=True)
class StatusReport:
    """The catalogues that were asked for."""

    catalogues: list[CatalogueStatus] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)

    @property
    def by_locale(self) -> dict[Locale, Counts]:
        """The totals of each locale, without documents that are gone."""
        parts: dict[Locale, list[Counts]] = {}
        for catalogue in self.catalogues:
            own = parts.setdefault(catalogue.locale, [])
            own += [] if catalogue.is_gone else [catalogue.counts]
        return {locale: Counts.total(counts) for locale, counts in parts.items()}

    @property
    def total(self) -> Counts:
        """That of everything, likewise."""
        return Counts.total(self.by_locale.values())


def status(
    workspace: Workspace, *, locales: Sequence[Locale], paths: Sequence[Path] = ()
) -> StatusReport:
    """Count each catalogue's entries and source words by review state.

    Args:
        workspace: the project.
        locales: target locales.
        paths: documents, catalogues, or folders of either, or documents by the names that they
            have in the report; none means all.
    """
    report = StatusReport()
    asked: dict[_Asked, bool] = {}
    for path in paths:
        try:
            asked[_Asked.of(workspace, path)] = False
        except L10nError as error:
            report.errors.append(error)
    for locale in locales:
        try:
            names = workspace.catalogues.names(locale)
        except L10nError as error:
            report.errors.append(error)
            continue
        gone = _gone(workspace, locale)
        for name in names:
            if paths and not _is_asked_for(workspace, locale, name, asked):
                continue
            try:
                catalogue = workspace.catalogues.read(locale, name)
                if catalogue is not None:
                    where = workspace.project.catalogue_path(locale, name)
                    counts = counted(catalogue, where)
                    report.catalogues.append(
                        CatalogueStatus(name, locale, counts, is_gone=name in gone)
                    )
            except L10nError as error:
                report.errors.append(error)
    report.errors += (one.missing() for one, found in asked.items() if not found)
    return report


def _gone(workspace: Workspace, locale: Locale) -> frozenset[str]:
    """Names of documents that have a catalogue and are there no more, as far as can be told."""
    try:
        return frozenset(orphans(workspace, locale, ()))
    except L10nError:
        return frozenset()  # told of by the commands that read documents


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a user has named."""

    place: str
    """Where that leads to, relative to the root."""
    is_there: bool
    """Whether anything is at that place."""
    name: str
    """As it was written, if it may be a document's name or a folder of these; else empty."""

    @classmethod
    def of(cls, workspace: Workspace, path: Path) -> _Asked:
        """What a path stands for: what is there goes before a name.

        Raises:
            DocumentError: as :meth:`~l10n_pipeline.pipeline.workspace.Workspace.relative`.
        """
        place = workspace.relative(path)
        is_there = os.path.lexists(workspace.project.root / place)
        return cls(place, is_there, "" if is_there or path.is_absolute() else path.as_posix())

    def has(self, name: str, paths: Iterable[str]) -> bool:
        """Whether a document of this name, or any of these paths, is at the place or in it."""
        if self.name and PurePosixPath(name).is_relative_to(self.name):
            return True
        return any(PurePosixPath(path).is_relative_to(self.place) for path in paths)

    def missing(self) -> DocumentError:
        """That no catalogue is asked for by this."""
        if not self.is_there:
            return DocumentError("no such document or catalogue", where=readable(self.place))
        return DocumentError(
            "there is no catalogue of it",
            where=readable(self.place),
            way_out="make it with l10n translate",
        )


def _is_asked_for(
    workspace: Workspace, locale: Locale, name: str, asked: dict[_Asked, bool]
) -> bool:
    """Whether a user has named a catalogue or its document; notes by what."""
    own = [workspace.project.catalogue_path(locale, name), *workspace.document_paths(name)]
    found = [one for one in asked if one.has(name, own)]
    asked.update(dict.fromkeys(found, True))
    return bool(found)


def counted(catalogue: Catalogue, where: str) -> Counts:
    """What a catalogue's entries count for.

    Args:
        catalogue: the catalogue.
        where: its path, for messages.

    Raises:
        CatalogueError: where an entry's directions depend on plural forms that the header does
            not tell.
    """
    counts = Counts()
    rule: PluralRule | None = None
    for unit in catalogue.units:
        if unit.directions and rule is None:
            try:
                rule = plural_rule(catalogue)
            except CatalogueError as error:
                error.where = where
                raise
        words = count_words(unit.source)
        for item in _items(unit, rule):
            counts.segments[item] += 1
            counts.words[item] += words
    return counts


def _items(unit: TranslationUnit, rule: PluralRule | None) -> Iterator[Item]:
    """What an entry counts for.

    Args:
        unit: the entry.
        rule: the catalogue's plural forms, where the entry has directions.
    """
    state = state_of(unit)
    yield _BY_STATE[state]
    if state is State.DRAFT:
        is_remembered = unit.provenance is not None and unit.provenance.origin is Origin.TM
        yield Item.DRAFT_TM if is_remembered else Item.DRAFT_MT
    elif state is State.REVIEWED:
        if rule is not None and is_kept(unit, rule):
            yield Item.REVIEWED_KEPT
        elif unit.provenance is None or unit.provenance.origin is Origin.DIRECTION:
            yield Item.REVIEWED_HUMAN
        else:
            untouched = is_as_written(unit)
            yield Item.REVIEWED_UNTOUCHED if untouched else Item.REVIEWED_CORRECTED
    if is_directed(unit, DirectionKind.LOCK):
        yield Item.LOCKED
    if is_failing(unit):
        yield Item.FAILING
