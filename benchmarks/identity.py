"""Whether documents come back byte for byte, and keep their structure when translated."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.documents import (
    ReadDocument,
    Reader,
    Translate,
    documents_in,
    marked_translation,
    pseudo_translation,
)
from benchmarks.structure import first_difference, outline_of
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.pipeline.skeletons import first_drift

LARGEST = 20_000_000
_SHOWN = 40


@dataclass(slots=True)
class Judgement:
    """What became of one file."""

    path: str
    segments: int = 0
    size: int = 0
    seconds: float = 0.0
    compared: bool = False
    """Whether there is a parser that tells its structure."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """What kind of fault, and what it is."""


def judged(reader: Reader, data: bytes, path: str, *, structure: bool = True) -> Judgement:
    """Read, build and compare one document.

    Faults are of the kinds ``refused``, ``crash``, ``bytes`` (those that come back are
    others), ``structure`` (another parser sees another structure in a translation),
    ``marks`` (the same of a translation with what looks like markup in it) and ``own check``
    (``l10n build`` would not write the translation although its structure is the source's).
    """
    judgement = Judgement(path, size=len(data))
    began = time.perf_counter()
    try:
        judgement.faults += _faults(reader, data, judgement, structure=structure)
    except DocumentError as error:
        judgement.faults.append(("refused", error.what))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        judgement.faults.append(("crash", f"{type(error).__name__} in {place}: {error}"))
    judgement.seconds = time.perf_counter() - began
    return judgement


def _faults(
    reader: Reader, data: bytes, judgement: Judgement, *, structure: bool
) -> Iterator[tuple[str, str]]:
    source = reader.read(data, judgement.path)
    judgement.segments = len(source.segments)
    if source.format.build(source.document, {}) != data:
        yield "bytes", "without translations"
    if source.built(lambda text: text) != data:
        yield "bytes", "with each segment's source as its translation"
    if not structure:
        return
    outline = outline_of(source.document, data)
    judgement.compared = outline is not None
    ways: tuple[tuple[str, Translate], ...] = (
        ("structure", pseudo_translation),
        ("marks", marked_translation()),
    )
    for kind, translate in ways:
        try:
            made = source.built(translate)
        except DocumentError as error:
            yield kind, f"cannot be built: {error}"
            continue
        found = outline_of(source.document, made)
        if outline is not None and found is not None:
            difference = first_difference(outline, found)
            if difference:
                yield kind, difference
        # What looks like a placeholder and is not in the source is rightly suspected there.
        if kind == "structure" and (drift := _own_check(reader, source, made)):
            yield "own check", drift


def _own_check(reader: Reader, source: ReadDocument, made: bytes) -> str:
    """What ``l10n build`` would say against a built document; empty where nothing."""
    document_format, again = reader.document(made, source.document.path)
    drift = first_drift(source.document, again, document_format)
    if drift is None:
        return ""
    line = source.document.text.count("\n", 0, drift) + 1
    return f"another structure from line {line} on"


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Judge all files; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where there are none.
    """
    reader = Reader()
    suffixes = options.suffixes or reader.formats.suffixes
    files = documents_in(options.folders, suffixes, options.largest)
    return results_of(
        [
            judged(reader, path.read_bytes(), str(path), structure=options.structure)
            for path in files
        ]
    )


def results_of(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Judgements counted by suffix, and all faults."""
    by_suffix: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_suffix[Path(judgement.path).suffix.lower()].append(judgement)
    return {
        "machine": machine.description(),
        "formats": [_of_suffix(suffix, some) for suffix, some in sorted(by_suffix.items())],
        "faults": [
            {"path": one.path, "kind": kind, "what": what}
            for one in judgements
            for kind, what in one.faults
        ],
        "slowest": [
            {"path": one.path, "seconds": one.seconds, "bytes": one.size}
            for one in sorted(judgements, key=lambda one: -one.seconds)[:5]
        ],
    }


def _of_suffix(suffix: str, judgements: Sequence[Judgement]) -> dict[str, Any]:
    kinds = Counter(kind for one in judgements for kind in {kind for kind, _ in one.faults})
    return {
        "suffix": suffix,
        "files": len(judgements),
        "size": sum(one.size for one in judgements),
        "segments": sum(one.segments for one in judgements),
        "structures compared": sum(one.compared for one in judgements),
        **{kind: kinds[kind] for kind in KINDS},
    }


KINDS = ("refused", "crash", "bytes", "structure", "marks", "own check")


def report(results: dict[str, Any]) -> str:
    """The results for people."""
    rows = [
        ["suffix", "files", "MB", "segments", "compared", *KINDS],
        *(
            [
                one["suffix"],
                f"{one['files']:,}",
                f"{one['size'] / 1e6:.1f}",
                f"{one['segments']:,}",
                f"{one['structures compared']:,}",
                *(str(one[kind]) for kind in KINDS),
            ]
            for one in results["formats"]
        ),
    ]
    lines = [
        f"  {one['kind']}: {one['path']}: {one['what'][:500]}"
        for kind in KINDS
        for one in [one for one in results["faults"] if one["kind"] == kind][:_SHOWN]
    ]
    return "\n".join([figures.table(rows), *(["", *lines] if lines else [])])


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--suffixes", nargs="+", metavar="SUFFIX", help="default: all that the program knows"
    )
    parser.add_argument(
        "--largest", type=int, default=LARGEST, help=f"bytes of a file; default: {LARGEST:,}"
    )
    parser.add_argument(
        "--bytes-only",
        dest="structure",
        action="store_false",
        help="do not translate, nor compare structures",
    )
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args(arguments)


def failed(results: dict[str, Any]) -> bool:
    """Whether there is a fault other than that a file is no text."""
    return any(one["kind"] != "refused" for one in results["faults"])


def main(arguments: Sequence[str] | None = None) -> None:
    results = carry_out("identity", parse(arguments), run, report)
    if failed(results):
        sys.exit(1)


if __name__ == "__main__":
    main()
