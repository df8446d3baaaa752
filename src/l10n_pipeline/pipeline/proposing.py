"""Which files of a folder look like its documents, for a new project."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from l10n_pipeline.formats import Formats
from l10n_pipeline.locale import Locale

FOLDERS: Final = ("seeds", "docs", "doc", "content", "site", "pages", "po")
"""Where documents usually lie; the first that has any is proposed."""
_MOST_FILES: Final = 20_000
"""More are not looked at."""
_NOT_ALONE: Final = frozenset((".txt", ".text", ".html", ".htm"))
"""Suffixes of what lies in a project's folder for programs: requirements, a test's output."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Patterns for ``documents``, and how many files they match."""

    patterns: tuple[str, ...] = ()
    files: int = 0


def proposed_documents(root: Path, source: Locale) -> Proposal:
    """Patterns of the documents in a folder, one a suffix; none where none are found.

    Args:
        root: the folder of the new project.
        source: the language of the documents: one of its own among others' (``docs/en``) is
            taken alone.
    """
    served = Formats().suffixes
    for name in FOLDERS:
        for folder in (f"{name}/{source.bcp47}", f"{name}/{source.posix}", name):
            if found := Counter(_suffixes_below(root / folder, served)):
                patterns = (f"{folder}/**/*{suffix}" for suffix in sorted(found))
                return Proposal(tuple(patterns), found.total())
    found = Counter(_suffixes_in(root, served - _NOT_ALONE))
    return Proposal(tuple(f"*{suffix}" for suffix in sorted(found)), found.total())


def _suffixes_below(folder: Path, served: frozenset[str]) -> Iterator[str]:
    looked_at = 0
    for _, folders, names in os.walk(folder):  # what cannot be read has no documents yet
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        looked_at += len(names)
        yield from _served(names, served)
        if looked_at > _MOST_FILES:
            return


def _suffixes_in(folder: Path, served: frozenset[str]) -> Iterator[str]:
    for _, _, names in os.walk(folder):
        yield from _served(names, served)
        return


def _served(names: list[str], served: frozenset[str]) -> Iterator[str]:
    for name in names:
        suffix = PurePosixPath(name).suffix
        # A pattern tells capitals from small letters.
        if suffix in served and not name.startswith("."):
            yield suffix
