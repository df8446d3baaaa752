"""Markdown: CommonMark, GitHub's extensions, front matter, MDX, and what sites add to it.

Text is translated with its emphasis, links, images and raw tags as inline codes. Images'
texts and titles, and the titles of links and of reference definitions, are blocks of their own
that lie in those codes. What a reader does not read stays as it is: code, raw blocks of HTML,
link targets, comments, templates, formulas; of MDX also imports, exports, tags and expressions.
See :mod:`~l10n_pipeline.formats.markdown.dialects` for what is known besides GitHub's Markdown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Final

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.decoding import BOM, decode
from l10n_pipeline.formats.markdown import dialects, mdx
from l10n_pipeline.formats.markdown.fields import fields
from l10n_pipeline.formats.markdown.frontmatter import block_of, end_of_front_matter, is_key
from l10n_pipeline.formats.markdown.inlines import Reading, title_block
from l10n_pipeline.formats.markdown.masking import Divider, Masked
from l10n_pipeline.formats.markdown.parsing import (
    Leaf,
    divided,
    labels_of,
    leaves,
    titled_definitions,
)
from l10n_pipeline.formats.markdown.references import links_of
from l10n_pipeline.formats.markdown.writing import written
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Document, Segment, Span

FRONT_MATTER_KEYS: Final = ("title", "description", "summary", "subtitle")
"""Fields of front matter whose values are translated."""
_MDX: Final = ".mdx"
LONGEST_FRONT_MATTER: Final = 1_000_000
"""Code points; what is longer is no front matter."""
_NO_LINE_END: Final = re.compile(r"[^\r\n]")


class Markdown:
    """Markdown files in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.

    Args:
        front_matter: the fields of front matter whose values are translated, of a list each
            of its texts. A field in another one is named with dots between (``hero.tagline``),
            also where that is a list (``features.title``).

    Raises:
        ValueError: where one of them can be no name of a field.
    """

    name: str = "markdown"
    suffixes: tuple[str, ...] = (".md", ".markdown", _MDX)
    edition_suffix: str = ""

    def __init__(self, *, front_matter: tuple[str, ...] = FRONT_MATTER_KEYS) -> None:
        for key in front_matter:
            if not is_key(key):
                raise ValueError(f"{key!r} is no name of a field of front matter")
        self._keys = frozenset(front_matter)

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
        is_mdx = _is_mdx(document.path)

        def labels() -> frozenset[str]:
            return labels_of(_seen(text[body:], is_mdx=is_mdx).text)

        made = written(document, translations, values, body, is_mdx=is_mdx, labels_of=labels)
        return made.encode(document.encoding)

    def references(self, document: Document) -> tuple[str, ...]:
        """The addresses of its links and images, in HTML too; not those in front matter, and of
        MDX neither those that are imported nor those of tags on lines of their own.
        """
        text = document.text
        return links_of(_seen(text[_start_of_body(text) :], is_mdx=_is_mdx(document.path)).text)

    def _translatable(self, text: str, is_mdx: bool) -> Iterator[Block]:
        body = _start_of_body(text)
        for field in fields(text, _start_of_text(text), body, self._keys):
            if block := block_of(field, text):
                yield block
        seen = _seen(text[body:], is_mdx=is_mdx)
        if body:
            seen = seen.after(_NO_LINE_END.sub("\n", text[:body]))
        blocks = _blocks(text, seen)
        titles = list(_titles(text, seen.text)) if "]:" in text else []
        yield from sorted([*blocks, *titles], key=attrgetter("span")) if titles else blocks


def _seen(body: str, *, is_mdx: bool) -> Masked:
    """A document without front matter as the parser is to see it."""
    seen = dialects.masked(body, is_mdx=is_mdx)
    return mdx.masked(seen) if is_mdx else seen


def _blocks(text: str, seen: Masked) -> list[Block]:
    """The blocks of a text's body, in order; what lies in codes of a block comes after it."""
    reading = Reading(text, seen.text, seen.hidden)
    blocks: list[Block] = []
    for leaf in leaves(seen.text, seen.transparent):
        inside = _within(seen.dividers, leaf) if seen.dividers else ()
        for part in divided(leaf, inside) if inside else (leaf,):
            blocks += reading.blocks_of(part)
    return blocks


def _within(dividers: Sequence[Divider], leaf: Leaf) -> Sequence[Divider]:
    first = bisect_left(dividers, leaf.events[0][2], key=lambda divider: divider.span.end)
    last = bisect_left(dividers, leaf.events[-1][3], key=lambda divider: divider.span.start)
    return dividers[first:last]


def _titles(text: str, seen: str) -> Iterator[Block]:
    """The titles of reference definitions."""
    for span, title in titled_definitions(seen):
        start = text.find("]:", span.start, span.end)
        if start >= 0 and (block := title_block(text, Span(start, span.end), title)):
            yield block


def _tile(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    done = 0
    for block in blocks:
        if done < block.span.start:
            yield Block(BlockKind.SEPARATOR, Span(done, block.span.start), translatable=False)
        yield block
        done = max(done, block.span.end)
    if done < len(text):
        yield Block(BlockKind.SEPARATOR, Span(done, len(text)), translatable=False)


def _start_of_text(text: str) -> int:
    return 1 if text.startswith(BOM) else 0


def _start_of_body(text: str) -> int:
    start = _start_of_text(text)
    return start + end_of_front_matter(text[start : start + LONGEST_FRONT_MATTER])


def _is_mdx(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() == _MDX
