"""From sources to drafts: what the checks find, what is tried again, what is recorded."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.config import find_project
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.glossary import GlossaryMatcher
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Draft, Hypothesis, Search, Span, Term, TermStatus
from l10n_pipeline.pipeline.drafting import Drafter, assess, faults
from l10n_pipeline.pipeline.engines import engine_for
from l10n_pipeline.pipeline.glossary_files import read_glossary
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.pipeline.workspace import Workspace
from tests.support.projects import LATER, PT, FakeEngine, Runner

SEEDS = Path(__file__).parents[2] / "seeds"
EN = Locale.parse("en")
NO_TERMS = GlossaryMatcher(())


class Hesitant(FakeEngine):
    """Writes as it is told to, and otherwise where it is asked for several translations."""

    second: str = "nothing else"

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        return [[Hypothesis(self.second, -0.6)] for _ in sources]


class OneByOne(FakeEngine):
    """Says after each source that it is finished."""

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        for _ in sources:
            if progress is not None:
                progress(1)
        return super().translate(sources, search=search, prefixes=prefixes)


def drafted(
    engine: FakeEngine, source: str, matcher: GlossaryMatcher = NO_TERMS
) -> tuple[Hypothesis, Draft]:
    drafter = Drafter(engine, matcher, source_locale=EN, target_locale=PT)
    ((hypothesis, draft),) = drafter.translate([source])
    return hypothesis, draft


def findings(draft: Draft) -> list[str]:
    return [finding.rule for finding in draft.findings]


@given(st.lists(st.text(), max_size=4))
def test_without_terms_the_text_is_the_engines_whatever_the_source(sources: list[str]) -> None:
    drafter = Drafter(FakeEngine(), NO_TERMS, source_locale=EN, target_locale=PT)
    results = drafter.translate(sources)
    assert [draft.text for _, draft in results] == [f"[{source}]" for source in sources]


REPEATED = st.lists(st.sampled_from(["a", "b", "c"]), max_size=8)


@given(REPEATED)
def test_what_comes_several_times_is_asked_for_once(sources: list[str]) -> None:
    engine = FakeEngine()
    drafter = Drafter(engine, NO_TERMS, source_locale=EN, target_locale=PT)
    results = drafter.translate(sources)
    assert engine.asked == list(dict.fromkeys(sources))
    assert [draft.text for _, draft in results] == [f"[{source}]" for source in sources]


@given(REPEATED)
def test_progress_adds_up_to_all_sources(sources: list[str]) -> None:
    finished: list[int] = []
    drafter = Drafter(OneByOne(), NO_TERMS, source_locale=EN, target_locale=PT)
    drafter.translate(sources, progress=finished.append)
    assert sum(finished) == len(sources)
    assert len(finished) == len(set(sources))
    assert all(count > 0 for count in finished)


def test_a_source_is_asked_for_again_with_another_beginning() -> None:
    engine = FakeEngine()
    drafter = Drafter(engine, NO_TERMS, source_locale=EN, target_locale=PT)
    drafter.translate(["a", "a", "a"], prefixes=["x", "", "x"])
    assert engine.asked == ["a", "a"]


def test_a_forced_beginning_does_not_cost_other_sources_their_second_attempt() -> None:
    engine = Hesitant(write=lambda source: "Custou muito.")
    engine.second = "Custou 12 euros."
    drafter = Drafter(engine, NO_TERMS, source_locale=EN, target_locale=PT)
    results = drafter.translate(["It cost 12 euros.", "It cost 12."], prefixes=["", "Custou"])
    assert [draft.text for _, draft in results] == ["Custou 12 euros.", "Custou muito."]
    assert findings(results[1][1]) == ["numbers"]


def test_what_is_well_is_asked_for_once() -> None:
    engine = Hesitant(write=lambda source: "Custou 12 euros.")
    hypothesis, draft = drafted(engine, "It cost 12 euros.")
    assert (hypothesis.text, draft.text) == ("Custou 12 euros.", "Custou 12 euros.")
    assert engine.asked == ["It cost 12 euros."]
    assert draft.findings == ()


def test_a_better_second_attempt_becomes_the_draft_with_its_score() -> None:
    engine = Hesitant(write=lambda source: "Custou muito.")
    engine.second = "Custou 12 euros."
    hypothesis, draft = drafted(engine, "It cost 12 euros.")
    assert hypothesis.text == draft.text == "Custou 12 euros."
    assert draft.provenance is not None
    assert draft.provenance.score == -0.6
    assert draft.provenance.text_hash == text_hash("Custou 12 euros.")
    assert draft.findings == ()


@pytest.mark.parametrize(
    ("write", "rule"),
    [
        ("", "empty"),
        ("The price of it was twelve euros and a half", "echo"),
        ("Цена этого была двенадцать с половиной евро", "script"),
        ("El precio de esto fue de doce y medio y no lo era para los que lo han visto", "language"),
        ("O preço foi, o preço foi, o preço foi doze", "repetition"),
        ("Doze", "length"),
    ],
)
def test_what_cannot_be_mended_is_reported(write: str, rule: str) -> None:
    source = "The price of it was twelve euros and a half, all told."
    engine = Hesitant(write=lambda _: write)
    engine.second = write
    _, draft = drafted(engine, source)
    assert draft.text == write
    assert rule in findings(draft)


def test_a_translation_that_the_engine_cut_off_says_so_once() -> None:
    source = "The price of it was twelve euros and a half, all told, by the man at the door."
    _, draft = drafted(FakeEngine(write=lambda _: "O preço disso foi de", complete=False), source)
    assert findings(draft).count("truncated") == 1
    assert draft.findings[-1].message == "the translation stops before its end"


def test_words_that_the_engine_cannot_write_are_copied_after_second_attempts_too() -> None:
    source = "Šakić paid 12 euros."
    engine = Hesitant(write=lambda _: "aki pagou.", unwritable=lambda _: (Span(0, 5),))
    _, draft = drafted(engine, source)
    assert [verdict.source for verdict in draft.verdicts] == ["Šakić"]


def test_the_glossary_is_kept_in_a_second_attempt() -> None:
    engine = Hesitant(write=lambda _: "Xocalı, em.")
    engine.second = "Em 1992, Khojaly."
    _, draft = drafted(engine, "In 1992, Khojaly.", GlossaryMatcher([Term("Khojaly", "Xocalı")]))
    assert draft.text == "Em 1992, Xocalı."
    assert [verdict.status for verdict in draft.verdicts] == [TermStatus.SWAPPED]
    assert draft.findings == ()


def test_findings_are_those_of_the_text_that_is_proposed() -> None:
    engine = FakeEngine(write=lambda _: "Na Room um.")
    _, draft = drafted(engine, "In Room 101.", GlossaryMatcher([Term("Room 101", "Sala 101")]))
    expected = faults(
        "In Room 101.", Hypothesis(draft.text, 0.0), source_locale=EN, target_locale=PT
    )
    assert draft.findings == expected


def test_a_humans_translation_is_assessed_by_the_same_rules() -> None:
    verdicts, found = assess(
        "It cost 24,000 euros.", "Custou 24 mil euros.", NO_TERMS, source_locale=EN,
        target_locale=PT,
    )  # fmt: skip
    assert (verdicts, found) == ((), ())
    _, found = assess("It cost 24,000 euros.", "Custou 24 euros.", NO_TERMS)
    assert [finding.rule for finding in found] == ["numbers"]


# --- with the real model ----------------------------------------------------------------


@pytest.mark.slow
def test_the_seed_has_no_loop_and_loses_no_quotation_mark_even_without_a_glossary(
    project: Runner,
) -> None:
    shutil.copytree(SEEDS, project.root / "seeds")
    translate(Workspace(find_project(project.root)), locales=[PT], now=LATER)
    (seed,) = SEEDS.glob("*.txt")
    catalogue = project.workspace.catalogues.read(PT, seed.name)
    assert catalogue is not None
    assert len(catalogue.units) > 20
    assert [
        (unit.source, finding.message)
        for unit in catalogue.units
        for finding in unit.findings
        if finding.rule in ("repetition", "quotation", "numbers", "echo", "empty")
    ] == []


@pytest.mark.slow
def test_a_draft_does_not_depend_on_its_neighbours() -> None:
    sources = [
        "Some of the rocks are being sold from US$11,000 to $22,500 per ounce.",
        "With roots in Running Tours Barcelona and Copenhagen's Running Copenhagen, it grew.",
        "It rains.",
        "“I wish this film was shown in Armenia as well. That would help start a dialogue…”",
    ]
    drafter = Drafter(engine_for(EN, PT), read_glossary(None), source_locale=EN, target_locale=PT)
    together = [draft.text for _, draft in drafter.translate(sources)]
    alone = [drafter.translate([source])[0][1].text for source in sources]
    assert together == alone
