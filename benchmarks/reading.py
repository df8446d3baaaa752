"""How fast documents are read and built in a warm process, without translating them."""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.documents import ReadDocument, Reader, documents_in, pseudo_translation
from benchmarks.options import add_rounds
from l10n_pipeline.errors import DocumentError

STEPS: Final = ("read", "segment", "build", "build translated", "read and build")
_COSTS: Final = 15


def measured(reader: Reader, files: Sequence[tuple[str, bytes]], rounds: int) -> dict[str, Any]:
    """Processor seconds of each step over all files of one format: the least of some rounds.

    ``build`` is with each segment mapped to its own source, ``build translated`` with a
    translation of each that differs from it.
    """
    read = [reader.read(data, path) for path, data in files]
    same = [{one: one.source for one in document.segments} for document in read]
    others = [
        {one: pseudo_translation(one.source) for one in document.segments} for document in read
    ]

    def built(translations: Sequence[dict[Any, str]]) -> Callable[[], None]:
        def all_built() -> None:
            for document, some in zip(read, translations, strict=True):
                document.format.build(document.document, some)

        return all_built

    def all_read() -> None:
        for path, data in files:
            reader.document(data, path)

    def all_segmented() -> None:
        for document in read:
            reader.segmented(document.document)

    steps: dict[str, Callable[[], None]] = {
        "read": all_read,
        "segment": all_segmented,
        "build": built(same),
        "build translated": built(others),
    }
    least = {name: min(_seconds(step) for _ in range(rounds)) for name, step in steps.items()}
    return {**least, "read and build": least["read"] + least["build"]}


def _seconds(step: Callable[[], None]) -> float:
    # Of the processor: there is one thread, and what runs beside it does not count.
    began = time.process_time()
    step()
    return time.process_time() - began


def costs(reader: Reader, files: Sequence[tuple[str, bytes]]) -> str:
    """Where the time of reading and building goes, by function."""
    profile = cProfile.Profile()
    profile.enable()
    for path, data in files:
        served, document = reader.document(data, path)
        served.build(document, {})
    profile.disable()
    told = io.StringIO()
    pstats.Stats(profile, stream=told).strip_dirs().sort_stats("tottime").print_stats(_COSTS)
    return told.getvalue()


def _by_format(reader: Reader, paths: Sequence[Path]) -> dict[str, list[tuple[str, bytes]]]:
    """Files that can be read, by the name of their format."""
    found: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
    for path in paths:
        data = path.read_bytes()
        try:
            read: ReadDocument = reader.read(data, str(path))
        except DocumentError:
            continue
        found[read.document.format].append((str(path), data))
    return dict(found)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where there is nothing to read.
    """
    reader = Reader()
    suffixes = options.suffixes or reader.formats.suffixes
    formats = _by_format(reader, documents_in(options.folders, suffixes))
    return {
        "machine": machine.description(),
        "load": machine.load(),
        "rounds": options.rounds,
        "formats": [
            {
                "format": name,
                "files": len(files),
                "size": sum(len(data) for _, data in files),
                "seconds": measured(reader, files, options.rounds),
                "costs": costs(reader, files) if options.profile else "",
            }
            for name, files in sorted(formats.items())
        ],
    }


def report(results: dict[str, Any]) -> str:
    """Megabytes a second, for people."""
    rows = [["format", "files", "MB", *(f"{step}, MB/s" for step in STEPS)]]
    for one in results["formats"]:
        megabytes = one["size"] / 1e6
        rows.append(
            [
                one["format"],
                f"{one['files']:,}",
                f"{megabytes:.2f}",
                *(f"{megabytes / one['seconds'][step]:.2f}" for step in STEPS),
            ]
        )
    profiles = (f"\n{one['format']}:\n{one['costs']}" for one in results["formats"] if one["costs"])
    return "\n".join([figures.table(rows), *profiles])


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--suffixes", nargs="+", metavar="SUFFIX", help="default: all known ones")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    add_rounds(parser, 3)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    carry_out("reading", parse(arguments), run, report)


if __name__ == "__main__":
    main()
