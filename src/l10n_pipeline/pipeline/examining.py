"""Which documents are at rest, found out by several processes side by side.

Where no note tells of a project's catalogues (:mod:`.resting`), as in a fresh clone, each document
is read and divided into sentences, and whatever humans wrote is checked again. Nothing of that
depends on another document and nothing is written, so that all processor cores can do it. A
document with anything to do is left to the run itself, which reads it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from functools import partial
from typing import Final, Self

from l10n_pipeline.catalogue import templates
from l10n_pipeline.config import Project
from l10n_pipeline.errors import L10nError
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.language import Language
from l10n_pipeline.pipeline.processes import ProcessPool, usable_cores
from l10n_pipeline.pipeline.remembering import ProjectMemory
from l10n_pipeline.pipeline.resting import AtRest, Resting
from l10n_pipeline.pipeline.templating import Templated
from l10n_pipeline.pipeline.workspace import DocumentPath, Workspace

WORTH_PROCESSES: Final = 1 << 21
"""Bytes of catalogues from which on processes are started: what takes one twice as long to look
into as it takes to start."""
_DOCUMENTS_A_JOB: Final = 8
_DOCUMENTS_IN_VAIN: Final = 32
"""Where none of so many in a row is at rest, hardly any will be: the glossary is another."""

_EMPTY: Final = re.compile(rb'^msgstr(?:\[\d\])? ""\r?\n(?!")', re.MULTILINE)

Found = Mapping[Locale, AtRest]
_AllFound = Mapping[DocumentPath, Found]


class Examination:
    """What is found out of documents; used as a context, at the end of which the processes end.

    Args:
        workspace: the project.
        documents: the documents, in the order in which they will be asked for.
        locales: the languages that a document has to be at rest in.
    """

    def __init__(
        self, workspace: Workspace, documents: Sequence[DocumentPath], locales: Sequence[Locale]
    ) -> None:
        project = workspace.project
        sizes = {one: _size_of_catalogues(project, one, locales) for one in documents}
        wanted = [one for one in documents if sizes[one]]
        jobs = [
            wanted[at : at + _DOCUMENTS_A_JOB] for at in range(0, len(wanted), _DOCUMENTS_A_JOB)
        ]
        workers = min(project.workers or usable_cores(), len(jobs))
        self._pool: ProcessPool | None = None
        self._futures: dict[DocumentPath, Future[_AllFound]] = {}
        self._in_vain = 0
        self._jobs: list[list[DocumentPath]] = []
        if workers > 1 and sum(sizes.values()) >= WORTH_PROCESSES:
            self._pool = ProcessPool(workers, partial(_begin, project, tuple(locales)))
            self._jobs = jobs

    def __enter__(self) -> Self:
        if self._pool is not None:
            try:
                self._submit(self._pool)
            except BaseException:
                self._give_up()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        self._give_up()

    @property
    def is_under_way(self) -> bool:
        """Whether there are documents that may be known and have not been asked for."""
        return bool(self._futures)

    def find(self, document: DocumentPath) -> Found:
        """What is to be noted of a document; nothing where it is not at rest in all languages,
        or has not been looked into.
        """
        future = self._futures.pop(document, None)
        if future is None:
            return {}
        try:
            found = future.result().get(document, {})
        except (BrokenProcessPool, OSError):
            # Killed, or never started: the run does it all by itself.
            self._give_up()
            return {}
        self._in_vain = 0 if found else self._in_vain + 1
        if self._in_vain >= _DOCUMENTS_IN_VAIN:
            self._give_up()
        return found

    def _submit(self, pool: ProcessPool) -> None:
        try:
            for job in self._jobs:
                future = pool.submit(_examine, job)
                self._futures.update(dict.fromkeys(job, future))
        except (BrokenProcessPool, OSError):
            self._give_up()

    def _give_up(self) -> None:
        self._futures.clear()
        if self._pool is not None:
            self._pool.end()


def _size_of_catalogues(project: Project, document: DocumentPath, locales: Sequence[Locale]) -> int:
    """Their bytes, together; 0 where one is not there, or has an entry that waits for a draft."""
    paths = (project.root / project.catalogue_path(locale, document.name) for locale in locales)
    try:
        catalogues = [path.read_bytes() for path in paths]
    except OSError:
        return 0
    return 0 if any(map(_EMPTY.search, catalogues)) else sum(map(len, catalogues))


class Examiner:
    """Looks into documents; reads files, and writes none.

    Args:
        workspace: the project.
        locales: the languages that a document has to be at rest in.

    Raises:
        GlossaryError, ConfigError: where a language's glossary cannot be read.
    """

    def __init__(self, workspace: Workspace, locales: Sequence[Locale]) -> None:
        self._workspace = workspace
        self._resting = Resting(workspace, read_only=True)
        memory = ProjectMemory(workspace, cached=False)
        self._languages = [
            Language(workspace, locale, workspace.glossary(locale), memory, datetime.now(UTC))
            for locale in locales
        ]

    def at_rest(self, found: DocumentPath) -> Found:
        """What is to be noted of a document; nothing where there is something to do in any of
        the languages, or something wrong.
        """
        try:
            document = self._templated(found)
            if document is None:
                return {}
            notes: dict[Locale, AtRest] = {}
            for language in self._languages:
                existing = self._workspace.catalogues.read(language.locale, found.name)
                if existing is None or not language.is_done(document, existing):
                    return {}
                notes[language.locale] = self._resting.as_read(found, language.locale, existing)
        except L10nError:
            return {}
        return notes

    def _templated(self, found: DocumentPath) -> Templated | None:
        """The document; None where its template is to be written."""
        workspace = self._workspace
        document = workspace.read_document(found)
        template = templates.template(
            document.document, document.segments, neighbours=workspace.project.neighbours
        )
        existing = workspace.catalogues.read_template(found.name)
        if existing is None or not templates.same_entries(template, existing):
            return None
        return Templated.of(document, existing, is_on_disk=True)


# --- in a process --------------------------------------------------------------------


class _Process:
    """What a process has: what it needs to look into documents, made once it is asked to."""

    project: Project
    locales: tuple[Locale, ...]
    examiner: Examiner | None = None


def _begin(project: Project, locales: tuple[Locale, ...]) -> None:
    _Process.project, _Process.locales = project, locales


def _examine(documents: Sequence[DocumentPath]) -> _AllFound:
    try:
        if _Process.examiner is None:
            _Process.examiner = Examiner(Workspace(_Process.project), _Process.locales)
    except L10nError:
        return {}  # the run will tell
    return {document: _Process.examiner.at_rest(document) for document in documents}
