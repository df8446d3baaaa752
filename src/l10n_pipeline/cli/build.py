"""``l10n build``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from l10n_pipeline.cli.console import complain_all, printable, say
from l10n_pipeline.cli.targets import target_locales
from l10n_pipeline.config import Accept, find_project
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.build import EditionOutcome, build
from l10n_pipeline.pipeline.workspace import Workspace


def run(
    *,
    paths: Sequence[Path],
    to: Sequence[str],
    accept: str | None,
    strict: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Run the command and exit with its status."""
    project = find_project()
    report = build(
        Workspace(project),
        locales=target_locales(project, to),
        paths=paths,
        accept=Accept(accept) if accept else None,
        dry_run=dry_run,
    )
    if not quiet:
        for outcome in report.outcomes:
            say(_line(outcome, dry_run=dry_run))
        if not report.outcomes and not report.errors:
            say("no documents found; see 'documents' in l10n.toml")
    status = complain_all(report.errors)
    if strict and any(outcome.fallbacks for outcome in report.outcomes):
        status = max(status, 1)
    sys.exit(status)


def _line(outcome: EditionOutcome, *, dry_run: bool) -> str:
    parts = [f"{_by_state(outcome.used)}"] if outcome.used else []
    if outcome.fallbacks:
        count = outcome.fallbacks.total()
        parts.append(f"{count} left in the source language ({_by_state(outcome.fallbacks)})")
    unwritten = " (not written)" if dry_run else ""
    state = "" if outcome.written else " (unchanged)"
    return f"{printable(outcome.path)}: {', '.join(parts) or 'no segments'}{state or unwritten}"


def _by_state(counts: Counter[State]) -> str:
    return ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
