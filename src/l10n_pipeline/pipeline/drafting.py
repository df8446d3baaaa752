"""From source segments to drafts: engine, glossary, enforcement and checks in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from l10n_pipeline.checks import inspect
from l10n_pipeline.codes import read
from l10n_pipeline.enforcement import SpanEnforcer, copy_hits
from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.inflection import inflector_for
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Diagnostic,
    Draft,
    Hypothesis,
    InlineCode,
    Origin,
    Provenance,
    Term,
    TermHit,
    TermStatus,
    TermVerdict,
)
from l10n_pipeline.pipeline.coding import drafts_with_codes, losses, seen
from l10n_pipeline.pipeline.redecoding import Enforcement, redecode
from l10n_pipeline.pipeline.retries import Attempted, retry
from l10n_pipeline.protocols import Engine, TermMatcher
from l10n_pipeline.termforms import verify

_FORMS_SHOWN = 6
"""Forms of a term that a hint lists: the oblique cases of a name, not all its variants."""
_CUT_OFF: Final = Diagnostic("truncated", "the translation stops before its end")


class Drafter:
    """Makes drafts for one language pair under one glossary.

    Args:
        engine: the model.
        matcher: the glossary.
        source_locale: what the checks that need to know the language go by.
        target_locale: likewise; forms of terms are chosen, and agreement around them is mended,
            where somebody knows how the language does that.
    """

    def __init__(
        self,
        engine: Engine,
        matcher: TermMatcher,
        *,
        source_locale: Locale,
        target_locale: Locale,
    ) -> None:
        self._engine = engine
        self._matcher = matcher
        self._faults = partial(faults, source_locale=source_locale, target_locale=target_locale)
        self._enforcer = SpanEnforcer(target_locale.language, inflector_for(target_locale))

    @property
    def engine(self) -> str:
        """The model's name."""
        return self._engine.name

    def translate(
        self,
        sources: Sequence[str],
        *,
        codes: Sequence[Sequence[InlineCode]] = (),
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[tuple[Hypothesis, Draft]]:
        """For each source, the engine's hypothesis and the draft made of it.

        Hypotheses with a fault are looked for another way
        (:func:`l10n_pipeline.pipeline.retries.retry`), and so are those that leave a term
        without its form (:func:`l10n_pipeline.pipeline.redecoding.redecode`), except where
        the beginning was forced; what faults remain stand among the draft's findings. Sources
        that are alike, with prefixes alike, are worked on once.

        Args:
            sources: single segments; with tags, where there are codes.
            codes: of each source; none for any where it is empty. The hypothesis of a source
                with codes is one of what the model sees of it
                (:func:`l10n_pipeline.pipeline.coding.seen`).
            prefixes: what each hypothesis has to begin with; None forces nothing. Not with
                codes.
            progress: called with the number of sources finished since its last call.
        """
        if any(codes):
            assert prefixes is None
            return drafts_with_codes(
                sources,
                codes,
                lambda plain, told: self.translate(plain, progress=told),
                engine=self._engine.name,
                progress=progress,
            )
        asked = list(zip(sources, prefixes or [""] * len(sources), strict=True))
        distinct = list(dict.fromkeys(asked))
        made = self._translated(
            [source for source, _ in distinct],
            [prefix for _, prefix in distinct],
            counting_all(progress, len(distinct), len(asked)),
        )
        found = dict(zip(distinct, made, strict=True))
        return [found[one] for one in asked]

    def _translated(
        self,
        sources: Sequence[str],
        prefixes: Sequence[str],
        progress: Callable[[int], None] | None,
    ) -> list[tuple[Hypothesis, Draft]]:
        forced = prefixes if any(prefixes) else None
        hypotheses = self._engine.translate(sources, prefixes=forced, progress=progress)
        free = [at for at, prefix in enumerate(prefixes) if not prefix]
        retried = retry(
            self._engine,
            [sources[at] for at in free],
            [hypotheses[at] for at in free],
            self._faults,
        )
        attempted = dict(zip(free, retried, strict=True))
        made = [
            attempted.get(at) or Attempted(hypothesis, self._faults(sources[at], hypothesis))
            for at, hypothesis in enumerate(hypotheses)
        ]
        agreed = [self._matcher.match(source) for source in sources]
        hits = [
            sorted(
                [*terms, *copy_hits(source, one.hypothesis.unwritable, terms)],
                key=lambda hit: hit.span,
            )
            for source, terms, one in zip(sources, agreed, made, strict=True)
        ]
        enforced = [
            Enforcement(one.hypothesis, self._enforcer.examine(source, terms, one.hypothesis))
            for source, terms, one in zip(sources, hits, made, strict=True)
        ]
        better = redecode(
            self._engine,
            self._enforcer,
            [sources[at] for at in free],
            [hits[at] for at in free],
            [enforced[at] for at in free],
            self._faults,
        )
        for at, one in zip(free, better, strict=True):
            enforced[at] = one
        return [
            (one.hypothesis, self._draft(source, terms, attempt, one))
            for source, terms, attempt, one in zip(sources, agreed, made, enforced, strict=True)
        ]

    def _draft(
        self, source: str, agreed: Sequence[TermHit], attempted: Attempted, made: Enforcement
    ) -> Draft:
        hypothesis, draft = made.hypothesis, made.enforced.draft
        remaining = attempted.faults
        if draft.text != attempted.hypothesis.text:
            remaining = self._faults(source, replace(hypothesis, text=draft.text))
        return Draft(
            text=draft.text,
            provenance=Provenance(
                origin=Origin.MT,
                engine=self._engine.name,
                text_hash=text_hash(draft.text),
                terms_hash=terms_hash(agreed),
                score=round(hypothesis.score, 2),
                source_hash=text_hash(source),
            ),
            verdicts=draft.verdicts,
            findings=(*draft.findings, *remaining),
        )


def counting_all(
    progress: Callable[[int], None] | None, distinct: int, total: int
) -> Callable[[int], None] | None:
    """Tells ``progress`` of ``total`` sources as it is told itself of the distinct ones, in
    proportion: which of them come several times, the engine does not say.
    """
    if progress is None or distinct == total:
        return progress
    finished = 0

    def advance(count: int) -> None:
        nonlocal finished
        before = finished * total // distinct
        finished += count
        progress(finished * total // distinct - before)

    return advance


def faults(
    source: str,
    hypothesis: Hypothesis,
    *,
    source_locale: Locale | None = None,
    target_locale: Locale | None = None,
) -> tuple[Diagnostic, ...]:
    """What the checks and the engine itself say is wrong with a hypothesis."""
    found = inspect(
        source, hypothesis.text, source_locale=source_locale, target_locale=target_locale
    )
    lost = losses(source, hypothesis.text)
    if hypothesis.complete:
        return (*found, *lost)
    return (*(fault for fault in found if fault.rule != _CUT_OFF.rule), _CUT_OFF, *lost)


def assess(
    source: str,
    target: str,
    matcher: TermMatcher,
    *,
    codes: Sequence[InlineCode] = (),
    source_locale: Locale | None = None,
    target_locale: Locale | None = None,
) -> tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]:
    """What glossary and checks say of a translation, whoever wrote it.

    Args:
        source: with tags, where there are codes.
        target: likewise.
        matcher: the glossary.
        codes: the source's.
        source_locale: what the checks that need to know the language go by.
        target_locale: likewise.
    """
    findings = inspect(source, target, source_locale=source_locale, target_locale=target_locale)
    hits = matcher.match(seen(source, codes))
    return verify(read(target, codes).text, hits), findings


def hints(hits: Iterable[TermHit]) -> Draft:
    """What a human translator is told of a segment that no machine translates."""
    verdicts = dict.fromkeys(
        TermVerdict(hit.term.source, hit.term.target, TermStatus.AGREED, _also(hit.term))
        for hit in hits
    )
    return Draft(text="", verdicts=tuple(verdicts))


def _also(term: Term) -> str:
    if not term.forms:
        return ""
    shown, hidden = term.forms[:_FORMS_SHOWN], len(term.forms) - _FORMS_SHOWN
    more = f" | {hidden} more in the glossary" if hidden > 0 else ""
    return f"also {' | '.join(shown)}{more}"
