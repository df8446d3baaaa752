"""``l10n glossary``: checking a project's glossaries, taking over and passing on others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from l10n_pipeline.config import Project, current_folder
from l10n_pipeline.errors import GlossaryError, UsageError
from l10n_pipeline.files import look, read_bytes, write_atomically
from l10n_pipeline.glossary.consistency import inconsistencies
from l10n_pipeline.glossary.delimited import (
    formulas,
    names_columns,
    read_delimited,
    write_delimited,
)
from l10n_pipeline.glossary.findings import Finding, Level, Reading
from l10n_pipeline.glossary.tbx import read_tbx, write_tbx
from l10n_pipeline.glossary.termbase import Shadowing, Termbase
from l10n_pipeline.glossary.tsv import read_glossary, unwritable, write_tsv
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.workspace import Workspace

__all__ = [
    "CheckReport",
    "Exported",
    "Finding",
    "GlossaryFormat",
    "Imported",
    "Level",
    "check",
    "export",
    "import_file",
    "write_new",
]

_LARGEST: Final = 256 << 20
"""Bytes of a glossary to take over: millions of terms."""
_UNFIT_FOR_A_NAME: Final = re.compile(r"[^\w.-]+")


class GlossaryFormat(StrEnum):
    """What a glossary can be taken over from and passed on as."""

    TSV = "tsv"
    """Tab-separated, as the project's own; read with its columns in any order."""
    CSV = "csv"
    TBX = "tbx"


_DELIMITERS: Final = {GlossaryFormat.TSV: "\t", GlossaryFormat.CSV: ","}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in how much."""

    files: int
    terms: int
    findings: tuple[Finding, ...]
    """By file in order of precedence, and in order of lines."""

    def count(self, level: Level) -> int:
        """How many findings are of this level."""
        return sum(finding.level is level for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file that was taken over."""

    path: Path
    """Where its terms went; nothing was written where there are none."""
    terms: int
    findings: tuple[Finding, ...]
    """Entries that were refused, and what was left out of others."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The terms of a locale in another format."""

    data: bytes
    terms: int
    formulas: int
    """Cells that a spreadsheet may take for formulas; 0 for other formats than CSV and TSV."""


def check(workspace: Workspace, paths: Sequence[Path] = ()) -> CheckReport:
    """Look for all that is wrong, or probably not meant, in glossaries.

    Args:
        workspace: whose glossaries are checked.
        paths: files to check instead, each by itself, wherever they lie.

    Raises:
        GlossaryError: where a file cannot be read at all.
        ConfigError: where a glossary's name does not tell its languages.
    """
    if paths:
        files = {
            (where := readable(str(path))): read_bytes(path, kind=GlossaryError, where=where)
            for path in paths
        }
    else:
        files = {file.where: file.data for file in workspace.glossary_files}
    readings = {where: read_glossary(data, where) for where, data in files.items()}
    findings = [
        finding
        for reading in readings.values()
        for finding in (*reading.findings, *inconsistencies(reading.terms))
    ]
    if not paths:
        findings += _shadowed(workspace, readings)
    order = {where: at for at, where in enumerate(files)}

    def place(finding: Finding) -> tuple[int, int]:
        file, _, line = finding.where.rpartition(":")
        return order.get(file, -1), int(line) if line.isdecimal() else 0

    terms = sum(len(reading.terms) for reading in readings.values())
    return CheckReport(len(files), terms, tuple(sorted(findings, key=place)))


def _shadowed(workspace: Workspace, readings: dict[str, Reading]) -> Iterable[Finding]:
    """What rows of one file say in vain, since a file before it has spoken."""
    found: dict[Finding, None] = {}

    def tell(shadowing: Shadowing) -> None:
        by, target = shadowing.by, shadowing.by.target
        same = "the same" if target == shadowing.term.target else repr(target)
        found[
            Finding(
                Level.INFO,
                "shadowing",
                f"{shadowing.spelling!r} is rendered {same} by {by.origin}, which holds",
                shadowing.term.origin,
                by.origin,
            )
        ] = None

    for locale in dict.fromkeys(
        [*workspace.project.targets, *(file.target for file in workspace.glossary_files)]
    ):
        files = workspace.glossaries_for(locale)
        Termbase.merge(*(readings[file.where].terms for file in files), shadowed=tell)
    # Within one file an alias that is taken is told of by the file's own check.
    return [finding for finding in found if _file(finding.where) != _file(finding.other)]


def _file(place: str) -> str:
    return place.rpartition(":")[0]


def import_file(
    project: Project,
    file: Path,
    *,
    source: Locale,
    target: Locale,
    output: Path | None = None,
    file_format: GlossaryFormat | None = None,
    delimiter: str = "",
    overwrite: bool = False,
) -> Imported:
    """Take over a TBX, CSV or TSV file as a glossary of the project.

    What cannot be taken over is told entry by entry, and the others are written; where
    there are none, nothing is.

    Args:
        project: whose glossary it becomes.
        file: what to read.
        source: language of its sources.
        target: language of its targets.
        output: where to write; a file in ``glossary/`` named by pair and file unless told.
        file_format: as the file's suffix says unless told.
        delimiter: of the cells; comma or tab, as the format has it, unless told.
        overwrite: whether a file that is there may be replaced.

    Raises:
        GlossaryError: where the file cannot be read, or is no such file.
        UsageError: where the format cannot be told, or ``output`` exists.
        OutputError: where it cannot be written.
    """
    where = readable(str(file))
    file_format = file_format or _format_of(file)
    _check_delimiter(file_format, delimiter)
    output = output or project.root / "glossary" / _name_for(file, source, target)
    if output.suffix != ".tsv":
        raise UsageError(
            "a glossary is tab-separated text",
            where=readable(str(output)),
            way_out="let its name end in .tsv",
        )
    _refuse_to_replace(output, overwrite=overwrite)
    data = read_bytes(file, kind=GlossaryError, where=where)
    if len(data) > _LARGEST:
        raise GlossaryError(f"more than {_LARGEST:,} bytes", where=where, way_out="split the file")
    if file_format is GlossaryFormat.TBX:
        reading = read_tbx(data, where, source=source, target=target)
    else:
        delimiter = delimiter or _DELIMITERS[file_format]
        reading = _read_cells(data, where, delimiter, source, target)
    kept: list[Term] = []
    findings = list(reading.findings)
    for term in reading.terms:
        if fault := unwritable(term):
            findings.append(Finding(Level.ERROR, "row", fault, term.origin))
        else:
            kept.append(term)
    if kept:
        write_atomically(output, write_tsv(kept), where=readable(str(output)))
    return Imported(output, len(kept), tuple(findings))


def _read_cells(data: bytes, where: str, delimiter: str, source: Locale, target: Locale) -> Reading:
    named = names_columns(data, delimiter=delimiter, source=source, target=target)
    # Tab-separated text that names no columns, or in a comment, is a glossary as it stands.
    if delimiter == "\t" and not named:
        return read_glossary(data, where)
    return read_delimited(data, where, delimiter=delimiter, source=source, target=target)


def export(
    workspace: Workspace,
    target: Locale,
    *,
    file_format: GlossaryFormat,
    delimiter: str = "",
) -> Exported:
    """The terms that hold for a target locale, merged as a translation has them.

    Args:
        workspace: whose glossaries are read.
        target: the locale.
        file_format: what to write.
        delimiter: of the cells; comma or tab, as the format has it, unless told.

    Raises:
        GlossaryError: where a glossary has a broken row, or none serves the locale.
        UsageError: where the delimiter is none.
    """
    _check_delimiter(file_format, delimiter)
    terms = tuple(workspace.terms(target))
    if not terms:
        raise GlossaryError(f"there are no terms for {target.english_name}")
    source = workspace.project.source
    if file_format is GlossaryFormat.TBX:
        name = workspace.project.name
        data = write_tbx(terms, source=source, target=target, title=name)
        return Exported(data, len(terms), 0)
    delimiter = delimiter or _DELIMITERS[file_format]
    if delimiter == "\t":
        return Exported(write_tsv(terms), len(terms), formulas(terms))
    return Exported(write_delimited(terms, delimiter=delimiter), len(terms), formulas(terms))


def write_new(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file that must not be there yet, or may be replaced.

    Raises:
        UsageError: where it is there and may not be.
        OutputError: where it cannot be written.
    """
    _refuse_to_replace(path, overwrite=overwrite)
    write_atomically(path, data, where=readable(str(path)))


def _refuse_to_replace(path: Path, *, overwrite: bool) -> None:
    where = readable(str(path))
    absolute = current_folder() / path
    if not overwrite and look(absolute, kind=GlossaryError, where=where) is not None:
        raise UsageError(
            "is there already", where=where, way_out="name another file, or pass --force"
        )


def _format_of(file: Path) -> GlossaryFormat:
    suffix = file.suffix.removeprefix(".").lower()
    try:
        return GlossaryFormat(suffix)
    except ValueError as error:
        raise UsageError(
            f"{suffix!r} does not say what kind of glossary it is" if suffix else "has no suffix",
            where=readable(str(file)),
            way_out="pass --format tbx, csv or tsv",
        ) from error


def _check_delimiter(file_format: GlossaryFormat, delimiter: str) -> None:
    if not delimiter:
        return
    if file_format is GlossaryFormat.TBX:
        raise UsageError("TBX has no delimiter", where="--delimiter", way_out="leave it out")
    # Printable ASCII or a tab: the csv module takes no other, and a letter is no delimiter.
    if len(delimiter) != 1 or delimiter.isalnum() or delimiter not in "\t,;:|!~^":
        raise UsageError(
            f"{delimiter!r} is no delimiter",
            where="--delimiter",
            way_out="use one of , ; : | ! ~ ^ or a tab",
        )


def _name_for(file: Path, source: Locale, target: Locale) -> str:
    """What to call a file's terms as a glossary: ``en-pt_BR.microsoft.tsv``."""
    pair = f"{source.posix}-{target.posix}"
    stem = _UNFIT_FOR_A_NAME.sub("-", file.stem).strip("-.")
    stem = stem.removeprefix(pair).strip("-.")
    return f"{pair}.{stem}.tsv" if stem else f"{pair}.tsv"
