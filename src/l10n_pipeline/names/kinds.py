"""Guessing what a name names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.model import TermKind
from l10n_pipeline.names.cues import Cues

_LONGEST_PERSON: Final = 4
"""Words in a person's name, from two on."""
_PERSONAL_PARTICLES: Final = frozenset({"bin", "ibn", "bint", "abu", "van", "von"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a mention of a name."""

    addressed: bool = False
    """A form of address or an office before it."""
    after_whereabouts: bool = False
    """A preposition of place before it."""
    before_speech: bool = False
    """A verb after it that tells of people."""
    title: bool = False
    """Quotation marks around it."""


def guess_kind(
    words: Sequence[str],
    settings: Sequence[Setting],
    *,
    cues: Cues,
    is_territory: bool,
    has_common_words: bool,
) -> TermKind:
    """What a name most likely names; ``OTHER`` where nothing tells.

    Args:
        words: its words, folded.
        settings: of its mentions.
        cues: of its language.
        is_territory: whether CLDR lists it as a country or region.
        has_common_words: whether the texts have one of its words in small letters too.
    """
    if is_territory:
        return TermKind.PLACE
    if any(setting.title for setting in settings):
        return TermKind.TITLE
    if not words or words[-1] in cues.events | cues.ventures:
        return TermKind.OTHER
    joint = next((at for at, word in enumerate(words) if word in cues.joiners), len(words))
    heads = {words[-1], words[max(joint - 1, 0)]}
    if heads & cues.organisations:
        return TermKind.ORGANISATION
    if heads & cues.places:
        return TermKind.PLACE
    people = sum(setting.addressed or setting.before_speech for setting in settings)
    placed = sum(setting.after_whereabouts for setting in settings)
    if people > placed or words[0] in cues.ranks or _PERSONAL_PARTICLES.intersection(words):
        return TermKind.PERSON
    if placed:
        return TermKind.PLACE
    usual = 2 <= len(words) <= _LONGEST_PERSON and not has_common_words
    if usual and cues.honorifics and all(word[0].isalpha() for word in words):
        return TermKind.PERSON
    return TermKind.OTHER
