"""Glossaries as CSV: what spreadsheets and other tools write and read.

The first row names the columns, in any order; beside those of
:mod:`l10n_pipeline.glossary.columns` a language's tag (``en``, ``pt-BR``) stands for source
or target, and ``note`` for comment. Cells may be quoted (RFC 4180) but where tabs part
them: there a quotation mark is one. The delimiter is told, never guessed.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from l10n_pipeline.errors import LocaleError
from l10n_pipeline.glossary.claims import Claims
from l10n_pipeline.glossary.columns import (
    COLUMNS,
    BrokenRowError,
    broken,
    cells_of,
    columns_of,
    refuse_unfit,
    term_of,
)
from l10n_pipeline.glossary.findings import Finding, Level, Reading
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term

_MISSPELT: Final = 0.8
"""Likeness from which on a column's name is a misspelling rather than another tool's."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


def read_delimited(
    data: bytes, where: str, *, delimiter: str, source: Locale, target: Locale
) -> Reading:
    r"""Read what can be read of a CSV glossary, and tell of all else.

    Args:
        data: UTF-8, with or without byte order mark.
        where: the file's name, for ``Term.origin`` and messages.
        delimiter: one character.
        source: the language that a column named by its tag is the source in.
        target: likewise.

    >>> en, pt = Locale("en"), Locale("pt")
    >>> read_delimited(
    ...     b"pt,en\nBacu,Baku\n", "a.csv", delimiter=",", source=en, target=pt
    ... ).terms[0].target
    'Bacu'
    """
    rows = _rows(data.decode(errors="surrogateescape").removeprefix("\ufeff"), delimiter)
    number, heading = next(rows, (1, ""))
    findings: list[Finding] = []
    try:
        names = _columns([] if isinstance(heading, str) else heading, source, target)
    except BrokenRowError as error:
        fault = heading if isinstance(heading, str) and heading else str(error)
        found = Finding(Level.ERROR, "row", fault, f"{where}:{number}", way_out=error.way_out)
        return Reading((), (found,))
    for name in names:
        if name not in COLUMNS:
            meant = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=_MISSPELT)
            way_out = f"did you mean {meant[0]!r}?" if meant else ""
            what = f"the column {name!r} is left out"
            findings.append(
                Finding(Level.WARNING, "left out", what, f"{where}:{number}", "", way_out)
            )
    terms: list[Term] = []
    claims = Claims()
    for number, row in rows:
        place = f"{where}:{number}"
        try:
            if isinstance(row, str):
                broken(row)
            if len(row) > len(names):
                broken(f"{len(row)} cells, but there are only {len(names)} columns")
            term = term_of(
                {
                    name: _cell(name, cell)
                    for name, cell in zip(names, row, strict=False)
                    if name in COLUMNS
                },
                place,
            )
            if repetition := claims.take(term):
                findings.append(repetition)
            else:
                terms.append(term)
        except BrokenRowError as error:
            findings.append(Finding(Level.ERROR, "row", str(error), place, way_out=error.way_out))
    return Reading(tuple(terms), tuple(findings))


def names_columns(data: bytes, *, delimiter: str, source: Locale, target: Locale) -> bool:
    """Whether the first row names the columns, source and target among them.

    Args:
        data: as for :func:`read_delimited`, and so the others.
        delimiter: one character.
        source: the language that a column named by its tag is the source in.
        target: likewise.
    """
    rows = _rows(data.decode(errors="surrogateescape").removeprefix("\ufeff"), delimiter)
    _, heading = next(rows, (1, ""))
    try:
        _columns([] if isinstance(heading, str) else heading, source, target)
    except BrokenRowError:
        return False
    return True


def write_delimited(terms: Iterable[Term], *, delimiter: str) -> bytes:
    r"""A CSV glossary's content, in UTF-8, every cell as it is: see :func:`formulas`.

    >>> write_delimited([Term("Baku", "Bacu")], delimiter=",").decode()
    'source,target,comment\r\nBaku,Bacu,\r\n'
    """
    terms = tuple(terms)
    columns = columns_of(terms)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    for term in terms:
        cells = cells_of(term)
        writer.writerow([cells.get(name, "") for name in columns])
    return text.getvalue().encode()


def formulas(terms: Iterable[Term]) -> int:
    """How many cells of the terms a spreadsheet may take for formulas. They are written as
    they are all the same: a cell made harmless would be read back as another term.
    """
    return sum(
        cell.startswith(_FORMULA_STARTS) for term in terms for cell in cells_of(term).values()
    )


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Rows that are not blank, each with its first line's number; for a row that is no CSV
    what is wrong with it.
    """
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, f"not CSV: {error}"
            continue
        if any(map(str.strip, row)):
            yield number, row


def _columns(heading: Sequence[str], source: Locale, target: Locale) -> list[str]:
    names = [_column(name.strip().casefold(), source, target) for name in heading]
    for at, name in enumerate(names):
        if name in names[:at] and name in COLUMNS:
            broken(f"the column {name!r} is named twice")
    for name in COLUMNS[:1] if "translate" in names else COLUMNS[:2]:
        if name not in names:
            broken(
                f"no column is named {name!r}",
                "name the columns in the first row, or choose another delimiter",
            )
    return names


def _column(name: str, source: Locale, target: Locale) -> str:
    if name in COLUMNS:
        return name
    if name == "note":
        return "comment"
    try:
        locale = Locale.parse(name)
    except LocaleError:
        return name
    return {source: "source", target: "target"}.get(locale, name)


def _cell(name: str, cell: str) -> str:
    if name == "comment":
        cell = " ".join(cell.replace("\r", "\n").split("\n"))
    refuse_unfit(cell)
    if "\t" in cell:
        broken(f"a tab in the column {name!r}")
    return cell.strip()
