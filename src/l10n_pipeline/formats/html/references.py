"""Character references: what a reader sees of HTML text, and text written as HTML.

Sources: WHATWG HTML, "Named character references" (Python's ``html.entities`` has its table)
and "Numeric character reference end state" (``html.unescape``).
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Final

SPACE: Final = "\t\n\f\r "
"""ASCII white space, all that HTML collapses."""

_NUMERIC: Final = r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?"
_NAMED: Final = r"&[A-Za-z][A-Za-z0-9]*;?"
_NOT_LITERAL: Final = re.compile(rf"[{SPACE}]{{2,}}|[\t\n\f\r]|{_NUMERIC}|{_NAMED}")
"""What a reader sees in another way than it is written."""
_REFERENCE: Final = re.compile(rf"{_NUMERIC}|{_NAMED}")
_LONGEST_WITHOUT_SEMICOLON: Final = max(len(name) for name in html5 if name[-1] != ";")

Resolved = tuple[int, int, str]
"""Start and end in the document's text, and what a reader sees of it."""


def resolved(text: str, start: int, end: int, *, in_attribute: bool = False) -> list[Resolved]:
    r"""Stretches of ``text[start:end]`` with what a reader sees: references are characters,
    runs of white space a space.

    >>> resolved("a&nbsp;b  c", 0, 11)
    [(0, 1, 'a'), (1, 7, '\xa0'), (7, 8, 'b'), (8, 10, ' '), (10, 11, 'c')]
    """
    made: list[Resolved] = []
    done = start
    for found in _NOT_LITERAL.finditer(text, start, end):
        begin, stop = found.span()
        if text[begin] == "&":
            reference = _reference(text, begin, stop, in_attribute=in_attribute)
            if reference is None:
                continue
            stop, shown = reference
        else:
            shown = " "
        if done < begin:
            made.append((done, begin, text[done:begin]))
        made.append((begin, stop, shown))
        done = stop
    if done < end:
        made.append((done, end, text[done:end]))
    return made


def shown(text: str, *, in_attribute: bool = False) -> str:
    """What a reader sees of a stretch of HTML without tags.

    >>> shown("R&amp;D &lt 5 &copyright; &unknown;")
    'R&D < 5 ©right; &unknown;'
    """
    return "".join(piece for *_, piece in resolved(text, 0, len(text), in_attribute=in_attribute))


def escaped(text: str, source: str, quote: str = "") -> str:
    r"""Text as HTML.

    Characters that the source writes as references are written the same way, so that a
    no-break space can be told from a space where its author could.

    >>> escaped("50\xa0<b> & \"x\"", "Some &nbsp; &quot;text&quot;")
    '50&nbsp;&lt;b&gt; &amp; &quot;x&quot;'

    Args:
        text: as a reader is to see it.
        source: the HTML it stands for.
        quote: what encloses the attribute value that it goes into: ``"``, ``'`` or a space
            for nothing; empty for text between tags.
    """
    written: dict[str, str | int | None] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    if quote == '"':
        written[quote] = "&quot;"
    elif quote:
        written |= {character: f"&#{ord(character)};" for character in _UNQUOTED[quote]}
    for found in _REFERENCE.finditer(source):
        character = unescape(found[0])
        if len(character) == 1 and found[0][-1] == ";":
            written[character] = found[0]
    return text.translate(str.maketrans(written))


_UNQUOTED: Final = {"'": "'", " ": "\"'`=" + SPACE}


def _reference(text: str, begin: int, stop: int, *, in_attribute: bool) -> tuple[int, str] | None:
    """Where a reference ends and what it stands for; None where it is plain text."""
    if text[begin + 1] == "#":
        character = unescape(text[begin:stop])
        return stop, " " if character in SPACE else character
    name = text[begin + 1 : stop]
    if name[-1] == ";" and name in html5:
        character = html5[name]
        return stop, " " if character in SPACE else character
    for length in range(min(len(name), _LONGEST_WITHOUT_SEMICOLON), 1, -1):
        if name[:length] in html5:
            after = text[begin + 1 + length : begin + 2 + length]
            if in_attribute and (after == "=" or (after.isascii() and after.isalnum())):
                return None
            return begin + 1 + length, html5[name[:length]]
    return None
