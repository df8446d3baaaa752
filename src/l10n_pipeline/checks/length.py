"""Translations far longer or shorter than their source."""

from __future__ import annotations

from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic

_LIMIT: Final = 2.5
"""Times. Human translations of FLORES-200 dev between English, Portuguese, Spanish, Russian,
Turkish and Azerbaijani stay within 2.41."""
_MARGIN: Final = 40
"""A difference in letters that says nothing: an acronym may become its full name."""
_FIRST_WIDE: Final = "\u1100"
# What one character says, in letters of an alphabet: first and last character.
_WIDE: Final = (
    ("\u1100", "\u11ff", 1),  # jamo, two or three to a syllable
    ("\u3040", "\u30ff", 2),  # kana
    ("\u3400", "\u9fff", 3),  # ideographs
    ("\uac00", "\ud7a3", 2),  # Hangul syllables
    ("\uf900", "\ufaff", 3),
    ("\U00020000", "\U0003ffff", 3),
)


def wild_length(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """The translation is more than 2.5 times as long or as short as the source.

    Ideographs, kana and Hangul syllables count for the two or three letters they stand
    for; short texts are not judged.
    """
    before, after = letters(source), letters(target)
    if abs(before - after) < _MARGIN:
        return []
    if after > _LIMIT * before:
        return [Diagnostic("length", f"{after / max(before, 1):.1f} times as long as the source")]
    if before > _LIMIT * after:
        return [Diagnostic("length", f"{before / max(after, 1):.1f} times as short as the source")]
    return []


def letters(text: str) -> int:
    """Length of a text in letters of an alphabet, without white space at its ends.

    >>> letters("Olá! "), letters("東京タワー")
    (4, 12)
    """
    text = text.strip()
    if text.isascii() or max(text) < _FIRST_WIDE:
        return len(text)
    return sum(map(_weight, text))


def _weight(character: str) -> int:
    if character < _FIRST_WIDE:
        return 1
    return next((weight for first, last, weight in _WIDE if first <= character <= last), 1)
