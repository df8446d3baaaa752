"""``l10n export`` and ``l10n import``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from l10n_pipeline.cli.clock import now
from l10n_pipeline.cli.console import complain_all, counted, printable, say
from l10n_pipeline.cli.targets import placed, target_locales, written_by
from l10n_pipeline.config import current_folder, find_project
from l10n_pipeline.files import resolved
from l10n_pipeline.pipeline.exporting import ExchangeFormat, Selection, export
from l10n_pipeline.pipeline.importing import ImportedCatalogue, Unsettled, import_files
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.workspace import Workspace


def run_export(
    *,
    paths: Sequence[Path],
    to: Sequence[str],
    file_format: str,
    only: str,
    output: Path | None,
    force: bool,
) -> None:
    """Run ``l10n export`` and exit with its status."""
    project = find_project()
    report = export(
        Workspace(project),
        locales=target_locales(project, to),
        paths=paths,
        file_format=ExchangeFormat(file_format),
        selection=Selection(only),
        folder=output,
        overwrite=force,
    )
    for file in report.files:
        unchanged = "" if file.written else " (as before)"
        say(f"{_shown(file.path)}: {counted(file.entries, 'text')}{unchanged}")
    status = complain_all(placed(project, report.errors))
    if not report.files and not report.errors:
        say("nothing to export")
    sys.exit(status)


def run_import(
    files: Sequence[Path], *, overrule: bool, dry_run: bool, wait: bool, quiet: bool
) -> None:
    """Run ``l10n import`` and exit with its status: 1 where something was not taken."""
    project = find_project()
    with written_by(project, "import", wait=wait, dry_run=dry_run, quiet=quiet):
        report = import_files(
            Workspace(project),
            files,
            now=now(),
            overrule=overrule,
            dry_run=dry_run,
        )
    if not quiet:
        for catalogue in report.catalogues:
            say(_outcome(catalogue, dry_run=dry_run))
    for text in report.unsettled:
        sys.stderr.write(_complaint(text))
    status = complain_all(report.errors)
    sys.exit(max(status, 1 if report.unsettled else 0))


def _outcome(catalogue: ImportedCatalogue, *, dry_run: bool) -> str:
    counts = [f"{count} {fate}" for fate, count in sorted(catalogue.fates.items())]
    done = "would be written" if dry_run else "written"
    end = done if catalogue.written else "nothing to write"
    found = (
        f", where the texts of {', '.join(catalogue.stated)} are now" if catalogue.stated else ""
    )
    return f"{printable(catalogue.path + found)}: {', '.join(counts)}; {end}"


def _complaint(text: Unsettled) -> str:
    way_out = f"; {text.way_out}" if text.way_out else ""
    told = [
        f"{text.where}: {text.why}{way_out}",
        f"  source: {_forms(text.source)}",
        f"  here:   {_forms(text.here)}",
        f"  theirs: {_forms(text.theirs)}",
    ]
    return "".join(f"{printable(line)}\n" for line in told)


def _forms(text: str) -> str:
    return text.replace("\0", " | ")


def _shown(path: Path) -> str:
    here = resolved(current_folder())
    whole = resolved(path)
    return printable(readable(str(whole.relative_to(here) if whole.is_relative_to(here) else path)))
