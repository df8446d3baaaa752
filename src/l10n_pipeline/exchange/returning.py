"""What becomes of a catalogue's entry by what comes back for it.

A translator's text goes in where the entry is still what went out, or holds nothing but the
machine's; what a human has written or accepted here meanwhile stands, and is told of. Nothing is
ever emptied, no review is ever taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from l10n_pipeline import codes, placeholders
from l10n_pipeline.exchange.entries import Returned, composed, notes_in
from l10n_pipeline.model import (
    CodeKind,
    Diagnostic,
    InlineCode,
    State,
    TranslationUnit,
)

_MACHINES: Final = "l10n-"
"""What a note must not begin with: it would be taken for the machine's."""
_ESCAPED: Final = "note: l10n-"
_ILLEGIBLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")


class Fate(StrEnum):
    """What became of an entry."""

    UNCHANGED = "unchanged"
    """Nothing came back that is not there."""
    NOTED = "noted"
    """It has another note."""
    EDITED = "edited"
    """It has the translator's text, which waits for review."""
    ACCEPTED = "accepted"
    """It has the translator's text, and is reviewed."""
    HELD = "held"
    """It has the translator's text, which was called reviewed and cannot be: it is broken."""
    CONFLICT = "conflict"
    """Nothing was changed: a human has a say here."""
    REFUSED = "refused"
    """Nothing was changed: what came back is not whole."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An entry after what came back for it."""

    unit: TranslationUnit
    fate: Fate
    why: str = ""
    """Of a conflict, of what was held or refused: in words for the user."""
    way_out: str = ""


def settle(
    unit: TranslationUnit, state: State, returned: Sequence[Returned], *, overrule: bool
) -> Settled:
    """Take what came back for an entry, as far as it may be taken.

    Args:
        unit: the entry as it is now.
        state: where it stands in review; of an obsolete one, where it would stand if it were not.
        returned: the text that came back for it, of a plural message for each form, at least one.
        overrule: whether a text that came back as reviewed may replace a reviewed one, if that
            is still the one that went out.
    """
    noted = _with_notes(unit, returned)
    settled = _settled(unit, noted, state, returned, overrule=overrule)
    if settled.fate is Fate.UNCHANGED and noted is not unit:
        return Settled(noted, Fate.NOTED)
    return settled


def _settled(
    unit: TranslationUnit,
    noted: TranslationUnit,
    state: State,
    returned: Sequence[Returned],
    *,
    overrule: bool,
) -> Settled:
    now = unit.plural_targets if unit.plural_source else (unit.target,)
    ordered = _in_order(unit, returned)
    if ordered is None:
        if all(_is_as_exported(one) for one in returned):
            return Settled(noted, Fate.UNCHANGED)
        return Settled(noted, Fate.REFUSED, "not all of its plural forms came back, each once")
    texts = tuple(
        there if _levelled(composed(one.target)) == _levelled(composed(there)) else one.target
        for one, there in zip(ordered, now, strict=True)
    )
    accepted = all(one.accepted for one in ordered)
    was = ordered[0].exported
    as_exported = all(map(_is_as_exported, ordered)) or (texts == now and _is_known(ordered, now))
    if as_exported and not (accepted and was is not None and was.state is not State.REVIEWED):
        return Settled(noted, Fate.UNCHANGED)
    if texts == now and (not accepted or state is State.REVIEWED):
        return Settled(noted, Fate.UNCHANGED)
    if not all(text.strip() for text in texts):
        return _without_text(noted, texts, ordered)
    if unit.directions:
        return Settled(noted, Fate.CONFLICT, "a reviewer has directed what becomes of it")
    if texts != now and (
        conflict := _conflict(state, now, ordered, overrule=overrule, accepted=accepted)
    ):
        return Settled(noted, Fate.CONFLICT, *conflict)
    return _taken(noted, state, texts, ordered, accepted=accepted)


def _in_order(unit: TranslationUnit, returned: Sequence[Returned]) -> list[Returned] | None:
    """What came back by plural form; None where a form is missing, or there are others."""
    if not unit.plural_source:
        return list(returned) if len(returned) == 1 and returned[0].form is None else None
    forms = {one.form: one for one in returned}
    wanted = range(len(unit.plural_targets))
    if len(forms) != len(returned) or forms.keys() != set(wanted):
        return None
    return [forms[form] for form in wanted]


def _is_as_exported(one: Returned) -> bool:
    return one.exported is not None and one.exported.is_of(one.target)


def _is_known(ordered: Sequence[Returned], now: Sequence[str]) -> bool:
    """Whether the entry's text is what went out."""
    return all(
        one.exported is not None and one.exported.is_of(text)
        for one, text in zip(ordered, now, strict=True)
    )


def _levelled(text: str) -> str:
    """A text with all line ends alike: spreadsheets and XML tools write their own."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _without_text(
    noted: TranslationUnit, texts: Sequence[str], ordered: Sequence[Returned]
) -> Settled:
    if any(text.strip() for text in texts):
        return Settled(noted, Fate.REFUSED, "a plural form came back without a translation")
    had = any(one.exported is not None and one.exported.text_hash for one in ordered)
    if had or any(one.accepted for one in ordered):
        return Settled(noted, Fate.REFUSED, "it came back without a translation")
    return Settled(noted, Fate.UNCHANGED)


def _conflict(
    state: State,
    now: Sequence[str],
    ordered: Sequence[Returned],
    *,
    overrule: bool,
    accepted: bool,
) -> tuple[str, str] | None:
    """Why the text must not be replaced, and what the user can do; None where it may be."""
    if state is State.DRAFT or not any(text.strip() for text in now):
        return None
    exported = [one.exported for one in ordered]
    if not _is_known(ordered, now):
        lost = any(one is None for one in exported)
        return (
            "nobody can tell whether it was changed here meanwhile: 'exported' is missing"
            if lost
            else "it was changed here since the export",
            "decide in the catalogue",
        )
    if state is not State.REVIEWED:
        return None
    if any(one is not None and one.state is not State.REVIEWED for one in exported):
        return "it was reviewed here since the export", "decide in the catalogue"
    if not accepted:
        # To take it would take a review back.
        return (
            "it is reviewed, and what came back is not called so",
            "decide in the catalogue, or have it called reviewed or final and pass --replace",
        )
    return None if overrule else ("it is reviewed", "pass --replace to take the translator's")


def _taken(
    unit: TranslationUnit,
    state: State,
    texts: Sequence[str],
    ordered: Sequence[Returned],
    *,
    accepted: bool,
) -> Settled:
    faults = _faults(unit, texts, ordered)
    why = faults[0].message if faults else ""
    if faults and state is State.REVIEWED:
        return Settled(unit, Fate.REFUSED, f"it would take a reviewed text's place: {why}")
    accepted = accepted and not faults
    findings = (*unit.findings, *(one for one in faults if one not in unit.findings))
    taken = replace(unit, fuzzy=not accepted, findings=findings)
    if accepted:
        taken = replace(taken, previous_source="", previous_context="", previous_plural="")
    if unit.plural_source:
        taken = replace(taken, plural_targets=tuple(texts))
    else:
        taken = replace(taken, target=texts[0])
    if faults:
        # Of the same text that is there already, nothing is to be taken but the fault.
        return Settled(taken, Fate.HELD, why)
    return Settled(taken, Fate.ACCEPTED if accepted else Fate.EDITED)


def _faults(
    unit: TranslationUnit, texts: Sequence[str], ordered: Sequence[Returned]
) -> tuple[Diagnostic, ...]:
    """Why the text cannot be accepted as it is: a document could not be built of it, a program
    could not use it.
    """
    found: dict[Diagnostic, None] = {}
    for one, text in zip(ordered, texts, strict=True):
        found |= dict.fromkeys(Diagnostic("codes", fault) for fault in one.faults)
        # Which of the two a plural form follows, its language decides.
        sources = dict.fromkeys(filter(None, (unit.source, unit.plural_source)))
        fewest = min((list(_faults_by(of, text, unit.flags)) for of in sources), key=len)
        found |= dict.fromkeys(fewest)
    return tuple(found)


def _faults_by(source: str, text: str, flags: Sequence[str]) -> Iterator[Diagnostic]:
    known = tuple(_codes(source))
    if not codes.faults(source, known):  # else it is a text about tags
        wanted = {codes.tag(code) for code in known}
        found = dict.fromkeys(tag[0] for tag in codes.TAG.finditer(text))
        faults = codes.faults(text, known) or [
            f"{tag} is not in the source" for tag in found if tag not in wanted
        ]
        yield from (Diagnostic("codes", fault) for fault in faults)
    if placeholders.are_stated(source, flags):
        for fault in placeholders.faults(source, text, flags):
            yield Diagnostic("placeholders", fault)
    for place, has in (("begin", str.startswith), ("end", str.endswith)):
        if has(text, "\n") != has(source, "\n"):
            does = "does not" if has(source, "\n") else "alone does"
            yield Diagnostic("newlines", f"it {does} {place} with a line break")


def _codes(source: str) -> Iterator[InlineCode]:
    for found in codes.TAG.finditer(source):
        if found["alone"] and not found["close"]:
            yield InlineCode(CodeKind.STANDALONE, int(found["alone"]), found[0])
        elif found["pair"]:
            kind = CodeKind.CLOSE if found["close"] else CodeKind.OPEN
            yield InlineCode(kind, int(found["pair"]), found[0])


def _with_notes(unit: TranslationUnit, returned: Sequence[Returned]) -> TranslationUnit:
    """The unit with what a translator has written beside it; what was there stays."""
    if not any(one.notes for one in returned):
        return unit
    # As they went out: what cannot stand in a file was left out of them.
    there = {"", *(_legible(line) for note in unit.notes for line in notes_in(note))}
    new: dict[str, None] = {}
    for line in (line for one in returned for line in one.notes):
        ours = line.startswith(_MACHINES)
        kept = _ESCAPED + line.removeprefix(_MACHINES) if ours else line
        if there.isdisjoint((_legible(line), _legible(kept))):
            new[kept] = None
    return replace(unit, notes=(*unit.notes, *new)) if new else unit


def _legible(line: str) -> str:
    return _ILLEGIBLE.sub("", composed(line)).strip()
