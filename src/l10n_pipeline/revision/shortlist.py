"""Which of very many sentences are worth comparing exactly.

All new sentences are compared with all old ones by what is cheap to compare: how often each
trigram of characters stands in them, in 512 bins by hash. The cosine of two such counts is high
for texts that share wording, wherever in them it stands, and the counts of several sentences
in a row are the sum of theirs, so that the same products tell which sentence several others
may be the parts of. Only what comes out best is worth an exact comparison.

Counts are small integers, and their products are exact in float32: the outcome depends on no
order of addition, hence on no number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_PARTS: Final = 4
"""In how many parts a sentence is looked for."""
BINS: Final = 512
WINDOW: Final = 20_000
"""With how many old sentences a new one is compared: where there are more, with those about as
far into the document, so that time and memory grow in proportion to its length."""
_KEPT: Final = 8
"""With how many old sentences a new one is compared exactly."""
_BATCH: Final = 512
_MOST: Final = 127
"""No count is above: ``512 * 127 ** 2`` and all sums below it are exact in float32."""
_LEAST_COSINE: Final = 0.5
"""Texts that are nearly the same have more."""

Counts = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences in a row, by their places in the list that was given."""

    start: int
    count: int = 1

    def of(self, forms: Sequence[str]) -> str:
        """Their text as one."""
        return " ".join(forms[self.start : self.start + self.count])

    def moved(self, by: int) -> Run:
        """The same in a list in which these come so much later."""
        return Run(self.start + by, self.count)


@dataclass(frozen=True, slots=True)
class Candidate:
    """New sentences that may be made of old ones; one of the two runs is one sentence."""

    new: Run
    old: Run


@dataclass(frozen=True, slots=True)
class Places:
    """Index of each sentence in its version of the document, rising."""

    new: Sequence[int]
    old: Sequence[int]


def shortlist(new: Sequence[str], old: Sequence[str], *, places: Places) -> Iterator[Candidate]:
    """What is worth comparing exactly, by the order of the new sentences.

    Args:
        new: comparable forms of the new sentences, in document order; none empty.
        old: likewise of the old ones.
        places: where both stand, to know which follow each other.
    """
    if not new or not old:
        return
    counts_new, counts_old = _counts(new), _counts(old)
    low, window = -1, None
    for start in range(0, len(new), _BATCH):
        if (begin := _window(start, len(new), len(old))) != low or window is None:
            low = begin
            columns = slice(low, low + WINDOW)
            window = _Side.of(counts_old[columns], places.old[columns])
        # A run that begins in this batch may end in the next.
        rows = slice(start, start + _BATCH + MOST_PARTS - 1)
        batch = _Batch(_Side.of(counts_new[rows], places.new[rows]), window)
        for found in chain(batch.pairs(), batch.splits(), batch.joins()):
            if found.new.start < _BATCH:
                yield Candidate(found.new.moved(start), found.old.moved(low))


def _window(start: int, new: int, old: int) -> int:
    """Where the old sentences begin that a batch is compared with."""
    middle = (start + _BATCH // 2) * old // new
    return max(0, min(middle - WINDOW // 2, old - WINDOW))


@dataclass(frozen=True, slots=True)
class _Side:
    """Some sentences in a row."""

    counts: Floats
    scales: Sequence[Floats]
    """By how many sentences less one: what makes the product of as many in a row with themselves
    1, by the first; 0 where they do not follow each other."""

    @classmethod
    def of(cls, counts: Counts, places: Sequence[int]) -> _Side:
        exact = counts.astype(np.float32)
        most = min(MOST_PARTS, len(exact))
        return cls(exact, [_scales(exact, np.asarray(places), count + 1) for count in range(most)])


class _Batch:
    """Some new sentences and the old ones that they are compared with."""

    def __init__(self, new: _Side, old: _Side) -> None:
        self._new, self._old = new, old
        self._products: Floats = new.counts @ old.counts.T
        self._scaled: Floats = self._products * old.scales[0]

    def pairs(self) -> Iterator[Candidate]:
        kept = min(_KEPT, self._scaled.shape[1])
        best = np.argpartition(self._scaled, -kept, axis=1)[:, -kept:]
        for new, olds in enumerate(np.sort(best, axis=1).tolist()):
            yield from (Candidate(Run(new), Run(old)) for old in olds)

    def splits(self) -> Iterator[Candidate]:
        """For new sentences in a row, the old one that they most likely are the parts of."""
        sums = self._scaled
        for count, scales in enumerate(self._new.scales[1:], 2):
            sums = sums[:-1] + self._scaled[count - 1 :]
            best, cosines = _highest(sums)
            for new in np.flatnonzero(cosines * scales >= _LEAST_COSINE).tolist():
                yield Candidate(Run(new, count), Run(int(best[new])))

    def joins(self) -> Iterator[Candidate]:
        """For a new sentence, the old ones in a row that most likely are its parts."""
        sums = self._products
        for count, scales in enumerate(self._old.scales[1:], 2):
            sums = sums[:, :-1] + self._products[:, count - 1 :]
            best, cosines = _highest(sums * scales)
            for new in np.flatnonzero(cosines * self._new.scales[0] >= _LEAST_COSINE).tolist():
                yield Candidate(Run(new), Run(int(best[new]), count))


def _highest(rows: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Where the highest of each row stands, and what it is."""
    best = rows.argmax(axis=1)
    return best, np.take_along_axis(rows, best[:, None], axis=1)[:, 0]


def _counts(forms: Sequence[str]) -> Counts:
    """How often trigrams of each bin stand in each text; shape texts × bins."""
    return np.concatenate(
        [_counts_of(forms[start : start + _BATCH]) for start in range(0, len(forms), _BATCH)]
    )


def _counts_of(forms: Sequence[str]) -> Counts:
    padded = [f" {form} " for form in forms]
    raw = "".join(padded).encode("utf-32-le", "surrogatepass")
    characters = np.frombuffer(raw, np.uint32)
    rows = np.repeat(np.arange(len(padded)), [len(form) for form in padded])
    trigrams = (characters[:-2] * 961 + characters[1:-1] * 31 + characters[2:]) * 2654435761
    bins = (trigrams >> 23).astype(np.int64)
    inside = rows[:-2] == rows[2:]
    counts = np.bincount((rows[:-2] * BINS + bins)[inside], minlength=len(padded) * BINS)
    return np.minimum(counts, _MOST).astype(np.uint8).reshape(-1, BINS)


def _scales(counts: Floats, places: NDArray[np.int64], count: int) -> Floats:
    """See :attr:`_Side.scales`."""
    last = len(counts) - count + 1
    sums = counts[:last]
    for at in range(1, count):
        sums = sums + counts[at : at + last]
    together = places[count - 1 :] - places[:last] == count - 1
    lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))
    return np.where(together, 1 / lengths, 0).astype(np.float32)
