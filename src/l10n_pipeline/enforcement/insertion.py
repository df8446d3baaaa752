"""Where a word belongs that a model left out altogether."""

from __future__ import annotations

from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.enforcement.swap import Edit
from l10n_pipeline.folding import words
from l10n_pipeline.model import Span, TermHit

_EMPTY_PAIRS = ("()", "[]", "“”", "«»", '""')


def insertion(hit: TermHit, evidence: Evidence) -> Edit | None:
    """The edit that puts a left-out term between the renderings of its neighbours.

    None unless the alignment leaves no doubt: the source's words before and after the
    term must be rendered by words that stand side by side, in that order. The ends of
    the text count as neighbours.
    """
    source_words = words(evidence.source)
    before = [span for span in source_words if span.end <= hit.span.start]
    after = [span for span in source_words if span.start >= hit.span.end]
    left = _rendered_by(before[-1], evidence)[-1:] if before else [-1]
    right = _rendered_by(after[0], evidence)[:1] if after else [len(evidence.words)]
    if not left or not right or left[0] + 1 != right[0] or not evidence.words:
        return None
    start = evidence.words[left[0]].end if before else 0
    end = evidence.words[right[0]].start if after else len(evidence.text)
    gap = evidence.text[start:end]
    for pair in _EMPTY_PAIRS:
        if pair in gap:
            at = start + gap.index(pair) + 1
            return Edit(Span(at, at), hit.term.target)
    if not before:
        return Edit(Span(0, 0), hit.term.target, after=" ")
    follows_stop = bool(evidence.source[before[-1].end : hit.span.start].strip())
    if not follows_stop:
        return Edit(Span(start, start), hit.term.target, before=" ")
    if after:
        return Edit(Span(end, end), hit.term.target, after=" ")
    at = len(evidence.text.rstrip())
    return Edit(Span(at, at), hit.term.target, before=" ")


def _rendered_by(word: Span, evidence: Evidence) -> list[int]:
    """The words of the hypothesis that render this word of the source."""
    return [at for at, tie in enumerate(evidence.ties(word)) if tie > 0]
