"""Models whose every probability is drawn from a hat, and a search that leaves nothing out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import torch
from torch import Tensor

from l10n_pipeline.model import Span
from l10n_pipeline.protocols import DecodedText, DecoderState, EncodedText, StepOutput

EOS, UNK = 0, 1
FIRST_LETTER = 2


@dataclass(frozen=True)
class Letters:
    """Knows the first letters of the alphabet, a token each."""

    size: int
    eos_id: int = EOS
    unk_id: int = UNK

    def encode(self, text: str) -> EncodedText:
        places = ["abcdefghijklmnopqrstuvwxyz"[: self.size - FIRST_LETTER].find(c) for c in text]
        ids = [UNK if place < 0 else place + FIRST_LETTER for place in places]
        return EncodedText(tuple(ids), tuple(Span(at, at + 1) for at in range(len(text))))

    def decode(self, ids: Sequence[int]) -> DecodedText:
        text = "".join(chr(ord("a") + token - FIRST_LETTER) for token in ids)
        return DecodedText(text, tuple(Span(at, at + 1) for at in range(len(text))))


@dataclass(frozen=True)
class ToyState:
    sources: tuple[tuple[int, ...], ...]
    """Each row's."""
    written: tuple[tuple[int, ...], ...]
    """What each row has written."""
    width: int
    """Length of the longest source of the batch."""

    def select(self, rows: Tensor) -> ToyState:
        kept = rows.tolist()
        return ToyState(
            tuple(self.sources[row] for row in kept),
            tuple(self.written[row] for row in kept),
            self.width,
        )


@dataclass
class ToyModel:
    """Each next token's probability is drawn anew for every source and all written before.

    Args:
        seed: another one, another model.
        letters: how many it can write.
        longest: after so many tokens only the end of sentence is left.
        shortlisted: whether it offers candidates in columns of their own, with barred
            ones of any id after them.
        rounding: how far, in nats, a logit may be off in one batch or another.
        spread: standard deviation of the logits.
        eos_from: before so many tokens the sentence cannot end.
    """

    seed: int = 0
    letters: int = 3
    longest: int = 100
    shortlisted: bool = False
    rounding: float = 0.0
    spread: float = 2.0
    eos_from: int = 0
    name: str = "toy/f32"
    max_source_length: int = 12
    tokens_per_batch: int = 100
    near_tie: float = 1e-3
    rows_stepped: list[int] = field(default_factory=list)
    """How many rows each step had."""
    sources_started: list[int] = field(default_factory=list)
    """How many sources each batch had."""

    def __post_init__(self) -> None:
        self.source_vocabulary = self.target_vocabulary = Letters(self.letters + FIRST_LETTER)

    def start(
        self, sources: Sequence[Sequence[int]], required: Sequence[Sequence[int]] = ()
    ) -> ToyState:
        self.sources_started.append(len(sources))
        return ToyState(tuple(map(tuple, sources)), ((),) * len(sources), max(map(len, sources)))

    def step(self, state: DecoderState, previous: Tensor | None) -> StepOutput:
        assert isinstance(state, ToyState)
        written = state.written
        if previous is not None:
            written = tuple(
                (*before, token) for before, token in zip(written, previous.tolist(), strict=True)
            )
        self.rows_stepped.append(len(written))
        logits = torch.tensor(
            [self._logits(*row) for row in zip(state.sources, written, strict=True)]
        )
        if self.rounding:
            noise = Random(f"{self.seed} {state.sources} {written}")
            logits += torch.tensor(
                [[noise.uniform(-1, 1) for _ in row] for row in logits.tolist()]
            ) * (self.rounding / 2)
        attention = torch.tensor(
            [
                [*self._attention(*row), *[0.0] * (state.width - len(row[0]))]
                for row in zip(state.sources, written, strict=True)
            ]
        )
        after = ToyState(state.sources, written, state.width)
        if not self.shortlisted:
            return StepOutput(logits, attention, after)
        # The unknown is left out, and the columns after the candidates are barred.
        ids = [EOS, *range(FIRST_LETTER, FIRST_LETTER + self.letters)]
        candidates = torch.tensor([[*ids, FIRST_LETTER, EOS]] * len(written))
        barred = torch.full((len(written), 2), -math.inf)
        return StepOutput(torch.cat([logits[:, ids], barred], dim=1), attention, after, candidates)

    def _logits(self, source: tuple[int, ...], written: tuple[int, ...]) -> list[float]:
        draw = Random(f"{self.seed} {source} {written}")
        logits = [draw.gauss(0, self.spread) for _ in range(self.letters + FIRST_LETTER)]
        logits[UNK] = -math.inf
        if len(written) < self.eos_from:
            logits[EOS] = -math.inf
        if len(written) >= self.longest:
            logits[FIRST_LETTER:] = [-math.inf] * self.letters
        return logits

    def _attention(self, source: tuple[int, ...], written: tuple[int, ...]) -> list[float]:
        draw = Random(f"attention {self.seed} {source} {written}")
        weights = [draw.random() + 0.01 for _ in source]
        return [weight / sum(weights) for weight in weights]


@dataclass(frozen=True)
class Written:
    """A translation and what the model says of it."""

    tokens: tuple[int, ...]
    total: float
    """Log-probability, in nats."""
    complete: bool

    given: float = 0.0
    """Of its prefix."""
    given_tokens: int = 0

    def rank(self, penalty: float) -> tuple[bool, float]:
        """Sorts the better one after the worse."""
        length = len(self.tokens) + self.complete - self.given_tokens
        return self.complete, (self.total - self.given) / length**penalty


def judged(model: ToyModel, source: Sequence[int], tokens: Sequence[int], eos: bool) -> float:
    """The log-probability of a translation, in nats."""
    total = 0.0
    for at, token in enumerate([*tokens, *[EOS] * eos]):
        logits = model._logits(tuple(source), tuple(tokens[:at]))
        total += logits[token] - torch.tensor(logits, dtype=torch.float64).logsumexp(0).item()
    return total


def all_translations(
    model: ToyModel, source: Sequence[int], limit: int, prefix: Sequence[int] = ()
) -> list[Written]:
    """Whatever the model can write with that prefix, in no order."""
    first = judged(model, source, prefix, eos=False)
    return [
        replace(written, given=first, given_tokens=len(prefix))
        for written in _continuations(model, tuple(source), limit, tuple(prefix), first)
    ]


def _continuations(
    model: ToyModel, source: tuple[int, ...], limit: int, tokens: tuple[int, ...], total: float
) -> Iterator[Written]:
    if len(tokens) == limit:
        yield Written(tokens, total, complete=False)
        return
    logits = model._logits(source, tokens)
    normaliser = math.log(sum(map(math.exp, logits)))
    for token, logit in enumerate(logits):
        if logit == -math.inf:
            continue
        reached = total + logit - normaliser
        if token == EOS:
            yield Written(tokens, reached, complete=True)
        else:
            yield from _continuations(model, source, limit, (*tokens, token), reached)
