"""CSV and other delimited files: columns in any order, rows refused one by one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.folding import fold
from l10n_pipeline.glossary.delimited import (
    formulas,
    names_columns,
    read_delimited,
    write_delimited,
)
from l10n_pipeline.glossary.tsv import read_glossary, write_tsv
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term, TermKind
from tests.glossary.strategies import terms

EN, PT_BR = Locale("en"), Locale.parse("pt-BR")
several = st.lists(terms, max_size=5, unique_by=lambda term: fold(term.source).text)


def read(text: str | bytes, delimiter: str = ","):
    data = text if isinstance(text, bytes) else text.encode()
    return read_delimited(data, "t.csv", delimiter=delimiter, source=EN, target=PT_BR)


def said(text: str | bytes) -> list[str]:
    return [str(finding) for finding in read(text).findings]


def bare(found: tuple[Term, ...]) -> list[Term]:
    return [replace(term, origin="") for term in found]


@given(several, st.sampled_from(",;\t|"))
def test_all_that_is_written_is_read_again(given_terms: list[Term], delimiter: str) -> None:
    reading = read(write_delimited(given_terms, delimiter=delimiter), delimiter)
    # Where tabs part the cells nothing quotes, so a quoted cell is another term.
    if delimiter != "\t" or not any('"' in str(term) for term in given_terms):
        assert bare(reading.terms) == given_terms
        assert reading.findings == ()


@given(several)
def test_all_that_is_written_as_a_glossary_is_read_again(given_terms: list[Term]) -> None:
    reading = read_glossary(write_tsv(given_terms), "t.tsv")
    assert bare(reading.terms) == given_terms
    assert reading.findings == ()


def test_columns_come_in_any_order_and_case() -> None:
    (term,) = read('Kind;"Target";SOURCE\nplace;"a ""quoted"" one";Baku\n', ";").terms
    assert bare((term,)) == [Term("Baku", 'a "quoted" one', kind=TermKind.PLACE)]


@pytest.mark.parametrize("heading", ["pt-BR,en", "pt_br,EN", "target,source", "Target,en"])
def test_a_language_s_tag_names_its_column(heading: str) -> None:
    assert read(f"{heading}\nBacu,Baku\n").terms[0].target == "Bacu"


def test_a_note_is_a_comment_in_one_line() -> None:
    assert read('note,source,target\n"a\ntown",Baku,Bacu').terms[0].note == "a town"


def test_a_row_that_spans_lines_is_known_by_its_first() -> None:
    text = 'source,target,comment\nBaku,Bacu,"a\nb\nc"\n\nGanja,\n'
    assert read(text).terms[0].origin == "t.csv:2"
    assert said(text) == ["t.csv:6: error: 'Ganja' has no target"]


def test_a_column_of_no_use_is_told() -> None:
    reading = read("source,target,forbiden,Client\nBaku,Bacu,x,y\n")
    assert [str(finding) for finding in reading.findings] == [
        "t.csv:1: warning: the column 'forbiden' is left out; did you mean 'forbidden'?",
        "t.csv:1: warning: the column 'client' is left out",
    ]
    assert reading.terms[0].forbidden == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "t.csv:1: error: no column is named 'source'"),
        ("Baku,Bacu\n", "t.csv:1: error: no column is named 'source'"),
        ("source;target\n", "t.csv:1: error: no column is named 'source'"),
        ("source\n", "t.csv:1: error: no column is named 'target'"),
        ("en,source,target\n", "t.csv:1: error: the column 'source' is named twice"),
        ('"source\n', "t.csv:1: error: not CSV: unexpected end of data"),
        ("source,target\na,b,c\n", "t.csv:2: error: 3 cells, but there are only 2 columns"),
        ('source,target\n"a"b,c\n', "t.csv:2: error: not CSV: "),
        ('source,target\nok,ok\n"a,b\nc,d\n', "t.csv:3: error: not CSV: unexpected end of data"),
        ('source,target\na,"b\nc"\n', "t.csv:2: error: the control character U+000A"),
        ("source,target\na,b\0\n", "t.csv:2: error: the control character U+0000"),
        ("source,target\na,b\tc\n", "t.csv:2: error: a tab in the column 'target'"),
        ("source,target\na,b\u2028\n", "t.csv:2: error: the character U+2028"),
        (b"source,target\na,caf\xe9\n", "t.csv:2: error: not UTF-8: byte 0xe9 at byte 4"),
        (f"source,target\na,{'b' * 200_000}\n", "t.csv:2: error: not CSV: field larger"),
        ("source,target\na,b\na,c\n", "t.csv:3: error: 'a' is rendered 'c' here and 'b' in line 2"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str | bytes, expected: str) -> None:
    (only,) = said(text)
    assert only.startswith(expected)


def test_a_broken_row_leaves_the_others() -> None:
    text = f'source,target\na,b\n,x\n"c"d,e\n{"f" * 200_000},g\nh,i\n'
    assert [term.source for term in read(text).terms] == ["a", "h"]
    assert len(read(text).errors) == 3


def test_sources_that_are_not_translated_need_no_target_column() -> None:
    assert read("source,translate\nnpm,no\n").terms[0].target == "npm"


def test_quotation_marks_between_tabs_are_themselves() -> None:
    (term,) = read('source\ttarget\n"a"\tb"c\n', "\t").terms
    assert (term.source, term.target) == ('"a"', 'b"c')


def test_naming_the_columns_is_told_from_the_first_row_of_terms() -> None:
    for data, named in ((b"target\tsource\n", True), (b"Baku\tBacu\n", False), (b"", False)):
        assert names_columns(data, delimiter="\t", source=EN, target=PT_BR) is named


def test_cells_that_a_spreadsheet_would_run_are_counted_and_kept() -> None:
    given_terms = [Term("=1+1", "-x", note="@y"), Term("a", "b", forms=("+c", "=d"))]
    assert formulas(given_terms) == 4
    assert bare(read(write_delimited(given_terms, delimiter=",")).terms) == given_terms


@given(st.binary(max_size=60) | st.text('ab,"\t|\n\r\0\u2028é\u0301').map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    reading = read(b"source,target,comment\n" + data)
    assert all(finding.where.startswith("t.csv:") for finding in reading.findings)
    read(data)
