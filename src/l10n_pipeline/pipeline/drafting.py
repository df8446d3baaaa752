"""From source segments to drafts: engine, glossary, enforcement and checks in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from l10n_pipeline.checks import inspect
from l10n_pipeline.enforcement import SpanEnforcer, copy_hits
from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.model import (
    Diagnostic,
    Draft,
    Hypothesis,
    Origin,
    Provenance,
    Term,
    TermStatus,
    TermVerdict,
)
from l10n_pipeline.protocols import Enforcer, Engine, TermMatcher
from l10n_pipeline.termforms import verify

_FORMS_SHOWN = 6
"""Forms of a term that a hint lists: the oblique cases of a name, not all its variants."""


class Drafter:
    """Makes drafts for one language pair under one glossary."""

    def __init__(self, engine: Engine, matcher: TermMatcher) -> None:
        self._engine = engine
        self._matcher = matcher
        self._enforcer: Enforcer = SpanEnforcer()

    def translate(
        self, sources: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> list[tuple[Hypothesis, Draft]]:
        """For each source, the engine's hypothesis and the draft made of it."""
        hypotheses = self._engine.translate(sources, progress=progress)
        return [
            (hypothesis, self._draft(source, hypothesis))
            for source, hypothesis in zip(sources, hypotheses, strict=True)
        ]

    def _draft(self, source: str, hypothesis: Hypothesis) -> Draft:
        agreed = self._matcher.match(source)
        copied = copy_hits(source, self._engine.unwritable(source), agreed)
        hits = sorted([*agreed, *copied], key=lambda hit: hit.span)
        draft = self._enforcer.enforce(source, hits, hypothesis)
        findings = [*draft.findings, *inspect(source, draft.text)]
        if not hypothesis.complete:
            findings.append(Diagnostic("truncated", "the translation stops before its end"))
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
            findings=tuple(findings),
        )


def assess(
    source: str, target: str, matcher: TermMatcher
) -> tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]:
    """What glossary and checks say of a translation, whoever wrote it."""
    return verify(target, matcher.match(source)), inspect(source, target)


def hints(source: str, matcher: TermMatcher) -> Draft:
    """What a human translator is told of a segment that no machine translates."""
    verdicts = dict.fromkeys(
        TermVerdict(hit.term.source, hit.term.target, TermStatus.AGREED, _also(hit.term))
        for hit in matcher.match(source)
    )
    return Draft(text="", verdicts=tuple(verdicts))


def _also(term: Term) -> str:
    if not term.forms:
        return ""
    shown, hidden = term.forms[:_FORMS_SHOWN], len(term.forms) - _FORMS_SHOWN
    more = f" | {hidden} more in the glossary" if hidden > 0 else ""
    return f"also {' | '.join(shown)}{more}"
