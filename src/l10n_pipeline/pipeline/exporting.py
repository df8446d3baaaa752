"""``l10n export``: catalogues out to translators' tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from l10n_pipeline.catalogue.forms import plural_rule
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.config import current_folder
from l10n_pipeline.errors import InputError, L10nError, OutputError, UsageError
from l10n_pipeline.exchange.entries import Entry, Sheet, entries_of
from l10n_pipeline.exchange.table import LONGEST_CELL, too_long, write_table
from l10n_pipeline.exchange.xliff import write_xliff
from l10n_pipeline.files import is_file, is_folder, read_bytes, write_atomically
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.workspace import Workspace

FOLDER: Final = "exchange"
_LONGEST_QUOTED: Final = 60
_LIVE: Final = frozenset(State) - {State.OBSOLETE}


class ExchangeFormat(StrEnum):
    """What catalogues can be exported as, and imported from."""

    XLIFF = "xliff"
    CSV = "csv"

    @property
    def suffix(self) -> str:
        """Of the files' names."""
        return {"xliff": ".xlf", "csv": ".csv"}[self]


class Selection(StrEnum):
    """Which entries are exported."""

    UNTRANSLATED = "untranslated"
    UNREVIEWED = "unreviewed"
    ALL = "all"

    @property
    def states(self) -> frozenset[State]:
        """The states of their entries."""
        match self:
            case Selection.UNTRANSLATED:
                return frozenset({State.NEW})
            case Selection.UNREVIEWED:
                return _LIVE - {State.REVIEWED}
            case Selection.ALL:
                return _LIVE


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file for a translator."""

    path: Path
    document: str
    locale: Locale
    entries: int
    """Texts in it; plural forms count each."""
    written: bool
    """Whether it is new, or was changed."""


@dataclass(slots=True)
class ExportReport:
    """What was exported."""

    files: list[ExportedFile] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)
    """What could not be done; everything else was."""


def export(
    workspace: Workspace,
    *,
    locales: Sequence[Locale],
    paths: Sequence[Path] = (),
    file_format: ExchangeFormat = ExchangeFormat.XLIFF,
    selection: Selection = Selection.ALL,
    folder: Path | None = None,
    overwrite: bool = False,
) -> ExportReport:
    """Write a file for each catalogue that has entries of a selection.

    Args:
        workspace: the project.
        locales: target locales.
        paths: documents or folders; none means every catalogue.
        file_format: what to write.
        selection: which entries.
        folder: where to; ``exchange`` in the project unless told. Each locale has a folder of
            its own in it.
        overwrite: whether files that are there may be replaced: what a translator has written
            in them and nobody has imported is then lost.
    """
    report = ExportReport()
    chosen: list[str] | None = None
    if paths:
        documents, report.errors[:] = workspace.find_documents(paths)
        chosen = [document.name for document in documents]
    root = workspace.project.root / FOLDER if folder is None else current_folder() / folder
    for locale in locales:
        try:
            names = chosen if chosen is not None else workspace.catalogues.names(locale)
        except L10nError as error:
            report.errors.append(error)
            continue
        for name in names:
            path = root / locale.posix / f"{name}{file_format.suffix}"
            try:
                sheet = _sheet(workspace, locale, name, selection, file_format, report)
                if sheet is not None and sheet.entries:
                    data = _data(sheet, file_format)
                    where = _within(workspace.project.root, path)
                    written = _write(path, data, where=where, overwrite=overwrite)
                    report.files.append(
                        ExportedFile(path, name, locale, len(sheet.entries), written)
                    )
            except L10nError as error:
                report.errors.append(error)
    return report


def _sheet(
    workspace: Workspace,
    locale: Locale,
    name: str,
    selection: Selection,
    file_format: ExchangeFormat,
    report: ExportReport,
) -> Sheet | None:
    where = workspace.project.catalogue_path(locale, name)
    catalogue = workspace.catalogues.read(locale, name)
    if catalogue is None:
        raise InputError(
            f"there is no catalogue of {name} in {locale.english_name}",
            where=where,
            way_out=f"make it with: l10n translate --to {locale}",
        )
    entries = list(
        entries_of(
            catalogue,
            state_of=state_of,
            states=selection.states,
            rule=plural_rule(catalogue, locale),
        )
    )
    if file_format is ExchangeFormat.CSV:
        entries = list(_fitting(entries, where, report))
    return Sheet(name, workspace.project.source, locale, entries)


def _fitting(entries: Iterable[Entry], where: str, report: ExportReport) -> Iterator[Entry]:
    """Those that a spreadsheet does not cut off; the report tells of the others."""
    for entry in entries:
        if too_long(entry):
            report.errors.append(
                InputError(
                    f"{_excerpt(entry.source)} is longer than the {LONGEST_CELL:,} characters that "
                    "a spreadsheet's cell can surely hold",
                    where=where,
                    way_out="export it as XLIFF",
                )
            )
        else:
            yield entry


def _data(sheet: Sheet, file_format: ExchangeFormat) -> bytes:
    writer = write_xliff if file_format is ExchangeFormat.XLIFF else write_table
    return b"".join(writer(sheet))


def _within(root: Path, path: Path) -> str:
    """A path for messages: relative to the project's root where it is within."""
    return readable(str(path.relative_to(root) if path.is_relative_to(root) else path))


def _write(path: Path, data: bytes, *, where: str, overwrite: bool) -> bool:
    """Write a file unless it is there as it would be; whether that took place."""
    if is_folder(path, kind=OutputError, where=where):
        raise OutputError("is a folder", where=where)
    if is_file(path, kind=OutputError, where=where):
        if read_bytes(path, kind=OutputError, where=where) == data:
            return False
        if not overwrite:
            raise UsageError(
                "is there already, and is another",
                where=where,
                way_out="import it first if a translator has worked on it, then pass --force",
            )
    write_atomically(path, data, where=where)
    return True


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…")
