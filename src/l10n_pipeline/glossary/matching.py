"""Finding the glossary's terms in a source text.

One Aho-Corasick automaton (Aho and Corasick 1975) over the folded spellings of all
terms reads each text once, however many terms there are.
"""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from l10n_pipeline.folding import FoldedText, fold
from l10n_pipeline.model import Span, Term, TermHit


class GlossaryMatcher:
    """Finds terms by their source spellings and aliases; implements ``TermMatcher``.

    Case counts for the terms that say so; white space, apostrophes, hyphens and double
    quotation marks match their typographic variants. Longer matches go first and none
    overlap; a match neither begins nor ends inside a word.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._spellings: dict[str, list[tuple[str, Term]]] = {}
        for term in terms:
            for spelling in (term.source, *term.aliases):
                pattern = fold(spelling.strip()).text
                if pattern:
                    exact = fold(spelling.strip(), keep_case=True).text
                    self._spellings.setdefault(pattern, []).append((exact, term))
        self._patterns = list(self._spellings)
        self._automaton = AhoCorasick(self._patterns)

    def match(self, source: str) -> tuple[TermHit, ...]:
        """The terms of a source text, in text order."""
        folded = fold(source)
        found = self._automaton.find_matches_as_indexes(folded.text, overlapping=True)
        hits: list[TermHit] = []
        taken = bytearray(len(folded.text))
        for pattern, start, end in sorted(found, key=lambda match: (match[1] - match[2], match[1])):
            if any(taken[start:end]) or not (folded.boundary(start) and folded.boundary(end)):
                continue
            span = folded.origin(start, end)
            term = self._term_written(self._patterns[pattern], folded, span)
            if term is not None:
                taken[start:end] = b"\1" * (end - start)
                hits.append(TermHit(term, span))
        return tuple(sorted(hits, key=lambda hit: hit.span))

    def _term_written(self, pattern: str, text: FoldedText, span: Span) -> Term | None:
        """The term that this stretch spells: one whose case agrees before one whose
        case does not matter, and the first listed of each.
        """
        spellings = self._spellings[pattern]
        if any(term.case_sensitive for _, term in spellings):
            written = fold(span.of(text.original), keep_case=True).text
            for exact, term in spellings:
                if term.case_sensitive and exact == written:
                    return term
        return next((term for _, term in spellings if not term.case_sensitive), None)
