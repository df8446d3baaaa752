"""Runs that are killed at any moment, and others that come at the same time: nothing is lost."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polib
import pytest
from benchmarks import interruption

from tests.support.interrupted import CHARACTERS_A_BATCH, Interrupter
from tests.support.projects import FakeEngine, Runner
from tests.support.tools import run_tool

FIRST = {"a.txt": "One comes. Two goes.\n\nThree stays here.\n", "b.txt": "Four sees Anna.\n"}
THEN_WRITTEN = {
    "a.txt": "One comes. Two leaves at ten.\n\nThree stays here. Six is new.\n\nSeven too.\n",
    "b.txt": "Four sees Anna. Eight hears of it.\n\nNine does not, and Ten will never know.\n",
    "c/d.txt": "Three stays here.\n\nEleven and Twelve are elsewhere.\n",
    "e.pot": 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    'msgid "Open the file."\nmsgstr ""\n\n'
    '#, c-format\nmsgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] ""\nmsgstr[1] ""\n',
}
REVIEWED = "Três fica aqui."


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was translated and reviewed, and whose documents have changed since."""
    project = Runner(tmp_path_factory.mktemp("begun").resolve())
    project.write("l10n.toml", 'name = "Interrupted"\ntargets = ["pt-BR"]\n')
    project.write("glossary/en-pt_BR.tsv", "Anna\tAna\n")
    for name, text in FIRST.items():
        project.write(f"seeds/{name}", text)
    project.run()
    catalogue = polib.pofile(str(project.catalogue()), wrapwidth=0)
    entry = catalogue.find("Three stays here.")
    entry.msgstr = REVIEWED
    entry.flags.remove("fuzzy")
    catalogue.save()
    for name, text in THEN_WRITTEN.items():
        project.write(f"seeds/{name}", text)
    return project.root


@pytest.fixture(scope="module")
def interrupter() -> Iterator[Interrupter]:
    with Interrupter() as running:
        yield running


def files(root: Path) -> dict[str, bytes]:
    """All files but those that only save time."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".l10n" not in path.relative_to(root).parts
    }


def left_behind(root: Path) -> list[str]:
    return [
        path.name
        for path in root.rglob("*")
        if path.name == "lock" or path.name.startswith("unfinished.") or path.suffix == ".tmp"
    ]


def asked(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [source for line in lines for source in json.loads(line)]


class Trial:
    """One project that is interrupted, and how it ended."""

    def __init__(self, begun: Path, folder: Path, interrupter: Interrupter) -> None:
        self.root = folder / "project"
        shutil.copytree(begun, self.root)
        self.logs: list[Path] = []
        self._interrupter = interrupter

    def run(self, event: int = 0) -> tuple[int, int]:
        log = self.root.parent / f"{len(self.logs)}.log"
        self.logs.append(log)
        return self._interrupter.run(self.root, log, event)

    def check_what_is_there(self) -> None:
        for path in (self.root / "locales").rglob("*.po*"):
            assert run_tool("msgfmt", "-c", "-o", "/dev/null", str(path)).returncode == 0
        review = self.root / "locales/pt_BR/LC_MESSAGES/a.txt.po"
        assert polib.pofile(str(review)).find("Three stays here.").msgstr == REVIEWED

    def asked(self) -> list[str]:
        return [source for log in self.logs for source in asked(log)]

    def repeated(self) -> int:
        """Characters that were asked for twice."""
        return len("".join(set(asked(self.logs[0])) & set(asked(self.logs[1]))))


@pytest.fixture(scope="module")
def undisturbed(
    begun: Path, tmp_path_factory: pytest.TempPathFactory, interrupter: Interrupter
) -> tuple[dict[str, bytes], int]:
    """What there is at the end, and how many events led there."""
    trial = Trial(begun, tmp_path_factory.mktemp("undisturbed").resolve(), interrupter)
    status, events = trial.run()
    assert status == 0
    assert left_behind(trial.root) == []
    return files(trial.root), events


def kill_at(
    moments: Iterable[int],
    begun: Path,
    folder: Path,
    interrupter: Interrupter,
    expected: dict[str, bytes],
) -> None:
    for event in moments:
        place = folder / str(event)
        place.mkdir()
        trial = Trial(begun, place, interrupter)
        assert trial.run(event)[0] == -signal.SIGKILL
        trial.check_what_is_there()
        assert trial.run()[0] == 0
        assert files(trial.root) == expected, f"killed at {event}"
        assert left_behind(trial.root) == [], f"killed at {event}"
        # A sentence that is longer is a batch of its own.
        assert trial.repeated() <= max(CHARACTERS_A_BATCH, *map(len, trial.asked()))
        shutil.rmtree(place)


def test_after_a_kill_all_is_as_if_there_had_been_none(
    begun: Path,
    tmp_path: Path,
    interrupter: Interrupter,
    undisturbed: tuple[dict[str, bytes], int],
) -> None:
    expected, events = undisturbed
    moments = range(1, events + 1, max(1, events // 6))
    kill_at(moments, begun, tmp_path.resolve(), interrupter, expected)


@pytest.mark.slow
def test_so_it_is_at_every_moment(
    begun: Path,
    tmp_path: Path,
    interrupter: Interrupter,
    undisturbed: tuple[dict[str, bytes], int],
) -> None:
    expected, events = undisturbed
    kill_at(range(1, events + 1), begun, tmp_path.resolve(), interrupter, expected)


def test_killed_again_and_again_it_comes_to_its_end(
    begun: Path,
    tmp_path: Path,
    interrupter: Interrupter,
    undisturbed: tuple[dict[str, bytes], int],
) -> None:
    expected, events = undisturbed
    trial = Trial(begun, tmp_path.resolve(), interrupter)
    for part in (2, 3, 4):
        trial.run(events - events // part)
        trial.check_what_is_there()
    assert trial.run()[0] == 0
    assert files(trial.root) == expected
    assert left_behind(trial.root) == []


def test_an_interrupted_redraft_goes_on_where_it_was_and_a_finished_one_begins_anew(
    project: Runner,
) -> None:
    class Stopping(FakeEngine):
        stop = False

        def translate(self, sources: Sequence[str], **_: object) -> list:  # type: ignore[type-arg] # of hypotheses
            if self.stop:
                raise KeyboardInterrupt
            self.stop = True
            return super().translate(sources)

    project.write("seeds/a.txt", "One. " + "Long sentence. " * 3 + "\n\n" + "Word " * 6_000 + ".\n")
    project.run()
    engine = Stopping()
    project.engine = engine
    with pytest.raises(KeyboardInterrupt):
        project.run(redraft=True)
    first = list(engine.asked)
    assert first
    project.engine = FakeEngine()
    report = project.run(redraft=True)
    assert not set(first) & set(project.engine.asked)
    assert report.notes == [
        f"{len(first)} translation of a run that was interrupted did for this one"
    ]
    everything = {*first, *project.engine.asked}
    project.engine = FakeEngine()
    project.run(redraft=True)
    assert set(project.engine.asked) == everything
    assert left_behind(project.root) == []


def test_what_an_earlier_run_left_is_of_no_use_to_another_model(project: Runner) -> None:
    project.write("seeds/a.txt", "One comes.\n")
    project.write("locales/pt_BR/LC_MESSAGES/a.txt.po", "not a catalogue")
    assert project.run().errors
    project.catalogue().unlink()
    project.engine = FakeEngine(name="other/f32")
    project.run()
    assert project.engine.asked == ["One comes."]


def test_a_catalogue_that_cannot_be_written_is_made_later_without_asking_again(
    project: Runner,
) -> None:
    project.write("seeds/a.txt", "One comes.\n")
    project.write("seeds/b.txt", "Two goes.\n")
    blocked = project.catalogue("a.txt")
    blocked.parent.mkdir(parents=True)
    blocked.symlink_to(blocked.parent / "nowhere" / "to" / "be" / "found")
    (blocked.parent / "nowhere").touch()
    report = project.run()
    assert len(report.errors) == 1
    assert "Two goes." in project.catalogue("b.txt").read_text(encoding="utf-8")
    blocked.unlink()
    project.engine.asked.clear()
    assert project.run().errors == []
    assert project.engine.asked == []
    assert left_behind(project.root) == []


def test_a_dry_run_leaves_nothing(project: Runner) -> None:
    project.write("seeds/a.txt", "One comes.\n")
    before = project.snapshot()
    project.run(dry_run=True)
    assert project.snapshot() == before
    assert not (project.root / ".l10n").exists()


@pytest.mark.slow
def test_commands_that_come_at_once_do_as_they_would_in_turn(tmp_path: Path) -> None:
    def start(root: Path, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "l10n_pipeline", *arguments],
            cwd=root,
            env={"SOURCE_DATE_EPOCH": "1767323040", "PATH": "/usr/bin:/bin"},
            stderr=subprocess.PIPE,
            text=True,
        )

    def project_at(name: str) -> Path:
        root = (tmp_path / name).resolve()
        project = Runner(root)
        project.write("l10n.toml", 'name = "At once"\ntargets = ["pt-BR", "az"]\n')
        for document, text in THEN_WRITTEN.items():
            project.write(f"seeds/{document}", text)
        return root

    commands = [
        ("translate", "--no-mt", "--to", "pt-BR", "--wait", "--quiet"),
        ("translate", "--no-mt", "--wait", "--quiet"),
        ("build", "--to", "pt-BR", "--quiet"),
        ("translate", "--no-mt", "--to", "az", "--wait", "--quiet"),
        ("build", "--quiet"),
        ("status",),
    ]
    in_turn, at_once = project_at("in turn"), project_at("at once")
    for command in (*commands, *commands):
        start(in_turn, *command).communicate(timeout=60)
    running = [start(at_once, *command) for command in commands]
    for process in running:
        _, told = process.communicate(timeout=120)
        assert "Traceback" not in told
    for command in commands:
        process = start(at_once, *command)
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == 0
    assert files(at_once) == files(in_turn)
    assert left_behind(at_once) == []


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--stand-in"], []])
def test_the_benchmark_finds_no_fault(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "sentences.en"
    source.write_text("The harbour was closed on Monday.\nA new school opened.\n", "utf-8")
    interruption.main(["--source", str(source), "--segments", "40", "--kills", "4", *options])
    assert "kill -9" in capsys.readouterr().out
