"""Cues to blocks: one for each run of turns in neighbouring cues that belong together.

Text goes on in the next cue where no sentence ends, nobody else begins to speak, and the next
cue comes within :data:`LONGEST_PAUSE`. What stands between two such cues (number, times, tags
closed and opened again, ``…`` at both sides) is a space to translators.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.decoding import NEWLINE, decode
from l10n_pipeline.formats.pieces import code_piece, numbered, protected, text_piece
from l10n_pipeline.formats.subtitles.cues import Cue, Syntax, Token, TokenKind, is_plain
from l10n_pipeline.formats.subtitles.division import LONGEST_LINE, MOST_LINES, width
from l10n_pipeline.formats.subtitles.turns import Turn, ends_sentence, turns_of
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, CodeKind, Document, Piece, Span

LONGEST_PAUSE: Final = 1.5
"""Seconds between two cues that one sentence may go over."""
LONGEST_SENTENCE: Final = 400
"""Code points without the end of a sentence after which a cue ends the block: subtitles made
by machines may have no punctuation at all."""

_FINAL: Final = ".!?…。！？"
_CONTINUING: Final = ("、", "，", ",", "…", "—", "―", "・")
_UNPUNCTUATED: Final = ("THAI", "LAO", "KHMER", "MYANMAR")
_DOTS: Final = ".…"
_DOTS_AT_START: Final = re.compile(r"\.{2}|…")
_DOTS_AT_END: Final = re.compile(r"(?:\.{2}|…)$")
_LONGEST_DOTS: Final = 2
_CODE_KINDS: Final = {
    TokenKind.OPEN: CodeKind.OPEN,
    TokenKind.CLOSE: CodeKind.CLOSE,
    TokenKind.ALONE: CodeKind.STANDALONE,
}


def read_subtitles(
    data: bytes, syntax: Syntax, *, path: str, name: str, locale: Locale, format_name: str
) -> Document:
    """A subtitle file as a document.

    Raises:
        DocumentError: where the bytes are no text, or hold no cue.
    """
    text, encoding = decode(data, path)
    cues = syntax.cues(text)
    if not cues:
        raise DocumentError(
            "no subtitle found: no line has the times of one",
            where=path,
            way_out="a cue's times look like 00:00:01,000 --> 00:00:04,000 (WebVTT: a dot for "
            "the comma); give a file of another kind another suffix",
        )
    return Document(
        path=path,
        name=name,
        format=format_name,
        locale=locale,
        encoding=encoding,
        text=text,
        blocks=tuple(_tiled(text, cues, syntax)),
    )


def _tiled(text: str, cues: Sequence[Cue], syntax: Syntax) -> Iterator[Block]:
    done = 0
    for group in _groups(text, cues, syntax):
        pieces = _pieces(text, group)
        span = Span(pieces[0].span.start, pieces[-1].span.end)
        if done < span.start:
            yield Block(BlockKind.SEPARATOR, Span(done, span.start), translatable=False)
        start, end = cues[group[0].cue].start, cues[group[-1].cue].end
        yield Block(
            BlockKind.SUBTITLE,
            span,
            translatable=True,
            pieces=pieces,
            detail=f"{_clock(start)}–{_clock(end)}",
            limit=sum(_room(text, turn, cues[turn.cue].span) + 1 for turn in group) - 1,
        )
        done = span.end
    if done < len(text):
        yield Block(BlockKind.SEPARATOR, Span(done, len(text)), translatable=False)


def _room(text: str, turn: Turn, cue: Span) -> int:
    """Columns that a turn may take up: in lines of the usual length, or that of its longest,
    as many as it has; two at least where its cue has nothing else.
    """
    lines = [0]
    for token in turn.tokens:
        if token.kind is TokenKind.BREAK:
            lines.append(0)
        else:
            lines[-1] += width(token.shown)
    start, end = turn.tokens[0].span.start, turn.tokens[-1].span.end
    alone = not NEWLINE.search(text, cue.start, start) and not NEWLINE.search(text, end, cue.end)
    count = max(len(lines), MOST_LINES if alone else 1)
    return count * (max(LONGEST_LINE, *lines) + 1) - 1


def _clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}"


# --- which cues belong together ----------------------------------------------------------


def _groups(text: str, cues: Sequence[Cue], syntax: Syntax) -> Iterator[list[Turn]]:
    group: list[Turn] = []
    length = 0
    for at, cue in enumerate(cues):
        turns = turns_of(text, at, syntax.tokens(text, cue.span)) if cue.span else iter(())
        for turn in turns:
            if group and (length >= LONGEST_SENTENCE or not _goes_on(group[-1], turn, cues)):
                yield group
                group, length = [], 0
            if turn.tokens:
                group.append(turn)
                since = max(map(turn.text.rfind, _FINAL)) + 1
                length = len(turn.text) - since + (0 if since else length)
    if group:
        yield group


def _goes_on(turn: Turn, following: Turn, cues: Sequence[Cue]) -> bool:
    if following.cue != turn.cue + 1 or not following.tokens or turn.ends or following.begins:
        return False
    if turn.voice != following.voice:
        return False
    # A sentence may move to the top of the screen; so does what is not part of it: a caption.
    if turn.place != following.place and not following.text[:1].islower():
        return False
    cue, next_cue = cues[turn.cue], cues[following.cue]
    # Cues that begin together are shown at two places.
    if not cue.start < next_cue.start <= cue.end + LONGEST_PAUSE:
        return False
    if ends_sentence(turn.text, following.text):
        return False
    return not _is_unpunctuated(turn.text) or turn.text.endswith(_CONTINUING)


def _is_unpunctuated(text: str) -> bool:
    """Whether its script leaves out full stops, in subtitles at least."""
    last = next(filter(str.isalpha, reversed(text)), "")
    if not last:
        return False
    if unicodedata.east_asian_width(last) in "WF":
        return not unicodedata.name(last, "").startswith("HANGUL")
    return unicodedata.name(last, "").startswith(_UNPUNCTUATED)


# --- pieces ------------------------------------------------------------------------------


def _pieces(text: str, turns: Sequence[Turn]) -> tuple[Piece, ...]:
    """What a run of turns consists of, the stretch between two cues being a space."""
    parts = [list(turn.tokens) for turn in turns]
    for at in range(len(turns) - 1):
        reopened = _reopened(text, turns[at], turns[at + 1])
        del parts[at][len(parts[at]) - reopened :], parts[at + 1][:reopened]
        _fold_dots(parts[at], parts[at + 1])
    pieces: list[Piece] = []
    for part in parts:
        if pieces:
            pieces.append(Piece(Span(pieces[-1].span.end, part[0].span.start), " "))
        pieces += _protected(text, part)
    return numbered(pieces)


def _reopened(text: str, turn: Turn, following: Turn) -> int:
    """How many tags that a turn closes at its end the next opens again at once."""
    count = 0
    for close, opening in zip(reversed(range(len(turn.tokens))), following.tokens, strict=False):
        if turn.tokens[close].kind is not TokenKind.CLOSE or opening.kind is not TokenKind.OPEN:
            break
        if turn.tokens[turn.pairs[close]].span.of(text) != opening.span.of(text):
            break
        count += 1
    return count


def _fold_dots(tokens: list[Token], following: list[Token]) -> None:
    """Leave to the stretch between two cues the dots that say at both that the text goes on."""
    last, first = tokens[-1], following[0]
    if not (is_plain(last) and is_plain(first)):
        return
    if not (_DOTS_AT_START.match(first.shown) and _DOTS_AT_END.search(last.shown[-_LONGEST_DOTS:])):
        return
    ended = last.shown.rstrip(_DOTS).rstrip()
    begun = first.shown.lstrip(_DOTS).lstrip()
    if ended and begun:
        start = last.span.start
        tokens[-1] = replace(last, span=Span(start, start + len(ended)), shown=ended)
        end = first.span.end
        following[0] = replace(first, span=Span(end - len(begun), end), shown=begun)


def _protected(text: str, tokens: Iterable[Token]) -> Iterator[Piece]:
    """Pieces of one cue; what is to be protected never goes over a line break."""
    line: list[Piece] = []
    for token in tokens:
        start, raw = token.span.start, token.span.of(text)
        if token.kind is TokenKind.BREAK:
            yield from protected(line, text)
            yield Piece(token.span, token.shown)
            line = []
        elif token.kind is TokenKind.TEXT:
            line.append(
                text_piece(start, raw) if is_plain(token) else Piece(token.span, token.shown)
            )
        else:
            line.append(code_piece(start, raw, _CODE_KINDS[token.kind], token.shown))
    yield from protected(line, text)
