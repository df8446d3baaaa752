"""An engine in worker processes: one thread each, one core each.

Two processes of one thread are quicker than one of two threads: a student's matrices are
too small to be worth dividing. The process that asks stays free of torch, so
that it starts at once, and reads, checks and writes while the workers translate.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from l10n_pipeline.errors import ModelError
from l10n_pipeline.model import GREEDY, Hypothesis, Search
from l10n_pipeline.pipeline.batches import Asked, of_like_length
from l10n_pipeline.pipeline.processes import ProcessPool
from l10n_pipeline.protocols import Engine

CHARACTERS_A_JOB: Final = 8_000
"""Enough for a student's full batches; little enough that all workers end at about the same time,
and that three of them together have no more in hand than a batch, which a killed run loses.
"""
_JOBS_A_WORKER: Final = 3
"""Where there is less work than that, it is divided so that each worker gets this many."""
_FEWEST_CHARACTERS: Final = 1_500
"""A job is not made smaller than this to occupy a worker."""

_TUNABLES: Final = "GLIBC_TUNABLES"
_ENVIRONMENT: Final = threading.Lock()
"""Held by the thread that has changed the environment for a moment."""

_Result = TypeVar("_Result")


class WorkerPool:
    """An :class:`l10n_pipeline.protocols.Engine` that has others work for it.

    May be used from several threads at once.

    Args:
        load: loads the engine, in each worker; must be picklable.
        workers: processes at most. They are started as they are needed.

    Raises:
        ModelError: where the engine's files cannot be used.
    """

    def __init__(self, load: Callable[[], Engine], *, workers: int) -> None:
        self._workers = workers
        self._pool = ProcessPool(workers, partial(_begin, load))
        try:
            self.name: str = self._result(self._submit(_name))
        except BaseException:
            self.close()
            raise

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Translate each source; see :class:`l10n_pipeline.protocols.Engine`."""
        found = self._translated(sources, 1, search, prefixes, progress)
        return [best for best, *_ in found]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Several translations of each source; see :class:`l10n_pipeline.protocols.Engine`."""
        return self._translated(sources, n, search, prefixes, None)

    def batches(
        self, asked: Sequence[Asked], n: int, search: Search
    ) -> Iterator[tuple[list[Asked], list[list[Hypothesis]]]]:
        """Translate as :meth:`n_best`, and give what is finished as soon as it is.

        Args:
            asked: sources, each with what its translation has to begin with; none twice.
            n: translations of each; with 1 it is that of :meth:`translate`.
            search: how to look for them.

        Yields:
            Some of what was asked, and of each its translations.
        """
        waiting = {
            self._submit(_translate, _Job(part, n, search)): part
            for part in _jobs(list(asked), self._workers)
        }
        try:
            for done in as_completed(waiting):
                yield waiting[done], self._result(done)
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """Let the workers end. What is asked afterwards is an error."""
        self._pool.end()

    def _translated(
        self,
        sources: Sequence[str],
        n: int,
        search: Search,
        prefixes: Sequence[str] | None,
        progress: Callable[[int], None] | None,
    ) -> list[list[Hypothesis]]:
        asked = list(zip(sources, prefixes or [""] * len(sources), strict=True))
        times = Counter(asked)
        found: dict[Asked, list[Hypothesis]] = {}
        for part, translated in self.batches(list(times), n, search):
            found.update(zip(part, translated, strict=True))
            if progress is not None:
                progress(sum(times[one] for one in part))
        return [found[one] for one in asked]

    def _submit(self, work: Callable[..., _Result], *args: object) -> Future[_Result]:
        try:
            # What is submitted may start another process.
            with _large_pages():
                return self._pool.submit(work, *args)
        except BrokenProcessPool as error:  # while something else was asked
            raise _ended_early() from error

    def _result(self, future: Future[_Result]) -> _Result:
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise _ended_early() from error


@contextmanager
def _large_pages() -> Iterator[None]:
    """Have processes that start meanwhile ask for large pages, where glibc (2.35 or newer)
    and the kernel have them: a student's weights are read over and over, and looking up
    small pages takes time.
    """
    with _ENVIRONMENT:
        before = os.environ.get(_TUNABLES)
        wanted = [*filter(None, [before]), "glibc.malloc.hugetlb=1"]
        os.environ[_TUNABLES] = ":".join(wanted)
        try:
            yield
        finally:
            if before is None:
                del os.environ[_TUNABLES]
            else:
                os.environ[_TUNABLES] = before


def _ended_early() -> ModelError:
    return ModelError(
        "a worker process ended before its work was done",
        way_out="see that there is memory enough, or set fewer workers",
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """What a worker is asked in one go."""

    asked: Sequence[Asked]
    n: int
    search: Search


def _jobs(asked: list[Asked], workers: int) -> Iterator[list[Asked]]:
    total = sum(len(source) for source, _ in asked)
    budget = max(_FEWEST_CHARACTERS, min(CHARACTERS_A_JOB, total // (workers * _JOBS_A_WORKER)))
    return of_like_length(asked, budget)


# --- in the worker ------------------------------------------------------------------


class _Worker:
    """What a worker process has: how to load its engine, and the engine once it is."""

    load: Callable[[], Engine]
    engine: Engine | None = None


def _begin(load: Callable[[], Engine]) -> None:
    _keep_memory()
    _Worker.load = load


def _keep_memory() -> None:
    """Have the C library keep what is freed: every batch would fault its pages in anew.

    glibc's mallopt(3): M_MMAP_THRESHOLD and M_TRIM_THRESHOLD. Elsewhere nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(-3, 1 << 30)
        mallopt(-1, 1 << 30)


def _engine() -> Engine:
    # Not in _begin: an error there would only say that the pool is broken.
    if _Worker.engine is None:
        import torch  # noqa: PLC0415 - in a worker alone

        torch.set_num_threads(1)
        _Worker.engine = _Worker.load()
    return _Worker.engine


def _name() -> str:
    return _engine().name


def _translate(job: _Job) -> list[list[Hypothesis]]:
    sources, prefixes = [source for source, _ in job.asked], [prefix for _, prefix in job.asked]
    forced = prefixes if any(prefixes) else None
    if job.n == 1:
        found = _engine().translate(sources, search=job.search, prefixes=forced)
        return [[hypothesis] for hypothesis in found]
    return _engine().n_best(sources, job.n, search=job.search, prefixes=forced)
