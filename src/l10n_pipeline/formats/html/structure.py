"""The structure of a page: which of its text is translated, and what it is to a reader.

The tags are followed as the WHATWG tree construction does, omitted end tags included, save
that formatting elements that a block's end has closed are not opened again in the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from l10n_pipeline.errors import LocaleError
from l10n_pipeline.formats.html.elements import (
    BUTTON,
    BUTTON_TYPES,
    DEFAULT,
    ELEMENTS,
    ENDS_FOREIGN,
    HTML_IN_FOREIGN,
    INLINE,
    ITEM,
    LABELLED,
    LIST,
    SAME_END,
    SCOPES,
    SPECIAL,
    TABLE,
    TEXT_ATTRIBUTES,
    TEXT_METADATA,
    Content,
    Element,
)
from l10n_pipeline.formats.html.inline import Inline, Part, attribute_block, blocks_of
from l10n_pipeline.formats.html.references import SPACE, shown
from l10n_pipeline.formats.html.tokens import TOKEN, Attribute, attributes, end_of_raw_text
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Span

_MOST_REMEMBERED: Final = 4096
_FOREIGN: Final = Element()
_HTML_IN_FOREIGN: Final = Element(bounds=(DEFAULT, BUTTON, LIST, TABLE, ITEM))
_CDATA: Final = "<![CDATA["
_CODE_OF_A_TEMPLATE: Final = ("<?php", "<?=")


def is_xml(path: str, text: str) -> bool:
    """Whether a page is XHTML, where ``<br/>`` and ``<p/>`` are whole elements."""
    return path.lower().endswith(".xhtml") or text.lstrip("\ufeff").startswith("<?xml")


def blocks(text: str, *, locale: Locale, xml: bool) -> Iterator[Block]:
    """The blocks of a page, in order of their beginning.

    They tile it, save that the block of an attribute may lie inside an inline code of the
    block before it.

    Args:
        text: the document's.
        locale: the language that is translated; elements in another one are left alone.
        xml: whether it is XHTML.
    """
    done = 0
    for block in _Reader(text, locale, xml=xml).read():
        if done < block.span.start:
            yield Block(BlockKind.SEPARATOR, Span(done, block.span.start), translatable=False)
        yield block
        done = max(done, block.span.end)
    if done < len(text):
        yield Block(BlockKind.SEPARATOR, Span(done, len(text)), translatable=False)


# --- what attributes say -----------------------------------------------------------------


class _TextAttribute(NamedTuple):
    """A value that is translated; places count from where the attributes begin."""

    start: int
    end: int
    kind: BlockKind
    detail: str


class _Tag(NamedTuple):
    """A start tag, what its attributes say included."""

    name: str
    """Lower-case."""
    element: Element
    attributes_at: int
    """Where its attributes begin, from the tag's start."""
    translated: bool | None
    """Whether it says that what is in it is translated."""
    islanded: bool | None
    """Whether it says that what is in it is in another language."""
    texts: tuple[_TextAttribute, ...]
    is_plain: bool
    """Whether it is inline markup and no more."""


def _tag(name: str, written: str, language: str) -> _Tag:
    element = ELEMENTS.get(name, INLINE)
    found = attributes(written) if written else {}
    translated = element.translated
    if "translate" in found:
        translate = found["translate"].value.lower()
        translated = {"no": False, "yes": True, "": True}.get(translate, translated)
    if "notranslate" in _value(found, "class").split():
        translated = False
    said = _value(found, "lang") or _value(found, "xml:lang")
    islanded = None
    # What the whole page says of itself, the project knows better.
    if said and name != "html":
        islanded = _language(shown(said).strip(SPACE)) != language
    texts = tuple(_texts(name, found))
    is_plain = (
        not (element.block or element.foreign or texts)
        and element.content is Content.MARKUP
        and translated is None
        and islanded is None
    )
    return _Tag(name, element, 1 + len(name), translated, islanded, texts, is_plain)


def _value(found: dict[str, Attribute], name: str) -> str:
    return found[name].value if name in found else ""


def _texts(name: str, found: dict[str, Attribute]) -> Iterator[_TextAttribute]:
    for key, attribute in found.items():
        if not attribute.value:
            continue
        kind, detail = TEXT_ATTRIBUTES.get(key), key
        if key == "value" and name == "input":
            kind = BlockKind.LABEL
            if _value(found, "type").lower() not in BUTTON_TYPES:
                continue
        elif key == "content" and name == "meta":
            detail = (_value(found, "name") or _value(found, "property")).lower()
            kind = BlockKind.METADATA if detail in TEXT_METADATA else None
        elif (key == "label" and name not in LABELLED) or (
            # The name of a set of style sheets.
            key == "title" and (name == "style" or "stylesheet" in _value(found, "rel").lower())
        ):
            continue
        if kind is not None:
            yield _TextAttribute(attribute.start, attribute.end, kind, detail)


@lru_cache(maxsize=256)
def _language(tag: str) -> str:
    try:
        return Locale.parse(tag).language
    except LocaleError:
        return tag.replace("_", "-").partition("-")[0].lower()


# --- open elements -----------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Open:
    """An element that has begun and not ended."""

    name: str
    element: Element
    kind: BlockKind
    detail: str
    translated: bool | None
    """What it says itself."""
    islanded: bool | None
    """Whether it says itself to be in another language."""
    within_translated: bool
    """Whether the text around it is translated."""
    foreign: bool
    """Whether what is in it is SVG or MathML."""


def _take_last(opened: list[_Open], forgotten: _Open) -> None:
    # It is one of the last as a rule.
    del opened[next(at for at in reversed(range(len(opened))) if opened[at] is forgotten)]


class _OpenElements:
    """The stack of open elements: finds in constant time, however deep."""

    def __init__(self) -> None:
        self._stack: list[_Open | None] = []
        self.places: dict[str, list[int]] = defaultdict(list)
        """Of the open elements of each name, in order."""
        self._bounds: dict[str, list[int]] = {scope: [-1] for scope in SCOPES}
        self._saying: list[_Open] = []
        self._in_island: list[_Open] = []

    def __len__(self) -> int:
        return len(self._stack)

    @property
    def translated(self) -> bool:
        """Whether text here is translated."""
        if self._in_island and self._in_island[-1].islanded:
            return False
        return not self._saying or self._saying[-1].translated is True

    def with_said(self, tag: _Tag) -> bool:
        """Whether text would be translated in an element that begins with this tag."""
        islanded, translated = tag.islanded, tag.translated
        if islanded is None:
            islanded = bool(self._in_island) and self._in_island[-1].islanded is True
        if translated is None:
            translated = not self._saying or self._saying[-1].translated is True
        return translated and not islanded

    def push(self, opened: _Open) -> None:
        place = len(self._stack)
        self._stack.append(opened)
        self.places[opened.name].append(place)
        for scope in opened.element.bounds:
            self._bounds[scope].append(place)
        if opened.translated is not None:
            self._saying.append(opened)
        if opened.islanded is not None:
            self._in_island.append(opened)

    def find(self, name: str, scope: str) -> int:
        """Where an open element is within a scope; -1 where none is."""
        places = self.places.get(name)
        return places[-1] if places and places[-1] >= self._bounds[scope][-1] else -1

    def find_any(self, names: Sequence[str], scope: str) -> int:
        """Where the innermost open element of these names is within a scope, or -1."""
        found = -1
        for name in names:
            if self.places.get(name):
                found = max(found, self.find(name, scope))
        return found

    def at(self, place: int) -> _Open:
        """The open element at a place that has been found."""
        opened = self._stack[place]
        assert opened is not None
        return opened

    def pop_to(self, place: int) -> _Open | None:
        """Close the element at a place, and all in it; returns it."""
        closed = None
        while len(self._stack) > place:
            closed = self._stack.pop()
            if closed is None:
                continue
            self.places[closed.name].pop()
            for scope in closed.element.bounds:
                self._bounds[scope].pop()
            if closed.translated is not None:
                self._saying.pop()
            if closed.islanded is not None:
                self._in_island.pop()
        while self._stack and self._stack[-1] is None:
            self._stack.pop()
        return closed

    def forget(self, name: str) -> None:
        """Close the innermost element of a name alone, not what is in it."""
        place = self.places[name].pop()
        forgotten = self.at(place)
        self._stack[place] = None
        if forgotten.translated is not None:
            _take_last(self._saying, forgotten)
        if forgotten.islanded is not None:
            _take_last(self._in_island, forgotten)

    @property
    def innermost(self) -> _Open | None:
        return self._stack[-1] if self._stack else None


# --- reading -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Untouched:
    """An element in running text that is not translated, up to its end."""

    start: int
    opened: _Open
    place: int
    """Among the open elements."""
    texts: list[tuple[int, int]]
    """What a reader sees of it."""


class _Reader:
    """Follows the tags and collects the running text between those of blocks."""

    def __init__(self, text: str, locale: Locale, *, xml: bool) -> None:
        self._text = text
        self._language = locale.language
        self._xml = xml
        self._open = _OpenElements()
        self._translated = True
        self._foreign = False
        self._untouched: _Untouched | None = None
        self._run: list[Inline] = []
        self._has_text = False
        self._attributes: list[Block] = []
        self._tags: dict[tuple[str, str], _Tag] = {}
        self._ready: list[Block] = []
        self._absent: set[str] = set()
        """What has been looked for and is not there any more."""

    def read(self) -> Iterator[Block]:
        """The blocks that are translated, in order of their beginning."""
        match = TOKEN.match
        open_names = self._open.places
        place, end = 0, len(self._text)
        while place < end:
            found = match(self._text, place)
            assert found is not None
            text, close, name, written, empty = found.groups()
            start = place + len(text)
            if text:
                self._read_text(text, place, start)
            place = found.end()
            if name is None:
                place = self._read_markup(start, place)
            elif close:
                self._read_end_tag(name.lower(), start, place)
            else:
                tag = self._tags.get((name, written)) or self._tag(name, written)
                if tag.is_plain and not (empty or self._foreign or open_names.get(tag.name)):
                    if self._translated:
                        self._run.append(Inline(Part.OPEN, start, place, tag.name))
                else:
                    place = self._read_start_tag(tag, start, place, empty=bool(empty))
            if self._ready:
                yield from self._ready
                self._ready.clear()
        self._end_run()
        yield from self._ready

    def _read_text(self, text: str, start: int, end: int) -> None:
        if self._translated:
            self._run.append(Inline(Part.TEXT, start, end))
            self._has_text = self._has_text or not text.isspace()
        elif self._untouched is not None and not self._foreign:
            self._untouched.texts.append((start, end))

    def _read_markup(self, start: int, end: int) -> int:
        """Comments and the like; returns where it ends."""
        text = self._text
        if text.startswith(_CDATA, start) and (self._xml or self._foreign):
            end = self._after("]]>", start, end)
        elif text.startswith("<?", start) and (
            self._xml or text.startswith(_CODE_OF_A_TEMPLATE, start)
        ):
            end = self._after("?>", start, end)
        elif text[start : start + 9].lower() == "<!doctype":
            if self._xml and "[" in text[start:end]:
                end = self._after("]>", start, end)
            self._end_run()
            return end
        self._add(Part.ALONE, start, end)
        return end

    def _after(self, ending: str, start: int, otherwise: int) -> int:
        if ending not in self._absent:
            found = self._text.find(ending, start)
            if found >= 0:
                return found + len(ending)
            self._absent.add(ending)
        return otherwise

    def _add(self, part: Part, start: int, end: int, name: str = "", shown: str = "") -> None:
        if self._translated and start < end:
            self._run.append(Inline(part, start, end, name, shown))

    # --- start tags

    def _read_start_tag(self, tag: _Tag, start: int, end: int, *, empty: bool) -> int:
        """Returns where what has been read ends."""
        if self._foreign and self._stays_foreign(tag.name, empty=empty):
            return end
        element = tag.element
        if element.block:
            if element.closes:
                self._close_before(element)
            self._end_run()
        if tag.texts and self._open.with_said(tag):
            self._add_attributes(tag.texts, start + tag.attributes_at)
        if element.content is Content.NOTHING or (empty and (self._xml or element.foreign)):
            if not element.block:
                self._add(Part.BREAK if tag.name == "br" else Part.ALONE, start, end)
        elif element.content is not Content.MARKUP:
            return self._read_raw(tag, start, end)
        elif element.block:
            self._push(tag)
        else:
            self._open_inline(tag, start, end)
        return end

    def _tag(self, name: str, written: str) -> _Tag:
        """What there is to know of a start tag; pages have few that differ."""
        if len(self._tags) >= _MOST_REMEMBERED:
            self._tags.clear()
        tag = self._tags[name, written] = _tag(name.lower(), written, self._language)
        return tag

    def _close_before(self, element: Element) -> None:
        for names, scope in element.closes:
            while (place := self._open.find_any(names, scope)) >= 0:
                self._end_run()
                self._pop_to(place)

    def _add_attributes(self, texts: Sequence[_TextAttribute], at: int) -> None:
        for start, end, kind, detail in texts:
            block = attribute_block(self._text, Span(at + start, at + end), kind, detail)
            if block is not None:
                self._attributes.append(block)

    def _read_raw(self, tag: _Tag, start: int, end: int) -> int:
        """An element without markup in it, up to and with its end tag."""
        content_end = len(self._text)
        if tag.name != "plaintext":
            content_end = end_of_raw_text(self._text, end, tag.name)
        closing = TOKEN.match(self._text, content_end)
        assert closing is not None
        if tag.element.content is Content.TITLE:
            if self._open.with_said(tag):
                run = [Inline(Part.TEXT, end, content_end)]
                self._ready += blocks_of(self._text, run, BlockKind.TITLE, "")
        elif not tag.element.block:
            self._add(Part.ALONE, start, closing.end())
        return closing.end()

    def _open_inline(self, tag: _Tag, start: int, end: int) -> None:
        before = self._translated
        after = self._open.with_said(tag)
        if before == after and not (tag.element.foreign or self._open.places.get(tag.name)):
            self._add(Part.OPEN, start, end, tag.name)
            return
        if after and not before:
            self._end_run()
        opened = self._push(tag)
        if before and not after:
            self._untouched = _Untouched(start, opened, len(self._open) - 1, [])
        elif before:
            self._add(Part.OPEN, start, end, tag.name)

    def _push(self, tag: _Tag) -> _Open:
        around = self._open.innermost
        element = tag.element
        kind, detail = element.kind, element.detail
        if kind is None:
            kind, detail = (around.kind, around.detail) if around else (BlockKind.PARAGRAPH, "")
        opened = _Open(
            tag.name,
            element,
            kind,
            detail,
            tag.translated,
            tag.islanded,
            self._translated,
            element.foreign,
        )
        self._open.push(opened)
        self._update()
        return opened

    def _stays_foreign(self, name: str, *, empty: bool) -> bool:
        """Whether a start tag in SVG or MathML does not end it."""
        if name in ENDS_FOREIGN:
            self._leave_foreign()
            return False
        if not empty:
            self._push_foreign(name)
        return True

    def _push_foreign(self, name: str) -> None:
        around = self._open.innermost
        assert around is not None
        has_html = name in HTML_IN_FOREIGN
        element = _HTML_IN_FOREIGN if has_html else _FOREIGN
        self._open.push(
            _Open(name, element, around.kind, "", None, None, self._translated, not has_html)
        )
        self._update()

    def _leave_foreign(self) -> None:
        self._end_run()
        while self._foreign:
            self._pop_to(len(self._open) - 1)

    # --- end tags

    def _read_end_tag(self, name: str, start: int, end: int) -> None:
        element = ELEMENTS.get(name, INLINE)
        if not (element.block or self._open.places.get(name)):
            self._add(Part.BREAK if name == "br" else Part.CLOSE, start, end, name)
            return
        if self._foreign and name == "p":
            self._leave_foreign()
        place = self._open.find(name, SPECIAL)
        # In SVG, <title> is no block.
        if place >= 0 and not self._open.at(place).element.block:
            self._close_inline(place, name, start, end)
        elif element.block:
            self._end_run()
            place = self._open.find_any(SAME_END.get(name, (name,)), element.scope or SPECIAL)
            if place >= 0 and name not in ("html", "body"):
                self._pop_to(place)
        elif element.formatting:
            self._end_run()
            self._open.forget(name)
            self._update()
        else:
            self._add(Part.ALONE, start, end)

    def _close_inline(self, place: int, name: str, start: int, end: int) -> None:
        untouched = self._untouched
        if untouched is not None and place < untouched.place:
            self._end_run()
            untouched = None
        closed = self._pop_to(place)
        assert closed is not None
        if untouched is not None and closed is untouched.opened:
            seen = " ".join(shown(self._text[at:to]) for at, to in untouched.texts)
            self._untouched = None
            self._add(Part.ALONE, untouched.start, end, name, " ".join(seen.split()))
        elif untouched is None and closed.within_translated:
            self._add(Part.CLOSE, start, end, name)

    def _pop_to(self, place: int) -> _Open | None:
        closed = self._open.pop_to(place)
        self._update()
        return closed

    def _update(self) -> None:
        around = self._open.innermost
        self._translated = self._open.translated
        self._foreign = around is not None and around.foreign

    # --- running text

    def _end_run(self) -> None:
        """What has been collected is a block, or nothing to translate."""
        self._untouched = None
        if not (self._run or self._attributes):
            return
        if self._has_text:
            around = self._open.innermost
            kind, detail = (around.kind, around.detail) if around else (BlockKind.PARAGRAPH, "")
            self._ready += blocks_of(self._text, self._run, kind, detail)
            self._has_text = False
        self._run.clear()
        if self._attributes:
            self._ready += self._attributes
            self._attributes.clear()
            self._ready.sort(key=lambda block: block.span.start)
