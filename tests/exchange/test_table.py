"""CSV as spreadsheets leave it, and files that nobody should have made."""

import codecs
import csv
import io

import pytest

from l10n_pipeline.errors import InputError
from l10n_pipeline.exchange.table import COLUMNS, LONGEST_CELL, too_long
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import TranslationUnit

from .samples import Table, sheet_of

UNITS = (
    TranslationUnit("=1+1", "=2", context="menu", notes=("Who?", "-5"), extracted=("cell A1",)),
    TranslationUnit("One;\nand two, too", "'Twas", fuzzy=True),
    TranslationUnit("May 5"),
)


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def saved(
    table: list[list[str]], *, delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n"
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(table)
    return text.getvalue().encode(encoding)


def test_a_file_as_a_translator_gets_it() -> None:
    data = Table().write(sheet_of(*UNITS))
    assert data.startswith(codecs.BOM_UTF8)
    assert b"\r\n" in data
    heading, first, *_ = rows(data)
    assert heading == list(COLUMNS)
    assert first[1:] == [
        "'=1+1", "'=2", "reviewed", "Who?\n'-5", "", "cell A1", "menu", "a.md", "en", "pt-BR",
        f"reviewed:{text_hash('=2')}",
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_spreadsheets_save_as_they_like(delimiter: str, encoding: str, end: str) -> None:
    data = Table().write(sheet_of(*UNITS))
    again = saved(rows(data), delimiter=delimiter, encoding=encoding, end=end)
    strip = [(one.id, one.target, one.notes, one.exported) for one in Table().read(again)]
    assert strip == [(one.id, one.target, one.notes, one.exported) for one in Table().read(data)]


def test_columns_may_be_moved_added_and_left_out() -> None:
    table = rows(Table().write(sheet_of(*UNITS)))
    kept = [COLUMNS.index(name) for name in ("to", "target", "id", "document")]
    moved = [[row[at] for at in kept] + ["mine"] for row in table]
    moved[0][0] = " TO "
    moved.insert(2, ["", "", "", "", ""])
    found = Table().read(saved(moved))
    assert [one.target for one in found] == ["=2", "'Twas", ""]
    assert all(one.exported is None and one.source is None and not one.notes for one in found)
    assert not any(one.accepted for one in found)


@pytest.mark.parametrize(
    ("state", "accepted"), [("Reviewed", True), ("FINAL", True), ("draft", False), ("", False)]
)
def test_states_are_read_in_any_case(state: str, accepted: bool) -> None:
    table = rows(Table().write(sheet_of(UNITS[1])))
    table[1][COLUMNS.index("state")] = state
    assert Table().read(saved(table))[0].accepted is accepted


def broken(column: str, cell: str) -> bytes:
    table = rows(Table().write(sheet_of(*UNITS)))
    table[2][COLUMNS.index(column)] = cell
    return saved(table)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.csv:1: no column is named 'id'"),
        (b"id,target\r\n", "no column is named 'document'"),
        (b"id,target,document,to,target\r\n", "two columns are named 'target'"),
        (b"id,target,document,to\r\nu1,Ol\xe1,a,pt\r\n", "byte 0xE1 is not UTF-8"),
        (b"id,target,document,to\r\n,,,\r\n", "a.csv: there are no texts in it; name the file"),
        (b'id,target,document,to\r\nu1,"Um', "a.csv:2: not CSV: unexpected end of data"),
        (b"id,target,document,to\r\nu1,Um, dois,a,pt\r\n", "5 cells, but there are only 4"),
        (b"id,target,document,to\r\nu1," + b"a" * 200_000 + b",a,pt\r\n", "not CSV: field larger"),
        (b"id,target,document,to\r\nu1," + b"a" * 10_000_000, "a.csv:2: a line of more than"),
        (broken("state", "done"), "a.csv:4: the state 'done' is none of new, draft"),
        (broken("to", "klingon"), "a.csv:4: 'klingon'"),
        (broken("target", "a\0b"), "a.csv:4: the character U+0000 can stand in no catalogue"),
        (broken("notes", "a\x04b"), "U+0004"),
    ],
)
def test_a_file_that_is_none_is_told_of_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as error:
        Table().read(data)
    assert message in str(error.value)


def test_tables_may_be_put_below_each_other_with_their_headings() -> None:
    one, other = (Table().write(sheet_of(*UNITS, document=name)) for name in ("a.md", "b.md"))
    found = Table().read(one + other)
    assert [(text.document, text.target) for text in found] == [
        (name, target) for name in ("a.md", "b.md") for target in ("=2", "'Twas", "")
    ]


def test_a_table_below_another_has_its_columns() -> None:
    table = rows(Table().write(sheet_of(*UNITS)))
    with pytest.raises(InputError) as error:
        Table().read(saved([*table, *(row[::-1] for row in table)]))
    told = (
        "a.csv:7: here begins another table, whose columns are others; import each table by itself"
    )
    assert str(error.value) == told


@pytest.mark.parametrize("kept", range(1, len(COLUMNS)))
def test_a_table_that_ends_within_a_row_was_cut_off(kept: int) -> None:
    table = rows(Table().write(sheet_of(*UNITS)))
    table[-1] = table[-1][:kept]
    with pytest.raises(InputError) as error:
        Table().read(saved(table, end="\n").removesuffix(b"\n"))
    assert str(error.value) == (
        f"a.csv:6: the last row ends after {kept} of 12 cells; "
        "ask for the file again: it was cut off"
    )


def test_a_tool_may_leave_out_empty_cells_at_the_ends_of_rows() -> None:
    table = rows(Table().write(sheet_of(*UNITS)))
    last = [COLUMNS.index(name) for name in ("from", "exported", "notes", "where")]
    order = [at for at in range(len(COLUMNS)) if at not in last] + last
    moved = [[row[at] for at in order] for row in table]
    for row in moved[1:]:
        row[order.index(COLUMNS.index("exported"))] = ""
    moved[1][-4] = ""
    for row in moved[1:]:
        while not row[-1]:
            row.pop()
    assert len({len(row) for row in moved}) > 1
    assert [one.target for one in Table().read(saved(moved))] == ["=2", "'Twas", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_table_that_ends_within_a_character_was_cut_off(encoding: str) -> None:
    data = saved(rows(Table().write(sheet_of(TranslationUnit("One", "Olá")))), encoding=encoding)
    end = data.index("á".encode(encoding)[-2:]) + 1
    with pytest.raises(InputError) as error:
        Table().read(data[:end])
    told = "a.csv: it ends within a character; ask for the file again: it was cut off"
    assert str(error.value) == told


def test_what_a_spreadsheet_would_cut_off_is_known() -> None:
    (entry,) = sheet_of(TranslationUnit("a" * LONGEST_CELL)).entries
    assert not too_long(entry)
    (entry,) = sheet_of(TranslationUnit("a", "a" * (LONGEST_CELL + 1))).entries
    assert too_long(entry)
