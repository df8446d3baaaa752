"""White space beside codes, as the source has it and as far as the target language allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

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
    AFTER_STOP = auto()
    """A space where a stop or a comma would touch the code otherwise."""


_STOPS: Final = ".,;:!?…"


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
        follows = Room.AFTER_STOP if before.isspace() else _room_of_word(before)
        return Rooms(follows, _room_of_word(after))
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


def with_room(pieces: Iterable[Piece]) -> CodedText:
    """Put pieces together, each code with the room that it wants.

    Args:
        pieces: of a translation, in order; marks' spans are not looked at.
    """
    line = _Line(pieces)
    for at, (_, rooms) in enumerate(line.codes):
        if rooms is not None:
            line.make_room(at, rooms.before, -1)
            line.make_room(at, rooms.after, 1)
    parts: list[str] = []
    marks: list[Mark] = []
    length = 0
    for text, (mark, _) in zip(line.texts, line.codes, strict=False):
        shown = mark.code.shown
        length += len(text)
        marks.append(Mark(mark.code, Span(length, length + len(shown))))
        length += len(shown)
        parts += (text, shown)
    return CodedText("".join((*parts, line.texts[-1])), tuple(marks))


class _Line:
    """Codes, and the text before, between and after them."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.codes: list[tuple[Mark, Rooms | None]] = []
        gathered: list[list[str]] = [[]]
        for piece in pieces:
            if isinstance(piece, str):
                gathered[-1].append(piece)
            else:
                self.codes.append(piece)
                gathered.append([])
        self.texts = ["".join(texts) for texts in gathered]
        """One more than there are codes."""
        self.texts[0] = self.texts[0].lstrip()
        self.texts[-1] = self.texts[-1].rstrip()

    def make_room(self, code: int, room: Room, step: int) -> None:
        """Add or take away white space on one side of a code: -1 before it, 1 after it."""
        if room is Room.AS_IT_IS:
            return
        near = self._nearest_text(code, step)
        if near is None:
            return
        text = self.texts[near]
        edge = text[-1] if step < 0 else text[0]
        if room is Room.AFTER_STOP and edge not in _STOPS:
            return
        if room is Room.NOTHING:
            self.texts[near] = text.rstrip() if step < 0 else text.lstrip()
        elif not edge.isspace() and not (step > 0 and closes(edge)):
            if room is Room.WORD_BOUNDARY and is_unspaced(edge):
                return
            # A space stands outside of the pairs that begin or end beside the code.
            skipped = CodeKind.OPEN if step < 0 else CodeKind.CLOSE
            place = self._beside(code, step)
            while place != near and self._kind(place, step) is skipped:
                place += step
            self.texts[place] = self.texts[place] + " " if step < 0 else " " + self.texts[place]

    def _nearest_text(self, code: int, step: int) -> int | None:
        """The text beside a code, with nothing but markup of pairs between; None where there
        is none, or another code that stands alone comes first.
        """
        at = self._beside(code, step)
        while not self.texts[at]:
            if at == (0 if step < 0 else len(self.codes)):
                return None
            if self._kind(at, step) is CodeKind.STANDALONE:
                return None
            at += step
        return at

    @staticmethod
    def _beside(code: int, step: int) -> int:
        return code if step < 0 else code + 1

    def _kind(self, text: int, step: int) -> CodeKind:
        """Kind of the code on the far side of a text."""
        return self.codes[text - 1 if step < 0 else text][0].code.kind
