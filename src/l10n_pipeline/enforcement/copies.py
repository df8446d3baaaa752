"""Words that a model's vocabulary cannot write, carried over as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from l10n_pipeline.folding import APOSTROPHES, HYPHENS
from l10n_pipeline.model import Span, Term, TermHit

_POSSESSIVE: Final = re.compile(rf"[{re.escape(APOSTROPHES)}][sS]\Z")
_HYPHEN: Final = re.compile(rf"[{re.escape(HYPHENS)}]")

_SYMBOL: Final = re.compile(r"[\\{}<>~^|@#=+]")
"""Of ASCII, what some vocabularies lack, and what no plain equivalent stands for."""


def copy_hits(
    source: str, unwritable: Sequence[Span], hits: Sequence[TermHit]
) -> tuple[TermHit, ...]:
    r"""Hits that have each unwritable word of the source copied into the translation.

    An English possessive, the writable parts at the ends of a hyphenated compound and
    punctuation around a word stay out of the copy: "“Šakić's" and "Šakić-led" both ask
    for "Šakić". A word where punctuation alone is foreign asks for nothing. One with symbols
    of programs and formulas (``C:\Users``, ``<``) is copied whole, with quotation marks that it
    has the other half of, and neighbours of this kind as one.

    Args:
        source: the segment's source.
        unwritable: words with a character that the vocabulary lacks
            (:meth:`l10n_pipeline.protocols.Engine.unwritable`).
        hits: the glossary's hits; a word that one of them touches is theirs.
    """
    copies: list[TermHit] = []
    for word in _with_code_joined(source, unwritable):
        span = _name_in(source, word)
        if span and not any(span.overlaps(hit.span) for hit in hits):
            name = span.of(source)
            term = Term(name, name, note="copied: the model cannot write this word")
            copies.append(TermHit(term, span))
    return tuple(copies)


def _with_code_joined(source: str, words: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    code = False
    for word in words:
        before, code = code, _is_code(word.of(source))
        span = _with_quotes(source, word) if code else word
        if code and before and source[joined[-1].end : span.start] in ("", " "):
            span = Span(joined.pop().start, span.end)
        joined.append(span)
    return joined


def _with_quotes(source: str, word: Span) -> Span:
    """A word with the half of a pair of quotation marks that was taken for punctuation, and a
    colon after it.
    """
    start, end = word.start, word.end
    if word.of(source).count('"') % 2:
        if source[end : end + 1] == '"':
            end += 2 if source[end + 1 : end + 2] == ":" else 1
        elif start and source[start - 1] == '"':
            start -= 1
    return Span(start, end)


def _is_code(word: str) -> bool:
    return _SYMBOL.search(word) is not None and not any(map(_is_foreign, word))


def _name_in(source: str, word: Span) -> Span:
    """The part of a word that needs copying; empty where only punctuation is foreign."""
    text = _POSSESSIVE.sub("", word.of(source))
    joints = [-1, *(hyphen.start() for hyphen in _HYPHEN.finditer(text)), len(text)]
    foreign = [
        at
        for left, right in pairwise(joints)
        if any(map(_is_foreign, text[left + 1 : right]))
        for at in range(left + 1, right)
        if not unicodedata.category(text[at]).startswith("P")
    ]
    if not foreign:
        return word if _is_code(text) else Span(word.start, word.start)
    return Span(foreign[0], foreign[-1] + 1).shifted(word.start)


def _is_foreign(character: str) -> bool:
    # Typographic punctuation has plain equivalents; letters and symbols have not.
    return not character.isascii() and not unicodedata.category(character).startswith("P")
