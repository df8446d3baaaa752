"""Word documents (Office Open XML, ISO/IEC 29500, transitional and strict).

What is read
    The main document, footnotes, endnotes, headers and footers, with tables, text boxes and
    content controls, and the document's title. Comments, charts, diagrams and custom XML stay as
    they are. The two editions of a text box that Word writes for old and new versions of itself
    are both read, and share their translation.

Tracked changes
    What was inserted is read as text, what was deleted is not. In a translated sentence the
    changes are accepted; elsewhere they stay.

Tables of contents
    Entries are read, so that they say what the headings say; a tab divides one from the number of
    its page.

What a translated sentence loses
    The division into runs, smart tags, spelling marks, soft hyphens and remembered page breaks.
    Bookmarks and comments' marks go to its beginning and end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

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
    Scope,
    Token,
    TokenKind,
    attribute,
    character,
    elements,
    with_attribute,
)
from l10n_pipeline.formats.office.runs import BREAK, TAB, Element, Line, Look
from l10n_pipeline.formats.office.walking import (
    PlainWalk,
    Walk,
    encoded,
    inherited,
    prefix_of,
    spaced,
    wrapped,
)
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import BlockKind, Span

NAMESPACES: Final = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
    "http://purl.org/dc/elements/1.1/": "dc",
}
"""And their usual prefixes."""

_PASSING: Final = frozenset({"w:smartTag", "w:customXml", "w:ins", "w:moveTo", "w:dir", "w:bdo"})
_EMPTY: Final = _PASSING | {"w:r", "w:t", "w:hyperlink"}
"""Elements that are nothing where they have no content."""
_ENCLOSING: Final = _EMPTY | {"w:fldSimple", "w:sdt"}
"""Elements that may have a paragraph's text in them."""
_DELETED: Final = frozenset({"w:del", "w:moveFrom"})
_DROPPED: Final = _DELETED | {
    "w:pPr",
    "w:rPr",
    "w:proofErr",
    "w:smartTagPr",
    "w:customXmlPr",
    "w:instrText",
    "w:delInstrText",
    "w:delText",
    "w:lastRenderedPageBreak",
    "w:softHyphen",
    "w:annotationRef",
}
_MARK: Final = re.compile(
    r"w:(?:bookmark|perm|commentRange|moveFromRange|moveToRange|"
    r"customXml(?:Ins|Del|MoveFrom|MoveTo)Range)(?P<which>Start|End)"
)
_TABS: Final = frozenset({"w:tab", "w:ptab"})
_BREAKS: Final = _TABS | {"w:br", "w:cr"}
_OPAQUE: Final = _DELETED | {
    "w:pPr",
    "w:drawing",
    "w:pict",
    "w:object",
    "w:ruby",
    "mc:AlternateContent",
}
"""Elements whose fields are their own business."""
_UNREADABLE: Final = frozenset(
    {"w:r", "w:drawing", "w:pict", "w:object", "w:p", "mc:AlternateContent"}
)
"""What stands alone and shows a reader no text of this paragraph; a run, if it is hidden."""
_NOT_FORMATTING: Final = frozenset({"w:lang", "w:noProof", "w:rPrChange", "w:ins", "w:del"})
_MOST_KNOWN: Final = 10_000
_OFF: Final = frozenset({"0", "false", "off"})
_SPACES: Final = " \t\r\n"
_HEADING: Final = re.compile(r"heading (\d)")
_KINDS: Final = {
    "title": BlockKind.TITLE,
    "subtitle": BlockKind.TITLE,
    "caption": BlockKind.CAPTION,
    "quote": BlockKind.QUOTATION,
    "intense quote": BlockKind.QUOTATION,
}
"""Of paragraphs by the names of their styles."""
_PROPERTIES_END: Final = re.compile(r"</[^<>]*pPr\s*>")
# Bounded: a comment may hold it any number of times.
_PARAGRAPH_STYLE: Final = re.compile(r"<[^<>]{0,40}pStyle\s[^<>]{0,1000}>")
_LINK: Final = re.compile(r"\s*HYPERLINK\b")
_PAGE: Final = re.compile(r"\s*PAGEREF\b")


class DocxParagraphs:
    """Reads and writes the paragraphs of a Word document.

    Args:
        styles: names of paragraph styles, lower case, by their ids.
    """

    usual: Mapping[str, str] = NAMESPACES
    names: frozenset[str] = frozenset({"w:p", "dc:title"})
    skipped: frozenset[str] = _DELETED
    cells: frozenset[str] = frozenset({"w:tc"})

    def __init__(self, styles: Mapping[str, str]) -> None:
        self._styles = styles
        self._scope: Scope | None = None
        self._runs: dict[str, tuple[Look, bool]] = {}
        """Of runs by their beginnings: the look, and whether they are hidden; of paragraphs in
        which the same prefixes hold."""

    def describe(self, part: Part, paragraph: Paragraph) -> tuple[BlockKind, str]:
        """What a paragraph is to a reader, and the detail."""
        if paragraph.name == "dc:title":
            return BlockKind.METADATA, "title"
        ancestors = paragraph.ancestors
        names = [name for name, _ in ancestors]
        if "w:footnote" in names or "w:endnote" in names:
            return BlockKind.FOOTNOTE, "endnote" if "w:endnote" in names else ""
        inner = paragraph.inner
        end = _PROPERTIES_END.search(part.text, inner.start, inner.end)
        properties = part.text[inner.start : end.start()] if end else ""
        found = _PARAGRAPH_STYLE.search(properties)
        style = self._styles.get(attribute(found[0], "val"), "") if found else ""
        cells = [number for name, number in ancestors if name == "w:tc"]
        place = {"w:hdr": "header", "w:ftr": "footer"}.get(names[0], "")
        if "w:txbxContent" in names:
            place = "text box"
        if heading := _HEADING.match(style):
            return BlockKind.HEADING, f"level {heading[1]}"
        if cells:
            return BlockKind.TABLE_CELL, f"column {cells[-1] + 1}"
        is_item = "numPr" in properties or style.startswith("list")
        return _KINDS.get(style, BlockKind.LIST_ITEM if is_item else BlockKind.PARAGRAPH), place

    def line(self, part: Part, paragraph: Paragraph) -> Line:
        """What stands in a paragraph."""
        if paragraph.name == "dc:title":
            return PlainWalk(part, paragraph, NAMESPACES, Look((), (), "")).run()
        if paragraph.scope is not self._scope or len(self._runs) > _MOST_KNOWN:
            self._scope = paragraph.scope
            self._runs = {}
        return _DocxWalk(part, paragraph, self._runs).run()

    def dominant(self, looks: Sequence[tuple[Look, int]]) -> Look:
        """The look of most text; of several with as much, the first."""
        amounts: dict[Look, int] = {}
        for look, amount in looks:
            amounts[look] = amounts.get(look, 0) + amount
        return max(amounts, key=amounts.__getitem__)

    def encoder(self, _part: Part, _paragraph: Paragraph) -> Encoder:
        """What makes text of a paragraph XML."""
        return encoded


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that begins and ends in the paragraph: indices of tokens."""

    separate: int | None
    end: int
    is_link: bool


class _DocxWalk(Walk):
    def __init__(
        self, part: Part, paragraph: Paragraph, runs: dict[str, tuple[Look, bool]]
    ) -> None:
        self._prefix = prefix_of(part, paragraph)
        run = f"<{self._prefix}r>"
        if run not in runs:
            runs[run] = self._look("", run), False
        super().__init__(part, paragraph, NAMESPACES, runs[run][0])
        self._look_now = self.line.plain
        self._runs = runs
        self._counting = self.line.inner
        self._run_of: dict[int, int] = {}
        self._fields: dict[int, _Field] = {}
        self._home: dict[int, int] = {}
        self._reach: dict[int, int] = {}
        self._tabs: list[int] = []
        if part.text.find("fldChar", *structs.astuple(paragraph.inner)) >= 0:
            self._find_fields()
        self._link_ends: set[int] = set()
        self._jumps: dict[int, int] = {}

    def take_text(self, token: Token) -> None:
        stack = self.stack
        if stack is not None and stack.top.key == "cdata":
            stack = stack.below
        if stack is not None and stack.top.key in ("t", "bare t"):
            start = max(token.start, self._counting.start)
            end = min(token.end, self._counting.end)
            if start < end:
                self.add_text(Token(token.kind, start, end), self._look_now)

    def take_end(self, at: int) -> int:
        self.pop()
        return self._jumps.get(at, at) + 1

    def take_element(self, at: int, token: Token) -> int:
        name = token.name
        if name in _ENCLOSING:
            if token.kind is TokenKind.EMPTY and name in _EMPTY:
                return at + 1
            if token.kind is TokenKind.START and self._begin(at, name):
                return self._jumps.get(at, at) + 1
        elif name in _DROPPED:
            if name == "w:pPr":
                self.line.kept.append(self.span(at))
            return self.after(at)
        elif name == "w:fldChar":
            return self._take_field(at)
        elif mark := _MARK.fullmatch(name):
            self.add_anchor(at, leads=mark["which"] == "Start")
            return self.after(at)
        self._take_whole(at, name)
        return self.after(at)

    def _take_whole(self, at: int, name: str) -> None:
        """Take an element that nothing is read in."""
        span = self.span(at)
        if name == "w:commentReference":
            self.add_anchor(at, leads=False, around=self.level())
        elif name == "w:noBreakHyphen":
            self.add_leaf(span.start, span.end, "\N{NON-BREAKING HYPHEN}", self._look_now)
        elif name in _TABS:
            self.add_alone(span, TAB, self.level())
        else:
            shown = "" if name in _UNREADABLE else self._shown(at, self.after(at))
            self.add_alone(span, shown, self.level())

    def _begin(self, at: int, name: str) -> bool:
        """Begin an element that has text in it, if it is one."""
        tag = self.markup(at)
        closing = self.markup(self.match[at])
        if name == "w:r":
            if self._is_hidden(at):
                return False
            self._begin_run(at)
        elif name == "w:t":
            self._begin_text(at, tag)
        elif name in _PASSING:
            self.push(Element(tag, tag, closing, passing=True))
        elif name == "w:hyperlink" or (
            name == "w:fldSimple" and _LINK.match(attribute(tag, "instr"))
        ):
            self.enclose(tag, closing)
        elif name == "w:sdt" and (content := self._content_of(at)) is not None:
            end = self.match[content]
            opening = self.part.marked(self.span(at, content))
            self.enclose(opening, self.part.marked(self.span(end, self.match[at])))
            self._jumps[at] = content
            self._jumps[end] = self.match[at]
        else:
            return False
        return True

    def _begin_run(self, at: int) -> None:
        self._look_now = self._look_of(at)
        self.add_look(self._look_now)
        self.push(self._look_now.elements[0])

    def _begin_text(self, at: int, tag: str) -> None:
        content = Span(self.tokens[at].end, self.tokens[self.match[at]].start)
        written = content.of(self.text)
        bare = written.strip(_SPACES)
        self._counting = content
        if attribute(tag, "space") == "preserve":
            self.push(_text_element(self._prefix))
        elif bare == written and "<" not in written:
            self.push(_text_element(self._prefix, self.span(at, at)))
        else:
            # Nobody sees the spaces at its ends: a translation must not stand beside them.
            before = len(written) - len(written.lstrip(_SPACES))
            start = content.start + before
            self._counting = Span(start, start + len(bare))
            self.push(replace(_text_element(self._prefix), key="bare t"))

    # --- runs ----------------------------------------------------------------------

    def _look(self, formatting: str, run: str) -> Look:
        prefix = self._prefix
        raw = f"<{prefix}rPr>{formatting}</{prefix}rPr>" if formatting else ""
        element = Element(f"r {run}{raw}", run + raw, f"</{prefix}r>")
        declared = run if "xmlns" in run else ""
        keys = (declared + formatting,) if declared + formatting else ()
        return Look(keys, (element, _text_element(prefix)), raw)

    def _look_of(self, at: int) -> Look:
        """The look of a run."""
        return self._read_run(at)[0]

    def _read_run(self, at: int) -> tuple[Look, bool]:
        """The look of a run, and whether it is hidden."""
        # Prefixes that are declared at the run are needed in its properties.
        tag = self.markup(at)
        run = tag if "xmlns" in tag else f"<{self._prefix}r>"
        properties = self._properties_of(at)
        known = run if properties is None else run + self.span(properties).of(self.text)
        if known not in self._runs:
            children = [] if properties is None else self._children(properties)
            formatting = "".join(
                self.span(child).of(self.text)
                for child in children
                if self.tokens[child].name not in _NOT_FORMATTING
            )
            is_hidden = any(
                self.tokens[child].name == "w:vanish"
                and attribute(self.markup(child), "val", "on") not in _OFF
                for child in children
            )
            self._runs[known] = self._look(formatting, run), is_hidden
        return self._runs[known]

    def _properties_of(self, at: int) -> int | None:
        """The index of the properties of a run: its first element."""
        for child in range(at + 1, self.match[at]):
            if self.tokens[child].kind in (TokenKind.START, TokenKind.EMPTY):
                is_properties = self.tokens[child].name == "w:rPr" and child in self.match
                return child if is_properties else None
        return None

    def _children(self, at: int) -> list[int]:
        found = []
        child = at + 1
        while child < self.match[at]:
            if self.tokens[child].kind in (TokenKind.START, TokenKind.EMPTY):
                found.append(child)
            child = self.after(child)
        return found

    def _is_hidden(self, at: int) -> bool:
        _, is_hidden = self._read_run(at)
        # The marks of a field that begins in one hidden run and ends in another belong together.
        return is_hidden and not any(
            self.tokens[inside].name == "w:fldChar" for inside in range(at, self.match[at])
        )

    def _content_of(self, at: int) -> int | None:
        """The index of a content control's content."""
        for child in self._children(at):
            if self.tokens[child].name == "w:sdtContent" and child in self.match:
                return child
        return None

    def _shown(self, start: int, end: int) -> str:
        """What a reader sees of some tokens."""
        shown: list[str] = []
        texts = 0
        at = start
        while at < end:
            token = self.tokens[at]
            if token.name in _DROPPED or token.name == "w:rt":
                at = self.after(at)
                continue
            if token.name == "w:t" and token.kind is not TokenKind.EMPTY:
                texts += 1 if token.kind is TokenKind.START else -1
            elif texts and token.kind is TokenKind.TEXT:
                shown.append(spaced(self.markup(at)))
            elif texts and token.kind is TokenKind.ENTITY:
                shown.append(spaced(character(self.markup(at))))
            elif token.name in _BREAKS:
                shown.append(BREAK)
            at += 1
        return "".join(shown)

    # --- fields --------------------------------------------------------------------

    def _find_fields(self) -> None:
        """Find which fields begin and end alike, and how far those reach that do not: a table
        of contents begins in one paragraph and ends in another.
        """
        self._tabs = [at for at, token in enumerate(self.tokens) if token.name == "w:tab"]
        begun: list[tuple[int, int | None, list[str]]] = []
        followed_by_text: set[int] = set()
        for at, kind in self._field_marks():
            if kind == "begin":
                begun.append((at, None, []))
            elif not begun:
                continue
            elif kind == "end":
                self._add_field(*begun.pop(), at)
            elif kind == "text":
                followed_by_text.add(begun[-1][0])
            else:
                begin, _, code = begun[-1]
                if self._home[at] == self._home[begin] and begin not in followed_by_text:
                    self._reach[begin] = at
                if kind == "separate":
                    begun[-1] = (begin, at, code)
                else:
                    code.append(self.text[self.tokens[at].end : self.tokens[self.match[at]].start])

    def _field_marks(self) -> Iterator[tuple[int, str]]:
        """What belongs to fields and stands directly in a run, and what each does; and text."""
        starts: list[int] = []
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            is_mark = token.name == "w:fldChar" or (
                token.name == "w:instrText" and token.kind is TokenKind.START
            )
            if token.kind is TokenKind.END:
                starts.pop()
            elif token.name in _OPAQUE:
                at = self.after(at)
                continue
            elif is_mark and starts and self.tokens[starts[-1]].name == "w:r":
                self._run_of[at] = starts[-1]
                self._home[at] = starts[-2] if len(starts) > 1 else -1
                yield at, attribute(self.markup(at), "fldCharType", "code")
                at = self.after(at)
                continue
            elif token.kind is TokenKind.START:
                starts.append(at)
                if token.name == "w:t":
                    yield at, "text"
            at += 1

    def _add_field(self, begin: int, separate: int | None, code: list[str], end: int) -> None:
        marks = [begin, end] if separate is None else [begin, separate, end]
        if len({self._home[mark] for mark in marks}) == 1:
            is_link = separate is not None and self._leads_elsewhere("".join(code), separate, end)
            self._fields[begin] = _Field(separate, end, is_link)

    def _leads_elsewhere(self, code: str, separate: int, end: int) -> bool:
        """Whether a field is a link with text: LibreOffice makes an entry of a table of contents
        one that should be no more than the number of its page.
        """
        if not _PAGE.match(code):
            return bool(_LINK.match(code))
        return bisect_left(self._tabs, separate) < bisect_left(self._tabs, end)

    def _take_field(self, at: int) -> int:
        """Take a field: a link is a container, any other stands alone with its result."""
        if at in self._link_ends:
            run = self.pop()
            self.pop()
            self.push(run)
            return self.after(at)
        if at not in self._run_of:
            self.add_alone(self.span(at), "", self.level())
            return self.after(at)
        known = self._fields.get(at)
        if known is None:
            return self._take_alone(at, self._reach.get(at, at), "")
        if known.is_link and known.separate is not None:
            return self._enter_link(at, known.separate, known.end)
        first = known.end if known.separate is None else self.after(known.separate)
        return self._take_alone(at, known.end, self._shown(first, known.end))

    def _enter_link(self, at: int, separate: int, end: int) -> int:
        """Take the beginning of a link; its run is that of what separates code and text."""
        last = self.match.get(separate, separate)
        begun_in, left_in = self._run_element(at), self._run_element(separate)
        opening = begun_in.opening + self.part.marked(self.span(at, last)) + left_in.closing
        closing = wrapped(self.part.marked(self.span(end)), (self._run_element(end),))
        self.pop()
        self.enclose(opening, closing)
        self._enter_run(separate)
        self._link_ends.add(end)
        return last + 1

    def _take_alone(self, at: int, to: int, shown: str) -> int:
        """Take what begins in one run and ends in another as one thing."""
        last = self.match.get(to, to)
        span = self.span(at, last)
        run = self.pop()
        emitted = run.opening + self.part.marked(span) + self._run_element(to).closing
        self.add_alone(span, shown, self.level(), emitted)
        self._enter_run(to)
        return last + 1

    def _enter_run(self, at: int) -> None:
        self._begin_run(self._run_of[at])

    def _run_element(self, at: int) -> Element:
        return self._look_of(self._run_of[at]).elements[0]


def _text_element(prefix: str, tag: Span | None = None) -> Element:
    opening = f'<{prefix}t xml:space="preserve">'
    return Element("t", opening, f"</{prefix}t>", tag=tag)


# --- the archive -------------------------------------------------------------------

_TYPES: Final = "[Content_Types].xml"
_PART_TYPES: Final = ("document.main", "footnotes", "endnotes", "header", "footer")
"""Ends of the types of the parts that are read, in this order."""
_PART_TYPE: Final = re.compile(
    r"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml|ms-word)\."
    r"(?P<kind>document(?:\.macroEnabled)?\.main|template\.main|[a-z]+)\+xml"
)
_PROPERTIES: Final = "docProps/core.xml"
_STYLES: Final = "word/styles.xml"
_SETTINGS: Final = "word/settings.xml"


def docx_contents(archive: Archive) -> Contents:
    """What a Word document has to be read.

    Raises:
        DocumentError: where it is none.
    """
    by_kind: dict[str, list[str]] = {}
    if _TYPES in archive.names:
        text = xml_member(archive, _TYPES)
        for token, _ in elements(text, NAMESPACES):
            tag = text[token.start : token.end]
            found = _PART_TYPE.fullmatch(attribute(tag, "ContentType"))
            name = attribute(tag, "PartName").removeprefix("/")
            if found and name in archive.names:
                kind = "document.main" if found["kind"].endswith(".main") else found["kind"]
                by_kind.setdefault(kind, []).append(name)
    if not by_kind.get("document.main"):
        raise DocumentError(
            "is not a Word document",
            where=archive.path,
            way_out="open it in a word processor and save it as .docx",
        )
    parts = [name for kind in _PART_TYPES for name in sorted(by_kind.get(kind, ()))]
    if _PROPERTIES in archive.names:
        parts.append(_PROPERTIES)
    styles = _style_names(archive) if _STYLES in archive.names else {}
    return Contents(tuple(dict.fromkeys(parts)), DocxParagraphs(styles))


def _style_names(archive: Archive) -> dict[str, str]:
    """Names of styles, lower case, by their ids; where a name says nothing to this program,
    that of a style that it is based on, if there is one.
    """
    text = xml_member(archive, _STYLES)
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    current = ""
    for token, _ in elements(text, NAMESPACES):
        tag = text[token.start : token.end]
        if token.name == "w:style":
            current = attribute(tag, "styleId")
        elif token.name == "w:name" and current:
            names.setdefault(current, attribute(tag, "val").lower())
        elif token.name == "w:basedOn" and current:
            parents.setdefault(current, attribute(tag, "val"))
    telling = {style: name for style, name in names.items() if _says_something(name)}
    return inherited(telling, {style: parents.get(style, "") for style in names})


def _says_something(style: str) -> bool:
    return bool(_HEADING.match(style)) or style in _KINDS or style.startswith("list")


def docx_in_language(
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
        tag = text[token.start : token.end]
        if token.name == "w:lang":
            is_default = "w:docDefaults" in ancestors
            if not is_default and not names_language(attribute(tag, "val"), source):
                return None
        elif token.name != "w:themeFontLang":
            return None
        return with_attribute(tag, "val", target.bcp47)

    made = dict(members)
    for member in (_STYLES, _SETTINGS):
        made |= with_changed_tags(archive, made, member, NAMESPACES, changed)
    return made | with_language_named(archive, made, _PROPERTIES, NAMESPACES, target)
