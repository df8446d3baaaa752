"""Arithmetic of the benchmarks: pure functions of numbers and lines."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from sacrebleu.metrics.bleu import BLEU, MAX_NGRAM_ORDER
from sacrebleu.metrics.chrf import CHRF

if TYPE_CHECKING:
    from numpy.typing import NDArray

Item = TypeVar("Item")
RESAMPLES = 1_000
SEED = 20_240_229


@dataclass(frozen=True, slots=True)
class Spread:
    """Repeated measurements of one thing."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Difference:
    """A system's BLEU less a baseline's, and how sure that is."""

    value: float
    low: float
    high: float
    """95% of resampled test sets give a difference between ``low`` and ``high``."""
    p_value: float
    """Two-sided: how easily a test set of this kind would show none, or the contrary."""


def word_count(lines: Sequence[str]) -> int:
    """Words as white space divides them; the same count for every engine."""
    return sum(len(line.split()) for line in lines)


def rotated(items: Sequence[Item], by: int) -> list[Item]:
    """The items in order, beginning ``by`` places further on."""
    start = by % len(items)
    return [*items[start:], *items[:start]]


def speed_ratios(seconds: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """How many times as fast as the baseline, round by round.

    Rounds follow each other closely, so that a slow moment of the machine strikes both:
    ratios within a round say more than a ratio of totals.
    """
    return [theirs / ours for ours, theirs in zip(seconds, baseline, strict=True)]


def share_equal(lines: Sequence[str], others: Sequence[str]) -> float:
    """The share of lines that are the same, 0 to 1."""
    return sum(a == b for a, b in zip(lines, others, strict=True)) / len(lines)


def exponents(sizes: Sequence[float], costs: Sequence[float]) -> list[float]:
    """How cost grows from each size to the next: ``cost ∝ size ** exponent``.

    1 is linear, 2 quadratic, 0 no growth at all.
    """
    return [
        math.log(costs[at + 1] / costs[at]) / math.log(sizes[at + 1] / sizes[at])
        for at in range(len(sizes) - 1)
    ]


def bleu_statistics(lines: Sequence[str], reference: Sequence[str]) -> NDArray[np.int64]:
    """What BLEU counts of each line.

    Returns:
        [N, 10]: matching n-grams of orders 1 to 4, n-grams of these orders, words of the
        line and of its reference. Their sum over lines is what a corpus's BLEU is made of.
    """
    bleu = BLEU()
    rows = []
    for line, human in zip(lines, reference, strict=True):
        score = bleu.corpus_score([line], [[human]])
        rows.append([*score.counts, *score.totals, score.sys_len, score.ref_len])
    return np.array(rows, dtype=np.int64)


def bleu_of(totals: NDArray[np.int64]) -> float:
    """BLEU from the sum of :func:`bleu_statistics` over lines."""
    *ngrams, words, reference_words = totals.tolist()
    score = BLEU.compute_bleu(
        correct=ngrams[:MAX_NGRAM_ORDER],
        total=ngrams[MAX_NGRAM_ORDER:],
        sys_len=words,
        ref_len=reference_words,
        smooth_method="exp",
    )
    return float(score.score)


def chrf_of(lines: Sequence[str], reference: Sequence[str]) -> float:
    """ChrF of a system's lines."""
    return float(CHRF().corpus_score(lines, [reference]).score)


def bleu_difference(system: NDArray[np.int64], baseline: NDArray[np.int64]) -> Difference:
    """Paired bootstrap (Koehn 2004): both systems on the same resampled test sets.

    sacreBLEU's own test calls two systems with the same output significantly different
    (p = 0.001), which would be every change of batch size here.

    Args:
        system: of :func:`bleu_statistics`.
        baseline: likewise, of the same lines.
    """
    rows = len(system)
    generator = np.random.default_rng(SEED)
    differences = np.empty(RESAMPLES)
    for at in range(RESAMPLES):
        chosen = generator.integers(rows, size=rows)
        differences[at] = bleu_of(system[chosen].sum(0)) - bleu_of(baseline[chosen].sum(0))
    low, high = np.percentile(differences, [2.5, 97.5]).tolist()
    # One is added because the test set itself is a sample like the others.
    tail = min(np.sum(differences <= 0), np.sum(differences >= 0)).item()
    return Difference(
        value=bleu_of(system.sum(0)) - bleu_of(baseline.sum(0)),
        low=low,
        high=high,
        p_value=min(1.0, 2 * (tail + 1) / (RESAMPLES + 1)),
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned text, the first as heading; all but the first column to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
