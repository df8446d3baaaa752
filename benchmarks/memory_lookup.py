"""Measure how quickly a large translation memory is filled and asked.

The memory is made of a test set: its sentences, beginnings of some joined to ends of others,
words replaced, added and left out, all different. It is written as TMX, imported, and asked for
sentences changed a little, changed much, and new ones. Every answer is compared with
rapidfuzz's own scan of all sources (``process.extractOne`` with the same similarity and the same
threshold), which runs on the same texts in the same process. Times are processor
time: neither uses more than one thread.

Peak memory is the whole process's, import and index included, before the scan gets its list.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from benchmarks import figures, machine
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from l10n_pipeline.comparable import comparable
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.matches import Match
from l10n_pipeline.memory.store import DEFAULT_THRESHOLD, TranslationMemory
from l10n_pipeline.memory.tmx import read_tmx, write_tmx
from l10n_pipeline.memory.units import MemoryUnit, Pair, SuppliedUnits, Supply, SupplyKind

SEED = 1
PAIR = Pair(Locale("en"), Locale("pt"))
CHANGES = {"a little": 1, "much": 6}
"""Words of a sentence of the memory that are changed to make a query of it."""
FOUND = (("90–100", 0.9), ("75–89", DEFAULT_THRESHOLD), ("none", 0.0))


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long something took."""

    processor: float
    """Time of this process, whatever else the machine did; all is done on one thread."""
    clock: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A query answered in both ways."""

    characters: int
    similarity: float
    """0 where nothing is similar enough."""
    scanned: float
    """The scan's."""
    seconds: float
    """Processor time, here and below."""
    scan_seconds: float


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    try:
        results = run(options)
    except BenchmarkError as error:
        sys.exit(f"memory_lookup: {error}")
    print(report(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if results["different"]:
        sys.exit("memory_lookup: the memory's best match is not that of a full scan")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True, help="a test set, a sentence a line")
    parser.add_argument("--reference", type=Path, required=True, help="its translation")
    parser.add_argument("--units", type=int, default=1_000_000, help="default: 1,000,000")
    parser.add_argument("--queries", type=int, default=60, help="default: 60")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args(arguments)
    if min(options.units, options.queries) < 1:
        parser.error("--units and --queries: at least 1")
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where the test set cannot be read.
    """
    sources, targets = lines_of(options.source), lines_of(options.reference)
    if len(sources) != len(targets):
        raise BenchmarkError(f"{options.source} and {options.reference} differ in length")
    with tempfile.TemporaryDirectory() as folder:
        tmx, store = Path(folder, "made.tmx"), Path(folder, "memory")
        some: list[str] = []
        with tmx.open("wb") as stream:
            made = kept(made_units(sources, targets, options.units), some, options)
            stream.writelines(write_tmx(made, PAIR))
        chosen = queries(sources, some)
        supplied = SuppliedUnits(Supply(SupplyKind.TMX, "made.tmx"), "1", lambda: units_in(tmx))
        with TranslationMemory(store) as memory:
            imported = timed(lambda: memory.refresh(PAIR, [supplied]))
            unchanged = timed(lambda: memory.refresh(PAIR, [supplied]))
            indexed = timed(lambda: memory.lookup(PAIR, "a text that nothing is like"))
            looked_up = [look_up(memory, query) for query in chosen]
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            forms = [comparable(unit.source) for unit, _ in memory.units(PAIR)]
            answers = [
                answered(query, *found, forms)
                for query, found in zip(chosen, looked_up, strict=True)
            ]
        sizes = tmx.stat().st_size, store.stat().st_size
    return {
        "machine": machine.description(),
        "load": machine.load(),
        "units": len(forms),
        "characters_per_unit": statistics.mean(map(len, forms)),
        "tmx_bytes": sizes[0],
        "store_bytes": sizes[1],
        "import": asdict(imported),
        "unchanged": asdict(unchanged),
        "index": asdict(indexed),
        "peak_bytes": peak,
        "different": sum(answer.similarity != answer.scanned for answer in answers),
        "answers": [summary(name, answers) for name, _ in FOUND],
        "all": summary("", answers),
    }


def timed(work: Callable[[], object]) -> Seconds:
    """How long it takes."""
    start, began = time.process_time(), time.perf_counter()
    work()
    return Seconds(time.process_time() - start, time.perf_counter() - began)


def kept(
    units: Iterator[MemoryUnit], some: list[str], options: argparse.Namespace
) -> Iterator[MemoryUnit]:
    """The units; sources from all over them, one for each query, are added to ``some``."""
    every = max(1, options.units // options.queries)
    for at, unit in enumerate(units):
        if at % every == 0 and len(some) < options.queries:
            some.append(unit.source)
        yield unit


def units_in(path: Path) -> Iterator[MemoryUnit]:
    with path.open("rb") as stream:
        yield from read_tmx(stream, path.name, PAIR)


def made_units(sources: Sequence[str], targets: Sequence[str], count: int) -> Iterator[MemoryUnit]:
    """That many units with different sources, always the same."""
    random = Random(SEED)
    known = set[int]()
    while len(known) < count:
        first, second = random.randrange(len(sources)), random.randrange(len(sources))
        source = changed(joined(sources[first], sources[second], random), sources, random, 4)
        if (form := hash(comparable(source))) not in known:
            known.add(form)
            yield MemoryUnit(source, joined(targets[first], targets[second], random))


def joined(first: str, second: str, random: Random) -> str:
    """One of two sentences, or the beginning of one and the end of the other."""
    if random.random() < 0.4:
        return first
    words, others = first.split(), second.split()
    return " ".join(
        (*words[: random.randint(1, len(words))], *others[random.randrange(len(others)) :])
    )


def changed(text: str, sources: Sequence[str], random: Random, most: int) -> str:
    """The text with up to so many of its words replaced, left out or joined by others."""
    words = text.split()
    for _ in range(random.randint(1, most)):
        at = random.randrange(len(words))
        other = random.choice(random.choice(sources).split())
        words[at : at + random.randint(0, 1)] = random.choice([[other], []])
        words = words or [other]
    return " ".join(words)


def queries(sources: Sequence[str], some: Sequence[str]) -> list[str]:
    """Sentences to look up: of the memory's, changed a little or much, and new ones."""
    random = Random(SEED + 1)
    made = []
    for at, source in enumerate(some):
        kind = at % (len(CHANGES) + 1)
        if kind < len(CHANGES):
            made.append(changed(source, sources, random, list(CHANGES.values())[kind]))
        else:
            other = joined(random.choice(sources), random.choice(sources), random)
            made.append(changed(other, sources, random, 12))
    return made


def look_up(memory: TranslationMemory, query: str) -> tuple[Match | None, float]:
    """What the memory has, and how long it took: asked again it would know the answer."""
    start = time.process_time()
    match = memory.lookup(PAIR, query)
    return match, time.process_time() - start


def answered(query: str, match: Match | None, seconds: float, forms: Sequence[str]) -> Answer:
    """The query answered by a scan as well."""
    start = time.process_time()
    form = comparable(query)
    found = extractOne(
        form, forms, scorer=Levenshtein.normalized_similarity, score_cutoff=DEFAULT_THRESHOLD
    )
    scanned = time.process_time()
    # A near match is given less than 1, for a reason that a scan knows nothing of.
    similarity = 0.0
    if match:
        similarity = Levenshtein.normalized_similarity(form, comparable(match.unit.source))
    return Answer(len(form), similarity, found[1] if found else 0.0, seconds, scanned - start)


def summary(name: str, answers: Sequence[Answer]) -> dict[str, Any]:
    """Medians of the answers whose similarity is in a class; of all without a name."""
    chosen = [
        answer
        for answer in answers
        if name in ("", next(name for name, least in FOUND if answer.similarity >= least))
    ]
    if not chosen:
        return {"similarity": name, "queries": 0}
    return {
        "similarity": name,
        "queries": len(chosen),
        "milliseconds": statistics.median(answer.seconds for answer in chosen) * 1e3,
        "scan_milliseconds": statistics.median(answer.scan_seconds for answer in chosen) * 1e3,
        "ratio": sum(answer.scan_seconds for answer in chosen)
        / sum(answer.seconds for answer in chosen),
        "least_ratio": min(answer.scan_seconds / answer.seconds for answer in chosen),
    }


def report(results: dict[str, Any]) -> str:
    """The results as tables for people."""
    units = results["units"]
    imported, index = results["import"], results["index"]
    rows = [["best match", "queries", "lookup ms", "scan ms", "scan/lookup", "at least"]]
    rows += [
        [
            found["similarity"] or "all",
            f"{found['queries']}",
            f"{found['milliseconds']:.1f}",
            f"{found['scan_milliseconds']:.0f}",
            f"{found['ratio']:.1f}",
            f"{found['least_ratio']:.1f}",
        ]
        for found in (*results["answers"], results["all"])
        if found["queries"]
    ]
    sizes = (
        f"{units:,} units of {results['characters_per_unit']:.0f} characters;"
        f" TMX {results['tmx_bytes'] / 2**20:.0f} MiB,"
        f" memory {results['store_bytes'] / 2**20:.0f} MiB on disk"
    )
    times = (
        f"import {units / imported['processor']:,.0f} units/s of processor time"
        f" ({units / imported['clock']:,.0f} by the clock, load {results['load']:.1f});"
        f" index {index['processor']:.1f} s;"
        f" unchanged {results['unchanged']['clock'] * 1e3:.1f} ms;"
        f" peak memory {results['peak_bytes'] / 2**20:.0f} MiB"
    )
    different = f"answers other than the scan's: {results['different']}"
    return "\n".join((sizes, times, different, "", figures.table(rows)))


if __name__ == "__main__":
    main()
