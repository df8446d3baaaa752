"""Suffixes that an apostrophe or a hyphen divides from a name: Bakü'de, Skype-ın."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from l10n_pipeline.folding import APOSTROPHES, HYPHENS
from l10n_pipeline.model import Span

_LONGEST: Final = 8
"""Letters: ındakilerin."""
_DIVIDED: Final = {"tr": APOSTROPHES, "az": APOSTROPHES + HYPHENS}


def _pattern(marks: str) -> re.Pattern[str]:
    return re.compile(rf"[{re.escape(marks)}](?P<suffix>[^\W\d_]{{1,{_LONGEST}}})\b")


_SUFFIX: Final[Mapping[str, re.Pattern[str]]] = {
    language: _pattern(marks) for language, marks in _DIVIDED.items()
}


def divided(text: str, rendering: Span, language: str) -> tuple[Span, Span]:
    """The rendering without and with its suffix, whether or not it covers that already;
    both the same where there is none, or the language does not divide them.

    >>> divided("Whitehall'da başladı", Span(0, 9), "tr")
    (Span(start=0, end=9), Span(start=0, end=12))
    """
    pattern = _SUFFIX.get(language)
    if pattern is None:
        return rendering, rendering
    capitals = rendering.of(text).isupper()
    suffixes = [
        found
        for found in pattern.finditer(text, rendering.start + 1)
        if found.start() <= rendering.end <= found.end() and (capitals or found["suffix"].islower())
    ]
    if not suffixes:
        return rendering, rendering
    bare, whole = suffixes[0].start(), suffixes[0].end()
    if bare < rendering.end < whole:
        return rendering, rendering  # It ends within a word.
    return Span(rendering.start, bare), Span(rendering.start, whole)
