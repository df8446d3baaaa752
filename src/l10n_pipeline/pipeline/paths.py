"""Paths in what people are told, and what is wrong with them."""

from __future__ import annotations

import os
import shlex
from pathlib import Path, PurePosixPath

from l10n_pipeline.errors import DocumentError, L10nError


def quoted(path: Path) -> str:
    """A path as an argument of a command that is told.

    >>> quoted(Path("-a b.md"))
    "'./-a b.md'"
    """
    told = str(path)
    return shlex.quote(f"./{told}" if told.startswith("-") else told)


def readable(path: str) -> str:
    r"""A path for a message: bytes of it that are not UTF-8 are written as ``\xff``."""
    return os.fsencode(path).decode(errors="backslashreplace")


def folders_of(path: str) -> list[str]:
    """The folders that a path lies in, the nearest first.

    >>> folders_of("docs/a.md")
    ['docs', '.']
    """
    return [str(folder) for folder in PurePosixPath(path).parents]


def in_utf8(path: str) -> str:
    """The path itself.

    Raises:
        DocumentError: where it is not UTF-8, which catalogues are.
    """
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(
            "the file's name is not UTF-8", where=readable(path), way_out="rename it"
        ) from error
    return path


def outward(kind: type[L10nError], where: str) -> L10nError:
    """The error of a link that leads out of the project."""
    return kind(
        "is a link that leads out of the project",
        where=where,
        way_out="copy the file into the project",
    )
