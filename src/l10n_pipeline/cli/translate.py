"""``l10n translate``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from l10n_pipeline.cli.clock import now
from l10n_pipeline.cli.console import (
    columns,
    complain_all,
    counted,
    patience,
    printable,
    progress,
    say,
)
from l10n_pipeline.cli.targets import no_documents, placed, shown_path, target_locales
from l10n_pipeline.cli.tm import reuse_line, tell_notes
from l10n_pipeline.config import FILE_NAME, Project, find_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision
from l10n_pipeline.pipeline.engines import described
from l10n_pipeline.pipeline.outcomes import (
    CatalogueOutcome,
    TranslateOptions,
    TranslateReport,
)
from l10n_pipeline.pipeline.paths import quoted
from l10n_pipeline.pipeline.translate import translate
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
    wait: bool,
    quiet: bool,
) -> None:
    """Run the command and exit with its status."""
    project = find_project(paths=paths)
    if precision is not None:
        project = replace(project, precision=Precision(precision))
    if workers is not None:
        project = replace(project, workers=workers)
    locales = target_locales(project, to)
    report = translate(
        Workspace(project),
        locales=locales,
        now=now(),
        paths=paths,
        options=TranslateOptions(
            mt=mt,
            redraft=redraft,
            dry_run=dry_run,
            model=model,
            patience=patience(wait=wait, quiet=quiet),
        ),
        progress=progress(quiet=quiet),
    )
    if not quiet:
        _tell(report, project, dry_run=dry_run)
        if report.outcomes and not project.configured and not dry_run:
            say(_what_comes_next(paths, locales, drafts=mt))
        tell_notes([*report.notes, *_unused(model if mt else None, project, locales)])
    status = complain_all(placed(project, report.errors))
    if strict and any(outcome.failing for outcome in report.outcomes):
        status = max(status, 1)
    sys.exit(status)


def _unused(model: str | None, project: Project, locales: Sequence[Locale]) -> Iterator[str]:
    if model is not None:
        for locale in locales:
            if locale in project.by_hand:
                yield f"{locale} is translated by hand (by_hand in {FILE_NAME}): no model is used"


def _what_comes_next(paths: Sequence[Path], locales: Sequence[Locale], *, drafts: bool) -> str:
    """For one whose documents are in no project: the command that makes the edition."""
    named = " ".join(map(quoted, paths))
    languages = " ".join(f"--to {locale}" for locale in locales)
    build = " ".join(filter(None, ("l10n build", named, languages)))
    noun = "catalogue" if len(paths) == len(locales) == 1 else "catalogues"
    if not drafts:
        return f"next: translate what is in the {noun}, and run: {printable(build)}"
    return (
        f"next: correct the {noun}, clearing the fuzzy flags, and run: {printable(build)}\n"
        "(with --accept mt it takes the drafts as they are)"
    )


def _tell(report: TranslateReport, project: Project, *, dry_run: bool) -> None:
    for rename in report.renamed:
        old, new = (
            project.catalogue_path(rename.locale, name) for name in (rename.old, rename.new)
        )
        verb = "to be taken over" if dry_run else "taken over"
        say(f"{printable(new)}: {verb} from {printable(old)}: the document was renamed")
    for path in report.orphans:
        say(
            f"{printable(path)}: its document is gone; what was reviewed in it is used for others "
            "(if it has another name now, give that to this file)"
        )
    if not report.outcomes:
        if not report.errors:
            say(no_documents(project))
        return
    rows = [
        (
            str(outcome.locale),
            shown_path(project, outcome.path),
            counted(outcome.units, "segment"),
            _what_was_done(outcome, dry_run=dry_run),
        )
        for outcome in report.outcomes
    ]
    say(columns(rows, right=[2]))
    for locale, reused in report.reused.items():
        if line := reuse_line(locale, reused):
            say(line)
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
    numbers = ((outcome.drafted, "drafted"), (outcome.suggested, "with a suggestion"))
    told = ", ".join(f"{number} {what}" for number, what in numbers if number) or done
    return f"{told} (not written)" if dry_run else told
