"""English plurals of terms, for finding them in a source text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# Latin letters as English has them in words and names; others take no English plural.
_LAST_WORD: Final = re.compile("[A-Za-z\u00c0-\u024f]+$")
_LONGEST_WITHOUT: Final = 3
"""Letters of a word that is too short to be told from another word by an -s alone."""


class PluralEnding(NamedTuple):
    """How a spelling becomes a plural."""

    lost: int
    """Letters to cut off at its end, all of them ASCII."""
    ending: str

    def of(self, spelling: str) -> str:
        """The plural of a spelling, in whatever normal form or case."""
        return spelling[: len(spelling) - self.lost] + self.ending


_S: Final = PluralEnding(0, "s")
_ES: Final = PluralEnding(0, "es")
_IES: Final = PluralEnding(1, "ies")


def plural_endings(spelling: str) -> tuple[PluralEnding, ...]:
    """How the last word of a term forms its plural: regularly, in all ways that are in use.

    None for what ends in -s, which may be a plural already, for what does not end in a
    word, and for a single word of three letters or fewer.

    Args:
        spelling: in Unicode normal form C.

    >>> [ending.of("Awareness Party") for ending in plural_endings("Awareness Party")]
    ['Awareness Parties', 'Awareness Partys']
    """
    found = _LAST_WORD.search(spelling)
    if found is None or len(spelling) <= _LONGEST_WITHOUT:
        return ()
    word = found[0].casefold()
    if word.endswith("s"):
        return ()
    if word.endswith("y") and word[-2:-1] not in ("", *"aeiou"):
        return _IES, _S  # names keep the y: the Kennedys
    if word.endswith(("o", "ch")):
        return _S, _ES  # photos and heroes, Czechs and churches
    if word.endswith(("x", "z", "sh")):
        return (_ES,)
    return (_S,)
