"""Catalogues to send out, and what stands for a translator."""

from collections.abc import Iterable
from io import BytesIO
from typing import Protocol

from msgspec.structs import replace

from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.exchange.entries import Returned, Sheet, entries_of, identified
from l10n_pipeline.exchange.returning import Settled, settle
from l10n_pipeline.exchange.table import read_table, write_table
from l10n_pipeline.exchange.xliff import read_xliff, write_xliff
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Origin, Provenance, State, TranslationUnit
from l10n_pipeline.plurals import PluralRule

ENGLISH = Locale.parse("en")
BRAZILIAN = Locale.parse("pt-BR")
RULE = PluralRule.of(BRAZILIAN)


class Format(Protocol):
    """A way out and back."""

    def write(self, sheet: Sheet) -> bytes: ...
    def read(self, data: bytes) -> list[Returned]: ...


class Xliff:
    """As translation tools have it."""

    def write(self, sheet: Sheet) -> bytes:
        return b"".join(write_xliff(sheet))

    def read(self, data: bytes) -> list[Returned]:
        return [one for _, one in read_xliff(BytesIO(data), "a.xlf")]


class Table:
    """As spreadsheets have it."""

    def write(self, sheet: Sheet) -> bytes:
        return b"".join(write_table(sheet))

    def read(self, data: bytes) -> list[Returned]:
        return [one for _, one in read_table(BytesIO(data), "a.csv")]


def sheet_of(*units: TranslationUnit, document: str = "a.md", locale: Locale = BRAZILIAN) -> Sheet:
    """All that goes out of a catalogue with these units."""
    catalogue = Catalogue(ENGLISH, locale, units)
    entries = entries_of(
        catalogue,
        state_of=state_of,
        states=frozenset(State) - {State.OBSOLETE},
        rule=PluralRule.of(locale),
    )
    return Sheet(document, ENGLISH, locale, tuple(entries))


def out(unit: TranslationUnit) -> list[Returned]:
    """What comes back for a unit where the translator did nothing."""
    return Xliff().read(Xliff().write(sheet_of(unit)))


def back(
    unit: TranslationUnit, *texts: str, accepted: bool = False, notes: Iterable[str] = ()
) -> list[Returned]:
    """What comes back for a unit with a translator's texts."""
    return [
        replace(one, target=text, accepted=accepted, notes=(*one.notes, *notes))
        for one, text in zip(out(unit), texts, strict=True)
    ]


def settled(unit: TranslationUnit, returned: list[Returned], *, overrule: bool = False) -> Settled:
    """What becomes of a unit."""
    state = state_of(replace(unit, obsolete=False))
    return settle(unit, state, returned, overrule=overrule)


def drafted(source: str, target: str, **fields: object) -> TranslationUnit:
    """A unit with a machine's draft that nobody has touched."""
    provenance = Provenance(Origin.MT, "fake/f32", text_hash(target), "", -0.5, text_hash(source))
    return replace(TranslationUnit(source, target, fuzzy=True, provenance=provenance), **fields)


def by_id(units: Iterable[TranslationUnit]) -> dict[str, TranslationUnit]:
    """Units by the ids that they go out under."""
    return dict(identified(units))
