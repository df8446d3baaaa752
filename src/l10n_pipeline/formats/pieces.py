"""Making a block's pieces: what readers of formats with inline codes have in common.

A reader divides the block into stretches, text and codes; :func:`finished` then protects
what must not be translated and numbers the codes::

    finished([*text_pieces(...), code_piece(...), ...], document_text)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from l10n_pipeline.codes import TAG
from l10n_pipeline.formats.protected import may_need_protection, protected_spans
from l10n_pipeline.model import CodeKind, InlineCode, Piece, Span

_UNNUMBERED = 1


def text_piece(start: int, text: str) -> Piece:
    """Text that is in the document as a reader sees it.

    Args:
        start: its offset into the document's text.
        text: not empty.
    """
    return Piece(Span(start, start + len(text)), text)


def code_piece(start: int, raw: str, kind: CodeKind, shown: str = "") -> Piece:
    """An inline code. :func:`numbered` gives it its number.

    Args:
        start: its offset into the document's text.
        raw: as it stands there.
        kind: of a pair, or alone.
        shown: what a reader sees in its place.
    """
    return Piece(Span(start, start + len(raw)), shown, InlineCode(kind, _UNNUMBERED, raw, shown))


def text_pieces(start: int, text: str) -> list[Piece]:
    """A stretch of text that a reader sees as it is, with a code for each address,
    placeholder and look-alike of a tag. Codes have no numbers yet.

    >>> [(piece.text, piece.code is not None) for piece in text_pieces(5, "Ask {name}.")]
    [('Ask ', False), ('{name}', True), ('.', False)]

    Args:
        start: its offset into the document's text.
        text: may be empty.
    """
    return _protected([text_piece(start, text)], text, start) if text else []


def finished(pieces: Iterable[Piece], document_text: str) -> tuple[Piece, ...]:
    """Pieces as a :class:`~l10n_pipeline.model.Block` has them: addresses, placeholders and
    look-alikes of tags are codes, also where they stand over several pieces of text (a URL
    with ``&amp;`` in it), and codes are numbered.

    Args:
        pieces: tiling the block, in order; codes with any number.
        document_text: what the pieces' spans are offsets into.
    """
    return numbered(protected(pieces, document_text))


def protected(pieces: Iterable[Piece], document_text: str) -> list[Piece]:
    """The pieces with a code for each address, placeholder and look-alike of a tag."""
    pieces = list(pieces)
    if not _needs_protection("".join(piece.text for piece in pieces if piece.code is None)):
        return pieces
    made: list[Piece] = []
    run: list[Piece] = []
    for piece in pieces:
        if piece.code is None:
            run.append(piece)
            continue
        made += _protected(run, document_text)
        run = []
        made.append(piece)
    return made + _protected(run, document_text)


def numbered(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces with their codes numbered from 1 in order of appearance, the two of a pair
    alike. A half without its other half becomes a code that stands alone.
    """
    made: list[Piece] = []
    begun: list[tuple[int, int]] = []
    count = 0
    for piece in pieces:
        code = piece.code
        if code is None:
            made.append(piece)
            continue
        kind = code.kind
        if kind is CodeKind.CLOSE and begun:
            _, number = begun.pop()
        else:
            count += 1
            number = count
            if kind is CodeKind.OPEN:
                begun.append((len(made), number))
            else:
                kind = CodeKind.STANDALONE
        made.append(_as(piece, code, kind, number))
    for at, number in begun:
        code = made[at].code
        assert code is not None  # else it had not begun anything
        made[at] = _as(made[at], code, CodeKind.STANDALONE, number)
    return tuple(made)


def _as(piece: Piece, code: InlineCode, kind: CodeKind, number: int) -> Piece:
    if code.kind is kind and code.number == number:
        return piece
    return Piece(piece.span, piece.text, InlineCode(kind, number, code.raw, code.shown))


def is_divisible(piece: Piece) -> bool:
    """Whether a piece is the document's own text, so that a part of it is a part of that.

    >>> is_divisible(text_piece(0, "ab")), is_divisible(Piece(Span(0, 5), "&"))
    (True, False)
    """
    return piece.code is None and len(piece.text) == len(piece.span)


def _protected(run: Sequence[Piece], document_text: str, offset: int = 0) -> list[Piece]:
    """Pieces of text with codes for what is to be protected in them.

    Args:
        run: neighbours, none a code.
        document_text: the document's text, or a stretch of it.
        offset: where that stretch begins.
    """
    shown = "".join(piece.text for piece in run)
    spans = _to_protect(shown)
    if not spans:
        return list(run)
    made: list[Piece] = []
    inside: list[Piece] = []
    ahead = 0
    at = 0

    def close() -> None:
        if inside:
            start, end = inside[0].span.start, inside[-1].span.end
            raw = document_text[start - offset : end - offset]
            text = "".join(piece.text for piece in inside)
            made.append(code_piece(start, raw, CodeKind.STANDALONE, text))
            inside.clear()

    for piece in _divided(run, [place for span in spans for place in (span.start, span.end)]):
        end = at + len(piece.text)
        while ahead < len(spans) and spans[ahead].end <= at:
            close()
            ahead += 1
        if ahead < len(spans) and spans[ahead].start < end:
            inside.append(piece)
        else:
            close()
            made.append(piece)
        at = end
    close()
    return made


def _needs_protection(text: str) -> bool:
    return "<" in text or may_need_protection(text)


def _to_protect(text: str) -> list[Span]:
    spans = list(protected_spans(text))
    if "<" not in text:
        return spans
    tags = (Span(*found.span()) for found in TAG.finditer(text))
    merged: list[Span] = []
    for span in sorted([*spans, *tags]):
        # A template may have what looks like a tag in it.
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
    return merged


def _divided(run: Iterable[Piece], places: Sequence[int]) -> Iterator[Piece]:
    """The pieces, those that can be divided at these offsets into their joined text."""
    at = 0
    upcoming = 0
    for piece in run:
        end = at + len(piece.text)
        start = piece.span.start
        done = 0
        while upcoming < len(places) and places[upcoming] < end:
            cut = places[upcoming] - at
            if cut > done and is_divisible(piece):
                yield text_piece(start + done, piece.text[done:cut])
                done = cut
            upcoming += 1
        yield text_piece(start + done, piece.text[done:]) if done else piece
        at = end
