"""What counts as the same text."""

import unicodedata

import pytest
from hypothesis import given
from rapidfuzz.distance import Levenshtein

from l10n_pipeline.comparable import comparable, comparable_hash, similarity
from tests.glossary.strategies import any_texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t  say “Hello”", 'don\'t say "hello"'),
        ("10\u00a0km – north…", "10 km - NORTH..."),
        ("Straße", "STRASSE"),
        ("<g1>Open</g1> it<x2/>", "<g3>Open</g3> it<x9/>"),
        (" a\r\n b\u2028", "a b"),
    ],
)
def test_typography_case_and_numbering_of_codes_do_not_count(one, other):
    assert comparable(one) == comparable(other)
    assert comparable_hash(comparable(one)) == comparable_hash(comparable(other))


@pytest.mark.parametrize(
    ("one", "other"), [("a 1", "a 2"), ("<g1>a</g1>", "<x1/>a"), ("ano", "año"), ("a b", "ab")]
)
def test_what_says_something_counts(one, other):
    assert comparable(one) != comparable(other)


@given(any_texts)
def test_canonically_equivalent_texts_compare_equal(text):
    assert comparable(unicodedata.normalize("NFD", text)) == comparable(text)


def test_a_code_is_one_edit_however_long_its_tag():
    assert similarity("Open <g1>the</g1> file", "Open the file") == 1 - 2 / 15


@given(any_texts, any_texts)
def test_similarity_is_levenshteins_on_comparable_forms(one, other):
    expected = Levenshtein.normalized_similarity(comparable(one), comparable(other))
    assert similarity(one, other) == expected == similarity(other, one)
