"""``l10n glossary``: checking, taking over, passing on."""

import json
import re
from pathlib import Path

import pytest

from l10n_pipeline.cli.glossary import run_check, run_export, run_import
from l10n_pipeline.errors import ConfigError, GlossaryError, LocaleError, UsageError

from .conftest import L10n

PAGE = (Path(__file__).parents[2] / "docs/glossary.md").read_text(encoding="utf-8")
HEADING = "# source\ttarget\tcomment\taliases\tforbidden\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "l10n.toml").write_text('targets = ["pt-BR"]\n', encoding="utf-8")
    (tmp_path / "glossary").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str | bytes) -> Path:
    Path(path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return Path(path)


def check(*paths: str, as_json: bool = False) -> int:
    with pytest.raises(SystemExit) as leaving:
        run_check([Path(path) for path in paths], as_json=as_json)
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def take_over(
    path: str,
    *,
    to: str = "pt-BR",
    source: str | None = None,
    output: str = "",
    file_format: str | None = None,
    delimiter: str = "",
    force: bool = False,
) -> int:
    with pytest.raises(SystemExit) as leaving:
        run_import(
            Path(path),
            to=to,
            source=source,
            output=Path(output) if output else None,
            file_format=file_format,
            delimiter=delimiter,
            force=force,
            wait=False,
        )
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def pass_on(
    *,
    to: str = "pt-BR",
    file_format: str | None = None,
    delimiter: str = "",
    output: str = "",
    force: bool = False,
) -> None:
    run_export(
        to=to,
        file_format=file_format,
        delimiter=delimiter,
        output=Path(output) if output else None,
        force=force,
    )


# --- check -------------------------------------------------------------------------


def test_every_broken_row_of_every_file_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("glossary/en-pt_BR.tsv", "Baku\n\tx\nGanja\tGanja\nGanja\tGanja\n")
    write("glossary/en-ru.tsv", b"Quba\t\xff\n")
    assert check() == 1
    way_out = "save the glossary as UTF-8"
    assert capsys.readouterr().out.splitlines() == [
        "glossary/en-pt_BR.tsv:1: error: 'Baku' has no target",
        "glossary/en-pt_BR.tsv:2: error: the source is empty",
        "glossary/en-pt_BR.tsv:4: warning: 'Ganja' stands in line 3 already",
        f"glossary/en-ru.tsv:1: error: not UTF-8: byte 0xff at byte 6 of the line; {way_out}",
        "1 term in 2 glossary files: 3 errors, 1 warning",
    ]


def test_warnings_alone_are_no_failure(project: Path) -> None:
    write("glossary/en-pt_BR.tsv", "a\tb\nb\ta\n")
    assert check() == 0


def test_no_glossary_is_no_failure(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == 0
    assert capsys.readouterr().out == "0 terms in 0 glossary files: 0 errors, 0 warnings\n"


def test_findings_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("glossary/en-pt_BR.tsv", HEADING + "Baku\tBacu\t\tBaki\nBaki\tBacu\n")
    assert check(as_json=True) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["files"], report["terms"]) == (1, 1)
    assert [(one["level"], one["rule"], one["where"]) for one in report["findings"]] == [
        ("error", "row", "glossary/en-pt_BR.tsv:3")
    ]


def test_what_an_earlier_file_overrides_is_told_with_both_places(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("glossary/en-pt.tsv", HEADING + "Baku\tBaku\nGanja\tGanja\nQuba\tQuba\t\tKuba\n")
    write("glossary/en-pt_BR.tsv", HEADING + "BAKU\tBacu\nganja\tGanja\nKuba\tCuba\n")
    assert check() == 0
    earlier, later = "glossary/en-pt_BR.tsv", "glossary/en-pt.tsv"
    assert capsys.readouterr().out.splitlines()[:-1] == [
        f"{later}:2: info: 'Baku' is rendered 'Bacu' by {earlier}:2, which holds",
        f"{later}:3: info: 'Ganja' is rendered the same by {earlier}:3, which holds",
        f"{later}:4: info: 'Kuba' is rendered 'Cuba' by {earlier}:4, which holds",
    ]


def test_the_order_of_the_configuration_is_the_order_of_precedence(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    files = '["glossary/en-pt_BR.z*.tsv", "glossary/*.tsv"]'
    write("l10n.toml", f'targets = ["pt-BR"]\n[glossary]\nfiles = {files}\n')
    write("glossary/en-pt_BR.a.tsv", "Baku\tfrom a\n")
    write("glossary/en-pt_BR.z.tsv", "Baku\tfrom z\n")
    pass_on()
    assert b"from z" in capsysbinary.readouterr().out


def test_files_can_be_checked_wherever_they_lie(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("glossary/en-pt_BR.tsv", "broken\n")
    write("names.txt", "Baku\tBacu\n")
    assert check("names.txt") == 0
    assert capsys.readouterr().out == "1 term in 1 glossary file: 0 errors, 0 warnings\n"
    with pytest.raises(GlossaryError, match="no such file"):
        run_check([Path("nowhere.tsv")], as_json=False)


def test_control_characters_do_not_reach_the_terminal(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("glossary/en-pt_BR.tsv", HEADING + "a\u202eb\t\n")
    assert check() == 1
    assert "\u202e" not in capsys.readouterr().out


# --- import ------------------------------------------------------------------------


def test_a_csv_becomes_a_glossary(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("Our Names.csv", 'pt-BR,en,note,Client\nBacu,Baku,"a, b",x\n')
    assert take_over("Our Names.csv") == 0
    assert Path("glossary/en-pt_BR.Our-Names.tsv").read_text(encoding="utf-8") == (
        "# source\ttarget\tcomment\nBaku\tBacu\ta, b\n"
    )
    told = capsys.readouterr()
    assert "1 term written to" in told.out
    assert "Our Names.csv:1: warning: the column 'client' is left out" in told.err
    assert check() == 0


def test_entries_that_cannot_be_taken_over_are_told_and_the_others_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.csv", "source,target\n#1,um\nBaku,\nGanja,Ganja\n")
    assert take_over("a.csv", output="glossary/en-pt_BR.tsv") == 1
    assert Path("glossary/en-pt_BR.tsv").read_text(encoding="utf-8").endswith("\nGanja\tGanja\n")
    assert capsys.readouterr().err.splitlines() == [
        "a.csv:3: error: 'Baku' has no target",
        "a.csv:2: error: '#1' begins with #, as comments do in a glossary",
    ]


def test_nothing_is_written_where_there_is_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.csv", "source,target\nBaku,\n")
    assert take_over("a.csv") == 1
    assert list(Path("glossary").iterdir()) == []
    assert "nothing was written" in capsys.readouterr().out


def test_a_file_that_is_there_is_kept_unless_told(project: Path) -> None:
    write("en-pt_BR.csv", "source;target\nBaku;Bacu\n")
    write("glossary/en-pt_BR.tsv", "mine\tmeu\n")
    with pytest.raises(UsageError, match="is there already; name another file, or pass --force"):
        run_import(
            Path("en-pt_BR.csv"),
            to="pt-BR",
            source=None,
            output=None,
            file_format=None,
            delimiter=";",
            force=False,
            wait=False,
        )
    assert Path("glossary/en-pt_BR.tsv").read_bytes() == b"mine\tmeu\n"
    assert take_over("en-pt_BR.csv", delimiter=";", force=True) == 0
    assert b"Bacu" in Path("glossary/en-pt_BR.tsv").read_bytes()


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("a.xlsx", {}, "'xlsx' does not say what kind of glossary it is"),
        ("a", {}, "has no suffix"),
        ("a.csv", {"output": "a.csv"}, "let its name end in .tsv"),
        ("a.csv", {"delimiter": ";;"}, "';;' is no delimiter"),
        ("a.csv", {"delimiter": "x"}, "'x' is no delimiter"),
        ("a.csv", {"delimiter": '"'}, "is no delimiter"),
        ("a.tbx", {"delimiter": ";"}, "TBX has no delimiter"),
    ],
)
def test_a_request_that_cannot_be_met_is_one_error(
    project: Path, name: str, arguments: dict[str, str], said: str
) -> None:
    write(name, "source,target\n")
    with pytest.raises(UsageError, match=re.escape(said)):
        take_over(name, **arguments)


def test_a_file_that_is_missing_or_too_large_is_one_error(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GlossaryError, match="no such file"):
        take_over("nowhere.csv")
    monkeypatch.setattr("l10n_pipeline.pipeline.glossaries._LARGEST", 10)
    write("a.csv", "source,target\n")
    with pytest.raises(GlossaryError, match="more than 10 bytes"):
        take_over("a.csv")
    with pytest.raises(LocaleError):
        take_over("a.csv", to="klingonese")


def test_a_tab_separated_file_is_read_with_or_without_named_columns(project: Path) -> None:
    write("named.tsv", "target\tsource\nBacu\tBaku\n")
    write("plain.tsv", "Baku\tBacu\n")
    write("ours.tsv", HEADING + "Baku\tBacu\n")
    for name in ("named.tsv", "plain.tsv", "ours.tsv"):
        assert take_over(name, output="glossary/en-pt_BR.tsv", force=True) == 0
        assert Path("glossary/en-pt_BR.tsv").read_bytes().endswith(b"\nBaku\tBacu\n")


# --- export ------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", ["tbx", "csv", "tsv"])
@pytest.mark.parametrize("locale", ["pt-BR", "az", "ru", "tr", "es"])
def test_the_shipped_glossaries_come_back_as_they_went(
    project: Path, locale: str, file_format: str
) -> None:
    posix = locale.replace("-", "_")
    shipped = Path(__file__).parents[2] / f"glossary/en-{posix}.tsv"
    mine = write(f"glossary/en-{posix}.tsv", shipped.read_bytes())
    pass_on(to=locale, file_format="tsv", output="before.tsv")
    pass_on(to=locale, output=f"passed.{file_format}")
    mine.unlink()
    assert take_over(f"passed.{file_format}", to=locale) == 0
    pass_on(to=locale, output="after.tsv")
    assert Path("after.tsv").read_bytes() == Path("before.tsv").read_bytes()


def test_standard_output_gets_the_file_itself(
    project: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write("glossary/en-pt_BR.tsv", "Xankəndi\tHankendi\n")
    pass_on(file_format="csv", delimiter=";")
    told = capsysbinary.readouterr()
    assert told.out == "source;target;comment\r\nXankəndi;Hankendi;\r\n".encode()
    assert told.err == b""


def test_cells_like_formulas_are_told_of(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("glossary/en-pt_BR.tsv", "=1+1\t@x\n")
    pass_on(output="a.csv")
    assert "2 cells may look like a formula" in capsys.readouterr().err
    assert b"=1+1,@x" in Path("a.csv").read_bytes()


def test_an_export_replaces_nothing_unless_told(project: Path) -> None:
    write("glossary/en-pt_BR.tsv", "Baku\tBacu\n")
    write("a.tbx", "mine")
    with pytest.raises(UsageError, match="is there already"):
        pass_on(output="a.tbx")
    assert Path("a.tbx").read_bytes() == b"mine"
    pass_on(output="a.tbx", force=True)
    assert b"<term>Bacu</term>" in Path("a.tbx").read_bytes()


def test_no_terms_and_broken_rows_are_no_export(project: Path) -> None:
    with pytest.raises(GlossaryError, match=r"there are no terms for Portuguese \(Brazil\)"):
        pass_on()
    write("glossary/en-pt_BR.tsv", "Baku\n")
    with pytest.raises(GlossaryError, match="has no target"):
        pass_on()
    write("glossary/names.tsv", "Baku\tBacu\n")
    with pytest.raises(ConfigError):
        pass_on()


# --- the page ----------------------------------------------------------------------


def test_the_examples_of_the_page_work(tmp_path: Path, l10n: L10n) -> None:
    (tmp_path / "l10n.toml").write_text('targets = ["pt-BR"]\n', encoding="utf-8")
    (tmp_path / "glossary").mkdir()
    for name, text in re.findall(r"`([\w./-]+)`:\n\n```(?:tsv|csv|xml)\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    sessions = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    assert len(sessions) == 2
    for session in sessions:
        for command, shown in re.findall(r"\$ l10n ([^\n]+)\n((?:(?!\$ ).*\n)*)", session):
            done = l10n(*command.split())
            assert done.stderr + done.stdout == shown, command
