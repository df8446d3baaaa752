"""Measure whether a translation depends on what is translated beside it.

Translates a file in batches, in another order, and line by line; prints how many lines
differ from the first in text or alignment, and the largest difference of a score.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from l10n_pipeline.decoding import Translator
from l10n_pipeline.engines import find_model, load_model
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Hypothesis, Precision


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="one sentence a line")
    parser.add_argument("--from", dest="origin", type=Locale.parse, default=Locale("en"))
    parser.add_argument("--to", dest="target", type=Locale.parse, default=Locale("pt"))
    parser.add_argument(
        "--precision", type=Precision, choices=list(Precision), default=Precision.AUTO
    )
    parser.add_argument("--model", help="folder or name of a model; default: an installed one")
    options = parser.parse_args()

    files = find_model(options.origin, options.target, chosen=options.model)
    model = load_model(files, precision=options.precision)
    lines = options.source.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    reference = Translator(model).translate(lines)
    print(f"model   {model.name}, {len(lines)} lines")
    report("small batches", reference, Translator(model, tokens_per_batch=200).translate(lines))
    order = random.Random(1).sample(range(len(lines)), len(lines))
    shuffled = Translator(model).translate([lines[at] for at in order])
    by_place = dict(zip(order, shuffled, strict=True))
    report("shuffled", reference, [by_place[at] for at in range(len(lines))])
    report("alone", reference, [Translator(model).translate([line])[0] for line in lines])


def report(name: str, expected: list[Hypothesis], found: list[Hypothesis]) -> None:
    pairs = list(zip(expected, found, strict=True))
    texts = sum(one.text != other.text for one, other in pairs)
    spans = sum(places(one) != places(other) for one, other in pairs)
    scores = max(abs(one.score - other.score) for one, other in pairs)
    print(f"{name:<14} {texts} texts and {spans} alignments differ, scores by {scores:.1e} at most")


def places(hypothesis: Hypothesis) -> list[tuple[int, ...]]:
    return [
        (link.target.start, link.target.end, link.source.start, link.source.end)
        for link in hypothesis.alignment
    ]


if __name__ == "__main__":
    main()
