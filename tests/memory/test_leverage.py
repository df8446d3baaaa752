"""Leverage counts every segment and word once, in the class of its best match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.memory.leverage import Band, Leverage
from l10n_pipeline.memory.matches import Match, MatchKind
from l10n_pipeline.memory.units import MemoryUnit, Supply, SupplyKind

SUPPLY = Supply(SupplyKind.TMX, "a.tmx")


def match(kind, similarity):
    return Match(kind, similarity, MemoryUnit("a", "b"), SUPPLY)


@pytest.mark.parametrize(
    ("found", "band"),
    [
        (match(MatchKind.CONTEXT, 1.0), Band.CONTEXT),
        (match(MatchKind.EXACT, 1.0), Band.EXACT),
        (match(MatchKind.NEAR, 0.99), Band.HIGH),
        (match(MatchKind.FUZZY, 0.999), Band.HIGH),
        (match(MatchKind.FUZZY, 0.95), Band.HIGH),
        (match(MatchKind.FUZZY, 0.9499), Band.MEDIUM),
        (match(MatchKind.FUZZY, 0.85), Band.MEDIUM),
        (match(MatchKind.FUZZY, 0.84), Band.LOW),
        (match(MatchKind.FUZZY, 0.75), Band.LOW),
        (match(MatchKind.FUZZY, 0.7499), Band.NONE),
        (None, Band.NONE),
    ],
)
def test_the_class_of_a_match(found, band):
    assert Band.of(found) is band


_found = st.one_of(st.none(), st.builds(match, st.sampled_from(MatchKind), st.floats(0.5, 1.0)))


@given(st.lists(st.tuples(_found, st.integers(0, 99))))
def test_nothing_is_lost_or_counted_twice(segments):
    leverage = Leverage()
    for found, words in segments:
        leverage.add(found, words)
    assert list(leverage.table) == list(Band)
    assert sum(count for count, _ in leverage.table.values()) == len(segments)
    assert sum(words for _, words in leverage.table.values()) == sum(words for _, words in segments)
