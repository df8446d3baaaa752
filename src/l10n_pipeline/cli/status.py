"""``l10n status``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from l10n_pipeline.cli.console import columns, complain_all, counted, printable, say, shortened
from l10n_pipeline.cli.targets import placed
from l10n_pipeline.config import find_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.status import Counts, Item, StatusReport, status
from l10n_pipeline.pipeline.workspace import Workspace

_WIDTH: Final = 100
"""Columns of a terminal that a table has to fit in."""
_NARROWEST: Final = 16
"""Columns that a document's name has all the same."""
_SHOWN: Final = (Item.NEW, Item.DRAFT, Item.EDITED, Item.STALE, Item.REVIEWED, Item.FAILING)
_DETAILS: Final = (
    (Item.DRAFT_MT, "drafts of a model"),
    (Item.DRAFT_TM, "drafts from the memory"),
    (Item.REVIEWED_UNTOUCHED, "accepted as drafted"),
    (Item.REVIEWED_CORRECTED, "accepted after corrections"),
    (Item.REVIEWED_HUMAN, "by people alone"),
    (Item.REVIEWED_KEPT, "kept untranslated"),
    (Item.LOCKED, "locked"),
    (Item.OBSOLETE, "obsolete"),
)


def run(*, paths: Sequence[Path], to: Sequence[str], as_json: bool) -> None:
    """Run the command and exit with its status."""
    project = find_project(paths=paths)
    workspace = Workspace(project)
    locales = list(map(Locale.parse, to)) or [*project.targets, *workspace.catalogues.locales()]
    report = status(workspace, locales=list(dict.fromkeys(locales)), paths=paths)
    if as_json:
        say(_json(report))
    elif report.catalogues:
        say(_text(report))
    elif not report.errors:
        say("no catalogues yet; make them with: l10n translate --to LOCALE")
    sys.exit(complain_all(placed(project, report.errors)))


def _text(report: StatusReport) -> str:
    header = ("", *map(str, _SHOWN), "done")
    by_locale = report.by_locale
    rows = [header]
    for locale in by_locale:
        rows.append((str(locale), *[""] * (len(header) - 1)))
        rows += (
            (f"  {printable(one.document)}{' (gone)' if one.is_gone else ''}", *_cells(one.counts))
            for one in report.catalogues
            if one.locale == locale
        )
    widths = (max(map(len, column)) for column in list(zip(*rows, strict=True))[1:])
    room = max(_NARROWEST, _WIDTH - sum(width + 2 for width in widths))
    table = [(shortened(name, room), *cells) for name, *cells in rows]
    lines = [columns(table, right=range(1, len(header))), ""]
    for locale, counts in by_locale.items():
        lines += _summary(str(locale), counts)
    if len(by_locale) > 1:
        lines += _summary("in all", report.total)
    if gone := sum(one.is_gone for one in report.catalogues):
        lines.append(f"(gone): {counted(gone, 'document')} no longer there, counted in no sum")
    lines.append(
        "segments/words; failing: a term or a check needs a second look; done: words reviewed"
    )
    return "\n".join(lines)


def _cells(counts: Counts) -> Iterator[str]:
    for item in _SHOWN:
        yield _cell(counts, item) if counts.segments[item] else "-"
    yield _percent(counts.reviewed_words_percent)


def _cell(counts: Counts, item: Item) -> str:
    return f"{counts.segments[item]}/{counts.words[item]}"


def _percent(percent: int | None) -> str:
    return "-" if percent is None else f"{percent}%"


def _summary(what: str, counts: Counts) -> Iterator[str]:
    segments, words = counts.segments[Item.REVIEWED], counts.words[Item.REVIEWED]
    yield (
        f"{what}: {segments} of {counted(counts.all_segments, 'segment')} reviewed "
        f"({_percent(counts.reviewed_segments_percent)}), {words} of "
        f"{counted(counts.all_words, 'word')} ({_percent(counts.reviewed_words_percent)})"
    )
    details = [f"{_cell(counts, item)} {said}" for item, said in _DETAILS if counts.segments[item]]
    for at in range(0, len(details), 3):
        yield f"  {', '.join(details[at : at + 3])}"


def _json(report: StatusReport) -> str:
    return json.dumps(
        {
            "catalogues": [
                {
                    "document": catalogue.document,
                    "locale": str(catalogue.locale),
                    "gone": catalogue.is_gone,
                    **_fields(catalogue.counts),
                }
                for catalogue in report.catalogues
            ],
            "locales": [
                {"locale": str(locale), **_fields(counts)}
                for locale, counts in report.by_locale.items()
            ],
            "total": _fields(report.total),
            "errors": [str(error) for error in report.errors],
        },
        ensure_ascii=False,
        indent=2,
    )


def _fields(counts: Counts) -> dict[str, object]:
    return {
        "segments": {
            "total": counts.all_segments,
            **{str(item): counts.segments[item] for item in Item},
        },
        "words": {
            "total": counts.all_words,
            **{str(item): counts.words[item] for item in Item},
        },
        "percent_reviewed": {
            "segments": counts.reviewed_segments_percent,
            "words": counts.reviewed_words_percent,
        },
    }
