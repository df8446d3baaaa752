"""Markdown's syntax: what stands where in a text, by pulldown-cmark.

CommonMark 0.31 with GitHub's tables, task lists, strikethrough, footnotes and alerts,
attributes after headings (``# Title {#anchor}``) and definition lists. The parser's time grows
with the length of the text, however deep it nests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pyromark

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.markdown.masking import Divider
from l10n_pipeline.model import BlockKind, Span

_OPTIONS: Final = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_DEFINITION_LIST
)
_LONE_CR: Final = re.compile(r"\r(?!\n)")
_INLINE: Final = frozenset(
    ("Text", "Code", "InlineHtml", "FootnoteReference", "SoftBreak", "HardBreak")
)
_EDGES: Final = frozenset(("Start", "End"))
_SPANS: Final = frozenset(("Emphasis", "Strong", "Strikethrough", "Link", "Image"))
_CONTAINERS: Final = {
    "Item": BlockKind.LIST_ITEM,
    "BlockQuote": BlockKind.QUOTATION,
    "FootnoteDefinition": BlockKind.FOOTNOTE,
    "DefinitionListDefinition": BlockKind.PARAGRAPH,
}
_ROWS: Final = frozenset(("TableHead", "TableRow"))

Event: TypeAlias = tuple[str, Any, int, int]
"""``Start``, ``End`` or what stands there; its tag, text or attributes; and where: offsets in
code points. A part of a text that was divided has none."""


class Leaf(NamedTuple):
    """A block whose content is inline."""

    kind: BlockKind
    detail: str
    events: Sequence[Event]
    """Of its content; never empty."""


def events_of(text: str, labels: frozenset[str] = frozenset()) -> Iterator[Event]:
    """Everything in a text, in order.

    Args:
        text: without a byte order mark.
        labels: of reference definitions that are elsewhere, :func:`normalised`.

    Raises:
        DocumentError: where the parser fails.
    """

    def definition(link: Any) -> tuple[str, str] | None:
        return ("u", "") if normalised(link["reference"]) in labels else None

    text = _with_line_feeds(text)
    points = _code_points(text)
    with _panics_as_errors():
        for event, place in _parsed(text, definition if labels else None):
            start, end = place["start"], place["end"]
            if points is not None:
                start, end = points[start], points[end]
            if type(event) is str:
                yield event, None, start, end
            else:
                (name,) = event
                yield name, event[name], start, end


def _parsed(text: str, definition: Callable[[Any], tuple[str, str] | None] | None = None) -> Any:
    """What the parser finds: events, and where they are in bytes."""
    return pyromark.events_with_range(
        text, options=_OPTIONS, merge_text=True, broken_link_callback=definition
    )


@contextmanager
def _panics_as_errors() -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        # A Rust panic is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise DocumentError("the Markdown parser fails on it") from error


def _with_line_feeds(text: str) -> str:
    """The parser does not take a lone carriage return for a line end everywhere."""
    return _LONE_CR.sub("\n", text) if "\r" in text else text


def _code_points(text: str) -> memoryview | None:
    """Of each byte of a text, how many code points come before it; None where that is how
    many bytes do.
    """
    if text.isascii():
        return None
    encoded = np.frombuffer(text.encode(), dtype=np.uint8)
    points = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum((encoded & 0xC0) != 0x80, out=points[1:])
    return points.data


def labels_of(text: str) -> frozenset[str]:
    """The labels of a text's reference definitions, :func:`normalised`."""
    found = pyromark.reference_definitions(_with_line_feeds(text), options=_OPTIONS)
    return frozenset(map(normalised, found))


def titled_definitions(text: str) -> list[tuple[Span, str]]:
    """Where a text's reference definitions with titles stand, and the titles."""
    text = _with_line_feeds(text)
    found = pyromark.reference_definitions(text, options=_OPTIONS)
    points = _code_points(text)
    titled: list[tuple[Span, str]] = []
    for definition in found.values():
        if title := definition["title"]:
            start, end = definition["span"]["start"], definition["span"]["end"]
            if points is not None:
                start, end = points[start], points[end]
            titled.append((Span(start, end), title))
    return titled


def normalised(label: str) -> str:
    """A reference's label as labels are compared."""
    return " ".join(label.split()).casefold()


def tag_of(value: Any) -> str:
    """The name of what begins or ends."""
    return value if type(value) is str else next(iter(value))


def is_autolink(value: Any) -> bool:
    """Whether a link that begins is an address between angle brackets."""
    return value["Link"]["link_type"] in {"Autolink", "Email"}


def pass_over(events: Iterator[Event]) -> None:
    """Go on behind the end of an autolink that has begun; there is but text in it."""
    for event in events:
        if event[0] == "End":
            return


def leaves(  # noqa: C901, PLR0912 - one loop over what the parser finds, for its speed
    text: str, transparent: frozenset[int] = frozenset()
) -> Iterator[Leaf]:
    """The blocks with inline content, in order.

    Args:
        text: without a byte order mark.
        transparent: where list items begin that are none to a reader: what they hold is
            what it would be outside of them.

    Raises:
        DocumentError: where the parser fails.
    """
    text = _with_line_feeds(text)
    points = _code_points(text)
    containers: list[BlockKind] = [BlockKind.PARAGRAPH]
    kind, detail = BlockKind.PARAGRAPH, ""
    column = 0
    is_code = False
    content: list[Event] = []
    with _panics_as_errors():
        for event, place in _parsed(text):
            value: Any = None
            if type(event) is str:
                name = event
            else:
                (name,) = event
                value = event[name]
            start, end = place["start"], place["end"]
            if points is not None:
                start, end = points[start], points[end]
            tag = tag_of(value) if name in _EDGES else ""
            if name in _INLINE or tag in _SPANS:
                if not is_code:
                    content.append((name, value, start, end))
                continue
            if content:
                yield Leaf(kind, detail, content)
                content = []
            if not tag:
                # A rule, or a mark before the content: a task's box, a line of HTML.
                continue
            if tag in _CONTAINERS:
                if name == "End":
                    containers.pop()
                else:
                    is_seen = start not in transparent
                    containers.append(_CONTAINERS[tag] if is_seen else containers[-1])
            kind, detail = containers[-1], ""
            is_code = tag == "CodeBlock" and name == "Start"
            if name == "Start":
                if tag == "Heading":
                    kind, detail = BlockKind.HEADING, f"level {value[tag]['level'][1:]}"
                elif tag == "TableCell":
                    column += 1
                    kind, detail = BlockKind.TABLE_CELL, f"column {column}"
                elif tag in _ROWS:
                    column = 0


def divided(leaf: Leaf, dividers: Sequence[Divider]) -> Iterator[Leaf]:
    """The parts of a leaf between dividers, without the line breaks beside them.

    Args:
        leaf: a block as the parser sees it.
        dividers: those that lie in it, in order.
    """
    kind = leaf.kind
    content: list[Event] = []
    depth = upcoming = 0
    for event in leaf.events:
        name, _, start, end = event
        depth += (name == "Start") - (name == "End")
        if depth or name not in {"Text", "SoftBreak", "HardBreak"}:
            content.append(event)
            continue
        done = start
        while upcoming < len(dividers) and dividers[upcoming].span.end <= start:
            upcoming += 1
        for index in range(upcoming, len(dividers)):
            span, next_kind = dividers[index]
            if span.start >= end:
                break
            if done < span.start:
                content.append((name, None, done, span.start))
            yield from _trimmed(Leaf(kind, leaf.detail, content))
            kind, content, done = next_kind or leaf.kind, [], min(span.end, end)
        if done == start:
            content.append(event)
        elif done < end:
            content.append((name, None, done, end))
    yield from _trimmed(Leaf(kind, leaf.detail, content))


def _trimmed(leaf: Leaf) -> Iterator[Leaf]:
    """A leaf without line breaks at its edges, if anything is left of it."""
    first, last = 0, len(leaf.events)
    while first < last and leaf.events[first][0].endswith("Break"):
        first += 1
    while first < last and leaf.events[last - 1][0].endswith("Break"):
        last -= 1
    if first < last:
        yield leaf._replace(events=leaf.events[first:last])
