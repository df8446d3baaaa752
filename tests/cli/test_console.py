"""Long work is told of: by a bar on a terminal, otherwise by a line now and then."""

from __future__ import annotations

import io
import itertools
import sys
import time
from typing import Literal

import pytest

from l10n_pipeline.cli.console import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock finds it six seconds on."""
    ticks = itertools.count(step=6)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))


def test_segments_are_told_at_the_start_and_now_and_then(
    slow: None, capsys: pytest.CaptureFixture[str]
) -> None:
    told = progress(quiet=False)
    told.begin("en → pt", 40)
    for _ in range(4):
        told.advance(10)
    told.end()
    assert capsys.readouterr().err == (
        "en → pt: translating 40 segments\nen → pt: 20 of 40\nen → pt: 40 of 40\n"
    )


def test_bytes_are_told_in_megabytes(slow: None, capsys: pytest.CaptureFixture[str]) -> None:
    told = progress(quiet=False, of="bytes")
    told.begin("en → pt", 40_000_000)
    for count in (30_000_000, -5_000_000):
        told.advance(count)
    told.end()
    assert capsys.readouterr().err == "en → pt: 25 of 40 MB\n"


@pytest.mark.parametrize(("of", "count"), [("segments", "20/40"), ("bytes", "20/40 bytes")])
def test_a_terminal_gets_a_bar_with_its_count(
    of: Literal["segments", "bytes"], count: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    told = progress(quiet=False, of=of)
    told.begin("en → pt", 40)
    told.advance(20)
    told.end()
    assert "en → pt" in terminal.getvalue()
    assert count in terminal.getvalue()


def test_the_quiet_are_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    told = progress(quiet=True, of="bytes")
    told.begin("en → pt", 40)
    told.advance(40)
    told.end()
    assert capsys.readouterr() == ("", "")
