r"""Lines of a message: which breaks say something, and which are where a line was full.

Messages for a terminal are broken by hand. A break after a line that is clearly short, before
an indented line or an item, or among columns stays; prose that was wrapped is translated as
one paragraph and wrapped again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.model import Span

_NARROWEST: Final = 40
"""Code points; nobody wraps prose at fewer."""
_SHORT: Final = 0.6
"""Share of the longest line below which one is short although the next word would have fitted."""
_COLUMNS: Final = re.compile(r"(?<=\S)(?:[ \t]*\t[ \t]*|[ ]{2,})(?=\S)")
_ITEM: Final = re.compile(r"[-–*•+]\s|--?\w|\d{1,3}[.)]\s")
_GAP: Final = re.compile(r"[ \t\r\f\v]*(?:\n[ \t\r\f\v]*)+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of a message that is translated as a whole."""

    span: Span
    """Offsets into the message, without white space at its ends."""
    width: int = 0
    """The longest line of one that was wrapped; 0 for a single line."""


def paragraphs(text: str) -> Iterator[Paragraph]:
    r"""The paragraphs of a message; outside of them is white space alone.

    >>> text = "Usage: %s\n  -h  show this\n"
    >>> [one.span.of(text) for one in paragraphs(text)]
    ['Usage: %s', '-h', 'show this']
    """
    lines = [Span(*found.span()) for found in re.finditer(r"[^\n]+", text)]
    filled = [_trimmed(text, line) for line in lines if line.of(text).strip()]
    start = 0
    while start < len(filled):
        end = start + 1
        width = len(filled[start])
        while end < len(filled) and _is_adjacent(text, filled[end - 1], filled[end]):
            width = max(width, len(filled[end]))
            end += 1
        yield from _divided(text, filled[start:end], width)
        start = end


def wrapped(text: str, width: int) -> str:
    r"""Prose broken into lines of at most this width, where its words allow it.

    >>> wrapped("one two three", 8)
    'one two\nthree'
    """
    first, *words = text.split(" ")
    lines: list[str] = []
    line = first
    for word in words:
        if line.strip() and word and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}"
    return "\n".join([*lines, line])


def unwrapped(text: str) -> str:
    r"""Prose on one line.

    >>> unwrapped("one two\nthree")
    'one two three'
    """
    return _GAP.sub(" ", text)


def _is_adjacent(text: str, before: Span, after: Span) -> bool:
    """Whether two lines stand directly below each other and neither is indented or an item."""
    between = text[before.end : after.start]
    if between.count("\n") != 1 or between[-1] != "\n":
        return False
    return not (
        _ITEM.match(after.of(text))
        or _COLUMNS.search(before.of(text))
        or _COLUMNS.search(after.of(text))
    )


def _divided(text: str, lines: list[Span], width: int) -> Iterator[Paragraph]:
    """Lines in a row, divided after the short ones; also after sentences, unless other breaks
    show that the lines were wrapped.
    """
    ends = [at for at in range(len(lines) - 1) if _ends_sentence(text, lines[at], lines[at + 1])]
    by_sentence = len(ends) == len(lines) - 1
    start = 0
    for at, line in enumerate(lines):
        if (
            at + 1 == len(lines)
            or width < _NARROWEST
            or by_sentence
            or _is_short(text, line, lines[at + 1], width)
        ):
            span = Span(lines[start].start, line.end)
            if at > start:
                yield Paragraph(span, width)
            else:
                yield from (Paragraph(cell) for cell in _cells(text, span))
            start = at + 1


def _ends_sentence(text: str, line: Span, following: Span) -> bool:
    ends = line.of(text).rstrip("\"'”’)»").endswith((".", "!", "?", ":", "…", ")s", "}"))
    return ends and not following.of(text).lstrip("\"'“‘(«")[:1].islower()


def _is_short(text: str, line: Span, following: Span, width: int) -> bool:
    word = following.of(text).split(maxsplit=1)[0]
    return len(line) < _SHORT * width and len(line) + 1 + len(word) <= width


def _cells(text: str, line: Span) -> Iterator[Span]:
    done = line.start
    for gap in _COLUMNS.finditer(text, line.start, line.end):
        yield Span(done, gap.start())
        done = gap.end()
    yield Span(done, line.end)


def _trimmed(text: str, span: Span) -> Span:
    content = span.of(text)
    start = span.start + len(content) - len(content.lstrip())
    return Span(start, start + len(content.strip()))
