"""What a model wrote for a name, as its word alignment tells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from l10n_pipeline.folding import is_word_character, words
from l10n_pipeline.model import Hypothesis, Span
from l10n_pipeline.names.spelling import likeness

_ALIKE: Final = 0.75
"""Likeness that makes a rendering of words that are aligned with the name."""
_VERY_ALIKE: Final = 0.88
"""Likeness from which on aligned words around it do not count."""
_LEAST_TIE: Final = 0.3
"""Total tie of a run of words that is taken for a rendering."""
_UNALIGNED_COST: Final = 0.05
"""What a word without alignment takes from a run: gaps are bridged, ends not padded."""
_LONGEST_SMALL_WORD: Final = 5


def find_rendering(
    source: str, place: Span, hypothesis: Hypothesis, small: Collection[str] = ()
) -> str:
    """What stands in a hypothesis for a stretch of its source; empty where nobody can tell.

    Words that are like the stretch and aligned with it have the cleanest edges; where
    there are none, the run of words with the greatest total tie is taken (Kadane's maximum
    subarray).

    Args:
        source: as it was given to the engine.
        place: of a name in it.
        hypothesis: its translation.
        small: words, in small letters, that are cut off at the ends: articles and the like.
    """
    spans = words(hypothesis.text)
    ties = _ties(source, place, hypothesis, spans)
    alike = _alike(place.of(source), hypothesis.text, spans, ties)
    aligned = _aligned(ties)
    if alike is None and aligned is None:
        return ""
    first, last, likely = alike or (*(aligned or (0, 0)), 0.0)
    if alike and aligned and likely < _VERY_ALIKE and aligned[0] <= first and last <= aligned[1]:
        first, last = aligned
    while first < last and _is_small(spans[first].of(hypothesis.text), small):
        first += 1
    while first < last and _is_small(spans[last].of(hypothesis.text), small):
        last -= 1
    rendering = Span(spans[first].start, spans[last].end).of(hypothesis.text)
    if _is_small(rendering, small):
        return ""
    marks = _marks_at_end(place.of(source))
    return rendering + marks * hypothesis.text.startswith(marks, spans[last].end)


def small_words(texts: Sequence[str]) -> frozenset[str]:
    """Short words in small letters that stand in many of the texts: their articles,
    prepositions and conjunctions, whatever language they are in.
    """
    count: dict[str, int] = {}
    for text in texts:
        for word in {span.of(text) for span in words(text)}:
            if word.islower() and len(word) <= _LONGEST_SMALL_WORD:
                count[word] = count.get(word, 0) + 1
    return frozenset(word for word, times in count.items() if times >= max(3, len(texts) // 25))


def _marks_at_end(name: str) -> str:
    """Punctuation that a name ends with, as titles may."""
    return name[
        len(name)
        - next((at for at, char in enumerate(reversed(name)) if is_word_character(char)), 0) :
    ]


def _is_small(word: str, small: Collection[str]) -> bool:
    return word in small


def _ties(source: str, place: Span, hypothesis: Hypothesis, spans: Sequence[Span]) -> list[float]:
    """For each word, how far it renders the place: 1 where the model looked at nothing
    else, -1 where it looked at other words, 0 where unknown.
    """
    totals = [0.0] * len(spans)
    counts = [0] * len(spans)
    at = 0
    for link in hypothesis.alignment:
        while at < len(spans) and spans[at].end <= link.target.start:
            at += 1
        looked_at = link.source.of(source)
        start = link.source.end - len(looked_at.lstrip())
        inside = place.overlaps(Span(min(start, link.source.end), link.source.end))
        weight = link.weight if inside else -link.weight * any(map(is_word_character, looked_at))
        reached = at
        while reached < len(spans) and spans[reached].start < link.target.end:
            totals[reached] += weight
            counts[reached] += 1
            reached += 1
    return [total / count if count else 0.0 for total, count in zip(totals, counts, strict=True)]


def _alike(
    name: str, text: str, spans: Sequence[Span], ties: Sequence[float]
) -> tuple[int, int, float] | None:
    """First and last word of the stretch that is most like the name, and how like it is."""
    longest = len(words(name)) + 1
    best: tuple[float, int, int] | None = None
    for first in range(len(spans)):
        for last in range(first, min(first + longest, len(spans))):
            if max(ties[first : last + 1]) <= 0:
                continue
            alike = likeness(name, text[spans[first].start : spans[last].end])
            if alike >= _ALIKE and (best is None or alike > best[0]):
                best = alike, first, last
    return best and (*best[1:], best[0])


def _aligned(ties: Sequence[float]) -> tuple[int, int] | None:
    """First and last word of the run that is most tied to the name."""
    best: tuple[float, int, int] | None = None
    first, total = 0, 0.0
    for at, tie in enumerate(ties):
        if total <= 0:
            first, total = at, 0.0
        total += tie or -_UNALIGNED_COST
        if total >= _LEAST_TIE and (best is None or total > best[0]):
            best = total, first, at
    return best and best[1:]
