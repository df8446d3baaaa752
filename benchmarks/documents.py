"""Documents of folders as the program reads them, and translations of them without a model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.errors import BenchmarkError
from l10n_pipeline.codes import TAG
from l10n_pipeline.formats import Formats
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Segment
from l10n_pipeline.protocols import DocumentFormat
from l10n_pipeline.segment import SentenceSegmenter, segment_document

Translate = Callable[[str], str]
"""A segment's source, with tags, to a translation with the same tags."""

MARKS: Final = (
    "1.", "#", "-", ">", "*", "+", "=", "---", "|", "~~~", "```", "`", "<b", "<div>", "&amp;",
    "\\", "![", "[a]:", "[^1]", "2)", "_ * [ ] #", "-->", "{b}", "&", "\u2014", "?", "]", ")", "$$",
)  # fmt: skip
"""What a translator may write at the start of a sentence although it is markup somewhere."""

_ACCENTED: Final = str.maketrans(
    {
        **dict(zip("cgnsyzCGNSYZ", "çĝñšýžÇĜÑŠÝŽ", strict=True)),
        **{letter: f"{accented}{letter.lower()}" for letter, accented in
           zip("aeiouAEIOU", "áêíôúÁÊÍÔÚ", strict=True)},
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document and its segments, as the program has them."""

    format: DocumentFormat
    document: Document
    segments: tuple[Segment, ...]

    def built(self, translate: Translate) -> bytes:
        """The document with every segment translated."""
        translations = {segment: translate(segment.source) for segment in self.segments}
        return self.format.build(self.document, translations)


class Reader:
    """Reads and segments documents in English as ``l10n translate`` does, without a glossary."""

    def __init__(self) -> None:
        self.formats = Formats()
        self._locale = Locale("en")

    @cached_property
    def _segmenter(self) -> SentenceSegmenter:
        return SentenceSegmenter(self._locale)

    def document(self, data: bytes, path: str) -> tuple[DocumentFormat, Document]:
        """Read without segmenting.

        Raises:
            DocumentError: where the bytes are not what the suffix of ``path`` says.
        """
        served = self.formats.for_path(path)
        return served, served.read(data, path=path, name=path, locale=self._locale)

    def read(self, data: bytes, path: str) -> ReadDocument:
        """Read and segment.

        Raises:
            DocumentError: where the bytes are not what the suffix of ``path`` says.
        """
        served, document = self.document(data, path)
        return ReadDocument(served, document, self.segmented(document))

    def segmented(self, document: Document) -> tuple[Segment, ...]:
        """The segments of a document."""
        return segment_document(document, self._segmenter)


def documents_in(
    paths: Sequence[Path], suffixes: Collection[str], largest: int | None = None
) -> list[Path]:
    """The files in these folders, and among these paths, that have one of these suffixes,
    whatever its case; links are not followed.

    Args:
        paths: files and folders.
        suffixes: in lower case, with the dot.
        largest: in bytes; None takes files of any size.

    Raises:
        BenchmarkError: where there is none, or a path is not there.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise BenchmarkError(f"{path} is not there")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += (
            one
            for one in inside
            if one.suffix.lower() in suffixes and one.is_file() and not one.is_symlink()
        )
    if largest is not None:
        found = [one for one in found if one.stat().st_size <= largest]
    if not found:
        raise BenchmarkError(
            f"no documents ({', '.join(sorted(suffixes))}) in {', '.join(map(str, paths))}"
        )
    return found


def pseudo_translation(source: str) -> str:
    """Every word longer and with accents, tags where they were.

    >>> pseudo_translation("Run <x1/> <g2>once</g2>.")
    'Rúuñ <x1/> <g2>ôoñçêe</g2>.'
    """
    return _with_text(source, lambda text: text.translate(_ACCENTED))


def marked_translation() -> Translate:
    """A translation that begins with what is markup somewhere, each time with another mark.

    >>> translate = marked_translation()
    >>> translate("<g1>One</g1>"), translate("two")
    ('1. <g1>One</g1>', '# two')
    """
    numbers = count()
    return lambda source: f"{MARKS[next(numbers) % len(MARKS)]} {source}"


def _with_text(source: str, change: Callable[[str], str]) -> str:
    return "".join(_changed(source, change))


def _changed(source: str, change: Callable[[str], str]) -> Iterator[str]:
    done = 0
    for tag in TAG.finditer(source):
        yield change(source[done : tag.start()])
        yield tag[0]
        done = tag.end()
    yield change(source[done:])
