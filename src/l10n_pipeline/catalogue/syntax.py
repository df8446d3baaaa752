r"""Strict reading of PO files, line by line, in front of polib.

polib assembles entries well but checks little: an unclosed quote costs the last
letter, ``\a`` and ``\101`` are taken literally, an entry without msgstr vanishes into
the next one, comments at the end of the file are dropped and lines end at U+2028.
Here every line is checked against the format of the gettext manual ("The Format of
PO Files") and decoded, and what comes out can be read in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from l10n_pipeline.catalogue.canonical import comment_text
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.po_strings import EscapeError, unescaped

WAY_OUT: Final = "correct the line, or restore the file from version control"
UNWRITABLE: Final = re.compile("[\0\x04\ud800-\udfff]")
"""What no PO file can hold: the end of a C string, what gettext puts between context
and msgid in MO files, and what UTF-8 has no bytes for."""


class LineKind(StrEnum):
    """What a line of a PO file is."""

    BLANK = ""
    NOTE = "#"
    EXTRACTED = "#."
    REFERENCE = "#:"
    FLAGS = "#,"
    TEXT = '"'
    """A keyword with its string, or a string that continues one."""


class Part(StrEnum):
    """Which part of an entry a line belongs to."""

    COMMENT = "a comment"
    PREVIOUS_CONTEXT = "#| msgctxt"
    PREVIOUS_SOURCE = "#| msgid"
    PREVIOUS_PLURAL = "#| msgid_plural"
    PREVIOUS_REST = "a continued #| string"
    CONTEXT = "msgctxt"
    SOURCE = "msgid"
    PLURAL_SOURCE = "msgid_plural"
    TARGET = "msgstr"
    PLURAL_TARGET = "msgstr[n]"
    REST = "a continued string"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a PO file, checked and decoded."""

    number: int
    """1-based."""
    kind: LineKind
    text: str
    """What it says: a comment without its marker, a string without quotes and escapes."""
    part: Part = Part.COMMENT
    obsolete: bool = False
    index: int = 0
    """Of a plural form."""


_STRING: Final = re.compile(
    r"[ \t]*(?P<prefix>#~\||#~|#\||)[ \t]*"
    r"(?:(?P<keyword>msgctxt|msgid_plural|msgid|msgstr)(?:\[(?P<index>\d)\])?[ \t]*)?"
    r'"(?P<text>(?:[^"\\]|\\.)*)"[ \t]*'
)
_COMMENT: Final = re.compile(r"[ \t]*(?P<marker>#[.:,]?)(?P<text>.*)", re.DOTALL)
_COMMENT_KINDS: Final = {
    str(kind): kind
    for kind in (LineKind.NOTE, LineKind.EXTRACTED, LineKind.REFERENCE, LineKind.FLAGS)
}
_PART_OF_KEYWORD: Final = {
    "msgctxt": Part.CONTEXT,
    "msgid": Part.SOURCE,
    "msgid_plural": Part.PLURAL_SOURCE,
    "msgstr": Part.TARGET,
    None: Part.REST,
}
_PREVIOUS: Final = {
    Part.CONTEXT: Part.PREVIOUS_CONTEXT,
    Part.SOURCE: Part.PREVIOUS_SOURCE,
    Part.PLURAL_SOURCE: Part.PREVIOUS_PLURAL,
    Part.REST: Part.PREVIOUS_REST,
}

_START: Final = frozenset(
    {Part.COMMENT, Part.PREVIOUS_CONTEXT, Part.PREVIOUS_SOURCE, Part.CONTEXT, Part.SOURCE}
)
_FOLLOWERS: Final = {
    Part.COMMENT: _START,
    Part.PREVIOUS_CONTEXT: frozenset({Part.PREVIOUS_SOURCE, Part.PREVIOUS_REST}),
    Part.PREVIOUS_SOURCE: _START | {Part.PREVIOUS_PLURAL, Part.PREVIOUS_REST},
    Part.PREVIOUS_PLURAL: _START | {Part.PREVIOUS_REST},
    Part.CONTEXT: frozenset({Part.SOURCE, Part.REST}),
    Part.SOURCE: frozenset({Part.PLURAL_SOURCE, Part.TARGET, Part.REST}),
    Part.PLURAL_SOURCE: frozenset({Part.PLURAL_TARGET, Part.REST}),
    Part.TARGET: _START | {Part.REST},
    Part.PLURAL_TARGET: _START | {Part.PLURAL_TARGET, Part.REST},
}
"""What may stand on the next line; a continuing line leaves its string's part in force."""
_COMPLETE: Final = frozenset({Part.TARGET, Part.PLURAL_TARGET})


def scan(text: str, *, where: str) -> list[Line]:
    """All lines of a PO file, one for one.

    Args:
        text: the decoded file, without :data:`UNWRITABLE` characters; lines end at LF or
            CRLF and nowhere else.
        where: the file's name, for errors.

    Raises:
        CatalogueError: where a line is not PO, or stands where it may not.
    """
    lines = [
        _read_line(number, line.rstrip("\r"), where)
        for number, line in enumerate(text.split("\n"), start=1)
    ]
    _check_order([line for line in lines if line.kind is not LineKind.BLANK], where)
    return lines


def protect_end(comment: str) -> str:
    r"""A comment as it may stand in a file: gettext takes a final ``\`` to join two lines."""
    return comment + " " if comment.endswith("\\") else comment


def entry_lines(lines: Iterable[Line]) -> list[int]:
    """The line numbers of the entries' msgids, in file order."""
    return [line.number for line in lines if line.part is Part.SOURCE]


def _read_line(number: int, line: str, where: str) -> Line:
    if not line or line.strip(" \t") in ("", "#~"):
        return Line(number, LineKind.BLANK, "")
    if match := _STRING.fullmatch(line):
        return _read_string(number, match, f"{where}:{number}")
    if line.lstrip(" \t").startswith("#="):
        raise CatalogueError(
            "'#=' lines of newer gettext versions are not supported",
            where=f"{where}:{number}",
            way_out="write these flags in a '#,' line",
        )
    match = _COMMENT.fullmatch(line)
    if match is None or match["text"].startswith(("~", "|")):
        raise CatalogueError(
            f"not a line of a PO file: {_excerpt(line)}",
            where=f"{where}:{number}",
            way_out=WAY_OUT,
        )
    return Line(number, _COMMENT_KINDS[match["marker"]], comment_text(match["text"]))


def _read_string(number: int, match: re.Match[str], where: str) -> Line:
    part = _PART_OF_KEYWORD[match["keyword"]]
    if match["index"] is not None:
        if part is not Part.TARGET:
            raise CatalogueError("only msgstr has plural forms", where=where, way_out=WAY_OUT)
        part = Part.PLURAL_TARGET
    if match["prefix"].endswith("|"):
        if part not in _PREVIOUS:
            raise CatalogueError(
                f"{part} cannot be a previous string", where=where, way_out=WAY_OUT
            )
        part = _PREVIOUS[part]
    return Line(
        number,
        LineKind.TEXT,
        _unescape(match["text"], where),
        part,
        obsolete=match["prefix"].startswith("#~"),
        index=int(match["index"] or 0),
    )


def _unescape(text: str, where: str) -> str:
    try:
        decoded = unescaped(text)
    except EscapeError as error:
        raise CatalogueError(error.what, where=where, way_out=error.way_out) from None
    if match := UNWRITABLE.search(decoded):
        raise CatalogueError(
            f"a PO file cannot hold U+{ord(match[0]):04X}", where=where, way_out=WAY_OUT
        )
    return decoded


def _check_order(lines: Sequence[Line], where: str) -> None:
    """Refuse entries with a part missing, repeated or out of place."""
    for entry in _entries(lines, where):
        strings = [line for line in entry if line.kind is LineKind.TEXT]
        own = [line for line in strings if line.part not in _PREVIOUS.values()]
        for line in own:
            if line.obsolete != own[0].obsolete:
                raise CatalogueError(
                    "an entry is obsolete ('#~') as a whole or not at all",
                    where=f"{where}:{line.number}",
                    way_out=WAY_OUT,
                )
        forms = [line for line in own if line.part is Part.PLURAL_TARGET]
        for index, line in enumerate(forms):
            if line.index != index:
                raise CatalogueError(
                    f"msgstr[{line.index}] stands where msgstr[{index}] is expected",
                    where=f"{where}:{line.number}",
                    way_out=WAY_OUT,
                )


def _entries(lines: Sequence[Line], where: str) -> Iterator[list[Line]]:
    allowed, part = _START, Part.COMMENT
    entry: list[Line] = []
    seen: set[Part] = set()
    for line in lines:
        if part in _COMPLETE and line.part in _START:
            yield entry
            entry, seen, allowed = [], set(), _START
        if line.part not in allowed or (line.part in seen and line.part in _PREVIOUS.values()):
            raise CatalogueError(
                f"{line.part} cannot stand here", where=f"{where}:{line.number}", way_out=WAY_OUT
            )
        entry.append(line)
        if line.part not in (Part.REST, Part.PREVIOUS_REST):
            part = line.part
            allowed = _FOLLOWERS[part]
            seen.add(part)
    if part in _COMPLETE:
        yield entry
    elif entry:
        last = f"{where}:{entry[-1].number}"
        if seen == {Part.COMMENT}:
            raise CatalogueError(
                "a comment after the last entry belongs to none, and gettext's tools drop it",
                where=last,
                way_out="move it above the entry it is about",
            )
        raise CatalogueError("the file ends within an entry", where=last, way_out=WAY_OUT)


def _excerpt(line: str) -> str:
    return repr(line if len(line) <= 40 else line[:40] + "…")
