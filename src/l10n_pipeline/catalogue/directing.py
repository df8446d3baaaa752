"""A reviewer's directions for an entry, followed.

``l10n-lock`` leaves the entry to its reviewer, ``l10n-keep`` the source untranslated, and
``l10n-use: …`` gives the translation. None of them takes a human's text away: where there is
another one, the entry has a finding instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from l10n_pipeline.catalogue.forms import with_forms
from l10n_pipeline.catalogue.states import (
    has_text,
    is_directed,
    is_given,
    is_untouched_draft,
    state_of,
    unit_source,
    unit_text,
    unit_texts,
)
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import (
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    Provenance,
    Severity,
    State,
    TranslationUnit,
)
from l10n_pipeline.plurals import PluralRule

_RULE: Final = "directions"
_PREFIX: Final = "l10n-"
_OURS: Final = re.compile(r"l10n-(?!(mt|tm|direction|accepted|suggest|term|finding):)")
"""How a line to the machine begins. What a tool has left of the machine's own is nobody's to
mend."""
_LONGEST_SHOWN: Final = 30
_ONE: Final = 1


def is_left_alone(unit: TranslationUnit) -> bool:
    """Whether a reviewer's direction says that the machine has nothing to write."""
    return (
        is_directed(unit, DirectionKind.LOCK)
        or is_directed(unit, DirectionKind.KEEP)
        or (is_directed(unit, DirectionKind.USE) and not has_text(unit))
    )


def directed(unit: TranslationUnit, rule: PluralRule) -> TranslationUnit:
    """The unit with the translation that its directions give, accepted, unless a human wrote
    another one; without one that was given by a direction that is there no more.
    """
    texts = _given(unit, rule)
    if texts is None:
        if not is_given(unit):
            return unit
        return replace(with_forms(unit, (), rule), fuzzy=False, provenance=None)
    if not _gives_way(unit) or (unit_texts(unit) == texts and is_given(unit) and not unit.fuzzy):
        return unit
    unit = replace(
        with_forms(unit, texts, rule),
        fuzzy=False,
        previous_source="",
        previous_context="",
        previous_plural="",
        acceptance=None,
        suggestion=None,
        verdicts=(),
        findings=(),
    )
    return replace(
        unit,
        provenance=Provenance(
            origin=Origin.DIRECTION,
            engine="",
            text_hash=text_hash(unit_text(unit)),
            terms_hash="",
            source_hash=text_hash(unit_source(unit)),
        ),
    )


def is_kept(unit: TranslationUnit, rule: PluralRule) -> bool:
    """Whether its source stands as its translation because a reviewer wants it so."""
    giving = _giving(unit)
    is_keep = giving is not None and giving.kind is DirectionKind.KEEP
    return is_keep and unit_texts(unit) == _given(unit, rule)


def unfollowed(unit: TranslationUnit, rule: PluralRule) -> tuple[Diagnostic, ...]:
    """What is to be said of directions that stand against the unit's translation, and of
    lines that look like directions and are none.
    """
    return (*_contradicted(unit, rule), *map(_unknown, filter(_is_meant_for_us, unit.notes)))


def without_directions(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings but for those on directions."""
    return tuple(finding for finding in findings if finding.rule != _RULE)


def _contradicted(unit: TranslationUnit, rule: PluralRule) -> tuple[Diagnostic, ...]:
    giving = {one for one in unit.directions if one.kind is not DirectionKind.LOCK}
    if len(giving) > 1:
        return (_finding("its directions give several translations; the first one counts"),)
    texts = _given(unit, rule)
    if texts is None:
        if is_directed(unit, DirectionKind.USE) and unit.plural_source:
            return (_finding("l10n-use cannot give plural forms"),)
        return ()
    if state_of(unit) is State.STALE and not is_directed(unit, DirectionKind.KEEP):
        return (_finding("l10n-use may be of the old source; empty the translation to use it"),)
    if not has_text(unit) or unit_texts(unit) == texts:
        return ()
    return (_finding("a direction gives another translation; empty this one to follow it"),)


def _is_meant_for_us(note: str) -> bool:
    return _OURS.match(note) is not None


def _unknown(note: str) -> Diagnostic:
    if note.startswith("l10n-use: "):
        return _finding("l10n-use may have been cut: put all of it on one line, closed by U+220E")
    # A finding has neither the closing mark nor what begins like one of these lines as it is.
    name = note.removeprefix(_PREFIX)
    shown = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"
    return _finding(f'"{shown}" is no direction; these are: {", ".join(DirectionKind)}')


def _finding(message: str) -> Diagnostic:
    return Diagnostic(_RULE, message, Severity.WARNING)


def _given(unit: TranslationUnit, rule: PluralRule) -> tuple[str, ...] | None:
    """The translation that its directions give."""
    giving = _giving(unit)
    if giving is None:
        return None
    return _kept(unit, rule) if giving.kind is DirectionKind.KEEP else (giving.text,)


def _giving(unit: TranslationUnit) -> Direction | None:
    """The direction that gives its translation: the first of several. None gives plural forms but
    the one that keeps the source.
    """
    able = {DirectionKind.KEEP} if unit.plural_source else {DirectionKind.KEEP, DirectionKind.USE}
    return next((one for one in unit.directions if one.kind in able), None)


def _kept(unit: TranslationUnit, rule: PluralRule) -> tuple[str, ...]:
    if not unit.plural_source:
        return (unit.source,)
    return tuple(
        unit.source if max(rule.numbers(form)) == _ONE else unit.plural_source
        for form in range(rule.count)
    )


def _gives_way(unit: TranslationUnit) -> bool:
    """Whether nothing in its translation is a human's, or it is the source as it was."""
    was_kept = bool(unit.previous_source) and unit.target == unit.previous_source
    return not has_text(unit) or is_untouched_draft(unit) or is_given(unit) or was_kept
