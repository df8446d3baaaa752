"""Translating again, with an engine whose every answer is written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from l10n_pipeline.enforcement import SpanEnforcer
from l10n_pipeline.model import (
    GREEDY,
    Diagnostic,
    Hypothesis,
    Inflection,
    Search,
    Span,
    Term,
    TermHit,
    TermKind,
    TermMode,
)
from l10n_pipeline.pipeline.redecoding import Enforcement, redecode
from tests.enforcement.hypotheses import hit, hypothesis, monotone

ENFORCER = SpanEnforcer("pt")


@dataclass
class Scripted:
    """Answers as it was told, with nothing that anybody could want otherwise."""

    answers: dict[tuple[str, str], Hypothesis] = field(default_factory=dict)
    """By source and prefix."""
    name: str = "scripted"
    asked: list[tuple[str, str]] = field(default_factory=list)

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        asked = list(zip(sources, prefixes or [""] * len(sources), strict=True))
        self.asked += asked
        return [self.answers.get(one, Hypothesis(one[1], -0.3)) for one in asked]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        raise AssertionError("nobody asks for candidates")

    def close(self) -> None: ...


def faults(source: str, candidate: Hypothesis) -> list[Diagnostic]:
    return [Diagnostic("broken", "is broken")] if "BROKEN" in candidate.text else []


def run(engine: Scripted, source: str, first: Hypothesis, *hits: TermHit) -> Enforcement:
    start = Enforcement(first, ENFORCER.examine(source, hits, first))
    (found,) = redecode(engine, ENFORCER, [source], [hits], [start], faults)
    return found


def outcome(found: Enforcement) -> tuple[str, list[tuple[str, str]]]:
    draft = found.enforced.draft
    return draft.text, [(verdict.status.value, verdict.detail) for verdict in draft.verdicts]


SOURCE = "He saw Baku today"
BAKU = hit(SOURCE, "Baku", "Bacu")
WITHOUT = hypothesis(SOURCE, "Ele viu hoje", [(0, 0), (1, 1), (2, 3)])
CODED = "He saw XQ0 today"
NAMED = "He saw Vorazek today"


def test_where_nothing_is_to_be_wished_for_nobody_is_asked() -> None:
    engine = Scripted()
    first = monotone(SOURCE, "Ele viu Bacu hoje")
    found = run(engine, SOURCE, first, BAKU)
    assert found.hypothesis is first
    assert engine.asked == []


def test_a_word_that_the_model_copies_gives_way_to_the_term() -> None:
    engine = Scripted({(NAMED, ""): monotone(NAMED, "Ele viu Vorazek hoje")})
    assert outcome(run(engine, SOURCE, WITHOUT, BAKU)) == (
        "Ele viu Bacu hoje",
        [("redecoded", "with a stand-in for it")],
    )


@pytest.mark.parametrize(
    "answer",
    [
        "Ele viu hoje",
        "Ele viu Vorazek com Vorazek",
        "Ele viu Vorazeks hoje",
        "BROKEN Vorazek",
        "",
    ],
)
def test_a_stand_in_that_does_not_come_through_whole_and_once_is_no_help(answer: str) -> None:
    engine = Scripted({(NAMED, ""): monotone(NAMED, answer), (CODED, ""): monotone(CODED, "?")})
    found = run(engine, SOURCE, WITHOUT, BAKU)
    assert (CODED, "") in engine.asked
    assert "Vorazek" not in found.enforced.draft.text
    assert "BROKEN" not in found.enforced.draft.text


def test_a_translation_that_the_model_thinks_much_worse_of_is_not_taken() -> None:
    bad = Hypothesis("Ele viu Vorazek hoje", -2.0)
    engine = Scripted({(NAMED, ""): bad, (CODED, ""): Hypothesis("XQ0", -2.0)})
    assert run(engine, SOURCE, WITHOUT, BAKU).enforced.draft.text != "Ele viu Bacu hoje"


def forced(text: str, score: float = -1.0) -> Hypothesis:
    return Hypothesis(text, score, monotone(SOURCE, text).alignment)


def test_the_term_is_forced_at_several_places_and_the_best_translation_kept() -> None:
    engine = Scripted(
        {
            (SOURCE, "Ele viu Bacu"): forced("Ele viu Bacu hoje", -0.9),
            (SOURCE, "Bacu"): forced("Bacu ele viu hoje", -1.4),
        }
    )
    found = run(engine, SOURCE, WITHOUT, BAKU)
    assert outcome(found) == ("Ele viu Bacu hoje", [("redecoded", "")])
    assert {prefix for _, prefix in engine.asked} >= {"Ele viu Bacu", "Bacu"}


def test_a_form_that_is_one_of_several_is_left_to_the_reviewer() -> None:
    class Undecided:
        def inflections(self, term: Term) -> tuple[Inflection, ...]:
            return self.like(term, "", "")

        def like(self, term: Term, rendering: str, before: str) -> tuple[Inflection, ...]:
            return (Inflection("Bacua", "genitive"), Inflection("Bacue", "dative"))

    term = Term("Baku", "Bacu", forms=("Bacua", "Bacue"), mode=TermMode.INFLECT)
    hits = [TermHit(term, BAKU.span)]
    enforcer = SpanEnforcer("pt", Undecided())
    engine = Scripted(
        {
            (SOURCE, "Ele viu Bacua"): forced("Ele viu Bacua hoje"),
            (SOURCE, "Bacua"): Hypothesis("", 0.0),
        }
    )
    start = Enforcement(WITHOUT, enforcer.examine(SOURCE, hits, WITHOUT))
    (found,) = redecode(engine, enforcer, [SOURCE], [hits], [start], faults)
    assert outcome(found) == ("Ele viu Bacua hoje", [("ambiguous", "or Bacue")])


def test_a_form_that_the_model_goes_on_with_as_a_word_is_refused() -> None:
    engine = Scripted(
        {
            (SOURCE, prefix): forced(f"{prefix}rest hoje")
            for prefix in ("Ele viu Bacu", "Ele viu hoje Bacu", "Bacu")
        }
    )
    assert outcome(run(engine, SOURCE, WITHOUT, BAKU)) == ("Ele viu hoje", [("missing", "")])


def test_a_form_beside_the_models_own_rendering_is_refused() -> None:
    text = "Ele viu Bacu capital hoje"
    doubled = hypothesis(SOURCE, text, [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3)])
    engine = Scripted({(SOURCE, "Ele viu Bacu"): doubled, (SOURCE, "Bacu"): Hypothesis("", 0)})
    assert outcome(run(engine, SOURCE, WITHOUT, BAKU))[0] == "Ele viu hoje"


def test_what_no_way_helps_stays_as_it_was_and_the_number_of_questions_is_bounded() -> None:
    class Deaf(Scripted):
        def translate(self, sources: Sequence[str], **_: object) -> list[Hypothesis]:
            self.asked += [(source, "") for source in sources]
            return [WITHOUT] * len(sources)

    engine = Deaf()
    found = run(engine, SOURCE, WITHOUT, BAKU)
    assert found.hypothesis is WITHOUT
    assert outcome(found) == ("Ele viu hoje", [("missing", "")])
    assert len(engine.asked) <= 2 + 4


def test_what_no_longer_agrees_is_translated_again_from_the_form_on() -> None:
    source = "the Foundation founded in 2009"
    term = Term("Foundation", "Fundação", kind=TermKind.ORGANISATION)
    name = TermHit(term, Span(4, 14))
    first = hypothesis(source, "o Comitê fundado em 2009", [(0, 0), (1, 1), (2, 2), (3, 3)])
    better = hypothesis(source, "a Fundação fundada em 2009", [(0, 0), (1, 1), (2, 2), (3, 3)])
    engine = Scripted({(source, "a Fundação"): better})
    found = run(engine, source, first, name)
    assert outcome(found) == ("a Fundação fundada em 2009", [("redecoded", "")])
    assert found.enforced.draft.findings == ()
    assert engine.asked == [(source, "a Fundação")]


def test_what_becomes_of_a_source_does_not_depend_on_its_batch() -> None:
    other = "Baku is here"
    answers = {
        (NAMED, ""): monotone(NAMED, "Ele viu Vorazek hoje"),
        ("Vorazek is here", ""): monotone("Vorazek is here", "Vorazek fica aqui"),
    }
    first = {SOURCE: WITHOUT, other: hypothesis(other, "Fica aqui", [(0, 1), (1, 2)])}
    hits = {SOURCE: [BAKU], other: [hit(other, "Baku", "Bacu")]}
    start = [Enforcement(first[s], ENFORCER.examine(s, hits[s], first[s])) for s in first]
    together = redecode(
        Scripted(answers), ENFORCER, list(first), list(hits.values()), start, faults
    )
    alone = [run(Scripted(answers), source, first[source], *hits[source]) for source in first]
    assert together == alone
    assert [one.enforced.draft.text for one in alone] == ["Ele viu Bacu hoje", "Bacu fica aqui"]
