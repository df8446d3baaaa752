"""The benchmarks of the memory measure what they say."""

import json
from itertools import islice
from random import Random

import pytest
from benchmarks import leverage, memory_lookup

from l10n_pipeline.comparable import comparable
from l10n_pipeline.model import Term

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


# --- leverage ------------------------------------------------------------------------

PAIRS = {
    "On Monday Ontario sold 1,275 cars to Alberta.": "Ontario vendeu 1.275 carros a Alberta.",
    "They say that Ontario has 12 schools.": "Dizem que Ontario tem 12 escolas.",
    "Nobody in the old town knows why.": "Ninguém na cidade velha sabe por quê.",
    "The harbour was closed in 2018.": "O porto fechou em 2018.",
    "A school opened in Alberta last year.": "Uma escola abriu em Alberta no ano passado.",
}
NAMES = leverage.Names((Term("Ontario", "Ontario"), Term("Alberta", "Alberta")))


def test_names_of_a_test_set_are_no_words():
    pairs = {"In the East, Ontario is east.": "No East, Ontario é east.", "So Rome is.": "Roma é."}
    assert leverage.names_alike(pairs) == ["Ontario"]


def test_documents_are_edited_alike_in_every_run():
    one, other = (leverage.Editor(PAIRS, NAMES, Random(7)).document() for _ in range(2))
    assert one == other


def test_what_an_edited_sentence_says_is_what_its_translation_may_say():
    for seed in range(50):
        for one in leverage.Editor(PAIRS, NAMES, Random(seed)).document():
            # By exchanging the facts of the old translation the same comes out.
            assert one.allowed[0] == NAMES.facts(one.source)
            assert one.allowed[1] == one.allowed[0]


@pytest.mark.parametrize(
    ("proposal", "wrong"),
    [
        ("Ontario vendeu 1.275 carros.", (0, 0)),
        ("Ontario vendeu 1275 carros.", (0, 0)),
        ("Ontario vendeu 1.276 carros.", (1, 0)),
        ("Alberta vendeu 1.275 carros.", (0, 1)),
        ("Vendeu carros.", (1, 1)),
    ],
)
def test_a_wrong_number_or_name_is_seen(proposal, wrong):
    found = leverage.Proposals()
    source = "Ontario sold 1,275 cars."
    found.add(leverage.Edited(source, (NAMES.facts(source),)), proposal, NAMES)
    assert (found.wrong_numbers, found.wrong_names) == wrong
    assert bool(found.examples) == any(wrong)


def test_nothing_that_is_reused_is_wrong_and_all_tools_are_told(tmp_path, capsys):
    source, reference, told = tmp_path / "a.en", tmp_path / "a.pt", tmp_path / "told.json"
    source.write_text("".join(f"{line}\n" for line in PAIRS), "utf-8")
    reference.write_text("".join(f"{line}\n" for line in PAIRS.values()), "utf-8")
    files = ["--source", str(source), "--reference", str(reference), "--json", str(told)]
    leverage.main([*files, "--rounds", "2"])
    results = json.loads(told.read_text("utf-8"))
    assert results["names"] == 2
    of_ours = [row for row in results["rows"] if row["tool"] == "l10n"]
    assert sum(row["segments"] for row in of_ours) <= results["segments"]
    assert (
        results["calls"] + sum(row["segments"] for row in of_ours if row["class"] != "shown")
        == results["segments"]
    )
    assert {row["tool"] for row in results["rows"]} == {"l10n", "msgmerge"}
    assert "Translate Toolkit is left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("python", "told"), [("false", "false failed"), ("/no/python", "cannot be run: ")]
)
def test_an_interpreter_without_translate_toolkit_is_one_line(python, told):
    with pytest.raises(SystemExit, match=f"leverage: .*{told}"):
        leverage.main(["--rounds", "1", "--toolkit", python])


def test_a_wrong_reuse_fails_the_benchmark(monkeypatch):
    row = {"tool": "l10n", "class": "repaired", "wrong_numbers": 1, "wrong_names": 0}
    monkeypatch.setattr(leverage, "carry_out", lambda *arguments: {"rows": [row]})
    with pytest.raises(SystemExit, match="1 numbers or names"):
        leverage.main([])
