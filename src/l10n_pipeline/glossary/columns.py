"""A row of a glossary, whatever file it stood in: named cells to a term and back.

source   the term in the source language
target   its agreed rendering
comment  for translators
mode     ``exact`` (the default) or ``inflect``
kind     ``person``, ``place``, ``organisation``, ``title`` or ``other`` (the default)
forms    accepted target forms besides the target, separated by ``|``
aliases  other spellings of the source, separated by ``|``
forbidden  target renderings that are wrong, separated by ``|``
case     ``sensitive`` where the source must be written in this case, ``fixed`` where the
         target keeps its case too, or ``insensitive`` (the default)
gender   of the target: ``masculine``, ``feminine``, ``neuter``, or ``m``, ``f``, ``n``
diacritics  ``optional`` where the source is also found without its diacritics, or
         ``required`` (the default)
translate  ``no`` where the target is the source itself, or ``yes`` (the default)
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NoReturn, TypeVar

from l10n_pipeline.folding import fold
from l10n_pipeline.model import Gender, Term, TermKind, TermMode

COLUMNS: Final = (
    "source",
    "target",
    "comment",
    "mode",
    "kind",
    "forms",
    "aliases",
    "forbidden",
    "case",
    "gender",
    "diacritics",
    "translate",
)
LIST_SEPARATOR: Final = "|"
LONGEST: Final = 1_000
"""Characters of a source or rendering; more is no term but a slip with a quotation mark."""

# Controls, line separators, noncharacters that no XML can hold, and what stands for bytes
# that are not UTF-8; a tab parts cells and may be anywhere.
_UNFIT: Final = re.compile("[\0-\x08\n-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_GENDERS: Final = {gender[0]: gender for gender in Gender if gender}

_Word = TypeVar("_Word", bound=StrEnum)


class _Case(StrEnum):
    INSENSITIVE = "insensitive"
    SENSITIVE = "sensitive"
    FIXED = "fixed"


class _Diacritics(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"


class _Translate(StrEnum):
    YES = "yes"
    NO = "no"


class BrokenRowError(Exception):
    """What is wrong with a row, in words for the user."""

    def __init__(self, what: str, way_out: str = "") -> None:
        super().__init__(what)
        self.way_out = way_out


def broken(what: str, way_out: str = "") -> NoReturn:
    """Refuse a row."""
    raise BrokenRowError(what, way_out)


def refuse_unfit(text: str) -> None:
    """Refuse a row or cell with a character that no term can have.

    Args:
        text: decoded from UTF-8 with ``errors="surrogateescape"``.

    Raises:
        BrokenRowError: names the first such character, or the byte that is not UTF-8.
    """
    found = _UNFIT.search(text)
    if found is None:
        return
    code_point = ord(found[0])
    if 0xDC80 <= code_point <= 0xDCFF:
        place = len(text[: found.start()].encode(errors="surrogateescape")) + 1
        broken(
            f"not UTF-8: byte 0x{code_point - 0xDC00:02x} at byte {place} of the line",
            "save the glossary as UTF-8",
        )
    what = "control " if unicodedata.category(found[0]) == "Cc" else ""
    broken(f"the {what}character U+{code_point:04X} is not allowed")


def term_of(value: Mapping[str, str], origin: str) -> Term:
    """The term that a row's cells describe.

    Args:
        value: stripped cells by the name of their column; those that are not there are
            empty.
        origin: ``file:line``.

    Raises:
        BrokenRowError: says what is wrong.
    """
    source, target = value.get("source", ""), value.get("target", "")
    if not source:
        broken("the source is empty")
    mode = _word(TermMode, value, "mode", TermMode.EXACT)
    if _word(_Translate, value, "translate", _Translate.YES) is _Translate.NO:
        if target not in ("", source):
            broken(f"{source!r} is not to be translated, but its target is {target!r}")
        if mode is TermMode.INFLECT:
            broken(f"{source!r} is not to be translated, so it cannot inflect")
        target = source
    if not target:
        broken(f"{source!r} has no target")
    aliases = listed(value.get("aliases", ""))
    forms = listed(value.get("forms", ""))
    forbidden = listed(value.get("forbidden", ""))
    for spelling in (source, *aliases):
        _refuse_unwritten(spelling)
        if not can_be_found(spelling):
            broken(f"{spelling!r} has no letter, digit or symbol to be found by")
    for rendering in (target, *forms, *forbidden):
        _refuse_unwritten(rendering)
    case = _word(_Case, value, "case", _Case.INSENSITIVE)
    diacritics = _word(_Diacritics, value, "diacritics", _Diacritics.REQUIRED)
    return Term(
        source=source,
        target=target,
        note=value.get("comment", ""),
        aliases=aliases,
        forms=forms,
        forbidden=forbidden,
        mode=mode,
        kind=_word(TermKind, value, "kind", TermKind.OTHER),
        case_sensitive=case is not _Case.INSENSITIVE,
        fixed_case=case is _Case.FIXED,
        ignores_diacritics=diacritics is _Diacritics.OPTIONAL,
        gender=_gender(value.get("gender", "")),
        origin=origin,
    )


def cells_of(term: Term) -> dict[str, str]:
    """The cells of a term that are not empty: what :func:`term_of` reads it from."""
    case = _Case.FIXED if term.fixed_case else _Case.SENSITIVE if term.case_sensitive else ""
    cells = {
        "source": term.source,
        "target": term.target,
        "comment": term.note,
        "mode": str(term.mode) if term.mode is not TermMode.EXACT else "",
        "kind": str(term.kind) if term.kind is not TermKind.OTHER else "",
        "forms": LIST_SEPARATOR.join(term.forms),
        "aliases": LIST_SEPARATOR.join(term.aliases),
        "forbidden": LIST_SEPARATOR.join(term.forbidden),
        "case": str(case),
        "gender": str(term.gender),
        "diacritics": str(_Diacritics.OPTIONAL) if term.ignores_diacritics else "",
    }
    return {name: cell for name, cell in cells.items() if cell}


def columns_of(terms: Sequence[Term]) -> tuple[str, ...]:
    """The columns that it takes to write the terms, OmegaT's three at least."""
    used = {name for term in terms for name in cells_of(term)}
    return tuple(name for at, name in enumerate(COLUMNS) if at < 3 or name in used)


def listed(cell: str) -> tuple[str, ...]:
    """The spellings of a cell that lists several, each once."""
    if LIST_SEPARATOR not in cell:
        return (cell,) if cell else ()
    return tuple(dict.fromkeys(filter(None, map(str.strip, cell.split(LIST_SEPARATOR)))))


def can_be_found(spelling: str) -> bool:
    """Whether a text can be searched for this spelling: punctuation alone is everywhere."""
    return any(map(str.isalnum, spelling)) or any(
        unicodedata.category(character)[0] in "LNS" for character in fold(spelling).text
    )


def nearest(name: str, known: Sequence[str]) -> str:
    """What to say after a name that is none of the known ones."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; use one of {', '.join(known)}"


def _refuse_unwritten(spelling: str) -> None:
    """Refuse what cannot stand in a text by itself."""
    if len(spelling) > LONGEST:
        broken(f"{len(spelling):,} characters are more than the {LONGEST:,} of a term")
    first = spelling[0]
    if first.isalnum():
        return
    if unicodedata.category(first)[0] == "M":
        broken(f"{spelling!r} begins with a combining mark")
    if all(unicodedata.category(character)[0] in "CMZ" for character in spelling):
        broken(f"{spelling!r} is invisible")


def _word(words: type[_Word], value: Mapping[str, str], column: str, default: _Word) -> _Word:
    cell = value.get(column, "")
    if not cell:
        return default
    try:
        return words(cell.casefold())
    except ValueError:
        known = [str(word) for word in words]
        broken(f"{cell!r} is no {column}{nearest(cell.casefold(), known)}")


def _gender(cell: str) -> Gender:
    name = cell.casefold()
    try:
        return _GENDERS.get(name) or Gender(name)
    except ValueError:
        broken(f"{cell!r} is no gender{nearest(name, list(map(str, _GENDERS.values())))}")
