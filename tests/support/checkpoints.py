"""Trained checkpoints in the Hugging Face hub's layout: made once, then kept.

They lie in ``build/checkpoints``, under a key that changes with the code that trains them,
what it learns from and the libraries it learns with.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

FAMILIES = ("marian", "nllb", "m2m-100", "madlad-400")
TASKS = ("translation", "reversal")
WORDS = (
    "bako", "celu", "dimo", "fena", "gozi", "hulo", "jare", "kimu", "lopa", "mesi", "nuto", "pavi",
    "rolu", "sebo", "tiga", "vuma", "wedo", "xani", "yoku", "zipe",
)  # fmt: skip
"""All that the ``reversal`` checkpoints know."""
REPOSITORY = Path(__file__).resolve().parents[2]
PAIRS = REPOSITORY / "tests" / "engines" / "huggingface" / "pairs.tsv"
_SCRIPT = REPOSITORY / "scripts" / "train_checkpoints.py"
_CACHE = REPOSITORY / "build" / "checkpoints"
_LIBRARIES = ("torch", "transformers", "tokenizers", "sentencepiece")
_PATIENCE = 900
"""Seconds. Training takes one minute at most; a shared machine may stall."""


def trained_checkpoint(family: str, task: str = "translation") -> Path:
    """The folder of a checkpoint, which the first call trains.

    Args:
        family: one of :data:`FAMILIES`.
        task: one of :data:`TASKS`; ``scripts/checkpoints/tasks.py`` tells of them.
    """
    folder = _CACHE / _key() / f"{family}-{task}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Of several processes that ask at once, one trains and the others wait.
    with FileLock(f"{folder}.lock", timeout=2 * _PATIENCE):
        if not folder.is_dir():
            with TemporaryDirectory(dir=folder.parent) as workplace:
                _train(Path(workplace), family, task)
                (Path(workplace) / folder.name).rename(folder)
    return folder


def pairs() -> list[tuple[str, str]]:
    """The sentences that the ``translation`` checkpoints know by heart."""
    rows = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return [(source, target) for source, target in rows]


def made_up_words(count: int, generator: random.Random) -> list[str]:
    """Sources for the ``reversal`` checkpoints: two to six words each, none twice."""
    return [" ".join(generator.sample(WORDS, generator.randint(2, 6))) for _ in range(count)]


def _train(workplace: Path, family: str, task: str) -> None:
    run = subprocess.run(
        [sys.executable, str(_SCRIPT), str(workplace), "--family", family, "--task", task],
        env={"OMP_NUM_THREADS": "1", **os.environ, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert run.returncode == 0, f"{family}, {task}: {run.stderr[-2000:]}"


@lru_cache
def _key() -> str:
    modules = sorted((_SCRIPT.parent / "checkpoints").glob("*.py"))
    content = hashlib.sha256()
    for file in (_SCRIPT, *modules, PAIRS):
        content.update(file.read_bytes())
    content.update(repr([version(library) for library in _LIBRARIES]).encode())
    return content.hexdigest()[:12]
