"""Front matter: the metadata in YAML, TOML or JSON before a document's text, and how its
values are read and written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
_FIRST_FIELD: Final = re.compile(r"(?:[ \t]*(?:#.*)?\r?\n)*+[^\s#:>][^:\n]{0,99}:(?:\s|\Z)")
"""What front matter in YAML begins with. What comes after it need not be understood."""
_JSON: Final = re.compile(r"\{\s*\"")
_KEY: Final = re.compile(r"[\w\-]+(?:\.[\w\-]+)*")
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
_UNSAFE_ITEM: Final = re.compile(rf"{_UNSAFE_PLAIN.pattern}|[,\[\]{{}}]", re.IGNORECASE)
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
    ITEM = "item"
    """Plain, in a list between brackets."""
    LINES = "lines"
    """A block scalar's paragraph."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value to be translated, or a paragraph of one."""

    key: str
    """With dots between, where it is in others."""
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
        return found.end() if _FIRST_FIELD.match(found["body"]) else 0
    if found := _TOML.match(text):
        return found.end()
    return _end_of_json(text) if _JSON.match(text) else 0


def _end_of_json(text: str) -> int:
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return 0
    return end if text[end : end + 1] in {"", "\r", "\n"} else 0


def is_key(text: str) -> bool:
    """Whether a field could have this name.

    >>> is_key("og-title"), is_key("seo.title"), is_key("seo:")
    (True, True, False)
    """
    return _KEY.fullmatch(text) is not None


def block_of(field: Field, text: str) -> Block | None:
    """A field as a block; None where there is nothing to translate in it."""
    raw = field.span.of(text)
    if not _LETTER.search(raw):
        return None
    kind = BlockKind.TITLE if field.key.rpartition(".")[2] == "title" else BlockKind.METADATA
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
        Style.ITEM: _UNSAFE_ITEM,
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
