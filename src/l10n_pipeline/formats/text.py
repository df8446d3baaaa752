"""Plain text: paragraphs and list items between blank lines.

How blocks are found
    * A line of white space alone, a form feed and U+2029 end a paragraph.
    * A paragraph with a line longer than :data:`LONGEST_WRAPPED_LINE` code points is
      evidently not hard-wrapped: each of its lines is a block.
    * Any other paragraph is taken to be hard-wrapped and is one block, save that a line
      ends its block where it is clearly short: less than :data:`SHORT_LINE` of the
      paragraph's longest line although the next line's first word would have fitted.
      That is how a title stands directly above a body.
    * A list marker at the start of a line begins a new block; the marker stays outside.
    * A rule (``-----``, ``* * *``) stands alone, and a block without a letter or a digit
      has nothing to translate.

Line ends are LF, CRLF and CR. The other line breaking characters of Unicode (U+2028,
vertical tab, U+0085) are white space within a line, as a break that a writer put into a
paragraph does not end it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.formats.decoding import BOM, NEWLINE, decode
from l10n_pipeline.formats.splicing import line_ends_of, spliced
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Document, Segment, Span

LONGEST_WRAPPED_LINE: Final = 120
"""Code points; nobody hard-wraps text at more."""
SHORT_LINE: Final = 0.6
"""Share of the paragraph's longest line below which a line may end its block."""

_LINE_END: Final = re.compile(r"\r\n|[\n\r\f\u2029]")
_RULE: Final = re.compile(r"([^\w\s])(?:\s*\1){2,}")
_MARKER: Final = re.compile(r"(?:(?P<bullet>[-–*•‣◦▪●])|(?P<number>\d{1,3})(?P<delimiter>[.)]))\s+")
_DASHES: Final = "-–"
_COMPLETE: Final = re.compile(r"[.:;!?…。：；！？][\"'”’»)]?$")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line without the white space around it."""

    span: Span
    text: str
    ends_paragraph: bool
    """Whether a form feed or a paragraph separator follows."""


class PlainText:
    """Text files in UTF-8, or in UTF-16 or UTF-32 with a byte order mark."""

    name: str = "text"
    suffixes: tuple[str, ...] = (".txt", ".text")
    edition_suffix: str = ""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks that tile the text.

        A byte order mark stays in the text, in a separator.

        Raises:
            DocumentError: where the bytes are no text in one of these encodings; says
                at which byte, line and column.
        """
        text, encoding = decode(data, path)
        return Document(
            path=path,
            name=name,
            format=self.name,
            locale=locale,
            encoding=encoding,
            text=text,
            blocks=tuple(_tile(text)),
        )

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,  # noqa: ARG002 - plain text says nowhere in what language it is
    ) -> bytes:
        """The document with these segments replaced and every other byte as it was.

        Line breaks in a translation become the kind that the document uses.

        Raises:
            DocumentError: where a translation holds a lone surrogate, which no encoding
                can write.
            ValueError: where a segment is not of this document, or two overlap.
        """
        line_end = line_ends_of(document.text)

        def encode(text: str, _: Block) -> str:
            return NEWLINE.sub(line_end, text) if line_end else text

        return spliced(document, translations, encode).encode(document.encoding)

    def first_drift(self, source: Document, built: Document) -> int | None:  # noqa: ARG002 - the protocol's
        """None: where plain text is divided is a guess that depends on the text."""
        return None


# --- dividing into blocks ----------------------------------------------------------


def _tile(text: str) -> Iterator[Block]:
    done = 0
    for block in _translatable(text):
        if done < block.span.start:
            yield Block(BlockKind.SEPARATOR, Span(done, block.span.start), translatable=False)
        yield block
        done = block.span.end
    if done < len(text):
        yield Block(BlockKind.SEPARATOR, Span(done, len(text)), translatable=False)


def _translatable(text: str) -> Iterator[Block]:
    paragraphs = list(_paragraphs(text))
    numbers = _numbers_in_sequence(line for paragraph in paragraphs for line in paragraph)
    for paragraph in paragraphs:
        for kind, lines in _blocks(paragraph, numbers):
            start, end = lines[0].span.start, lines[-1].span.end
            if kind is BlockKind.LIST_ITEM and (marker := _MARKER.match(lines[0].text)):
                start += marker.end()
            if any(map(str.isalnum, text[start:end])):
                yield Block(kind, Span(start, end), translatable=True)


def _lines(text: str) -> Iterator[_Line]:
    start = 1 if text.startswith(BOM) else 0
    while start < len(text):
        line_end = _LINE_END.search(text, start)
        end = line_end.start() if line_end else len(text)
        stripped = text[start:end].strip()
        first = text.index(stripped, start) if stripped else start
        yield _Line(
            Span(first, first + len(stripped)),
            stripped,
            ends_paragraph=line_end is not None and line_end[0] in "\f\u2029",
        )
        start = line_end.end() if line_end else len(text)


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """Runs of lines with text in them, none of them a rule."""
    paragraph: list[_Line] = []
    for line in _lines(text):
        inside = bool(line.text) and not _RULE.fullmatch(line.text)
        if inside:
            paragraph.append(line)
        if paragraph and (line.ends_paragraph or not inside):
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _numbers_in_sequence(lines: Iterator[_Line]) -> frozenset[tuple[int, str]]:
    """Numbers with their delimiter that may mark list items.

    A line may begin with a number by accident ("on / 5. May"), or a title may ("1. FC
    Köln"). A list counts: its numbers have a neighbour.
    """
    seen = {
        (int(marker["number"]), marker["delimiter"])
        for line in lines
        if (marker := _MARKER.match(line.text)) and marker["number"]
    }
    return frozenset(
        (number, delimiter)
        for number, delimiter in seen
        if {(number - 1, delimiter), (number + 1, delimiter)} & seen
    )


def _blocks(
    paragraph: Sequence[_Line], numbers: frozenset[tuple[int, str]]
) -> Iterator[tuple[BlockKind, list[_Line]]]:
    width = max(len(line.text) for line in paragraph)
    wrapped = width <= LONGEST_WRAPPED_LINE
    items = _item_starts(paragraph, numbers)
    start = 0
    for index in range(1, len(paragraph) + 1):
        if (
            index == len(paragraph)
            or index in items
            or not wrapped
            or _ends_short(paragraph[index - 1], paragraph[index], width)
        ):
            kind = BlockKind.LIST_ITEM if start in items else BlockKind.PARAGRAPH
            yield kind, list(paragraph[start:index])
            start = index


def _item_starts(paragraph: Sequence[_Line], numbers: frozenset[tuple[int, str]]) -> frozenset[int]:
    """Indices of the paragraph's lines that begin a list item.

    A dash in running text may come to stand at the start of a line, so that one within
    a paragraph counts only where a list is evident: the line before it is complete, the
    next line begins with the same dash, or it has marked an item of this paragraph before.
    """
    markers = [_MARKER.match(line.text) for line in paragraph]
    starts: set[int] = set()
    dashes: set[str] = set()
    for index, marker in enumerate(markers):
        if marker is None:
            continue
        bullet = marker["bullet"]
        if bullet is None:
            begins = (int(marker["number"]), marker["delimiter"]) in numbers
        elif bullet not in _DASHES or index == 0 or bullet in dashes:
            begins = True
        else:
            following = markers[index + 1] if index + 1 < len(markers) else None
            begins = bool(_COMPLETE.search(paragraph[index - 1].text)) or (
                following is not None and following["bullet"] == bullet
            )
        if begins:
            starts.add(index)
            if bullet:
                dashes.add(bullet)
    return frozenset(starts)


def _ends_short(line: _Line, following: _Line, width: int) -> bool:
    """Whether whoever wrapped the paragraph would have put more on this line."""
    length = len(line.text)
    fits = length + 1 + _first_word_length(following.text) <= width
    return fits and length < SHORT_LINE * width


def _first_word_length(text: str) -> int:
    # Between wide characters a line may be broken anywhere.
    if unicodedata.east_asian_width(text[0]) in "WF":
        return 1
    return len(text.split(maxsplit=1)[0])
