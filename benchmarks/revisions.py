"""Measure how well it is told what became of each sentence of a revised document.

Documents are made of real sentences and revised at random, always in the same way: words
replaced, added and left out, numbers changed, sentences divided at a comma or an "and", put
together, moved, and sentences and headings added that the document never had, some in place of
others. What was
done is known, so that each answer is right, or wrong, or missing.

A sentence that was rewritten in large part may be taken for a new one: a missing answer costs a
translation, a wrong one shows a reviewer the translation of something else.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from benchmarks import figures, machine
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from l10n_pipeline.locale import Locale
from l10n_pipeline.revision import Change, ChangeKind, trace, tracing
from l10n_pipeline.segment import SentenceSegmenter

SEED = 1
SEEDS = Path(__file__).parent.parent / "seeds"
SIZE = 100
"""Sentences of a document."""
SHARES = {"a third changed": 0.3, "all changed": 1.0}
THRESHOLDS = ("MUCH_ALIKE", "ALIKE", "ALIKE_IN_PLACE", "SLACK", "WHOLE")
SCALE = (100, 1_000, 10_000)
REWORDED = {
    "a word": 0,
    "a fifth of words": 1,
    "two fifths of words": 2,
    "three fifths of words": 3,
}
_NUMBER = re.compile(r"\d+")
_SEAM = re.compile(r",? and |, |; ")


@dataclass(frozen=True, slots=True)
class Revised:
    """A sentence of the new version, and what it truly is."""

    text: str
    what: str
    """What was done; empty for one that was kept."""
    kind: ChangeKind | None = None
    old: tuple[int, ...] = ()


GONE = Revised("", "")
"""Stands where a sentence was."""


@dataclass(slots=True)
class Tally:
    """Answers about what was done in one way."""

    right: int = 0
    in_part: int = 0
    """The right old sentence under another name, or one of two that were put together."""
    wrong: int = 0
    missed: int = 0

    def add(self, truth: Revised, change: Change | None) -> None:
        """Judge one answer."""
        if change is None:
            self.right += truth.kind is None
            self.missed += truth.kind is not None
        elif not set(change.old) <= set(truth.old):
            self.wrong += 1
        elif (change.kind, change.old) != (truth.kind, truth.old):
            self.in_part += 1
        else:
            self.right += 1


@dataclass(slots=True)
class Writer:
    """Revises sentences."""

    random: Random
    vocabulary: list[str]
    strangers: list[str]
    """Sentences that no document has."""
    moved: list[Revised] = field(default_factory=list)

    def reworded(self, text: str, changes: int) -> str:
        """With so many words replaced, added or left out."""
        words = text.split()
        for _ in range(changes):
            at = self.random.randrange(len(words))
            other = self.random.choice(self.vocabulary)
            words[at : at + self.random.randint(0, 1)] = self.random.choice(([other], [other], []))
            words = words or [other]
        return " ".join(words)

    def renumbered(self, text: str) -> str:
        """With all numbers replaced."""
        return _NUMBER.sub(lambda _: str(self.random.randint(2, 2500)), text)

    def divided(self, text: str) -> tuple[str, str] | None:
        """At a comma or an "and" that leaves some words on both sides."""
        seams = [
            seam
            for seam in _SEAM.finditer(text)
            if min(seam.start(), len(text) - seam.end()) >= max(15, len(text) // 5)
        ]
        if not seams:
            return None
        seam = self.random.choice(seams)
        second = text[seam.end() :]
        return f"{text[: seam.start()]}.", second[:1].upper() + second[1:]

    def joined(self, first: str, second: str) -> str:
        """As one sentence."""
        seam = self.random.choice((", and ", "; ", ", "))
        return f"{first.rstrip('.')}{seam}{second[:1].lower()}{second[1:]}"

    def heading(self) -> str:
        """Up to three words that no sentence of the document begins with."""
        return " ".join(self.random.choice(self.strangers).split()[: self.random.randint(1, 3)])

    def revised(self, sentences: Sequence[str], share: float) -> list[Revised]:
        """The new version of a document.

        Args:
            sentences: the old one.
            share: how likely a sentence is to be changed.
        """
        made: list[Revised] = []
        self.moved.clear()
        at = 0
        while at < len(sentences):
            following = sentences[at + 1] if at + 1 < len(sentences) else None
            if self.random.random() < share:
                made += self._changed(at, sentences[at], following)
            else:
                made.append(Revised(sentences[at], ""))
            at += 2 if made and made[-1].kind is ChangeKind.JOINED and at in made[-1].old else 1
        for one in self.moved:
            # Not between two parts of a sentence.
            between = [at for at in range(1, len(made)) if made[at - 1].old != made[at].old]
            made.insert(self.random.choice([0, *between, len(made)]), one)
        return [one for one in made if one is not GONE]

    def _changed(self, at: int, text: str, following: str | None) -> list[Revised]:
        """Changed in a way drawn at random; reworded where that way is not possible."""
        ways = {
            self._in_words: 5,
            self._in_numbers: 1,
            self._in_two: 1,
            self._in_two_reworded: 1,
            self._with_the_next: 1,
            self._elsewhere: 1,
            self._replaced: 1,
            self._after_heading: 1,
        }
        (way,) = self.random.choices(list(ways), list(ways.values()))
        return way(at, text, following) or self._in_words(at, text, following)

    def _in_numbers(self, at: int, text: str, _: str | None) -> list[Revised]:
        if not _NUMBER.search(text):
            return []
        return [Revised(self.renumbered(text), "numbers", ChangeKind.RENUMBERED, (at,))]

    def _in_words(self, at: int, text: str, _: str | None) -> list[Revised]:
        what, fifths = self.random.choice(tuple(REWORDED.items()))
        changes = max(1, len(text.split()) * fifths // 5)
        return [Revised(self.reworded(text, changes), what, ChangeKind.EDITED, (at,))]

    def _in_two(self, at: int, text: str, _: str | None) -> list[Revised]:
        return [
            Revised(part, "divided", ChangeKind.SPLIT, (at,)) for part in self.divided(text) or ()
        ]

    def _in_two_reworded(self, at: int, text: str, _: str | None) -> list[Revised]:
        return [
            Revised(self.reworded(part, 1), "divided, a word each", ChangeKind.SPLIT, (at,))
            for part in self.divided(text) or ()
        ]

    def _with_the_next(self, at: int, text: str, following: str | None) -> list[Revised]:
        if following is None:
            return []
        both = self.joined(text, following)
        return [Revised(both, "put together", ChangeKind.JOINED, (at, at + 1))]

    def _elsewhere(self, at: int, text: str, _: str | None) -> list[Revised]:
        text = self.reworded(text, 1)
        self.moved.append(Revised(text, "moved, a word", ChangeKind.EDITED, (at,)))
        return [GONE]

    def _replaced(self, *_: object) -> list[Revised]:
        return [Revised(self.random.choice(self.strangers), "new in its place")]

    def _after_heading(self, _: int, text: str, __: str | None) -> list[Revised]:
        return [Revised(self.heading(), "new heading"), Revised(text, "")]


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    try:
        results = run(options)
    except BenchmarkError as error:
        sys.exit(f"revisions: {error}")
    print(report(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--source", type=Path, help="a text, a sentence a line (default: those of seeds/)"
    )
    parser.add_argument("--documents", type=int, default=200, help="of each sort (default: 200)")
    parser.add_argument("--scale", type=int, nargs="*", default=list(SCALE), metavar="SENTENCES",
                        help="sizes of documents to time (default: 100 1000 10000)")  # fmt: skip
    parser.add_argument(
        "--threshold", type=threshold, action="append", default=[], metavar="NAME=VALUE",
        help=f"try another value of {', '.join(THRESHOLDS)}",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args(arguments)
    if min([options.documents, *options.scale]) < 1:
        parser.error("--documents and --scale: at least 1")
    return options


def threshold(text: str) -> tuple[str, float]:
    """A constant of :mod:`l10n_pipeline.revision.tracing` and what to try in its place."""
    name, _, value = text.partition("=")
    if name not in THRESHOLDS:
        raise argparse.ArgumentTypeError(f"{text!r}: one of {', '.join(THRESHOLDS)}")
    try:
        return name, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: no number") from None


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where the text cannot be read or is too short.
    """
    sentences = list(dict.fromkeys(lines_of(options.source) if options.source else seeds()))
    if len(sentences) < 10:
        raise BenchmarkError(f"{len(sentences)} sentences are too few: at least 10")
    with ExitStack() as stack:
        for name, value in options.threshold:
            stack.enter_context(mock.patch.object(tracing, name, value))
        return measured(sentences, options)


def measured(sentences: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    """What :func:`run` gives."""
    return {
        "machine": machine.description(),
        "sentences": len(sentences),
        "thresholds": {name: getattr(tracing, name) for name in THRESHOLDS},
        "documents": options.documents,
        "found": {
            name: {
                what: asdict(tally)
                for what, tally in sorted(judged(sentences, share, options.documents).items())
            }
            for name, share in SHARES.items()
        },
        "scale": [timed(sentences, size) for size in options.scale],
    }


def seeds() -> list[str]:
    """The sentences of the seed document."""
    segmenter = SentenceSegmenter(Locale("en"))
    paragraphs = (line for path in sorted(SEEDS.glob("*.txt")) for line in lines_of(path))
    return [span.of(paragraph) for paragraph in paragraphs for span in segmenter.split(paragraph)]


def judged(sentences: Sequence[str], share: float, documents: int) -> dict[str, Tally]:
    """Answers by what was done, of so many documents."""
    random = Random(SEED)
    tallies: dict[str, Tally] = {}
    for _ in range(documents):
        shuffled = random.sample(sentences, len(sentences))
        size = min(SIZE, len(shuffled) // 2)
        before, strangers = shuffled[:size], shuffled[size:]
        vocabulary = [word for sentence in strangers for word in sentence.split()]
        after = Writer(random, vocabulary, strangers).revised(before, share)
        changes = {change.new: change for change in trace(before, [one.text for one in after])}
        known = set(before)
        for new, truth in enumerate(after):
            if truth.what and truth.text not in known:
                tallies.setdefault(truth.what, Tally()).add(truth, changes.get(new))
    return tallies


def timed(sentences: Sequence[str], size: int) -> dict[str, Any]:
    """Processor time for one document of that size, by how it was revised."""
    random = Random(SEED)
    vocabulary = [word for sentence in sentences for word in sentence.split()]
    writer = Writer(random, vocabulary, list(sentences))
    before = [writer.reworded(random.choice(sentences), 8) for _ in range(size)]
    ways: dict[str, Callable[[], list[str]]] = {
        "a tenth edited": lambda: [
            writer.reworded(text, 1) if at % 10 == 0 else text for at, text in enumerate(before)
        ],
        "all edited": lambda: [writer.reworded(text, 1) for text in before],
        "all others": lambda: [writer.reworded(random.choice(sentences), 20) for _ in range(size)],
    }
    seconds: dict[str, float] = {}
    for name, revise in ways.items():
        after = revise()
        start = time.process_time()
        trace(before, after)
        seconds[name] = time.process_time() - start
    return {"sentences": size, "seconds": seconds}


def report(results: dict[str, Any]) -> str:
    """The results as tables for people."""
    tables = [f"{results['documents']} documents made of {results['sentences']} sentences"]
    for name, found in results["found"].items():
        rows = [[name, "sentences", "right", "in part", "wrong", "missed"]]
        for what, tally in found.items():
            count = sum(tally.values())
            rows.append([what, str(count), *(f"{share / count:.1%}" for share in tally.values())])
        tables.append(figures.table(rows))
    if results["scale"]:
        ways = list(results["scale"][0]["seconds"])
        rows = [["sentences", *(f"{way}, s" for way in ways)]]
        rows += [
            [f"{one['sentences']:,}", *(f"{one['seconds'][way]:.4f}" for way in ways)]
            for one in results["scale"]
        ]
        tables.append(figures.table(rows))
    return "\n\n".join(tables)


if __name__ == "__main__":
    main()
