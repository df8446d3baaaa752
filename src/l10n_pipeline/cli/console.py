"""What the user sees: escaped text, aligned columns, one line an error, progress."""

from __future__ import annotations

import math
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from l10n_pipeline.errors import L10nError

if TYPE_CHECKING:
    import rich.progress

    from l10n_pipeline.pipeline.locking import Patience
    from l10n_pipeline.pipeline.progress import Progress

Measure = Literal["segments", "bytes"]
_PLAIN_INTERVAL = 10.0
"""Seconds between progress lines where there is no terminal."""


def printable(text: str) -> str:
    r"""Text from a document, made safe for a terminal: control characters are escaped.

    That covers escape sequences, line breaks and the bidirectional controls that can
    make a line read as something else.

    >>> printable("a\x1b[31mb\nc")
    'a\\x1b[31mb\\nc'
    """
    return "".join(
        char.encode("unicode_escape").decode("ascii")
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and char not in "\u200c\u200d"
        else char
        for char in text
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "segment"), counted(23, "segment")
    ('1 segment', '23 segments')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def say(line: str = "") -> None:
    """Write a result line to standard output."""
    sys.stdout.write(f"{line}\n")


def complain(error: L10nError) -> None:
    """Write an error to standard error, as one line."""
    sys.stderr.write(f"error: {printable(str(error))}\n")


def complain_all(errors: Iterable[L10nError]) -> int:
    """Write all errors; the exit status they ask for, 0 if there are none."""
    status = 0
    for error in errors:
        complain(error)
        status = max(status, error.exit_code)
    return status


def columns(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Rows of cells as aligned lines.

    Args:
        rows: the cells; all rows have the same number.
        right: indices of the columns to align at the right.
    """
    from rich.cells import cell_len

    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]

    def padded(index: int, cell: str) -> str:
        space = " " * (widths[index] - cell_len(cell))
        return space + cell if index in right else cell + space

    return "\n".join(
        "  ".join(padded(index, cell) for index, cell in enumerate(row)).rstrip() for row in rows
    )


def shortened(text: str, width: int) -> str:
    """The end of a text that is wider than so many columns, after an ellipsis.

    >>> shortened("guide/start/install.md", 12)
    '…/install.md'
    """
    from rich.cells import cell_len

    if cell_len(text) <= width:
        return text
    while cell_len(text) > width - 1:
        text = text[1:]
    return f"…{text}"


def progress(*, quiet: bool, of: Measure = "segments") -> Progress:
    """Whoever should be told of long work: a bar on a terminal, lines otherwise.

    Args:
        quiet: whether nobody should.
        of: what is counted.
    """
    from l10n_pipeline.pipeline.progress import Silence

    if quiet:
        return Silence()
    return _Bar(of) if sys.stderr.isatty() else _Lines(of)


def patience(*, wait: bool, quiet: bool = False) -> Patience:
    """How long to wait for another process that writes into the project.

    Args:
        wait: whether to wait until it has ended.
        quiet: whether not to say so.
    """
    from l10n_pipeline.pipeline.locking import Patience

    if not wait:
        return Patience()
    return Patience(math.inf, None if quiet else lambda what: _note(f"{what}\n"))


def _note(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()


class _Bar:
    """A progress bar on standard error."""

    def __init__(self, of: Measure) -> None:
        self._of = of
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def begin(self, what: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        counts: dict[Measure, tuple[rich.progress.ProgressColumn, ...]] = {
            "segments": (MofNCompleteColumn(),),
            "bytes": (DownloadColumn(), TransferSpeedColumn()),
        }
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            *counts[self._of],
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(what, total=total)

    def advance(self, count: int) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()


class _Lines:
    """Now and then a line on standard error."""

    def __init__(self, of: Measure) -> None:
        self._of = of
        self._what, self._total, self._done, self._told = "", 0, 0, 0.0

    def begin(self, what: str, total: int) -> None:
        self._what, self._total, self._done, self._told = what, total, 0, time.monotonic()
        if self._of == "segments":
            sys.stderr.write(f"{what}: translating {counted(total, 'segment')}\n")

    def advance(self, count: int) -> None:
        self._done += count
        if time.monotonic() - self._told >= _PLAIN_INTERVAL:
            self._told = time.monotonic()
            sys.stderr.write(f"{self._what}: {self._so_far()}\n")

    def end(self) -> None:
        """Nothing more to say: the results follow."""

    def _so_far(self) -> str:
        if self._of == "bytes":
            return f"{self._done / 1e6:.0f} of {self._total / 1e6:.0f} MB"
        return f"{self._done} of {self._total}"
