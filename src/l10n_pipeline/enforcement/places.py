"""Where a term could stand that a model did not render in any shape that can be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from l10n_pipeline.enforcement.closed_classes import is_function_word
from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.folding import words
from l10n_pipeline.model import TermHit

_CLAUSE_START: Final = re.compile(r"[,;:–—(]\s+")


def likely_places(hit: TermHit, evidence: Evidence) -> tuple[int, ...]:
    """Offsets into the hypothesis at which words begin, likeliest first, or its end.

    The word that looks most at the term; the function word before it, where another may
    be needed; the word after what renders the source's word before the term; the start of
    the clause; and where nothing is aligned, the term's place in the source in proportion.
    """
    return tuple(dict.fromkeys(_places(hit, evidence)))


def _places(hit: TermHit, evidence: Evidence) -> Iterator[int]:
    starts = [word.start for word in evidence.words]
    if not starts:
        yield 0
        return
    ties = evidence.ties(hit.span)
    aligned = max(range(len(ties)), key=ties.__getitem__)
    after = _after_the_word_before(hit, evidence)
    if ties[aligned] > 0:
        while aligned and ties[aligned - 1] > 0:
            aligned -= 1
    elif after is not None:
        aligned = after
    else:
        share = hit.span.start / max(len(evidence.source), 1)
        aligned = min(
            range(len(starts)), key=lambda at: abs(starts[at] - share * len(evidence.text))
        )
    if aligned == len(starts):
        yield len(evidence.text)
        aligned -= 1
    else:
        yield starts[aligned]
    first = aligned
    while first and is_function_word(evidence.words[first - 1].of(evidence.text).casefold()):
        first -= 1
    yield starts[first]
    if after is not None:
        yield starts[after] if after < len(starts) else len(evidence.text)
    clauses = [match.end() for match in _CLAUSE_START.finditer(evidence.text, 0, starts[aligned])]
    yield clauses[-1] if clauses else 0


def _after_the_word_before(hit: TermHit, evidence: Evidence) -> int | None:
    """Index of the word after the rendering of the source's word before the term."""
    before = [span for span in words(evidence.source) if span.end <= hit.span.start]
    if not before:
        return 0
    rendered = [at for at, tie in enumerate(evidence.ties(before[-1])) if tie > 0]
    return rendered[-1] + 1 if rendered else None
