"""Templates: what a document has to be translated, one unit for each distinct source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from l10n_pipeline.catalogue.describing import described
from l10n_pipeline.catalogue.header import template_header, timestamp
from l10n_pipeline.model import Catalogue, Document, Message, Segment, TranslationUnit

Key = tuple[str, str]
"""Context and source: see :attr:`TranslationUnit.key`."""

CREATED: Final = "POT-Creation-Date"
_PLACES_SHOWN: Final = 4
_WHITE_SPACE: Final = re.compile(r"\s+")


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
    created = creation_date(template, existing, now)
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


def same_entries(one: Catalogue, other: Catalogue) -> bool:
    """Whether two catalogues differ in nothing but their headers."""
    return one.units == other.units


def creation_date(template: Catalogue, existing: Catalogue | None, now: datetime) -> str:
    """The existing date, unless the template's entries are others now."""
    if existing is not None and existing.header.get(CREATED):
        before = [unit.key for unit in existing.units if not unit.obsolete]
        if before == [unit.key for unit in template.units]:
            return existing.header[CREATED]
    return timestamp(now)
