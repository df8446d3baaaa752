"""Processes end when they are told to, whatever they and the user are doing."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from l10n_pipeline.pipeline.processes import ProcessPool


def nothing() -> None:
    pass


def own_number() -> int:
    return os.getpid()


def is_running(process: int) -> bool:
    return any(child.pid == process for child in multiprocessing.active_children())


def busy() -> tuple[ProcessPool, int]:
    """A pool whose only process is at something that takes a minute, with more to come."""
    pool = ProcessPool(1, nothing)
    number = pool.submit(own_number).result()
    for _ in range(5):
        pool.submit(time.sleep, 60)
    return pool, number


def test_what_is_being_done_is_not_waited_for() -> None:
    pool, number = busy()
    began = time.monotonic()
    pool.end()
    assert time.monotonic() - began < 30
    assert not is_running(number)


def test_what_was_submitted_fails() -> None:
    pool = ProcessPool(1, nothing)
    futures = [pool.submit(time.sleep, 60) for _ in range(5)]
    pool.end()
    for future in futures:
        with pytest.raises((BrokenProcessPool, CancelledError)):
            future.result(timeout=30)


def test_ending_twice_is_ending_and_asking_afterwards_is_an_error() -> None:
    pool = ProcessPool(1, nothing)
    assert pool.submit(own_number).result() != os.getpid()
    pool.end()
    pool.end()
    with pytest.raises(RuntimeError):
        pool.submit(own_number)


@pytest.fixture
def interrupts_are_heard() -> Iterator[None]:
    """Tests that a shell runs in the background inherit from it that Ctrl-C is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts_are_heard")
def test_an_interrupt_at_the_end_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, number = busy()
    shutdown: Callable[..., None] = pool._pool.shutdown

    def interrupted(**options: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        shutdown(**options)

    monkeypatch.setattr(pool._pool, "shutdown", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pool.end()
    assert not is_running(number)
