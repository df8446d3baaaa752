"""Two engines in a row: the second goes on with what the first wrote.

For pairs without a model of their own. What is known of a translation is traced back
through the text in between, which is never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from l10n_pipeline.model import GREEDY, AlignmentLink, Hypothesis, Search, Span
from l10n_pipeline.protocols import Engine


class PivotEngine:
    """An :class:`l10n_pipeline.protocols.Engine` made of two.

    A translation's score is the sum of both: each is the mean log-probability of a token,
    and a token is right where what it renders is right and its rendering is. A pivoted
    translation is so never taken for as sure as the better of its halves.

    Args:
        first: from the source language to the one in between.
        second: from there to the target language.
        joint: stands between their names in the engine's own.
    """

    def __init__(self, first: Engine, second: Engine, *, joint: str = "+") -> None:
        self.name = f"{first.name}{joint}{second.name}"
        self._first = first
        self._second = second

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Translate each source; see :class:`l10n_pipeline.protocols.Engine`.

        Args:
            sources: single segments.
            search: how both engines look for translations.
            prefixes: what the second engine's translations have to begin with.
            progress: called with the number of sources finished; half of a source's work
                is done when the first engine is.
        """
        half = _halves(progress)
        first = self._first.translate(sources, search=search, progress=half)
        second = self._second.translate(
            [hypothesis.text for hypothesis in first],
            search=search,
            prefixes=prefixes,
            progress=half,
        )
        return [
            composed(source, before, after)
            for source, before, after in zip(sources, first, second, strict=True)
        ]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Up to ``n`` translations of what the first engine thinks best, for each source."""
        first = self._first.translate(sources, search=search)
        second = self._second.n_best(
            [hypothesis.text for hypothesis in first], n, search=search, prefixes=prefixes
        )
        return [
            [composed(source, before, after) for after in alternatives]
            for source, before, alternatives in zip(sources, first, second, strict=True)
        ]

    def close(self) -> None:
        """Close both engines."""
        self._first.close()
        self._second.close()


def composed(source: str, first: Hypothesis, second: Hypothesis) -> Hypothesis:
    """The translation of a translation as one of the source.

    Args:
        source: what ``first`` translates.
        first: its translation.
        second: the translation of ``first.text``.
    """
    traced = (_traced(source, word.of(first.text), word, first) for word in second.unwritable)
    return Hypothesis(
        text=second.text,
        score=first.score + second.score,
        alignment=tuple(_composed_links(first.alignment, second.alignment)),
        complete=first.complete and second.complete,
        unwritable=tuple(
            sorted({*first.unwritable, *(span for span in traced if span is not None)})
        ),
    )


def _composed_links(
    first: Sequence[AlignmentLink], second: Sequence[AlignmentLink]
) -> Iterator[AlignmentLink]:
    """For each link of the second alignment, where the first leads on from its source.

    A token in between that the first alignment passes over leads on as its nearest
    neighbour does.
    """
    if not first:
        return
    for link in second:
        between = link.source
        onward = max(first, key=lambda one: (_shared(one.target, between), one.weight))
        yield AlignmentLink(link.target, onward.source, link.weight * onward.weight)


def _shared(one: Span, other: Span) -> int:
    """Code points that two spans have in common; where there are none, minus the distance."""
    return min(one.end, other.end) - max(one.start, other.start)


def _traced(source: str, word: str, between: Span, first: Hypothesis) -> Span | None:
    """Where in the source stands the word that the first engine copied to this place.

    None where it did not copy but translate: then nothing in the source could be carried
    over in the word's stead.
    """
    aligned = [link.source for link in first.alignment if link.target.overlaps(between)]
    start = source.find(word)
    while start >= 0:
        found = Span(start, start + len(word))
        if any(found.overlaps(span) for span in aligned):
            return found
        start = source.find(word, start + 1)
    return None


def _halves(progress: Callable[[int], None] | None) -> Callable[[int], None] | None:
    """Tells ``progress`` of one source for every two that it is told of itself."""
    if progress is None:
        return None
    halves = 0

    def told(count: int) -> None:
        nonlocal halves
        halves += count
        finished, halves = divmod(halves, 2)
        if finished:
            progress(finished)

    return told
