"""Programs that take documents apart into catalogues and put them together again.

Each is run as its users run it, with the options that change the least in a document: those
that take folders once for all documents, the others once for each.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polib

from benchmarks.errors import BenchmarkError

LONGEST: Final = 300
"""Seconds for one command."""
_TARGET: Final = "pt-BR"
_ERROR: Final = re.compile(r"\berror\b", re.IGNORECASE)


@dataclass(slots=True)
class Job:
    """Documents on their way through a program."""

    documents: Path
    """The folder that they lie in, all of one format."""
    names: Sequence[str]
    work: Path
    """An empty folder."""
    peers: Path | None
    """A virtual environment with the programs in Python; None takes this one's."""
    seconds: float = 0.0
    """That commands took, their start included."""
    processor: float = 0.0
    """Seconds of a processor that they took: other work beside them does not count."""
    commands: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    """What a program said of documents that it would not take, by name."""

    @property
    def suffix(self) -> str:
        """That all documents have."""
        return Path(self.names[0]).suffix

    def python(self, module: str) -> list[str]:
        """How to start a program in Python of the peers'."""
        interpreter = str(self.peers / "bin" / "python") if self.peers else sys.executable
        return [interpreter, "-m", module]

    def run(self, command: Sequence[str], names: Sequence[str]) -> str:
        """Run a command on the clock; gives what it said.

        A failure is remembered for these documents.

        Raises:
            BenchmarkError: where there is no such program.
        """
        began, before = time.perf_counter(), _processor_seconds()
        self.commands += 1
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        try:
            done = subprocess.run(
                command,
                cwd=self.work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=LONGEST,
                check=False,
            )
        except FileNotFoundError as error:
            raise BenchmarkError(f"{command[0]} is not installed") from error
        except subprocess.TimeoutExpired:
            self.failures.update(dict.fromkeys(names, f"took more than {LONGEST} s"))
            return ""
        finally:
            self.seconds += time.perf_counter() - began
            self.processor += _processor_seconds() - before
        said = done.stdout.decode(errors="replace")
        if done.returncode:
            lines = [line for line in said.splitlines() if line and "deprecated" not in line]
            last = lines[-1] if lines else f"status {done.returncode}"
            self.failures.update(dict.fromkeys(names, last))
        return said


def _processor_seconds() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


@dataclass(frozen=True, slots=True)
class Tool:
    """How a program is used."""

    suffixes: tuple[str, ...]
    extract: Callable[[Job], Mapping[str, Path]]
    """Gives where the catalogue of each document lies."""
    rebuild: Callable[[Job, Mapping[str, Path]], Mapping[str, Path]]
    """Gives where each document lies that was made of them."""
    version: Callable[[Job], str]


# --- ours -------------------------------------------------------------------------------------


def _l10n(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "l10n_pipeline", *arguments]


def _l10n_extract(job: Job) -> dict[str, Path]:
    # Links are not followed out of a project.
    shutil.copytree(job.documents, job.work / "documents")
    (job.work / "l10n.toml").write_text(
        f'source = "en"\ntargets = ["{_TARGET}"]\ndocuments = ["documents/*"]\n'
        '[build]\naccept = "mt"\n',
        encoding="utf-8",
    )
    _told(job, job.run(_l10n("translate", "--no-mt", "--quiet"), ()))
    return {
        name: job.work / "locales" / "pt_BR" / "LC_MESSAGES" / f"{name}.po" for name in job.names
    }


def _l10n_rebuild(job: Job, catalogues: Mapping[str, Path]) -> dict[str, Path]:
    _told(job, job.run(_l10n("build", "--quiet"), ()))
    return {name: job.work / "build" / "pt_BR" / name for name in catalogues}


def _told(job: Job, said: str) -> None:
    """Remember what was said against single documents; warnings do not count."""
    for line in said.splitlines():
        for name in job.names:
            if name in line and _ERROR.search(line):
                job.failures.setdefault(name, line)


# --- po4a -------------------------------------------------------------------------------------


def _po4a_format(job: Job) -> list[str]:
    if job.suffix == ".md":
        return ["-f", "text", "-o", "markdown", "-o", "neverwrap", "-M", "UTF-8"]
    return ["-f", "xhtml", "-o", "ontagerror=warn", "-M", "UTF-8"]


def _po4a_extract(job: Job) -> dict[str, Path]:
    found = {name: job.work / f"{name}.po" for name in job.names}
    for name, catalogue in found.items():
        source = str(job.documents / name)
        job.run(["po4a-updatepo", *_po4a_format(job), "-m", source, "-p", str(catalogue)], [name])
    return found


def _po4a_rebuild(job: Job, catalogues: Mapping[str, Path]) -> dict[str, Path]:
    made = {name: job.work / f"built-{name}" for name in catalogues}
    for name, path in made.items():
        arguments = ["-m", str(job.documents / name), "-p", str(catalogues[name]), "-l", str(path)]
        command = ["po4a-translate", *_po4a_format(job), "-L", "UTF-8", "-k", "0"]
        job.run([*command, *arguments], [name])
    return made


# --- mdpo -------------------------------------------------------------------------------------


def _mdpo_extract(job: Job) -> dict[str, Path]:
    found = {name: job.work / f"{name}.po" for name in job.names}
    for name, catalogue in found.items():
        source = str(job.documents / name)
        job.run([*job.python("mdpo.md2po"), source, "-q", "-s", "-p", str(catalogue)], [name])
    return found


def _mdpo_rebuild(job: Job, catalogues: Mapping[str, Path]) -> dict[str, Path]:
    made = {name: job.work / f"built-{name}" for name in catalogues}
    for name, path in made.items():
        arguments = [str(job.documents / name), "-q", "-p", str(catalogues[name])]
        job.run([*job.python("mdpo.po2md"), *arguments, "-w", "inf", "-s", str(path)], [name])
    return made


# --- Translate Toolkit --------------------------------------------------------------------------


def _toolkit_name(job: Job) -> str:
    return "md" if job.suffix == ".md" else "html"


def _toolkit_extract(job: Job) -> dict[str, Path]:
    catalogues = job.work / "catalogues"
    module = f"translate.convert.{_toolkit_name(job)}2po"
    said = job.run(
        [*job.python(module), "--progress=none", str(job.documents), str(catalogues)], ()
    )
    _told(job, said)
    return {name: catalogues / Path(name).with_suffix(".po") for name in job.names}


def _toolkit_rebuild(job: Job, catalogues: Mapping[str, Path]) -> dict[str, Path]:
    made = job.work / "built"
    module = f"translate.convert.po2{_toolkit_name(job)}"
    folders = [str(job.work / "catalogues"), str(made)]
    said = job.run([*job.python(module), "--progress=none", "-t", str(job.documents), *folders], ())
    _told(job, said)
    return {name: made / name for name in catalogues}


def _version_of(package: str) -> Callable[[Job], str]:
    def version(job: Job) -> str:
        program = f"import importlib.metadata as m; print(m.version({package!r}))"
        return job.run([job.python("")[0], "-c", program], ()).strip()

    return version


def _l10n_version(job: Job) -> str:
    return job.run(_l10n("--version"), ()).split()[-1]


def _po4a_version(job: Job) -> str:
    found = re.search(r"version ([\d.]*\d)", job.run(["po4a", "--version"], ()))
    return found[1] if found else ""


TOOLS: Final[Mapping[str, Tool]] = {
    "l10n-pipeline": Tool((".md", ".html"), _l10n_extract, _l10n_rebuild, _l10n_version),
    "po4a": Tool((".md", ".html"), _po4a_extract, _po4a_rebuild, _po4a_version),
    "mdpo": Tool((".md",), _mdpo_extract, _mdpo_rebuild, _version_of("mdpo")),
    "Translate Toolkit": Tool(
        (".md", ".html"), _toolkit_extract, _toolkit_rebuild, _version_of("translate-toolkit")
    ),
}


def messages_of(catalogue: Path) -> list[str]:
    """The texts to translate of a catalogue.

    Raises:
        BenchmarkError: where it is no catalogue.
    """
    return [entry.msgid for entry in _catalogue(catalogue) if not entry.obsolete]


def fill(catalogue: Path) -> None:
    """Make every text its own translation.

    Raises:
        BenchmarkError: where it is no catalogue.
    """
    entries = _catalogue(catalogue)
    for entry in entries:
        entry.msgstr = entry.msgid
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    entries.save()


def _catalogue(path: Path) -> polib.POFile:
    try:
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=0)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BenchmarkError(f"{path} is no catalogue: {error}") from error
