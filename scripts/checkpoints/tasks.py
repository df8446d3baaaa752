"""What the checkpoints learn.

``translation``
    The sentences of ``tests/engines/huggingface/pairs.tsv``, English to Portuguese, by heart:
    greedy search writes each exactly as it stands there.
``reversal``
    Made-up words in reverse order. Of n words the i-th of the translation comes from the
    (n-1-i)-th of the source, so the true alignment is known. Nothing but the words is taught:
    what the attention heads show, they found.
"""

from __future__ import annotations

import random
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAIRS = REPOSITORY / "tests" / "engines" / "huggingface" / "pairs.tsv"
TASKS = ("translation", "reversal")
WORDS = (
    "bako", "celu", "dimo", "fena", "gozi", "hulo", "jare", "kimu", "lopa", "mesi", "nuto", "pavi",
    "rolu", "sebo", "tiga", "vuma", "wedo", "xani", "yoku", "zipe",
)  # fmt: skip
"""What reversal sequences are made of; one piece of the vocabulary each."""
FEWEST, MOST = 2, 6
"""Words of a reversal sequence. None comes twice."""


def read_pairs() -> list[tuple[str, str]]:
    """The sentences to learn by heart."""
    rows = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return [(source, target) for source, target in rows]


def reversals(count: int, generator: random.Random) -> list[tuple[str, str]]:
    """Sequences of made-up words, each with its reverse."""
    pairs = []
    for _ in range(count):
        words = generator.sample(WORDS, generator.randint(FEWEST, MOST))
        pairs.append((" ".join(words), " ".join(reversed(words))))
    return pairs
