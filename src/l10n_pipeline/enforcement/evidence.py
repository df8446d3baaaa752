"""What the word alignment says of the words of a hypothesis."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.enforcement.cognates import cognates
from l10n_pipeline.folding import DOUBLE_QUOTES, is_word_character, words
from l10n_pipeline.model import AlignmentLink, Hypothesis, Span

_KINSHIP: Final = 0.9
"""What a word's spelling says of what it renders; the alignment is then not asked."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A hypothesis as words with their links into the source."""

    source: str
    text: str
    words: tuple[Span, ...]
    """The hypothesis's words: offsets into ``text``, in order."""
    links: tuple[tuple[AlignmentLink, ...], ...]
    """For each word, the links of its tokens, their source spans without white space."""
    marks: tuple[AlignmentLink, ...]
    """The links of tokens that are punctuation alone, likewise."""

    @classmethod
    def of(cls, source: str, hypothesis: Hypothesis) -> Evidence:
        """Gather the links of each word of a hypothesis."""
        spans = words(hypothesis.text)
        links = [_without_space(source, link) for link in hypothesis.alignment]
        by_word: list[tuple[AlignmentLink, ...]] = []
        first = 0
        for span in spans:
            while first < len(links) and links[first].target.end <= span.start:
                first += 1
            last = first
            while last < len(links) and links[last].target.start < span.end:
                last += 1
            by_word.append(tuple(link for link in links[first:last] if link.target.overlaps(span)))
        marks = tuple(link for link in links if not _has_word(link.target.of(hypothesis.text)))
        return cls(source, hypothesis.text, spans, tuple(by_word), marks)

    def ties(self, place: Span) -> list[float]:
        """For each word, how far it renders this stretch of the source: 1 where the
        model looked at nothing else, -1 where it looked at other words, 0 where unknown.

        A word that looked at punctuation elsewhere is unknown: that is where attention
        goes that finds nothing. A word that is plainly another spelling of a word of the
        source renders that, wherever it looked.
        """
        kin = cognates(self.source, self.text)
        return [
            self._tie(links, place)
            if at not in kin
            else _KINSHIP * (1 if place.contains(kin[at]) else -1)
            for at, links in enumerate(self.links)
        ]

    def affinity(self, place: Span, target: Span) -> float:
        """The same of a stretch of the hypothesis, as the mean over its words."""
        first = bisect_right(self.words, target.start, key=lambda word: word.end)
        last = bisect_left(self.words, target.end, key=lambda word: word.start)
        ties = [self._tie(links, place) for links in self.links[first:last]]
        return sum(ties) / len(ties) if ties else 0.0

    def with_punctuation(self, rendering: Span, place: Span) -> Span:
        """The rendering with punctuation beside it that renders the term's own, such as
        the full stops of a title: marks whose token looks at a mark inside the term, or
        stands in the place of the quotation mark that opens it.
        """
        own = [
            link.target
            for link in self.marks
            if (place.contains(link.source) and not _has_word(link.source.of(self.source)))
            or self._replaces_quotation_mark(link, place)
        ]
        start, end = rendering.start, rendering.end
        for mark in own:
            if mark.start >= end and not self.text[end : mark.start].strip():
                end = mark.end
        for mark in reversed(own):
            if mark.end <= start and not self.text[mark.end : start].strip():
                start = mark.start
        return Span(start, end)

    def _replaces_quotation_mark(self, link: AlignmentLink, place: Span) -> bool:
        before = self.source[: link.source.start].rstrip()
        return (
            link.source.end == place.start
            and link.source.of(self.source) in set(DOUBLE_QUOTES)
            and not set(DOUBLE_QUOTES).intersection(link.target.of(self.text))
            and _has_word(before[-1:])
        )

    def _tie(self, links: Sequence[AlignmentLink], place: Span) -> float:
        if not links:
            return 0.0
        signed = (
            link.weight
            if link.source.overlaps(place)
            else -link.weight * _has_word(link.source.of(self.source))
            for link in links
        )
        return sum(signed) / len(links)


def _has_word(text: str) -> bool:
    return any(map(is_word_character, text))


def _without_space(source: str, link: AlignmentLink) -> AlignmentLink:
    token = link.source.of(source)
    start = link.source.start + len(token) - len(token.lstrip())
    return AlignmentLink(link.target, Span(start, start + len(token.strip())), link.weight)
