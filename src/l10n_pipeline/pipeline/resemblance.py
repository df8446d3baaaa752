"""Which document a catalogue belongs to, by the sources that stand in both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.model import Catalogue
from l10n_pipeline.pipeline.words import count_words

_SAME: Final = 0.5
"""Share of a catalogue's words that must stand in its document."""
_SAME_BY_NAME: Final = 0.25
"""Likewise where the file's name is the same in another folder."""
_ALL_BUT_THE_SAME: Final = 0.9
"""Share of the words of either that make it plain that they are one document."""
_MOST: Final = 0.5
"""Share of a catalogue's sources of which more stand in its document than in another's."""
_LEAST_WORDS: Final = 5
"""Fewer words than these, of which others have none, tell nothing."""
_WIDESPREAD: Final = 50
"""A source that more of the catalogues have does not tell which of them it is."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The distinct sources of a document, or the live ones of a catalogue."""

    words: Mapping[Key, int]
    """In each of them."""
    total: int
    """In all of them."""

    @classmethod
    def of(cls, keys: Iterable[Key]) -> Sources:
        """Those with these keys."""
        words = {key: max(1, count_words(key[1])) for key in keys}
        return cls(words, sum(words.values()))

    @classmethod
    def live(cls, catalogue: Catalogue | None) -> Sources:
        """Those of a catalogue's live entries."""
        units = catalogue.units if catalogue else ()
        return cls.of(unit.key for unit in units if not unit.obsolete)

    def is_foreign_to(self, document: Sources, common: AbstractSet[Key] = frozenset()) -> bool:
        """Whether hardly any of a catalogue's sources stand in the document of its name, so that
        it may be another's.

        Args:
            document: what stands in it.
            common: what stands in others, too, as notices that stand in each do; it does not
                count unless there is little else.
        """
        shared = len(self.words.keys() & document.words.keys())
        if not document.words or shared > _MOST * len(self.words):
            return False
        own = self.without(common)
        if own.total < _LEAST_WORDS:
            own = self
        return own.total >= _LEAST_WORDS and own.shared_with(document) < _SAME_BY_NAME * own.total

    def without(self, keys: AbstractSet[Key]) -> Sources:
        """Those that are not among these."""
        left = {key: words for key, words in self.words.items() if key not in keys}
        return Sources(left, sum(left.values()))

    def shared_with(self, other: Sources) -> int:
        """Words that stand in both."""
        few, many = sorted((self.words, other.words), key=len)
        return sum(words for key, words in few.items() if key in many)


@dataclass(frozen=True, slots=True)
class Pair:
    """A catalogue, and a document that it may be of."""

    old: str
    """The name that the catalogue has."""
    new: str
    """The document's."""
    share: float
    """Of the catalogue's words that stand in the document."""
    share_back: float
    """Likewise the other way round."""

    @property
    def is_same_file(self) -> bool:
        """Whether the file's name is the same."""
        return PurePosixPath(self.old).name == PurePosixPath(self.new).name

    @property
    def least(self) -> float:
        """The share that there must be."""
        return _SAME_BY_NAME if self.is_same_file else _SAME

    @property
    def is_likely(self) -> bool:
        """Whether there is that share."""
        return self.share >= self.least

    @property
    def is_plain(self) -> bool:
        """Whether the two are all but the same."""
        return min(self.share, self.share_back) >= _ALL_BUT_THE_SAME

    def order(self) -> tuple[float, bool, bool, float, str, str]:
        """Best first."""
        is_other = self.old != self.new
        return -self.share, is_other, not self.is_same_file, -self.share_back, self.new, self.old


class Resemblance:
    """Compares documents with catalogues.

    Args:
        catalogues: their live sources, by name.
    """

    def __init__(self, catalogues: Mapping[str, Sources]) -> None:
        self._catalogues = {name: found for name, found in catalogues.items() if found.words}
        self._places: dict[Key, list[str]] = defaultdict(list)
        for name, sources in self._catalogues.items():
            for key in sources.words:
                self._places[key].append(name)

    def may_know(self, keys: Iterable[Key]) -> bool:
        """Whether any of these sources stands in a catalogue."""
        return bool(self._catalogues) and any(key in self._places for key in keys)

    def pairs(self, name: str, own: Sources) -> Iterator[Pair]:
        """A document with each catalogue that it shares telling sources with.

        Args:
            name: the document's.
            own: what stands in it.
        """
        telling = (self._places.get(key, ()) for key in own.words)
        for old in {old for places in telling if len(places) <= _WIDESPREAD for old in places}:
            catalogue = self._catalogues[old]
            shared = own.shared_with(catalogue)
            yield Pair(old, name, shared / catalogue.total, shared / own.total)

    def assigned(self, documents: Mapping[str, Sources], others: Iterable[Key]) -> dict[str, str]:
        """The names of catalogues that documents are to have, by the documents' names.

        Each goes to the document that has most of it. What others have, too, as notices that stand
        in each document do, says little: of the rest of a catalogue as much must stand in its
        document. That is not asked of two that are all but the same.

        Args:
            documents: those that look for a catalogue, by name.
            others: sources of documents that have one.
        """
        elsewhere = {key for key in others if key in self._places}
        pairs = (pair for name, own in documents.items() for pair in self.pairs(name, own))
        given: dict[str, str] = {}
        taken: set[str] = set()
        for pair in sorted((one for one in pairs if one.is_likely), key=Pair.order):
            if pair.old in taken or pair.new in given:
                continue
            own = documents[pair.new]
            rest = self._catalogues[pair.old].without(elsewhere)
            if pair.is_plain or (
                rest.total >= _LEAST_WORDS and own.shared_with(rest) >= pair.least * rest.total
            ):
                taken.add(pair.old)
                given[pair.new] = pair.old
                elsewhere.update(key for key in own.words if key in self._places)
        return given


def standing_in_several(sources: Iterable[Sources]) -> frozenset[Key]:
    """What stands in two or more of these."""
    counts = Counter(key for one in sources for key in one.words)
    return frozenset(key for key, count in counts.items() if count > 1)


def displaced(
    housed: Mapping[str, Sources],
    documents: Mapping[str, Sources],
    orphans: Mapping[str, Sources],
    settled: Collection[Sources],
) -> set[str]:
    """Names of documents of which the catalogue may be another's.

    Of most hardly anything stands in them. Where that is so only of what no other has, or nothing
    at all of a small catalogue or a document without text does, it has to be plain whose it is,
    or which other one is the document's.

    Args:
        housed: catalogues whose documents are there, by name.
        documents: these documents, and those that have no catalogue.
        orphans: catalogues whose documents are gone.
        settled: what stands in documents that are known to have their own catalogue.
    """
    found = {name for name in housed if housed[name].is_foreign_to(documents[name])}
    common = standing_in_several(chain(documents.values(), settled))
    common |= standing_in_several(chain(housed.values(), orphans.values(), settled))
    doubtful = {
        name
        for name in housed.keys() - found
        if not housed[name].shared_with(documents[name])
        or housed[name].is_foreign_to(documents[name], common)
    }
    if not doubtful:
        return found
    catalogues = Resemblance({**orphans, **housed})
    free = doubtful | found | orphans.keys()
    looking = doubtful | found | (documents.keys() - housed.keys())
    for name in looking:
        for pair in catalogues.pairs(name, documents[name]):
            if pair.is_plain and pair.old in free and pair.old != name:
                found |= doubtful & {pair.old, name}
    return found


def rearranged(
    moves: Mapping[str, str], here: AbstractSet[str], unused: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """The steps, from one name to another that is free by then, that give catalogues other names.

    Args:
        moves: the names that catalogues have, by those that they are to have.
        here: all names that catalogues have.
        unused: gives a name for a catalogue that is in the way.

    >>> list(rearranged({"c": "b", "b": "a"}, {"a", "b"}, str.upper))
    [('b', 'c'), ('a', 'b')]
    >>> list(rearranged({"a": "b", "b": "a"}, {"a", "b"}, str.upper))
    [('a', 'A'), ('b', 'a'), ('A', 'b')]
    """
    waiting, names = dict(moves), set(here)
    while waiting:
        new = next((name for name in waiting if name not in names), None)
        if new is not None:
            old = waiting.pop(new)
        else:
            # One that nobody takes over stays where it is put; of a circle any does.
            wanted = set(waiting.values())
            old = next((name for name in waiting if name not in wanted), next(iter(waiting)))
            new = unused(old)
            waiting = {name: new if was == old else was for name, was in waiting.items()}
        yield old, new
        names = names - {old} | {new}
