"""The names that the glossary lacks, and the glossary file that is made of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.config import Project
from l10n_pipeline.errors import DocumentError, GlossaryError, NoModelError, UsageError
from l10n_pipeline.glossary import parse_glossary
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, AlignmentLink, Hypothesis, Search, Span, TermKind
from l10n_pipeline.pipeline.suggesting import (
    Context,
    Suggestion,
    SuggestOptions,
    SuggestReport,
    as_glossary,
    suggest,
)
from l10n_pipeline.protocols import Engine
from tests.support.projects import PT, FakeEngine, Runner

TEXT = """They met in Baku today.

The Heydar Aliyev Foundation is in Baku.

Mr Lapaitis left Baku.
"""


@dataclass
class WordEngine(FakeEngine):
    """Renders each word on its own, in order, and says so in its alignment."""

    word: Callable[[str, int], str] = lambda word, count: word

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        self.asked += sources
        return [self._aligned(source, count) for count, source in enumerate(sources)]

    def _aligned(self, source: str, count: int) -> Hypothesis:
        text, links = "", []
        for match in re.finditer(r"\w+|\W+", source):
            written = self.word(match[0], count)
            place = Span(len(text), len(text) + len(written))
            text += written
            if match[0].strip():
                links.append(AlignmentLink(place, Span(*match.span()), 1.0))
        return Hypothesis(text, -0.5, links)


def run(
    project: Runner,
    engine: Engine | None = None,
    *,
    min_count: int = 1,
    mt: bool = True,
    locale: Locale = PT,
) -> SuggestReport:
    def find(_: Project, target: Locale, model: str | None) -> Callable[[], Engine]:
        if engine is None:
            raise NoModelError(f"no model for {target}")
        return lambda: engine

    options = SuggestOptions(min_count=min_count, mt=mt)
    return suggest(project.workspace, locale, options=options, find_engine=find)


def test_names_come_with_counts_kinds_and_contexts(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    report = run(project, mt=False)
    found = {one.source: (one.count, one.kind) for one in report.suggestions}
    assert found == {
        "Baku": (3, TermKind.PLACE),
        "Heydar Aliyev Foundation": (1, TermKind.ORGANISATION),
        "Lapaitis": (1, TermKind.PERSON),
    }
    assert report.suggestions[0].contexts == (
        Context("a.txt", "They met in Baku today."),
        Context("a.txt", "The Heydar Aliyev Foundation is in Baku."),
    )
    assert (report.segments, report.engine) == (3, "")


def test_names_that_the_glossary_has_are_left_out(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("glossary/en-pt_BR.tsv", "Baku\tBacu\nLapaitis\tLapaitis\n")
    report = run(project, mt=False)
    assert [one.source for one in report.suggestions] == ["Heydar Aliyev Foundation"]


def test_a_name_of_which_the_glossary_has_a_part_is_suggested(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("glossary/en-pt_BR.tsv", "Aliyev\tAliyev\n")
    report = run(project, mt=False)
    assert "Heydar Aliyev Foundation" in [one.source for one in report.suggestions]


def test_only_mentions_outside_the_glossary_count(project: Runner) -> None:
    project.write("seeds/a.txt", "They met in Baku. They saw the Baku Film Festival then.")
    project.write("glossary/en-pt_BR.tsv", "Baku Film Festival\tFestival\n")
    report = run(project, mt=False)
    assert [(one.source, one.count) for one in report.suggestions] == [("Baku", 1)]


def test_rare_names_are_left_out_on_demand(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    assert [one.source for one in run(project, mt=False, min_count=2).suggestions] == ["Baku"]


def test_the_most_frequent_rendering_of_the_model_is_the_target(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    spellings = ["Bacu", "Bacu", "Baki"]
    engine = WordEngine(word=lambda word, at: spellings[at] if word == "Baku" else word)
    first = run(project, engine).suggestions[0]
    assert first.renderings == (("Bacu", 2), ("Baki", 1))
    assert (first.target, first.disagreeing) == ("Bacu", True)


def test_endings_and_capitals_are_no_disagreement(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    spellings = ["Bakuda", "Baku", "BAKU"]
    engine = WordEngine(word=lambda word, at: spellings[at] if word == "Baku" else word)
    assert not run(project, engine).suggestions[0].disagreeing


def test_each_segment_with_a_name_is_translated_once_and_no_other(project: Runner) -> None:
    project.write("seeds/a.txt", "They met in Baku.\n\nThey met in Baku.\n\nThey left.\n")
    engine = WordEngine()
    report = run(project, engine)
    assert engine.asked == ["They met in Baku."]
    assert (report.engine, report.suggestions[0].renderings) == ("fake/f32", (("Baku", 2),))


def test_a_model_that_says_nothing_of_its_alignment_leaves_the_target_open(
    project: Runner,
) -> None:
    project.write("seeds/a.txt", TEXT)
    assert run(project, FakeEngine()).suggestions[0].target == ""


def test_without_a_model_one_is_told(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    with pytest.raises(NoModelError):
        run(project)


def test_without_names_no_model_is_needed(project: Runner) -> None:
    project.write("seeds/a.txt", "They left.")
    assert run(project).suggestions == []


def test_a_source_without_capitals_is_refused_and_one_with_capital_nouns_is_told(
    project: Runner,
) -> None:
    project.write("seeds/a.txt", "他在巴库。")
    project.write("l10n.toml", 'source = "zh"\ntargets = ["pt-BR"]')
    with pytest.raises(UsageError, match="Chinese has none"):
        run(project, mt=False)
    project.write("l10n.toml", 'source = "de"\ntargets = ["pt-BR"]')
    assert run(project, mt=False).over_reports


def test_a_broken_document_is_told_of_and_the_others_are_read(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("seeds/b.txt", b"caf\xe9")
    report = run(project, mt=False)
    assert [type(error) for error in report.errors] == [DocumentError]
    assert len(report.suggestions) == 3


def test_a_broken_glossary_is_an_error(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("glossary/en-pt_BR.tsv", "Baku\n")
    with pytest.raises(GlossaryError):
        run(project, mt=False)


def test_nothing_of_the_project_is_written(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    before = project.snapshot()
    run(project, WordEngine())
    assert project.snapshot() == before


# --- the file ---------------------------------------------------------------------------


def test_the_file_is_a_glossary_and_makes_the_names_known(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    engine = WordEngine(word=lambda word, _: "Bacu" if word == "Baku" else word)
    text = as_glossary(run(project, engine).suggestions)
    terms = parse_glossary(text.encode(), "en-pt_BR.tsv")
    assert (terms[0].source, terms[0].target) == ("Baku", "Bacu")
    assert terms[0].note == (
        "3×; in: a.txt — “They met in Baku today.”; "
        "in: a.txt — “The Heydar Aliyev Foundation is in Baku.”"
    )
    project.write("glossary/en-pt_BR.tsv", text)
    assert run(project, engine).suggestions == []


def test_names_without_a_rendering_are_rows_that_do_not_count_yet(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    text = as_glossary(run(project, mt=False).suggestions)
    assert parse_glossary(text.encode(), "x.tsv") == ()
    row = next(line for line in text.splitlines() if line.startswith("# Lapaitis\t"))
    source, _, comment, kind = row.removeprefix("# ").split("\t")
    done = "\t".join(("# source", "target", "comment", "kind")) + "\n"
    done += "\t".join((source, "Lapaytis", comment, kind)) + "\n"
    (term,) = parse_glossary(done.encode(), "x.tsv")
    assert (term.target, term.kind) == ("Lapaytis", TermKind.PERSON)


def test_disagreeing_renderings_are_in_the_comment() -> None:
    text = as_glossary(
        [
            Suggestion(
                "Khojaly",
                TermKind.OTHER,
                3,
                (),
                renderings=(("Khojaly", 2), ("Khodjaly", 1)),
                disagreeing=True,
            )
        ]
    )
    assert "3×; renderings disagree: Khojaly (2), Khodjaly (1)" in text


CELL = st.text(
    st.sampled_from("aB|#\t\n\r\u2028\u0085\x00\ufeff “”…é") | st.characters(), max_size=20
)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=6))
def test_no_text_breaks_the_file(cells: list[tuple[str, str, str]]) -> None:
    suggestions = [
        Suggestion(
            source=f"Name{at} {source}",
            kind=TermKind.PLACE,
            count=1,
            contexts=(Context(context, context),),
            aliases=(f"alias{at}{source}",),
            case_sensitive=bool(at % 2),
            renderings=((f"{target} r", 1),),
        )
        for at, (source, target, context) in enumerate(cells)
    ]
    terms = parse_glossary(as_glossary(suggestions).encode(), "x.tsv")
    assert len(terms) == len(suggestions)
    assert [term.case_sensitive for term in terms] == [bool(at % 2) for at in range(len(terms))]
