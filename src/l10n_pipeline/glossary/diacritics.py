"""Text without its diacritics, with every code point's way back."""

from __future__ import annotations

import re
from typing import Final

# Marks that are written above, below or through a letter of the Latin, Greek, Cyrillic,
# Hebrew and Arabic scripts. Those of other scripts are vowels or change the sound too much
# to be left out.
_MARK: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff]"
)
_BREVE: Final = "\u0306"
_LETTERS_WITH_BREVE: Final = frozenset("иИуУ")
"""й and ў are letters of their own: nobody writes и for й."""
# Letters whose stroke, dot or ligature has no canonical decomposition.
_BASES: Final = {
    "ı": "i",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "ħ": "h",
    "Ħ": "H",
    "ŧ": "t",
    "Ŧ": "T",
    "æ": "ae",
    "Æ": "Ae",
    "œ": "oe",
    "Œ": "Oe",
    "þ": "th",
    "Þ": "Th",
}
_SCHWAS: Final = (str.maketrans("əƏ", "aA"), str.maketrans("əƏ", "eE"))
"""Azerbaijani ə is a in English and German usage, e in Turkish."""


def without_diacritics(folded: str) -> tuple[str, list[int]]:
    """A canonically decomposed text without its diacritics.

    Returns:
        The text, and for each of its code points, and its end, the place in ``folded``
        that it comes from.

    >>> without_diacritics("c\u0327ay")
    ('cay', [0, 2, 3, 4])
    """
    pieces: list[str] = []
    places: list[int] = []
    for at, character in enumerate(folded):
        if _MARK.match(character):
            belongs = character == _BREVE and folded[at - 1 : at] in _LETTERS_WITH_BREVE
            if not belongs:
                continue
        for code_point in _BASES.get(character, character):
            pieces.append(code_point)
            places.append(at)
    places.append(len(folded))
    return "".join(pieces), places


def spellings_without_diacritics(folded: str) -> tuple[str, ...]:
    """What a decomposed spelling may be written as where nobody types its diacritics;
    always as many for one spelling in whatever case.

    >>> spellings_without_diacritics("əliyeva")
    ('əliyeva', 'aliyeva', 'eliyeva')
    """
    bare, _ = without_diacritics(folded)
    return (bare, *(bare.translate(schwa) for schwa in _SCHWAS))
