"""``l10n glossary``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from l10n_pipeline.cli.console import counted, printable, say
from l10n_pipeline.cli.targets import written_by
from l10n_pipeline.config import current_folder, find_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.glossaries import (
    CheckReport,
    Finding,
    GlossaryFormat,
    Level,
    check,
    export,
    import_file,
    write_new,
)
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.workspace import Workspace


def run_check(paths: Sequence[Path], *, as_json: bool) -> None:
    """Tell of all that is wrong in glossaries; exit with 1 where a row cannot be used."""
    report = check(Workspace(find_project()), paths)
    say(_json(report) if as_json else _text(report))
    sys.exit(1 if report.count(Level.ERROR) else 0)


def run_import(
    file: Path,
    *,
    to: str,
    source: str | None,
    output: Path | None,
    file_format: str | None,
    delimiter: str,
    force: bool,
    wait: bool,
) -> None:
    """Take over a file as a glossary; exit with 1 where an entry of it was refused."""
    project = find_project()
    with written_by(project, "glossary import", wait=wait):
        imported = import_file(
            project,
            file,
            source=Locale.parse(source) if source else project.source,
            target=Locale.parse(to),
            output=output,
            file_format=GlossaryFormat(file_format) if file_format else None,
            delimiter=delimiter,
            overwrite=force,
        )
    _complain(imported.findings)
    if imported.terms:
        say(f"{counted(imported.terms, 'term')} written to {_shown(imported.path)}")
    else:
        say("no terms: nothing was written")
    refused = any(finding.level is Level.ERROR for finding in imported.findings)
    sys.exit(1 if refused or not imported.terms else 0)


def run_export(
    *, to: str, file_format: str | None, delimiter: str, output: Path | None, force: bool
) -> None:
    """Pass on the terms of a language, to a file or standard output."""
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    known = {str(one) for one in GlossaryFormat}
    chosen = file_format or (suffix if suffix in known else GlossaryFormat.TSV)
    exported = export(
        Workspace(find_project()),
        Locale.parse(to),
        file_format=GlossaryFormat(chosen),
        delimiter=delimiter,
    )
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(exported.data)
        sys.stdout.buffer.flush()
    else:
        write_new(output, exported.data, overwrite=force)
        say(f"{counted(exported.terms, 'term')} written to {_shown(output)}")
    if exported.formulas:
        sys.stderr.write(
            f"note: {counted(exported.formulas, 'cell')} may look like a formula to a "
            "spreadsheet; open the file there as text\n"
        )


def _shown(path: Path) -> str:
    """A path as somebody here would write it."""
    here = current_folder()
    return printable(readable(str(path.relative_to(here) if path.is_relative_to(here) else path)))


def _complain(findings: Iterable[Finding]) -> None:
    for finding in findings:
        sys.stderr.write(f"{printable(str(finding))}\n")


def _text(report: CheckReport) -> str:
    counts = ", ".join(
        counted(report.count(level), noun)
        for level, noun in ((Level.ERROR, "error"), (Level.WARNING, "warning"))
    )
    size = f"{counted(report.terms, 'term')} in {counted(report.files, 'glossary file')}"
    return "\n".join([*(printable(str(one)) for one in report.findings), f"{size}: {counts}"])


def _json(report: CheckReport) -> str:
    return json.dumps(
        {
            "files": report.files,
            "terms": report.terms,
            "findings": [
                {
                    "level": str(finding.level),
                    "rule": finding.rule,
                    "where": finding.where,
                    "other": finding.other,
                    "message": finding.message,
                    "way_out": finding.way_out,
                }
                for finding in report.findings
            ],
        },
        ensure_ascii=False,
        indent=2,
    )
