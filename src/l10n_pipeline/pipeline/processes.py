"""Processes that work for this one: started anew, ended with it, and deaf to Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process, resource_tracker


def usable_cores() -> int:
    """Processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def process_pool(workers: int, begin: Callable[[], None]) -> ProcessPoolExecutor:
    """A pool of processes, started as they are needed. Whatever is submitted to it must be
    submitted within :func:`deaf_to_interrupts`, since that may start one.

    Args:
        workers: processes at most.
        begin: called in each before anything else; must be picklable.
    """
    return ProcessPoolExecutor(
        workers,
        # Never forked: torch's threads do not survive that.
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(begin,),
    )


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
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


def _begin(begin: Callable[[], None]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin()


def _end_with_parent() -> None:
    """Not to stay behind, with all its memory, where the process that asks was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
