"""Which words of a translation go inside each pair, and between which words a code goes."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.markup.nodes import Node
from l10n_pipeline.markup.ties import Ties

_ELSEWHERE: Final = -0.8
"""What a word that renders words outside of a pair takes from a run: less than a word inside
gives, so that one of them is bridged."""
_UNKNOWN: Final = -0.05
"""What any word takes beside that: gaps are bridged, ends not padded with words that render
nothing known."""
_SHORT: Final = 3
"""Letters of words that a language adds: articles, prepositions, particles."""
_NEARNESS: Final = 0.5
"""By how much less a word says of a place for each word between the two."""
_ALIKE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Run:
    """Words ``first`` to ``last`` of a translation, both included."""

    first: int
    last: int
    score: float = 0.0
    """How much of it renders the words inside the pair, in words."""
    found: bool = True
    """False where no word renders any of them: it is then the word where they would be."""


def runs_of(nodes: Sequence[Node], ties: Ties) -> dict[int, Run]:
    """The run of each pair that has words, by its order.

    Each lies within its parent's, and two that stand beside each other have no word in
    common, except where there is no other word for one of them.
    """
    families: dict[int | None, list[Node]] = {}
    for node in nodes:
        if node.is_pair:
            parent_order = None if node.parent is None else node.parent.order
            families.setdefault(parent_order, []).append(node)
    rendering = _rendering(ties)
    runs: dict[int, Run] = {}
    # Parents come before what they enclose.
    for parent, siblings in families.items():
        if parent is None or parent in runs:
            within = None if parent is None else runs[parent]
            runs |= _runs_beside(siblings, within, ties, rendering)
    return runs


def _rendering(ties: Ties) -> dict[int, list[int]]:
    """For each word of the source, the words that render it."""
    rendering: dict[int, list[int]] = {}
    for word, weights in enumerate(ties.weights):
        for at in weights:
            rendering.setdefault(at, []).append(word)
    return rendering


def _runs_beside(
    siblings: Sequence[Node],
    within: Run | None,
    ties: Ties,
    rendering: Mapping[int, Sequence[int]],
) -> dict[int, Run]:
    """Runs of pairs with the same parent: the surest first, each word for one alone."""
    first, last = (0, len(ties.target) - 1) if within is None else (within.first, within.last)
    free = [first <= at <= last for at in range(len(ties.target))]
    insides = {node.order: words_inside(node, ties) for node in siblings}
    waiting = [order for order, (begin, end) in insides.items() if begin <= end]
    runs: dict[int, Run] = {}
    found: dict[int, Run] = {}
    while waiting:
        for order in waiting:
            # What was best of more words is best of fewer, as long as they have all of it.
            if order not in found or not all(free[found[order].first : found[order].last + 1]):
                found[order] = _best_run(*insides[order], free, ties, rendering)
        surest = max(waiting, key=lambda order: found[order].score)
        run = found[surest]
        if run.score <= 0:
            break
        if not math.isinf(run.score):
            run = _with_whole_words(_trimmed(run, ties), *insides[surest], free, ties)
        runs[surest] = run
        free[run.first : run.last + 1] = [False] * (run.last + 1 - run.first)
        waiting.remove(surest)
    for order in waiting if first <= last else ():
        begin, end = insides[order]
        gap = gap_between(begin - 1, end + 1, range(first, last + 2), ties)
        at = min(max(gap - 1, first), last)
        runs[order] = Run(at, at, found=False)
    return runs


def words_inside(node: Node, ties: Ties) -> tuple[int, int]:
    """The first and last of the source's words inside a pair; the last is before the first
    where there are none.
    """
    inside = node.inside
    if not len(inside):
        return 0, -1
    first = bisect_right(ties.source, inside.start, key=lambda word: word.end)
    return first, bisect_left(ties.source, inside.end, key=lambda word: word.start) - 1


def _best_run(
    first: int,
    last: int,
    free: Sequence[bool],
    ties: Ties,
    rendering: Mapping[int, Sequence[int]],
) -> Run:
    """The run of free words with the greatest sum of what they give (Kadane's maximum
    subarray), for the source's words ``first`` to ``last``.
    """
    if (first, last) == (0, len(ties.source) - 1) and all(free):
        return Run(0, len(free) - 1, math.inf if free else 0.0)
    best = Run(0, -1)
    candidates = [word for at in range(first, last + 1) for word in rendering.get(at, ())]
    if not candidates:
        return best
    start, total = 0, 0.0
    for at in range(min(candidates), max(candidates) + 1):
        if not free[at]:
            start, total = at + 1, 0.0
            continue
        if total <= 0:
            start, total = at, 0.0
        inside, outside = ties.inside_and_outside(at, first, last)
        total += inside + _ELSEWHERE * outside + _UNKNOWN
        if total > best.score + _ALIKE:
            best = Run(start, at, total)
    return best


def _trimmed(run: Run, ties: Ties) -> Run:
    """The run without short words at its ends that render nothing but what a longer word of it
    renders more surely: an article or a preposition that the source does not have.
    """
    first, last = run.first, run.last
    while first < last and _is_added(first, first, last, ties):
        first += 1
    while first < last and _is_added(last, first, last, ties):
        last -= 1
    return Run(first, last, run.score)


def _is_added(word: int, first: int, last: int, ties: Ties) -> bool:
    length = len(ties.target[word])
    if length > _SHORT:
        return False
    longer = [at for at in range(first, last + 1) if len(ties.target[at]) > length]
    return all(
        any(ties.weights[other].get(at, 0.0) > weight for other in longer)
        for at, weight in ties.weights[word].items()
    )


def _with_whole_words(run: Run, begin: int, end: int, free: Sequence[bool], ties: Ties) -> Run:
    """The run with all of the words at its ends that hyphens join, unless the pair begins or
    ends inside of such a word in the source as well.
    """
    first, last = run.first, run.last
    joined_in_source, joined = ties.joined
    while begin not in joined_in_source and first in joined and free[first - 1]:
        first -= 1
    while end + 1 not in joined_in_source and last + 1 in joined and free[last + 1]:
        last += 1
    return Run(first, last, run.score)


def words_beside(node: Node, ties: Ties) -> tuple[int, int]:
    """The source's words before and after a node, by index; one past an end for none."""
    inside = node.inside
    before = bisect_right(ties.source, inside.start, key=lambda word: word.end) - 1
    return before, bisect_left(ties.source, inside.end, key=lambda word: word.start)


def gap_between(
    before: int, after: int, gaps: Sequence[int], ties: Ties, *, late: bool = False
) -> int:
    """Where most of what renders the source's words up to ``before`` lies to the left, and
    most of what renders those from ``after`` on to the right.

    Args:
        before: index of a word of the source, or -1.
        after: likewise, or one past the last.
        gaps: to choose from, each as the index of the word of the translation behind it.
        ties: what renders what.
        late: whether the last of those that are as good as each other; else the first.
    """
    votes = [_vote(weights, before, after) for weights in ties.weights]
    sums = [-sum(votes)]
    for vote in votes:
        sums.append(sums[-1] + 2 * vote)
    best = max(sums[gap] for gap in gaps)
    good = [gap for gap in gaps if sums[gap] >= best - _ALIKE]
    return good[-1] if late else good[0]


def _vote(weights: Mapping[int, float], before: int, after: int) -> float:
    vote = 0.0
    for at, weight in weights.items():
        if at <= before:
            vote += weight * _NEARNESS ** (before - at)
        elif at >= after:
            vote -= weight * _NEARNESS ** (at - after)
    return vote
