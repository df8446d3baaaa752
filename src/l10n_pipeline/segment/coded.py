"""Segments of a block that has inline codes.

Sentences are found in what a reader sees. A code inside a sentence goes with it; so does the
one half of a pair whose other half is inside. What stands between sentences, and a pair that
encloses sentences wholly, stays outside: a translator need not carry it along, and it cannot
get lost. A pair that a sentence's end cuts becomes two codes that stand alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from l10n_pipeline import codes
from l10n_pipeline.codes import CodedText, Mark
from l10n_pipeline.model import CodeKind, InlineCode, Piece, Span


@dataclass(frozen=True, slots=True)
class CodedSentence:
    """A sentence of a block with pieces."""

    span: Span
    """Offsets into the document's text."""
    source: str
    """With tags."""
    codes: tuple[InlineCode, ...] = ()
    """Numbered from 1, in order."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Pieces in a row, the first and the last perhaps in part."""

    first: int
    last: int
    """Indices of pieces, both included."""
    shown: Span
    """Of the sentence: offsets into what a reader sees."""

    @property
    def indices(self) -> range:
        return range(self.first, self.last + 1)


def reader_text(pieces: Iterable[Piece]) -> str:
    """What a reader sees of a block, codes' text included."""
    return "".join(piece.text for piece in pieces)


def coded_sentences(pieces: Sequence[Piece], sentences: Iterable[Span]) -> Iterator[CodedSentence]:
    """The sentences of a block, with their codes. Sentences without a letter or a digit outside
    of codes are left out: there is nothing to translate in them.

    Args:
        pieces: the block's.
        sentences: as a segmenter found them in :func:`reader_text`. Those that a code or an
            indivisible piece joins become one.
    """
    starts = [0, *accumulate(len(piece.text) for piece in pieces)]
    partners = _partners(pieces)
    stretches = list(_stretches(pieces, starts, sentences))
    done = 0
    for at, stretch in enumerate(stretches):
        end = stretches[at + 1].first if at + 1 < len(stretches) else len(pieces)
        whole = _with_other_halves(stretch, partners, range(done, end))
        done = whole.last + 1
        if any(
            pieces[index].code is None
            and any(map(str.isalnum, _shown(pieces, starts, whole, index)))
            for index in whole.indices
        ):
            yield _sentence(pieces, starts, partners, whole)


def _partners(pieces: Sequence[Piece]) -> dict[int, int]:
    """For each code of a pair the index of its other half, in both directions."""
    partners: dict[int, int] = {}
    begun: list[tuple[int, int]] = []
    for at, piece in enumerate(pieces):
        if piece.code is None:
            continue
        if piece.code.kind is CodeKind.OPEN:
            begun.append((piece.code.number, at))
        elif piece.code.kind is CodeKind.CLOSE and begun and begun[-1][0] == piece.code.number:
            _, opening = begun.pop()
            partners |= {opening: at, at: opening}
    return partners


def _stretches(
    pieces: Sequence[Piece], starts: Sequence[int], sentences: Iterable[Span]
) -> Iterator[_Stretch]:
    """The pieces in which something of each sentence stands, in order."""
    at = 0
    found: _Stretch | None = None
    for sentence in sentences:
        while starts[at + 1] <= sentence.start:
            at += 1
        first = at
        while starts[at + 1] < sentence.end:
            at += 1
        if found is not None and found.last == first and not _is_divisible(pieces[first]):
            shown = Span(found.shown.start, sentence.end)
            found = _Stretch(found.first, at, shown)
            continue
        if found is not None:
            yield found
        found = _Stretch(first, at, sentence)
    if found is not None:
        yield found


def _is_divisible(piece: Piece) -> bool:
    return piece.code is None and len(piece.text) == len(piece.span)


def _with_other_halves(stretch: _Stretch, partners: dict[int, int], allowed: range) -> _Stretch:
    """The stretch with the codes beside it whose other half is inside."""
    inside = stretch.indices
    first = min(
        (at for at in range(allowed.start, stretch.first) if partners.get(at, -1) in inside),
        default=stretch.first,
    )
    last = max(
        (at for at in range(stretch.last + 1, allowed.stop) if partners.get(at, -1) in inside),
        default=stretch.last,
    )
    return replace(stretch, first=first, last=last)


def _shown(pieces: Sequence[Piece], starts: Sequence[int], stretch: _Stretch, at: int) -> str:
    """What is to be read of a piece in a stretch."""
    start = max(stretch.shown.start - starts[at], 0) if at == stretch.first else 0
    end = stretch.shown.end - starts[at] if at == stretch.last else None
    return pieces[at].text[start:end]


def _sentence(
    pieces: Sequence[Piece],
    starts: Sequence[int],
    partners: dict[int, int],
    stretch: _Stretch,
) -> CodedSentence:
    first, last = pieces[stretch.first], pieces[stretch.last]
    start, end = first.span.start, last.span.end
    if _is_divisible(first):
        start += max(stretch.shown.start - starts[stretch.first], 0)
    if _is_divisible(last):
        end -= max(starts[stretch.last + 1] - stretch.shown.end, 0)
    text: list[str] = []
    marks: list[Mark] = []
    numbers: dict[int, int] = {}
    length = 0
    for at in stretch.indices:
        code = pieces[at].code
        text.append(_shown(pieces, starts, stretch, at) if code is None else code.shown)
        if code is not None:
            partner = partners.get(at, -1)
            paired = partner in stretch.indices
            number = numbers.setdefault(min(at, partner) if paired else at, len(numbers) + 1)
            kind = code.kind if paired else CodeKind.STANDALONE
            place = Span(length, length + len(text[-1]))
            marks.append(Mark(InlineCode(kind, number, code.raw, code.shown), place))
        length += len(text[-1])
    return CodedSentence(
        Span(start, end),
        codes.write(CodedText("".join(text), tuple(marks))),
        tuple(mark.code for mark in marks),
    )
