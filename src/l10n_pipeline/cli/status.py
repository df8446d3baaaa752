"""``l10n status``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from l10n_pipeline.cli.console import columns, complain_all, printable, say
from l10n_pipeline.config import find_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.status import CatalogueStatus, StatusReport, status
from l10n_pipeline.pipeline.workspace import Workspace


def run(*, to: Sequence[str], as_json: bool) -> None:
    """Run the command and exit with its status."""
    project = find_project()
    workspace = Workspace(project)
    locales = [Locale.parse(text) for text in to] or list(
        dict.fromkeys([*project.targets, *workspace.catalogue_locales()])
    )
    report = status(workspace, locales=locales)
    say(_json(report) if as_json else _text(report))
    sys.exit(complain_all(report.errors))


def _text(report: StatusReport) -> str:
    if not report.catalogues:
        return "no catalogues yet; make them with: l10n translate --to LOCALE"
    header = ("language", "document", *(str(state) for state in State), "failing")
    rows = [header, *(_row(catalogue) for catalogue in report.catalogues)]
    note = "segments/words; failing: a term or a check needs a second look"
    return f"{columns(rows, right=range(2, len(header)))}\n{note}"


def _row(catalogue: CatalogueStatus) -> tuple[str, ...]:
    def cell(segments: int, words: int) -> str:
        return f"{segments}/{words}" if segments else "-"

    return (
        str(catalogue.locale),
        printable(catalogue.document),
        *(cell(catalogue.segments[state], catalogue.words[state]) for state in State),
        cell(catalogue.failing, catalogue.failing_words),
    )


def _json(report: StatusReport) -> str:
    return json.dumps(
        {
            "catalogues": [
                {
                    "document": catalogue.document,
                    "locale": str(catalogue.locale),
                    "segments": {
                        **{str(state): catalogue.segments[state] for state in State},
                        "failing": catalogue.failing,
                    },
                    "words": {
                        **{str(state): catalogue.words[state] for state in State},
                        "failing": catalogue.failing_words,
                    },
                }
                for catalogue in report.catalogues
            ],
            "errors": [str(error) for error in report.errors],
        },
        ensure_ascii=False,
        indent=2,
    )
