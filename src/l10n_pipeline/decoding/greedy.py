"""Batched greedy search: the likeliest token at each step, until the end of sentence.

Students are distilled from beam search (Kim & Rush 2016, *Sequence-level knowledge
distillation*), so that searching them greedily loses next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from l10n_pipeline.protocols import TranslationModel

LENGTH_FACTOR: Final = 2.5
"""Target tokens a source token may bring about (Marian's ``max-length-factor``)."""
_SHORTEST_LIMIT: Final = 10
"""Room for the translation of a single word: 2.5 tokens would cut many a one off."""
_FREE: Final = -1
"""In place of a forced token: the search decides."""


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """What the search wrote for one sentence."""

    tokens: tuple[int, ...]
    """Without the end of sentence."""
    score: float
    """Mean log-probability per token in nats, end of sentence and prefix included."""
    attention: Tensor
    """float32 [tokens, source length]: each token's word alignment; rows sum to 1."""
    complete: bool
    """False where the length limit came before the end of sentence."""
    margin: float
    """How far the search was from another choice: the least lead, in nats, of a chosen
    token over the next best."""

    @property
    def steps(self) -> int:
        """Tokens that the score is a mean of."""
        return len(self.tokens) + self.complete


@torch.inference_mode()
def greedy_search(
    model: TranslationModel,
    sources: Sequence[Sequence[int]],
    *,
    prefixes: Sequence[Sequence[int]] | None = None,
    length_factor: float = LENGTH_FACTOR,
) -> list[SearchResult]:
    """Translate one batch of sources.

    The unknown token is never written. Finished sentences leave the batch.

    Args:
        model: any family's.
        sources: token ids with their end of sentence; at least one source, none empty.
        prefixes: for each source the tokens its translation begins with, without end of
            sentence; they are scored like any other. None forces nothing.
        length_factor: limit of a translation's length, as a multiple of the source's.

    Returns:
        One result per source, in order.
    """
    batch = len(sources)
    limits = torch.tensor([_length_limit(len(source), length_factor) for source in sources])
    forced = _forced_tokens(prefixes or [()] * batch)
    limits = torch.maximum(limits, (forced != _FREE).sum(dim=1) + 1)
    longest = int(limits.max())
    tokens = torch.zeros(batch, longest, dtype=torch.int64)
    log_probabilities = torch.zeros(batch, longest)
    attention = torch.zeros(batch, longest, max(map(len, sources)))
    margins = torch.full((batch,), math.inf)
    lengths = torch.zeros(batch, dtype=torch.int64)
    complete = torch.zeros(batch, dtype=torch.bool)

    eos = model.target_vocabulary.eos_id
    state = model.start(sources)
    running = torch.arange(batch)
    previous = None
    for step in range(longest):
        output = model.step(state, previous)
        logits = output.logits.clone()
        logits[:, model.target_vocabulary.unk_id] = -math.inf
        normaliser = logits.logsumexp(dim=1)
        best, second, choices = _two_best(logits)
        margin = best - second
        if step < forced.shape[1]:
            wanted = forced[running, step]
            is_forced = wanted != _FREE
            choices = torch.where(is_forced, wanted, choices)
            best = output.logits.gather(1, choices.unsqueeze(1)).squeeze(1)
            margin = margin.masked_fill(is_forced, math.inf)
        tokens[running, step] = choices
        log_probabilities[running, step] = best - normaliser
        attention[running, step] = output.attention
        margins[running] = torch.minimum(margins[running], margin)
        lengths[running] += 1

        ended = choices == eos
        complete[running] = ended
        going = ~ended & (lengths[running] < limits[running])
        state, previous = output.state, choices
        if not bool(going.all()):
            rows = going.nonzero().squeeze(1)
            if not len(rows):
                break
            running, state, previous = running[rows], state.select(rows), choices[rows]

    return [
        SearchResult(
            tokens=tuple(tokens[row, : length - done].tolist()),
            score=float(log_probabilities[row, :length].mean()),
            attention=attention[row, : length - done, : len(source)].clone(),
            complete=done,
            margin=float(margins[row]),
        )
        for row, (source, length, done) in enumerate(
            zip(sources, lengths.tolist(), complete.tolist(), strict=True)
        )
    ]


def _length_limit(source_length: int, factor: float) -> int:
    return max(math.ceil(source_length * factor), _SHORTEST_LIMIT)


def _forced_tokens(prefixes: Sequence[Sequence[int]]) -> Tensor:
    """int64 [B, longest prefix], filled up with ``_FREE``."""
    forced = torch.full((len(prefixes), max(map(len, prefixes))), _FREE)
    for row, prefix in enumerate(prefixes):
        forced[row, : len(prefix)] = torch.tensor(prefix, dtype=torch.int64)
    return forced


def _two_best(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The highest and second highest logit of each row, and where the highest stands.

    Overwrites the highest.
    """
    # Two passes of max: on the CPU far quicker than topk over a whole vocabulary.
    best, choices = logits.max(dim=1)
    second = logits.scatter_(1, choices.unsqueeze(1), -math.inf).amax(dim=1)
    return best, second, choices
