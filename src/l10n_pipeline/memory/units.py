"""The nouns of a translation memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, TranslationUnit


@dataclass(frozen=True, slots=True)
class Pair:
    """The languages that a memory is asked about."""

    source: Locale
    target: Locale

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a segment stands: what tells equal texts apart. All empty where nobody said."""

    document: str = ""
    """The name of its document: ``guide/intro.md``."""
    context: str = ""
    """Its msgctxt."""
    previous: str = ""
    """:func:`~l10n_pipeline.fingerprint.text_hash` of the source before it in the document;
    empty for the first."""
    following: str = ""
    """Likewise of the one after it."""


NOWHERE = Surroundings()
PLURAL: Final = "\0"
"""Between the forms of a plural message: no text has it."""


class SupplyKind(StrEnum):
    """What units are taken from."""

    CATALOGUE = "catalogue"
    """A catalogue of this project: what its reviewers accepted."""
    TMX = "tmx"
    """A file in the exchange format, from elsewhere."""


@dataclass(frozen=True, slots=True, order=True)
class Supply:
    """A file that units are taken from."""

    kind: SupplyKind
    name: str
    """Its path, relative to the project root."""


@dataclass(frozen=True, slots=True)
class MemoryUnit:
    """A translation somebody made, and what is known of it."""

    source: str
    """With inline codes as :mod:`l10n_pipeline.codes` writes them."""
    target: str
    """Likewise; neither is empty."""
    surroundings: Surroundings = NOWHERE
    created: datetime | None = None
    """When it was translated, or last changed; in UTC."""
    creator: str = ""
    """By whom."""
    notes: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    """Type and value of what other tools said of it, in order."""


@dataclass(frozen=True, slots=True)
class SuppliedUnits:
    """A supply as it is now, to be read only where the memory has not got it."""

    supply: Supply
    fingerprint: str
    """Changes with whatever ``read`` would give: a hash of the file's bytes."""
    read: Callable[[], Iterable[MemoryUnit]]


def units_of(
    catalogue: Catalogue,
    *,
    document: str,
    reviewed: Callable[[TranslationUnit], TranslationUnit | None],
) -> Iterator[MemoryUnit]:
    """What a catalogue has to give, in its order.

    A plural message is one unit: its singular and plural with NUL between, and so its forms.

    Args:
        catalogue: of one document.
        document: its name.
        reviewed: gives a unit as a human accepted it; None where none did.
    """
    present = [unit.source for unit in catalogue.units if not unit.obsolete]
    hashes = ["", *map(text_hash, present), ""]
    at = 0
    for unit in catalogue.units:
        previous, following = "", ""
        if not unit.obsolete:
            previous, following = hashes[at], hashes[at + 2]
            at += 1
        if (found := reviewed(unit)) is None:
            continue
        source, target = found.source, found.target
        if found.plural_source:
            source = PLURAL.join((source, found.plural_source))
            target = PLURAL.join(found.plural_targets)
        if any(text.strip() for text in target.split(PLURAL)):
            place = Surroundings(document, found.context, previous, following)
            yield MemoryUnit(source, target, place)


def surroundings_of(template: Catalogue, *, document: str) -> dict[tuple[str, str], Surroundings]:
    """Where each unit of a document's template stands, by its key, to look it up with."""
    hashes = ["", *(text_hash(unit.source) for unit in template.units), ""]
    return {
        unit.key: Surroundings(document, unit.context, hashes[at], hashes[at + 2])
        for at, unit in enumerate(template.units)
    }
