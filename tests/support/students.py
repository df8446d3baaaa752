"""Small students on disc, for tests of all that loads or runs them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from l10n_pipeline.engines.student import StudentModel
from l10n_pipeline.model import Precision
from tests.support.student_writer import (
    Recipe,
    model_bytes,
    model_items,
    random_sentences,
    shortlist_bytes,
    train_vocabulary,
)

SOURCE_ALPHABET = "abcdefghijklmnop"
TARGET_ALPHABET = "qrstuvwxyzäöü"
SOURCE_SIZE = 64
TARGET_SIZE = 96


@dataclass(frozen=True)
class ToyStudent:
    """The files of a small student."""

    recipe: Recipe
    model: Path
    source_vocabulary: Path
    target_vocabulary: Path
    shortlist: Path | None = None

    def load(self, *, precision: Precision = Precision.F32, rounded: bool = False) -> StudentModel:
        return StudentModel(
            name="toy",
            model=self.model,
            source_vocabulary=self.source_vocabulary,
            target_vocabulary=self.target_vocabulary,
            shortlist=self.shortlist,
            precision=precision,
            rounded=rounded,
        )


def source_sentences(count: int, seed: int = 0) -> list[str]:
    """Sentences in the language of the toy students' sources."""
    return random_sentences(SOURCE_ALPHABET, count=count, seed=1000 + seed)


def toy_vocabulary() -> Path:
    """The vocabulary of the toy students' source language."""
    return _vocabularies()[0]


def write_student(folder: Path, recipe: Recipe, *, shortlisted: bool = False) -> ToyStudent:
    """Write a student's files to a folder.

    The recipe's vocabulary sizes are set to those of the vocabularies at hand. A shortlist
    has for each piece its own translation and a few others.
    """
    source, target = _vocabularies()
    split = recipe.embeddings == "split"
    if not split:
        target = source
    size = TARGET_SIZE if split else SOURCE_SIZE
    recipe = replace(recipe, source_size=SOURCE_SIZE, target_size=size)
    model = folder / "model.xxyy.intgemm.alphas.bin"
    model.write_bytes(model_bytes(model_items(recipe)))
    shortlist = None
    if shortlisted:
        lists = [[piece ^ 1, *range(piece // 2, piece // 2 + 7)] for piece in range(SOURCE_SIZE)]
        shortlist = folder / "lex.50.50.xxyy.s2t.bin"
        shortlist.write_bytes(shortlist_bytes(lists, frequent=8))
    return ToyStudent(recipe, model, source, target, shortlist)


@lru_cache
def _vocabularies() -> tuple[Path, Path]:
    folder = Path(mkdtemp(prefix="l10n-vocabularies-"))
    return (
        train_vocabulary(folder, "source", size=SOURCE_SIZE, seed=1, alphabet=SOURCE_ALPHABET),
        train_vocabulary(folder, "target", size=TARGET_SIZE, seed=2, alphabet=TARGET_ALPHABET),
    )
