"""PO files in and out: bytes to a :class:`Catalogue` and back. Alone knows polib.

Written as ``msgcat --no-wrap`` writes, byte for byte: unwrapped, LF, UTF-8, one blank
line between entries, obsolete entries last. polib's own writer breaks strings at
U+2028 and other characters that end no line, and leaves U+0007 unescaped.

What is written in the usual way is read at once (:mod:`~l10n_pipeline.catalogue.canonical`);
anything else line by line, with polib, and to the same end.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

import polib
from msgspec.structs import replace

from l10n_pipeline.catalogue.canonical import Entry, canonical_entries
from l10n_pipeline.catalogue.notes import Notes, parse_notes, render_notes
from l10n_pipeline.catalogue.syntax import (
    UNWRITABLE,
    WAY_OUT,
    Line,
    LineKind,
    Part,
    entry_lines,
    protect_end,
    scan,
)
from l10n_pipeline.errors import CatalogueError, LocaleError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, TranslationUnit
from l10n_pipeline.po_strings import statement

_CHARSET: Final = re.compile(r"charset=\s*([^\s;]+)", re.IGNORECASE)
_CHARSET_IN_BYTES: Final = re.compile(rb"charset=\s*([a-z0-9._:-]+)", re.IGNORECASE)
_FUZZY: Final = "fuzzy"
_FENCE: Final = "|"
"""Closes each comment given to polib, which else drops trailing spaces and empty lines."""


def read_catalogue(
    data: bytes, *, where: str, source_locale: Locale, expected_locale: Locale | None
) -> Catalogue:
    """Read a PO file, or a template where no locale is expected.

    What an obsolete entry says of its place in the document is left out: it has none.

    Args:
        data: the file's bytes.
        where: its name, for errors.
        source_locale: the language of its msgids, which PO files do not state.
        expected_locale: the language its msgstrs should be in; None for a template.

    Raises:
        CatalogueError: where it is not UTF-8, not PO, holds a message twice, lacks a
            usable header, is in another language, or says something that could not be
            written back. Names the line.
    """
    text = _decode(data, where)
    entries = canonical_entries(text)
    if entries is None:
        entries = _careful_entries(text, where)
    place = f"{where}:{entries[0].line}" if entries else where
    if not entries or entries[0].source or entries[0].context is not None:
        raise CatalogueError(
            "the file does not begin with a PO header",
            where=place,
            way_out="restore it from version control, or delete it to start anew",
        )
    header = _read_header(entries[0].target, place)
    _check_charset(header, place)
    if expected_locale is not None:
        _check_language(header, expected_locale, place)
    _refuse_duplicates(entries, where)
    units = [_read_unit(entry, where) for entry in entries[1:]]
    return Catalogue(
        source_locale=source_locale,
        target_locale=expected_locale,
        units=tuple(sorted(units, key=lambda unit: unit.obsolete)),
        header=header,
        header_notes=entries[0].notes,
    )


def write_catalogue(catalogue: Catalogue) -> bytes:
    """The PO file of a catalogue; reading it gives an equal catalogue.

    Raises:
        CatalogueError: where a text holds a character that no PO file can carry.
        ValueError: where the catalogue's header does not say that it is UTF-8.
    """
    charset = _CHARSET.search(catalogue.header.get("Content-Type", ""))
    if charset is None or not _is_utf8(charset[1]):
        raise ValueError("a catalogue needs a header with charset=UTF-8 before it is written")
    header = "".join(f"{name}: {value}\n" for name, value in catalogue.header.items())
    blocks = [
        [*map(_comment, catalogue.header_notes), 'msgid ""', *_string("msgstr", header)],
        *(list(_unit_lines(unit)) for unit in catalogue.units if not unit.obsolete),
        *(list(_unit_lines(unit)) for unit in catalogue.units if unit.obsolete),
    ]
    text = "\n\n".join("\n".join(block) for block in blocks) + "\n"
    if UNWRITABLE.search(text):
        _refuse_unwritable(catalogue)
    return text.encode()


# --- reading -----------------------------------------------------------------------


def _decode(data: bytes, where: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        stated = _CHARSET_IN_BYTES.search(data)
        is_honest = stated is not None and not _is_utf8(stated[1].decode())
        raise CatalogueError(
            f"byte 0x{data[error.start]:02X} is not UTF-8",
            where=f"{where}:{line}",
            # What the header says is what msgconv goes by.
            way_out=_converting(where) if is_honest else "save it in UTF-8 with what wrote it",
        ) from None
    if match := UNWRITABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise CatalogueError(
            f"a PO file cannot hold U+{ord(match[0]):04X}",
            where=f"{where}:{line}",
            way_out=WAY_OUT,
        )
    return text


def _careful_entries(text: str, where: str) -> list[Entry]:
    """The entries of a file, whoever wrote it.

    Raises:
        CatalogueError: where a line is not PO, or stands where it may not.
    """
    lines = scan(text, where=where)
    file = _assemble(lines)
    entries = [
        _entry(entry, line) for entry, line in zip(list(file), entry_lines(lines), strict=True)
    ]
    if entries:
        entries[0] = replace(entries[0], notes=(*_unfenced(file.header), *entries[0].notes))
    return entries


class _Lines:
    """Lines in the one way that polib takes without guessing.

    polib opens a string that happens to be a file's name, and divides any other with
    ``str.splitlines``, at characters that end no line of a PO file.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def splitlines(self) -> list[str]:
        return list(self._lines)


class _File(polib.POFile):  # type: ignore[misc]  # polib has no types
    """Leaves the header among the entries: polib's own reading of it drops fields."""

    def find(self, *_args: object, **_options: object) -> None:
        return None


def _assemble(lines: Sequence[Line]) -> _File:
    file = polib.pofile(_Lines([_for_polib(line) for line in lines]), encoding="utf-8", klass=_File)
    assert isinstance(file, _File)
    return file


def _for_polib(line: Line) -> str:
    match line.kind:
        case LineKind.BLANK:
            return ""
        case LineKind.NOTE | LineKind.EXTRACTED:
            return f"{line.kind} {line.text}{_FENCE}"
        case LineKind.FLAGS:
            return "#, " + ", ".join(filter(None, map(str.strip, line.text.split(","))))
        case LineKind.REFERENCE:
            return f"#: {line.text}"
        case LineKind.TEXT:
            return _text_for_polib(line)


def _text_for_polib(line: Line) -> str:
    keyword = {Part.REST: "", Part.PREVIOUS_REST: "#| "}.get(line.part, f"{line.part} ")
    if line.part is Part.PLURAL_TARGET:
        keyword = f"msgstr[{line.index}] "
    # polib skips '#~|' lines; the entry's other lines say that it is obsolete.
    marker = "#~ " if line.obsolete and not keyword.startswith("#|") else ""
    return f'{marker}{keyword}"{polib.escape(line.text)}"'


def _entry(entry: polib.POEntry, line: int) -> Entry:
    forms = entry.msgstr_plural
    return Entry(
        line=line,
        source=entry.msgid,
        context=entry.msgctxt,
        plural=entry.msgid_plural,
        target=entry.msgstr,
        targets=tuple(forms[number] for number in sorted(forms)) if forms else None,
        obsolete=bool(entry.obsolete),
        previous_source=entry.previous_msgid or "",
        previous_context=entry.previous_msgctxt or "",
        previous_plural=entry.previous_msgid_plural or "",
        flags=tuple(filter(None, entry.flags)),
        notes=tuple(_unfenced(entry.tcomment)),
        extracted=tuple(_unfenced(entry.comment)),
        references=tuple(_references(entry)),
    )


def _references(entry: polib.POEntry) -> Iterator[str]:
    # polib takes a number after a colon for a line number.
    for path, line in entry.occurrences:
        yield f"{path}:{line}" if line else path


def _unfenced(comment: str) -> list[str]:
    return [line.removesuffix(_FENCE) for line in comment.split("\n")] if comment else []


def _read_header(text: str, where: str) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for line in filter(None, text.split("\n")):
        name, colon, value = line.partition(":")
        if not colon or name in fields:
            raise CatalogueError(
                f"header field {name!r} stands there twice"
                if colon
                else f"header line {line!r} has no colon",
                where=where,
                way_out="correct the header",
            )
        fields[name] = value.strip()
    return MappingProxyType(fields)


def _check_charset(header: Mapping[str, str], where: str) -> None:
    match = _CHARSET.search(header.get("Content-Type", ""))
    if match is None:
        raise CatalogueError(
            "the header states no character set",
            where=where,
            way_out='add "Content-Type: text/plain; charset=UTF-8\\n" if the file is in UTF-8',
        )
    if not _is_utf8(match[1]):
        raise CatalogueError(
            f"the header says the file is in {match[1]!r}, not UTF-8",
            where=where,
            way_out=_converting(where),
        )


def _converting(where: str) -> str:
    path = shlex.quote(where)
    return f"convert it with: msgconv --to-code=UTF-8 -o {path} {path}"


def _is_utf8(charset: str) -> bool:
    return charset.lower().replace("-", "") == "utf8"


def _check_language(header: Mapping[str, str], expected: Locale, where: str) -> None:
    stated = header.get("Language", "")
    if not stated:
        return
    try:
        found = Locale.parse(stated)
    except LocaleError as error:
        raise CatalogueError(
            f"the header's Language: {error.what}",
            where=where,
            way_out=f"write Language: {expected.posix}",
        ) from None
    if found != expected:
        raise CatalogueError(
            f"the header says Language: {stated}, but {expected.posix} is expected here",
            where=where,
            way_out="move the file to its own language's folder, or correct the header",
        )


def _refuse_duplicates(entries: Sequence[Entry], where: str) -> None:
    seen: dict[tuple[str | None, str], int] = {}
    for entry in entries:
        first = seen.setdefault((entry.context, entry.source), entry.line)
        if first != entry.line:
            raise CatalogueError(
                f"the same message stands in line {first} already",
                where=f"{where}:{entry.line}",
                way_out="keep one of them, or run: msguniq --use-first",
            )


def _read_unit(entry: Entry, where: str) -> TranslationUnit:
    if entry.context == "":
        raise CatalogueError(
            "an empty msgctxt", where=f"{where}:{entry.line}", way_out="delete the line"
        )
    if entry.targets is not None and not entry.plural:
        raise CatalogueError(
            "an empty msgid_plural", where=f"{where}:{entry.line}", way_out=WAY_OUT
        )
    notes = parse_notes(entry.notes)
    placed = not entry.obsolete
    return TranslationUnit(
        source=entry.source,
        target=entry.target,
        context=entry.context or "",
        fuzzy=_FUZZY in entry.flags,
        obsolete=entry.obsolete,
        plural_source=entry.plural,
        plural_targets=entry.targets or (),
        previous_source=entry.previous_source,
        previous_context=entry.previous_context,
        previous_plural=entry.previous_plural,
        flags=tuple(flag for flag in entry.flags if flag != _FUZZY),
        notes=notes.human,
        directions=notes.directions,
        provenance=notes.provenance,
        acceptance=notes.acceptance,
        suggestion=notes.suggestion,
        verdicts=notes.verdicts,
        findings=notes.findings,
        extracted=entry.extracted if placed else (),
        references=entry.references if placed else (),
    )


# --- writing -----------------------------------------------------------------------


def _unit_lines(unit: TranslationUnit) -> Iterator[str]:
    notes = Notes(
        unit.notes,
        unit.directions,
        unit.provenance,
        unit.acceptance,
        unit.suggestion,
        unit.verdicts,
        unit.findings,
    )
    yield from map(_comment, render_notes(notes))
    if not unit.obsolete:
        for line in unit.extracted:
            yield _comment(line, "#.")
        if unit.references:
            yield "#: " + " ".join(unit.references)
    flags = [_FUZZY, *unit.flags] if unit.fuzzy else list(unit.flags)
    if flags:
        yield "#, " + ", ".join(flags)
    own = "#~ " if unit.obsolete else ""
    yield from _previous_lines(unit)
    if unit.context:
        yield from _string("msgctxt", unit.context, own)
    yield from _string("msgid", unit.source, own)
    if unit.plural_source:
        yield from _string("msgid_plural", unit.plural_source, own)
        for index, target in enumerate(unit.plural_targets):
            yield from _string(f"msgstr[{index}]", target, own)
    else:
        yield from _string("msgstr", unit.target, own)


def _previous_lines(unit: TranslationUnit) -> Iterator[str]:
    prefix = "#~| " if unit.obsolete else "#| "
    if unit.previous_context:
        yield from _string("msgctxt", unit.previous_context, prefix)
    # gettext wants neither a context nor a plural without msgid.
    if unit.previous_context or unit.previous_source or unit.previous_plural:
        yield from _string("msgid", unit.previous_source, prefix)
    if unit.previous_plural:
        yield from _string("msgid_plural", unit.previous_plural, prefix)


def _comment(line: str, marker: str = "#") -> str:
    return f"{marker} {protect_end(line)}" if line else marker


def _string(keyword: str, text: str, prefix: str = "") -> list[str]:
    """A keyword and its string: on one line, or one for each line of the text."""
    return [prefix + line for line in statement(keyword, text)]


def _refuse_unwritable(catalogue: Catalogue) -> None:
    for unit in catalogue.units:
        if match := UNWRITABLE.search("\n".join(_unit_lines(unit))):
            raise CatalogueError(
                f"a PO file cannot hold U+{ord(match[0]):04X}, which stands in {unit.source!r}",
                where=unquote(unit.references[0]) if unit.references else "",
                way_out="remove the character from the document",
            )
    raise CatalogueError(
        "the PO header holds a character that no PO file can",
        way_out="remove it from the project's name",
    )
