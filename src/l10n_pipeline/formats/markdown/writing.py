"""Translations into Markdown: escaped where, and only where, they would be markup.

Whether a character is markup depends on all that stands around it, so each changed block is
written as plainly as can be, parsed, and written with more escapes until a reader of it sees
what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import punctuation
from typing import Final, NamedTuple

from l10n_pipeline import codes
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.markdown import frontmatter
from l10n_pipeline.formats.markdown.parsing import (
    events_of,
    is_autolink,
    normalised,
    pass_over,
    tag_of,
)
from l10n_pipeline.formats.splicing import line_of, spliced
from l10n_pipeline.model import (
    Block,
    BlockKind,
    CodeKind,
    Document,
    InlineCode,
    Piece,
    Segment,
    Span,
)

_NEWLINE: Final = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_BREAK: Final = re.compile(r"(?:\\|[ \t]*)(?:\r\n|\r|\n)")
_EMPHASIS: Final = {
    "*": "em",
    "_": "em",
    "**": "strong",
    "__": "strong",
    "~": "del",
    "~~": "del",
}

_BEGINNING: Final = frozenset("esd")
_ENDING: Final = frozenset("ESD")
_PAIRED: Final = _BEGINNING | _ENDING
_ROLES: Final = {
    "Emphasis": "e",
    "Strong": "s",
    "Strikethrough": "d",
    "Link": "]",
    "Image": "!",
    "Code": "`",
    "InlineHtml": "<",
    "HardBreak": "\n",
}
"""Signs for what the parser finds, or for its beginning."""
_END_ROLES: Final = {
    "Emphasis": "E",
    "Strong": "S",
    "Strikethrough": "D",
    "Link": ")",
    "Image": ")",
}

_ALWAYS_LINE_START: Final = re.compile(
    r"\A(?::(?=[ \t]|::)|!(?=!![ \t])|\?(?=\?\?)|=(?==*[ \t]*$)|=(?==+[ \t]+\")|\*(?=\[[^\]]*\]:))"
)
"""What is markup to some parsers, or after some other line."""
_LINE_START: Final = re.compile(
    r"\A(?:#(?=#{0,5}(?:[ \t]|$))|>|[-+*](?=[ \t]|$)|=(?==*[ \t]*$)|-(?=-*[ \t]*$)|~(?=~~)"
    r"|`(?=``)|\||:(?=-)|-(?=[-:|]))|(?<=\A\d)[.)](?=[ \t]|$)|(?<=\A\d\d)[.)](?=[ \t]|$)"
    r"|(?<=\A\d\d\d)[.)](?=[ \t]|$)|(?<=\A\d\d\d\d)[.)](?=[ \t]|$)"
)
_MARKUP: Final = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])"
    r"|\[|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~|!$"
    r"|\$(?=\S)|\{(?=[{%:#. ]|[\w\-]+=)"
)
_ATTEMPTS: Final = ((0, 0), (1, 0), (1, 1), (1, 2), (2, 0), (2, 2), (3, 2))
"""Levels of escaping and of care; see :func:`_encoded`."""
_HEADING_END: Final = re.compile(r"#(?=#*[ \t]*$)|\{(?=[^{}]*\}[ \t]*$)")
_FOOTNOTE: Final = re.compile(r"\[(?=\^)")
"""The document may have a footnote of that name."""
_PIPE: Final = re.compile(r"\|")
_BRACKET: Final = re.compile(r"\]|\A\[")
_CAPTION_START: Final = re.compile(r"\A[\[{]")
_IN_TITLE: Final = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)|[\"'()|{}`<>]|&(?=#?\w+;)")
_BINDING: Final = frozenset("`<>")
"""What may be markup with something before the title, even after a backslash."""
_WITH_ATTRIBUTES: Final = re.compile(r"(?P<delimiter>\*\*?|__?|~~?)(?:\{[^{}]*\})?")
_MASKED: Final = re.compile(r"\{[{%#:.]|\{ *[.#\w-]+[ =]|\$.*\$|\[\[", re.DOTALL)
"""How what begins that :mod:`~l10n_pipeline.formats.markdown.dialects` hides."""
_MDX_MARKUP: Final = re.compile(r"[{}<]")
_PUNCTUATION: Final = re.compile(f"[{re.escape(punctuation)}]")
_PREFIX: Final = re.compile(r"\s*(?:\r\n|\r|\n)[ \t>]*")
_TITLE_LINE: Final = re.compile(rf"{_LINE_START.pattern}|\A[*_\-]")
_LINE_BEGUN: Final = re.compile(r"[\r\n][ \t>]*\Z")
_START_OF_TAG: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9\-]*")


@dataclass(slots=True)
class _Part:
    """Something that a changed block is to consist of."""

    real: str
    """As it stands in the document, or is to."""
    probe: str
    """What stands for it when the block is parsed on its own."""
    role: str
    """What the parser is to make of it: see :func:`_roles`; empty for text."""
    shown: str = ""
    """Of text: what a reader sees."""
    is_new: bool = False
    """Whether it is a translation's text, to be escaped."""
    label: str = ""
    """Of a closing bracket of a link by reference: the label, where it was the text."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands, as far as that decides on what is markup."""

    before: str
    """What to parse before its content."""
    after: str
    frame: tuple[str, ...]
    """The blocks that then begin."""
    kind: BlockKind
    is_mdx: bool
    begins_line: bool
    roles: tuple[str, str] = ("", "")
    """What the parser makes of what is before and after it, where that is inline."""
    in_brackets: bool = False


def written(
    document: Document,
    translations: Mapping[Segment, str],
    styles: Mapping[int, frontmatter.Style],
    body: int,
    *,
    is_mdx: bool,
    labels_of: Callable[[], frozenset[str]],
) -> str:
    """The document's text with these segments replaced.

    Args:
        document: as it was read.
        translations: of any of its segments.
        styles: how the values of front matter are written, by where they begin.
        body: where front matter ends.
        is_mdx: whether braces and angle brackets are markup everywhere.
        labels_of: the labels of the document's reference definitions.

    Raises:
        DocumentError: where a translation's codes are not those of its segment, or it
            cannot be written in its place; says in which line.
        ValueError: where a segment is not of this document, or two overlap.
    """
    changed = {
        segment: translation
        for segment, translation in translations.items()
        if translation != segment.source
    }
    nested = _nested(document.blocks)
    for is_nested in (False, True):
        # Refuses whatever is no translation of this document, before any is looked at.
        own = {
            segment: translation
            for segment, translation in translations.items()
            if (segment.block in nested) is is_nested
        }
        spliced(document, own, lambda text, _: text)
    by_block: dict[int, list[Segment]] = {}
    for segment in sorted(changed, key=lambda segment: segment.span):
        by_block.setdefault(segment.block, []).append(segment)
    writer = _Writer(document, labels_of() if changed else frozenset(), is_mdx=is_mdx)
    edits: list[_Edit] = []
    # From the last to the first, so that what lies in codes of a block comes before it.
    for index in sorted(by_block, reverse=True):
        block = document.blocks[index]
        inside: list[_Edit] = []
        while edits and edits[-1].start < block.span.end:
            inside.append(edits.pop())
        parts = _parts(document, block, by_block[index], changed, inside, is_mdx=is_mdx)
        if block.span.start < body:
            edits.append(_value(parts, styles[block.span.start], block.span))
            continue
        made = writer.edit(block, parts)
        if made is None:
            raise DocumentError(
                "a translation cannot be written as Markdown: its codes cannot stand in this "
                "order, or so close to one another",
                where=f"{document.path}:{line_of(document, by_block[index][0].span)}",
                way_out="move the codes, or put spaces between them, in the catalogue",
            )
        edits.append(made)
    return _edited(document.text, Span(0, len(document.text)), edits[::-1])


class _Edit(NamedTuple):
    """What a stretch of the document becomes."""

    start: int
    end: int
    text: str


def _edited(text: str, span: Span, edits: Sequence[_Edit]) -> str:
    """A stretch of the document's text with edits, which are in order; those that lie
    elsewhere have no part in it.
    """
    pieces: list[str] = []
    done = span.start
    for edit in edits:
        if span.start <= edit.start and edit.end <= span.end:
            pieces += (text[done : edit.start], edit.text)
            done = edit.end
    pieces.append(text[done : span.end])
    return "".join(pieces)


def _nested(blocks: Sequence[Block]) -> frozenset[int]:
    """Indices of the blocks that lie in codes of others."""
    nested: list[int] = []
    done = 0
    for index, block in enumerate(blocks):
        if block.span.start < done:
            nested.append(index)
        else:
            done = block.span.end
    return frozenset(nested)


def _value(parts: Sequence[_Part], style: frontmatter.Style, span: Span) -> _Edit:
    value, used = frontmatter.written(
        [(part.shown, None if part.is_new else part.real) for part in parts], style
    )
    if used is style:
        return _Edit(span.start, span.end, value)
    is_quoted = style not in {frontmatter.Style.PLAIN, frontmatter.Style.ITEM}
    return _Edit(span.start - is_quoted, span.end + is_quoted, f'"{value}"')


class _Writer:
    """Changed blocks of a document's body.

    Args:
        document: as it was read.
        labels: of its reference definitions.
        is_mdx: whether braces and angle brackets are markup everywhere.
    """

    def __init__(self, document: Document, labels: frozenset[str], *, is_mdx: bool) -> None:
        self._text = document.text
        self._labels = labels
        self._is_mdx = is_mdx

    def edit(self, block: Block, parts: list[_Part]) -> _Edit | None:
        """What a block becomes; None where it cannot be written."""
        start, end = block.span.start, block.span.end
        if block.kind is BlockKind.TITLE:
            title = _title(parts, self._text[end])
            return None if title is None else _Edit(start, end, title)
        place = _place_of(block, self._text, self._is_mdx)
        content = _content(parts, place, self._labels)
        if content is None:
            return None
        if block.kind is BlockKind.ALT_TEXT and not self._text.startswith("](", end):
            label = " ".join(_PREFIX.sub(" ", block.span.of(self._text)).split())
            is_collapsed = self._text.startswith("][]", end)
            has_label = self._text.startswith("][", end) and not is_collapsed
            if not has_label and normalised(content) != normalised(label):
                # The image is found by what was its text.
                return _Edit(start, end + 2 * is_collapsed, f"{content}][{label}")
        return _Edit(start, end, content)


# --- what a block is to consist of ---------------------------------------------------


def _parts(
    document: Document,
    block: Block,
    segments: Sequence[Segment],
    changed: Mapping[Segment, str],
    edits: Sequence[_Edit],
    *,
    is_mdx: bool,
) -> list[_Part]:
    text = document.text
    whole = block.pieces or (Piece(block.span, block.span.of(text)),)
    labels = _labels(whole, text)

    def old(piece: Piece) -> _Part:
        if piece.code:
            raw = _edited(text, piece.span, edits) if edits else piece.code.raw
            return _of_code(piece.code, raw, labels.get(piece.span.start, ""), is_mdx=is_mdx)
        raw = piece.span.of(text)
        return _Part(raw, "\n" if _NEWLINE.search(raw) else raw, "", piece.text)

    pieces = list(_divided(whole, segments))
    parts: list[_Part] = []
    at = 0
    for segment in segments:
        while at < len(pieces) and pieces[at].span.start < segment.span.start:
            parts.append(old(pieces[at]))
            at += 1
        first = at
        while at < len(pieces) and pieces[at].span.end <= segment.span.end:
            at += 1
        inside = [old(piece) for piece in pieces[first:at] if piece.code]
        parts += _new(changed[segment], segment, inside)
    parts += (old(piece) for piece in pieces[at:])
    return parts


def _labels(pieces: Sequence[Piece], text: str) -> dict[int, str]:
    """Of links by reference whose text is their label: where each one's end begins, and it."""
    labels: dict[int, str] = {}
    begun: list[int] = []
    for piece in pieces:
        if piece.code and piece.code.kind is CodeKind.OPEN:
            begun.append(piece.span.end)
        elif piece.code and piece.code.kind is CodeKind.CLOSE:
            start = begun.pop()
            if piece.code.raw in {"]", "][]"}:
                label = _PREFIX.sub(" ", text[start : piece.span.start])
                labels[piece.span.start] = " ".join(label.split())
    return labels


def _divided(pieces: Sequence[Piece], segments: Sequence[Segment]) -> Iterator[Piece]:
    """The pieces, none of them partly in a segment."""
    cuts = [place for segment in segments for place in (segment.span.start, segment.span.end)]
    at = 0
    for piece in pieces:
        start, end = piece.span.start, piece.span.end
        while at < len(cuts) and cuts[at] < end:
            if cuts[at] > start:
                offset = start - piece.span.start
                yield Piece(Span(start, cuts[at]), piece.text[offset : cuts[at] - piece.span.start])
                start = cuts[at]
            at += 1
        if start == piece.span.start:
            yield piece
        else:
            yield Piece(Span(start, end), piece.text[start - piece.span.start :])


def _new(translation: str, segment: Segment, inside: Sequence[_Part]) -> Iterator[_Part]:
    """What a translation consists of.

    Args:
        translation: with tags.
        segment: what it translates.
        inside: the segment's codes, in its order.
    """
    by_tag = {codes.tag(code): part for code, part in zip(segment.codes, inside, strict=True)}
    coded = codes.read(translation, segment.codes)
    done = 0
    for mark in coded.marks:
        if done < mark.span.start:
            yield _of_text(coded.text[done : mark.span.start])
        yield by_tag[codes.tag(mark.code)]
        done = mark.span.end
    if done < len(coded.text):
        yield _of_text(coded.text[done:])


def _of_text(shown: str) -> _Part:
    return _Part("", "", "", _NEWLINE.sub(" ", shown), is_new=True)


def _of_code(code: InlineCode, raw: str, label: str, *, is_mdx: bool) -> _Part:
    """An inline code, with a short one of its sort to be parsed in its place.

    Args:
        code: as it was read.
        raw: as it is to be written.
        label: of a link by reference that it ends, where that was the link's text.
        is_mdx: whether braces are expressions.
    """
    if emphasis := _WITH_ATTRIBUTES.fullmatch(raw):
        delimiter = emphasis["delimiter"]
        role = _EMPHASIS[delimiter][0]
        return _Part(raw, delimiter, role.upper() if code.kind is CodeKind.CLOSE else role)
    if code.raw == code.shown:
        # A placeholder, an address, or what the parser is not to see.
        is_masked = raw.startswith("{") if is_mdx else _MASKED.match(raw)
        probe = "x" if is_masked else raw
        return _Part(raw, probe, "", probe)
    if raw in {"[", "!["}:
        return _Part(raw, raw, "]" if raw == "[" else "!")
    if raw.startswith("]"):
        return _Part(raw, "](u)", ")", label=label)
    if raw.startswith(("![", "[^")):
        return _Part(raw, "![](u)", "!)")
    if raw.startswith("`"):
        ticks = raw[: len(raw) - len(raw.lstrip("`"))]
        return _Part(raw, f"{ticks}c{ticks}", "`")
    if raw.startswith("["):
        return _Part(raw, "[](u)", "])")
    if raw.startswith("<"):
        tag = _START_OF_TAG.match(raw)
        return _Part(raw, f"{tag[0]}>" if tag else raw, "<")
    if _BREAK.match(raw):
        return _Part(raw, "\\\n", "\n")
    return _Part(raw, raw, "", code.shown)


# --- how it is written ---------------------------------------------------------------


def _place_of(block: Block, text: str, is_mdx: bool) -> _Place:
    start = block.span.start
    line = text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start]
    before, after = "", ""
    roles = ("", "")
    frame: tuple[str, ...] = ("Paragraph",)
    begins_line = True
    match block.kind:
        case BlockKind.HEADING:
            frame = ("Heading",)
            level = int(block.detail.removeprefix("level "))
            if line.rstrip().endswith("#"):
                before, begins_line = f"{'#' * level} ", False
            else:
                after = "\n===" if level == 1 else "\n---"
        case BlockKind.TABLE_CELL:
            before, after, frame = "|", "|\n|-|\n", ("Table", "TableHead", "TableCell")
            begins_line = not line.strip(" \t>")
        case BlockKind.LIST_ITEM:
            before, frame = "- ", ("List", "Item")
        case BlockKind.QUOTATION:
            before, frame = "> ", ("BlockQuote", "Paragraph")
        case BlockKind.ALT_TEXT:
            before, after, roles, begins_line = "![", "](u)", ("!", ")"), False
        case BlockKind.CAPTION:
            begins_line = False
    return _Place(
        before,
        after,
        frame,
        block.kind,
        is_mdx=is_mdx,
        begins_line=begins_line,
        roles=roles,
        in_brackets=text[start - 1 : start] == "[",
    )


def _content(parts: list[_Part], place: _Place, labels: frozenset[str]) -> str | None:
    """A block's content; None where no way of writing it is read as what it is to be."""
    parts = _separated(parts)
    _tidy(parts)
    for candidate in (parts, _with_tags(parts), _with_edges(_with_tags(parts))):
        wanted = _wanted(candidate)
        if not wanted:
            return "".join(part.real for part in candidate)
        wanted = [role for role in (place.roles[0], *wanted, place.roles[1]) if role]
        for level, care in _ATTEMPTS:
            for at, part in enumerate(candidate):
                if part.is_new:
                    part.real = part.probe = _encoded(candidate, at, place, level, care)
            probe = "".join(part.probe for part in candidate)
            if _read(probe, place, labels) == wanted:
                _label(candidate)
                return "".join(part.real for part in candidate)
    return None


def _separated(parts: Sequence[_Part]) -> list[_Part]:
    """The parts with a space between two spans of code, which side by side would be one."""
    made: list[_Part] = []
    for part in parts:
        if part.role == "`" and made and made[-1].role == "`":
            made.append(_of_text(" "))
        made.append(part)
    return made


def _tidy(parts: list[_Part]) -> None:
    """Put white space where Markdown can have it: not at the edges, and not just inside of
    emphasis, which would then be none.
    """
    for at, part in enumerate(parts):
        if not part.is_new:
            continue
        before = parts[at - 1] if at else None
        after = parts[at + 1] if at + 1 < len(parts) else None
        if before is None or before.role == "\n":
            part.shown = part.shown.lstrip(" \t")
        if after is None or after.role == "\n":
            part.shown = part.shown.rstrip(" \t")
        bare = part.shown.strip(" \t")
        if not bare:
            continue
        outer = parts[at - 2] if at > 1 else None
        if before and before.role in _BEGINNING and outer and outer.is_new:
            outer.shown += part.shown[: len(part.shown) - len(part.shown.lstrip(" \t"))]
            part.shown = part.shown.lstrip(" \t")
        outer = parts[at + 2] if at + 2 < len(parts) else None
        if after and after.role in _ENDING and outer and outer.is_new:
            outer.shown = part.shown[len(part.shown.rstrip(" \t")) :] + outer.shown
            part.shown = part.shown.rstrip(" \t")


def _with_tags(parts: Sequence[_Part]) -> list[_Part]:
    """The parts with tags of HTML for emphasis, which say the same between any letters."""
    made: list[_Part] = []
    for part in parts:
        if part.role in _PAIRED:
            delimiter = part.probe
            tag = f"<{'/' if part.role.isupper() else ''}{_EMPHASIS[delimiter]}>"
            made.append(_Part(tag + part.real.removeprefix(delimiter), tag, "<"))
        else:
            made.append(replace(part))
    return made


def _with_edges(parts: Sequence[_Part]) -> list[_Part]:
    """The parts between two spaces that are none to the parser, but vanish when shown: a block
    can then begin with a comment, and end with a line break or braces.
    """
    edge = _numbered(" ")
    return [_Part(edge, edge, "", " "), *parts, _Part(edge, edge, "", " ")]


def _wanted(parts: Sequence[_Part]) -> list[str]:
    """What the parser is to find: see :func:`_found`."""
    found: list[str] = []
    for part in parts:
        if part.role:
            found += part.role
        else:
            _add_text(found, part.shown)
    return _stripped(found)


def _read(content: str, place: _Place, labels: frozenset[str]) -> list[str] | None:
    """What the parser finds in a block's content: text, each after a ``=``, and a sign for
    each code; None where it does not find that one block.
    """
    found: list[str] = []
    frame: list[str] = []
    events = events_of(place.before + content + place.after, labels=labels)
    for name, value, _, _ in events:
        tag = tag_of(value) if name in {"Start", "End"} else ""
        if name in {"Text", "SoftBreak"}:
            _add_text(found, value or " ")
        elif tag == "Link" and name == "Start" and is_autolink(value):
            found.append("<")
            pass_over(events)
        elif tag in _ROLES:
            found.append(_ROLES[tag] if name == "Start" else _END_ROLES[tag])
        elif name == "Start":
            if tag == "BlockQuote" and value != {"BlockQuote": None}:
                return None
            frame.append(tag)
        elif name != "End":
            if name not in _ROLES:
                return None
            found.append(_ROLES[name])
    return _stripped(found) if tuple(frame) == place.frame else None


def _add_text(found: list[str], text: str) -> None:
    if found and found[-1].startswith("="):
        found[-1] += text
    else:
        found.append(f"={text}")


def _stripped(found: list[str]) -> list[str]:
    """What was found, without white space at the ends of lines, and without empty text."""
    last = len(found) - 1
    made: list[str] = []
    for at, one in enumerate(found):
        if not one.startswith("="):
            made.append(one)
            continue
        text = one[1:]
        if at == 0 or found[at - 1] == "\n":
            text = text.lstrip(" \t")
        if at == last or found[at + 1] == "\n":
            text = text.rstrip(" \t")
        if text:
            made.append(f"={text}")
    return made


def _label(parts: Sequence[_Part]) -> None:
    """Give links by reference their labels where their text is not the label any more, or where
    what comes next would be taken for a label or an address.
    """
    begun: list[int] = []
    for at, part in enumerate(parts):
        if part.role in {"]", "!"}:
            begun.append(at)
        elif part.role == ")":
            inside = parts[begun.pop() + 1 : at] if begun else ()
            text = "".join(one.real for one in inside)
            following = parts[at + 1].real[:1] if at + 1 < len(parts) else ""
            is_ambiguous = part.real == "]" and following in {"[", "(", ":"}
            if part.label and (is_ambiguous or normalised(text) != normalised(part.label)):
                part.real = f"][{part.label}]"


def _title(parts: Sequence[_Part], quote: str) -> str | None:
    """A link's title; None where no way of writing it is read as what it is to be.

    Args:
        parts: of it.
        quote: what ends it.
    """
    opening = "(" if quote == ")" else quote
    wanted = "".join(part.shown for part in parts).split()
    written = ""
    for part in parts:
        if not part.is_new:
            written += part.real
            continue
        text = _IN_TITLE.sub(_escaped_in_title, part.shown)
        # In a definition, what begins a line may interrupt it.
        written += _TITLE_LINE.sub(r"\\\g<0>", text) if _LINE_BEGUN.search(written) else text
    flat = _PREFIX.sub(" ", written)
    for name, value, _, _ in events_of(f"[x](u {opening}{flat}{quote})"):
        is_link = name == "Start" and tag_of(value) == "Link"
        if is_link and value["Link"]["title"].split() == wanted:
            return written
    return None


def _escaped_in_title(found: re.Match[str]) -> str:
    return _numbered(found[0]) if found[0] in _BINDING else f"\\{found[0]}"


# --- escapes -------------------------------------------------------------------------


def _encoded(parts: Sequence[_Part], at: int, place: _Place, level: int, care: int) -> str:
    """A translation's text as Markdown.

    Args:
        parts: the block's.
        at: which of them.
        place: the block's.
        level: 0 for what every text needs in this place, 1 for what looks like markup, 2
            for all punctuation, 3 for all of it by its numbers.
        care: 1 where letters outside of emphasis that has a quotation mark or the like at
            its edge are written by their numbers, as emphasis begins and ends beside a
            letter only with a letter; 2 where all characters beside emphasis are.
    """
    text = parts[at].shown
    before = parts[at - 1] if at else None
    after = parts[at + 1] if at + 1 < len(parts) else None
    first = last = ""
    if text and before and _needs_number(before.role in _ENDING, before, parts[:at], care):
        first, text = _numbered(text[0]), text[1:]
    if text and after and _needs_number(after.role in _BEGINNING, after, parts[at + 1 :], care):
        last, text = _numbered(text[-1]), text[:-1]
    if level == 3:
        text = _PUNCTUATION.sub(lambda found: _numbered(found[0]), text)
    elif level == 2:
        text = _PUNCTUATION.sub(r"\\\g<0>", text)
    else:
        escaped = {
            found.start()
            for pattern in _patterns(level, place, before, after)
            for found in pattern.finditer(text)
        }
        if escaped:
            text = "".join("\\" + one if i in escaped else one for i, one in enumerate(text))
    if place.kind is BlockKind.HEADING and place.begins_line:
        # Some parsers take a pipe above a line of hyphens for a table, escaped or not.
        text = re.sub(r"\\?\|", _numbered("|"), text)
    return first + text + last


def _numbered(character: str) -> str:
    return f"&#{ord(character)};"


def _needs_number(is_outside: bool, delimiter: _Part, beyond: Sequence[_Part], care: int) -> bool:
    """Whether the character beside a delimiter of emphasis is written by its number.

    Args:
        is_outside: whether it is not in that emphasis.
        delimiter: the part between it and ``beyond``.
        beyond: that and the parts behind it, or before it.
        care: as of :func:`_encoded`.
    """
    if delimiter.role not in _PAIRED or not care:
        return False
    if care == 2:
        return True
    if not is_outside or len(beyond) < 2:
        return False
    inside = beyond[-2].shown[-1:] if delimiter.role in _ENDING else beyond[1].shown[:1]
    return not inside.isalnum() or delimiter.real.startswith("_")


def _patterns(
    level: int, place: _Place, before: _Part | None, after: _Part | None
) -> Iterator[re.Pattern[str]]:
    """What to put backslashes before."""
    yield _FOOTNOTE
    if place.kind is BlockKind.TABLE_CELL:
        yield _PIPE
    if place.is_mdx:
        yield _MDX_MARKUP
    if place.kind is BlockKind.CAPTION and before is None:
        yield _CAPTION_START
    if place.in_brackets and place.kind is BlockKind.CAPTION:
        yield _BRACKET
    begins_line = place.begins_line if before is None else before.role == "\n"
    after_break = before is not None and before.role == "\n"
    if begins_line:
        yield _ALWAYS_LINE_START
    if begins_line and (level or after_break or place.kind is BlockKind.TABLE_CELL):
        yield _LINE_START
    if not level:
        return
    yield _MARKUP
    if place.kind is BlockKind.HEADING and after is None:
        yield _HEADING_END
