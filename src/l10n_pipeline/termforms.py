"""Where a term's accepted forms stand in a target text, and what follows from it.

Shared by whoever looks at a translation with a glossary in hand: enforcement before a
reviewer sees it, verification ever after.

Besides the agreed target, a term's listed forms and the inflections that an inflector made
of it, some forms are known by rule: a term that may inflect keeps its stem and changes its
ending. In Cyrillic the endings are those of Russian for the base form's own ending, and the
adjectives in -ский count; elsewhere any short ending does, unless an inflector has said which
there are: then Turkic suffixes alone may follow the target besides.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from l10n_pipeline.folding import APOSTROPHES, FoldedText, fold, is_word_character, words
from l10n_pipeline.model import (
    Inflection,
    Span,
    Term,
    TermHit,
    TermKind,
    TermMode,
    TermStatus,
    TermVerdict,
)

# An inflected word keeps its stem and trades its ending. Bounds in letters, from what
# Turkish, Azerbaijani, Finnish and Lithuanian endings need; a name's neighbour in the
# dictionary (Khojaly, Khojavend) should stay outside them.
_LONGEST_ENDING: Final = 4
_LONGEST_LOST_ENDING: Final = 3
_LONGEST_ENDINGS_TOGETHER: Final = 5
_SHORTEST_STEM: Final = 3
_VOWELS: Final = frozenset("aeiouyıəáéíóúàèìòùâêîôûäëïöüãõāēīōūąęėįųåøæ")
_SOFTENED: Final = frozenset({"pb", "çc", "td", "kğ", "kg", "ky", "qğ", "kc", "cz", "gz"})
"""Last consonants of a base form and what they turn into before an ending."""
# Demonym, plural, case, relative and copula; a buffer letter stands after a vowel alone.
_TURKIC_SUFFIX: Final = re.compile(
    r"(?:l[ıiuü])?(?:l[aeə]r)?"
    r"(?:(?:(?:(?<=[aeəıioöuü])[nys])?[ıiuü]n?|(?:(?<=[aeəıioöuü])[ny])?[aeə]|n?[dt][aeə]n?)(?:k[ıiü])?"
    r"|(?:(?<=[aeəıioöuü])y)?l[aeə])?"
    r"(?:[dt][ıiuü]r)?"
)

_SENTENCE_ENDS: Final = frozenset(".!?…:;¿¡")
_APART: Final = 2
"""Words between two mentions of a name that make the second one look like a slip; where a
language repeats a name in place of a pronoun, there is at least a clause between."""
_SUPERFLUOUS: Final = 2
"""Mentions beyond those of the source that no style accounts for."""
_SUFFIX_FOLLOWS: Final = re.compile(rf"[{re.escape(APOSTROPHES)}]\w")
_LONGEST_SUFFIX: Final = 6
"""Letters of a suffix that a hyphen joins to an abbreviation."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of a target text where one or more terms have an accepted form."""

    span: Span
    """Offsets into the target text."""
    exact: frozenset[Term]
    """Terms whose agreed target this is."""
    inflected: frozenset[Term]
    """Terms of which this is a listed form or another inflection."""
    labels: tuple[tuple[Term, str], ...] = ()
    """What the inflection is, for those terms of which that is known: ``genitive``."""

    def serves(self, term: Term) -> bool:
        """Whether this is an accepted form of the term."""
        return term in self.exact or term in self.inflected

    def status(self, term: Term) -> TermStatus:
        """What a hit of the term may be told that finds its form here."""
        return TermStatus.OK if term in self.exact else TermStatus.INFLECTED

    def label(self, term: Term) -> str:
        """Which inflection of the term this is; empty where it is none or nobody knows."""
        return next((label for other, label in self.labels if other == term), "")


def find_occurrences(
    target: str, terms: Iterable[Term], *, plural: Collection[Term] = ()
) -> tuple[Occurrence, ...]:
    """Accepted forms of the terms in a target text: in text order, none overlapping.

    Longer forms go first, so that a form inside another term's form does not count.
    Forms stand in their exact case, but for a sentence-initial capital and for text
    that is in capitals throughout, which a term of fixed case does not follow; they are
    bounded by :meth:`FoldedText.boundary`. A form inside one of its own term's forbidden
    renderings is no form.

    Args:
        target: a translation.
        terms: what to look for.
        plural: those of the terms of which a plural will do as well.
    """
    candidates = _candidates(target, list(dict.fromkeys(terms)), frozenset(plural))
    chosen: list[Occurrence] = []  # in text order
    for span, found in sorted(
        candidates.items(), key=lambda item: (-len(item[0]), not item[1].exact, item[0])
    ):
        at = bisect_left(chosen, span, key=lambda occurrence: occurrence.span)
        if not any(span.overlaps(other.span) for other in chosen[max(at - 1, 0) : at + 1]):
            chosen.insert(at, found.at(span))
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
    # What is one term's target and another's genitive is the former's sooner.
    agreed = [any(places_of[hit.term].values()) for hit in hits]
    for hit_at in sorted(range(len(hits)), key=lambda at: (-best[at], not agreed[at])):
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

    Two hits need two places. A proper name that stands twice within a few words, or much
    more often than the source has it, makes its last hit a duplicate.
    """
    occurrences = find_occurrences(
        target, (hit.term for hit in hits), plural={hit.term for hit in hits if hit.plural}
    )
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
    duplicated = (
        {
            term: _duplicates(target, term, surplus, occurrences)
            for term in {hit.term for hit in hits}
            if is_proper_name(term)
        }
        if surplus
        else {}
    )
    told: list[TermVerdict] = []
    for hit, place in zip(reversed(hits), reversed(places), strict=True):
        term = hit.term
        if place is None:
            told.append(_missing(target, term))
            continue
        status, detail = place.status(term), place.label(term)
        if (extra := duplicated.pop(term, 0)) > 0:
            status, detail = TermStatus.DUPLICATE, f"{extra} more than in the source"
        told.append(TermVerdict(term.source, place.span.of(target), status, detail))
    return tuple(reversed(told))


def _duplicates(
    target: str, term: Term, surplus: Sequence[Occurrence], occurrences: Sequence[Occurrence]
) -> int:
    """How often the term stands there too much: one mention more than the source has may
    be there for a pronoun, unless it follows the other at once.
    """
    extra = [place for place in surplus if term in place.exact]
    if not extra or len(extra) >= _SUPERFLUOUS:
        return len(extra)
    places = [place for place in occurrences if place.serves(term)]
    for left, right in pairwise(places):
        if extra[0] in (left, right) and (
            len(words(target[left.span.end : right.span.start])) <= _APART
        ):
            return 1
    return 0


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
    text = _Text.of(target)
    wrong = next((form for form in term.forbidden if any(_forbidden_spans(text, form))), None)
    detail = f"forbidden: {wrong}" if wrong else ""
    return TermVerdict(term.source, term.target, TermStatus.MISSING, detail)


@dataclass(frozen=True, slots=True)
class _Found:
    """Terms of which one place of the target is a form."""

    exact: set[Term]
    inflected: set[Term]
    labels: dict[Term, str]

    def at(self, span: Span) -> Occurrence:
        inflected = frozenset(self.inflected - self.exact)
        labels = tuple(
            (term, label) for term, label in self.labels.items() if label and term in inflected
        )
        return Occurrence(span, frozenset(self.exact), inflected, labels)


def _candidates(
    target: str, terms: Sequence[Term], plural: Collection[Term]
) -> Mapping[Span, _Found]:
    found: dict[Span, _Found] = {}

    def add(span: Span, term: Term, label: str, *, exact: bool = False) -> None:
        place = found.setdefault(span, _Found(set(), set(), {}))
        (place.exact if exact else place.inflected).add(term)
        place.labels.setdefault(term, label)

    text = _Text.of(target)
    for term in terms:
        forbidden = [span for form in term.forbidden for span in _forbidden_spans(text, form)]
        for span, form in _written_forms(text, term):
            # A form that is listed outweighs a forbidden one that differs in case alone.
            if not any(wrong.contains(span) and wrong != span for wrong in forbidden):
                add(span, term, form.label, exact=form.exact)
        if term.mode is TermMode.INFLECT or term in plural:
            for span, label in _other_inflections(text, term, plural=term in plural):
                if not any(wrong.contains(span) for wrong in forbidden):
                    add(span, term, label)
    return found


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    text: str
    """Composed, case as written."""
    folded: str
    """Composed and case-folded."""


class _Text:
    """A target text in the shapes in which it is compared."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.kept = _fold(original, keep_case=True)
        self.in_capitals = in_capitals(original)
        self._caseless: FoldedText | None = None
        self._words: tuple[_Word, ...] | None = None

    @staticmethod
    @lru_cache(maxsize=64)
    def of(original: str) -> _Text:
        return _Text(original)

    @property
    def caseless(self) -> FoldedText:
        if self._caseless is None:
            self._caseless = _fold(self.original)
        return self._caseless

    @property
    def words(self) -> tuple[_Word, ...]:
        if self._words is None:
            self._words = _words(self.original)
        return self._words


def _words(text: str) -> tuple[_Word, ...]:
    return tuple(
        _Word(span, written, _comparable(written))
        for span in words(text)
        for written in [unicodedata.normalize("NFC", span.of(text))]
    )


def _comparable(word: str) -> str:
    return word.casefold().replace("ё", "е")


def _fold(text: str, *, keep_case: bool = False) -> FoldedText:
    """Like :func:`fold`, and ё is е: Russian writes the two dots as it likes."""
    folded = fold(text, keep_case=keep_case)
    if "е\u0308" not in folded.text and "Е\u0308" not in folded.text:
        return folded
    letters = [
        at
        for at, mark in enumerate(folded.text)
        if mark != "\u0308" or folded.text[at - 1 : at] not in ("е", "Е")
    ]
    return FoldedText(
        "".join(folded.text[at] for at in letters),
        text,
        tuple(folded.starts[at] for at in letters),
        tuple(folded.ends[following - 1] for following in [*letters[1:], len(folded.text)]),
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a term, ready to be searched for."""

    pattern: str
    exact: bool
    """Whether this is the agreed target."""
    label: str
    initial: bool = False
    """Whether only the beginning of a sentence may write it so."""
    capitals: bool = False
    """Whether only a text in capitals may write it so."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """All ways to write a term, and what they begin with."""

    stem: str
    """What every form begins with, but for those of texts in capitals; may be empty."""
    forms: tuple[_Form, ...]


@lru_cache(maxsize=16384)
def _patterns(
    target: str, forms: tuple[str, ...], inflections: tuple[Inflection, ...], *, fixed_case: bool
) -> _Patterns:
    labels = {target: "", **dict.fromkeys(forms, "")}
    for inflection in inflections:
        # A form may be listed as well as made: the label is what the list does not tell.
        if inflection.form != target:
            labels[inflection.form] = labels.get(inflection.form) or inflection.label
    ways: dict[tuple[str, bool], _Form] = {}
    for form, label in labels.items():
        for way in _ways_to_write(form, form == target, label, fixed_case=fixed_case):
            if way.pattern:
                ways.setdefault((way.pattern, way.capitals), way)
    starts = [way.pattern for way in ways.values() if not (way.initial or way.capitals)]
    low, high = min(starts, default=""), max(starts, default="")
    shared = next((at for at, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), None)
    # A sentence's beginning changes the first letter, so that what is shared begins behind it.
    first = 1 if any(way.initial for way in ways.values()) else 0
    return _Patterns(low[first:shared], tuple(ways.values()))


def _ways_to_write(form: str, exact: bool, label: str, *, fixed_case: bool) -> Iterator[_Form]:
    yield _Form(_fold(form, keep_case=True).text, exact, label)
    if fixed_case:
        return
    initial = capitalised(form)
    if initial != form:
        yield _Form(_fold(initial, keep_case=True).text, exact, label, initial=True)
    # Turkish and Azerbaijani have İ for i; nobody else has it in capitals.
    for upper in dict.fromkeys((form.upper(), form.replace("i", "İ").upper())):
        if upper != form:
            yield _Form(_fold(upper, keep_case=True).text, exact, label, capitals=True)


def _written_forms(text: _Text, term: Term) -> Iterator[tuple[Span, _Form]]:
    """Where the target, a listed form or a made one stands."""
    patterns = _patterns(term.target, term.forms, term.inflections, fixed_case=term.fixed_case)
    kept = text.kept
    if not text.in_capitals and patterns.stem not in kept.text:
        return
    for form in patterns.forms:
        if form.capitals and not text.in_capitals:
            continue
        for start, end in _stands(kept, form.pattern):
            span = kept.origin(start, end)
            if form.initial and not begins_sentence(text.original, span.start):
                continue
            if term.mode is TermMode.INFLECT and form.exact and _has_suffix(term, kept, end):
                yield span, _Form(form.pattern, exact=False, label="")
            else:
                yield span, form


def _forbidden_spans(text: _Text, form: str) -> Iterable[Span]:
    for start, end in _stands(text.caseless, _fold(form).text):
        yield text.caseless.origin(start, end)


def _stands(text: FoldedText, pattern: str) -> Iterable[tuple[int, int]]:
    """Where a folded pattern stands, word-bounded; places may overlap."""
    start = text.text.find(pattern) if pattern else -1
    while start >= 0:
        end = start + len(pattern)
        if text.boundary(start) and text.boundary(end):
            yield start, end
        start = text.text.find(pattern, start + 1)


def _has_suffix(term: Term, text: FoldedText, end: int) -> bool:
    """Whether a suffix follows after an apostrophe, or after a hyphen and an abbreviation."""
    mark = text.text[end : end + 1]
    last = end + 1
    while last < len(text.text) and is_word_character(text.text[last]):
        last += 1
    suffix = text.text[end + 1 : last]
    if mark == "'":
        return bool(suffix)
    joined = mark == "-" and in_capitals(term.target)
    return joined and suffix.islower() and len(suffix) <= _LONGEST_SUFFIX


@dataclass(frozen=True, slots=True)
class _Base:
    """The words of a target, and what stands between them."""

    words: tuple[_Word, ...]
    between: tuple[str, ...]


@lru_cache(maxsize=16384)
def _base(target: str) -> _Base:
    found = _words(target)
    return _Base(found, _between(target, found))


def _other_inflections(text: _Text, term: Term, *, plural: bool) -> Iterator[tuple[Span, str]]:
    """Runs of words that differ from the target's words in their endings alone, and the
    adjectives made of it; each with what it is.
    """
    base = _base(term.target)
    if not base.words:
        return
    cyrillic = _is_cyrillic(base.words[-1].folded)
    # Where an inflector has said what forms there are, a name like them is another name.
    if plural or cyrillic or not term.inflections:
        runs = _alike(
            text,
            base.words,
            fixed_case=term.fixed_case,
            plural=plural,
            person=term.kind is TermKind.PERSON,
        )
    else:
        runs = _suffixed(text, base.words, fixed_case=term.fixed_case)
    for run in runs:
        if _between(text.original, run) == base.between:
            yield _span(run), "plural" if plural else ""
    if term.mode is TermMode.INFLECT:
        for run in _sharing_head(text, base, fixed_case=term.fixed_case):
            yield _span(run), "shares its last word"
        if cyrillic:
            for span in _adjectives(text, base):
                yield span, "adjective"


def _alike(
    text: _Text,
    wanted: Sequence[_Word],
    *,
    fixed_case: bool = False,
    plural: bool = False,
    person: bool = False,
) -> Iterator[Sequence[_Word]]:
    # The first letters of a stem never change: most words are out at once.
    lead = wanted[0].folded[: min(2, len(wanted[0].folded) - 1)]
    length = len(wanted)
    for first in range(len(text.words) - length + 1):
        if not text.words[first].folded.startswith(lead):
            continue
        run = text.words[first : first + length]
        if all(
            _may_inflect(ours.text, word.text, fixed_case=fixed_case, plural=plural, person=person)
            for ours, word in zip(wanted, run, strict=True)
        ) and (text.in_capitals or not _has_more_capitals(wanted, run)):
            yield run


def _has_more_capitals(wanted: Sequence[_Word], run: Sequence[_Word]) -> bool:
    """Whether a word after the first has a capital that the target's has not."""
    return any(
        word.text[:1].isupper() and ours.text[:1].islower()
        for ours, word in zip(wanted[1:], run[1:], strict=True)
    )


def _suffixed(
    text: _Text, wanted: Sequence[_Word], *, fixed_case: bool
) -> Iterator[Sequence[_Word]]:
    """Where the last word has a Turkic suffix, without an apostrophe."""
    head = wanted[-1].folded
    for at in range(len(wanted) - 1, len(text.words)):
        last = text.words[at].folded
        if not (last.startswith(head) and _TURKIC_SUFFIX.fullmatch(last, len(head))):
            continue
        # A name has one case: İrlanda'nın is no form of İrland.
        if last != head and _SUFFIX_FOLLOWS.match(text.original, text.words[at].span.end):
            continue
        run = text.words[at + 1 - len(wanted) : at + 1]
        if all(
            (word.folded == ours.folded or word is run[-1])
            and (word.text[:1].isupper() or not ours.text[:1].isupper())
            and (word.text.startswith(ours.text) or not fixed_case)
            for ours, word in zip(wanted, run, strict=True)
        ):
            yield run


def _sharing_head(text: _Text, base: _Base, *, fixed_case: bool) -> Iterator[Sequence[_Word]]:
    """Where another name has the last word for both: Чёрное и Каспийское моря."""
    *wanted, head = base.words
    if not wanted:
        return
    for run in _alike(text, wanted, fixed_case=fixed_case):
        following = [word for word in text.words if word.span.start >= run[-1].span.end]
        for at, word in enumerate(following[: _APART + 2]):
            between = text.original[run[-1].span.end : word.span.start]
            if not _SENTENCE_ENDS.isdisjoint(between):
                break
            if (
                any(other.text[:1].isupper() for other in following[:at])
                and _between(text.original, run) == base.between[:-1]
                and _may_inflect(head.text, word.text, plural=True)
            ):
                yield run
                break


def _span(run: Sequence[_Word]) -> Span:
    return Span(run[0].span.start, run[-1].span.end)


def _between(text: str, found: Sequence[_Word]) -> tuple[str, ...]:
    return tuple(
        _fold(text[left.span.end : right.span.start]).text for left, right in pairwise(found)
    )


def may_inflect(base: str, word: str) -> bool:
    """Whether the word may be an inflection of the base form: same stem, same initial
    case, another ending.

    >>> may_inflect("Алиева", "Алиевой"), may_inflect("Khojaly", "Khojavend")
    (True, False)
    """
    base, word = (unicodedata.normalize("NFC", text) for text in (base, word))
    return _may_inflect(base, word)


@lru_cache(maxsize=65536)
def _may_inflect(
    base: str, word: str, *, fixed_case: bool = False, plural: bool = False, person: bool = False
) -> bool:
    if base[:1].isupper() and not word[:1].isupper():
        return False
    ours, theirs = _comparable(base), _comparable(word)
    if ours == theirs:
        return base == word or not fixed_case
    stem = _shared(ours, theirs)
    if fixed_case and _shared(base, word) < stem:
        return False
    if _is_russian(ours) and _is_russian(theirs):
        if person and ours[-1] in _NEVER_DECLINED:
            return False
        return _is_russian_form(ours, theirs, plural=plural)
    lost, gained = ours[stem:], theirs[stem:]
    return (
        stem >= _SHORTEST_STEM
        and len(lost) <= _LONGEST_LOST_ENDING
        and len(gained) <= _LONGEST_ENDING
        and len(lost) + len(gained) <= _LONGEST_ENDINGS_TOGETHER
        and 2 * stem >= len(ours)
        and not _trades_consonants(lost, gained)
        # A letter gone from the middle is a slip, not an ending: Berin, Kanda.
        and not (gained and lost.endswith(gained))
    )


def _shared(left: str, right: str) -> int:
    """How many letters two words have in common at their beginning."""
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    return shared


def _trades_consonants(lost: str, gained: str) -> bool:
    """Whether a last consonant gives way to one that it does not soften to: İran, İraq."""
    if len(lost) != 1 or not gained:
        return False
    neither_is_vowel = _VOWELS.isdisjoint((lost, gained[0]))
    return neither_is_vowel and lost + gained[0] not in _SOFTENED


# --- Russian ---------------------------------------------------------------------


def _endings(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_OF_ADJECTIVES: Final = _endings(
    "ый ий ой ого его ому ему ым им ом ем ая яя ую юю ою ею ей ое ее ые ие ых их ыми ими"
)
_OF_PLURALS: Final = _endings("ы и а я ов ев ей ам ям ами ями ах ях")
_AFTER_CONSONANT: Final = _endings("а у ом ем ым е и")
_IN_PLACE_OF: Final = {
    # What the singular of a noun or a surname has for the base form's last letter.
    "а": _endings("ы и е у ой ою ей ею"),
    "я": _endings("и е ю ей ею"),
    "о": _endings("а у ом е"),
    "е": _endings("я а ю у ем ом и"),
    "й": _endings("я ю ем е и"),
    "ь": _endings("я ю ем е и ью"),
    # Names in the plural: Афины, Мальдивы, Гавайи.
    "ы": _endings("ов ам ами ах") | {""},
    "и": _endings("ов ев ей ам ям ами ями ах ях") | {""},
    "у": frozenset[str](),
    "э": frozenset[str](),
    "ю": frozenset[str](),
}
_FLEETING: Final = re.compile(r"(?P<before>.+[^аеиоуыэюя])[ео](?P<last>[цклнрт])")
_NEVER_DECLINED: Final = frozenset("оеиуэю")
"""Last letters of persons' names that stay as they are: Провенцано, Лемье."""
_VOWEL_OR_SIGN: Final = "аеиоуыэюяьй"
_MADE_ADJECTIVE: Final = re.compile(
    r"(?:ий|ь|й|ей|ов|ев|ин|ан|ян|иан|е|и)?[сц]к"
    r"(?:ий|ого|ому|им|ом|ая|ой|ую|ою|ое|ие|их|ими)"
)
_BEFORE_ADJECTIVE: Final = {"к": "ч", "г": "ж", "х": "ш"}


def _is_cyrillic(word: str) -> bool:
    return any("а" <= letter <= "ӿ" for letter in word)


def _is_russian(word: str) -> bool:
    return all("а" <= letter <= "я" for letter in word)


def _is_russian_form(base: str, word: str, *, plural: bool) -> bool:
    """Whether the word is the base form with an ending that its own ending can give way to.

    Both are in lower case. What class a word belongs to is told by its last letters alone.
    """
    if len(base) > _SHORTEST_STEM + 1 and {base[-2:], word[len(base) - 2 :]} <= _OF_ADJECTIVES:
        return word.startswith(base[:-2])
    stems, endings = [base[:-1]], _IN_PLACE_OF.get(base[-1:])
    if endings is None:
        stems, endings = [base], _AFTER_CONSONANT
        if fleeting := _FLEETING.fullmatch(base):
            stems += [fleeting["before"] + soft + fleeting["last"] for soft in ("", "ь")]
    if plural:
        endings |= _OF_PLURALS | {""}
    return len(base) >= _SHORTEST_STEM and any(
        word.startswith(stem) and word[len(stem) :] in endings for stem in stems
    )


def _adjectives(text: _Text, base: _Base) -> Iterator[Span]:
    """Adjectives made of the name: российский, нью-йоркский, новозеландский."""
    *others, name = (word.folded for word in base.words)
    stem = name.rstrip(_VOWEL_OR_SIGN)
    if len(stem) < _SHORTEST_STEM:
        return
    softened = _BEFORE_ADJECTIVE.get(stem[-1])
    stems = {stem, stem.removesuffix("к"), stem[:-1] + softened if softened else stem}
    before = tuple(others)
    if len(before) == 1 and before[0][-2:] in _OF_ADJECTIVES and base.between == (" ",):
        stems = {before[0][:-2] + vowel + each for each in stems for vowel in "ое"}
        before = ()
    elif any(joint != "-" for joint in base.between):
        return
    for at in range(len(before), len(text.words)):
        last = text.words[at].folded
        if "ск" not in last and "цк" not in last:
            continue
        run = text.words[at - len(before) : at + 1]
        if (
            tuple(word.folded for word in run[:-1]) == before
            and _between(text.original, run) == (base.between if before else ())
            and any(_MADE_ADJECTIVE.fullmatch(last.removeprefix(each)) for each in stems)
        ):
            yield _span(run)
