"""Pieces of a name that a swap would leave standing beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from l10n_pipeline.enforcement.closed_classes import is_function_word
from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.enforcement.swap import Edit
from l10n_pipeline.folding import APOSTROPHES, words
from l10n_pipeline.model import Span, TermHit
from l10n_pipeline.similarity import likeness

_SAME: Final = 0.85
"""Likeness of a word that says a part of the name once more."""
_POSSESSIVE: Final = re.compile(rf"[{re.escape(APOSTROPHES)}]s\b")


def without_leftovers(
    hit: TermHit, evidence: Evidence, free: Sequence[bool], edit: Edit, language: str
) -> Edit:
    """The edit over what would say part of its form twice, or be left of the rendering.

    That is words beside it that are like the form's last or first ones and are tied to no
    other part of the source, and the possessive ending of an English source.

    Args:
        hit: the term.
        evidence: the hypothesis that is edited.
        free: for each of its words whether it belongs to no other term.
        edit: puts a form of the term in.
        language: of the hypothesis, as ISO 639 code.
    """
    text = evidence.text
    possessive = _POSSESSIVE.match(text, edit.span.end)
    copied = language != "en" and _POSSESSIVE.match(evidence.source, hit.span.end)
    if possessive and copied and not edit.after:
        edit = replace(edit, span=Span(edit.span.start, possessive.end()))
    form = [span.of(edit.form) for span in words(edit.form)]
    after = _said_again(hit, evidence, free, edit.span.end, form, forwards=True)
    before = _said_again(hit, evidence, free, edit.span.start, form, forwards=False)
    return replace(edit, span=Span(min(before, edit.span.start), max(after, edit.span.end)))


def _said_again(
    hit: TermHit,
    evidence: Evidence,
    free: Sequence[bool],
    edge: int,
    form: Sequence[str],
    *,
    forwards: bool,
) -> int:
    """Where the words that repeat the form's nearer end stop; the edge where there are none."""
    if not form:
        return edge
    text = evidence.text
    beside = [
        at
        for at, word in enumerate(evidence.words)
        if (word.start >= edge if forwards else word.end <= edge)
    ]
    beside = beside[: len(form)] if forwards else beside[-len(form) :]
    for count in range(len(beside), 0, -1):
        taken = beside[:count] if forwards else beside[-count:]
        said = form[-count:] if forwards else form[:count]
        reach = evidence.words[taken[-1]].end if forwards else evidence.words[taken[0]].start
        between = text[edge:reach] if forwards else text[reach:edge]
        if any(not (c.isspace() or c.isalnum()) for c in between):
            continue
        pairs = [(evidence.words[at].of(text), word) for at, word in zip(taken, said, strict=True)]
        alike = all(likeness(written, word) >= _SAME for written, word in pairs)
        telling = any(not is_function_word(written) for written, _ in pairs)
        if alike and telling and all(_is_the_terms(hit, evidence, free, at) for at in taken):
            return reach
    return edge


def _is_the_terms(hit: TermHit, evidence: Evidence, free: Sequence[bool], at: int) -> bool:
    if not free[at]:
        return False
    word = evidence.words[at]
    tie = evidence.affinity(hit.span, word)
    if tie:
        return tie > 0
    written = word.of(evidence.text)
    elsewhere = evidence.source[: hit.span.start] + " " + evidence.source[hit.span.end :]
    return not any(likeness(span.of(elsewhere), written) >= _SAME for span in words(elsewhere))
