"""MDX: what of it is not Markdown, hidden from the Markdown parser.

Imports and exports, comments and tags on lines of their own become blank, so that what
stands between tags is read as Markdown. Expressions (``{…}``) and tags in a line stay one
character for one, without what could be taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from l10n_pipeline.formats.markdown.masking import (
    FENCE,
    LONGEST,
    Masked,
    after_code,
    after_fence,
    blank,
    is_alone,
)
from l10n_pipeline.model import Span

_ESM: Final = re.compile(r"(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*")
_TAG: Final = re.compile(r"</?(?:[A-Za-z_$][\w$.:\-]*)?(?=[\s/>{])")
_INTERESTING: Final = re.compile(r"[`{<\\]|\n")
_IN_EXPRESSION: Final = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|//[^\n]*|/\*.*?\*/|[{}]",
    re.DOTALL,
)
_IN_TAG: Final = re.compile(r"\"[^\"]*\"|'[^']*'|[{>]")


def masked(seen: Masked) -> Masked:
    r"""An MDX text with everything hidden that is not Markdown.

    >>> masked(Masked("import A from 'a'\n\nSee {a['*']} <A b={'*'}>*this*</A>")).text
    '                 \n\nSee xxxxxxxx <A xxxxxxx>*this*</A>'

    Args:
        seen: the text, with what is no MDX either hidden in it.
    """
    text = seen.text
    pieces: list[str] = []
    hidden: list[Span] = []
    done = 0
    for start, end in _syntax(text):
        raw = text[start:end]
        replacement = raw
        if raw[0] not in "{<" or is_alone(text, start, end):
            replacement = blank(raw)
        elif raw[0] == "{":
            replacement = blank(raw, "x")
            hidden.append(Span(start, end))
        elif raw in {"<>", "</>"}:
            hidden.append(Span(start, end))
        else:
            replacement = _plain_tag(raw)
        pieces += (text[done:start], replacement)
        done = end
    pieces.append(text[done:])
    return seen._replace(text="".join(pieces), hidden=_outermost([*seen.hidden, *hidden]))


def _outermost(spans: list[Span]) -> list[Span]:
    """The spans in order, without those that lie in others."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _syntax(text: str) -> Iterator[tuple[int, int]]:
    """Where imports, exports, expressions and tags stand, in order. Those that do not end are
    errors in MDX; none of their sort are looked for after the first of them.
    """
    at = 0
    sorts = {"{": _after_expression, "<": _after_tag}
    while at < len(text):
        if at == 0 or text[at - 1] == "\n":
            if fence := FENCE.match(text, at):
                at = after_fence(text, fence)
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
            at = after_code(text, start)
        elif found[0] in sorts and (found[0] == "{" or _TAG.match(text, start)):
            end = sorts[found[0]](text, start)
            if end > at:
                yield start, end
                at = end
            else:
                del sorts[found[0]]


def _follows_blank(text: str, at: int) -> bool:
    return at == 0 or not text[text.rfind("\n", 0, at - 1) + 1 : at].strip()


def _after_expression(text: str, start: int) -> int:
    """Behind the brace that closes the one at ``start``; just behind that one where none does."""
    depth = 0
    for found in _IN_EXPRESSION.finditer(text, start, start + LONGEST):
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
    limit = start + LONGEST
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
