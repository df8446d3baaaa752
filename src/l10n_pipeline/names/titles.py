"""Titles in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from l10n_pipeline.model import Span
from l10n_pipeline.names.cues import PARTICLES, Cues
from l10n_pipeline.names.tokens import Token, tokens

_QUOTED: Final = re.compile(r"“([^“”„\"]+)”|„([^“”„\"]+)[“”]|«([^«»]+)»|\"([^\"“”]+)\"")
_LONGEST: Final = 6
"""Words of a title that is not written in capitals: more are a quotation."""
_BEFORE: Final = 40
"""Code points before a quotation that are looked at for such a noun."""
_LONGEST_ANNOUNCED: Final = 15
"""Words of a title after a noun such as ``book``."""


def find_titles(text: str, cues: Cues) -> Iterator[Span]:
    """Quotations that are titles, without their quotation marks.

    What begins with a small letter is mentioned, what ends as a sentence does is said;
    but a book's title may be several sentences long.
    """
    for match in _QUOTED.finditer(text):
        group = next(number for number, inside in enumerate(match.groups(), 1) if inside)
        inside = match[group]
        start = match.start(group) + len(inside) - len(inside.lstrip())
        span = Span(start, start + len(inside.strip()))
        if span and _is_title(span.of(text), text[: match.start()], cues):
            yield span


def _is_title(quoted: str, before: str, cues: Cues) -> bool:
    inside = tokens(quoted)
    if len(quoted) < 2 or not inside or not inside[0].capital:
        return False
    if inside[0].text.casefold() in cues.pronouns:
        return False
    preceding = [token.text.casefold() for token in tokens(before[-_BEFORE:])]
    if preceding[-1:] and preceding[-1] in cues.works and len(inside) <= _LONGEST_ANNOUNCED:
        return True
    if quoted[-1] in ".!?,…:;":
        return False
    small = PARTICLES | cues.joiners | cues.articles | cues.conjunctions | cues.whereabouts
    in_capitals = all(_weighs_nothing(token, small) or token.capital for token in inside)
    return len(inside) <= (_LONGEST_ANNOUNCED if in_capitals else _LONGEST)


def _weighs_nothing(token: Token, small: frozenset[str]) -> bool:
    return token.numeric or token.text.casefold() in small
