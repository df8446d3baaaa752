"""Shortlist files: what they allow, and hostile ones."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from l10n_pipeline.engines.student.shortlist import LexicalShortlist
from l10n_pipeline.errors import ModelError
from tests.support.student_writer import shortlist_bytes

LISTS = [[], [4, 5, 6, 7], [20, 21], [30]]


def load(path: Path, data: bytes, *, shared: bool = False) -> LexicalShortlist:
    path.write_bytes(data)
    return LexicalShortlist(path, source_size=len(LISTS), target_size=40, shared=shared)


def test_allows_frequent_pieces_and_those_listed(tmp_path: Path) -> None:
    shortlist = load(tmp_path / "lex.bin", shortlist_bytes(LISTS, frequent=4))
    assert shortlist.of([1, 0]).tolist() == [0, 1, 2, 3, 4, 5, 6, 7]


def test_fills_up_to_a_multiple_of_eight(tmp_path: Path) -> None:
    shortlist = load(tmp_path / "lex.bin", shortlist_bytes(LISTS, frequent=4))
    assert shortlist.of([2, 3]).tolist() == [0, 1, 2, 3, 4, 20, 21, 30]


def test_allows_copies_where_the_vocabulary_is_shared(tmp_path: Path) -> None:
    shortlist = load(tmp_path / "lex.bin", shortlist_bytes(LISTS, frequent=1), shared=True)
    assert 3 in shortlist.of([3])


@pytest.mark.parametrize(
    ("offset", "form", "value", "message"),
    [
        (0, "<Q", 1, "not a binary lexical shortlist"),
        (32, "<Q", 2**62, "says it has"),
        (40, "<Q", 2**62, "says it has"),
        (48, "<Q", 1, "overlap or lie outside"),
        (56, "<Q", 2**63 + 1, "overlap or lie outside"),
        (64, "<Q", 7, "overlap or lie outside"),
        (88, "<I", 40, "beyond the model's 40"),
        (88, "<I", 2**32 - 1, "beyond the model's 40"),
    ],
)
def test_says_what_is_wrong(
    tmp_path: Path, offset: int, form: str, value: int, message: str
) -> None:
    data = bytearray(shortlist_bytes(LISTS, frequent=4))
    struct.pack_into(form, data, offset, value)
    with pytest.raises(ModelError, match=message):
        load(tmp_path / "lex.bin", bytes(data))


def test_refuses_one_of_another_vocabulary(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="lists 5 source pieces where the model has 4"):
        load(tmp_path / "lex.bin", shortlist_bytes([*LISTS, []], frequent=4))


def test_refuses_a_file_cut_off_anywhere(tmp_path: Path) -> None:
    data = shortlist_bytes(LISTS, frequent=4)
    for length in range(len(data)):
        with pytest.raises(ModelError):
            load(tmp_path / "lex.bin", data[:length])


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4))
def test_no_flipped_byte_does_worse_than_a_refusal(
    tmp_path: Path, flips: list[tuple[int, int]]
) -> None:
    data = bytearray(shortlist_bytes(LISTS, frequent=4))
    for position, value in flips:
        data[position % len(data)] = value
    try:
        shortlist = load(tmp_path / "lex.bin", bytes(data))
    except ModelError:
        return
    allowed = shortlist.of([0, 1, 2, 3])
    assert allowed.dtype == np.int64
    assert allowed.tolist() == sorted(set(range(40)) & set(allowed.tolist()))
