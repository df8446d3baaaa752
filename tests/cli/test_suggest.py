"""``l10n glossary suggest`` and ``l10n glossary consistency`` as a user meets them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from l10n_pipeline.cli.suggest import run_consistency, run_suggest
from l10n_pipeline.errors import OutputError, UsageError
from l10n_pipeline.glossary import parse_glossary

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: pt_BR\\n"

msgid "They met in Khojaly."
msgstr "Viram {}."
"""

Suggest = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "l10n.toml", 'targets = ["pt-BR"]')
    write(tmp_path / "seeds/a.txt", "They met in Khojaly.\n\nThey left Khojaly with Mr Lapaitis.")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def suggest(**options: Any) -> int:
    wanted: dict[str, Any] = {
        "paths": [],
        "to": None,
        "output": None,
        "min_count": 1,
        "as_json": False,
        "mt": False,
        "model": None,
        "precision": None,
        "workers": 1,
        "quiet": False,
    }
    with pytest.raises(SystemExit) as ended:
        run_suggest(**wanted | options)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def consistency(**options: Any) -> int:
    wanted: dict[str, Any] = {"to": [], "as_json": False}
    with pytest.raises(SystemExit) as ended:
        run_consistency(**wanted | options)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_suggestions_are_printed_as_a_glossary_and_the_summary_apart(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggest() == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0].startswith("# source\ttarget\tcomment")
    assert told.out.splitlines()[1].startswith(
        "# Khojaly\t\t2×; in: a.txt — “They met in Khojaly.”"
    )
    assert told.err == "2 names that the glossary lacks in 2 segments\n"
    assert suggest(quiet=True) == 0
    assert capsys.readouterr().err == ""


def test_they_are_written_to_a_file_that_does_not_exist_yet(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggest(output=Path("names.tsv")) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "written to names.tsv" in told.err
    written = (folder / "names.tsv").read_bytes()
    assert parse_glossary(written, "names.tsv") == ()
    with pytest.raises(OutputError, match="exists already"):
        suggest(output=Path("names.tsv"))
    assert (folder / "names.tsv").read_bytes() == written


def test_as_json_they_have_all_that_is_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggest(as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["suggestions"][0] == {
        "source": "Khojaly",
        "target": "",
        "kind": "place",
        "count": 2,
        "aliases": [],
        "case_sensitive": False,
        "renderings": [],
        "disagreeing": False,
        "contexts": [
            {"document": "a.txt", "snippet": "They met in Khojaly."},
            {"document": "a.txt", "snippet": "They left Khojaly with Mr Lapaitis."},
        ],
    }
    assert (told["model"], told["errors"]) == ("", [])


def test_one_language_at_a_time(folder: Path) -> None:
    write(folder / "l10n.toml", 'targets = ["pt-BR", "az"]')
    with pytest.raises(UsageError, match="--to LOCALE"):
        suggest()
    assert suggest(to="az") == 0


def test_languages_translated_by_hand_need_no_model(folder: Path) -> None:
    write(folder / "l10n.toml", 'targets = ["az"]\nby_hand = ["az"]')
    assert suggest(mt=True) == 0


def test_german_is_warned_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder / "l10n.toml", 'source = "de"\ntargets = ["pt-BR"]')
    assert suggest() == 0
    assert "German writes all nouns with capitals" in capsys.readouterr().err


@pytest.mark.slow
def test_the_model_is_asked_how_it_renders_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggest(mt=True) == 0
    told = capsys.readouterr()
    (first, *_) = parse_glossary(told.out.encode(), "names.tsv")
    assert (first.source, first.target) == ("Khojaly", "Khojaly")
    assert "model: enpt" in told.err


def test_agreeing_catalogues_exit_with_0_and_disagreeing_ones_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogues = folder / "locales/pt_BR/LC_MESSAGES"
    write(catalogues / "a.txt.po", PO.format("Khojaly"))
    write(catalogues / "b.txt.po", PO.format("Khojaly"))
    assert consistency() == 0
    assert capsys.readouterr().out == (
        "pt-BR: 0 names rendered in several ways in 2 translated segments\n"
    )
    write(catalogues / "b.txt.po", PO.format("Khodjaly"))
    assert consistency() == 1
    assert capsys.readouterr().out == (
        "pt-BR: Khojaly\n"
        "  Khojaly: 1 segment\n"
        "    a.txt: They met in Khojaly.\n"
        "  Khodjaly: 1 segment\n"
        "    b.txt: They met in Khojaly.\n"
        "pt-BR: 1 name rendered in several ways in 2 translated segments\n"
    )


def test_disagreements_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogues = folder / "locales/pt_BR/LC_MESSAGES"
    write(catalogues / "a.txt.po", PO.format("Khojaly"))
    write(catalogues / "b.txt.po", PO.format("Khodjaly"))
    assert consistency(to=["pt-BR"], as_json=True) == 1
    (locale,) = json.loads(capsys.readouterr().out)["locales"]
    (one,) = locale["disagreements"]
    assert (locale["locale"], locale["entries"], one["name"]) == ("pt-BR", 2, "Khojaly")
    assert [variant["spellings"] for variant in one["variants"]] == [["Khojaly"], ["Khodjaly"]]
