"""What a reviewer is told of an entry's limit and codes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.catalogue.describing import described
from l10n_pipeline.model import BlockKind, CodeKind, InlineCode, Segment, Span

PLAIN = Segment(0, 0, Span(0, 4), BlockKind.PARAGRAPH, "Text")


def coded(*codes: InlineCode) -> Segment:
    return replace(PLAIN, codes=codes)


def alone(raw: str, number: int = 1) -> InlineCode:
    return InlineCode(CodeKind.STANDALONE, number, raw)


def test_plain_text_needs_no_words() -> None:
    assert described([PLAIN]) == ()


def test_the_tightest_limit_of_all_places_counts() -> None:
    segments = [replace(PLAIN, limit=limit) for limit in (None, 60, 40)]
    assert described(segments) == ("at most 40 characters",)


def test_a_pair_is_described_by_both_its_halves() -> None:
    opening = InlineCode(CodeKind.OPEN, 1, "[")
    closing = InlineCode(CodeKind.CLOSE, 1, "](http://a.example)")
    assert described([coded(opening, alone("`make`", 2), closing)]) == (
        "<g1> = […](http://a.example)",
        "<x2/> = `make`",
    )


def test_the_first_place_describes_the_codes() -> None:
    assert described([coded(alone("a")), coded(alone("b"))]) == ("<x1/> = a",)


def test_very_many_codes_are_counted() -> None:
    lines = described([coded(*(alone("<br>", number) for number in range(1, 101)))])
    assert lines[23:] == ("<x24/> = <br>", "… and 76 more")


@given(st.text(min_size=1))
def test_a_line_is_one_line_and_short(raw: str) -> None:
    (line,) = described([coded(alone(raw))])
    assert len(line.splitlines()) == 1
    assert line == line.rstrip()
    assert len(line) <= len("<x1/> = ") + 72


def sentences(*texts: str) -> list[Segment]:
    return [replace(PLAIN, index=at, source=text) for at, text in enumerate(texts)]


def test_neighbours_are_shown_where_they_are_asked_for() -> None:
    among = sentences("One.", "Two.", "Three.")
    assert described(among[1:2]) == ()
    assert described(among[1:2], among=among) == ("before: One.", "after: Three.")
    assert described(among[:1], among=among) == ("after: Two.",)
    assert described(among[2:], among=among) == ("before: Two.",)
    assert described(among[:1], among=among[:1]) == ()


def test_of_long_neighbours_the_nearer_end_is_shown() -> None:
    long = " ".join(map(str, range(100)))
    among = sentences(long, "Two.", long)
    before, after = described(among[1:2], among=among)
    assert before.startswith("before: …")
    assert before.endswith(" 98 99")
    assert after.startswith("after: 0 1 ")
    assert after.endswith("…")
    assert max(len(before), len(after)) < 170


def test_a_neighbour_is_one_line_without_tags() -> None:
    coded_one = replace(
        coded(InlineCode(CodeKind.STANDALONE, 1, "`a`", "a")), source="Run\n<x1/> now"
    )
    among = [coded_one, replace(PLAIN, index=1)]
    assert described(among[1:], among=among) == ("before: Run a now",)
