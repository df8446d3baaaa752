"""From codes in a source to codes in its translation, through the word alignment.

A pair goes around the run of words that renders the words inside it. A code that stands alone
goes where what renders the words before it lies to the left, and what renders those after it
to the right. Punctuation stays on the side of a code that it is on in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from l10n_pipeline.codes import CodedText, Mark
from l10n_pipeline.markup.gaps import division, lacks_closing
from l10n_pipeline.markup.masking import Masked
from l10n_pipeline.markup.nodes import Node, nodes_of
from l10n_pipeline.markup.runs import Run, gap_between, runs_of, words_beside
from l10n_pipeline.markup.spacing import Piece, rooms_of, with_room
from l10n_pipeline.markup.ties import Ties, ties_of
from l10n_pipeline.model import Hypothesis, Span


@dataclass(frozen=True, slots=True)
class Projected:
    """A translation with its source's codes."""

    coded: CodedText
    """Each code of the source once, pairs well nested."""
    doubts: tuple[str, ...] = ()
    """What a reviewer is to look at, one line each."""


def project(masked: Masked, hypothesis: Hypothesis, text: str) -> Projected:
    """Put the codes of a source where they belong in its translation.

    Args:
        masked: the source, as the model saw it.
        hypothesis: what the model wrote.
        text: the translation, stand-ins still in it: the hypothesis's text, or what was made
            of it by putting other words in the place of some of its words.

    Returns:
        The text with what codes show in the place of stand-ins, and the codes in it. It
        differs from ``text`` in white space beside codes alone, as long as each stand-in
        stands in it once.
    """
    if not masked.marks:
        return Projected(CodedText(text))
    nodes = nodes_of(masked.marks)
    text, found, doubts = _stand_ins_in(masked, nodes, text)
    ties = ties_of(masked.text, hypothesis, text)
    runs = runs_of(nodes, ties)
    if ties.guessed and any(not node.shows for node in nodes):
        doubts.append("codes stand where the order of words alone puts them")
    for node in nodes:
        if node.order in runs and not runs[node.order].found:
            doubts.append(f"{node.named} may be around other words than in the source")
        elif node.shows and node.order not in found:
            doubts.append(f'"{node.opening.code.shown}" was left out and has been put in')
    layout = _Layout(masked, nodes, text, ties, runs, found)
    doubts += (f"{node.named} is around nothing" for node in layout.empty)
    return Projected(with_room(list(layout.pieces())), tuple(dict.fromkeys(doubts)))


def _stand_ins_in(
    masked: Masked, nodes: Sequence[Node], text: str
) -> tuple[str, dict[int, Span], list[str]]:
    """The text without stand-ins that stand in it once more, where each does by the order of
    its code, and what there is to tell a reviewer.
    """
    wanted = {node.opening.span.of(masked.text).casefold(): node for node in nodes if node.shows}
    found: dict[int, Span] = {}
    doubts: list[str] = []
    if not wanted:
        return text, found, doubts
    # QX12 is not QX1, nor is 147 the number 47.
    alternatives = "|".join(
        (r"(?<!\d)" if word[0].isdigit() else "") + re.escape(word) for word in wanted
    )
    kept = ""
    done = 0
    for match in re.finditer(rf"(?:{alternatives})(?!\d)", text, re.IGNORECASE):
        kept += text[done : match.start()]
        done = match.end()
        node = wanted[match[0].casefold()]
        if node.order in found:
            doubts.append(f'"{node.opening.code.shown}" stood there more than once')
            kept = kept.rstrip()
        else:
            found[node.order] = Span(len(kept), len(kept) + len(match[0]))
            kept += match[0]
    return kept + text[done:], found, doubts


class _Layout:
    """Where each code stands in a translation, by code point."""

    def __init__(
        self,
        masked: Masked,
        nodes: Sequence[Node],
        text: str,
        ties: Ties,
        runs: dict[int, Run],
        found: dict[int, Span],
    ) -> None:
        self._masked = masked
        self._nodes = nodes
        self._text = text
        self._ties = ties
        self._runs = runs
        self._found = found
        self._places: dict[int, Span] = {}
        self._children: dict[int | None, list[Node]] = {None: []}
        self.empty: list[Node] = []
        """Pairs that have lost what they are around."""
        self._lay_pairs()
        self._lay_others()

    # --- pairs with words

    def _lay_pairs(self) -> None:
        """Let pairs enclose each other as their runs do, and give each its punctuation."""
        pairs = [node for node in self._nodes if node.order in self._runs]
        pairs.sort(key=lambda node: (self._runs[node.order].first, -self._runs[node.order].last))
        open_pairs: list[Node] = []
        for node in pairs:
            run = self._runs[node.order]
            while open_pairs and self._runs[open_pairs[-1].order].last < run.first:
                open_pairs.pop()
            self._put(node, open_pairs[-1] if open_pairs else None)
            open_pairs.append(node)
        self._bound()

    def _put(self, node: Node, holder: Node | None) -> None:
        self._children[None if holder is None else holder.order].append(node)
        self._children[node.order] = []

    def _bound(self) -> None:
        """Find the ends of the pairs: what lies between two belongs to one of them, or none."""
        waiting: list[tuple[int | None, Span]] = [(None, Span(0, len(self._text)))]
        while waiting:
            holder, within = waiting.pop()
            low = within.start
            siblings = self._children[holder]
            for at, node in enumerate(siblings):
                run = self._runs[node.order]
                high = within.end
                if at + 1 < len(siblings):
                    high = self._ties.target[self._runs[siblings[at + 1].order].first].start
                closing = node.closing or node.opening
                start = max(low, self._place(run.first, node.opening, late=True))
                end = min(high, self._place(run.last + 1, closing, late=False))
                if end < high and lacks_closing(self._text[start:end], self._text[end]):
                    end += 1  # a name may bring quotation marks that its source has not
                low = end
                self._places[node.order] = Span(start, low)
                waiting.append((node.order, Span(start, low)))

    def _place(self, gap: int, mark: Mark, *, late: bool) -> int:
        """Where a mark belongs between the words before and at ``gap``."""
        target = self._ties.target
        start = target[gap - 1].end if gap > 0 else 0
        end = target[gap].start if gap < len(target) else len(self._text)
        before, after = self._beside(mark)
        return start + division(self._text[start:end], before, after, late=late)

    def _beside(self, mark: Mark) -> tuple[str, str]:
        """What stands in the source between a mark and the words on both sides of it."""
        source, text, place = self._ties.source, self._masked.text, mark.span.start
        at = bisect_right(source, place, key=lambda word: word.end)
        if at < len(source) and source[at].start < place:
            return "", ""
        start = source[at - 1].end if at > 0 else 0
        end = source[at].start if at < len(source) else len(text)
        return text[start:place], text[place:end]

    # --- all others

    def _lay_others(self) -> None:
        for node in self._nodes:
            if node.order in self._places:
                continue
            place = self._found.get(node.order) or self._symbols(node)
            holder = None
            if place is None:
                at = self._free_place(node)
                place, holder = Span(at, at), node.parent
                if node.is_pair and node.inside.of(self._masked.text).strip():
                    self.empty.append(node)
            self._places[node.order] = place
            self._put(node, holder or self._around(place))
        for children in self._children.values():
            children.sort(key=self._position)

    def _symbols(self, node: Node) -> Span | None:
        """Where what a pair without words is around stands in the translation, if it does as
        often as in the source, and no code begins or ends inside.
        """
        source, text, inside = self._masked.text, self._text, node.inside
        symbols = inside.of(source).strip()
        if not node.is_pair or not symbols or source.count(symbols) != text.count(symbols):
            return None
        start = -1
        for _ in range(source.count(symbols, 0, inside.end)):
            start = text.find(symbols, start + 1)
        if start < 0:
            return None
        place = Span(start, start + len(symbols))
        for other in self._places.values():
            if place.overlaps(other) and not other.contains(place):
                return None
            if place.start < other.start == other.end < place.end:
                return None
        around = (self._places.get(one.order) for one in node.ancestors)
        if any(other is not None and not other.contains(place) for other in around):
            return None
        return place

    def _position(self, node: Node) -> tuple[int, int, int]:
        place = self._places[node.order]
        return place.start, place.end, node.order

    def _around(self, place: Span) -> Node | None:
        """The innermost pair that a place is inside of, not at an end of."""
        holder: Node | None = None
        while True:
            children = self._children[None if holder is None else holder.order]
            inner = next((one for one in children if self._holds(one, place)), None)
            if inner is None:
                return holder
            holder = inner

    def _holds(self, pair: Node, place: Span) -> bool:
        if pair.order not in self._runs:
            return False
        whole = self._places[pair.order]
        if len(place):
            return whole.contains(place)
        return whole.start < place.start < whole.end

    def _free_place(self, node: Node) -> int:
        """Where a code goes that no word stands for."""
        within = next((self._places[one.order] for one in node.ancestors), Span(0, len(self._text)))
        before, after = self._beside(node.opening)
        late = bool(before) and not after
        run = next(
            (self._runs[one.order] for one in node.ancestors if one.order in self._runs),
            Run(0, len(self._ties.target) - 1),
        )
        others = [
            other for other in self._nodes if other.order in self._runs and not node.is_in(other)
        ]
        barred = {
            gap
            for other in others
            for gap in range(self._runs[other.order].first + 1, self._runs[other.order].last + 1)
        }
        gaps = [gap for gap in range(run.first, run.last + 2) if gap not in barred]
        gaps = gaps or [run.first]
        gap = gap_between(*words_beside(node, self._ties), gaps, self._ties, late=late)
        place = self._place(gap, node.opening, late=late)
        for other in others:
            taken = self._places[other.order]
            if taken.start < place < taken.end:
                place = taken.start if gap <= self._runs[other.order].first else taken.end
        return min(max(place, within.start), within.end)

    # --- pieces

    def pieces(self) -> Iterator[Piece]:
        """Text and codes in order."""
        done = 0
        open_pairs: list[tuple[Node | None, Iterator[Node]]] = [(None, iter(self._children[None]))]
        while open_pairs:
            holder, inside = open_pairs[-1]
            node = next(inside, None)
            if node is not None:
                place = self._places[node.order]
                yield self._text[done : place.start]
                done = max(done, place.start)
                if node.is_pair:
                    yield node.opening, None
                    open_pairs.append((node, iter(self._children[node.order])))
                else:
                    lost = node.shows and node.order not in self._found
                    yield node.opening, rooms_of(self._masked.source, node.order, lost=lost)
                    done = max(done, place.end)
                continue
            open_pairs.pop()
            end = len(self._text) if holder is None else self._places[holder.order].end
            yield self._text[done:end]
            done = max(done, end)
            if holder is not None and holder.closing is not None:
                yield holder.closing, None
