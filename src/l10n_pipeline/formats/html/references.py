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

_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_NUMERIC: Final = r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?"
_NAMED: Final = r"&[A-Za-z][A-Za-z0-9]*;?"
_NOT_LITERAL: Final = re.compile(rf"[{SPACE}]{{2,}}|{_SOFT_HYPHEN}+|{_NUMERIC}|{_NAMED}")
"""What a reader sees in another number of characters than it is written."""
_REFERENCE: Final = re.compile(rf"{_NUMERIC}|{_NAMED}")
_LONGEST_WITHOUT_SEMICOLON: Final = max(len(name) for name in html5 if name[-1] != ";")

Resolved = tuple[int, int, str]
"""Start and end in the document's text, and what a reader sees of it."""


def resolved(text: str, start: int, end: int, *, in_attribute: bool = False) -> list[Resolved]:
    r"""Stretches of ``text[start:end]`` with what a reader sees: references are characters,
    runs of white space a space. Of a soft hyphen nothing is seen: it divides words of
    this language.

    >>> resolved("a\nb&nbsp;c  d", 0, 13)
    [(0, 3, 'a b'), (3, 9, '\xa0'), (9, 10, 'c'), (10, 12, ' '), (12, 13, 'd')]
    """
    if text.find("&", start, end) < 0:
        line = _on_a_line(text[start:end])
        if start < end and "  " not in line and _SOFT_HYPHEN not in line:
            return [(start, end, line)]
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
            shown = "" if text[begin] == _SOFT_HYPHEN else " "
        if done < begin:
            made.append((done, begin, _on_a_line(text[done:begin])))
        made.append((begin, stop, shown))
        done = stop
    if done < end:
        made.append((done, end, _on_a_line(text[done:end])))
    return made


def _on_a_line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ").replace("\r", " ").replace("\f", " ")


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
    written: dict[str, str | int | None] = {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "\0": "\N{REPLACEMENT CHARACTER}",
    }
    if quote == '"':
        written[quote] = "&quot;"
    elif quote:
        written |= {character: f"&#{ord(character)};" for character in _UNQUOTED[quote]}
    for found in _REFERENCE.finditer(source):
        character = unescape(found[0])
        # An address may hide its letters so.
        is_plain = character in SPACE or (character.isascii() and character.isalnum())
        if len(character) == 1 and found[0][-1] == ";" and not is_plain:
            written[character] = found[0]
    return text.translate(str.maketrans(written))


_UNQUOTED: Final = {"'": "'", " ": "\"'`=" + SPACE}


def _reference(text: str, begin: int, stop: int, *, in_attribute: bool) -> tuple[int, str] | None:
    """Where a reference ends and what it stands for; None where it is plain text."""
    if text[begin + 1] == "#":
        return stop, _seen(unescape(text[begin:stop]))
    name = text[begin + 1 : stop]
    if name[-1] == ";" and name in html5:
        return stop, _seen(html5[name])
    for length in range(min(len(name), _LONGEST_WITHOUT_SEMICOLON), 1, -1):
        if name[:length] in html5:
            after = text[begin + 1 + length : begin + 2 + length]
            if in_attribute and (after == "=" or (after.isascii() and after.isalnum())):
                return None
            return begin + 1 + length, _seen(html5[name[:length]])
    return None


def _seen(character: str) -> str:
    if character in {"", _SOFT_HYPHEN}:
        return ""
    return " " if character in SPACE else character
