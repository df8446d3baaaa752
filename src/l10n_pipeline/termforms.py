"""Where a term's accepted forms stand in a target text, and what follows from it.

Shared by whoever looks at a translation with a glossary in hand: enforcement before a
reviewer sees it, verification ever after.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from l10n_pipeline.folding import FoldedText, fold, is_word_character, words
from l10n_pipeline.model import (
    Span,
    Term,
    TermHit,
    TermKind,
    TermMode,
    TermStatus,
    TermVerdict,
)

# An inflected word keeps its stem and trades its ending. Bounds in letters, from what
# Russian, Turkish, Azerbaijani and Finnish endings need; a name's neighbour in the
# dictionary (Khojaly, Khojavend) should stay outside them.
_LONGEST_ENDING: Final = 4
_LONGEST_LOST_ENDING: Final = 3
_LONGEST_ENDINGS_TOGETHER: Final = 5
_SHORTEST_STEM: Final = 3

_SENTENCE_ENDS: Final = frozenset(".!?…:;¿¡")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of a target text where one or more terms have an accepted form."""

    span: Span
    """Offsets into the target text."""
    exact: frozenset[Term]
    """Terms whose agreed target this is."""
    inflected: frozenset[Term]
    """Terms of which this is a listed form or another inflection."""

    def serves(self, term: Term) -> bool:
        """Whether this is an accepted form of the term."""
        return term in self.exact or term in self.inflected

    def status(self, term: Term) -> TermStatus:
        """What a hit of the term may be told that finds its form here."""
        return TermStatus.OK if term in self.exact else TermStatus.INFLECTED


def find_occurrences(target: str, terms: Iterable[Term]) -> tuple[Occurrence, ...]:
    """Accepted forms of the terms in a target text: in text order, none overlapping.

    Longer forms go first, so that a form inside another term's form does not count.
    Forms stand in their exact case, but for a sentence-initial capital and for text
    that is in capitals throughout; they are bounded by :meth:`FoldedText.boundary`.
    A form inside one of its own term's forbidden renderings is no form.
    """
    candidates = _candidates(target, list(dict.fromkeys(terms)))
    chosen: list[Occurrence] = []  # in text order
    for span, (exact, inflected) in sorted(
        candidates.items(), key=lambda item: (-len(item[0]), not item[1][0], item[0])
    ):
        at = bisect_left(chosen, span, key=lambda occurrence: occurrence.span)
        if not any(span.overlaps(other.span) for other in chosen[max(at - 1, 0) : at + 1]):
            chosen.insert(at, Occurrence(span, frozenset(exact), frozenset(inflected - exact)))
    return tuple(chosen)


def assign(
    hits: Sequence[TermHit],
    occurrences: Sequence[Occurrence],
    affinity: Callable[[TermHit, Span], float] = lambda _hit, _span: 0.0,
) -> tuple[Occurrence | None, ...]:
    """For each hit an occurrence of its own, or None: as many hits as can be are served.

    Args:
        hits: the hits of one segment.
        occurrences: what :func:`find_occurrences` found for their terms.
        affinity: how strongly a hit is tied to a place of the target, by the word
            alignment for instance. Where there are fewer places than hits, the hits
            with the stronger tie are served.
    """
    wishes: list[list[int]] = []
    best: list[float] = []
    places_of: dict[Term, dict[int, bool]] = {}
    ranks: Counter[Term] = Counter()
    for hit in hits:
        if hit.term not in places_of:
            places_of[hit.term] = {
                at: hit.term in place.exact
                for at, place in enumerate(occurrences)
                if place.serves(hit.term)
            }
        exact = places_of[hit.term]
        open_to = list(exact)
        ties = {at: affinity(hit, occurrences[at].span) for at in open_to}
        # Without other evidence the n-th hit of a term has the n-th place.
        expected = open_to[min(ranks[hit.term], len(open_to) - 1)] if open_to else 0
        ranks[hit.term] += 1
        wishes.append(
            sorted(open_to, key=lambda at: (-ties[at], not exact[at], abs(at - expected)))
        )
        best.append(max(ties.values(), default=0.0))
    holder: dict[int, int] = {}
    for hit_at in sorted(range(len(hits)), key=lambda at: -best[at]):
        _seat(hit_at, wishes, holder)
    place_of = {hit_at: occurrences[at] for at, hit_at in holder.items()}
    return tuple(place_of.get(at) for at in range(len(hits)))


def _seat(hit: int, wishes: list[list[int]], holder: dict[int, int]) -> None:
    """One round of Kuhn's bipartite matching: seat a hit, moving others if need be.

    The augmenting path is kept as a stack, since it may be as long as there are hits.
    """
    tried: set[int] = set()
    path = [(hit, iter(wishes[hit]))]
    asked: list[int] = []
    while path:
        place = next((place for place in path[-1][1] if place not in tried), None)
        if place is None:
            path.pop()
            if asked:
                asked.pop()
            continue
        tried.add(place)
        asked.append(place)
        if place not in holder:
            for (seated, _), at in zip(path, asked, strict=True):
                holder[at] = seated
            return
        path.append((holder[place], iter(wishes[holder[place]])))


def verify(target: str, hits: Sequence[TermHit]) -> tuple[TermVerdict, ...]:
    """A verdict for each hit, in order: ok, inflected, missing or duplicate.

    Two hits need two places. A proper name that stands there more often than the
    source has it makes its last hit a duplicate.
    """
    occurrences = find_occurrences(target, (hit.term for hit in hits))
    return verdicts(target, hits, occurrences, assign(hits, occurrences))


def verdicts(
    target: str,
    hits: Sequence[TermHit],
    occurrences: Sequence[Occurrence],
    places: Sequence[Occurrence | None],
) -> tuple[TermVerdict, ...]:
    """What :func:`verify` says, where the places of the hits are already known."""
    taken = {place.span for place in places if place is not None}
    surplus = [place for place in occurrences if place.span not in taken]
    duplicated = {
        term: sum(term in place.exact for place in surplus)
        for term in {hit.term for hit in hits}
        if is_proper_name(term)
    }
    told: list[TermVerdict] = []
    for hit, place in zip(reversed(hits), reversed(places), strict=True):
        term = hit.term
        if place is None:
            told.append(_missing(target, term))
        elif (extra := duplicated.pop(term, 0)) > 0:
            detail = f"{extra} more than in the source"
            told.append(
                TermVerdict(term.source, place.span.of(target), TermStatus.DUPLICATE, detail)
            )
        else:
            told.append(TermVerdict(term.source, place.span.of(target), place.status(term)))
    return tuple(reversed(told))


def is_proper_name(term: Term) -> bool:
    """Whether repeating the term where the source does not would be an error: pronouns
    and synonyms take the place of a common noun, seldom of a name.
    """
    return term.kind is not TermKind.OTHER or any(letter.isupper() for letter in term.target)


def in_capitals(text: str) -> bool:
    """Whether a text is written in capitals throughout, as headings may be."""
    return text.isupper()


def begins_sentence(text: str, at: int) -> bool:
    """Whether what stands at this offset opens the text or a sentence of it."""
    for character in reversed(text[:at]):
        if is_word_character(character):
            return False
        if character in _SENTENCE_ENDS:
            return True
    return True


def capitalised(text: str) -> str:
    """The text with its first code point in title case: "ǆ" gives "ǅ"."""
    return text[:1].title() + text[1:]


def _missing(target: str, term: Term) -> TermVerdict:
    wrong = next(
        (form for form in term.forbidden if any(_forbidden_spans(fold(target), form))), None
    )
    detail = f"forbidden: {wrong}" if wrong else ""
    return TermVerdict(term.source, term.target, TermStatus.MISSING, detail)


_Candidates = dict[Span, tuple[set[Term], set[Term]]]


def _candidates(target: str, terms: Collection[Term]) -> _Candidates:
    found: _Candidates = {}
    kept = fold(target, keep_case=True)
    caseless = fold(target)
    for term in terms:
        forbidden = [span for form in term.forbidden for span in _forbidden_spans(caseless, form)]
        for span, exact in _written_forms(kept, term):
            # A form that is listed outweighs a forbidden one that differs in case alone.
            if not any(wrong.contains(span) and wrong != span for wrong in forbidden):
                found.setdefault(span, (set(), set()))[0 if exact else 1].add(term)
        if term.mode is TermMode.INFLECT:
            for span in _other_inflections(target, term.target):
                if not any(wrong.contains(span) for wrong in forbidden):
                    found.setdefault(span, (set(), set()))[1].add(term)
    return found


def _written_forms(text: FoldedText, term: Term) -> Iterable[tuple[Span, bool]]:
    """Where the target or a listed form stands, and whether it is the bare target."""
    for form in dict.fromkeys((term.target, *term.forms)):
        exact = form == term.target
        for written in _ways_to_write(text.original, form):
            for start, end in _stands(text, written.pattern):
                span = text.origin(start, end)
                if written.initial and not begins_sentence(text.original, span.start):
                    continue
                suffixed = term.mode is TermMode.INFLECT and _has_suffix(text, end)
                yield span, exact and not suffixed


@dataclass(frozen=True, slots=True)
class _Written:
    pattern: str
    initial: bool = False
    """Whether only the beginning of a sentence may write it so."""


def _ways_to_write(text: str, form: str) -> Iterable[_Written]:
    yield _Written(fold(form, keep_case=True).text)
    initial = capitalised(form)
    if initial != form:
        yield _Written(fold(initial, keep_case=True).text, initial=True)
    if in_capitals(text) and form.upper() != form:
        yield _Written(fold(form.upper(), keep_case=True).text)


def _forbidden_spans(caseless: FoldedText, form: str) -> Iterable[Span]:
    for start, end in _stands(caseless, fold(form).text):
        yield caseless.origin(start, end)


def _stands(text: FoldedText, pattern: str) -> Iterable[tuple[int, int]]:
    """Where a folded pattern stands, word-bounded; places may overlap."""
    start = text.text.find(pattern) if pattern else -1
    while start >= 0:
        end = start + len(pattern)
        if text.boundary(start) and text.boundary(end):
            yield start, end
        start = text.text.find(pattern, start + 1)


def _has_suffix(text: FoldedText, end: int) -> bool:
    following = text.text[end : end + 2]
    return len(following) == 2 and following[0] == "'" and is_word_character(following[1])


def _other_inflections(text: str, target: str) -> Iterable[Span]:
    """Runs of words that differ from the target's words in their endings alone."""
    wanted = [span.of(target) for span in words(target)]
    present = words(text)
    length = len(wanted)
    if not length:
        return
    between_wanted = _between(target, words(target))
    for first in range(len(present) - length + 1):
        window = present[first : first + length]
        alike = all(
            may_inflect(word, span.of(text)) for word, span in zip(wanted, window, strict=True)
        )
        if alike and _between(text, window) == between_wanted:
            yield Span(window[0].start, window[-1].end)


def _between(text: str, spans: Sequence[Span]) -> list[str]:
    return [fold(text[left.end : right.start]).text for left, right in pairwise(spans)]


def may_inflect(base: str, word: str) -> bool:
    """Whether the word may be an inflection of the base form: same stem, same initial
    case, another ending.

    >>> may_inflect("Алиева", "Алиевой"), may_inflect("Khojaly", "Khojavend")
    (True, False)
    """
    base, word = (unicodedata.normalize("NFC", text) for text in (base, word))
    if base[:1].isupper() and not word[:1].isupper():
        return False
    base, word = base.casefold(), word.casefold()
    if base == word:
        return True
    stem = 0
    while stem < min(len(base), len(word)) and base[stem] == word[stem]:
        stem += 1
    lost, gained = len(base) - stem, len(word) - stem
    return (
        stem >= _SHORTEST_STEM
        and lost <= _LONGEST_LOST_ENDING
        and gained <= _LONGEST_ENDING
        and lost + gained <= _LONGEST_ENDINGS_TOGETHER
        and 2 * stem >= len(base)
    )
