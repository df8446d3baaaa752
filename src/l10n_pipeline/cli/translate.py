"""``l10n translate``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from l10n_pipeline.cli.console import columns, complain_all, counted, printable, progress, say
from l10n_pipeline.cli.targets import target_locales
from l10n_pipeline.config import find_project
from l10n_pipeline.model import Precision
from l10n_pipeline.pipeline.engines import described
from l10n_pipeline.pipeline.translate import (
    CatalogueOutcome,
    TranslateOptions,
    TranslateReport,
    translate,
)
from l10n_pipeline.pipeline.workspace import Workspace


def run(
    *,
    paths: Sequence[Path],
    to: Sequence[str],
    model: str | None,
    precision: str | None,
    workers: int | None,
    mt: bool,
    redraft: bool,
    strict: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Run the command and exit with its status."""
    project = find_project()
    if precision is not None:
        project = replace(project, precision=Precision(precision))
    if workers is not None:
        project = replace(project, workers=workers)
    report = translate(
        Workspace(project),
        locales=target_locales(project, to),
        now=datetime.now(UTC),
        paths=paths,
        options=TranslateOptions(mt=mt, redraft=redraft, dry_run=dry_run, model=model),
        progress=progress(quiet=quiet),
    )
    if not quiet:
        _tell(report, dry_run=dry_run)
    status = complain_all(report.errors)
    if strict and any(outcome.failing for outcome in report.outcomes):
        status = max(status, 1)
    sys.exit(status)


def _tell(report: TranslateReport, *, dry_run: bool) -> None:
    for path in report.orphans:
        say(f"{printable(path)}: its document is gone; delete it unless that comes back")
    if not report.outcomes:
        if not report.errors:
            say("no documents found; see 'documents' in l10n.toml")
        return
    rows = [
        (
            str(outcome.locale),
            printable(outcome.path),
            counted(outcome.units, "segment"),
            _what_was_done(outcome, dry_run=dry_run),
        )
        for outcome in report.outcomes
    ]
    say(columns(rows, right=[2]))
    for name in report.engines:
        say(f"model: {printable(described(name))}")
    for locale, remedy in report.uninflected.items():
        say(f"{locale}: terms are not inflected beyond the forms that are listed: {remedy}")
    failing = sum(outcome.failing for outcome in report.outcomes)
    if failing:
        verb = "needs" if failing == 1 else "need"
        say(
            f"{counted(failing, 'segment')} {verb} a second look: search the catalogues for "
            "'# l10n-finding' and for terms that are missing, duplicate or ambiguous"
        )


def _what_was_done(outcome: CatalogueOutcome, *, dry_run: bool) -> str:
    if not outcome.written:
        return "unchanged"
    done = "created" if outcome.created else "updated"
    drafted = f"{outcome.drafted} drafted" if outcome.drafted else done
    return f"{drafted} (not written)" if dry_run else drafted
