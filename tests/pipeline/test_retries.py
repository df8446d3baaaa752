"""Second attempts, with an engine whose every answer is written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.model import (
    GREEDY,
    AlignmentLink,
    Diagnostic,
    Hypothesis,
    Search,
    Severity,
    Span,
)
from l10n_pipeline.pipeline.retries import Attempted, Way, clauses, retry


def hypothesis(text: str, score: float = -0.5) -> Hypothesis:
    return Hypothesis(text, score)


@dataclass
class Scripted:
    """Answers as it was told, and says how it was asked."""

    greedy: dict[str, Hypothesis] = field(default_factory=dict)
    wider: dict[str, list[Hypothesis]] = field(default_factory=dict)
    barred: dict[str, list[Hypothesis]] = field(default_factory=dict)
    longer: dict[str, list[Hypothesis]] = field(default_factory=dict)
    pieces: dict[str, Hypothesis] = field(default_factory=dict)
    name: str = "scripted"
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        self.asked.append(("pieces", tuple(sources)))
        return [self.pieces.get(source, hypothesis(f"<{source}>")) for source in sources]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        assert n > 1
        assert search.beam > 1
        how = "barred" if search.no_repeat_ngram else "longer"
        how = "wider" if search == Search(beam=search.beam) else how
        self.asked.append((how, tuple(sources)))
        script = {"wider": self.wider, "barred": self.barred, "longer": self.longer}[how]
        return [script.get(source) or [self.greedy[source]] for source in sources]

    def run(self) -> dict[str, Attempted]:
        sources = list(self.greedy)
        results = retry(self, sources, list(self.greedy.values()), faults)
        return dict(zip(sources, results, strict=True))


MARKS = {
    "LOOP": Diagnostic("repetition", "loops"),
    "EMPTY": Diagnostic("empty", "is empty"),
    "NUMBER": Diagnostic("numbers", "lacks a number"),
    "QUOTE": Diagnostic("quotation", "lacks a mark", Severity.WARNING),
    "WORDS": Diagnostic("numbers", "perhaps in words", Severity.WARNING),
    "SYMBOL": Diagnostic("symbols", "lacks a symbol"),
    "PERCENT": Diagnostic("symbols", "perhaps in words", Severity.WARNING),
}


def faults(source: str, candidate: Hypothesis) -> list[Diagnostic]:
    """A text has the faults whose names stand in it."""
    return [fault for mark, fault in MARKS.items() if mark in candidate.text]


def test_what_has_no_fault_is_neither_touched_nor_asked_about() -> None:
    engine = Scripted(greedy={"a": hypothesis("fine"), "b": hypothesis("in WORDS")})
    results = engine.run()
    assert [result.hypothesis for result in results.values()] == list(engine.greedy.values())
    assert not any(result.retried for result in results.values())
    assert engine.asked == []


def test_the_best_candidate_without_a_fault_is_taken() -> None:
    engine = Scripted(
        greedy={"a": hypothesis("LOOP"), "b": hypothesis("fine"), "c": hypothesis("QUOTE")},
        wider={
            "a": [hypothesis("LOOP again"), hypothesis("first", -0.9), hypothesis("second", -1)],
            "c": [hypothesis("with marks", -0.6)],
        },
    )
    results = engine.run()
    assert [result.hypothesis.text for result in results.values()] == [
        "first",
        "fine",
        "with marks",
    ]
    assert [result.way for result in results.values()] == [Way.N_BEST, None, Way.N_BEST]
    assert engine.asked == [("wider", ("a", "c"))]


def test_a_loop_is_barred_where_a_wider_beam_loops_too() -> None:
    engine = Scripted(
        greedy={"a": hypothesis("LOOP")}, barred={"a": [hypothesis("no more of it", -3)]}
    )
    result = engine.run()["a"]
    assert (result.hypothesis.text, result.way) == ("no more of it", Way.PENALTIES)
    assert [how for how, _ in engine.asked] == ["wider", "barred"]


def test_length_is_favoured_where_there_is_too_little() -> None:
    engine = Scripted(
        greedy={"a": hypothesis("EMPTY", 0)}, longer={"a": [hypothesis("something", -2)]}
    )
    result = engine.run()["a"]
    assert (result.hypothesis.text, result.way) == ("something", Way.PENALTIES)


def test_what_nothing_else_mends_is_translated_by_clauses() -> None:
    source = "They came from far, and they went far away."
    first, second = (span.of(source) for span in clauses(source))
    links = (AlignmentLink(Span(0, 4), Span(5, 9), 0.9),)
    engine = Scripted(
        greedy={source: Hypothesis("LOOP", -0.1, complete=False, unwritable=(Span(0, 4),))},
        pieces={
            first: Hypothesis("Vieram de longe,", -1.0, links),
            second: Hypothesis("e foram para longe.", -2.0, links),
        },
    )
    result = engine.run()[source]
    assert engine.asked[-1] == ("pieces", (first, second))
    assert result.way is Way.SPLIT
    assert result.hypothesis.text == "Vieram de longe, e foram para longe."
    assert -2 < result.hypothesis.score < -1
    assert result.hypothesis.unwritable == (Span(0, 4),)
    assert [link.target.of(result.hypothesis.text) for link in result.hypothesis.alignment] == [
        "Vier",
        "e fo",
    ]
    assert [link.source.of(source) for link in result.hypothesis.alignment] == ["came", "hey "]


def test_what_stays_wrong_is_kept_as_it_was_with_its_reason() -> None:
    engine = Scripted(greedy={"a": hypothesis("LOOP NUMBER")})
    result = engine.run()["a"]
    assert result.hypothesis is engine.greedy["a"]
    assert [fault.rule for fault in result.faults] == ["repetition", "numbers"]
    assert result.retried
    assert result.way is None


def test_a_lost_symbol_is_searched_for_among_equals_alone() -> None:
    engine = Scripted(
        greedy={"a": hypothesis("SYMBOL"), "b": hypothesis("SYMBOL"), "c": hypothesis("PERCENT")},
        wider={"a": [hypothesis("fine", -0.7)], "b": [hypothesis("far off", -0.9)]},
    )
    results = engine.run()
    assert [one.hypothesis.text for one in results.values()] == ["fine", "SYMBOL", "PERCENT"]
    assert [one.retried for one in results.values()] == [True, True, False]


def test_fewer_faults_are_better_than_more() -> None:
    engine = Scripted(
        greedy={"a": hypothesis("LOOP NUMBER")},
        wider={"a": [hypothesis("LOOP EMPTY NUMBER"), hypothesis("NUMBER")]},
    )
    assert engine.run()["a"].hypothesis.text == "NUMBER"


def test_a_warning_is_better_than_an_error() -> None:
    engine = Scripted(
        greedy={"a": hypothesis("NUMBER")}, wider={"a": [hypothesis("WORDS QUOTE", -0.6)]}
    )
    assert engine.run()["a"].hypothesis.text == "WORDS QUOTE"


@pytest.mark.parametrize("fault", ["QUOTE", "NUMBER"])
def test_a_mere_loss_is_not_mended_by_a_far_worse_translation(fault: str) -> None:
    engine = Scripted(greedy={"a": hypothesis(fault)}, wider={"a": [hypothesis("odd", -1.5)]})
    assert engine.run()["a"].hypothesis.text == fault


def test_a_warning_does_not_cost_a_division() -> None:
    source = "One, two and three, four and five."
    engine = Scripted(greedy={source: hypothesis("QUOTE")})
    engine.run()
    assert [how for how, _ in engine.asked] == ["wider"]


TEXTS = st.lists(st.sampled_from(sorted(MARKS)), max_size=2).map(" ".join)
ANSWERS = st.builds(hypothesis, TEXTS, st.floats(-3, 0))
SOURCES = st.lists(
    st.sampled_from(["a", "b", "One two three, four five six.", "A b c. D e f."]), unique=True
)


@given(SOURCES, st.data())
def test_what_becomes_of_a_source_depends_on_it_alone(
    sources: list[str], data: st.DataObject
) -> None:
    answers = st.lists(ANSWERS, min_size=1, max_size=3)
    engine = Scripted(
        greedy={source: data.draw(ANSWERS) for source in sources},
        wider={source: data.draw(answers) for source in sources},
        barred={source: data.draw(answers) for source in sources},
        longer={source: data.draw(answers) for source in sources},
    )
    together = engine.run()
    for source in sources:
        alone = Scripted(
            {source: engine.greedy[source]}, engine.wider, engine.barred, engine.longer
        )
        assert alone.run() == {source: together[source]}
        assert len(alone.asked) <= len(Way)
        errors_before, errors_after = (
            sum(fault.severity is Severity.ERROR for fault in found)
            for found in (faults(source, engine.greedy[source]), together[source].faults)
        )
        assert errors_after <= errors_before


@given(st.text(st.sampled_from("ab ,.;:—-。、東\n\u00a0\u2028”")) | st.text())
def test_clauses_lose_nothing_but_white_space(text: str) -> None:
    spans = clauses(text)
    assert "".join("".join(span.of(text) for span in spans).split()) == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("It rains a lot. We stay at home.", ["It rains a lot.", "We stay at home."]),
        ("Mr. Smith went to see Dr. Jones.", ["Mr. Smith went to see Dr. Jones."]),
        ("Three things there are: one is here; two are there.",
         ["Three things there are:", "one is here;", "two are there."]),
        ("“It rains a lot!” she said to us.", ["“It rains a lot!”", "she said to us."]),
        ("Yes, it rains a lot here", ["Yes, it rains a lot here"]),
        ("It rains a lot – we stay at home", ["It rains a lot", "– we stay at home"]),
        ("今日は雨が降った。明日もきっと雨。", ["今日は雨が降った。", "明日もきっと雨。"]),
        ("", [""]),
    ],
)  # fmt: skip
def test_a_source_is_cut_where_clauses_end(source: str, expected: list[str]) -> None:
    assert [span.of(source) for span in clauses(source)] == expected
