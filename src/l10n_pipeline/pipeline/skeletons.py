"""Whether a built document still has the structure of its source.

A skeleton is what translating must leave as it is: the sequence of blocks with their kinds,
and the markup. Addresses and placeholders are no part of it, since a translation may have more
of them; that none is missing is known before anything is built. Where a translation has put a
code is no part of it either: a reader leaves what stands at a block's edges outside, and an
image's alternative text goes where the image goes.

A format whose blocks and codes do not tell compares its documents itself: see
:class:`~l10n_pipeline.protocols.StructuredFormat`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import zip_longest
from typing import Final

from l10n_pipeline.model import Block, BlockKind, Document, InlineCode, Span
from l10n_pipeline.protocols import DocumentFormat, StructuredFormat

_TAG: Final = re.compile(r"</?[A-Za-z][\w:.-]*")
_LONGEST_PLACE: Final = 40
_OF_MARKUP: Final = frozenset({BlockKind.ALT_TEXT, BlockKind.TITLE, BlockKind.LABEL})
"""Kinds of what is said in a tag, wherever it stands."""


@dataclass(frozen=True, slots=True)
class _Bone:
    """A part of a document that keeps its place in the order of all of them."""

    at: int
    """Offset into the document's text."""
    what: tuple[Hashable, ...]
    tags: tuple[str, ...] = ()
    """In its codes, in no order: where to look first."""


@dataclass(frozen=True, slots=True)
class _Skeleton:
    bones: Sequence[_Bone]
    markup: Counter[Hashable]
    """Tags, and kinds of texts in them, whatever their order."""


def first_drift(source: Document, built: Document, document_format: DocumentFormat) -> int | None:
    """Where in the source's text the built document seems to begin to have another structure;
    None where it has the same.
    """
    if isinstance(document_format, StructuredFormat):
        return document_format.first_drift(source, built)
    ours, theirs = _skeleton(source), _skeleton(built)
    at = 0
    for one, other in zip_longest(ours.bones, theirs.bones):
        at = at if one is None else one.at
        if one is None or other is None or one.what != other.what:
            return at
    if ours.markup == theirs.markup:
        return None
    changed = (
        one.at
        for one, other in zip(ours.bones, theirs.bones, strict=True)
        if one.tags != other.tags
    )
    return next(changed, 0)


def place_of(document: Document, at: int) -> str:
    """Where in a document an offset into its text is, in words for a user: a line or, in an
    archive, a member and the text that follows.
    """
    for member, span in document.parts:
        if span.start <= at < span.end:
            following = (block for block in document.blocks if block.span.end > at and block.pieces)
            said = "".join(piece.text for piece in next(following, document.blocks[-1]).pieces)
            near = f", near “{said[:_LONGEST_PLACE].strip()}”" if said else ""
            return f"a place in {member} of {document.path}{near},"
    line = document.text.count("\n", 0, at) + 1
    return f"line {line} of {document.path}"


def _skeleton(document: Document) -> _Skeleton:
    bones = [
        _Bone(block.span.start, (block.kind, *sorted(_signs(block))), _tags(block))
        for block in document.blocks
        if block.translatable and block.kind not in _OF_MARKUP
    ]
    said = [block.span for block in document.blocks if block.kind in _OF_MARKUP]
    markup: Counter[Hashable] = Counter(
        tag
        for span in _untranslated(document, said)
        for tag in _TAG.findall(span.of(document.text))
    )
    markup.update(block.kind for block in document.blocks if block.kind in _OF_MARKUP)
    return _Skeleton(bones, markup)


def _signs(block: Block) -> Iterator[str]:
    """Kinds of a block's codes that are no tags, and how they begin. What follows may change
    rightly: a Markdown link by reference gets the label that was its text before.
    """
    for piece in block.pieces:
        code = piece.code
        if code is not None and not _shows_itself(code) and not _TAG.match(code.raw):
            yield f"{code.kind} {code.raw[:1]}"


def _shows_itself(code: InlineCode) -> bool:
    """Whether a code is text that is protected, such as an address, escaped or not."""
    return code.raw == code.shown or unescape(code.raw).replace("\\", "") == code.shown


def _tags(block: Block) -> tuple[str, ...]:
    raw = (piece.code.raw for piece in block.pieces if piece.code is not None)
    return tuple(sorted(tag for code in raw for tag in _TAG.findall(code)))


def _untranslated(document: Document, said: Sequence[Span]) -> Iterator[Span]:
    """The stretches of a document that are no text: separators, and codes without what is said
    in them.
    """
    for block in document.blocks:
        if not block.translatable:
            yield block.span
        for piece in block.pieces:
            if piece.code is not None and not _shows_itself(piece.code):
                yield from _without(piece.span, said)


def _without(span: Span, said: Sequence[Span]) -> Iterator[Span]:
    """What is left of a stretch without others, which are in order."""
    start = span.start
    for inner in said[bisect_left(said, span) :]:
        if inner.end > span.end:
            break
        yield Span(start, inner.start)
        start = inner.end
    yield Span(start, span.end)
