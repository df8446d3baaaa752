"""HTML and XHTML: text between tags with its inline markup, and what attributes say.

How blocks are found
    * The tags of block elements divide a page; what stands between two of them is a block, if
      there is a letter or a digit in it. Two ``<br>`` in a row divide as well, and so do the
      lines and arrows of a menu (``<a>…</a> | <a>…</a>``).
    * Inline elements are pairs of codes, empty ones (``<br>``, ``<img>``) codes that stand
      alone, and so is what reads on but is not translated: ``<code>``, ``<kbd>``, ``<samp>``,
      ``<var>``, ``translate="no"``, ``class="notranslate"``, an element in another language,
      a link to the page in another one (``rel="alternate" hreflang``).
    * ``<pre>``, scripts, style sheets, SVG, MathML, comments and the content of ``<textarea>``
      are never translated; ``translate="yes"`` overrules it for elements.
    * What PHP, ERB, Jinja and their like put in is a code, and is passed over in tags.
    * ``<title>``, ``alt``, ``title``, ``placeholder``, ``label``, ``aria-label`` and their
      like, captions of buttons and descriptions in ``<meta>`` are blocks of their own. The
      block of an attribute of an inline element lies in that element's code; it comes after
      the block that it lies in.

Markup is read as the WHATWG standard has it, so that any input is a page. What a browser
would not show as text, because a quotation mark or a comment is never closed, is left alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from msgspec import structs

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.html.encoding import decoded
from l10n_pipeline.formats.html.language import restated
from l10n_pipeline.formats.html.links import links_of
from l10n_pipeline.formats.html.references import escaped
from l10n_pipeline.formats.html.structure import blocks, is_xml
from l10n_pipeline.formats.splicing import Encode, line_of, spliced
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Document, Piece, Segment, Span

_Spanning = TypeVar("_Spanning", Segment, Piece)


class Html:
    """HTML files in the encoding that they declare, or in UTF-8."""

    name: str = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")
    edition_suffix: str = ""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks.

        They tile the text, save that the block of an attribute may lie inside an inline code
        of the block before it.

        Raises:
            DocumentError: where the bytes are no text in the encoding of the page.
        """
        text, encoding = decoded(data, path)
        return Document(
            path=path,
            name=name,
            format=self.name,
            locale=locale,
            encoding=encoding,
            text=text,
            blocks=tuple(blocks(text, locale=locale, xml=is_xml(path, text))),
        )

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
    ) -> bytes:
        """The document with these segments replaced and every other byte as it was, save for
        the language and the direction that the page states of itself, where a target is given.

        What the document's encoding lacks is written as numeric character references.

        Raises:
            DocumentError: where a translation's codes are not those of its segment, or it
                holds a lone surrogate.
            ValueError: where a segment is not of this document, or two overlap.
        """
        text = spliced(document, _unnested(document, translations), _encoder(document))
        if target is not None:
            xml = is_xml(document.path, document.text)
            text = restated(text, document.locale, target, xml=xml)
        return text.encode(document.encoding, "xmlcharrefreplace")

    def references(self, document: Document) -> tuple[str, ...]:
        """The addresses of links, media, scripts and style sheets, and in styles."""
        return links_of(document.text)


def _encoder(document: Document) -> Encode:
    def encode(text: str, block: Block) -> str:
        quote = ""
        if _is_attribute(block):
            before = document.text[block.span.start - 1]
            quote = before if before in "\"'" else " "
        return escaped(text, block.span.of(document.text), quote)

    return encode


def _is_attribute(block: Block) -> bool:
    return bool(block.detail) and block.kind is not BlockKind.HEADING


# --- attributes in inline codes ---------------------------------------------------------


def _unnested(document: Document, translations: Mapping[Segment, str]) -> Mapping[Segment, str]:
    """The translations without those that lie in codes of others.

    Where the outer segment is translated, its code says the translation of the inner one;
    where it stays as it is, the inner one is replaced in it.
    """
    nested = _nested(document, translations)
    if not nested:
        return translations
    made = dict(translations)
    for segment, translation in translations.items():
        inside = _within(nested.get(segment.block, ()), segment.span)
        if not inside:
            continue
        del made[segment]
        if translation != segment.source:
            for other in inside:
                del made[other]
            made[_with_attributes(document, segment, inside, translations)] = translation
    return made


def _nested(
    document: Document, translations: Mapping[Segment, str]
) -> dict[int, Sequence[Segment]]:
    """Segments that lie in codes of a block, by its index, in order."""
    outer_of: dict[int, int] = {}
    outer = done = 0
    for index, block in enumerate(document.blocks):
        if block.span.start < done:
            outer_of[index] = outer
        else:
            outer, done = index, block.span.end
    nested: dict[int, list[Segment]] = defaultdict(list)
    if outer_of:
        for segment in sorted(translations, key=_start):
            if segment.block in outer_of:
                nested[outer_of[segment.block]].append(segment)
    return dict(nested)


def _start(spanning: Segment | Piece) -> int:
    return spanning.span.start


def _within(ordered: Sequence[_Spanning], span: Span) -> Sequence[_Spanning]:
    """Those that begin within a stretch."""
    first = bisect_left(ordered, span.start, key=_start)
    return ordered[first : bisect_left(ordered, span.end, key=_start)]


def _with_attributes(
    document: Document,
    segment: Segment,
    inside: Sequence[Segment],
    translations: Mapping[Segment, str],
) -> Segment:
    """The segment with the attributes in its codes translated."""
    pieces = _within(document.blocks[segment.block].pieces, segment.span)
    coded = [piece for piece in pieces if piece.code is not None]
    codes = [
        structs.replace(code, raw=_translated_raw(document, piece.span, found, translations))
        if (found := _within(inside, piece.span))
        else code
        for piece, code in zip(coded, segment.codes, strict=True)
    ]
    return replace(segment, codes=tuple(codes))


def _translated_raw(
    document: Document,
    span: Span,
    inside: Sequence[Segment],
    translations: Mapping[Segment, str],
) -> str:
    part = replace(
        document,
        text=span.of(document.text),
        blocks=tuple(
            structs.replace(block, span=block.span.shifted(-span.start))
            for block in (document.blocks[segment.block] for segment in inside)
        ),
    )
    replaced = {
        replace(segment, block=index, span=segment.span.shifted(-span.start)): translations[segment]
        for index, segment in enumerate(inside)
    }
    try:
        return spliced(part, replaced, _encoder(part))
    except DocumentError as error:
        where = f"{document.path}:{line_of(document, span)}"
        raise DocumentError(error.what, where=where, way_out=error.way_out) from error
