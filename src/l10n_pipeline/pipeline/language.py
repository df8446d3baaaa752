"""How the catalogues of one target language are brought up to date: what waits for a draft, what
the memory has for it, and the merge with what humans wrote. Reads and writes no catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from l10n_pipeline.catalogue.forms import plural_rule
from l10n_pipeline.catalogue.merge import merge
from l10n_pipeline.catalogue.planning import plan
from l10n_pipeline.catalogue.states import unit_texts
from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.fingerprint import terms_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.units import surroundings_of
from l10n_pipeline.model import Catalogue, Diagnostic, Draft, TermVerdict, TranslationUnit
from l10n_pipeline.pipeline.drafting import assess, hints
from l10n_pipeline.pipeline.jobs import Asked, Job
from l10n_pipeline.pipeline.messages import assess_message
from l10n_pipeline.pipeline.recalling import Recalled, Reuse, Wanted
from l10n_pipeline.pipeline.remembering import ProjectMemory
from l10n_pipeline.pipeline.revising import carrier, mended
from l10n_pipeline.pipeline.templating import Templated
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import TermMatcher


class Language:
    """A target language of a run.

    Args:
        workspace: the project.
        locale: the language.
        matcher: its glossary.
        memory: the project's.
        now: for the headers of catalogues that change.
    """

    def __init__(
        self,
        workspace: Workspace,
        locale: Locale,
        matcher: TermMatcher,
        memory: ProjectMemory,
        now: datetime,
    ) -> None:
        self.locale = locale
        self._workspace = workspace
        self._matcher = matcher
        self._memory = memory
        self._now = now
        self._carry = carrier(locale, partial(workspace.terms, locale))

    def job(self, document: Templated, existing: Catalogue | None, *, redraft: bool = False) -> Job:
        """What of a document waits for a draft.

        Args:
            document: the document.
            existing: its catalogue; None where there is none.
            redraft: whether drafts that nobody touched are to be made anew.

        Raises:
            CatalogueError: where the catalogue's plural forms cannot be counted.
        """
        pending = plan(
            document.template,
            existing,
            terms_hash_of=lambda unit: terms_hash(document.terms(unit, self._matcher)),
            carry=self._carry,
            redraft=redraft,
        )
        return Job(document, pending, existing, plural_rule(existing, self.locale))

    def recalling(self, job: Job) -> Job:
        """The job with what the memory has for it, and what a human wrote for a source of
        which only numbers or names have changed.
        """
        if not job.pending:
            return job
        recalled = dict(self._mended(job))
        places = surroundings_of(job.document.template, document=job.document.name)
        known = job.existing.units if job.existing else ()
        shown = {unit.key: unit.suggestion for unit in known if unit.suggestion}
        wanted = (
            Wanted(
                unit,
                places[unit.key],
                job.document.terms(unit, self._matcher),
                job.document.codes_of(unit),
                partial(self._assess, job),
                is_message=unit.key in job.document.messages,
                forms=job.rule.count if unit.plural_source else 1,
                shown=shown.get(unit.key),
            )
            for unit in job.pending
            if unit.key not in recalled
        )
        recalled |= self._memory.recall(self.locale, self._matcher, wanted)
        return replace(job, recalled=recalled)

    def hints(self, jobs: list[Job]) -> dict[Asked, Draft]:
        """What human translators are told of what no machine translates."""
        return {
            job.asked(unit): hints(job.document.terms(unit, self._matcher))
            for job in jobs
            for unit in job.waiting
        }

    def merged(
        self, job: Job, existing: Catalogue | None, drafts: Mapping[Asked, Draft]
    ) -> Catalogue:
        """The catalogue brought up to date; ``existing`` itself where nothing in it changes.

        Args:
            job: what was to be drafted.
            existing: the catalogue as it is now.
            drafts: of what was asked.

        Raises:
            CatalogueError: where the catalogue's plural forms cannot be counted.
        """
        return merge(
            job.document.template,
            existing,
            job.drafts(drafts),
            target_locale=self.locale,
            project=self._workspace.project.name,
            now=self._now,
            carry=self._carry,
            assess=partial(self._assess, job),
        )

    def is_done(self, document: Templated, existing: Catalogue | None) -> bool:
        """Whether there is nothing to do in a catalogue."""
        job = self.job(document, existing)
        return not job.pending and self.merged(job, existing, {}) is existing

    def _mended(self, job: Job) -> Iterator[tuple[Key, Recalled]]:
        pair = self._memory.pair(self.locale)
        for unit in job.pending:
            hits = job.document.terms(unit, self._matcher)
            codes = job.document.codes_of(unit)
            if draft := mended(unit, pair, self._matcher, hits, codes):
                recalled = Recalled(Reuse.REPAIRED, draft=draft)
                self._memory.count(self.locale, unit, recalled)
                yield unit.key, recalled

    def _assess(
        self, job: Job, unit: TranslationUnit
    ) -> tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]:
        """What glossary and checks say of a unit's translation, whoever wrote it."""
        document, source = job.document, self._workspace.project.source
        if message := document.messages.get(unit.key):
            verdicts, findings = assess_message(
                message,
                unit_texts(unit),
                self._matcher,
                job.rule,
                source_locale=source,
                target_locale=self.locale,
            )
        else:
            verdicts, findings = assess(
                unit.source,
                unit.target,
                self._matcher,
                codes=document.codes_of(unit),
                source_locale=source,
                target_locale=self.locale,
            )
        return verdicts, (*findings, *document.too_long(unit, unit_texts(unit)))
