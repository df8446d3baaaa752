"""Drafts by machine for one target language; its engine is found and loaded when first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from l10n_pipeline.errors import L10nError, OutputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Draft, InlineCode, Message, TermMode
from l10n_pipeline.pipeline.drafting import Drafter
from l10n_pipeline.pipeline.engines import EngineLoader, FindEngine
from l10n_pipeline.pipeline.inflecting import how_to_inflect
from l10n_pipeline.pipeline.jobs import Asked, Job
from l10n_pipeline.pipeline.journal import Journals, KeptEngine
from l10n_pipeline.pipeline.messages import draft_messages
from l10n_pipeline.pipeline.outcomes import TranslateReport
from l10n_pipeline.pipeline.progress import Progress
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.plurals import PluralRule
from l10n_pipeline.protocols import Engine, TermMatcher

_Made = TypeVar("_Made")


class GivenUpError(Exception):
    """A language lacks what was tried before; the reason has been reported."""


@dataclass(slots=True)
class Once:
    """Makes things; what cannot be made is reported once, and given up whenever it is asked for
    again.
    """

    errors: list[L10nError]
    _made: dict[str, object] = field(default_factory=dict)

    def __call__(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What goes by a name, made by the first call.

        Raises:
            GivenUpError: where it cannot be made.
        """
        if name not in self._made:
            try:
                self._made[name] = make()
            except L10nError as error:
                self.errors.append(error)
                self._made[name] = _NOT_MADE
        made = self._made[name]
        if made is _NOT_MADE:
            raise GivenUpError
        return made  # type: ignore[return-value]  # of one name always the same


_NOT_MADE = object()


class Machine:
    """Makes drafts for one target language.

    Args:
        workspace: the project.
        locale: the language.
        matcher: its glossary.
        find_engine: finds the engine, by the model's name if one is given.
        model: the model's name.
        journals: where translations are kept until they are in catalogues.
        progress: told of the work as it goes on.
        report: gets what goes wrong, and which engine was loaded.
    """

    def __init__(
        self,
        workspace: Workspace,
        locale: Locale,
        matcher: TermMatcher,
        *,
        find_engine: FindEngine,
        model: str | None,
        journals: Journals,
        progress: Progress,
        report: TranslateReport,
    ) -> None:
        self._workspace = workspace
        self._locale = locale
        self._matcher = matcher
        self._find_engine = find_engine
        self._model = model
        self._journals = journals
        self._progress = progress
        self._report = report
        self._once = Once(report.errors)
        self._engine: Engine | None = None

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()

    def drafts(self, jobs: Sequence[Job], *, dry_run: bool) -> dict[Asked, Draft]:
        """A draft for each distinct thing that waits for one; none in a dry run.

        Raises:
            GivenUpError: where there is no engine, or its work could not be kept.
        """
        codes: dict[str, Sequence[InlineCode]] = {}
        messages: dict[tuple[Message, PluralRule], None] = {}
        for job in jobs:
            for unit in job.waiting:
                asked = job.asked(unit)
                if isinstance(asked, str):
                    codes[asked] = job.document.codes_of(unit)
                else:
                    messages[asked] = None
        if not codes and not messages:
            return {}
        project = self._workspace.project
        load = self._once("engine", lambda: self._find_engine(project, self._locale, self._model))
        if dry_run:
            return {}
        if self._journals.is_broken:
            raise GivenUpError
        drafter = self._once("drafter", lambda: self._drafter(load))
        self._progress.begin(f"{project.source} → {self._locale}", len(codes) + len(messages))
        try:
            return {
                **self._sentences(codes, drafter),
                **self._messages(list(messages), drafter),
            }
        except OutputError as error:
            # Of the journal: work that cannot be kept is not worth its time.
            self._report.errors.append(error)
            self._journals.is_broken = True
            raise GivenUpError from error
        finally:
            self._progress.end()

    def _sentences(
        self, codes: Mapping[str, Sequence[InlineCode]], drafter: Drafter
    ) -> dict[Asked, Draft]:
        if not codes:
            return {}
        results = drafter.translate(
            list(codes), codes=list(codes.values()), progress=self._progress.advance
        )
        return {source: draft for source, (_, draft) in zip(codes, results, strict=True)}

    def _messages(
        self, asked: Sequence[tuple[Message, PluralRule]], drafter: Drafter
    ) -> dict[Asked, Draft]:
        if not asked:
            return {}
        drafts = draft_messages(
            asked,
            drafter,
            self._workspace.segmenter,
            self._matcher,
            progress=self._progress.advance,
        )
        return dict(zip(asked, drafts, strict=True))

    def _drafter(self, load: Callable[[], Engine]) -> Drafter:
        # Looked at before they are read: what takes their places meanwhile is others.
        files = load.files() if isinstance(load, EngineLoader) else ()
        engine = self._engine = KeptEngine(
            load(),
            self._journals.of(self._locale),
            of=(str(self._workspace.project.source), str(self._locale), *files),
        )
        self._report.engines.append(engine.name)
        remedy = how_to_inflect(self._locale)
        terms = self._workspace.terms(self._locale) if remedy else ()
        if any(term.mode is TermMode.INFLECT for term in terms):
            self._report.uninflected[self._locale] = remedy
        return Drafter(
            engine,
            self._matcher,
            source_locale=self._workspace.project.source,
            target_locale=self._locale,
        )
