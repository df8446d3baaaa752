"""What a block of Markdown consists of: text as a reader sees it, and inline codes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from html.entities import html5
from operator import attrgetter
from string import punctuation
from typing import Any, Final

import msgspec

from l10n_pipeline.formats.markdown.parsing import Event, Leaf, is_autolink, pass_over, tag_of
from l10n_pipeline.formats.pieces import finished
from l10n_pipeline.formats.protected import may_need_protection
from l10n_pipeline.model import Block, BlockKind, CodeKind, InlineCode, Piece, Span

_SOFT_BREAK: Final = " "
_HARD_BREAK: Final = "\n"

_WORD: Final = re.compile(r"[^\W_]")
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
_DELIMITERS: Final = {"Emphasis": 1, "Strong": 2, "Link": 1}
_MOST_CODES: Final = 9999
"""As many as can be told apart; no document for readers has that many in a paragraph."""
_STANDALONE: Final = CodeKind.STANDALONE
_BREAKS: Final = frozenset(("SoftBreak", "HardBreak"))
_NO_TEXT: Final = "\0"
"""In a code's place, where text is looked at."""
_PUNCTUATION: Final = re.escape(punctuation)
_ESCAPABLE: Final = frozenset(punctuation)
_REFERENCE: Final = re.compile(
    rf"\\(?P<escaped>[{_PUNCTUATION}])"
    r"|&(?:#(?P<decimal>\d{1,7});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z0-9]{1,32};))"
)
_TITLE: Final = re.compile(
    r"\][(:][\s>]*+(?:<(?:[^<>\\\n]|\\.)*+>|[^\s<]\S*+)[\s>]++"
    r"(?:\"(?P<double>(?:[^\"\\]|\\(?s:.))*+)\"|'(?P<single>(?:[^'\\]|\\(?s:.))*+)'"
    r"|\((?P<round>(?:[^()\\]|\\(?s:.))*+)\))[\s>]*\)?\Z",
)
_LINE_END: Final = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t>]*")


class _Item(msgspec.Struct, gc=False):
    """A piece in the making."""

    start: int
    end: int
    shown: str
    kind: CodeKind | None = None
    is_break: bool = False
    element: str = ""
    """Of a tag of raw HTML: its name, with ``/`` before it where it ends an element."""
    is_hidden: bool = False
    is_opaque: bool = False
    """Whether it begins an element whose content is not for translation."""


_ELEMENT: Final = attrgetter("element")


class Reading:
    """The blocks of a text's leaves.

    Args:
        text: the document's.
        seen: what the parser saw of it, as long.
        hidden: stretches of the text that the parser was not to see and that are no text,
            in order.
    """

    def __init__(self, text: str, seen: str, hidden: Sequence[Span]) -> None:
        self._text = text
        self._seen = seen
        self._hidden = hidden
        self._nested: list[Block] = []
        """What images and links of the current block say besides its text."""
        self._is_in_image = False

    def blocks_of(self, leaf: Leaf) -> Sequence[Block]:
        """The block of a leaf, if there is something to translate in it, and those that lie
        in its codes: images' texts and links' titles.
        """
        start, end = leaf.events[0][2], leaf.events[-1][3]
        # The parser leaves out the backslash before a block's first character.
        if start and self._text[start - 1] == "\\" and leaf.events[0][0] == "Text":
            start -= 1
        hidden = within(self._hidden, start, end) if self._hidden else ()
        if not hidden and len(leaf.events) == 1 and self._is_plain(start, leaf.events[0]):
            return (Block(leaf.kind, Span(start, end), translatable=True, detail=leaf.detail),)
        items = self._items(start, leaf.events)
        if hidden:
            items = list(_with_attributes(_uncovered(items, hidden), self._text))
        block = self._block(leaf.kind, leaf.detail, items)
        blocks = () if block is None else (block,)
        if self._nested:
            nested = sorted(self._nested, key=attrgetter("span"))
            self._nested = []
            return (*blocks, *nested)
        return blocks

    def _is_plain(self, start: int, event: Event) -> bool:
        """Whether a block is nothing but text as a reader sees it, as most are."""
        name, value, begin, end = event
        if name != "Text" or begin != start or value != self._seen[start:end]:
            return False
        own = self._text[start:end]
        return bool(_WORD.search(own)) and "<" not in own and not may_need_protection(own)

    def _block(self, kind: BlockKind, detail: str, items: Sequence[_Item]) -> Block | None:
        text = self._text
        if any(map(_ELEMENT, items)):
            items = _elements(items)
        seen = "".join([item.shown if item.kind is None else _NO_TEXT for item in items])
        if not _WORD.search(seen):
            return None
        span = Span(items[0].start, items[-1].end)
        pieces: tuple[Piece, ...] = ()
        if "<" in seen or may_need_protection(seen):
            pieces = finished(_pieces(text, items), text)
            if not any(piece.code is None and _WORD.search(piece.text) for piece in pieces):
                return None
            if len(pieces) == 1 and seen == span.of(text):
                pieces = ()
        elif len(items) > 1 or seen != span.of(text):
            pieces = tuple(_pieces(text, items))
        if len(pieces) > _MOST_CODES and sum(piece.code is not None for piece in pieces) > (
            _MOST_CODES
        ):
            return None
        return Block(kind, span, translatable=True, pieces=pieces, detail=detail)

    # --- events to items -----------------------------------------------------------

    def _items(self, at: int, events: Sequence[Event]) -> list[_Item]:
        items: list[_Item] = []
        begun: list[tuple[int, Any]] = []
        """Of what is open: its item, and what the parser says of a link."""
        seen = self._seen
        is_own = seen is self._text
        upcoming = iter(events)
        for event in upcoming:
            name, value, start, end = event
            if name == "Text":
                if start == end:
                    continue
                if at != start:
                    at = self._close_gap(items, at, start, before_text=True)
                if is_own and at == start and value == seen[start:end]:
                    items.append(_Item(start, end, value))
                else:
                    self._add_text(items, at, start, end, value)
            elif name == "Start":
                if at != start:
                    self._close_gap(items, at, start)
                at = self._begin(items, begun, upcoming, event)
                continue
            elif name == "End":
                opened, link = begun.pop()
                at = self._close(items, opened, link, at, end)
                continue
            else:
                if at != start:
                    at = self._close_gap(items, at, start, before_break=name in _BREAKS)
                items.append(self._item(name, value, at, start, end))
            at = end
        return items

    def _begin(
        self,
        items: list[_Item],
        begun: list[tuple[int, Any]],
        upcoming: Iterator[Event],
        event: Event,
    ) -> int:
        """Add an image or an autolink, or the beginning of something else; returns where that
        ends.
        """
        _, value, start, end = event
        tag = tag_of(value)
        if tag == "Image":
            return self._image(items, upcoming, value[tag], start, end)
        if tag == "Link" and is_autolink(value):
            items.append(_Item(start, end, self._text[start + 1 : end - 1], _STANDALONE))
            pass_over(upcoming)
            return end
        at = start + self._delimiter(tag, start)
        begun.append((len(items), value[tag] if tag == "Link" else None))
        items.append(_Item(start, at, "", CodeKind.OPEN))
        return at

    def _delimiter(self, tag: str, start: int) -> int:
        if tag == "Strikethrough":
            return 2 if self._text.startswith("~~", start) else 1
        return _DELIMITERS[tag]

    def _image(
        self, items: list[_Item], events: Iterator[Event], image: Any, start: int, end: int
    ) -> int:
        """Add an image as a code, and what stands in it as a block of its own; returns where
        it ends.
        """
        inside: list[Event] = []
        depth = 1
        for event in events:
            name, value = event[0], event[1]
            if name in {"Start", "End"} and tag_of(value) == "Image":
                depth += 1 if name == "Start" else -1
                if not depth:
                    break
            inside.append(event)
        end = self._end_of_link(image, end)
        if not self._is_in_image:
            self._is_in_image = True
            content = self._items(start + 2, inside)
            self._is_in_image = False
            if content and (alt := self._block(BlockKind.ALT_TEXT, "", content)):
                self._nested.append(alt)
            self._add_title(content[-1].end if content else start + 2, end, image["title"])
        items.append(_Item(start, end, "", CodeKind.STANDALONE))
        return end

    def _add_title(self, start: int, end: int, title: str) -> None:
        if title and (block := title_block(self._text, Span(start, end), title)):
            self._nested.append(block)

    def _item(self, name: str, value: Any, at: int, start: int, end: int) -> _Item:
        if name == "Code":
            shown: str = value
            if self._seen is not self._text:
                raw = self._text[start:end]
                shown = shown if raw == self._seen[start:end] else raw.strip("`")
            return _Item(start, end, shown, _STANDALONE)
        if name == "SoftBreak":
            return _Item(min(at, start), end, _SOFT_BREAK, is_break=True)
        if name == "HardBreak":
            return _Item(min(at, start), end, _HARD_BREAK, _STANDALONE, is_break=True)
        if name == "InlineHtml":
            return self._tag(start, end)
        return _Item(start, end, "", _STANDALONE)

    def _tag(self, start: int, end: int) -> _Item:
        raw = self._seen[start:end]
        tag = _TAG.match(raw)
        element = ""
        if tag and not raw.endswith("/>") and tag["name"].lower() not in _VOID_ELEMENTS:
            element = (tag["close"] or "") + tag["name"].lower()
        return _Item(
            start,
            end,
            _HARD_BREAK if tag and tag["name"].lower() == "br" else "",
            _STANDALONE,
            element=element,
            is_opaque=element in _CODE_ELEMENTS or bool(_UNTRANSLATED.search(raw)),
        )

    def _close_gap(
        self,
        items: list[_Item],
        at: int,
        start: int,
        *,
        before_text: bool = False,
        before_break: bool = False,
    ) -> int:
        """Give what the parser passed over between two events to a neighbour; returns where
        the next item begins.
        """
        if at >= start:
            return start
        text = self._text
        if before_text and text[start - 1] == "\\" and text[start] in _ESCAPABLE:
            start -= 1
            if at == start:
                return start
        if items and items[-1].is_break:
            # White space and the marks of quotations, at the start of a line.
            items[-1].end = start
        elif before_break:
            return at
        elif items:
            items.append(_Item(at, start, "", CodeKind.STANDALONE))
        return start

    def _add_text(
        self, items: list[_Item], at: int, start: int, end: int, value: str | None
    ) -> None:
        if at == start and value == self._seen[start:end]:
            own = value if self._seen is self._text else self._text[start:end]
            items.append(_Item(start, end, own))
            return
        parts = list(_resolved(self._seen, at, end))
        if value is not None and "".join([shown for _, _, shown in parts]) != value:
            parts = [(at, end, value)]
        for begin, stop, shown in parts:
            is_own = shown == self._seen[begin:stop]
            items.append(_Item(begin, stop, self._text[begin:stop] if is_own else shown))

    def _close(self, items: list[_Item], opened: int, link: Any, at: int, end: int) -> int:
        """End what an item has begun; returns where it ends."""
        if link:
            end = self._end_of_link(link, end)
            start = self._text.find("]", at, end)
            start = at if start < 0 else start
            self._add_title(start, end, link["title"])
        else:
            start = end - (items[opened].end - items[opened].start)
        start = self._close_gap(items, at, start)
        if opened == len(items) - 1:
            items[opened].end = end
            items[opened].kind = CodeKind.STANDALONE
        else:
            items.append(_Item(start, end, "", CodeKind.CLOSE))
        return end

    def _end_of_link(self, link: Any, end: int) -> int:
        """Where it ends, with the brackets after ``[text][]``, which the parser leaves out."""
        is_collapsed = link["link_type"] == "Collapsed" and self._text.startswith("[]", end)
        return end + 2 if is_collapsed else end


def _pieces(text: str, items: Iterable[_Item]) -> list[Piece]:
    pieces: list[Piece] = []
    begun: list[int] = []
    count = 0
    for item in items:
        span = Span(item.start, item.end)
        kind = item.kind
        if kind is None:
            pieces.append(Piece(span, item.shown))
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
        pieces.append(Piece(span, shown, InlineCode(kind, number, raw, shown)))
    return pieces


def within(hidden: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of the spans, which are in order, that begin between two offsets."""
    first = bisect_left(hidden, start, key=attrgetter("start"))
    return hidden[first : bisect_left(hidden, end, key=attrgetter("start"))]


def _uncovered(items: Iterable[_Item], hidden: Sequence[Span]) -> Iterator[_Item]:
    """The items, with codes for what the parser was not to see."""
    done = 0
    for item in items:
        if item.kind is not None:
            yield item
            continue
        start = max(item.start, done)
        for span in within(hidden, start, item.end):
            if start < span.start:
                shown = item.shown[start - item.start : span.start - item.start]
                yield _Item(start, span.start, shown)
            yield _Item(span.start, span.end, "", CodeKind.STANDALONE, is_hidden=True)
            start = done = span.end
        if start == item.start:
            yield item
        elif start < item.end:
            yield _Item(start, item.end, item.shown[start - item.start :])


def _with_attributes(items: Iterable[_Item], text: str) -> Iterator[_Item]:
    """The items with attributes in braces as part of what they are attributes of."""
    last: _Item | None = None
    for item in items:
        is_attribute = item.is_hidden and text[item.start] == "{" and text[item.end - 1] == "}"
        if (
            is_attribute
            and last is not None
            and last.end == item.start
            and last.kind in {CodeKind.CLOSE, CodeKind.STANDALONE}
            and not (last.is_hidden or last.is_break)
        ):
            last.end = item.end
            continue
        if last is not None:
            yield last
        last = item
    if last is not None:
        yield last


# --- escapes and titles --------------------------------------------------------------


def _resolved(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """A stretch of text divided at escapes and character references: where each part begins
    and ends, and what a reader sees.
    """
    done = start
    for found in _REFERENCE.finditer(text, start, end):
        if found["name"] and found["name"] not in html5:
            continue
        if done < found.start():
            yield done, found.start(), text[done : found.start()]
        done = found.end()
        yield found.start(), done, _character(found)
    if done < end:
        yield done, end, text[done:end]


def _character(found: re.Match[str]) -> str:
    if found["escaped"]:
        return found["escaped"]
    if found["name"]:
        return html5[found["name"]]
    code = int(found["decimal"]) if found["decimal"] else int(found["hex"], 16)
    is_character = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else "\N{REPLACEMENT CHARACTER}"


def title_block(text: str, span: Span, title: str) -> Block | None:
    """The block of a link's title; None where there is nothing to translate in it.

    Args:
        text: the document's.
        span: from the ``]`` after a link's text or a definition's label, to its end.
        title: as a reader sees it.
    """
    found = _TITLE.match(text[span.start : span.end]) if _WORD.search(title) else None
    if not found:
        return None
    start, end = (place + span.start for place in found.span(str(found.lastgroup)))
    pieces: list[Piece] = []
    done = start
    for line_end in [*_LINE_END.finditer(text, start, end), None]:
        stop = line_end.start() if line_end else end
        pieces += (Piece(Span(*part[:2]), part[2]) for part in _resolved(text, done, stop))
        if line_end:
            done = line_end.end()
            pieces.append(Piece(Span(stop, done), _SOFT_BREAK))
    if "".join(piece.text for piece in pieces).split() != title.split():
        return None
    whole = finished(pieces, text)
    if not any(piece.code is None and _WORD.search(piece.text) for piece in whole):
        return None
    if len(whole) == 1 and whole[0].text == text[start:end]:
        whole = ()
    return Block(BlockKind.TITLE, Span(start, end), translatable=True, pieces=whole)


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
