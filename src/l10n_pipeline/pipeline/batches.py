"""Sources divided into batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

Asked = tuple[str, str]
"""A source, and what its translation has to begin with."""
CHARACTERS_A_BATCH: Final = 24_000
"""Code points of sources that an engine is given in one go where what it makes of them is to be
kept: what a run loses that is killed. Less costs time: 8,000 took a student 1.05 times as long.
"""


def of_like_length(asked: Iterable[Asked], most: int) -> Iterator[list[Asked]]:
    """Batches of sources of like length, which is quicker, the longest first: the last batches
    are the quick ones.

    Args:
        asked: in any order.
        most: code points that the sources of a batch may have together; one that is longer is a
            batch of its own.

    >>> list(of_like_length([("a", ""), ("bbb", ""), ("cc", "")], 3))
    [[('bbb', '')], [('cc', ''), ('a', '')]]
    """
    batch: list[Asked] = []
    size = 0
    for one in sorted(asked, key=lambda one: -len(one[0])):
        if batch and size + len(one[0]) > most:
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one[0])
    if batch:
        yield batch
