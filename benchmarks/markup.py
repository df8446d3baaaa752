"""Whether inline codes arrive with their translation, unaltered, and around the right words.

Marked-up sentences are translated by the real model as ``l10n translate`` does it, without
a glossary, and what comes out is compared with an annotated file. See benchmarks/README.md for
how it was annotated.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from l10n_pipeline import codes as notation
from l10n_pipeline.codes import TAG
from l10n_pipeline.errors import L10nError
from l10n_pipeline.locale import Locale
from l10n_pipeline.markup import lost_stand_ins, masked, project
from l10n_pipeline.model import CodeKind, Draft, Hypothesis, InlineCode
from l10n_pipeline.pipeline.coding import drafts_with_codes, seen
from l10n_pipeline.pipeline.engines import EngineSettings, engine_for
from l10n_pipeline.protocols import Engine

DATA = Path(__file__).parent / "data" / "markup.en-pt.tsv"
_CODE = re.compile(r"<x(?P<shows>\d+)>(?P<shown>.*?)</x(?P=shows)>|" + TAG.pattern)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence and its annotation."""

    source: str
    """With tags as catalogues have them."""
    codes: tuple[InlineCode, ...]
    translation: str
    """What the annotation was made for, without tags."""
    annotated: str
    """The same with tags; words in square brackets may lie inside or outside of the pair that
    they are at an end of."""

    @property
    def projected(self) -> frozenset[int]:
        """Numbers of the codes that alignment places: where a stand-in stands, the model says."""
        return frozenset(code.number for code in self.codes if not code.shown)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a sentence."""

    row: Row
    written: str
    faults: tuple[str, ...]
    doubts: tuple[str, ...]
    misplaced: tuple[int, ...] | None
    """Numbers of the codes that are elsewhere than annotated, those aside that show something;
    None where the translation is not the one that was annotated."""


def rows_of(path: Path) -> list[Row]:
    """The annotated sentences.

    Raises:
        BenchmarkError: where the file cannot be read, or a row's columns do not fit together.
    """
    lines = lines_of(path)
    table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    rows = []
    for number, cells in enumerate(table, start=2):
        source, codes = _source_of(cells["source"])
        row = Row(source, codes, cells["translation"], cells["annotated"])
        faults = notation.faults(row.annotated, codes)
        plain = notation.read(re.sub(r"[\[\]]", "", row.annotated), codes).text
        if faults or _SPACE.sub("", plain) != _SPACE.sub("", row.translation):
            reason = "; ".join(faults) or "the annotation is of another translation"
            raise BenchmarkError(f"{path}:{number}: {reason}")
        rows.append(row)
    return rows


def _source_of(written: str) -> tuple[str, tuple[InlineCode, ...]]:
    """The source with tags, and its codes, of ``Run <x1>make test</x1> <g2>now</g2>``."""
    codes: list[InlineCode] = []

    def tag(match: re.Match[str]) -> str:
        if match["shows"]:
            number, shown = int(match["shows"]), match["shown"]
            code = InlineCode(CodeKind.STANDALONE, number, f"`{shown}`", shown)
        elif match["alone"]:
            code = InlineCode(CodeKind.STANDALONE, int(match["alone"]), "<img>")
        else:
            kind = CodeKind.CLOSE if match["close"] else CodeKind.OPEN
            code = InlineCode(kind, int(match["pair"]), "**")
        codes.append(code)
        return notation.tag(code)

    return _CODE.sub(tag, written), tuple(codes)


def misplaced(annotated: str, written: str) -> tuple[int, ...]:
    """The numbers of codes that stand beside other words than annotated. White space and
    punctuation beside a code do not count.

    >>> misplaced("<g1>[A ]casa</g1> <g2>azul</g2>", "A <g1>casa azul</g1> <g2></g2>")
    (1, 2)
    """
    wanted, either, text = _places(annotated)
    found, _, _ = _places(written)

    def same(one: int, other: int) -> bool:
        low, high = sorted((one, other))
        return not any(map(str.isalnum, text[low:high])) or any(
            start <= low and high <= end for start, end in either
        )

    return tuple(
        sorted(
            {
                int(re.sub(r"\D", "", tag))
                for tag, place in wanted.items()
                if tag not in found or not same(place, found[tag])
            }
        )
    )


def _places(written: str) -> tuple[dict[str, int], list[tuple[int, int]], str]:
    """Where each tag stands, which stretches are in square brackets, and the text, white space
    not counted. A code that stands alone counts as a letter.
    """
    places: dict[str, int] = {}
    either: list[tuple[int, int]] = []
    text = ""
    opened = at = 0
    while at < len(written):
        match = TAG.match(written, at)
        if match:
            places[match[0]] = len(text)
            text += "x" if match["alone"] else ""
            at = match.end()
            continue
        character = written[at]
        if character == "[":
            opened = len(text)
        elif character == "]":
            either.append((opened, len(text)))
        elif not character.isspace():
            text += character
        at += 1
    return places, either, text


def judged(engine: Engine, rows: Sequence[Row]) -> list[Judged]:
    """Translate and judge every sentence."""

    def drafts(
        sources: Sequence[str], progress: Callable[[int], None] | None
    ) -> list[tuple[Hypothesis, Draft]]:
        answers = engine.translate(sources, progress=progress)
        return [(answer, Draft(answer.text)) for answer in answers]

    made = drafts_with_codes(
        [row.source for row in rows], [row.codes for row in rows], drafts, engine=engine.name
    )
    return [_judged(row, draft) for row, (_, draft) in zip(rows, made, strict=True)]


def _judged(row: Row, draft: Draft) -> Judged:
    plain = notation.read(draft.text, row.codes).text
    same = _SPACE.sub("", plain) == _SPACE.sub("", row.translation)
    elsewhere = misplaced(row.annotated, draft.text)
    return Judged(
        row,
        draft.text,
        notation.faults(draft.text, row.codes),
        tuple(finding.message for finding in draft.findings),
        tuple(number for number in elsewhere if number in row.projected) if same else None,
    )


def altered(rows: Sequence[Row], texts: Sequence[str]) -> int:
    """How many of the things that codes show are not in the translations as often as they
    are in the sources.
    """
    count = 0
    for row, text in zip(rows, texts, strict=True):
        source = notation.read(row.source, row.codes).text
        shown = [code.shown for code in row.codes if code.shown]
        count += sum(text.count(one) < source.count(one) for one in shown)
    return count


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where the annotated file cannot be used.
        L10nError: where the model cannot.
    """
    rows = rows_of(options.data)
    source, target = Locale.parse(options.source), Locale.parse(options.target)
    engine = engine_for(source, target, model=options.model, settings=EngineSettings(workers=1))
    results = judged(engine, rows)
    texts = [notation.read(result.written, result.row.codes).text for result in results]
    masks = [masked(notation.read(row.source, row.codes)) for row in rows]
    answers = engine.translate([mask.text for mask in masks])
    began = time.perf_counter()
    for mask, answer in zip(masks, answers, strict=True):
        project(mask, answer, answer.text)
    seconds = time.perf_counter() - began
    bare = engine.translate([notation.read(row.source, row.codes).text for row in rows])
    known = [result for result in results if result.misplaced is not None]
    units = [len(result.row.projected) for result in known]
    wrong = [result for result in known if result.misplaced]
    return {
        "engine": engine.name,
        "sentences": len(rows),
        "sentences with a fault": sum(bool(result.faults) for result in results),
        "sentences translated otherwise than annotated": len(rows) - len(known),
        "codes judged": sum(units),
        "codes misplaced": sum(len(result.misplaced or ()) for result in known),
        "sentences misplaced": len(wrong),
        "misplaced in silence": sum(not result.doubts for result in wrong),
        "told to a reviewer": sum(bool(result.doubts) for result in results),
        "shown by codes": sum(bool(code.shown) for row in rows for code in row.codes),
        "altered": altered(rows, texts) + sum(bool(lost_stand_ins(text, "")) for text in texts),
        "stand-ins lost at first": sum(
            len(lost_stand_ins(seen(row.source, row.codes), answer.text))
            for row, answer in zip(rows, answers, strict=True)
        ),
        "altered without stand-ins": altered(rows, [answer.text for answer in bare]),
        "milliseconds a sentence": 1000 * seconds / len(rows),
        "misplaced": [
            {
                "source": result.row.source,
                "annotated": result.row.annotated,
                "written": result.written,
                "codes": list(result.misplaced or ()),
                "told": list(result.doubts),
            }
            for result in wrong
        ],
    }


def report(results: dict[str, Any]) -> str:
    """The figures for people."""
    total = results["sentences"]
    whole = total - results["sentences with a fault"]
    codes, right = results["codes judged"], results["codes judged"] - results["codes misplaced"]
    known = total - results["sentences translated otherwise than annotated"]
    silent, shown = results["misplaced in silence"], results["shown by codes"]
    rows = [
        ("same codes, well nested", whole, total),
        ("pairs, images and breaks on the right words", right, codes),
        ("sentences with all on the right words", known - results["sentences misplaced"], known),
        ("code, addresses, placeholders unaltered", shown - results["altered"], shown),
        ("the same as the model sees them", shown - results["altered without stand-ins"], shown),
    ]
    return "\n".join(
        [
            f"{results['engine']}: {total} sentences",
            f"translated otherwise than annotated, and not judged: {total - known}",
            *(f"{what}: {good} of {of} ({good / max(of, 1):.1%})" for what, good, of in rows),
            f"sentences with something misplaced that no finding tells of: {silent}",
            f"projection: {results['milliseconds a sentence']:.2f} ms a sentence",
        ]
    )


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the annotated file")
    parser.add_argument("--from", dest="source", default="en")
    parser.add_argument("--to", dest="target", default="pt")
    parser.add_argument("--model", help="another model than the bundled one")
    parser.add_argument("--show", action="store_true", help="print what is misplaced")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    try:
        results = run(options)
    except (BenchmarkError, L10nError) as error:
        sys.exit(f"markup: {error}")
    print(report(results))
    for one in results["misplaced"] if options.show else ():
        print(f"\n  {one['source']}\n  {one['annotated']}\n  {one['written']}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
