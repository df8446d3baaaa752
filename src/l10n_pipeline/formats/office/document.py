"""Documents that are archives of XML files: Word's and OpenDocument's."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Protocol

from msgspec import structs

from l10n_pipeline import codes
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.office.archive import Archive
from l10n_pipeline.formats.office.layout import Edit, Paragraph, Part, lay_out
from l10n_pipeline.formats.office.markup import decode_xml, unwritable
from l10n_pipeline.formats.office.runs import TAB, Line, Look, Runs
from l10n_pipeline.formats.pieces import numbered
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, BlockKind, Document, Piece, Segment, Span

_LONGEST_START: Final = 40


Encoder = Callable[[str, bool], str]
"""Makes text XML; told whether a space stands before it."""


class Paragraphs(Protocol):
    """How one kind of document writes its paragraphs."""

    usual: Mapping[str, str]
    """Namespaces and their usual prefixes."""
    names: frozenset[str]
    """Of the elements that are paragraphs."""
    skipped: frozenset[str]
    """Of the elements in which nothing is read."""
    cells: frozenset[str]
    """Of the elements that are cells of a table's row."""

    def describe(self, part: Part, paragraph: Paragraph) -> tuple[BlockKind, str]:
        """What a paragraph is to a reader, and the detail."""
        ...

    def line(self, part: Part, paragraph: Paragraph) -> Line:
        """What stands in a paragraph."""
        ...

    def dominant(self, looks: Sequence[tuple[Look, int]]) -> Look:
        """Of the looks of a paragraph's text and how much there is of each, at least one, the
        one that needs no code.
        """
        ...

    def encoder(self, part: Part, paragraph: Paragraph) -> Encoder:
        """What makes text of a paragraph XML."""
        ...


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive has to be read."""

    parts: tuple[str, ...]
    """Names of the members that hold text, in the order to read them in."""
    paragraphs: Paragraphs


def read_archive(
    archive: Archive, contents: Contents, *, name: str, document_format: str, locale: Locale
) -> Document:
    """The document in an archive.

    Raises:
        DocumentError: where a member cannot be read.
    """
    texts: list[str] = []
    blocks: list[Block] = []
    parts: list[tuple[str, Span]] = []
    start = 0
    for member in contents.parts:
        part = laid_out(archive, member, contents.paragraphs)
        blocks += _tiled(_blocks(part, contents.paragraphs), start, len(part.text))
        texts.append(part.text)
        parts.append((member, Span(start, start + len(part.text))))
        start += len(part.text)
    return Document(
        path=archive.path,
        name=name,
        format=document_format,
        locale=locale,
        encoding="utf-8",
        text="".join(texts),
        blocks=tuple(blocks),
        parts=tuple(parts),
        archive=archive.data,
    )


def translated_members(
    document: Document,
    archive: Archive,
    contents: Contents,
    translations: Mapping[Segment, str],
) -> dict[str, bytes]:
    """The members of an archive that change, translated.

    Raises:
        DocumentError: where a translation cannot stand in the document.
        ValueError: where a segment is not of this document, or two overlap.
    """
    changed: dict[int, list[Segment]] = {}
    starts = [span.start for _, span in document.parts]
    done = 0
    for segment in sorted(translations, key=lambda segment: segment.span):
        _check(document, segment, done)
        done = segment.span.end
        if translations[segment] != segment.source:
            _refuse_broken(document, segment, translations[segment])
            index = bisect_right(starts, segment.span.start) - 1
            changed.setdefault(index, []).append(segment)
    members = {}
    for index, segments in changed.items():
        member, span = document.parts[index]
        part = laid_out(archive, member, contents.paragraphs)
        local = {
            replace(segment, span=segment.span.shifted(-span.start)): translations[segment]
            for segment in segments
        }
        edits = _edits(part, contents.paragraphs, local)
        members[member] = part.assembled(edits).encode()
    return members


def xml_member(archive: Archive, member: str) -> str:
    """The text of a member that is XML.

    Raises:
        DocumentError: where it is damaged, or not XML as word processors write it.
    """
    return archive.text(member, decode_xml)


def laid_out(archive: Archive, member: str, paragraphs: Paragraphs) -> Part:
    """A member with its paragraphs found.

    Raises:
        DocumentError: where it is damaged, or not XML as word processors write it, or has more
            paragraphs than they do.
    """
    text = xml_member(archive, member)
    return lay_out(
        f"{archive.path}: {member}",
        text,
        paragraphs.usual,
        paragraphs.names,
        paragraphs.skipped,
        paragraphs.cells,
    )


def _blocks(part: Part, paragraphs: Paragraphs) -> Iterator[Block]:
    """The paragraphs with something to translate."""
    for paragraph in part.paragraphs:
        pieces = Runs(paragraphs.line(part, paragraph), part.text, paragraphs.dominant).pieces
        if not any(piece.code is None and any(map(str.isalnum, piece.text)) for piece in pieces):
            continue
        kind, detail = paragraphs.describe(part, paragraph)
        for between in _between_tabs(pieces):
            span = Span(between[0].span.start, between[-1].span.end)
            yield Block(kind, span, translatable=True, pieces=between, detail=detail)


def _between_tabs(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """What is between the tabs of a paragraph: the columns of a list, an entry of a table of
    contents and, of no interest to a translator, the number of its page.
    """
    if not any(piece.text == TAB for piece in pieces):
        yield tuple(pieces)
        return
    for is_tab, group in groupby(pieces, lambda one: one.code is not None and one.text == TAB):
        between = numbered(group)
        text = "".join(piece.text for piece in between if piece.code is None).strip()
        is_whole = len(between) == len(pieces)
        if not is_tab and (is_whole or (any(map(str.isalnum, text)) and not text.isdecimal())):
            yield between


def _tiled(blocks: Iterable[Block], start: int, length: int) -> Iterator[Block]:
    """The blocks of a part that begins at ``start``, with separators between them."""
    done = start
    for block in blocks:
        if start:
            pieces = tuple(
                Piece(piece.span.shifted(start), piece.text, piece.code) for piece in block.pieces
            )
            block = structs.replace(block, span=block.span.shifted(start), pieces=pieces)  # noqa: PLW2901 (the same one, in its place)
        if done < block.span.start:
            yield Block(BlockKind.SEPARATOR, Span(done, block.span.start), translatable=False)
        yield block
        done = block.span.end
    if done < start + length:
        yield Block(BlockKind.SEPARATOR, Span(done, start + length), translatable=False)


def _edits(part: Part, paragraphs: Paragraphs, translations: Mapping[Segment, str]) -> list[Edit]:
    starts = [paragraph.span.start for paragraph in part.paragraphs]
    edits: list[Edit] = []
    tags: dict[Span, str] = {}
    by_paragraph: dict[int, list[Segment]] = {}
    for segment in translations:
        index = bisect_right(starts, segment.span.start) - 1
        by_paragraph.setdefault(index, []).append(segment)
    for index, segments in by_paragraph.items():
        paragraph = part.paragraphs[index]
        runs = Runs(paragraphs.line(part, paragraph), part.text, paragraphs.dominant)
        encode = paragraphs.encoder(part, paragraph)
        for segment in segments:
            span, written, spaced = runs.written(segment, translations[segment], encode)
            edits.append(Edit(span, written))
            if spaced is not None and spaced.tag is not None:
                tags[spaced.tag] = spaced.opening
    # A start tag inside what another translation replaces has been written anew there.
    edits.sort(key=lambda edit: edit.span)
    ends = [edit.span.end for edit in edits]
    behind = {tag: bisect_right(ends, tag.start) for tag in tags}
    return edits + [
        Edit(tag, tags[tag])
        for tag, after in behind.items()
        if after == len(edits) or not edits[after].span.contains(tag)
    ]


def _check(document: Document, segment: Segment, done: int) -> None:
    if (
        segment.span.start < done
        or segment.block >= len(document.blocks)
        or not document.blocks[segment.block].pieces
        or not document.blocks[segment.block].span.contains(segment.span)
    ):
        raise ValueError(f"not a segment of {document.path}: {segment}")


def _refuse_broken(document: Document, segment: Segment, translation: str) -> None:
    start = segment.source
    if len(start) > _LONGEST_START:
        start = f"{start[:_LONGEST_START]}…"
    what = ""
    if faults := codes.faults(translation, segment.codes):
        what = f"the codes of the translation of “{start}” are broken: {', '.join(faults)}"
    elif character := unwritable(translation):
        what = (
            f"the translation of “{start}” cannot be written: XML has no way to hold its "
            f"character U+{ord(character):04X}"
        )
    if what:
        raise DocumentError(
            what, where=document.path, way_out="correct this entry in the catalogue"
        )
