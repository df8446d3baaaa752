"""``l10n tm``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from l10n_pipeline.cli.clock import now
from l10n_pipeline.cli.console import columns, complain, complain_all, counted, printable, say
from l10n_pipeline.cli.targets import no_documents, placed, target_locales, written_by
from l10n_pipeline.config import current_folder, find_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.memories import (
    Band,
    LeverageReport,
    Reuse,
    Reused,
    StatsReport,
    Supply,
    TmxReport,
    export,
    import_tmx,
    leverage,
    stats,
)
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.workspace import Workspace

_SERVED = (Reuse.CONTEXT, Reuse.EXACT, Reuse.NEAR, Reuse.REPAIRED)


def run_stats(*, to: Sequence[str], as_json: bool) -> None:
    """Tell what the memory is made of; exit with 1 where a file of it cannot be read."""
    project = find_project()
    report = stats(Workspace(project), locales=target_locales(project, to))
    say(_stats_json(report) if as_json else _stats_text(report))
    tell_notes(report.notes)
    sys.exit(complain_all(placed(project, report.errors)))


def run_leverage(*, paths: Sequence[Path], to: Sequence[str], as_json: bool) -> None:
    """Tell what the memory would save; exit with 1 where something cannot be read."""
    project = find_project(paths=paths)
    report = leverage(
        Workspace(project), locales=target_locales(project, to), now=now(), paths=paths
    )
    if as_json:
        say(_leverage_json(report))
    elif report.reused:
        say(_leverage_text(report))
    elif not report.errors:
        finished = "every segment has a translation by a human"
        say(finished if report.catalogues else no_documents(project))
    tell_notes(report.notes)
    sys.exit(complain_all(placed(project, report.errors)))


def run_import(file: Path, *, to: Sequence[str], force: bool, wait: bool) -> None:
    """Take over a TMX file; exit with 1 where a unit of it was refused, or nothing is of use."""
    project = find_project()
    locales = target_locales(project, to)
    with written_by(project, "tm import", wait=wait):
        imported = import_tmx(project, file, locales=locales, overwrite=force)
    reports = imported.reports
    problems = [problem for report in reports.values() for problem in report.problems]
    for line in dict.fromkeys(map(str, problems)):
        sys.stderr.write(f"error: {printable(line)}\n")
    for locale, report in reports.items():
        say(f"{locale}: {_units(report)}")
    if imported.units:
        say(f"copied to {_shown(imported.path)}")
    else:
        say("nothing was copied")
    sys.exit(1 if problems or not imported.units else 0)


def run_export(*, to: str, output: Path | None, force: bool) -> None:
    """Pass on what reviewers accepted, to a file or standard output."""
    workspace = Workspace(find_project())
    exported, parts = export(workspace, Locale.parse(to), output=output, overwrite=force)
    sys.stdout.flush()
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    if output is not None:
        say(f"{counted(exported.report.units, 'unit')} written to {_shown(output)}")
    if exported.plurals:
        left = counted(exported.plurals, "plural message")
        sys.stderr.write(f"note: {left} left out: TMX has no plural forms\n")
    for problem in exported.report.problems:
        complain(problem)
    status = complain_all(exported.errors)
    sys.exit(1 if exported.report.problems else status)


def tell_notes(notes: Iterable[str]) -> None:
    """Write what else a user should know to standard error."""
    for note in dict.fromkeys(notes):
        sys.stderr.write(f"note: {printable(note)}\n")


def reuse_line(locale: Locale, reused: Reused) -> str:
    """What the memory did for a language, in one line; empty where it did nothing.

    Of a segment without any match nothing is said of who translates it.
    """
    if not any(reused.segments[reuse] for reuse in (*_SERVED, Reuse.SHOWN)):
        return ""
    served = ", ".join(_counts(reused, reuse) for reuse in _SERVED if reused.segments[reuse])
    told = [served or "no draft"]
    told += (
        f"{name} {reused.segments[reuse]}/{reused.words[reuse]}"
        for reuse, name in ((Reuse.SHOWN, "similar, shown"), (Reuse.NONE, "nothing for"))
        if reused.segments[reuse]
    )
    return f"{locale}: from the memory, segments/words: {'; '.join(told)}"


def _counts(reused: Reused, reuse: Reuse) -> str:
    return f"{reuse} {reused.segments[reuse]}/{reused.words[reuse]}"


def _units(report: TmxReport) -> str:
    told = [counted(report.units, "unit")]
    if report.unpaired:
        told.append(f"{report.unpaired} without these languages")
    if report.broken:
        told.append(f"{report.broken} refused")
    return ", ".join(told)


def _shown(path: Path) -> str:
    here = current_folder()
    return printable(readable(str(path.relative_to(here) if path.is_relative_to(here) else path)))


def _stats_text(report: StatsReport) -> str:
    rows = [
        (str(locale), printable(supply.name), str(units))
        for locale, supplies in report.units.items()
        for supply, units in supplies.items()
    ]
    if not rows:
        return "the memory is empty: it is made of reviewed catalogues and of memory/*.tmx"
    totals = [
        (str(locale), counted(len(supplies), "file"), str(sum(supplies.values())))
        for locale, supplies in report.units.items()
    ]
    return columns([("language", "file", "units"), *rows, *totals], right=[2])


def _stats_json(report: StatsReport) -> str:
    def supplies(of: Mapping[Supply, int]) -> list[dict[str, object]]:
        return [
            {"kind": str(supply.kind), "file": supply.name, "units": units}
            for supply, units in of.items()
        ]

    return _json(
        {
            "locales": [
                {"locale": str(locale), "units": sum(of.values()), "files": supplies(of)}
                for locale, of in report.units.items()
            ],
            "notes": report.notes,
            "errors": [str(error) for error in report.errors],
        }
    )


def _leverage_text(report: LeverageReport) -> str:
    header = ("language", *(str(band) for band in Band), "drafts", "shown")
    rows = [header]
    for locale, reused in report.reused.items():
        drafts = [sum(of[reuse] for reuse in _SERVED) for of in (reused.segments, reused.words)]
        rows.append(
            (
                str(locale),
                *(_cell(*reused.leverage.table[band]) for band in Band),
                _cell(*drafts),
                _cell(reused.segments[Reuse.SHOWN], reused.words[Reuse.SHOWN]),
            )
        )
    note = (
        "segments/words without a translation by a human, by their best match; "
        "drafts: those it would be the draft of, repaired where need be"
    )
    return f"{columns(rows, right=range(1, len(header)))}\n{note}"


def _cell(segments: int, words: int) -> str:
    return f"{segments}/{words}" if segments else "-"


def _leverage_json(report: LeverageReport) -> str:
    return _json(
        {
            "locales": [
                {
                    "locale": str(locale),
                    "matches": {
                        str(band): {"segments": segments, "words": words}
                        for band, (segments, words) in reused.leverage.table.items()
                    },
                    "uses": {
                        str(reuse): {
                            "segments": reused.segments[reuse],
                            "words": reused.words[reuse],
                        }
                        for reuse in Reuse
                    },
                }
                for locale, reused in report.reused.items()
            ],
            "notes": report.notes,
            "errors": [str(error) for error in report.errors],
        }
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
