"""Which words of a translation go inside each pair, and between which words a code goes."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
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
_SHORTEST: Final = 2
"""Letters of those that may be left out though their tie is sound: three are a numeral or an
adjective too, as in "two hundred" and "twelve years old"."""
_ENDING: Final = 2
"""Characters that make a plural or a genitive."""
_NEARNESS: Final = 0.5
"""By how much less a word says of a place for each word between the two."""
_FARTHEST: Final = 30
"""Words beyond which that is nothing."""
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

    @property
    def words(self) -> range:
        """By index."""
        return range(self.first, self.last + 1)


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
    runs: dict[int, Run] = {}
    # Parents come before what they enclose.
    for parent, siblings in families.items():
        if parent is None or parent in runs:
            within = None if parent is None else runs[parent]
            runs |= _runs_beside(siblings, within, ties)
    return runs


def _runs_beside(siblings: Sequence[Node], within: Run | None, ties: Ties) -> dict[int, Run]:
    """Runs of pairs with the same parent: the surest first, each word for one alone."""
    first, last = (0, len(ties.target) - 1) if within is None else (within.first, within.last)
    if last < first:
        return {}
    free = set(range(first, last + 1))
    insides = {node.order: words_inside(node, ties) for node in siblings}
    waiting = [order for order, (begin, end) in insides.items() if begin <= end]
    found = [(_best_run(*insides[order], free, ties), at) for at, order in enumerate(waiting)]
    surest = [(-run.score, at, run) for run, at in found]
    heapify(surest)
    runs: dict[int, Run] = {}
    while surest:
        _, at, run = heappop(surest)
        begin, end = insides[waiting[at]]
        # What was best of more words is best of fewer, as long as they have all of it; where
        # they have not, nothing is worth more.
        if not free.issuperset(run.words):
            run = _best_run(begin, end, free, ties)
            heappush(surest, (-run.score, at, run))
            continue
        if run.score <= 0:
            break
        if not math.isinf(run.score):
            run = _with_whole_words(_trimmed(run, ties), begin, end, free, ties)
        runs[waiting[at]] = run
        free.difference_update(run.words)
    for order in waiting:
        if order not in runs:
            begin, end = insides[order]
            gap = gap_between(begin - 1, end + 1, range(first, last + 2), ties)
            place = min(max(gap - 1, first), last)
            runs[order] = Run(place, place, found=False)
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


def takes_more(node: Node, ties: Ties) -> bool:
    """Whether a pair begins or ends inside of a word of the source whose translation it is
    around as a whole; an ending, as in "<file>s", is not much more.
    """
    first, last = words_inside(node, ties)
    if last < first:
        return False
    inside, begin, end = node.inside, ties.source[first], ties.source[last]
    return begin.start < inside.start or end.end - inside.end > _ENDING


def _best_run(
    first: int,
    last: int,
    free: AbstractSet[int],
    ties: Ties,
) -> Run:
    """The run of free words with the greatest sum of what they give (Kadane's maximum
    subarray), for the source's words ``first`` to ``last``.
    """
    if (first, last) == (0, len(ties.source) - 1) and len(free) == len(ties.target):
        return Run(0, len(free) - 1, math.inf)
    best = Run(0, -1)
    candidates = [word for at in range(first, last + 1) for word in ties.renderers.get(at, ())]
    if not candidates:
        return best
    start, total = 0, 0.0
    for at in range(min(candidates), max(candidates) + 1):
        if at not in free:
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
    renders more surely: an article or a preposition that the source does not have. Nor does it
    begin or end with a short word that looks past its neighbour to what another word renders:
    in "depois de duas horas de debate" the first *de* may look at the "of" of "two hours of".
    """
    first, last = run.first, run.last
    while first < last and (
        _is_added(first, first, last, ties)
        or _looks_past(first, first + 1, range(first + 1, last + 1), ties)
    ):
        first += 1
    while first < last and (
        _is_added(last, first, last, ties) or _looks_past(last, last - 1, range(first, last), ties)
    ):
        last -= 1
    return Run(first, last, run.score)


def _is_added(word: int, first: int, last: int, ties: Ties) -> bool:
    length = len(ties.target[word])
    if length > _SHORTEST:
        return False
    longer = [at for at in range(first, last + 1) if len(ties.target[at]) > length]
    return all(
        any(ties.weights[other].get(at, 0.0) > weight for other in longer)
        for at, weight in ties.weights[word].items()
    )


def _looks_past(word: int, neighbour: int, others: Iterable[int], ties: Ties) -> bool:
    """Whether a short word at an end of a run renders nothing but words that lie beyond what
    its neighbour renders, and that others of the run render too.
    """
    own, beside = ties.weights[word], ties.weights[neighbour]
    if len(ties.target[word]) > _SHORT or not own or not beside:
        return False
    is_past = min(own) > max(beside) if neighbour > word else max(own) < min(beside)
    return is_past and all(any(at in ties.weights[other] for other in others) for at in own)


def _with_whole_words(run: Run, begin: int, end: int, free: AbstractSet[int], ties: Ties) -> Run:
    """The run with all of the words at its ends that hyphens join, unless the pair begins or
    ends inside of such a word in the source as well.
    """
    first, last = run.first, run.last
    joined_in_source, joined = ties.joined
    while begin not in joined_in_source and first in joined and first - 1 in free:
        first -= 1
    while end + 1 not in joined_in_source and last + 1 in joined and last + 1 in free:
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
        gaps: to choose from, at least one, each as the index of the word of the translation
            behind it; ascending.
        ties: what renders what.
        late: whether the last of those that are as good as each other; else the first.
    """
    votes: dict[int, float] = {}
    for side, at in ((1, before), (-1, after)):
        for distance in range(_FARTHEST):
            place = at - side * distance
            for word in ties.renderers.get(place, ()):
                vote = side * ties.weights[word][place] * _NEARNESS**distance
                votes[word] = votes.get(word, 0.0) + vote
    # Between two words that have a say, all gaps are as good as each other.
    value = -sum(votes.values())
    begin = 0
    stretches: list[tuple[float, int, int]] = []
    for word in (*sorted(votes), len(ties.target)):
        end = bisect_right(gaps, word)
        if begin < end:
            stretches.append((value, gaps[begin], gaps[end - 1]))
        begin = end
        value += 2 * votes.get(word, 0.0)
    best = max(value for value, _, _ in stretches)
    good = [stretch for stretch in stretches if stretch[0] >= best - _ALIKE]
    return good[-1][2] if late else good[0][1]
