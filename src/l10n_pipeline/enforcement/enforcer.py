"""Enforcement on finished hypotheses: no model, no search, text and alignment alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from l10n_pipeline.enforcement.agreement import Agreed, agree
from l10n_pipeline.enforcement.doubled import without_leftovers
from l10n_pipeline.enforcement.evidence import Evidence
from l10n_pipeline.enforcement.forms import Choice, choose
from l10n_pipeline.enforcement.insertion import insertion
from l10n_pipeline.enforcement.locate import Rendering, Search, locate
from l10n_pipeline.enforcement.places import likely_places
from l10n_pipeline.enforcement.suffixes import divided
from l10n_pipeline.enforcement.swap import (
    Edit,
    apply,
    replacement,
    with_final_stop,
    with_quotation_marks,
)
from l10n_pipeline.enforcement.unaligned import locate_unaligned
from l10n_pipeline.enforcement.wishes import Beginning, Enforced, Wish
from l10n_pipeline.folding import APOSTROPHES
from l10n_pipeline.model import (
    Diagnostic,
    Draft,
    Hypothesis,
    Severity,
    Span,
    Term,
    TermHit,
    TermMode,
    TermStatus,
    TermVerdict,
)
from l10n_pipeline.protocols import Inflector
from l10n_pipeline.termforms import (
    Occurrence,
    assign,
    find_occurrences,
    verdicts,
)


class SpanEnforcer:
    """Keeps the glossary by swapping spans; implements ``Enforcer``.

    For each hit, an accepted form that stands in the hypothesis is left alone; else the
    model's own rendering is located and the agreed form put in its place, with the
    determiners before it made to agree where the language's are known. What cannot be
    located is reported missing, and what would break another term is not done.

    Args:
        language: of the translations, as ISO 639 code; empty where it is not known.
        inflector: chooses the form of terms that inflect; without one it is the listed form
            that ends like the model's rendering, or else the target.
    """

    def __init__(self, language: str = "", inflector: Inflector | None = None) -> None:
        self._language = language
        self._inflector = inflector

    def enforce(self, source: str, hits: Sequence[TermHit], hypothesis: Hypothesis) -> Draft:
        """The hypothesis with its terms as agreed, and a verdict for each hit in order."""
        return self.examine(source, hits, hypothesis).draft

    def examine(
        self,
        source: str,
        hits: Sequence[TermHit],
        hypothesis: Hypothesis,
        *,
        known: Mapping[int, Span] | None = None,
    ) -> Enforced:
        """What :meth:`enforce` says, and what another translation should do better.

        Args:
            source: the segment.
            hits: its terms.
            hypothesis: its translation.
            known: the renderings of some of the hits, by index, where they are known.
        """
        if not hits:
            return Enforced(Draft(hypothesis.text))
        work = _Enforcement(source, hits, hypothesis, self._language, self._inflector)
        work.accept()
        work.swap(known or {})
        work.settle_plurals()
        work.insert()
        return work.enforced()


class _Enforcement:
    """One segment on its way: which hit is settled by which edit of the hypothesis."""

    def __init__(
        self,
        source: str,
        hits: Sequence[TermHit],
        hypothesis: Hypothesis,
        language: str,
        inflector: Inflector | None,
    ) -> None:
        self._source = source
        self._hits = hits
        self._text = hypothesis.text
        self._evidence = Evidence.of(source, hypothesis)
        self._locate = locate if hypothesis.alignment else locate_unaligned
        self._language = language
        self._inflector = inflector
        self._edits: dict[int, Edit] = {}
        self._swaps: dict[int, _Swap] = {}
        self._plurals: dict[int, Span] = {}

    def accept(self) -> None:
        """Settle the hits whose accepted form stands there, changing nothing of it."""
        occurrences = self._occurrences(self._text)
        for at, place in enumerate(assign(self._hits, occurrences, self._affinity)):
            if place is not None:
                self._edits[at] = Edit(place.span, place.span.of(self._text))
        quoted = {at: self._quoted(at, edit) for at, edit in self._edits.items()}
        if quoted != self._edits and not self._keep(quoted):
            for at, edit in quoted.items():
                self._keep({**self._edits, at: edit})

    def swap(self, known: Mapping[int, Span]) -> None:
        """Put the agreed form in the place of what the model wrote, surest rendering first.

        That one edit breaks another term is rare and dear to find out: only where the
        outcome of all of them shows that it happened is it looked for, by halves.
        """
        before = dict(self._edits)
        self._swap(known)
        swaps = self._swaps
        if self._edits != before and not self._keep(self._edits):
            self._edits, self._swaps = before, {}
            self._add(list(swaps.items()))

    def _add(self, swaps: Sequence[tuple[int, _Swap]]) -> None:
        """Add what breaks no other term."""
        if self._keep(self._edits | {at: swap.edit for at, swap in swaps}):
            self._swaps |= dict(swaps)
        elif len(swaps) > 1:
            half = len(swaps) // 2
            self._add(swaps[:half])
            self._add(swaps[half:])

    def _swap(self, known: Mapping[int, Span]) -> None:
        words = self._evidence.words
        free = self._free()
        pending = [at for at in self._pending() if not self._hits[at].plural]
        twin = self._twins(pending)
        searches: dict[int, Search] = {
            twin[at]: Search(Rendering(known[at], math.inf), ()) for at in pending if at in known
        }
        while pending:
            for at in pending:
                if twin[at] not in searches:
                    searches[twin[at]] = self._locate(self._hits[at], self._evidence, free)
            located = {
                at: rendering
                for at in pending
                if (rendering := searches[twin[at]].rendering) is not None
            }
            if not located:
                break
            surest = max(located, key=lambda at: located[at].strength)
            pending.remove(surest)
            swapped = self._swapped(surest, located[surest], free)
            self._edits[surest] = swapped.edit
            self._swaps[surest] = swapped
            free = _without(free, words, swapped.edit.span)
            searches = {
                at: search
                for at, search in searches.items()
                if not any(swapped.edit.span.overlaps(stretch) for stretch in search.rests_on)
            }

    def settle_plurals(self) -> None:
        """Find what renders the hits that the source has in the plural: their targets would
        be put in where they do not belong.
        """
        free = self._free()
        for at in self._pending():
            if self._hits[at].plural:
                rendering = self._locate(self._hits[at], self._evidence, free).rendering
                if rendering is not None:
                    self._plurals[at] = rendering.span
                    free = _without(free, self._evidence.words, rendering.span)

    def _free(self) -> list[bool]:
        """For each word of the hypothesis, whether no settled hit has it."""
        words = self._evidence.words
        free = [True] * len(words)
        for edit in self._edits.values():
            free = _without(free, words, edit.span)
        return free

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

    def _swapped(self, at: int, rendering: Rendering, free: Sequence[bool]) -> _Swap:
        hit, text = self._hits[at], self._text
        span, choice = self._chosen(hit.term, rendering.span, free)
        whole = self._evidence.with_punctuation(span, hit.span)
        fixed = hit.term.fixed_case
        edit = replacement(text, whole, choice.form, fixed_case=fixed)
        if self._overlaps_another(edit):
            edit = replacement(text, span, choice.form, alone=True, fixed_case=fixed)
        tidied = without_leftovers(hit, self._evidence, free, edit, self._language)
        if not self._overlaps_another(tidied):
            edit = tidied
        copied = span.of(text).casefold() == hit.span.of(self._source).casefold()
        agreed = agree(text, edit, span, hit.term, self._language, copied=copied)
        if self._overlaps_another(agreed.edit):
            agreed = Agreed(edit)
        return _Swap(rendering, choice, replace(agreed, edit=self._quoted(at, agreed.edit)))

    def _chosen(self, term: Term, span: Span, free: Sequence[bool]) -> tuple[Span, Choice]:
        """The form for a rendering's place, which may be longer by a suffix, or shorter by one
        that no form of the term has.
        """
        text, before = self._text, self._text[: span.start]
        bare = whole = span
        if term.mode is TermMode.INFLECT and self._inflector is not None:
            bare, whole = divided(text, span, self._language)
        if bare != whole and not self._is_taken(Span(bare.end, whole.end), free):
            choice = choose(term, whole.of(text), before, self._inflector)
            apostrophe = text[bare.end] in APOSTROPHES
            if choice.label or (choice.known and apostrophe):
                return whole, choice
            if apostrophe:
                span = bare
        return span, choose(term, span.of(text), before, self._inflector)

    def _is_taken(self, span: Span, free: Sequence[bool]) -> bool:
        return any(
            word.overlaps(span) and not usable
            for word, usable in zip(self._evidence.words, free, strict=True)
        )

    def _overlaps_another(self, edit: Edit) -> bool:
        return any(edit.span.overlaps(taken.span) for taken in self._edits.values())

    def insert(self) -> None:
        """Give back what was to be copied and is not there in any shape."""
        for at in self._pending():
            hit = self._hits[at]
            if hit.term.source == hit.term.target and at not in self._plurals:
                edit = insertion(hit, self._evidence)
                if edit is not None and not self._within_another(edit.span):
                    self._keep({**self._edits, at: edit})

    def enforced(self) -> Enforced:
        """The text as it stands now, verified afresh."""
        text, occurrences, places, own = self._outcome(self._edits)
        told = verdicts(text, self._hits, occurrences, places)
        explained = tuple(self._explained(at, verdict) for at, verdict in enumerate(told))
        wishes: list[Wish] = []
        findings: list[Diagnostic] = []
        for at, verdict in enumerate(explained):
            swap = self._swaps.get(at)
            if verdict.status is TermStatus.MISSING and at not in self._plurals:
                wishes.append(Wish(at, self._beginnings(at, text)))
            elif swap is not None and swap.agreed.unsettled:
                form = own[swap.edit]
                wishes.append(Wish(at, (Beginning(text[: form.end], form),), missing=False))
                findings.append(_clash(self._text, swap))
        return Enforced(Draft(text, verdicts=explained, findings=tuple(findings)), tuple(wishes))

    def _beginnings(self, at: int, text: str) -> tuple[Beginning, ...]:
        """What a translation could begin with that has this term, which the text has not."""
        term = self._hits[at].term
        found: dict[Beginning, None] = {}
        for place in likely_places(self._hits[at], self._evidence):
            here = self._place_after_edits(place)
            glued = here > 0 and not text[here - 1].isspace()
            choice = choose(term, "", text[:here], self._inflector)
            form = replacement(text, Span(here, here), choice.form, fixed_case=term.fixed_case)
            edit = replace(form, before=" " if glued else "")
            if not glued:
                edit = agree(text, edit, Span(here, here), term, self._language).edit
            before = text[: edit.span.start] + edit.before
            whole = before + edit.form
            found[Beginning(whole, Span(len(before), len(whole)), choice.others)] = None
        return tuple(found)

    def _place_after_edits(self, place: int) -> int:
        """Where a place of the hypothesis lies in the edited text; inside what an edit took
        away, where that began.
        """
        shift = 0
        for edit in self._edits.values():
            if edit.span.end <= place:
                shift += len(edit.before) + len(edit.form) + len(edit.after) - len(edit.span)
            elif edit.span.start < place:
                shift += edit.span.start - place
        return place + shift

    def _occurrences(self, text: str) -> tuple[Occurrence, ...]:
        plural = {hit.term for hit in self._hits if hit.plural}
        return find_occurrences(text, (hit.term for hit in self._hits), plural=plural)

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

    def _is_anothers(self, at: int, span: Span) -> bool:
        return any(other != at and edit.span.overlaps(span) for other, edit in self._edits.items())

    def _keep(self, edits: dict[int, Edit]) -> bool:
        """Make these the edits, unless a settled hit would be without its form."""
        _, _, places, _ = self._outcome(edits)
        if any(places[settled] is None for settled in edits):
            return False
        self._edits = edits
        return True

    def _outcome(
        self, edits: dict[int, Edit]
    ) -> tuple[str, tuple[Occurrence, ...], tuple[Occurrence | None, ...], dict[Edit, Span]]:
        text, spans = apply(self._text, edits.values())
        own = {self._hits[at].span: spans[edit] for at, edit in edits.items()}
        occurrences = self._occurrences(text)
        places = assign(self._hits, occurrences, lambda hit, span: float(own.get(hit.span) == span))
        return text, occurrences, places, spans

    def _explained(self, at: int, verdict: TermVerdict) -> TermVerdict:
        plural = self._plurals.get(at)
        if plural is not None and verdict.status is TermStatus.MISSING:
            detail = f'plural in the source; perhaps rendered by "{plural.of(self._text)}"'
            return replace(verdict, status=TermStatus.AMBIGUOUS, detail=detail)
        edit = self._edits.get(at)
        if edit is None or edit.span.of(self._text) == edit.form:
            return verdict
        swap = self._swaps.get(at)
        told = []
        status = TermStatus.SWAPPED
        if swap is None:
            told.append("put in: the model left it out")
        else:
            told += filter(
                None, (swap.choice.label, f'from "{swap.rendering.span.of(self._text)}"')
            )
            rival = swap.rendering.rival
            if rival is not None and not self._is_anothers(at, rival):
                told.append(f'"{rival.of(self._text)}" may be its rendering too')
                status = TermStatus.AMBIGUOUS
            if swap.choice.others:
                told.append(f"or {' | '.join(swap.choice.others)}")
                status = TermStatus.AMBIGUOUS
        told += filter(None, (edit.repair,))
        if verdict.status is TermStatus.DUPLICATE:
            return replace(verdict, detail="; ".join([verdict.detail, *told]))
        if verdict.status.failing:
            return verdict
        return replace(verdict, status=status, detail="; ".join(told))


@dataclass(frozen=True, slots=True)
class _Swap:
    """What was put in the place of a rendering, and why so."""

    rendering: Rendering
    choice: Choice
    agreed: Agreed

    @property
    def edit(self) -> Edit:
        return self.agreed.edit


def _clash(text: str, swap: _Swap) -> Diagnostic:
    if swap.agreed.clash is not None:
        what = f'"{swap.agreed.clash.of(text)}" may not agree with "{swap.edit.form}"'
    else:
        what = f'"{swap.edit.form}" is of another number than "{swap.rendering.span.of(text)}"'
    return Diagnostic("agreement", f"{what}, which was put in", Severity.WARNING)


def _without(free: Sequence[bool], words: Sequence[Span], taken: Span) -> list[bool]:
    """Which of the words are still free once a stretch is taken."""
    return [usable and not word.overlaps(taken) for usable, word in zip(free, words, strict=True)]
