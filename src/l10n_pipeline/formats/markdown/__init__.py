"""Markdown: CommonMark, GitHub's extensions, front matter, MDX.

Text is translated with its emphasis, links, images and raw tags as inline codes. What a
reader does not read stays as it is: code, raw blocks of HTML, reference definitions, link
targets and their titles, comments; of MDX also imports, exports, tags and expressions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.decoding import BOM, decode
from l10n_pipeline.formats.markdown.frontmatter import block_of, end_of_front_matter, fields
from l10n_pipeline.formats.markdown.inlines import pieces_of, within
from l10n_pipeline.formats.markdown.mdx import Masked, masked
from l10n_pipeline.formats.markdown.parsing import events_of, leaves
from l10n_pipeline.formats.markdown.writing import written
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Document, Segment, Span

FRONT_MATTER_KEYS: Final = ("title", "description", "summary", "subtitle")
"""Fields of front matter whose values are translated."""
_MDX: Final = ".mdx"
LONGEST_FRONT_MATTER: Final = 1_000_000
"""Code points; what is longer is no front matter."""
_NO_LINE_END: Final = re.compile(r"[^\r\n]")
_WORD: Final = re.compile(r"[^\W_]")


class Markdown:
    """Markdown files in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.

    Args:
        keys: fields of front matter whose values are translated.
    """

    name: str = "markdown"
    suffixes: tuple[str, ...] = (".md", ".markdown", _MDX)

    def __init__(self, keys: Collection[str] = FRONT_MATTER_KEYS) -> None:
        self._keys = frozenset(keys)

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks that tile the text.

        Raises:
            DocumentError: where the bytes are no text in one of these encodings.
        """
        text, encoding = decode(data, path)
        try:
            blocks = tuple(_tile(text, self._translatable(text, _is_mdx(path))))
        except DocumentError as error:
            raise DocumentError(error.what, where=path) from error
        return Document(
            path=path,
            name=name,
            format=self.name,
            locale=locale,
            encoding=encoding,
            text=text,
            blocks=blocks,
        )

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,  # noqa: ARG002 - Markdown says nowhere in what language it is
    ) -> bytes:
        """The document with these segments replaced and every other byte as it was.

        What would be markup in a translation is escaped, and each changed block is parsed
        to see that it says what was asked for. A link by reference whose label was its text
        gets the label beside its translated text.

        Raises:
            DocumentError: where a translation's codes are not those of its segment, or it
                cannot be written in its place; says in which line.
            ValueError: where a segment is not of this document, or two overlap.
        """
        text = document.text
        body = _start_of_body(text)
        values = {
            field.span.start: field.style
            for field in fields(text, _start_of_text(text), body, self._keys)
        }
        made = written(document, translations, values, body, is_mdx=_is_mdx(document.path))
        return made.encode(document.encoding)

    def _translatable(self, text: str, is_mdx: bool) -> Iterator[Block]:
        body = _start_of_body(text)
        for field in fields(text, _start_of_text(text), body, self._keys):
            if block := block_of(field, text):
                yield block
        seen = masked(text[body:]) if is_mdx else Masked(text[body:])
        hidden = [span.shifted(body) for span in seen.hidden]
        yield from _blocks(text, _NO_LINE_END.sub("\n", text[:body]) + seen.text, hidden)


def _blocks(text: str, seen: str, hidden: Sequence[Span]) -> Iterator[Block]:
    for leaf in leaves(events_of(seen)):
        start, end = leaf.events[0][2], leaf.events[-1][3]
        # The parser leaves out the backslash before a block's first character.
        if start and text[start - 1] == "\\" and leaf.events[0][0] == "Text":
            start -= 1
        inside = within(hidden, start, end) if hidden else ()
        pieces = pieces_of(text, seen, start, leaf.events, inside)
        shown = (
            "".join(piece.text for piece in pieces if not piece.code) if pieces else text[start:end]
        )
        if _WORD.search(shown):
            yield Block(
                leaf.kind, Span(start, end), translatable=True, pieces=pieces, detail=leaf.detail
            )


def _tile(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    done = 0
    for block in blocks:
        if done < block.span.start:
            yield Block(BlockKind.SEPARATOR, Span(done, block.span.start), translatable=False)
        yield block
        done = block.span.end
    if done < len(text):
        yield Block(BlockKind.SEPARATOR, Span(done, len(text)), translatable=False)


def _start_of_text(text: str) -> int:
    return 1 if text.startswith(BOM) else 0


def _start_of_body(text: str) -> int:
    start = _start_of_text(text)
    return start + end_of_front_matter(text[start : start + LONGEST_FRONT_MATTER])


def _is_mdx(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() == _MDX
