"""Front matter: the metadata in YAML or TOML before a document's text.

Its fields are found line by line, not by a YAML or TOML parser, as what is wanted is where
a value stands. Values of the top level are; lists and nested values stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from l10n_pipeline.formats.pieces import finished
from l10n_pipeline.model import Block, BlockKind, Piece, Span

_YAML: Final = re.compile(
    r"---[ \t]*\r?\n(?P<body>(?:(?!---[ \t]*$|\.\.\.[ \t]*$).*\n)*?)"
    r"(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.MULTILINE,
)
_TOML: Final = re.compile(
    r"\+\+\+[ \t]*\r?\n(?P<body>(?:(?!\+\+\+[ \t]*$).*\n)*?)\+\+\+[ \t]*(?:\r?\n|\Z)", re.MULTILINE
)
_YAML_LINE: Final = re.compile(
    r"[ \t\r]|#|$|[\]})]|-(?:[ \t]|$)|[^\s#][^:\n]*:(?:\s|$)", re.MULTILINE
)
_FIELD: Final = re.compile(
    r"^(?P<quote>[\"']?)(?P<key>[\w\-]+)(?P=quote)[ \t]*(?P<sign>[:=])[ \t]*", re.MULTILINE
)
_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_DOUBLE: Final = re.compile(r"\"(?P<inside>(?:[^\"\\]|\\(?s:.))*)\"")
_SINGLE: Final = re.compile(r"'(?P<inside>(?:[^']|'')*)'")
_LITERAL: Final = re.compile(r"'(?P<inside>[^'\n]*)'")
_BLOCK_SCALAR: Final = re.compile(
    r"[|>][-+0-9]{0,2}[ \t]*(?:#[^\n]*)?\r?\n(?P<lines>(?:[ \t]+\S[^\n]*(?:\n|\Z)|[ \t]*\r?\n)*)"
)
_PLAIN: Final = re.compile(
    r"(?![\[{&*!|>%@`#,\"']|[-?:](?:\s|$))(?P<inside>\S(?:[^\n]*\S)?(?:\r?\n[ \t]+[^\s#][^\n]*)*)"
)
_COMMENT: Final = re.compile(r"[ \t]+#.*")
_FOLD: Final = re.compile(r"[ \t]*\r?\n[ \t]*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_ESCAPE: Final = re.compile(
    r"\\(?:u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|x(?P<x>[0-9A-Fa-f]{2})"
    r"|(?P<fold>[ \t]*\r?\n[ \t]*)|(?P<one>.))"
)
_NAMED: Final = {"n": "\n", "t": "\t", "_": "\xa0", "N": "\x85", "L": "\u2028", "P": "\u2029"}
_UNSAFE_PLAIN: Final = re.compile(
    r"^(?:[\[\]{}&*!|>%@`#,\"']|[-?:](?:\s|$)|---|\.\.\.)|:(?:\s|$)|\s#|[\n\r\t\x00-\x1f\x7f-\x9f]"
    r"|^(?:true|false|yes|no|on|off|null|~|[-+.\d][-+.\d_:eExXoO]*)$",
    re.IGNORECASE,
)
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Style(Enum):
    """How a value is written."""

    PLAIN = "plain"
    DOUBLE = "double"
    """Between double quotes, with escapes."""
    SINGLE = "single"
    """Between single quotes; of YAML, where they are doubled inside."""
    LITERAL = "literal"
    """Between single quotes; of TOML, which escapes nothing."""
    LINES = "lines"
    """A block scalar's paragraph."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value to be translated, or a paragraph of one."""

    key: str
    span: Span
    """Offsets into the document's text, without the quotes."""
    style: Style


def end_of_front_matter(text: str) -> int:
    r"""Where front matter ends that begins the text; 0 where there is none.

    >>> end_of_front_matter("---\ntitle: A\n---\n# B")
    17
    >>> end_of_front_matter("---\n\nA rule, and another.\n\n---\n")
    0
    """
    if found := _YAML.match(text):
        body = found["body"]
        is_yaml = all(_YAML_LINE.match(line) for line in body.split("\n"))
        return found.end() if is_yaml and _FIELD.search(body) else 0
    found = _TOML.match(text)
    return found.end() if found else 0


def fields(text: str, start: int, end: int, keys: Collection[str]) -> Iterator[Field]:
    """The values of these keys in front matter, in order.

    Args:
        text: the document's.
        start: where its front matter begins.
        end: where that ends.
        keys: whose values are translated.
    """
    is_toml = text.startswith("+++", start)
    if is_toml and (table := _TABLE.search(text, start, end)):
        end = table.start()
    at = start
    while field := _FIELD.search(text, at, end):
        at = field.end()
        if field["sign"] == ("=" if is_toml else ":") and field["key"] in keys:
            values = _toml_value if is_toml else _yaml_values
            for span, style in values(text, at, end):
                yield Field(field["key"], span, style)
                at = span.end


def _toml_value(text: str, at: int, end: int) -> Iterator[tuple[Span, Style]]:
    if text.startswith(('"""', "'''"), at):
        return
    if (found := _DOUBLE.match(text, at, end)) and "\n" not in found[0]:
        yield Span(*found.span("inside")), Style.DOUBLE
    elif found := _LITERAL.match(text, at, end):
        yield Span(*found.span("inside")), Style.LITERAL


def _yaml_values(text: str, at: int, end: int) -> Iterator[tuple[Span, Style]]:
    if found := _BLOCK_SCALAR.match(text, at, end):
        for paragraph in re.finditer(r"\S(?:.*\S)?(?:\n[ \t]+\S.*)*", found["lines"]):
            start = found.start("lines") + paragraph.start()
            yield Span(start, start + len(paragraph[0].rstrip())), Style.LINES
    elif found := _DOUBLE.match(text, at, end):
        yield Span(*found.span("inside")), Style.DOUBLE
    elif found := _SINGLE.match(text, at, end):
        yield Span(*found.span("inside")), Style.SINGLE
    elif found := _PLAIN.match(text, at, end):
        inside = found["inside"]
        if comment := _COMMENT.search(inside):
            inside = inside[: comment.start()]
        yield Span(at, at + len(inside.rstrip())), Style.PLAIN


def block_of(field: Field, text: str) -> Block | None:
    """A field as a block; None where there is nothing to translate in it."""
    raw = field.span.of(text)
    if not _LETTER.search(raw):
        return None
    kind = BlockKind.TITLE if field.key == "title" else BlockKind.METADATA
    pieces: tuple[Piece, ...] = finished(_pieces(field, text), text)
    if len(pieces) == 1 and pieces[0].text == raw and not pieces[0].code:
        pieces = ()
    return Block(kind, field.span, translatable=True, pieces=pieces, detail=field.key)


def _pieces(field: Field, text: str) -> Iterator[Piece]:
    special = {
        Style.DOUBLE: re.compile(f"{_ESCAPE.pattern}|{_FOLD.pattern}"),
        Style.SINGLE: re.compile(f"''|{_FOLD.pattern}"),
    }.get(field.style, _FOLD)
    done = field.span.start
    for found in special.finditer(text, *_ends(field)):
        if done < found.start():
            yield Piece(Span(done, found.start()), text[done : found.start()])
        yield Piece(Span(*found.span()), _resolved(found))
        done = found.end()
    if done < field.span.end:
        yield Piece(Span(done, field.span.end), text[done : field.span.end])


def _ends(field: Field) -> tuple[int, int]:
    return field.span.start, field.span.end


def _resolved(found: re.Match[str]) -> str:
    if found[0] == "''":
        return "'"
    if not found[0].startswith("\\"):
        return " "
    for group in ("u", "U", "x"):
        if (digits := found[group]) is not None:
            code = int(digits, 16)
            is_character = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
            return chr(code) if is_character else "\N{REPLACEMENT CHARACTER}"
    if found["fold"] is not None:
        return ""
    return _NAMED.get(found["one"], found["one"])


def written(parts: list[tuple[str, str | None]], style: Style) -> tuple[str, Style]:
    """A value in its style, or in double quotes' where that cannot write it.

    Args:
        parts: what a reader sees; and how it stands in the document, where it does.
        style: the value's.
    """
    whole = " ".join("".join(shown for shown, _ in parts).split("\n"))
    cannot = {
        Style.PLAIN: _UNSAFE_PLAIN,
        Style.LITERAL: re.compile(r"'"),
    }.get(style, _UNWRITABLE)
    if style is not Style.DOUBLE and style is not Style.LINES and cannot.search(whole.strip()):
        parts, style = [(shown, None) for shown, _ in parts], Style.DOUBLE
    encoded = (raw if raw is not None else _encoded(shown, style) for shown, raw in parts)
    return "".join(encoded), style


def _encoded(shown: str, style: Style) -> str:
    shown = re.sub(r"\r\n|\r|\n", " ", shown)
    match style:
        case Style.DOUBLE:
            shown = shown.replace("\\", "\\\\").replace('"', '\\"')
            return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)
        case Style.SINGLE:
            return shown.replace("'", "''")
    return shown
