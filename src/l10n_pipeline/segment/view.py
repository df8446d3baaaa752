"""What the sentence splitters are shown in place of a text.

The libraries stumble over characters that say nothing about where a sentence ends: one
panics on a no-break space, the other takes a backquote typed for an apostrophe for an
opening quotation mark, and both slow down by the square of a run of equal characters.
They see a plainer text instead and answer with offsets, which lead back to the original.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.model import Span
from l10n_pipeline.segment.quotations import APOSTROPHE, QUOTES, Marks

TERMINATORS: Final = ".!?…‼⁇⁈⁉。．！？｡։؟۔।॥။።፧"

_LONGEST_RUN: Final = 4
"""Equal characters in a row that are left; an ellipsis with its full stop has four."""

# Directional marks, zero-width spaces, emoji variation selectors and the byte order mark
# stand where white space is looked for. Joiners shape words in Persian and emoji and stay.
_INVISIBLE: Final = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0e\ufe0f\ufeff"
_BLANK: Final = re.compile(rf"[\s\x00-\x1f{_INVISIBLE}\ud800-\udfff]")
_TERMINATOR: Final = re.compile(f"[{re.escape(TERMINATORS)}]")
_RUN: Final = re.compile(rf" {{2,}}|([^ \w])\1{{{_LONGEST_RUN},}}")


@dataclass(frozen=True, slots=True)
class View:
    """A plainer text of which every offset leads back to the original."""

    text: str
    _last: Sequence[int]
    """For each code point, the offset of the (last) original one that it stands for."""

    def original(self, at: int) -> int:
        """The offset in the original after the last character before ``at`` that is no
        space in the view; 0 where there is none.
        """
        while at and self.text[at - 1] == " ":
            at -= 1
        return self._last[at - 1] + 1 if at else 0


def view_of(text: str, marks: Marks, kept: Sequence[Span]) -> View:
    """The view of a text for a splitter.

    Args:
        text: the original.
        marks: its quotation marks and brackets. Those without a partner become spaces.
        kept: those of their pairs that are not to be divided. Quotation marks around
            them become “ and ”, marks and terminators within them are hidden, save the
            terminators right before the closing mark, which may end a sentence. Around
            other pairs the marks become spaces.
    """
    characters = list(_BLANK.sub(" ", text))
    for match in APOSTROPHE.finditer(text):
        characters[match.start()] = "ʼ"
    for at in marks.unpaired:
        characters[at] = " "
    for pair in marks.pairs:
        characters[pair.start] = characters[pair.end - 1] = " "
    for pair in kept:
        inner = "".join(characters[pair.start + 1 : pair.end - 1])
        ending = len(inner.rstrip().rstrip(TERMINATORS))
        characters[pair.start + 1 : pair.start + 1 + ending] = _TERMINATOR.sub(",", inner[:ending])
        quoted = text[pair.start] in QUOTES
        characters[pair.start] = "“" if quoted else text[pair.start]
        characters[pair.end - 1] = "”" if quoted else text[pair.end - 1]
    return _without_long_runs("".join(characters).replace("…", "."))


def _without_long_runs(text: str) -> View:
    pieces: list[str] = []
    last: list[int] = []
    done = 0
    for run in _RUN.finditer(text):
        keep = 1 if run[0][0] == " " else _LONGEST_RUN
        kept_until = run.start() + keep - 1
        pieces += (text[done:kept_until], run[0][0])
        last += (*range(done, kept_until), run.end() - 1)
        done = run.end()
    pieces.append(text[done:])
    last.extend(range(done, len(text)))
    return View("".join(pieces), last)
