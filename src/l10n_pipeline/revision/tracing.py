"""Which change happened to each sentence, the surest first.

Sentences that stand in both versions are kept: they say where in the document the others are.
Of what is left,

1. sentences that differ in numbers alone, and those with the same words in the same order,
   belong together wherever they stand;
2. then those that are much alike;
3. then sentences that were divided or put together: the parts in a row are nearly the whole,
   and no part is by itself;
4. and at last those that are alike, or somewhat alike and at the same place: as far from the
   same neighbour, kept or found before.

At each step the most similar two come first, the place deciding between similar ones; none is
used twice. How alike texts have to be grows as they get shorter, for a sentence of two words
becomes another one by a single letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, product
from typing import Final

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from l10n_pipeline.comparable import comparable
from l10n_pipeline.folding import words
from l10n_pipeline.model import Change, ChangeKind
from l10n_pipeline.revision.numbering import without_numbers
from l10n_pipeline.revision.shortlist import Candidate, Places, Run, shortlist

MUCH_ALIKE: Final = 0.8
"""From here on a sentence was edited, whatever else could be made of it."""
ALIKE: Final = 0.65
"""The least similarity of a sentence that was edited, far more than chance gives."""
ALIKE_IN_PLACE: Final = 0.5
"""The same where it stands at the same place."""
SLACK: Final = 4
"""By so many characters less may be changed: what makes the two above stricter for short
texts, and forbids any change in the shortest."""
WHOLE: Final = 0.8
"""How alike parts in a row and their whole are at least."""
_GAIN: Final = 0.05
"""By how much they have to be more alike than any part with any sentence."""
_SHARE: Final = 0.15
"""The least part, of the length of all."""
_KEPT_OF_PART: Final = 0.6
"""How much of each part has to be in the whole."""
_SAME_NEIGHBOUR: Final = 0.05
"""What a neighbour in common counts for between similar sentences."""
_REACH: Final = 3
"""How many sentences apart the same place may be, counted from a neighbour."""
_MOST_PAIRS: Final = 4096
"""Of so many sentences that differ in numbers alone every two are compared; more than that
belong together in document order."""

_WORD: Final = re.compile(r"\w+")
_Pair = tuple[int, int]
"""Indices of a new and an old sentence."""


def trace(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """What the sentences that are new in ``after`` were in ``before``.

    A sentence that stands in both, wherever, is no change. Each sentence that is gone is used
    once, or by all of its parts; none that is still there is used.

    Args:
        before: the sentences of the old version in document order.
        after: those of the new version.

    Returns:
        By the order of ``after``; nothing for a sentence that was not there in any form.
    """
    return _Tracing(before, after).changes()


@dataclass(slots=True)
class _Version:
    """The sentences of a version; those that have been found in the other have a name."""

    texts: Sequence[str]
    names: list[int | None]
    """What a sentence has in common with its counterpart alone."""
    forms: dict[int, str] = field(default_factory=dict)
    """Comparable forms of those that were not kept and have any text, by index."""
    left: list[tuple[int, int]] = field(default_factory=list)
    """The name of the nearest sentence before that has one, and how far it is."""
    right: list[tuple[int, int]] = field(default_factory=list)

    def survey(self) -> None:
        """Bring ``left`` and ``right`` up to date."""
        self.left = _nearest(self.names)
        self.right = _nearest(self.names[::-1])[::-1]

    def free(self) -> list[int]:
        return [at for at in self.forms if self.names[at] is None]


_EDGE: Final = -1
"""The name of what is before the first and after the last sentence."""


def _nearest(names: Sequence[int | None]) -> list[tuple[int, int]]:
    def step(nearest: tuple[int, int], name: int | None) -> tuple[int, int]:
        return (nearest[0], nearest[1] + 1) if name is None else (name, 1)

    return list(islice(accumulate(names, step, initial=(_EDGE, 1)), len(names)))


class _Tracing:
    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        kept = {text: name for name, text in enumerate(dict.fromkeys(before))}
        there = set(after)
        self._old = _Version(before, [kept[text] if text in there else None for text in before])
        self._new = _Version(after, [kept.get(text) for text in after])
        for version in (self._old, self._new):
            version.forms = {
                at: form
                for at, text in enumerate(version.texts)
                if version.names[at] is None and (form := comparable(text))
            }
        self._names = len(kept)
        self._changes: dict[int, Change] = {}

    def changes(self) -> list[Change]:
        if self._new.forms and self._old.forms:
            self._find()
        return [self._changes[new] for new in sorted(self._changes)]

    def _find(self) -> None:
        self._settle(self._alike_by(without_numbers), ChangeKind.RENUMBERED)
        self._settle(self._alike_by(_words_of), ChangeKind.EDITED)
        pairs, wholes = self._compared()
        self._settle([one for one in pairs if one[1] >= MUCH_ALIKE], ChangeKind.EDITED)
        self._divide(wholes, pairs)
        self._settle([*pairs, *self._in_place()], ChangeKind.EDITED)
        # What was found just now is a neighbour of others.
        self._settle(self._in_place(), ChangeKind.EDITED)

    def _settle(self, pairs: Iterable[tuple[_Pair, float]], kind: ChangeKind) -> None:
        """Take the pairs whose sentences are free, the most similar first."""
        self._new.survey()
        self._old.survey()
        for _, _, (new, old), similarity in sorted(map(self._ranked, pairs)):
            if self._new.names[new] is None and self._old.names[old] is None:
                self._take(Change(kind, new, (old,), similarity))

    def _ranked(self, pair: tuple[_Pair, float]) -> tuple[float, float, _Pair, float]:
        (new, old), similarity = pair
        sides = (
            (self._new.left[new], self._old.left[old]),
            (self._new.right[new], self._old.right[old]),
        )
        apart = [abs(one[1] - other[1]) for one, other in sides if one[0] == other[0]]
        rank = similarity + _SAME_NEIGHBOUR * len(apart)
        distance = min(apart, default=len(self._new.texts) + abs(new - old))
        return -rank, distance, (new, old), similarity

    def _take(self, *changes: Change) -> None:
        """Write down what belongs together."""
        for change in changes:
            self._changes[change.new] = change
            self._new.names[change.new] = self._names
            for old in change.old:
                self._old.names[old] = self._names
        self._names += 1

    # --- what belongs together wherever it stands ------------------------------------

    def _alike_by(self, key: Callable[[str], str]) -> list[tuple[_Pair, float]]:
        """Pairs that are the same when looked at in some way."""
        groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, version in enumerate((self._new, self._old)):
            for at in version.free():
                if found := key(version.texts[at]):
                    groups[found][side].append(at)
        pairs: list[_Pair] = []
        for news, olds in groups.values():
            few = len(news) * len(olds) <= _MOST_PAIRS
            pairs += product(news, olds) if few else zip(news, olds, strict=False)
        return list(self._measured(pairs))

    def _measured(self, pairs: Sequence[_Pair]) -> Iterator[tuple[_Pair, float]]:
        new = [self._new.forms[pair[0]] for pair in pairs]
        old = [self._old.forms[pair[1]] for pair in pairs]
        return zip(pairs, _similarities(new, old), strict=True)

    # --- what is alike ----------------------------------------------------------------

    def _compared(self) -> tuple[list[tuple[_Pair, float]], list[_Whole]]:
        """Sentences that are alike, and those that may be parts of another."""
        new, old = self._new.free(), self._old.free()
        forms_new = [self._new.forms[at] for at in new]
        forms_old = [self._old.forms[at] for at in old]
        pairs: list[_Pair] = []
        runs: list[Candidate] = []
        for found in shortlist(forms_new, forms_old, places=Places(new, old)):
            if found.new.count == found.old.count:
                pairs.append((new[found.new.start], old[found.old.start]))
            elif _lengths_fit(found.new.of(forms_new), found.old.of(forms_old)):
                runs.append(found)
        similarities = _similarities(
            [run.new.of(forms_new) for run in runs], [run.old.of(forms_old) for run in runs]
        )
        wholes = [
            _Whole(_indices(run.new, new), _indices(run.old, old), similarity)
            for run, similarity in zip(runs, similarities, strict=True)
            if similarity >= WHOLE
        ]
        return list(self._fitting(pairs, ALIKE)), wholes

    def _fitting(self, pairs: Sequence[_Pair], least: float) -> Iterator[tuple[_Pair, float]]:
        """Those that are alike enough for their length."""
        for (new, old), similarity in self._measured(pairs):
            one, other = self._new.forms[new], self._old.forms[old]
            length = max(len(one), len(other))
            changed = round((1 - similarity) * length)
            if changed + SLACK <= (1 - least) * length and _have_words(one, other):
                yield (new, old), similarity

    def _in_place(self) -> Iterator[tuple[_Pair, float]]:
        """Sentences that are somewhat alike and as far from the same neighbour."""
        self._new.survey()
        self._old.survey()
        pairs: dict[_Pair, None] = {}
        news, olds = self._new.free(), self._old.free()
        for side in ("left", "right"):
            around_new, around_old = getattr(self._new, side), getattr(self._old, side)
            at_place: dict[tuple[int, int], list[int]] = defaultdict(list)
            for old in olds:
                at_place[around_old[old]].append(old)
            for new in news:
                name, distance = around_new[new]
                for near in range(max(1, distance - _REACH), distance + _REACH + 1):
                    pairs |= dict.fromkeys((new, old) for old in at_place.get((name, near), ()))
        return self._fitting(list(pairs), ALIKE_IN_PLACE)

    # --- what was divided or put together ---------------------------------------------

    def _divide(self, wholes: Iterable[_Whole], pairs: Iterable[tuple[_Pair, float]]) -> None:
        """Take sentences that were divided or put together, the most similar first."""
        best_new: dict[int, float] = defaultdict(float)
        best_old: dict[int, float] = defaultdict(float)
        for (new, old), similarity in pairs:
            if self._new.names[new] is None and self._old.names[old] is None:
                best_new[new] = max(best_new[new], similarity)
                best_old[old] = max(best_old[old], similarity)
        for whole in sorted(wholes, key=_Whole.rank):
            names = [self._new.names[new] for new in whole.new]
            names += [self._old.names[old] for old in whole.old]
            single = max(
                *(best_new[new] for new in whole.new), *(best_old[old] for old in whole.old)
            )
            if any(name is not None for name in names) or whole.similarity < single + _GAIN:
                continue
            if len(whole.new) > 1:
                parts = [self._new.forms[new] for new in whole.new]
                full, kind = self._old.forms[whole.old[0]], ChangeKind.SPLIT
            else:
                parts = [self._old.forms[old] for old in whole.old]
                full, kind = self._new.forms[whole.new[0]], ChangeKind.JOINED
            if _are_parts(parts, full):
                self._take(*(Change(kind, new, whole.old, whole.similarity) for new in whole.new))


@dataclass(frozen=True, slots=True)
class _Whole:
    """Sentences in a row that nearly are one on the other side; indices of both."""

    new: tuple[int, ...]
    old: tuple[int, ...]
    similarity: float

    def rank(self) -> tuple[float, int, tuple[int, ...], tuple[int, ...]]:
        return -self.similarity, len(self.new) + len(self.old), self.new, self.old


def _indices(run: Run, indices: Sequence[int]) -> tuple[int, ...]:
    return tuple(indices[run.start : run.start + run.count])


def _similarities(some: Sequence[str], others: Sequence[str]) -> list[float]:
    """Those of each two comparable forms."""
    distances = cpdist(some, others, scorer=Levenshtein.distance, dtype=np.int32, workers=1)
    lengths = [max(len(one), len(other), 1) for one, other in zip(some, others, strict=True)]
    found = 1 - distances / np.asarray(lengths)
    return [float(similarity) for similarity in found]


def _words_of(text: str) -> str:
    return " ".join(_WORD.findall(comparable(text)))


def _have_words(*forms: str) -> bool:
    """Whether there are two in each: a single word that is another is another sentence."""
    return all(" " in form or len(words(form)) > 1 for form in forms)


def _lengths_fit(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= WHOLE * max(len(one), len(other))


def _are_parts(parts: Sequence[str], whole: str) -> bool:
    """Whether each is of some length and found in the whole."""
    text = " ".join(parts)
    if any(len(part) < _SHARE * len(text) or len(words(part)) < 2 for part in parts):
        return False
    ends = list(accumulate(len(part) + 1 for part in parts))
    changed = [0] * len(parts)
    for edit in Levenshtein.editops(text, whole):
        changed[
            next(at for at, end in enumerate(ends) if edit.src_pos < end or end == ends[-1])
        ] += 1
    return all(
        edits <= (1 - _KEPT_OF_PART) * len(part) for edits, part in zip(changed, parts, strict=True)
    )
