"""Runs that are cut short, streamed, or must stay at home; with the real model."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.machines import require_int8

from .conftest import L10n

pytestmark = pytest.mark.slow

SENTENCES = [
    f"In {year} the foundation presented {count} films about the town in {count + 7} countries."
    for year in range(1900, 2020)
    for count in range(2, 22)
]


def test_strict_runs_fail_where_a_reviewer_must_look(tmp_path: Path, l10n: L10n) -> None:
    (tmp_path / "l10n.toml").write_text(
        'targets = ["pt-BR"]\n[models]\npt-BR = "enpt-1693087644"', encoding="utf-8"
    )
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("One film opens.", encoding="utf-8")
    assert l10n("translate", "--strict").returncode == 0
    assert l10n("build").returncode == 0
    assert l10n("build", "--strict").returncode == 1
    assert l10n("build", "--strict", "--accept", "mt").returncode == 0
    catalogue = tmp_path / "locales/pt_BR/LC_MESSAGES/a.txt.po"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace("Um filme", "Um um um um filme"), encoding="utf-8")
    assert l10n("translate").returncode == 0
    done = l10n("translate", "--strict")
    assert done.returncode == 1
    assert "1 segment needs a second look" in done.stdout


def test_the_configured_model_is_used_or_named_as_missing(tmp_path: Path, l10n: L10n) -> None:
    (tmp_path / "l10n.toml").write_text(
        'targets = ["pt-BR"]\n[models]\npt = "nowhere"', encoding="utf-8"
    )
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("One film opens.", encoding="utf-8")
    done = l10n("translate")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert l10n("translate", "--model", "enpt-1693087644").returncode == 0


def test_ctrl_c_leaves_whole_files_and_the_next_run_goes_on(tmp_path: Path, l10n: L10n) -> None:
    (tmp_path / "l10n.toml").write_text('targets = ["pt-BR"]', encoding="utf-8")
    (tmp_path / "seeds").mkdir()
    small = tmp_path / "seeds/a.txt"
    small.write_text("One film opens.", encoding="utf-8")
    assert l10n("translate").returncode == 0
    finished = tmp_path / "locales/pt_BR/LC_MESSAGES/a.txt.po"
    before = finished.read_bytes()
    (tmp_path / "seeds/b.txt").write_text("\n\n".join(SENTENCES), encoding="utf-8")

    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from l10n_pipeline.cli import main; main()"
    )
    # Whoever runs the tests may ignore the signal, as shells do for what is in the background.
    process = subprocess.Popen(
        [sys.executable, "-c", program, "translate"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "translating" in process.stderr.readline()  # the model is loaded and at work
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)

    assert process.returncode == 130
    assert stderr.splitlines()[-1].startswith("interrupted")
    assert "Traceback" not in stderr + stdout
    assert finished.read_bytes() == before
    files = {path.name for path in (tmp_path / "locales").rglob("*") if path.is_file()}
    assert files <= {"a.txt.po", "a.txt.pot", "b.txt.pot"}


def test_the_filter_keeps_lines_and_order(l10n: L10n) -> None:
    lines = ["One.", "", "  ", "Two films. They open today.", "a\u2028b", "Three.\r", "One."]
    done = l10n("mt", "--from", "en", "--to", "pt_BR", stdin="\n".join(lines).encode())
    assert (done.returncode, done.stderr) == (0, "")
    output = done.stdout.split("\n")
    assert len(output) == len(lines) + 1
    assert output[1:3] == ["", ""]
    assert output[0] == output[6]
    assert "filmes" in output[3]


MT = ("mt", "--from", "en", "--to", "pt")


@pytest.mark.parametrize("precision", ["auto", "f32", "int8"])
def test_the_number_of_workers_changes_nothing(l10n: L10n, precision: str) -> None:
    if precision == "int8":
        require_int8()
    lines = [*SENTENCES[::97], "", "A film.", SENTENCES[0]]
    stdin = "".join(f"{line}\n" for line in lines).encode()
    one, two = (
        l10n(*MT, "--workers", workers, "--precision", precision, "--format", "jsonl", stdin=stdin)
        for workers in ("1", "2")
    )
    assert (one.returncode, one.stderr) == (two.returncode, two.stderr) == (0, "")
    found, found_too = (
        [json.loads(line) for line in done.stdout.splitlines()] for done in (one, two)
    )
    assert [answer["source"] for answer in found] == lines
    assert [answer["target"] for answer in found] == [answer["target"] for answer in found_too]
    if precision == "int8":  # to the last digit of a score
        assert found == found_too


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("precision", ["bf16", "f16"])
def test_a_precision_that_a_student_lacks_is_one_clear_error(
    l10n: L10n, precision: str, workers: str
) -> None:
    done = l10n(*MT, "--precision", precision, "--workers", workers, stdin=b"One film.\n")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert line.endswith(
        f"is a student, which does not compute in {precision}; use precision int8 or f32"
    )


@pytest.mark.parametrize("wrong", [["--precision", "int4"], ["--workers", "-1"]])
def test_what_is_no_precision_or_number_of_workers_is_a_usage_error(
    l10n: L10n, wrong: list[str]
) -> None:
    for command in (MT, ("translate", "--to", "pt")):
        done = l10n(*command, *wrong)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"Invalid value for '{wrong[0]}'" in done.stderr


def test_a_translation_goes_on_from_its_prefix(l10n: L10n) -> None:
    lines = (
        "My brother has three red houses.\tMeu mano\n"
        "One film.\t\n"
        "He bought a house.\tRičardas \n"
        "One film.\n"
        "One film.\t\n"
    )
    done = l10n(*MT, "--prefixed", stdin=lines.encode())
    assert done.returncode == 1
    mine, film, his = done.stdout.splitlines()
    assert mine == "Meu mano tem três casas vermelhas."
    assert film == "Um filme."
    assert his.startswith("Ričardas comprou")
    assert done.stderr == (
        "error: standard input:4: has no tab between a source and the beginning of its "
        "translation; end the line with a tab where nothing is to be forced\n"
    )


def test_a_long_input_comes_out_in_order(l10n: L10n) -> None:
    numbers = range(10_000)
    lines = "".join(f"{number % 300}\n" for number in numbers)
    done = l10n(*MT, stdin=lines.encode())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [str(number % 300) for number in numbers]


def test_the_filter_answers_whoever_sends_one_line_and_waits(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "l10n_pipeline", "mt", "--from", "en", "--to", "pt"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"One film.\n")
        process.stdin.flush()
        assert process.stdout.readline().decode() == "Um filme.\n"
        process.stdin.close()


def test_lines_before_a_bad_one_are_translated(l10n: L10n) -> None:
    done = l10n("mt", "--from", "en", "--to", "pt", stdin=b"One film.\n\nbad \xff\nmore\n")
    assert (done.returncode, done.stdout) == (1, "Um filme.\n\n")
    assert done.stderr.startswith("error: standard input:3: not UTF-8 at byte 5 of the line")


def test_the_filter_is_deaf_to_the_project_around_it(tmp_path: Path, l10n: L10n) -> None:
    (tmp_path / "l10n.toml").write_text("nonsense = 1", encoding="utf-8")
    done = l10n("mt", "--from", "pt", "--to", "en", stdin=b"O filme estreia em Baku.\n")
    assert (done.returncode, done.stdout) == (0, "The film premieres in Baku.\n")


def test_json_lines_tell_score_alignment_and_terms(tmp_path: Path, l10n: L10n) -> None:
    (tmp_path / "names.tsv").write_text("Baku\tBacu\n", encoding="utf-8")
    arguments = ["mt", "--from", "en", "--to", "pt", "--format", "jsonl", "--glossary", "names.tsv"]
    done = l10n(*arguments, stdin="He lives in Baku.\nŠakić spoke.\n".encode())
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["target"] == first["hypothesis"].replace("Baku", "Bacu")
    assert [term["status"] for term in first["terms"]] == ["swapped"]
    (name,) = [
        link for link in first["alignment"] if first["source"][slice(*link["source"])] == "Baku"
    ][:1]
    assert first["hypothesis"][slice(*name["hypothesis"])] in "Baku"
    assert -1 < first["score"] < 0
    assert "Šakić" in second["target"]


def test_translating_opens_no_connection(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("The film opens in Baku.", encoding="utf-8")
    program = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('a socket was opened')\n"
        "socket.socket.__init__ = refuse\n"
        "socket.getaddrinfo = socket.create_connection = refuse\n"
        "sys.argv = ['l10n', 'translate', '--to', 'pt-BR']\n"
        "from l10n_pipeline.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False, text=True
    )
    assert (done.returncode, "AssertionError" in done.stderr) == (0, False)
    assert (tmp_path / "locales/pt_BR/LC_MESSAGES/a.txt.po").exists()


def test_that_test_would_see_a_connection() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        program = (
            "import socket\n"
            "def refuse(*args, **kwargs): raise AssertionError('a socket was opened')\n"
            "socket.socket.__init__ = refuse\n"
            f"socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=False, text=True
        )
    assert "a socket was opened" in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_text("\n".join(SENTENCES[:300]), encoding="utf-8")
    with lines.open("rb") as stdin:
        process = subprocess.Popen(
            [sys.executable, "-m", "l10n_pipeline", "mt", "--from", "en", "--to", "pt"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ,
        )
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
        process.wait(timeout=120)
        process.stderr.close()
