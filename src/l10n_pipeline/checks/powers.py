"""Words for powers of ten that follow a number: 3.5 million, 24 mil, 35億.

Source: CLDR's compact decimal formats (UTS #35, part 3), through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import babel
from babel.localedata import exists

from l10n_pipeline.folding import is_unspaced
from l10n_pipeline.locale import Locale

_PLACEHOLDER: Final = re.compile(r"0+")
_INFLECTED_FROM: Final = 5
"""Letters from which on a word may have an ending that CLDR does not list: тысячам."""
_FEWEST_LETTERS: Final = 3
"""Shorter abbreviations may be units: M, K, B."""
_MARKS: Final = re.compile(r"[\u200e\u200f\u061c']")


@dataclass(frozen=True, slots=True)
class Powers:
    """A locale's words for powers of ten."""

    word: re.Pattern[str]
    """One of them, with the white space before it."""
    exponents: Mapping[str, int]
    """In lower case, to the power of ten it stands for."""

    def after(self, text: str, at: int) -> int:
        """The exponent that the words there add up to; 0 where there is none.

        >>> powers_of(Locale.parse("es")).after("2 mil millones", 1)
        9
        """
        total = 0
        while match := self.word.match(text, at):
            total += self.exponents[(match[match.lastindex or 0]).lower()]
            at = match.end()
        return total


NO_POWERS: Final = Powers(re.compile(r"(?!)"), {})


@lru_cache(maxsize=256)
def powers_of(locale: Locale | None) -> Powers:
    """What CLDR knows for a locale or one it falls back to; no words where it has none."""
    words = _words(locale) if locale else {}
    if not words:
        return NO_POWERS
    listed = "|".join(map(_pattern, sorted(words, key=len, reverse=True)))
    return Powers(re.compile(rf"\s?(?:{listed})", re.IGNORECASE), words)


def _pattern(word: str) -> str:
    """Matches the word, which is the group's content, and an ending that it may have."""
    if is_unspaced(word[0]):
        return f"({re.escape(word)})"
    ending = r"\w*" if len(word) >= _INFLECTED_FROM else ""
    return rf"({re.escape(word)}){ending}(?!\w)"


def _words(locale: Locale) -> dict[str, int]:
    identifiers = (
        "_".join(filter(None, (fallback.language, fallback.script, fallback.territory)))
        for fallback in locale.fallbacks
    )
    known = next(filter(exists, identifiers), None)
    if known is None:
        return {}
    formats = babel.Locale.parse(known).compact_decimal_formats
    words: dict[str, int] = {}
    for style in ("short", "long"):
        for patterns in formats.get(style, {}).values():
            for power, pattern in patterns.items():
                shown = str(pattern.pattern)
                placeholder = _PLACEHOLDER.search(shown)
                word = _MARKS.sub("", _PLACEHOLDER.sub("", shown, count=1)).strip().lower()
                if placeholder and (
                    len(word) >= _FEWEST_LETTERS or (word[:1] and is_unspaced(word[0]))
                ):
                    words[word] = len(power) - len(placeholder[0])
    return words
