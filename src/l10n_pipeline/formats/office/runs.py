"""Runs of equally formatted text, as word processors write them, and inline codes.

A word processor divides a sentence into runs wherever it was edited, checked or formatted. What
a reader sees alike is one text here: runs of equal formatting are joined, and what differs from
the paragraph's own formatting becomes a pair of codes, ``<g1>bold</g1>``. Links are pairs, too;
tabs, breaks, pictures, references to notes and fields stand alone.

A translation is written with its codes wherever they now stand: the writer knows which elements
are open and opens and closes what each stretch needs, so that every order of codes gives
well-formed XML.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import msgspec

from l10n_pipeline import codes
from l10n_pipeline.formats.pieces import finished
from l10n_pipeline.model import CodeKind, InlineCode, Piece, Segment, Span

BREAK: Final = " "
"""What a reader sees of a line break; words on both sides of it are apart."""
TAB: Final = "\t"
"""What a reader sees of a tab: it divides a paragraph as the border of cells would."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element that text may stand in."""

    key: str
    """What makes two of them do the same: text may move between those."""
    opening: str
    """How to begin it."""
    closing: str
    passing: bool = False
    """Whether a reader sees nothing of it, so that a translation can do without."""
    tag: Span | None = None
    """Its start tag, where that is to be replaced by ``opening`` once a text in the element
    begins or ends with a space."""


class Stack(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The elements that are open at a place in a paragraph."""

    top: Element
    below: Stack | None = None
    depth: int = 1


def opened(stack: Stack | None) -> list[Element]:
    """The elements of a stack, outermost first."""
    found = []
    while stack is not None:
        found.append(stack.top)
        stack = stack.below
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Look:
    """How text is formatted."""

    keys: tuple[str, ...]
    """What makes it so, outermost first; empty for text that is as its paragraph."""
    elements: tuple[Element, ...] = field(compare=False)
    """What text in this look stands in, inside the paragraph or a container."""
    raw: str = field(compare=False)
    """The markup, for a reviewer."""


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """What encloses text and is kept around its translation: a link, a content control."""

    element: Element
    raw: str
    """The markup at its start, for a reviewer."""


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """Text, or something that stands alone in it."""

    span: Span
    """Offsets into the part's text."""
    text: str
    """What a reader sees."""
    within: tuple[Container, ...]
    look: Look | None = None
    """Of text; None for what stands alone."""
    level: tuple[Element, ...] = ()
    """What something that stands alone has to stand in, inside its containers."""
    emitted: str = ""
    """How to write it there."""


class Anchor(msgspec.Struct, frozen=True, gc=False):
    """What no reader sees, but something else refers to: a bookmark's start or end."""

    at: int
    emitted: str
    leads: bool
    """Whether it goes before a translation, not behind."""


@dataclass(slots=True)
class Line:
    """What stands in a paragraph, in order."""

    inner: Span
    """Offsets of its content into the part's text."""
    plain: Look
    """Of text without formatting."""
    leaves: list[Leaf] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    """In order."""
    places: list[tuple[int, Stack | None, bool]] = field(default_factory=list)
    """Where each token begins, what is open there, and whether it may be cut: text."""
    containers: list[Container] = field(default_factory=list)
    """All, also those with nothing in them."""
    looks: set[Look] = field(default_factory=set)
    """All that an element begins, also where there is no text in it."""
    kept: list[Span] = field(default_factory=list)
    """Of what stays as it is whatever the paragraph says: its properties."""


class Runs:
    """A paragraph as text with codes.

    Args:
        line: what stands in it.
        text: the part's text.
        dominant: chooses, of the looks of all text of a paragraph or a container and how much
            of each there is, the one that needs no code.
    """

    def __init__(
        self, line: Line, text: str, dominant: Callable[[Sequence[tuple[Look, int]]], Look]
    ) -> None:
        self._line = line
        self._text = text
        self._starts = [at for at, _, _ in line.places]
        self._anchored = [anchor.at for anchor in line.anchors]
        self._bases = _bases(line, dominant)
        self._roles: dict[int, Container | Look | Leaf] = {}
        self.pieces = finished(self._tiles(), text) if line.leaves else ()
        """They tile the paragraph from its first text or code to its last; offsets into the
        part's text."""
        self._coded = [piece for piece in self.pieces if piece.code is not None]
        self._coded_starts = [piece.span.start for piece in self._coded]
        self._active = list(self._history())

    # --- reading -------------------------------------------------------------------

    def _tiles(self) -> Iterator[Piece]:
        leaves = self._line.leaves
        paths = list(self._paths())
        done = self._line.inner.start
        before: tuple[Container | Look, ...] = ()
        for leaf, path in zip(leaves, paths, strict=True):
            shared = _shared(before, path)
            first = leaf is leaves[0]
            yield from self._gap(
                Span(done, leaf.span.start), before[shared:][::-1], path[shared:], first=first
            )
            if leaf.look is not None:
                yield Piece(leaf.span, leaf.text)
            else:
                yield self._code(leaf.span, CodeKind.STANDALONE, leaf, leaf.text)
            done, before = leaf.span.end, path
        if before:
            end = self._shallowest(done, self._line.inner.end, last=False)
            yield from self._gap(Span(done, max(end, done + len(before))), before[::-1], ())

    def _gap(
        self,
        gap: Span,
        closed: Sequence[Container | Look],
        begun: Sequence[Container | Look],
        *,
        first: bool = False,
    ) -> Iterator[Piece]:
        """What stands between two leaves: codes, or nothing that a reader sees."""
        if first:
            start = self._shallowest(gap.start, gap.end, last=True) if begun else gap.end
            gap = Span(min(start, gap.end - len(begun)), gap.end)
        if not closed and not begun:
            if gap:
                yield Piece(gap, "")
            return
        border = self._shallowest(gap.start, gap.end, last=False) if closed else gap.start
        border = max(gap.start + len(closed), min(border, gap.end - len(begun)))
        if not begun:
            border = gap.end
        yield from self._codes(Span(gap.start, border), CodeKind.CLOSE, closed)
        yield from self._codes(Span(border, gap.end), CodeKind.OPEN, begun)

    def _codes(
        self, span: Span, kind: CodeKind, roles: Sequence[Container | Look]
    ) -> Iterator[Piece]:
        """A code for each role, together as long as a span."""
        start = span.start
        for at, role in enumerate(roles):
            end = span.end if at == len(roles) - 1 else start + 1
            yield self._code(Span(start, end), kind, role)
            start = end

    def _code(
        self, span: Span, kind: CodeKind, role: Container | Look | Leaf, shown: str = ""
    ) -> Piece:
        self._roles[span.start] = role
        if isinstance(role, Leaf):
            raw = span.of(self._text)
        else:
            raw = role.raw if kind is CodeKind.OPEN else ""
        return Piece(span, shown, InlineCode(kind, 1, raw, shown))

    def _paths(self) -> Iterator[tuple[Container | Look, ...]]:
        """The pairs that each leaf is in, outermost first."""
        looks = self._looks()
        for leaf, look in zip(self._line.leaves, looks, strict=True):
            base = self._bases[leaf.within[-1:]]
            yield (*leaf.within, look) if look != base else leaf.within

    def _looks(self) -> list[Look]:
        """The look of each leaf. What stands alone takes part in that of the text around it;
        where that changes, it changes in the longest stretch of markup.
        """
        leaves = self._line.leaves
        only = leaves[0].look
        if only is not None and all(leaf.look is only for leaf in leaves):
            return [only] * len(leaves)
        looks: list[Look] = []
        for within, group in groupby(range(len(leaves)), lambda at: leaves[at].within[-1:]):
            indices = list(group)
            base = self._bases[within]
            before = base
            alone: list[int] = []
            for at in [*indices, None]:
                look = base if at is None else leaves[at].look
                if look is None and at is not None:
                    alone.append(at)
                    continue
                after = look or base
                turn = len(alone)
                if alone and before != after:
                    gaps = [self._before(one) for one in alone]
                    gaps.append(self._before(alone[-1] + 1))
                    turn = max(range(len(gaps)), key=gaps.__getitem__)
                looks += [before] * turn + [after] * (len(alone) - turn)
                alone = []
                before = after
                if at is not None:
                    looks.append(after)
        return looks

    def _before(self, index: int) -> int:
        """Length of the markup before a leaf; before what follows the last one, of the rest."""
        leaves = self._line.leaves
        start = leaves[index - 1].span.end if index else self._line.inner.start
        end = leaves[index].span.start if index < len(leaves) else self._line.inner.end
        return end - start

    def _shallowest(self, start: int, end: int, *, last: bool) -> int:
        """Where, in a stretch that begins and ends with whole tokens, the fewest elements are
        open: the first such place, or the last one.
        """
        first = bisect_right(self._starts, start) - 1
        stop = bisect_right(self._starts, end)
        best, fewest = start, -1
        for at, stack, _ in self._line.places[max(first, 0) : stop]:
            depth = stack.depth if stack else 0
            if at >= start and (fewest < 0 or depth < fewest or (last and depth == fewest)):
                best, fewest = at, depth
        return best

    @property
    def coded_looks(self) -> frozenset[Look]:
        """The looks of text that codes stand for."""
        return frozenset(role for role in self._roles.values() if isinstance(role, Look))

    # --- writing -------------------------------------------------------------------

    def written(
        self, segment: Segment, translation: str, encode: Callable[[str, bool], str]
    ) -> tuple[Span, str, Element | None]:
        """A translation as XML.

        Args:
            segment: one of this paragraph, its span as offsets into the part's text.
            translation: with the segment's codes, each once.
            encode: makes text XML; told whether a space stands before it.

        Returns:
            The stretch of the part's text to replace, what to replace it by, and the element
            that the stretch begins in where its start tag has to say that spaces count.
        """
        start, at_start = self._place(segment.span.start)
        end, at_end = self._place(segment.span.end)
        first = bisect_left(self._coded_starts, segment.span.start)
        last = bisect_left(self._coded_starts, segment.span.end)
        inside = self._coded[first:last]
        by_tag = {codes.tag(code): piece for code, piece in zip(segment.codes, inside, strict=True)}
        anchors = self._line.anchors[
            bisect_left(self._anchored, start) : bisect_left(self._anchored, end)
        ]
        writer = _Writer(opened(at_start), encode)
        active = self._active[first]
        for anchor in anchors:
            if anchor.leads:
                writer.write_alone(_containers(active), anchor.emitted)
        active = self._write(writer, translation, by_tag, active)
        for anchor in anchors:
            if not anchor.leads:
                writer.write_alone(_containers(active), anchor.emitted)
        writer.go(opened(at_end), exact=True)
        return Span(start, end), writer.text, self._spaced(at_start, at_end, writer.first)

    def _write(
        self,
        writer: _Writer,
        translation: str,
        by_tag: Mapping[str, Piece],
        active: tuple[Container | Look, ...],
    ) -> tuple[Container | Look, ...]:
        """Write a translation; the pairs that are open behind it, from those before it."""
        begun: dict[Container | Look, int] = {}
        done = 0
        for found in codes.TAG.finditer(translation):
            piece = by_tag.get(found[0])
            if piece is None or piece.code is None:
                continue
            writer.write_text(self._wanted(active), translation[done : found.start()])
            done = found.end()
            role = self._roles.get(piece.span.start)
            if role is None:
                writer.write_text(self._wanted(active), piece.code.shown)
            elif isinstance(role, Leaf):
                writer.write_alone([*_containers(active), *role.level], role.emitted)
            else:
                if role not in active:
                    begun[role] = writer.amount
                elif begun.get(role) == writer.amount:
                    # A pair around nothing is there all the same.
                    writer.go(self._wanted(active[: active.index(role) + 1]))
                active = _toggled(active, role)
        writer.write_text(self._wanted(active), translation[done:])
        return active

    def _spaced(self, at_start: Stack | None, at_end: Stack | None, first: str) -> Element | None:
        """The element that a translation begins in, where its tag is to say that spaces count:
        the text in it is not what it was, and may begin or end with one.
        """
        if at_start is None or at_start.top.tag is None:
            return None
        stays = at_end is not None and at_end.top is at_start.top
        return None if stays and first and first == first.strip() else at_start.top

    def _place(self, offset: int) -> tuple[int, Stack | None]:
        """The nearest place before an offset where text may be cut, and what is open there."""
        index = bisect_right(self._starts, offset) - 1
        at, stack, divisible = self._line.places[index]
        return (offset if divisible else at), stack

    def _history(self) -> Iterator[tuple[Container | Look, ...]]:
        """The pairs that are open before each code, and after the last, outermost first."""
        active: tuple[Container | Look, ...] = ()
        yield active
        for piece in self._coded:
            role = self._roles.get(piece.span.start)
            if role is not None and not isinstance(role, Leaf):
                active = _toggled(active, role)
            yield active

    def _wanted(self, active: Sequence[Container | Look]) -> list[Element]:
        """What text has to stand in where these pairs are open."""
        containers = [one for one in active if isinstance(one, Container)]
        if active and isinstance(active[-1], Look):
            look = active[-1]
        else:
            look = self._bases.get(tuple(containers[-1:])) or self._bases[()]
        return [*(one.element for one in containers), *look.elements]


def _containers(active: Sequence[Container | Look]) -> list[Element]:
    return [one.element for one in active if isinstance(one, Container)]


def _toggled(
    active: tuple[Container | Look, ...], role: Container | Look
) -> tuple[Container | Look, ...]:
    """What is open behind a code that begins or ends something."""
    if role in active:
        return tuple(one for one in active if one != role)
    return (*active, role)


def _shared(path: Sequence[Container | Look], other: Sequence[Container | Look]) -> int:
    """How many pairs two places have in common, counted from the outermost."""
    alike = 0
    for one, two in zip(path, other, strict=False):
        if one != two:
            break
        alike += 1
    return alike


def _bases(
    line: Line, dominant: Callable[[Sequence[tuple[Look, int]]], Look]
) -> dict[tuple[Container, ...], Look]:
    """The look that needs no code, of the paragraph and of each container."""
    found: dict[tuple[Container, ...], list[tuple[Look, int]]] = {(): []}
    for leaf in line.leaves:
        looks = found.setdefault(leaf.within[-1:], [])
        if leaf.look is not None:
            looks.append((leaf.look, len(leaf.text)))
    return {within: dominant(looks) if looks else line.plain for within, looks in found.items()}


class _Writer:
    """Writes text and elements, each in the elements that it needs.

    Args:
        stack: what is open, outermost first.
        encode: see :meth:`Runs.written`.
    """

    def __init__(self, stack: list[Element], encode: Callable[[str, bool], str]) -> None:
        self._stack = stack
        self._encode = encode
        self._written: list[str] = []
        self._begun_in = len(stack)
        self._left = False
        self._first: list[str] = []
        self._after_space = False
        self.amount = 0
        """How often text or an element was written."""

    @property
    def first(self) -> str:
        """The text written before any of the elements that were open was closed."""
        return "".join(self._first)

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._written)

    def write_text(self, wanted: Sequence[Element], text: str) -> None:
        """Write text inside these elements."""
        if not text:
            return
        self.go(wanted)
        if not self._left:
            self._first.append(text)
        self._written.append(self._encode(text, self._after_space))
        self.amount += 1
        self._after_space = text.endswith(" ")

    def write_alone(self, wanted: Sequence[Element], markup: str) -> None:
        """Write an element inside these."""
        self.go(wanted)
        self._written.append(markup)
        self.amount += 1
        self._after_space = False

    def go(self, wanted: Sequence[Element], *, exact: bool = False) -> None:
        """Close and open until these elements are open; unless exactly these, others that a
        reader does not see may be open among them.
        """
        kept = met = 0
        while kept < len(self._stack):
            if met < len(wanted) and self._stack[kept].key == wanted[met].key:
                met += 1
            elif exact or not self._stack[kept].passing:
                break
            kept += 1
        self._left = self._left or kept < self._begun_in
        self._written += [element.closing for element in reversed(self._stack[kept:])]
        self._written += [element.opening for element in wanted[met:]]
        self._stack[kept:] = wanted[met:]
