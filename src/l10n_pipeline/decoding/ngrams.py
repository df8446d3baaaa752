"""Sequences of tokens that come again."""

from __future__ import annotations

from collections.abc import Sequence


def repeating_tokens(tokens: Sequence[int], length: int) -> set[int]:
    """What must not come next, lest the last ``length`` tokens stand there twice.

    Paulus et al. 2018, *A deep reinforced model for abstractive summarization*, section 2.5.

    Args:
        tokens: what has been written.
        length: of the n-grams; 0 for none.

    >>> repeating_tokens([1, 2, 3, 1, 2, 4, 1, 2], 3)
    {3, 4}
    >>> repeating_tokens([1, 2, 3, 1, 2, 4, 1, 2], 4)
    set()
    """
    if length == 0 or len(tokens) < length:
        return set()
    start = len(tokens) - length + 1
    ending = tokens[start:]
    return {
        tokens[at + length - 1] for at in range(start) if tokens[at : at + length - 1] == ending
    }
