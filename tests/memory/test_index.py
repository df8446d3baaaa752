"""The index finds what a full scan finds, for all texts and thresholds."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from l10n_pipeline.memory.index import SimilarityIndex
from tests.glossary.strategies import any_texts
from tests.memory.strategies import words

_LONG = "to be or not to be " * 60

kept = st.lists(
    st.one_of(words, any_texts, st.sampled_from(["", "a", "ab", "a" * 300, _LONG, "ab" * 700])),
    max_size=30,
)
thresholds = st.sampled_from([0.01, 0.3, 0.5, 2 / 3, 0.75, 0.8, 0.9, 0.95, 1.0])


def scanned(texts, query, threshold):
    """The best score and all who have it."""
    scores = {
        key: Levenshtein.normalized_similarity(query, text)
        for key, text in enumerate(texts)
        if text
    }
    best = max(scores.values(), default=0.0)
    if best < threshold or not query:
        return None
    return best, [key for key, score in scores.items() if score == best]


@given(kept, st.one_of(words, any_texts), thresholds)
@example(["a" * 300, "a" * 600, "b" * 300], "a" * 590, 0.75)
@example(["close"], "ce ose", 2 / 3)
@example([_LONG, _LONG + "!", _LONG[:-40]], _LONG + "?", 0.9)
@example(["ab" * 700, "ba" * 700], "ab" * 699, 0.75)
def test_the_best_is_that_of_a_full_scan(texts, query, threshold):
    index = SimilarityIndex((key, text) for key, text in enumerate(texts) if text)
    found = index.best(query, threshold)
    expected = scanned(texts, query, threshold)
    assert (found and (found.similarity, list(found.keys))) == expected


@given(st.lists(words, min_size=1, max_size=60), st.data(), thresholds)
def test_the_best_of_edited_texts_is_that_of_a_full_scan(texts, data, threshold):
    query = list(data.draw(st.sampled_from(texts)))
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(query)))
        query[at : at + data.draw(st.integers(0, 2))] = data.draw(st.sampled_from(["", "x", "e "]))
    index = SimilarityIndex(enumerate(texts))
    found = index.best("".join(query), threshold)
    expected = scanned(texts, "".join(query), threshold)
    assert (found and (found.similarity, list(found.keys))) == expected


def test_a_key_counts_once():
    index = SimilarityIndex([(7, "one"), (7, "two"), (8, "three")])
    assert len(index) == 2
    assert index.best("two", 0.75) is None


def test_an_empty_index_has_nothing():
    assert SimilarityIndex([]).best("anything", 0.75) is None


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1])
def test_a_threshold_is_a_share(threshold):
    with pytest.raises(ValueError, match="threshold"):
        SimilarityIndex([]).best("a", threshold)
