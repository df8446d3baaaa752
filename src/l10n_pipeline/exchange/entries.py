"""What goes out to translators, and what comes back from them, whatever the format.

An entry of a catalogue goes out as one text, a plural message as one text a form. Each carries
what it was when it went out, so that what comes back is told from what was never touched, and
what has changed here meanwhile is not written over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from l10n_pipeline.errors import InputError
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Catalogue,
    Direction,
    DirectionKind,
    Severity,
    State,
    TermVerdict,
    TranslationUnit,
)
from l10n_pipeline.plurals import PluralRule

IF_EMPTY: Final = "name the file that the translator has worked on, or ask for it again"
"""What to do about a file without texts."""
_EXPORTED: Final = re.compile(
    r"(?P<state>new|draft|edited|stale|reviewed)(?::(?P<hash>[0-9a-f]{12}))?"
)
_ID: Final = re.compile(r"(?P<unit>u[0-9a-f]{12}(?:-\d{1,6})?)(?:\.(?P<form>\d{1,2}))?")
_DIRECTED: Final = {
    DirectionKind.USE: "this is the translation",
    DirectionKind.KEEP: "not to be translated",
    DirectionKind.LOCK: "the translation is to stay as it is",
}
_NUMBERS_SHOWN: Final = 6
_UNFIT: Final = re.compile("[\0\x04\ud800-\udfff]")
"""What no catalogue can hold."""


class Exported(msgspec.Struct, frozen=True, gc=False):
    """What a text was when it went out."""

    state: State
    """Of its entry."""
    text_hash: str = ""
    """:func:`l10n_pipeline.fingerprint.text_hash` of its translation; empty where it had none."""

    def __str__(self) -> str:
        return f"{self.state}:{self.text_hash}" if self.text_hash else str(self.state)

    @classmethod
    def of(cls, state: State, target: str) -> Exported:
        """What is to be remembered of a text."""
        return cls(state, text_hash(target) if target else "")

    @classmethod
    def parse(cls, written: str) -> Exported | None:
        """As it was written; None where nobody can tell any more.

        >>> Exported.parse("draft:5251c3c68010") == Exported.of(State.DRAFT, "Olá")
        True
        """
        found = _EXPORTED.fullmatch(written.strip())
        return cls(State(found["state"]), found["hash"] or "") if found else None

    def is_of(self, target: str) -> bool:
        """Whether this is the text that went out, be it decomposed since."""
        if not target:
            return not self.text_hash
        return self.text_hash in (text_hash(target), text_hash(composed(target)))


class Remark(msgspec.Struct, frozen=True, gc=False):
    """What the machine or a reviewer has to say of an entry, for the translator to read."""

    kind: str
    """``direction``, ``term``, ``finding``, ``suggestion``, ``previous``."""
    text: str
    urgent: bool = False
    """Whether it has to be seen to before the entry can be accepted."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One text as it goes out."""

    id: str
    """Its entry's, the same for as long as context and source are, and of a plural form its
    number after a full stop."""
    source: str
    target: str
    state: State
    """Of its entry, which is what all plural forms share."""
    context: str = ""
    group: str = ""
    """Of a plural form the id of its entry."""
    where: tuple[str, ...] = ()
    """Where in the document it stands, what its codes are, how long it may be."""
    remarks: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()
    """Humans' lines."""
    fixed: bool = False
    """Whether a reviewer has directed what becomes of it: there is nothing to translate."""

    @property
    def exported(self) -> Exported:
        """What it is now, to be told apart from what it will be."""
        return Exported.of(self.state, self.target)


class Sheet(msgspec.Struct, frozen=True):
    """What goes out of one catalogue."""

    document: str
    """The name of its document: ``guide/intro.md``."""
    source_locale: Locale
    target_locale: Locale
    entries: Sequence[Entry]
    """In document order, the forms of a message side by side."""


class Returned(msgspec.Struct, frozen=True, gc=False):
    """One text as it comes back."""

    place: str
    """``file:line``, for messages."""
    document: str
    target_locale: Locale
    id: str
    source: str | None
    """None where it was left out."""
    context: str | None
    """None where it was left out."""
    target: str
    accepted: bool
    """Whether the translator calls it reviewed or final."""
    notes: tuple[str, ...] = ()
    exported: Exported | None = None
    """None where it was left out: what it was when it went out is then not known."""
    faults: tuple[str, ...] = ()
    """Why the target cannot be quite what the translator sees."""

    @property
    def unit_id(self) -> str:
        """The id of its entry."""
        found = _ID.fullmatch(self.id)
        return found["unit"] if found else self.id

    @property
    def form(self) -> int | None:
        """Of a plural form its number."""
        found = _ID.fullmatch(self.id)
        return int(found["form"]) if found and found["form"] else None


def composed(text: str) -> str:
    """A text with its accents composed, so that those that look the same are: some tools, and
    file systems, write them decomposed.
    """
    return unicodedata.normalize("NFC", text)


def identified(units: Iterable[TranslationUnit]) -> Mapping[str, TranslationUnit]:
    """The units of a catalogue by the ids that they go out under, in their order."""
    found: dict[str, TranslationUnit] = {}
    for unit in units:
        id_ = unit_id = "u" + text_hash(f"{unit.context}\x04{unit.source}")
        again = 1
        while id_ in found:
            again += 1
            id_ = f"{unit_id}-{again}"
        found[id_] = unit
    return found


def entries_of(
    catalogue: Catalogue,
    *,
    state_of: Callable[[TranslationUnit], State],
    states: frozenset[State],
    rule: PluralRule,
) -> Iterator[Entry]:
    """What of a catalogue goes out, in its order; never what is obsolete.

    Args:
        catalogue: of one document.
        state_of: where a unit stands in review.
        states: of the units that go out.
        rule: how the catalogue's plural forms are counted.
    """
    for id_, unit in identified(catalogue.units).items():
        state = state_of(unit)
        if state in states and not unit.obsolete:
            yield from _entries(id_, unit, state, rule)


def _entries(id_: str, unit: TranslationUnit, state: State, rule: PluralRule) -> Iterator[Entry]:
    remarks = tuple(_remarks(unit))
    fixed = bool(unit.directions)
    if not unit.plural_source:
        yield Entry(
            id_,
            unit.source,
            unit.target,
            state,
            unit.context,
            where=unit.extracted,
            remarks=remarks,
            notes=unit.notes,
            fixed=fixed,
        )
        return
    count = len(unit.plural_targets)
    for form, target in enumerate(unit.plural_targets):
        numbers = rule.numbers(form) if form < rule.count else ()
        shown = ", ".join(map(str, numbers[:_NUMBERS_SHOWN]))
        more = ", …" if len(numbers) > _NUMBERS_SHOWN else ""
        yield Entry(
            f"{id_}.{form}",
            unit.source if 1 in numbers and count > 1 else unit.plural_source,
            target,
            state,
            unit.context,
            id_,
            (f"plural form {form + 1} of {count}, for {shown}{more}", *unit.extracted),
            remarks,
            unit.notes,
            fixed,
        )


def _remarks(unit: TranslationUnit) -> Iterator[Remark]:
    for direction in unit.directions:
        yield Remark("direction", _directed(direction), urgent=True)
    for finding in unit.findings:
        urgent = finding.severity is Severity.ERROR
        yield Remark("finding", f"{finding.rule}: {finding.message}", urgent)
    for verdict in unit.verdicts:
        yield Remark("term", _judged(verdict), verdict.status.failing)
    if unit.previous_source:
        yield Remark("previous", f"the source was: {unit.previous_source}", urgent=True)
    if unit.suggestion is not None and unit.suggestion.text:
        for text in unit.suggestion.text.split("\0"):
            yield Remark("suggestion", f"suggestion ({unit.suggestion.origin}): {text}")


def _directed(direction: Direction) -> str:
    what = _DIRECTED[direction.kind]
    return f"{what}: {direction.text}" if direction.text else what


def _judged(verdict: TermVerdict) -> str:
    detail = f"; {verdict.detail}" if verdict.detail else ""
    return f"{verdict.source} → {verdict.target} [{verdict.status}{detail}]"


def notes_in(text: str) -> tuple[str, ...]:
    r"""The lines of what a translator wrote beside a text; empty ones say nothing.

    >>> notes_in("Is this a name?\r\n\r\nYes.")
    ('Is this a name?', 'Yes.')
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(line.rstrip() for line in lines if line.strip())


def refuse_unfit(text: str, place: str) -> None:
    """Refuse a text that no catalogue can hold.

    Raises:
        InputError: names the character.
    """
    if found := _UNFIT.search(text):
        raise InputError(
            f"the character U+{ord(found[0]):04X} can stand in no catalogue",
            where=place,
            way_out="remove it",
        )
