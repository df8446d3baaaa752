"""Likeness of spellings across scripts."""

import pytest
from hypothesis import given

from l10n_pipeline.similarity import likeness
from tests.glossary.strategies import texts


@pytest.mark.parametrize(
    ("one", "other", "at_least"),
    [
        ("Ričardas", "Riardas", 0.9),
        ("Lapaitis", "Лапайтис", 0.85),
        ("Heydar Aliyev", "Гейдар Алиев", 0.75),
        ("Leyla Əliyeva", "Leyla Aliyeva", 1.0),
        ("New York", "Newyork", 1.0),
    ],
)
def test_spellings_of_one_name_are_alike(one, other, at_least):
    assert likeness(one, other) >= at_least


@pytest.mark.parametrize(
    ("one", "other"), [("Khojaly", "massacre"), ("Baku", "hoje"), ("🎉", "❤"), ("Baku", "")]
)
def test_different_words_are_not(one, other):
    assert likeness(one, other) < 0.5


@given(texts, texts)
def test_likeness_is_symmetric_and_within_bounds(one, other):
    assert 0.0 <= likeness(one, other) == likeness(other, one) <= 1.0
    assert likeness(one, one) == 1.0
