"""CSV, as spreadsheets write and read it: one row a text, columns by name in any order.

Written in UTF-8 with a byte order mark, without which spreadsheets guess, and with commas (RFC
4180). Read with semicolons and tabs as well, told by the row that names the columns, and in
UTF-16, which a spreadsheet calls Unicode text.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

from l10n_pipeline.errors import InputError, LocaleError
from l10n_pipeline.exchange.cells import defused, restored
from l10n_pipeline.exchange.entries import (
    IF_EMPTY,
    Entry,
    Exported,
    Returned,
    Sheet,
    notes_in,
    refuse_unfit,
)
from l10n_pipeline.locale import Locale

COLUMNS: Final = (
    "id",
    "source",
    "target",
    "state",
    "notes",
    "remarks",
    "where",
    "context",
    "document",
    "from",
    "to",
    "exported",
)
_NEEDED: Final = ("id", "target", "document", "to")
_FILLED: Final = frozenset({"id", "source", "state", "document", "from", "to", "exported"})
"""Columns that are empty in no row that is written."""
LONGEST_CELL: Final = 32_000
"""Code points: a spreadsheet cuts a cell off at 32,767 characters, and says nothing."""
_LONGEST_LINE: Final = 1 << 20
_DELIMITERS: Final = ",;\t"
_ACCEPTED: Final = ("reviewed", "final")
_UNACCEPTED: Final = ("new", "draft", "edited", "stale", "translated", "initial", "")
_CUT_OFF: Final = ("unexpected end of data", "truncated data")
"""How Python says that a text ends within a character, in UTF-8 and UTF-16."""
_WAY_OUT: Final = "save it in UTF-8, in a spreadsheet as “CSV UTF-8”"
_IF_CUT_OFF: Final = "ask for the file again: it was cut off"
_IF_BROKEN: Final = f"{_IF_CUT_OFF}, or lacks a quotation mark"


# --- writing -----------------------------------------------------------------------


def too_long(entry: Entry) -> bool:
    """Whether a spreadsheet would cut an entry off."""
    return max(map(len, (entry.source, entry.target, *_told(entry)))) > LONGEST_CELL


def write_table(sheet: Sheet) -> Iterator[bytes]:
    """The file of a sheet, part by part; the same for the same sheet.

    Args:
        sheet: no entry is :func:`too_long`.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    languages = (str(sheet.source_locale), str(sheet.target_locale))
    yield codecs.BOM_UTF8
    writer.writerow(COLUMNS)
    for entry in sheet.entries:
        notes, remarks, where = _told(entry)
        cells = (
            entry.id,
            entry.source,
            entry.target,
            str(entry.state),
            notes,
            remarks,
            where,
            entry.context,
            sheet.document,
            *languages,
            str(entry.exported),
        )
        writer.writerow(map(defused, cells))
        yield text.getvalue().encode(errors="surrogatepass")
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _told(entry: Entry) -> tuple[str, str, str]:
    """What stands beside the texts: notes, remarks, and where the entry stands."""
    remarks = "\n".join(remark.text for remark in entry.remarks)
    return "\n".join(entry.notes), remarks, "\n".join(entry.where)


# --- reading -----------------------------------------------------------------------


def read_table(
    stream: BinaryIO, where: str
) -> Generator[tuple[Locale | None, Returned], None, None]:
    """The texts of a file, each with the language of its source where it is told, read as they
    are asked for.

    Args:
        stream: the file's bytes; it can be searched.
        where: its name, for messages.

    Raises:
        InputError: where the file cannot be read, does not name its columns, or has a row that
            no export can have become.
    """
    text: io.TextIOWrapper | None = None
    try:
        text = _decoded(stream)
        yield from _texts(_rows(text, where), where)
    except UnicodeDecodeError as error:
        if error.reason in _CUT_OFF:
            raise InputError(
                "it ends within a character", where=where, way_out=_IF_CUT_OFF
            ) from None
        byte = error.object[error.start]
        raise InputError(
            f"byte 0x{byte:02X} is not {error.encoding.upper()}", where=where, way_out=_WAY_OUT
        ) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(f"cannot be read: {reason}", where=where) from error
    finally:
        if text is not None:
            text.detach()  # else it would close the stream, which is the caller's


def _decoded(stream: BinaryIO) -> io.TextIOWrapper:
    start = stream.read(2)
    stream.seek(0)
    utf_16 = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return io.TextIOWrapper(stream, encoding="utf-16" if utf_16 else "utf-8-sig", newline="")


def _texts(
    rows: Iterator[tuple[int, list[str]]], where: str
) -> Iterator[tuple[Locale | None, Returned]]:
    line, heading = next(rows, (1, []))
    names = _names(heading)
    for name in _NEEDED:
        if name not in names:
            raise InputError(
                f"no column is named {name!r}",
                where=f"{where}:{line}",
                way_out="keep the first row as it was exported",
            )
    for name in COLUMNS:
        if names.count(name) > 1:
            raise InputError(f"two columns are named {name!r}", where=f"{where}:{line}")
    found = False
    for line, row in _whole(_without_headings(rows, names, where), names, where):
        found = True
        place = f"{where}:{line}"
        if any(cell.strip() for cell in row[len(names) :]):
            raise InputError(
                f"{len(row)} cells, but there are only {len(names)} columns",
                where=place,
                way_out="put quotation marks around cells with a delimiter in them",
            )
        yield _returned(dict(zip(names, map(restored, row), strict=False)), names, place)
    if not found:
        raise InputError("there are no texts in it", where=where, way_out=IF_EMPTY)


def _names(row: Sequence[str]) -> list[str]:
    """Those of columns, by a heading; one within a file may begin with a byte order mark."""
    return [restored(cell).lstrip("\ufeff").strip().casefold() for cell in row]


def _without_headings(
    rows: Iterator[tuple[int, list[str]]], names: Sequence[str], where: str
) -> Iterator[tuple[int, list[str]]]:
    """The rows without the headings of tables that were put below the first."""
    for line, row in rows:
        again = _names(row)
        if again == names:
            continue
        if again.count("id") == 1 and set(_NEEDED).issubset(again):
            raise InputError(
                "here begins another table, whose columns are others",
                where=f"{where}:{line}",
                way_out="import each table by itself",
            )
        yield line, row


def _whole(
    rows: Iterator[tuple[int, list[str]]], names: Sequence[str], where: str
) -> Iterator[tuple[int, list[str]]]:
    """The rows, of which the last is not cut off."""
    filled = {at for at, name in enumerate(names) if name in _FILLED}
    row = next(rows, None)
    while row is not None:
        line, cells = row
        following = next(rows, None)
        if following is not None:
            # What a translator emptied, or a tool that leaves out empty cells at rows' ends.
            filled = {at for at in filled if at < len(cells) and cells[at].strip()}
        elif any(at >= len(cells) for at in filled):
            raise InputError(
                f"the last row ends after {len(cells)} of {len(names)} cells",
                where=f"{where}:{line}",
                way_out=_IF_CUT_OFF,
            )
        yield row
        row = following


def _rows(text: io.TextIOWrapper, where: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with its first line's number."""
    lines = _Lines(text, where)
    reader = csv.reader(lines, delimiter=lines.delimiter(), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"not CSV: {error}", where=f"{where}:{number}", way_out=_IF_BROKEN
            ) from None
        if any(map(str.strip, row)):
            yield number, row


class _Lines:
    """The lines of a file, of which none may be endless.

    Args:
        text: the file.
        where: its name, for messages.
    """

    def __init__(self, text: io.TextIOWrapper, where: str) -> None:
        self._text = text
        self._where = where
        self._number = 0
        self._first = self._line()

    def delimiter(self) -> str:
        """The one by which the first row names the columns."""

        def named(delimiter: str) -> int:
            try:
                names = next(csv.reader([self._first], delimiter=delimiter), [])
            except csv.Error:
                return 0
            return len({name.strip().casefold() for name in names} & set(COLUMNS))

        return max(_DELIMITERS, key=named)

    def __iter__(self) -> Iterator[str]:
        line = self._first
        while line:
            yield line
            line = self._line()

    def _line(self) -> str:
        self._number += 1
        line = self._text.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE:
            raise InputError(
                f"a line of more than {_LONGEST_LINE:,} characters: no translator wrote that",
                where=f"{self._where}:{self._number}",
            )
        return line


def _returned(
    cells: Mapping[str, str], names: Sequence[str], place: str
) -> tuple[Locale | None, Returned]:
    def told(name: str) -> str | None:
        return cells.get(name, "") if name in names else None

    state = cells.get("state", "").strip().casefold()
    if state not in (*_ACCEPTED, *_UNACCEPTED):
        known = ", ".join(filter(None, (*_UNACCEPTED, *_ACCEPTED)))
        raise InputError(f"the state {state!r} is none of {known}", where=place)
    target, notes = cells.get("target", ""), cells.get("notes", "")
    refuse_unfit(target, place)
    refuse_unfit(notes, place)
    source_locale = cells.get("from", "").strip()
    return _locale(source_locale, place) if source_locale else None, Returned(
        place,
        cells.get("document", "").strip(),
        _locale(cells.get("to", ""), place),
        cells["id"].strip(),
        told("source"),
        told("context"),
        target,
        state in _ACCEPTED,
        notes_in(notes),
        Exported.parse(cells.get("exported", "")),
    )


def _locale(written: str, place: str) -> Locale:
    try:
        return Locale.parse(written)
    except LocaleError as error:
        raise InputError(str(error), where=place) from None
