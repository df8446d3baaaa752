"""Style sheets: what they refer to.

Sources: CSS Syntax, "Consume a url token", "Consume an escaped code point"; CSS Cascade,
``@import``.
"""

from __future__ import annotations

import re
from typing import Final

_SPACE: Final = r"[ \t\r\n\f]*+"
_STRING: Final = r"\"(?:[^\"\\\n]|\\[\s\S])*+\"|'(?:[^'\\\n]|\\[\s\S])*+'"
# As far as a string goes that is never closed: passed over in one step.
_BAD_STRING: Final = r"\"(?:[^\"\\\n]|\\[\s\S])*+|'(?:[^'\\\n]|\\[\s\S])*+"
_REFERENCE: Final = re.compile(
    r"/\*[\s\S]*?(?:\*/|\Z)"
    rf"|(?<![\w-])url\({_SPACE}(?:(?P<quoted>{_STRING})|(?P<bare>(?:[^\s\"'()\\]|\\[^\n])*+))"
    rf"{_SPACE}\)"
    rf"|@import{_SPACE}(?P<imported>{_STRING})"
    rf"|{_STRING}|{_BAD_STRING}",
    re.IGNORECASE,
)
_ESCAPE: Final = re.compile(r"\\(?:(?P<hex>[0-9a-fA-F]{1,6})[ \t\r\n\f]?|\n|(?P<one>[\s\S]))")


def references(text: str) -> tuple[str, ...]:
    r"""The addresses in a style sheet, or in a ``style`` attribute, each once.

    >>> references("@import 'a.css'; /* url(no.png) */ p { background: url( b\\ c.png ) }")
    ('a.css', 'b c.png')
    """
    found: dict[str, None] = {}
    for match in _REFERENCE.finditer(text):
        quoted = match["quoted"] or match["imported"]
        address = _ESCAPE.sub(_character, quoted[1:-1] if quoted else match["bare"] or "")
        if address:
            found.setdefault(address)
    return tuple(found)


def _character(escape: re.Match[str]) -> str:
    if escape["hex"]:
        code = int(escape["hex"], 16)
        is_character = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
        return chr(code) if is_character else "\N{REPLACEMENT CHARACTER}"
    return escape["one"] or ""
