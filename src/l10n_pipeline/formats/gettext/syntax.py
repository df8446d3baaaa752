"""Entries of a PO file and where they stand in it, line by line.

As the gettext manual describes the format ("The Format of PO Files"); where it is silent, as
``msgfmt`` reads it. Comments are told apart by their second character, and belong to the
entry after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.model import Span
from l10n_pipeline.po_strings import EscapeError, unescaped

LONGEST_LINE: Final = 1_000_000
"""Code points; no message is longer."""
_FUZZY: Final = "fuzzy"
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+\Z")
_BLANK: Final = " \t\r\n\f\v"
_STRING: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_STATEMENT: Final = re.compile(
    r"(?:(?P<keyword>msgctxt|msgid_plural|msgid|msgstr|domain)(?:\[(?P<form>\d{1,3})\])?[ \t]*)?"
    rf"(?P<strings>{_STRING}(?:[ \t]*{_STRING})*)"
)
_STRINGS: Final = re.compile(_STRING)
_FLAGS: Final = ("#,", "#=")
_NEXT: Final = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural", "msgstr"),
    "msgid_plural": ("msgstr",),
    "msgstr": ("msgctxt", "msgid"),
}
_NOWHERE: Final = Span(0, 0)
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(slots=True)
class Entry:
    """An entry that is not obsolete, as far as it has been read."""

    line: int = 0
    """Of its msgid."""
    strings: dict[str, str] = field(default_factory=dict)
    """By keyword, without those of msgstr."""
    targets: list[str] = field(default_factory=list)
    """One msgstr, or the plural forms."""
    flags: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    flag_lines: list[Span] = field(default_factory=list)
    """Lines that say that it is fuzzy, line ends included."""
    start: int = 0
    """Of its first statement."""
    translation: Span = _NOWHERE
    """From the first msgstr to the end of the last string, without its line end."""

    @property
    def source(self) -> str:
        """The msgid."""
        return self.strings.get("msgid", "")

    @property
    def context(self) -> str | None:
        """The msgctxt; None where there is none."""
        return self.strings.get("msgctxt")

    @property
    def plural(self) -> str | None:
        """The msgid_plural; None where there is none."""
        return self.strings.get("msgid_plural")

    @property
    def is_header(self) -> bool:
        """Whether it is what the file says of itself."""
        return not self.source and self.context is None


@dataclass(slots=True)
class _Reader:
    """Reads line by line."""

    where: str
    encoding: str
    entry: Entry = field(default_factory=Entry)
    keyword: str = ""
    """Of the last statement of the entry; empty before the first."""
    number: int = 0
    parts: list[str] = field(default_factory=list)
    """Of the string that is being read: lines of it may come by the million."""

    def entries(self, text: str) -> Iterator[Entry]:
        """The entries of a file, in order."""
        start = 1 if text.startswith(_BOM) else 0
        for found in _LINE.finditer(text, start):
            self.number += 1
            if len(found[0]) > LONGEST_LINE:
                raise self.error(f"the line is {len(found[0])} characters long", "shorten it")
            yield from self._read(found[0], found.start())
        if self.keyword == "msgstr":
            yield self._finished()
        elif self.keyword:
            raise self.error("the file ends within an entry")

    def _read(self, line: str, start: int) -> Iterator[Entry]:
        content = line.strip(_BLANK)
        if not content:
            return
        if content.startswith("#"):
            if self.keyword == "msgstr":
                yield self._finished()
            self._read_comment(content, Span(start, start + len(line)))
            return
        statement = _STATEMENT.fullmatch(content)
        if statement is None:
            raise self.error(f"not a line of a PO file: {_excerpt(content)}")
        keyword = statement["keyword"]
        if self.keyword == "msgstr" and keyword in _NEXT["msgstr"]:
            yield self._finished()
        begin = start + line.index(content)
        self._read_statement(statement, Span(begin, begin + len(content)))

    def _finished(self) -> Entry:
        self._end_string()
        entry, self.entry, self.keyword = self.entry, Entry(), ""
        return entry

    def _read_comment(self, content: str, span: Span) -> None:
        if self.keyword:
            raise self.error("a comment stands within an entry", "move it above the entry")
        kind, rest = content[:2], content[2:]
        if kind == "#~":
            self.entry = Entry()  # what stood above it is about an obsolete entry
        if kind == "#.":
            self.entry.comments.append(rest.removeprefix(" "))
        elif kind == "#:":
            self.entry.references += rest.split()
        elif kind in _FLAGS:
            flags = [flag for flag in map(str.strip, rest.split(",")) if flag]
            self.entry.flags += (flag for flag in flags if flag != _FUZZY)
            if _FUZZY in flags:
                self.entry.flag_lines.append(span)

    def _read_statement(self, statement: re.Match[str], span: Span) -> None:
        keyword, form = statement["keyword"], statement["form"]
        text = "".join(self._unescaped(one) for one in _STRINGS.findall(statement["strings"]))
        entry = self.entry
        if keyword is None and not self.keyword:
            raise self.error("a string without a keyword before it")
        if keyword is not None:
            self._end_string()
        self.parts.append(text)
        if keyword == "msgstr" and self.keyword in ("msgid", "msgid_plural", "msgstr"):
            self._begin_target(form, span)
            entry.targets.append("")
        elif keyword is not None:
            if keyword not in _NEXT[self.keyword] or form is not None:
                raise self.error(f"{keyword} cannot stand here")
            if not self.keyword:
                entry.start = span.start
            if keyword == "msgid":
                entry.line = self.number
            entry.strings[keyword] = ""
        if keyword is not None:
            self.keyword = keyword
        if self.keyword == "msgstr":
            entry.translation = Span(entry.translation.start, span.end)

    def _end_string(self) -> None:
        text = "".join(self.parts)
        self.parts.clear()
        if self.keyword == "msgstr":
            self.entry.targets[-1] = text
        elif self.keyword:
            self.entry.strings[self.keyword] = text

    def _begin_target(self, form: str | None, span: Span) -> None:
        entry = self.entry
        if entry.plural is None:
            expected = None if not entry.targets else ""
        else:
            expected = str(len(entry.targets))
        if form != expected:
            wanted = "another entry" if expected == "" else f"msgstr[{expected}]"
            wanted = "msgstr" if expected is None else wanted
            found = "msgstr" if form is None else f"msgstr[{form}]"
            raise self.error(f"{found} stands where {wanted} is expected")
        if not entry.targets:
            entry.translation = Span(span.start, span.end)

    def _unescaped(self, string: str) -> str:
        try:
            return unescaped(string[1:-1], self.encoding)
        except EscapeError as error:
            raise self.error(error.what, error.way_out) from None

    def error(self, what: str, way_out: str = "correct the line") -> DocumentError:
        return DocumentError(what, where=f"{self.where}:{self.number}", way_out=way_out)


def entries_of(text: str, *, where: str, encoding: str) -> Iterator[Entry]:
    """The entries of a PO file that are not obsolete, in order.

    Args:
        text: the decoded file.
        where: its name, for errors.
        encoding: what escaped bytes are in.

    Raises:
        DocumentError: at the first line that is not PO, or stands where it may not.
    """
    return _Reader(where, encoding).entries(text)


def _excerpt(line: str) -> str:
    return repr(line if len(line) <= 40 else line[:40] + "…")
