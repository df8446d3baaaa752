"""The benchmark of the memory measures what it says."""

import json
from itertools import islice

import pytest
from benchmarks import memory_lookup

from l10n_pipeline.memory.comparable import comparable

SOURCES = ["The harbour was closed on Monday.", "A new school opened in the old town."] * 4
TARGETS = ["O porto fechou na segunda-feira.", "Uma escola nova abriu na cidade velha."] * 4


def test_units_are_the_same_in_every_run_and_each_once():
    made = list(memory_lookup.made_units(SOURCES, TARGETS, 200))
    assert made == list(memory_lookup.made_units(SOURCES, TARGETS, 200))
    assert len({comparable(unit.source) for unit in made}) == 200


def test_both_ways_of_asking_agree_and_both_are_told(tmp_path, capsys):
    source, reference, told = tmp_path / "a.en", tmp_path / "a.pt", tmp_path / "told.json"
    source.write_text("".join(f"{line}\n" for line in SOURCES), "utf-8")
    reference.write_text("".join(f"{line}\n" for line in TARGETS), "utf-8")
    files = ["--source", str(source), "--reference", str(reference), "--json", str(told)]
    memory_lookup.main([*files, "--units", "300", "--queries", "9"])
    results = json.loads(told.read_text("utf-8"))
    assert results["units"] == 300
    assert results["different"] == 0
    assert results["all"]["queries"] == 9
    assert "answers other than the scan's: 0" in capsys.readouterr().out


def test_a_text_that_is_not_there_is_one_line(tmp_path):
    nowhere = str(tmp_path / "nowhere")
    with pytest.raises(SystemExit, match="memory_lookup: "):
        memory_lookup.main(["--source", nowhere, "--reference", nowhere])


def test_queries_are_of_all_kinds():
    some = [unit.source for unit in islice(memory_lookup.made_units(SOURCES, TARGETS, 30), 30)]
    made = memory_lookup.queries(SOURCES, some)
    assert len(made) == 30
    assert len(set(made) - set(some)) > 20
