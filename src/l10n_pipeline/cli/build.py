"""``l10n build``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from l10n_pipeline.cli.console import complain_all, counted, printable, say
from l10n_pipeline.cli.targets import no_documents, placed, shown_path, target_locales
from l10n_pipeline.config import Accept, Project, find_project
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.assets import AssetOutcome
from l10n_pipeline.pipeline.build import EditionOutcome, beginning, build
from l10n_pipeline.pipeline.workspace import Workspace

_MOST_WARNINGS: Final = 20
_MOST_BROKEN: Final = 5


def run(
    *,
    paths: Sequence[Path],
    to: Sequence[str],
    accept: str | None,
    overwrite: bool,
    strict: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Run the command and exit with its status."""
    project = find_project(paths=paths)
    report = build(
        Workspace(project),
        locales=target_locales(project, to),
        paths=paths,
        accept=Accept(accept) if accept else None,
        overwrite=overwrite,
        dry_run=dry_run,
    )
    if not quiet:
        for outcome in report.outcomes:
            say(_line(outcome, project, dry_run=dry_run))
        if report.assets:
            say(_of_assets(report.assets, dry_run=dry_run))
        if not report.outcomes and not report.errors:
            say(no_documents(project))
        _tell_of_left(report.outcomes, project)
    _warn(report.warnings, project)
    status = complain_all(placed(project, report.errors))
    if strict and any(outcome.fallbacks for outcome in report.outcomes):
        status = max(status, 1)
    sys.exit(status)


def _tell_of_left(outcomes: Sequence[EditionOutcome], project: Project) -> None:
    """Say why translations are left out of the editions."""
    waiting = sum((outcome.waiting for outcome in outcomes), Counter[State]())
    if waiting[State.DRAFT]:
        say("drafts wait for review: --accept mt takes them as they are")
    elif waiting[State.EDITED] or waiting[State.STALE]:
        say("translations wait for review: --accept fuzzy takes them as they are")
    broken = [
        (project.catalogue_path(outcome.locale, outcome.document), source, fault)
        for outcome in outcomes
        for source, fault in outcome.left_out.items()
    ]
    for catalogue, source, fault in broken[:_MOST_BROKEN]:
        say(
            f"{shown_path(project, catalogue)}: the draft of “{printable(beginning(source))}” is "
            f"left out: {printable(fault)}"
        )
    if (more := len(broken) - _MOST_BROKEN) > 0:
        say(f"{counted(more, 'draft')} more like these: correct them in the catalogues")


def _warn(warnings: Sequence[str], project: Project) -> None:
    """Tell of the first of them, and how many more there are."""
    for warning in warnings[:_MOST_WARNINGS]:
        sys.stderr.write(f"warning: {shown_path(project, warning)}\n")
    if (more := len(warnings) - _MOST_WARNINGS) > 0:
        sys.stderr.write(f"warning: {counted(more, 'reference')} more like these\n")


def _of_assets(assets: Sequence[AssetOutcome], *, dry_run: bool) -> str:
    written = sum(asset.written for asset in assets)
    unwritten = " (not written)" if dry_run and written else ""
    return (
        f"{counted(len(assets), 'file')} that documents refer to: {written} brought{unwritten}, "
        f"{len(assets) - written} unchanged"
    )


def _line(outcome: EditionOutcome, project: Project, *, dry_run: bool) -> str:
    parts = [f"{_by_state(outcome.used)}"] if outcome.used else []
    if outcome.fallbacks:
        count = outcome.fallbacks.total()
        parts.append(f"{count} left in the source language ({_by_state(outcome.fallbacks)})")
    unwritten = " (not written)" if dry_run else ""
    state = "" if outcome.written else " (unchanged)"
    path = shown_path(project, outcome.path)
    return f"{path}: {', '.join(parts) or 'no segments'}{state or unwritten}"


def _by_state(counts: Counter[State]) -> str:
    return ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
