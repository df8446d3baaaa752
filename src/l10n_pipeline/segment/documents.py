"""Segments of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from l10n_pipeline.model import Document, Segment, Span
from l10n_pipeline.protocols import Segmenter


def segment_document(document: Document, segmenter: Segmenter) -> tuple[Segment, ...]:
    """The segments of a document's translatable blocks, in document order.

    Whatever stands outside the segments is white space, or part of a block that is not
    translatable.

    Raises:
        ValueError: where the segmenter breaks its promise and text would be lost.
    """
    return tuple(
        Segment(
            block=block,
            index=index,
            span=span,
            kind=document.blocks[block].kind,
            source=span.of(document.text),
        )
        for index, (block, span) in enumerate(_sentences(document, segmenter))
    )


def _sentences(document: Document, segmenter: Segmenter) -> Iterator[tuple[int, Span]]:
    for index, block in enumerate(document.blocks):
        if not block.translatable:
            continue
        text = block.span.of(document.text)
        spans = segmenter.split(text)
        if not covers(text, spans):
            raise ValueError(
                f"{type(segmenter).__name__} loses text of {document.path}, block {index}: {spans}"
            )
        for span in spans:
            yield index, span.shifted(block.span.start)


def covers(text: str, spans: Sequence[Span]) -> bool:
    """Whether the spans hold what a segmenter promises: in order, apart, non-empty, without
    white space at their ends, and nothing but white space outside them.

    >>> covers("One. Two.", [Span(0, 4), Span(5, 9)]), covers("One. Two.", [Span(0, 4)])
    (True, False)
    """
    done = 0
    for span in spans:
        source = span.of(text)
        if span.start < done or span.end > len(text) or not source or source != source.strip():
            return False
        if text[done : span.start].strip():
            return False
        done = span.end
    return not text[done:].strip()
