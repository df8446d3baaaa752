r"""SubRip (``.srt``): numbered cues with times, and the markup that players know.

There is no standard, so that reading is tolerant: a cue begins with a line of times, whatever
stands before it; numbers may be wrong or missing, blank lines too, or stand inside of a cue.
A line that seems meant for times but cannot be understood takes its cue's text out of what is
translated. Markup: the tags of HTML that players know, ``<font …>``, ``{\an8}`` and its like.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.formats.decoding import BOM
from l10n_pipeline.formats.subtitles.cues import (
    Cue,
    Syntax,
    Token,
    TokenKind,
    lines_of,
    reads_as_timing,
    stripped,
    times_of,
    tokenised,
)
from l10n_pipeline.formats.subtitles.format import SubtitleFormat
from l10n_pipeline.model import Span

_NUMBER: Final = re.compile(rf"[ \t{BOM}]*\d{{1,9}}[ \t]*")
_MARKUP: Final = re.compile(
    r"<(?P<close>/?)(?P<name>b|i|u|s|em|strong|font|c|span|small|big|center|p|sub|sup|tt|ruby|rt)"
    r"(?=[\s/>.=])(?P<rest>[^<>\r\n]*)>"
    r"|(?P<override>\{\\[^{}\r\n]*\})"
    r"|(?P<break>(?:[\r\n]|<br[ \t]{0,9}/?>)\s*)"
    r"|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});",
    re.IGNORECASE,
)
_UNWRITABLE: Final = frozenset("<>{}")
"""There is no other way to write these, so that an entity for them is kept as it is."""


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before a cue's text. Lines are told by their index."""

    first: int
    """Its first line."""
    timing: int
    """The line with the times."""
    times: tuple[float, float] | None
    """None where they cannot be understood."""


def _cues(text: str) -> list[Cue]:
    lines = list(lines_of(text))
    headers = list(_headers(text, lines))
    ends = [header.first for header in headers[1:]] + [len(lines)]
    cues: list[Cue] = []
    for header, end in zip(headers, ends, strict=False):
        if header.times:
            runs = list(_runs(text, lines[header.timing + 1 : end]))
            start, until = header.times
        else:
            runs = []
            start = until = 0.0
        place = lines[header.timing].end
        cues += [Cue(start, until, run) for run in runs or [Span(place, place)]]
    return cues


def _headers(text: str, lines: Sequence[Span]) -> Iterator[_Header]:
    free = 0
    for at, span in enumerate(lines):
        line = span.of(text)
        if reads_as_timing(line):
            yield _Header(_head(text, lines, at, free), at, times_of(line))
            free = at + 1


def _head(text: str, lines: Sequence[Span], at: int, free: int) -> int:
    """Where the head of the cue whose times stand at this line begins."""
    above = at - 1
    while above >= free and not lines[above].of(text).strip():
        above -= 1
    if above < free or not _NUMBER.fullmatch(lines[above].of(text)):
        return at
    if above == at - 1 or above == 0 or not lines[above - 1].of(text).strip():
        return above
    return at


def _runs(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Stretches of lines without a blank one among them."""
    run: list[Span] = []
    for line in [*lines, None]:
        if line is not None and line.of(text).strip():
            run.append(line)
        elif run:
            yield stripped(text, Span(run[0].start, run[-1].end))
            run = []


def _tokens(text: str, span: Span) -> list[Token]:
    return tokenised(text, span, _MARKUP, _token_of)


def _token_of(found: re.Match[str]) -> Token | None:
    place = Span(*found.span())
    if found["break"]:
        return Token(TokenKind.BREAK, place, " ")
    if found["override"]:
        return Token(TokenKind.ALONE, place)
    if found["name"]:
        if found["close"]:
            kind = TokenKind.CLOSE
        else:
            kind = TokenKind.ALONE if found["rest"].endswith("/") else TokenKind.OPEN
        return Token(kind, place, name=found["name"].lower())
    shown = html.unescape(found[0])
    if shown in (found[0], ""):
        return None
    kind = TokenKind.ALONE if _UNWRITABLE.intersection(shown) else TokenKind.TEXT
    return Token(kind, place, shown)


def _encode(text: str) -> str:
    return text


class SubRip(SubtitleFormat):
    """Subtitles as SubRip writes them."""

    name = "srt"
    suffixes = (".srt",)
    syntax = Syntax(_cues, _tokens, _encode)
