"""Where the values of front matter's fields stand.

They are found line by line, not by a YAML or TOML parser, as what is wanted is where a value
stands. A field in another one, or in the objects of a list, is named with dots between:
``hero.tagline``, ``features.title``. Of a list of texts each is a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from l10n_pipeline.formats.markdown.frontmatter import Field, Style
from l10n_pipeline.model import Span

_NAME: Final = r"(?P<quote>[\"']?)(?P<key>[\w\-]+(?:\.[\w\-]+)*)(?P=quote)"
_YAML_LINE: Final = re.compile(
    rf"(?P<indent>[ ]*)(?P<dashes>(?:-[ ]+)*)(?:{_NAME}[ \t]*:(?=\s|\Z)[ \t]*)?"
)
_TOML_LINE: Final = re.compile(
    r"[ \t]*(?:\[\[?[ \t]*(?P<table>[\w\-]+(?:\.[\w\-]+)*)[ \t]*\]"
    rf"|{_NAME}[ \t]*=[ \t]*)"
)
_JSON_TOKEN: Final = re.compile(r"\"(?P<inside>(?:[^\"\\]|\\.)*+)\"(?P<colon>\s*:)?|[\[\]{}]")
_HALF_A_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""A character of JSON may be written as two escapes; such values are left alone."""

_DOUBLE: Final = re.compile(r"\"(?P<inside>(?:[^\"\\]|\\(?s:.))*+)\"")
_TRIPLE: Final = re.compile(r"\"\"\"\r?\n?(?P<inside>(?:[^\"\\]|\\(?s:.)|\"(?!\"\"))*+)\"\"\"")
_SINGLE: Final = re.compile(r"'(?P<inside>(?:[^']|'')*+)'")
_LITERAL: Final = re.compile(r"'(?P<inside>[^'\n]*)'")
_PLAIN_START: Final = r"(?![\[\]{}&*!|>%@`#,\"']|[-?:](?:\s|$))"
_ITEM: Final = re.compile(
    rf"{_PLAIN_START}(?P<inside>[^\s,\[\]{{}}](?:[^,\[\]{{}}\n]*[^\s,\[\]{{}}])?)"
)
_BETWEEN_ITEMS: Final = re.compile(r"(?:[\s,]|#[^\n]*(?=\n))*+")
_COMMENT: Final = re.compile(r"[ \t]+#.*")
_PARAGRAPH: Final = re.compile(r"\S(?:.*\S)?(?:\n[ \t]+\S.*)*")


def fields(text: str, start: int, end: int, keys: Collection[str]) -> Iterator[Field]:
    """The values of these keys in front matter, in order.

    Args:
        text: the document's.
        start: where its front matter begins.
        end: where that ends.
        keys: whose values are translated.
    """
    if text.startswith("+++", start):
        yield from _toml(text, start, end, keys)
    elif text.startswith("{", start):
        yield from _json(text, start, end, keys)
    elif start < end:
        yield from _yaml(text, start, end, keys)


def _next_line(text: str, at: int, end: int) -> int:
    newline = text.find("\n", at, end)
    return newline + 1 if newline >= 0 else end


# --- YAML --------------------------------------------------------------------------------


def _yaml(text: str, start: int, end: int, keys: Collection[str]) -> Iterator[Field]:
    outer: list[tuple[int, str]] = []
    """Column and name of the keys that hold the current line."""
    at = start
    while at < end:
        line = _YAML_LINE.match(text, at, end)
        assert line  # as it may be empty
        at = line.end()
        if not line["key"] and not line["dashes"]:
            at = _next_line(text, at, end)
            continue
        indent = len(line["indent"])
        column = indent + (len(line["dashes"]) if line["key"] else 0)
        while outer and (outer[-1][0] >= column if line["key"] else outer[-1][0] > indent):
            outer.pop()
        if line["key"]:
            outer.append((column, line["key"]))
        key = ".".join(name for _, name in outer)
        if key in keys:
            for span, style in _yaml_values(text, at, end, column):
                yield Field(key, span, style)
                at = span.end
        at = _next_line(text, at, end)


@lru_cache(maxsize=64)
def _yaml_patterns(column: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A plain value and a block scalar, whose further lines are indented by more than their
    key is.
    """
    deeper = rf"[ ]{{{column + 1}}}[ \t]*"
    plain = rf"{_PLAIN_START}(?P<inside>\S(?:[^\n]*\S)?(?:\r?\n{deeper}(?!-\s)[^\s#][^\n]*)*)"
    scalar = (
        rf"[|>][-+0-9]{{0,2}}[ \t]*(?:#[^\n]*)?\r?\n"
        rf"(?P<lines>(?:{deeper}\S[^\n]*(?:\n|\Z)|[ \t]*\r?\n)*)"
    )
    return re.compile(plain, re.MULTILINE), re.compile(scalar)


def _yaml_values(text: str, at: int, end: int, column: int) -> Iterator[tuple[Span, Style]]:
    plain, scalar = _yaml_patterns(min(column, 100))
    if found := scalar.match(text, at, end):
        for paragraph in _PARAGRAPH.finditer(found["lines"]):
            start = found.start("lines") + paragraph.start()
            yield Span(start, start + len(paragraph[0].rstrip())), Style.LINES
    elif text.startswith("[", at):
        yield from _items(text, at + 1, end, (_DOUBLE, Style.DOUBLE), (_SINGLE, Style.SINGLE))
    elif found := _DOUBLE.match(text, at, end):
        yield Span(*found.span("inside")), Style.DOUBLE
    elif found := _SINGLE.match(text, at, end):
        yield Span(*found.span("inside")), Style.SINGLE
    elif found := plain.match(text, at, end):
        inside = found["inside"]
        if comment := _COMMENT.search(inside):
            inside = inside[: comment.start()]
        yield Span(at, at + len(inside.rstrip())), Style.PLAIN


def _items(
    text: str, at: int, end: int, *quoted: tuple[re.Pattern[str], Style]
) -> Iterator[tuple[Span, Style]]:
    """The texts of a list between brackets; the rest is left alone where it holds others."""
    while between := _BETWEEN_ITEMS.match(text, at, end):
        at = between.end()
        for pattern, style in (*quoted, (_ITEM, Style.ITEM)):
            if found := pattern.match(text, at, end):
                yield Span(*found.span("inside")), style
                at = found.end()
                break
        else:
            return


# --- TOML --------------------------------------------------------------------------------


def _toml(text: str, start: int, end: int, keys: Collection[str]) -> Iterator[Field]:
    table = ""
    at = start
    while at < end:
        line = _TOML_LINE.match(text, at, end)
        if line and line["table"]:
            table = f"{line['table']}."
        elif line:
            at = line.end()
            key = table + line["key"]
            if key in keys:
                for span, style in _toml_values(text, at, end):
                    yield Field(key, span, style)
                    at = span.end
            elif (found := _TRIPLE.match(text, at, end)) is not None:
                at = found.end()
        at = _next_line(text, at, end)


def _toml_values(text: str, at: int, end: int) -> Iterator[tuple[Span, Style]]:
    if found := _TRIPLE.match(text, at, end):
        yield Span(*found.span("inside")), Style.DOUBLE
    elif text.startswith(('"""', "'''"), at):
        return
    elif text.startswith("[", at):
        values = _items(text, at + 1, end, (_DOUBLE, Style.DOUBLE), (_LITERAL, Style.LITERAL))
        yield from (one for one in values if one[1] is not Style.ITEM)
    elif (found := _DOUBLE.match(text, at, end)) and "\n" not in found[0]:
        yield Span(*found.span("inside")), Style.DOUBLE
    elif found := _LITERAL.match(text, at, end):
        yield Span(*found.span("inside")), Style.LITERAL


# --- JSON --------------------------------------------------------------------------------


def _json(text: str, start: int, end: int, keys: Collection[str]) -> Iterator[Field]:
    outer: list[str] = []
    key = ""
    for token in _JSON_TOKEN.finditer(text, start, end):
        if token[0] in {"{", "["}:
            outer.append(key)
        elif token[0] in {"}", "]"}:
            key = outer.pop() if outer else ""
        elif token["colon"]:
            holder = outer[-1] if outer else ""
            key = f"{holder}.{token['inside']}" if holder else token["inside"]
        elif key in keys and not _HALF_A_PAIR.search(token["inside"]):
            yield Field(key, Span(*token.span("inside")), Style.DOUBLE)
