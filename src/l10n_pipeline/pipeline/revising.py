"""What humans wrote, brought along as documents change.

The catalogue says how a text is carried over, :mod:`l10n_pipeline.revision` what became of each
sentence; here the two meet, and a text whose numbers or names alone have changed is made to fit
without asking a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import Final

from l10n_pipeline.catalogue.carrying import Carry, carry_over
from l10n_pipeline.catalogue.states import state_of, unit_source
from l10n_pipeline.codes import faults
from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.repair import Repair, repair
from l10n_pipeline.memory.units import Pair
from l10n_pipeline.model import (
    Draft,
    InlineCode,
    Origin,
    Provenance,
    State,
    Term,
    TermHit,
    TranslationUnit,
)
from l10n_pipeline.pipeline.coding import hits_among_tags
from l10n_pipeline.protocols import TermMatcher
from l10n_pipeline.revision import trace
from l10n_pipeline.segment import SentenceSegmenter

_UNSPACED: Final = frozenset({"bo", "ja", "km", "lo", "my", "th", "yue", "zh"})
"""Languages that leave no space between sentences."""


def carrier(locale: Locale, terms: Callable[[], Iterable[Term]]) -> Carry:
    """Brings what humans wrote in a catalogue of this language along to changed sources.

    Args:
        locale: the language.
        terms: those of its glossary; asked for where a sentence was split.
    """
    space = "" if locale.language in _UNSPACED else " "
    return partial(carry_over, trace=trace, divide=_Divider(locale, terms), space=space)


class _Divider:
    """Finds the sentences of translations; made ready at the first, since few were split."""

    def __init__(self, locale: Locale, terms: Callable[[], Iterable[Term]]) -> None:
        self._locale = locale
        self._terms = terms

    @cached_property
    def _segmenter(self) -> SentenceSegmenter:
        protected = {form for term in self._terms() for form in (term.target, *term.forms)}
        return SentenceSegmenter(self._locale, protected=sorted(protected))

    def __call__(self, text: str) -> list[str]:
        return [span.of(text) for span in self._segmenter.split(text)]


def mended(
    unit: TranslationUnit,
    pair: Pair,
    matcher: TermMatcher,
    hits: Sequence[TermHit],
    codes: Sequence[InlineCode],
) -> Draft | None:
    """A stale unit's own text with the numbers and names that its source has now; None where
    more has changed, or it is not certain.

    Args:
        unit: with its source of today.
        pair: its languages.
        matcher: the glossary.
        hits: the glossary's terms in its source, as a draft has to keep them.
        codes: its source's.
    """
    was = unit.previous_source
    is_sentence = not (unit.plural_source or unit.previous_plural)
    if state_of(unit) is not State.STALE or not was or not is_sentence:
        return None
    found = repair(
        unit.source,
        was,
        unit.target,
        pair,
        hits=hits_among_tags(matcher, unit.source),
        matched_hits=hits_among_tags(matcher, was),
    )
    if not isinstance(found, Repair) or faults(found.text, codes):
        return None
    return Draft(
        found.text,
        Provenance(
            origin=Origin.TM,
            engine="",
            text_hash=text_hash(found.text),
            terms_hash=terms_hash(hits),
            source_hash=text_hash(unit_source(unit)),
            match="repaired",
        ),
    )
