"""Glossaries as tab-separated text, the format OmegaT reads.

Each row is source, target and comment; comment and all later columns may be absent.
Lines that begin with ``#`` are comments. A comment before the first row that names the
columns, beginning with source, target and comment, opens the columns beyond OmegaT's (so
does such a line without ``#``, as spreadsheets write it)::

    # source<TAB>target<TAB>comment<TAB>mode<TAB>kind<TAB>forms<TAB>forbidden …

mode     ``exact`` (the default) or ``inflect``
kind     ``person``, ``place``, ``organisation``, ``title`` or ``other`` (the default)
forms    accepted target forms besides the target, separated by ``|``
aliases  other spellings of the source, separated by ``|``
forbidden  target renderings that are wrong, separated by ``|``
case     ``sensitive`` where the source must be written in this case, or
         ``insensitive`` (the default)

Source: OmegaT user manual, "Glossaries" (file format).
"""

from __future__ import annotations

import codecs
import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final, NoReturn, TypeVar

from l10n_pipeline.errors import GlossaryError
from l10n_pipeline.glossary.termbase import SpellingKey, spelling_key
from l10n_pipeline.model import Term, TermKind, TermMode

_OMEGAT_COLUMNS: Final = ("source", "target", "comment")
COLUMNS: Final = (*_OMEGAT_COLUMNS, "mode", "kind", "forms", "aliases", "forbidden", "case")
LIST_SEPARATOR: Final = "|"
_UNDECODABLE: Final = "\ufffd"


_Word = TypeVar("_Word", bound=StrEnum)


class _Case(StrEnum):
    INSENSITIVE = "insensitive"
    SENSITIVE = "sensitive"


class _BrokenRowError(Exception):
    """What is wrong with a row, in words for the user."""


def source_spellings(data: bytes) -> tuple[str, ...]:
    r"""What a glossary file calls its terms in the source, aliases included: what a
    segmenter must not split. Broken rows count too, as far as they have a source, so
    that a slip in one language's target moves no segment of another; spellings that are
    not UTF-8 are left out.

    >>> source_spellings(b"Khojaly\n")
    ('Khojaly',)
    """
    columns: Sequence[str] = _OMEGAT_COLUMNS
    spellings: list[str] = []
    for _, row in _rows(data.decode("utf-8", errors="replace")):
        if _names_columns(row):
            columns = [name.casefold() for name in _cells(row.lstrip("#"))]
        elif not row.startswith("#"):
            value = dict(zip(columns, _cells(row), strict=False))
            spellings += (value.get("source", ""), *_list(value.get("aliases", "")))
    return tuple(
        dict.fromkeys(
            spelling
            for spelling in spellings
            if _can_be_found(spelling) and _UNDECODABLE not in spelling
        )
    )


def _decode(data: bytes, where: str) -> str:
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise GlossaryError(
            f"not UTF-8: byte 0x{data[error.start]:02x} at byte {column} of the line",
            where=f"{where}:{line}",
            way_out="save the glossary as UTF-8",
        ) from error


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank, comments included."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        row = line.removesuffix("\r")
        if row.strip():
            yield number, row


def parse_glossary(data: bytes, where: str) -> tuple[Term, ...]:
    r"""Read a glossary file's content.

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
    columns: Sequence[str] = _OMEGAT_COLUMNS
    columns_named = False
    broken: list[tuple[int, str]] = []
    terms: list[Term] = []
    claims: dict[SpellingKey, Term] = {}
    for number, row in _rows(_decode(data, where)):
        try:
            if _names_columns(row):
                if terms or broken or columns_named:
                    _break("the columns must be named once and before the first row")
                columns = _read_columns(row)
                columns_named = True
                continue
            if row.startswith("#"):
                continue
            term = _read_row(row, columns, f"{where}:{number}")
            if not _repeats(term, claims):
                terms.append(term)
        except _BrokenRowError as error:
            broken.append((number, str(error)))
    if broken:
        number, what = broken[0]
        others = f" (and {len(broken) - 1} more broken rows)" if len(broken) > 1 else ""
        raise GlossaryError(what + others, where=f"{where}:{number}")
    return tuple(terms)


def _break(what: str) -> NoReturn:
    raise _BrokenRowError(what)


def _names_columns(row: str) -> bool:
    """Whether a row names the columns; one that is no comment must name OmegaT's three."""
    names = tuple(name.casefold() for name in _cells(row.lstrip("#")))
    telling = 2 if row.startswith("#") else len(_OMEGAT_COLUMNS)
    return names[:telling] == _OMEGAT_COLUMNS[:telling]


def _read_columns(row: str) -> tuple[str, ...]:
    names = tuple(name.casefold() for name in _cells(row.lstrip("#")))
    if names[: len(_OMEGAT_COLUMNS)] != _OMEGAT_COLUMNS[: len(names)]:
        _break("the first three columns must be source, target and comment")
    for at, name in enumerate(names):
        if name not in COLUMNS:
            _break(f"there is no column {name!r}{_nearest(name, COLUMNS)}")
        if name in names[:at]:
            _break(f"the column {name!r} is named twice")
    return names


def _cells(row: str) -> list[str]:
    """The row's cells without white space around them and without empty ones at its end."""
    cells = [cell.strip() for cell in row.split("\t")]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read_row(row: str, columns: Sequence[str], origin: str) -> Term:
    for character in row:
        if character != "\t" and unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            _break(f"the control character U+{ord(character):04X} is not allowed")
    cells = _cells(row)
    if len(cells) > len(columns):
        way_out = "" if len(columns) > len(_OMEGAT_COLUMNS) else "; name them in a first line '# …'"
        _break(f"{len(cells)} cells, but there are only {len(columns)} columns{way_out}")
    value = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    if not value["source"]:
        _break("the source is empty")
    if not value["target"]:
        _break(f"{value['source']!r} has no target")
    for spelling in (value["source"], *_list(value["aliases"])):
        if not _can_be_found(spelling):
            _break(f"{spelling!r} has no letter, digit or symbol to be found by")
    return Term(
        source=value["source"],
        target=value["target"],
        note=value["comment"],
        aliases=_list(value["aliases"]),
        forms=_list(value["forms"]),
        forbidden=_list(value["forbidden"]),
        mode=_word(TermMode, value["mode"], "mode", TermMode.EXACT),
        kind=_word(TermKind, value["kind"], "kind", TermKind.OTHER),
        case_sensitive=_word(_Case, value["case"], "case", _Case.INSENSITIVE) is _Case.SENSITIVE,
        origin=origin,
    )


def _can_be_found(spelling: str) -> bool:
    return any(unicodedata.category(character)[0] in "LNS" for character in spelling)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, cell.split(LIST_SEPARATOR)))))


def _word(words: type[_Word], cell: str, column: str, default: _Word) -> _Word:
    if not cell:
        return default
    try:
        return words(cell.casefold())
    except ValueError:
        known = [str(word) for word in words]
        _break(f"{cell!r} is no {column}{_nearest(cell.casefold(), known)}")


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; use one of {', '.join(known)}"


def _repeats(term: Term, claims: dict[SpellingKey, Term]) -> bool:
    """Whether an earlier row says the same; claims the term's spellings where not."""
    for spelling in (term.source, *term.aliases):
        earlier = claims.get(spelling_key(term, spelling))
        if earlier is not None and earlier.target != term.target:
            _break(
                f"{spelling!r} is rendered {term.target!r} here and "
                f"{earlier.target!r} in line {_line(earlier)}"
            )
    earlier = claims.get(spelling_key(term, term.source))
    if earlier is not None:
        if replace(earlier, note=term.note, origin=term.origin) != term:
            _break(f"{term.source!r} stands in line {_line(earlier)} already, in other words")
        return True
    for spelling in (term.source, *term.aliases):
        claims.setdefault(spelling_key(term, spelling), term)
    return False


def _line(term: Term) -> str:
    return term.origin.rpartition(":")[2]
