"""Enforcement on finished hypotheses: no model, no search, text and alignment alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.enforcement.insertion import insertion
from l10n_pipeline.enforcement.locate import Rendering, Search, locate
from l10n_pipeline.enforcement.swap import (
    Edit,
    apply,
    replacement,
    with_final_stop,
    with_quotation_marks,
)
from l10n_pipeline.model import (
    Draft,
    Hypothesis,
    Span,
    Term,
    TermHit,
    TermStatus,
    TermVerdict,
)
from l10n_pipeline.termforms import Occurrence, assign, find_occurrences, verdicts


class SpanEnforcer:
    """Keeps the glossary by swapping spans; implements ``Enforcer``.

    For each hit, an accepted form that stands in the hypothesis is left alone; else the
    model's own rendering is located and the agreed target put in its place. What cannot
    be located is reported missing, and what would break another term is not done.

    Agreement around a swapped term and the choice of an inflected form are not its
    business: a decoder-aware enforcer can take the verdicts from here.
    """

    def enforce(self, source: str, hits: Sequence[TermHit], hypothesis: Hypothesis) -> Draft:
        """The hypothesis with its terms as agreed, and a verdict for each hit in order."""
        if not hits:
            return Draft(hypothesis.text)
        work = _Enforcement(source, hits, hypothesis)
        work.accept()
        work.swap()
        work.insert()
        return work.draft()


class _Enforcement:
    """One segment on its way: which hit is settled by which edit of the hypothesis."""

    def __init__(self, source: str, hits: Sequence[TermHit], hypothesis: Hypothesis) -> None:
        self._source = source
        self._hits = hits
        self._text = hypothesis.text
        self._evidence = Evidence.of(source, hypothesis)
        self._edits: dict[int, Edit] = {}
        self._renderings: dict[int, Rendering] = {}

    def accept(self) -> None:
        """Settle the hits whose accepted form stands there, changing nothing of it."""
        occurrences = find_occurrences(self._text, (hit.term for hit in self._hits))
        for at, place in enumerate(assign(self._hits, occurrences, self._affinity)):
            if place is not None:
                self._edits[at] = Edit(place.span, place.span.of(self._text))
        quoted = {at: self._quoted(at, edit) for at, edit in self._edits.items()}
        if quoted != self._edits and not self._keep(quoted):
            for at, edit in quoted.items():
                self._keep({**self._edits, at: edit})

    def swap(self) -> None:
        """Put the target in the place of what the model wrote, surest rendering first.

        That one edit breaks another term is rare and dear to find out: only where the
        outcome of all of them shows that it happened are they tried one by one.
        """
        before = dict(self._edits)
        self._swap(warily=False)
        if self._edits != before and not self._keep(self._edits):
            self._edits = before
            self._renderings = {}
            self._swap(warily=True)

    def _swap(self, *, warily: bool) -> None:
        words = self._evidence.words
        free = [True] * len(words)
        for edit in self._edits.values():
            free = _without(free, words, edit.span)
        pending = self._pending()
        twin = self._twins(pending)
        searches: dict[int, Search] = {}
        while pending:
            for at in pending:
                if twin[at] not in searches:
                    searches[twin[at]] = locate(self._hits[at], self._evidence, free)
            located = {
                at: rendering
                for at in pending
                if (rendering := searches[twin[at]].rendering) is not None
            }
            if not located:
                break
            surest = max(located, key=lambda at: located[at].strength)
            pending.remove(surest)
            edit = self._swapped(surest, located[surest])
            if warily and not self._keep({**self._edits, surest: edit}):
                continue
            self._edits[surest] = edit
            self._renderings[surest] = located[surest]
            free = _without(free, words, edit.span)
            searches = {
                at: search
                for at, search in searches.items()
                if not any(edit.span.overlaps(stretch) for stretch in search.rests_on)
            }

    def _twins(self, hits: Sequence[int]) -> dict[int, int]:
        """For each hit the first that a search cannot tell from it: the n-th mention of a
        name where there is no alignment.
        """
        first: dict[tuple[Term, str, tuple[float, ...]], int] = {}
        twins: dict[int, int] = {}
        for at in hits:
            hit = self._hits[at]
            ties = tuple(self._evidence.ties(hit.span))
            twins[at] = first.setdefault((hit.term, hit.span.of(self._source), ties), at)
        return twins

    def _swapped(self, at: int, rendering: Rendering) -> Edit:
        hit = self._hits[at]
        whole = self._evidence.with_punctuation(rendering.span, hit.span)
        edit = replacement(self._text, whole, hit.term.target)
        if any(edit.span.overlaps(taken.span) for taken in self._edits.values()):
            edit = replacement(self._text, rendering.span, hit.term.target, alone=True)
        return self._quoted(at, edit)

    def insert(self) -> None:
        """Give back what was to be copied and is not there in any shape."""
        for at in self._pending():
            hit = self._hits[at]
            if hit.term.source == hit.term.target:
                edit = insertion(hit, self._evidence)
                if edit is not None and not self._within_another(edit.span):
                    self._keep({**self._edits, at: edit})

    def draft(self) -> Draft:
        """The text as it stands now, verified afresh."""
        text, occurrences, places = self._outcome(self._edits)
        told = verdicts(text, self._hits, occurrences, places)
        return Draft(
            text, verdicts=tuple(self._explained(at, verdict) for at, verdict in enumerate(told))
        )

    def _pending(self) -> list[int]:
        return [at for at in range(len(self._hits)) if at not in self._edits]

    def _affinity(self, hit: TermHit, span: Span) -> float:
        return self._evidence.affinity(hit.span, span)

    def _quoted(self, at: int, edit: Edit) -> Edit:
        hit = self._hits[at].span
        quoted = with_quotation_marks(self._source, hit, self._text, edit)
        return with_final_stop(self._source, hit, self._text, quoted)

    def _within_another(self, span: Span) -> bool:
        return any(edit.span.start < span.start < edit.span.end for edit in self._edits.values())

    def _keep(self, edits: dict[int, Edit]) -> bool:
        """Make these the edits, unless a settled hit would be without its form."""
        _, _, places = self._outcome(edits)
        if any(places[settled] is None for settled in edits):
            return False
        self._edits = edits
        return True

    def _outcome(
        self, edits: dict[int, Edit]
    ) -> tuple[str, tuple[Occurrence, ...], tuple[Occurrence | None, ...]]:
        text, spans = apply(self._text, edits.values())
        own = {self._hits[at].span: spans[edit] for at, edit in edits.items()}
        occurrences = find_occurrences(text, (hit.term for hit in self._hits))
        places = assign(self._hits, occurrences, lambda hit, span: float(own.get(hit.span) == span))
        return text, occurrences, places

    def _explained(self, at: int, verdict: TermVerdict) -> TermVerdict:
        edit = self._edits.get(at)
        if edit is None or edit.span.of(self._text) == edit.form:
            return verdict
        rendering = self._renderings.get(at)
        if rendering is None:
            what = "put in: the model left it out"
        else:
            what = f'from "{rendering.span.of(self._text)}"'
        if verdict.status is TermStatus.DUPLICATE:
            return replace(verdict, detail=f"{verdict.detail}; {what}")
        if rendering is not None and rendering.rival is not None:
            what += f'; "{rendering.rival.of(self._text)}" may be its rendering too'
            return replace(verdict, status=TermStatus.AMBIGUOUS, detail=what)
        if verdict.status.failing:
            return verdict
        return replace(verdict, status=TermStatus.SWAPPED, detail=what)


def _without(free: Sequence[bool], words: Sequence[Span], taken: Span) -> list[bool]:
    """Which of the words are still free once a stretch is taken."""
    return [usable and not word.overlaps(taken) for usable, word in zip(free, words, strict=True)]
