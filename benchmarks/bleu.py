"""Compare the translations of `l10n mt` with those of fxtranslate, from the same model file.

Prints BLEU and chrF of both against a reference, their difference, and seconds. See
benchmarks/README.md for what is measured and what is not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import fxtranslate
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from l10n_pipeline.engines import ModelFiles, find_model
from l10n_pipeline.locale import Locale

Translate = Callable[[list[str]], list[str]]


def through_command(source: Locale, target: Locale, model: str | None) -> Translate:
    command = [sys.executable, "-m", "l10n_pipeline", "mt"]
    command += ["--from", source.bcp47, "--to", target.bcp47]
    command += ["--model", model] if model else []

    def translate(lines: list[str]) -> list[str]:
        text = "".join(f"{line}\n" for line in lines)
        result = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True)
        return result.stdout.decode().split("\n")[:-1]

    return translate


def through_fxtranslate(files: ModelFiles) -> Translate:
    translator = fxtranslate.Translator(
        files.model.read_bytes(),
        files.source_vocabulary.read_bytes(),
        files.target_vocabulary.read_bytes(),
        files.shortlist.read_bytes() if files.shortlist else None,
    )
    return lambda lines: [translator.translate(line) for line in lines]


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def timed(translate: Translate, lines: list[str]) -> tuple[list[str], float]:
    began = time.perf_counter()
    translations = translate(lines)
    seconds = time.perf_counter() - began
    if len(translations) != len(lines):
        raise SystemExit(f"{len(lines)} lines in, {len(translations)} lines out")
    return translations, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="one sentence a line")
    parser.add_argument("--reference", type=Path, required=True, help="its human translation")
    parser.add_argument("--from", dest="origin", type=Locale.parse, default=Locale("en"))
    parser.add_argument("--to", dest="target", type=Locale.parse, default=Locale("pt"))
    parser.add_argument("--model", help="folder or name of a model; default: an installed one")
    options = parser.parse_args()

    files = find_model(options.origin, options.target, chosen=options.model)
    source, reference = lines_of(options.source), lines_of(options.reference)
    if len(source) != len(reference):
        raise SystemExit("source and reference have different numbers of lines")
    engines = {
        "l10n-pipeline": through_command(options.origin, options.target, options.model),
        "fxtranslate": through_fxtranslate(files),
    }

    bleu, chrf = BLEU(), CHRF()
    scores = {}
    print(f"model         {files.name} ({files.origin})")
    print(f"lines         {len(source)}")
    translations = {}
    for name, translate in engines.items():
        translations[name], seconds = timed(translate, source)
        scores[name] = (
            bleu.corpus_score(translations[name], [reference]).score,
            chrf.corpus_score(translations[name], [reference]).score,
        )
        print(f"{name:<14}BLEU {scores[name][0]:.2f}  chrF {scores[name][1]:.2f}  {seconds:.1f} s")
    differences = [a - b for a, b in zip(*scores.values(), strict=True)]
    same = sum(a == b for a, b in zip(*translations.values(), strict=True))
    print(f"difference    BLEU {differences[0]:+.2f}  chrF {differences[1]:+.2f}")
    print(f"same lines    {same} of {len(source)}")
    print(f"BLEU          {bleu.get_signature()}")
    print(f"chrF          {chrf.get_signature()}")


if __name__ == "__main__":
    main()
