"""The benchmark of verification: its table of names, its judgements and its arithmetic."""

import argparse
import csv
from pathlib import Path

import pytest
from benchmarks import verification
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of, write_lines

from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term, TermMode, TermStatus

LANGUAGES = ["pt", "es", "ru", "tr", "az"]
SOURCES = ["Leyla was in Baku.", "She left Baku."]
TERMS = [
    Term("Baku", "Баку", mode=TermMode.INFLECT, case_sensitive=True),
    Term("Leyla", "Лейла", mode=TermMode.INFLECT, case_sensitive=True),
]
REFERENCES = ["Лейлу видели в Баку.", "Она уехала из столицы."]


def hits() -> list:
    return verification.hits_of(SOURCES, TERMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_have_a_form_in_every_language(language: str) -> None:
    terms = verification.terms_of(
        verification.DATA / "names.tsv", Locale(language), inflected=False
    )
    assert len(terms) > 200
    assert len({term.source for term in terms}) == len(terms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_judgement_has_a_reason_and_is_of_a_listed_name(language: str) -> None:
    path = verification.DATA / f"verification.{language}.tsv"
    names = {line.split("\t")[0] for line in lines_of(verification.DATA / "names.tsv")}
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert all(row["verdict"] in ("true", "false") and row["reason"] for row in rows)
    assert {row["term"] for row in rows} <= names
    assert len(verification.judgements_of(path)) == len(rows)


def test_a_language_without_a_column_is_refused() -> None:
    with pytest.raises(BenchmarkError, match="'fi'"):
        verification.terms_of(verification.DATA / "names.tsv", Locale("fi"))


def test_a_form_is_found_by_the_rule_and_not_by_a_plain_search() -> None:
    counts = verification.counted(hits(), REFERENCES)
    assert counts.hits == 3
    assert counts.flags == (verification.Flag(2, "Baku", "Баку", TermStatus.MISSING),)
    assert counts.plain == {(1, "Leyla"), (2, "Baku")}


@pytest.mark.parametrize(
    ("judgements", "wrong", "unjudged", "plain"),
    [
        ({}, 0, 1, 2),
        ({(2, "Baku"): verification.Judgement(rightly=True, reason="a pronoun")}, 0, 0, 1),
        ({(2, "Baku"): verification.Judgement(rightly=False, reason="inflected")}, 1, 0, 2),
    ],
)
def test_a_flag_is_false_unless_a_reader_says_otherwise(
    judgements: dict, wrong: int, unjudged: int, plain: int
) -> None:
    counts = verification.counted(hits(), REFERENCES)
    found = verification.false_flags(counts, judgements)
    assert tuple(map(len, found)) == (wrong, unjudged)
    assert verification.false_plain(counts, judgements) == plain


def test_a_wrong_name_is_noticed_and_a_right_one_counts_as_missed() -> None:
    other = verification.misses(hits(), REFERENCES, {"Баку": ["Батуми"], "Лейла": []})
    assert (other.tried, other.missed) == (1, ())
    same = verification.misses(hits(), REFERENCES, {"Баку": ["Баку"], "Лейла": []})
    assert same.missed == ("1: Баку → Баку",)


def test_neighbours_begin_alike_and_share_no_word() -> None:
    targets = ["Khojaly", "Khojavend", "Khojaly Street", "Baku"]
    near = verification.neighbours([Term(target, target) for target in targets])
    assert near["Khojaly"] == ["Khojavend"]
    assert near["Baku"] == []


def test_misspellings_change_one_letter_in_the_middle() -> None:
    wrong = verification.misspellings([Term("x", "Khojaly"), Term("x", "UNESCO")])
    assert wrong == {"Khojaly": ["Khoqaly", "Khoaly"], "UNESCO": []}


def test_the_command_reads_languages_with_their_files() -> None:
    options = verification.parse(["--source", "a", "--references", "pt=b,pt-BR=c"])
    assert options.references == [(Locale("pt"), Path("b")), (Locale("pt", "", "BR"), Path("c"))]
    with pytest.raises(argparse.ArgumentTypeError):
        verification.language_and_path("pt")


def test_the_command_prints_both_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(tmp_path / "en", ["He came to Berlin."])
    write_lines(tmp_path / "pt", ["Ele veio a Berlim."])
    arguments = ["--source", str(tmp_path / "en"), "--references", f"pt={tmp_path / 'pt'}"]
    monkeypatch.setattr("sys.argv", ["verification", *arguments])
    verification.main()
    first, _, second = capsys.readouterr().out.partition("\n\n")
    assert first.splitlines()[1].split() == ["pt", "1", *"00", "0.00%", *"00", "0.00%", "0"]
    assert second.splitlines()[1].split()[0] == "pt"
