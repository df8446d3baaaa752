"""Putting translations into a document: every byte outside of them stays the input's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from l10n_pipeline import codes
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.decoding import NEWLINE
from l10n_pipeline.model import Block, Document, Segment, Span

Encode = Callable[[str, Block], str]
"""Reader's text, and the block it goes into, to the document's text: escapes, line ends."""

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_LONGEST_START: Final = 40


def spliced(document: Document, translations: Mapping[Segment, str], encode: Encode) -> str:
    """The document's text with segments replaced by their translations.

    Tags of a segment's codes become what stands in the document, the text between them is
    encoded for its place. A segment mapped to its own source stays as it is.

    Args:
        document: as it was read.
        translations: of any of its segments.
        encode: makes reader's text the document's.

    Raises:
        DocumentError: where a translation's codes are not those of its segment, or it holds
            a lone surrogate; says in which line of the document.
        ValueError: where a segment is not of this document, or two overlap.
    """
    pieces: list[str] = []
    done = 0
    for segment, translation in sorted(translations.items(), key=_place):
        if not _is_of(segment, document, done):
            raise ValueError(f"not a segment of {document.path}: {segment}")
        pieces.append(document.text[done : segment.span.start])
        if translation == segment.source:
            pieces.append(segment.span.of(document.text))
        else:
            refuse_broken(translation, segment, document)
            pieces += _written(translation, segment, document.blocks[segment.block], encode)
        done = segment.span.end
    pieces.append(document.text[done:])
    return "".join(pieces)


def _place(item: tuple[Segment, str]) -> tuple[int, int]:
    span = item[0].span
    return span.start, span.end


def line_ends_of(text: str) -> str:
    r"""The most frequent line end of a text; empty where it has none.

    >>> line_ends_of("a\r\nb\r\nc\n")
    '\r\n'
    """
    found = NEWLINE.findall(text)
    return max(("\n", "\r\n", "\r"), key=found.count) if found else ""


def _is_of(segment: Segment, document: Document, done: int) -> bool:
    if segment.span.start < done or segment.block >= len(document.blocks):
        return False
    block = document.blocks[segment.block]
    if not block.span.contains(segment.span):
        return False
    return bool(block.pieces) or segment.span.of(document.text) == segment.source


def refuse_broken(translation: str, segment: Segment, document: Document) -> None:
    """Let a translation be one that can be written.

    Raises:
        DocumentError: where its codes are not those of its segment, or it holds half of a
            surrogate pair.
    """
    if faults := codes.faults(translation, segment.codes):
        raise DocumentError(
            f"the codes of the translation of “{_start(segment.source)}” are broken: "
            f"{', '.join(faults)}",
            where=f"{document.path}:{line_of(document, segment.span)}",
            way_out="correct this entry in the catalogue",
        )
    refuse_surrogates(translation, f"{document.path}:{line_of(document, segment.span)}")


def refuse_surrogates(translation: str, where: str) -> None:
    """Raise DocumentError where a translation holds half of a surrogate pair."""
    if surrogate := _SURROGATE.search(translation):
        raise DocumentError(
            f"a translation cannot be written: its character {surrogate.start() + 1} is half of "
            "a surrogate pair",
            where=where,
            way_out="correct the translation of this line in the catalogue",
        )


def line_of(document: Document, span: Span) -> int:
    """The line, from 1, in which a stretch of a document begins."""
    return document.text.count("\n", 0, span.start) + 1


def _start(source: str) -> str:
    return source if len(source) <= _LONGEST_START else f"{source[:_LONGEST_START]}…"


def _written(translation: str, segment: Segment, block: Block, encode: Encode) -> Iterator[str]:
    if not segment.codes:
        yield encode(translation, block)
        return
    coded = codes.read(translation, segment.codes)
    done = 0
    for mark in coded.marks:
        if done < mark.span.start:
            yield encode(coded.text[done : mark.span.start], block)
        yield mark.code.raw
        done = mark.span.end
    if done < len(coded.text):
        yield encode(coded.text[done:], block)
