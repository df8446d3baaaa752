"""Measure what an interruption costs ``l10n translate``, and whether it breaks anything.

A project of several documents is translated once without a disturbance. Then the same is done
again and again, the process and its workers being killed at random moments, or finding the disk
full or files that may not be written, until it is done after all. The end has to be the same to
the byte; at every moment between, every catalogue has to be one; and what the model was asked
twice is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from benchmarks.interrupted import STAND_IN
from benchmarks.memory import long_input
from benchmarks.options import at_least_one
from l10n_pipeline.pipeline.batches import CHARACTERS_A_BATCH
from l10n_pipeline.pipeline.processes import usable_cores
from l10n_pipeline.pipeline.workers import CHARACTERS_A_JOB

EPOCH: Final = "1767323040"
"""The time that catalogues are told it is."""
NOBODY: Final = 65_534
DOCUMENTS: Final = 8
PATIENCE: Final = 600.0
"""Seconds that nothing takes."""
MOMENTS: Final = ("start", "start", *["draft"] * 6, "write", "write")
"""What a process is at when it is killed, of ten of them."""


# --- projects --------------------------------------------------------------------------


@dataclass
class Work:
    """A project on its way to be translated."""

    root: Path
    engine: str
    log: Path
    attempts: int = 0
    asked: list[list[str]] = field(default_factory=list)
    """What the model was asked, by attempt."""

    def begin(self, *, user: int | None = None) -> subprocess.Popen[str]:
        """Start the command, in a group of processes of its own."""
        self.log.unlink(missing_ok=True)
        self.log.touch()
        self.log.chmod(0o666)
        self.attempts += 1
        arguments = [str(self.root), str(self.log), self.engine, str(user or "")]
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks.interrupted", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def calls(self) -> list[list[str]]:
        """What the model was asked in this attempt, call by call."""
        lines = self.log.read_bytes().split(b"\n")[:-1]
        return [json.loads(line) for line in lines]

    def end(self, process: subprocess.Popen[str]) -> str:
        """Wait for the command's end; what it said."""
        _, told = process.communicate(timeout=PATIENCE)
        self.asked.append([source for call in self.calls() for source in call])
        return told

    def finish(self) -> None:
        """Run the command undisturbed.

        Raises:
            BenchmarkError: where it fails.
        """
        process = self.begin()
        told = self.end(process)
        if process.returncode:
            raise BenchmarkError(f"the command failed: {told.strip()}")

    def repeated(self) -> list[set[str]]:
        """For each attempt but the last, which of the sources it asked for were asked again."""
        return [
            set(asked) & {one for later in self.asked[at + 1 :] for one in later}
            for at, asked in enumerate(self.asked[:-1])
        ]

    def catalogues(self) -> dict[str, bytes]:
        """The bytes of every catalogue and template."""
        found = sorted((self.root / "locales").rglob("*.po*"))
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def faults(self, *, between: bool = False) -> list[str]:
        """What is wrong with what is there.

        Args:
            between: whether the work was interrupted: then things may lie about.
        """
        told = [
            f"{path.name}: {run.stderr.strip()}"
            for path in sorted((self.root / "locales").rglob("*.po*"))
            if not path.name.startswith(".")
            and (
                run := subprocess.run(
                    ["msgfmt", "-c", "-o", os.devnull, str(path)],
                    capture_output=True,
                    text=True,
                    check=False,
                )
            ).returncode
        ]
        if not between:
            lying = (path for path in self.root.rglob(".*") if path.suffix == ".tmp")
            kept = (self.root / ".l10n").glob("unfinished.*")
            told += [f"{path.name} lies about" for path in (*lying, *kept)]
            told += ["the lock lies about"] if (self.root / ".l10n/lock").exists() else []
        return told


@contextmanager
def work(sentences: Sequence[str], engine: str, folder: Path) -> Iterator[Work]:
    """A project with these sentences, in a folder that is there."""
    with tempfile.TemporaryDirectory() as logs:
        Path(logs).chmod(0o755)
        write_documents(folder, sentences)
        yield Work(folder, engine, Path(logs, "asked"))


def write_documents(root: Path, sentences: Sequence[str], *, begun: bool = False) -> None:
    """Divide sentences among documents.

    Args:
        root: the project's.
        sentences: all that there are.
        begun: whether each document is to have the first half of its own alone.
    """
    (root / "seeds").mkdir(exist_ok=True)
    (root / "l10n.toml").write_text('name = "Interrupted"\ntargets = ["pt-BR"]\n', "utf-8")
    share = -(-len(sentences) // DOCUMENTS)
    for at in range(DOCUMENTS):
        part = sentences[at * share : (at + 1) * share]
        part = part[: len(part) // 2] if begun else part
        (root / f"seeds/{at}.txt").write_text("\n\n".join(part) + "\n", "utf-8")


# --- disturbances ----------------------------------------------------------------------


def kill_at(
    moment: str, process: subprocess.Popen[str], todo: Work, reach: int, chance: random.Random
) -> bool:
    """Kill the command and its workers at a moment; False where it ended before.

    Args:
        moment: one of :data:`MOMENTS`.
        process: the command.
        todo: what it works on.
        reach: while it drafts, calls of the model that there are at most before it is killed.
        chance: says when.
    """
    calls = len(todo.calls())
    if moment == "draft":
        calls += chance.randint(1, reach)
    until = time.monotonic() + (chance.uniform(0.0, 3.0) if moment == "start" else PATIENCE)
    while process.poll() is None and time.monotonic() < until:
        written = moment == "write" and any((todo.root / "locales").glob("*/*/*.po"))
        if written or (moment == "draft" and len(todo.calls()) >= calls):
            break
        time.sleep(0.002)
    # Within what a job takes, or what writing does.
    time.sleep(
        {"start": 0.0, "draft": chance.uniform(0.0, 1.0)}.get(moment, chance.uniform(0, 0.2))
    )
    if process.poll() is not None:
        return False
    os.killpg(process.pid, signal.SIGKILL)
    return True


def kills(
    sentences: Sequence[str], engine: str, expected: dict[str, bytes], count: int, seed: int
) -> dict[str, Any]:
    """Kill the command so many times, beginning with a new project whenever one is done."""
    chance = random.Random(seed)
    workers = 1 if engine == STAND_IN else usable_cores()
    share = CHARACTERS_A_JOB if workers > 1 else CHARACTERS_A_BATCH
    # Far enough into the work that all workers have begun; near enough to be killed there often.
    reach = max(1, _characters(sentences) // share // 3)
    killed: dict[str, int] = dict.fromkeys(MOMENTS, 0)
    repeated: list[set[str]] = []
    faults: list[str] = []
    rounds = 0
    while sum(killed.values()) < count:
        rounds += 1
        moments = sorted(MOMENTS, key=lambda moment: (moment == "write", chance.random()))
        with tempfile.TemporaryDirectory() as folder, work(sentences, engine, Path(folder)) as todo:
            for moment in moments[: count - sum(killed.values())]:
                process = todo.begin()
                hit = kill_at(moment, process, todo, reach, chance)
                todo.end(process)
                faults += todo.faults(between=True)
                if not hit:
                    break
                killed[moment] += 1
            todo.finish()
            faults += todo.faults()
            faults += [] if todo.catalogues() == expected else ["the end is not the same"]
            repeated += todo.repeated()
        print(f"{sum(killed.values())} kills: {faults or 'no fault'}", file=sys.stderr, flush=True)
    allowed = max(CHARACTERS_A_BATCH, workers * CHARACTERS_A_JOB)
    if (most := max(map(_characters, repeated))) > allowed:
        faults.append(f"{most} characters were translated again, which is more than {allowed}")
    return {
        "disturbance": "kill -9",
        "times": sum(killed.values()),
        "moments": killed,
        "projects": rounds,
        **_counts(repeated),
        "workers": workers,
        "allowed": allowed,
        "faults": faults,
    }


def _counts(repeated: Sequence[Collection[str]]) -> dict[str, list[int]]:
    """How much was translated again after each disturbance."""
    return {
        "repeated_sources": [len(one) for one in repeated],
        "repeated_characters": [_characters(one) for one in repeated],
    }


def _characters(sources: Iterable[str]) -> int:
    return sum(map(len, sources))


def full_disks(
    sentences: Sequence[str], expected: dict[str, bytes], count: int, seed: int
) -> dict[str, Any]:
    """Let a small disk run full at so many different moments."""
    chance = random.Random(seed)
    repeated: list[set[str]] = []
    faults: list[str] = []
    told: list[str] = []
    for _ in range(count):
        with small_disk(32) as folder, work(sentences, STAND_IN, folder) as todo:
            filler = folder / "filler"
            room = int(chance.uniform(0.0, 1.1) * 2 * sum(map(len, expected.values())))
            with filler.open("wb") as stream:
                os.posix_fallocate(stream.fileno(), 0, max(1, _free(folder) - room))
            process = todo.begin()
            said = todo.end(process)
            told += [_without_place(line) for line in said.splitlines()]
            faults += todo.faults(between=True)
            faults += [f"{path} lies about" for path in folder.rglob(".l10n-*.tmp")]
            faults += ["it says nothing"] if process.returncode and not said else []
            faults += [f"it says: {said}"] if "Traceback" in said else []
            filler.unlink()
            todo.finish()
            faults += todo.faults()
            faults += [] if todo.catalogues() == expected else ["the end is not the same"]
            repeated += todo.repeated()
    return {
        "disturbance": "disk full",
        "times": count,
        **_counts(repeated),
        "told": sorted(set(told)),
        "faults": faults,
    }


def _free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _without_place(line: str) -> str:
    return ": ".join(part for part in line.split(": ") if "/" not in part)


@contextmanager
def small_disk(mebibytes: int) -> Iterator[Path]:
    """A file system in memory.

    Raises:
        BenchmarkError: where none can be mounted.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", folder]
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
        if mounted.returncode:
            raise BenchmarkError(
                f"no disk can be mounted here ({mounted.stderr.strip()}): run it as root"
            )
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def unwritable(
    sentences: Sequence[str], expected: dict[str, bytes], count: int, seed: int
) -> dict[str, Any]:
    """Have somebody without rights run the command where some catalogues may not be written."""
    if os.geteuid():
        raise BenchmarkError("only root can become somebody without rights: run it as root")
    chance = random.Random(seed)
    repeated: list[set[str]] = []
    faults: list[str] = []
    told: list[str] = []
    catalogues = [name for name in expected if name.endswith(".po")]
    for _ in range(count):
        with (
            tempfile.TemporaryDirectory() as folder,
            work(sentences, STAND_IN, Path(folder)) as todo,
        ):
            write_documents(todo.root, sentences, begun=True)
            todo.finish()
            write_documents(todo.root, sentences)
            for path in (todo.root, *todo.root.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            locked = chance.sample(catalogues, chance.randint(1, len(catalogues) - 1))
            for name in locked:
                os.chown(todo.root / name, 0, 0)
                (todo.root / name).chmod(0o444)
            before = todo.catalogues()
            todo.asked.clear()
            process = todo.begin(user=NOBODY)
            said = todo.end(process).splitlines()
            told += [_without_place(line) for line in said]
            after = todo.catalogues()
            faults += todo.faults(between=True)
            # Every document's sentences have changed.
            faults += [
                f"{name} was {'written' if name in locked else 'not written'}"
                for name in catalogues
                if (after[name] == before[name]) != (name in locked)
            ]
            faults += [] if len(said) == len(locked) else [f"it says: {said}"]
            faults += [] if process.returncode == 1 else [f"it exits {process.returncode}"]
            for name in locked:
                (todo.root / name).chmod(0o644)
            todo.finish()
            faults += todo.faults()
            repeated += todo.repeated()
            faults += _differences(todo.catalogues(), expected)
    return {
        "disturbance": "files that may not be written",
        "times": count,
        **_counts(repeated),
        "told": sorted(set(told)),
        "faults": faults,
    }


def _differences(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Where two ends differ, but for what a history of changes leaves at a file's end."""

    def living(data: bytes) -> bytes:
        return data.partition(b"\n#~")[0]

    return [
        f"{name} is not the same at the end"
        for name in expected
        if living(found.get(name, b"")).rstrip() != living(expected[name]).rstrip()
    ]


# --- the command -----------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    results = carry_out("interruption", parse(arguments), run, report)
    if any(one["faults"] for one in results["disturbances"]):
        sys.exit("interruption: an interruption did harm")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="one sentence a line")
    parser.add_argument("--segments", type=at_least_one, default=2_000, help="default: 2000")
    parser.add_argument("--kills", type=int, default=50, help="default: 50")
    parser.add_argument("--disk-full", type=int, default=0, help="times; as root; default: 0")
    parser.add_argument("--unwritable", type=int, default=0, help="times; as root; default: 0")
    parser.add_argument(
        "--stand-in", action="store_true", help="kill a run whose model writes nonsense at once"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Disturb and look; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where the command fails undisturbed, or a disturbance cannot be made here.
    """
    if shutil.which("msgfmt") is None:
        raise BenchmarkError("msgfmt is not installed (Debian: apt-get install gettext)")
    sentences = list(long_input(lines_of(options.source), options.segments))
    engine = STAND_IN if options.stand_in else "model"
    found = []
    if options.kills:
        expected = undisturbed(sentences, engine)
        found.append(kills(sentences, engine, expected, options.kills, options.seed))
    if options.disk_full:
        expected = undisturbed(sentences, STAND_IN)
        found.append(full_disks(sentences, expected, options.disk_full, options.seed))
    if options.unwritable:
        expected = undisturbed(sentences, STAND_IN)
        found.append(unwritable(sentences, expected, options.unwritable, options.seed))
    return {"machine": machine.description(), "segments": len(sentences), "disturbances": found}


def undisturbed(sentences: Sequence[str], engine: str) -> dict[str, bytes]:
    """The catalogues that there are to be at the end."""
    with tempfile.TemporaryDirectory() as folder, work(sentences, engine, Path(folder)) as todo:
        todo.finish()
        return todo.catalogues()


def report(results: dict[str, Any]) -> str:
    """The results as a table for people."""
    rows = [["disturbance", "times", "repeated: most", "mean", "characters: most", "faults"]]
    for one in results["disturbances"]:
        counts = one["repeated_sources"] or [0]
        mean = sum(counts) / len(counts)
        rows.append(
            [
                one["disturbance"],
                str(one["times"]),
                str(max(counts)),
                f"{mean:.1f}",
                str(max(one["repeated_characters"], default=0)),
                str(len(one["faults"])),
            ]
        )
    told = [line for one in results["disturbances"] for line in _details(one)]
    return "\n".join([f"{results['segments']} segments\n", figures.table(rows), "", *told])


def _details(one: dict[str, Any]) -> Iterable[str]:
    if "moments" in one:
        moments = ", ".join(f"{count} at {name}" for name, count in one["moments"].items())
        yield f"{one['disturbance']}: {moments}"
        yield f"workers: {one['workers']}; at most {one['allowed']} characters may be repeated"
    for line in one.get("told", ()):
        yield f"{one['disturbance']}: {line}"
    for line in sorted(set(one["faults"])):
        yield f"FAULT: {line}"


if __name__ == "__main__":
    main()
