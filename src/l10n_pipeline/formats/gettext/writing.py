"""Filling in a template: translations go into their msgstr, and the header says for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from l10n_pipeline.formats.gettext.syntax import Entry
from l10n_pipeline.model import Span
from l10n_pipeline.po_strings import statement

Replacement = tuple[Span, str]
"""A stretch of the file, and what is to stand there."""
_FUZZY: Final = re.compile(r"[ \t]*\bfuzzy\b[ \t]*,?|,[ \t]*fuzzy\b")
_UNNAMED: Final = "Project-Id-Version: PACKAGE VERSION"
"""What xgettext writes where it has not been told the program's name."""
CHARSET: Final = re.compile(r"(?<=charset=)(?P<name>[^\s;]+)", re.IGNORECASE)
"""What a header says its encoding is."""


def spliced(text: str, replacements: Sequence[Replacement]) -> str:
    """The text with stretches replaced."""
    pieces: list[str] = []
    done = 0
    for span, new in sorted(replacements):
        pieces += (text[done : span.start], new)
        done = span.end
    return "".join([*pieces, text[done:]])


def translated(entry: Entry, texts: Sequence[str], text: str, line_end: str) -> list[Replacement]:
    """What gives an entry its translation. One that it has already stays as it is written.

    Args:
        entry: whose.
        texts: one, or the plural forms.
        text: the file's.
        line_end: between lines.
    """
    made = [] if list(texts) == entry.targets else [_statements(entry, texts, line_end)]
    return [*made, *_without_fuzzy(entry, text)] if any(texts) else made


def headed(
    entry: Entry, fields: Mapping[str, str], text: str, line_end: str, *, charset: str = ""
) -> list[Replacement]:
    """What makes a template's header one of a catalogue.

    Args:
        entry: the header.
        fields: its fields that are to say something else; others stay, and so does the
            name of a program that has one.
        text: the file's.
        line_end: between lines.
        charset: what its encoding is to be called; empty leaves that.
    """
    found = entry.targets[0]
    kept = () if _UNNAMED in found else ("Project-Id-Version",)
    header = "".join(
        _fields(found, {name: value for name, value in fields.items() if name not in kept})
    )
    if charset and not CHARSET.search(header):
        header += f"Content-Type: text/plain; charset={charset}\n"
    elif charset:
        header = CHARSET.sub(charset, header)
    return translated(entry, [header], text, line_end)


def _fields(header: str, fields: Mapping[str, str]) -> Iterator[str]:
    missing = dict(fields)
    for line in header.splitlines():
        name = line.partition(":")[0]
        found = next((one for one in missing if one.lower() == name.lower()), None)
        yield f"{name}: {missing.pop(found)}\n" if found is not None else f"{line}\n"
    yield from (f"{name}: {value}\n" for name, value in missing.items())


def _statements(entry: Entry, texts: Sequence[str], line_end: str) -> Replacement:
    lines = [
        line
        for form, text in enumerate(texts)
        for line in statement("msgstr" if entry.plural is None else f"msgstr[{form}]", text)
    ]
    return entry.translation, line_end.join(lines)


def _without_fuzzy(entry: Entry, text: str) -> Iterator[Replacement]:
    for span in entry.flag_lines:
        line = span.of(text)
        left = _FUZZY.sub("", line, count=1)
        yield span, left if left.strip("#,= \t\r\n") else ""
