"""``l10n export`` and ``l10n import``, as a user runs them."""

import csv
import re
from pathlib import Path

import pytest

from l10n_pipeline.exchange.table import COLUMNS

from .conftest import L10n

PAGE = (Path(__file__).parents[2] / "docs/exchange.md").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, l10n: L10n) -> Path:
    (tmp_path / "l10n.toml").write_text('targets = ["az"]\nby_hand = ["az"]\n', encoding="utf-8")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("One comes. Two go.", encoding="utf-8")
    assert l10n("translate", "-q").returncode == 0
    return tmp_path


def test_out_and_back(project: Path, l10n: L10n) -> None:
    done = l10n("export")
    assert (done.returncode, done.stdout) == (0, "exchange/az/a.txt.xlf: 2 texts\n")
    assert l10n("export").stdout == "exchange/az/a.txt.xlf: 2 texts (as before)\n"
    file = project / "exchange/az/a.txt.xlf"
    text = file.read_text(encoding="utf-8")
    text = text.replace('state="initial"', 'state="final"', 1)
    text = text.replace("</source>", "</source><target>Biri gəlir.</target>", 1)
    file.write_text(text, encoding="utf-8")
    told = "locales/az/LC_MESSAGES/a.txt.po: 1 accepted, 1 unchanged; "
    done = l10n("import", "--dry-run", str(file))
    assert (done.returncode, done.stdout) == (0, f"{told}would be written\n")
    assert l10n("import", str(file)).stdout == f"{told}written\n"
    done = l10n("import", "-q", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert l10n("build", "--to", "az").returncode == 0
    assert (project / "build/az/a.txt").read_text(encoding="utf-8") == "Biri gəlir. Two go."


def test_what_was_taken_under_another_name_is_told(project: Path, l10n: L10n) -> None:
    l10n("export")
    file = project / "exchange/az/a.txt.xlf"
    text = file.read_text(encoding="utf-8")
    text = text.replace("</source>", "</source><target>Biri gəlir.</target>", 1)
    file.write_text(text, encoding="utf-8")
    (project / "seeds/a.txt").rename(project / "seeds/b.txt")
    assert l10n("translate", "-q").returncode == 0
    done = l10n("import", str(file))
    told = "locales/az/LC_MESSAGES/b.txt.po, where the texts of a.txt are now: "
    assert (done.returncode, done.stdout) == (0, f"{told}1 edited, 1 unchanged; written\n")


def test_a_conflict_shows_both_texts(project: Path, l10n: L10n) -> None:
    l10n("export", "--format", "csv")
    catalogue = project / "locales/az/LC_MESSAGES/a.txt.po"
    text = catalogue.read_text(encoding="utf-8")
    here = text.replace('msgid "One comes."\nmsgstr ""', 'msgid "One comes."\nmsgstr "Gəlir."')
    catalogue.write_text(here, encoding="utf-8")
    file = project / "exchange/az/a.txt.csv"
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    rows[1][COLUMNS.index("target")] = "Biri \x1b[31mgəlir."
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    done = l10n("import", "exchange/az/a.txt.csv")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "exchange/az/a.txt.csv:2: it was changed here since the export; decide in the catalogue",
        "  source: One comes.",
        "  here:   Gəlir.",
        r"  theirs: Biri \x1b[31mgəlir.",
    ]
    assert catalogue.read_text(encoding="utf-8") == here


def test_mistakes_are_one_line_each(project: Path, l10n: L10n) -> None:
    (project / "a.xlf").write_text("<xliff", encoding="utf-8")
    (project / "x.xlf").mkdir()
    done = l10n("import", "a.xlf", "b.csv", "l10n.toml", "x.xlf", "seeds")
    advice = "write it anew with the tool it comes from, or name another file"
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"error: a.xlf:1: not XML: unclosed token; {advice}",
        "error: b.csv: no such file",
        "error: l10n.toml: neither XLIFF nor CSV, by its name; name .xlf or .csv files",
        "error: x.xlf: is a folder; name the files in it",
        "error: seeds: is a folder; name the files in it",
    ]
    l10n("export")
    with (project / "exchange/az/a.txt.xlf").open("a", encoding="utf-8") as stream:
        stream.write("<!-- mine -->")
    done = l10n("export")
    assert done.returncode == 2
    told = "error: exchange/az/a.txt.xlf: is there already, and is another; "
    assert done.stderr.startswith(told)
    assert l10n("export", "--force").returncode == 0


def test_a_table_that_was_cut_off_says_what_to_do(project: Path, l10n: L10n) -> None:
    l10n("export", "--format", "csv")
    file = project / "exchange/az/a.txt.csv"
    file.write_bytes(file.read_bytes().rpartition(b", sentence 2")[0])
    done = l10n("import", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.endswith("ask for the file again: it was cut off, or lacks a quotation mark")


def test_a_table_without_texts_is_told_of(project: Path, l10n: L10n) -> None:
    l10n("export", "--format", "csv")
    file = project / "exchange/az/a.txt.csv"
    file.write_bytes(file.read_bytes().partition(b"\n")[0])
    done = l10n("import", "exchange/az/a.txt.csv")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: exchange/az/a.txt.csv: there are no texts in it; ")


def test_a_model_for_a_language_that_humans_translate_is_told_of(l10n: L10n, project: Path) -> None:
    note = "note: az is translated by hand (by_hand in l10n.toml): no model is used\n"
    assert project.is_dir()
    assert l10n("translate", "--model", "any").stderr == note
    assert not l10n("translate", "--model", "any", "--no-mt").stderr
    assert not l10n("translate", "--model", "any", "-q").stderr


def test_nothing_to_export(project: Path, l10n: L10n) -> None:
    (project / "seeds/a.txt").unlink()
    (project / "locales/az/LC_MESSAGES/a.txt.po").unlink()
    done = l10n("export")
    assert (done.returncode, done.stdout) == (0, "nothing to export\n")


def test_the_page_names_every_column_and_option(l10n: L10n) -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE) == list(COLUMNS)
    for command in ("export", "import"):
        for option in re.findall(r"--[a-z-]+", l10n(command, "--help").stdout):
            assert option == "--help" or option in PAGE, option


def test_what_it_writes_says_the_time_that_the_environment_says(project: Path, l10n: L10n) -> None:
    l10n("export")
    file = project / "exchange/az/a.txt.xlf"
    text = file.read_text(encoding="utf-8")
    text = text.replace("</source>", "</source><target>Biri gəlir.</target>", 1)
    file.write_text(text, encoding="utf-8")
    time = {"SOURCE_DATE_EPOCH": "1767323040", "TZ": "Asia/Baku"}
    assert l10n("import", str(file), env=time).returncode == 0
    catalogue = (project / "locales/az/LC_MESSAGES/a.txt.po").read_text(encoding="utf-8")
    assert "PO-Revision-Date: 2026-01-02 03:04+0000" in catalogue
