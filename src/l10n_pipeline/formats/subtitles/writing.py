"""Translations put back over the cues that their sentences came from.

A translation is divided over its cues in proportion to the source's text in each, between
words, near punctuation where there is some. Where it has fewer words than cues, words are
shown again: no cue that had text is left without. Each cue's part is then divided into lines:
as few as hold it, and no more than the source has there (two where the cue has nothing else);
a cue that has more lines than its text needs keeps their number. Tags that are open where a
cue ends are closed there and opened again in the next. No other byte changes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, zip_longest
from typing import Final

from l10n_pipeline import codes
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.decoding import NEWLINE
from l10n_pipeline.formats.splicing import line_ends_of, line_of, refuse_broken
from l10n_pipeline.formats.subtitles.cues import (
    ARROW,
    Cue,
    Syntax,
    Token,
    TokenKind,
)
from l10n_pipeline.formats.subtitles.division import (
    LONGEST_LINE,
    MOST_LINES,
    divide,
    ends_clause,
    reluctances,
    width,
)
from l10n_pipeline.formats.subtitles.words import Word, words_of
from l10n_pipeline.model import Block, CodeKind, Document, InlineCode, Piece, Segment, Span

_LINE_COUNTS_TRIED: Final = 3
_DOTS: Final = ("…", "..")
_PAUSES: Final = (",", ";", ":", "，", "、")
_HEADER_END: Final = re.compile(rf"{ARROW}[^\r\n]*(?:\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class _Portion:
    """A piece, or a part of one, that is of one segment or of none."""

    raw: str
    text: str
    piece: Piece
    segment: int
    """Index among the block's changed segments; -1 for none of them."""
    open_pairs: tuple[InlineCode, ...] = ()
    """The codes that opened the pairs it stands in, in order; told of what divides cues, and
    of the first portion of a segment."""

    @property
    def divides_cues(self) -> bool:
        return self.piece.code is None and self.text == " " and ARROW in self.raw

    @property
    def divides_lines(self) -> bool:
        return self.piece.code is None and self.text == " " and self.raw != " "


@dataclass(frozen=True, slots=True)
class _Cell:
    """A stretch of a cue as it is to be written."""

    raw: str
    shown: str
    glue: str | None = None
    """What stands after it in one line; None where no line may end after it."""


@dataclass(slots=True)
class _Row:
    """Text between line breaks that stay; lines can be made anew within it."""

    cells: list[_Cell] = field(default_factory=list)
    source: list[int] = field(default_factory=lambda: [0])
    """Columns of each line that the source has here."""
    ending: str = ""
    """What follows as it is to be written: a line break, or all between two cues."""
    ends_cue: bool = True


def write_subtitles(
    document: Document, translations: Mapping[Segment, str], syntax: Syntax
) -> bytes:
    """The document with these segments replaced and every other byte as it was.

    A translation that is blank, or the source itself, leaves its segment as it is.

    Raises:
        DocumentError: where a translation's codes are not those of its segment, it holds half
            of a surrogate pair, or the result would not be read as the same cues: because a
            line of a translation looks like a cue's times.
        ValueError: where a segment is not of this document, or two overlap.
    """
    changed: dict[int, list[Segment]] = {}
    done = 0
    for segment in sorted(translations, key=lambda segment: segment.span):
        if not _is_of(segment, document, done):
            raise ValueError(f"not a segment of {document.path}: {segment}")
        done = segment.span.end
        translation = translations[segment]
        shown = codes.read(translation, segment.codes).text
        if translation != segment.source and shown.strip():
            refuse_broken(translation, segment, document)
            changed.setdefault(segment.block, []).append(segment)
    if not changed:
        return document.text.encode(document.encoding)
    cues = syntax.cues(document.text)
    newline = line_ends_of(document.text)
    written: list[str] = []
    done = 0
    for index, segments in sorted(changed.items()):
        block = document.blocks[index]
        rows = _rows(document.text, block, segments, translations, syntax)
        written.append(document.text[done : block.span.start])
        for row, is_alone in zip(rows, _alone(rows, document.text, cues, block.span), strict=True):
            written += (newline.join(_lines(row, is_alone=is_alone)), row.ending)
        done = block.span.end
    written.append(document.text[done:])
    made = "".join(written)
    _refuse_drift(document, cues, syntax.cues(made))
    return made.encode(document.encoding)


def _is_of(segment: Segment, document: Document, done: int) -> bool:
    return (
        segment.span.start >= done
        and segment.block < len(document.blocks)
        and document.blocks[segment.block].span.contains(segment.span)
    )


def _refuse_drift(document: Document, before: Sequence[Cue], after: Sequence[Cue]) -> None:
    """Let the document be read as the same cues, each with text where it had some."""
    for at, (ours, theirs) in enumerate(zip_longest(map(_shown, before), map(_shown, after))):
        if ours != theirs:
            # Times that are others now are written in the cue before, in its text.
            is_its_own = ours and theirs and ours[:2] == theirs[:2]
            place = before[at if is_its_own else max(0, at - 1)].span
            raise DocumentError(
                "with its translation a subtitle would be read as another one or as several",
                where=f"{document.path}:{line_of(document, place)}",
                way_out="correct the translation of this line in the catalogue",
            )


def _shown(cue: Cue) -> tuple[float, float, bool]:
    return cue.start, cue.end, bool(cue.span)


# --- from pieces to rows -----------------------------------------------------------------


def _rows(
    text: str,
    block: Block,
    segments: Sequence[Segment],
    translations: Mapping[Segment, str],
    syntax: Syntax,
) -> list[_Row]:
    """What is to be written in a block's place.

    Args:
        text: the document's.
        block: with pieces.
        segments: those of its segments that change, in order.
        translations: theirs.
        syntax: the format's.
    """
    rows = [_Row()]
    closing = {
        piece.code.number: piece.code
        for piece in block.pieces
        if piece.code and piece.code.kind is CodeKind.CLOSE
    }
    portions = groupby(_portions(text, block, segments), key=lambda portion: portion.segment)
    for index, owned in portions:
        if index < 0:
            _keep(rows, owned)
        else:
            segment = segments[index]
            _replace(rows, list(owned), segment, translations[segment], closing, syntax)
    return rows


def _portions(text: str, block: Block, segments: Sequence[Segment]) -> Iterator[_Portion]:
    ahead, before = 0, -1
    open_pairs: list[InlineCode] = []
    for piece in block.pieces:
        if piece.code and piece.code.kind is CodeKind.CLOSE:
            open_pairs.pop()
        start = piece.span.start
        while start < piece.span.end:
            while ahead < len(segments) and segments[ahead].span.end <= start:
                ahead += 1
            end, owner = piece.span.end, -1
            if ahead < len(segments):
                span = segments[ahead].span
                owner = ahead if span.start <= start else -1
                end = min(end, span.end if owner >= 0 else max(span.start, start + 1))
            whole = (start, end) == (piece.span.start, piece.span.end)
            raw = text[start:end]
            portion = _Portion(raw, piece.text if whole else raw, piece, owner)
            if portion.divides_cues or owner != before:
                portion = replace(portion, open_pairs=tuple(open_pairs))
            yield portion
            start, before = end, owner
        if piece.code and piece.code.kind is CodeKind.OPEN:
            open_pairs.append(piece.code)


def _keep(rows: list[_Row], portions: Iterator[_Portion]) -> None:
    """Add what stays as it is."""
    for portion in portions:
        if portion.divides_lines:
            rows[-1].ending = portion.raw
            rows[-1].ends_cue = portion.divides_cues
            rows.append(_Row())
        else:
            rows[-1].cells.append(_Cell(portion.raw, portion.text))
            rows[-1].source[-1] += width(portion.text)


def _replace(
    rows: list[_Row],
    portions: Sequence[_Portion],
    segment: Segment,
    translation: str,
    closing: Mapping[int, InlineCode],
    syntax: Syntax,
) -> None:
    """Add a translation, divided over the cues that its portions stand in."""
    originals = [portion.piece.code for portion in portions if portion.piece.code]
    if len(originals) != len(segment.codes):
        raise ValueError(f"its codes are not those of its block: {segment}")
    by_tag = {codes.tag(own): code for own, code in zip(segment.codes, originals, strict=True)}
    coded = codes.read(translation, segment.codes)
    words = words_of(coded, [by_tag[codes.tag(mark.code)] for mark in coded.marks], syntax.encode)
    boundaries = [portion for portion in portions if portion.divides_cues]
    parts = _parts(portions)
    weights = [max(1, sum(width(portion.text) for portion in part)) for part in parts]
    clauses = [ends_clause("".join(portion.text for portion in part)) for part in parts[:-1]]
    shares = _shares(words, weights, clauses)
    places = {place for share in shares for place in (share.start, share.stop)}
    open_pairs = _open_before(words, portions[0].open_pairs, places)
    for at, (part, share) in enumerate(zip(parts, shares, strict=True)):
        if at:
            row, boundary = rows[-1], boundaries[at - 1]
            left, entered = open_pairs[shares[at - 1].stop], open_pairs[share.start]
            close = "".join(closing[code.number].raw for code in reversed(left))
            reopen = "".join(code.raw for code in entered)
            row.ending = _between_cues(boundary, close, reopen, syntax)
            rows.append(_Row())
        row = rows[-1]
        for portion in part:
            if portion.divides_lines:
                row.source.append(0)
            else:
                row.source[-1] += width(portion.text)
        for word in words[share.start : share.stop]:
            row.cells.append(_Cell(word.raw, word.shown, word.glue))
        last = row.cells.pop()
        cut = 0
        if at < len(boundaries) and boundaries[at].raw.startswith(_DOTS):
            # Dots say already that the sentence goes on.
            cut = last.raw.endswith(_PAUSES) and last.shown.endswith(_PAUSES)
        row.cells.append(
            _Cell(last.raw[: len(last.raw) - cut], last.shown[: len(last.shown) - cut])
        )


def _parts(portions: Sequence[_Portion]) -> list[list[_Portion]]:
    """A segment's portions in each of its cues."""
    parts: list[list[_Portion]] = [[]]
    for portion in portions:
        if portion.divides_cues:
            parts.append([])
        else:
            parts[-1].append(portion)
    return parts


def _shares(words: Sequence[Word], weights: Sequence[int], clauses: Sequence[bool]) -> list[range]:
    """Which words each part has; where they are too few, some are in several."""
    parts = len(weights)
    if len(words) < parts:
        firsts = [at * len(words) // parts for at in range(parts)]
        return [range(first, first + 1) for first in firsts]
    firsts = [0]
    firsts += divide(
        [width(word.shown) for word in words],
        [width(word.glue) for word in words],
        reluctances([word.shown for word in words]),
        weights,
        clauses=clauses,
    )
    return [range(*pair) for pair in zip(firsts, [*firsts[1:], len(words)], strict=True)]


def _open_before(
    words: Sequence[Word], at_start: Sequence[InlineCode], places: set[int]
) -> dict[int, tuple[InlineCode, ...]]:
    """The pairs that are open before the words at these places, one of which may be the end."""
    open_pairs = list(at_start)
    before: dict[int, tuple[InlineCode, ...]] = {}
    for at in range(len(words) + 1):
        if at in places:
            before[at] = tuple(open_pairs)
        for code in words[at].events if at < len(words) else ():
            if code.kind is CodeKind.OPEN:
                open_pairs.append(code)
            elif open_pairs and open_pairs[-1].number == code.number:
                open_pairs.pop()
            else:
                open_pairs = [pair for pair in open_pairs if pair.number != code.number]
    return before


def _between_cues(boundary: _Portion, close: str, reopen: str, syntax: Syntax) -> str:
    """The stretch between two cues with these tags for those that it has."""
    raw, count = boundary.raw, len(boundary.open_pairs)
    *_, header = _HEADER_END.finditer(raw)
    first_line = NEWLINE.search(raw)
    assert first_line is not None  # the times stand on a line of their own
    closed = syntax.tokens(raw, Span(0, first_line.start()))
    reopened = syntax.tokens(raw, Span(header.end(), len(raw)))
    left = _place_of(closed, TokenKind.CLOSE, count, 0)
    right = _place_of(reopened[::-1], TokenKind.OPEN, count, len(raw))
    if left is None or right is None:
        return raw
    return "".join(
        (raw[: left.start], close, raw[left.end : right.start], reopen, raw[right.end :])
    )


def _place_of(tokens: Sequence[Token], kind: TokenKind, count: int, edge: int) -> Span | None:
    """Where a cue's tags stand beside its text; None where there are fewer.

    Args:
        tokens: from its text outwards.
        kind: of the tags.
        count: of the tags.
        edge: the offset where the cue's text ends, or begins.
    """
    if count:
        tags = [token.span for token in tokens if token.kind is kind][:count]
        return Span(min(tags).start, max(tags).end) if len(tags) == count else None
    # Dots that say that the text goes on are shown as it is.
    dots = tokens[0].span if tokens and tokens[0].kind is TokenKind.TEXT else Span(edge, edge)
    at = dots.end if edge == dots.start else dots.start
    return Span(at, at)


def _alone(rows: Sequence[_Row], text: str, cues: Sequence[Cue], block: Span) -> Iterator[bool]:
    """Whether each row is all that its cue shows."""
    first = cues[bisect_right(cues, block.start, key=lambda cue: cue.span.start) - 1].span
    last = cues[bisect_right(cues, block.end - 1, key=lambda cue: cue.span.start) - 1].span
    begins_inside = bool(NEWLINE.search(text, first.start, block.start))
    ends_inside = bool(NEWLINE.search(text, block.end, last.end))
    for at, row in enumerate(rows):
        begins_cue = not begins_inside if at == 0 else rows[at - 1].ends_cue
        ends_cue = not ends_inside if at == len(rows) - 1 else row.ends_cue
        yield begins_cue and ends_cue


# --- lines -------------------------------------------------------------------------------


def _lines(row: _Row, *, is_alone: bool) -> list[str]:
    """What a row shows, as lines."""
    units = list(_units(row.cells))
    most = len(row.source) - 1
    if is_alone:
        most = max(most, MOST_LINES - 1)
    most = min(most, len(units) - 1)
    if most <= 0:
        return ["".join(unit.raw + (unit.glue or "") for unit in units)]
    widths = [width(unit.shown) for unit in units]
    gaps = [width(unit.glue or "") for unit in units]
    ill = reluctances([unit.shown for unit in units])
    limit = max(LONGEST_LINE, *row.source)
    columns = sum(widths) + sum(gaps)
    least = -(-columns // limit) - 1
    if sum(row.source) + len(row.source) - 1 <= LONGEST_LINE:
        least = max(least, len(row.source) - 1)
    least = min(least, most)
    firsts: list[int] = []
    for breaks in range(least, min(most, least + _LINE_COUNTS_TRIED) + 1):
        firsts = divide(widths, gaps, ill, [1.0] * (breaks + 1), limit)
        bounds = [*firsts, len(units)]
        starts = [0, *firsts]
        longest = max(
            sum(widths[a:b]) + sum(gaps[a : b - 1]) for a, b in zip(starts, bounds, strict=True)
        )
        if longest <= limit:
            break
    return [
        "".join(unit.raw + (unit.glue or "") for unit in units[a : b - 1]) + units[b - 1].raw
        for a, b in zip([0, *firsts], [*firsts, len(units)], strict=True)
    ]


def _units(cells: Sequence[_Cell]) -> Iterator[_Cell]:
    """The cells with those joined between which no line may end."""
    raw: list[str] = []
    shown: list[str] = []
    for at, cell in enumerate(cells):
        raw.append(cell.raw)
        shown.append(cell.shown)
        if cell.glue is not None or at == len(cells) - 1:
            yield _Cell("".join(raw), "".join(shown), cell.glue)
            raw, shown = [], []
