"""White space beside codes, as the source has it and as far as the target language allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from l10n_pipeline.codes import CodedText, Mark
from l10n_pipeline.folding import is_unspaced, is_word_character
from l10n_pipeline.markup.gaps import closes
from l10n_pipeline.model import CodeKind, Span


class Room(Enum):
    """What is to be between a code and the text on one side of it."""

    SPACE = auto()
    NOTHING = auto()
    AS_IT_IS = auto()
    WORD_BOUNDARY = auto()
    """A space where a word would touch the code otherwise."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What is to be on both sides of a code that stands alone."""

    before: Room
    after: Room


def rooms_of(source: CodedText, at: int, *, lost: bool) -> Rooms:
    """What the source has on both sides of a mark.

    Args:
        source: the text and its codes.
        at: index of the mark.
        lost: whether a model did not bring its stand-in, so that white space is ours to make.
    """
    mark = source.marks[at]
    text = source.text
    before = text[max(mark.span.start - 1, 0) : mark.span.start]
    after = text[mark.span.end : mark.span.end + 1]
    if mark.code.shown and not lost:
        return Rooms(_room_of_word(before), _room_of_word(after))
    touched_before = _touched(source, reversed(range(at)), mark.span.start)
    touched_after = _touched(source, range(at + 1, len(source.marks)), mark.span.end)
    return Rooms(
        Room.AS_IT_IS if touched_before else _room(before),
        Room.AS_IT_IS if touched_after else _room(after),
    )


def _touched(source: CodedText, others: Iterable[int], place: int) -> bool:
    """Whether the nearest code that stands alone, of those in order away from a place, stands
    at it.
    """
    for at in others:
        span = source.marks[at].span
        if place not in (span.start, span.end):
            return False
        if source.marks[at].code.kind is CodeKind.STANDALONE:
            return True
    return False


def _room(character: str) -> Room:
    if not character:
        return Room.WORD_BOUNDARY
    return Room.SPACE if character.isspace() else Room.NOTHING


def _room_of_word(character: str) -> Room:
    """Where a code was set off from the word that it is part of, the two are joined again."""
    joined = is_word_character(character) and not is_unspaced(character) if character else False
    return Room.NOTHING if joined else Room.AS_IT_IS


Piece = str | tuple[Mark, Rooms | None]
"""Text, or a code and the room that it wants."""


def with_room(pieces: Sequence[Piece]) -> CodedText:
    """Put pieces together, each code with the room that it wants.

    Args:
        pieces: of a translation, in order; marks' spans are not looked at.
    """
    made = [piece for piece in pieces if piece != ""]
    for piece in list(made):
        if not isinstance(piece, str) and piece[1] is not None:
            _make_room(made, piece, piece[1].before, -1)
            _make_room(made, piece, piece[1].after, 1)
    _trim(made)
    text = ""
    marks: list[Mark] = []
    for piece in made:
        if isinstance(piece, str):
            text += piece
        else:
            shown = piece[0].code.shown
            marks.append(Mark(piece[0].code, Span(len(text), len(text) + len(shown))))
            text += shown
    return CodedText(text, tuple(marks))


def _make_room(pieces: list[Piece], code: Piece, room: Room, step: int) -> None:
    """Add or take away white space on one side of a code: -1 before it, 1 after it."""
    if room is Room.AS_IT_IS:
        return
    at = next(index for index, piece in enumerate(pieces) if piece is code)
    near = _nearest_text(pieces, at, step)
    if near is None:
        return
    text = str(pieces[near])
    edge = text[-1] if step < 0 else text[0]
    if room is Room.NOTHING:
        pieces[near] = text.rstrip() if step < 0 else text.lstrip()
    elif not edge.isspace() and not (step > 0 and closes(edge)):
        if room is Room.WORD_BOUNDARY and is_unspaced(edge):
            return
        # A space stands outside of the pairs that begin or end beside the code.
        skipped = CodeKind.OPEN if step < 0 else CodeKind.CLOSE
        place = at + step
        while place != near and _kind(pieces[place]) is skipped:
            place += step
        pieces.insert(place + 1 if step < 0 else place, " ")


def _nearest_text(pieces: Sequence[Piece], at: int, step: int) -> int | None:
    """The text beside a code, with nothing but markup of pairs between; None where there is
    none, or another code that stands alone comes first.
    """
    at += step
    while 0 <= at < len(pieces):
        if isinstance(pieces[at], str):
            if pieces[at]:
                return at
        elif _kind(pieces[at]) is CodeKind.STANDALONE:
            return None
        at += step
    return None


def _kind(piece: Piece) -> CodeKind | None:
    return None if isinstance(piece, str) else piece[0].code.kind


def _trim(pieces: list[Piece]) -> None:
    """Take away white space at the ends of the text."""
    for at, strip in ((0, str.lstrip), (-1, str.rstrip)):
        end = pieces[at] if pieces else None
        if isinstance(end, str):
            pieces[at] = strip(end)
