"""Test sets and translations: UTF-8, one segment a line, lines ending at LF alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.errors import BenchmarkError


def lines_of(path: Path) -> list[str]:
    """The lines of a test set.

    Raises:
        BenchmarkError: where it cannot be read, or is empty.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BenchmarkError(f"{path} cannot be read: {error}") from error
    if not text:
        raise BenchmarkError(f"{path} is empty")
    return text.removesuffix("\n").split("\n")


def translations_of(path: Path, expected: int, engine: str) -> list[str]:
    """What an engine wrote.

    Raises:
        BenchmarkError: where it wrote more or fewer lines than it was given.
    """
    lines = path.read_bytes().decode().split("\n")[:-1]
    if len(lines) != expected:
        raise BenchmarkError(f"{engine}: {expected} lines in, {len(lines)} lines out")
    return lines


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write one line each."""
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
