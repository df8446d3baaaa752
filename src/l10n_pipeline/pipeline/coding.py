"""Drafts of segments with inline codes: masked before they are translated, given their codes
afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from l10n_pipeline import codes as notation
from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.markup import ATTEMPTS, Masked, lost_stand_ins, masked, project
from l10n_pipeline.model import (
    Diagnostic,
    Draft,
    Hypothesis,
    InlineCode,
    Origin,
    Provenance,
    Severity,
    Span,
    TermHit,
)
from l10n_pipeline.protocols import TermMatcher

Translate = Callable[[Sequence[str], Callable[[int], None] | None], list[tuple[Hypothesis, Draft]]]
"""Makes drafts of sources without codes; tells how many are finished."""
RULE: Final = "codes"
"""What findings about inline codes are filed under."""


def seen(source: str, codes: Sequence[InlineCode]) -> str:
    """What a model, and the glossary, see of a segment.

    Args:
        source: with tags.
        codes: the segment's.
    """
    return masked(notation.read(source, codes)).text if codes else source


def losses(source: str, text: str) -> tuple[Diagnostic, ...]:
    """What a translation has lost of what stands in its source for code, as a fault that is
    worth another attempt.
    """
    return tuple(
        Diagnostic(RULE, f'"{word}" did not arrive as it was')
        for word in lost_stand_ins(source, text)
    )


def drafts_with_codes(
    sources: Sequence[str],
    codes: Sequence[Sequence[InlineCode]],
    translate: Translate,
    *,
    engine: str,
    progress: Callable[[int], None] | None = None,
) -> list[tuple[Hypothesis, Draft]]:
    """Drafts that have the codes of their sources.

    Where a model does not copy a stand-in, the source is translated once more with another;
    what does not arrive then either is put in where the words around it went. A source that
    consists of codes alone is not translated.

    Args:
        sources: single segments, with tags.
        codes: of each.
        translate: makes drafts of the masked sources.
        engine: name of the model, for sources that it is not asked for.
        progress: called with the number of sources finished since its last call.

    Returns:
        For each source the hypothesis, which is one of the masked source, and the draft.
    """
    read = [notation.read(source, own) for source, own in zip(sources, codes, strict=True)]
    first = [masked(coded) for coded in read]
    made: dict[int, _Made] = {
        at: _copied(one, engine) for at, one in enumerate(first) if one.marks and not one.has_words
    }
    if made and progress is not None:
        progress(len(made))
    waiting = [at for at in range(len(sources)) if at not in made]
    for attempt in range(ATTEMPTS):
        masks = [masked(read[at], attempt) for at in waiting]
        texts = [
            mask.text if mask.marks else sources[at]
            for at, mask in zip(waiting, masks, strict=True)
        ]
        answers = translate(texts, None if attempt else progress) if waiting else []
        for at, mask, (hypothesis, draft) in zip(waiting, masks, answers, strict=True):
            candidate = _Made(mask, hypothesis, draft)
            if at not in made or candidate.lost < made[at].lost:
                made[at] = candidate
        waiting = [at for at in waiting if made[at].lost]
    return [
        (made[at].hypothesis, made[at].with_codes(source, own))
        for at, (source, own) in enumerate(zip(sources, codes, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class _Made:
    """A draft of a masked source."""

    masked: Masked
    hypothesis: Hypothesis
    draft: Draft

    @property
    def lost(self) -> int:
        """How many stand-ins the draft has not just once."""
        hidden = [mark.span for mark in self.masked.marks if len(mark.span)]
        return sum(self.draft.text.count(span.of(self.masked.text)) != 1 for span in hidden)

    def with_codes(self, source: str, codes: Sequence[InlineCode]) -> Draft:
        """The draft with the codes of its source, as a catalogue has it."""
        draft = self.draft
        if not codes or not draft.text:
            return draft
        projected = project(self.masked, self.hypothesis, draft.text)
        text = notation.write(projected.coded)
        doubts = tuple(Diagnostic(RULE, doubt, Severity.WARNING) for doubt in projected.doubts)
        faults = (
            *(Diagnostic(RULE, fault) for fault in notation.faults(text, codes)),
            *(
                Diagnostic(RULE, f"{tag} is around nothing")
                for tag in notation.emptied(source, text)
            ),
        )
        told = [
            replace(finding, message=self.masked.unmasked(finding.message))
            for finding in draft.findings
            if finding.rule != RULE
        ]
        verdicts = [
            replace(verdict, detail=self.masked.unmasked(verdict.detail))
            for verdict in draft.verdicts
        ]
        provenance = draft.provenance and structs.replace(
            draft.provenance, text_hash=text_hash(text), source_hash=text_hash(source)
        )
        return Draft(text, provenance, tuple(verdicts), (*told, *faults, *doubts))


def _copied(one: Masked, engine: str) -> _Made:
    """A draft that is its source: it has nothing to translate."""
    provenance = Provenance(
        origin=Origin.MT,
        engine=engine,
        text_hash=text_hash(one.text),
        terms_hash=terms_hash(()),
        score=0.0,
        source_hash=text_hash(one.text),
    )
    return _Made(one, Hypothesis(one.text, 0.0), Draft(one.text, provenance))


def hits_among_tags(matcher: TermMatcher, source: str) -> list[TermHit]:
    """The glossary's terms in a text with tags, in its own offsets; none that a tag is in."""
    tags = [Span(*tag.span()) for tag in notation.TAG.finditer(source)]
    return [hit for hit in matcher.match(source) if not any(map(hit.span.overlaps, tags))]
