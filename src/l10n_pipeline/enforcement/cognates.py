"""Words of a translation that are plainly words of its source, spelled another way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from l10n_pipeline.enforcement.closed_classes import is_function_word
from l10n_pipeline.folding import words
from l10n_pipeline.model import Span
from l10n_pipeline.similarity import likeness, skeleton

_KIN: Final = 0.7
"""Likeness of words that nothing else in the sentence comes near."""
_LEAD: Final = 0.15
"""How much more alike they are than either is to any other word."""
_SHORTEST: Final = 4
"""Letters of a skeleton: short words are alike by chance."""


@lru_cache(maxsize=256)
def cognates(source: str, text: str) -> Mapping[int, Span]:
    """For words of a text, by index, the word of the source that each is a spelling of.

    Only words that are most alike to each other, and plainly more so than to any other word
    that is not spoken for already.

    >>> dict(cognates("Edinburgh and Arab states", "Edimburgo e estados árabes"))
    {0: Span(start=0, end=9), 3: Span(start=14, end=18)}
    """
    written = [span.of(text) for span in words(text)]
    spoken = [(span, span.of(source)) for span in words(source)]
    alike = sorted(
        (
            (score, -at, span)
            for at, word in enumerate(written)
            for span, other in spoken
            if (score := _likeness(word, other)) >= _KIN - _LEAD
        ),
        reverse=True,
    )
    kin: dict[int, Span] = {}
    taken: set[Span] = set()
    doubtful: set[Span | int] = set()
    for rank, (score, index, span) in enumerate(alike):
        at = -index
        if score < _KIN:
            break
        if at in kin or span in taken:
            continue
        rivals = (
            other
            for other, rival, place in alike[rank + 1 :]
            if (rival == index) != (place == span) and -rival not in kin and place not in taken
        )
        if at in doubtful or span in doubtful or score < next(rivals, 0.0) + _LEAD:
            doubtful |= {at, span}
            continue
        kin[at] = span
        taken.add(span)
    return MappingProxyType(dict(sorted(kin.items())))


def _likeness(word: str, other: str) -> float:
    if word == other and len(word) > 1 and not word.islower():
        return 1.0
    if not (_tells(word) and _tells(other)):
        return 0.0
    return likeness(word, other)


@lru_cache(maxsize=16384)
def _tells(word: str) -> bool:
    return len(skeleton(word)) >= _SHORTEST and not is_function_word(word.casefold())
