"""Measure how an engine's cost grows with the number of segments, their length, and the
number it is given together.

Each figure is the median of several runs, which take turns. Beside each stands the exponent
to the one before: 1 is growth in proportion, 2 with the square, 0 none.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.engines import Runner, interpreters, model_files, running
from benchmarks.files import lines_of, translations_of, write_lines
from benchmarks.options import add_engines, add_pair, add_rounds, at_least_one

WORDS_IN_ALL = 4_000
"""The same number of words for every length of segment, so that only the length differs."""


@dataclass(frozen=True, slots=True)
class Point:
    """One input and how it is given."""

    size: int
    lines: tuple[str, ...]
    lines_at_once: int | None = None


def main(arguments: Sequence[str] | None = None) -> None:
    carry_out("growth", parse(arguments), run, report)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair(parser)
    add_engines(parser, ("l10n", "bergamot"))
    parser.add_argument("--segments", nargs="+", type=at_least_one, default=[125, 250, 500, 997])
    parser.add_argument("--words", nargs="+", type=at_least_one, default=[5, 10, 20, 40, 80])
    parser.add_argument("--at-once", nargs="+", type=at_least_one, default=[1, 4, 16, 64, 256])
    add_rounds(parser, 3)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where an engine cannot be run, or loses lines.
    """
    lines = lines_of(options.source)
    series = {
        "segments": [Point(size, tuple(first(lines, size))) for size in sorted(options.segments)],
        "words a segment": [
            Point(size, tuple(of_length(lines, size, WORDS_IN_ALL)))
            for size in sorted(options.words)
        ],
        "segments at once": [
            Point(size, tuple(first(lines, max(options.at_once))), size)
            for size in sorted(options.at_once)
        ],
    }
    model = model_files(options.origin, options.target, options.model)
    python = interpreters(options.python310)
    found = []
    for spec in options.engines:
        with running(spec, python) as runner:
            runner.load(model)
            for name, points in series.items():
                seconds = medians(runner, points, options.rounds)
                found.append({"engine": spec.label, "series": name, **figures_of(points, seconds)})
    return {"model": model["name"], "machine": machine.description(), "series": found}


def first(lines: Sequence[str], count: int) -> list[str]:
    """The first lines; from the start again where there are too few, numbered to differ."""
    return [
        lines[at % len(lines)] + (f" ({at})" if at >= len(lines) else "") for at in range(count)
    ]


def of_length(lines: Sequence[str], words: int, in_all: int) -> list[str]:
    """Segments of ``words`` words, cut from the running text; ``in_all`` words together.

    Where the text begins again, a segment that was there has a number for its last word:
    an engine may translate once what it is given twice.
    """
    text = " ".join(lines).split()
    segments: dict[str, None] = {}
    for start in range(0, in_all - words + 1, words):
        cut = [text[(start + at) % len(text)] for at in range(words)]
        if " ".join(cut) in segments:
            cut[-1] = str(start)
        segments[" ".join(cut)] = None
    return list(segments)


def medians(runner: Runner, points: Sequence[Point], rounds: int) -> list[float]:
    """Seconds for each point, the points taking turns; the first turn does not count."""
    seconds: list[list[float]] = [[] for _ in points]
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "source"), Path(folder, "target")
        for number in range(rounds + 1):
            for at in figures.rotated(range(len(points)), number):
                point = points[at]
                write_lines(given, point.lines)
                took = runner.translate(given, found, point.lines_at_once)
                translations_of(found, len(point.lines), runner.spec.label)
                if number:
                    seconds[at].append(took)
    return [statistics.median(values) for values in seconds]


def figures_of(points: Sequence[Point], seconds: Sequence[float]) -> dict[str, Any]:
    """A series as ``--json`` writes it."""
    sizes = [point.size for point in points]
    return {
        "sizes": sizes,
        "seconds": list(seconds),
        "words_per_second": [
            figures.word_count(point.lines) / took
            for point, took in zip(points, seconds, strict=True)
        ],
        "exponents": figures.exponents(sizes, seconds),
    }


def report(results: dict[str, Any]) -> str:
    """The results as tables for people."""
    parts = [results["model"]]
    for series in results["series"]:
        rows = [[series["series"], "seconds", "words/s", "exponent"]]
        exponents = ["", *(f"{exponent:+.2f}" for exponent in series["exponents"])]
        rows += [
            [f"{size:,}", f"{seconds:.3f}", f"{speed:,.0f}", exponent]
            for size, seconds, speed, exponent in zip(
                series["sizes"],
                series["seconds"],
                series["words_per_second"],
                exponents,
                strict=True,
            )
        ]
        parts.append(f"{series['engine']}\n{figures.table(rows)}")
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
