"""Templates of a program's messages (POT), as ``xgettext`` and ``pybabel extract`` write them.

Each message is a block of its own. The localised edition is a catalogue (PO): the template's
bytes with translations in their places. Only a template is a source: a catalogue that holds
translations is what a template's translations are merged with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.gettext.encoding import decoded
from l10n_pipeline.formats.gettext.syntax import Entry, entries_of
from l10n_pipeline.formats.gettext.writing import (
    CHARSET,
    Replacement,
    headed,
    spliced,
    translated,
)
from l10n_pipeline.formats.splicing import line_ends_of, refuse_surrogates
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Document, Message, Segment, Span
from l10n_pipeline.plurals import PluralRule, plural_forms

_UTF8: Final = "UTF-8"
_LIMIT: Final = re.compile(r"max-length:\s*(\d{1,6})")
_NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})

_Key: TypeAlias = tuple[str | None, str, str | None]
"""Context, source and plural of a message."""


@dataclass(frozen=True, slots=True)
class _Template:
    """A file that has been read."""

    text: str
    encoding: str
    header: Entry
    messages: Sequence[Entry]


class GettextTemplate:
    """PO templates in any encoding that their header names."""

    name: str = "gettext"
    suffixes: tuple[str, ...] = (".pot",)
    edition_suffix: str = ".po"
    editions_are_catalogues: bool = True

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into messages.

        Raises:
            DocumentError: where it is not PO, has no header, has a message twice, or has
                translations; says in which line.
        """
        template = _read(*decoded(data, path), path)
        blocks: list[Block] = []
        messages: dict[int, Message] = {}
        done = 0
        for entry in template.messages:
            blocks += _separator(done, entry.start)
            done = entry.translation.end
            messages[len(blocks)] = _message(entry)
            span = Span(entry.start, done)
            blocks.append(Block(BlockKind.MESSAGE, span, translatable=True, limit=_limit(entry)))
        blocks += _separator(done, len(template.text))
        return Document(
            path=path,
            name=name,
            format=self.name,
            locale=locale,
            encoding=template.encoding,
            text=template.text,
            blocks=tuple(blocks),
            messages=MappingProxyType(messages),
        )

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
        header: Mapping[str, str] = _NO_FIELDS,
    ) -> bytes:
        """The template with these translations in their places and every other byte as it was;
        a translation that its encoding has no bytes for makes it UTF-8.

        Args:
            document: as ``read`` gave it.
            translations: of any of its segments; of a plural message all forms, NUL between.
            target: the language that the header is to name, with its plural forms; None
                leaves the header as it is.
            header: fields of the header that are to say something else.

        Raises:
            DocumentError: where a translation holds half of a surrogate pair, or where what was
                made, read again, does not have these messages with these translations.
            ValueError: where a segment is not of this document, or has plural forms that
                its message has not.
        """
        template = _read(document.text, document.encoding, document.path)
        line_end = line_ends_of(document.text) or "\n"
        by_start = {entry.start: entry for entry in template.messages}
        forms = _forms(target, header)
        replacements: list[Replacement] = []
        expected: dict[_Key, Sequence[str]] = {}
        for segment, translation in translations.items():
            entry = by_start.pop(segment.span.start, None)
            if entry is None or segment.message != _message(entry):
                raise ValueError(f"not a segment of {document.path}: {segment}")
            texts = translation.split("\0")
            if len(texts) > 1 and entry.plural is None:
                raise ValueError(f"{entry.source!r} has no plural forms")
            refuse_surrogates(translation, f"{document.path}:{entry.line}")
            expected[_key(entry)] = texts
            replacements += translated(entry, texts, document.text, line_end)
        for entry in by_start.values():
            expected[_key(entry)] = entry.targets
            if target is not None and entry.plural is not None:
                expected[_key(entry)] = [""] * forms
                replacements += translated(entry, [""] * forms, document.text, line_end)
        fields = _with_language(header, target)
        encoding, made = _written(template, replacements, fields, line_end)
        _refuse_other_messages(made, encoding, expected, document.path)
        return made.encode(encoding)


# --- reading -------------------------------------------------------------------------


def _read(text: str, encoding: str, path: str) -> _Template:
    first: dict[tuple[str | None, str], int] = {}
    entries: list[Entry] = []
    for entry in entries_of(text, where=path, encoding=encoding):
        if not entries and not entry.is_header:
            break
        before = first.setdefault((entry.context, entry.source), entry.line)
        if before != entry.line:
            raise DocumentError(
                f"the same message stands in line {before} already",
                where=f"{path}:{entry.line}",
                way_out="keep one of them, or run: msguniq",
            )
        if entries:
            _refuse(entry, path)
        entries.append(entry)
    if not entries:
        raise DocumentError(
            'it does not begin with a PO header, which is the entry msgid ""',
            where=f"{path}:1",
            way_out="make the template with xgettext or pybabel extract",
        )
    return _Template(text, encoding, entries[0], entries[1:])


def _refuse(entry: Entry, path: str) -> None:
    where = f"{path}:{entry.line}"
    if any(entry.targets):
        raise DocumentError(
            "has a translation, so this is a catalogue and not a template",
            where=where,
            way_out="list its template (.pot) under 'documents', and let translations that you "
            f"have be locales/<language>/LC_MESSAGES/{path.rpartition('/')[2]}.po",
        )
    if not entry.source:
        raise DocumentError("an empty msgid with a msgctxt", where=where, way_out="delete it")
    for keyword in ("msgctxt", "msgid_plural"):
        if entry.strings.get(keyword) == "":
            raise DocumentError(f"an empty {keyword}", where=where, way_out="delete the line")


def _key(entry: Entry) -> _Key:
    return entry.context, entry.source, entry.plural


def _message(entry: Entry) -> Message:
    return Message(
        source=entry.source,
        plural=entry.plural or "",
        context=entry.context or "",
        flags=tuple(dict.fromkeys(entry.flags)),
        comments=tuple(entry.comments),
        references=tuple(entry.references),
    )


def _separator(start: int, end: int) -> Iterator[Block]:
    if start < end:
        yield Block(BlockKind.SEPARATOR, Span(start, end), translatable=False)


def _limit(entry: Entry) -> int | None:
    """What Weblate's flag says of a translation's length."""
    found = (_LIMIT.fullmatch(flag) for flag in entry.flags)
    return next((int(match[1]) for match in found if match), None)


# --- writing -------------------------------------------------------------------------


def _forms(target: Locale | None, header: Mapping[str, str]) -> int:
    if "Plural-Forms" in header:
        return PluralRule.parse(header["Plural-Forms"]).count
    return PluralRule.of(target).count if target else 0


def _with_language(header: Mapping[str, str], target: Locale | None) -> Mapping[str, str]:
    if target is None:
        return header
    return {"Language": target.posix, "Plural-Forms": plural_forms(target), **header}


def _written(
    template: _Template,
    replacements: Sequence[Replacement],
    fields: Mapping[str, str],
    line_end: str,
) -> tuple[str, str]:
    """The edition's encoding and its text."""

    def edition(charset: str) -> str:
        heading = (
            headed(template.header, fields, template.text, line_end, charset=charset)
            if fields or charset
            else []
        )
        return spliced(template.text, [*replacements, *heading])

    stated = CHARSET.search(template.header.targets[0])
    states_none = fields and (stated is None or stated["name"] == "CHARSET")
    made = edition(_UTF8 if states_none else "")
    try:
        made.encode(template.encoding)
    except UnicodeEncodeError:
        return "utf-8", edition(_UTF8)
    return template.encoding, made


def _refuse_other_messages(
    made: str, encoding: str, expected: Mapping[_Key, Sequence[str]], path: str
) -> None:
    """Read an edition again and compare it with what it was made of."""
    _, *messages = entries_of(made, where=path, encoding=encoding)
    found = {_key(entry): entry.targets for entry in messages}
    wrong = next((key for key in expected if list(found.get(key, ())) != list(expected[key])), None)
    if wrong is not None or len(messages) != len(expected):
        raise DocumentError(
            f"the edition is not written: its message {wrong[1] if wrong else ''!r} would say "
            "something else",
            where=path,
            way_out="look at this message's translation in the catalogue",
        )
