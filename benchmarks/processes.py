"""Memory of a process and all that it started, on Linux.

Two figures, because neither alone is the truth. *Resident* sums what each process has in
memory: pages that several share count several times. *Proportional* divides a shared page
among those that share it, so that the sum is what the machine has to have.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a tree of processes at one moment, or the peaks over a time, in bytes."""

    resident: int
    proportional: int


def measurable() -> bool:
    """Whether this system tells of memory in the way that is read here."""
    return (_PROC / "self" / "smaps_rollup").exists()


def tree(root: int) -> list[int]:
    """Ids of a process and its descendants, those that are still there."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for entry in _PROC.iterdir():
        if entry.name.isdecimal() and (status := _read(entry / "stat")):
            # The name, in parentheses, may hold anything.
            parent = int(status.rpartition(")")[2].split()[1])
            children[parent].append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children[process]
    return found


def memory(root: int) -> Memory:
    """What a process and its descendants have in memory now; zero for one that is gone."""
    totals = {"Rss": 0, "Pss": 0}
    for process in tree(root):
        for line in _read(_PROC / str(process) / "smaps_rollup").splitlines():
            name, _, rest = line.partition(":")
            if name in totals:
                totals[name] += int(rest.split()[0]) * 1024
    return Memory(totals["Rss"], totals["Pss"])


class MemorySampler:
    """Samples the memory of a tree of processes while the ``with`` block runs."""

    def __init__(self, root: int, every: float = 0.1) -> None:
        """Args:
        root: id of the process at the top.
        every: seconds between samples.
        """
        self._root = root
        self._every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.samples: list[tuple[float, Memory]] = []
        """Seconds since the block began, and what was measured then."""

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def peak(self) -> Memory:
        """The largest of each figure."""
        return Memory(
            max((sample.resident for _, sample in self.samples), default=0),
            max((sample.proportional for _, sample in self.samples), default=0),
        )

    def _run(self) -> None:
        while True:
            sample = memory(self._root)
            # A process that has just ended has no memory left; that says nothing.
            if sample.resident:
                self.samples.append((time.monotonic() - self._began, sample))
            if self._ended.wait(self._every):
                return


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # ended in the meantime, or another user's
        return ""
