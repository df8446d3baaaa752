"""Measure how quickly the terms of a large glossary are found, and what it takes to load one.

The terms are made of the words of a text, as sources a user would list: single words and
pairs as the text has them, the rest respelled so that they stand nowhere. The segments are
the text's own lines, again and again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from benchmarks import figures, machine
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from l10n_pipeline.folding import words
from l10n_pipeline.glossary.matching import GlossaryMatcher
from l10n_pipeline.glossary.tsv import parse_glossary, write_tsv
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term

SHARE_FOUND = 0.02
"""Of the terms, how many the text has: a house's glossary is far larger than a document."""

_Result = TypeVar("_Result")


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    try:
        results = run(options)
    except BenchmarkError as error:
        sys.exit(f"matching: {error}")
    print(report(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="a text, one segment a line")
    parser.add_argument("--terms", nargs="+", type=int, default=[100, 1_000, 10_000, 50_000])
    parser.add_argument("--segments", type=int, default=10_000, help="default: 10,000")
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args(arguments)
    if min(*options.terms, options.segments, options.rounds) < 1:
        parser.error("terms, segments and rounds: at least 1")
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where the text cannot be read.
    """
    lines = lines_of(options.source)
    segments = [lines[at % len(lines)] for at in range(options.segments)]
    found = []
    for count in options.terms:
        terms = made_terms(lines, count)
        data = write_tsv(terms)
        read, read_seconds = timed(lambda data=data: parse_glossary(data, "terms"), options.rounds)
        matcher, build_seconds = timed(
            lambda read=read: GlossaryMatcher(read, source=Locale("en")), options.rounds
        )
        hits, seconds = timed(
            lambda matcher=matcher: sum(len(matcher.match(segment)) for segment in segments),
            options.rounds,
        )
        found.append(
            {
                "terms": len(read),
                "read_seconds": read_seconds,
                "build_seconds": build_seconds,
                "mebibytes": memory_of(lambda data=data: matcher_of(data)) / 2**20,
                "segments_per_minute": len(segments) / seconds * 60,
                "hits_per_segment": hits / len(segments),
            }
        )
    return {"machine": machine.description(), "segments": len(segments), "glossaries": found}


def made_terms(lines: Sequence[str], count: int) -> list[Term]:
    """Terms of one to three words in the words of a text, each once, always the same.

    The first :data:`SHARE_FOUND` stand in the text, as far as it has so many.
    """
    random = Random(count)
    known = sorted({span.of(line) for line in lines for span in words(line)})
    named = [word for word in known if word[:1].isupper()]
    random.shuffle(named)
    sources = dict.fromkeys(islice(named, max(1, int(count * SHARE_FOUND))))
    while len(sources) < count:
        length = random.choice((1, 2, 2, 3))
        chosen = [_respelled(random.choice(known), random) for _ in range(length)]
        sources.setdefault(" ".join(chosen))
    seen: dict[str, str] = {source.casefold(): source for source in reversed(sources)}
    return [Term(source, source[::-1]) for source in sources if seen[source.casefold()] == source]


def _respelled(word: str, random: Random) -> str:
    at = random.randrange(len(word) + 1)
    return (word[:at] + random.choice("aeioubdkmz") + word[at:]).capitalize()


def matcher_of(data: bytes) -> GlossaryMatcher:
    return GlossaryMatcher(parse_glossary(data, "terms"), source=Locale("en"))


def timed(work: Callable[[], _Result], rounds: int) -> tuple[_Result, float]:
    """What it gives, and the median of its seconds."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return result, statistics.median(seconds)


def memory_of(work: Callable[[], object]) -> int:
    """Bytes that Python holds for the result; the automaton's own are not among them."""
    tracemalloc.start()
    kept = work()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return held


def report(results: dict[str, Any]) -> str:
    """The results as a table for people."""
    rows = [["terms", "read s", "build s", "MiB", "segments/min", "hits/segment"]]
    rows += [
        [
            f"{found['terms']:,}",
            f"{found['read_seconds']:.3f}",
            f"{found['build_seconds']:.3f}",
            f"{found['mebibytes']:.0f}",
            f"{found['segments_per_minute']:,.0f}",
            f"{found['hits_per_segment']:.2f}",
        ]
        for found in results["glossaries"]
    ]
    return figures.table(rows)


if __name__ == "__main__":
    main()
