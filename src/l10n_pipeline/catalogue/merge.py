"""Templates, what needs a draft, and the merge of drafts with what humans wrote.

The rule above all: only an untouched draft or an empty entry is the machine's to change
or drop. Whatever a human wrote, accepted or commented stands, at its place or obsolete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import quote

from l10n_pipeline.catalogue.describing import described
from l10n_pipeline.catalogue.header import catalogue_header, template_header, timestamp
from l10n_pipeline.catalogue.states import (
    has_translation,
    is_of_another_source,
    is_untouched_draft,
    state_of,
)
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Document,
    Draft,
    Segment,
    Span,
    State,
    Term,
    TermHit,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)
from l10n_pipeline.termforms import verify

Key = tuple[str, str]
"""Context and source: see :attr:`TranslationUnit.key`."""
Assess = Callable[[str, str], tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]]
"""Term verdicts and findings for a source and its translation."""

_CREATED: Final = "POT-Creation-Date"
_PLACES_SHOWN: Final = 4
_WHITE_SPACE: Final = re.compile(r"\s+")
_HUMAN: Final = frozenset({State.REVIEWED, State.EDITED, State.STALE})


# --- templates ---------------------------------------------------------------------


def unit_key(segment: Segment) -> Key:
    """The key of the unit that a segment is translated by: its text on one line.

    White space with a line break in it counts as a space, so that wrapping a paragraph
    anew changes no msgid. A build that finds a translation equal to the msgid therefore
    puts back the segment's own source. Other white space (U+00A0, U+2028) says something
    and stays.

    Sentences of running text and of list items share units. Kinds of block whose texts
    are not sentences (a table cell, a caption) are to be told apart by context here.
    """
    return ("", _WHITE_SPACE.sub(_unwrapped, segment.source))


def _unwrapped(white_space: re.Match[str]) -> str:
    found = white_space[0]
    return " " if "\n" in found or "\r" in found else found


def template(document: Document, segments: Sequence[Segment]) -> Catalogue:
    """One unit for each distinct source of a document, in document order, without header."""
    places: dict[Key, list[str]] = {}
    alike: dict[Key, list[Segment]] = {}
    for segment, place in zip(segments, _places(document, segments), strict=True):
        key = unit_key(segment)
        places.setdefault(key, []).append(place)
        alike.setdefault(key, []).append(segment)
    reference = quote(document.path)
    units = tuple(
        TranslationUnit(
            source=source,
            context=context,
            extracted=(_describe(found), *described(alike[context, source])),
            references=(reference,),
        )
        for (context, source), found in places.items()
    )
    return Catalogue(document.locale, None, units)


def update_template(
    template: Catalogue, existing: Catalogue | None, *, project: str, now: datetime
) -> Catalogue:
    """The template with its header; ``existing`` itself where no entry changed.

    Args:
        template: as :func:`template` makes it.
        existing: the template of the run before.
        project: for ``Project-Id-Version``.
        now: for ``POT-Creation-Date``, which moves only with the set or order of the
            entries. Must have a time zone.
    """
    if existing is not None and same_entries(template, existing):
        return existing
    found = existing.header if existing else {}
    created = _creation_date(template, existing, now)
    return replace(
        template,
        header=template_header(found, project=project, created=created),
        header_notes=existing.header_notes if existing else (),
    )


def _places(document: Document, segments: Sequence[Segment]) -> Iterable[str]:
    """Where each segment stands: ``heading 3 (level 2), sentence 1``."""
    ordinals: dict[int, int] = {}
    blocks: Counter[str] = Counter()
    for index, block in enumerate(document.blocks):
        if block.translatable:
            blocks[block.kind] += 1
            ordinals[index] = blocks[block.kind]
    sentences: Counter[int] = Counter()
    for segment in segments:
        sentences[segment.block] += 1
        detail = f" ({segment.detail})" if segment.detail else ""
        place = f"{segment.kind} {ordinals[segment.block]}{detail}"
        yield f"{place}, sentence {sentences[segment.block]}"


def _describe(places: Sequence[str]) -> str:
    first, *others = places
    if not others:
        return first
    shown = "; ".join(others[:_PLACES_SHOWN])
    hidden = len(others) - _PLACES_SHOWN
    return f"{first} (also {shown}; {hidden} more)" if hidden > 0 else f"{first} (also {shown})"


# --- drafting ----------------------------------------------------------------------


def plan(
    template: Catalogue,
    existing: Catalogue | None,
    *,
    terms_hash_of: Callable[[str], str],
    redraft: bool = False,
) -> tuple[TranslationUnit, ...]:
    """The template's units that need a draft, in document order.

    These are units without a translation, and untouched drafts that were made under
    other terms than today's or for another source. A draft that came out empty is a draft
    too: asking the same model again would say nothing new. An untouched draft that another
    tool has moved to a new source (it then has ``previous_source``) may have been accepted
    before: only ``redraft`` includes it.

    Args:
        template: as :func:`template` makes it.
        existing: the catalogue as it is; None where there is none.
        terms_hash_of: today's :func:`~l10n_pipeline.fingerprint.terms_hash` of a source.
        redraft: whether to include every untouched draft.

    Raises:
        CatalogueError: where ``existing`` has a sentence of the document as a plural
            message.
    """
    known = _by_key(template, existing)

    def needs_draft(place: TranslationUnit) -> bool:
        unit = known.get(place.key)
        if unit is None:
            return True
        if not is_untouched_draft(unit):
            return not has_translation(unit)
        if redraft:
            return True
        assert unit.provenance is not None  # else it were no draft
        return _is_ours(unit) and (
            is_of_another_source(unit) or unit.provenance.terms_hash != terms_hash_of(unit.source)
        )

    return tuple(unit for unit in template.units if needs_draft(unit))


# --- merging -----------------------------------------------------------------------


def merge(
    template: Catalogue,
    existing: Catalogue | None,
    drafts: Mapping[Key, Draft],
    *,
    target_locale: Locale,
    project: str,
    now: datetime,
    assess: Assess | None = None,
) -> Catalogue:
    """The catalogue brought up to date; ``existing`` itself where no entry changes.

    Units stand in document order, then the obsolete ones. A draft goes only into a unit
    that is empty or an untouched draft; one without text leaves its verdicts behind as
    hints, and takes no older text away. What left the document becomes obsolete where a
    human had a hand in it, and is dropped elsewhere; what comes back is revived as it was.

    Units are matched by key alone; carrying a review over to a source that is merely
    similar is the translation memory's work.

    Args:
        template: as :func:`template` makes it; if it has a header (from
            :func:`update_template`) its creation date is taken over.
        existing: the catalogue as it is now; None where there is none. It may have
            changed since the drafts were planned.
        drafts: by :attr:`TranslationUnit.key`.
        target_locale: the language of the translations.
        project: for ``Project-Id-Version``.
        now: for the header's dates. Must have a time zone.
        assess: gives fresh term verdicts and findings for what humans wrote. Findings
            are replaced; old verdicts stay where the fresh ones say nothing new.

    Raises:
        CatalogueError: where ``existing`` has a sentence of the document as a plural
            message.
    """
    known = _by_key(template, existing)
    current = [
        _bring_up_to_date(place, known.get(place.key), drafts.get(place.key), assess)
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
        created=template.header.get(_CREATED) or _creation_date(template, existing, now),
        now=now,
    )
    return replace(merged, header=header, header_notes=existing.header_notes if existing else ())


def same_entries(one: Catalogue, other: Catalogue) -> bool:
    """Whether two catalogues differ in nothing but their headers."""
    return one.units == other.units


def _bring_up_to_date(
    place: TranslationUnit,
    known: TranslationUnit | None,
    draft: Draft | None,
    assess: Assess | None,
) -> TranslationUnit:
    if known is None:
        return place if draft is None else _with_draft(place, draft)
    unit = replace(known, obsolete=False, extracted=place.extracted, references=place.references)
    if draft is not None and not has_translation(unit):
        return _with_draft(unit, draft)
    if draft is not None and is_untouched_draft(unit):
        return _with_draft(unit, draft) if draft.text else _outlasting(unit, draft, assess)
    emptied = not has_translation(unit) and not is_untouched_draft(unit)
    if emptied or not unit.fuzzy:
        # Accepted or emptied: there is nothing left to compare with an older source.
        unit = replace(unit, fuzzy=False, previous_source="", previous_context="")
    if assess is not None and state_of(unit) in _HUMAN:
        verdicts, findings = assess(unit.source, unit.target)
        unit = replace(unit, verdicts=_verdicts(unit, verdicts), findings=findings)
    return unit


def _with_draft(unit: TranslationUnit, draft: Draft) -> TranslationUnit:
    return replace(
        unit,
        target=draft.text,
        fuzzy=draft.provenance is not None,
        previous_source="",
        previous_context="",
        provenance=draft.provenance,
        verdicts=draft.verdicts,
        findings=draft.findings,
    )


def _outlasting(unit: TranslationUnit, draft: Draft, assess: Assess | None) -> TranslationUnit:
    """An untouched draft whose successor came out empty: its text stays, and the unit
    says that the machine has been asked under today's terms.
    """
    if draft.provenance is None:
        return unit
    assert unit.provenance is not None  # else it were no draft
    verdicts = unit.verdicts
    if assess is not None:
        verdicts = _verdicts(unit, assess(unit.source, unit.target)[0])
    provenance = replace(unit.provenance, terms_hash=draft.provenance.terms_hash)
    return replace(unit, provenance=provenance, verdicts=verdicts, findings=draft.findings)


def _verdicts(unit: TranslationUnit, new: tuple[TermVerdict, ...]) -> tuple[TermVerdict, ...]:
    """The verdicts of today's glossary, and those of words copied from the source, which
    stand in no glossary: at their old places, checked on today's text.
    """
    copied = _copied(unit, new)
    copies = [old for old, is_copy in zip(unit.verdicts, copied, strict=True) if is_copy]
    checked, terms = iter(_checked(copies, new, unit.target)), iter(new)
    told = [next(checked) if is_copy else next(terms, None) for is_copy in copied]
    return _fresh(unit.verdicts, (*filter(None, told), *terms))


def _copied(unit: TranslationUnit, new: Iterable[TermVerdict]) -> list[bool]:
    """For each old verdict, whether it is of a copied word that no term has taken over."""
    unclaimed = unit.source
    for verdict in new:
        unclaimed = unclaimed.replace(verdict.source, "\0", 1)
    copied = []
    for old in unit.verdicts:
        is_copy = (
            old.source == old.target
            and old.status is not TermStatus.AGREED
            and old.source in unclaimed
        )
        if is_copy:
            unclaimed = unclaimed.replace(old.source, "\0", 1)
        copied.append(is_copy)
    return copied


def _checked(
    copies: Sequence[TermVerdict], others: Sequence[TermVerdict], target: str
) -> list[TermVerdict]:
    """Verdicts of copied words on a translation; the old ones where they come to the same."""
    # The other terms take part, so that a copied name within one of them is not counted.
    hits = [
        TermHit(Term(verdict.source, verdict.target), Span(0, len(verdict.source)))
        for verdict in (*copies, *others)
    ]
    found = verify(target, hits)[: len(copies)]
    return [
        old if old.status.failing == now.status.failing else now
        for old, now in zip(copies, found, strict=True)
    ]


def _fresh(old: tuple[TermVerdict, ...], new: tuple[TermVerdict, ...]) -> tuple[TermVerdict, ...]:
    """The new verdicts, or the old ones where they come to the same.

    The old ones know more: what the model had written, for one.
    """

    def gist(verdicts: tuple[TermVerdict, ...]) -> list[tuple[object, ...]]:
        return [
            (each.source, each.target, each.status.failing, each.status is TermStatus.AGREED)
            for each in verdicts
        ]

    return old if gist(old) == gist(new) else new


def _is_ours(unit: TranslationUnit) -> bool:
    """Whether nothing in the unit can be a human's work."""
    return is_untouched_draft(unit) and not unit.previous_source


def _is_disposable(unit: TranslationUnit) -> bool:
    return not unit.notes and (not has_translation(unit) or _is_ours(unit))


def _creation_date(template: Catalogue, existing: Catalogue | None, now: datetime) -> str:
    """The existing date, unless the template's entries are others now."""
    if existing is not None and existing.header.get(_CREATED):
        before = [unit.key for unit in existing.units if not unit.obsolete]
        if before == [unit.key for unit in template.units]:
            return existing.header[_CREATED]
    return timestamp(now)


def _by_key(template: Catalogue, existing: Catalogue | None) -> dict[Key, TranslationUnit]:
    known = {unit.key: unit for unit in existing.units} if existing else {}
    for place in template.units:
        unit = known.get(place.key)
        if unit is not None and unit.plural_source:
            raise CatalogueError(
                f"{unit.source!r} is a plural message, but the document has it as a sentence",
                way_out="delete the plural message, or give it a msgctxt",
            )
    return known
