"""What a block of Markdown consists of: text as a reader sees it, and inline codes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from string import punctuation
from typing import Final

from l10n_pipeline.formats.markdown.parsing import Event, is_autolink, tag_of
from l10n_pipeline.formats.pieces import finished
from l10n_pipeline.formats.protected import protected_spans
from l10n_pipeline.model import CodeKind, InlineCode, Piece, Span

_SOFT_BREAK: Final = " "
_HARD_BREAK: Final = "\n"

_TAG: Final = re.compile(r"<(?P<close>/)?(?P<name>[A-Za-z][^\s/>]*)")
_UNTRANSLATED: Final = re.compile(r"""\stranslate\s*=\s*["']?no\b""", re.IGNORECASE)
_CODE_ELEMENTS: Final = frozenset(
    ("code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea", "tt", "var")
)
_VOID_ELEMENTS: Final = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    )
)
_DEEPEST_LOOK: Final = 200
"""Elements left open between a start tag and its end tag."""
_DELIMITERS: Final = {"Emphasis": 1, "Strong": 2, "Link": 1, "Image": 2}
_NO_TEXT: Final = "\0"
"""In a code's place, where text is looked at."""
_ESCAPABLE: Final = frozenset(punctuation)


@dataclass(slots=True)
class _Item:
    """A piece in the making."""

    start: int
    end: int
    shown: str
    kind: CodeKind | None = None
    is_break: bool = False
    element: str = ""
    """Of a tag of raw HTML: its name, with ``/`` before it where it ends an element."""
    is_own: bool = False
    """Whether it is the document's own text."""
    is_hidden: bool = False
    is_opaque: bool = False
    """Whether it begins an element whose content is not for translation."""


def pieces_of(
    text: str, seen: str, start: int, events: Sequence[Event], hidden: Sequence[Span]
) -> tuple[Piece, ...]:
    """The pieces of a block from its first event to its last, tiling what is between; none
    where all of it is text as a reader sees it.

    Args:
        text: the document's.
        seen: what the parser saw of it, as long.
        start: where the block begins.
        events: of the block's content.
        hidden: stretches of the text that the parser was not to see, in order.
    """
    items = _items(seen, start, events)
    if any(item.element for item in items):
        items = _elements(items)
    if hidden:
        items = [part for item in items for part in _uncovered(item, hidden)]
    shown = "".join(_NO_TEXT if item.kind else item.shown for item in items)
    if "<" in shown or protected_spans(shown):
        return finished(_pieces(text, items), text)
    if len(items) == 1 and not items[0].kind and shown == text[items[0].start : items[0].end]:
        return ()
    return tuple(_pieces(text, items))


def _pieces(text: str, items: Iterable[_Item]) -> Iterator[Piece]:
    begun: list[int] = []
    count = 0
    for item in items:
        kind = item.kind
        if kind is None:
            yield Piece(Span(item.start, item.end), item.shown)
            continue
        if kind is CodeKind.CLOSE:
            number = begun.pop()
        else:
            count += 1
            number = count
            if kind is CodeKind.OPEN:
                begun.append(number)
        raw = text[item.start : item.end]
        shown = raw if item.is_hidden else item.shown
        code = InlineCode(kind, number, raw, shown)
        yield Piece(Span(item.start, item.end), shown, code)


def within(hidden: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of the spans, which are in order, that lie between two offsets."""
    first = bisect_left(hidden, start, key=attrgetter("start"))
    return hidden[first : bisect_left(hidden, end, key=attrgetter("start"))]


def _uncovered(item: _Item, hidden: Sequence[Span]) -> Iterator[_Item]:
    """An item of text, divided where the parser was not to see something."""
    if item.kind is not None or item.is_break:
        yield item
        return
    done = item.start
    for span in within(hidden, item.start, item.end):
        if done < span.start:
            shown = item.shown[done - item.start : span.start - item.start]
            yield _Item(done, span.start, shown)
        yield _Item(span.start, span.end, "", CodeKind.STANDALONE, is_hidden=True)
        done = span.end
    if done < item.end:
        yield _Item(done, item.end, item.shown[done - item.start :])


# --- events to items ---------------------------------------------------------------


def _items(text: str, at: int, events: Sequence[Event]) -> list[_Item]:
    items: list[_Item] = []
    ends: list[tuple[int, int]] = []
    """Of what is open: where its content ends at the latest, and where it does."""
    skipped_to = -1
    for name, value, start, end in events:
        if start < skipped_to or (name == "End" and end <= skipped_to):
            continue
        if name == "Text":
            if start == end:
                continue
            at = _close_gap(items, text, at, start, before_text=True)
            _add_text(items, text, at, start, end, value)
        elif name == "Start":
            at = _close_gap(items, text, at, start)
            tag = tag_of(value)
            if tag == "Link" and is_autolink(value):
                items.append(_Item(start, end, text[start + 1 : end - 1], CodeKind.STANDALONE))
                skipped_to = end
            else:
                at = start + _delimiter(text, tag, start)
                items.append(_Item(start, at, "", CodeKind.OPEN))
                ends.append((len(items) - 1, end))
                continue
        elif name == "End":
            opened, _ = ends.pop()
            _close(items, text, tag_of(value), opened, at, end)
        else:
            at = _close_gap(items, text, at, start, before_break=name.endswith("Break"))
            items.append(_item(name, value, text, at, start, end))
        at = end
    # Joined here at once: the parser may divide a text into as many as it has characters.
    for item in items:
        if item.is_own:
            item.shown = text[item.start : item.end]
    return items


def _delimiter(text: str, tag: str, start: int) -> int:
    if tag == "Strikethrough":
        return 2 if text.startswith("~~", start) else 1
    return _DELIMITERS[tag]


def _item(name: str, value: object, text: str, at: int, start: int, end: int) -> _Item:
    match name:
        case "SoftBreak":
            return _Item(min(at, start), end, _SOFT_BREAK, is_break=True)
        case "HardBreak":
            return _Item(min(at, start), end, _HARD_BREAK, CodeKind.STANDALONE, is_break=True)
        case "Code":
            return _Item(start, end, str(value), CodeKind.STANDALONE)
        case "InlineHtml":
            tag = _TAG.match(text, start)
            raw = text[start:end]
            element = ""
            if tag and not raw.endswith("/>") and tag["name"].lower() not in _VOID_ELEMENTS:
                element = (tag["close"] or "") + tag["name"].lower()
            shown = _HARD_BREAK if tag and tag["name"].lower() == "br" else ""
            is_opaque = element in _CODE_ELEMENTS or bool(_UNTRANSLATED.search(raw))
            return _Item(
                start, end, shown, CodeKind.STANDALONE, element=element, is_opaque=is_opaque
            )
    return _Item(start, end, "", CodeKind.STANDALONE)


def _close_gap(
    items: list[_Item],
    text: str,
    at: int,
    start: int,
    *,
    before_text: bool = False,
    before_break: bool = False,
) -> int:
    """Give what the parser passed over between two events to a neighbour; returns where the
    next item begins.
    """
    if before_text and start - 1 >= at and text[start - 1] == "\\" and text[start] in _ESCAPABLE:
        start -= 1
    if at >= start:
        return start
    if items and items[-1].is_break:
        # White space and the marks of quotations, at the start of a line.
        items[-1].end = start
    elif before_break:
        return at
    elif items:
        items.append(_Item(at, start, "", CodeKind.STANDALONE))
    return start


def _add_text(items: list[_Item], text: str, at: int, start: int, end: int, value: str) -> None:
    if at < start:
        items.append(_Item(at, start + 1, value[0]))
        start += 1
        value = value[1:]
    if start == end:
        return
    last = items[-1] if items else None
    is_own = value == text[start:end]
    if is_own and last is not None and last.is_own and last.end == start:
        last.end = end
    else:
        items.append(_Item(start, end, value, is_own=is_own))


def _close(items: list[_Item], text: str, tag: str, opened: int, at: int, end: int) -> None:
    if tag in {"Link", "Image"}:
        start = text.find("]", at, end)
        start = at if start < 0 else start
    else:
        start = end - (items[opened].end - items[opened].start)
    start = _close_gap(items, text, at, start)
    if opened == len(items) - 1:
        items[opened].end = end
        items[opened].kind = CodeKind.STANDALONE
    else:
        items.append(_Item(start, end, "", CodeKind.CLOSE))


# --- raw HTML ------------------------------------------------------------------------


def _elements(items: Sequence[_Item]) -> list[_Item]:
    """The items with tags of HTML in pairs, elements that hold code as one."""
    made: list[_Item] = []
    begun: list[tuple[str, int]] = []
    """Name and index in ``made``; without a name, of Markdown's own."""
    for item in items:
        made.append(item)
        if item.kind is CodeKind.OPEN:
            begun.append(("", len(made) - 1))
        elif item.kind is CodeKind.CLOSE:
            while begun and begun.pop()[0]:
                pass
        elif item.element and not item.element.startswith("/"):
            begun.append((item.element, len(made) - 1))
        elif item.element:
            _end_element(made, begun)
    return made


def _end_element(made: list[_Item], begun: list[tuple[str, int]]) -> None:
    name = made[-1].element[1:]
    for back in range(1, min(len(begun), _DEEPEST_LOOK) + 1):
        element, opened = begun[-back]
        if not element:
            return
        if element == name:
            del begun[-back:]
            if made[opened].is_opaque:
                inside = made[opened + 1 : -1]
                shown = "".join(item.shown for item in inside)
                whole = _Item(made[opened].start, made[-1].end, shown, CodeKind.STANDALONE)
                made[opened:] = [whole]
            else:
                made[opened].kind, made[-1].kind = CodeKind.OPEN, CodeKind.CLOSE
            return
