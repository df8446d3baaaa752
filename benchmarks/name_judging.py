"""Whether names stand in translations, judged by plain string search.

Nothing here asks the product: names are looked for by simpler means of the benchmark's own.
Hyphens and apostrophes count as one with their typographic variants; all else has to be
as agreed, capitals and diacritics too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from benchmarks.name_sets import Name, anywhere, respelled
from l10n_pipeline.folding import APOSTROPHES, HYPHENS
from l10n_pipeline.model import Span

_VARIANTS: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS, "-"))

_SURPLUS_TRIED: Final = 2
"""Where more than so many forms are too many, the way to judge is the first alone."""


def plain(text: str) -> str:
    """A text with plain hyphens and apostrophes, each in its place.

    >>> plain("Apollo–Soyuz’s")
    "Apollo-Soyuz's"
    """
    return text.translate(_VARIANTS)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of a source line where a name stands."""

    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Judged:
    """A translation under the mentions of its source."""

    places: tuple[Span | None, ...]
    """For each mention, where an accepted form stands that no other mention has."""
    surplus: int
    """Accepted forms that no mention is left for: the name stands there too often."""

    @property
    def successes(self) -> int:
        """Mentions with a form of their own."""
        return sum(place is not None for place in self.places)


class Mentions:
    """Finds names in source lines: whole words, longest first, none overlapping."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._by_source = {plain(name.source): name for name in names}
        self._pattern = anywhere(self._by_source)

    def of(self, source: str) -> tuple[Mention, ...]:
        """The mentions of a line, in order."""
        return tuple(
            Mention(self._by_source[found[0]], Span(*found.span()))
            for found in self._pattern.finditer(plain(source))
        )


def judge(translation: str, names: Sequence[Name], aside: Collection[Span] = ()) -> Judged:
    """Give as many mentions as can be an accepted form of their own.

    Args:
        translation: of one line.
        names: one for each mention in its source, in order.
        aside: places that no mention may have.
    """
    accepted = [frozenset(plain(form) for form in name.accepted) for name in names]
    forms = frozenset[str]().union(*accepted)
    found = [
        place
        for place in anywhere(forms).finditer(plain(translation))
        if Span(*place.span()) not in aside
    ]
    holder: dict[int, int] = {}

    def seat(mention: int, tried: set[int]) -> bool:
        wishes = [at for at, place in enumerate(found) if place[0] in accepted[mention]]
        for at in sorted(wishes, key=holder.__contains__):  # one that nobody has, if any
            if at not in tried:
                tried.add(at)
                if at not in holder or seat(holder[at], tried):
                    holder[at] = mention
                    return True
        return False

    for mention in range(len(names)):
        seat(mention, set())
    places = {mention: Span(*found[at].span()) for at, mention in holder.items()}
    return Judged(
        tuple(places.get(mention) for mention in range(len(names))), len(found) - len(holder)
    )


def judgements(translation: str, names: Sequence[Name]) -> Iterator[Judged]:
    """Every way to :func:`judge` where names stand more often than they are mentioned, as far
    as it gives as many mentions a form.
    """
    first = judge(translation, names)
    yield first
    if not 0 < first.surplus <= _SURPLUS_TRIED:
        return
    everywhere = judge(translation, list(names) * (1 + first.surplus)).places
    places = [place for place in everywhere if place is not None]
    for aside in combinations(places, first.surplus):
        other = judge(translation, names, aside)
        if other.successes == first.successes:
            yield other


def in_house(text: str, names: Sequence[Name]) -> str:
    """A text with every accepted form of these names respelled."""
    forms = (plain(form) for name in names for form in name.accepted)
    pieces, end = [], 0
    for place in anywhere(forms).finditer(plain(text)):
        pieces += [text[end : place.start()], respelled(text[place.start() : place.end()])]
        end = place.end()
    return "".join([*pieces, text[end:]])
