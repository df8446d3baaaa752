"""A model that can be had: all that is said of it before a byte of it is fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from l10n_pipeline.engines.cached import Kind
from l10n_pipeline.engines.published import Quality

if TYPE_CHECKING:
    from hashlib import _Hash

_FREE: Final = frozenset(
    {
        *("0bsd", "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bsd", "bsd-2-clause"),
        *("bsd-3-clause", "bsl-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0"),
        *("cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0", "ecl-2.0", "epl-1.0", "epl-2.0"),
        *("eupl-1.1", "eupl-1.2", "gpl", "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1"),
        *("lgpl-3.0", "mit", "mpl-2.0", "ms-pl", "ncsa", "odbl", "odc-by", "osl-3.0", "pddl"),
        *("postgresql", "unlicense", "wtfpl", "zlib"),
    }
)
"""Identifiers, as the Hugging Face hub has them, of licences that let anybody use a model
for any purpose. All others are shown and asked about."""


class Digest(StrEnum):
    """How a file's bytes are told from others."""

    SHA256 = "sha256"
    GIT_BLOB = "git-blob"
    """SHA-1 as git names a file: over ``blob SIZE`` and a null byte, then the bytes."""

    def begin(self, size: int) -> _Hash:
        """A hash object for a file of this many bytes."""
        if self is Digest.SHA256:
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of an offered model."""

    name: str
    """What to call it in the model's folder; never a path."""
    url: str
    transfer_size: int
    """Bytes that go over the network."""
    digest: str
    """Of the bytes that go over the network, lower-case hexadecimal."""
    size: int
    """Bytes of the file itself."""
    sha256: str = ""
    """Of the file itself, lower-case hexadecimal; empty where it is not announced."""
    digest_kind: Digest = Digest.SHA256
    compressed: bool = False
    """Whether it comes as a Zstandard frame."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be fetched."""

    kind: Kind
    name: str
    """What its folder in the cache is called."""
    files: tuple[RemoteFile, ...]
    source: str = ""
    """BCP 47 tag it translates from; empty for a checkpoint."""
    target: str = ""
    repository: str = ""
    version: str = ""
    architecture: str = ""
    licence: str = ""
    """SPDX or Hugging Face identifier; empty where none is stated."""
    origin: str = ""
    """Address of the registry or page it is from."""
    quality: Quality | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """To send with every request for its files; may hold an access token."""

    @property
    def label(self) -> str:
        """What to call it in a message: ``en → az`` or the repository."""
        return self.repository or f"{self.source} → {self.target}"

    @property
    def transfer_size(self) -> int:
        """Bytes that go over the network."""
        return sum(file.transfer_size for file in self.files)

    @property
    def size(self) -> int:
        """Bytes on disk when all is done."""
        return sum(file.size for file in self.files)

    @property
    def is_free(self) -> bool:
        """Whether its licence lets anybody use it for any purpose.

        A licence that is not known to, or not stated, does not.
        """
        return self.licence.lower() in _FREE
