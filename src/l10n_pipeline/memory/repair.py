"""Making a fuzzy match fit: numbers and terms that changed are put into its translation.

Only where nothing can go wrong by it. Source and matched source have to be the same but for
numbers and glossary terms, character by character. Then

- a *number* is put in another's place if all numbers of the matched source stand in the matched
  translation and no others, the one to go exactly once, nothing attached to it, and the new one
  is of the same plural class (CLDR): where "1 file" became "2 files", words around it would
  have to change;
- a *term* is put in another's place if the glossary lets neither bend, the one to go stands in
  the translation exactly once and in its agreed form, and words around it need not change:
  both have the same gender, or the language has none.

In all other cases the match stays what it is, a similar sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.codes import TAG
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.amounts import (
    OPAQUE,
    TRANSPARENT,
    Amount,
    NumberFormat,
    Written,
    is_attached,
    number_format,
)
from l10n_pipeline.memory.units import Pair
from l10n_pipeline.model import Gender, Span, Term, TermHit, TermMode
from l10n_pipeline.termforms import find_occurrences, verify

_GENDERLESS: Final = frozenset(
    {"az", "et", "fi", "id", "ja", "ka", "kk", "ky", "ms", "th", "tr", "uz", "vi", "zh"}
)
"""Languages without grammatical gender and without articles that a name decides on."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A translation made to fit."""

    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a match cannot be made to fit with certainty."""

    reason: str


class _RefusedError(Exception):
    """Carries the reason up."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A stretch of a source that may be another in the other source."""

    span: Span
    filling: TermHit | Written


def repair(
    source: str,
    matched_source: str,
    matched_target: str,
    pair: Pair,
    *,
    hits: Sequence[TermHit] = (),
    matched_hits: Sequence[TermHit] = (),
) -> Repair | Refusal:
    """The matched translation with the numbers and terms of a source, or why not.

    Args:
        source: what is to be translated, with its tags.
        matched_source: the source of the match.
        matched_target: its translation.
        pair: their languages.
        hits: the glossary's terms in ``source``; in these very offsets.
        matched_hits: those in ``matched_source``.
    """
    try:
        return _repaired(source, matched_source, matched_target, pair, hits, matched_hits)
    except _RefusedError as refusal:
        return Refusal(str(refusal))


def _repaired(
    source: str,
    matched_source: str,
    matched_target: str,
    pair: Pair,
    hits: Sequence[TermHit],
    matched_hits: Sequence[TermHit],
) -> Repair:
    read_as, written_as = _format(pair.source), _format(pair.target)
    new, old = _slots(source, hits, read_as), _slots(matched_source, matched_hits, read_as)
    if _between(source, new) != _between(matched_source, old):
        raise _RefusedError("more than numbers and terms differs")

    target = _Target(matched_target, matched_hits, written_as)
    target.require_numbers(_numbers(old))
    edits = [
        edit
        for one, other in zip(old, new, strict=True)
        if (edit := _edit(target, one.filling, other.filling, pair))
    ]
    if not edits:
        raise _RefusedError("no number and no term differs")
    text = _applied(matched_target, edits)

    # What was put in may not run together with what was there: look again, from the start.
    failing = [verdict for verdict in verify(text, hits) if verdict.status.failing]
    if failing:
        raise _RefusedError(f"{failing[0].source!r} would not stand there as agreed")
    _Target(text, hits, written_as).require_numbers(_numbers(new))
    return Repair(text)


def _format(locale: Locale) -> NumberFormat:
    known = number_format(locale)
    if known is None:
        raise _RefusedError(f"how {locale} writes numbers is not known")
    return known


def _edit(
    target: _Target, old: TermHit | Written, new: TermHit | Written, pair: Pair
) -> tuple[Span, str] | None:
    """What is to be put where in the translation; None where nothing differs."""
    if isinstance(old, Written) and isinstance(new, Written):
        return target.with_number(old, new) if old.text != new.text else None
    if isinstance(old, TermHit) and isinstance(new, TermHit):
        same = (old.term, old.plural) == (new.term, new.plural)
        return None if same else target.with_term(old, new, pair)
    raise _RefusedError("a number stands where a term was, or the other way round")


def _slots(source: str, hits: Sequence[TermHit], read_as: NumberFormat) -> list[_Slot]:
    masked = _masked(source, [hit.span for hit in hits])
    slots = [_Slot(hit.span, hit) for hit in hits]
    slots += (_Slot(number.span, number) for number in read_as.read(masked))
    return sorted(slots, key=lambda slot: slot.span)


def _masked(text: str, names: Sequence[Span] = ()) -> str:
    """The text with names opaque and tags transparent, all else at its place."""
    for tag in TAG.finditer(text):
        text = _covered(text, Span(*tag.span()), TRANSPARENT)
    for name in names:
        text = _covered(text, name, OPAQUE)
    return text


def _covered(text: str, span: Span, character: str) -> str:
    return f"{text[: span.start]}{character * len(span)}{text[span.end :]}"


def _between(source: str, slots: Sequence[_Slot]) -> list[str]:
    ends = [0, *(slot.span.end for slot in slots)]
    starts = [*(slot.span.start for slot in slots), len(source)]
    return [source[end:start] for end, start in zip(ends, starts, strict=True)]


def _numbers(slots: Sequence[_Slot]) -> Counter[object]:
    return Counter(slot.filling.value for slot in slots if isinstance(slot.filling, Written))


class _Target:
    """A translation, and what stands where in it.

    Args:
        text: the translation.
        hits: the terms of its source.
        written_as: how its locale writes numbers.
    """

    def __init__(self, text: str, hits: Sequence[TermHit], written_as: NumberFormat) -> None:
        self._text = text
        self._hits = hits
        self._format = written_as
        self._occurrences = find_occurrences(text, [hit.term for hit in hits])
        named = [occurrence.span for occurrence in self._occurrences]
        self._numbers = list(written_as.read(_masked(text, named)))

    def require_numbers(self, wanted: Counter[object]) -> None:
        """Refuse unless these numbers stand here, each as often, and no others."""
        if Counter(number.value for number in self._numbers) != wanted:
            raise _RefusedError("the translation has not the same numbers as its source")

    def with_number(self, old: Written, new: Written) -> tuple[Span, str]:
        """Where to put a number, and how it is written there."""
        if old.amount is None or new.amount is None:
            raise _RefusedError(f"what {new.text!r} is in the translation is not certain")
        there = [number for number in self._numbers if number.value == old.value]
        if len(there) != 1:
            raise _RefusedError(f"{old.text!r} stands there more than once")
        if not (old.apart and new.apart and there[0].apart):
            raise _RefusedError(f"{old.text!r} is part of something")
        if self._format.plural(old.amount.decimal) != self._format.plural(new.amount.decimal):
            raise _RefusedError(f"words beside {new.text!r} may have to agree with it")
        found = there[0].amount
        assert found is not None  # it has the same value
        return there[0].span, self._format.write(
            new.amount, group=_group(old.amount, found, new.amount, self._format)
        )

    def with_term(self, old: TermHit, new: TermHit, pair: Pair) -> tuple[Span, str]:
        """Where to put a term's target."""
        before, after = old.term, new.term
        if reason := _why_not_alike(before, after, pair):
            raise _RefusedError(reason)
        if old.plural or new.plural:
            raise _RefusedError(f"the number of {after.source!r} differs")
        if sum(hit.term == before for hit in self._hits) != 1:
            raise _RefusedError(f"{before.source!r} stands there more than once")
        there = [one for one in self._occurrences if one.serves(before)]
        if len(there) != 1 or there[0].span.of(self._text) != before.target:
            raise _RefusedError(f"{before.target!r} does not stand there exactly once as agreed")
        span = there[0].span
        if is_attached(_masked(self._text), span):
            raise _RefusedError(f"something is attached to {before.target!r}")
        return span, after.target


def _why_not_alike(old: Term, new: Term, pair: Pair) -> str:
    """Why one term may not simply stand where another did; empty where it may."""
    if TermMode.INFLECT in (old.mode, new.mode) or bool(old.forms) != bool(new.forms):
        return f"{new.source!r} may have to be inflected"
    if old.kind is not new.kind:
        return f"{new.source!r} is not the same kind of name"
    agree = old.gender is new.gender and old.gender is not Gender.UNKNOWN
    if not agree and pair.target.language not in _GENDERLESS:
        return f"words beside {new.source!r} may have to agree with it"
    return ""


def _group(old: Amount, found: Amount, new: Amount, written_as: NumberFormat) -> str:
    """What to put between groups of digits of a number in the translation."""
    long = len(old.whole) > 3 and len(new.whole) > 3
    if long and bool(old.group) != bool(new.group):
        # A year has none: what is one thing here would be another there.
        raise _RefusedError("one number is grouped, the other is not")
    if long:
        return found.group
    return written_as.groups[0] if new.group else ""


def _applied(text: str, edits: Sequence[tuple[Span, str]]) -> str:
    for span, put_in in sorted(edits, key=lambda edit: edit[0], reverse=True):
        text = f"{text[: span.start]}{put_in}{text[span.end :]}"
    return text
