"""Spellings of names: how alike, and when clearly not the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.names import clearly_differ, find_spelling, groups_of_spellings, telling_words
from l10n_pipeline.names.spelling import likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Khojaly", "Khodjaly"),
        ("Khojaly", "Xocalı"),
        ("Khojaly", "Ходжалы"),
        ("Karabakh", "Carabaque"),
        ("Aliyeva", "Əliyeva"),
        ("Aliyeva", "Алиевой"),
        ("Ričardas", "Riçardas"),
        ("Kyoto", "Kioto"),
    ],
)
def test_the_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= 0.75


@pytest.mark.parametrize(
    ("one", "other"), [("Khojaly", "Khankendi"), ("Baku", "Moscow"), ("Aliyeva", "Armenia")]
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < 0.75


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) == likeness(other, one) <= 1.0
    assert clearly_differ(one, other) == clearly_differ(other, one)
    assert not clearly_differ(one, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Алиева", "Алиевой"),
        ("Москва", "Московский"),
        ("Bakı", "Bakıda"),
        ("BAKU", "Baku"),
        ("Nagorno‑Karabakh", "Nagorno-Karabakh"),
        ("Brasil", "Brasileiro"),
    ],
)
def test_endings_capitals_and_typography_are_no_difference(one: str, other: str) -> None:
    assert not clearly_differ(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Khojaly", "Khodjaly"), ("Aliyeva", "Alieva"), ("Armênia", "Arménia"), ("Baku", "Bacu")],
)
def test_a_difference_in_the_stem_is_one(one: str, other: str) -> None:
    assert clearly_differ(one, other)


@given(st.lists(st.text("aábcdеK", max_size=6)))
def test_groups_hold_each_spelling_once(spellings: list[str]) -> None:
    groups = groups_of_spellings(spellings)
    assert sorted(one for group in groups for one in group) == sorted(set(spellings))


def test_a_spelling_is_taken_only_where_no_other_word_could_be_meant() -> None:
    assert find_spelling("Iran", "Iran fell.", "O Irã caiu.") == "Irã"
    # A word of another name of the sentence.
    assert find_spelling("Aliyev", "Aliyev met Aliyeva.", "Reuniu-se com Aliyeva.") == ""
    # Two that differ.
    assert find_spelling("Namgyal", "Namgyal fell.", "Namgial e Nomgyal.") == ""
    # No name at all.
    assert find_spelling("Apple", "Apple fell.", "A apple caiu.") == ""
    # Too short to tell.
    assert find_spelling("Rio", "Rio fell.", "Rio caiu.") == ""


def test_common_words_of_a_name_are_translated_not_spelt() -> None:
    assert list(telling_words("Bank of Khojaly", {"bank", "of"})) == ["Khojaly"]
