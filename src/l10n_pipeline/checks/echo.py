"""A source that came back untranslated."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS: Final = 4
"""Ordinary words the source must have to be judged: headings and lists of names may stay."""
_SHARE: Final = 0.75
"""Of the source's ordinary words. Good translations between close relatives share up to
0.62 (Portuguese and Spanish, FLORES-200 dev), others up to 0.33."""
_FEWEST_CHARACTERS: Final = 12
"""Letters in a row, of a script without word spaces, that no name has."""


def echo(source: str, target: str, pair: LanguagePair) -> list[Diagnostic]:
    """The translation is the source, or most of it is.

    Only ordinary words count, those in lower case or of a script that has no case: names,
    numbers and code belong into a translation as they are. Between two locales of one
    language (en-GB, en-US) nothing is an echo.
    """
    if _same_language(pair):
        return []
    tokens = set(source.split())
    if 2 * len(tokens.intersection(target.split())) < len(tokens):
        return []  # as nearly always, and found out for little
    words = _ordinary(source)
    if len(words) < _FEWEST_WORDS:
        unspaced = any(len(word) >= _FEWEST_CHARACTERS and not word.islower() for word in words)
        if not unspaced or source.strip() != target.strip():
            return []
    kept = (words & _ordinary(target)).total()
    if kept < _SHARE * words.total():
        return []
    if source.strip() == target.strip():
        return [Diagnostic("echo", "the translation is the source unchanged")]
    message = f"{kept} of {words.total()} ordinary words of the source stand there untranslated"
    return [Diagnostic("echo", message)]


def _same_language(pair: LanguagePair) -> bool:
    return (
        pair.source is not None
        and pair.target is not None
        and pair.source.language == pair.target.language
    )


def _ordinary(text: str) -> Counter[str]:
    """Words that are no names as far as their writing tells."""
    return Counter(word for word in _WORD.findall(text) if word == word.lower())
