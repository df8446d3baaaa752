"""What of a document needs a draft, or a suggestion beside what a human wrote."""

from __future__ import annotations

from collections.abc import Callable

from l10n_pipeline.catalogue.carrying import Carry
from l10n_pipeline.catalogue.directing import directed, is_left_alone
from l10n_pipeline.catalogue.forms import at_place, plural_rule
from l10n_pipeline.catalogue.states import (
    has_translation,
    is_advised,
    is_untouched_draft,
    unit_source,
)
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import Catalogue, Suggestion, TranslationUnit


def plan(
    template: Catalogue,
    existing: Catalogue | None,
    *,
    terms_hash_of: Callable[[TranslationUnit], str],
    carry: Carry | None = None,
    redraft: bool = False,
) -> tuple[TranslationUnit, ...]:
    """The units that need a draft, in document order, as they are, at their places of today.

    These are units without a translation, or without one of their plural forms; untouched
    drafts that were made under other terms than today's; and stale units, whose text a human
    wrote for another source, unless the suggestion beside it is for this one and under today's
    terms. A draft that came out empty is a draft too: asking the same model again would say
    nothing new. What a reviewer has directed needs none.

    Args:
        template: as :func:`~l10n_pipeline.catalogue.templates.template` makes it.
        existing: the catalogue as it is; None where there is none.
        terms_hash_of: today's :func:`~l10n_pipeline.fingerprint.terms_hash` of a unit.
        carry: brings what humans wrote along to sources that have changed.
        redraft: whether to include every untouched draft.

    Raises:
        CatalogueError: where the header of ``existing`` does not say how many plural forms
            there are, or a message has more.
    """
    rule = plural_rule(existing)
    if existing is not None and carry is not None:
        existing = carry(existing, template)
    known = {unit.key: unit for unit in existing.units} if existing else {}

    def needs_draft(unit: TranslationUnit) -> bool:
        if is_left_alone(unit):
            return False
        if is_untouched_draft(unit):
            assert unit.provenance is not None  # else it were no draft
            return redraft or unit.provenance.terms_hash != terms_hash_of(unit)
        if is_advised(unit):
            return not _is_up_to_date(unit.suggestion, unit, terms_hash_of(unit))
        return not has_translation(unit)

    here = (
        directed(at_place(place, known[place.key], rule), rule) if place.key in known else place
        for place in template.units
    )
    return tuple(filter(needs_draft, here))


def _is_up_to_date(advice: Suggestion | None, unit: TranslationUnit, terms_hash: str) -> bool:
    return (
        advice is not None
        and advice.source_hash == text_hash(unit_source(unit))
        and advice.terms_hash == terms_hash
    )
