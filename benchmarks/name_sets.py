"""Names and their renderings, derived from a parallel set by a fixed rule.

The rule reads spelling alone; it knows no language and no list of names.

1. A word is capitalised where it begins with a capital. One that opens a sentence counts
   only if the file nowhere has it in lower case.
2. A run is a stretch of capitalised words that nothing stands between but a space, a hyphen,
   a stroke or the stop of an initial: "George W. Bush". Lower-case words divide runs:
   "University of Oregon" are two.
3. Of each run, the longest stretches are names that the reference renders recognisably: as
   many capitalised words, each like its counterpart, in the same order, with nothing but
   a lower-case word or two between. What is no more than the beginning of the name is
   another word ("Jamaican", "Jamaica"). A lone word that opens a sentence on both sides is
   a name only where it is capitalised within a sentence elsewhere.
4. A name is agreed to be what most of its places have; of equals, the first. Any other
   rendering is accepted beside it if at least two lines have it: no line is ever judged by
   a form that it alone has.
5. Of two names with one rendering ("Canada", "Canadian") the one that is more like it stays;
   a name stays that more than half of its places in the source render so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.folding import HYPHENS, fold
from l10n_pipeline.similarity import likeness, skeleton

ALIKE: Final = 0.7
"""Least likeness of each word of a name to its counterpart: "Italy", "Itália"."""
SHORTEST: Final = 2
"""Letters or digits that a name has at least: no "I"."""
ATTESTED: Final = 2
"""Lines that have to have a form beside the agreed one."""

_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_POSSESSIVE: Final = re.compile(r"['’]s\Z")
_JOINT: Final = re.compile(rf"\s|[{re.escape(HYPHENS)}/]")
_INITIAL_JOINT: Final = re.compile(r"\.\s?")
_SENTENCE_ENDS: Final = frozenset(".!?…:;¿¡")
_LOWER_WORDS_BETWEEN: Final = 2
"""At most, between two words of a rendering: "da", "de la"."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line."""

    text: str
    start: int
    end: int
    opening: bool
    """Whether it opens the line or a sentence of it."""

    @property
    def capitalised(self) -> bool:
        """Whether it begins with a capital."""
        return unicodedata.category(self.text[0]) in ("Lu", "Lt")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A name in a line, and what the reference has for it."""

    line: int
    """From 0."""
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Name:
    """One entry of the glossary."""

    source: str
    target: str
    """The agreed rendering."""
    forms: tuple[str, ...] = ()
    """Renderings accepted beside it; each stands in at least two lines."""
    lines: frozenset[int] = frozenset()
    """Whose references have the agreed rendering."""

    @property
    def accepted(self) -> tuple[str, ...]:
        """The agreed rendering and the forms."""
        return (self.target, *self.forms)

    def respelled(self) -> Name:
        """The name with an agreed rendering that no model can know."""
        forms = dict.fromkeys(map(respelled, self.forms))
        forms.pop(target := respelled(self.target), None)
        return Name(self.source, target, tuple(forms), self.lines)


def derive(sources: Sequence[str], references: Sequence[str]) -> tuple[Name, ...]:
    """The one glossary of a whole parallel set, in order of first appearance.

    Args:
        sources: one segment each.
        references: the human translation of each.
    """
    found: dict[str, list[Rendered]] = defaultdict(list)
    for rendered in renderings(sources, references):
        found[fold(rendered.source, keep_case=True).text].append(rendered)
    agreed = {key: _agreed(places) for key, places in found.items()}
    best: dict[str, Name] = {}
    for name in agreed.values():
        rival = best.get(name.target)
        if rival is None or _rank(name) > _rank(rival):
            best[name.target] = name
    pattern = anywhere(name.source for name in agreed.values())
    places = Counter(place[0] for line in sources for place in pattern.finditer(line))
    return tuple(
        name
        for key, name in agreed.items()
        if best[name.target] is name
        and 2 * sum(place.target in name.accepted for place in found[key]) > places[name.source]
    )


def anywhere(spellings: Iterable[str]) -> re.Pattern[str]:
    """Finds the spellings where they stand as whole words, of two at one place the longer."""
    ordered = sorted(set(spellings), key=lambda spelling: (-len(spelling), spelling))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered)) or '(?!)'})(?!\w)")


def renderings(sources: Sequence[str], references: Sequence[str]) -> Iterator[Rendered]:
    """Every name of every line that its reference renders recognisably."""
    divided = [words_of(line) for line in sources]
    rendered = [words_of(line) for line in references]
    common = {word.text for line in divided for word in line if word.text.islower()}
    within = {
        word.text
        for line in (*divided, *rendered)
        for word in line
        if word.capitalised and not word.opening
    }
    for at, (source, reference) in enumerate(zip(sources, references, strict=True)):
        taken: set[int] = set()
        for run in runs(source, divided[at], common):
            for first, last, window in _longest(run, rendered[at], reference, taken, within):
                taken.update(window)
                yield Rendered(
                    at,
                    source[run[first].start : run[last - 1].end],
                    reference[rendered[at][window[0]].start : rendered[at][window[-1]].end],
                )


def words_of(line: str) -> list[Word]:
    """The words of a line, an English possessive taken off."""
    found: list[Word] = []
    opening = True
    end = 0
    for match in _WORD.finditer(line):
        gap = line[end : match.start()]
        after_initial = bool(found) and _is_initial(found[-1]) and gap[:1] == "."
        opening = not found or (not after_initial and not _SENTENCE_ENDS.isdisjoint(gap))
        end = match.end()
        text = _POSSESSIVE.sub("", match[0])
        found.append(Word(text, match.start(), match.start() + len(text), opening))
    return found


def runs(line: str, words: Sequence[Word], common: Iterable[str]) -> Iterator[list[Word]]:
    """Maximal stretches of capitalised words.

    Args:
        line: what the words stand in.
        words: of :func:`words_of`.
        common: words in lower case that are no names where they open a sentence.
    """
    run: list[Word] = []
    for word in words:
        names = word.capitalised and not (word.opening and word.text.lower() in common)
        if run and not (names and _joined(line, run[-1], word)):
            yield run
            run = []
        if names:
            run.append(word)
    if run:
        yield run


def _joined(line: str, left: Word, right: Word) -> bool:
    gap = line[left.end : right.start]
    return bool(_JOINT.fullmatch(gap) or (_is_initial(left) and _INITIAL_JOINT.fullmatch(gap)))


def _is_initial(word: Word) -> bool:
    return len(word.text) == 1 and word.capitalised


def _longest(
    run: Sequence[Word],
    rendered: Sequence[Word],
    reference: str,
    taken: set[int],
    within: set[str],
) -> Iterator[tuple[int, int, list[int]]]:
    """Stretches of a run with their renderings, longest first, none overlapping.

    Yields:
        First word of the stretch, the word after its last, and the places of the words of
        the rendering. The caller adds these to ``taken``.
    """
    free = [True] * len(run)
    for length in range(len(run), 0, -1):
        for first in range(len(run) - length + 1):
            stretch = run[first : first + length]
            if not all(free[first : first + length]):
                continue
            window = _rendering(stretch, rendered, reference, taken)
            if window is None:
                continue
            alone = length == 1 and stretch[0].opening and rendered[window[0]].opening
            if alone and stretch[0].text not in within:
                continue
            free[first : first + length] = [False] * length
            yield first, first + length, window


def _rendering(
    stretch: Sequence[Word], rendered: Sequence[Word], reference: str, taken: set[int]
) -> list[int] | None:
    """The words of the reference most like a stretch of the source, if they are like it."""
    name = " ".join(word.text for word in stretch)
    if sum(map(str.isalnum, name)) < SHORTEST:
        return None
    best: tuple[float, list[int]] | None = None
    for start in range(len(rendered)):
        window = _window(start, len(stretch), rendered, reference)
        if window is None or not taken.isdisjoint(window):
            continue
        counterparts = [rendered[at].text for at in window if rendered[at].capitalised]
        if all(map(_is_rendering, (word.text for word in stretch), counterparts)):
            alike = likeness(name, " ".join(counterparts))
            if best is None or alike > best[0]:
                best = (alike, window)
    return best[1] if best else None


def _is_rendering(word: str, other: str) -> bool:
    one, another = skeleton(word), skeleton(other)
    beginning = one != another and one.startswith(another)
    return likeness(word, other) >= ALIKE and not beginning


def _window(
    start: int, capitalised: int, rendered: Sequence[Word], reference: str
) -> list[int] | None:
    """Places of words from ``start`` on, up to so many capitalised ones."""
    window: list[int] = []
    between = 0
    for at in range(start, len(rendered)):
        word = rendered[at]
        if window and not _joined(reference, rendered[at - 1], word):
            return None
        if word.capitalised:
            between = 0
            capitalised -= 1
        elif not window or between == _LOWER_WORDS_BETWEEN or not word.text.islower():
            return None
        else:
            between += 1
        window.append(at)
        if not capitalised:
            return window
    return None


def _agreed(found: Sequence[Rendered]) -> Name:
    lines: dict[str, set[int]] = defaultdict(set)
    for rendered in found:
        lines[rendered.target].add(rendered.line)
    target = Counter(rendered.target for rendered in found).most_common(1)[0][0]
    forms = (form for form, at in lines.items() if form != target and len(at) >= ATTESTED)
    spelled = Counter(rendered.source for rendered in found).most_common(1)[0][0]
    return Name(spelled, target, tuple(forms), frozenset(lines[target]))


def _rank(name: Name) -> tuple[float, int]:
    return likeness(name.source, name.target), len(name.lines)


_ROTATED: Final = (
    *("aeiou", "bdg", "ptkc", "fvszjx", "lrmn", "hwyq"),
    *("аоуиеэы", "яюёй", "бдг", "птк", "вфзсжшхцчщ", "лрмн", "ъь"),
)


def _substitutions() -> Mapping[str, str]:
    following = {
        letter: cycle[(at + 1) % len(cycle)]
        for cycle in _ROTATED
        for at, letter in enumerate(cycle)
    }
    return following | {one.upper(): other.upper() for one, other in following.items()}


_SUBSTITUTIONS: Final = _substitutions()


def respelled(name: str) -> str:
    """A name in letters of its own: each takes the place of another of its kind (vowels of
    vowels, stops of stops), capitals of capitals; diacritics go, lower-case words, digits and
    punctuation stay. Made for Latin and Cyrillic letters.

    >>> respelled("Donald Trump"), respelled("São Tomé e Príncipe")
    ('Gulerg Kmant', 'Zeu Kuni e Tmolpoti')
    """
    return _WORD.sub(lambda word: _substituted(word[0]), name)


def _substituted(word: str) -> str:
    if word.islower():
        return word
    plain = "".join(
        _SUBSTITUTIONS.get(letter, letter)
        for letter in unicodedata.normalize("NFD", word)
        if not unicodedata.combining(letter)
    )
    return unicodedata.normalize("NFC", plain)
