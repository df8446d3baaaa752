"""Batched beam search: several hypotheses of each sentence side by side.

As Marian does it (marian-dev, ``src/translator/beam_search.cpp``): a hypothesis that
reaches the end of sentence keeps its place in the beam, so that fewer go on, and the
finished ones are ranked by log-probability over length to a power.

Shapes: R rows, one for each hypothesis that goes on; C candidates for the next token.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from l10n_pipeline.decoding.greedy import LENGTH_FACTOR, length_limit
from l10n_pipeline.decoding.ngrams import repeating_tokens
from l10n_pipeline.decoding.results import SearchResult
from l10n_pipeline.model import Search
from l10n_pipeline.protocols import StepOutput, TranslationModel


@torch.inference_mode()
def beam_search(
    model: TranslationModel,
    sources: Sequence[Sequence[int]],
    *,
    search: Search,
    n: int = 1,
    prefixes: Sequence[Sequence[int]] | None = None,
    length_factor: float = LENGTH_FACTOR,
) -> list[list[SearchResult]]:
    """Translate one batch of sources, each up to ``n`` times.

    Complete translations rank before those that the length limit cut off, and among either
    the higher log-probability over length to the power of ``search.length_penalty`` comes
    first. A prefix counts for neither: however unlikely it is, all have it, and the longest
    would thin it out best. With a beam of 1 the tokens are those of
    :func:`~l10n_pipeline.decoding.greedy.greedy_search`.
    A sentence leaves the batch once nothing that is still being written could become one of
    its ``n`` best: log-probabilities only fall, so at best they stay what they are up to the
    length limit.

    Args:
        model: any family's.
        sources: token ids with their end of sentence; at least one source, none empty.
        search: its beam is widened to ``n`` where it is narrower. Tokens barred by
            ``no_repeat_ngram`` keep their share of the probability.
        n: how many translations of each source to return, at least 1.
        prefixes: for each source the tokens its translations begin with, without end of
            sentence; they are scored like any other. None forces nothing.
        length_factor: limit of a translation's length, as a multiple of the source's.

    Returns:
        For each source, in order, one to ``n`` results of different tokens, best first. All
        have the same margin: the least lead, in nats, that any of the search's decisions
        about the sentence had (which hypotheses to keep, when to stop, how to rank).

    Raises:
        ValueError: where a prefix has a token that the model bars.
    """
    if n < 1:
        raise ValueError(f"cannot return {n} translations")
    prefixes = prefixes or [()] * len(sources)
    beam = max(search.beam, n)
    eos = model.target_vocabulary.eos_id
    sentences = [
        _Sentence(
            prefix=tuple(prefix),
            limit=max(length_limit(len(source), length_factor), len(prefix) + 1),
            penalty=search.length_penalty,
        )
        for source, prefix in zip(sources, prefixes, strict=True)
    ]
    state = model.start(sources, prefixes if any(prefixes) else ())
    attention: list[Tensor] = []
    rows_before = 0
    previous = None
    running = sentences
    while True:
        output = model.step(state, previous)
        attention.append(output.attention)
        for sentence, expansions in zip(
            running, _expansions(output, running, search.no_repeat_ngram, beam), strict=True
        ):
            sentence.advance(expansions, beam=beam, eos=eos, rows_before=rows_before)
        rows_before += len(output.logits)
        running = [sentence for sentence in running if not sentence.settled(n)]
        if not running:
            break
        going_on = [hypothesis for sentence in running for hypothesis in sentence.running]
        device = output.logits.device
        parents = [hypothesis.parent for hypothesis in going_on]
        state = output.state
        if parents != list(range(len(output.logits))):
            state = state.select(torch.tensor(parents, device=device))
        previous = torch.tensor([hypothesis.tokens[-1] for hypothesis in going_on], device=device)
    every_row = torch.cat(attention).float().cpu()
    return [
        sentence.results(n, every_row[:, : len(source)])
        for sentence, source in zip(sentences, sources, strict=True)
    ]


class _Hypothesis(NamedTuple):
    """What has been written so far, or what became of it."""

    tokens: tuple[int, ...] = ()
    """Without the end of sentence."""
    rows: tuple[int, ...] = ()
    """For each token the row it was chosen in, counted from the search's first step on."""
    parent: int = 0
    """The row it goes on from, among those of the last step."""
    total: float = 0.0
    """Its log-probability, in nats."""
    complete: bool = False
    """Whether it reached the end of sentence."""

    @property
    def steps(self) -> int:
        return len(self.tokens) + self.complete


class _Expansion(NamedTuple):
    """A hypothesis with one more token."""

    total: float
    """Log-probability with the token, in nats."""
    slot: int
    """Place of the hypothesis among those of its sentence that go on."""
    row: int
    """Its row in this step."""
    token: int


@dataclass(slots=True, eq=False)
class _Sentence:
    """The search's memory of one sentence."""

    prefix: tuple[int, ...]
    limit: int
    """Tokens, end of sentence included."""
    penalty: float
    """The power of the length by which log-probabilities are divided."""
    running: list[_Hypothesis] = field(default_factory=lambda: [_Hypothesis()])
    """Best first, and all of the same length."""
    finished: list[_Hypothesis] = field(default_factory=list)
    given: float = 0.0
    """Log-probability of the prefix, in nats."""
    margin: float = math.inf
    """The least lead, in nats, of any decision so far."""

    @property
    def forced(self) -> int | None:
        """The token that has to come next, if one has."""
        written = len(self.running[0].tokens)
        return self.prefix[written] if written < len(self.prefix) else None

    def advance(
        self, expansions: Sequence[_Expansion], *, beam: int, eos: int, rows_before: int
    ) -> None:
        """Keep the best expansions, as many as the beam has room for.

        Args:
            expansions: best first, one more than the beam is wide if there are as many.
            beam: hypotheses to keep, finished ones included.
            eos: the end of sentence.
            rows_before: rows of all steps before this one.
        """
        if self.forced is not None:
            if not expansions:
                raise ValueError(f"token {self.forced} cannot be forced: the model bars it")
            self.given = expansions[0].total
        room = beam - len(self.finished)
        if len(expansions) > room:
            self._decided_by(expansions[room - 1].total - expansions[room].total)
        before, self.running = self.running, []
        for total, slot, row, token in expansions[:room]:
            hypothesis = before[slot]
            if token == eos:
                done = hypothesis._replace(total=total, complete=True)
                self.finished.append(done)
            else:
                self.running.append(
                    _Hypothesis(
                        tokens=(*hypothesis.tokens, token),
                        rows=(*hypothesis.rows, rows_before + row),
                        parent=row,
                        total=total,
                    )
                )
        if not expansions:
            self.finished += before
        elif self.running and len(self.running[0].tokens) == self.limit:
            self.finished += self.running
            self.running = []

    def settled(self, n: int) -> bool:
        """Whether the ``n`` best are known."""
        if not self.running:
            return True
        complete = self._ranked()
        if len(complete) < n:
            return False
        worst = complete[n - 1]
        within_reach = self._value(self.running[0].total, self.limit)
        lead = self._rank(worst) - within_reach
        if lead < 0:
            return False
        self._decided_by(lead * self._length(worst.steps))
        return True

    def results(self, n: int, attention: Tensor) -> list[SearchResult]:
        """The best of what was finished.

        Args:
            n: the most to return.
            attention: float32 [rows of all steps, source length].
        """
        ranked = self._ranked()
        for better, worse in pairwise(ranked[: n + 1]):
            if better.complete == worse.complete:
                lead = self._rank(better) - self._rank(worse)
                self._decided_by(lead * self._length(min(better.steps, worse.steps)))
        return [
            SearchResult(
                tokens=hypothesis.tokens,
                score=hypothesis.total / max(hypothesis.steps, 1),
                attention=attention[list(hypothesis.rows)],
                complete=hypothesis.complete,
                margin=self.margin,
            )
            for hypothesis in ranked[:n]
        ]

    def _ranked(self) -> list[_Hypothesis]:
        return sorted(
            self.finished, key=lambda done: (done.complete, self._rank(done)), reverse=True
        )

    def _rank(self, done: _Hypothesis) -> float:
        return self._value(done.total, done.steps)

    def _value(self, total: float, steps: int) -> float:
        return (total - self.given) / self._length(steps)

    def _length(self, steps: int) -> float:
        return math.pow(max(steps - len(self.prefix), 1), self.penalty)

    def _decided_by(self, lead: float) -> None:
        self.margin = min(self.margin, lead)


def _expansions(
    output: StepOutput, sentences: Sequence[_Sentence], no_repeat_ngram: int, beam: int
) -> list[list[_Expansion]]:
    """For each sentence its best expansions, best first: one more than the beam is wide."""
    normalisers = output.logits.logsumexp(dim=1, keepdim=True)
    _bar_all_but_forced(output, sentences)
    if no_repeat_ngram:
        _bar_repetition(output, sentences, no_repeat_ngram)
    logits, columns = output.logits.topk(min(beam + 1, output.logits.shape[1]))
    device, count = logits.device, logits.shape[1]
    tokens = columns if output.candidates is None else output.candidates.gather(1, columns)

    rows = [len(sentence.running) for sentence in sentences]
    first_rows = [0, *accumulate(rows[:-1])]
    widest = max(rows)
    # Where each row stands in a table of as many rows for every sentence.
    places = torch.tensor(
        [at * widest + slot for at, number in enumerate(rows) for slot in range(number)],
        device=device,
    )
    before = torch.tensor(
        [hypothesis.total for sentence in sentences for hypothesis in sentence.running],
        dtype=torch.float64,
        device=device,
    )
    totals = torch.full(
        (len(sentences) * widest, count), -math.inf, dtype=torch.float64, device=device
    )
    # Where a row has no finite logit, its normaliser is not finite either.
    log_probabilities = (logits - normalisers).masked_fill(logits == -math.inf, -math.inf)
    totals[places] = before.unsqueeze(1) + log_probabilities
    table = torch.zeros(len(totals), count, dtype=torch.int64, device=device)
    table[places] = tokens
    best, where = totals.view(len(sentences), -1).topk(min(beam + 1, widest * count))
    chosen = table.view(len(sentences), -1).gather(1, where)
    return [
        [
            _Expansion(total, place // count, first_row + place // count, token)
            for total, place, token in zip(*found, strict=True)
            if total > -math.inf
        ]
        for first_row, *found in zip(
            first_rows, best.tolist(), where.tolist(), chosen.tolist(), strict=True
        )
    ]


def _bar_all_but_forced(output: StepOutput, sentences: Sequence[_Sentence]) -> None:
    row = 0
    for sentence in sentences:
        if sentence.forced is not None:
            # While its prefix is being written a sentence has one row.
            output.logits[row].masked_fill_(~_is_one_of(output, row, [sentence.forced]), -math.inf)
        row += len(sentence.running)


def _bar_repetition(output: StepOutput, sentences: Sequence[_Sentence], length: int) -> None:
    row = -1
    for sentence in sentences:
        for hypothesis in sentence.running:
            row += 1
            repeating = repeating_tokens(hypothesis.tokens, length)
            if repeating and sentence.forced is None:
                barred = _is_one_of(output, row, sorted(repeating))
                output.logits[row].masked_fill_(barred, -math.inf)


def _is_one_of(output: StepOutput, row: int, tokens: Sequence[int]) -> Tensor:
    """Which columns of a row stand for one of these tokens: bool [C]."""
    logits, candidates = output.logits, output.candidates
    ids = torch.arange(logits.shape[1], device=logits.device)
    if candidates is not None:
        ids = candidates[row]
    return torch.isin(ids, torch.tensor(tokens, device=logits.device))
