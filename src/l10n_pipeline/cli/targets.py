"""What a command works on: a project, and which languages of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from l10n_pipeline.cli.console import patience, printable
from l10n_pipeline.config import FILE_NAME, Project, current_folder
from l10n_pipeline.errors import GlossaryError, InputError, L10nError, OutputError, UsageError
from l10n_pipeline.files import resolved
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.locking import writing


def shown_path(project: Project, path: str) -> str:
    """A path relative to a project's root, as one in the current folder finds it; within a
    project that has an ``l10n.toml``, as it is.
    """
    if project.configured:
        return printable(path)
    whole, here = project.root / path, resolved(current_folder())
    return printable(str(whole.relative_to(here) if whole.is_relative_to(here) else whole))


def placed(project: Project, errors: Iterable[L10nError]) -> Iterator[L10nError]:
    """The errors, with places that one in the current folder finds, as :func:`shown_path` has
    them.
    """
    for error in errors:
        is_file = isinstance(error, (InputError, GlossaryError, OutputError))
        if is_file and error.where:
            error.where = shown_path(project, error.where)
        yield error


def no_documents(project: Project) -> str:
    """What to say where a project has no documents."""
    if project.configured:
        return f"no documents found; see 'documents' in {FILE_NAME}"
    return f"no documents found: name files, or make a project with l10n init (no {FILE_NAME} here)"


def target_locales(project: Project, to: Sequence[str]) -> list[Locale]:
    """The locales of ``--to``, or else the project's targets.

    Raises:
        LocaleError: where one is no locale.
        UsageError: where there are none, or one is the source language itself.
    """
    locales = [Locale.parse(text) for text in to] or list(project.targets)
    if not locales:
        raise UsageError(
            "no target language", way_out="pass --to pt-BR, or set 'targets' in l10n.toml"
        )
    if project.source in locales:
        raise UsageError(
            f"the documents are in {project.source.english_name} already",
            where=f"--to {project.source}" if to else FILE_NAME,
            way_out="name another language" if to else f"take '{project.source}' out of 'targets'",
        )
    return list(dict.fromkeys(locales))


@contextmanager
def written_by(
    project: Project,
    command: str,
    *,
    wait: bool,
    dry_run: bool = False,
    quiet: bool = False,
    elsewhere: bool = False,
) -> Iterator[None]:
    """Have a command write into a project while no other one does.

    Args:
        project: the project.
        command: its name, for who comes meanwhile.
        wait: whether to wait for another one as long as it takes.
        dry_run: whether nothing is written: then nobody needs to wait.
        quiet: whether not to say that it waits.
        elsewhere: see :func:`~l10n_pipeline.pipeline.locking.writing`.

    Raises:
        BusyError: where another command is writing.
        OutputError: where the project cannot be locked.
    """
    if dry_run:
        yield
        return
    waiting = patience(wait=wait, quiet=quiet)
    with writing(project.root, command, waiting, elsewhere=elsewhere) as hold:
        for warning in hold.warnings:
            sys.stderr.write(f"note: {warning}\n")
        yield
