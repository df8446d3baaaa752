"""Templates, what needs a draft, and the merge of drafts with what humans wrote.

The rule above all: only an untouched draft or an empty entry is the machine's to change
or drop. Whatever a human wrote, accepted or commented stands, at its place or obsolete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from l10n_pipeline.catalogue.describing import described
from l10n_pipeline.catalogue.header import catalogue_header, template_header, timestamp
from l10n_pipeline.catalogue.states import (
    has_text,
    has_translation,
    is_of_another_source,
    is_untouched_draft,
    state_of,
    unit_texts,
)
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Document,
    Draft,
    Message,
    Segment,
    Span,
    State,
    Term,
    TermHit,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)
from l10n_pipeline.plurals import PluralRule, plural_forms
from l10n_pipeline.termforms import verify

Key = tuple[str, str]
"""Context and source: see :attr:`TranslationUnit.key`."""
Assess = Callable[[TranslationUnit], tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]]
"""Term verdicts and findings for a unit that has a translation."""

_ANY_PLURAL: Final = "nplurals=2; plural=(n != 1);"
_CREATED: Final = "POT-Creation-Date"
_PLACES_SHOWN: Final = 4
_WHITE_SPACE: Final = re.compile(r"\s+")
_HUMAN: Final = frozenset({State.REVIEWED, State.EDITED, State.STALE})


# --- templates ---------------------------------------------------------------------


def unit_key(segment: Segment) -> Key:
    """The key of the unit that a segment is translated by: its text on one line; of a
    program's message its context and msgid as they are.

    White space with a line break in it counts as a space, so that wrapping a paragraph
    anew changes no msgid. A build that finds a translation equal to the msgid therefore
    puts back the segment's own source. Other white space (U+00A0, U+2028) says something
    and stays.

    Sentences of running text and of list items share units. Kinds of block whose texts
    are not sentences (a table cell, a caption) are to be told apart by context here.
    """
    if segment.message is not None:
        return segment.message.key
    return ("", _WHITE_SPACE.sub(_unwrapped, segment.source))


def _unwrapped(white_space: re.Match[str]) -> str:
    found = white_space[0]
    return " " if "\n" in found or "\r" in found else found


def template(
    document: Document, segments: Sequence[Segment], *, neighbours: bool = False
) -> Catalogue:
    """One unit for each distinct source of a document, in document order, without header.

    A program's messages keep what their own template says of them.

    Args:
        document: what the segments are of.
        segments: all of them.
        neighbours: whether each unit shows the sentences before and after it, at the first
            place where it stands.
    """
    if document.messages:
        messages = (segment.message for segment in segments if segment.message)
        return Catalogue(document.locale, None, tuple(map(_unit_of, messages)))
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
            extracted=(
                _describe(found),
                *described(alike[context, source], among=segments if neighbours else ()),
            ),
            references=(reference,),
        )
        for (context, source), found in places.items()
    )
    return Catalogue(document.locale, None, units)


def _unit_of(message: Message) -> TranslationUnit:
    return TranslationUnit(
        source=message.source,
        context=message.context,
        plural_source=message.plural,
        # As xgettext writes it: the target languages have as many forms as they have.
        plural_targets=("", "") if message.plural else (),
        flags=message.flags,
        extracted=message.comments,
        references=message.references,
    )


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
    terms_hash_of: Callable[[TranslationUnit], str],
    redraft: bool = False,
) -> tuple[TranslationUnit, ...]:
    """The template's units that need a draft, in document order.

    These are units without a translation, or without one of their plural forms, and untouched
    drafts that were made under other terms than today's or for another source. A draft that
    came out empty is a draft too: asking the same model again would say nothing new. An
    untouched draft that another tool has moved to a new source (it then has
    ``previous_source``) may have been accepted before: only ``redraft`` includes it.

    Args:
        template: as :func:`template` makes it.
        existing: the catalogue as it is; None where there is none.
        terms_hash_of: today's :func:`~l10n_pipeline.fingerprint.terms_hash` of a unit.
        redraft: whether to include every untouched draft.

    Raises:
        CatalogueError: where the header of ``existing`` does not say how many plural forms
            there are, or a message has more.
    """
    known = {unit.key: unit for unit in existing.units} if existing else {}
    rule = plural_rule(existing)

    def needs_draft(place: TranslationUnit) -> bool:
        if place.key not in known:
            return True
        unit = _at(place, known[place.key], rule)
        if not is_untouched_draft(unit):
            return not has_translation(unit)
        if redraft:
            return True
        assert unit.provenance is not None  # else it were no draft
        return _is_ours(unit) and (
            is_of_another_source(unit) or unit.provenance.terms_hash != terms_hash_of(unit)
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
        CatalogueError: where the header of ``existing`` does not say how many plural forms
            there are, or a message has more.
    """
    known = {unit.key: unit for unit in existing.units} if existing else {}
    rule = plural_rule(existing, target_locale)
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
        created=template.header.get(_CREATED) or _creation_date(template, existing, now),
        now=now,
    )
    return replace(merged, header=header, header_notes=existing.header_notes if existing else ())


def same_entries(one: Catalogue, other: Catalogue) -> bool:
    """Whether two catalogues differ in nothing but their headers."""
    return one.units == other.units


def plural_rule(existing: Catalogue | None, target_locale: Locale | None = None) -> PluralRule:
    """How the plural forms of a catalogue are counted: as its own header says, or else as
    its language has them.

    Args:
        existing: the catalogue; None where there is none yet.
        target_locale: its language, where it does not know it itself.

    Raises:
        CatalogueError: where the header's rule is none.
    """
    stated = existing.header.get("Plural-Forms", "") if existing else ""
    locale = (existing and existing.target_locale) or target_locale
    try:
        return PluralRule.parse(stated or (plural_forms(locale) if locale else _ANY_PLURAL))
    except ValueError as error:
        raise CatalogueError(
            f"the header's Plural-Forms: {error}",
            way_out=f"write Plural-Forms: {plural_forms(locale)}" if locale else "correct it",
        ) from None


def _at(place: TranslationUnit, known: TranslationUnit, rule: PluralRule) -> TranslationUnit:
    """What is known of a unit, with all that its place in the document says of it.

    Where a message has come to have a plural, or another one, or none any more, a human's text
    goes along and waits for review again; a machine's is dropped.
    """
    own = [flag for flag in known.flags if flag not in place.flags and not _is_programs(flag)]
    unit = replace(
        known,
        obsolete=False,
        extracted=place.extracted,
        references=place.references,
        flags=(*place.flags, *own),
    )
    if known.plural_source == place.plural_source:
        return _with_forms(unit, unit_texts(known), rule)
    unit = replace(unit, plural_source=place.plural_source)
    if is_untouched_draft(known) or not has_text(known):
        unit = replace(unit, fuzzy=False, provenance=None, verdicts=(), findings=())
        return _with_forms(unit, (), rule)
    texts = unit_texts(known)
    if not known.previous_source:
        unit = replace(unit, previous_source=known.source, previous_plural=known.plural_source)
    if not place.plural_source:
        spare = (f"msgstr[{form}] was {text!r}" for form, text in enumerate(texts) if form)
        unit = replace(unit, notes=(*unit.notes, *spare))
        texts = texts[:1]
    elif not known.plural_source:
        texts = texts * rule.count
    return replace(_with_forms(unit, texts[: rule.count], rule), fuzzy=True)


def _is_programs(flag: str) -> bool:
    """Whether a flag says how the program uses a message, which only its template knows."""
    return flag.startswith("range:") or (flag.endswith("-format") and not flag.startswith("no-"))


def _with_forms(unit: TranslationUnit, texts: Sequence[str], rule: PluralRule) -> TranslationUnit:
    """The unit with this translation, filled up with empty plural forms."""
    if not unit.plural_source:
        return replace(unit, target=texts[0] if texts else "", plural_targets=())
    if any(text.strip() for text in texts[rule.count :]):
        raise CatalogueError(
            f"{unit.source!r} has {len(texts)} plural forms, but by the header's Plural-Forms "
            f"there are {rule.count}",
            way_out="correct the header, or delete the forms beyond",
        )
    missing = rule.count - len(texts)
    return replace(unit, target="", plural_targets=(*texts[: rule.count], *[""] * missing))


def _bring_up_to_date(
    place: TranslationUnit,
    known: TranslationUnit | None,
    draft: Draft | None,
    rule: PluralRule,
    assess: Assess | None,
) -> TranslationUnit:
    if known is None:
        unit = _with_forms(place, (), rule)
        return unit if draft is None else _with_draft(unit, draft, rule)
    unit = _at(place, known, rule)
    if draft is not None and place.plural_source and not _has_forms(draft, rule):
        draft = None  # made before somebody changed the header
    if draft is not None and not has_text(unit):
        return _with_draft(unit, draft, rule)
    if draft is not None and is_untouched_draft(unit):
        says = bool(draft.text.strip("\0"))
        return _with_draft(unit, draft, rule) if says else _outlasting(unit, draft, assess)
    if draft is not None and draft.text and not has_translation(unit):
        unit = _with_forms(unit, _completed(unit_texts(unit), draft.text.split("\0")), rule)
        unit = replace(unit, fuzzy=True, provenance=draft.provenance)
    emptied = not has_text(unit) and not is_untouched_draft(unit)
    if emptied or not unit.fuzzy:
        # Accepted or emptied: there is nothing left to compare with an older source.
        unit = replace(
            unit, fuzzy=False, previous_source="", previous_context="", previous_plural=""
        )
    if assess is not None and state_of(unit) in _HUMAN:
        verdicts, findings = assess(unit)
        unit = replace(unit, verdicts=_verdicts(unit, verdicts), findings=findings)
    return unit


def _has_forms(draft: Draft, rule: PluralRule) -> bool:
    return not draft.text or draft.text.count("\0") + 1 == rule.count


def _completed(texts: Sequence[str], drafted: Sequence[str]) -> list[str]:
    """A human's plural forms, and the machine's where there is none yet."""
    return [text if text.strip() else other for text, other in zip(texts, drafted, strict=True)]


def _with_draft(unit: TranslationUnit, draft: Draft, rule: PluralRule) -> TranslationUnit:
    return replace(
        _with_forms(unit, draft.text.split("\0"), rule),
        fuzzy=draft.provenance is not None,
        previous_source="",
        previous_context="",
        previous_plural="",
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
        verdicts = _verdicts(unit, assess(unit)[0])
    provenance = replace(unit.provenance, terms_hash=draft.provenance.terms_hash)
    return replace(unit, provenance=provenance, verdicts=verdicts, findings=draft.findings)


def _verdicts(unit: TranslationUnit, new: tuple[TermVerdict, ...]) -> tuple[TermVerdict, ...]:
    """The verdicts of today's glossary, and those of words copied from the source, which
    stand in no glossary: at their old places, checked on today's text.
    """
    copied = _copied(unit, new)
    copies = [old for old, is_copy in zip(unit.verdicts, copied, strict=True) if is_copy]
    checked, terms = iter(_checked(copies, new, unit_texts(unit))), iter(new)
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
    copies: Sequence[TermVerdict], others: Sequence[TermVerdict], texts: Sequence[str]
) -> list[TermVerdict]:
    """Verdicts of copied words on a translation; the old ones where they come to the same.
    Each plural form is looked at; the worst counts.
    """
    # The other terms take part, so that a copied name within one of them is not counted.
    hits = [
        TermHit(Term(verdict.source, verdict.target), Span(0, len(verdict.source)))
        for verdict in (*copies, *others)
    ]
    found = worst_verdicts([verify(text, hits)[: len(copies)] for text in texts])
    return [
        old if old.status.failing == now.status.failing else now
        for old, now in zip(copies, found, strict=True)
    ]


def worst_verdicts(forms: Iterable[Sequence[TermVerdict]]) -> tuple[TermVerdict, ...]:
    """One verdict for each term from those on each plural form: the first that fails, else
    the first. A term that a form has twice has two.
    """
    told: dict[tuple[str, int], TermVerdict] = {}
    for verdicts in forms:
        counts: Counter[str] = Counter()
        for verdict in verdicts:
            place = (verdict.source, counts[verdict.source])
            counts[verdict.source] += 1
            if place not in told or (verdict.status.failing and not told[place].status.failing):
                told[place] = verdict
    return tuple(told.values())


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
    return not unit.notes and (not has_text(unit) or _is_ours(unit))


def _creation_date(template: Catalogue, existing: Catalogue | None, now: datetime) -> str:
    """The existing date, unless the template's entries are others now."""
    if existing is not None and existing.header.get(_CREATED):
        before = [unit.key for unit in existing.units if not unit.obsolete]
        if before == [unit.key for unit in template.units]:
            return existing.header[_CREATED]
    return timestamp(now)
