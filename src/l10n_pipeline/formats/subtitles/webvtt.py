"""WebVTT (``.vtt``), as https://www.w3.org/TR/webvtt1/ has browsers read it.

Whatever line has ``-->`` in it begins a cue, whose text goes to the next blank line or the
next such line; all else (the header, NOTE, STYLE and REGION blocks, identifiers, settings) is
left alone. More than browsers do, times with a comma or without all digits are understood, and
a file may lack its signature.
"""

from __future__ import annotations

import html
import re
from typing import Final

from l10n_pipeline.formats.subtitles.cues import (
    ARROW,
    Cue,
    Syntax,
    Token,
    TokenKind,
    lines_of,
    stripped,
    times_of,
    tokenised,
)
from l10n_pipeline.formats.subtitles.format import SubtitleFormat
from l10n_pipeline.model import Span

_MARKUP: Final = re.compile(
    r"<(?P<close>/?)(?P<name>[^\s.<>/]*)[^<>]*>"
    r"|(?P<break>[\r\n]\s*)"
    r"|(?P<loose><(?:<(?![^<>]*>))*)"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_PAIRED: Final = frozenset({"b", "c", "i", "lang", "rt", "ruby", "u"})


def _cues(text: str) -> list[Cue]:
    cues: list[Cue] = []
    times: tuple[float, float] | None = None
    start = end = 0

    def close() -> None:
        if times is not None:
            cues.append(Cue(*times, stripped(text, Span(start, end))))

    for line in lines_of(text):
        is_header = ARROW in line.of(text)
        if is_header or not line:
            close()
            times = times_of(line.of(text)) if is_header else None
            start = end = line.end
        elif times is not None:
            end = line.end
    close()
    return cues


def _tokens(text: str, span: Span) -> list[Token]:
    return tokenised(text, span, _MARKUP, _token_of)


def _token_of(found: re.Match[str]) -> Token | None:
    place = Span(*found.span())
    if found["break"]:
        return Token(TokenKind.BREAK, place, " ")
    if found["loose"]:
        # A browser drops it and what follows; nobody can say it otherwise here.
        return Token(TokenKind.ALONE, place, found[0])
    if (name := found["name"]) is not None:
        if name not in _PAIRED:
            kind = TokenKind.ALONE
        else:
            kind = TokenKind.CLOSE if found["close"] else TokenKind.OPEN
        return Token(kind, place, name=name)
    shown = html.unescape(found[0])
    if shown in (found[0], ""):
        return None
    return Token(TokenKind.TEXT, place, shown)


def _encode(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return escaped.replace(ARROW, "--&gt;")


class WebVTT(SubtitleFormat):
    """Subtitles for the web."""

    name = "webvtt"
    suffixes = (".vtt",)
    syntax = Syntax(_cues, _tokens, _encode)
