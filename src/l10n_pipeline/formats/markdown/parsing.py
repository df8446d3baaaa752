"""Markdown's syntax: what stands where in a text, by pulldown-cmark.

CommonMark 0.31 with GitHub's tables, task lists, strikethrough, footnotes and alerts, and
attributes after headings (``# Title {#anchor}``). The parser's time grows with the length of
the text, however deep it nests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeAlias, cast

import numpy as np
import pyromark

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.model import BlockKind

_OPTIONS: Final = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)
_BATCH: Final = 512
"""Events whose offsets are converted at once. Few, as the collector of garbage goes through
all that there are time and again."""
_LONE_CR: Final = re.compile(r"\r(?!\n)")
_INLINE: Final = frozenset(
    ("Text", "Code", "InlineHtml", "FootnoteReference", "SoftBreak", "HardBreak")
)
_SPANS: Final = frozenset(("Emphasis", "Strong", "Strikethrough", "Link", "Image"))
_CONTAINERS: Final = {
    "Item": BlockKind.LIST_ITEM,
    "BlockQuote": BlockKind.QUOTATION,
    "FootnoteDefinition": BlockKind.FOOTNOTE,
}
_OPAQUE: Final = frozenset(("CodeBlock", "HtmlBlock"))

Event: TypeAlias = tuple[str, Any, int, int]
"""``Start``, ``End`` or what stands there; its tag, text or attributes; and where: offsets in
code points."""


@dataclass(frozen=True, slots=True)
class Leaf:
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
    # The parser does not take a lone carriage return for a line end everywhere.
    text = _LONE_CR.sub("\n", text) if "\r" in text else text

    def definition(link: Any) -> tuple[str, str] | None:
        return ("u", "") if normalised(link["reference"]) in labels else None

    found: Iterator[Event] = _parsed(text, definition if labels else None)
    if not text.isascii():
        found = _in_code_points(found, text)
    return _with_empty_labels(found, text) if "][]" in text else found


def _parsed(text: str, definition: Any) -> Iterator[Event]:
    """Events with offsets in bytes."""
    try:
        for event, place in pyromark.events_with_range(
            text, options=_OPTIONS, broken_link_callback=definition
        ):
            if isinstance(event, str):
                yield event, None, place["start"], place["end"]
            else:
                name, value = cast("dict[str, Any]", event).popitem()
                yield name, value, place["start"], place["end"]
    except BaseException as error:
        # A Rust panic is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise DocumentError("the Markdown parser fails on it") from error


def _in_code_points(events: Iterator[Event], text: str) -> Iterator[Event]:
    """Events with offsets in code points, by the places of bytes that continue one."""
    continuing = np.flatnonzero((np.frombuffer(text.encode(), dtype=np.uint8) & 0xC0) == 0x80)
    while batch := list(islice(events, _BATCH)):
        places = np.array([event[2:] for event in batch], dtype=np.int64)
        points = (places - np.searchsorted(continuing, places)).tolist()
        for (name, value, _, _), (start, end) in zip(batch, points, strict=True):
            yield name, value, start, end


def _with_empty_labels(events: Iterator[Event], text: str) -> Iterator[Event]:
    """Events with the end of ``[text][]``, which the parser leaves out, inside of them."""
    collapsed: set[int] = set()
    for event in events:
        name, value, start, end = event
        if name == "Start" and isinstance(value, dict) and text.startswith("[]", end):
            link = value.get("Link") or value.get("Image")
            if link and link["link_type"] == "Collapsed":
                collapsed.add(start)
                yield name, value, start, end + 2
                continue
        if name == "End" and start in collapsed and value in ("Link", "Image"):
            yield name, value, start, end + 2
        else:
            yield event


def labels_of(text: str) -> frozenset[str]:
    """The labels of a text's reference definitions, :func:`normalised`."""
    return frozenset(map(normalised, pyromark.reference_definitions(text, options=_OPTIONS)))


def normalised(label: str) -> str:
    """A reference's label as labels are compared."""
    return " ".join(label.split()).casefold()


def tag_of(value: Any) -> str:
    """The name of what begins or ends."""
    return value if type(value) is str else next(iter(value))


def is_autolink(value: Any) -> bool:
    """Whether a link that begins is an address between angle brackets."""
    return value["Link"]["link_type"] in {"Autolink", "Email"}


def leaves(  # noqa: C901, PLR0912 - one loop over what the parser finds, for its speed
    events: Iterable[Event],
) -> Iterator[Leaf]:
    """The blocks with inline content, in order."""
    containers: list[BlockKind] = []
    kind, detail = BlockKind.PARAGRAPH, ""
    column = 0
    content: list[Event] = []
    opaque = False
    for event in events:
        name, value, _, _ = event
        if name in _INLINE:
            if not opaque:
                content.append(event)
            continue
        if name not in {"Start", "End"}:
            # A rule, or a mark before the content: a task's box, a line of HTML.
            if content:
                yield Leaf(kind, detail, content)
                content = []
            continue
        tag = tag_of(value)
        if tag in _SPANS:
            content.append(event)
            continue
        if content:
            yield Leaf(kind, detail, content)
            content = []
        starts = name == "Start"
        if tag in _OPAQUE:
            opaque = starts
        elif tag in _CONTAINERS:
            if starts:
                containers.append(_CONTAINERS[tag])
            else:
                containers.pop()
        elif tag in {"TableRow", "TableHead"}:
            column = 0
        if tag == "Heading" and starts:
            kind, detail = BlockKind.HEADING, f"level {value['Heading']['level'][1:]}"
        elif tag == "TableCell" and starts:
            column += 1
            kind, detail = BlockKind.TABLE_CELL, f"column {column}"
        else:
            kind, detail = containers[-1] if containers else BlockKind.PARAGRAPH, ""
