r"""Cells that no spreadsheet runs or rewrites, and the texts they stand for.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``, and takes ``1/2``,
``TRUE`` and ``May 5`` for a date, a truth and another date. An apostrophe before it makes such a
text a text. One goes before each place where a cell could begin: the cell's own beginning, and,
for a program that takes another character for the delimiter, after every semicolon, tab
and line break. Reading takes away those apostrophes, and no other.

Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re
from typing import Final

_LEAD: Final = (
    r"\s'\"`\u00ab\u2018-\u201f\u2039\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufeff\uff02\uff07"
)
"""What may stand before a formula's first character and be overlooked: white space, quotation
marks, characters that are not seen."""
_RUNS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b"
"""What begins a formula, in all widths."""
_BREAK: Final = frozenset(";\t\r\n")
_BREAKS: Final = re.compile(r"[;\t\r\n]")
_FORMULA: Final = re.compile(f"[{_RUNS}]")
# It always takes a run of leading characters whole, so that the time it takes is linear.
_BEGINNING: Final = re.compile(f"[{_LEAD}]++[{_RUNS}]?+|[{_RUNS}]")
_WHITE: Final = ("\t", "\r", "\n")

_LONGEST_VALUE: Final = 40
"""Code points of a text that may be taken for a number or date."""
_VALUE: Final = re.compile(
    r"[\s(#.,/\u20ac$\u00a3\u00a5]*\d[^;\t\r\n]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\W\d_]*[ .,/-]*\d[^;\t\r\n]*"
    r"|(?:true|false|verdadeiro|falso|verdadero|wahr|falsch|vrai|faux|vero|waar|onwaar|"
    r"истина|ложь|doğru|yanlış)",
    re.IGNORECASE,
)
"""What is rewritten as a number, a date or a truth."""


def defused(text: str) -> str:
    r"""A text as a cell that is read as text; :func:`restored` gives it back.

    >>> defused("=1+1"), defused("a;=1+1"), defused("'=1+1"), defused("'Twas")
    ("'=1+1", "a;'=1+1", "''=1+1", "'Twas")
    """
    places = _places(text)
    if not places:
        return text
    pieces: list[str] = []
    done = 0
    for place in places:
        pieces += (text[done:place], "'")
        done = place
    pieces.append(text[done:])
    return "".join(pieces)


def restored(cell: str) -> str:
    """The text that a cell stands for. One that a translator wrote stands for itself, unless it
    begins as a defused one does.

    >>> restored("'=1+1"), restored("=1+1"), restored("'Twas")
    ('=1+1', '=1+1', "'Twas")
    """
    if "'" not in cell:
        return cell
    places = [place for place in _places(cell) if cell.startswith("'", place)]
    pieces: list[str] = []
    done = 0
    for place in places:
        pieces.append(cell[done:place])
        done = place + 1
    pieces.append(cell[done:])
    return "".join(pieces)


def _places(text: str) -> list[int]:
    """Where a cell could begin that would not be read as text, in order."""
    places: set[int] = set()
    if _FORMULA.search(text):
        # Most texts have one place where a cell could begin, and that is no formula.
        runs = _BEGINNING.finditer(text) if _BREAKS.search(text) else [_BEGINNING.match(text)]
        for run in filter(None, runs):
            start, end = run.span()
            if not _FORMULA.fullmatch(text[end - 1]):
                continue
            if start == 0 or text[start - 1] in _BREAK:
                places.add(start)
            places.update(at + 1 for at in range(start, end - 1) if text[at] in _BREAK)
    # Apostrophes that are there already change nothing, or they could not be told from ours.
    bare = text.lstrip("'")
    is_short = len(bare) <= _LONGEST_VALUE
    if bare.startswith(_WHITE) or (is_short and _VALUE.fullmatch(bare.strip(" "))):
        places.add(0)
    return sorted(places)
