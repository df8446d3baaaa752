"""A glossary whose terms know their inflected forms."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from l10n_pipeline.inflection import inflector_for, missing_for
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term, TermHit, TermMode
from l10n_pipeline.protocols import Inflector, TermMatcher

_TERMS_REMEMBERED = 100_000


class InflectingMatcher:
    """Finds what another matcher finds; terms that inflect bring their forms along.

    Forms are made when a term is first found: a document has few of a large glossary's.

    Args:
        matcher: the glossary.
        inflector: of its target language.
    """

    def __init__(self, matcher: TermMatcher, inflector: Inflector) -> None:
        self._matcher = matcher

        @lru_cache(_TERMS_REMEMBERED)
        def inflected(term: Term) -> Term:
            return replace(term, inflections=inflector.inflections(term))

        self._inflected = inflected

    def match(self, source: str) -> tuple[TermHit, ...]:
        """See :class:`l10n_pipeline.protocols.TermMatcher`."""
        return tuple(
            replace(hit, term=self._inflected(hit.term))
            if hit.term.mode is TermMode.INFLECT
            else hit
            for hit in self._matcher.match(source)
        )


def inflecting(matcher: TermMatcher, target: Locale) -> TermMatcher:
    """The matcher, with inflected forms where somebody knows how the target inflects."""
    inflector = inflector_for(target)
    return matcher if inflector is None else InflectingMatcher(matcher, inflector)


def how_to_inflect(target: Locale) -> str:
    """What to install so that names of a language are inflected; empty where nothing is
    missing, or nothing would help.
    """
    need = missing_for(target)
    return "" if need is None else f"pip install 'l10n-pipeline[{need.extra}]'"
