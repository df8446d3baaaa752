"""Sentences of a block, as offsets.

A library proposes where sentences end (:mod:`~l10n_pipeline.segment.backends`); the few
rules here only ever take proposals back. Dividing too little costs a translation memory
a match; dividing too much tears a name or a thought apart and no later stage can mend it.

Quotations and brackets
    What stands between a pair of quotation marks or brackets is not divided, be it a title
    in the middle of a sentence (“Khojaly. Twenty years, ten stories.”) or two sentences
    that somebody said: a segment with one half of a pair makes a model drop or invent the
    other, and a reviewer sees neither half's context. Only what is longer than
    :data:`LONGEST_QUOTATION` is divided inside, since a model would lose its thread.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from l10n_pipeline.folding import fold
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Span
from l10n_pipeline.segment.backends import BackendError, backends_for, sentence_ends
from l10n_pipeline.segment.phrases import PhraseFinder
from l10n_pipeline.segment.quotations import find_marks
from l10n_pipeline.segment.rules import ABBREVIATIONS, may_end, past_closing
from l10n_pipeline.segment.view import view_of

LONGEST_QUOTATION: Final = 300
"""Code points, marks included, up to which a quotation or bracket stays in one segment."""


class SentenceSegmenter:
    """Divides text into sentences; implements :class:`l10n_pipeline.protocols.Segmenter`.

    Args:
        locale: language of the text. A language without rules is served by a related
            one's, in the last resort by punctuation alone.
        protected: strings within which no segment ends, matched as the glossary matches
            them: the source terms of all the project's glossaries, so that the segments
            are the same whatever the target.
        abbreviations: strings after which no segment ends, with their full stop or
            without: ``approx.``, ``Rep.``
    """

    def __init__(
        self,
        locale: Locale,
        *,
        protected: Iterable[str] = (),
        abbreviations: Iterable[str] = (),
    ) -> None:
        self._language = locale.language
        self._backends = backends_for(locale)
        self._protected = PhraseFinder(protected)
        self._abbreviations = PhraseFinder(
            abbreviation.strip().removesuffix(".") + "."
            for abbreviation in (*abbreviations, *ABBREVIATIONS.get(locale.language, ()))
            if abbreviation.strip()
        )

    def split(self, text: str) -> list[Span]:
        """Sentences in order: non-empty, no white space at their ends nor lost between.

        A line break counts as a space. Text that no library can take is one sentence.

        >>> segmenter = SentenceSegmenter(Locale("en"), abbreviations=["approx."])
        >>> text = "Mr Lapaitis came. It took approx. Two hours."
        >>> [span.of(text) for span in segmenter.split(text)]
        ['Mr Lapaitis came.', 'It took approx. Two hours.']
        """
        marks = find_marks(text)
        kept = [pair for pair in marks.pairs if len(pair) <= LONGEST_QUOTATION]
        view = view_of(text, marks, kept)
        opening = {pair.start for pair in marks.pairs}
        closing = {pair.end - 1 for pair in marks.pairs}
        protected, abbreviations = self._find_phrases(text)
        abbreviated = {span.end for span in abbreviations}
        whole = _union([*kept, *protected, *abbreviations])
        proposed = [
            past_closing(text, view.original(at), opening, closing) for at in self._ask(view.text)
        ]
        return list(
            _between(
                text,
                [
                    end
                    for end in proposed
                    if end not in abbreviated
                    and not _is_inside(end, whole)
                    and may_end(text, end, self._language)
                ],
            )
        )

    def _find_phrases(self, text: str) -> tuple[list[Span], list[Span]]:
        if not (self._protected or self._abbreviations):
            return [], []
        folded = fold(text)
        return self._protected.find(folded), self._abbreviations.find(folded)

    def _ask(self, text: str) -> list[int]:
        for backend in self._backends:
            try:
                return sentence_ends(backend, text)
            except BackendError:
                continue
        return []


def _union(spans: Iterable[Span]) -> list[Span]:
    """The stretches that the spans cover, in order and apart from one another."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _is_inside(at: int, spans: Sequence[Span]) -> bool:
    """Whether a division at this offset would cut one of the spans, which are apart."""
    next_span = bisect_left(spans, at, key=lambda span: span.start)
    return next_span > 0 and at < spans[next_span - 1].end


def _between(text: str, ends: Iterable[int]) -> Iterator[Span]:
    """The stretches that the ends divide the text into, without white space around."""
    start = 0
    for end in (*ends, len(text)):
        sentence = text[start:end].strip()
        if sentence:
            first = text.index(sentence, start)
            yield Span(first, first + len(sentence))
        start = max(start, end)
