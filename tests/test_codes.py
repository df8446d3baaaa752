"""Codes in text: written, read, and what can be wrong with them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.codes import CodedText, Mark, emptied, faults, read, write
from l10n_pipeline.model import CodeKind, InlineCode, Span

CODES = (
    InlineCode(CodeKind.OPEN, 1, "**"),
    InlineCode(CodeKind.CLOSE, 1, "**"),
    InlineCode(CodeKind.STANDALONE, 2, "`make`", "make"),
    InlineCode(CodeKind.OPEN, 3, "<i>"),
    InlineCode(CodeKind.CLOSE, 3, "</i>"),
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<g1>a</g1> <x2/> <g3>b</g3>", ()),
        ("<g3><x2/><g1></g1></g3>", ()),
        ("<g1>a</g1> <g3>b</g3>", ("<x2/> is missing",)),
        ("<g1>a</g1><x2/><x2/><g3></g3>", ("<x2/> stands there 2 times",)),
        ("<g1>a</g1><x2/><g3></g3><x4/>", ("<x4/> is not in the source",)),
        ("<g1>a<g3></g1><x2/></g3>", ("</g1> crosses <g3>",)),
        ("</g1>a<g1><x2/><g3></g3>", ("</g1> has no <g1> before it",)),
    ],
)
def test_faults_are_told_in_words(written: str, said: tuple[str, ...]) -> None:
    assert faults(written, CODES) == said


@pytest.mark.parametrize(
    ("source", "written", "told"),
    [
        ("<g1>a</g1>", "<g1>b</g1>", ()),
        ("<g1>a</g1>", "b <g1></g1>", ("<g1>",)),
        ("<g1>a</g1>", "b <g1> </g1>", ("<g1>",)),
        ("<g1></g1>a", "b<g1></g1>", ()),
        ("<g1><x2/></g1>", "<x2/><g1></g1>", ("<g1>",)),
        ("<g1>a</g1>", "<g1><x2/></g1>", ()),
        ("<g1>a <g2>b</g2></g1>", "c <g1><g2></g2></g1>", ("<g2>", "<g1>")),
        ("<g1>a <g2>b</g2></g1>", "c <g1>d<g2></g2></g1>", ("<g2>",)),
        ("<g1>a</g1>", "<g1>", ()),
    ],
)
def test_a_pair_that_lost_all_it_was_around_is_told(
    source: str, written: str, told: tuple[str, ...]
) -> None:
    assert emptied(source, written) == told


def test_time_grows_with_the_number_of_codes_alone() -> None:
    count = 20_000
    own = tuple(
        InlineCode(kind, number, "*")
        for number in range(1, count + 1)
        for kind in (CodeKind.OPEN, CodeKind.CLOSE)
    )
    beside = "".join(f"<g{number}>a</g{number}>" for number in range(1, count + 1))
    nested = "".join(f"<g{number}>" for number in range(1, count + 1))
    began = time.perf_counter()
    assert faults(beside, own) == ()
    assert emptied(beside, beside) == ()
    assert len(faults(nested, own)) == count
    assert len(read(beside, own).marks) == 2 * count
    assert time.perf_counter() - began < 15


@pytest.mark.parametrize("written", ["", "<g1>", "a <x9/>"])
def test_where_there_are_no_codes_nothing_can_be_wrong(written: str) -> None:
    assert faults(written, ()) == ()


def test_reading_shows_what_codes_show() -> None:
    coded = read("Run <g1><x2/></g1> <x9/>", CODES)

    assert coded.text == "Run make <x9/>"
    assert [(mark.code, mark.span) for mark in coded.marks] == [
        (CODES[0], Span(4, 4)),
        (CODES[2], Span(4, 8)),
        (CODES[1], Span(8, 8)),
    ]


@given(st.lists(st.sampled_from(["a", " ", "<", "<g1>", "</g1>", "<x2/>", "<x7/>", ">", "é"])))
def test_what_was_read_is_written_again(parts: list[str]) -> None:
    written = "".join(parts)
    assert write(read(written, CODES)) == written


@given(st.permutations(range(5)), st.lists(st.integers(0, 20), min_size=5, max_size=5))
def test_a_placing_of_all_codes_is_faultless_where_pairs_are_nested_or_apart(
    order: list[int], places: list[int]
) -> None:
    text = "word " * 4
    marks = tuple(
        Mark(CODES[index], Span(at, at)) for index, at in zip(order, sorted(places), strict=True)
    )
    said = faults(write(CodedText(text, marks)), CODES)
    rank = {index: at for at, index in enumerate(order)}
    in_order = rank[0] < rank[1] and rank[3] < rank[4]
    begins_inside, ends_inside = (rank[0] < rank[half] < rank[1] for half in (3, 4))
    assert (said == ()) is (in_order and begins_inside == ends_inside)
