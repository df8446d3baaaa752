"""Finding what a model wrote where it should have written an agreed term.

Two witnesses: a name that the model spelled in its own way is like the name it should
be, and the model's word alignment says which words render the term's part of the
source. Likeness draws the cleaner edges, so it goes first, and the alignment keeps it
honest; where nothing is alike, the aligned words alone decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.enforcement.closed_classes import is_function_word
from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.folding import words
from l10n_pipeline.model import Span, TermHit
from l10n_pipeline.similarity import likeness, skeleton
from l10n_pipeline.termforms import begins_sentence

_ALIKE: Final = 0.65
"""Likeness that makes a rendering of words the model tied to the term."""
_RATHER_ALIKE: Final = 0.75
"""Likeness that makes it a rendering of the whole term where it has as many words."""
_VERY_ALIKE: Final = 0.8
"""Likeness that suffices where some of the words are tied to the term."""
UNMISTAKABLE: Final = 0.88
"""Likeness that needs no alignment."""
_TELLING_LENGTH: Final = 4
"""Shortest skeleton whose likeness means something without alignment."""
_TIE_SHARE: Final = 0.15
"""What alignment adds to likeness: it tells apart places that are about equally alike."""
_RENDERING_TIE: Final = 0.3
"""Least total tie of a run of words that is taken for a rendering."""
_RIVAL_SHARE: Final = 0.8
"""A second run with this share of the first one's tie makes the choice ambiguous."""
_UNALIGNED_COST: Final = 0.05
"""What a word without alignment takes from a run: gaps are bridged, ends not padded."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """Where a model rendered a term."""

    span: Span
    """Offsets into the hypothesis's text: whole words."""
    strength: float
    """Comparable between the renderings of one hypothesis; more is surer."""
    rival: Span | None = None
    """Another place that could be it as well."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words ``first`` to ``last``, both included."""

    first: int
    last: int
    score: float
    """Of the runs found in the same way, the one with the highest is the surest."""
    likeness: float = 0.0

    def within(self, other: Run) -> bool:
        """Whether all of its words are the other's."""
        return other.first <= self.first and self.last <= other.last


@dataclass(frozen=True, slots=True)
class Search:
    """What the search for a term's rendering came to."""

    rendering: Rendering | None
    """None where there is none to be found."""
    rests_on: tuple[Span, ...]
    """Stretches of the hypothesis. As long as all of them stay free, a search with fewer
    free words comes to the same: what was best of more is best of less.
    """


def locate(hit: TermHit, evidence: Evidence, free: Sequence[bool]) -> Search:
    """Search for the model's own rendering of a term.

    Args:
        hit: a term of the source without an accepted form in the hypothesis.
        evidence: the hypothesis.
        free: for each word of the hypothesis, whether it belongs to no other term.
    """
    if not spellings_of(hit, evidence):
        return Search(None, ())  # A symbol: no word of the hypothesis can be its rendering.
    ties = evidence.ties(hit.span)
    whole_alike = _alike_run(hit, evidence, free, ties)
    whole_aligned = _aligned_run(free, ties)
    alike = trimmed(whole_alike, hit, evidence)
    aligned = trimmed(whole_aligned, hit, evidence)
    if alike is not None:
        if aligned is not None and alike.within(aligned) and not _is_whole(alike, hit, evidence):
            alike = replace(alike, first=aligned.first, last=aligned.last)
        run, looked_at = _with_repetitions(alike, hit, evidence, free, ties)
        rests_on = _spans((whole_alike, whole_aligned, looked_at), evidence)
        return Search(Rendering(span_of(run, evidence), 1.0 + run.score), rests_on)
    if aligned is None:
        return Search(None, _spans((whole_alike, whole_aligned), evidence))
    others = [usable and not aligned.first <= at <= aligned.last for at, usable in enumerate(free)]
    whole_rival = _aligned_run(others, ties)
    rival = trimmed(whole_rival, hit, evidence)
    if rival is not None and rival.score < _RIVAL_SHARE * aligned.score:
        rival = None
    rendering = Rendering(
        span_of(aligned, evidence),
        aligned.score / (1.0 + aligned.score),
        None if rival is None else span_of(rival, evidence),
    )
    return Search(rendering, _spans((whole_alike, whole_aligned, whole_rival), evidence))


def span_of(run: Run, evidence: Evidence) -> Span:
    """The stretch of the hypothesis that a run covers."""
    return Span(evidence.words[run.first].start, evidence.words[run.last].end)


def _spans(runs: Iterable[Run | None], evidence: Evidence) -> tuple[Span, ...]:
    return tuple(span_of(run, evidence) for run in runs if run is not None)


def spellings_of(hit: TermHit, evidence: Evidence) -> tuple[str, ...]:
    """Ways to write a term that a model may have come near; none for a symbol."""
    term = hit.term
    spellings = (
        hit.span.of(evidence.source),
        term.source,
        term.target,
        *term.forms,
        *(inflection.form for inflection in term.inflections),
        *term.forbidden,
        *term.aliases,
    )
    return tuple(dict.fromkeys(spelling for spelling in spellings if skeleton(spelling)))


def _alike_run(
    hit: TermHit, evidence: Evidence, free: Sequence[bool], ties: Sequence[float]
) -> Run | None:
    """The run of words most like a spelling of the term, if it is like enough."""
    spellings = spellings_of(hit, evidence)
    longest = 1 + max(len(words(spelling)) for spelling in spellings)
    best: Run | None = None
    for first, last in windows(free, longest):
        stretch = evidence.text[evidence.words[first].start : evidence.words[last].end]
        alike = max(likeness(stretch, spelling) for spelling in spellings)
        run_ties = ties[first : last + 1]
        tie = sum(run_ties) / len(run_ties)
        if alike >= _needed_likeness(tie, max(run_ties), stretch):
            score = alike + _TIE_SHARE * tie
            if best is None or score > best.score:
                best = Run(first, last, score, alike)
    return best


def _needed_likeness(mean_tie: float, best_tie: float, stretch: str) -> float:
    """How alike a stretch must be to be taken, the less the alignment says for it."""
    if mean_tie > 0:
        return _ALIKE
    if best_tie > 0:
        return _VERY_ALIKE
    return UNMISTAKABLE if len(skeleton(stretch)) >= _TELLING_LENGTH else math.inf


def windows(free: Sequence[bool], longest: int) -> Iterator[tuple[int, int]]:
    """First and last word of all runs of free words that are not too long."""
    for first in range(len(free)):
        for last in range(first, min(first + longest, len(free))):
            if not free[last]:
                break
            yield first, last


def _is_whole(run: Run, hit: TermHit, evidence: Evidence) -> bool:
    """Whether a run is so like a term that more words would be others'."""
    as_long = run.last - run.first + 1 >= len(words(hit.span.of(evidence.source)))
    return run.likeness >= (_RATHER_ALIKE if as_long else UNMISTAKABLE)


def _with_repetitions(
    run: Run, hit: TermHit, evidence: Evidence, free: Sequence[bool], ties: Sequence[float]
) -> tuple[Run, Run]:
    """The run with the words around it that say part of the term once more, as a model
    does that stutters or loops, and what stands between them and the run; then the run
    of all words that were looked at for that.
    """
    spoken = {
        word.of(text)
        for text in (span_of(run, evidence).of(evidence.text), *spellings_of(hit, evidence))
        for word in words(text)
        if not is_function_word(word.of(text))
    }

    def reach(ats: Iterable[int], reached: int) -> tuple[int, int]:
        looked_at = reached
        for at in ats:
            looked_at = at
            word = evidence.words[at].of(evidence.text)
            if not free[at] or (ties[at] <= 0 and not is_function_word(word)):
                break
            if ties[at] > 0 and any(likeness(word, said) >= UNMISTAKABLE for said in spoken):
                reached = at
        return reached, looked_at

    first, first_looked_at = reach(range(run.first - 1, -1, -1), run.first)
    last, last_looked_at = reach(range(run.last + 1, len(free)), run.last)
    return (
        replace(run, first=first, last=last),
        replace(run, first=first_looked_at, last=last_looked_at),
    )


def _aligned_run(free: Sequence[bool], ties: Sequence[float]) -> Run | None:
    """The run of free words with the greatest total tie (Kadane's maximum subarray):
    it bridges a stray word inside a rendering and leaves out a stray link far from it.
    """
    best: Run | None = None
    first, total = 0, 0.0
    for at, (usable, tie) in enumerate(zip(free, ties, strict=True)):
        gain = tie or -_UNALIGNED_COST
        if not usable:
            first, total = at + 1, 0.0
            continue
        if total <= 0:
            first, total = at, 0.0
        total += gain
        if total >= _RENDERING_TIE and (best is None or total > best.score):
            best = Run(first, at, total)
    return best


def trimmed(run: Run | None, hit: TermHit, evidence: Evidence) -> Run | None:
    """The run without articles and prepositions at its ends that the term does not have
    there; None where nothing else is left.
    """
    if run is None:
        return None
    wanted = [
        span.of(text).casefold()
        for text in (hit.term.target, *hit.term.forms)
        for span in words(text)
    ]

    def foreign(at: int) -> bool:
        span = evidence.words[at]
        word = span.of(evidence.text)
        if begins_sentence(evidence.text, span.start):
            word = word.casefold()
        return is_function_word(word) and word.casefold() not in (wanted[0], wanted[-1])

    first, last = run.first, run.last
    while first <= last and wanted and foreign(first):
        first += 1
    while first <= last and wanted and foreign(last):
        last -= 1
    return replace(run, first=first, last=last) if first <= last else None
