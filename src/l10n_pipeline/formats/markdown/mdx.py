"""MDX: what of it is not Markdown, hidden from the Markdown parser.

Imports and exports, comments and tags on lines of their own become blank, so that what
stands between tags is read as Markdown. Expressions (``{…}``) and tags in a line stay one
character for one, without what could be taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from l10n_pipeline.model import Span

_FENCE: Final = re.compile(r"[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*")
_ESM: Final = re.compile(r"(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*")
_TICKS: Final = re.compile(r"`+")
_TAG: Final = re.compile(r"</?(?:[A-Za-z_$][\w$.:\-]*)?(?=[\s/>{])")
_INTERESTING: Final = re.compile(r"[`{<\\]|\n")
_IN_EXPRESSION: Final = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|//[^\n]*|/\*.*?\*/|[{}]",
    re.DOTALL,
)
_IN_TAG: Final = re.compile(r"\"[^\"]*\"|'[^']*'|[{>]")
_MOST_TICKS: Final = 50
"""Runs of backticks that a code span may have in it."""
_NO_LINE_END: Final = re.compile(r"[^\r\n]")
_LONGEST: Final = 100_000
"""Code points of an expression or tag; what is longer is taken for text."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as the Markdown parser is to see it."""

    text: str
    """As long as the document's."""
    hidden: tuple[Span, ...] = ()
    """Expressions and fragments' tags that stand in a line, in order."""


def masked(text: str) -> Masked:
    r"""An MDX text with everything hidden that is not Markdown.

    >>> masked("import A from 'a'\n\nSee {a['*']} <A b={'*'}>*this*</A>").text
    '                 \n\nSee {xxxxxx} <A xxxxxxx>*this*</A>'
    """
    pieces: list[str] = []
    hidden: list[Span] = []
    done = 0
    for start, end in _syntax(text):
        raw = text[start:end]
        replacement = raw
        if raw[0] not in "{<" or _is_alone(text, start, end):
            replacement = _NO_LINE_END.sub(" ", raw)
        elif raw[0] == "{":
            replacement = "{" + "x" * (len(raw) - 2) + "}"
            hidden.append(Span(start, end))
        elif raw in {"<>", "</>"}:
            hidden.append(Span(start, end))
        else:
            replacement = _plain_tag(raw)
        pieces += (text[done:start], replacement)
        done = end
    pieces.append(text[done:])
    return Masked("".join(pieces), tuple(hidden))


def _syntax(text: str) -> Iterator[tuple[int, int]]:
    """Where imports, exports, expressions and tags stand, in order. Those that do not end are
    errors in MDX; none of their sort are looked for after the first of them.
    """
    at = 0
    sorts = {"{": _after_expression, "<": _after_tag}
    while at < len(text):
        if at == 0 or text[at - 1] == "\n":
            if fence := _FENCE.match(text, at):
                at = _after_fence(text, fence)
                continue
            if (esm := _ESM.match(text, at)) and _follows_blank(text, at):
                yield esm.span()
                at = esm.end()
                continue
        found = _INTERESTING.search(text, at)
        if not found:
            return
        start, at = found.span()
        if found[0] == "\\":
            at += 1
        elif found[0] == "`":
            at = _after_code(text, start)
        elif found[0] in sorts and (found[0] == "{" or _TAG.match(text, start)):
            end = sorts[found[0]](text, start)
            if end > at:
                yield start, end
                at = end
            else:
                del sorts[found[0]]


def _follows_blank(text: str, at: int) -> bool:
    return at == 0 or not text[text.rfind("\n", 0, at - 1) + 1 : at].strip()


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands in the lines from ``start`` to ``end``, save other tags."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    newline = text.find("\n", end)
    after = text[end : newline if newline >= 0 else len(text)]
    return not before.strip() and not after.strip()


def _after_fence(text: str, fence: re.Match[str]) -> int:
    closing = re.compile(
        rf"\n[ \t>]*{re.escape(fence['fence'][0])}{{{len(fence['fence'])},}}[ \t]*(?=\r?\n|\Z)"
    )
    found = closing.search(text, fence.start("fence"))
    end = found.end() if found else len(text)
    newline = text.find("\n", end)
    return newline + 1 if newline >= 0 else len(text)


def _after_code(text: str, start: int) -> int:
    ticks = _TICKS.match(text, start)
    assert ticks
    paragraph_end = text.find("\n\n", ticks.end(), ticks.end() + _LONGEST)
    end = paragraph_end if paragraph_end >= 0 else ticks.end() + _LONGEST
    for closing in islice(_TICKS.finditer(text, ticks.end(), end), _MOST_TICKS):
        if len(closing[0]) == len(ticks[0]):
            return closing.end()
    return ticks.end()


def _after_expression(text: str, start: int) -> int:
    """Behind the brace that closes the one at ``start``; just behind that one where none does."""
    depth = 0
    for found in _IN_EXPRESSION.finditer(text, start, start + _LONGEST):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if not depth:
                return found.end()
    return start + 1


def _after_tag(text: str, start: int) -> int:
    tag = _TAG.match(text, start)
    if not tag:
        return start + 1
    at = tag.end()
    limit = start + _LONGEST
    while found := _IN_TAG.search(text, at, limit):
        if found[0] == ">":
            return found.end()
        at = found.end()
        if found[0] == "{":
            at = _after_expression(text, found.start())
            if at == found.end():
                break
    return start + 1


def _plain_tag(tag: str) -> str:
    """A tag of HTML in a tag's place, as long as that is."""
    name = _TAG.match(tag)
    assert name
    closing = "/>" if tag.endswith("/>") else ">"
    inside = len(tag) - name.end() - len(closing)
    plain = re.sub(r"[^A-Za-z0-9<\-/]", "x", name[0])
    return plain + (" " + "x" * (inside - 1) if inside else "") + closing
