"""Text with inline markup: what stands between two tags of blocks, and the block it makes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

import msgspec

from l10n_pipeline.formats.html.references import SPACE, resolved
from l10n_pipeline.formats.html.tokens import IN_TEMPLATE
from l10n_pipeline.formats.pieces import code_piece, finished, numbered
from l10n_pipeline.formats.protected import protected_spans
from l10n_pipeline.model import Block, BlockKind, CodeKind, InlineCode, Piece, Span

_WORD: Final = re.compile(r"[^\W_]")
_LOOKS_LIKE_A_TAG: Final = "<"
_MOST_CODES: Final = 9999
"""As many as can be told apart; no page for readers has that many in a paragraph."""

Part = Literal["text", "space", "open", "close", "alone", "break"]
"""What stands in running text: a tag that begins an element, one that ends it, what stands
alone, what divides words as a line break does. Text that is white space alone is ``space``."""

_PUTS_IN: Final = ("<?=", "<%=", "<%-")
_NEVER_NESTED: Final = ("a", "nobr")
"""Elements that another one of their name ends."""
_SPACES: Final = rf"(?:[{SPACE}\xa0]|&nbsp;|&#160;)*+"
_LISTING: Final = re.compile(
    rf"{_SPACES}(?:[|¦·•»›→>/]|::|&(?:gt|raquo|rsaquo|middot|bull|rarr|#124|#183);)+{_SPACES}"
)
"""What stands between the links of a menu or a path."""
_TEXTS: Final = ("text", "space")
_KINDS: Final = {"open": CodeKind.OPEN, "close": CodeKind.CLOSE}
_STANDALONE: Final = CodeKind.STANDALONE


class Inline(msgspec.Struct, frozen=True, gc=False):
    """A stretch of running text."""

    part: Part
    start: int
    end: int
    name: str = ""
    """Of a tag's element, lower-case."""
    shown: str = ""
    """What a reader sees in place of what stands alone."""


def blocks_of(text: str, run: Sequence[Inline], kind: BlockKind, detail: str) -> list[Block]:
    """The blocks of running text: one, or several where two line breaks in a row divide it,
    or it is nothing but links and the like with ``|`` or an arrow between them.

    Left out are those without a letter or a digit to translate. What stands at a block's
    edges and shows nothing, and pairs of tags that enclose it, are not part of it.

    Args:
        text: the document's.
        run: what stands there, in order, without gaps.
        kind: of the blocks.
        detail: of the blocks.
    """
    blocks: list[Block] = []
    for part in _divided(run) if len(run) > 1 else [run]:
        partners = _partners(part)
        entries = _entries(text, part, partners)
        for entry in entries or [part]:
            own = _partners(entry) if entries else partners
            first, last = _trimmed(entry, own)
            if first <= last:
                pieces = _pieces(text, entry, own, first, last)
                block = _finished(text, pieces, kind, detail)
                if block is not None:
                    blocks.append(block)
    return blocks


def attribute_block(text: str, span: Span, kind: BlockKind, detail: str) -> Block | None:
    """The block of an attribute's value; None where there is nothing to translate."""
    pieces: list[Piece] = []
    for inline in with_templates(text, span.start, span.end):
        if inline.part != "text":
            raw = text[inline.start : inline.end]
            pieces.append(code_piece(inline.start, raw, _STANDALONE, inline.shown))
        else:
            stretches = resolved(text, inline.start, inline.end, in_attribute=True)
            pieces += [Piece(Span(start, end), shown) for start, end, shown in stretches]
    return _finished(text, numbered(pieces), kind, detail)


def with_templates(text: str, start: int, end: int) -> list[Inline]:
    """Text without tags, and what a template puts into it.

    >>> [inline.part for inline in with_templates("a <?= $b ?>", 0, 11)]
    ['text', 'alone']
    """
    made: list[Inline] = []
    done = start
    for found in IN_TEMPLATE.finditer(text, start, end):
        if done < found.start():
            made.append(Inline("text", done, found.start()))
        made.append(of_template(text, *found.span()))
        done = found.end()
    if done < end:
        made.append(Inline("text", done, end))
    return made


def of_template(text: str, start: int, end: int) -> Inline:
    """A template's code: it stands for the value that it puts in, or divides words as a line
    break does.

    >>> of_template("<%= name %>", 0, 11).shown, of_template("{% else %}", 0, 10).part
    ('<%= name %>', 'break')
    """
    if text.startswith(_PUTS_IN, start):
        return Inline("alone", start, end, "", " ".join(text[start:end].split()))
    return Inline("break", start, end)


def _divided(run: Sequence[Inline]) -> list[Sequence[Inline]]:
    """The run without the places where line breaks stand in a row."""
    breaks = [at for at, inline in enumerate(run) if inline.part == "break"]
    parts: list[Sequence[Inline]] = []
    done = 0
    for at, following in pairwise(breaks):
        if all(inline.part == "space" for inline in run[at + 1 : following]):
            if at >= done:
                parts.append(run[done:at])
            done = following + 1
    parts.append(run[done:] if done else run)
    return parts


def _entries(text: str, run: Sequence[Inline], partners: dict[int, int]) -> list[Sequence[Inline]]:
    """The entries of a menu; none where a run is something else. Each is one pair of tags, so
    that a translation has no text beside it, which would make the page another one.
    """
    entries: list[Sequence[Inline]] = []
    done = at = things = 0
    while at < len(run):
        inline = run[at]
        if inline.part == "text":
            if things != 1 or not _LISTING.fullmatch(text, inline.start, inline.end):
                return []
            entries.append(run[done:at])
            done, things = at + 1, 0
        elif at in partners or inline.shown:
            things += 1
        at = max(at, partners.get(at, at)) + 1
    return [*entries, run[done:]] if entries and things <= 1 else []


def _partners(run: Sequence[Inline]) -> dict[int, int]:
    """For each tag of a well nested pair the index of the other one, in both directions."""
    partners: dict[int, int] = {}
    begun: list[int] = []
    names: defaultdict[str, int] = defaultdict(int)
    for at, inline in enumerate(run):
        if inline.part == "open":
            if inline.name in _NEVER_NESTED and names[inline.name]:
                ended = next(one for one in reversed(begun) if run[one].name == inline.name)
                begun.remove(ended)
                names[inline.name] -= 1
            begun.append(at)
            names[inline.name] += 1
        elif inline.part == "close" and names[inline.name]:
            while True:
                opening = begun.pop()
                names[run[opening].name] -= 1
                if run[opening].name == inline.name:
                    break
            partners[opening], partners[at] = at, opening
    return partners


def _trimmed(run: Sequence[Inline], partners: dict[int, int]) -> tuple[int, int]:
    """Indices of the first and the last stretch that are part of the block."""
    first, last = 0, len(run) - 1
    not_empty: set[int] = set()
    while first <= last:
        if run[first].part == run[last].part == "text":
            break
        if _shows_nothing(run[last], paired=last in partners):
            last -= 1
        elif _shows_nothing(run[first], paired=first in partners):
            first += 1
        elif partners.get(first) == last:
            first, last = first + 1, last - 1
        elif first not in not_empty:
            beyond = _after_empty_pair(run, partners, first, 1)
            not_empty |= {first} if beyond == first else set()
            first = beyond
        elif (beyond := _after_empty_pair(run, partners, last, -1)) != last:
            last = beyond
        else:
            break
    return first, last


def _shows_nothing(inline: Inline, *, paired: bool) -> bool:
    if inline.part == "text":
        return False
    return not paired and not inline.shown


def _after_empty_pair(run: Sequence[Inline], partners: dict[int, int], at: int, step: int) -> int:
    """The index beyond a pair of tags with nothing to see in it; the same where none is."""
    partner = partners.get(at, at)
    if (partner - at) * step <= 0:
        return at
    for inside in range(at + step, partner, step):
        if not _shows_nothing(run[inside], paired=False):
            return at
    return partner + step


def _pieces(
    text: str, run: Sequence[Inline], partners: dict[int, int], first: int, last: int
) -> list[Piece]:
    """What a block is made of, from the first to the last stretch of a run."""
    pieces: list[Piece] = []
    unspaced_break = -1
    glued = False
    number = 0
    numbers: dict[int, int] = {}
    for at in range(first, last + 1):
        inline = run[at]
        part, start, end = inline.part, inline.start, inline.end
        if part not in _TEXTS:
            partner = partners.get(at)
            if partner is None or partner > at:
                numbers[at] = number = number + 1
            kept = _STANDALONE if partner is None else _KINDS[part]
            own = number if partner is None or partner > at else numbers[partner]
            code = InlineCode(kept, own, text[start:end], inline.shown)
            if part == "break" and glued:
                unspaced_break = len(pieces)
            pieces.append(Piece(Span(start, end), inline.shown, code))
            continue
        if at == first:
            start = end - len(text[start:end].lstrip(SPACE))
        if at == last:
            end = start + len(text[start:end].rstrip(SPACE))
        stretches = resolved(text, start, end)
        if not stretches:
            continue
        if unspaced_break >= 0 and stretches[0][2][:1] != " ":
            # Or the words to both sides of the break would be one.
            place = pieces[unspaced_break].span.start
            pieces.insert(unspaced_break, Piece(Span(place, place), " "))
        unspaced_break = -1
        pieces += [Piece(Span(begin, stop), seen) for begin, stop, seen in stretches]
        glued = pieces[-1].text[-1:] != " "
    return pieces


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
    if len(pieces) == 1 and pieces[0].text == text[span.start : span.end]:
        pieces = ()
    return Block(kind, span, translatable=True, pieces=tuple(pieces), detail=detail)


def _has_words(pieces: Sequence[Piece]) -> bool:
    return any(piece.code is None and _WORD.search(piece.text) for piece in pieces)


def _has_protected(pieces: Sequence[Piece]) -> bool:
    """Whether there is text among them that must be a code."""
    seen = "".join([piece.text if piece.code is None else "\n" for piece in pieces])
    return _LOOKS_LIKE_A_TAG in seen or bool(protected_spans(seen))
