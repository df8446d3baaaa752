"""Where to divide words over cues and lines."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, zip_longest
from math import inf
from typing import Final

LONGEST_LINE: Final = 42
"""Columns: the usual limit of subtitles in scripts such as Latin."""
MOST_LINES: Final = 2
"""Of a cue, as a rule."""

_NEIGHBOURS: Final = 12
"""Words to either side of the ideal place that are looked at."""
_FULL_PART: Final = 24
"""Columns of a part from which on reluctances count in full."""
_OVERFULL: Final = 1000.0
_AFTER_SENTENCE: Final = -10.0
_AFTER_CLAUSE: Final = -7.0
_AFTER_SHORT_WORD: Final = 7.0
_BEFORE_SHORT_WORD: Final = -2.0
_SHORT: Final = 3
"""Letters of articles, prepositions and conjunctions, which go with what follows them."""
_FOR_A_CLAUSE: Final = 2.0
"""By how much better punctuation is where the source has some."""
_SENTENCE_ENDS: Final = frozenset(".!?…。！？؟।")
_CLAUSE_ENDS: Final = frozenset(",;:，；：、،؛—–")
_CLOSING: Final = "\"'”’»›)]）」』】"


def width(text: str) -> int:
    """Columns that a text takes up: wide characters two, combining marks none.

    >>> width("ação"), width("字幕")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def reluctance(word: str, following: str = "") -> float:
    """How ill a break goes after a word, in columns it may be moved by; negative where it
    goes well: after punctuation, before a preposition or an article rather than after it.

    Args:
        word: with its punctuation.
        following: the word after it.
    """
    bare = word.rstrip(_CLOSING)
    if bare[-1:] in _SENTENCE_ENDS:
        return _AFTER_SENTENCE
    if bare[-1:] in _CLAUSE_ENDS:
        return _AFTER_CLAUSE
    if len(word) <= _SHORT:
        return _AFTER_SHORT_WORD
    return _BEFORE_SHORT_WORD if len(following) <= _SHORT else 0.0


def reluctances(words: Sequence[str]) -> list[float]:
    """How ill a break goes after each of these words."""
    return [reluctance(*pair) for pair in zip_longest(words, words[1:], fillvalue="")]


def ends_clause(text: str) -> bool:
    """Whether a text ends with a sentence or a part of one.

    >>> ends_clause("which was finished, "), ends_clause("in the spring")
    (True, False)
    """
    return reluctance(text.rstrip()) < _BEFORE_SHORT_WORD


def divide(
    widths: Sequence[int],
    gaps: Sequence[int],
    reluctances: Sequence[float],
    weights: Sequence[float],
    limit: int | None = None,
    clauses: Sequence[bool] = (),
) -> list[int]:
    """Divide words into as many parts as there are weights, near these proportions.

    Among the places near the ideal ones the best are chosen together: the least distance,
    well after punctuation, no part longer than the limit where that can be. Time grows with
    the number of parts.

    Args:
        widths: of each word, in columns.
        gaps: after each word, lost where it is divided there.
        reluctances: see :func:`reluctance`, of each word.
        weights: of the parts, positive; no more than there are words.
        limit: columns that a part should have at most.
        clauses: for each part but the last, whether it should end with a clause: punctuation
            counts for more there. None of them where it is empty.

    Returns:
        The index of the first word of each part but the first; ascending, no part empty.

    Raises:
        ValueError: where there are fewer words than parts.
    """
    words, parts = len(widths), len(weights)
    if parts > words:
        raise ValueError(f"{words} words are too few for {parts} parts")
    starts = [0, *accumulate(a + b for a, b in zip(widths, gaps, strict=True))]
    ends = [start + own for start, own in zip(starts, widths, strict=False)]
    total, whole = ends[-1], sum(weights)
    # In a short text balance counts for more than where a clause ends.
    scale = min(1.0, total / (parts * _FULL_PART))
    ideals = [total * share / whole for share in accumulate(weights[:-1])]
    # Costs of the best ways to make the parts so far, by the word that the next begins with.
    costs: dict[int, float] = {0: 0.0}
    chosen: list[dict[int, int]] = []
    favours = [_FOR_A_CLAUSE if clause else 1.0 for clause in clauses] or [1.0] * len(ideals)
    for places, ideal, favour in zip(_windows(ends, ideals), ideals, favours, strict=True):
        reached: dict[int, float] = {}
        came_from: dict[int, int] = {}
        begun = list(costs.items())
        ahead, least = 0, (inf, 0)
        for place in places:
            ill = reluctances[place - 1]
            own = abs(ends[place - 1] - ideal) + scale * (ill * favour if ill < 0 else ill)
            while ahead < len(begun) and begun[ahead][0] < place:
                before, cost = begun[ahead]
                least = min(least, (cost, before))
                ahead += 1
            best = least
            if limit is not None and ends[place - 1] - starts[begun[0][0]] > limit:
                best = min(
                    (
                        (cost + _overfull(ends[place - 1] - starts[before], limit), before)
                        for before, cost in begun[:ahead]
                    ),
                    default=least,
                )
            if ahead:
                reached[place], came_from[place] = best[0] + own, best[1]
        costs = reached
        chosen.append(came_from)
    at = min(costs, key=lambda before: costs[before] + _overfull(total - starts[before], limit))
    places_back = []
    for came_from in reversed(chosen):
        places_back.append(at)
        at = came_from[at]
    return places_back[::-1]


def _overfull(columns: int, limit: int | None) -> float:
    return 0.0 if limit is None or columns <= limit else _OVERFULL + columns - limit


def _windows(ends: Sequence[int], ideals: Sequence[float]) -> list[range]:
    """For each division the words that may come after it: such that there is always a word
    for every part, however close the ideals are together.
    """
    words, divisions = len(ends), len(ideals)
    windows: list[range] = []
    last = 0
    for at, ideal in enumerate(ideals):
        middle = bisect_left(ends, ideal) + 1
        most = words - divisions + at
        last = min(max(middle + _NEIGHBOURS, last + 1), most)
        first = max(min(middle - _NEIGHBOURS, last), at + 1, last - 2 * _NEIGHBOURS)
        windows.append(range(first, last + 1))
    return windows
