"""Runs ``translate`` in processes that kill themselves at a chosen moment.

As a program it reads requests, one a line, and answers each: ``[ROOT, LOG, EVENT]`` asks for a run
in the project at ROOT that kills itself at the EVENT-th thing it does to a file there, or begins
or ends with a batch (0: never). The answer is the exit status and how many such events there were.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from l10n_pipeline.config import find_project
from l10n_pipeline.model import Hypothesis
from l10n_pipeline.pipeline import machine
from l10n_pipeline.pipeline import translate as pipeline
from l10n_pipeline.pipeline.journal import KeptEngine
from l10n_pipeline.pipeline.workspace import Workspace
from tests.support.projects import PT, THEN, FakeEngine

CHARACTERS_A_BATCH = 40
"""Two sentences or three."""


class Interrupter:
    """The program, as a test uses it: it starts once, since imports take longest."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def run(self, root: Path, log: Path, event: int = 0) -> tuple[int, int]:
        """Have a run; the exit status, negative for a signal, and how many events there were."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps([str(root), str(log), event])}\n")
        self._process.stdin.flush()
        status, events = json.loads(self._process.stdout.readline())
        return status, events


@dataclass
class _Moments:
    """Counts what happens in a project and kills the process at a moment."""

    root: str
    fatal: int
    events: int = 0

    def __call__(self, name: str, arguments: tuple[object, ...] = ()) -> None:
        is_here = any(str(one).startswith(self.root) for one in arguments[:2])
        if name == "batch" or name.startswith("fcntl.") or (is_here and name != "os.scandir"):
            self.events += 1
            if self.events == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class _Noting(FakeEngine):
    """Notes what it is asked in a file."""

    log: Path = Path()
    moments: _Moments | None = None

    def translate(self, sources: Sequence[str], **_: object) -> list[Hypothesis]:
        assert self.moments is not None
        with self.log.open("a", encoding="utf-8") as stream:
            stream.write(f"{json.dumps(list(sources))}\n")
        self.moments("batch")
        made = super().translate(sources)
        self.moments("batch")
        return made


def _run(root: Path, log: Path, event: int) -> int:
    moments = _Moments(str(root), event)
    sys.addaudithook(moments)
    machine.KeptEngine = partial(KeptEngine, characters=CHARACTERS_A_BATCH)  # type: ignore[assignment, misc] # small batches
    engine = _Noting(log=log, moments=moments)
    report = pipeline.translate(
        Workspace(find_project(root)),
        locales=(PT,),
        now=THEN,
        find_engine=lambda *_: lambda: engine,
    )
    if report.errors:
        sys.stderr.write(f"{report.errors[0]}\n")
    log.with_suffix(".events").write_text(str(moments.events))
    return len(report.errors)


def _serve() -> None:
    for line in sys.stdin:
        root, log, event = json.loads(line)
        count = Path(log).with_suffix(".events")
        count.unlink(missing_ok=True)
        if (child := os.fork()) == 0:
            os._exit(_run(Path(root), Path(log), event))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        events = int(count.read_text()) if count.exists() else event
        sys.stdout.write(f"{json.dumps([status, events])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
