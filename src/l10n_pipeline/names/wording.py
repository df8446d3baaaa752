"""How translations spell a name, without an alignment: by likeness alone, and carefully."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from l10n_pipeline.folding import fold, words
from l10n_pipeline.names.spelling import clearly_differ, likeness
from l10n_pipeline.similarity import skeleton

_ALIKE: Final = 0.75
"""Likeness of a word to a name's word that makes it its spelling."""
_SHORTEST: Final = 4
"""Letters of a word whose likeness says something."""


def find_spelling(word: str, source: str, target: str) -> str:
    """The word of a translation that spells a name's word; empty where none clearly does.

    It has a capital if its script has, no other word of the source is more like it, and no
    other word of the translation could be it as well.

    >>> find_spelling("Khojaly", "A town called Khojaly", "Uma cidade chamada Khodjaly")
    'Khodjaly'

    Args:
        word: one word of a name.
        source: the text that the name stands in.
        target: its translation.
    """
    if len(skeleton(word)) < _SHORTEST:
        return ""
    others = {other for span in words(source) if not _same(other := span.of(source), word)}
    found = [
        candidate
        for candidate in dict.fromkeys(span.of(target) for span in words(target))
        if not candidate[0].islower()
        and (alike := likeness(word, candidate)) >= _ALIKE
        and not any(likeness(other, candidate) >= alike for other in others)
    ]
    if any(clearly_differ(found[0], candidate) for candidate in found[1:]):
        return ""
    return found[0] if found else ""


def groups_of_spellings(spellings: Iterable[str]) -> list[list[str]]:
    """Spellings that differ in endings, capitals or typography alone, together.

    >>> groups_of_spellings(["Алиева", "Алиевой", "Алыева"])
    [['Алиева', 'Алиевой'], ['Алыева']]
    """
    groups: list[list[str]] = []
    for spelling in dict.fromkeys(spellings):
        near = [group for group in groups if _is_near(spelling, group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(member for group in near for member in group), spelling])
    return groups


def telling_words(name: str, common: Iterable[str]) -> Iterator[str]:
    """The words of a name that a translation spells rather than translates: those with
    capitals that are no common words.

    Args:
        name: a proper name.
        common: words of the language, folded.
    """
    for span in words(name):
        word = span.of(name)
        if not word[0].islower() and fold(word).text not in common:
            yield word


def _is_near(spelling: str, group: Sequence[str]) -> bool:
    return any(not clearly_differ(spelling, member) for member in group)


def _same(one: str, other: str) -> bool:
    return fold(one).text == fold(other).text
