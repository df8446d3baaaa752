r"""Strings of PO files: C's escapes and quotes, as in the gettext manual.

Octal and hexadecimal escapes are bytes of the file's encoding: ``\303\243`` is ã in UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_ESCAPE: Final = re.compile(
    r"(?P<bytes>(?:\\[0-7]{1,3}|\\x[0-9a-fA-F]{1,2}(?![0-9a-fA-F]))+)|\\(?P<char>.)", re.DOTALL
)
_BYTE: Final = re.compile(r"\\(?:x(?P<hex>[0-9a-fA-F]{1,2})|(?P<octal>[0-7]{1,3}))")
_CHAR_OF_ESCAPE: Final = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a",
    '"': '"', "\\": "\\",
}  # fmt: skip
_ESCAPED: Final = {ord(char): f"\\{name}" for name, char in _CHAR_OF_ESCAPE.items()}
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")


class EscapeError(ValueError):
    """An escape that means nothing.

    Args:
        what: what is wrong with it.
        way_out: what to write.
    """

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(what)
        self.what = what
        self.way_out = way_out


def unescaped(text: str, encoding: str = "utf-8") -> str:
    r"""What stands between two quotes, read.

    >>> unescaped(r"a\n\303\243")
    'a\nã'

    Raises:
        EscapeError: where there is no such escape, or bytes are not of the encoding.
    """
    if "\\" not in text:
        return text

    def char(match: re.Match[str]) -> str:
        if match["bytes"]:
            return _decoded(match["bytes"], encoding)
        if match["char"] not in _CHAR_OF_ESCAPE:
            raise EscapeError(f"no such escape: \\{match['char']}", "write \\\\ for a \\")
        return _CHAR_OF_ESCAPE[match["char"]]

    return _ESCAPE.sub(char, text)


def quoted(text: str) -> str:
    r"""A string as it stands in a file.

    >>> print(quoted('say "a"\n'))
    "say \"a\"\n"
    """
    return f'"{text.translate(_ESCAPED)}"'


def statement(keyword: str, text: str) -> Sequence[str]:
    r"""The lines of a keyword with its string: one, or one more for each line of the text.

    >>> statement("msgstr", "a\nb")
    ['msgstr ""', '"a\\n"', '"b"']
    """
    parts = _LINE.findall(text)
    if len(parts) < 2:
        return [f"{keyword} {quoted(text)}"]
    return [f'{keyword} ""', *map(quoted, parts)]


def _decoded(escapes: str, encoding: str) -> str:
    values = [
        int(match["hex"], 16) if match["hex"] else int(match["octal"], 8)
        for match in _BYTE.finditer(escapes)
    ]
    try:
        return bytes(values).decode(encoding)
    except (ValueError, UnicodeDecodeError):
        raise EscapeError(
            f"{escapes} is not {encoding.upper()}", "write the character itself"
        ) from None
