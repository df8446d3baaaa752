"""Which words of a source each word of its translation renders."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, pairwise, takewhile
from typing import Final

from l10n_pipeline.folding import HYPHENS, words
from l10n_pipeline.markup.cuts import cut
from l10n_pipeline.model import Hypothesis, Span

_HYPHENS: Final = frozenset(HYPHENS)
_TELLING_LENGTH: Final = 4
"""Letters of a word that is no name and stands in both texts by no chance."""
_SHORT: Final = 3
"""Letters of the words that attention rests on when it means the next one: articles,
prepositions, pronouns. In most languages the most frequent words are the shortest."""
_REACH: Final = 3
"""Words behind a short one that it may be looked at for: as many as go before a noun."""
_NEAR: Final = 2
"""Words behind a subject that is left out: a verb, and what stands with it."""
_SHORTEST: Final = 2
"""Letters of words that are more than an article."""
_CERTAIN: Final = 0.95
"""Weight of a link that is to no other word, however odd."""
_SURE: Final = 0.9
"""Weight of a link that is not to be doubted."""
_DOUBTFUL: Final = 0.6
"""Weight of a link below which it may be another's."""
_GUESS: Final = 0.5
"""Weight of a tie that is inferred."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Two texts as words, and what ties them."""

    source: tuple[Span, ...]
    """The source's words."""
    target: tuple[Span, ...]
    """The translation's."""
    weights: tuple[Mapping[int, float], ...]
    """For each word of the translation, the words of the source that it renders, by index,
    and how surely each; at most 1 together."""
    renderers: Mapping[int, Sequence[int]]
    """For each word of the source, the words of the translation that render it."""
    joined: tuple[frozenset[int], frozenset[int]]
    """The words, of the source and of the translation, that a hyphen joins to the one before."""
    guessed: bool
    """Whether there was no alignment, and order alone ties the words."""
    brought_forward: bool = False
    """Whether the translation's first word is tied to what it does not look at."""

    def inside_and_outside(self, word: int, first: int, last: int) -> tuple[float, float]:
        """How surely a word renders the source's words ``first`` to ``last``, and how surely
        others.
        """
        weights = self.weights[word]
        inside = sum(weight for at, weight in weights.items() if first <= at <= last)
        return inside, sum(weights.values()) - inside


def ties_of(
    source: str,
    hypothesis: Hypothesis,
    text: str,
    codes: Iterable[int] = (),
    pairs: Iterable[Span] = (),
) -> Ties:
    """Tie the words of a translation to its source's.

    Args:
        source: as the model saw it.
        hypothesis: what it wrote.
        text: the translation; the hypothesis's text, or what was made of it.
        codes: where codes stand in the source: words that they divide are tied in parts.
        pairs: what they enclose, which something is to render.
    """
    source_words: Sequence[Span] = words(source)
    target_words: Sequence[Span] = words(text)
    spoken = [word.of(source) for word in source_words]
    written = [word.of(text) for word in target_words]
    weights = _carried(hypothesis.text, _aligned(source_words, hypothesis), written)
    guessed = not any(weights)
    if guessed:
        weights = _in_order(len(spoken), len(written))
    anchors = _anchors(spoken, written, weights)
    weights = [{anchors[at]: 1.0} if at in anchors else one for at, one in enumerate(weights)]
    brought_forward = False
    if not guessed:
        brought_forward = _bring_forward(source_words, written, weights, pairs)
        _move_to_next(spoken, written, weights)
        _let_go(spoken, written, weights)
        _fill(len(spoken), written, weights)
    source_words, target_words, weights = cut(
        source, source_words, text, target_words, weights, codes
    )
    joined = _joined(source, source_words), _joined(text, target_words)
    renderers: dict[int, list[int]] = {}
    for word, one in enumerate(weights):
        for at in one:
            renderers.setdefault(at, []).append(word)
    return Ties(
        tuple(source_words),
        tuple(target_words),
        tuple(weights),
        renderers,
        joined,
        guessed,
        brought_forward,
    )


def _aligned(source_words: Sequence[Span], hypothesis: Hypothesis) -> list[dict[int, float]]:
    spans = words(hypothesis.text)
    weights: list[dict[int, float]] = [{} for _ in spans]
    targets, sources = _by_place(spans), _by_place(source_words)
    for link in hypothesis.alignment:
        rendered = {sources[at] for at in _places(link.source) if at in sources}
        letters = Counter(targets[at] for at in _places(link.target) if at in targets)
        for word, count in letters.items():
            for at in rendered:
                weight = link.weight * count / len(spans[word]) / len(rendered)
                weights[word][at] = weights[word].get(at, 0.0) + weight
    return weights


def _joined(text: str, spans: Sequence[Span]) -> frozenset[int]:
    return frozenset(
        at
        for at, (before, word) in enumerate(pairwise(spans), start=1)
        if text[before.end : word.start] in _HYPHENS
    )


def _by_place(spans: Sequence[Span]) -> dict[int, int]:
    return {place: at for at, span in enumerate(spans) for place in _places(span)}


def _places(span: Span) -> range:
    return range(span.start, span.end)


def _carried(
    before: str, weights: list[dict[int, float]], new: Sequence[str]
) -> list[dict[int, float]]:
    """The ties of a text's words for the words of what was made of it: those put in the place
    of others render what these did.
    """
    old = [word.of(before) for word in words(before)]
    if old == new:
        return weights
    carried: list[dict[int, float]] = [{} for _ in new]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, first, last, new_first, new_last in matcher.get_opcodes():
        if what == "equal":
            carried[new_first:new_last] = weights[first:last]
        elif what == "replace":
            kept = _articles(old[first:last], new[new_first:new_last])
            carried[new_first : new_first + kept] = weights[first : first + kept]
            together = _mean(weights[first + kept : last])
            for at in range(new_first + kept, new_last):
                carried[at] = dict(together)
    return carried


def _articles(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words at the beginning were each put in the place of one: an article that was
    made to agree with a name is not part of it.
    """
    shorter = min(len(old), len(new))
    if len(old) == len(new):
        return shorter - 1
    alike = (max(map(len, pair)) <= _SHORT for pair in zip(old, new, strict=False))
    return min(sum(takewhile(bool, alike)), shorter - 1)


def _mean(weights: Sequence[Mapping[int, float]]) -> dict[int, float]:
    total = Counter[int]()
    for one in weights:
        total.update(one)
    return {at: weight / len(weights) for at, weight in total.items()}


def _in_order(source_count: int, target_count: int) -> list[dict[int, float]]:
    if not source_count:
        return [{} for _ in range(target_count)]
    return [{at * source_count // target_count: 1.0} for at in range(target_count)]


def _anchors(
    source: Sequence[str], target: Sequence[str], weights: Sequence[Mapping[int, float]]
) -> dict[int, int]:
    """For words of a translation, the word of the source that each is a copy of."""
    counts, written = Counter(source), Counter(target)
    places = {word: at for at, word in enumerate(source)}
    return {
        at: places[word]
        for at, word in enumerate(target)
        if counts[word] == written[word] == 1
        and (_is_copied(word) or (not weights[at] and len(word) >= _TELLING_LENGTH))
    }


def _is_copied(word: str) -> bool:
    """Whether a word that stands in both texts does so because it was copied."""
    return any(map(str.isdigit, word)) or (len(word) > 1 and word[0].isupper())


def _bring_forward(
    source_words: Sequence[Span],
    target: Sequence[str],
    weights: list[dict[int, float]],
    pairs: Iterable[Span],
) -> bool:
    """Tie the first word of a translation to the first word of a pair that nothing renders, if
    it looks at a subject just before that has no translation: in "não é", *não* at the "It" of
    "It is <not>". Tells whether it did.
    """
    if not weights or len(weights[0]) != 1:
        return False
    ((subject, weight),) = weights[0].items()
    if weight >= _CERTAIN or subject > 0:
        return False
    rendered = {at for one in weights for at in one}
    doubtful = {
        at for one in weights[1:] for at, how in one.items() if len(one) == 1 and how < _DOUBTFUL
    }
    enclosed: set[int] = set()
    waiting: list[int] = []
    for pair in pairs:
        begin = bisect_right(source_words, pair.start, key=lambda word: word.end)
        if begin > _NEAR:
            continue
        end = bisect_left(source_words, pair.end, key=lambda word: word.start)
        if rendered.isdisjoint(range(begin, end)):
            waiting.append(begin)
        else:
            enclosed.update(range(begin, end))
    for begin in waiting:
        is_article = len(target[0]) < _SHORTEST and begin > 1
        if begin > 0 and 0 not in enclosed and begin - 1 not in doubtful and not is_article:
            weights[0] = {begin: _GUESS}
            return True
    return False


def _move_to_next(
    source: Sequence[str], target: Sequence[str], weights: list[dict[int, float]]
) -> None:
    """Tie words that look at a short word to the next one behind it that nothing else renders,
    past longer ones that something does: in "the right to education", *direito* may look at
    "the", and in "a cool, dry place" *local* at "a".
    """
    rendered = {at for one in weights for at in one}
    for distance in range(1, _REACH + 1):
        for index, one in enumerate(weights):
            if len(one) != 1:
                continue
            ((at, weight),) = one.items()
            to = at + distance
            if weight >= _SURE or to >= len(source) or to in rendered:
                continue
            passed = range(at + 1, to)
            is_short = len(source[at]) <= _SHORT < len(target[index])
            if (
                is_short
                and all(len(source[at]) < len(source[place]) for place in (*passed, to))
                and rendered.issuperset(passed)
            ):
                weights[index] = {to: weight}
                rendered.add(to)


def _let_go(source: Sequence[str], target: Sequence[str], weights: list[dict[int, float]]) -> None:
    """Tie words that look, not surely, at one that another renders for sure to the one that
    nothing renders beside what a neighbour does: *folder* of "main folder" may look at
    "projeto" in "pasta principal do projeto".
    """
    surest: dict[int, float] = {}
    for one in weights:
        for at, weight in one.items():
            surest[at] = max(surest.get(at, 0.0), weight)
    for index, one in enumerate(weights):
        if len(one) != 1 or len(target[index]) <= _SHORT:
            continue
        ((at, weight),) = one.items()
        if weight >= _DOUBTFUL or surest[at] < _SURE:
            continue
        beside = chain(*weights[max(index - 1, 0) : index], *weights[index + 1 : index + 2])
        near = (place + step for place in beside for step in (-1, 1))
        free = [
            place
            for place in near
            if 0 <= place < len(source) and place not in surest and len(source[place]) > _SHORT
        ]
        if free:
            weights[index] = {min(free): weight}
            surest[min(free)] = weight


def _fill(source_count: int, target: Sequence[str], weights: list[dict[int, float]]) -> None:
    """Tie words that look at no word of the source to one that nothing renders, where it is
    the next to what the word before or after renders.
    """
    rendered = {at for one in weights for at in one}
    for index, one in enumerate(weights):
        if one or len(target[index]) <= _SHORT:
            continue
        beside = []
        if index > 0 and weights[index - 1]:
            beside.append(max(weights[index - 1]) + 1)
        if index + 1 < len(weights) and weights[index + 1]:
            beside.append(min(weights[index + 1]) - 1)
        free = [at for at in beside if 0 <= at < source_count and at not in rendered]
        if free:
            weights[index] = {free[0]: _GUESS}
            rendered.add(free[0])
