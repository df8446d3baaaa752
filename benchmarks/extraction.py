"""What programs take out of documents for translators, and what they give back.

Two measurements, both of whole commands. *Extraction*: small documents whose texts are listed
(``data/extraction``) are turned into catalogues; a text that is to be translated and in no
message is missed, one that is to be left alone and in a message is wrongly extracted.
*Identity*: documents are turned into catalogues, every message becomes its own translation,
and the documents are built again, on the clock.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Final

from benchmarks import machine
from benchmarks.commands import carry_out
from benchmarks.document_tools import TOOLS, Job, Tool, fill, messages_of
from benchmarks.documents import Reader, documents_in
from benchmarks.errors import BenchmarkError
from benchmarks.files import lines_of
from benchmarks.options import at_least_one
from benchmarks.structure import first_difference, outline_of
from l10n_pipeline.codes import TAG

DATA: Final = Path(__file__).parent / "data" / "extraction"
LARGEST: Final = 100_000
_SUFFIXES: Final = (".md", ".html")
_LANGUAGE: Final = re.compile(rb"(?<=[\s\"'])(?:xml:lang|lang|dir)=(?:\"[^\"]*\"|'[^']*'|\w+)\s?")
_ROOT: Final = re.compile(rb"<html\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """A text of a document that somebody has judged."""

    file: str
    translate: bool
    text: str


def listed_in(folder: Path) -> list[Listed]:
    """The texts that ``texts.tsv`` lists.

    Raises:
        BenchmarkError: where it cannot be read, or has another verdict than ``translate`` and
            ``leave``.
    """
    found = []
    rows = csv.DictReader(lines_of(folder / "texts.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        if row["verdict"] not in {"translate", "leave"}:
            raise BenchmarkError(f"texts.tsv: no verdict: {row['verdict']!r}")
        found.append(Listed(row["file"], row["verdict"] == "translate", row["text"]))
    return found


def misjudged(listed: Sequence[Listed], messages: Mapping[str, Sequence[str]]) -> list[Listed]:
    """The texts that are missed or wrongly extracted.

    Args:
        listed: texts of any files.
        messages: of the catalogue of each file; none of a file that failed.
    """
    wrong = []
    for one in listed:
        texts = [_plain(message) for message in messages.get(one.file, ())]
        inside = any(one.text in text for text in texts)
        if inside != one.translate:
            wrong.append(one)
    return wrong


def _plain(message: str) -> str:
    return " ".join(unescape(TAG.sub("", message)).split())


def unspoken(data: bytes) -> bytes:
    """A page without what its root element says of its language, which a translation changes.

    >>> unspoken(b'<html lang="en" class=a><p lang=fr>')
    b'<html class=a><p lang=fr>'
    """
    return _ROOT.sub(lambda found: _LANGUAGE.sub(b"", found[0]).replace(b" >", b">"), data, count=1)


def lines_changed(one: bytes, other: bytes) -> int:
    """How many lines of a document do not stand in another, in order."""
    ours, theirs = one.splitlines(keepends=True), other.splitlines(keepends=True)
    blocks = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return len(ours) - sum(block.size for block in blocks)


def extraction(tool: Tool, suffix: str, options: argparse.Namespace) -> dict[str, Any]:
    """Judge what a program takes out of the documents whose texts are listed."""
    listed = [one for one in listed_in(options.data) if Path(one.file).suffix == suffix]
    with tempfile.TemporaryDirectory() as folder:
        names = sorted({one.file for one in listed})
        job = _job(options, [options.data / name for name in names], Path(folder), named=True)
        messages = _messages(job, tool.extract(job))
        wrong = misjudged(listed, messages)
        return {
            "files": len(names),
            "to translate": sum(one.translate for one in listed),
            "to leave": sum(not one.translate for one in listed),
            "missed": [f"{one.file}: {one.text}" for one in wrong if one.translate],
            "wrongly extracted": [f"{one.file}: {one.text}" for one in wrong if not one.translate],
            "failures": job.failures,
        }


def _messages(job: Job, catalogues: Mapping[str, Path]) -> dict[str, list[str]]:
    found = {}
    for name, catalogue in catalogues.items():
        try:
            found[name] = messages_of(catalogue)
        except BenchmarkError:
            job.failures.setdefault(name, "no catalogue")
    return found


def identity(tool: Tool, files: Sequence[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Take documents apart and put them together again with each text as its translation."""
    reader = Reader()
    with tempfile.TemporaryDirectory() as folder:
        job = _job(options, files, Path(folder))
        catalogues = dict(tool.extract(job))
        for name in list(catalogues):
            try:
                fill(catalogues[name])
            except BenchmarkError:
                job.failures.setdefault(name, "no catalogue")
                del catalogues[name]
        built = tool.rebuild(job, catalogues)
        lines = changed_files = changed = other_structure = 0
        for name in job.names:
            data = (job.documents / name).read_bytes()
            path = built.get(name)
            if name in job.failures or path is None or not path.exists():
                job.failures.setdefault(name, "nothing was written")
                continue
            made = path.read_bytes()
            lines += data.count(b"\n")
            if unspoken(made) != unspoken(data):
                changed_files += 1
                changed += lines_changed(unspoken(data), unspoken(made))
                other_structure += _other_structure(reader, name, data, made)
        return {
            "files": len(job.names),
            "size": sum((job.documents / name).stat().st_size for name in job.names),
            "seconds": job.seconds,
            "processor": job.processor,
            "commands": job.commands,
            "failures": job.failures,
            "files changed": changed_files,
            "lines": lines,
            "lines changed": changed,
            "structures changed": other_structure,
        }


def _other_structure(reader: Reader, name: str, data: bytes, made: bytes) -> bool:
    _, document = reader.document(data, name)
    try:
        one, other = outline_of(document, data), outline_of(document, made)
    except UnicodeDecodeError:
        return True
    return bool(one is not None and other is not None and first_difference(one, other))


def _job(
    options: argparse.Namespace, files: Sequence[Path], folder: Path, *, named: bool = False
) -> Job:
    """Copies of documents, under names of their own unless they have one each."""
    documents, work = folder / "documents", folder / "work"
    documents.mkdir()
    work.mkdir()
    names = []
    for number, path in enumerate(files):
        name = path.name if named else f"{number:04}{path.suffix}"
        shutil.copyfile(path, documents / name)
        names.append(name)
    return Job(documents, names, work, options.peers)


def sample(files: Sequence[Path], size: int) -> list[Path]:
    """As many files as asked for, evenly spread over all.

    >>> sample([Path(name) for name in "abcdef"], 3)
    [PosixPath('a'), PosixPath('c'), PosixPath('e')]
    """
    if len(files) <= size:
        return list(files)
    return [files[len(files) * at // size] for at in range(size)]


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; gives what ``--json`` writes.

    Raises:
        BenchmarkError: where a program is not installed, or there are no documents.
    """
    found = []
    for suffix in _SUFFIXES:
        files = (
            sample(documents_in(options.folders, [suffix], LARGEST), options.files)
            if options.folders
            else []
        )
        for name in options.tools:
            tool = TOOLS[name]
            if suffix not in tool.suffixes:
                continue
            with tempfile.TemporaryDirectory() as work:
                version = tool.version(Job(Path(work), (f"a{suffix}",), Path(work), options.peers))
            found.append(
                {
                    "suffix": suffix,
                    "tool": name,
                    "version": version,
                    "extraction": extraction(tool, suffix, options),
                    "identity": identity(tool, files, options) if files else None,
                }
            )
    return {"machine": machine.description(), "tools": found}


def report(results: dict[str, Any]) -> str:
    """Two tables in Markdown."""
    rows = ["| | missed | wrongly extracted | failed |", "|---|---|---|---|"]
    for one in results["tools"]:
        found = one["extraction"]
        rows.append(
            f"| {one['suffix']}: {one['tool']} {one['version']} "
            f"| {len(found['missed'])} of {found['to translate']} "
            f"| {len(found['wrongly extracted'])} of {found['to leave']} "
            f"| {len(found['failures'])} of {found['files']} |"
        )
    measured = [one for one in results["tools"] if one["identity"]]
    if measured:
        rows += [
            "",
            "| | CPU s (commands) | failed | files changed | lines changed | structure changed |",
            "|---|---|---|---|---|---|",
        ]
    for one in measured:
        found = one["identity"]
        lines = found["lines changed"]
        rows.append(
            f"| {one['suffix']}: {one['tool']} {one['version']} "
            f"| {found['processor']:.1f} ({found['commands']}) "
            f"| {len(found['failures'])} of {found['files']} | {found['files changed']} "
            f"| {lines:,} ({lines / max(found['lines'], 1):.1%}) "
            f"| {found['structures changed']} |"
        )
    return "\n".join(rows)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="documents for identity"
    )
    parser.add_argument(
        "--files", type=at_least_one, default=60, help="of each format; default: 60"
    )
    parser.add_argument(
        "--tools", nargs="+", choices=TOOLS, default=list(TOOLS), metavar="TOOL",
        help=f"default: {', '.join(TOOLS)}",
    )  # fmt: skip
    parser.add_argument(
        "--peers", type=Path, metavar="DIR", help="a virtual environment with the other programs"
    )
    parser.add_argument("--data", type=Path, default=DATA, help="the documents with listed texts")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    if options.peers:
        options.peers = options.peers.absolute()
    carry_out("extraction", options, run, report)


if __name__ == "__main__":
    main()
