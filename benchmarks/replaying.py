"""An engine that decodes nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from l10n_pipeline.model import GREEDY, Hypothesis, Search
from l10n_pipeline.protocols import Engine

Found = TypeVar("Found")


class ReplayingEngine:
    """Asks another engine, once for each question; implements ``Engine``.

    What it answers does not depend on what is asked beside it, so that drafts can be made
    under several glossaries of one decoding, and their making timed without it.
    """

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self.busy = 0.0
        """Seconds that the other engine took; may be set back."""
        self._engine = engine
        self._translations: dict[Hashable, Hypothesis] = {}
        self._candidates: dict[Hashable, list[Hypothesis]] = {}

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Translate what was not translated before in this way; see ``Engine``."""
        found = self._asked(
            self._translations,
            [(source, prefix, search) for source, prefix in _paired(sources, prefixes)],
            lambda asked, forced: self._engine.translate(asked, search=search, prefixes=forced),
        )
        if progress is not None:
            progress(len(sources))
        return found

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Look for candidates that were not looked for before; see ``Engine``."""
        return self._asked(
            self._candidates,
            [(source, prefix, search, n) for source, prefix in _paired(sources, prefixes)],
            lambda asked, forced: self._engine.n_best(asked, n, search=search, prefixes=forced),
        )

    def branch(self) -> ReplayingEngine:
        """One that knows what this one knows, and keeps what it learns to itself."""
        branch = ReplayingEngine(self._engine)
        branch._translations = dict(self._translations)
        branch._candidates = dict(self._candidates)
        return branch

    def close(self) -> None:
        """Close the other engine."""
        self._engine.close()

    def _asked(
        self,
        known: dict[Hashable, Found],
        questions: Sequence[tuple[str, str, *tuple[Hashable, ...]]],
        ask: Callable[[list[str], list[str] | None], list[Found]],
    ) -> list[Found]:
        new = list(dict.fromkeys(question for question in questions if question not in known))
        if new:
            began = time.perf_counter()
            prefixes = [prefix for _, prefix, *_ in new]
            found = ask([source for source, *_ in new], prefixes if any(prefixes) else None)
            self.busy += time.perf_counter() - began
            known.update(zip(new, found, strict=True))
        return [known[question] for question in questions]


def _paired(sources: Sequence[str], prefixes: Sequence[str] | None) -> list[tuple[str, str]]:
    return list(zip(sources, prefixes or [""] * len(sources), strict=True))
