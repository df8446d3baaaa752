"""Processes that work for this one: started anew, ended with it, and deaf to Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import TypeVar

_Result = TypeVar("_Result")


def usable_cores() -> int:
    """Processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ProcessPool:
    """Processes that are started as they are needed, and end at once when they are told to.

    Args:
        workers: processes at most.
        begin: called in each before anything else; must be picklable.
    """

    def __init__(self, workers: int, begin: Callable[[], None]) -> None:
        # Never forked: torch's threads do not survive that.
        context = get_context("spawn")
        # Closing this end tells all of them; what waits in a queue would be done first.
        self._told, self._end = context.Pipe(duplex=False)
        self._has_ended = False
        self._pool = ProcessPoolExecutor(
            workers, mp_context=context, initializer=_begin, initargs=(begin, self._told)
        )

    def submit(self, work: Callable[..., _Result], *arguments: object) -> Future[_Result]:
        """Have one of them do something; ``work`` and arguments must be picklable.

        Raises:
            BrokenProcessPool: where one has ended by itself.
            OSError: where none can be started.
            RuntimeError: where they have been told to end.
        """
        if self._has_ended:
            raise RuntimeError("the processes have been told to end")
        with _deaf_to_interrupts():
            return self._pool.submit(work, *arguments)

    def end(self) -> None:
        """Have them end, whatever they are doing; what was submitted fails or is cancelled."""
        if self._has_ended:
            return
        # Interrupted here, the pool would wait for ever for processes that it has not told.
        with uninterrupted():
            self._has_ended = True
            self._end.close()
            self._pool.shutdown(cancel_futures=True)
            self._told.close()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back until the end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Have Ctrl-C, which a terminal sends to all processes, never reach those started
    meanwhile: they block what the thread blocks that starts them. What it means is for the
    process that asked to decide.
    """
    resource_tracker.ensure_running()  # it would unblock them
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a process --------------------------------------------------------------------


def _begin(begin: Callable[[], None], told: Connection) -> None:
    threading.Thread(target=_end_when_told, args=(told,), daemon=True).start()
    begin()


def _end_when_told(told: Connection) -> None:
    """Not to stay behind, with all its memory, where the process that asks was killed, either."""
    parent = parent_process()
    wait([told] if parent is None else [told, parent.sentinel])
    os._exit(1)
