"""How alike two spellings of a name are, across scripts, diacritics and romanisations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Indel

from l10n_pipeline.folding import fold
from l10n_pipeline.similarity import skeleton

# One sound in different orthographies, as far as names on their way from language to
# language show it: Khojaly, Khodjaly, Xocalı; Aliyeva, Alieva; Karabakh, Carabaque.
_SOUNDS: Final = (
    (re.compile("dzh|dj|tch|ch|j|c(?=[aouıy])"), "j"),
    (re.compile("kh|x|gh|h"), "h"),
    (re.compile("qu|q|ck|c"), "k"),
    (re.compile("sh|sch"), "s"),
    (re.compile("w|ph"), "v"),
    (re.compile("ij|iy|y|ı"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_HARD_C: Final = re.compile("c(?=[aou])")


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """Likeness of two spellings, 0 to 1: normalised indel similarity of their skeletons, or
    of how these sound, whichever is more.

    >>> round(likeness("Khojaly", "Xocalı"), 2), round(likeness("Khojaly", "Khankendi"), 2)
    (1.0, 0.43)
    """
    left, right = skeleton(one), skeleton(other)
    if not left or not right:
        return float(one == other)
    return max(
        float(Indel.normalized_similarity(a, b))
        for a, b in ((left, right), *((x, y) for x in _sounds(left) for y in _sounds(right)))
    )


@lru_cache(maxsize=65536)
def _sounds(letters: str) -> tuple[str, ...]:
    """How a skeleton sounds; twice, where a c may be hard or not."""
    ways = dict.fromkeys((letters, _HARD_C.sub("k", letters)))
    return tuple(_sound(way) for way in ways)


def _sound(letters: str) -> str:
    for sounding, sound in _SOUNDS:
        letters = sounding.sub(sound, letters)
    return letters


def clearly_differ(one: str, other: str) -> bool:
    """Whether two words are different spellings, not one with another ending, other
    capitals or other typography.

    >>> clearly_differ("Aliyeva", "Alieva"), clearly_differ("Алиева", "Алиевой")
    (True, False)
    >>> clearly_differ("Armênia", "Arménia"), clearly_differ("Baku", "BAKU")
    (True, False)
    """
    left, right = fold(one).text, fold(other).text
    if left == right:
        return False
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    # An ending may take the last letters of the stem with it, and at most a good third.
    return 3 * shared < 2 * min(len(left), len(right)) - 1
