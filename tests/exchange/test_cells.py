"""Cells that no spreadsheet runs or rewrites."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from l10n_pipeline.exchange.cells import defused, restored
from tests.catalogue.strategies import texts

RUN = st.text(st.sampled_from("'\"=+-@＝;\t\r\n \xa0\ufeff\u200b,a1/“"), max_size=12)
SPLIT = re.compile(r"[;\t\r\n]")


@given(st.one_of(texts, RUN))
@example("'=1+1")
@example("''")
@example("'Twas")
@example("'TRUE")
@example("\n\n=1")
@example("1" * 40)
@example("'" + "1" * 40)
@example("5;=1" + "2" * 36)
def test_every_text_comes_back(text: str) -> None:
    assert restored(defused(text)) == text


@given(RUN)
def test_no_cell_begins_a_formula_wherever_it_is_cut(text: str) -> None:
    cell = defused(text)
    for part in (cell, *SPLIT.split(cell)):
        seen = part.lstrip(" \xa0\ufeff\u200b\"“'\t\r\n")
        if seen.startswith(("=", "+", "-", "@", "＝")):
            assert part.startswith("'"), (text, cell)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ('"=1+1', "'\"=1+1"),
        ("＝1+1", "'＝1+1"),
        ("\tIndented", "'\tIndented"),
        ("- Who is it?", "'- Who is it?"),
        ("One;=1+1", "One;'=1+1"),
        ("One\n- two", "One\n'- two"),
        ("TRUE", "'TRUE"),
        ("1/2", "'1/2"),
        ("May 5", "'May 5"),
        ("007", "'007"),
    ],
)
def test_what_would_be_run_or_rewritten_is_a_text(text: str, cell: str) -> None:
    assert defused(text) == cell


@pytest.mark.parametrize("text", ["'Twas", "'", "A = b", "a-b; c", "Olá, mundo.", "well-known"])
def test_other_texts_are_cells_as_they_are(text: str) -> None:
    assert defused(text) == restored(text) == text


def test_what_a_translator_writes_without_an_apostrophe_stands() -> None:
    assert restored("-5 graus") == "-5 graus"


@pytest.mark.parametrize("text", ["\n" * 200_000, "'" * 200_000, "\n=" * 100_000, " " * 200_000])
def test_time_grows_no_faster_than_the_text(text: str) -> None:
    before = time.process_time()
    assert restored(defused(text)) == text
    assert time.process_time() - before < 2
