"""Batched greedy search: the likeliest token at each step, until the end of sentence.

Students are distilled from beam search (Kim & Rush 2016, *Sequence-level knowledge
distillation*), so that searching them greedily loses next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import torch
from torch import Tensor

from l10n_pipeline.decoding.results import SearchResult
from l10n_pipeline.protocols import StepOutput, TranslationModel

LENGTH_FACTOR: Final = 2.5
"""Target tokens a source token may bring about (Marian's ``max-length-factor``)."""
_SHORTEST_LIMIT: Final = 10
"""Room for the translation of a single word: 2.5 tokens would cut many a one off."""
_CROWDED: Final = 0.8
"""Finished sentences stay in the batch, unread, until no more than this share of it still
runs: taking them out copies the whole state."""


@torch.inference_mode()
def greedy_search(
    model: TranslationModel,
    sources: Sequence[Sequence[int]],
    *,
    prefixes: Sequence[Sequence[int]] | None = None,
    length_factor: float = LENGTH_FACTOR,
) -> list[SearchResult]:
    """Translate one batch of sources.

    Args:
        model: any family's.
        sources: token ids with their end of sentence; at least one source, none empty.
        prefixes: for each source the tokens its translation begins with, without end of
            sentence; they are scored like any other. None forces nothing.
        length_factor: limit of a translation's length, as a multiple of the source's.

    Returns:
        One result per source, in order.
    """
    prefixes = prefixes or [()] * len(sources)
    state = model.start(sources, prefixes if any(prefixes) else ())
    limits = [
        max(length_limit(len(source), length_factor), len(prefix) + 1)
        for source, prefix in zip(sources, prefixes, strict=True)
    ]
    forced = max(map(len, prefixes))
    eos = model.target_vocabulary.eos_id
    stretches: list[_Stretch] = []
    rows = list(range(len(sources)))
    previous = alive = left = None
    for step in range(max(limits)):
        output = model.step(state, previous)
        choice = _likeliest(output.logits)
        if step < forced:
            wanted = [_token_at(prefixes[row], step) for row in rows]
            choice = _with_forced(choice, output, wanted)
        tokens = _tokens(output, choice.columns)
        if alive is None or left is None:
            # Now it is known where the model computes.
            left = torch.tensor([limits[row] - step for row in rows], device=tokens.device)
            alive = torch.ones_like(tokens, dtype=torch.bool)
            stretches.append(_Stretch(step, rows))
        stretches[-1].add(tokens, choice, output.attention)
        left = left - 1
        alive = alive & (tokens != eos) & (left > 0)
        running = int(alive.sum())
        if not running:
            break
        state, previous = output.state, tokens
        if running <= _CROWDED * len(rows):
            kept = alive.nonzero().squeeze(1)
            state, previous = state.select(kept), tokens[kept]
            rows = [rows[row] for row in kept.tolist()]
            alive = left = None
    return _results(sources, limits, stretches, eos)


def length_limit(source_length: int, factor: float) -> int:
    """Tokens, end of sentence included, that a translation may have.

    Args:
        source_length: tokens of the source, end of sentence included.
        factor: target tokens that a source token may bring about.
    """
    return max(math.ceil(source_length * factor), _SHORTEST_LIMIT)


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What one step writes in each of R rows."""

    columns: Tensor
    """int64 [R]: of the logits."""
    log_probabilities: Tensor
    """float32 [R]."""
    margins: Tensor
    """float32 [R]: their lead over the next best; infinite where there was no choice."""


@dataclass(slots=True, eq=False)
class _Stretch:
    """Steps between which no sentence left the batch."""

    first_step: int
    rows: list[int]
    """The sentences, by their place among the sources."""
    tokens: list[Tensor] = field(default_factory=list)
    choices: list[_Choice] = field(default_factory=list)
    attention: list[Tensor] = field(default_factory=list)

    def add(self, tokens: Tensor, choice: _Choice, attention: Tensor) -> None:
        self.tokens.append(tokens)
        self.choices.append(choice)
        self.attention.append(attention)


def _likeliest(logits: Tensor) -> _Choice:
    """The highest logit of each row and its lead."""
    best, columns = logits.max(dim=1, keepdim=True)
    # Relative to the best, one exponential serves normaliser and lead; logsumexp and topk
    # take several times as long.
    shares = torch.sub(logits, best).exp_()
    log_probabilities = shares.sum(dim=1).log_().neg_()
    leads = shares.scatter_(1, columns, 0.0).amax(dim=1).log_().neg_()
    return _Choice(columns.squeeze(1), log_probabilities, leads)


def _with_forced(choice: _Choice, output: StepOutput, wanted: list[int | None]) -> _Choice:
    """The choice with the tokens that are wanted in some of the rows."""
    columns, scores, margins = (
        tensor.clone() for tensor in (choice.columns, choice.log_probabilities, choice.margins)
    )
    log_probabilities = output.logits.log_softmax(dim=1)
    for row, token in enumerate(wanted):
        if token is None:
            continue
        column = token
        if output.candidates is not None:
            column = int((output.candidates[row] == token).nonzero()[0, 0])
        columns[row], scores[row] = column, log_probabilities[row, column]
        margins[row] = math.inf
    return _Choice(columns, scores, margins)


def _token_at(prefix: Sequence[int], step: int) -> int | None:
    return prefix[step] if step < len(prefix) else None


def _tokens(output: StepOutput, columns: Tensor) -> Tensor:
    if output.candidates is None:
        return columns
    return output.candidates.gather(1, columns.unsqueeze(1)).squeeze(1)


def _results(
    sources: Sequence[Sequence[int]], limits: Sequence[int], stretches: list[_Stretch], eos: int
) -> list[SearchResult]:
    longest = sum(len(stretch.tokens) for stretch in stretches)
    shape = len(sources), longest
    tokens = torch.full(shape, eos)
    scores, margins = torch.zeros(shape), torch.full(shape, math.inf)
    attention = torch.zeros(*shape, max(map(len, sources)))
    for stretch in stretches:
        steps = slice(stretch.first_step, stretch.first_step + len(stretch.tokens))
        rows = torch.tensor(stretch.rows)
        tokens[rows, steps] = torch.stack(stretch.tokens, dim=1).cpu()
        choices = stretch.choices
        scores[rows, steps] = torch.stack([c.log_probabilities for c in choices], dim=1).cpu()
        margins[rows, steps] = torch.stack([c.margins for c in choices], dim=1).cpu()
        attention[rows, steps] = torch.stack(stretch.attention, dim=1).float().cpu()
    return [
        _result(ids[:limit], len(source), scores[row], margins[row], attention[row], eos)
        for row, (source, limit, ids) in enumerate(
            zip(sources, limits, tokens.tolist(), strict=True)
        )
    ]


def _result(
    ids: list[int], source_length: int, scores: Tensor, margins: Tensor, attention: Tensor, eos: int
) -> SearchResult:
    complete = eos in ids
    written = ids[: ids.index(eos)] if complete else ids
    steps = len(written) + complete
    return SearchResult(
        tokens=tuple(written),
        score=float(scores[:steps].mean()),
        attention=attention[: len(written), :source_length],
        complete=complete,
        margin=float(margins[:steps].min()),
    )
