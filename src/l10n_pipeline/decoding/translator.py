"""The engine: texts in, hypotheses out, over any family of models."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.decoding.greedy import LENGTH_FACTOR, SearchResult, greedy_search
from l10n_pipeline.decoding.plain import plain_equivalents, turned_back
from l10n_pipeline.decoding.segments import pieces, trimmed
from l10n_pipeline.model import AlignmentLink, Hypothesis, Span
from l10n_pipeline.protocols import EncodedText, TranslationModel

TOKENS_PER_BATCH: Final = 2_000
"""Source tokens, padding included, that are translated together."""
_NEAR_TIE: Final = 1e-3
"""Nats. Far above what rounding can differ by between batches (1e-5 is seen), far below
what separates most choices."""
_LINE_BREAKS: Final = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a source that is translated in one go; as a rule the whole source."""

    source: int
    """Index of the source."""
    offset: int
    """Where in the source it begins."""
    encoded: EncodedText
    """Spans are offsets from there."""


class Translator:
    """A model ready to translate; implements :class:`l10n_pipeline.protocols.Engine`.

    A translation does not depend on its batch: where rounding, which varies with the
    shape of a batch, could have turned a choice, the sentence is translated again alone.

    Args:
        model: from :func:`l10n_pipeline.engines.load_model`.
        tokens_per_batch: source tokens, padding included, that are translated together.
        length_factor: limit of a translation's length, as a multiple of the source's.
    """

    def __init__(
        self,
        model: TranslationModel,
        *,
        tokens_per_batch: int = TOKENS_PER_BATCH,
        length_factor: float = LENGTH_FACTOR,
    ) -> None:
        self._model = model
        self._tokens_per_batch = tokens_per_batch
        self._length_factor = length_factor
        self._characters = _LINE_BREAKS | plain_equivalents(model.source_vocabulary)
        self.name = model.name

    def translate(
        self, sources: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> list[Hypothesis]:
        """Translate each source on its own.

        Line breaks count as spaces, and typographic characters that the vocabulary lacks
        as their plain equivalents. An empty or blank source gives an empty, complete
        hypothesis with score 0. A source longer than the model is good for is cut at the
        ends of clauses, translated piece by piece and joined with spaces. Links to the
        end of the source, or to or from tokens without text, are left out.

        Args:
            sources: single segments.
            progress: called with the number of sources finished since its last call.

        Raises:
            ModelError: where a model's file turns out to be broken.
        """
        found: list[dict[int, Hypothesis]] = [{} for _ in sources]
        weights: list[dict[int, int]] = [{} for _ in sources]
        work = [piece for index, source in enumerate(sources) for piece in self._cut(index, source)]
        waiting = [0] * len(sources)
        for piece in work:
            waiting[piece.source] += 1
        _report(progress, waiting.count(0))
        for batch in self._batches(work):
            done = 0
            for piece, result in zip(batch, self._search(batch), strict=True):
                source = sources[piece.source]
                found[piece.source][piece.offset] = self._hypothesis(source, piece, result)
                weights[piece.source][piece.offset] = result.steps
                waiting[piece.source] -= 1
                done += waiting[piece.source] == 0
            _report(progress, done)
        return [
            self._finished(
                source, [(hypotheses[offset], steps[offset]) for offset in sorted(hypotheses)]
            )
            for source, hypotheses, steps in zip(sources, found, weights, strict=True)
        ]

    def unwritable(self, source: str) -> tuple[Span, ...]:
        """Words of the source with a character that the model's vocabulary lacks.

        Spans of white-space-delimited words without the punctuation around them, in order.
        A character that the vocabulary writes another way (``ﬁ`` as ``fi``) is not lacking.
        """
        encoded = self._encode(source)
        unknown = [
            index
            for piece, span in zip(encoded.ids, encoded.spans, strict=True)
            if piece == self._model.source_vocabulary.unk_id
            for index in range(span.start, span.end)
            if not source[index].isspace()
        ]
        lacking = frozenset(unknown)
        words = (Span(*match.span()) for match in re.finditer(r"\S+", source))
        return tuple(
            _without_punctuation(source, word, lacking)
            for word in words
            if any(index in lacking for index in range(word.start, word.end))
        )

    def _encode(self, text: str) -> EncodedText:
        # One character for another, so that offsets stay offsets into the source.
        return self._model.source_vocabulary.encode(text.translate(self._characters))

    def _cut(self, index: int, source: str) -> Iterator[_Piece]:
        limit = self._model.max_source_length - 1

        def fits(text: str) -> bool:
            return len(self._encode(text).ids) <= limit

        for span in pieces(source, fits):
            encoded = self._encode(span.of(source))
            if encoded.ids:
                yield _Piece(index, span.start, encoded)

    def _batches(self, work: list[_Piece]) -> Iterator[list[_Piece]]:
        """Pieces of similar length together, longest first, within the token budget."""
        batch: list[_Piece] = []
        longest = 0
        for piece in sorted(work, key=lambda piece: -len(piece.encoded.ids)):
            if batch and (len(batch) + 1) * longest > self._tokens_per_batch:
                yield batch
                batch = []
            if not batch:
                longest = len(piece.encoded.ids) + 1
            batch.append(piece)
        if batch:
            yield batch

    def _search(self, batch: list[_Piece]) -> list[SearchResult]:
        eos = self._model.source_vocabulary.eos_id
        sources = [(*piece.encoded.ids, eos) for piece in batch]
        results = greedy_search(self._model, sources, length_factor=self._length_factor)
        if len(batch) == 1:
            return results
        return [
            greedy_search(self._model, [source], length_factor=self._length_factor)[0]
            if result.margin < _NEAR_TIE
            else result
            for source, result in zip(sources, results, strict=True)
        ]

    def _finished(self, source: str, parts: list[tuple[Hypothesis, int]]) -> Hypothesis:
        hypothesis = _joined(parts)
        return replace(hypothesis, text=turned_back(hypothesis.text, source, self._characters))

    def _hypothesis(self, source: str, piece: _Piece, result: SearchResult) -> Hypothesis:
        decoded = self._model.target_vocabulary.decode(result.tokens)
        links = []
        weights, positions = result.attention.max(dim=1)
        for token_span, position, weight in zip(
            decoded.spans, positions.tolist(), weights.tolist(), strict=True
        ):
            target = trimmed(decoded.text, token_span)
            if position >= len(piece.encoded.ids) or not target:
                continue
            origin = trimmed(source, piece.encoded.spans[position].shifted(piece.offset))
            if origin:
                links.append(AlignmentLink(target, origin, weight))
        return Hypothesis(decoded.text, result.score, tuple(links), result.complete)


def _report(progress: Callable[[int], None] | None, finished: int) -> None:
    if progress is not None and finished:
        progress(finished)


def _joined(parts: list[tuple[Hypothesis, int]]) -> Hypothesis:
    """The translations of a source's pieces, with their steps, as one."""
    if not parts:
        return Hypothesis(text="", score=0.0)
    text = ""
    links: list[AlignmentLink] = []
    for part, _ in parts:
        text += " " if text and part.text else ""
        links += [
            AlignmentLink(link.target.shifted(len(text)), link.source, link.weight)
            for link in part.alignment
        ]
        text += part.text
    steps = sum(steps for _, steps in parts)
    return Hypothesis(
        text=text,
        score=sum(part.score * steps for part, steps in parts) / steps,
        alignment=tuple(links),
        complete=all(part.complete for part, _ in parts),
    )


def _without_punctuation(text: str, word: Span, keep: frozenset[int]) -> Span:
    """The word without the punctuation around it, as far as ``keep`` does not need it."""

    def strips(index: int) -> bool:
        return index not in keep and unicodedata.category(text[index]).startswith("P")

    start, end = word.start, word.end
    while start < end and strips(start):
        start += 1
    while end > start and strips(end - 1):
        end -= 1
    return Span(start, end)
