"""What a project's translation memory is made of: its reviewed catalogues and its TMX files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from l10n_pipeline.catalogue.states import (
    before_its_source_changed,
    has_translation,
    is_directed,
    is_given,
)
from l10n_pipeline.errors import InputError, L10nError
from l10n_pipeline.files import glob, is_file, reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.tmx import TmxReport, read_tmx
from l10n_pipeline.memory.units import MemoryUnit, Pair, SuppliedUnits, Supply, SupplyKind, units_of
from l10n_pipeline.model import DirectionKind, TranslationUnit
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.workspace import Workspace

_DIGEST_DIGITS: Final = 32


class Supplies:
    """Finds what the memory is made of.

    Args:
        workspace: the project.
        complain: is told of what cannot be read.
        notes: gets what could not be taken over of a file.
    """

    def __init__(
        self, workspace: Workspace, complain: Callable[[L10nError], None], notes: list[str]
    ) -> None:
        self._workspace = workspace
        self._complain = complain
        self._notes = notes

    def find(self, pair: Pair) -> Iterator[SuppliedUnits]:
        """What there is for a pair: of every catalogue and file, in order of path."""
        workspace = self._workspace
        try:
            names = workspace.catalogues.names(pair.target)
        except L10nError as error:
            self._complain(error)
            names = []
        for name in names:
            path = workspace.project.catalogue_path(pair.target, name)
            supply = Supply(SupplyKind.CATALOGUE, path)
            yield from self._supplied(supply, _Catalogue(workspace, pair.target, name))
        for path in self._tmx_files():
            supply = Supply(SupplyKind.TMX, path)
            yield from self._supplied(supply, _TmxFile(workspace, pair, path, self._notes))

    def _supplied(self, supply: Supply, read: _Catalogue | _TmxFile) -> Iterator[SuppliedUnits]:
        try:
            digest = self._digest(supply.name)
        except InputError as error:
            # A catalogue's own work tells what is wrong with it.
            if supply.kind is SupplyKind.TMX:
                self._complain(error)
        else:
            yield SuppliedUnits(supply, digest, read)

    def _digest(self, relative: str) -> str:
        path = self._workspace.project.root / relative
        where = readable(relative)
        if self._workspace.files.leads_out(path):
            raise InputError(
                "is a link that leads out of the project",
                where=where,
                way_out="copy the file into the project",
            )
        try:
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "blake2b").hexdigest()[:_DIGEST_DIGITS]
        except OSError as error:
            raise InputError(f"cannot be read: {reason(error)}", where=where) from error

    def _tmx_files(self) -> list[str]:
        """The project's TMX files, relative to its root, in order of pattern and path."""
        root = self._workspace.project.root
        found: dict[str, None] = {}

        def unreadable(error: OSError) -> None:
            where = Path(error.filename).relative_to(root).as_posix()
            self._complain(InputError(f"cannot be read: {reason(error)}", where=readable(where)))

        for pattern in self._workspace.project.memory_files:
            for path in glob(root, pattern, on_error=unreadable):
                try:
                    if not path.name.startswith(".") and is_file(path, kind=InputError):
                        found[path.relative_to(root).as_posix()] = None
                except InputError as error:
                    self._complain(error)
        return list(found)


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """Reads what a catalogue has to give."""

    workspace: Workspace
    locale: Locale
    document: str

    def __call__(self) -> Iterable[MemoryUnit]:
        return reviewed_units(self.workspace, self.locale, self.document)


@dataclass(frozen=True, slots=True)
class _TmxFile:
    """Reads a TMX file, and notes what could not be taken over."""

    workspace: Workspace
    pair: Pair
    path: str
    notes: list[str]

    def __call__(self) -> Iterable[MemoryUnit]:
        report = TmxReport()
        where = readable(self.path)
        try:
            stream = (self.workspace.project.root / self.path).open("rb")
        except OSError as error:
            raise InputError(f"cannot be read: {reason(error)}", where=where) from error
        with stream:
            yield from read_tmx(stream, where, self.pair, report)
        if report.broken:
            more = f" (and {report.broken - 1} more)" if report.broken > 1 else ""
            note = f"{report.problems[0]}{more}"
            if note not in self.notes:  # it may be read again for a memory that is made again
                self.notes.append(note)


def reviewed_units(workspace: Workspace, locale: Locale, document: str) -> Iterator[MemoryUnit]:
    """What reviewers accepted in a catalogue, in its order; what left its document included, and
    what they accepted for a source that has changed since.

    Raises:
        CatalogueError: where it cannot be read.
    """
    catalogue = workspace.catalogues.read(locale, document)
    if catalogue is not None:
        yield from units_of(catalogue, document=document, reviewed=_as_reviewed)


def _as_reviewed(unit: TranslationUnit) -> TranslationUnit | None:
    found = before_its_source_changed(unit) or unit
    if found.fuzzy or not has_translation(found) or is_directed(found, DirectionKind.KEEP):
        return None
    # What a direction gave goes with it, also if that is found out only when it is merged.
    uses = [one.text for one in found.directions if one.kind is DirectionKind.USE]
    return found if found.target in uses or not is_given(found) else None
