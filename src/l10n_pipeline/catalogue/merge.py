"""The merge of drafts with what humans wrote.

The rule above all: only an untouched draft or an empty entry is the machine's to change
or drop. Whatever a human wrote, accepted or commented stands, at its place or obsolete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from l10n_pipeline.catalogue.carrying import Carry
from l10n_pipeline.catalogue.directing import (
    directed,
    is_kept,
    unfollowed,
    without_directions,
)
from l10n_pipeline.catalogue.forms import at_place, completed, has_forms, plural_rule, with_forms
from l10n_pipeline.catalogue.header import catalogue_header
from l10n_pipeline.catalogue.states import (
    has_text,
    has_translation,
    is_advised,
    is_directed,
    is_untouched_draft,
    settled,
    state_of,
    unit_source,
    unit_texts,
)
from l10n_pipeline.catalogue.templates import CREATED, Key, creation_date, same_entries
from l10n_pipeline.catalogue.verdicts import renewed
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    DirectionKind,
    Draft,
    State,
    Suggestion,
    TermVerdict,
    TranslationUnit,
)
from l10n_pipeline.plurals import PluralRule

Assess = Callable[[TranslationUnit], tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]]
"""Term verdicts and findings for a unit that has a translation."""

_HUMAN: Final = frozenset({State.REVIEWED, State.EDITED, State.STALE})


def merge(
    template: Catalogue,
    existing: Catalogue | None,
    drafts: Mapping[Key, Draft],
    *,
    target_locale: Locale,
    project: str,
    now: datetime,
    carry: Carry | None = None,
    assess: Assess | None = None,
) -> Catalogue:
    """The catalogue brought up to date; ``existing`` itself where no entry changes.

    Units stand in document order, then the obsolete ones. A draft goes only into a unit
    that is empty or an untouched draft; one without text leaves its verdicts behind as
    hints, and takes no older text away. What left the document becomes obsolete where a
    human had a hand in it, and is dropped elsewhere; what comes back is revived as it was.

    Units are matched by key, once what humans wrote has been carried over to the sources that
    have changed. A draft for such a unit becomes a suggestion beside its text.

    Args:
        template: as :func:`template` makes it; if it has a header (from
            :func:`update_template`) its creation date is taken over.
        existing: the catalogue as it is now; None where there is none. It may have
            changed since the drafts were planned.
        drafts: by :attr:`TranslationUnit.key`.
        target_locale: the language of the translations.
        project: for ``Project-Id-Version``.
        now: for the header's dates. Must have a time zone.
        carry: brings what humans wrote along to sources that have changed.
        assess: gives fresh term verdicts and findings for what humans wrote. Findings
            are replaced; old verdicts stay where the fresh ones say nothing new.

    Raises:
        CatalogueError: where the header of ``existing`` does not say how many plural forms
            there are, or a message has more.
    """
    rule = plural_rule(existing, target_locale)
    found = carry(existing, template) if existing is not None and carry is not None else existing
    known = {unit.key: unit for unit in found.units} if found else {}
    current = [
        _bring_up_to_date(place, known.get(place.key), drafts.get(place.key), rule, assess)
        for place in template.units
    ]
    keys = {unit.key for unit in current}
    gone = [
        replace(unit, obsolete=True, extracted=(), references=())
        for unit in known.values()
        if unit.key not in keys and not _is_disposable(unit)
    ]
    merged = Catalogue(template.source_locale, target_locale, (*current, *gone))
    if existing is not None and same_entries(merged, existing):
        return existing
    header = catalogue_header(
        existing.header if existing else {},
        locale=target_locale,
        project=project,
        created=template.header.get(CREATED) or creation_date(template, existing, now),
        now=now,
    )
    return replace(merged, header=header, header_notes=existing.header_notes if existing else ())


def _bring_up_to_date(
    place: TranslationUnit,
    known: TranslationUnit | None,
    draft: Draft | None,
    rule: PluralRule,
    assess: Assess | None,
) -> TranslationUnit:
    if known is None:
        unit = with_forms(place, (), rule)
        return unit if draft is None else _with_draft(unit, draft, rule)
    unit = directed(at_place(place, known, rule), rule)
    if is_directed(unit, DirectionKind.LOCK):
        return settled(unit)
    if draft is not None and place.plural_source and not has_forms(draft, rule):
        draft = None  # made before somebody changed the header
    if draft is not None and not has_text(unit):
        return _with_draft(unit, draft, rule)
    if draft is not None and is_untouched_draft(unit):
        says = bool(draft.text.strip("\0"))
        return _with_draft(unit, draft, rule) if says else _outlasting(unit, draft, assess)
    if draft is not None and draft.text and not has_translation(unit):
        unit = with_forms(unit, completed(unit_texts(unit), draft.text.split("\0")), rule)
        unit = replace(unit, fuzzy=True, provenance=draft.provenance)
    elif draft is not None and draft.provenance and is_advised(unit):
        unit = replace(unit, suggestion=_as_suggestion(draft, unit))
    unit = settled(unit)
    if is_kept(unit, rule):
        unit = replace(unit, verdicts=(), findings=())
    elif assess is not None and state_of(unit) in _HUMAN:
        verdicts, findings = assess(unit)
        unit = replace(unit, verdicts=renewed(unit, verdicts), findings=findings)
    findings = (*without_directions(unit.findings), *unfollowed(unit, rule))
    return unit if findings == unit.findings else replace(unit, findings=findings)


def _as_suggestion(draft: Draft, unit: TranslationUnit) -> Suggestion:
    assert draft.provenance is not None  # a machine was asked
    return Suggestion(
        draft.text,
        draft.provenance.origin,
        text_hash(unit_source(unit)),
        draft.provenance.terms_hash,
    )


def _with_draft(unit: TranslationUnit, draft: Draft, rule: PluralRule) -> TranslationUnit:
    return replace(
        with_forms(unit, draft.text.split("\0"), rule),
        fuzzy=draft.provenance is not None,
        previous_source="",
        previous_context="",
        previous_plural="",
        provenance=draft.provenance,
        acceptance=None,
        suggestion=draft.suggestion or _of_another_source(unit),
        verdicts=draft.verdicts,
        findings=draft.findings,
    )


def _of_another_source(unit: TranslationUnit) -> Suggestion | None:
    """The suggestion that a sentence before it has left, which no draft replaces."""
    found = unit.suggestion
    is_own = found is not None and found.source_hash == text_hash(unit_source(unit))
    return None if is_own else found


def _outlasting(unit: TranslationUnit, draft: Draft, assess: Assess | None) -> TranslationUnit:
    """An untouched draft whose successor came out empty: its text stays, and the unit
    says that the machine has been asked under today's terms.
    """
    if draft.provenance is None:
        return unit
    assert unit.provenance is not None  # else it were no draft
    verdicts = unit.verdicts
    if assess is not None:
        verdicts = renewed(unit, assess(unit)[0])
    provenance = replace(unit.provenance, terms_hash=draft.provenance.terms_hash)
    return replace(unit, provenance=provenance, verdicts=verdicts, findings=draft.findings)


def _is_disposable(unit: TranslationUnit) -> bool:
    is_commented = bool(unit.notes or unit.directions)
    return not is_commented and (not has_text(unit) or is_untouched_draft(unit))
