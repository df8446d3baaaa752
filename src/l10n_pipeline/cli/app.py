"""The commands and their options.

Each command's work lies in a module of its own, imported when the command runs, so
that ``l10n --help`` answers at once.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from l10n_pipeline import __version__

app = typer.Typer(
    name="l10n",
    help="Translate documents with a local model under a glossary of names, "
    "review them as PO catalogues, rebuild them in every language.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
models_app = typer.Typer(
    help="Look after the translation models.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(models_app, name="models")


class AcceptOption(StrEnum):
    """Values of ``--accept``."""

    REVIEWED = "reviewed"
    FUZZY = "fuzzy"
    MT = "mt"


class ReportFormat(StrEnum):
    """Values of ``l10n status --format``."""

    TEXT = "text"
    JSON = "json"


class FilterFormat(StrEnum):
    """Values of ``l10n mt --format``."""

    TEXT = "text"
    JSONL = "jsonl"


_Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]",
        help="Documents or folders; all of the project's unless told.",
        show_default=False,
    ),
]
_To = Annotated[
    list[str] | None,
    typer.Option(
        "--to",
        metavar="LOCALE",
        help="Target language, such as pt-BR. May be repeated.",
        show_default=False,
    ),
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")]
_Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FOLDER",
        help="Model to use: an installed one's name, or a folder with its files.",
        show_default=False,
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"l10n-pipeline {__version__}")
        raise typer.Exit


@app.callback()
def l10n(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Options that come before a command."""


@app.command()
def init(
    source: Annotated[
        str, typer.Option(metavar="LOCALE", help="The language the documents are written in.")
    ] = "en",
    to: _To = None,
) -> None:
    """Write a commented l10n.toml for a new project here."""
    from l10n_pipeline.cli.init import run

    run(source=source, targets=to or [])


@app.command()
def translate(
    paths: _Paths = None,
    to: _To = None,
    model: _Model = None,
    no_mt: Annotated[
        bool,
        typer.Option("--no-mt", help="Prepare catalogues for human translators; load no model."),
    ] = False,
    redraft: Annotated[
        bool, typer.Option("--redraft", help="Make drafts that nobody touched anew.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where a draft needs a second look.")
    ] = False,
    dry_run: _DryRun = False,
    quiet: _Quiet = False,
) -> None:
    """Bring the catalogues up to date: segment, translate under the glossary, merge.

    What a human wrote or accepted in a catalogue is never changed.
    """
    from l10n_pipeline.cli.translate import run

    run(
        paths=paths or [],
        to=to or [],
        model=model,
        mt=not no_mt,
        redraft=redraft,
        strict=strict,
        dry_run=dry_run,
        quiet=quiet,
    )


@app.command()
def build(
    paths: _Paths = None,
    to: _To = None,
    accept: Annotated[
        AcceptOption | None,
        typer.Option(
            help="Which translations to use: reviewed (no fuzzy flag), fuzzy (also what a "
            "human wrote and left flagged), mt (everything). The source stands for the rest.",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 1 where a segment stays in the source language."),
    ] = False,
    dry_run: _DryRun = False,
    quiet: _Quiet = False,
) -> None:
    """Write the localised documents from the catalogues."""
    from l10n_pipeline.cli.build import run

    run(
        paths=paths or [],
        to=to or [],
        accept=accept and accept.value,
        strict=strict,
        dry_run=dry_run,
        quiet=quiet,
    )


@app.command()
def status(
    to: _To = None,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
) -> None:
    """Count segments and words by review state, per document and language."""
    from l10n_pipeline.cli.status import run

    run(to=to or [], as_json=report_format is ReportFormat.JSON)


@app.command()
def mt(
    source: Annotated[str, typer.Option("--from", metavar="LOCALE", help="Language of the input.")],
    target: Annotated[str, typer.Option("--to", metavar="LOCALE", help="Language of the output.")],
    glossary: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Glossary to keep; none unless told.", show_default=False
        ),
    ] = None,
    model: _Model = None,
    output_format: Annotated[
        FilterFormat,
        typer.Option(
            "--format", help="Bare translations, or JSON with score, alignment and terms."
        ),
    ] = FilterFormat.TEXT,
) -> None:
    """Translate standard input: one segment a line in, one translation a line out."""
    from l10n_pipeline.cli.mt import run

    run(
        source=source,
        target=target,
        glossary=glossary,
        model=model,
        as_json=output_format is FilterFormat.JSONL,
    )


@models_app.command("list")
def models_list(
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="LOCALE",
            help="Only models that read this language.",
            show_default=False,
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="LOCALE",
            help="Only models that write this language.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """List the models at hand: languages, name, family, size, licence, where from."""
    from l10n_pipeline.cli.models import run_list

    run_list(source=source, target=target)
