"""The structure of a page: which of its text is translated, and what it is to a reader.

The tags are followed as the WHATWG tree construction does, omitted end tags included, save
that formatting elements that a block's end has closed are not opened again in the next one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from l10n_pipeline.formats.html.elements import (
    BUTTON,
    BUTTON_TYPES,
    DEFAULT,
    ELEMENTS,
    ENDS_FOREIGN,
    HTML_IN_FOREIGN,
    INLINE,
    ITEM,
    LIST,
    ONLY_IN,
    SAME_END,
    SCOPES,
    SPECIAL,
    TABLE,
    TEXT_ATTRIBUTES,
    TEXT_METADATA,
    Element,
)
from l10n_pipeline.formats.html.inline import (
    Inline,
    Part,
    attribute_block,
    blocks_of,
    of_template,
    with_templates,
)
from l10n_pipeline.formats.html.language import language_of
from l10n_pipeline.formats.html.references import shown
from l10n_pipeline.formats.html.tokens import (
    IN_TEMPLATE,
    Attribute,
    attributes,
    end_of_raw_text,
    token_of,
)
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Span

_MOST_REMEMBERED: Final = 4096
_LONGEST_REMEMBERED: Final = 1024
_FOREIGN: Final = Element()
_HTML_IN_FOREIGN: Final = Element(bounds=(DEFAULT, BUTTON, LIST, TABLE, ITEM))
_SEPARATOR: Final = BlockKind.SEPARATOR
_NEVER_ENDED: Final = ("html", "body")
"""Elements that go on after their end tags."""
_CDATA: Final = "<![CDATA["
_SAYING: Final = (
    "lang",
    "translate",
    "title",
    "alt",
    "label",
    "aria-",
    "placeholder",
    "value",
    "content",
    "abbr",
)
"""In the name of each attribute that is read, or in the value of ``class``."""
_CODE_OF_A_TEMPLATE: Final = ("<?php", "<?=")
_BEGINS_A_TEMPLATE: Final = ("<%", "{%", "{#")


def is_xml(path: str, text: str) -> bool:
    """Whether a page is XHTML, where ``<br/>`` and ``<p/>`` are whole elements."""
    return path.lower().endswith(".xhtml") or text.lstrip("\ufeff").startswith("<?xml")


def blocks(text: str, *, locale: Locale, xml: bool) -> list[Block]:
    """The blocks of a page, in order of their beginning.

    They tile it, save that the block of an attribute may lie inside an inline code of the
    block before it.

    Args:
        text: the document's.
        locale: the language that is translated; elements in another one are left alone.
        xml: whether it is XHTML.
    """
    return _Reader(text, locale, xml=xml).read()


# --- what attributes say -----------------------------------------------------------------


class _TextAttribute(NamedTuple):
    """A value that is translated; places count from where the attributes begin."""

    start: int
    end: int
    kind: BlockKind
    detail: str


class _Tag(msgspec.Struct, frozen=True, gc=False):
    """A tag, what its attributes say included."""

    name: str
    """Lower-case."""
    element: Element
    ends: bool
    """Whether it is an end tag."""
    empty: bool
    """Whether it ends with a slash."""
    part: Part | None
    """What it is in running text, where that is all there is to it."""
    attributes_at: int = 0
    """Where its attributes begin, from the tag's start."""
    translated: bool | None = None
    """Whether it says that what is in it is translated."""
    islanded: bool | None = None
    """Whether it says that what is in it is in another language."""
    says: bool = False
    """Whether it says either."""
    texts: tuple[_TextAttribute, ...] = ()


def _tag(found: re.Match[str], language: str, *, xml: bool) -> _Tag:
    name = found["name"].lower()
    element = ELEMENTS.get(name, INLINE)
    empty = bool(found["self"])
    if found["close"]:
        closing: Part = "break" if name == "br" else "close"
        part = None if element.block else closing
        return _Tag(name, element, ends=True, empty=empty, part=part)
    written = found["attributes"]
    said = attributes(written) if _may_say(written) else {}
    translated = element.translated
    if "translate" in said:
        translate = said["translate"].value.lower()
        translated = {"no": False, "yes": True, "": True}.get(translate, translated)
    if "notranslate" in _value(said, "class").split():
        translated = False
    if "hreflang" in said and "alternate" in _value(said, "rel").lower().split():
        # A link to this page in another language, which says so in that one.
        translated = False
    spoken = _value(said, "lang") or _value(said, "xml:lang")
    islanded = None
    # What the whole page says of itself, the project knows better.
    if spoken and name != "html":
        islanded = language_of(spoken) != language
    says = translated is not None or islanded is not None
    texts = tuple(_texts(name, said))
    part = None
    if not (element.block or texts):
        if element.content == "nothing" or (empty and (xml or element.foreign)):
            part = "break" if name == "br" else "alone"
        elif element.content == "markup" and not element.foreign and not says:
            part = "open"
    return _Tag(
        name,
        element,
        ends=False,
        empty=empty,
        part=part,
        attributes_at=1 + len(name),
        translated=translated,
        islanded=islanded,
        says=says,
        texts=texts,
    )


def _may_say(attributes: str) -> bool:
    """Whether there may be one among the attributes that matters; most links have none."""
    lowered = attributes.lower()
    for name in _SAYING:  # noqa: SIM110 - any() takes three times as long, and this is asked often
        if name in lowered:
            return True
    return False


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
        elif name not in ONLY_IN.get(key, (name,)) or (
            # The name of a set of style sheets.
            key == "title" and (name == "style" or "stylesheet" in _value(found, "rel").lower())
        ):
            continue
        if kind is not None:
            yield _TextAttribute(attribute.start, attribute.end, kind, detail)


# --- open elements -----------------------------------------------------------------------


class _Open(msgspec.Struct, frozen=True, eq=False):
    """An element that has begun and not ended."""

    name: str
    element: Element
    kind: BlockKind
    detail: str
    translated: bool | None = None
    """What it says itself."""
    islanded: bool | None = None
    """Whether it says itself to be in another language."""
    says: bool = False
    """Whether it says either."""
    within_translated: bool = True
    """Whether the text around it is translated."""
    foreign: bool = False
    """Whether what is in it is SVG or MathML."""


_PAGE: Final = _Open("", INLINE, BlockKind.PARAGRAPH, "")
"""What everything is in."""


def _take_last(opened: list[_Open], forgotten: _Open) -> None:
    # It is one of the last as a rule.
    del opened[next(at for at in reversed(range(len(opened))) if opened[at] is forgotten)]


class _OpenElements:
    """The stack of open elements: finds in constant time, however deep."""

    def __init__(self) -> None:
        self._stack: list[_Open | None] = [_PAGE]
        self.innermost = _PAGE
        self.translated = True
        """Whether text here is translated."""
        self.places: dict[str, list[int]] = defaultdict(list)
        """Of the open elements of each name, in order."""
        self._bounds: dict[str, list[int]] = {scope: [0] for scope in SCOPES}
        self._saying: list[_Open] = []
        self._in_island: list[_Open] = []

    @property
    def last(self) -> int:
        """The place of the innermost."""
        return len(self._stack) - 1

    def with_said(self, tag: _Tag) -> bool:
        """Whether text would be translated in an element that begins with this tag."""
        return self._are_translated(tag.translated, tag.islanded) if tag.says else self.translated

    def _are_translated(self, translated: bool | None, islanded: bool | None) -> bool:
        if islanded is None:
            islanded = bool(self._in_island) and self._in_island[-1].islanded is True
        if translated is None:
            translated = not self._saying or self._saying[-1].translated is True
        return translated and not islanded

    def push(self, opened: _Open) -> None:
        place = len(self._stack)
        self._stack.append(opened)
        self.innermost = opened
        self.places[opened.name].append(place)
        for scope in opened.element.bounds:
            self._bounds[scope].append(place)
        if opened.says:
            if opened.translated is not None:
                self._saying.append(opened)
            if opened.islanded is not None:
                self._in_island.append(opened)
            self.translated = self._are_translated(None, None)

    def find(self, names: Sequence[str], scope: str) -> int:
        """Where the innermost open element of these names is within a scope; 0 where none is."""
        found = 0
        for name in names:
            places = self.places.get(name)
            if places and places[-1] > found and places[-1] >= self._bounds[scope][-1]:
                found = places[-1]
        return found

    def at(self, place: int) -> _Open:
        """The open element at a place that has been found."""
        opened = self._stack[place]
        assert opened is not None
        return opened

    def pop_to(self, place: int) -> _Open:
        """Close the element at a place, and all in it; returns it."""
        stack, closed = self._stack, _PAGE
        while len(stack) > place:
            popped = stack.pop()
            if popped is None:
                continue
            closed = popped
            self.places[closed.name].pop()
            for scope in closed.element.bounds:
                self._bounds[scope].pop()
            if closed.says:
                if closed.translated is not None:
                    self._saying.pop()
                if closed.islanded is not None:
                    self._in_island.pop()
                self.translated = self._are_translated(None, None)
        while stack[-1] is None:
            stack.pop()
        self.innermost = stack[-1]
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
        self.translated = self._are_translated(None, None)


# --- reading -----------------------------------------------------------------------------


class _Untouched(NamedTuple):
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
        self._token = token_of(text)
        self._open = _OpenElements()
        self._untouched: _Untouched | None = None
        self._run: list[Inline] = []
        self._has_text = False
        self._attributes: list[Block] = []
        self._tags: dict[str, _Tag] = {}
        self._blocks: list[Block] = []
        self._done = 0
        """Where the last block ends."""
        self._absent: set[str] = set()
        """What has been looked for and is not there any more."""

    def read(self) -> list[Block]:
        """The blocks, in order of their beginning."""
        place = 0
        while place < len(self._text):
            place = self._read_from(place)
        self._end_run()
        self._separate(len(self._text))
        return self._blocks

    def _read_from(self, place: int) -> int:
        """Read up to where something has been passed over that is not to be read as markup;
        returns where to go on.
        """
        tags, opened = self._tags, self._open
        for found in self._token.finditer(self._text, place):
            text, markup = found.group("text", "markup")
            start = place + len(text)
            if text:
                self._read_text(text, place, start)
            place = end = start + len(markup)
            tag = tags.get(markup)
            if tag is None:
                if found["name"] is None:
                    end = self._read_markup(start, place)
                    if end > place:
                        return end
                    continue
                tag = self._tag(found, markup)
            if tag.part and not (opened.innermost.foreign or opened.places.get(tag.name)):
                if opened.translated:
                    self._run.append(Inline(tag.part, start, place, tag.name))
            elif tag.ends:
                self._read_end_tag(tag, start, place)
            else:
                end = self._read_start_tag(tag, start, place)
                if end > place:
                    return end
        return place

    def _read_text(self, text: str, start: int, end: int) -> None:
        if self._open.translated:
            if not text.isspace():
                self._run.append(Inline("text", start, end))
                self._has_text = True
            elif self._run:
                self._run.append(Inline("space", start, end))
        elif self._untouched is not None and not self._open.innermost.foreign:
            self._untouched.texts.append((start, end))

    def _read_markup(self, start: int, end: int) -> int:
        """Comments and the like, or nothing; returns where it ends."""
        text = self._text
        if IN_TEMPLATE.fullmatch(text, start, end) and not self._xml:
            self._read_template(start, end)
            return end
        if text.startswith(_CDATA, start) and (self._xml or self._open.innermost.foreign):
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
        elif text.startswith(_BEGINS_A_TEMPLATE, start):
            self._read_text(text[start:end], start, end)
            return end
        self._add("alone", start, end)
        return end

    def _read_template(self, start: int, end: int) -> None:
        if self._open.translated:
            inline = of_template(self._text, start, end)
            self._run.append(inline)
            self._has_text = self._has_text or bool(inline.shown)
        elif self._untouched is not None:
            self._untouched.texts.append((start, end))

    def _after(self, ending: str, start: int, otherwise: int) -> int:
        if ending not in self._absent:
            found = self._text.find(ending, start)
            if found >= 0:
                return found + len(ending)
            self._absent.add(ending)
        return otherwise

    def _add(self, part: Part, start: int, end: int, name: str = "", shown: str = "") -> None:
        if self._open.translated and start < end:
            self._run.append(Inline(part, start, end, name, shown))

    def _tag(self, found: re.Match[str], markup: str) -> _Tag:
        """What there is to know of a tag; pages have few that differ."""
        tag = _tag(found, self._language, xml=self._xml)
        if len(markup) <= _LONGEST_REMEMBERED:
            if len(self._tags) >= _MOST_REMEMBERED:
                self._tags.clear()
            self._tags[markup] = tag
        return tag

    # --- start tags

    def _read_start_tag(self, tag: _Tag, start: int, end: int) -> int:
        """Returns where what has been read ends."""
        opened, element = self._open, tag.element
        if opened.innermost.foreign and self._stays_foreign(tag):
            return end
        if element.block:
            for names, scope in element.closes:
                while place := opened.find(names, scope):
                    self._end_run()
                    opened.pop_to(place)
            self._end_run()
        if tag.texts and opened.with_said(tag):
            self._add_attributes(tag.texts, start + tag.attributes_at)
        if element.content == "nothing" or (tag.empty and (self._xml or element.foreign)):
            if not element.block:
                self._add("break" if tag.name == "br" else "alone", start, end)
        elif element.content != "markup":
            return self._read_raw(tag, start, end)
        elif element.block:
            self._push(tag)
        else:
            return self._open_inline(tag, start, end)
        return end

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
        closing = self._token.match(self._text, content_end)
        assert closing is not None
        if tag.element.content == "title":
            if self._open.with_said(tag):
                self._run += with_templates(self._text, end, content_end)
                self._has_text = True
                self._end_run_of(BlockKind.TITLE, "")
        elif not tag.element.block:
            self._add("alone", start, closing.end())
        return closing.end()

    def _open_inline(self, tag: _Tag, start: int, end: int) -> int:
        """Returns where what has been read ends: with an element that is not translated, if
        there is only text in it.
        """
        before = self._open.translated
        after = self._open.with_said(tag)
        if before and not after:
            following = self._token.match(self._text, end)
            assert following is not None
            is_only_text = following["close"] and following["name"].lower() == tag.name
            if is_only_text and not tag.element.foreign:
                self._add_untouched(tag.name, start, following.end(), following["text"])
                return following.end()
            opened = self._push(tag)
            self._untouched = _Untouched(start, opened, self._open.last, [])
            return end
        if before == after and not (tag.element.foreign or self._open.places.get(tag.name)):
            self._add("open", start, end, tag.name)
            return end
        if after and not before:
            self._end_run()
        self._push(tag)
        if before:
            self._add("open", start, end, tag.name)
        return end

    def _add_untouched(self, name: str, start: int, end: int, written: str) -> None:
        self._add("alone", start, end, name, " ".join(shown(written).split()))

    def _push(self, tag: _Tag) -> _Open:
        around, element = self._open.innermost, tag.element
        kind, detail = element.kind, element.detail
        if kind is None:
            kind, detail = around.kind, around.detail
        opened = _Open(
            tag.name,
            element,
            kind,
            detail,
            tag.translated,
            tag.islanded,
            tag.says,
            self._open.translated,
            element.foreign,
        )
        self._open.push(opened)
        return opened

    def _stays_foreign(self, tag: _Tag) -> bool:
        """Whether a start tag in SVG or MathML does not end it."""
        if tag.name in ENDS_FOREIGN:
            self._leave_foreign()
            return False
        if not tag.empty:
            around = self._open.innermost
            has_html = tag.name in HTML_IN_FOREIGN
            element = _HTML_IN_FOREIGN if has_html else _FOREIGN
            within = self._open.translated
            self._open.push(
                _Open(
                    tag.name,
                    element,
                    around.kind,
                    "",
                    within_translated=within,
                    foreign=not has_html,
                )
            )
        return True

    def _leave_foreign(self) -> None:
        self._end_run()
        while self._open.innermost.foreign:
            self._open.pop_to(self._open.last)

    # --- end tags

    def _read_end_tag(self, tag: _Tag, start: int, end: int) -> None:
        opened, name, element = self._open, tag.name, tag.element
        innermost = opened.innermost
        if innermost.name == name and innermost.element.block and name not in _NEVER_ENDED:
            self._end_run()
            opened.pop_to(opened.last)
            return
        if innermost.foreign and name == "p":
            self._leave_foreign()
        place = opened.find((name,), SPECIAL)
        # In SVG, <title> is no block.
        if place and not opened.at(place).element.block:
            self._close_inline(place, name, start, end)
        elif element.block:
            self._end_run()
            place = opened.find(SAME_END.get(name, (name,)), element.scope or SPECIAL)
            if place and name not in _NEVER_ENDED:
                opened.pop_to(place)
        elif not opened.places.get(name):
            self._add(tag.part or "close", start, end, name)
        elif element.formatting:
            self._end_run()
            opened.forget(name)
        else:
            self._add("alone", start, end)

    def _close_inline(self, place: int, name: str, start: int, end: int) -> None:
        untouched = self._untouched
        if untouched is not None and place < untouched.place:
            self._end_run()
            untouched = None
        closed = self._open.pop_to(place)
        if untouched is not None and closed is untouched.opened:
            written = " ".join(self._text[at:to] for at, to in untouched.texts)
            self._untouched = None
            self._add_untouched(name, untouched.start, end, written)
        elif untouched is None and closed.within_translated:
            self._add("close", start, end, name)

    # --- running text

    def _end_run(self) -> None:
        """What has been collected is a block, or nothing to translate."""
        self._untouched = None
        if self._has_text or self._attributes:
            around = self._open.innermost
            self._end_run_of(around.kind, around.detail)
        else:
            self._run.clear()

    def _end_run_of(self, kind: BlockKind, detail: str) -> None:
        found = self._attributes
        if self._has_text:
            found = blocks_of(self._text, self._run, kind, detail)
            if self._attributes:
                found = sorted([*found, *self._attributes], key=lambda block: block.span.start)
        for block in found:
            self._separate(block.span.start)
            self._blocks.append(block)
            self._done = max(self._done, block.span.end)
        self._run.clear()
        self._attributes.clear()
        self._has_text = False

    def _separate(self, start: int) -> None:
        """What is before this place, and no block yet, is not translated."""
        if self._done < start:
            span = Span(self._done, start)
            self._blocks.append(Block(_SEPARATOR, span, translatable=False))
