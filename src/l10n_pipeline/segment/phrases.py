"""Stretches of text that must stay whole: glossary terms, a user's abbreviations."""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from l10n_pipeline.folding import FoldedText, fold
from l10n_pipeline.model import Span


class PhraseFinder:
    """Finds every occurrence of any of tens of thousands of phrases in one pass.

    Case, white space and typographic variants do not count; an occurrence neither begins
    nor ends inside a word, so that the name "Al. B" is not found in "Normal. But".
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        folded = {fold(phrase.strip()).text for phrase in phrases}
        # Nothing would ever divide a phrase that is one word.
        self._patterns = sorted(p for p in folded if p and not p.isalnum())
        self._automaton = AhoCorasick(self._patterns)

    def __bool__(self) -> bool:
        """Whether there is anything to find."""
        return bool(self._patterns)

    def find(self, text: FoldedText) -> list[Span]:
        """Occurrences in the original by their end, those that overlap included."""
        found = self._automaton.find_matches_as_indexes(text.text, overlapping=True)
        return [
            text.origin(start, end)
            for _, start, end in found
            if text.boundary(start) and text.boundary(end)
        ]
