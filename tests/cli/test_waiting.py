"""Commands that find another one at work, and the time that catalogues are told."""

import json
import threading
from pathlib import Path

import pytest

from l10n_pipeline.pipeline.locking import writing
from tests.cli.conftest import L10n

TRANSLATE = ("translate", "--no-mt", "--quiet")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("One comes.\n", "utf-8")
    (tmp_path / "l10n.toml").write_text('targets = ["pt-BR"]\n', "utf-8")
    (tmp_path / "terms.csv").write_text("source,target\nAnna,Ana\n", "utf-8")
    return tmp_path


def header(project: Path, name: str) -> str:
    text = (project / "locales/pt_BR/LC_MESSAGES/a.txt.po").read_text("utf-8")
    return text.partition(f'"{name}: ')[2].partition("\\n")[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        TRANSLATE,
        ("build", "--quiet"),
        ("glossary", "import", "terms.csv", "--to", "pt-BR"),
        ("tm", "import", "old.tmx"),
        ("import", "a.csv"),
    ],
)
def test_what_writes_says_who_is_there_and_changes_nothing(
    l10n: L10n, project: Path, command: tuple[str, ...]
) -> None:
    with writing(project, "translate"):
        done = l10n(*command)
    assert done.returncode == 1
    assert done.stderr.startswith("error: another l10n process (translate, pid ")
    assert done.stderr.count("\n") == 1
    assert not (project / "locales").exists()
    assert not (project / "glossary").exists()


@pytest.mark.slow
@pytest.mark.parametrize("command", [("status",), ("glossary", "check"), (*TRANSLATE, "--dry-run")])
def test_what_only_reads_waits_for_nobody(
    l10n: L10n, project: Path, command: tuple[str, ...]
) -> None:
    l10n(*TRANSLATE)
    with writing(project, "translate"):
        assert l10n(*command).returncode == 0


@pytest.mark.slow
def test_who_is_told_to_wait_waits_and_says_for_whom(l10n: L10n, project: Path) -> None:
    at_work, may_end = threading.Event(), threading.Event()

    def work() -> None:
        with writing(project, "build"):
            at_work.set()
            may_end.wait(5)

    other = threading.Thread(target=work)
    other.start()
    at_work.wait()
    done = l10n("translate", "--no-mt", "--wait")
    may_end.set()
    other.join()
    assert done.returncode == 0
    assert done.stderr.startswith("waiting for another l10n process (build, pid ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_catalogues_are_told_the_time_that_the_environment_says(l10n: L10n, project: Path) -> None:
    done = l10n(*TRANSLATE, env={"SOURCE_DATE_EPOCH": "1767323040"})
    assert done.returncode == 0
    assert header(project, "POT-Creation-Date") == "2026-01-02 03:04+0000"


@pytest.mark.slow
@pytest.mark.parametrize("seconds", ["yesterday", "1.5", "9" * 30, "-"])
def test_a_time_that_is_none_is_refused(l10n: L10n, project: Path, seconds: str) -> None:
    done = l10n(*TRANSLATE, env={"SOURCE_DATE_EPOCH": seconds})
    assert done.returncode == 2
    assert done.stderr == (
        f"error: SOURCE_DATE_EPOCH: {json.dumps(seconds).replace(chr(34), chr(39))} is not a "
        "number of seconds since 1970\n"
    )
