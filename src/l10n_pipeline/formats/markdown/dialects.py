r"""What sites write in Markdown beside CommonMark and GitHub's extensions.

Templates (Jinja, Liquid, Hugo)
    ``{{ … }}``, ``{% … %}``, ``{{< … >}}``, ``{# … #}`` are never translated. Those that
    control what comes after them are on lines of their own as a rule, and then divide blocks.
    What stands in ``highlight``, ``comment``, ``math`` and the like is left alone.
Admonitions and tabs (Python-Markdown, Material)
    ``!!! note "Title"``, ``??? tip``, ``=== "Tab"``: the title is translated, and so is what is
    indented after it, which CommonMark has for code.
Directives (Docusaurus, VitePress, Pandoc) and callouts (Obsidian)
    ``:::note Title``, ``> [!tip] Title``: the title is translated.
Attributes (kramdown, Pandoc, Hugo)
    ``{: .class }``, ``{#id}``, ``{.class key=value}`` go with what they are attributes of.
Mathematics
    ``$…$`` as Pandoc tells it from amounts of money, and ``$$…$$``.
Others
    Wiki links (``[[Page]]``), emoji (``:tada:``), ``[TOC]``, snippets (``--8<-- "file"``),
    abbreviations' keys (``*[HTML]:``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from l10n_pipeline.formats.markdown.masking import (
    FENCE,
    Divider,
    Masked,
    after_code,
    after_fence,
    blank,
    is_alone,
)
from l10n_pipeline.model import BlockKind, Span

_HINTS: Final = (
    *("$", "[[", "!!! ", "??? ", "???+", "=== ", "===!", "===+", ":::", "[!", "[TOC]", "*[", "8<"),
)
_MDX_HINTS: Final = ("$", ":::")
_BRACES: Final = re.compile(r"\{(?:[{%#:.]| ?[.#]| ?[\w\-]+=)")
_EMOJI: Final = re.compile(r":(?:[a-z][\w+\-]{1,60}|[+\-]1):")
"""What there is in a text that has any of these."""

_OF_LINES: Final = re.compile(
    r"[ \t>]*(?:"
    r"(?P<admonition>(?:!!!|\?\?\?\+?)[ ]+[\w\-][\w \-]{0,99}?|===[!+]?(?=[ ]+\"))"
    r"(?:[ ]+\"(?P<quoted>[^\n]{0,500}?)\")?"
    r"|(?P<directive>:{3,}[ \t]*(?:\{[^{}\n]{0,300}\}|[\w.\-]{1,99})?)(?:\{[^{}\n]{0,300}\})?"
    r"(?:\[(?P<label>[^\n]{0,500}?)\]|[ \t]+(?P<heading>[^\s{][^\n]{0,500}?))?"
    r"(?:[ \t]*\{[^{}\n]{0,300}\})?"
    r"|(?P<callout>(?<=>[ ])\[![\w\-]{1,99}\][+\-]?)(?:[ \t]+(?P<after>[^\s][^\n]{0,500}?))?"
    r"|(?P<alone>\[TOC\]|-{1,9}8<-{1,9}[^\n]{0,500})"
    r")[ \t\r]*$",
    re.MULTILINE,
)
_TITLES: Final = {
    "admonition": ("quoted",),
    "directive": ("label", "heading"),
    "callout": ("after",),
    "alone": (),
}
"""What stands in a line of its own, and where its title is."""
_GITHUB: Final = frozenset(("[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]"))
_LINE: Final = re.compile(r"^(?P<indent>[ \t>]*)(?P<content>[^\s>])?", re.MULTILINE)
_MOST_BLANK_LINES: Final = 20

_LINE_STARTS: Final = r"(?<![^\s>].)"
"""Rules out most of what has something before it in its line, after one character."""
_BEGINNING: Final = re.compile(
    r"`(?:(?P<code>[^`\n]{1,1900}+`(?!`))|(?P<ticks>`*))|\\(?P<escape>(?s:.))"
    rf"|~{_LINE_STARTS}~~|!{_LINE_STARTS}!!|\?{_LINE_STARTS}\?\?|={_LINE_STARTS}=="
    rf"|:{_LINE_STARTS}::|\[{_LINE_STARTS}(?:!|TOC\])|-{_LINE_STARTS}-{{0,8}}8<"
    r"|\{(?P<template>[{%]|\#(?=[ \-]))|\$(?P<formula>\$)"
    r"|\{(?P<attribute>(?::[^{}\]\n]{0,300}|[ ]?[#.][A-Za-z][^{}\]\n]{0,300}"
    r"|[ ]?[\w\-]{1,99}=[^{}\]\n]{1,300})\})"
    r"|\$(?P<math>(?<![\w$]\$)(?![\s${])[^$\n]{1,300}(?<![\s\\])\$(?![\w${]))"
    r"|\[(?P<wiki>\[[^\[\]\n]{1,200}\]\](?![(\[:]))"
    r"|:(?P<emoji>(?<![\w:]:)(?:[a-z][\w+\-]{1,60}|[+\-]1):(?![\w:]))"
    r"|\*(?P<key>\[[^\]\n]{1,99}\]:)"
)
"""Each alternative begins with a character of its own, as a search for one of a set is quick.
What has no name may stand in a line of its own."""
_PASSED_OVER: Final = frozenset(("code", "escape"))
_ENDS: Final = {"{{": "}}", "{%": "%}", "{#": "#}", "$$": "$$"}
_DEEPEST: Final = 200
"""Code points at a line's start that are looked at."""
_LONGEST: Final = 5_000
"""Code points of a template's tag or a formula; what is longer is taken for text."""
_PLACEHOLDER: Final = re.compile(r"\{{2,3}[^{}\n]{1,200}\}{2,3}|\{%[^{}\n]{1,200}%\}")
"""What is protected in any text, so that an address may go on around it."""
_VERBATIM: Final = re.compile(
    r"\{[{%][<%\-]?\s*(?P<name>highlight|comment|math|katex|mermaid|schema)\b"
)
_WORDS: Final = re.compile(r"[A-Za-z]{3,},? [A-Za-z]{2,}")
_FORMULA: Final = re.compile(r"[\\^_={}+*/<>|()-]|\A\S{1,3}\Z")
_SURE_FORMULA: Final = re.compile(r"[\\^_=]")


class _Found(NamedTuple):
    """Something of a dialect."""

    start: int
    end: int
    filling: str
    """The character that the parser is to see in place of each of its; empty where it may
    see them."""
    is_hidden: bool = False
    divides: bool = False
    kind: BlockKind | None = None
    """Of what comes after it in its line."""
    is_item: bool = False


def masked(text: str, *, is_mdx: bool = False) -> Masked:
    r"""A text with all hidden that is no Markdown to CommonMark.

    >>> masked("Press {% kbd %} for $x_1$.\n").text
    'Press xxxxxxxxx for xxxxx.\n'

    Args:
        text: without front matter.
        is_mdx: whether braces are MDX's, and so no templates or attributes.
    """
    if not _may_have_any(text, is_mdx=is_mdx):
        return Masked(text)
    pieces: list[str] = []
    hidden: list[Span] = []
    dividers: list[Divider] = []
    items: list[int] = []
    done = 0
    for found in _Scanner(text, is_mdx=is_mdx):
        span = Span(found.start, found.end)
        raw = span.of(text)
        seen = blank(raw, found.filling) if found.filling else raw
        if found.is_item:
            seen = f"+ {seen[2:]}"
            items.append(found.start)
        if found.divides:
            dividers.append(Divider(span, found.kind))
        elif found.is_hidden:
            hidden.append(span)
        pieces += (text[done : found.start], seen)
        done = found.end
    pieces.append(text[done:])
    return Masked("".join(pieces), hidden, dividers, frozenset(items))


def _may_have_any(text: str, *, is_mdx: bool) -> bool:
    if any(hint in text for hint in (_MDX_HINTS if is_mdx else _HINTS)):
        return True
    return bool(_EMOJI.search(text) or (not is_mdx and _BRACES.search(text)))


class _Scanner:
    """What stands in a text that is of a dialect, in order."""

    def __init__(self, text: str, *, is_mdx: bool) -> None:
        self._text = text
        self._is_mdx = is_mdx
        self._ahead: dict[str, int] = {}
        """Where each end stands next, so that none is looked for twice."""
        self._endless: set[str] = set()
        """Names of verbatim sections that do not end any more."""

    def __iter__(self) -> Iterator[_Found]:
        text = self._text
        at = line = looked = 0
        while begun := _BEGINNING.search(text, at):
            start, at = begun.span()
            group = begun.lastgroup
            if group in _PASSED_OVER:
                continue
            line = max(line, text.rfind("\n", looked, start) + 1)
            looked = start
            before = text[line : min(start, line + _DEEPEST)]
            if group not in {"ticks", None}:
                if one := self._inline(begun, before.lstrip(" \t>")):
                    yield one
                    at = one.end
            elif start > line + _DEEPEST or before.strip(" \t>"):
                if group:
                    at = after_code(text, start)
            elif fence := FENCE.match(text, line):
                at = after_fence(text, fence)
            elif group:
                at = after_code(text, start)
            elif found := self._of_line(line):
                yield from found
                at = found[-1].end

    # --- of lines ------------------------------------------------------------------

    def _of_line(self, at: int) -> Sequence[_Found]:
        """What stands in a line of its own, around its title if it has one."""
        line = _OF_LINES.match(self._text, at)
        if not line or (self._is_mdx and not line["directive"]):
            return ()
        group = next(name for name in _TITLES if line[name])
        start, end = line.start(group), line.end()
        title = next((name for name in _TITLES[group] if line[name]), "")
        is_item = group == "admonition"
        if is_item and not self._is_indented_after(line):
            return ()
        if group == "callout" and not title and line[group].upper() in _GITHUB:
            return ()
        if not title:
            filling = "x" if group in {"admonition", "callout"} else " "
            return (_Found(start, end, filling, divides=filling == "x", is_item=is_item),)
        begin, stop = line.span(title)
        return (
            _Found(start, begin, "x", divides=True, kind=BlockKind.CAPTION, is_item=is_item),
            _Found(stop, min(end + 1, len(self._text)), "x", divides=True),
        )

    def _is_indented_after(self, line: re.Match[str]) -> bool:
        """Whether the next line that is not blank is indented by four more than this one."""
        before = line[0][: line.start("admonition") - line.start()]
        for found in islice(_LINE.finditer(self._text, line.end() + 1), _MOST_BLANK_LINES):
            if found["content"]:
                indent = found["indent"].replace(">", " ").expandtabs(4)
                return len(indent) >= len(before.expandtabs(4)) + 4
        return False

    # --- in lines ------------------------------------------------------------------

    def _inline(self, begun: re.Match[str], before: str) -> _Found | None:
        """What begins within a line.

        Args:
            begun: how.
            before: what the line begins with, before that.
        """
        raw = begun[0]
        start, end = begun.span()
        match begun.lastgroup:
            case "template" | "formula":
                return self._tag(start, raw)
            case "math" if _is_formula(raw[1:-1]) and not ("|" in raw and before[:1] == "|"):
                return _Found(start, end, "x", is_hidden=True)
            case "emoji":
                return _Found(start, end, "", is_hidden=True)
            case "wiki" if not self._is_mdx:
                return _Found(start, end, "x", is_hidden=True)
            case "attribute" if not self._is_mdx and not self._is_of_heading(begun, before):
                divides = is_alone(self._text, start, end)
                return _Found(start, end, "x", is_hidden=not divides, divides=divides)
            case "key" if not self._is_mdx and not before:
                return _Found(start, end, "x", divides=True)
        return None

    def _is_of_heading(self, begun: re.Match[str], before: str) -> bool:
        """Whether they are attributes that the parser knows."""
        after = self._text[begun.end() : begun.end() + _DEEPEST].partition("\n")[0]
        is_known = begun[0].startswith(("{#", "{."))
        return is_known and before.startswith("#") and not after.strip()

    def _tag(self, start: int, opening: str) -> _Found | None:
        text = self._text
        if self._is_mdx and opening[0] == "{":
            return None
        closing = _ENDS[opening]
        stop = self._next(closing, start + len(opening))
        if not start < stop <= start + _LONGEST:
            return None
        end = stop + len(closing)
        if opening == "{{" and text.startswith("{{{", start) and text.startswith("}", end):
            end += 1
        raw = text[start:end]
        if opening == "$$":
            if "\n\n" in raw or len(raw) == 4:
                return None
            is_block = is_alone(text, start, end)
            return _Found(start, end, " " if is_block else "x", is_hidden=not is_block)
        return self._template(start, end)

    def _template(self, start: int, end: int) -> _Found:
        text = self._text
        if verbatim := _VERBATIM.match(text, start, end):
            end = self._after_section(verbatim["name"], end)
        raw = text[start:end]
        if is_alone(text, start, end):
            line = text.rfind("\n", 0, start)
            above = text[max(line - _DEEPEST, 0) : max(line, 0)].rpartition("\n")[2]
            if (raw.startswith(("{%", "{#")) and "|" not in above) or verbatim:
                # What a template's statement leaves behind is an empty line.
                return _Found(start, end, " ")
            if not raw.startswith("{{") or raw.startswith(("{{<", "{{%")):
                return _Found(start, end, "x", divides=True)
        return _Found(start, end, "x", is_hidden=not _PLACEHOLDER.fullmatch(raw))

    def _after_section(self, name: str, at: int) -> int:
        """Where a section ends whose opening tag ends here; here where it does not."""
        if name in self._endless:
            return at
        closing = re.compile(rf"\{{[{{%][<%\-]?\s*(?:end|/)\s*{name}\s*[%>\-]{{0,2}}\}}\}}?")
        found = closing.search(self._text, at)
        if not found:
            self._endless.add(name)
            return at
        return found.end()

    def _next(self, end: str, at: int) -> int:
        """Where an end stands next; -1 where it does not."""
        place = self._ahead.get(end, 0)
        if 0 <= place < at:
            place = self._ahead[end] = self._text.find(end, at)
        return place


def _is_formula(inside: str) -> bool:
    """Whether what stands between two dollar signs is one, and not prose between two prices."""
    return bool(
        _FORMULA.search(inside) and (_SURE_FORMULA.search(inside) or not _WORDS.search(inside))
    )
