"""``l10n tm``: what the translation memory has, taking files over and passing it on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from l10n_pipeline.config import FILE_NAME, Project, current_folder
from l10n_pipeline.errors import CatalogueError, InputError, L10nError, UsageError
from l10n_pipeline.files import (
    copy_atomically,
    fixed_folder,
    is_file,
    is_folder,
    look,
    matches,
    reason,
    write_parts_atomically,
)
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.leverage import Band
from l10n_pipeline.memory.tmx import TmxReport, read_tmx, write_tmx
from l10n_pipeline.memory.units import PLURAL, MemoryUnit, Pair, Supply, SupplyKind
from l10n_pipeline.pipeline.outcomes import TranslateOptions
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.recalling import Reuse, Reused
from l10n_pipeline.pipeline.remembering import ProjectMemory
from l10n_pipeline.pipeline.supplies import reviewed_units
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.pipeline.workspace import Workspace

__all__ = [
    "Band",
    "Exported",
    "ImportedTmx",
    "LeverageReport",
    "Reuse",
    "Reused",
    "StatsReport",
    "Supply",
    "SupplyKind",
    "TmxReport",
    "export",
    "import_tmx",
    "leverage",
    "stats",
]


@dataclass(slots=True)
class StatsReport:
    """What the memory consists of."""

    units: dict[Locale, dict[Supply, int]] = field(default_factory=dict)
    """How many units each file gives a language, those that give none left out."""
    errors: list[L10nError] = field(default_factory=list)
    """What could not be read; everything else was."""
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LeverageReport:
    """What the memory would do for the documents."""

    reused: dict[Locale, Reused] = field(default_factory=dict)
    """Of the segments without a translation by a human."""
    catalogues: int = 0
    """How many were looked at, also those that are yet to be made."""
    errors: list[L10nError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportedTmx:
    """What became of a file that was to join the memory."""

    path: Path
    """Where its copy is; there is none where no language can use the file."""
    reports: Mapping[Locale, TmxReport]
    """What each language has of it."""

    @property
    def units(self) -> int:
        """Units that any language has."""
        return sum(report.units for report in self.reports.values())


@dataclass(slots=True)
class Exported:
    """What came of passing a memory on."""

    report: TmxReport = field(default_factory=TmxReport)
    plurals: int = 0
    """Plural messages, which TMX has no way to write."""
    errors: list[L10nError] = field(default_factory=list)
    """Catalogues that could not be read; the others were."""


def stats(workspace: Workspace, *, locales: Sequence[Locale]) -> StatsReport:
    """Bring the memory up to date and count what it has."""
    report = StatsReport()
    memory = ProjectMemory(workspace)
    try:
        for locale in locales:
            store = memory.store(locale)
            counts = {} if store is None else store.counts(memory.pair(locale))
            report.units[locale] = {supply: units for supply, units in counts.items() if units}
    finally:
        memory.close()
    report.errors, report.notes = memory.errors, memory.notes
    return report


def leverage(
    workspace: Workspace, *, locales: Sequence[Locale], now: datetime, paths: Sequence[Path] = ()
) -> LeverageReport:
    """What the memory has for all segments that no human has translated, drafts included.

    Args:
        workspace: the project.
        locales: target languages.
        now: as for :func:`~l10n_pipeline.pipeline.translate.translate`; nothing is written.
        paths: documents or folders; none means all.
    """
    memory = ProjectMemory(workspace)
    try:
        # A dry run makes no cache, but uses one that is there.
        for locale in locales:
            memory.store(locale)
    finally:
        memory.close()
    options = TranslateOptions(mt=False, redraft=True, dry_run=True)
    report = translate(workspace, locales=locales, now=now, paths=paths, options=options)
    return LeverageReport(report.reused, len(report.outcomes), report.errors, memory.notes)


def import_tmx(
    project: Project, file: Path, *, locales: Sequence[Locale], overwrite: bool = False
) -> ImportedTmx:
    """Copy a TMX file to where the project's memory finds it, after reading all of it.

    Args:
        project: whose memory it joins.
        file: what to read.
        locales: the languages that it is read for.
        overwrite: whether a file that is there may be replaced.

    Raises:
        InputError: where the file cannot be read, or is no TMX.
        UsageError: where a file of its name is there, or no pattern of the configuration
            finds the copy.
        OutputError: where it cannot be written.
    """
    path = _place_of(project, file)
    where = readable(str(file))
    _refuse_what_is_no_file(file, where)
    shown = path.relative_to(project.root).as_posix()
    if not overwrite and look(path, kind=InputError, where=shown) is not None:
        raise UsageError("is there already", where=readable(shown), way_out="pass --force")
    reports: dict[Locale, TmxReport] = {}
    for locale in locales:
        reports[locale] = report = TmxReport()
        with _opened(file, where) as stream:
            for _ in read_tmx(stream, where, Pair(project.source, locale), report):
                pass
    imported = ImportedTmx(path, reports)
    if imported.units and not (path.exists() and path.samefile(file)):
        copy_atomically(file, path, where=readable(shown))
    return imported


def _place_of(project: Project, file: Path) -> Path:
    """Where a file goes: the folder that the first pattern names."""
    for pattern in project.memory_files:
        relative = (fixed_folder(pattern) / f"{file.stem}.tmx").as_posix()
        if matches(pattern, relative):
            return project.root / relative
    raise UsageError(
        f"no pattern of 'files' under [memory] would find {file.stem}.tmx",
        where=FILE_NAME,
        way_out='write files = ["memory/*.tmx"]',
    )


def _refuse_what_is_no_file(file: Path, where: str) -> None:
    if is_file(file, kind=InputError, where=where):
        return
    if look(file, kind=InputError, where=where) is None:
        raise InputError("no such file", where=where)
    folder = is_folder(file, kind=InputError, where=where)
    raise InputError(f"is a {'folder' if folder else 'pipe or device'}, not a file", where=where)


def _opened(file: Path, where: str) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise InputError(f"cannot be read: {reason(error)}", where=where) from error


def export(
    workspace: Workspace, locale: Locale, *, output: Path | None, overwrite: bool = False
) -> tuple[Exported, Iterator[bytes]]:
    """Everything that reviewers accepted in a language, as TMX.

    Args:
        workspace: whose catalogues are read.
        locale: the language.
        output: a file to write; None gives the parts of one.
        overwrite: whether a file that is there may be replaced.

    Returns:
        What came of it, complete when the parts have been taken; no parts where there is a
        file.

    Raises:
        CatalogueError: where there is nothing to pass on.
        UsageError: where the file is there and may not be replaced.
        OutputError: where it cannot be written.
    """
    where = readable(str(output))
    if output is not None and not overwrite:
        absolute = current_folder() / output
        if look(absolute, kind=InputError, where=where) is not None:
            raise UsageError(
                "is there already", where=where, way_out="name another file, or pass --force"
            )
    exported = Exported()
    units = _exported_units(workspace, locale, exported)
    first = next(units, None)
    if first is None:
        raise (
            exported.errors[0]
            if exported.errors
            else CatalogueError(f"there are no reviewed translations into {locale.english_name}")
        )
    pair = Pair(workspace.project.source, locale)
    parts = write_tmx(chain([first], units), pair, exported.report)
    if output is None:
        return exported, parts
    write_parts_atomically(output, parts, where=where)
    return exported, iter(())


def _exported_units(
    workspace: Workspace, locale: Locale, exported: Exported
) -> Iterator[MemoryUnit]:
    for name in workspace.catalogues.names(locale):
        try:
            for unit in reviewed_units(workspace, locale, name):
                if PLURAL in unit.source:
                    exported.plurals += 1
                else:
                    yield unit
        except CatalogueError as error:
            exported.errors.append(error)
