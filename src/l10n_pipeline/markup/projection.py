"""From codes in a source to codes in its translation, through the word alignment.

A pair goes around the run of words that renders the words inside it. A code that stands alone
goes where what renders the words before it lies to the left, and what renders those after it
to the right. Punctuation stays on the side of a code that it is on in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from l10n_pipeline.codes import CodedText, Mark
from l10n_pipeline.markup.gaps import alike, closes, division, is_symbol, lacks_closing
from l10n_pipeline.markup.masking import Masked, stand_ins_in
from l10n_pipeline.markup.nodes import Node, nodes_of
from l10n_pipeline.markup.runs import Run, gap_between, runs_of, takes_more, words_beside
from l10n_pipeline.markup.scripts import unfolded
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
        differs from ``text`` in white space beside codes alone, as long as each stand-in, and
        what stands in pairs without words, stands in it once.
    """
    if not masked.marks:
        return Projected(CodedText(text))
    nodes = nodes_of(masked.marks)
    text, found, doubts = _stand_ins_in(masked, nodes, text)
    ties = ties_of(
        masked.text,
        hypothesis,
        text,
        [mark.span.start for mark in masked.marks if not len(mark.span)],
        [node.inside for node in nodes if node.is_pair],
    )
    runs = runs_of(nodes, ties)
    if ties.guessed and any(not node.shows for node in nodes):
        doubts.append("codes stand where the order of words alone puts them")
    for node in nodes:
        run = runs.get(node.order)
        if run is not None and (not run.found or (ties.brought_forward and run.last == 0)):
            doubts.append(f"{node.named} may be around other words than in the source")
        elif run is not None and takes_more(node, ties):
            doubts.append(f"{node.named} may be around more of a word than in the source")
        elif node.shows and node.order not in found:
            doubts.append(f'"{node.opening.code.shown}" was left out and has been put in')
    layout = _Layout(masked, nodes, text, ties, runs, found)
    doubts += (f'"{symbols}" was left out and has been put in' for symbols in layout.put_in)
    coded = unfolded(with_room(list(layout.pieces())), masked.standing)
    return Projected(coded, tuple(dict.fromkeys(doubts)))


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
    kept = ""
    done = 0
    formulas = [node.opening.code.shown for node in nodes if node.opening.code in masked.standing]
    for match in stand_ins_in(text, filter(None, formulas)):
        node = wanted.get(match[0].casefold())
        if node is None:
            continue
        kept += text[done : match.start()]
        done = match.end()
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
        self._brought: dict[int, str] = {}
        """What pairs have lost that they were around."""
        self._leads: dict[int, str] = {}
        """White space that goes before pairs, and likewise after them."""
        self._trails: dict[int, str] = {}
        self._symbols: dict[str, tuple[list[Span], ...]] = {}
        """Where what pairs without words are around stands in the source and in the text."""
        self._lay_pairs()
        self._pairs = {holder: tuple(pairs) for holder, pairs in self._children.items()}
        self._starts = {
            holder: [self._places[pair.order].start for pair in pairs]
            for holder, pairs in self._pairs.items()
        }
        self._edges = sorted(
            edge for place in self._places.values() for edge in (place.start, place.end)
        )
        self._covers = self._counted()
        self._gaps: dict[int | None, list[int]] = {}
        self._lay_others()

    @property
    def put_in(self) -> Iterator[str]:
        """What was left out and has been put in, in order."""
        return iter(self._brought.values())

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
        enclosing = {
            node.parent.order
            for node in self._nodes
            if node.parent is not None
            and (not node.is_pair or node.inside.of(self._masked.text).strip())
        }
        for node in self._nodes:
            if node.order in self._places:
                continue
            symbols = node.inside.of(self._masked.text).strip() if node.is_pair else ""
            place = self._found.get(node.order) or self._place_of(symbols, node)
            holder = node.parent
            if place is None:
                at = self._free_place(node)
                place = Span(at, at)
                if symbols and node.order not in enclosing:
                    place = self._alike(symbols, at, node) or self._bring(symbols, at, node)
            elif holder is None or holder.order in self._runs or not self._holds(holder, place):
                holder = self._around(place)
            self._places[node.order] = place
            insort(self._edges, place.start)
            insort(self._edges, place.end)
            self._put(node, holder or self._around(place))
        for children in self._children.values():
            children.sort(key=self._position)

    def _place_of(self, symbols: str, node: Node) -> Span | None:
        """Where what a pair without words is around stands in the translation, if it does as
        often as in the source, and the pair may stand around it there.
        """
        if not symbols:
            return None
        if symbols not in self._symbols:
            pattern = re.compile(re.escape(symbols))
            self._symbols[symbols] = tuple(
                [Span(*found.span()) for found in pattern.finditer(text)]
                for text in (self._masked.text, self._text)
            )
        in_source, in_text = self._symbols[symbols]
        if len(in_source) != len(in_text):
            return None
        at = bisect_right(in_source, node.inside.end, key=lambda span: span.end) - 1
        place = in_text[at]
        return place if at >= 0 and self._may_enclose(node, place) else None

    def _alike(self, symbols: str, at: int, node: Node) -> Span | None:
        """The symbols at a place, or beyond the white space at it, where they are of the same
        kinds: other quotation marks.
        """
        text = self._text
        ahead = at + len(text[at:]) - len(text[at:].lstrip())
        for middle in (at, ahead, len(text[:at].rstrip())):
            start = end = middle
            while start > 0 and is_symbol(text[start - 1]):
                start -= 1
            while end < len(text) and is_symbol(text[end]):
                end += 1
            place = Span(start, end)
            if alike(symbols, place.of(text)) and self._may_enclose(node, place):
                return place
        return None

    def _bring(self, symbols: str, at: int, node: Node) -> Span:
        """Put what the model left out into its pair, with white space around as in the source."""
        outermost = node
        while outermost.parent is not None and outermost.parent.order not in self._runs:
            outermost = outermost.parent
        source, text, inside = self._masked.text, self._text, outermost.inside
        before, after = text[:at][-1:], text[at : at + 1]
        if source[: inside.start][-1:].isspace() and before and not before.isspace():
            self._leads[outermost.order] = " "
        if source[inside.end :][:1].isspace() and after and not (after.isspace() or closes(after)):
            self._trails[outermost.order] = " "
        self._brought[node.order] = symbols
        return Span(at, at)

    def _may_enclose(self, node: Node, place: Span) -> bool:
        """Whether no code begins or ends inside of a place, and it is in all that the node is
        in.
        """
        first = bisect_right(self._edges, place.start)
        if first < len(self._edges) and self._edges[first] < place.end:
            return False
        around = (self._places.get(one.order) for one in node.ancestors)
        return all(other is None or other.contains(place) for other in around)

    def _holds(self, pair: Node, place: Span) -> bool:
        whole = self._places.get(pair.order)
        return whole is not None and whole.contains(place)

    def _position(self, node: Node) -> tuple[int, int, int]:
        place = self._places[node.order]
        return place.start, place.end, node.order

    def _around(self, place: Span) -> Node | None:
        """The innermost pair with words that a place is inside of, not at an end of."""
        holder: Node | None = None
        while (inner := self._pair_around(place, holder)) is not None:
            holder = inner
        return holder

    def _pair_around(self, place: Span, holder: Node | None) -> Node | None:
        """Of the pairs with words directly in another, the one that a place is inside of."""
        order = None if holder is None else holder.order
        starts, pairs = self._starts[order], self._pairs[order]
        at = (bisect_right if len(place) else bisect_left)(starts, place.start) - 1
        if at < 0:
            return None
        whole = self._places[pairs[at].order]
        is_inside = place.end <= whole.end if len(place) else place.end < whole.end
        return pairs[at] if is_inside else None

    def _free_place(self, node: Node) -> int:
        """Where a code goes that no word stands for."""
        before, after = self._beside(node.opening)
        late = bool(before) and not after
        around = [one for one in node.ancestors if one.order in self._runs]
        gaps = self._free_gaps(around)
        gap = gap_between(*words_beside(node, self._ties), gaps, self._ties, late=late)
        place = self._place(gap, node.opening, late=late)
        orders = {one.order for one in around}
        other = self._pair_around(Span(place, place), None)
        while other is not None and other.order in orders:
            other = self._pair_around(Span(place, place), other)
        if other is not None:
            taken = self._places[other.order]
            place = taken.start if gap <= self._runs[other.order].first else taken.end
        within = next((self._places[one.order] for one in node.ancestors), Span(0, len(self._text)))
        return min(max(place, within.start), within.end)

    def _free_gaps(self, around: Sequence[Node]) -> Sequence[int]:
        """The gaps in which a code may stand that is in these pairs: not within another.

        Args:
            around: pairs with words, innermost first, each in the next.
        """
        order = around[0].order if around else None
        if order not in self._gaps:
            runs = [self._runs[one.order] for one in around]
            run = runs[0] if runs else Run(0, len(self._ties.target) - 1)
            inside = range(run.first + 1, run.last + 1)
            self._gaps[order] = [
                gap
                for gap in range(run.first, run.last + 2)
                if self._covers[gap]
                == (len(runs) if gap in inside else sum(gap in one.words[1:] for one in runs))
            ] or [run.first]
        return self._gaps[order]

    def _counted(self) -> list[int]:
        """In how many pairs with words each gap is."""
        changes = [0] * (len(self._ties.target) + 2)
        for run in self._runs.values():
            changes[run.first + 1] += 1
            changes[run.last + 1] -= 1
        return list(accumulate(changes))

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
                    yield self._leads.get(node.order, "")
                    yield node.opening, None
                    yield self._brought.get(node.order, "")
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
                yield self._trails.get(holder.order, "")
