"""Text with inline markup: what stands between two tags of blocks, and the block it makes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from l10n_pipeline.formats.html.references import SPACE, resolved
from l10n_pipeline.formats.pieces import finished
from l10n_pipeline.formats.protected import protected_spans
from l10n_pipeline.model import Block, BlockKind, CodeKind, InlineCode, Piece, Span

_WORD: Final = re.compile(r"[^\W_]")
_LOOKS_LIKE_A_TAG: Final = "<"
_MOST_CODES: Final = 9999
"""As many as can be told apart; no page for readers has that many in a paragraph."""


class Part(Enum):
    """What stands in running text."""

    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    ALONE = auto()
    BREAK = auto()


class Inline(NamedTuple):
    """A stretch of running text."""

    part: Part
    start: int
    end: int
    name: str = ""
    """Of a tag's element, lower-case."""
    shown: str = ""
    """What a reader sees in place of what stands alone."""


def blocks_of(text: str, run: Sequence[Inline], kind: BlockKind, detail: str) -> Iterator[Block]:
    """The blocks of running text: one, or several where two line breaks in a row divide it.

    Left out are those without a letter or a digit to translate. What stands at a block's
    edges and shows nothing, and pairs of tags that enclose it, are not part of it.

    Args:
        text: the document's.
        run: what stands there, in order, without gaps.
        kind: of the blocks.
        detail: of the blocks.
    """
    for part in _divided(text, run):
        partners = _partners(part)
        first, last = _trimmed(text, part, partners)
        block = _block(text, part, partners, first, last, kind, detail) if first <= last else None
        if block is not None:
            yield block


def attribute_block(text: str, span: Span, kind: BlockKind, detail: str) -> Block | None:
    """The block of an attribute's value; None where there is nothing to translate."""
    stretches = resolved(text, span.start, span.end, in_attribute=True)
    pieces = [Piece(Span(start, end), shown) for start, end, shown in stretches]
    return _finished(text, pieces, kind, detail)


def _divided(text: str, run: Sequence[Inline]) -> Iterator[Sequence[Inline]]:
    """The run without the places where line breaks stand in a row."""
    if sum(inline.part is Part.BREAK for inline in run) < 2:
        yield run
        return
    done = 0
    broken = -1
    for at, inline in enumerate(run):
        if inline.part is Part.BREAK:
            if broken >= done:
                yield run[done:broken]
                done = at + 1
            broken = at
        elif not _is_blank(text, inline):
            broken = -1
    yield run[done:]


def _is_blank(text: str, inline: Inline) -> bool:
    return inline.part is Part.TEXT and not text[inline.start : inline.end].strip(SPACE)


def _partners(run: Sequence[Inline]) -> dict[int, int]:
    """For each tag of a well nested pair the index of the other one, in both directions."""
    partners: dict[int, int] = {}
    begun: list[int] = []
    by_name: dict[str, list[int]] = defaultdict(list)
    for at, inline in enumerate(run):
        if inline.part is Part.OPEN:
            begun.append(at)
            by_name[inline.name].append(at)
        elif inline.part is Part.CLOSE and by_name[inline.name]:
            opening = by_name[inline.name][-1]
            while begun and begun[-1] >= opening:
                by_name[run[begun.pop()].name].pop()
            partners[opening], partners[at] = at, opening
    return partners


def _trimmed(text: str, run: Sequence[Inline], partners: dict[int, int]) -> tuple[int, int]:
    """Indices of the first and the last stretch that are part of the block."""
    first, last = 0, len(run) - 1
    while first <= last:
        if _shows_nothing(text, run[last], paired=last in partners):
            last -= 1
        elif _shows_nothing(text, run[first], paired=first in partners):
            first += 1
        elif partners.get(first) == last:
            first, last = first + 1, last - 1
        elif (beyond := _after_empty_pair(text, run, partners, first, 1)) != first:
            first = beyond
        elif (beyond := _after_empty_pair(text, run, partners, last, -1)) != last:
            last = beyond
        else:
            break
    return first, last


def _shows_nothing(text: str, inline: Inline, *, paired: bool) -> bool:
    if inline.part is Part.TEXT:
        return _is_blank(text, inline)
    return not paired and not inline.shown


def _after_empty_pair(
    text: str, run: Sequence[Inline], partners: dict[int, int], at: int, step: int
) -> int:
    """The index beyond a pair of tags with nothing to see in it; the same where none is."""
    partner = partners.get(at, at)
    if (partner - at) * step <= 0:
        return at
    for inside in range(at + step, partner, step):
        if not _shows_nothing(text, run[inside], paired=False):
            return at
    return partner + step


def _block(
    text: str,
    run: Sequence[Inline],
    partners: dict[int, int],
    first: int,
    last: int,
    kind: BlockKind,
    detail: str,
) -> Block | None:
    pieces: list[Piece] = []
    unspaced_break = -1
    glued = False
    numbers: dict[int, int] = {}
    for at in range(first, last + 1):
        part, start, end, _, shown = run[at]
        if part is not Part.TEXT:
            partner = partners.get(at, at)
            number = numbers.setdefault(min(at, partner), len(numbers) + 1)
            kept = CodeKind.STANDALONE if partner == at else _KINDS[part]
            code = InlineCode(kept, number, text[start:end], shown)
            if part is Part.BREAK and glued:
                unspaced_break = len(pieces)
            pieces.append(Piece(Span(start, end), shown, code))
            continue
        if at == first:
            start = end - len(text[start:end].lstrip(SPACE))
        if at == last:
            end = start + len(text[start:end].rstrip(SPACE))
        stretches = resolved(text, start, end)
        if unspaced_break >= 0 and stretches[0][2][:1] != " ":
            # Or the words to both sides of the break would be one.
            place = pieces[unspaced_break].span.start
            pieces.insert(unspaced_break, Piece(Span(place, place), " "))
        unspaced_break = -1
        pieces += [Piece(Span(begin, stop), seen) for begin, stop, seen in stretches]
        glued = pieces[-1].text[-1:] != " "
    return _finished(text, pieces, kind, detail)


_KINDS: Final = {Part.OPEN: CodeKind.OPEN, Part.CLOSE: CodeKind.CLOSE}


def _finished(text: str, pieces: Sequence[Piece], kind: BlockKind, detail: str) -> Block | None:
    if not _has_words(pieces):
        return None
    span = Span(pieces[0].span.start, pieces[-1].span.end)
    if _has_protected(pieces):
        pieces = finished(pieces, text)
        if not _has_words(pieces):
            return None
    if len(pieces) > _MOST_CODES and sum(piece.code is not None for piece in pieces) > _MOST_CODES:
        return None
    if len(pieces) == 1 and len(pieces[0].text) == len(span) and pieces[0].text == span.of(text):
        pieces = ()
    return Block(kind, span, translatable=True, pieces=tuple(pieces), detail=detail)


def _has_words(pieces: Sequence[Piece]) -> bool:
    return any(piece.code is None and _WORD.search(piece.text) for piece in pieces)


def _has_protected(pieces: Sequence[Piece]) -> bool:
    """Whether there is text among them that must be a code."""
    seen = "".join([piece.text if piece.code is None else "\n" for piece in pieces])
    return bool(_LOOKS_LIKE_A_TAG in seen or protected_spans(seen))
