"""The most similar text of very many, found without looking at most of them.

Similarity is that of :mod:`l10n_pipeline.comparable`: with ``d`` the Levenshtein
distance of two texts of ``m`` and ``n`` code points, ``1 - d / max(m, n)``. The index is a
filter in front of it that never holds back a best match. Of two texts ``x`` and ``y`` with a
similarity of at least ``s``:

1. *Length.* ``d >= abs(m - n)``, hence the shorter has at least ``s`` times the length of the
   longer.
2. *Count of bigrams* (Ukkonen 1992; Gravano et al. 2001). A text of length ``n`` has ``n - 1``
   bigrams. An edit operation takes at most two of them away: those that the code point it
   touches is part of. So ``d`` of them leave at least ``max(m, n) - 1 - 2 * d`` of the
   longer text's bigrams, as a multiset, which the shorter has too.
3. *Bins.* Every bigram falls into one of :data:`BINS` bins, and a text is kept as its count in
   each. The sum over bins of the lesser of two texts' counts is at least the number of bigrams
   they share: putting different bigrams together can only add to it. What a byte cannot count is
   taken for shared throughout.

So the sum of 3 bounds the shared bigrams from above, that bounds ``d`` from below (2), and that
the similarity from above. Texts are scored in falling order of this bound, until it is below the
best score found: no text after that can be better or as good, and all that are as good have
been scored. The same holds of a first search for nothing less than :data:`CLOSE`, which
looks at few lengths: whatever it finds is the best there is.

Frequent bigrams have bins of their own and rare ones share, so that all bins are about as
full: that leaves some hundredths of the texts to be scored with bins of the text's bigrams alone
being read, one stretch of memory each.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS: Final = 256
"""Bytes that the index holds for a text, besides the text itself."""
CLOSE: Final = 0.9
"""The similarity that is looked for first."""

_HASHES: Final = 1 << 16
_MOST_COUNTED: Final = 255
_SAMPLE: Final = 8_192
"""Texts from which the frequencies of bigrams are estimated."""
# So many are worked on together that what is worked on stays in the processor's cache.
_COUNTED_AT_ONCE: Final = 1_024
_COLUMNS_AT_ONCE: Final = 1 << 15
_SCORED_AT_ONCE: Final = 256
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """The most similar texts."""

    similarity: float
    keys: tuple[int, ...]
    """Of all texts that are as similar, ascending."""


class SimilarityIndex:
    """Texts by their bigrams.

    Args:
        texts: in comparable form, none empty, each with a key; a key that comes again is
            passed over with its text.
    """

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        written = bytearray()
        keys, ends, lengths = array("q"), array("q", [0]), array("l")
        for key, text in texts:
            written += text.encode("utf-8", "surrogatepass")
            keys.append(key)
            ends.append(len(written))
            lengths.append(len(text))
        first = np.unique(np.array(keys, dtype=np.int64), return_index=True)[1]
        chosen = first[np.argsort(np.array(lengths, dtype=np.int32)[first], kind="stable")]
        self._written = written
        self._starts = np.array(ends, dtype=np.int64)[chosen]
        self._ends = np.array(ends, dtype=np.int64)[chosen + 1]
        self._keys = np.array(keys, dtype=np.int64)[chosen]
        self._lengths = np.array(lengths, dtype=np.int32)[chosen]
        self._bin_of = self._bins()
        self._counts = np.zeros((BINS, len(chosen)), dtype=np.uint8)
        self._overfull = np.zeros(len(chosen), dtype=np.bool_)
        for start in range(0, len(chosen), _COUNTED_AT_ONCE):
            stop = min(start + _COUNTED_AT_ONCE, len(chosen))
            self._count(start, stop)

    def __len__(self) -> int:
        return len(self._keys)

    def best(self, text: str, threshold: float) -> Found | None:
        """The texts most similar to this one; None where none reaches the threshold.

        Args:
            text: in comparable form.
            threshold: least similarity, above 0 and not above 1.
        """
        if not 0 < threshold <= 1:
            raise ValueError(f"not a threshold: {threshold}")
        if not text:
            return None
        if threshold < CLOSE:
            return self._best(text, CLOSE) or self._best(text, threshold)
        return self._best(text, threshold)

    def _best(self, text: str, threshold: float) -> Found | None:
        shortest = int(np.ceil(len(text) * threshold - _ROUNDING))
        longest = int(len(text) / threshold + _ROUNDING)
        # Of the same type as the lengths, or numpy would copy all of them first.
        limits = np.array([shortest, longest + 1], dtype=self._lengths.dtype)
        low, high = np.searchsorted(self._lengths, limits).tolist()
        if low == high:
            return None
        shared = self._shared(text, low, high)
        enough = _least_shared(len(text), shortest, longest, threshold)
        lengths = self._lengths[low:high]
        passing = (shared >= enough[lengths - shortest]) | self._overfull[low:high]
        places = np.flatnonzero(passing)
        bounds = self._bounds(len(text), places + low, shared[places])
        in_order = np.argsort(-bounds, kind="stable")
        places, bounds = places[in_order] + low, bounds[in_order]
        best, keys = threshold, list[int]()
        for start in range(0, len(places), _SCORED_AT_ONCE):
            if bounds[start] < best - _ROUNDING:
                break
            chunk = places[start : start + _SCORED_AT_ONCE]
            scores = self._similarities(text, chunk, best)
            highest = float(scores.max())
            if highest < best:
                continue
            if highest > best:
                best, keys = highest, []
            keys += self._keys[chunk[scores == highest]].tolist()
        return Found(best, tuple(sorted(keys))) if keys else None

    def _similarities(
        self, text: str, places: NDArray[np.int64], least: float
    ) -> NDArray[np.float64]:
        """The similarity of each of these texts; of those below the least, something below."""
        longer = np.maximum(self._lengths[places], len(text))
        # Distances are exact where rapidfuzz's cut-off for similarities is rounded: it takes
        # 1 - 2/6 to be less than 2/3.
        distances = cdist(
            [text],
            [self._text(place) for place in places.tolist()],
            scorer=Levenshtein.distance,
            score_cutoff=int((1 - least) * int(longer.max()) + _ROUNDING),
            dtype=np.int32,
        )[0]
        similarities: NDArray[np.float64] = 1.0 - distances / longer
        return similarities

    def _text(self, place: int) -> str:
        return self._written[self._starts[place] : self._ends[place]].decode(
            "utf-8", "surrogatepass"
        )

    def _bounds(
        self, length: int, places: NDArray[np.int64], shared: NDArray[Any]
    ) -> NDArray[np.float64]:
        """What the similarity of each of these texts is at most."""
        lengths = self._lengths[places]
        longer = np.maximum(lengths, length)
        lost = np.maximum(longer - 1 - shared, 0)
        least = np.maximum((lost + 1) // 2, np.abs(lengths - length))
        least[self._overfull[places]] = 0
        bounds: NDArray[np.float64] = 1.0 - least / longer
        return bounds

    def _shared(self, text: str, low: int, high: int) -> NDArray[Any]:
        """How many bigrams each text of a range shares with this one, at most."""
        counts = np.bincount(self._bins_of(_code_points(text)), minlength=BINS)
        bins = [(at, min(int(counts[at]), _MOST_COUNTED)) for at in np.flatnonzero(counts)]
        # With an array of its own for each count numpy works on many at once.
        limits = {
            count: np.full(min(high - low, _COLUMNS_AT_ONCE), count, dtype=np.uint8)
            for count in {count for _, count in bins}
        }
        narrow = len(text) <= _MOST_COUNTED  # then no sum is more than a byte can hold
        sums: NDArray[Any] = np.zeros(high - low, dtype=np.uint8 if narrow else np.int64)
        for start in range(low, high, _COLUMNS_AT_ONCE):
            stop = min(start + _COLUMNS_AT_ONCE, high)
            part = sums[start - low : stop - low]
            lesser = np.empty(stop - start, dtype=np.uint8)
            for at, count in bins:
                np.minimum(self._counts[at, start:stop], limits[count][: stop - start], out=lesser)
                np.add(part, lesser, out=part)
        return sums

    # --- making ----------------------------------------------------------------------

    def _bins(self) -> NDArray[np.uint8]:
        """The bin of each hash of a bigram: the fullest first, each into the emptiest bin."""
        every = max(1, len(self._keys) // _SAMPLE)
        sample = "".join(self._text(place) for place in range(0, len(self._keys), every))
        frequencies = np.bincount(_hashes(_code_points(sample)), minlength=_HASHES)
        bin_of = np.arange(_HASHES, dtype=np.int64) % BINS
        emptiest = [(0, at) for at in range(BINS)]
        for at in np.argsort(-frequencies, kind="stable")[: np.count_nonzero(frequencies)]:
            load, chosen = heapq.heappop(emptiest)
            bin_of[at] = chosen
            heapq.heappush(emptiest, (load + int(frequencies[at]), chosen))
        return bin_of.astype(np.uint8)

    def _bins_of(self, code_points: NDArray[np.uint32]) -> NDArray[np.uint8]:
        return self._bin_of[_hashes(code_points)]

    def _count(self, start: int, stop: int) -> None:
        """Fill in the counts of a range of texts."""
        texts = [self._text(place) for place in range(start, stop)]
        bins = self._bins_of(_code_points("".join(texts))).astype(np.int64)
        rows = np.repeat(np.arange(stop - start), self._lengths[start:stop])
        within = rows[1:] == rows[:-1]
        cells = rows[:-1][within] * BINS + bins[within]
        counts = np.bincount(cells, minlength=(stop - start) * BINS).reshape(-1, BINS)
        self._overfull[start:stop] = (counts > _MOST_COUNTED).any(axis=1)
        self._counts[:, start:stop] = np.minimum(counts, _MOST_COUNTED).T


def _least_shared(length: int, shortest: int, longest: int, threshold: float) -> NDArray[np.int32]:
    """How many bigrams texts of each length, from shortest to longest, have to share with one of
    this length to be similar enough.
    """
    longer = np.maximum(np.arange(shortest, longest + 1, dtype=np.int32), np.int32(length))
    edits = np.floor((1 - threshold) * longer + _ROUNDING).astype(np.int32)
    return longer - 1 - 2 * edits


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _hashes(code_points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """For each code point but the last, 16 bits of it and the next."""
    mixed = code_points[:-1] * np.uint32(0x9E3779B1) + code_points[1:] * np.uint32(0x85EBCA77)
    mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    hashes: NDArray[np.uint32] = mixed >> np.uint32(16)
    return hashes
