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
glossary_app = typer.Typer(
    help="Look after the glossaries: check, import, export, find what they lack.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(glossary_app, name="glossary")
tm_app = typer.Typer(
    help="Look after the translation memory: what it has, what it saves, import, export.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(tm_app, name="tm")


class AcceptOption(StrEnum):
    """Values of ``--accept``."""

    REVIEWED = "reviewed"
    FUZZY = "fuzzy"
    MT = "mt"


class ReportFormat(StrEnum):
    """Values of ``--format`` of commands that report."""

    TEXT = "text"
    JSON = "json"


class PrecisionOption(StrEnum):
    """Values of ``--precision``."""

    AUTO = "auto"
    F32 = "f32"
    BF16 = "bf16"
    F16 = "f16"
    INT8 = "int8"


class FilterFormat(StrEnum):
    """Values of ``l10n mt --format``."""

    TEXT = "text"
    JSONL = "jsonl"


class Architecture(StrEnum):
    """Values of ``l10n models pull --architecture``."""

    TINY = "tiny"
    BASE = "base"
    BASE_MEMORY = "base-memory"


class GlossaryFileFormat(StrEnum):
    """Values of ``--format`` of ``l10n glossary import`` and ``export``."""

    TBX = "tbx"
    CSV = "csv"
    TSV = "tsv"


class ExchangeFileFormat(StrEnum):
    """Values of ``l10n export --format``."""

    XLIFF = "xliff"
    CSV = "csv"


class ExportSelection(StrEnum):
    """Values of ``l10n export --only``."""

    UNTRANSLATED = "untranslated"
    UNREVIEWED = "unreviewed"
    ALL = "all"


class SuggestFormat(StrEnum):
    """Values of ``l10n glossary suggest --format``."""

    TSV = "tsv"
    JSON = "json"


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
_Precision = Annotated[
    PrecisionOption | None,
    typer.Option(
        help="How exactly the model computes: auto is the quickest that loses no quality.",
        show_default=False,
    ),
]
_Workers = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=1024,
        metavar="N",
        help="Processes that translate side by side; 0 makes it one a processor core.",
        show_default=False,
    ),
]
_GlossaryFormat = Annotated[
    GlossaryFileFormat | None,
    typer.Option("--format", help="As the file's suffix says unless told.", show_default=False),
]
_Delimiter = Annotated[
    str,
    typer.Option(
        metavar="CHARACTER",
        help="What parts the cells of a CSV or TSV file, such as ';'; a comma or tab unless told.",
        show_default=False,
    ),
]
_Wait = Annotated[
    bool,
    typer.Option("--wait", help="Wait for another l10n command that is writing into this project."),
]
_Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


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
    precision: _Precision = None,
    workers: _Workers = None,
    redraft: Annotated[
        bool, typer.Option("--redraft", help="Make drafts that nobody touched anew.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where a draft needs a second look.")
    ] = False,
    dry_run: _DryRun = False,
    wait: _Wait = False,
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
        precision=precision and precision.value,
        workers=workers,
        mt=not no_mt,
        redraft=redraft,
        strict=strict,
        dry_run=dry_run,
        wait=wait,
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
    keep: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=100,
            metavar="PERCENT",
            help="How much of a document has to be translated for it to be written; one that a "
            "build wrote is removed where it no longer is.",
            show_default=False,
        ),
    ] = None,
    mo: Annotated[
        bool | None,
        typer.Option(
            "--mo/--no-mo",
            help="Compile programs' catalogues, too: app.mo beside app.po.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="Replace files in the editions' places too that build did not write, or that "
            "were edited since.",
        ),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit with 1 where a segment stays in the source language or its translation is "
            "stale, or where a document is not written.",
        ),
    ] = False,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print what was done.")
    ] = ReportFormat.TEXT,
    dry_run: _DryRun = False,
    wait: _Wait = False,
    quiet: _Quiet = False,
) -> None:
    """Write the localised documents from the catalogues."""
    from l10n_pipeline.cli.build import run

    run(
        paths=paths or [],
        to=to or [],
        accept=accept and accept.value,
        keep=keep,
        mo=mo,
        overwrite=overwrite,
        strict=strict,
        as_json=report_format is ReportFormat.JSON,
        dry_run=dry_run,
        wait=wait,
        quiet=quiet,
    )


@app.command()
def status(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]",
            help="Documents, catalogues or folders of them; all of the project's unless told.",
            show_default=False,
        ),
    ] = None,
    to: _To = None,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
) -> None:
    """Count segments and words by review state, per document and language."""
    from l10n_pipeline.cli.status import run

    run(paths=paths or [], to=to or [], as_json=report_format is ReportFormat.JSON)


@app.command()
def export(
    paths: _Paths = None,
    to: _To = None,
    file_format: Annotated[
        ExchangeFileFormat,
        typer.Option("--format", help="XLIFF 2.1 for translation tools, CSV for spreadsheets."),
    ] = ExchangeFileFormat.XLIFF,
    only: Annotated[
        ExportSelection,
        typer.Option(help="Which entries: without a translation, not reviewed yet, or all."),
    ] = ExportSelection.ALL,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Where to write; exchange unless told. Each language has a folder in it.",
            show_default=False,
        ),
    ] = None,
    force: _Force = False,
) -> None:
    """Write the catalogues as files for translators who work elsewhere."""
    from l10n_pipeline.cli.exchange import run_export

    run_export(
        paths=paths or [],
        to=to or [],
        file_format=file_format.value,
        only=only.value,
        output=output,
        force=force,
    )


@app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Exported files, worked on.")
    ],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Take a translator's reviewed text even over one that is reviewed here, where "
            "that is still the one that was exported.",
        ),
    ] = False,
    dry_run: _DryRun = False,
    wait: _Wait = False,
    quiet: _Quiet = False,
) -> None:
    """Take back what translators did in exported files.

    What was written or accepted in a catalogue since its export is never changed.
    """
    from l10n_pipeline.cli.exchange import run_import

    run_import(files, overrule=replace, dry_run=dry_run, wait=wait, quiet=quiet)


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
    precision: _Precision = None,
    workers: _Workers = None,
    prefixed: Annotated[
        bool,
        typer.Option(
            "--prefixed",
            help="Each line is a source, a tab, and what its translation has to begin with.",
        ),
    ] = False,
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
        precision=precision and precision.value,
        workers=workers,
        prefixed=prefixed,
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
    available: Annotated[
        bool,
        typer.Option(
            "--available",
            help="Also those that can be fetched, as of the last time that the registry was "
            "asked. This command never connects.",
        ),
    ] = False,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
) -> None:
    """List the models at hand: languages, name, family, size, quality, licence, where from."""
    from l10n_pipeline.cli.models import run_list

    run_list(
        source=source,
        target=target,
        available=available,
        as_json=report_format is ReportFormat.JSON,
    )


@models_app.command("pull")
def models_pull(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FROM TO | ORGANISATION/NAME]",
            help="Two languages, for a model by Mozilla, or two through English; or the name "
            "of a model on the Hugging Face hub. Without it, the list of Mozilla's models is "
            "fetched and no model.",
            show_default=False,
        ),
    ] = None,
    revision: Annotated[
        str,
        typer.Option(
            metavar="COMMIT|TAG|BRANCH",
            help="Which state of a model on the hub.",
            show_default=False,
        ),
    ] = "",
    architecture: Annotated[
        Architecture | None,
        typer.Option(
            help="Which of Mozilla's models of a pair: tiny is the fastest, base the best.",
            show_default=False,
        ),
    ] = None,
    pre_release: Annotated[
        bool, typer.Option("--pre-release", help="Take Mozilla's test versions as well.")
    ] = False,
    server: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Where to ask for Mozilla's models: a mirror of its Remote Settings server. "
            "Also: L10N_MOZILLA_SERVER.",
            show_default=False,
        ),
    ] = "",
    accept_licence: Annotated[
        bool,
        typer.Option(
            "--accept-licence", help="Do not ask about licences that restrict what one may do."
        ),
    ] = False,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline", help="Do not connect; say what is at hand. Also: L10N_OFFLINE=1."
        ),
    ] = False,
    timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0.1, help="How long to wait for a silent server."),
    ] = 30.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Fetch a translation model. No other command touches the network."""
    from l10n_pipeline.cli.models import run_pull

    run_pull(
        what or [],
        revision=revision,
        architecture=architecture.value if architecture else "",
        pre_release=pre_release,
        server=server,
        accept_licence=accept_licence,
        offline=offline,
        timeout=timeout,
        quiet=quiet,
    )


@glossary_app.command("check")
def glossary_check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]",
            help="Glossary files; all of the project's, and how they go together, unless told.",
            show_default=False,
        ),
    ] = None,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
) -> None:
    """Tell of every row that cannot be used, and of what was probably not meant."""
    from l10n_pipeline.cli.glossary import run_check

    run_check(paths or [], as_json=report_format is ReportFormat.JSON)


@glossary_app.command("import")
def glossary_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TBX, CSV or TSV file.")],
    to: Annotated[str, typer.Option("--to", metavar="LOCALE", help="Language of the targets.")],
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="LOCALE",
            help="Language of the sources; the project's unless told.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The glossary to write; glossary/FROM-TO.NAME.tsv unless told.",
            show_default=False,
        ),
    ] = None,
    file_format: _GlossaryFormat = None,
    delimiter: _Delimiter = "",
    force: _Force = False,
    wait: _Wait = False,
) -> None:
    """Take over a termbase of another tool as a glossary of this project."""
    from l10n_pipeline.cli.glossary import run_import

    run_import(
        file,
        to=to,
        source=source,
        output=output,
        file_format=file_format and file_format.value,
        delimiter=delimiter,
        force=force,
        wait=wait,
    )


@glossary_app.command("export")
def glossary_export(
    to: Annotated[str, typer.Option("--to", metavar="LOCALE", help="Language of the targets.")],
    file_format: _GlossaryFormat = None,
    delimiter: _Delimiter = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file to write; standard output unless told.",
            show_default=False,
        ),
    ] = None,
    force: _Force = False,
) -> None:
    """Write a language's terms, all its glossaries merged, for another tool."""
    from l10n_pipeline.cli.glossary import run_export

    run_export(
        to=to,
        file_format=file_format and file_format.value,
        delimiter=delimiter,
        output=output,
        force=force,
    )


@glossary_app.command("suggest")
def glossary_suggest(
    paths: _Paths = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="LOCALE",
            help="Target language, such as pt-BR; the project's where it has one.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to a new file; to standard output unless told.",
            show_default=False,
        ),
    ] = None,
    min_count: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Leave out names that are mentioned less often."),
    ] = 1,
    output_format: Annotated[
        SuggestFormat, typer.Option("--format", help="A glossary to edit, or JSON.")
    ] = SuggestFormat.TSV,
    no_mt: Annotated[
        bool, typer.Option("--no-mt", help="Do not ask a model how it renders the names.")
    ] = False,
    model: _Model = None,
    precision: _Precision = None,
    workers: _Workers = None,
    quiet: _Quiet = False,
) -> None:
    """List the names in the documents that the glossary lacks, as a glossary to edit."""
    from l10n_pipeline.cli.suggest import run_suggest

    run_suggest(
        paths=paths or [],
        to=to,
        output=output,
        min_count=min_count,
        as_json=output_format is SuggestFormat.JSON,
        mt=not no_mt,
        model=model,
        precision=precision and precision.value,
        workers=workers,
        quiet=quiet,
    )


@glossary_app.command("consistency")
def glossary_consistency(
    to: _To = None,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
) -> None:
    """Find names that the catalogues render in several ways; exit with 1 where there are any."""
    from l10n_pipeline.cli.suggest import run_consistency

    run_consistency(to=to or [], as_json=report_format is ReportFormat.JSON)


@tm_app.command("stats")
def tm_stats(
    to: _To = None,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
) -> None:
    """Count what the memory is made of: reviewed catalogues and TMX files."""
    from l10n_pipeline.cli.tm import run_stats

    run_stats(to=to or [], as_json=report_format is ReportFormat.JSON)


@tm_app.command("leverage")
def tm_leverage(
    paths: _Paths = None,
    to: _To = None,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print it.")
    ] = ReportFormat.TEXT,
) -> None:
    """Count what the memory would save, in segments and words; no model is loaded."""
    from l10n_pipeline.cli.tm import run_leverage

    run_leverage(paths=paths or [], to=to or [], as_json=report_format is ReportFormat.JSON)


@tm_app.command("import")
def tm_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TMX file.")],
    to: _To = None,
    force: _Force = False,
    wait: _Wait = False,
) -> None:
    """Check a TMX file and copy it into the project, where the memory finds it."""
    from l10n_pipeline.cli.tm import run_import

    run_import(file, to=to or [], force=force, wait=wait)


@tm_app.command("export")
def tm_export(
    to: Annotated[str, typer.Option("--to", metavar="LOCALE", help="Language to pass on.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file to write; standard output unless told.",
            show_default=False,
        ),
    ] = None,
    force: _Force = False,
) -> None:
    """Write all translations that reviewers accepted as TMX, for another tool."""
    from l10n_pipeline.cli.tm import run_export

    run_export(to=to, output=output, force=force)
