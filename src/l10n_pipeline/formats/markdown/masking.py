"""A text as the Markdown parser is to see it: what is no Markdown is hidden from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

from l10n_pipeline.model import BlockKind, Span

FENCE: Final = re.compile(r"[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*")
LONGEST: Final = 100_000
"""Code points of an expression or a tag; what is longer is taken for text."""
_LONGEST_CODE: Final = 2_000
"""Code points of a code span."""
_WIDEST: Final = 500
"""Code points of white space that may be beside what stands alone in a line."""
_TICKS: Final = re.compile(r"`+")
_MOST_TICKS: Final = 50
"""Runs of backticks that a code span may have in it."""
_NO_LINE_END: Final = re.compile(r"[^\r\n]")


class Divider(NamedTuple):
    """What the blocks before and after it are two blocks by, though the parser sees one."""

    span: Span
    kind: BlockKind | None = None
    """Of what stands after it in its line, where it is another than the paragraph's."""


class Masked(NamedTuple):
    """A text as the parser is to see it."""

    text: str
    """As long as the document's."""
    hidden: Sequence[Span] = ()
    """What stands in a line and is no text, in order."""
    dividers: Sequence[Divider] = ()
    """In order."""
    transparent: frozenset[int] = frozenset()
    """Where the parser is made to see a list item, so that it takes what is indented after it
    for its content."""

    def after(self, prefix: str) -> Masked:
        """The same with something before it."""
        by = len(prefix)
        return Masked(
            prefix + self.text,
            [span.shifted(by) for span in self.hidden],
            [Divider(span.shifted(by), kind) for span, kind in self.dividers],
            frozenset(place + by for place in self.transparent),
        )


def blank(text: str, filling: str = " ") -> str:
    """Something as long, with the same lines, and no markup in them."""
    return _NO_LINE_END.sub(filling, text)


def is_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands in the lines from ``start`` to ``end``."""
    before = text[max(start - _WIDEST, 0) : start].rpartition("\n")
    after = text[end : end + _WIDEST].partition("\n")
    is_first = bool(before[1]) or start < _WIDEST
    is_last = bool(after[1]) or end + _WIDEST >= len(text)
    return is_first and is_last and not before[2].strip() and not after[0].strip()


def after_fence(text: str, fence: re.Match[str]) -> int:
    """Where the line after a fenced code block begins.

    Args:
        text: with the block.
        fence: its first line.
    """
    closing = re.compile(
        rf"\n[ \t>]*{re.escape(fence['fence'][0])}{{{len(fence['fence'])},}}[ \t]*(?=\r?\n|\Z)"
    )
    found = closing.search(text, fence.start("fence"))
    end = found.end() if found else len(text)
    newline = text.find("\n", end)
    return newline + 1 if newline >= 0 else len(text)


def after_code(text: str, start: int) -> int:
    """Behind the code span that begins with a run of backticks; behind those where none does."""
    ticks = _TICKS.match(text, start)
    assert ticks
    limit = ticks.end() + _LONGEST_CODE
    paragraph_end = text.find("\n\n", ticks.end(), limit)
    end = paragraph_end if paragraph_end >= 0 else limit
    for closing in islice(_TICKS.finditer(text, ticks.end(), end), _MOST_TICKS):
        if len(closing[0]) == len(ticks[0]):
            return closing.end()
    return ticks.end()
