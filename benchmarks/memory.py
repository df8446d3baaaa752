"""Measure whether ``l10n mt`` holds its memory, and its order, over long inputs.

Makes inputs of several lengths from a file of sentences, each line different from all
others, streams each through the command and samples the memory of its processes. Then
lines from all over the longest input are put to another run of the command one by one: the
answers have to be the ones that stood in their places.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import figures, machine
from benchmarks.engines import EngineSpec, model_files
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of, translations_of, write_lines
from benchmarks.options import add_pair
from benchmarks.peers.l10n_mt import command
from benchmarks.processes import MemorySampler, measurable

SEED = 1
FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Flow:
    """A long input that went through the command."""

    lines: int
    seconds: float
    peak_resident: int
    peak_proportional: int
    """Bytes."""
    drift: float
    """Bytes by which memory grew from the second quarter of the time to the last: medians
    of the samples' proportional memory. Negative where it shrank."""


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    try:
        results = run(options)
    except BenchmarkError as error:
        sys.exit(f"memory: {error}")
    print(report(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if results["out_of_place"]:
        sys.exit("memory: lines are not in the order they were given in")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair(parser)
    parser.add_argument(
        "--engine",
        type=EngineSpec.parse,
        default=EngineSpec.parse("l10n-mt"),
        metavar="l10n-mt[:OPTION=VALUE,…]",
        help="the command with other options",
    )
    parser.add_argument(
        "--lines", nargs="+", type=int, default=[10_000, 100_000], help="default: 10000 100000"
    )
    parser.add_argument("--sample", type=int, default=50, help="lines to check; default: 50")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args(arguments)
    if options.engine.peer != "l10n_mt":
        parser.error("--engine: only l10n-mt can be streamed to")
    if min(options.lines) < 1 or options.sample < 1:
        parser.error("--lines and --sample: at least 1")
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where memory cannot be measured here, or the command fails.
    """
    if not measurable():
        raise BenchmarkError("memory is read from /proc/*/smaps_rollup, which is not here")
    model = model_files(options.origin, options.target, options.model)
    arguments = command(model, dict(options.engine.settings))
    sentences = lines_of(options.source)
    flows: list[Flow] = []
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "source"), Path(folder, "target")
        for count in sorted(options.lines):
            write_lines(given, long_input(sentences, count))
            flows.append(stream(arguments, given, found, count))
            print(f"{count:,} lines: {flows[-1].seconds:.0f} s", file=sys.stderr, flush=True)
        longest = max(options.lines)
        checked = random.Random(SEED).sample(range(longest), min(options.sample, longest))
        lines = lines_of(given)
        translations = translations_of(found, longest, options.engine.label)
        answers = one_by_one(arguments, [lines[at] for at in checked])
        out_of_place = [
            at for at, answer in zip(checked, answers, strict=True) if answer != translations[at]
        ]
    return {
        "model": model["name"],
        "engine": options.engine.label,
        "machine": machine.description(),
        "flows": [asdict(flow) for flow in flows],
        "checked": len(checked),
        "out_of_place": out_of_place,
    }


def long_input(sentences: Sequence[str], count: int) -> Iterator[str]:
    """``count`` lines that are all different: the sentences, shuffled anew each time round,
    with a year in front that no other round has.

    A model renders "1987: It rained." as it renders "It rained.": with a number of its own
    behind each line it would lose many, and the command would spend its time looking for
    them again.
    """
    generator = random.Random(SEED)
    distinct = list(dict.fromkeys(sentences))
    order: list[str] = []
    for number in range(count):
        times_round, at = divmod(number, len(distinct))
        if at == 0:
            order = generator.sample(distinct, len(distinct))
        yield f"{FIRST_YEAR + times_round}: {order[at]}"


def stream(arguments: Sequence[str], given: Path, found: Path, lines: int) -> Flow:
    """Put a file through the command and watch its memory.

    Raises:
        BenchmarkError: where it fails, or ends before it could be watched.
    """
    began = time.perf_counter()
    with (
        given.open("rb") as source,
        found.open("wb") as target,
        subprocess.Popen(arguments, stdin=source, stdout=target) as process,
        MemorySampler(process.pid, every=0.2) as sampler,
    ):
        process.wait()
        seconds = time.perf_counter() - began
    if process.returncode:
        raise BenchmarkError(f"the command failed with exit status {process.returncode}")
    if not sampler.samples:
        raise BenchmarkError("the command ended before its memory could be read")
    return Flow(
        lines=lines,
        seconds=seconds,
        peak_resident=sampler.peak.resident,
        peak_proportional=sampler.peak.proportional,
        drift=drift([(at, memory.proportional) for at, memory in sampler.samples], seconds),
    )


def drift(samples: Sequence[tuple[float, int]], seconds: float) -> float:
    """How much more there is in the last quarter of the time than in the second.

    The first quarter, in which things are loaded, says nothing, nor does the first line.
    """
    early = [size for at, size in samples if seconds / 4 <= at < seconds / 2]
    late = [size for at, size in samples if at >= seconds * 3 / 4]
    return statistics.median(late) - statistics.median(early) if early and late else 0.0


def one_by_one(arguments: Sequence[str], lines: Sequence[str]) -> list[str]:
    """What the command answers to each line before it has seen the next.

    Raises:
        BenchmarkError: where it does not answer.
    """
    answers = []
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in lines:
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            answer = process.stdout.readline().decode()
            if not answer.endswith("\n"):
                raise BenchmarkError("the command stopped answering")
            answers.append(answer.removesuffix("\n"))
    return answers


def report(results: dict[str, Any]) -> str:
    """The results as a table for people."""
    rows = [["lines", "seconds", "peak MB", "peak MB prop.", "drift MB"]]
    rows += [
        [
            f"{flow['lines']:,}",
            f"{flow['seconds']:.0f}",
            f"{flow['peak_resident'] / 1e6:,.0f}",
            f"{flow['peak_proportional'] / 1e6:,.0f}",
            f"{flow['drift'] / 1e6:+,.1f}",
        ]
        for flow in results["flows"]
    ]
    checked, wrong = results["checked"], len(results["out_of_place"])
    return (
        f"{results['engine']}, {results['model']}\n\n{figures.table(rows)}\n\n"
        f"{checked - wrong} of {checked} lines are what they are when translated alone"
    )


if __name__ == "__main__":
    main()
