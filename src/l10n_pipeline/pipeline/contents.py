"""What an edition is made of: the translations that a policy takes, and the source for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from l10n_pipeline import codes
from l10n_pipeline.catalogue.directing import directed
from l10n_pipeline.catalogue.forms import plural_rule
from l10n_pipeline.catalogue.states import acceptable, has_translation, state_of, unit_text
from l10n_pipeline.catalogue.templates import unit_key
from l10n_pipeline.checks.placeholders import unusable_message
from l10n_pipeline.config import Accept
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.model import Catalogue, Diagnostic, Segment, State, TranslationUnit
from l10n_pipeline.pipeline.words import count_words
from l10n_pipeline.plurals import PluralRule

_LONGEST_START: Final = 60
_CODES: Final = "codes"
_UNSEEN: Final = frozenset({State.DRAFT, State.STALE})
"""Of what no human has seen beside its source."""
_PLURALS: Final = "plurals"
"""Rules that a translation breaks."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Whose text editions are made of. Words are those of the sources."""

    used: Counter[State] = field(default_factory=Counter)
    """Segments translated, by the state of the entry they came from. Those that a reviewer
    wants left as they are count as reviewed."""
    used_words: Counter[State] = field(default_factory=Counter)
    fallbacks: Counter[State] = field(default_factory=Counter)
    """Segments left in the source language, by the state of their entry."""
    fallback_words: Counter[State] = field(default_factory=Counter)
    waiting: Counter[State] = field(default_factory=Counter)
    """Those of them whose translation another policy would take."""
    unlisted: int = 0
    """Those of them that have no entry: the catalogue is older than the document. Not in totals."""
    stale: tuple[str, ...] = ()
    """Sources whose translations were made for what they were before, used or not."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """What is broken in drafts and stale translations that the policy takes, by their source."""

    @classmethod
    def total(cls, parts: Iterable[Contents]) -> Contents:
        """The counts of several editions together; names no entries."""
        whole = cls()
        for part in parts:
            whole.used.update(part.used)
            whole.used_words.update(part.used_words)
            whole.fallbacks.update(part.fallbacks)
            whole.fallback_words.update(part.fallback_words)
            whole.waiting.update(part.waiting)
        return whole

    @property
    def segments(self) -> int:
        """All of them."""
        return self.used.total() + self.fallbacks.total()

    @property
    def words(self) -> int:
        """All of them."""
        return self.used_words.total() + self.fallback_words.total()

    @property
    def stale_segments(self) -> int:
        """Segments whose translations were made for another source, used or not."""
        return self.used[State.STALE] + self.fallbacks[State.STALE]

    @property
    def stale_words(self) -> int:
        """Their words."""
        return self.used_words[State.STALE] + self.fallback_words[State.STALE]

    @property
    def percent(self) -> int:
        """How many percent of the segments are translated, rounded down; 100 of none."""
        return self.used.total() * 100 // self.segments if self.segments else 100


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an edition is made of."""

    translations: Mapping[Segment, str]
    """Of a plural message all forms, NUL between."""
    contents: Contents
    header: Mapping[str, str]
    """The catalogue's."""

    def emptied(self) -> tuple[str, str] | None:
        """The first source in whose translation a pair of codes is around nothing, and its tag;
        None where there is none.
        """
        found = (
            (segment.source, tag)
            for segment, translation in self.translations.items()
            for tag in codes.emptied(segment.source, translation)
        )
        return next(found, None)


def accepted_translations(
    segments: Sequence[Segment], catalogue: Catalogue, accept: Accept, where: str
) -> Accepted:
    """The translations of a document's segments that a policy takes.

    A machine's draft with broken codes is left out, and so is a stale text, as one whose source
    has got other codes since: nobody has looked at it yet.

    Args:
        segments: all of the document's.
        catalogue: the document's.
        accept: the policy.
        where: the catalogue's path, for messages.

    Raises:
        CatalogueError: where the header's plural forms cannot be understood, or a human's
            translation has broken codes or placeholders.
    """
    units = {unit.key: unit for unit in catalogue.units if not unit.obsolete}
    try:
        rule = plural_rule(catalogue)
    except CatalogueError as error:
        error.where = where
        raise
    contents = Contents()
    translations: dict[Segment, str] = {}
    stale: dict[str, None] = {}
    left_out: dict[str, str] = {}
    broken: dict[str, tuple[Diagnostic, ...]] = {}
    for segment in segments:
        unit = units.get(unit_key(segment), TranslationUnit(segment.source))
        # What a reviewer has directed since the catalogue was brought up to date holds, too.
        unit = directed(unit, rule) if unit.directions else unit
        state = state_of(unit)
        translation = _translation(unit, segment)
        usable = bool(translation) and acceptable(unit, accept)
        faults = _faults(translation, segment, rule) if usable else ()
        words = count_words(segment.source)
        if state is State.STALE:
            stale[unit.source] = None
        if faults and state not in _UNSEEN:
            broken[unit.source] = faults
        elif usable and not faults:
            translations[segment] = translation
            contents.used[state] += 1
            contents.used_words[state] += words
        else:
            contents.fallbacks[state] += 1
            contents.fallback_words[state] += words
            if translation and not usable:
                contents.waiting[state] += 1
            if faults:
                left_out[unit.source] = ", ".join(fault.message for fault in faults)
    if broken:
        raise _broken(broken, where)
    unlisted = sum(unit_key(segment) not in units for segment in segments)
    named = replace(contents, unlisted=unlisted, stale=tuple(stale), left_out=left_out)
    return Accepted(translations, named, catalogue.header)


def _translation(unit: TranslationUnit, segment: Segment) -> str:
    """What may stand in a segment's place; empty where nothing may.

    White space, or a message without one of its plural forms, would take the segment out of
    the document.
    """
    message = segment.message
    if message is not None:
        complete = unit.plural_source == message.plural and has_translation(unit)
        return unit_text(unit) if complete else ""
    if not unit.target.strip():
        return ""
    # A wrapped sentence has one msgid without its line breaks; a translation that is
    # that msgid leaves the sentence as it is.
    return segment.source if unit.target == unit.source else unit.target


def _faults(translation: str, segment: Segment, rule: PluralRule) -> tuple[Diagnostic, ...]:
    """Why a translation cannot stand in the document."""
    if segment.message is None:
        found = codes.faults(translation, segment.codes)
        if not segment.codes:
            tags = dict.fromkeys(tag[0] for tag in codes.TAG.finditer(translation))
            foreign = (tag for tag in tags if tag not in segment.source)
            found = tuple(f"{tag} is not in the source" for tag in foreign)
        return tuple(Diagnostic(_CODES, fault) for fault in found)
    return unusable_message(segment.message, translation.split("\0"), rule)


def _broken(broken: Mapping[str, Sequence[Diagnostic]], catalogue: str) -> CatalogueError:
    source, found = next(iter(broken.items()))
    faults = [fault.message for fault in found]
    others = len(broken) - 1
    more = f" (and {others} more like it)" if others else ""
    if found[0].rule == _PLURALS:
        return CatalogueError(
            f"the translation of “{beginning(source)}” has not as many plural forms as the "
            f"header's Plural-Forms says{more}",
            where=catalogue,
            way_out="write a msgstr[…] for each, or correct the header",
        )
    if found[0].rule != _CODES:
        return CatalogueError(
            f"the program could not use the translation of “{beginning(source)}”: "
            f"{', '.join(faults)}{more}",
            where=catalogue,
            way_out="write the placeholders and line ends of the msgid into the msgstr",
        )
    return CatalogueError(
        f"the codes in the translation of “{beginning(source)}” are broken: "
        f"{', '.join(faults)}{more}",
        where=catalogue,
        way_out="put each tag of the msgid into the msgstr once, pairs around the same words",
    )


def beginning(source: str) -> str:
    """So much of a source that it is known again."""
    line = " ".join(source.split())
    return line if len(line) <= _LONGEST_START else f"{line[:_LONGEST_START]}…"
