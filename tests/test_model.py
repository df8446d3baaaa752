"""The nouns that are more than their fields."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.model import Alignment, AlignmentLink, Hypothesis, Search, Span

SPANS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**4)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)
LINKS = st.builds(AlignmentLink, target=SPANS, source=SPANS, weight=st.floats(0, 1))
LISTS = st.lists(LINKS, max_size=8)


@given(LISTS)
def test_an_alignment_is_the_sequence_of_its_links(links: list[AlignmentLink]) -> None:
    alignment = Alignment(links)
    assert len(alignment) == len(links)
    assert list(alignment) == links
    assert list(reversed(alignment)) == links[::-1]
    assert [alignment[at] for at in range(-len(links), len(links))] == [*links, *links]
    for outside in (len(links), -len(links) - 1):
        with pytest.raises(IndexError):
            alignment[outside]
    assert all(link in alignment for link in links)
    assert eval(repr(alignment)) == alignment


@given(links=LISTS, cut=st.slices(8))
def test_a_slice_is_that_of_the_links(links: list[AlignmentLink], cut: slice) -> None:
    assert list(Alignment(links)[cut]) == links[cut]


@given(one=LISTS, other=LISTS)
def test_alignments_are_equal_where_their_links_are(
    one: list[AlignmentLink], other: list[AlignmentLink]
) -> None:
    assert (Alignment(one) == Alignment(other)) == (one == other)
    assert Alignment(one) == Alignment(iter(one))
    assert Alignment(one) == tuple(one)
    assert tuple(one) == Alignment(one)
    assert hash(Alignment(one)) == hash(tuple(one))
    assert Hypothesis("", 0.0, Alignment(one)) == Hypothesis("", 0.0, tuple(one))


@pytest.mark.parametrize("other", ["", b"", 0, None, range(0), {}])
def test_an_alignment_is_nothing_else(other: object) -> None:
    assert Alignment() != other
    assert other != Alignment()


@given(LISTS)
def test_an_alignment_survives_the_way_to_another_process(links: list[AlignmentLink]) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        found = pickle.loads(pickle.dumps(Alignment(links), protocol))
        assert type(found) is Alignment
        assert found == Alignment(links)
        assert hash(found) == hash(Alignment(links))


@given(links=LISTS, by=st.integers(0, 10**6))
def test_shifting_moves_the_target_alone(links: list[AlignmentLink], by: int) -> None:
    alignment = Alignment(links)
    assert list(alignment.shifted(by)) == [
        AlignmentLink(link.target.shifted(by), link.source, link.weight) for link in links
    ]
    assert list(alignment) == links


@given(one=LISTS, other=LISTS)
def test_alignments_are_added_one_after_the_other(
    one: list[AlignmentLink], other: list[AlignmentLink]
) -> None:
    first, second = Alignment(one), Alignment(other)
    assert list(first + second) == one + other
    both = first
    both += second
    assert list(both) == one + other
    assert (list(first), list(second)) == (one, other)


@given(LISTS)
def test_numbers_make_the_same_alignment(links: list[AlignmentLink]) -> None:
    places = [
        place
        for link in links
        for place in (link.target.start, link.target.end, link.source.start, link.source.end)
    ]
    assert Alignment.of(places, [link.weight for link in links]) == Alignment(links)


@pytest.mark.parametrize("wrong", [{"beam": 0}, {"length_penalty": -0.1}, {"no_repeat_ngram": -1}])
def test_some_ways_to_search_are_none(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not a way to search"):
        Search(**wrong)
