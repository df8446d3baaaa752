"""Pieces of a block: protected stretches, look-alikes of tags, numbers of codes."""

import pytest
from hypothesis import given, settings

from l10n_pipeline.codes import TAG
from l10n_pipeline.formats.pieces import code_piece, finished, numbered, text_piece, text_pieces
from l10n_pipeline.model import CodeKind, Piece, Span
from tests.formats.coded import ALONE, CLOSE, OPEN, PARTS, Part, document_of, parts


def pieces(*written: str) -> list[tuple[str, int]]:
    """Text and number of each code's raw; 0 for text."""
    (block, _) = document_of(parts(*written)).blocks
    return [
        (piece.text, 0) if piece.code is None else (piece.code.raw, piece.code.number)
        for piece in block.pieces
    ]


@given(block=PARTS)
@settings(max_examples=300, deadline=None)
def test_pieces_tile_their_block_and_lose_nothing_a_reader_sees(block: list[Part]) -> None:
    document = document_of(block)
    found = [piece for b in document.blocks for piece in b.pieces]

    assert "".join(piece.span.of(document.text) for piece in found) == document.text[:-1]
    assert "".join(piece.text for piece in found) == "".join(shown for _, shown, _ in block)
    done = 0
    for piece in found:
        assert piece.span.start == done
        done = piece.span.end
        if piece.code is not None:
            assert piece.code.raw == piece.span.of(document.text)
            assert piece.code.shown == piece.text


@given(block=PARTS)
@settings(max_examples=300, deadline=None)
def test_no_run_of_text_has_in_it_what_looks_like_a_tag(block: list[Part]) -> None:
    text = "".join(
        piece.text if piece.code is None else "\0"
        for b in document_of(block).blocks
        for piece in b.pieces
    )
    assert not TAG.search(text)


@given(block=PARTS)
@settings(max_examples=300, deadline=None)
def test_codes_are_numbered_in_order_and_pairs_well_nested(block: list[Part]) -> None:
    begun: list[int] = []
    seen: list[int] = []
    for code in (p.code for b in document_of(block).blocks for p in b.pieces if p.code):
        if code.kind is CodeKind.CLOSE:
            assert begun.pop() == code.number
        else:
            seen.append(code.number)
        if code.kind is CodeKind.OPEN:
            begun.append(code.number)
    assert not begun
    assert seen == list(range(1, len(seen) + 1))


def test_the_two_of_a_pair_have_one_number() -> None:
    assert pieces("**", "<b>", "a", "</b>", "<img>", "~~", "`b`") == [
        ("**", 1),
        ("<b>", 2),
        ("a", 0),
        ("</b>", 2),
        ("<img>", 3),
        ("**", 1),
        ("`b`", 4),
    ]


def test_a_half_without_its_other_half_stands_alone() -> None:
    close, opening = code_piece(0, "</b>", CLOSE), code_piece(4, "<b>", OPEN)
    made = numbered([close, opening])
    assert [piece.code and (piece.code.kind, piece.code.number) for piece in made] == [
        (ALONE, 1),
        (ALONE, 2),
    ]


def test_an_address_over_several_pieces_is_one_code() -> None:
    assert pieces("See http://a.example/?b=1", "&amp;", "c=2 now") == [
        ("See ", 0),
        ("http://a.example/?b=1&amp;c=2", 1),
        (" now", 0),
    ]


def test_what_only_a_reader_sees_as_a_tag_is_a_code() -> None:
    text = "a &lt;g1&gt;"
    made = finished(
        [text_piece(0, "a "), Piece(Span(2, 6), "<"), text_piece(6, "g1"), Piece(Span(8, 12), ">")],
        text,
    )
    assert [(piece.text, piece.code and piece.code.raw) for piece in made] == [
        ("a ", None),
        ("<g1>", "&lt;g1&gt;"),
    ]


@pytest.mark.parametrize("tag", ["<g1>", "</g12>", "<x3/>"])
def test_a_look_alike_of_a_tag_is_a_code_that_shows_itself(tag: str) -> None:
    made = text_pieces(7, f"a{tag}b")
    assert [(piece.span, piece.text) for piece in made] == [
        (Span(7, 8), "a"),
        (Span(8, 8 + len(tag)), tag),
        (Span(8 + len(tag), 9 + len(tag)), "b"),
    ]
    assert made[1].code is not None
    assert (made[1].code.raw, made[1].code.shown, made[1].code.kind) == (tag, tag, ALONE)


def test_no_text_has_no_pieces() -> None:
    assert text_pieces(3, "") == []
    assert finished([], "") == ()
