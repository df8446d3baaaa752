"""Words that markup divides, and their translations, each as the parts that it divides them
into: ``un<b>believ</b>able``.

Words are tied to words. Where a translation has the same word, or one that begins or ends as
the word does, its parts are tied to the parts, so that a pair finds its characters.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Final

from l10n_pipeline.model import Span

_TELLING_END: Final = 3
"""Letters at the end of two words that make them the same ending: not "s"."""

Weights = list[dict[int, float]]


def cut(
    source: str,
    source_words: Sequence[Span],
    text: str,
    target_words: Sequence[Span],
    weights: Weights,
    places: Iterable[int],
) -> tuple[list[Span], list[Span], Weights]:
    """The words of both texts, those aside that are cut and whose parts are found, and what
    ties them.

    Args:
        source: what is translated.
        source_words: its words.
        text: the translation.
        target_words: its words.
        weights: for each of these the words of the source that it renders, and how surely.
        places: where a code stands in the source, between words or inside.
    """
    inside: dict[int, list[int]] = {}
    for place in sorted(set(places)):
        at = bisect_left(source_words, place, key=lambda word: word.end)
        if at < len(source_words) and source_words[at].start < place < source_words[at].end:
            inside.setdefault(at, []).append(place - source_words[at].start)
    if not inside:
        return list(source_words), list(target_words), weights
    spoken = [word.of(source).casefold() for word in source_words]
    written = [word.of(text).casefold() for word in target_words]
    source_parts: dict[int, list[Span]] = {}
    target_parts: dict[int, list[Span]] = {}
    partner = _partners(spoken, written, weights, inside)
    for word, other in partner.items():
        of, to = source_words[word], target_words[other]
        found = list(_found(of.of(source), to.of(text), inside[word]))
        if found:
            source_parts[word] = _parts(of, [offset for offset, _ in found])
            target_parts[other] = _parts(to, [offset for _, offset in found])
    return _divided(source_words, target_words, weights, source_parts, target_parts, partner)


def _partners(
    spoken: Sequence[str], written: Sequence[str], weights: Weights, cut_words: Iterable[int]
) -> dict[int, int]:
    """For each word that is cut, the word of the translation to look for its parts in: the
    same if there is one, and if not the one that renders it most surely. None has two.
    """
    renderers: dict[int, list[int]] = {}
    for at, one in enumerate(weights):
        for word in one:
            renderers.setdefault(word, []).append(at)
    of, to = _occurrences(spoken), _occurrences(written)
    partner: dict[int, int] = {}
    taken: set[int] = set()

    def take(word: int, candidates: Iterable[int]) -> None:
        free = [at for at in candidates if at not in taken]
        if word not in partner and free:
            partner[word] = max(free, key=lambda at: weights[at].get(word, 0.0))
            taken.add(partner[word])

    for word in cut_words:
        take(word, [at for at in renderers.get(word, ()) if written[at] == spoken[word]])
    for word in cut_words:
        same = to.get(spoken[word], ())
        if len(same) == len(of[spoken[word]]):
            take(word, [same[bisect_left(of[spoken[word]], word)]])
    for word in cut_words:
        take(word, renderers.get(word, ()))
    return partner


def _occurrences(words: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    return places


def _found(word: str, other: str, offsets: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Offsets into a word, and where another that begins or ends likewise has them."""
    begin = _alike(word, other)
    end = _alike(word[::-1], other[::-1])
    last = 0
    for offset in offsets:
        rest = len(word) - offset
        if offset <= begin:
            place = offset
        elif _TELLING_END <= rest <= end:
            place = len(other) - rest
        else:
            continue
        if place > last:
            last = place
            yield offset, place


def _alike(word: str, other: str) -> int:
    """How many characters two words have in common at their beginnings, whatever their case."""
    pairs = zip(word, other, strict=False)
    return sum(takewhile(bool, (one.casefold() == two.casefold() for one, two in pairs)))


def _parts(word: Span, offsets: Sequence[int]) -> list[Span]:
    edges = [word.start, *(word.start + offset for offset in offsets), word.end]
    return [Span(start, end) for start, end in pairwise(edges) if start < end]


def _divided(
    source_words: Sequence[Span],
    target_words: Sequence[Span],
    weights: Weights,
    source_parts: Mapping[int, Sequence[Span]],
    target_parts: Mapping[int, Sequence[Span]],
    partner: Mapping[int, int],
) -> tuple[list[Span], list[Span], Weights]:
    new_source: list[Span] = []
    indices: list[range] = []
    for at, word in enumerate(source_words):
        parts = source_parts.get(at, (word,))
        indices.append(range(len(new_source), len(new_source) + len(parts)))
        new_source += parts
    rendered = {partner[word]: word for word in source_parts}
    new_target: list[Span] = []
    new_weights: Weights = []
    for at, word in enumerate(target_words):
        if at in rendered:
            new_target += target_parts[at]
            numbers = indices[rendered[at]]
            new_weights += ({number: 1.0} for number in numbers[: len(target_parts[at])])
        else:
            new_target.append(word)
            new_weights.append(
                {
                    number: weight / len(indices[of])
                    for of, weight in weights[at].items()
                    for number in indices[of]
                }
            )
    return new_source, new_target, new_weights
