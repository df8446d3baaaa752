"""What only another translation of a sentence can put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from l10n_pipeline.enforcement.closed_classes import is_function_word
from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.model import Draft, Hypothesis, Span, TermHit

_TIED_AS_WELL: Final = 0.5
"""Tie of a word beside a term's form that makes it another rendering."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What another translation could begin with: the draft as far as a place where a term's
    form can stand, and that form.
    """

    text: str
    form: Span
    """Where the form stands in the text: at its end."""
    others: tuple[str, ...] = ()
    """Other forms of the term that could stand there as well."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A term that is without its form, or whose surroundings clash with it."""

    hit: int
    """Index of the hit."""
    beginnings: tuple[Beginning, ...]
    """Likeliest first."""
    missing: bool = True
    """Whether its form is not there."""


@dataclass(frozen=True, slots=True)
class Enforced:
    """A draft and what is left to wish for."""

    draft: Draft
    wishes: tuple[Wish, ...] = ()


def is_rendered_again(source: str, hit: TermHit, hypothesis: Hypothesis, form: Span) -> bool:
    """Whether words beside a term's form look like its rendering as well.

    Args:
        source: the segment.
        hit: the term.
        hypothesis: the translation.
        form: where the term's form stands in it.
    """
    evidence = Evidence.of(source, hypothesis)
    return any(
        tie >= _TIED_AS_WELL
        and not word.overlaps(form)
        and not is_function_word(word.of(hypothesis.text).casefold())
        for word, tie in zip(evidence.words, evidence.ties(hit.span), strict=True)
    )
