"""Measure what a run with nothing to do costs as a project grows.

A project of that many segments is made, a hundred to a document, Markdown and plain text by
turns: sentences of a seeded generator, with names of a glossary. Its catalogues are filled by
the pipeline itself, a list of words standing in for the model, and half of their entries are
accepted. Then ``l10n translate`` and ``l10n status`` run as commands of their own, round by
round; translating must leave every file as it is and load no model. It is measured twice: with
what the run before has noted, and without, as in a fresh clone, where every document is read and
every review checked again.

Processor time is given beside the clock's, and as a multiple of a fixed loop of Python timed
right before: a slow moment of the machine slows both. Peak memory is the process's own, as the
system counts it. The exponent says how a cost grows from the line above: 1 is in proportion.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from msgspec.structs import replace

from benchmarks import figures, machine
from benchmarks.commands import carry_out
from benchmarks.errors import BenchmarkError
from benchmarks.options import add_rounds, at_least_one
from l10n_pipeline.catalogue.po import write_catalogue
from l10n_pipeline.config import Project, find_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Hypothesis, Search
from l10n_pipeline.pipeline.locking import CACHE_FOLDER
from l10n_pipeline.pipeline.resting import FILE_NAME
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import Engine

SEED: Final = 1
TARGET: Final = Locale.parse("pt-BR")
SEGMENTS_PER_DOCUMENT: Final = 100
CASES: Final = {"translate": "translate", "translate anew": "translate", "status": "status"}
"""Commands, by what they are called here."""
ANEW: Final = "translate anew"
"""Without what an earlier run has noted: every document is read, every review checked."""
NOW: Final = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
_CONFIGURATION: Final = """\
name = "scale"
source = "en"
targets = ["pt-BR"]
documents = ["docs/**/*.md", "docs/**/*.txt"]
"""
_LOOP: Final = 2_000_000
"""Additions of the fixed loop."""
_LAUNCHER: Final = """\
import json, os, sys, time
began = time.monotonic()
actions = [(os.POSIX_SPAWN_DUP2, 2, 1)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_, status, usage = os.wait4(process, 0)
clock, processor = time.monotonic() - began, usage.ru_utime + usage.ru_stime
print(json.dumps([os.waitstatus_to_exitcode(status), clock, processor, usage.ru_maxrss]))
"""
"""Runs a command. The system counts what a process's parent had in memory as its own, too: a
small one has less than any command.
"""

_FIRST_NAMES: Final = ("Rasim", "Leyla", "Ričardas", "Aino", "Elmar", "Nigar", "Jonas", "Sevda")
_LAST_NAMES: Final = ("Aliyev", "Lapaitis", "Korhonen", "Hasanova", "Virtanen", "Mammadov")
_NOUNS: Final = {
    "film": "filme", "city": "cidade", "story": "história", "year": "ano", "road": "estrada",
    "winter": "inverno", "house": "casa", "letter": "carta", "night": "noite",
    "family": "família", "archive": "arquivo", "question": "pergunta", "answer": "resposta",
    "village": "aldeia", "camera": "câmera", "witness": "testemunha",
}  # fmt: skip
_VERBS: Final = {
    "found": "encontrou", "opened": "abriu", "watched": "viu", "remembered": "lembrou",
    "crossed": "atravessou", "described": "descreveu", "left": "deixou", "read": "leu",
}  # fmt: skip
_ADJECTIVES: Final = {
    "old": "velho", "quiet": "calmo", "long": "longo", "first": "primeiro", "small": "pequeno",
    "burnt": "queimado", "distant": "distante", "unknown": "desconhecido",
}  # fmt: skip
_LINKS: Final = {"and": "e", "after": "depois", "before": "antes", "because": "porque"}
_WORDS: Final = {
    "the": "o", "in": "em", "of": "de", **_NOUNS, **_VERBS, **_ADJECTIVES, **_LINKS
}  # fmt: skip
"""What the model that the benchmark does without would know."""
_WORD: Final = re.compile(r"\b[A-Za-z]+\b")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    clock: float
    """Seconds."""
    processor: float
    """Seconds, in user and system mode."""
    loops: float
    """Processor time over that of the fixed loop."""
    peak_bytes: int
    """Most memory that it had."""


@dataclass
class WordList:
    """Stands in for a model: writes word by word."""

    name: str = "words"

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,  # noqa: ARG002 - the protocol's, here and below
        prefixes: Sequence[str] | None = None,  # noqa: ARG002
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """As the protocol says; all at once."""
        if progress is not None:
            progress(len(sources))
        return [Hypothesis(_word_by_word(source), -0.5) for source in sources]

    def n_best(
        self,
        sources: Sequence[str],
        n: int,  # noqa: ARG002
        *,
        search: Search,  # noqa: ARG002
        prefixes: Sequence[str] | None = None,  # noqa: ARG002
    ) -> list[list[Hypothesis]]:
        """As the protocol says, but with one hypothesis alone."""
        return [[hypothesis] for hypothesis in self.translate(sources)]

    def close(self) -> None:
        """Nothing to let go of."""


def main(arguments: Sequence[str] | None = None) -> None:
    carry_out("scale", parse(arguments), run, report)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--segments", nargs="+", type=at_least_one, default=[1_000, 10_000, 100_000]
    )
    parser.add_argument(
        "--folder", type=Path, help="where to make the projects and leave them; default: nowhere"
    )
    add_rounds(parser, 3)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where a command fails, or a run with nothing to do does something.
    """
    sizes = sorted(options.segments)
    series = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            root = (options.folder or Path(temporary)) / str(size)
            made = make_project(root, size)
            costs: dict[str, list[Cost]] = {case: [] for case in CASES}
            for number in range(options.rounds):
                for case in figures.rotated(list(CASES), number):
                    costs[case].append(measured(root, case))
            series.append(
                {
                    "segments": made,
                    "documents": documents_of(size),
                    **{case: _medians(found) for case, found in costs.items()},
                }
            )
    return {"machine": machine.description(), "load": machine.load(), "series": series}


# --- the project -------------------------------------------------------------------


def documents_of(segments: int) -> int:
    """How many documents a project of that many segments has."""
    return -(-segments // SEGMENTS_PER_DOCUMENT)


def make_project(root: Path, segments: int) -> int:
    """A project whose catalogues are up to date, half of their entries reviewed; one that is
    there is taken as it is. Gives the number of its segments.

    Raises:
        BenchmarkError: where the pipeline reports an error, or does not come to rest.
    """
    if not (root / "l10n.toml").exists():
        (root / "glossary").mkdir(parents=True)
        (root / "l10n.toml").write_text(_CONFIGURATION, "utf-8")
        (root / "glossary" / "en-pt_BR.tsv").write_text(_glossary(), "utf-8")
        *others, last = _documents(root, segments)
        for path, text in others:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        _translated(root)
        _reviewed(root)
        # What the checks say of reviewed text goes into the catalogues now.
        last[0].parent.mkdir(parents=True, exist_ok=True)
        last[0].write_text(last[1], "utf-8")
        _translated(root)
    at_rest = _translated(root)
    if any(was_written for _, was_written in at_rest):
        raise BenchmarkError(f"{root}: the catalogues change without a reason")
    return sum(units for units, _ in at_rest)


def _documents(root: Path, segments: int) -> Iterator[tuple[Path, str]]:
    random = Random(SEED)
    for number in range(documents_of(segments)):
        count = min(SEGMENTS_PER_DOCUMENT, segments - number * SEGMENTS_PER_DOCUMENT)
        suffix, text = (("md", _markdown), ("txt", _plain))[number % 2]
        path = root / "docs" / f"part-{number // 50:02}" / f"{number:04}.{suffix}"
        yield path, text(random, number, count)


def _translated(root: Path) -> list[tuple[int, bool]]:
    """Translate; gives each catalogue's number of entries, and whether it was written."""
    report = translate(
        Workspace(find_project(root)), locales=[TARGET], now=NOW, find_engine=_word_list
    )
    if report.errors:
        raise BenchmarkError(str(report.errors[0]))
    return [(outcome.units, outcome.written) for outcome in report.outcomes]


def _word_list(_project: Project, _target: Locale, _model: str | None) -> Callable[[], Engine]:
    return WordList


def _word_by_word(source: str) -> str:
    return _WORD.sub(lambda word: _WORDS.get(word[0].lower(), word[0]), source)


def _reviewed(root: Path) -> None:
    """Accept every second entry, as a reviewer's editor would."""
    workspace = Workspace(find_project(root))
    for name in workspace.catalogues.names(TARGET):
        catalogue = workspace.catalogues.read(TARGET, name)
        assert catalogue is not None  # it was listed
        units = tuple(
            replace(unit, fuzzy=unit.fuzzy and bool(at % 2))
            for at, unit in enumerate(catalogue.units)
        )
        path = root / workspace.project.catalogue_path(TARGET, name)
        path.write_bytes(write_catalogue(replace(catalogue, units=units)))


def _glossary() -> str:
    rows = [f"{first} {last}\t{first} {last}\n" for first in _FIRST_NAMES for last in _LAST_NAMES]
    return "# source\ttarget\n" + "".join(rows)


def _markdown(random: Random, document: int, segments: int) -> str:
    """A heading, paragraphs of five sentences, and a list; some words stressed or linked."""
    lines = [f"# {_sentence(random, document, 0)[:-1]}\n"]
    sentences = [_sentence(random, document, at) for at in range(1, segments)]
    for at in range(0, len(sentences), 8):
        paragraph, items = sentences[at : at + 5], sentences[at + 5 : at + 8]
        lines.append(" ".join(_stressed(random, sentence) for sentence in paragraph) + "\n")
        if items:
            lines.append("".join(f"- {item}\n" for item in items))
    return "\n".join(lines)


def _plain(random: Random, document: int, segments: int) -> str:
    """Paragraphs of five sentences."""
    sentences = [_sentence(random, document, at) for at in range(segments)]
    return (
        "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5)) + "\n"
    )


def _sentence(random: Random, document: int, number: int) -> str:
    """A sentence that no other document has, and no other place of this one."""
    name = f"{random.choice(_FIRST_NAMES)} {random.choice(_LAST_NAMES)}"
    adjective, other = random.choices(list(_ADJECTIVES), k=2)
    noun, *nouns = random.choices(list(_NOUNS), k=4)
    verb, second_verb = random.choices(list(_VERBS), k=2)
    subject = random.choice([name, f"the {adjective} {noun}"])
    text = (
        f"{subject} {verb} the {other} {nouns[0]} of the {nouns[1]} in {random.randint(1900, 2020)}"
    )
    if random.random() < 0.7:
        text += f" {random.choice(list(_LINKS))} {name} {second_verb} the {nouns[2]}"
    return f"{text[0].upper()}{text[1:]} {document}-{number}."


def _stressed(random: Random, sentence: str) -> str:
    """The sentence, one in four with a word in bold, one in eight with a link."""
    kind = random.randrange(8)
    words = sentence.split(" ")
    at = random.randrange(len(words) - 1)
    if kind < 2:
        words[at] = f"**{words[at]}**"
    elif kind == 2:
        words[at] = f"[{words[at]}](https://example.org/{at})"
    return " ".join(words)


# --- measuring ---------------------------------------------------------------------


def measured(root: Path, case: str) -> Cost:
    """What a command takes in a project with nothing to do.

    Raises:
        BenchmarkError: where it fails, changes a file or loads a model.
    """
    command, notes = CASES[case], root / CACHE_FOLDER / FILE_NAME
    noted = notes.read_bytes() if notes.exists() else None
    if case == ANEW:
        notes.unlink(missing_ok=True)
    before = _state(root)
    loop = _loop_seconds()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        launched = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, sys.executable, "-m", "l10n_pipeline", command],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=told,
            check=True,
        )
        told.seek(0)
        lines = told.read().splitlines()
    status, clock, processor, peak = json.loads(launched.stdout)
    if status:
        raise BenchmarkError(f"l10n {command} failed: {lines[-1] if lines else 'in silence'}")
    if any(line.startswith("model:") for line in lines):
        raise BenchmarkError(f"l10n {command} loaded a model")
    if case == ANEW:
        # They are all that such a run may write.
        notes.unlink(missing_ok=True)
        if noted is not None:
            notes.write_bytes(noted)
    elif (notes.read_bytes() if notes.exists() else None) != noted:
        raise BenchmarkError(f"l10n {command} changed its notes")
    if _state(root) != before:
        raise BenchmarkError(f"l10n {command} changed a file")
    return Cost(clock, processor, processor / loop, peak * 1024)


def _state(root: Path) -> dict[str, tuple[int, int, int]]:
    """Number, size and time of change of each file but the notes: what is written anew differs
    in one.
    """
    files = (path for path in root.rglob("*") if path.is_file() and path.name != FILE_NAME)
    found = {str(path): path.stat() for path in files}
    return {path: (one.st_ino, one.st_size, one.st_mtime_ns) for path, one in found.items()}


def _loop_seconds() -> float:
    began = time.process_time()
    total = 0
    for number in range(_LOOP):
        total += number
    return time.process_time() - began


def _medians(costs: Sequence[Cost]) -> dict[str, float]:
    return {
        name: statistics.median(asdict(cost)[name] for cost in costs) for name in asdict(costs[0])
    }


def report(results: dict[str, Any]) -> str:
    """The results as tables for people."""
    return "\n\n".join(
        f"l10n {case}\n{figures.table(list(_rows(results['series'], case)))}" for case in CASES
    )


def _rows(series: Sequence[dict[str, Any]], case: str) -> Iterator[list[str]]:
    yield ["segments", "documents", "clock s", "processor s", "loops", "exponent", "peak MiB"]
    sizes = [point["segments"] for point in series]
    growth = figures.exponents(sizes, [point[case]["processor"] for point in series])
    for point, exponent in zip(series, ["", *(f"{one:+.2f}" for one in growth)], strict=True):
        cost = point[case]
        yield [
            f"{point['segments']:,}",
            f"{point['documents']:,}",
            f"{cost['clock']:.2f}",
            f"{cost['processor']:.2f}",
            f"{cost['loops']:.0f}",
            exponent,
            f"{cost['peak_bytes'] / 2**20:.0f}",
        ]


if __name__ == "__main__":
    main()
