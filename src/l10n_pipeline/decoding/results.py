"""What a search finds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from l10n_pipeline.protocols import Found


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
    """How far the search was from another choice: the least lead, in nats, of what it
    chose over the next best."""

    @classmethod
    def of(cls, found: Found) -> SearchResult:
        """What a model's own search found, which knows of no margins."""
        return cls(found.tokens, found.score, found.attention, found.complete, math.inf)

    @property
    def steps(self) -> int:
        """Tokens that the score is a mean of."""
        return len(self.tokens) + self.complete
