"""Second attempts at what a model got visibly wrong.

A hypothesis with a fault is searched for again: more widely, then under other penalties,
then clause by clause. The first candidate with the fewest faults is kept, and only where it
is better than what was there; everything else stays as it was, byte for byte. What becomes
of a source depends on that source alone: each way is tried on all that still need it at
once, and the engine's translations do not depend on their batch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

from l10n_pipeline.folding import is_unspaced
from l10n_pipeline.model import AlignmentLink, Diagnostic, Hypothesis, Search, Severity, Span
from l10n_pipeline.protocols import Engine

FindFaults = Callable[[str, Hypothesis], Sequence[Diagnostic]]
"""What is wrong with a hypothesis as a translation of a source."""

_BEAM: Final = 6
_CANDIDATES: Final = 6
_WIDER: Final = Search(beam=_BEAM)
_WITHOUT_LOOPS: Final = Search(beam=_BEAM, no_repeat_ngram=3)
_LONGER: Final = Search(beam=_BEAM, length_penalty=1.5)
_LOOPS: Final = frozenset({"repetition"})
_CUT_SHORT: Final = frozenset({"empty", "truncated", "length"})
_LOSSES: Final = frozenset({"numbers", "quotation", "symbols"})
"""Rules whose finding leaves a text usable; after any other there is little to lose."""
_IN_WORDS: Final = frozenset({"numbers", "symbols"})
"""Rules whose warnings are of what a translation may have in words."""
_WORTH_A_LOSS: Final = 0.3
"""Nats a token that a candidate may score below the hypothesis to mend a mere loss. Within
that are other wordings of the same; further down, other mistakes."""
_SHORTEST_CLAUSE: Final = 3
"""Words."""
# Not after what looks like an abbreviation or an initial: Mr. Smith, J. Smith.
_SENTENCE_END: Final = re.compile(
    r"(?<=[!?;:…])[\"”»)]*\s+"
    r"|(?<=\.)(?<!\b[A-Z]\.)(?<!\b[A-Z]\w\.)(?<!\b[A-Z]\w\w\.)[\"”»)]*\s+(?![a-z])"
    r"|(?<=[。！？；])"
)
_CLAUSE_END: Final = re.compile(r"(?<=[,،])\s+|\s+(?=[–—-]\s)|(?<=[、，])")


class Way(StrEnum):
    """How a translation was found at the second attempt."""

    N_BEST = "n-best"
    """Among the best of a wider beam."""
    PENALTIES = "penalties"
    """With repetition barred, or length favoured."""
    SPLIT = "split"
    """Clause by clause."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of a source."""

    hypothesis: Hypothesis
    faults: tuple[Diagnostic, ...]
    """What is still wrong with it."""
    retried: bool = False
    way: Way | None = None
    """How the hypothesis was found; None for the engine's first."""


def retry(
    engine: Engine,
    sources: Sequence[str],
    hypotheses: Sequence[Hypothesis],
    find_faults: FindFaults,
) -> list[Attempted]:
    """Look again for translations of the sources whose hypothesis has a fault.

    At most three ways for each source, whatever comes of them.

    Args:
        engine: what made the hypotheses.
        sources: single segments.
        hypotheses: one for each source.
        find_faults: the checks.
    """
    first = [
        Attempted(hypothesis, tuple(find_faults(source, hypothesis)))
        for source, hypothesis in zip(sources, hypotheses, strict=True)
    ]
    found = list(first)
    for way in Way:
        waiting = [at for at, attempted in enumerate(found) if _helps(way, attempted.faults)]
        if not waiting:
            continue
        candidates = _candidates(
            way,
            engine,
            [sources[at] for at in waiting],
            [found[at] for at in waiting],
        )
        for at, proposed in zip(waiting, candidates, strict=True):
            judged = (
                Attempted(
                    candidate, tuple(find_faults(sources[at], candidate)), retried=True, way=way
                )
                for candidate in proposed
            )
            acceptable = (each for each in judged if _may_replace(first[at], each))
            found[at] = min([replace(found[at], retried=True), *acceptable], key=_faultiness)
    return found


def _helps(way: Way, faults: Sequence[Diagnostic]) -> bool:
    grave = {fault.rule for fault in faults if fault.severity is Severity.ERROR}
    match way:
        case Way.N_BEST:
            # What may be written in words is rather right than wrong.
            return any(fault.rule not in _IN_WORDS or fault.rule in grave for fault in faults)
        case Way.PENALTIES:
            return bool(grave & (_LOOPS | _CUT_SHORT))
        case Way.SPLIT:
            return bool(grave)


def _may_replace(original: Attempted, candidate: Attempted) -> bool:
    if {fault.rule for fault in original.faults} - _LOSSES:
        return True
    return candidate.hypothesis.score >= original.hypothesis.score - _WORTH_A_LOSS


def _faultiness(attempted: Attempted) -> tuple[int, int]:
    errors = sum(fault.severity is Severity.ERROR for fault in attempted.faults)
    return errors, len(attempted.faults)


def _candidates(
    way: Way, engine: Engine, sources: Sequence[str], found: Sequence[Attempted]
) -> Iterable[Sequence[Hypothesis]]:
    match way:
        case Way.N_BEST:
            return engine.n_best(sources, _CANDIDATES, search=_WIDER)
        case Way.PENALTIES:
            return _under_penalties(engine, sources, found)
        case Way.SPLIT:
            return _by_clause(engine, sources, found)


def _under_penalties(
    engine: Engine, sources: Sequence[str], found: Sequence[Attempted]
) -> list[Sequence[Hypothesis]]:
    loops = [any(fault.rule in _LOOPS for fault in attempted.faults) for attempted in found]
    results: list[Sequence[Hypothesis]] = [()] * len(sources)
    for looping, search in ((True, _WITHOUT_LOOPS), (False, _LONGER)):
        chosen = [at for at, loop in enumerate(loops) if loop is looping]
        if chosen:
            lists = engine.n_best([sources[at] for at in chosen], _CANDIDATES, search=search)
            for at, hypotheses in zip(chosen, lists, strict=True):
                results[at] = hypotheses
    return results


def _by_clause(
    engine: Engine, sources: Sequence[str], found: Sequence[Attempted]
) -> Iterator[Sequence[Hypothesis]]:
    cuts = [clauses(source) for source in sources]
    parts = [
        span.of(source)
        for source, spans in zip(sources, cuts, strict=True)
        for span in spans
        if len(spans) > 1
    ]
    translated = iter(engine.translate(parts, search=_WIDER) if parts else ())
    for spans, attempted in zip(cuts, found, strict=True):
        if len(spans) == 1:
            yield ()
            continue
        pieces = [(span, next(translated)) for span in spans]
        yield (replace(_joined(pieces), unwritable=attempted.hypothesis.unwritable),)


def clauses(source: str) -> list[Span]:
    """A source cut where translating piece by piece does least harm.

    After each sentence, semicolon or colon; where there is none, at the comma or dash
    nearest to the middle. No piece is shorter than three words of a script that has word
    spaces. Nothing but white space lies outside the spans; a source that has no such place
    is one piece.

    >>> text = "He said so, again and again, and left the room."
    >>> [span.of(text) for span in clauses(text)]
    ['He said so, again and again,', 'and left the room.']
    """
    whole = _trimmed(source, 0, len(source))
    ends = [match.end() for match in _SENTENCE_END.finditer(source, whole.start, whole.end)]
    spans = _merged(source, _cut(source, whole, ends))
    if len(spans) > 1:
        return spans
    middle = (whole.start + whole.end) / 2
    halves = (
        _cut(source, whole, [match.end()])
        for match in sorted(
            _CLAUSE_END.finditer(source, whole.start, whole.end),
            key=lambda match: abs(match.end() - middle),
        )
    )
    return next((cut for cut in halves if len(_merged(source, cut)) > 1), [whole])


def _cut(source: str, whole: Span, ends: Iterable[int]) -> list[Span]:
    places = [whole.start, *(end for end in ends if whole.start < end < whole.end), whole.end]
    return [_trimmed(source, start, end) for start, end in pairwise(places)]


def _merged(source: str, spans: Sequence[Span]) -> list[Span]:
    """Pieces that are too short joined to the one before, the first to the one after."""
    merged: list[Span] = []
    for span in spans:
        if merged and not (_stands_alone(source, span) and _stands_alone(source, merged[-1])):
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def _stands_alone(source: str, span: Span) -> bool:
    text = span.of(source)
    return len(text.split()) >= _SHORTEST_CLAUSE or sum(map(is_unspaced, text)) >= (
        2 * _SHORTEST_CLAUSE
    )


def _trimmed(source: str, start: int, end: int) -> Span:
    text = source[start:end]
    start += len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))


def _joined(pieces: Sequence[tuple[Span, Hypothesis]]) -> Hypothesis:
    """The translations of a source's pieces as one; the score is the mean by length."""
    text = ""
    links: list[AlignmentLink] = []
    for span, part in pieces:
        if text and part.text and not (is_unspaced(text[-1]) or is_unspaced(part.text[0])):
            text += " "
        links += (
            AlignmentLink(
                link.target.shifted(len(text)), link.source.shifted(span.start), link.weight
            )
            for link in part.alignment
        )
        text += part.text
    # The steps of a search are not told; the length of the text stands for them.
    lengths = [max(len(part.text), 1) for _, part in pieces]
    weighted = sum(part.score * length for (_, part), length in zip(pieces, lengths, strict=True))
    return Hypothesis(
        text=text,
        score=weighted / sum(lengths),
        alignment=tuple(links),
        complete=all(part.complete for _, part in pieces),
    )
