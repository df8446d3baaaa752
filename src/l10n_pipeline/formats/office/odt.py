"""OpenDocument texts (ISO/IEC 26300), as LibreOffice and others write them.

What is read
    The text, with notes, tables, text boxes and shapes, headers and footers, and the document's
    title. Comments, formulas, charts, forms and other embedded documents stay as they are, and
    so does what was deleted while changes were tracked.

What a translated sentence loses
    The division into spans that differ in nothing a reader sees, soft hyphens, and the marks of
    tracked changes: what was inserted stays, what was deleted goes. Bookmarks' and comments'
    marks go to its beginning and end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.office.archive import Archive
from l10n_pipeline.formats.office.document import Contents, Encoder, xml_member
from l10n_pipeline.formats.office.languages import (
    names_language,
    with_changed_tags,
    with_language_named,
)
from l10n_pipeline.formats.office.layout import Paragraph, Part
from l10n_pipeline.formats.office.markup import (
    Token,
    TokenKind,
    attribute,
    attributes,
    character,
    elements,
    with_attribute,
)
from l10n_pipeline.formats.office.runs import BREAK, TAB, Element, Line, Look
from l10n_pipeline.formats.office.walking import PlainWalk, Walk, encoded, inherited, prefix_of
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import BlockKind

NAMESPACES: Final = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "http://purl.org/dc/elements/1.1/": "dc",
}
"""And their usual prefixes."""

_MIMETYPE: Final = b"application/vnd.oasis.opendocument.text"
_PARTS: Final = ("content.xml", "styles.xml", "meta.xml")
_MANIFEST: Final = "META-INF/manifest.xml"
_ENCRYPTION: Final = b":encryption-data"

_SEPARATE: Final = frozenset({"office:annotation", "text:tracked-changes", "office:forms"})
_DROPPED: Final = frozenset(
    {"text:soft-page-break", "text:change", "text:change-start", "text:change-end"}
)
_MARK: Final = re.compile(
    r"text:(?:bookmark|reference-mark|toc-mark|user-index-mark|alphabetical-index-mark)"
    r"(?:-(?P<which>start|end))?|office:annotation(?:-end)?"
)
_PASSING: Final = frozenset({"text:meta"})
_BREAKS: Final = {"text:tab": TAB, "text:line-break": BREAK}
_PICTURES: Final = ("draw:", "dr3d:", "text:note", "text:ruby-text")
_WHITE_SPACE: Final = " \t\r\n"
_WHITE: Final = re.compile(f"[{_WHITE_SPACE}]+")
_NOT_A_SPACE: Final = re.compile(f"[{_WHITE_SPACE}]{{2,}}|[\t\r\n]")
"""White space that a reader sees as a space but that is not written as one."""
_AFTER_SPACE: Final = re.compile("(?<= ) ")
_MOST_SPACES: Final = 1000
_LONGEST_KEY: Final = 200
_LONGEST_RAW: Final = 1000
_DEEPEST_FORMATTING: Final = 16
"""Spans within one another whose formatting becomes codes."""
_NOT_FORMATTING: Final = re.compile(
    r"(?:fo:(?:language|country|script)|style:(?:language|country|script|rfc-language-tag)"
    r"(?:-asian|-complex)?|style:rfc-language-tag|officeooo:(?:paragraph-)?rsid|"
    r"loext:opacity)"
)
_KINDS: Final = {
    "title": BlockKind.TITLE,
    "subtitle": BlockKind.TITLE,
    "caption": BlockKind.CAPTION,
    "illustration": BlockKind.CAPTION,
    "table": BlockKind.CAPTION,
    "figure": BlockKind.CAPTION,
    "quotations": BlockKind.QUOTATION,
}
"""Of paragraphs by the names of their styles."""


class OdtStyles:
    """What automatic styles come to.

    Args:
        texts: files that define styles.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.formatting: dict[str, str] = {}
        """Of text styles by name: what stands for all that they change; empty for nothing that a
        reader sees. Named styles are not among them."""
        self._changes: dict[str, list[str]] = {}
        self.parents: dict[str, str] = {}
        """Of paragraph styles by name: what they are based on."""
        self.hidden: set[str] = set()
        """Text styles by name that hide text."""
        for text in texts:
            self._read(text)
        for style, changes in self._changes.items():
            told = "; ".join(changes)
            if len(told) > _LONGEST_KEY:
                told = hashlib.sha256(told.encode()).hexdigest()
            self.formatting[style] = told
        own = {style: kind for style in self.parents if (kind := _kind_named(style)) is not None}
        own |= {
            parent: kind
            for parent in self.parents.values()
            if (kind := _kind_named(parent)) is not None
        }
        self._kinds = inherited(own, self.parents)

    def _read(self, text: str) -> None:
        current = family = ""
        automatic = False
        for token, ancestors in elements(text, NAMESPACES):
            tag = text[token.start : token.end]
            if token.name == "style:style":
                current, family = attribute(tag, "name"), attribute(tag, "family")
                automatic = "office:automatic-styles" in ancestors
                parent = attribute(tag, "parent-style-name")
                if family == "paragraph":
                    self.parents[current] = parent
                elif family == "text" and automatic:
                    self._changes[current] = [f"based on {parent}"] if parent else []
            elif token.name == "style:text-properties" and family == "text" and current:
                if "style:style" not in ancestors:
                    continue
                given = attributes(tag)
                if any(
                    name.endswith(":display") and value == "none" for name, value in given.items()
                ):
                    self.hidden.add(current)
                if automatic:
                    self._changes[current] += (
                        f"{name}={value}"
                        for name, value in sorted(given.items())
                        if not _NOT_FORMATTING.fullmatch(name)
                    )

    def kind(self, style: str) -> BlockKind | None:
        """What paragraphs of a style are, where its name or that of a parent says."""
        return self._kinds.get(style) or _kind_named(style)


def _kind_named(style: str) -> BlockKind | None:
    return _KINDS.get(style.replace("_20_", " ").lower())


class OdtParagraphs:
    """Reads and writes the paragraphs of an OpenDocument text.

    Args:
        styles: the automatic styles of each file differ, but never in one file.
    """

    usual: Mapping[str, str] = NAMESPACES
    names: frozenset[str] = frozenset({"text:p", "text:h", "dc:title"})
    skipped: frozenset[str] = _SEPARATE
    cells: frozenset[str] = frozenset({"table:table-cell", "table:covered-table-cell"})

    def __init__(self, styles: Mapping[str, OdtStyles]) -> None:
        self._styles = styles

    def _styles_of(self, paragraph: Paragraph) -> OdtStyles:
        root = ancestors[0][0] if (ancestors := paragraph.ancestors) else ""
        return self._styles[root if root in self._styles else "office:document-content"]

    def describe(self, part: Part, paragraph: Paragraph) -> tuple[BlockKind, str]:
        """What a paragraph is to a reader, and the detail."""
        if paragraph.name == "dc:title":
            return BlockKind.METADATA, "title"
        ancestors = paragraph.ancestors
        names = [name for name, _ in ancestors]
        tag = part.text[paragraph.span.start : paragraph.inner.start]
        if "text:note-body" in names:
            return BlockKind.FOOTNOTE, ""
        if paragraph.name == "text:h":
            return BlockKind.HEADING, f"level {attribute(tag, 'outline-level', '1')}"
        place = ""
        for name in names:
            if name.startswith(("style:header", "style:footer")):
                place = name.removeprefix("style:").partition("-")[0]
            elif name.startswith("draw:"):
                place = "text box"
        kind = self._styles_of(paragraph).kind(attribute(tag, "style-name"))
        if kind is not None:
            return kind, place
        cells = [number for name, number in ancestors if name == "table:table-cell"]
        if cells:
            return BlockKind.TABLE_CELL, f"column {cells[-1] + 1}"
        is_item = "text:list-item" in names or "text:list-header" in names
        return BlockKind.LIST_ITEM if is_item else BlockKind.PARAGRAPH, place

    def line(self, part: Part, paragraph: Paragraph) -> Line:
        """What stands in a paragraph."""
        if paragraph.name == "dc:title":
            return PlainWalk(part, paragraph, NAMESPACES, _look(())).run()
        return _OdtWalk(part, paragraph, self._styles_of(paragraph)).run()

    def dominant(self, looks: Sequence[tuple[Look, int]]) -> Look:
        """None where some text has no formatting: there is no markup to end one with, before a
        paragraph's first text. Otherwise that of most text.
        """
        amounts: dict[Look, int] = {}
        for look, amount in looks:
            amounts[look] = amounts.get(look, 0) + amount
        return _look(()) if _look(()) in amounts else max(amounts, key=amounts.__getitem__)

    def encoder(self, part: Part, paragraph: Paragraph) -> Encoder:
        """What makes text of a paragraph XML: of spaces in a row only the first one counts,
        others are elements.
        """
        if paragraph.name == "dc:title":
            return encoded
        spaces = f"<{prefix_of(part, paragraph)}s/>"

        def with_spaces(text: str, after_space: bool) -> str:
            written = encoded(text, after_space)
            if after_space and written.startswith(" "):
                written = f"{spaces}{written[1:]}"
            return _AFTER_SPACE.sub(spaces, written)

        return with_spaces


def _look(spans: Sequence[Element]) -> Look:
    keys = tuple(element.key for element in spans)
    raw = "".join(element.opening for element in spans)
    return Look(keys, tuple(spans), raw if len(raw) <= _LONGEST_RAW else spans[-1].opening)


class _OdtWalk(Walk):
    def __init__(self, part: Part, paragraph: Paragraph, styles: OdtStyles) -> None:
        self._prefix = prefix_of(part, paragraph)
        self._styles = styles
        self._looks = [_look(())]
        """Of the spans that are open, innermost last."""
        self._after_space = True
        super().__init__(part, paragraph, NAMESPACES, _look(()))

    def take_text(self, token: Token) -> None:
        # Of white space in a row only the first counts, whatever elements are between.
        written = self.text[token.start : token.end]
        if token.kind is TokenKind.ENTITY:
            shown = _WHITE.sub(" ", character(written))
            if shown != " " or not self._after_space:
                self.add_leaf(token.start, token.end, shown, self._looks[-1])
            self._after_space = shown == " "
            return
        look = self._looks[-1]
        leading = _WHITE.match(written) if self._after_space else None
        done = leading.end() if leading else 0
        for found in _NOT_A_SPACE.finditer(written, done):
            start, end = token.start + found.start(), token.start + found.end()
            self.add_leaf(token.start + done, start, written[done : found.start()], look)
            self.add_leaf(start, end, " ", look)
            done = found.end()
        self.add_leaf(token.start + done, token.end, written[done:], look)
        self._after_space = written[-1] in _WHITE_SPACE

    def take_end(self, at: int) -> int:
        element = self.pop()
        elements = self._looks[-1].elements
        if elements and elements[-1] is element:
            self._looks.pop()
        return at + 1

    def take_element(self, at: int, token: Token) -> int:
        name = token.name
        if mark := _MARK.fullmatch(name):
            self.add_anchor(at, leads=mark["which"] == "start")
            return self.after(at)
        if name in _DROPPED:
            return self.after(at)
        if name == "text:s":
            span = self.span(at)
            count = attribute(self.markup(at), "c", "1")
            spaces = min(int(count), _MOST_SPACES) if count.isdecimal() and len(count) < 9 else 1
            self.add_leaf(span.start, span.end, " " * max(spaces, 1), self._looks[-1])
            self._after_space = False
            return self.after(at)
        if token.kind is TokenKind.START and self._begin(at, name):
            return at + 1
        if token.kind is TokenKind.EMPTY and name in ("text:span", "text:a", *_PASSING):
            return at + 1
        shown = _BREAKS[name] if name in _BREAKS else self._shown(at)
        self.add_alone(self.span(at), shown, ())
        # White space behind a line break is dropped by none, but nobody sees it.
        self._after_space = False
        return self.after(at)

    def _begin(self, at: int, name: str) -> bool:
        """Begin an element that has text in it, if it is one."""
        tag = self.markup(at)
        closing = self.markup(self.match[at])
        if name == "text:span":
            style = attribute(tag, "style-name")
            if style in self._styles.hidden:
                return False
            formatting = self._styles.formatting.get(style, f"style {style}" if style else "")
            within = self._looks[-1].elements
            passing = not formatting or len(within) == _DEEPEST_FORMATTING
            element = Element(f"span {formatting}", tag, closing, passing=passing)
            self.push(element)
            if not passing:
                self._looks.append(_look((*within, element)))
                self.add_look(self._looks[-1])
        elif name == "text:a":
            self.enclose(tag, closing)
        elif name in _PASSING:
            self.push(Element(tag, tag, closing, passing=True))
        else:
            return False
        return True

    def _shown(self, at: int) -> str:
        """What a reader sees of an element that stands alone: a field's value."""
        name = self.tokens[at].name
        if name.startswith(_PICTURES) or name == "text:span":
            return ""
        shown = []
        inside = at
        while inside < self.match.get(at, at):
            token = self.tokens[inside]
            if token.kind is TokenKind.START and token.name.startswith((*_PICTURES, "office:")):
                inside = self.after(inside)
                continue
            if token.kind is TokenKind.TEXT:
                shown.append(self.markup(inside))
            elif token.kind is TokenKind.ENTITY:
                shown.append(character(self.markup(inside)))
            inside += 1
        return _WHITE.sub(" ", "".join(shown))


# --- the archive -------------------------------------------------------------------


def odt_contents(archive: Archive) -> Contents:
    """What an OpenDocument text has to be read.

    Raises:
        DocumentError: where it is none, or encrypted.
    """
    is_text = "mimetype" in archive.names and archive.read("mimetype").startswith(_MIMETYPE)
    if not is_text or "content.xml" not in archive.names:
        raise DocumentError(
            "is not an OpenDocument text",
            where=archive.path,
            way_out="open it in a word processor and save it as .odt",
        )
    # Old programs declare a document type here: this is not read as XML.
    if _MANIFEST in archive.names and _ENCRYPTION in archive.read(_MANIFEST):
        raise DocumentError(
            "is protected by a password",
            where=archive.path,
            way_out="open it in a word processor and save it without a password",
        )
    content = xml_member(archive, "content.xml")
    common = [xml_member(archive, "styles.xml")] if "styles.xml" in archive.names else []
    styles = {
        "office:document-content": OdtStyles([*common, content]),
        "office:document-styles": OdtStyles(common),
    }
    return Contents(tuple(part for part in _PARTS if part in archive.names), OdtParagraphs(styles))


def odt_in_language(
    archive: Archive, members: Mapping[str, bytes], source: Locale, target: Locale
) -> dict[str, bytes]:
    """The members that change where a document's text is in another language than it was.

    Args:
        archive: the document.
        members: those that have changed already.
        source: the language it was in; styles in others keep theirs.
        target: the language it is in now.
    """

    def changed(text: str, token: Token, ancestors: Sequence[str]) -> str | None:
        if token.name != "style:text-properties":
            return None
        tag = text[token.start : token.end]
        if "style:default-style" not in ancestors and not names_language(
            attribute(tag, "language"), source
        ):
            return None
        tag = with_attribute(tag, "language", target.language)
        return with_attribute(tag, "country", target.territory or "none")

    made = dict(members)
    for member in ("styles.xml", "content.xml"):
        made |= with_changed_tags(archive, made, member, NAMESPACES, changed)
    return made | with_language_named(archive, made, "meta.xml", NAMESPACES, target)
