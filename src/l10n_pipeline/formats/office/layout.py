"""Where the paragraphs of an XML file are, and what becomes of those inside others.

A text box or a footnote stands in the middle of the sentence that it is anchored to, with
paragraphs of its own. So that every paragraph is in one stretch, a paragraph inside another is
moved out behind the outermost one; :meth:`Part.assembled` moves it back.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.office.markup import Scope, TokenKind, tags
from l10n_pipeline.model import Span

MOST_PARAGRAPHS: Final = 200_000
"""That one file may have, empty ones in short aside. A thousand pages have a tenth of that."""

# No XML can hold a null character.
_MARKER: Final = re.compile("\0([0-9]+)\0")


class Around(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An element that paragraphs are in. A chain of these takes no room for each of them."""

    name: str
    number: int
    """How many cells came before it in its parent, where it is one."""
    parent: Around | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, without the paragraphs inside it."""

    name: str
    """Of its element."""
    span: Span
    """Offsets into the part's text."""
    inner: Span
    """The same without its start and end tag."""
    scope: Scope
    """The prefixes that hold in it."""
    around: Around | None
    """The element that it is in."""

    @property
    def ancestors(self) -> list[tuple[str, int]]:
        """Names of the elements it is in, outermost first, and how many cells came before each
        in its parent, where it is one.
        """
        found = []
        at = self.around
        while at is not None:
            found.append((at.name, at.number))
            at = at.parent
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a part's text and what takes its place."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One XML file of a document."""

    name: str
    """What to call it in an error."""
    text: str
    """Its XML, paragraphs moved out of others."""
    paragraphs: tuple[Paragraph, ...]
    """In order of place."""
    rooms: tuple[tuple[Span, ...], ...]
    """Of what stays in place, first, and of each paragraph that was moved: the stretches of
    ``text`` it consists of."""
    holes: tuple[tuple[int, int], ...]
    """Where a paragraph was taken out: an offset into ``text`` and the number of its room."""

    def marked(self, span: Span) -> str:
        """A stretch of the text with marks in the places of paragraphs taken out inside it."""
        found = [Edit(Span(at, at), f"\0{room}\0") for at, room in self.holes_in(span)]
        return _edited(self.text, span, found)

    def holes_in(self, span: Span) -> tuple[tuple[int, int], ...]:
        """The holes inside a stretch, not at its ends."""
        first = bisect_right(self.holes, (span.start, len(self.text)))
        last = bisect_left(self.holes, (span.end, -1))
        return self.holes[first:last]

    def assembled(self, edits: Iterable[Edit]) -> str:
        """The XML as it was, with edits.

        Args:
            edits: apart, each within one paragraph; where one has paragraphs taken out of it,
                its text has their marks.
        """
        edits = sorted(edits, key=lambda edit: edit.span)
        covered = {at for edit in edits for at in self.holes_in(edit.span)}
        marks = [
            Edit(Span(at, at), f"\0{room}\0")
            for at, room in self.holes
            if (at, room) not in covered
        ]
        changes = sorted([*edits, *marks], key=lambda edit: edit.span)
        starts = [change.span.start for change in changes]
        rooms = []
        for spans in self.rooms:
            made = []
            for span in spans:
                first = bisect_left(starts, span.start)
                last = bisect_right(starts, span.end)
                inside = [change for change in changes[first:last] if span.contains(change.span)]
                made.append(_edited(self.text, span, inside))
            rooms.append("".join(made))

        def filled(text: str) -> str:
            return _MARKER.sub(lambda found: filled(rooms[int(found[1])]), text)

        return filled(rooms[0])


def _edited(text: str, span: Span, edits: Iterable[Edit]) -> str:
    made: list[str] = []
    done = span.start
    for edit in edits:
        made += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    made.append(text[done : span.end])
    return "".join(made)


@dataclass(slots=True)
class _Found:
    """A paragraph where it was in the file."""

    name: str
    start: int
    inner_start: int
    scope: Scope
    around: Around | None
    inner_end: int = 0
    end: int = 0


def lay_out(
    name: str,
    xml: str,
    usual: Mapping[str, str],
    paragraphs: frozenset[str],
    skipped: frozenset[str],
    cells: frozenset[str],
) -> Part:
    """Find the paragraphs of an XML file.

    Args:
        name: what to call the file in an error.
        xml: well-formed.
        usual: namespaces and their usual prefixes.
        paragraphs: names of the elements that are paragraphs.
        skipped: names of elements in which nothing is looked for.
        cells: names of elements that are counted in the one that they are in.

    Raises:
        DocumentError: where there are more than :data:`MOST_PARAGRAPHS`.
    """
    finder = _Finder(xml, name, paragraphs, skipped, cells)
    finder.run(usual)
    found, nested = finder.found, finder.nested
    pieces: list[str] = []
    length = 0
    kept: list[Span] = []
    moved: list[tuple[Span, ...]] = []
    holes: list[tuple[int, int]] = []
    placed: list[Paragraph] = []
    numbers: dict[int, int] = {}
    done = 0

    def copy(start: int, end: int) -> Span:
        nonlocal length
        pieces.append(xml[start:end])
        length += end - start
        return Span(length - (end - start), length)

    def place(index: int) -> Span:
        """Copy a paragraph without those inside it, which get rooms."""
        paragraph = found[index]
        start = length
        at = paragraph.start
        for inside in nested.get(index, ()):
            copy(at, found[inside].start)
            numbers[inside] = len(numbers) + 1
            holes.append((length, numbers[inside]))
            at = found[inside].end
        copy(at, paragraph.end)
        inner = Span(
            start + paragraph.inner_start - paragraph.start,
            length - (paragraph.end - paragraph.inner_end),
        )
        placed.append(
            Paragraph(paragraph.name, Span(start, length), inner, paragraph.scope, paragraph.around)
        )
        return placed[-1].span

    outermost = set(range(len(found))) - {one for inside in nested.values() for one in inside}
    for index in sorted(outermost):
        start = length
        copy(done, found[index].start)
        place(index)
        kept.append(Span(start, length))
        done = found[index].end
        waiting = deque(nested.get(index, ()))
        while waiting:
            inside = waiting.popleft()
            moved.append((place(inside),))
            waiting += nested.get(inside, ())
    kept.append(copy(done, len(xml)))
    # Without paragraphs in others it is the same text; two of them would take twice the room.
    text = "".join(pieces) if nested else xml
    return Part(name, text, tuple(placed), (tuple(kept), *moved), tuple(holes))


class _Finder:
    """Finds the paragraphs with text of a file."""

    def __init__(
        self,
        xml: str,
        name: str,
        paragraphs: frozenset[str],
        skipped: frozenset[str],
        cells: frozenset[str],
    ) -> None:
        self.found: list[_Found] = []
        """In order of their starts."""
        self.nested: dict[int, list[int]] = {}
        """For each those directly inside."""
        self._xml = xml
        self._name = name
        self._paragraphs = paragraphs
        self._skipped = skipped
        self._cells = cells
        self._stack: list[Around] = []
        """The elements that are open."""
        self._inside: list[tuple[int, int]] = []
        """Of the paragraphs that are open: how deep each is, and its index."""
        self._skipping = 0
        """How deep what is skipped is, with its own element."""

    def run(self, usual: Mapping[str, str]) -> None:
        """Go through the file."""
        names = self._paragraphs | self._skipped
        cells = self._cells
        stack = self._stack
        counts = [0]
        for kind, start, end, name, scope in tags(self._xml, usual):
            before = 0
            if kind is TokenKind.END:
                counts.pop()
                self._end(start, end)
                continue
            if name in cells:
                before = counts[-1]
                counts[-1] += 1
            if kind is TokenKind.START:
                if name in names and not self._skipping:
                    self._begin(name, start, end, scope)
                stack.append(Around(name, before, stack[-1] if stack else None))
                counts.append(0)

    def _end(self, start: int, end: int) -> None:
        stack, inside = self._stack, self._inside
        if self._skipping == len(stack):
            self._skipping = 0
        stack.pop()
        if inside and inside[-1][0] == len(stack):
            paragraph = self.found[inside.pop()[1]]
            paragraph.inner_end, paragraph.end = start, end

    def _begin(self, name: str, start: int, end: int, scope: Scope) -> None:
        depth = len(self._stack)
        if name in self._skipped:
            self._skipping = depth + 1
            return
        if len(self.found) == MOST_PARAGRAPHS:
            raise DocumentError(f"has more than {MOST_PARAGRAPHS:,} paragraphs", where=self._name)
        if self._inside:
            self.nested.setdefault(self._inside[-1][1], []).append(len(self.found))
        self._inside.append((depth, len(self.found)))
        around = self._stack[-1] if self._stack else None
        self.found.append(_Found(name, start, end, scope, around))
