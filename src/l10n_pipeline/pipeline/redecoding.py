"""Second translations of what no swap could put right.

Where a term is still without its form, the model translates the sentence once more with a
word in the term's place that it copies; where that does not help, or where what stands around
a form no longer agrees with it, with the form forced upon it. A translation made so is kept
only where it is better than what was there. What becomes of a source depends on that source
alone: each way is tried on all that need it at once, and an engine's translations do not
depend on their batch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.enforcement import Beginning, Enforced, SpanEnforcer, is_rendered_again
from l10n_pipeline.model import (
    Alignment,
    AlignmentLink,
    Diagnostic,
    Hypothesis,
    Severity,
    Span,
    TermHit,
    TermStatus,
    TermVerdict,
)
from l10n_pipeline.protocols import Engine

FindFaults = Callable[[str, Hypothesis], Sequence[Diagnostic]]
"""What is wrong with a hypothesis as a translation of a source."""

_PLACES: Final = 4
"""Places tried for a term."""
_ROUNDS: Final = 2
"""Terms of a source that are forced one after the other."""
_COST_OF_A_LETTER: Final = 9.0
"""Nats that a translation may be less likely for each letter forced upon it. Names that a
model would never write cost 1 to 9; beyond that the rest of the sentence has suffered."""
_COST_OF_A_STAND_IN: Final = 0.2
"""Nats a token that a translation with a stand-in may score lower: it is no less likely than
one with the name, as a rule to within 0.05."""
_STAND_INS: Final = (
    ("Vorazek", "Trelund", "Kasmarov", "Brenholt", "Oskavian", "Delmarsky"),
    ("XQ0", "XQ1", "XQ2", "XQ3", "XQ4", "XQ5"),
)
"""Words that models copy as a rule: invented surnames, which fit into a sentence like a name,
and codes, which are copied more surely still."""


@dataclass(frozen=True, slots=True)
class Enforcement:
    """A hypothesis with its glossary enforced."""

    hypothesis: Hypothesis
    enforced: Enforced


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A source on its way."""

    source: str
    hits: Sequence[TermHit]
    first: Hypothesis
    best: Enforcement
    faults: frozenset[str]
    """Rules that the best one breaks."""
    forced: frozenset[int] = frozenset()
    """Hits that were forced upon the best one."""


def redecode(
    engine: Engine,
    enforcer: SpanEnforcer,
    sources: Sequence[str],
    hits: Sequence[Sequence[TermHit]],
    found: Sequence[Enforcement],
    find_faults: FindFaults,
) -> list[Enforcement]:
    """Translate again what leaves something to wish for.

    At most two translations with other words in the terms' places for each source, and twice
    four with a forced beginning.

    Args:
        engine: what made the hypotheses.
        enforcer: what enforced the glossary on them.
        sources: single segments.
        hits: the terms of each.
        found: the hypothesis of each, enforced.
        find_faults: the checks.

    Returns:
        For each source what was found, or a better one; verdicts on terms that were forced
        say ``redecoded``.
    """
    attempts = {
        at: _Attempt(source, terms, one.hypothesis, one, _faults(find_faults, source, one))
        for at, (source, terms, one) in enumerate(zip(sources, hits, found, strict=True))
        if one.enforced.wishes
    }
    _try_all(engine, enforcer, attempts, list(attempts), find_faults, _with_stand_ins)
    waiting = list(attempts)
    for _ in range(_ROUNDS):
        # What did not help once does not help again.
        waiting = _try_all(
            engine, enforcer, attempts, waiting, find_faults, _with_forced_beginnings
        )
    return [attempts[at].best if at in attempts else one for at, one in enumerate(found)]


@dataclass(frozen=True, slots=True)
class _Forced:
    """A beginning that is forced upon the translation."""

    source: str
    hit: int
    beginning: Beginning

    @property
    def prefix(self) -> str:
        return self.beginning.text

    @property
    def hits(self) -> frozenset[int]:
        """Hits that the answer is to have its form of."""
        return frozenset({self.hit})


@dataclass(frozen=True, slots=True)
class _StandIns:
    """The source with other words in the place of terms."""

    source: str
    words: Mapping[int, str]
    """By hit."""
    prefix: str = ""

    @property
    def hits(self) -> frozenset[int]:
        """Hits that the answer is to have its form of."""
        return frozenset(self.words)


_Question = _Forced | _StandIns


def _try_all(
    engine: Engine,
    enforcer: SpanEnforcer,
    attempts: dict[int, _Attempt],
    waiting: Sequence[int],
    find_faults: FindFaults,
    ask: Callable[[_Attempt], Iterator[_Question]],
) -> list[int]:
    """Ask for all that are waiting and have a wish; gives those that are better for it."""
    before = {at: attempts[at] for at in waiting if attempts[at].best.enforced.wishes}
    questions = [(at, question) for at, attempt in before.items() for question in ask(attempt)]
    if not questions:
        return []
    answers = engine.translate(
        [question.source for _, question in questions],
        prefixes=[question.prefix for _, question in questions],
    )
    for (at, question), answer in zip(questions, answers, strict=True):
        attempt = attempts[at]
        candidate = _enforced(enforcer, attempt, question, answer)
        if candidate is not None:
            faults = _faults(find_faults, attempt.source, candidate)
            if _is_better(attempt, candidate, faults):
                forced = before[at].forced | question.hits
                attempts[at] = replace(attempt, best=candidate, faults=faults, forced=forced)
    return [at for at, attempt in before.items() if attempts[at] is not attempt]


# --- words in place of terms -----------------------------------------------------------


def _with_stand_ins(attempt: _Attempt) -> Iterator[_Question]:
    missing = [wish.hit for wish in attempt.best.enforced.wishes if wish.missing]
    for words in _STAND_INS:
        if not 0 < len(missing) <= len(words) or any(word in attempt.source for word in words):
            continue
        stand_ins = dict(zip(missing, words, strict=False))
        yield _StandIns(_with_replaced(attempt, stand_ins)[0], stand_ins)


def _with_replaced(attempt: _Attempt, stand_ins: Mapping[int, str]) -> tuple[str, list[Span]]:
    """The source with other words for some of its terms, and where each hit stands in it."""
    pieces: list[str] = []
    places: list[Span] = []
    position = length = 0
    for at, hit in enumerate(attempt.hits):
        word = stand_ins.get(at, hit.span.of(attempt.source))
        kept = attempt.source[position : hit.span.start]
        start = length + len(kept)
        places.append(Span(start, start + len(word)))
        pieces += (kept, word)
        length, position = start + len(word), hit.span.end
    return "".join([*pieces, attempt.source[position:]]), places


def _renderings(stand_ins: Mapping[int, str], text: str) -> dict[int, Span] | None:
    """Where the words stand in a translation; None unless each does exactly once."""
    found: dict[int, Span] = {}
    for at, word in stand_ins.items():
        places = [Span(*match.span()) for match in re.finditer(rf"\b{word}\b", text)]
        if len(places) != 1 or text.count(word) != 1:
            return None
        found[at] = places[0]
    return found


def _as_of_source(
    attempt: _Attempt, stand_ins: Mapping[int, str], answer: Hypothesis
) -> Hypothesis:
    """A translation of the changed source as one of the source itself."""
    _, places = _with_replaced(attempt, stand_ins)
    links = [
        AlignmentLink(link.target, _back(attempt.hits, places, link.source), link.weight)
        for link in answer.alignment
    ]
    return replace(answer, alignment=Alignment(links), unwritable=attempt.first.unwritable)


def _back(hits: Sequence[TermHit], places: Sequence[Span], span: Span) -> Span:
    shift = 0
    for hit, place in zip(hits, places, strict=True):
        if span.overlaps(place):
            return hit.span
        if place.end <= span.start:
            shift = hit.span.end - place.end
    return span.shifted(shift)


# --- forced beginnings --------------------------------------------------------------


def _with_forced_beginnings(attempt: _Attempt) -> Iterator[_Question]:
    wish = attempt.best.enforced.wishes[0]
    for beginning in wish.beginnings[:_PLACES]:
        yield _Forced(attempt.source, wish.hit, beginning)


# --- judging ------------------------------------------------------------------------


def _enforced(
    enforcer: SpanEnforcer, attempt: _Attempt, question: _Question, answer: Hypothesis
) -> Enforcement | None:
    """The engine's answer with its terms as agreed; None where it did not do as it was told."""
    if not answer.complete or not answer.text.strip():
        return None
    forced = attempt.forced | question.hits
    match question:
        case _StandIns(words=words):
            known = _renderings(words, answer.text)
            if known is None or answer.score < attempt.first.score - _COST_OF_A_STAND_IN:
                return None
            hypothesis = _as_of_source(attempt, words, answer)
            enforced = enforcer.examine(attempt.source, attempt.hits, hypothesis, known=known)
            return _told(hypothesis, enforced, forced, "with a stand-in for it")
        case _Forced(hit=hit, beginning=beginning):
            if answer.text[len(beginning.text) :][:1].isalnum():
                return None  # The model went on with the word.
            if _loss(attempt.first, answer) > _COST_OF_A_LETTER * len(beginning.form):
                return None
            if is_rendered_again(attempt.source, attempt.hits[hit], answer, beginning.form):
                return None
            enforced = enforcer.examine(attempt.source, attempt.hits, answer)
            return _unsure(_told(answer, enforced, forced), hit, beginning.others)


def _loss(first: Hypothesis, answer: Hypothesis) -> float:
    """By how many nats a hypothesis is less likely than one of its length that is as good as
    the first.
    """
    return (first.score - answer.score) * (len(answer.alignment) + 1)


def _told(
    hypothesis: Hypothesis, enforced: Enforced, forced: frozenset[int], how: str = ""
) -> Enforcement:
    """The enforcement with what was forced marked in its verdicts."""
    verdicts = list(enforced.draft.verdicts)
    for at in forced:
        verdict = verdicts[at]
        # What the model wrote for a word of ours tells a reviewer nothing.
        parts = verdict.detail.split("; ")
        told = [part for part in parts if not (how and part.startswith("from "))]
        detail = "; ".join(filter(None, [*told, how]))
        status = verdict.status if verdict.status.failing else TermStatus.REDECODED
        verdicts[at] = replace(verdict, status=status, detail=detail)
    draft = replace(enforced.draft, verdicts=tuple(verdicts))
    return Enforcement(hypothesis, replace(enforced, draft=draft))


def _unsure(made: Enforcement, hit: int, others: Sequence[str]) -> Enforcement:
    """The same where other forms of a term could stand there as well as the one forced."""
    draft = made.enforced.draft
    verdict = draft.verdicts[hit]
    if not others or verdict.status.failing:
        return made
    doubtful = replace(verdict, status=TermStatus.AMBIGUOUS, detail=f"or {' | '.join(others)}")
    verdicts = (*draft.verdicts[:hit], doubtful, *draft.verdicts[hit + 1 :])
    enforced = replace(made.enforced, draft=replace(draft, verdicts=verdicts))
    return replace(made, enforced=enforced)


def _is_better(attempt: _Attempt, candidate: Enforcement, faults: frozenset[str]) -> bool:
    if not faults <= attempt.faults:
        return False
    before, after = attempt.best.enforced, candidate.enforced
    if _count(after.draft.verdicts, TermStatus.DUPLICATE) > _count(
        before.draft.verdicts, TermStatus.DUPLICATE
    ):
        return False
    ranks = _rank(attempt.best), _rank(candidate)
    if ranks[0] != ranks[1]:
        return ranks[1] < ranks[0]
    forced = attempt.best.hypothesis is not attempt.first
    return forced and candidate.hypothesis.score > attempt.best.hypothesis.score


def _rank(one: Enforcement) -> tuple[int, int, int]:
    verdicts = one.enforced.draft.verdicts
    failing = sum(verdict.status.failing for verdict in verdicts)
    return _count(verdicts, TermStatus.MISSING), failing, len(one.enforced.wishes)


def _count(verdicts: Sequence[TermVerdict], status: TermStatus) -> int:
    return sum(verdict.status is status for verdict in verdicts)


def _faults(find_faults: FindFaults, source: str, one: Enforcement) -> frozenset[str]:
    as_drafted = replace(one.hypothesis, text=one.enforced.draft.text)
    return frozenset(
        fault.rule for fault in find_faults(source, as_drafted) if fault.severity is Severity.ERROR
    )
