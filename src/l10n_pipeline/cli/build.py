"""``l10n build``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from l10n_pipeline.cli.console import complain_all, counted, printable, say
from l10n_pipeline.cli.targets import (
    no_documents,
    placed,
    shown_path,
    target_locales,
    written_by,
)
from l10n_pipeline.config import Accept, Project, find_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.assets import AssetOutcome
from l10n_pipeline.pipeline.build import BuildReport, EditionOutcome, Fate, build
from l10n_pipeline.pipeline.contents import Contents, beginning
from l10n_pipeline.pipeline.workspace import Workspace

_MOST_WARNINGS: Final = 20
_MOST_NAMED: Final = 5
"""Entries of one sort that are told of by name."""


def run(
    *,
    paths: Sequence[Path],
    to: Sequence[str],
    accept: str | None,
    keep: int | None,
    mo: bool | None,
    overwrite: bool,
    strict: bool,
    as_json: bool,
    dry_run: bool,
    wait: bool,
    quiet: bool,
) -> None:
    """Run the command and exit with its status."""
    project = find_project(paths=paths)
    locales = target_locales(project, to)
    with written_by(project, "build", wait=wait, dry_run=dry_run, quiet=quiet, elsewhere=True):
        report = build(
            Workspace(project),
            locales=locales,
            paths=paths,
            accept=Accept(accept) if accept else None,
            keep=keep,
            mo=mo,
            overwrite=overwrite,
            dry_run=dry_run,
        )
    if as_json:
        say(_json(report))
    elif not quiet:
        _tell(report, project, dry_run=dry_run)
    _warn(report.warnings, project)
    status = complain_all(placed(project, report.errors))
    if strict and (what := _shortcomings(report)):
        sys.stderr.write(f"error: --strict: {what}\n")
        status = max(status, 1)
    sys.exit(status)


# --- in words ------------------------------------------------------------------------


def _tell(report: BuildReport, project: Project, *, dry_run: bool) -> None:
    for outcome in report.outcomes:
        say(_line(outcome, project, dry_run=dry_run))
    removed = "would be removed" if dry_run else "removed"
    for path in report.removed:
        say(f"{shown_path(project, path)}: {removed}: catalogues are not compiled")
    for path in report.gone:
        say(f"{shown_path(project, path)}: {removed}: its document is gone")
    if report.assets:
        say(_of_assets(report.assets, dry_run=dry_run))
    if not report.outcomes and not report.errors:
        say(no_documents(project))
    by_locale = _by_locale(report.outcomes)
    if len(by_locale) > 1:
        for locale, outcomes in by_locale.items():
            say(_total(str(locale), outcomes))
    if len(report.outcomes) > 1:
        say(_total("in all", report.outcomes))
    _tell_of_left(report.outcomes, project)


def _line(outcome: EditionOutcome, project: Project, *, dry_run: bool) -> str:
    path = shown_path(project, outcome.path)
    contents = outcome.contents
    if outcome.is_withheld:
        removed = "would be removed" if dry_run else "removed"
        fate = removed if outcome.fate is Fate.REMOVED else "not written"
        return (
            f"{path}: {fate}: {contents.used.total()} of {contents.segments} segments translated, "
            f"{contents.percent}%, less than keep = {outcome.policy.keep}"
        )
    parts = [_by_state(contents.used)] if contents.used else []
    if contents.fallbacks:
        count, words = contents.fallbacks.total(), contents.fallback_words.total()
        parts.append(
            f"{count} left in the source language "
            f"({_by_state(contents.fallbacks)}; {counted(words, 'word')})"
        )
    unwritten = " (not written)" if dry_run else ""
    state = "" if outcome.written else " (unchanged)"
    compiled = f"; {shown_path(project, outcome.compiled)}" if outcome.compiled else ""
    return f"{path}: {', '.join(parts) or 'no segments'}{compiled}{state or unwritten}"


def _by_state(counts: Counter[State]) -> str:
    return ", ".join(f"{counts[state]} {state}" for state in State if counts[state])


def _by_locale(outcomes: Sequence[EditionOutcome]) -> dict[Locale, list[EditionOutcome]]:
    found: dict[Locale, list[EditionOutcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.locale, []).append(outcome)
    return found


def _total(what: str, outcomes: Sequence[EditionOutcome]) -> str:
    """A line on several editions, those that are not written included."""
    whole = Contents.total(outcome.contents for outcome in outcomes)
    translated = (
        f"{whole.used.total()} of {counted(whole.segments, 'segment')} translated "
        f"({whole.used_words.total()} of {counted(whole.words, 'word')})"
    )
    parts = [translated]
    if whole.fallbacks:
        parts.append(
            f"{whole.fallbacks.total()} left in the source language "
            f"({counted(whole.fallback_words.total(), 'word')})"
        )
    if whole.stale_segments:
        parts.append(f"{whole.stale_segments} stale ({counted(whole.stale_words, 'word')})")
    withheld = sum(outcome.is_withheld for outcome in outcomes)
    unwritten = f", {withheld} not written" if withheld else ""
    return f"{what}, {counted(len(outcomes), 'edition')}{unwritten}: {', '.join(parts)}"


def _of_assets(assets: Sequence[AssetOutcome], *, dry_run: bool) -> str:
    written = sum(asset.written for asset in assets)
    unwritten = " (not written)" if dry_run and written else ""
    return (
        f"{counted(len(assets), 'file')} that documents refer to: {written} brought{unwritten}, "
        f"{len(assets) - written} unchanged"
    )


def _tell_of_left(outcomes: Sequence[EditionOutcome], project: Project) -> None:
    """Say why translations are left out of the editions, and which are out of date."""
    behind = [
        f"{_catalogue(outcome, project)}: is behind its document, "
        f"{counted(outcome.contents.unlisted, 'segment')} of which it lacks: bring it up to date "
        "with l10n translate"
        for outcome in outcomes
        if outcome.contents.unlisted
    ]
    _name(behind, "catalogue", "bring them up to date with l10n translate")
    waiting = Contents.total(outcome.contents for outcome in outcomes).waiting
    if waiting[State.DRAFT]:
        say("drafts wait for review: --accept mt takes them as they are")
    elif waiting[State.EDITED] or waiting[State.STALE]:
        say("translations wait for review: --accept fuzzy takes them as they are")
    stale = [
        f"{_catalogue(outcome, project)}: the translation of “{printable(beginning(source))}” is "
        "stale"
        for outcome in outcomes
        for source in outcome.contents.stale
    ]
    broken = [
        f"{_catalogue(outcome, project)}: the {_noun(source, outcome)} of "
        f"“{printable(beginning(source))}” is left out: {printable(fault)}"
        for outcome in outcomes
        for source, fault in outcome.contents.left_out.items()
    ]
    _name(stale, "translation", "the sentences have changed since they were made")
    _name(broken, "translation", "correct them in the catalogues")


def _noun(source: str, outcome: EditionOutcome) -> str:
    """What is left out is called: only a human's can be stale."""
    return "translation" if source in outcome.contents.stale else "draft"


def _catalogue(outcome: EditionOutcome, project: Project) -> str:
    return shown_path(project, project.catalogue_path(outcome.locale, outcome.document))


def _name(lines: Sequence[str], noun: str, what: str) -> None:
    """Tell of the first few, and how many more there are."""
    for line in lines[:_MOST_NAMED]:
        say(line)
    if (more := len(lines) - _MOST_NAMED) > 0:
        say(f"{counted(more, noun)} more like these: {what}")


def _warn(warnings: Sequence[str], project: Project) -> None:
    """Tell of the first of them, and how many more there are."""
    for warning in warnings[:_MOST_WARNINGS]:
        sys.stderr.write(f"warning: {shown_path(project, warning)}\n")
    if (more := len(warnings) - _MOST_WARNINGS) > 0:
        sys.stderr.write(f"warning: {counted(more, 'warning')} more like these\n")


def _shortcomings(report: BuildReport) -> str:
    """What keeps the editions from being there and wholly translated; empty where nothing does."""
    outcomes = report.outcomes
    whole = Contents.total(outcome.contents for outcome in outcomes)
    parts = [] if outcomes or report.errors else ["no documents found"]
    if left := whole.fallbacks.total():
        parts.append(f"{counted(left, 'segment')} left in the source language")
    if whole.stale_segments:
        parts.append(f"{whole.stale_segments} stale")
    if withheld := sum(outcome.is_withheld for outcome in outcomes):
        parts.append(f"{counted(withheld, 'edition')} not written")
    return ", ".join(parts)


# --- as JSON -------------------------------------------------------------------------


def _json(report: BuildReport) -> str:
    return json.dumps(
        {
            "editions": [_fields(outcome) for outcome in report.outcomes],
            "locales": [
                {"locale": str(locale), **_counts(outcomes)}
                for locale, outcomes in _by_locale(report.outcomes).items()
            ],
            "total": _counts(report.outcomes),
            "assets": {
                "written": sum(asset.written for asset in report.assets),
                "unchanged": sum(not asset.written for asset in report.assets),
            },
            "removed": [*report.removed, *report.gone],
            "warnings": list(report.warnings),
            "errors": [str(error) for error in report.errors],
        },
        ensure_ascii=False,
        indent=2,
    )


def _fields(outcome: EditionOutcome) -> dict[str, object]:
    return {
        "document": outcome.document,
        "locale": str(outcome.locale),
        "path": outcome.path,
        "compiled": outcome.compiled or None,
        "fate": str(outcome.fate),
        "accept": str(outcome.policy.accept),
        "keep": outcome.policy.keep,
        "percent": outcome.contents.percent,
        **dict(_amounts(outcome.contents)),
        "stale_sources": list(outcome.contents.stale),
        "left_out": dict(outcome.contents.left_out),
        "not_in_catalogue": outcome.contents.unlisted,
    }


def _counts(outcomes: Sequence[EditionOutcome]) -> dict[str, object]:
    whole = Contents.total(outcome.contents for outcome in outcomes)
    withheld = sum(outcome.is_withheld for outcome in outcomes)
    return {"editions": len(outcomes), "withheld": withheld, **dict(_amounts(whole))}


def _amounts(contents: Contents) -> Iterator[tuple[str, dict[str, object]]]:
    """Segments and words: how many, how many translated, in the source language and stale."""
    for name, used, fallbacks, stale in (
        ("segments", contents.used, contents.fallbacks, contents.stale_segments),
        ("words", contents.used_words, contents.fallback_words, contents.stale_words),
    ):
        yield (
            name,
            {
                "total": used.total() + fallbacks.total(),
                "translated": used.total(),
                "in_source": fallbacks.total(),
                "stale": stale,
                "translated_by_state": _states(used),
                "in_source_by_state": _states(fallbacks),
            },
        )


def _states(counts: Counter[State]) -> dict[str, int]:
    return {str(state): counts[state] for state in State if state is not State.OBSOLETE}
