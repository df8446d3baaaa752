"""Measure what a glossary of names does to translations, and what it costs.

Names and renderings are derived from a parallel set by a fixed rule, and make one glossary
(:mod:`benchmarks.name_sets`). In the setting ``ref`` names are to come out as the reference
has them; in ``house`` they are respelled so that no model can guess them, and so is the
reference. Fails where a control fails. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of, write_lines
from benchmarks.name_judging import Mention, Mentions, in_house, judge
from benchmarks.name_sets import Name, derive
from benchmarks.options import add_pair, add_rounds
from benchmarks.replaying import ReplayingEngine
from benchmarks.swap_judging import swaps
from l10n_pipeline.errors import L10nError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Draft, Precision, TermStatus
from l10n_pipeline.pipeline.drafting import Drafter
from l10n_pipeline.pipeline.engines import EngineSettings, engine_for
from l10n_pipeline.pipeline.glossary_files import read_glossary
from l10n_pipeline.protocols import TermMatcher

LARGE: Final = 50_000
"""Terms of the glossary that never matches."""
SEED: Final = 1
_SYLLABLES: Final = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se")
_NOWHERE: Final = "zqx"
"""Ends the last word of every term that must not match."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the set under one setting."""

    number: int
    """From 1."""
    source: str
    reference: str
    """Respelled where the setting is ``house``."""
    mentions: tuple[Mention, ...]
    """With the names as the reference has them."""
    wanted: tuple[Name, ...]
    """For each mention, the name as it is to be written."""
    unforced: str
    """Translated without a glossary."""
    draft: Draft
    """Translated with it."""

    @property
    def names(self) -> list[Name]:
        """For each mention, the name as the reference has it."""
        return [mention.name for mention in self.mentions]

    def surplus(self, translation: str) -> int:
        """How often names stand in a translation beyond their mentions, in either spelling."""
        return judge(
            translation,
            [
                replace(name, forms=(*name.forms, *wanted.accepted))
                for name, wanted in zip(self.names, self.wanted, strict=True)
            ],
        ).surplus


class Workbench:
    """One decoding of all lines, and drafts made of it.

    Args:
        engine: the model.
        sources: one segment each.
        origin: their language.
        target: the language of the drafts.
        rounds: how often the making of drafts is timed.
    """

    def __init__(
        self,
        engine: ReplayingEngine,
        sources: Sequence[str],
        *,
        origin: Locale,
        target: Locale,
        rounds: int,
    ) -> None:
        self._engine = engine
        self._locales = {"source_locale": origin, "target_locale": target}
        self._rounds = rounds
        self.sources = sources
        engine.translate(sources[:1])  # loads what there is to load
        engine.busy = 0.0
        engine.translate(sources)
        self.decoding = engine.busy
        """Seconds that the decoding took."""
        self._alone = 0.0
        unforced, self._alone = self.drafts(read_glossary(None))
        self.unforced = [draft.text for draft in unforced]
        """The translations without a glossary."""

    def drafts(self, matcher: TermMatcher) -> tuple[list[Draft], float]:
        """Drafts under a glossary, and the seconds that it adds; decoding something anew
        counts, whether or not another glossary had it decoded too, and decoding what is
        decoded without a glossary as well does not.
        """
        engine = self._engine.branch() if self._alone else self._engine
        drafter = Drafter(engine, matcher, **self._locales)
        engine.busy = 0.0
        drafts = [draft for _, draft in drafter.translate(self.sources)]
        decoding = engine.busy if self._alone else 0.0
        seconds = []
        for _ in range(self._rounds):
            began = time.perf_counter()
            drafter.translate(self.sources)
            seconds.append(time.perf_counter() - began)
        # Whatever else the machine does only adds to it.
        return drafts, min(seconds) + decoding - self._alone


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    broken: list[str] = []

    def measured(options: argparse.Namespace) -> dict[str, Any]:
        try:
            results = run(options)
        except L10nError as error:
            raise BenchmarkError(str(error)) from error
        broken.extend(failures(results))
        return results

    def told(results: dict[str, Any]) -> str:
        shown = [report(results)]
        if options.show:
            shown += [
                _shown(setting, case)
                for setting, found in results["settings"].items()
                for case in found["cases"]
            ]
        return "\n\n".join(shown)

    carry_out("names", options, measured, told)
    if broken:
        sys.exit(f"names: {'; '.join(broken)}")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair(parser)
    parser.add_argument("--reference", type=Path, required=True, help="its human translation")
    parser.add_argument(
        "--precision",
        type=Precision,
        choices=list(Precision),
        default=Precision.F32,
        help="of the model; default: f32",
    )
    parser.add_argument("--show", action="store_true", help="print every name that went wrong")
    add_rounds(parser, 3)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where the set cannot be used, or has no names.
        L10nError: where no model serves the pair, or one fails.
    """
    sources, references = (
        [unicodedata.normalize("NFC", line) for line in lines_of(path)]
        for path in (options.source, options.reference)
    )
    if len(sources) != len(references):
        raise BenchmarkError("source and reference have different numbers of lines")
    names = derive(sources, references)
    if not names:
        raise BenchmarkError("the reference renders no name recognisably")
    before = machine.load()
    engine = engine_for(
        options.origin,
        options.target,
        model=options.model,
        settings=EngineSettings(options.precision),
    )
    with closing(ReplayingEngine(engine)) as replaying:
        bench = Workbench(
            replaying,
            sources,
            origin=options.origin,
            target=options.target,
            rounds=options.rounds,
        )
        mentions = list(map(Mentions(names).of, sources))
        return {
            "model": engine.name,
            "pair": [options.origin.bcp47, options.target.bcp47],
            "test_set": options.source.name,
            "lines": len(sources),
            "names": len(names),
            "mentions": sum(map(len, mentions)),
            "mentions_elsewhere": sum(
                _is_elsewhere(mention, at) for at, line in enumerate(mentions) for mention in line
            ),
            "lines_with_names": sum(map(bool, mentions)),
            "machine": machine.description(),
            "load_before": before,
            "decoding_seconds": bench.decoding,
            "settings": {
                "ref": measure(bench, names, mentions, references, lambda name: name),
                "house": measure(
                    bench,
                    names,
                    mentions,
                    [
                        in_house(reference, [mention.name for mention in found])
                        for reference, found in zip(references, mentions, strict=True)
                    ],
                    Name.respelled,
                ),
            },
            "never_matching": never_matching(bench),
        }


def measure(
    bench: Workbench,
    names: Sequence[Name],
    mentions: Sequence[tuple[Mention, ...]],
    references: Sequence[str],
    spell: Callable[[Name], Name],
) -> dict[str, Any]:
    """One setting.

    Args:
        bench: has the sources.
        names: the glossary, as the references have the names.
        mentions: for each line, where they stand in its source.
        references: in the spelling of the setting.
        spell: gives a name the spelling of the setting.
    """
    wanted = {name.source: spell(name) for name in names}
    matcher = glossary(list(wanted.values()))
    drafts, seconds = bench.drafts(matcher)
    lines = [
        Line(
            number=at + 1,
            source=source,
            reference=references[at],
            mentions=mentions[at],
            wanted=tuple(wanted[mention.name.source] for mention in mentions[at]),
            unforced=bench.unforced[at],
            draft=drafts[at],
        )
        for at, source in enumerate(bench.sources)
    ]
    hits = [{hit.span for hit in matcher.match(source)} for source in bench.sources]
    untouched = [line for line, found in zip(lines, hits, strict=True) if not found]
    texts = [draft.text for draft in drafts]
    found = {
        "success": success(lines, lambda line: line.draft.text),
        "success_unforced": success(lines, lambda line: line.unforced),
        "success_human": success(lines, lambda line: line.reference),
        "chrf": figures.chrf_of(texts, references),
        "chrf_unforced": figures.chrf_of(bench.unforced, references),
        "bleu": _bleu(texts, references),
        "bleu_unforced": _bleu(bench.unforced, references),
        "duplicates": sum(line.surplus(line.draft.text) for line in lines),
        "duplicates_unforced": sum(line.surplus(line.unforced) for line in lines),
        "unmatched": sum(
            mention.span not in spans
            for line, spans in zip(lines, hits, strict=True)
            for mention in line.mentions
        ),
        "statuses": statuses(drafts, wanted),
        "seconds_added": seconds,
        "lines_without_hits": len(untouched),
        "lines_without_hits_changed": sum(line.draft.text != line.unforced for line in untouched),
    }
    return found | judged_swaps(lines)


def success(lines: Sequence[Line], text: Callable[[Line], str]) -> dict[str, int]:
    """Mentions whose accepted form stands in a text, in all and of those whose agreed
    rendering the reference of another line has as well.
    """
    places = [
        (mention, line.number - 1, place is not None)
        for line in lines
        for mention, place in zip(line.mentions, judge(text(line), line.wanted).places, strict=True)
    ]
    elsewhere = [stands for mention, at, stands in places if _is_elsewhere(mention, at)]
    return {"all": sum(stands for *_, stands in places), "elsewhere": sum(elsewhere)}


def judged_swaps(lines: Sequence[Line]) -> dict[str, Any]:
    """How clean the swaps are, and every name that went wrong. Lines that were decoded anew
    are no swaps.
    """
    counted: Counter[str] = Counter()
    cases: list[dict[str, object]] = []
    for line in lines:
        places = judge(line.draft.text, line.wanted).places
        missing = [name for name, place in zip(line.wanted, places, strict=True) if not place]
        cases += [_case(line, "missing", f"{name.source} → {name.target}") for name in missing]
        more = line.surplus(line.draft.text) - line.surplus(line.unforced)
        if more > 0:
            cases.append(_case(line, "duplicate", f"{more} more than without a glossary"))
        if any(verdict.status is TermStatus.REDECODED for verdict in line.draft.verdicts):
            continue
        for swap in swaps(line.names, line.wanted, line.unforced, line.draft.text, line.reference):
            counted[swap.fault or "clean"] += 1
            if swap.fault:
                what = f"{line.wanted[swap.mention].source}: {swap.detail}"
                cases.append(_case(line, swap.fault, what))
    return {"swaps": counted.total(), "swaps_clean": counted["clean"], "cases": cases}


def never_matching(bench: Workbench) -> dict[str, Any]:
    """What a large glossary without any of the lines' names does: nothing, and at what cost."""
    began = time.perf_counter()
    matcher = glossary(made_up_names(bench.sources, LARGE))
    loading = time.perf_counter() - began
    if any(map(matcher.match, bench.sources)):
        raise BenchmarkError(f"a made-up name ending in {_NOWHERE} stands in the source")
    drafts, seconds = bench.drafts(matcher)
    return {
        "terms": LARGE,
        "loading_seconds": loading,
        "seconds_added": seconds,
        "lines_changed": sum(
            draft.text != unforced for draft, unforced in zip(drafts, bench.unforced, strict=True)
        ),
    }


def made_up_names(sources: Sequence[str], count: int) -> list[Name]:
    """Names of two words, the first from the sources, so that a matcher begins to match often;
    the second stands nowhere.
    """
    first = sorted({word for line in sources for word in line.split() if word.isalpha()})
    generator = random.Random(SEED)
    names: dict[str, Name] = {}
    while len(names) < count:
        second = "".join(generator.choices(_SYLLABLES, k=3)).capitalize() + _NOWHERE
        source = f"{generator.choice(first)} {second}"
        names[source] = Name(source, second)
    return list(names.values())


def glossary(names: Sequence[Name]) -> TermMatcher:
    """The names as a glossary file is read."""
    rows = ["# source\ttarget\tcomment\tforms\tcase"]
    rows += [f"{name.source}\t{name.target}\t\t{'|'.join(name.forms)}\tsensitive" for name in names]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.tsv"
        write_lines(path, rows)
        return read_glossary(path)


def statuses(drafts: Sequence[Draft], wanted: Collection[str]) -> dict[str, int]:
    """How many terms of the glossary fared how."""
    counted = Counter(
        str(verdict.status)
        for draft in drafts
        for verdict in draft.verdicts
        if verdict.source in wanted
    )
    return dict(counted.most_common())


def failures(results: Mapping[str, Any]) -> list[str]:
    """The controls that failed."""
    failed = [
        f"{setting}: {changed} of {found['lines_without_hits']} lines without a term differ"
        for setting, found in results["settings"].items()
        if (changed := found["lines_without_hits_changed"])
    ]
    if changed := results["never_matching"]["lines_changed"]:
        failed.append(f"{changed} lines differ under a glossary that never matches")
    return failed


def report(results: dict[str, Any]) -> str:
    """The results as tables for people."""
    mentions, decoding = results["mentions"], results["decoding_seconds"]
    rows = [["", *results["settings"]]]

    def row(label: str, cell: Callable[[dict[str, Any]], str]) -> None:
        rows.append([label, *map(cell, results["settings"].values())])

    def share(count: int, of: int = mentions) -> str:
        return f"{100 * count / of:.2f}%" if of else "none"

    elsewhere = results["mentions_elsewhere"]
    row("success without glossary", lambda found: share(found["success_unforced"]["all"]))
    row("success", lambda found: share(found["success"]["all"]))
    row("success of the human", lambda found: share(found["success_human"]["all"]))
    row(
        "success, rendering seen elsewhere",
        lambda found: share(found["success"]["elsewhere"], elsewhere),
    )
    row("chrF without glossary", lambda found: f"{found['chrf_unforced']:.2f}")
    row("chrF", lambda found: f"{found['chrf']:.2f}")
    row("chrF gained", lambda found: f"{found['chrf'] - found['chrf_unforced']:+.2f}")
    row("BLEU without glossary", lambda found: f"{found['bleu_unforced']:.2f}")
    row("BLEU", lambda found: f"{found['bleu']:.2f}")
    row("duplicates without glossary", lambda found: share(found["duplicates_unforced"]))
    row("duplicates", lambda found: share(found["duplicates"]))
    row("swaps", lambda found: str(found["swaps"]))
    row("clean swaps", lambda found: share(found["swaps_clean"], found["swaps"]))
    row("not matched", lambda found: str(found["unmatched"]))
    row("time added", lambda found: share(found["seconds_added"], decoding))
    row(
        "ms a segment",
        lambda found: f"{1000 * found['seconds_added'] / results['lines']:.2f}",
    )
    row("lines without a term", lambda found: str(found["lines_without_hits"]))
    row("of these changed", lambda found: str(found["lines_without_hits_changed"]))
    seen = dict.fromkeys(
        status for found in results["settings"].values() for status in found["statuses"]
    )
    rows += [
        [
            f"verdict {status}",
            *(str(found["statuses"].get(status, 0)) for found in results["settings"].values()),
        ]
        for status in seen
    ]
    large = results["never_matching"]
    return (
        f"{results['model']}, {results['test_set']}: {results['lines']} lines decoded in "
        f"{decoding:.1f} s; {results['names']} names stand {mentions} times in "
        f"{results['lines_with_names']} lines, {elsewhere} times with a rendering seen "
        f"elsewhere too; {results['machine']['cores']} cores, "
        f"load {results['load_before']:.2f} before\n\n{figures.table(rows)}\n\n"
        f"{large['terms']:,} terms that never match: {large['lines_changed']} lines changed, "
        f"time added {share(large['seconds_added'], decoding)}, "
        f"loaded in {large['loading_seconds']:.1f} s"
    )


def _is_elsewhere(mention: Mention, line: int) -> bool:
    return bool(mention.name.lines - {line})


def _bleu(lines: Sequence[str], references: Sequence[str]) -> float:
    return figures.bleu_of(figures.bleu_statistics(lines, references).sum(0))


def _case(line: Line, kind: str, what: str) -> dict[str, object]:
    return {
        "kind": kind,
        "line": line.number,
        "what": what,
        "source": line.source,
        "without": line.unforced,
        "draft": line.draft.text,
        "reference": line.reference,
        "verdicts": [
            f"{verdict.source} → {verdict.target} [{verdict.status}] {verdict.detail}".rstrip()
            for verdict in line.draft.verdicts
        ],
    }


def _shown(setting: str, case: Mapping[str, Any]) -> str:
    rows = [f"{setting}, line {case['line']}, {case['kind']}: {case['what']}"]
    rows += [f"  {key:<10}{case[key]}" for key in ("source", "without", "draft", "reference")]
    rows += [f"  {'verdict':<10}{verdict}" for verdict in case["verdicts"]]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
