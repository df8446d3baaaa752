"""Count what the checks find in translations, with and without second attempts.

Prints, rule by rule, how many lines had a finding before and have one after, by what way it
went, what the checks cost, and with a reference BLEU and chrF before and after and how
often the checks blame the human. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from l10n_pipeline.checks import inspect
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Diagnostic, Hypothesis
from l10n_pipeline.pipeline.drafting import faults
from l10n_pipeline.pipeline.engines import engine_for
from l10n_pipeline.pipeline.retries import Attempted, retry

Inspect = Callable[[str, str], Sequence[Diagnostic]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="one sentence a line")
    parser.add_argument("--reference", type=Path, help="its human translation")
    parser.add_argument("--from", dest="origin", type=Locale.parse, default=Locale("en"))
    parser.add_argument("--to", dest="target", type=Locale.parse, default=Locale("pt"))
    parser.add_argument("--model", help="folder or name of a model; default: an installed one")
    parser.add_argument("--show", action="store_true", help="print every line that was retried")
    options = parser.parse_args()

    sources = lines_of(options.source)
    checks = partial(inspect, source_locale=options.origin, target_locale=options.target)
    references = lines_of(options.reference) if options.reference else []
    if references and len(references) != len(sources):
        raise SystemExit("source and reference have different numbers of lines")

    engine = engine_for(options.origin, options.target, model=options.model)
    find_faults = partial(faults, source_locale=options.origin, target_locale=options.target)
    find_faults("1", Hypothesis("1", 0.0))  # reads the locale's data
    began = time.perf_counter()
    hypotheses = engine.translate(sources)
    translated = time.perf_counter()
    checking = time.process_time()
    before = [
        Attempted(hypothesis, find_faults(source, hypothesis))
        for source, hypothesis in zip(sources, hypotheses, strict=True)
    ]
    checking = time.process_time() - checking
    began_again = time.perf_counter()
    after = retry(engine, sources, hypotheses, find_faults)
    retried = time.perf_counter()

    print(f"model      {engine.name}, {len(sources)} lines")
    print(
        f"seconds    {translated - began:.1f} to translate, "
        f"{retried - began_again - checking:.1f} for second attempts"
    )
    print(f"checks     {1000 * checking / len(sources):.3f} ms a line")
    print(f"retried    {sum(attempted.retried for attempted in after)} lines")
    report_rules(before, after, checks, sources, references)
    if references:
        report_quality(before, after, references)
    if options.show:
        show(sources, before, after)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def report_rules(
    before: Sequence[Attempted],
    after: Sequence[Attempted],
    checks: Inspect,
    sources: Sequence[str],
    references: Sequence[str],
) -> None:
    first, last = by_rule(each.faults for each in before), by_rule(each.faults for each in after)
    human = by_rule(map(checks, sources, references)) if references else Counter()
    ways = Counter(
        (fault.rule, attempted.way)
        for original, attempted in zip(before, after, strict=True)
        for fault in original.faults
        if fault.rule not in {left.rule for left in attempted.faults}
    )
    print(f"{'rule':<12}{'before':>7}{'after':>7}{'human':>7}  mended by")
    for rule in sorted({*first, *last, *human}):
        mended = ", ".join(f"{way} {count}" for (of, way), count in ways.items() if of == rule)
        print(f"{rule:<12}{first[rule]:>7}{last[rule]:>7}{human[rule]:>7}  {mended}")


def by_rule(findings: Iterable[Sequence[Diagnostic]]) -> Counter[str]:
    return Counter(rule for found in findings for rule in {finding.rule for finding in found})


def report_quality(
    before: Sequence[Attempted], after: Sequence[Attempted], references: Sequence[str]
) -> None:
    changed = [at for at, attempted in enumerate(after) if attempted.way is not None]
    for name, chosen in (("all lines", range(len(before))), ("changed", changed)):
        if not chosen:
            continue
        figures = [
            metric.corpus_score(
                [attempted[at].hypothesis.text for at in chosen],
                [[references[at] for at in chosen]],
            ).score
            for metric in (BLEU(), CHRF())
            for attempted in (before, after)
        ]
        print(
            f"{name:<11}{len(chosen)} lines: BLEU {figures[0]:.2f} → {figures[1]:.2f}, "
            f"chrF {figures[2]:.2f} → {figures[3]:.2f}"
        )


def show(sources: Sequence[str], before: Sequence[Attempted], after: Sequence[Attempted]) -> None:
    for source, original, attempted in zip(sources, before, after, strict=True):
        if not attempted.retried:
            continue
        print(f"\n{attempted.way or 'kept'}: {source}")
        for each in (original, attempted):
            told = "; ".join(f"{fault.rule}: {fault.message}" for fault in each.faults)
            print(f"  {each.hypothesis.score:.2f}  {each.hypothesis.text}  [{told}]")


if __name__ == "__main__":
    main()
