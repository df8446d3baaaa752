"""Finding the glossary's terms in a source text.

One Aho-Corasick automaton (Aho and Corasick 1975) over the folded spellings of all
terms reads each text once, however many terms there are; a second one, over spellings
without diacritics, where terms are to be found without them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from l10n_pipeline.folding import FoldedText, fold
from l10n_pipeline.glossary.diacritics import spellings_without_diacritics, without_diacritics
from l10n_pipeline.glossary.english import plural_endings
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Span, Term, TermHit, TermKind
from l10n_pipeline.termforms import begins_sentence, capitalised

_NAME_GOES_ON: Final = ("++", "#")
"""C is neither C++ nor C#."""


class _Spelling(NamedTuple):
    """A way to write a term."""

    term: Term
    exact: str
    """As the case-sensitive term must be written; empty where case does not matter."""
    plural: bool = False


class _Spellings:
    """What there is to search for, in one comparable form of text."""

    def __init__(self) -> None:
        self._by_pattern: dict[str, list[_Spelling]] = {}
        self._patterns: list[str] = []
        self._automaton = AhoCorasick([])

    def __bool__(self) -> bool:
        return bool(self._by_pattern)

    def add(self, pattern: str, spelling: _Spelling) -> None:
        if pattern:
            self._by_pattern.setdefault(pattern, []).append(spelling)

    def complete(self) -> None:
        """Make ready to search, once all is added."""
        self._patterns = list(self._by_pattern)
        self._automaton = AhoCorasick(self._patterns)

    def find(self, text: str) -> Iterator[tuple[int, int, list[_Spelling]]]:
        """Where what is spelt how; whatever is around it, overlapping or not."""
        for at, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            yield start, end, self._by_pattern[self._patterns[at]]


class _Place(NamedTuple):
    """A stretch of the folded text that may be a term."""

    start: int
    end: int
    spellings: list[_Spelling]
    bare: bool = False
    """Whether it is one only without its diacritics."""


class GlossaryMatcher:
    """Finds terms by their source spellings and aliases; implements ``TermMatcher``.

    Case counts for the terms that say so, but for the capital that begins a sentence, and
    diacritics but for the terms that say otherwise; white space, apostrophes, hyphens and
    double quotation marks match their typographic variants. Longer matches go first and
    none overlap; a match neither begins nor ends inside a word. In English texts a term's
    regular plural is found too, unless it is spelt like another term or names a person:
    Adams is no plural of Adam.

    Args:
        terms: in order of precedence.
        source: the language of the texts; without it no plurals are looked for.
    """

    def __init__(self, terms: Iterable[Term], *, source: Locale | None = None) -> None:
        self._in_english = source is not None and source.language == "en"
        self._spellings = _Spellings()
        self._bare = _Spellings()
        for term in terms:
            for spelling in (term.source, *term.aliases):
                self._add(term, spelling.strip())
        self._spellings.complete()
        self._bare.complete()

    def _add(self, term: Term, written: str) -> None:
        pattern = fold(written).text
        exact = fold(written, keep_case=True).text if term.case_sensitive else ""
        self._add_in_all_letters(pattern, _Spelling(term, exact))
        if self._in_english and term.kind is not TermKind.PERSON:
            for ending in plural_endings(unicodedata.normalize("NFC", written)):
                plural = _Spelling(term, exact and ending.of(exact), plural=True)
                self._add_in_all_letters(ending.of(pattern), plural)

    def _add_in_all_letters(self, pattern: str, spelling: _Spelling) -> None:
        self._spellings.add(pattern, spelling)
        if spelling.term.ignores_diacritics:
            exact = spellings_without_diacritics(spelling.exact)
            for bare, bare_exact in zip(spellings_without_diacritics(pattern), exact, strict=True):
                self._bare.add(bare, spelling._replace(exact=bare_exact))

    def match(self, source: str) -> tuple[TermHit, ...]:
        """The terms of a source text, in text order."""
        folded = fold(source)
        hits: list[TermHit] = []
        taken = bytearray(len(folded.text))
        # Stable: of two ways to read one stretch the one with its diacritics is first.
        for place in sorted(
            self._places(folded), key=lambda place: (place.start - place.end, place.start)
        ):
            start, end = place.start, place.end
            if taken.find(1, start, end) >= 0:
                continue
            if not (folded.boundary(start) and folded.boundary(end)):
                continue
            if folded.text.startswith(_NAME_GOES_ON, end):
                continue
            span = folded.origin(start, end)
            spelling = _spelling_written(place, source, span)
            if spelling is not None:
                taken[start:end] = b"\1" * (end - start)
                hits.append(TermHit(spelling.term, span, plural=spelling.plural))
        return tuple(sorted(hits, key=lambda hit: hit.span))

    def _places(self, folded: FoldedText) -> Iterator[_Place]:
        for start, end, spellings in self._spellings.find(folded.text):
            yield _Place(start, end, spellings)
        if self._bare:
            text, places = without_diacritics(folded.text)
            for start, end, spellings in self._bare.find(text):
                # A ligature becomes two letters: neither is a place to begin or end.
                whole = not (start and places[start] == places[start - 1])
                if whole and places[end] != places[end - 1]:
                    yield _Place(places[start], places[end], spellings, bare=True)


def _spelling_written(place: _Place, text: str, span: Span) -> _Spelling | None:
    """The spelling that stands here: one whose case agrees before one whose case does not
    matter, a singular before a plural, and the first listed of each.
    """
    spellings = place.spellings
    if any(spelling.exact for spelling in spellings):
        written = fold(span.of(text), keep_case=True).text
        if place.bare:
            written, _ = without_diacritics(written)
        agreeing = [spelling for spelling in spellings if spelling.exact == written]
        agreeing += [spelling for spelling in spellings if not spelling.exact]
        if begins_sentence(text, span.start):
            agreeing += [
                spelling
                for spelling in spellings
                if spelling.exact and capitalised(spelling.exact) == written
            ]
        spellings = agreeing
    return min(spellings, key=lambda spelling: spelling.plural, default=None)
