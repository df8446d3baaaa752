"""Glossaries as tab-separated text, the format OmegaT reads.

Each row is source, target and comment; comment and all later columns may be absent.
Lines that begin with ``#`` are comments. A comment before the first row that names the
columns, beginning with source, target and comment, opens the columns beyond OmegaT's (so
does such a line without ``#``, as spreadsheets write it)::

    # source<TAB>target<TAB>comment<TAB>mode<TAB>kind<TAB>forms<TAB>forbidden …

What the columns mean says :mod:`l10n_pipeline.glossary.columns`.

Source: OmegaT user manual, "Glossaries" (file format).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from l10n_pipeline.errors import GlossaryError
from l10n_pipeline.glossary.claims import Claims
from l10n_pipeline.glossary.columns import (
    COLUMNS,
    BrokenRowError,
    broken,
    can_be_found,
    cells_of,
    columns_of,
    listed,
    nearest,
    refuse_unfit,
    term_of,
)
from l10n_pipeline.glossary.findings import Finding, Level, Reading
from l10n_pipeline.model import Term

_OMEGAT_COLUMNS: Final = COLUMNS[:3]
_COMMENT: Final = "#"
_UNDECODABLE: Final = "\ufffd"
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def source_spellings(data: bytes) -> tuple[str, ...]:
    r"""What a glossary file calls its terms in the source, aliases included: what a
    segmenter must not split. Broken rows count too, as far as they have a source, so
    that a slip in one language's target moves no segment of another; spellings that are
    not UTF-8 are left out.

    >>> source_spellings(b"Khojaly\n")
    ('Khojaly',)
    """
    columns: Sequence[str] = _OMEGAT_COLUMNS
    spellings: dict[str, None] = {}
    for _, row in _rows(data.decode(errors="replace")):
        if _names_columns(row):
            columns = _names(row)
        elif not row.startswith(_COMMENT):
            value = dict(zip(columns, _cells(row), strict=False))
            spellings[value.get("source", "")] = None
            spellings.update(dict.fromkeys(listed(value.get("aliases", ""))))
    return tuple(
        spelling
        for spelling in spellings
        if can_be_found(spelling) and _UNDECODABLE not in spelling
    )


def parse_glossary(data: bytes, where: str) -> tuple[Term, ...]:
    r"""Read a glossary file's content; all of it, or nothing.

    Args:
        data: the rows in UTF-8, with or without byte order mark, lines ended by LF or
            CRLF.
        where: the file's name, for ``Term.origin`` and messages.

    Returns:
        The terms in order of their rows, exact repetitions once.

    Raises:
        GlossaryError: where it is not UTF-8, or has broken rows; names the first and
            counts the others.

    >>> [term.target for term in parse_glossary(b"Baku\tBacu\n", "en-pt.tsv")]
    ['Bacu']
    """
    reading = read_glossary(data, where)
    if reading.errors:
        first, *more = reading.errors
        others = f" (and {len(more)} more broken rows)" if more else ""
        raise GlossaryError(first.message + others, where=first.where, way_out=first.way_out)
    return reading.terms


def read_glossary(data: bytes, where: str) -> Reading:
    r"""Read what can be read of a glossary file's content, and tell of every other row.

    Args:
        data: as for :func:`parse_glossary`.
        where: as for :func:`parse_glossary`.

    >>> [str(finding) for finding in read_glossary(b"Baku\n", "en-pt.tsv").findings]
    ["en-pt.tsv:1: error: 'Baku' has no target"]
    """
    if data.startswith(_UTF_16):
        way_out = "save the glossary as UTF-8"
        found = Finding(Level.ERROR, "row", "UTF-16, not UTF-8", f"{where}:1", way_out=way_out)
        return Reading((), (found,))
    columns: Sequence[str] = _OMEGAT_COLUMNS
    may_name_columns = True
    terms: list[Term] = []
    findings: list[Finding] = []
    claims = Claims()
    for number, row in _rows(data.decode(errors="surrogateescape")):
        place = f"{where}:{number}"
        try:
            if _names_columns(row):
                if not may_name_columns:
                    broken("the columns must be named once and before the first row")
                may_name_columns = False
                columns = _read_columns(row)
                continue
            if row.startswith(_COMMENT):
                continue
            may_name_columns = False
            term = _read_row(row, columns, place)
            if repetition := claims.take(term):
                findings.append(repetition)
            else:
                terms.append(term)
        except BrokenRowError as error:
            findings.append(Finding(Level.ERROR, "row", str(error), place, way_out=error.way_out))
    return Reading(tuple(terms), tuple(findings))


def write_tsv(terms: Iterable[Term]) -> bytes:
    r"""A glossary file's content: OmegaT's three columns, and those of ours that it takes.

    Raises:
        GlossaryError: where a term cannot be written so that it is read as it was, such
            as one that begins with ``#``.

    >>> write_tsv([Term("Baku", "Bacu")]).decode()
    '# source\ttarget\tcomment\nBaku\tBacu\n'
    """
    terms = tuple(terms)
    columns = columns_of(terms)
    lines = [f"{_COMMENT} " + "\t".join(columns)]
    for term in terms:
        if fault := unwritable(term):
            raise GlossaryError(fault, where=term.origin)
        cells = cells_of(term)
        lines.append("\t".join(cells.get(name, "") for name in columns).rstrip("\t"))
    return "".join(f"{line}\n" for line in lines).encode()


def unwritable(term: Term) -> str:
    """Why a term cannot stand in a tab-separated glossary; empty where it can."""
    if term.source.startswith(_COMMENT):
        return f"{term.source!r} begins with {_COMMENT}, as comments do in a glossary"
    if any("\t" in cell or "\n" in cell for cell in cells_of(term).values()):
        return f"{term.source!r} has a tab or line break in a cell"
    return ""


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank, comments included."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        row = line.removesuffix("\r")
        if row.strip():
            yield number, row


def _names_columns(row: str) -> bool:
    """Whether a row names the columns; one that is no comment must name OmegaT's three."""
    if row[:1] != _COMMENT and row.lstrip()[:6].casefold() != _OMEGAT_COLUMNS[0]:
        return False
    names = _names(row)
    telling = 2 if row.startswith(_COMMENT) else len(_OMEGAT_COLUMNS)
    return names[:telling] == _OMEGAT_COLUMNS[:telling]


def _names(row: str) -> tuple[str, ...]:
    return tuple(name.casefold() for name in _cells(row.lstrip(_COMMENT)))


def _read_columns(row: str) -> tuple[str, ...]:
    names = _names(row)
    if names[: len(_OMEGAT_COLUMNS)] != _OMEGAT_COLUMNS[: len(names)]:
        broken("the first three columns must be source, target and comment")
    for at, name in enumerate(names):
        if name not in COLUMNS:
            broken(f"there is no column {name!r}{nearest(name, COLUMNS)}")
        if name in names[:at]:
            broken(f"the column {name!r} is named twice")
    return names


def _cells(row: str) -> list[str]:
    """The row's cells without white space around them and without empty ones at its end."""
    cells = [cell.strip() for cell in row.split("\t")]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read_row(row: str, columns: Sequence[str], origin: str) -> Term:
    refuse_unfit(row)
    cells = _cells(row)
    if len(cells) > len(columns):
        way_out = "" if len(columns) > len(_OMEGAT_COLUMNS) else "; name them in a first line '# …'"
        broken(f"{len(cells)} cells, but there are only {len(columns)} columns{way_out}")
    return term_of(dict(zip(columns, cells, strict=False)), origin)
