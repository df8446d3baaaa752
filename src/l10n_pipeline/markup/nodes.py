"""Codes as pairs and single ones, each in what encloses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from l10n_pipeline.codes import Mark
from l10n_pipeline.model import CodeKind, InlineCode, Span


@dataclass(frozen=True, slots=True)
class Node:
    """A pair, or a code that stands alone."""

    order: int
    """Index of its first mark: what tells it apart."""
    opening: Mark
    """Of a pair; otherwise the code's only mark."""
    closing: Mark | None
    """None for a code that stands alone."""
    parent: Node | None
    """The innermost pair around it."""

    @property
    def is_pair(self) -> bool:
        """Whether it has two marks."""
        return self.closing is not None

    @property
    def shows(self) -> bool:
        """Whether a reader sees something in its place."""
        return not self.is_pair and self.opening.span.start < self.opening.span.end

    @property
    def inside(self) -> Span:
        """What it encloses, or covers."""
        last = self.closing or self.opening
        return Span(self.opening.span.start, last.span.end)

    @property
    def ancestors(self) -> Iterator[Node]:
        """The pairs around it, innermost first."""
        one = self.parent
        while one is not None:
            yield one
            one = one.parent

    def is_in(self, other: Node) -> bool:
        """Whether a pair is around it."""
        return any(ancestor.order == other.order for ancestor in self.ancestors)

    @property
    def named(self) -> str:
        """What to call it before a reviewer."""
        number = self.opening.code.number
        return f"<g{number}>" if self.is_pair else f"<x{number}/>"


def nodes_of(marks: Sequence[Mark]) -> list[Node]:
    """The nodes of a text's marks, in order. Half a pair without the other half stands alone."""
    partner = partners([mark.code for mark in marks])
    closing = set(partner.values())
    nodes: list[Node] = []
    open_pairs: list[Node] = []
    for at, mark in enumerate(marks):
        if at in closing:
            open_pairs.pop()
            continue
        last = marks[partner[at]] if at in partner else None
        node = Node(at, mark, last, open_pairs[-1] if open_pairs else None)
        nodes.append(node)
        if last is not None:
            open_pairs.append(node)
    return nodes


def partners(codes: Sequence[InlineCode]) -> dict[int, int]:
    """For each opening code that is closed within what encloses it, where that is."""
    partner: dict[int, int] = {}
    waiting: list[int] = []
    for at, code in enumerate(codes):
        if code.kind is CodeKind.OPEN:
            waiting.append(at)
        elif code.kind is CodeKind.CLOSE:
            depth = next(
                (
                    depth
                    for depth in range(len(waiting) - 1, -1, -1)
                    if codes[waiting[depth]].number == code.number
                ),
                None,
            )
            if depth is not None:
                partner[waiting[depth]] = at
                del waiting[depth:]
    return partner
