"""``l10n tm``: what the memory has and saves, taking over, passing on."""

import io
import json
import shutil
from pathlib import Path

import polib
import pytest

from l10n_pipeline.cli.tm import run_export, run_import, run_leverage, run_stats
from l10n_pipeline.cli.translate import run as run_translate
from l10n_pipeline.errors import CatalogueError, InputError, L10nError, UsageError
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.tmx import read_tmx, write_tmx
from l10n_pipeline.memory.units import MemoryUnit, Pair

from .conftest import L10n

EN_PT = Pair(Locale("en"), Locale.parse("pt-BR"))
SOURCES = "Nobody knows why.\n\nThe old town sold 980 cars in 2018.\n"
PROGRAM = 'msgid ""\nmsgstr ""\n\nmsgid "file"\nmsgid_plural "files"\nmsgstr[0] ""\nmsgstr[1] ""\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "l10n.toml").write_text(
        'targets = ["pt-BR"]\nby_hand = ["pt-BR", "az"]\n', encoding="utf-8"
    )
    (tmp_path / "seeds").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def translate(*, dry_run: bool = False) -> None:
    with pytest.raises(SystemExit):
        run_translate(
            paths=[],
            to=[],
            model=None,
            precision=None,
            workers=None,
            mt=True,
            redraft=False,
            strict=False,
            dry_run=dry_run,
            wait=False,
            quiet=False,
        )


def accept(document: str, *translations: str) -> None:
    path = f"locales/pt_BR/LC_MESSAGES/{document}.po"
    catalogue = polib.pofile(path, wrapwidth=0)
    for entry, text in zip(catalogue, translations, strict=True):
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text, 1: text}
        else:
            entry.msgstr = text
    catalogue.save()


@pytest.fixture
def reviewed(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    Path("seeds/a.txt").write_text(SOURCES, encoding="utf-8")
    translate()
    accept("a.txt", "Ninguém sabe por quê.", "A cidade velha vendeu 980 carros em 2018.")
    capsys.readouterr()
    return project


def tmx(*units: tuple[str, str], pair: Pair = EN_PT) -> bytes:
    return b"".join(write_tmx((MemoryUnit(*unit) for unit in units), pair))


def status_of(call: object, *arguments: object, **options: object) -> int:
    assert callable(call)
    with pytest.raises(SystemExit) as leaving:
        call(*arguments, **options)
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def take_over(path: str, *to: str, force: bool = False) -> int:
    return status_of(run_import, Path(path), to=to, force=force, wait=False)


# --- stats -------------------------------------------------------------------------


def test_stats_count_every_file(reviewed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("memory").mkdir()
    Path("memory/old.tmx").write_bytes(tmx(("One comes.", "Um vem.")))
    assert status_of(run_stats, to=[], as_json=False) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["language", "file", "units"],
        ["pt-BR", "locales/pt_BR/LC_MESSAGES/a.txt.po", "2"],
        ["pt-BR", "memory/old.tmx", "1"],
        ["pt-BR", "2", "files", "3"],
    ]


def test_stats_as_json(reviewed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(run_stats, to=["pt-BR", "az"], as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["locales"] == [
        {
            "locale": "pt-BR",
            "units": 2,
            "files": [
                {
                    "kind": "catalogue",
                    "file": "locales/pt_BR/LC_MESSAGES/a.txt.po",
                    "units": 2,
                }
            ],
        },
        {"locale": "az", "units": 0, "files": []},
    ]


def test_stats_of_an_empty_memory_say_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(run_stats, to=[], as_json=False) == 0
    assert capsys.readouterr().out.startswith("the memory is empty")
    assert not Path(".l10n").exists()


def test_a_file_that_is_no_tmx_is_one_line(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("memory").mkdir()
    Path("memory/bad.tmx").write_bytes(b"<html/>")
    assert status_of(run_stats, to=[], as_json=False) == 1
    told = capsys.readouterr()
    assert len(told.err.splitlines()) == 1
    assert told.err.startswith("error: memory/bad.tmx")
    assert "a.txt.po" in told.out


# --- leverage ----------------------------------------------------------------------


def test_leverage_is_told_before_anything_is_translated(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("seeds/b.txt").write_text(
        "Nobody knows why.\n\nThe old town sold 990 cars in 2019.\n\n"
        "The new town sold 980 cars in 2018.\n\nWhat else is there?\n",
        encoding="utf-8",
    )
    before = sorted(path for path in Path("locales").rglob("*"))
    assert status_of(run_leverage, paths=[], to=[], as_json=True) == 0
    (told,) = json.loads(capsys.readouterr().out)["locales"]
    segments = {name: counts["segments"] for name, counts in told["matches"].items()}
    assert segments == {"context": 0, "exact": 1, "95–99": 0, "85–94": 2, "75–84": 0, "none": 1}
    uses = {name: (counts["segments"], counts["words"]) for name, counts in told["uses"].items()}
    assert uses == {
        "context": (0, 0),
        "exact": (1, 3),
        "near": (0, 0),
        "repaired": (1, 8),
        "shown": (1, 8),
        "none": (1, 4),
    }
    assert sorted(path for path in Path("locales").rglob("*")) == before
    assert status_of(run_leverage, paths=[Path("seeds/b.txt")], to=[], as_json=False) == 0
    header, row, _ = capsys.readouterr().out.splitlines()
    assert header.split() == [
        *("language", "context", "exact", "95–99", "85–94", "75–84", "none", "drafts", "shown")
    ]
    assert row.split() == ["pt-BR", "-", "1/3", "-", "2/16", "-", "1/4", "2/11", "1/8"]


def test_leverage_of_a_finished_project_says_so(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(run_leverage, paths=[], to=[], as_json=False) == 0
    assert capsys.readouterr().out == "every segment has a translation by a human\n"


def test_leverage_of_what_is_not_there_calls_nothing_translated(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(run_leverage, paths=[Path("missing.md")], to=[], as_json=False) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "error: missing.md: no such file\n")
    shutil.rmtree("seeds")
    assert status_of(run_leverage, paths=[], to=[], as_json=False) == 0
    assert capsys.readouterr().out.startswith("no documents found; ")


def test_translate_says_what_came_from_the_memory(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("seeds/b.txt").write_text("Nobody knows why.\n\nWhat else is there?\n", encoding="utf-8")
    translate()
    assert (
        "pt-BR: from the memory, segments/words: exact 1/3; nothing for 1/4"
        in capsys.readouterr().out.splitlines()
    )


# --- import ------------------------------------------------------------------------


def test_an_imported_file_is_copied_and_counted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmx(("One.", "Um."), ("Two.", "Dois."))
    Path("Old Memory.TMX").write_bytes(data)
    assert take_over("Old Memory.TMX", "pt-BR", "az") == 0
    assert Path("memory/Old Memory.tmx").read_bytes() == data
    assert capsys.readouterr().out.splitlines() == [
        "pt-BR: 2 units",
        "az: 0 units, 2 without these languages",
        "copied to memory/Old Memory.tmx",
    ]


def test_a_file_that_is_there_is_replaced_only_by_force(project: Path) -> None:
    Path("old.tmx").write_bytes(tmx(("One.", "Um.")))
    assert take_over("old.tmx") == 0
    Path("old.tmx").write_bytes(tmx(("Two.", "Dois.")))
    with pytest.raises(UsageError, match="is there already"):
        run_import(Path("old.tmx"), to=[], force=False, wait=False)
    assert take_over("old.tmx", force=True) == 0
    assert b"Two." in Path("memory/old.tmx").read_bytes()
    # It may be checked where it is.
    assert take_over("memory/old.tmx", force=True) == 0
    assert b"Two." in Path("memory/old.tmx").read_bytes()


def test_refused_units_are_told_with_their_lines_and_the_others_serve(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = b'<tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="pt"><seg/></tuv></tu>\n'
    Path("old.tmx").write_bytes(tmx(("One.", "Um.")).replace(b"</body>", empty + b"</body>"))
    assert take_over("old.tmx") == 1
    told = capsys.readouterr()
    assert told.err == "error: old.tmx:10: the unit's translation is empty\n"
    assert told.out.splitlines()[0] == "pt-BR: 1 unit, 1 refused"
    assert Path("memory/old.tmx").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no XML",
        b"<html/>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="klingon"?><tmx/>',
    ],
)
def test_what_is_no_tmx_is_one_line_and_is_not_copied(project: Path, content: bytes) -> None:
    Path("bad.tmx").write_bytes(content)
    with pytest.raises(InputError) as raised:
        run_import(Path("bad.tmx"), to=[], force=False, wait=False)
    assert str(raised.value).startswith("bad.tmx")
    assert "\n" not in str(raised.value)
    assert not Path("memory").exists()


def test_a_file_without_the_languages_is_not_copied(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("old.tmx").write_bytes(tmx(("One.", "Bir."), pair=Pair(Locale("en"), Locale("az"))))
    assert take_over("old.tmx") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "nothing was copied"
    assert not Path("memory").exists()


def test_a_file_that_is_missing_or_a_folder_is_one_line(project: Path) -> None:
    for name, what in (("nowhere.tmx", "no such file"), ("seeds", "is a folder, not a file")):
        with pytest.raises(InputError, match=what):
            run_import(Path(name), to=[], force=False, wait=False)


def test_a_file_that_no_pattern_would_find_is_not_copied(project: Path) -> None:
    Path("l10n.toml").write_text('targets = ["az"]\n[memory]\nfiles = ["tm/a.tmx"]\n', "utf-8")
    Path("old.tmx").write_bytes(tmx(("One.", "Um.")))
    with pytest.raises(UsageError, match=r"no pattern .* would find old\.tmx"):
        run_import(Path("old.tmx"), to=[], force=False, wait=False)


# --- export ------------------------------------------------------------------------


def exported(data: bytes) -> list[tuple[str, str]]:
    units = read_tmx(io.BytesIO(data), "exported.tmx", EN_PT)
    return [(unit.source, unit.target) for unit in units]


def test_what_was_accepted_is_exported_and_serves_another_project(
    reviewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("seeds/b.txt").write_text("A draft nobody has seen.\n", encoding="utf-8")
    translate()
    with monkeypatch.context() as patched:
        written = io.BytesIO()
        patched.setattr("sys.stdout", io.TextIOWrapper(written))
        assert status_of(run_export, to="pt-BR", output=None, force=False) == 0
        told = written.getvalue()
    assert exported(told) == [
        ("Nobody knows why.", "Ninguém sabe por quê."),
        (
            "The old town sold 980 cars in 2018.",
            "A cidade velha vendeu 980 carros em 2018.",
        ),
    ]
    assert status_of(run_export, to="pt-BR", output=Path("out/all.tmx"), force=False) == 0
    assert Path("out/all.tmx").read_bytes() == told
    with pytest.raises(UsageError, match="is there already"):
        run_export(to="pt-BR", output=Path("out/all.tmx"), force=False)
    Path("locales/pt_BR/LC_MESSAGES/a.txt.po").unlink()
    assert take_over("out/all.tmx") == 0
    translate()
    catalogue = polib.pofile("locales/pt_BR/LC_MESSAGES/a.txt.po")
    assert [entry.msgstr for entry in catalogue] == [target for _, target in exported(told)]


def test_plural_messages_are_left_out_and_counted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("seeds/a.txt").write_text("One.\n", encoding="utf-8")
    Path("seeds/a.pot").write_text(PROGRAM, encoding="utf-8")
    translate()
    accept("a.txt", "Um.")
    accept("a.pot", "arquivo")
    capsys.readouterr()
    assert status_of(run_export, to="pt-BR", output=Path("all.tmx"), force=False) == 0
    told = capsys.readouterr()
    assert told.out == "1 unit written to all.tmx\n"
    assert told.err == "note: 1 plural message left out: TMX has no plural forms\n"


def test_a_broken_catalogue_is_told_and_the_others_are_exported(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("locales/pt_BR/LC_MESSAGES/b.txt.po").write_text("no catalogue", encoding="utf-8")
    assert status_of(run_export, to="pt-BR", output=Path("all.tmx"), force=False) == 1
    told = capsys.readouterr()
    assert "b.txt.po" in told.err
    assert len(exported(Path("all.tmx").read_bytes())) == 2


def test_nothing_to_export_is_an_error_and_no_file(project: Path) -> None:
    with pytest.raises(CatalogueError, match="no reviewed translations"):
        run_export(to="pt-BR", output=Path("all.tmx"), force=False)
    assert not Path("all.tmx").exists()


def test_without_a_language_it_is_a_usage_error(project: Path) -> None:
    Path("l10n.toml").write_text("", encoding="utf-8")
    for call in (
        lambda: run_stats(to=[], as_json=False),
        lambda: run_leverage(paths=[], to=[], as_json=False),
        lambda: run_import(Path("a.tmx"), to=[], force=False, wait=False),
    ):
        with pytest.raises(L10nError, match="no target language"):
            call()


@pytest.mark.slow
def test_the_command_itself(l10n: L10n, tmp_path: Path) -> None:
    (tmp_path / "l10n.toml").write_text('targets = ["az"]\n', encoding="utf-8")
    (tmp_path / "old.tmx").write_bytes(tmx(("One.", "Bir."), pair=Pair(Locale("en"), Locale("az"))))
    assert l10n("tm", "import", "old.tmx").returncode == 0
    told = l10n("tm", "stats", "--format", "json")
    assert json.loads(told.stdout)["locales"][0]["units"] == 1
    assert l10n("tm", "leverage").returncode == 0
    assert l10n("tm", "export", "--to", "az").returncode == 1
    broken = l10n("tm", "import", "l10n.toml")
    assert (broken.returncode, broken.stderr.count("\n")) == (1, 1)
