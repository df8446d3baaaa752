"""The command's face: instant help, every command documented."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from l10n_pipeline import __version__
from l10n_pipeline.cli.app import app

from .conftest import L10n

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_help_answers_at_once(l10n: L10n) -> None:
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert l10n("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    # Processor time: on a machine that does other work besides, the clock on the wall
    # measures that work.
    assert min(times) < 0.3


def test_help_imports_neither_torch_nor_polib_nor_pydantic() -> None:
    program = (
        "import sys, l10n_pipeline.cli; "
        "print([m for m in ('torch', 'polib', 'pydantic', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_stands_in_the_readme(command: str, l10n: L10n) -> None:
    done = l10n(command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    readme = Path(__file__).parents[2] / "README.md"
    assert f"l10n {command}" in readme.read_text(encoding="utf-8")


def test_version(l10n: L10n) -> None:
    assert l10n("--version").stdout == f"l10n-pipeline {__version__}\n"


def test_init_writes_a_project_that_works(tmp_path: Path, l10n: L10n) -> None:
    targets = ("--to", "pt_BR", "--to", "az", "--to", "pt-BR")
    assert l10n("init", "--source", "en", *targets).returncode == 0
    text = (tmp_path / "l10n.toml").read_text(encoding="utf-8")
    assert 'targets = ["pt-BR", "az"]' in text
    done = l10n("translate")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "no documents found; see 'documents' in l10n.toml\n",
        "",
    )


def test_init_proposes_the_documents_there_are(tmp_path: Path, l10n: L10n) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("One comes.", encoding="utf-8")
    (tmp_path / "docs/b.html").write_text("One comes.", encoding="utf-8")
    done = l10n("init", "--to", "az")
    assert done.stdout == (
        "wrote l10n.toml; 2 documents found: docs/**/*.html, docs/**/*.md\n"
        "next: look at it, then run: l10n translate\n"
    )
    done = l10n("translate", "--no-mt")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)


def test_status_as_json(tmp_path: Path, l10n: L10n) -> None:
    import json

    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("One comes. Two goes.", encoding="utf-8")
    l10n("translate", "--no-mt", "--to", "az")
    done = l10n("status", "--format", "json")
    (counted,) = json.loads(done.stdout)["catalogues"]
    assert (counted["document"], counted["locale"]) == ("a.txt", "az")
    assert (counted["segments"]["new"], counted["words"]["new"]) == (2, 4)
    assert "2/4" in l10n("status").stdout


def test_output_that_cannot_be_written_is_one_line(l10n: L10n) -> None:
    command = f"{sys.executable} -m l10n_pipeline models list > /dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert done.stderr == "error: the output cannot be written: No space left on device\n"


def test_closed_streams_are_no_traceback() -> None:
    command = f"{sys.executable} -m l10n_pipeline status <&- >&- 2>&-"
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert done.returncode == 0


def test_a_terminal_without_the_characters_gets_them_escaped(l10n: L10n) -> None:
    done = l10n("models", "list", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert r"en \u2192 pt" in done.stdout
