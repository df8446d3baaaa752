"""The evaluation of names: how names are derived, found and judged; and, slowly, one run."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from benchmarks import names
from benchmarks.errors import BenchmarkError
from benchmarks.name_judging import Mentions, in_house, judge
from benchmarks.name_sets import Name, Rendered, derive, renderings, respelled
from benchmarks.replaying import ReplayingEngine
from benchmarks.swap_judging import Fault, swaps
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Draft, Hypothesis, Search, Span

REPOSITORY = Path(__file__).parent.parent

LETTERS = st.text(st.characters(min_codepoint=33, max_codepoint=0x450), max_size=12)


def rendered(source: str, reference: str, *others: tuple[str, str]) -> list[tuple[str, str]]:
    """The names of a line and their renderings, in a set with these other lines."""
    sources, references = zip((source, reference), *others, strict=True)
    return [
        (name.source, name.target) for name in renderings(sources, references) if name.line == 0
    ]


class TestWhatIsAName:
    def test_a_capitalised_word_that_the_reference_has_too(self) -> None:
        assert rendered("He met Obama.", "Ele encontrou Obama.") == [("Obama", "Obama")]

    def test_a_rendering_may_be_spelled_in_another_way(self) -> None:
        assert rendered("It is in Italy.", "Fica na Itália.") == [("Italy", "Itália")]
        assert rendered("It is in Berlin.", "Это в Берлине.") == [("Berlin", "Берлине")]

    def test_a_rendering_in_lower_case_is_none(self) -> None:
        assert rendered("An Italian opera.", "Uma ópera italiana.") == []

    def test_the_longest_stretch_that_is_rendered_is_the_name(self) -> None:
        assert rendered("It was President Donald Trump.", "Foi o presidente Donald Trump.") == [
            ("Donald Trump", "Donald Trump")
        ]

    def test_initials_and_hyphens_join(self) -> None:
        source = "He met George W. Bush and Saint-Germain."
        assert [name for name, _ in rendered(source, source)] == ["George W. Bush", "Saint-Germain"]

    def test_words_in_lower_case_divide_the_source_but_not_a_rendering(self) -> None:
        assert rendered("The North Africa of Omar", "O Norte da África de Omar") == [
            ("North Africa", "Norte da África"),
            ("Omar", "Omar"),
        ]

    def test_the_order_of_words_must_be_the_same(self) -> None:
        assert rendered("In the Rose Garden.", "No Jardim Rose.") == [("Rose", "Rose")]

    def test_a_possessive_is_no_part_of_it(self) -> None:
        assert rendered("In Obama's car.", "No carro de Obama.") == [("Obama", "Obama")]

    def test_a_common_word_that_opens_a_sentence_is_none(self) -> None:
        common = ("the final result", "o resultado")
        assert rendered("Final results came.", "Os resultados do Final.", common) == []

    def test_a_lone_word_opening_both_sentences_needs_another_witness(self) -> None:
        line = ("Curiosamente choveu.", "Curiosamente choveu.")
        assert rendered(*line) == []
        witness = ("We saw Curiosamente there.", "Nada.")
        assert rendered(*line, witness) == [("Curiosamente", "Curiosamente")]

    def test_the_mere_beginning_of_a_name_is_another_word(self) -> None:
        assert rendered("A Jamaican singer.", "Um cantor da Jamaica.") == []

    def test_a_place_of_the_reference_serves_one_name(self) -> None:
        assert len(rendered("He and Obama and Obama.", "Ele e Obama.")) == 1

    def test_a_lone_letter_is_none(self) -> None:
        assert rendered("Yes, I said so.", "Sim, I disse.") == []

    @given(st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=4))
    def test_names_stand_in_both_lines_whatever_these_are(
        self, lines: list[tuple[str, str]]
    ) -> None:
        sources, references = zip(*lines, strict=True)
        for name in renderings(sources, references):
            assert name.source in sources[name.line]
            assert name.target in references[name.line]
            assert isinstance(name, Rendered)


class TestTheGlossary:
    def test_what_most_places_have_is_agreed(self) -> None:
        sources = ["We saw Calcutta."] * 3
        references = ["Vimos Calkuta.", "Vimos Calcutá.", "Vimos Calcutá."]
        (name,) = derive(sources, references)
        assert (name.source, name.target) == ("Calcutta", "Calcutá")
        assert name.lines == {1, 2}

    def test_a_form_of_one_line_alone_is_not_accepted_and_one_of_two_lines_is(self) -> None:
        sources = ["We saw Calcutta."] * 6
        references = ["Vimos Calcutá."] * 3 + ["Vimos Calkuta."] * 2 + ["Vimos Kalkutta."]
        (name,) = derive(sources, references)
        assert name.accepted == ("Calcutá", "Calkuta")

    def test_a_name_that_is_mostly_rendered_otherwise_is_left_out(self) -> None:
        sources = ["We saw Calcutta."] * 3
        assert derive(sources, ["Vimos Calcutá.", "Vimos.", "Vimos."]) == ()

    def test_of_two_names_with_one_rendering_the_more_alike_stays(self) -> None:
        sources = ["A Hungarian man.", "In Hungaria now."]
        found = derive(sources, ["Da Hungria.", "Na Hungria."])
        assert [name.source for name in found] == ["Hungaria"]

    def test_names_without_any_line_are_none(self) -> None:
        assert derive([], []) == ()


class TestRespelling:
    @given(st.text(max_size=30))
    def test_the_same_each_time_and_of_the_same_words(self, text: str) -> None:
        assert respelled(text) == respelled(text)
        assert len(re.findall(r"\w+", respelled("Ab " + text))) >= 1

    @given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1).map(str.capitalize))
    def test_no_letter_keeps_its_place_and_every_capital_does(self, name: str) -> None:
        made = respelled(name)
        assert all(one != other for one, other in zip(name, made, strict=True))
        assert [letter.isupper() for letter in made] == [letter.isupper() for letter in name]

    @given(
        st.text("abcdefghijklmnopqrstuvwxyz", min_size=1).map(str.capitalize),
        st.text("abcdefghijklmnopqrstuvwxyz", min_size=1).map(str.capitalize),
    )
    def test_different_names_stay_different(self, one: str, other: str) -> None:
        assert (respelled(one) == respelled(other)) == (one == other)

    def test_small_words_digits_and_marks_stay(self) -> None:
        assert respelled("Ilha da Madeira-2") == f"{respelled('Ilha')} da {respelled('Madeira')}-2"

    def test_every_accepted_form_is_respelled(self) -> None:
        name = Name("Peking", "Pequim", ("Pekim",)).respelled()
        assert name.accepted == (respelled("Pequim"), respelled("Pekim"))

    def test_of_a_text_the_names_alone(self) -> None:
        trump = Name("Trump", "Trump")
        assert in_house("O Trump e Trumpet.", [trump]) == f"O {respelled('Trump')} e Trumpet."
        assert in_house("O Trump.", []) == "O Trump."


IRAN, IRAQ = Name("Iran", "Irã"), Name("Iraq", "Iraque", ("Iraca",))


class TestJudging:
    def test_mentions_are_whole_words_and_the_longest(self) -> None:
        mentions = Mentions([Name("York", "Iorque"), Name("New York", "Nova Iorque")])
        found = mentions.of("New York, York and Yorkshire")
        assert [mention.name.source for mention in found] == ["New York", "York"]
        assert found[1].span == Span(10, 14)

    def test_each_mention_needs_a_form_of_its_own(self) -> None:
        assert judge("O Irã.", [IRAN, IRAN]).successes == 1
        assert judge("O Irã e o Irã.", [IRAN, IRAN]).successes == 2

    def test_a_form_inside_a_word_or_in_other_letters_is_none(self) -> None:
        assert judge("O irã, a Irãs, o Ira.", [IRAN]).successes == 0

    def test_any_accepted_form_will_do(self) -> None:
        assert judge("No Iraca.", [IRAQ]).successes == 1

    def test_what_no_mention_is_left_for_is_surplus(self) -> None:
        assert judge("Irã, Irã e Irã.", [IRAN, IRAQ]).surplus == 2
        assert judge("Irã e Iraque.", [IRAN, IRAQ]).surplus == 0

    def test_names_that_share_a_form_do_not_rob_each_other(self) -> None:
        pliant, stiff = Name("A", "Um", ("Dois",)), Name("B", "Um")
        assert judge("Um, Dois", [pliant, stiff]).successes == 2

    def test_the_first_mention_has_the_first_place(self) -> None:
        assert judge("Irã, Irã", [IRAN, IRAN]).places == (Span(0, 3), Span(5, 8))

    def test_hyphens_count_as_one(self) -> None:
        assert judge("Apollo–Soyuz", [Name("A", "Apollo-Soyuz")]).successes == 1


PERSIA = Name("Iran", "Pérsia")


def faults(
    before: str, after: str, reference: str = "", *, name: Name = IRAN, wanted: Name = PERSIA
) -> list[Fault | None]:
    return [swap.fault for swap in swaps([name], [wanted], before, after, reference)]


HOUSE = IRAN.respelled()
NEW = HOUSE.target


class TestCleanSwaps:
    """``known``: the model wrote the name as the reference has it."""

    def test_exactly_the_name(self) -> None:
        assert faults("Vi o Irã ontem.", f"Vi o {NEW} ontem.", wanted=HOUSE) == [None]

    def test_what_stood_there_before_is_no_swap(self) -> None:
        assert faults("Vi o Irã.", "Vi o Irã.", wanted=IRAN) == []

    def test_agreement_and_quotation_marks_are_no_fault(self) -> None:
        assert faults("Vi o Irã ontem.", f"Vi a {NEW} ontem.", wanted=HOUSE) == [None]
        assert faults("Vi o Irã ontem.", f"Vi o “{NEW}” ontem.", wanted=HOUSE) == [None]

    @pytest.mark.parametrize(
        "after",
        ["Vi {} ontem.", "Vi o {}.", "Vi o Irã {} ontem.", "Vi o o {} ontem.", "Vi o {} ontem"],
    )
    def test_a_word_or_mark_lost_or_doubled_is_one(self, after: str) -> None:
        assert faults("Vi o Irã ontem.", after.format(NEW), wanted=HOUSE) == [Fault.BESIDE]

    def test_a_rendering_of_another_spelling_is_the_name_s(self) -> None:
        assert faults("Vi o Irão ontem.", "Vi o Irã ontem.", "Vi o Irã.", wanted=IRAN) == [None]

    def test_a_word_that_the_reference_has_must_stay(self) -> None:
        reference = "Vi a Pérsia ontem."
        assert faults("Vi a Irânia ontem.", "Vi a Pérsia ontem.", reference) == [None]
        assert faults("Vi a Irânia Ontem.", "Vi a Pérsia.", reference) == [Fault.SWALLOWED]

    def test_a_word_that_the_reference_lacks_was_the_rendering_s(self) -> None:
        assert faults("Vi o País Persa hoje.", "Vi a Pérsia hoje.", "Vi a Pérsia.") == [None]

    def test_an_article_at_the_end_of_a_rendering_must_stay(self) -> None:
        assert faults("Vi a Irânia.", "Vi Pérsia.", "Vi a Pérsia.") == [Fault.SWALLOWED]
        assert faults("Vi a Irânia.", "Vi o Pérsia.", "Vi a Pérsia.") == [None]

    def test_a_small_word_of_the_name_s_own_may_change_its_case(self) -> None:
        africa = Name("North Africa", "Norte da África")
        assert faults("no norte da África", "no Norte da África", name=africa, wanted=africa) == [
            None
        ]

    def test_a_piece_of_the_rendering_beside_the_name_is_left_over(self) -> None:
        stadium = Name("War Stadium", "War Stadium")
        before, after = "no Estádio de Guerra", "no Stadium War Stadium"
        assert faults(before, after, name=stadium, wanted=stadium) == [Fault.LEFT_OVER]
        assert faults(before, after, after, name=stadium, wanted=stadium) == [None]

    def test_where_the_name_stands_too_often_any_place_may_be_swapped(self) -> None:
        for after in (f"Vi o {NEW} e o Irã.", f"Vi o Irã e o {NEW}."):
            assert faults("Vi o Irã e o Irã.", after, wanted=HOUSE) == [None]

    def test_a_fault_belongs_to_the_nearest_swap(self) -> None:
        house = [HOUSE, IRAQ.respelled()]
        found = swaps(
            [IRAN, IRAQ],
            house,
            "Vi o Irã muito antes de ir ao Iraque hoje.",
            f"Vi o {NEW} muito antes de ir ao {house[1].target}.",
            "",
        )
        assert [swap.fault for swap in found] == [None, Fault.BESIDE]


class Asked:
    """An engine that writes down what it was asked."""

    name = "asked"

    def __init__(self, write: Callable[[str], str] = str.upper) -> None:
        self.questions: list[list[str]] = []
        self.closed = False
        self._write = write

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        self.questions.append(list(sources))
        forced = prefixes or [""] * len(sources)
        return [
            Hypothesis(prefix + self._write(source), 0.0)
            for source, prefix in zip(sources, forced, strict=True)
        ]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        self.questions.append(list(sources))
        return [[Hypothesis(self._write(source), 0.0)] * n for source in sources]

    def close(self) -> None:
        self.closed = True


class TestReplaying:
    def test_nothing_is_asked_twice(self) -> None:
        asked = Asked()
        engine = ReplayingEngine(asked)
        first = engine.translate(["a", "b", "a"])
        assert engine.translate(["b", "c", "a"]) == [first[1], Hypothesis("C", 0.0), first[0]]
        assert asked.questions == [["a", "b"], ["c"]]

    def test_another_prefix_search_or_number_is_another_question(self) -> None:
        asked = Asked()
        engine = ReplayingEngine(asked)
        engine.translate(["a"])
        assert engine.translate(["a"], prefixes=["x"])[0].text == "xA"
        engine.translate(["a"], search=Search(beam=2))
        assert len(engine.n_best(["a"], 2, search=GREEDY)[0]) == 2
        assert len(engine.n_best(["a"], 3, search=GREEDY)[0]) == 3
        assert len(asked.questions) == 5

    def test_a_branch_knows_what_was_asked_and_keeps_to_itself_what_it_asks(self) -> None:
        asked = Asked()
        engine = ReplayingEngine(asked)
        engine.translate(["a"])
        for _ in range(2):
            branch = engine.branch()
            branch.translate(["a", "b"])
            assert branch.busy > 0
        engine.translate(["b"])
        assert asked.questions == [["a"], ["b"], ["b"], ["b"]]

    def test_progress_is_told_and_the_engine_closed(self) -> None:
        asked, told = Asked(), list[int]()
        engine = ReplayingEngine(asked)
        engine.translate(["a", "b"], progress=told.append)
        engine.close()
        assert told == [2]
        assert asked.closed


def bench(sources: Sequence[str], write: Callable[[str], str]) -> names.Workbench:
    return names.Workbench(
        ReplayingEngine(Asked(write)),
        sources,
        origin=Locale("en"),
        target=Locale("pt"),
        rounds=1,
    )


class TestMeasuring:
    SOURCES = ("He saw Tehran last year and liked it.", "Nothing was there at all.")
    REFERENCES = ("Ele viu Teerã no ano passado e gostou.", "Não havia nada ali mesmo.")
    TEHRAN = Name("Tehran", "Teerã", (), frozenset({0}))

    def test_a_name_that_the_model_spells_alike_comes_out_as_agreed(self) -> None:
        written = dict(zip(self.SOURCES, self.REFERENCES, strict=True))
        mentions = list(map(Mentions([self.TEHRAN]).of, self.SOURCES))
        found = names.measure(
            bench(self.SOURCES, lambda source: written[source].replace("Teerã", "Teheran")),
            [self.TEHRAN],
            mentions,
            self.REFERENCES,
            lambda name: name,
        )
        assert found["success_unforced"] == {"all": 0, "elsewhere": 0}
        assert found["success"] == {"all": 1, "elsewhere": 0}
        assert found["success_human"] == {"all": 1, "elsewhere": 0}
        assert (found["swaps"], found["swaps_clean"], found["cases"]) == (1, 1, [])
        assert found["chrf"] == pytest.approx(100)
        assert found["chrf"] > found["chrf_unforced"]
        assert found["lines_without_hits"] == 1
        assert found["lines_without_hits_changed"] == found["unmatched"] == 0

    def test_a_large_glossary_changes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(names, "LARGE", 200)
        written = dict(zip(self.SOURCES, self.REFERENCES, strict=True))
        found = names.never_matching(bench(self.SOURCES, written.__getitem__))
        assert found["lines_changed"] == 0
        assert found["terms"] == 200

    def test_made_up_names_are_as_many_as_asked_for_and_begin_as_the_lines_do(self) -> None:
        made = names.made_up_names(self.SOURCES, 500)
        assert len({name.source for name in made}) == 500
        words = {word for line in self.SOURCES for word in line.split()}
        assert all(name.source.split()[0] in words for name in made)

    def test_a_line_changed_without_a_term_fails(self) -> None:
        settings = {"ref": {"lines_without_hits": 5, "lines_without_hits_changed": 1}}
        results = {"settings": settings, "never_matching": {"lines_changed": 0}}
        assert names.failures(results) == ["ref: 1 of 5 lines without a term differ"]
        settings["ref"]["lines_without_hits_changed"] = 0
        assert names.failures(results) == []
        results = {"settings": settings, "never_matching": {"lines_changed": 3}}
        assert names.failures(results) == ["3 lines differ under a glossary that never matches"]

    def test_surplus_counts_either_spelling(self) -> None:
        mentions = Mentions([IRAN]).of("Iran")
        line = names.Line(1, "Iran", "Irã", mentions, (HOUSE,), "Irã", Draft(f"{NEW} Irã"))
        assert line.surplus(line.unforced) == 0
        assert line.surplus(line.draft.text) == 1

    def test_sets_that_do_not_fit_are_refused(self, tmp_path: Path) -> None:
        for name, text in (("one", "a\n"), ("two", "a\nb\n")):
            (tmp_path / name).write_text(text, encoding="utf-8")
        files = ["--source", str(tmp_path / "one"), "--reference"]
        with pytest.raises(BenchmarkError, match="numbers of lines"):
            names.run(names.parse([*files, str(tmp_path / "two")]))
        with pytest.raises(BenchmarkError, match="no name"):
            names.run(names.parse([*files, str(tmp_path / "one")]))


@pytest.mark.slow
def test_one_run_on_the_model(tmp_path: Path) -> None:
    sentences = (REPOSITORY / "tests/engines/sentences.en.txt").read_text(encoding="utf-8")
    lines = [line for line in sentences.splitlines() if line and not line.startswith("#")][:20]
    lines += ["We met Barack Obama in Berlin.", "Then Angela Merkel came to Paris."]
    text = "".join(f"{line}\n" for line in lines)
    for name in ("source", "reference"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = tmp_path / "found.json"
    told = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.names", "--rounds", "1", "--json", str(found)),
            *("--source", str(tmp_path / "source"), "--reference", str(tmp_path / "reference")),
        ],
        cwd=REPOSITORY,
        check=True,
        timeout=300,
        stdout=subprocess.PIPE,
    )
    results = json.loads(found.read_text(encoding="utf-8"))
    assert results["mentions"] >= 4
    assert results["never_matching"]["lines_changed"] == 0
    for setting in ("ref", "house"):
        measured = results["settings"][setting]
        assert measured["lines_without_hits_changed"] == 0
        assert measured["success_human"]["all"] == results["mentions"]
        assert measured["success"]["all"] >= measured["success_unforced"]["all"]
    assert results["settings"]["house"]["success_unforced"]["all"] == 0
    assert "success of the human" in told.stdout.decode()
