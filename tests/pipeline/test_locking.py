"""Who writes into a project: one process at a time, whatever becomes of the others."""

import errno
import fcntl
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from l10n_pipeline.errors import BusyError, OutputError
from l10n_pipeline.files import write_parts_atomically
from l10n_pipeline.pipeline.locking import Hold, Patience, writing

AT_ONCE = Patience(0)
WORK = """
import sys, time
from pathlib import Path
from l10n_pipeline.pipeline.locking import Patience, writing
root, name, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
with writing(root, name, Patience(60)):
    print("in", flush=True)
    diary = root / "diary"
    before = diary.read_text() if diary.exists() else ""
    time.sleep(seconds)
    diary.write_text(before + name + "\\n")
"""


def started(root: Path, name: str, seconds: float = 0.0) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WORK, str(root), name, str(seconds)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def is_in(process: subprocess.Popen[str]) -> None:
    """Wait until a process has the lock."""
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"


def refusal(root: Path) -> str:
    """What one is told who comes while somebody has the lock."""
    with pytest.raises(BusyError) as caught, writing(root, "build", AT_ONCE):
        pass
    return str(caught.value)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_remains_is_a_folder_that_version_control_ignores(tmp_path: Path) -> None:
    with writing(tmp_path, "translate") as hold:
        assert hold == Hold(tmp_path / ".l10n", exclusive=True)
        assert hold.warnings == []
        assert names(hold.folder) == [".gitignore", "lock"]
    assert names(tmp_path / ".l10n") == [".gitignore"]
    assert (tmp_path / ".l10n/.gitignore").read_text(encoding="utf-8").endswith("\n*\n")


def test_a_second_time_nothing_changes(tmp_path: Path) -> None:
    ignored = tmp_path / ".l10n/.gitignore"
    with writing(tmp_path, "translate"):
        pass
    ignored.write_text("mine\n", encoding="utf-8")
    with writing(tmp_path, "translate"):
        pass
    assert ignored.read_text(encoding="utf-8") == "mine\n"


def test_who_comes_second_is_told_who_is_there_and_what_to_do(tmp_path: Path) -> None:
    with writing(tmp_path, "translate"):
        told = refusal(tmp_path)
    assert f"another l10n process (translate, pid {os.getpid()}, since " in told
    assert "is writing into this project; wait until it has ended" in told
    assert BusyError.exit_code == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"pid": "x"}', b"[]"])
def test_who_is_there_may_be_unknown(tmp_path: Path, content: bytes) -> None:
    with writing(tmp_path, "translate") as hold:
        (hold.folder / "lock").write_bytes(content)
        assert refusal(tmp_path).startswith("another l10n process is writing")


def test_a_day_is_told_with_the_time_where_it_is_another(tmp_path: Path) -> None:
    with writing(tmp_path, "translate") as hold:
        holder = {"command": "build", "pid": 7, "since": "2026-01-02T03:04:05Z"}
        (hold.folder / "lock").write_text(json.dumps(holder), encoding="utf-8")
        told = refusal(tmp_path)
    assert re.search(r"\(build, pid 7, since 2026-01-0\d \d\d:04\)", told)


def test_who_is_patient_has_it_next_and_is_told_once_for_whom_it_waits(tmp_path: Path) -> None:
    told: list[str] = []
    with started(tmp_path, "first", 0.3) as first:
        is_in(first)
        with writing(tmp_path, "second", Patience(math.inf, told.append)):
            assert (tmp_path / "diary").read_text() == "first\n"
    assert len(told) == 1
    assert told[0].startswith(f"waiting for another l10n process (first, pid {first.pid}, since ")


def test_an_error_lets_go_of_it(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), writing(tmp_path, "translate"):
        raise ZeroDivisionError
    with writing(tmp_path, "translate", AT_ONCE):
        pass


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    ours = [
        tmp_path / ".l10n/.l10n-abcdefgh.tmp",
        tmp_path / "locales/pt_BR/LC_MESSAGES/.l10n-a_c4efgh.tmp",
    ]
    others = [
        tmp_path / ".l10n/unfinished.pt_BR",
        tmp_path / ".l10n-editions",
        tmp_path / "seeds/.l10n-abcdefgh.tmp.txt",
        tmp_path / "seeds/l10n-abcdefgh.tmp",
        tmp_path / "within/l10n.toml",
        tmp_path / "within/locales/.l10n-abcdefgh.tmp",
        tmp_path / ".git/.l10n-abcdefgh.tmp",
    ]
    for path in (*ours, *others, tmp_path / "l10n.toml"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with writing(tmp_path, "translate"):
        pass
    assert all(path.exists() for path in ours)  # the one before let go of it
    with started(tmp_path, "killed", 60) as killed:
        is_in(killed)
        killed.kill()
    assert (tmp_path / ".l10n/lock").exists()
    with writing(tmp_path, "translate", AT_ONCE):
        assert not any(path.exists() for path in ours)
    assert all(path.exists() for path in others)
    assert not (tmp_path / ".l10n/lock").exists()


def test_a_lock_that_is_removed_while_it_is_held_is_nobodys_afterwards(tmp_path: Path) -> None:
    with writing(tmp_path, "first") as hold:
        (hold.folder / "lock").unlink()
        with writing(tmp_path, "second", AT_ONCE):
            held = (hold.folder / "lock").stat().st_ino
            # What the first removes at its end is not the second's.
    assert held
    assert names(tmp_path / ".l10n") == [".gitignore"]


def test_the_first_leaves_the_lock_of_another_alone(tmp_path: Path) -> None:
    first = writing(tmp_path, "first")
    second = writing(tmp_path, "second", AT_ONCE)
    first.__enter__()
    (tmp_path / ".l10n/lock").unlink()
    second.__enter__()
    first.__exit__(None, None, None)
    with pytest.raises(BusyError, match="second"), writing(tmp_path, "third", AT_ONCE):
        pass
    second.__exit__(None, None, None)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_where_nothing_can_be_locked_work_goes_on_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with writing(tmp_path, "translate") as hold:
        assert not hold.exclusive
        (warning,) = hold.warnings
    assert "one l10n command at a time" in warning


def test_another_failure_to_lock_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int, operation: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", fail)
    with pytest.raises(OutputError, match="cannot be locked"), writing(tmp_path, "translate"):
        pass


def test_a_full_disk_keeps_nobody_from_the_lock_but_from_knowing_who_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", fail)
    with writing(tmp_path, "translate"):
        assert refusal(tmp_path).startswith("another l10n process is writing")


@pytest.mark.parametrize("place", [".l10n", ".l10n/lock"])
def test_no_link_is_followed(tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = tmp_path / "project"
    (root / place).parent.mkdir(parents=True)
    (root / place).symlink_to(elsewhere / "file" if place.endswith("lock") else elsewhere)
    with pytest.raises(OutputError), writing(root, "translate"):
        pass
    assert names(elsewhere) == []


def test_a_file_in_the_folders_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".l10n").touch()
    with pytest.raises(OutputError, match="l10n: is not a folder"), writing(tmp_path, "translate"):
        pass


def test_no_link_is_written_through(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    (root / ".l10n").mkdir(parents=True)
    (root / ".l10n/.gitignore").symlink_to(elsewhere)
    with writing(root, "translate"):
        pass
    assert not elsewhere.exists()
    assert (root / ".l10n/.gitignore").read_text(encoding="utf-8").endswith("*\n")


@pytest.mark.parametrize("patience", [AT_ONCE, Patience(math.inf)])
def test_a_project_that_is_gone_is_an_error(tmp_path: Path, patience: Patience) -> None:
    root = tmp_path / "gone"
    with pytest.raises(OutputError, match="gone: is no longer"), writing(root, "build", patience):
        pass


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_who_writes_elsewhere_goes_on_where_the_project_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with writing(tmp_path, "build", elsewhere=True) as hold:
        assert not hold.exclusive
        (warning,) = hold.warnings
    assert ".l10n may not be written" in warning
    assert names(tmp_path) == []
    with pytest.raises(OutputError, match="cannot be written"), writing(tmp_path, "translate"):
        pass


def test_writing_elsewhere_waits_for_others_all_the_same(tmp_path: Path) -> None:
    with (
        writing(tmp_path, "translate"),
        pytest.raises(BusyError),
        writing(tmp_path, "build", AT_ONCE, elsewhere=True),
    ):
        pass


def test_a_full_disk_is_an_error_also_for_who_writes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError), writing(tmp_path, "build", elsewhere=True):
        pass


def test_what_a_command_without_the_lock_is_writing_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / ".l10n").mkdir()
    (tmp_path / ".l10n/lock").touch()  # of one that was killed
    left = tmp_path / ".l10n-abcdefgh.tmp"
    left.touch()

    def parts() -> Iterator[bytes]:
        yield b"one "
        with writing(tmp_path, "translate"):
            assert not left.exists()
        yield b"two"

    write_parts_atomically(tmp_path / "sheet.csv", parts())
    assert (tmp_path / "sheet.csv").read_bytes() == b"one two"


@pytest.mark.slow
def test_of_many_that_come_at_once_all_have_their_turn_though_some_are_killed(
    tmp_path: Path,
) -> None:
    processes = [started(tmp_path, f"process {at}", 0.02) for at in range(12)]
    killed = processes[::4]
    for process in killed:
        is_in(process)
        process.send_signal(signal.SIGKILL)
    began = time.monotonic()
    for process in processes:
        process.communicate(timeout=60)
    assert time.monotonic() - began < 30
    survivors = [f"process {at}" for at in range(12) if processes[at] not in killed]
    diary = (tmp_path / "diary").read_text().splitlines()
    # A process that was killed may have come so far as to write, and none writes over another.
    assert sorted(set(diary) & set(survivors)) == sorted(survivors)
    assert len(diary) == len(set(diary))
    with writing(tmp_path, "last", AT_ONCE):
        pass  # the last one before may have been killed
    assert names(tmp_path / ".l10n") == [".gitignore"]
