"""An engine in other processes: what comes back is what it would have said here."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.errors import DocumentError, L10nError, ModelError
from l10n_pipeline.model import GREEDY, Alignment, AlignmentLink, Hypothesis, Search, Span
from l10n_pipeline.pipeline.engines import EngineSettings, engine_for
from l10n_pipeline.pipeline.workers import WorkerPool, _jobs
from tests.support.projects import PT

EN = PT.parse("en")
SENTENCES = (
    (Path(__file__).parents[1] / "engines" / "sentences.en.txt")
    .read_text(encoding="utf-8")
    .splitlines()
)
DIES, FAILS, BREAKS = "die", "fail", "break"
NOWHERE = ModelError("is broken", where="model.bin", way_out="fetch it again")


@dataclass
class Told:
    """An engine that writes what it was asked, and who it was that was asked."""

    name: str = "told/f32"
    asked: list[str] = field(default_factory=list)

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        return [best for best, *_ in self.n_best(sources, 1, search=search, prefixes=prefixes)]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        self.asked += sources
        if DIES in sources:
            os._exit(9)
        if FAILS in sources:
            raise DocumentError("cannot be read", where="a.txt:3", way_out="write it again")
        if BREAKS in sources:
            raise ZeroDivisionError("a bug")
        return [
            [self._told(source, prefix, rank, search) for rank in range(n)]
            for source, prefix in zip(sources, prefixes or [""] * len(sources), strict=True)
        ]

    def close(self) -> None:
        """Nothing is held."""

    def _told(self, source: str, prefix: str, rank: int, search: Search) -> Hypothesis:
        return Hypothesis(
            text=f"{prefix}{source}|{rank}|{search.beam}|{self.asked.count(source)}|{os.getpid()}",
            score=-0.5,
            alignment=Alignment([AlignmentLink(Span(0, 1), Span(0, len(source)), 0.25)]),
            unwritable=(Span(0, 1),),
        )


def broken() -> Told:
    raise NOWHERE


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(Told, workers=2)
    yield pool
    pool.close()


def parts(hypothesis: Hypothesis) -> list[str]:
    """What was written, rank, beam, how often that worker was asked, and the worker."""
    return hypothesis.text.split("|")


def many(label: str, count: int = 600) -> list[str]:
    """Enough for several jobs."""
    return [f"{label} {number} " + "x" * (number * 7 % 60) for number in range(count)]


def test_it_is_called_as_the_engine_is(pool: WorkerPool) -> None:
    assert pool.name == "told/f32"


def test_what_is_asked_is_answered_in_order_and_whole(pool: WorkerPool) -> None:
    sources = many("order")
    found = pool.translate(sources)
    assert [parts(one)[0] for one in found] == sources
    assert found[1].alignment == (AlignmentLink(Span(0, 1), Span(0, len(sources[1])), 0.25),)
    assert found[1].unwritable == (Span(0, 1),)
    assert str(os.getpid()) not in {parts(one)[4] for one in found}


def test_several_processes_share_the_work(tmp_path: Path) -> None:
    with closing(WorkerPool(partial(Meeting, tmp_path), workers=2)) as pool:
        found = pool.translate(many("shared"))
    assert len({parts(one)[4] for one in found}) == 2


@dataclass
class Meeting(Told):
    """Waits for another process to be asked as well; how long that takes to start is open."""

    folder: Path = Path()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        (self.folder / str(os.getpid())).touch()
        deadline = time.monotonic() + 60
        while len(list(self.folder.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        return super().n_best(sources, n, search=search, prefixes=prefixes)


def test_nothing_comes_of_nothing(pool: WorkerPool) -> None:
    assert pool.translate([]) == []
    assert pool.n_best([], 2, search=GREEDY) == []


def test_what_is_asked_for_twice_is_asked_of_one_worker_once(pool: WorkerPool) -> None:
    sources = many("twice")
    found = pool.translate([*sources, *sources[::-1]])
    assert found == [*found[: len(sources)], *found[: len(sources)][::-1]]
    assert {parts(one)[3] for one in found} == {"1"}


def test_one_source_with_two_prefixes_is_asked_for_twice(pool: WorkerPool) -> None:
    found = pool.translate(["same"] * 3, prefixes=["a ", "b ", "a "])
    assert [parts(one)[0] for one in found] == ["a same", "b same", "a same"]


def test_there_are_as_many_prefixes_as_sources(pool: WorkerPool) -> None:
    with pytest.raises(ValueError, match=r"zip\(\)"):
        pool.translate(["one", "two"], prefixes=["a"])


def test_progress_adds_up_to_all_that_was_asked(pool: WorkerPool) -> None:
    sources = [*many("progress"), *many("progress", 50)]
    seen: list[int] = []
    pool.translate(sources, progress=seen.append)
    assert sum(seen) == len(sources)
    assert len(seen) > 2


def test_the_search_and_the_number_wanted_reach_the_worker(pool: WorkerPool) -> None:
    lists = pool.n_best(["one", "two"], 3, search=Search(beam=5), prefixes=["", "b "])
    assert [[parts(one)[:3] for one in found] for found in lists] == [
        [[text, str(rank), "5"] for rank in range(3)] for text in ("one", "b two")
    ]
    (found,) = pool.translate(["three"], search=Search(beam=4))
    assert parts(found)[:3] == ["three", "0", "4"]


@given(
    lengths=st.lists(st.integers(0, 5_000), max_size=200),
    workers=st.integers(1, 16),
)
def test_jobs_are_all_of_it_longest_first_and_none_too_large(
    lengths: list[int], workers: int
) -> None:
    asked = [("x" * length, str(number)) for number, length in enumerate(lengths)]
    jobs = list(_jobs(asked, workers))
    flat = [one for job in jobs for one in job]
    assert sorted(flat) == sorted(asked)
    assert [len(source) for source, _ in flat] == sorted(lengths, reverse=True)
    for job in jobs:
        assert len(job) == 1 or sum(len(source) for source, _ in job) <= 8_000


# --- what goes wrong ---------------------------------------------------------------------


def test_an_error_comes_back_as_it_was_raised(pool: WorkerPool) -> None:
    with pytest.raises(DocumentError) as caught:
        pool.translate(["one", FAILS])
    error = caught.value
    assert (error.what, error.where, error.way_out) == (
        "cannot be read",
        "a.txt:3",
        "write it again",
    )
    # The pool is none the worse for it.
    assert parts(pool.translate(["after"])[0])[0] == "after"


def test_a_bug_comes_back_as_one(pool: WorkerPool) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.translate([BREAKS])


def test_an_engine_that_cannot_be_loaded_says_so_at_once() -> None:
    with pytest.raises(ModelError) as caught:
        WorkerPool(broken, workers=2)
    assert str(caught.value) == str(NOWHERE)
    assert no_children_are_left()


def test_a_worker_that_dies_is_an_error_and_no_hang() -> None:
    with closing(WorkerPool(Told, workers=2)) as pool:
        for _ in range(2):  # nor does the pool come back to life
            with pytest.raises(ModelError) as caught:
                pool.translate([*many("dying"), DIES])
            assert str(caught.value) == (
                "a worker process ended before its work was done; "
                "see that there is memory enough, or set fewer workers"
            )
    assert no_children_are_left()


class Masked(Told):
    """Is called by what it knows of Ctrl-C."""

    def __init__(self) -> None:
        blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
        super().__init__("deaf" if blocked else "listening")


def test_ctrl_c_does_not_reach_a_worker_even_while_it_starts() -> None:
    with closing(WorkerPool(Masked, workers=1)) as pool:
        assert pool.name == "deaf"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_several_threads_may_ask_at_once(pool: WorkerPool) -> None:
    def ask(label: str) -> list[str]:
        return [parts(one)[0] for one in pool.translate(many(label, 300))]

    labels = [f"thread {number}" for number in range(6)]
    with ThreadPoolExecutor(len(labels)) as threads:
        assert list(threads.map(ask, labels)) == [many(label, 300) for label in labels]


def test_an_error_in_one_thread_leaves_the_others_alone(pool: WorkerPool) -> None:
    failed = threading.Event()

    def fail() -> None:
        with pytest.raises(L10nError):
            pool.translate([FAILS])
        failed.set()

    thread = threading.Thread(target=fail)
    thread.start()
    assert [parts(one)[0] for one in pool.translate(many("alone"))] == many("alone")
    thread.join(timeout=30)
    assert failed.is_set()


def test_closing_ends_the_processes_and_asking_afterwards_is_an_error() -> None:
    pool = WorkerPool(Told, workers=2)
    workers = {int(parts(one)[4]) for one in pool.translate(many("closed"))}
    pool.close()
    pool.close()
    assert not any(is_running(worker) for worker in workers)
    with pytest.raises(RuntimeError):
        pool.translate(["one"])


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def no_children_are_left() -> bool:
    """Whether only the workers of the module's pool are left."""
    return soon(lambda: len(multiprocessing.active_children()) <= 2)


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something holds within some seconds."""
    deadline = time.monotonic() + 10
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# --- with the real command -----------------------------------------------------------------


ASKING = """
import sys
from tests.pipeline.test_workers import Told
from l10n_pipeline.pipeline.workers import WorkerPool

if __name__ == "__main__":
    pool = WorkerPool(Told, workers=2)
    pool.translate(["one", "two"])
    print(*(process.pid for process in pool._pool._pool._processes.values()), flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_workers_end_with_a_process_that_was_killed(tmp_path: Path) -> None:
    program = tmp_path / "asking.py"
    program.write_text(ASKING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:
        assert process.stdout is not None
        workers = [int(number) for number in process.stdout.readline().split()]
        assert workers
        assert all(_runs(worker) for worker in workers)
        process.kill()
    deadline = time.monotonic() + 20
    while any(_runs(worker) for worker in workers):
        assert time.monotonic() < deadline, "workers outlive what started them"
        time.sleep(0.05)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that has ended and that nobody has asked after is there all the same.
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
def test_workers_write_what_one_process_writes() -> None:
    sources = [*SENTENCES, "", " ", SENTENCES[3], " ".join(SENTENCES[:6])]
    prefixes = ["" if at % 3 else "Em " for at in range(len(sources))]
    with closing(pool_of(2)) as pool:
        assert isinstance(pool, WorkerPool)
        together = pool.translate(sources)
        forced = pool.translate(sources, prefixes=prefixes)
        lists = pool.n_best(sources, 3, search=Search(beam=4))
    alone = pool_of(1)
    assert not isinstance(alone, WorkerPool)
    assert alone.name == pool.name
    for one, other in zip(
        [*together, *forced, *(found for several in lists for found in several)],
        [
            *alone.translate(sources),
            *alone.translate(sources, prefixes=prefixes),
            *(f for several in alone.n_best(sources, 3, search=Search(beam=4)) for f in several),
        ],
        strict=True,
    ):
        assert one.text == other.text
        assert one.alignment == other.alignment
        assert one.score == pytest.approx(other.score, abs=1e-6)


def pool_of(workers: int) -> WorkerPool:
    return engine_for(EN, PT, settings=EngineSettings(workers=workers))  # type: ignore[return-value] # or one in this process


MT = ("mt", "--from", "en", "--to", "pt")
INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from l10n_pipeline.cli import main; main()"
)
"""Whoever runs the tests may ignore the signal, as shells do for what is in the background."""


@pytest.mark.slow
@pytest.mark.parametrize("busy", [True, False])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_at_a_terminal_ends_all_processes_soon(
    tmp_path: Path, busy: bool, workers: str
) -> None:
    line = b"In 1999 the foundation presented %d films about the town.\n"
    lines = tmp_path / "lines"
    lines.write_bytes(b"".join(line % number for number in range(20_000)))
    with (
        lines.open("rb") as file,
        subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, *MT, "--workers", workers],
            stdin=file if busy else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "L10N_CACHE": os.devnull},
            start_new_session=True,
        ) as process,
    ):
        if process.stdin is not None:
            process.stdin.write(line % 1)
            process.stdin.flush()
        assert process.stdout is not None
        assert process.stdout.readline().endswith(b"filmes sobre a cidade.\n")
        started = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        assert time.monotonic() - started < 10
        assert process.returncode == 130
        assert stderr.decode().splitlines() == ["interrupted; what was finished is on disk"]
        # The one that looks after what processes share ends when it sees that they did.
        assert soon(lambda: not members_of_group(process.pid))


def members_of_group(group: int) -> list[int]:
    """Processes that are left of a group, zombies aside."""
    left = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[2]) == group and fields[0] != "Z":
            left.append(int(stat.parent.name))
    return left
