"""Measure what the translation memory saves on documents edited at random, and whether what it
reuses is right.

A document whose translation has been reviewed is edited: sentences stay, move, change in words,
in numbers, in names of the glossary, in case, and new ones come. The edited document joins the
project, and ``l10n translate`` runs with a stand-in for the model that counts what it is asked.
The same old catalogue and new template go through ``msgmerge --previous`` and, with
``--toolkit``, through Translate Toolkit's ``pot2po`` and the matcher that its TM server uses.

Every text that comes out as a proposal, taken as it is, is then checked by means of its own: its
numbers, as bare digits, have to be those of the edited source, or those of the old translation
with the old numbers exchanged for the new; and likewise the names.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import polib
from msgspec import structs

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from benchmarks.options import at_least_one
from l10n_pipeline.catalogue.po import write_catalogue
from l10n_pipeline.config import Project, find_project
from l10n_pipeline.glossary import parse_glossary
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Hypothesis, Origin, Search, Term
from l10n_pipeline.pipeline.outcomes import TranslateOptions
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.pipeline.words import count_words
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import Engine

SEED: Final = 1
ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = Locale("en")
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
CLASSES: Final = ("context", "exact", "near", "repaired")
NEW_SHARE: Final = 0.1
"""Of the sentences of the edited document that had no translation."""
NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-zà-ÿ]{3,}(?=[ ,.])")
NUMBER: Final = re.compile(r"(?<![\w.,:/’'–-])\d+(?:,\d{3})*(?![\w:/’'–-]|[.,]\d)")
DIGITS: Final = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")
PLAIN: Final = re.compile(r"[a-z]{2,}")
YEARS: Final = range(1_500, 2_100)

TOOLKIT: Final = """
import json, sys
from translate.search.match import matcher
from translate.storage import factory
found = matcher(factory.getobject(sys.argv[1]), max_candidates=1, min_similarity=75,
                max_length=3000)
answers = [found.matches(source) for source in json.load(sys.stdin)]
json.dump([[str(one[0].source), str(one[0].target)] if one else None for one in answers],
          sys.stdout)
"""
"""Asks the matcher of Translate Toolkit's TM server."""


# --- sentences and their edits -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says that must not go wrong."""

    numbers: Counter[str]
    """By their digits, however they are written."""
    names: frozenset[str]
    """Of the glossary, by their sources."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A sentence of the edited document."""

    source: str
    allowed: tuple[Facts, ...]
    """What a translation of it may say."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a glossary in texts, found by their letters alone."""

    terms: tuple[Term, ...]

    def of_source(self, text: str) -> frozenset[str]:
        """The terms of a source, by their sources."""
        return self._found(text, lambda term: (term.source, *term.aliases))

    def of_target(self, text: str) -> frozenset[str]:
        """The terms of a translation, likewise."""
        return self._found(text, lambda term: (term.target, *term.forms))

    def _found(self, text: str, spellings: Callable[[Term], tuple[str, ...]]) -> frozenset[str]:
        ways = [(way, term.source) for term in self.terms for way in spellings(term)]
        found: set[str] = set()
        # The longest first, so that a surname within a whole name is not another name.
        for way, source in sorted(ways, key=lambda way: -len(way[0])):
            text, count = re.subn(
                rf"(?<!\w){re.escape(way)}(?!\w)", "\0", text, flags=re.IGNORECASE
            )
            if count:
                found.add(source)
        return frozenset(found)

    def facts(self, text: str, *, translated: bool = False) -> Facts:
        """What a source says, or a translation."""
        digits = (re.sub(r"\D", "", number[0]) for number in DIGITS.finditer(text))
        names = self.of_target(text) if translated else self.of_source(text)
        return Facts(Counter(digits), names)


class Editor:
    """Edits sentences, the same in every run.

    Args:
        pairs: sources and their translations, sources once each.
        names: of the glossary.
        random: decides.
    """

    def __init__(self, pairs: Mapping[str, str], names: Names, random: Random) -> None:
        self._pairs = pairs
        self._names = names
        self._random = random
        self._words = [word for source in pairs for word in source.split() if PLAIN.fullmatch(word)]
        new = max(1, round(len(pairs) * NEW_SHARE))
        self.new = frozenset(random.sample(sorted(pairs), new))
        """Sources that only the edited document has."""

    def document(self) -> list[Edited]:
        """The edited document; a tenth of its sentences stand elsewhere than they stood."""
        edited = [self._edited(source) for source in self._pairs]
        for _ in range(len(edited) // 10):
            moved = edited.pop(self._random.randrange(len(edited)))
            edited.insert(self._random.randrange(len(edited) + 1), moved)
        return list({one.source: one for one in edited}.values())

    def _edited(self, source: str) -> Edited:
        if source in self.new:
            return self._of(source, source, [], [])
        ways = [self._kept, self._with_words, self._with_number, self._with_name]
        ways += [self._with_case, self._with_number_and_word, self._with_all_numbers]
        chosen = self._random.choices(ways, weights=[6, 5, 4, 3, 1, 1, 2])[0]
        return chosen(source)

    def _of(
        self,
        source: str,
        changed: str,
        numbers: Iterable[tuple[str, str]],
        names: Iterable[tuple[str, str]],
    ) -> Edited:
        """An edited sentence, with what its old translation would say after the exchange."""
        old = self._names.facts(self._pairs[source], translated=True)
        then, called = Counter(old.numbers), set(old.names)
        for before, after in numbers:
            then[re.sub(r"\D", "", before)] -= 1
            then[re.sub(r"\D", "", after)] += 1
        for before, after in names:
            called = (called - {before}) | {after}
        return Edited(changed, (self._names.facts(changed), Facts(+then, frozenset(called))))

    def _kept(self, source: str) -> Edited:
        return self._of(source, source, [], [])

    def _with_case(self, source: str) -> Edited:
        words = source.split(" ")
        plain = [at for at, word in enumerate(words) if PLAIN.fullmatch(word)]
        if plain:
            at = self._random.choice(plain)
            words[at] = words[at].capitalize()
        return self._of(source, " ".join(words), [], [])

    def _with_words(self, source: str, most: int = 3) -> Edited:
        """Up to so many words replaced, left out or added; no numbers and no names."""
        words = source.split(" ")
        for _ in range(self._random.randint(1, most)):
            plain = [at for at, word in enumerate(words) if PLAIN.fullmatch(word)]
            if plain:
                at = self._random.choice(plain)
                other = [self._random.choice(self._words)]
                words[at : at + self._random.randint(0, 1)] = self._random.choice([other, []])
        changed = " ".join(words)
        if self._names.facts(changed) != self._names.facts(source):
            return self._kept(source)  # a word that became part of a name
        return self._of(source, changed, [], [])

    def _with_number(self, source: str, most: int = 1) -> Edited:
        found = list(NUMBER.finditer(source))
        if not found:
            return self._with_words(source)
        changed, exchanged = source, list[tuple[str, str]]()
        chosen = self._random.sample(found, min(most, len(found)))
        for number in sorted(chosen, key=lambda one: -one.start()):
            new = self._number(number[0])
            exchanged.append((number[0], new))
            changed = changed[: number.start()] + new + changed[number.end() :]
        return self._of(source, changed, exchanged, [])

    def _with_all_numbers(self, source: str) -> Edited:
        return self._with_number(source, most=len(source))

    def _with_number_and_word(self, source: str) -> Edited:
        numbered = self._with_number(source)
        words = numbered.source.split(" ")
        plain = [at for at, word in enumerate(words) if PLAIN.fullmatch(word)]
        if plain:
            words[self._random.choice(plain)] = self._random.choice(self._words)
        changed = " ".join(words)
        if self._names.facts(changed) != self._names.facts(numbered.source):
            return numbered
        return Edited(changed, numbered.allowed)

    def _number(self, old: str) -> str:
        """Another number of about the size, written alike."""
        value = int(old.replace(",", ""))
        if "," not in old and value in YEARS:
            return str(self._random.choice(YEARS))
        new = self._random.randint(2, 10 * value + 9)
        return f"{new:,}" if "," in old else str(new)

    def _with_name(self, source: str) -> Edited:
        present = [term.source for term in self._names.terms if source.count(term.source) == 1]
        alone = [
            name
            for name in present
            if self._names.of_source(source.replace(name, "\0"))
            == self._names.of_source(source) - {name}
        ]
        others = [term.source for term in self._names.terms if term.source not in source]
        if not alone or not others:
            return self._with_words(source)
        old, new = self._random.choice(alone), self._random.choice(others)
        changed = source.replace(old, new)
        wanted = (self._names.of_source(source) - {old}) | {new}
        if self._names.of_source(changed) != wanted:
            return self._with_words(source)
        return self._of(source, changed, [], [(old, new)])


# --- what comes out ------------------------------------------------------------------


@dataclass(slots=True)
class Proposals:
    """What a tool proposes for the sentences of a document, in one of its classes."""

    segments: int = 0
    words: int = 0
    wrong_numbers: int = 0
    wrong_names: int = 0
    examples: list[list[str]] = field(default_factory=list)
    """Sources and wrong proposals."""

    def add(self, edited: Edited, proposal: str, names: Names) -> None:
        """Count a proposal."""
        self.segments += 1
        self.words += count_words(edited.source)
        said = names.facts(proposal, translated=True)
        wrong_number = all(said.numbers != facts.numbers for facts in edited.allowed)
        wrong_name = all(said.names != facts.names for facts in edited.allowed)
        self.wrong_numbers += wrong_number
        self.wrong_names += wrong_name
        if wrong_number or wrong_name:
            self.examples.append([edited.source, proposal])


Table = dict[tuple[str, str], Proposals]
"""By tool and class."""


@dataclass
class Counting:
    """Stands in for a model: translates nothing, and remembers what it was asked."""

    asked: set[str] = field(default_factory=set)
    name: str = "counting/none"

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Give something back for each source."""
        del search, prefixes
        self.asked.update(sources)
        if progress is not None:
            progress(len(sources))
        return [Hypothesis(f"[{source}]", 0.0) for source in sources]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Likewise, one each."""
        del n
        made = self.translate(sources, search=search, prefixes=prefixes)
        return [[hypothesis] for hypothesis in made]

    def close(self) -> None:
        """Nothing to let go of."""


class Trial:
    """A project with a reviewed document and an edited one.

    Args:
        root: an empty folder.
        target: the language of the translations.
        glossary: the content of its glossary.
    """

    def __init__(self, root: Path, target: Locale, glossary: bytes) -> None:
        self.root = root
        self._target = target
        self.engine = Counting()
        self._write("l10n.toml", f'targets = ["{target}"]\n'.encode())
        self._write(f"glossary/{SOURCE.posix}-{target.posix}.tsv", glossary)

    @property
    def old_catalogue(self) -> Path:
        """The reviewed document's catalogue."""
        return self.root / self._workspace.project.catalogue_path(self._target, "old.txt")

    @property
    def new_template(self) -> Path:
        """The edited document's template."""
        return self.root / self._workspace.project.template_path("new.txt")

    def whole(self, sources: Sequence[str]) -> set[str]:
        """Those that are one segment each, as they stand."""
        self._write_document("probe.txt", sources)
        workspace = self._workspace
        (found,), _ = workspace.find_documents()
        document = workspace.read_document(found)
        (self.root / "seeds/probe.txt").unlink()
        blocks = Counter(segment.block for segment in document.segments)
        return {one.source for one in document.segments if blocks[one.block] == 1} & {*sources}

    def review(self, pairs: Mapping[str, str]) -> None:
        """Make a document of sources with their translations accepted."""
        self._write_document("old.txt", list(pairs))
        self._translate(mt=False)
        catalogue = self._workspace.catalogues.read(self._target, "old.txt")
        assert catalogue is not None
        units = tuple(structs.replace(unit, target=pairs[unit.source]) for unit in catalogue.units)
        self.old_catalogue.write_bytes(write_catalogue(structs.replace(catalogue, units=units)))

    def draft(self, sources: Sequence[str]) -> dict[str, tuple[str, str]]:
        """The edited document's drafts: class and text by source; of the machine's with what is
        shown beside them, or nothing.
        """
        self._write_document("new.txt", sources)
        self._translate(mt=True)
        catalogue = self._workspace.catalogues.read(self._target, "new.txt")
        assert catalogue is not None
        drafts = {}
        for unit in catalogue.units:
            assert unit.provenance is not None
            if unit.provenance.origin is Origin.TM:
                drafts[unit.source] = (unit.provenance.match, unit.target)
            elif unit.suggestion is not None:
                drafts[unit.source] = ("shown", unit.suggestion.text)
            else:
                drafts[unit.source] = ("none", "")
        return drafts

    @property
    def _workspace(self) -> Workspace:
        return Workspace(find_project(self.root))

    def _translate(self, *, mt: bool) -> None:
        report = translate(
            self._workspace,
            locales=[self._target],
            now=NOW,
            options=TranslateOptions(mt=mt),
            find_engine=self._find,
        )
        if report.errors:
            raise BenchmarkError(str(report.errors[0]))

    def _find(self, project: Project, target: Locale, model: str | None) -> Callable[[], Engine]:
        del project, target, model
        return lambda: self.engine

    def _write(self, name: str, data: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def _write_document(self, name: str, paragraphs: Sequence[str]) -> None:
        self._write(f"seeds/{name}", "\n\n".join(paragraphs).encode() + b"\n")


def gettext_proposals(path: Path) -> Iterator[tuple[str, str, str]]:
    """Class, source and translation of each entry of a merged catalogue that has one."""
    for entry in polib.pofile(str(path), wrapwidth=0):
        if entry.msgstr and not entry.obsolete:
            yield ("fuzzy" if entry.fuzzy else "exact"), entry.msgid, entry.msgstr


def by_msgmerge(trial: Trial) -> list[tuple[str, str, str]]:
    """What ``msgmerge --previous`` takes over.

    Raises:
        BenchmarkError: where it cannot be run.
    """
    merged = trial.root / "msgmerge.po"
    command = ["msgmerge", "--previous", "--no-wrap", "--quiet", f"--output-file={merged}"]
    _carried_out([*command, str(trial.old_catalogue), str(trial.new_template)])
    return list(gettext_proposals(merged))


def by_pot2po(trial: Trial, python: str) -> list[tuple[str, str, str]]:
    """What Translate Toolkit's pot2po takes over."""
    merged = trial.root / "pot2po.po"
    options = ["--progress=none", f"--template={trial.old_catalogue}"]
    command = [python, "-m", "translate.convert.pot2po", *options]
    _carried_out([*command, str(trial.new_template), str(merged)])
    return list(gettext_proposals(merged))


def by_matcher(trial: Trial, python: str, sources: Sequence[str]) -> list[tuple[str, str, str]]:
    """The best answers of the matcher that Translate Toolkit's TM server asks."""
    command = [python, "-c", TOOLKIT, str(trial.old_catalogue)]
    answers = json.loads(_carried_out(command, json.dumps(sources)))
    return [
        ("exact" if answer[0] == source else "fuzzy", source, answer[1])
        for source, answer in zip(sources, answers, strict=True)
        if answer
    ]


def _carried_out(command: Sequence[str], stdin: str = "") -> str:
    try:
        done = subprocess.run(
            command, input=stdin, capture_output=True, check=False, encoding="utf-8"
        )
    except OSError as error:
        raise BenchmarkError(f"{command[0]} cannot be run: {error}") from error
    if done.returncode:
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise BenchmarkError(f"{command[0]} failed: {last}")
    return done.stdout


# --- the command ---------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    results = carry_out("leverage", parse(arguments), run, report)
    wrong = sum(
        row["wrong_numbers"] + row["wrong_names"]
        for row in results["rows"]
        if row["tool"] == "l10n"
    )
    if wrong:
        sys.exit(f"leverage: {wrong} numbers or names of what is reused or shown are wrong")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--source", type=Path, help="a test set, a sentence a line; default: this project's seeds"
    )
    parser.add_argument("--reference", type=Path, help="its translation")
    parser.add_argument(
        "--to", dest="target", type=Locale.parse, default=Locale.parse("pt-BR"), metavar="LOCALE"
    )
    parser.add_argument(
        "--glossary",
        type=Path,
        help="a glossary of the names; default: this project's, for a test set the names that "
        "stand in source and reference alike",
    )
    parser.add_argument(
        "--sentences", type=at_least_one, help="take so many of them, at random; default: all"
    )
    parser.add_argument("--rounds", type=at_least_one, default=5, help="default: 5")
    parser.add_argument(
        "--toolkit", metavar="PYTHON", help="an interpreter that has Translate Toolkit"
    )
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args(arguments)
    if bool(options.source) != bool(options.reference):
        parser.error("--source and --reference go together")
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where something cannot be read, or a tool fails.
    """
    given = pairs_of(options)
    glossary = glossary_of(options, given)
    names = Names(parse_glossary(glossary, str(options.glossary or "glossary")))
    table: Table = {}
    total = Proposals()
    calls = 0
    with tempfile.TemporaryDirectory() as folder:
        probe = Trial(Path(folder, "probe"), options.target, glossary)
        whole = probe.whole(list(given))
        pairs = {source: target for source, target in given.items() if source in whole}
        if options.sentences and options.sentences < len(pairs):
            chosen = Random(SEED).sample(sorted(pairs), options.sentences)
            pairs = {source: pairs[source] for source in chosen}
        if len(pairs) < 2:
            raise BenchmarkError("there are no sentences with translations to edit")
        for at in range(options.rounds):
            editor = Editor(pairs, names, Random(SEED + at))
            edited = {one.source: one for one in editor.document()}
            still_whole = probe.whole(list(edited))
            edited = {source: one for source, one in edited.items() if source in still_whole}
            trial = Trial(Path(folder, f"round{at}"), options.target, glossary)
            trial.review({one: pairs[one] for one in pairs if one not in editor.new})
            for one in edited.values():
                total.segments += 1
                total.words += count_words(one.source)
            for kind, source, text in proposals_of(trial, list(edited), options.toolkit):
                counted = table.setdefault(kind, Proposals())
                counted.add(edited[source], text, names)
            calls += len(trial.engine.asked & edited.keys())
    return {
        "machine": machine.description(),
        "rounds": options.rounds,
        "toolkit": bool(options.toolkit),
        "sentences": len(pairs),
        "given": len(given),
        "names": len(names.terms),
        "segments": total.segments,
        "words": total.words,
        "calls": calls,
        "rows": [
            {"tool": tool, "class": kind, **row_of(found)}
            for (tool, kind), found in sorted(table.items(), key=lambda row: _place(row[0]))
        ],
    }


def proposals_of(
    trial: Trial, sources: Sequence[str], toolkit: str | None
) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Tool and class, source and text of all proposals for an edited document."""
    for source, (kind, text) in trial.draft(sources).items():
        if kind != "none":
            yield ("l10n", kind), source, text
    tools = {"msgmerge": by_msgmerge(trial)}
    if toolkit:
        tools["pot2po"] = by_pot2po(trial, toolkit)
        tools["tmserver"] = by_matcher(trial, toolkit, sources)
    for tool, found in tools.items():
        for kind, source, text in found:
            yield (tool, kind), source, text


def row_of(found: Proposals) -> dict[str, Any]:
    return {
        "segments": found.segments,
        "words": found.words,
        "wrong_numbers": found.wrong_numbers,
        "wrong_names": found.wrong_names,
        "examples": found.examples,
    }


def _place(row: tuple[str, str]) -> tuple[int, int]:
    tools = ["l10n", "msgmerge", "pot2po", "tmserver"]
    return tools.index(row[0]), [*CLASSES, "shown", "fuzzy"].index(row[1])


def pairs_of(options: argparse.Namespace) -> dict[str, str]:
    """Sources and their translations, sources once each.

    Raises:
        BenchmarkError: where they cannot be read.
    """
    if options.source:
        sources, targets = lines_of(options.source), lines_of(options.reference)
        if len(sources) != len(targets):
            raise BenchmarkError(f"{options.source} and {options.reference} differ in length")
        return dict(zip(sources, targets, strict=True))
    workspace = Workspace(find_project(ROOT))
    found: dict[str, str] = {}
    for name in workspace.catalogues.names(options.target):
        catalogue = workspace.catalogues.read(options.target, name)
        units = catalogue.units if catalogue else ()
        found |= {unit.source: unit.target for unit in units if unit.target}
    if not found:
        raise BenchmarkError(f"this project has no translations into {options.target}")
    return found


def glossary_of(options: argparse.Namespace, pairs: Mapping[str, str]) -> bytes:
    """The content of the glossary."""
    path = options.glossary
    if path is None and options.source is None:
        path = ROOT / f"glossary/{SOURCE.posix}-{options.target.posix}.tsv"
    if path is not None:
        try:
            return bytes(path.read_bytes())
        except OSError as error:
            raise BenchmarkError(f"{path} cannot be read: {error}") from error
    # The gender decides what may stand in for what; which one it is means nothing here.
    rows = [
        f"{name}\t{name}\t\tperson\t{('masculine', 'feminine')[at % 2]}\n"
        for at, name in enumerate(names_alike(pairs))
    ]
    return ("# source\ttarget\tcomment\tkind\tgender\n" + "".join(rows)).encode()


def names_alike(pairs: Mapping[str, str]) -> list[str]:
    """Names that are spelt in all their translations as in their sources, and are no words."""
    everything = "\n".join(pairs)
    found = sorted({name[0] for source in pairs for name in NAME.finditer(source)})
    alike = []
    for name in found:
        whole = re.compile(rf"(?<!\w){name}(?!\w)")
        if len(whole.findall(everything)) < len(
            re.findall(whole.pattern, everything, re.IGNORECASE)
        ):
            continue
        having = [pair for pair in pairs.items() if any(map(whole.search, pair))]
        if all(len(whole.findall(a)) == len(whole.findall(b)) for a, b in having):
            alike.append(name)
    return alike


def report(results: dict[str, Any]) -> str:
    """The results as a table for people."""
    segments, words = results["segments"], results["words"]
    saved = segments - results["calls"]
    rows = [["tool", "class", "segments", "words", "of all words", "wrong number", "wrong name"]]
    rows += [
        [
            row["tool"],
            row["class"],
            f"{row['segments']:,}",
            f"{row['words']:,}",
            f"{row['words'] / words:.1%}",
            f"{row['wrong_numbers']:,}",
            f"{row['wrong_names']:,}",
        ]
        for row in results["rows"]
    ]
    sizes = (
        f"{results['sentences']} of {results['given']} sentences,"
        f" {results['names']} names, edited {results['rounds']} times:"
        f" {segments:,} segments, {words:,} words"
    )
    lines = [
        sizes,
        f"asked of the model: {results['calls']:,}; saved: {saved:,} ({saved / segments:.1%})",
    ]
    if not results["toolkit"]:
        lines.append("Translate Toolkit is left out: --toolkit names an interpreter that has it")
    return "\n".join((*lines, "", figures.table(rows)))


if __name__ == "__main__":
    main()
