"""``l10n translate``: documents to catalogues.

Read → segment → draft → merge → write. A second run over an unchanged project finds
nothing to draft, so it loads no model and writes no byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from l10n_pipeline.catalogue import merge as merging
from l10n_pipeline.catalogue.po import write_catalogue
from l10n_pipeline.catalogue.states import is_failing, unit_texts
from l10n_pipeline.checks import too_long
from l10n_pipeline.codes import read
from l10n_pipeline.errors import DocumentError, L10nError
from l10n_pipeline.files import is_file, write_atomically
from l10n_pipeline.fingerprint import terms_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Draft,
    InlineCode,
    Message,
    TermHit,
    TermMode,
    TermVerdict,
    TranslationUnit,
)
from l10n_pipeline.pipeline.coding import seen
from l10n_pipeline.pipeline.drafting import Drafter, assess, hints
from l10n_pipeline.pipeline.engines import FindEngine, find_engine
from l10n_pipeline.pipeline.inflecting import how_to_inflect
from l10n_pipeline.pipeline.messages import assess_message, draft_messages, message_terms
from l10n_pipeline.pipeline.progress import Progress, Silence
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument, Workspace
from l10n_pipeline.plurals import PluralRule
from l10n_pipeline.protocols import Engine, TermMatcher

_SEGMENTS_AT_ONCE = 2_000
"""Documents are taken together until they hold about this many segments: enough for
full batches, little enough that an interrupted run has most of its work on disk."""


@dataclass(frozen=True, slots=True)
class TranslateOptions:
    """What the user asked of a run."""

    mt: bool = True
    """Whether to translate; without, catalogues are prepared for humans."""
    redraft: bool = False
    """Whether to remake drafts that nobody touched."""
    dry_run: bool = False
    """Whether to only say what would be done."""
    model: str | None = None
    """Name or folder of the model to use, over what the configuration says."""


@dataclass(frozen=True, slots=True)
class CatalogueOutcome:
    """What a run did to one catalogue."""

    document: str
    locale: Locale
    path: str
    """The catalogue, relative to the project root."""
    units: int
    """Entries, without obsolete ones."""
    drafted: int
    """Entries machine-translated in this run (or that would be, in a dry run)."""
    failing: int
    """Entries with a term or a check that a reviewer must look at."""
    created: bool
    """Whether there was none before."""
    written: bool
    """Whether the file changed (or would)."""


@dataclass(slots=True)
class TranslateReport:
    """What a run did."""

    outcomes: list[CatalogueOutcome] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)
    """What could not be done; everything else was."""
    engines: list[str] = field(default_factory=list)
    """Names of the models that were loaded."""
    orphans: list[str] = field(default_factory=list)
    """Catalogues whose documents are gone, relative to the root; found where no paths
    restrict the run."""
    uninflected: dict[Locale, str] = field(default_factory=dict)
    """Languages whose terms should be inflected, for want of a library are not, and what to
    install."""


@dataclass(frozen=True, slots=True)
class _Templated:
    """A document by its name and template: all that its catalogues need of it."""

    name: str
    template: Catalogue
    codes: Mapping[str, tuple[InlineCode, ...]]
    """Of the sources that have any."""
    messages: Mapping[merging.Key, Message]
    """Of a template of a program's messages."""
    limits: Mapping[merging.Key, int]
    """Characters that the translations of units may have, where their place has a limit."""

    def too_long(self, unit: TranslationUnit, texts: Sequence[str]) -> tuple[Diagnostic, ...]:
        """What is to be said of the length of a unit's translation."""
        codes = self.codes.get(unit.source, ())
        limit = self.limits.get(unit.key)
        found = (too_long(read(text, codes).text, limit) for text in texts)
        return tuple(dict.fromkeys(chain.from_iterable(found)))

    def terms(self, unit: TranslationUnit, matcher: TermMatcher) -> Sequence[TermHit]:
        """The glossary's terms in a unit's source."""
        if message := self.messages.get(unit.key):
            return message_terms(message, matcher)
        return matcher.match(seen(unit.source, self.codes.get(unit.source, ())))


_Asked = str | tuple[Message, PluralRule]
"""What a draft is made of: a sentence, or a message with its catalogue's plural forms."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One document into one locale."""

    document: _Templated
    pending: tuple[TranslationUnit, ...]
    """The template's units that need a draft."""
    rule: PluralRule
    """How the plural forms of its catalogue are counted."""

    def asked(self, unit: TranslationUnit) -> _Asked:
        """What the unit's draft is made of."""
        message = self.document.messages.get(unit.key)
        return unit.source if message is None else (message, self.rule)


def _terms_hash(document: _Templated, matcher: TermMatcher, unit: TranslationUnit) -> str:
    return terms_hash(document.terms(unit, matcher))


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
        options: see :class:`TranslateOptions`.
        progress: told of the work as it goes on.
        find_engine: finds the engine for a project, a target locale and a model's name.
    """
    run = _Run(workspace, now, options or TranslateOptions(), progress or Silence(), find_engine)
    documents, run.report.errors[:] = workspace.find_documents(paths)
    try:
        for group in run.read(documents):
            templated = [run.with_template(document) for document in group]
            for locale in locales:
                run.translate_group(templated, locale)
    finally:
        run.close()
    if not paths:
        run.report.orphans = _orphans(workspace, locales, {found.name for found in documents})
    return run.report


def _orphans(workspace: Workspace, locales: Sequence[Locale], documents: set[str]) -> list[str]:
    found: list[str] = []
    for locale in locales:
        try:
            names = workspace.catalogue_names(locale)
        except L10nError:
            continue  # told of when its catalogues were read
        found += [
            workspace.project.catalogue_path(locale, name)
            for name in names
            # A document that was named on the command line goes by its path.
            if name not in documents and _is_gone(workspace, name)
        ]
    return found


def _is_gone(workspace: Workspace, name: str) -> bool:
    try:
        found = is_file(workspace.project.root / name)
    except DocumentError:
        return False  # nobody can tell
    return not found and workspace.could_be_read(name)


def _measured(draft: Draft, unit: TranslationUnit, document: _Templated) -> Draft:
    """The draft, with a finding where it is too long for its place."""
    found = document.too_long(unit, draft.text.split("\0"))
    return replace(draft, findings=(*draft.findings, *found)) if found else draft


_Made = TypeVar("_Made")


class _Run:
    """The state of one run: glossaries and engines are made once, and only if needed."""

    def __init__(
        self,
        workspace: Workspace,
        now: datetime,
        options: TranslateOptions,
        progress: Progress,
        find_engine: FindEngine,
    ) -> None:
        self.report = TranslateReport()
        self._workspace = workspace
        self._now = now
        self._options = options
        self._progress = progress
        self._find_engine = find_engine
        self._matchers: dict[Locale, TermMatcher | None] = {}
        self._found: dict[Locale, Callable[[], Engine] | None] = {}
        self._drafters: dict[Locale, Drafter | None] = {}
        self._engines: list[Engine] = []

    def close(self) -> None:
        """Let go of the engines."""
        for engine in self._engines:
            engine.close()

    def read(self, documents: Iterable[DocumentPath]) -> Iterator[list[SegmentedDocument]]:
        """Groups of documents of about :data:`_SEGMENTS_AT_ONCE` segments."""
        group: list[SegmentedDocument] = []
        size = 0
        for found in documents:
            try:
                document = self._workspace.read_document(found)
            except L10nError as error:
                self.report.errors.append(error)
                continue
            group.append(document)
            size += len(document.segments)
            if size >= _SEGMENTS_AT_ONCE:
                yield group
                group, size = [], 0
        if group:
            yield group

    def with_template(self, document: SegmentedDocument) -> _Templated:
        """The document and its template; the POT is written if its entries changed."""
        name = document.document.name
        template = merging.template(
            document.document,
            document.segments,
            neighbours=self._workspace.project.neighbours,
        )
        try:
            existing = self._workspace.read_template(name)
            template = merging.update_template(
                template, existing, project=self._workspace.project.name, now=self._now
            )
            if template is not existing:
                self._write(self._workspace.project.template_path(name), template)
        except L10nError as error:
            self.report.errors.append(error)
        codes = {
            merging.unit_key(segment)[1]: segment.codes
            for segment in document.segments
            if segment.codes
        }
        messages = {message.key: message for message in document.document.messages.values()}
        limits: dict[merging.Key, int] = {}
        for segment in document.segments:
            if segment.limit is not None:
                key = merging.unit_key(segment)
                limits[key] = min(segment.limit, limits.get(key, segment.limit))
        return _Templated(name, template, codes, messages, limits)

    def translate_group(self, group: Sequence[_Templated], locale: Locale) -> None:
        """Draft what these documents lack in a locale, and write their catalogues.

        Where the locale has no model, documents that need no draft are done all the same.
        """
        try:
            matcher = self._matcher(locale)
        except _GivenUpError:
            return
        jobs = list(self._jobs(group, locale, matcher))
        try:
            drafts = self._drafts(jobs, locale, matcher)
        except _GivenUpError:
            drafts = {}
            jobs = [job for job in jobs if not job.pending]
        for job in jobs:
            try:
                self._finish(job, locale, matcher, drafts)
            except L10nError as error:
                self._complain(error, locale, job.document.name)

    def _jobs(
        self, group: Sequence[_Templated], locale: Locale, matcher: TermMatcher
    ) -> Iterator[_Job]:
        for document in group:
            try:
                existing = self._workspace.read_catalogue(locale, document.name)
                pending = merging.plan(
                    document.template,
                    existing,
                    terms_hash_of=partial(_terms_hash, document, matcher),
                    redraft=self._options.redraft,
                )
                rule = merging.plural_rule(existing, locale)
            except L10nError as error:
                self._complain(error, locale, document.name)
                continue
            yield _Job(document, pending, rule)

    def _complain(self, error: L10nError, locale: Locale, document_name: str) -> None:
        """Report what is wrong with a catalogue."""
        error.where = error.where or self._workspace.project.catalogue_path(locale, document_name)
        self.report.errors.append(error)

    def _drafts(
        self, jobs: Sequence[_Job], locale: Locale, matcher: TermMatcher
    ) -> dict[_Asked, Draft]:
        """A draft for each distinct source that needs one."""
        if not self._mt(locale):
            return {
                job.asked(unit): hints(job.document.terms(unit, matcher))
                for job in jobs
                for unit in job.pending
            }
        codes: dict[str, Sequence[InlineCode]] = {}
        messages: dict[tuple[Message, PluralRule], None] = {}
        for job in jobs:
            for unit in job.pending:
                asked = job.asked(unit)
                if isinstance(asked, str):
                    codes[asked] = job.document.codes.get(asked, ())
                else:
                    messages[asked] = None
        if not codes and not messages:
            return {}
        load = self._engine_found(locale)
        if self._options.dry_run:
            return {}
        drafter = self._drafter(locale, load, matcher)
        total = len(codes) + len(messages)
        self._progress.begin(f"{self._workspace.project.source} → {locale}", total)
        try:
            return {
                **self._sentences(codes, drafter),
                **self._messages(list(messages), drafter, matcher),
            }
        finally:
            self._progress.end()

    def _sentences(
        self, codes: Mapping[str, Sequence[InlineCode]], drafter: Drafter
    ) -> dict[_Asked, Draft]:
        if not codes:
            return {}
        results = drafter.translate(
            list(codes), codes=list(codes.values()), progress=self._progress.advance
        )
        return {source: draft for source, (_, draft) in zip(codes, results, strict=True)}

    def _messages(
        self, asked: Sequence[tuple[Message, PluralRule]], drafter: Drafter, matcher: TermMatcher
    ) -> dict[_Asked, Draft]:
        if not asked:
            return {}
        drafts = draft_messages(
            asked, drafter, self._workspace.segmenter, matcher, progress=self._progress.advance
        )
        return dict(zip(asked, drafts, strict=True))

    def _finish(
        self, job: _Job, locale: Locale, matcher: TermMatcher, drafts: Mapping[_Asked, Draft]
    ) -> None:
        # Read again: translating took its time, and a reviewer may have saved meanwhile.
        existing = self._workspace.read_catalogue(locale, job.document.name)
        merged = merging.merge(
            job.document.template,
            existing,
            {
                unit.key: _measured(drafts[asked], unit, job.document)
                for unit in job.pending
                if (asked := job.asked(unit)) in drafts
            },
            target_locale=locale,
            project=self._workspace.project.name,
            now=self._now,
            assess=partial(self._assess, job, locale, matcher),
        )
        path = self._workspace.project.catalogue_path(locale, job.document.name)
        changed = merged is not existing
        if changed:
            self._write(path, merged)
        drafted = len(job.pending) if self._mt(locale) else 0
        units = [unit for unit in merged.units if not unit.obsolete]
        self.report.outcomes.append(
            CatalogueOutcome(
                document=job.document.name,
                locale=locale,
                path=path,
                units=len(units),
                drafted=drafted,
                failing=sum(is_failing(unit) for unit in units),
                created=existing is None,
                written=changed or bool(self._options.dry_run and drafted),
            )
        )

    def _assess(
        self, job: _Job, locale: Locale, matcher: TermMatcher, unit: TranslationUnit
    ) -> tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]:
        source = self._workspace.project.source
        if message := job.document.messages.get(unit.key):
            verdicts, findings = assess_message(
                message,
                unit_texts(unit),
                matcher,
                job.rule,
                source_locale=source,
                target_locale=locale,
            )
        else:
            verdicts, findings = assess(
                unit.source,
                unit.target,
                matcher,
                codes=job.document.codes.get(unit.source, ()),
                source_locale=source,
                target_locale=locale,
            )
        return verdicts, (*findings, *job.document.too_long(unit, unit_texts(unit)))

    def _mt(self, locale: Locale) -> bool:
        return self._options.mt and locale not in self._workspace.project.by_hand

    def _matcher(self, locale: Locale) -> TermMatcher:
        if locale not in self._matchers:
            self._matchers[locale] = self._or_give_up(lambda: self._workspace.glossary(locale))
        return _unless_given_up(self._matchers[locale])

    def _engine_found(self, locale: Locale) -> Callable[[], Engine]:
        if locale not in self._found:
            project, model = self._workspace.project, self._options.model
            self._found[locale] = self._or_give_up(
                lambda: self._find_engine(project, locale, model)
            )
        return _unless_given_up(self._found[locale])

    def _drafter(self, locale: Locale, load: Callable[[], Engine], matcher: TermMatcher) -> Drafter:
        if locale not in self._drafters:
            engine = self._or_give_up(load)
            if engine is not None:
                self._note_inflection(locale)
                self.report.engines.append(engine.name)
                self._engines.append(engine)
            self._drafters[locale] = (
                None
                if engine is None
                else Drafter(
                    engine,
                    matcher,
                    source_locale=self._workspace.project.source,
                    target_locale=locale,
                )
            )
        return _unless_given_up(self._drafters[locale])

    def _note_inflection(self, locale: Locale) -> None:
        remedy = how_to_inflect(locale)
        terms = self._workspace.terms(locale) if remedy else ()
        if any(term.mode is TermMode.INFLECT for term in terms):
            self.report.uninflected[locale] = remedy

    def _or_give_up(self, make: Callable[[], _Made]) -> _Made | None:
        """What a locale needs, made; None, and the reason reported once, if it cannot be."""
        try:
            return make()
        except L10nError as error:
            self.report.errors.append(error)
            return None

    def _write(self, relative: str, catalogue: Catalogue) -> None:
        if not self._options.dry_run:
            path = self._workspace.project.root / relative
            write_atomically(path, write_catalogue(catalogue), where=relative)


class _GivenUpError(Exception):
    """A locale lacks what was tried before; the reason has been reported."""


def _unless_given_up(made: _Made | None) -> _Made:
    if made is None:
        raise _GivenUpError
    return made
