"""Sentences of blocks with inline codes: what goes with them and what stays outside."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from l10n_pipeline import codes
from l10n_pipeline.formats.splicing import spliced
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, CodeKind, Document, Piece, Segment, Span
from l10n_pipeline.segment import SentenceSegmenter, segment_document
from l10n_pipeline.segment.coded import reader_text
from tests.formats.coded import PARTS, Part, document_of, parts

SEGMENTER = SentenceSegmenter(Locale("en"))


def segments(document: Document) -> tuple[Segment, ...]:
    return segment_document(document, SEGMENTER)


def sources(*written: str) -> list[str]:
    return [segment.source for segment in segments(document_of(parts(*written)))]


@given(blocks=st.lists(PARTS, max_size=3))
@settings(max_examples=300, deadline=None)
def test_documents_made_of_their_own_sources_are_themselves(blocks: list[list[Part]]) -> None:
    document = document_of(*blocks)

    identity = {segment: segment.source for segment in segments(document)}

    assert spliced(document, identity, _refuse) == document.text
    assert spliced(document, {}, _refuse) == document.text


@given(block=PARTS)
@settings(max_examples=300, deadline=None)
def test_each_code_is_in_one_segment_or_in_none_and_segments_are_well_formed(
    block: list[Part],
) -> None:
    document = document_of(block)
    done = 0
    for segment in segments(document):
        pieces = document.blocks[segment.block].pieces
        inside = [p for p in pieces if p.code and segment.span.contains(p.span)]
        assert not any(p.code and p.span.overlaps(segment.span) for p in pieces if p not in inside)
        assert [code.raw for code in segment.codes] == [p.code.raw for p in inside if p.code]
        assert segment.span.start >= done
        done = segment.span.end
        assert not codes.faults(segment.source, segment.codes)
        numbers = [code.number for code in segment.codes]
        assert list(dict.fromkeys(numbers)) == list(range(1, len(set(numbers)) + 1))
        counted = Counter(
            code.number for code in segment.codes if code.kind is not CodeKind.STANDALONE
        )
        assert set(counted.values()) <= {2}
        assert segment.source == segment.source.strip()


@given(block=PARTS)
@settings(max_examples=300, deadline=None)
def test_no_word_is_lost_between_segments(block: list[Part]) -> None:
    document = document_of(block)
    (pieces,) = [b.pieces for b in document.blocks if b.pieces] or [()]
    translated = [segment.span for segment in segments(document)]
    left = "".join(
        character
        for piece in pieces
        if piece.code is None
        for at, character in enumerate(piece.text)
        if not any(
            span.contains(Span(piece.span.start + at, piece.span.start + at))
            if len(piece.text) == len(piece.span)
            else span.contains(piece.span)
            for span in translated
        )
    )
    assert not any(map(str.isalnum, left))


@given(block=PARTS)
@settings(max_examples=200, deadline=None)
def test_what_a_reader_sees_in_a_segment_is_what_stands_there(block: list[Part]) -> None:
    document = document_of(block)
    shown = "".join(reader_text(b.pieces) for b in document.blocks)
    at = 0
    for segment in segments(document):
        seen = codes.read(segment.source, segment.codes).text
        assert seen in shown[at:]
        at = shown.index(seen, at) + len(seen)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("One ", "**", "two", "~~", " three."), ["One <g1>two</g1> three."]),
        (("**", "One", "~~", " two."), ["<g1>One</g1> two."]),
        (("One ", "**", "two.", "~~"), ["One <g1>two.</g1>"]),
        (("One ", "`make test`", " two."), ["One <x1/> two."]),
        (("One ", "&amp;", " two", "\n> ", "three."), ["One & two three."]),
        (("Ask ", "{name}", " now."), ["Ask <x1/> now."]),
    ],
)
def test_codes_inside_a_sentence_go_with_it(written: tuple[str, ...], expected: list[str]) -> None:
    assert sources(*written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("**", "One.", "~~"), ["One."]),
        (("**", "<i>", "One.", "</i>", "~~", "<img>"), ["One."]),
        (("<img>", "One came.", "<br>", "Two left."), ["One came.", "Two left."]),
        (("**", "One came. Two left.", "~~", " Three."), ["One came.", "Two left.", "Three."]),
        (("<b>", "<i>", "One", "</i>", " two.", "</b>"), ["<g1>One</g1> two."]),
    ],
)
def test_codes_around_sentences_stay_outside(written: tuple[str, ...], expected: list[str]) -> None:
    assert sources(*written) == expected


def test_a_pair_that_a_sentence_end_cuts_stands_alone_in_each() -> None:
    one, two = segments(document_of(parts("One ", "**", "came. Two", "~~", " left ", "<img>", ".")))

    assert (one.source, two.source) == ("One <x1/>came.", "Two<x1/> left <x2/>.")
    assert [code.kind for code in (*one.codes, *two.codes)] == [CodeKind.STANDALONE] * 3


def test_a_pair_that_begins_before_a_sentence_and_ends_in_a_later_one_is_cut_there_alone() -> None:
    assert sources("**", "One came. Two", "~~", " left.") == ["One came.", "Two<x1/> left."]


def test_what_is_code_is_not_divided() -> None:
    assert sources("Say ", "`One came. Two left.`", " twice.") == ["Say <x1/> twice."]


@pytest.mark.parametrize("written", [("`make test`",), ("`a`", ", ", "`b`", "."), ("…",), (" ",)])
def test_where_there_are_no_words_there_is_nothing_to_translate(written: tuple[str, ...]) -> None:
    assert sources(*written) == []


def test_white_space_inside_a_pair_stays_inside() -> None:
    assert sources("<b>", " One ", "</b>", "two.") == ["<g1> One </g1>two."]


def test_a_block_tells_its_segments_what_it_is() -> None:
    pieces = (Piece(Span(0, 5), "Title"),)
    block = Block(
        BlockKind.HEADING, Span(0, 5), translatable=True, pieces=pieces, detail="level 2", limit=60
    )
    (segment,) = segments(Document("a", "a", "x", Locale("en"), "utf-8", "Title", (block,)))

    assert (segment.kind, segment.detail, segment.limit) == (BlockKind.HEADING, "level 2", 60)


@pytest.mark.parametrize("span", [Span(0, 4), Span(1, 5), Span(0, 6)])
def test_pieces_that_are_not_the_block_are_refused(span: Span) -> None:
    block = Block(
        BlockKind.PARAGRAPH, Span(0, 5), translatable=True, pieces=(Piece(span, "Title"),)
    )
    with pytest.raises(ValueError, match="do not tile"):
        segments(Document("a", "a", "x", Locale("en"), "utf-8", "Titles", (block,)))


def test_a_block_of_very_many_pieces_takes_no_long_time() -> None:
    many = ["**", "<b>"] * 5_000 + ["One came. "] * 5_000 + ["</b>", "~~"] * 5_000
    assert len(sources(*many)) == 5_000


def _refuse(text: str, _: Block) -> str:
    raise AssertionError(text)


def test_sentences_that_share_a_limit_have_what_the_others_leave() -> None:
    def limits(limit: int | None, *written: str) -> list[int | None]:
        document = document_of(parts(*written))
        blocks = tuple(structs.replace(block, limit=limit) for block in document.blocks)
        return [segment.limit for segment in segments(replace(document, blocks=blocks))]

    assert limits(None, "One two.") == [None]
    assert limits(5, "One two.") == [5]
    assert limits(30, "One two. Three.") == [30 - len(" Three."), 30 - len("One two. ")]
    assert limits(10, "One two. Three.") == [len("One two."), len("Three.")]
