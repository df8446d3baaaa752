"""The engine: texts in, hypotheses out, over any family of models."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.decoding.beam import beam_search
from l10n_pipeline.decoding.greedy import LENGTH_FACTOR, greedy_search
from l10n_pipeline.decoding.hypotheses import Part, joined, part_of, without_repeats
from l10n_pipeline.decoding.plain import plain_equivalents, turned_back
from l10n_pipeline.decoding.prefixes import NO_PREFIX, Prefix, encoded_prefix, with_prefix
from l10n_pipeline.decoding.results import SearchResult
from l10n_pipeline.decoding.segments import pieces, trimmed
from l10n_pipeline.model import GREEDY, Hypothesis, Search, Span
from l10n_pipeline.protocols import EncodedText, SearchingModel, TranslationModel

_LINE_BREAKS: Final = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


@dataclass(slots=True, eq=False)
class _Task:
    """A source to be translated, and what has been found of its translations."""

    source: str
    prefix: Prefix
    asked: int
    """How often it was asked for."""
    unwritable: tuple[Span, ...]
    found: list[list[Part]]
    """For each piece its translations, best first; empty until they are found."""


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A stretch of a source that is translated in one go; as a rule the whole source."""

    task: _Task
    index: int
    """Its place among the source's pieces."""
    ids: tuple[int, ...]
    """With the end of sentence."""
    origins: tuple[Span, ...]
    """What each id but the last stands for in the source, without white space around."""
    prefix: Prefix


class Translator:
    """A model ready to translate; implements :class:`l10n_pipeline.protocols.Engine`.

    A translation does not depend on its batch: where rounding, which varies with the
    shape of a batch, could have turned a choice, the sentence is translated again alone.

    Args:
        model: from :func:`l10n_pipeline.engines.load_model`.
        tokens_per_batch: source tokens, padding included, that are translated together,
            a beam's hypotheses counting severally; None for what suits the model.
        length_factor: limit of a translation's length, as a multiple of the source's.
    """

    def __init__(
        self,
        model: TranslationModel | SearchingModel,
        *,
        tokens_per_batch: int | None = None,
        length_factor: float = LENGTH_FACTOR,
    ) -> None:
        self._model = model
        self._tokens_per_batch = tokens_per_batch or model.tokens_per_batch
        self._length_factor = length_factor
        self._source_characters = _LINE_BREAKS | plain_equivalents(model.source_vocabulary)
        self._target_characters = _LINE_BREAKS | plain_equivalents(model.target_vocabulary)
        # What searches for itself says nothing of how close it was.
        self._near_tie = 0.0 if isinstance(model, SearchingModel) else model.near_tie
        self.name = model.name

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Translate each source on its own; the result does not depend on its batch.

        Line breaks count as spaces, and typographic characters that the vocabulary lacks
        as their plain equivalents. An empty or blank source gives an empty, complete
        hypothesis with score 0, whatever its prefix. A source longer than the model is good
        for is cut at the ends of clauses, translated piece by piece and joined with spaces.
        Links to the end of the source, or to or from tokens without text, are left out.
        What is asked for twice is translated once.

        Args:
            sources: single segments.
            search: how to look for the translations.
            prefixes: what each translation begins with, to the letter, where its source is
                not blank; empty strings, or None for all, force nothing. What follows one
                that ends with white space is a new word. A prefix may end inside a word, which
                the model then may complete, but badly where it would divide the word
                otherwise. Characters that the vocabulary cannot write stand in the
                translation, but the model does not see them.
            progress: called with the number of sources finished since its last call.

        Raises:
            ModelError: where a model's file turns out to be broken.
            ValueError: where there are not as many prefixes as sources.
        """
        return [best for best, *_ in self._translated(sources, 1, search, prefixes, progress)]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Up to ``n`` translations of each source with different texts, best first.

        At least one each; fewer than ``n`` where the search finds no more, or several that
        read alike. Of a source that was cut into pieces, the first translations of all
        pieces make the first of the whole, the second make the second, and so on as far as
        every piece has one.

        Args:
            sources: as for :meth:`translate`.
            n: at least 1.
            search: its beam is widened to ``n`` where it is narrower.
            prefixes: as for :meth:`translate`.

        Raises:
            ModelError: where a model's file turns out to be broken.
            ValueError: where n is less than 1, or there are not as many prefixes as sources.
        """
        if n < 1:
            raise ValueError(f"cannot return {n} translations")
        return self._translated(sources, n, search, prefixes, None)

    def close(self) -> None:
        """Nothing is held that would not go by itself."""

    def _translated(
        self,
        sources: Sequence[str],
        n: int,
        search: Search,
        prefixes: Sequence[str] | None,
        progress: Callable[[int], None] | None,
    ) -> list[list[Hypothesis]]:
        asked = list(zip(sources, prefixes or [""] * len(sources), strict=True))
        found: dict[tuple[str, str], list[Hypothesis]] = {}
        work: list[_Piece] = []
        blank = 0
        for (source, prefix), times in Counter(asked).items():
            task, its_pieces = self._task(source, prefix, times)
            work += its_pieces
            if not its_pieces:
                found[source, prefix] = [Hypothesis("", 0.0, unwritable=task.unwritable)]
                blank += times
        _report(progress, blank)
        beam = max(search.beam, n)
        for batch in _batches(work, self._tokens_per_batch // beam):
            done = 0
            for piece, results in zip(batch, self._settled(batch, search, n), strict=True):
                task = piece.task
                task.found[piece.index] = [self._part(piece, result) for result in results]
                if all(task.found):
                    found[task.source, task.prefix.text] = self._hypotheses(task)
                    done += task.asked
            _report(progress, done)
        return [found[key] for key in asked]

    def _task(self, source: str, prefix: str, asked: int) -> tuple[_Task, list[_Piece]]:
        limit = self._model.max_source_length - 1
        whole = trimmed(source, Span(0, len(source)))
        encoded = self._encode(whole.of(source))
        stretches = [(whole, encoded)]
        if len(encoded.ids) > limit:
            stretches = [
                (span, self._encode(span.of(source)))
                for span in pieces(source, lambda text: len(self._encode(text).ids) <= limit)
            ]
        stretches = [(span, encoded) for span, encoded in stretches if encoded.ids]
        forced = encoded_prefix(prefix, self._model.target_vocabulary, self._target_characters)
        task = _Task(
            source=source,
            prefix=forced,
            asked=asked,
            unwritable=self._unwritable(source, _shifted(encoded.spans, whole.start), encoded.ids),
            found=[[] for _ in stretches],
        )
        eos = self._model.source_vocabulary.eos_id
        return task, [
            _Piece(
                task=task,
                index=index,
                ids=(*encoded.ids, eos),
                origins=tuple(
                    trimmed(source, origin) for origin in _shifted(encoded.spans, span.start)
                ),
                prefix=NO_PREFIX if index else forced,
            )
            for index, (span, encoded) in enumerate(stretches)
        ]

    def _encode(self, text: str) -> EncodedText:
        # One character for another, so that offsets stay offsets into the source.
        return self._model.source_vocabulary.encode(text.translate(self._source_characters))

    def _unwritable(
        self, source: str, spans: Sequence[Span], ids: Sequence[int]
    ) -> tuple[Span, ...]:
        """Words of the source with a character that the model's vocabulary lacks.

        Spans of white-space-delimited words without the punctuation around them, in order.
        A character that the vocabulary writes another way (``ﬁ`` as ``fi``) is not lacking.
        """
        unk = self._model.source_vocabulary.unk_id
        if unk not in ids:
            return ()
        lacking = frozenset(
            at
            for token, span in zip(ids, spans, strict=True)
            if token == unk
            for at in range(span.start, span.end)
            if not source[at].isspace()
        )
        words = (Span(*match.span()) for match in re.finditer(r"\S+", source))
        return tuple(
            _without_punctuation(source, word, lacking)
            for word in words
            if any(at in lacking for at in range(word.start, word.end))
        )

    def _settled(
        self, batch: Sequence[_Piece], search: Search, n: int
    ) -> Iterator[list[SearchResult]]:
        """What is found for each piece, whatever else is in the batch."""
        for piece, results in zip(batch, self._found(batch, search, n), strict=True):
            near_tie = len(batch) > 1 and results[0].margin < self._near_tie
            yield self._found([piece], search, n)[0] if near_tie else results

    def _found(self, batch: Sequence[_Piece], search: Search, n: int) -> list[list[SearchResult]]:
        sources = [piece.ids for piece in batch]
        prefixes = [piece.prefix.tokens for piece in batch]
        if isinstance(self._model, SearchingModel):
            found = self._model.search(
                sources,
                search=search,
                n=n,
                prefixes=prefixes if any(prefixes) else None,
                length_factor=self._length_factor,
            )
            return [[SearchResult.of(one) for one in several] for several in found]
        if max(search.beam, n) == 1 and not search.no_repeat_ngram:
            results = greedy_search(
                self._model, sources, prefixes=prefixes, length_factor=self._length_factor
            )
            return [[result] for result in results]
        return beam_search(
            self._model,
            sources,
            search=search,
            n=n,
            prefixes=prefixes,
            length_factor=self._length_factor,
        )

    def _part(self, piece: _Piece, result: SearchResult) -> Part:
        written = self._model.target_vocabulary.decode(result.tokens)
        return part_of(result, with_prefix(piece.prefix, written), piece.origins)

    def _hypotheses(self, task: _Task) -> list[Hypothesis]:
        found = []
        for parts in zip(*task.found, strict=False):
            whole = joined(parts)
            found.append(
                Hypothesis(
                    text=self._turned_back(whole.text, task),
                    score=whole.score,
                    alignment=whole.links,
                    complete=whole.complete,
                    unwritable=task.unwritable,
                )
            )
        return without_repeats(found)

    def _turned_back(self, text: str, task: _Task) -> str:
        prefix = task.prefix.text
        characters = self._source_characters
        plain = prefix.translate(characters) + text[len(prefix) :]
        return prefix + turned_back(plain, task.source, characters)[len(prefix) :]


def _batches(work: Sequence[_Piece], budget: int) -> Iterator[list[_Piece]]:
    """Pieces of similar length together, longest first, within a number of tokens."""
    batch: list[_Piece] = []
    longest = 0
    for piece in sorted(work, key=lambda piece: -len(piece.ids)):
        if batch and (len(batch) + 1) * longest > budget:
            yield batch
            batch = []
        if not batch:
            longest = len(piece.ids)
        batch.append(piece)
    if batch:
        yield batch


def _report(progress: Callable[[int], None] | None, finished: int) -> None:
    if progress is not None and finished:
        progress(finished)


def _shifted(spans: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple(span.shifted(by) for span in spans) if by else spans


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
