"""Where in the punctuation and white space between two words a code belongs."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Final

from l10n_pipeline.folding import APOSTROPHES, DOUBLE_QUOTES, HYPHENS

_QUOTES: Final = frozenset(DOUBLE_QUOTES + APOSTROPHES)
_HYPHENS: Final = frozenset(HYPHENS)
_STOPS: Final = frozenset(".!?…。！？؟।")
_CLOSING: Final = frozenset(",;:.!?…)]}»”%、，。：；！？）」』")
"""What no space stands before, as a rule."""
_OPENING_OF: Final = {"”": "“", "“": "„", "»": "«", ")": "(", "]": "["}
_MISPLACED: Final = 1.0
_AFAR: Final = 0.25
"""What it costs that a code is not beside the word that it belongs to, for each mark between."""


def closes(character: str) -> bool:
    """Whether a character follows what it belongs to without a space."""
    return character in _CLOSING


def is_symbol(character: str) -> bool:
    """Whether a character is neither part of a word nor white space."""
    return not (character.isalnum() or character.isspace())


def alike(symbols: str, others: str) -> bool:
    """Whether two texts have as many quotation marks, brackets, stops of a kind.

    >>> alike('"', "”"), alike(".", ",")
    (True, False)
    """
    return _classes(symbols) == _classes(others)


def lacks_closing(text: str, following: str) -> bool:
    """Whether the character that follows a text closes what the text opens.

    >>> lacks_closing("Campanha “Justiça", "”"), lacks_closing("“Justiça”", "”")
    (True, False)
    """
    opening = _OPENING_OF.get(following)
    return opening is not None and text.count(opening) > text.count(following)


def division(gap: str, before: str, after: str, *, late: bool) -> int:
    """Where to divide what stands between two words of a translation so that each part is
    most like its part of the source: as many quotation marks, brackets, stops of a kind.

    >>> division('", ', '"', ", ", late=False)
    1
    >>> division('. ', "", ". ", late=False)
    0

    Args:
        gap: between the two words of the translation, or a word and an end.
        before: of the source, between the word before the place and the place.
        after: of the source, between the place and the word after it.
        late: whether the place is as far right as can be where that is all one; else as far
            left.
    """
    wanted = _classes(before), _classes(after)
    best, least = 0, float("inf")
    places = range(len(gap) + 1)
    for at in places:
        cost = _MISPLACED * (
            _difference(_classes(gap[:at]), wanted[0]) + _difference(_classes(gap[at:]), wanted[1])
        )
        passed = gap[at:] if late else gap[:at]
        cost += _AFAR * len(passed.strip()) + (0.01 if passed and passed.isspace() else 0.0)
        cost += 0.01 * len(passed) / (len(gap) + 1)
        if cost < least:
            best, least = at, cost
    return best


def _difference(these: Counter[str], those: Counter[str]) -> int:
    return ((these - those) + (those - these)).total()


def _classes(text: str) -> Counter[str]:
    return Counter(_class(character) for character in text if not character.isspace())


def _class(character: str) -> str:
    if character in _QUOTES:
        return "quote"
    if character in _HYPHENS:
        return "hyphen"
    if character in _STOPS:
        return "stop"
    category = unicodedata.category(character)
    return category if category in ("Ps", "Pe") else character
