"""How alike two spellings of a name are across scripts and diacritics."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Indel

# What canonical decomposition leaves of the Latin alphabets around a name's travels, and
# Cyrillic after the way names are romanised (BGN/PCGN, without its apostrophes).
_LATIN: Final = {
    "æ": "ae",
    "ð": "d",
    "ø": "o",
    "þ": "th",
    "đ": "d",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ŋ": "n",
    "œ": "oe",
    "ŧ": "t",
    "ə": "a",
}
_CYRILLIC: Final = dict(
    zip("абвгдезиклмнопрстуфыэіґђјћәғҝөүһҹ", "abvgdeziklmnoprstufyeigdjcaggouhj", strict=True)
) | {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "є": "ye",
    "љ": "lj",
    "њ": "nj",
    "џ": "dz",
}
_ROMAN: Final = _LATIN | _CYRILLIC


@lru_cache(maxsize=65536)
def skeleton(text: str) -> str:
    """What is left of a spelling when case, diacritics, script and spacing do not count.

    >>> skeleton("Ričardas"), skeleton("Лейла Əliyeva")
    ('ricardas', 'leilaaliyeva')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        _ROMAN.get(character, character) for character in decomposed if character.isalnum()
    )


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """Likeness of two spellings, 0 to 1: the share of their skeletons' letters that the
    longest common subsequence covers (normalised indel similarity).

    >>> round(likeness("Ričardas", "Riardas"), 2)
    0.93
    """
    left, right = skeleton(one), skeleton(other)
    if not left or not right:
        return float(one == other)
    return float(Indel.normalized_similarity(left, right))
