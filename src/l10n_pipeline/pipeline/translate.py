"""``l10n translate``: documents to catalogues.

Read → segment → recall → draft → merge → write. A second run over an unchanged project finds
nothing to draft, so it loads no model and writes no byte.

=====================  =================================================================
:mod:`.templating`     a document as its catalogues see it
:mod:`.language`       what of it waits for a draft, and the merge, in one language
:mod:`.remembering`    what the translation memory has
:mod:`.machine`        drafts by an engine; :mod:`.journal` keeps them from being lost
:mod:`.renaming`       catalogues of documents that have other names now
:mod:`.resting`        catalogues in which nothing has been to do
:mod:`.examining`      the same, found out of many documents side by side
=====================  =================================================================
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from l10n_pipeline.catalogue import templates
from l10n_pipeline.catalogue.po import write_catalogue
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.errors import CatalogueError, L10nError
from l10n_pipeline.files import write_unless
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Draft, State
from l10n_pipeline.pipeline.engines import FindEngine, find_engine
from l10n_pipeline.pipeline.examining import Examination
from l10n_pipeline.pipeline.jobs import Asked, Job
from l10n_pipeline.pipeline.journal import Journals
from l10n_pipeline.pipeline.language import Language
from l10n_pipeline.pipeline.locking import CACHE_FOLDER, Hold, writing
from l10n_pipeline.pipeline.machine import GivenUpError, Machine, Once
from l10n_pipeline.pipeline.orphans import orphans
from l10n_pipeline.pipeline.outcomes import CatalogueOutcome, TranslateOptions, TranslateReport
from l10n_pipeline.pipeline.progress import Progress, Silence
from l10n_pipeline.pipeline.remembering import ProjectMemory
from l10n_pipeline.pipeline.renaming import Renames
from l10n_pipeline.pipeline.resting import AtRest, Resting
from l10n_pipeline.pipeline.templating import Templated
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument, Workspace

_SEGMENTS_AT_ONCE = 2_000
"""Documents are taken together until they hold about this many segments: enough for
full batches, little enough that an interrupted run has most of its work on disk."""
_ATTEMPTS = 5
"""At writing a catalogue that somebody else is saving."""


def translate(
    workspace: Workspace,
    *,
    locales: Sequence[Locale],
    now: datetime,
    paths: Sequence[Path] = (),
    options: TranslateOptions | None = None,
    progress: Progress | None = None,
    find_engine: FindEngine = find_engine,
) -> TranslateReport:
    """Bring the catalogues of these locales up to date with the documents.

    What fails is left as it was and reported; all other documents and locales are done.

    Args:
        workspace: the project.
        locales: target locales.
        now: goes into the header of files that change.
        paths: documents or folders; none means all.
        options: see :class:`~l10n_pipeline.pipeline.outcomes.TranslateOptions`.
        progress: told of the work as it goes on.
        find_engine: finds the engine for a project, a target locale and a model's name.

    Raises:
        BusyError: where another process writes into the project.
        OutputError: where the project's cache folder cannot be written.
        ConfigError, GlossaryError, CatalogueError, EnvironmentFault: as
            :meth:`~l10n_pipeline.pipeline.workspace.Workspace.find_documents`.
    """
    options = options or TranslateOptions()
    root = workspace.project.root
    with ExitStack() as stack:
        hold: Hold | None = None
        if not options.dry_run:
            hold = stack.enter_context(writing(root, "translate", options.patience))
        documents, errors = workspace.find_documents(paths)
        known = {one.name: one for one in (*documents, *workspace.listed.values())}
        run = _Run(workspace, now, options, progress or Silence(), find_engine, hold, known)
        run.report.errors += errors
        stack.callback(run.close)
        for group in stack.enter_context(closing(run.read(documents, locales))):
            for locale in locales:
                run.translate_group(group, locale)
        run.end(() if paths else locales)
        # However they were put together in groups.
        order = {document.name: at for at, document in enumerate(documents)}
        run.report.outcomes.sort(key=lambda one: (locales.index(one.locale), order[one.document]))
    if not paths:
        renamed = {(rename.locale, rename.old) for rename in run.report.renamed}
        run.report.orphans = [
            workspace.project.catalogue_path(locale, name)
            for locale in locales
            for name in sorted({*orphans(workspace, locale, known), *run.put_aside(locale)})
            if (locale, name) not in renamed
        ]
    return run.report


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class _Rested:
    """A document in whose catalogues there is nothing to do."""

    path: DocumentPath
    found: Mapping[Locale, AtRest]


_Document = Templated | _Rested


class _Run:
    """The state of one run; what a language needs is made once, and only if needed."""

    def __init__(
        self,
        workspace: Workspace,
        now: datetime,
        options: TranslateOptions,
        progress: Progress,
        find_engine: FindEngine,
        hold: Hold | None,
        known: Mapping[str, DocumentPath],
    ) -> None:
        self.report = TranslateReport(notes=[] if hold is None else hold.warnings)
        self._workspace = workspace
        self._now = now
        self._options = options
        self._progress = progress
        self._find_engine = find_engine
        self._memory = ProjectMemory(workspace, cached=not options.dry_run)
        self._resting = Resting(workspace, read_only=hold is None)
        self._renames = Renames(
            workspace,
            known,
            is_at_rest=lambda path, locale: bool(self._resting.find(path, [locale])),
            dry_run=options.dry_run,
        )
        self._journals = (
            Journals(hold.folder, CACHE_FOLDER, to_the_end=options.redraft)
            if hold is not None and hold.exclusive
            else Journals()
        )
        self._has_written = False
        self._once = Once(self.report.errors)
        self._languages: dict[Locale, Language] = {}
        self._machines: dict[Locale, Machine] = {}

    def end(self, locales: Iterable[Locale]) -> None:
        """Everything is done that could be.

        Args:
            locales: languages in which all documents were to be done.
        """
        report = self.report
        if not self._options.dry_run:
            report.errors += self._renames.drop_templates()
        complete = [] if report.errors else [one for one in locales if self._has_mt(one)]
        if taken := self._journals.taken:
            what = "1 translation" if taken == 1 else f"{taken} translations"
            report.notes.append(f"{what} of a run that was interrupted did for this one")
        self._journals.end(complete)
        self._resting.save(anyway=self._has_written)
        report.renamed = sorted(self._renames.done, key=lambda one: (str(one.locale), one.new))
        report.reused = self._memory.reused
        report.notes += self._memory.notes
        told = set(map(str, report.errors))
        report.errors += (
            error
            for error in self._memory.errors
            # What is wrong with a catalogue is told where its own work is done.
            if not isinstance(error, CatalogueError) and str(error) not in told
        )

    def put_aside(self, locale: Locale) -> Iterator[str]:
        """Names of catalogues that were in the way of others; would have been, in a dry run."""
        return (name for where, name in self._renames.put_aside if where == locale)

    def close(self) -> None:
        """Let go of the engines and the memory."""
        self._memory.close()
        for machine in self._machines.values():
            machine.close()

    # --- documents ---------------------------------------------------------------------

    def read(
        self, documents: Iterable[DocumentPath], locales: Sequence[Locale]
    ) -> Generator[list[_Document], None, None]:
        """Groups of documents of about :data:`_SEGMENTS_AT_ONCE` segments; those with nothing
        to do in any of the languages are not read.
        """
        group: list[_Document] = []
        size = 0
        for document in self._read_each(list(documents), locales):
            group.append(document)
            size += 0 if isinstance(document, _Rested) else len(document.template.units)
            if size >= _SEGMENTS_AT_ONCE:
                yield group
                group, size = [], 0
        if group:
            yield group

    def _read_each(
        self, documents: Sequence[DocumentPath], locales: Sequence[Locale]
    ) -> Iterator[_Document]:
        anew = self._options.redraft
        noted = {} if anew else {one: self._resting.find(one, locales) for one in documents}
        unknown = [] if anew else [one for one in documents if not noted[one]]
        with Examination(self._workspace, unknown, locales) as examination:
            for path in documents:
                found = noted.pop(path, {}) or self._resting.confirm(path, examination.find(path))
                if found:
                    yield _Rested(path, found)
                    continue
                try:
                    document = self._workspace.read_document(path)
                except L10nError as error:
                    self.report.errors.append(error)
                else:
                    yield self._with_template(document)

    def _with_template(self, document: SegmentedDocument) -> Templated:
        """The document and its template; the POT is written if its entries changed."""
        project, name = self._workspace.project, document.document.name
        template = templates.template(
            document.document, document.segments, neighbours=project.neighbours
        )
        is_on_disk = False
        try:
            existing = self._workspace.catalogues.read_template(name)
            template = templates.update_template(
                template, existing, project=project.name, now=self._now
            )
            if template is not existing:
                self._write(project.template_path(name), template)
                self._workspace.catalogues.read_template(name)
            is_on_disk = not self._options.dry_run
        except L10nError as error:
            self.report.errors.append(error)
        return Templated.of(document, template, is_on_disk=is_on_disk)

    # --- catalogues --------------------------------------------------------------------

    def translate_group(self, group: Sequence[_Document], locale: Locale) -> None:
        """Draft what these documents lack in a locale, and write their catalogues.

        Where the locale has no model, documents that need no draft are done all the same.
        """
        rested = (one for one in group if isinstance(one, _Rested))
        outcomes = [self._unchanged(one.path, locale, one.found[locale]) for one in rested]
        try:
            language = self._language(locale)
        except GivenUpError:
            pass  # no catalogue of it can be made
        else:
            here = [one for one in group if isinstance(one, Templated)]
            outcomes += self._translated(here, language)
        self.report.outcomes += outcomes

    def _unchanged(self, document: DocumentPath, locale: Locale, found: AtRest) -> CatalogueOutcome:
        return CatalogueOutcome(
            document=document.name,
            locale=locale,
            path=self._workspace.project.catalogue_path(locale, document.name),
            units=found.units,
            drafted=0,
            suggested=0,
            failing=found.failing,
            created=False,
            written=False,
        )

    def _translated(
        self, group: Sequence[Templated], language: Language
    ) -> Iterator[CatalogueOutcome]:
        jobs = [language.recalling(job) for job in self._jobs(group, language)]
        is_whole = True
        try:
            drafts = self._drafts(jobs, language)
        except GivenUpError:
            drafts = {}
            jobs = [job for job in jobs if not job.waiting]
            is_whole = False
        for job in jobs:
            try:
                yield self._finished(job, language, drafts)
            except L10nError as error:
                self._complain(error, language.locale, job.document.name)
                is_whole = is_whole and not job.waiting
        self._journals.settle(language.locale, written=is_whole)

    def _jobs(self, group: Sequence[Templated], language: Language) -> Iterator[Job]:
        for document in group:
            try:
                existing, _ = self._renames.find(language.locale, document.template, document.name)
                yield language.job(document, existing, redraft=self._options.redraft)
            except L10nError as error:
                self._complain(error, language.locale, document.name)

    def _drafts(self, jobs: list[Job], language: Language) -> Mapping[Asked, Draft]:
        if not self._has_mt(language.locale):
            return language.hints(jobs)
        machine = self._machines[language.locale]
        return machine.drafts(jobs, dry_run=self._options.dry_run)

    def _finished(
        self, job: Job, language: Language, drafts: Mapping[Asked, Draft]
    ) -> CatalogueOutcome:
        """The job with its catalogue written."""
        locale, document = language.locale, job.document
        path = self._workspace.project.catalogue_path(locale, document.name)
        for _ in range(_ATTEMPTS):
            # Read again: translating took its time, and a reviewer may have saved meanwhile; so
            # may one while this is merged.
            existing, old_name = self._renames.find(locale, document.template, document.name)
            merged = language.merged(job, existing, drafts)
            changed = merged is not existing or old_name is not None
            if not changed or self._write(path, merged, unless_saved=True):
                break
        else:
            raise CatalogueError(
                "is saved again and again while it is brought up to date",
                where=path,
                way_out="run again when nobody is saving it",
            )
        if old_name is not None:
            self._renames.settle(locale, document.name)
        is_at_rest = self._is_at_rest(job, language, existing, changed=changed)
        found = self._resting.as_read(document.path, locale, merged)
        if is_at_rest:
            self._resting.note(document.path, {locale: found})
        done = set(job.pending) if self._has_mt(locale) else set(job.pending) - set(job.waiting)
        suggested = sum(state_of(unit) is State.STALE for unit in done)
        return CatalogueOutcome(
            document=document.name,
            locale=locale,
            path=path,
            units=found.units,
            drafted=len(done) - suggested,
            suggested=suggested,
            failing=found.failing,
            created=existing is None,
            written=changed or bool(self._options.dry_run and done),
        )

    def _is_at_rest(
        self, job: Job, language: Language, existing: Catalogue | None, *, changed: bool
    ) -> bool:
        """Whether the next run will find nothing to do in a catalogue, which is as it was, or
        has been written.
        """
        document = job.document
        if not document.is_on_disk:
            return False
        if not changed and existing is job.existing:
            return not job.pending
        return language.is_done(
            document, self._workspace.catalogues.read(language.locale, document.name)
        )

    def _write(self, relative: str, catalogue: Catalogue, *, unless_saved: bool = False) -> bool:
        """Write a file, unless somebody has saved it since it was read; whether it was, or
        would be.
        """
        if self._options.dry_run:
            return True
        path = self._workspace.project.root / relative
        saved = partial(self._workspace.files.has_changed, relative) if unless_saved else _never
        if not write_unless(path, write_catalogue(catalogue), changed=saved, where=relative):
            return False
        self._has_written = True
        return True

    def _complain(self, error: L10nError, locale: Locale, document_name: str) -> None:
        """Report what is wrong with a catalogue."""
        error.where = error.where or self._workspace.project.catalogue_path(locale, document_name)
        if error not in self.report.errors:  # one may stand in the way of several
            self.report.errors.append(error)

    # --- languages ---------------------------------------------------------------------

    def _has_mt(self, locale: Locale) -> bool:
        return self._options.mt and locale not in self._workspace.project.by_hand

    def _language(self, locale: Locale) -> Language:
        """What a language needs.

        Raises:
            GivenUpError: where its glossary cannot be read.
        """
        if locale not in self._languages:
            matcher = self._once(str(locale), partial(self._workspace.glossary, locale))
            self._languages[locale] = Language(
                self._workspace, locale, matcher, self._memory, self._now
            )
            self._machines[locale] = Machine(
                self._workspace,
                locale,
                matcher,
                find_engine=self._find_engine,
                model=self._options.model,
                journals=self._journals,
                progress=self._progress,
                report=self.report,
            )
        return self._languages[locale]
