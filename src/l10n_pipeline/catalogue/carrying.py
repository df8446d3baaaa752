"""What humans wrote, carried over to sources that have changed.

A sentence that was edited takes its translation along: the text stays as it is, flagged, with
the old source beside it. What several sentences became, or one of several, gets the old texts
put together, or divided, where that can be done, and shown beside the draft elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from l10n_pipeline.catalogue.directing import directed
from l10n_pipeline.catalogue.forms import at_place, plural_rule
from l10n_pipeline.catalogue.states import (
    acceptance_of,
    has_text,
    has_translation,
    identity,
    is_untouched_draft,
    settled,
    state_of,
    unit_text,
)
from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.codes import TAG
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import (
    Catalogue,
    Change,
    ChangeKind,
    DirectionKind,
    Origin,
    State,
    Suggestion,
    TranslationUnit,
)
from l10n_pipeline.plurals import PluralRule

Carry = Callable[[Catalogue, Catalogue], Catalogue]
"""Of a catalogue and a template: the catalogue with what became of its units."""
Trace = Callable[[Sequence[str], Sequence[str]], Sequence[Change]]
"""What the sources that are new in the second were in the first; both in document order."""
Divide = Callable[[str], Sequence[str]]
"""The sentences of a translation."""

_OUT_OF_PROPORTION = 0.2
"""By how much shares of a whole may differ between two languages."""
_ONE_TO_ONE = frozenset({ChangeKind.EDITED, ChangeKind.RENUMBERED})


def carry_over(
    existing: Catalogue, template: Catalogue, *, trace: Trace, divide: Divide, space: str
) -> Catalogue:
    """The catalogue with the units that a human worked on at their changed sources;
    ``existing`` itself where none has changed.

    Of sentences that were joined or split the old units remain, too: they are obsolete, and
    come back with their sources.

    Args:
        existing: the catalogue as it is.
        template: of the document as it is.
        trace: what became of its sentences.
        divide: finds the sentences of a translation.
        space: what stands between two sentences in the target language.
    """
    known = {unit.key for unit in existing.units}
    wanted = {unit.key for unit in template.units}
    before = [unit for unit in existing.units if not unit.obsolete]
    remembered = {
        unit.acceptance.source_hash: unit
        for unit in existing.units
        if unit.acceptance is not None and unit.key not in wanted
    }
    places = {place.key: place for place in template.units}
    reformed = [
        (unit, places[unit.key])
        for unit in existing.units
        if unit.key in wanted and unit.plural_source != places[unit.key].plural_source
    ]
    idle = all(unit.key in wanted or _is_only_ours(unit) for unit in before) and not remembered
    if (idle or wanted <= known) and not reformed:
        return existing
    gone = {at: unit for at, unit in enumerate(before) if unit.key not in wanted}
    new = {at: place for at, place in enumerate(template.units) if place.key not in known}
    carried = _Carried(divide, space, plural_rule(existing))
    for unit, place in reformed:
        carried.in_other_forms(unit, place)
    for place in new.values():
        # However it went with the sentence since, this is what was accepted.
        if (accepted := remembered.get(identity(place))) is not None:
            carried.along(accepted, place)
    changes = [
        *_moved_contexts(gone, new),
        *trace([unit.source for unit in before], [place.source for place in template.units]),
    ]
    parts: dict[int, list[TranslationUnit]] = defaultdict(list)
    for change in changes:
        if change.new not in new or not all(at in gone for at in change.old):
            continue
        place, old = new[change.new], [gone[at] for at in change.old]
        if change.kind in _ONE_TO_ONE:
            carried.along(old[0], place)
        elif change.kind is ChangeKind.JOINED:
            carried.together(old, place)
        else:
            parts[change.old[0]].append(place)
    for at, own in parts.items():
        carried.apart(gone[at], own)
    rest = (unit for unit in existing.units if unit.key not in carried.left)
    return replace(existing, units=(*rest, *carried.units.values()))


@dataclass(slots=True)
class _Carried:
    """Units at their new sources, by key."""

    divide: Divide
    space: str
    rule: PluralRule
    units: dict[Key, TranslationUnit] = field(default_factory=dict)
    left: set[Key] = field(default_factory=set)
    """Of units that are nowhere but at their new sources."""

    def along(self, old: TranslationUnit, place: TranslationUnit) -> None:
        """The unit at its new source."""
        if old.key in self.left or place.key in self.units or _is_only_ours(old):
            return
        self.left.add(old.key)
        # What a reviewer has directed was directed for the old source.
        old = settled(directed(replace(old, obsolete=False), self.rule))
        unit = replace(old, source=place.source, context=place.context, suggestion=None)
        if is_untouched_draft(old) or not has_text(old):
            # What the machine wrote is made again; the comments are what is carried.
            unit = replace(unit, target="", plural_targets=(), fuzzy=False, provenance=None)
            self.units[place.key] = replace(unit, verdicts=(), findings=())
            return
        if not old.previous_source:
            unit = replace(
                unit,
                previous_source=old.source,
                previous_context=old.context,
                previous_plural=old.plural_source,
            )
        if state_of(old) is State.REVIEWED:
            unit = replace(unit, acceptance=acceptance_of(old))
        unit = replace(unit, fuzzy=True)
        self.units[place.key] = _come_back(unit, place)

    def in_other_forms(self, old: TranslationUnit, place: TranslationUnit) -> None:
        """A message that has come to have a plural, or another one, or none any more."""
        if is_untouched_draft(old) or not has_text(old):
            return  # made again
        self.left.add(old.key)
        old = settled(directed(replace(old, obsolete=False), self.rule))
        unit = at_place(place, old, self.rule)
        if state_of(old) is State.REVIEWED:
            unit = replace(unit, acceptance=acceptance_of(old))
        self.units[place.key] = _come_back(unit, place)

    def together(self, old: Sequence[TranslationUnit], place: TranslationUnit) -> None:
        """One unit with the texts of several, if any of them is a human's."""
        old = [directed(unit, self.rule) for unit in old]
        if place.key in self.units or not all(map(_is_plain, old)):
            return
        drafts = sum(map(is_untouched_draft, old))
        if drafts == len(old):
            return
        text = self.space.join(unit.target for unit in old)
        source = " ".join(unit.source for unit in old)
        if drafts or TAG.search(text):
            self.units[place.key] = _advised(place, text, source)
        else:
            self.units[place.key] = _rewritten(place, text, source, old)

    def apart(self, old: TranslationUnit, places: Sequence[TranslationUnit]) -> None:
        """A unit's text for each part, if it has as many sentences; else the whole of it beside
        each.
        """
        old = directed(old, self.rule)
        if is_untouched_draft(old) or not _is_plain(old):
            return
        texts = [] if TAG.search(old.target) else self.divide(old.target)
        if not _in_proportion(texts, [place.source for place in places]):
            texts = ()
        for at, place in enumerate(places):
            if place.key in self.units:
                continue
            if len(texts) == len(places):
                self.units[place.key] = _rewritten(place, texts[at], old.source, [old])
            else:
                advised = _advised(place, old.target, old.source)
                self.units[place.key] = replace(advised, notes=old.notes)


def _in_proportion(texts: Sequence[str], sources: Sequence[str]) -> bool:
    """Whether texts share their whole as the sources do: a sentence more here and one less there
    would put each text beside the wrong source.
    """
    if len(texts) != len(sources):
        return False
    whole, of_sources = sum(map(len, texts)), sum(map(len, sources))
    return all(
        abs(len(text) / whole - len(source) / of_sources) <= _OUT_OF_PROPORTION
        for text, source in zip(texts, sources, strict=True)
    )


def _moved_contexts(
    gone: Mapping[int, TranslationUnit], new: Mapping[int, TranslationUnit]
) -> Iterator[Change]:
    """Messages of which the context alone is another."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, place in new.items():
        places[place.source].append(at)
    for at, unit in gone.items():
        if found := places.get(unit.source):
            yield Change(ChangeKind.EDITED, found.pop(0), (at,), 1.0)


def _come_back(unit: TranslationUnit, place: TranslationUnit) -> TranslationUnit:
    """The unit as it was before its source was changed, if this is that source again."""
    accepted = unit.acceptance
    if accepted is not None and accepted.source_hash == identity(place):
        as_accepted = accepted.text_hash == text_hash(unit_text(unit))
        unit = replace(unit, fuzzy=not as_accepted, acceptance=None)
        return _without_previous(unit)
    was = (unit.previous_context, unit.previous_source, unit.previous_plural)
    same = was == (place.context, place.source, place.plural_source)
    return _without_previous(unit) if same else unit


def _without_previous(unit: TranslationUnit) -> TranslationUnit:
    return replace(unit, previous_source="", previous_context="", previous_plural="")


def _is_plain(unit: TranslationUnit) -> bool:
    return has_translation(unit) and not unit.plural_source


def _is_only_ours(unit: TranslationUnit) -> bool:
    """Whether nothing in the unit is a human's."""
    has_work = has_text(unit) and not is_untouched_draft(unit)
    return not (has_work or unit.notes or unit.directions)


def _rewritten(
    place: TranslationUnit, text: str, source: str, old: Sequence[TranslationUnit]
) -> TranslationUnit:
    notes = dict.fromkeys(note for unit in old for note in unit.notes)
    # What else was directed was directed for another text.
    locks = (one for unit in old for one in unit.directions if one.kind is DirectionKind.LOCK)
    return replace(
        place,
        target=text,
        fuzzy=True,
        previous_source=source,
        notes=tuple(notes),
        directions=tuple(dict.fromkeys(locks)),
    )


def _advised(place: TranslationUnit, text: str, source: str) -> TranslationUnit:
    return replace(place, suggestion=Suggestion(text, Origin.TM, text_hash(source)))
