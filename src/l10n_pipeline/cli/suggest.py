"""``l10n glossary suggest`` and ``l10n glossary consistency``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from l10n_pipeline.cli.console import complain_all, counted, printable, progress, say
from l10n_pipeline.cli.targets import placed, target_locales
from l10n_pipeline.config import current_folder, find_project
from l10n_pipeline.errors import OutputError, UsageError
from l10n_pipeline.files import look, write_atomically
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision
from l10n_pipeline.pipeline.consistency import (
    ConsistencyReport,
    Disagreement,
    check_consistency,
)
from l10n_pipeline.pipeline.engines import described
from l10n_pipeline.pipeline.suggesting import (
    Suggestion,
    SuggestOptions,
    SuggestReport,
    as_glossary,
    suggest,
)
from l10n_pipeline.pipeline.workspace import Workspace

_PLACES_SHOWN = 3
_SOURCE_SHOWN = 60


def run_suggest(
    *,
    paths: Sequence[Path],
    to: str | None,
    output: Path | None,
    min_count: int,
    as_json: bool,
    mt: bool,
    model: str | None,
    precision: str | None,
    workers: int | None,
    quiet: bool,
) -> None:
    """Run the command and exit with its status: 0, or an error's.

    Raises:
        UsageError: where the target is not one language.
        OutputError: where ``output`` exists already: somebody may have edited it.
    """
    project = find_project(paths=paths)
    if precision is not None:
        project = replace(project, precision=Precision(precision))
    if workers is not None:
        project = replace(project, workers=workers)
    locales = target_locales(project, [to] if to else [])
    if len(locales) > 1:
        raise UsageError(
            "renderings differ from language to language", way_out="name one with --to LOCALE"
        )
    if output is not None:
        _refuse_existing(output)
    (locale,) = locales
    report = suggest(
        Workspace(project),
        locale,
        paths=paths,
        options=SuggestOptions(
            min_count=min_count,
            mt=mt and (model is not None or locale not in project.by_hand),
            model=model,
        ),
        progress=progress(quiet=quiet),
    )
    text = _suggestions_as_json(report) if as_json else as_glossary(report.suggestions)
    if output is None:
        sys.stdout.write(text)
    else:
        write_atomically(current_folder() / output, text.encode(), where=str(output))
    if not quiet:
        _tell(report, project.source, output)
    sys.exit(complain_all(placed(project, report.errors)))


def _refuse_existing(output: Path) -> None:
    if look(current_folder() / output, kind=OutputError, where=str(output)) is not None:
        raise OutputError(
            "exists already, and somebody may have edited it",
            where=str(output),
            way_out="name another file, or move this one away",
        )


def _tell(report: SuggestReport, source: Locale, output: Path | None) -> None:
    """Say on standard error what the result is: standard output may be the file itself."""
    names = counted(len(report.suggestions), "name")
    disagreeing = sum(suggestion.disagreeing for suggestion in report.suggestions)
    lines = [f"{names} that the glossary lacks in {counted(report.segments, 'segment')}"]
    if report.engine:
        lines[0] += f"; {disagreeing} that the model renders in several ways"
        lines.append(f"model: {printable(described(report.engine))}")
    if report.over_reports:
        lines.append(
            f"{source.english_name} writes all nouns with capitals: expect many that are no names"
        )
    if output is not None:
        lines.append(f"written to {printable(str(output))}; nothing is agreed until it is edited")
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _suggestions_as_json(report: SuggestReport) -> str:
    return _dumped(
        {
            "model": report.engine,
            "suggestions": [_suggestion_as_json(one) for one in report.suggestions],
            "errors": [str(error) for error in report.errors],
        }
    )


def _suggestion_as_json(suggestion: Suggestion) -> dict[str, object]:
    return {
        "source": suggestion.source,
        "target": suggestion.target,
        "kind": str(suggestion.kind),
        "count": suggestion.count,
        "aliases": list(suggestion.aliases),
        "case_sensitive": suggestion.case_sensitive,
        "renderings": [{"text": text, "count": count} for text, count in suggestion.renderings],
        "disagreeing": suggestion.disagreeing,
        "contexts": [
            {"document": context.document, "snippet": context.snippet}
            for context in suggestion.contexts
        ],
    }


def run_consistency(*, to: Sequence[str], as_json: bool) -> None:
    """Run the command and exit with its status: 1 where something disagrees."""
    project = find_project()
    workspace = Workspace(project)
    locales = [Locale.parse(text) for text in to] or list(
        dict.fromkeys([*project.targets, *workspace.catalogues.locales()])
    )
    reports = [check_consistency(workspace, locale) for locale in locales]
    if as_json:
        sys.stdout.write(_consistency_as_json(reports))
    else:
        for report in reports:
            _tell_consistency(report)
    status = complain_all(error for report in reports for error in report.errors)
    disagree = any(report.disagreements for report in reports)
    sys.exit(max(status, int(disagree)))


def _tell_consistency(report: ConsistencyReport) -> None:
    for disagreement in report.disagreements:
        agreed = f" → {printable(disagreement.agreed)}" if disagreement.agreed else ""
        say(f"{report.locale}: {printable(disagreement.name)}{agreed}")
        for variant in disagreement.variants:
            spellings = ", ".join(map(printable, variant.spellings))
            say(f"  {spellings}: {counted(len(variant.entries), 'segment')}")
            for entry in variant.entries[:_PLACES_SHOWN]:
                say(f"    {printable(entry.document)}: {_shortened(entry.source)}")
            hidden = len(variant.entries) - _PLACES_SHOWN
            if hidden > 0:
                say(f"    and {hidden} more")
    found = counted(len(report.disagreements), "name")
    say(
        f"{report.locale}: {found} rendered in several ways in "
        f"{counted(report.entries, 'translated segment')}"
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    cut = line if len(line) <= _SOURCE_SHOWN else line[:_SOURCE_SHOWN].rpartition(" ")[0] + "…"
    return printable(cut)


def _consistency_as_json(reports: Sequence[ConsistencyReport]) -> str:
    return _dumped(
        {
            "locales": [
                {
                    "locale": str(report.locale),
                    "entries": report.entries,
                    "disagreements": [_disagreement_as_json(one) for one in report.disagreements],
                }
                for report in reports
            ],
            "errors": [str(error) for report in reports for error in report.errors],
        }
    )


def _disagreement_as_json(disagreement: Disagreement) -> dict[str, object]:
    return {
        "name": disagreement.name,
        "agreed": disagreement.agreed,
        "variants": [
            {
                "spellings": list(variant.spellings),
                "count": len(variant.entries),
                "entries": [
                    {"document": entry.document, "source": entry.source, "target": entry.target}
                    for entry in variant.entries
                ],
            }
            for variant in disagreement.variants
        ],
    }


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
