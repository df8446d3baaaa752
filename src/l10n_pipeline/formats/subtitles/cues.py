"""What the subtitle formats have in common: cues, and what a cue's text consists of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from l10n_pipeline.formats.decoding import BOM, NEWLINE
from l10n_pipeline.model import Span

ARROW: Final = "-->"
_TIME: Final = (
    r"(?:(\d{1,3})[ \t]*:[ \t]*)?(\d{1,2})[ \t]*:[ \t]*(\d{1,2})(?:[ \t]*[.,:][ \t]*(\d{1,4}))?"
)
_TIMING: Final = re.compile(rf"[ \t{BOM}]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?", re.DOTALL)
_BROKEN_TIMING: Final = re.compile(r"\d[ \t]*:[ \t]*\d[^>]*-->|-->[^>]*\d[ \t]*:[ \t]*\d")


@dataclass(frozen=True, slots=True)
class Cue:
    """Text that is shown for a time."""

    start: float
    """Seconds."""
    end: float
    """Seconds."""
    span: Span
    """Its text without white space around, as offsets into the document's; may be empty."""


class TokenKind(Enum):
    """What a stretch of a cue's text is."""

    TEXT = auto()
    BREAK = auto()
    """A line break with the white space around it."""
    OPEN = auto()
    CLOSE = auto()
    ALONE = auto()
    """Markup that neither begins nor ends something."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a cue's text."""

    kind: TokenKind
    span: Span
    """Offsets into the document's text."""
    shown: str = ""
    """What a viewer sees of it; a space for a line break."""
    name: str = ""
    """Of a tag, in lower case."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """How one format writes subtitles."""

    cues: Callable[[str], list[Cue]]
    """Finds the cues of a document's text, in its order."""
    tokens: Callable[[str, Span], list[Token]]
    """Divides a stretch of a cue's text into tokens that tile it."""
    encode: Callable[[str], str]
    """Makes a viewer's text, without line breaks, a cue's."""


def lines_of(text: str) -> Iterator[Span]:
    """Lines without their ends; a byte order mark stands before the first."""
    start = 1 if text.startswith(BOM) else 0
    for line_end in NEWLINE.finditer(text):
        yield Span(start, line_end.start())
        start = line_end.end()
    if start < len(text):
        yield Span(start, len(text))


def times_of(line: str) -> tuple[float, float] | None:
    """The seconds from which and until which a cue is shown; None where no timing is to be
    seen. Dots for commas, missing hours and white space where there should be none are let
    pass, and so is whatever follows after a space.

    >>> times_of("00:00:01,500 --> 00:00:04.000  X1:40 X2:600")
    (1.5, 4.0)
    """
    found = _TIMING.fullmatch(line) if ARROW in line else None
    if found is None:
        return None
    parts = found.groups()
    return _seconds(parts[:4]), _seconds(parts[4:])


def reads_as_timing(line: str) -> bool:
    """Whether a line seems meant for the times of a cue, well formed or not."""
    return ARROW in line and bool(_TIMING.fullmatch(line) or _BROKEN_TIMING.search(line))


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def stripped(text: str, span: Span) -> Span:
    """The stretch without white space at its ends."""
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))


def tokenised(
    text: str,
    span: Span,
    markup: re.Pattern[str],
    token_of: Callable[[re.Match[str]], Token | None],
) -> list[Token]:
    """Tokens of a stretch of text: what ``markup`` finds, and the text between.

    Args:
        text: the document's.
        span: the stretch.
        markup: finds tags, line breaks and the like.
        token_of: says what was found; None where it is text after all.
    """
    tokens: list[Token] = []
    done = span.start

    def add_text(end: int) -> None:
        if done < end:
            tokens.append(Token(TokenKind.TEXT, Span(done, end), text[done:end]))

    for found in markup.finditer(text, span.start, span.end):
        token = token_of(found)
        if token is None:
            continue
        add_text(token.span.start)
        done = token.span.end
        tokens.append(_widened(tokens, token) if token.kind is TokenKind.BREAK else token)
    add_text(span.end)
    return tokens


def _widened(tokens: list[Token], line_break: Token) -> Token:
    """The line break with the white space at the end of its line."""
    start = line_break.span.start
    while tokens and is_plain(tokens[-1]):
        text = tokens.pop()
        kept = text.shown.rstrip()
        start = text.span.start + len(kept)
        if kept:
            tokens.append(Token(TokenKind.TEXT, Span(text.span.start, start), kept))
            break
    return Token(TokenKind.BREAK, Span(start, line_break.span.end), " ")


def is_plain(token: Token) -> bool:
    """Whether a token is text that stands in the document as it is shown."""
    return token.kind is TokenKind.TEXT and len(token.shown) == len(token.span)
