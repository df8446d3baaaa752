"""What the translation memory has for a unit, and what that is good for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from l10n_pipeline.catalogue.merge import Assess
from l10n_pipeline.catalogue.states import unit_source
from l10n_pipeline.checks.codes import without_tags
from l10n_pipeline.checks.numbers import lost_numbers
from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.codes import faults
from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.leverage import Leverage
from l10n_pipeline.memory.matches import Match, MatchKind
from l10n_pipeline.memory.repair import Repair, repair
from l10n_pipeline.memory.store import TranslationMemory
from l10n_pipeline.memory.units import PLURAL, Pair, SupplyKind, Surroundings
from l10n_pipeline.model import (
    Draft,
    InlineCode,
    Origin,
    Provenance,
    Severity,
    Suggestion,
    TermHit,
    TranslationUnit,
)
from l10n_pipeline.pipeline.coding import hits_among_tags
from l10n_pipeline.protocols import TermMatcher


class Reuse(StrEnum):
    """What became of a unit's best match."""

    CONTEXT = "context"
    """Its translation is the draft: the same text in the same place; and so on."""
    EXACT = "exact"
    NEAR = "near"
    REPAIRED = "repaired"
    SHOWN = "shown"
    """It stands beside the draft."""
    NONE = "none"
    """There is none, or it cannot be used."""


_REUSES: Final = {
    MatchKind.CONTEXT: Reuse.CONTEXT,
    MatchKind.EXACT: Reuse.EXACT,
    MatchKind.NEAR: Reuse.NEAR,
    MatchKind.FUZZY: Reuse.REPAIRED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that the memory is asked about."""

    unit: TranslationUnit
    """As the template has it."""
    surroundings: Surroundings
    """Where it stands."""
    hits: Sequence[TermHit]
    """The glossary's terms in it, as its draft has to keep them."""
    codes: Sequence[InlineCode]
    assess: Assess
    """What glossary and checks say of the unit with a translation."""
    is_message: bool = False
    """Whether a program uses it, which any fault may break."""
    forms: int = 1
    """How many plural forms its translation has."""
    shown: Suggestion | None = None
    """What stands beside it already."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the memory has for a unit."""

    reuse: Reuse = Reuse.NONE
    match: Match | None = None
    draft: Draft | None = None
    """Where the match serves as one."""
    suggestion: Suggestion | None = None
    """Where it is only to be shown."""


NOTHING: Final = Recalled()


@dataclass(slots=True)
class Reused:
    """How many units of a run the memory served, and how."""

    segments: Counter[Reuse] = field(default_factory=Counter)
    words: Counter[Reuse] = field(default_factory=Counter)
    """Of the sources."""
    leverage: Leverage = field(default_factory=Leverage)
    """The same by how alike the sources are."""

    def add(self, found: Recalled, words: int) -> None:
        """Count a unit."""
        self.segments[found.reuse] += 1
        self.words[found.reuse] += words
        self.leverage.add(found.match, words)


class LocaleMemory:
    """A project's memory, asked for one target language.

    Args:
        memory: brought up to date for the pair.
        pair: the languages.
        matcher: the glossary.
        threshold: least similarity.
    """

    def __init__(
        self, memory: TranslationMemory, pair: Pair, matcher: TermMatcher, threshold: float
    ) -> None:
        self._memory = memory
        self._pair = pair
        self._matcher = matcher
        self._threshold = threshold

    def match(self, unit: TranslationUnit, surroundings: Surroundings) -> Match | None:
        """The best match of a unit of a template; of a plural message none but its very own."""
        source = unit_source(unit)
        if unit.plural_source:
            found = self._memory.exact(self._pair, source, surroundings)
            return found if found and found.unit.source == source else None
        found = self._memory.lookup(self._pair, source, surroundings, threshold=self._threshold)
        return found if found and PLURAL not in found.unit.source else None

    def recall(self, wanted: Wanted) -> Recalled:
        """What the memory has for a unit, and what it is good for."""
        match = self.match(wanted.unit, wanted.surroundings)
        if match is None or match.unit.target.count(PLURAL) + 1 != wanted.forms:
            return NOTHING
        text: str | None = match.unit.target
        if match.kind is MatchKind.FUZZY:
            text = self._repaired(wanted, match)
        draft = None if text is None else _draft(wanted, match, text)
        if draft is not None:
            return Recalled(_REUSES[match.kind], match, draft)
        suggestion = Suggestion(
            match.unit.target,
            Origin.TM,
            source_hash=text_hash(unit_source(wanted.unit)),
            terms_hash=terms_hash(wanted.hits),
        )
        shown = wanted.shown
        if shown and shown.text in match.others and shown == replace(suggestion, text=shown.text):
            # Of equals the first to be shown: which is nearest changes with what is around them.
            suggestion = shown
        elif match.kind is MatchKind.FUZZY and not self._is_fit_to_be_shown(wanted, match):
            return Recalled(Reuse.NONE, match)
        return Recalled(Reuse.SHOWN, match, suggestion=suggestion)

    def _is_fit_to_be_shown(self, wanted: Wanted, match: Match) -> bool:
        """Whether who takes over a similar sentence's translation takes over no wrong number and
        no wrong name with it: the sentence itself is not shown.
        """
        source, other = wanted.unit.source, match.unit.source
        own, others = (
            Counter(hit.term for hit in hits_among_tags(self._matcher, text))
            for text in (source, other)
        )
        if own != others or not _have_same_numbers(source, other, self._pair.source):
            return False
        verdicts, _ = wanted.assess(_translated(wanted.unit, [match.unit.target]))
        return not any(verdict.status.failing for verdict in verdicts)

    def _repaired(self, wanted: Wanted, match: Match) -> str | None:
        source = wanted.unit.source
        hits = hits_among_tags(self._matcher, source)
        # A term that runs through tags is seen by the model and not among the tags.
        if terms_hash(hits) != terms_hash(wanted.hits):
            return None
        found = repair(
            source,
            match.unit.source,
            match.unit.target,
            self._pair,
            hits=hits,
            matched_hits=hits_among_tags(self._matcher, match.unit.source),
        )
        return found.text if isinstance(found, Repair) else None


def _have_same_numbers(source: str, other: str, locale: Locale) -> bool:
    one, another = without_tags(source), without_tags(other)
    same = LanguagePair(locale, locale)
    return not lost_numbers(one, another, same) and not lost_numbers(another, one, same)


def _translated(unit: TranslationUnit, texts: Sequence[str]) -> TranslationUnit:
    if unit.plural_source:
        return replace(unit, plural_targets=tuple(texts))
    return replace(unit, target=texts[0])


def _draft(wanted: Wanted, match: Match, text: str) -> Draft | None:
    """A translation of the memory as a draft; None where it would be a wrong one."""
    unit = wanted.unit
    texts = text.split(PLURAL)
    if "\n" in text and "\n" not in unit_source(unit):
        return None  # that of another layout
    if any(faults(form, wanted.codes) for form in texts):
        return None
    verdicts, findings = wanted.assess(_translated(unit, texts))
    if any(verdict.status.failing for verdict in verdicts):
        return None
    # What reviewers of this very sentence accepted they have accepted with what checks say.
    accepted = match.supply.kind is SupplyKind.CATALOGUE and match.similarity == 1
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    if wrong and (wanted.is_message or not accepted):
        return None
    provenance = Provenance(
        origin=Origin.TM,
        engine=match.supply.name,
        text_hash=text_hash(text),
        terms_hash=terms_hash(wanted.hits),
        source_hash=text_hash(unit_source(unit)),
        match=str(_REUSES[match.kind]),
        similarity=match.percent,
    )
    return Draft(text, provenance, verdicts, findings)
