"""Segments of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from l10n_pipeline import codes
from l10n_pipeline.model import Block, Document, Segment, Span
from l10n_pipeline.protocols import Segmenter
from l10n_pipeline.segment.coded import CodedSentence, coded_sentences, reader_text


def segment_document(document: Document, segmenter: Segmenter) -> tuple[Segment, ...]:
    """The segments of a document's translatable blocks, in document order.

    Whatever stands outside the segments is white space, part of a block that is not
    translatable, or, in a block with pieces, an inline code or a sentence without a letter
    or a digit outside of codes. A program's message is one segment, white space included.

    Raises:
        ValueError: where the segmenter breaks its promise and text would be lost, or a
            block's pieces do not tile it.
    """
    return tuple(
        Segment(
            block=number,
            index=index,
            span=sentence.span,
            kind=block.kind,
            source=sentence.source,
            codes=sentence.codes,
            detail=block.detail,
            limit=limit,
            message=document.messages.get(number),
        )
        for index, (number, block, sentence, limit) in enumerate(_sentences(document, segmenter))
    )


def _sentences(
    document: Document, segmenter: Segmenter
) -> Iterator[tuple[int, Block, CodedSentence, int | None]]:
    for number, block in enumerate(document.blocks):
        if not block.translatable:
            continue
        if message := document.messages.get(number):
            yield number, block, CodedSentence(block.span, message.source), block.limit
            continue
        if not tiles(block):
            raise ValueError(f"the pieces of {document.path}, block {number}, do not tile it")
        text = reader_text(block.pieces) if block.pieces else block.span.of(document.text)
        spans = segmenter.split(text)
        if not covers(text, spans):
            raise ValueError(
                f"{type(segmenter).__name__} loses text of {document.path}, block {number}: {spans}"
            )
        if block.pieces:
            for sentence in coded_sentences(block.pieces, spans):
                shown = codes.read(sentence.source, sentence.codes).text
                yield number, block, sentence, _share(block.limit, text, shown)
        else:
            for span in spans:
                sentence = CodedSentence(span.shifted(block.span.start), span.of(text))
                yield number, block, sentence, _share(block.limit, text, sentence.source)


def _share(limit: int | None, text: str, sentence: str) -> int | None:
    """How long a sentence of a text may get where the others stay as long as they are."""
    others = len(text) - len(sentence)
    return limit if limit is None or not others else max(limit - others, len(sentence))


def tiles(block: Block) -> bool:
    """Whether a block's pieces, where it has any, are its span without gaps or overlaps."""
    done = block.span.start
    for piece in block.pieces:
        if piece.span.start != done:
            return False
        done = piece.span.end
    return not block.pieces or done == block.span.end


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
