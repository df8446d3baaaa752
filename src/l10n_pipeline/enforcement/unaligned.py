"""Finding what a model wrote for a term where there is no word alignment to ask.

Likeness has to do without its witness: the place that is most like the name is taken where
no other comes near. A name that the model translated, or has by another name, is like nothing;
it is what is left when every other name of the sentence is accounted for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from l10n_pipeline.enforcement.closed_classes import is_function_word
from l10n_pipeline.enforcement.cognates import cognates
from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.enforcement.locate import (
    UNMISTAKABLE,
    Rendering,
    Run,
    Search,
    span_of,
    spellings_of,
    trimmed,
    windows,
)
from l10n_pipeline.folding import HYPHENS, words
from l10n_pipeline.model import TermHit
from l10n_pipeline.similarity import likeness
from l10n_pipeline.termforms import begins_sentence, is_proper_name

_ALIKE: Final = 0.6
"""Likeness that makes a rendering where nothing else comes near."""
_LEAD: Final = 0.1
"""How much more like the name a place is than the next one."""
_COST_OF_DISTANCE: Final = 0.15
"""What likeness loses where the name stands at the other end of the source."""
_LAST: Final = -2.0
"""Strength below that of any likeness: what is left over comes after all that is alike."""


def locate_unaligned(hit: TermHit, evidence: Evidence, free: Sequence[bool]) -> Search:
    """Search for the model's own rendering of a term; see :func:`.locate.locate`."""
    best, rival = _alike(hit, evidence, free)
    if best is None:
        best = _left_over(hit, evidence, free)
    run = trimmed(best, hit, evidence)
    if best is None or run is None:
        return Search(None, ())
    run, beside = _whole_name(run, hit, evidence, free)
    if beside is not None and run.likeness < UNMISTAKABLE:
        rival = rival or beside
    spans = [span_of(one, evidence) for one in (run, best, rival, beside) if one is not None]
    other = None if rival is None else span_of(rival, evidence)
    return Search(Rendering(spans[0], run.score, other), tuple(spans))


def _alike(hit: TermHit, evidence: Evidence, free: Sequence[bool]) -> tuple[Run | None, Run | None]:
    """The run of words most like the term, and another that is about as much so."""
    spellings = spellings_of(hit, evidence)
    if not spellings:
        return None, None
    longest = 1 + max(len(words(spelling)) for spelling in spellings)
    ties = evidence.ties(hit.span)
    found: list[Run] = []
    for first, last in windows(free, longest):
        if not _could_be(hit, evidence, first, last):
            continue
        run = Run(first, last, 0.0)
        stretch = span_of(run, evidence).of(evidence.text)
        alike = max(likeness(stretch, spelling) for spelling in spellings)
        renders_another = min(ties[first : last + 1]) < 0
        if alike >= (UNMISTAKABLE if renders_another else _ALIKE):
            score = alike - _COST_OF_DISTANCE * _distance(hit, evidence, run)
            found.append(Run(first, last, score, alike))
    if not found:
        return None, None
    best = max(found, key=lambda run: run.score)
    rivals = [run for run in found if run.first > best.last or run.last < best.first]
    rival = max(rivals, key=lambda run: run.score, default=None)
    return best, rival if rival is not None and best.score < rival.score + _LEAD else None


def _could_be(hit: TermHit, evidence: Evidence, first: int, last: int) -> bool:
    """Whether a run has capitals where a name has them."""
    if not is_proper_name(hit.term):
        return True
    ends = [span.of(hit.term.target) for span in words(hit.term.target)]
    opens = _is_capitalised(evidence, first) or not ends[0][:1].isupper()
    closes = (
        _is_capitalised(evidence, last)
        or not ends[-1][:1].isupper()
        or not evidence.text[evidence.words[last].start - 1].isspace()
    )
    return opens and closes


def _left_over(hit: TermHit, evidence: Evidence, free: Sequence[bool]) -> Run | None:
    """The only name in the hypothesis that renders no other word of the source, where the
    source's other names are all rendered.
    """
    if not is_proper_name(hit.term):
        return None
    names = list(_unexplained(evidence, free))
    if len(names) != 1 or not _others_explained(hit, evidence):
        return None
    # The first word of a sentence has a capital anyway.
    opens = begins_sentence(evidence.text, evidence.words[names[0].first].start)
    return None if opens else names[0]


def _unexplained(evidence: Evidence, free: Sequence[bool]) -> Iterator[Run]:
    """Runs of capitalised words that are no spelling of any word of the source."""
    kin = cognates(evidence.source, evidence.text)
    first: int | None = None
    for at in range(len(free) + 1):
        inside = (
            at < len(free)
            and free[at]
            and at not in kin
            and _is_name(evidence.words[at].of(evidence.text))
            and (first is None or _joined(evidence, at))
        )
        if first is not None and not inside:
            yield Run(first, at - 1, _LAST)
            first = None
        if first is None and inside:
            first = at


def _others_explained(hit: TermHit, evidence: Evidence) -> bool:
    """Whether every other name of the source is spelled in the hypothesis too."""
    explained = set(cognates(evidence.source, evidence.text).values())
    return all(
        span in explained or not _is_name(span.of(evidence.source))
        for span in words(evidence.source)[1:]
        if not span.overlaps(hit.span)
    )


def _whole_name(
    run: Run, hit: TermHit, evidence: Evidence, free: Sequence[bool]
) -> tuple[Run, Run | None]:
    """The run with capitalised words beside it that render nothing else, until it has as many
    as the term; then what more there is of them after it.
    """
    name = hit.span.of(evidence.source)
    wanted = sum(_is_name(span.of(name)) for span in words(name))
    if wanted < 2:
        return run, None
    kin = cognates(evidence.source, evidence.text)

    def belongs(at: int) -> bool:
        return (
            0 <= at < len(free)
            and free[at]
            and (at not in kin or hit.span.contains(kin[at]))
            and _is_capitalised(evidence, at)
            and (at in kin or not begins_sentence(evidence.text, evidence.words[at].start))
        )

    def unexplained(at: int) -> bool:
        return at < len(free) and free[at] and at not in kin and _joined(evidence, at)

    first, last = run.first, run.last
    while True:
        capitals = sum(_is_capitalised(evidence, at) for at in range(first, last + 1))
        before = belongs(first - 1) and _joined(evidence, first)
        after = belongs(last + 1) and _joined(evidence, last + 1)
        if capitals >= wanted or not (before or after):
            # A part of the name may have been translated, and be a name no longer.
            after = after or (capitals < wanted and unexplained(last + 1))
            more = Run(last + 1, last + 1, 0.0) if after else None
            return replace(run, first=first, last=last), more
        beside = first - 1 if before else last + 1
        first, last = min(first, beside), max(last, beside)


def _joined(evidence: Evidence, at: int) -> bool:
    """Whether nothing but a space or a hyphen stands between a word and the one before it."""
    between = evidence.text[evidence.words[at - 1].end : evidence.words[at].start]
    return between.isspace() or between in HYPHENS


def _is_capitalised(evidence: Evidence, at: int) -> bool:
    return evidence.words[at].of(evidence.text)[:1].isupper()


def _is_name(word: str) -> bool:
    return word[:1].isupper() and not is_function_word(word.casefold())


def _distance(hit: TermHit, evidence: Evidence, run: Run) -> float:
    """How far apart the two stand, 0 to 1, as shares of their texts."""
    place = evidence.words[run.first].start / max(len(evidence.text), 1)
    return abs(place - hit.span.start / max(len(evidence.source), 1))
