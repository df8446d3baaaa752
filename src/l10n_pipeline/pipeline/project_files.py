"""A project's files as they were read last, and as they are now."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from l10n_pipeline.errors import DocumentError, L10nError
from l10n_pipeline.files import look, read_bytes, resolved
from l10n_pipeline.pipeline.paths import outward


class ProjectFiles:
    """Reads files of a project, and knows afterwards whether they are still what they were.

    Args:
        root: the project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._digests: dict[str, str] = {}

    @cached_property
    def resolved_root(self) -> Path:
        """The project's folder, links followed."""
        return resolved(self._root)

    def leads_out(self, path: Path) -> bool:
        """Whether something lies outside the project, links followed."""
        return not resolved(path).is_relative_to(self.resolved_root)

    def read(self, relative: str, *, kind: type[L10nError] = DocumentError) -> bytes:
        """The bytes of a document, template or catalogue.

        Args:
            relative: its path, relative to the root.
            kind: of the error.

        Raises:
            L10nError: of this kind, where it cannot be read.
        """
        data = read_bytes(self._root / relative, kind=kind, where=relative)
        self._digests[relative] = _digest(data)
        return data

    def is_there(self, relative: str, *, kind: type[L10nError] = DocumentError) -> bool:
        """Whether there is such a file; what is not there counts as read.

        Raises:
            L10nError: of this kind, where it leads out of the project, or cannot be told.
        """
        path = self._root / relative
        if self.leads_out(path):
            raise outward(kind, relative)
        if look(path, kind=kind, where=relative) is None:
            self._digests.pop(relative, None)
            return False
        return True

    def digest_read(self, relative: str) -> str:
        """Hash of the bytes of a document, template or catalogue as it was read last; empty
        where it was not.

        Args:
            relative: its path, relative to the root.
        """
        return self._digests.get(relative, "")

    def digest_of(self, relative: str) -> str:
        """Likewise as it is now.

        Raises:
            DocumentError: where it cannot be read.
        """
        path = self._root / relative
        if self.leads_out(path):
            raise outward(DocumentError, relative)
        return _digest(read_bytes(path, where=relative))

    def has_changed(self, relative: str) -> bool:
        """Whether a document, template or catalogue is not what it was when it was read last, or
        not there.

        Raises:
            DocumentError: where it cannot be read.
        """
        is_there = look(self._root / relative, where=relative) is not None
        return (self.digest_of(relative) if is_there else "") != self.digest_read(relative)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
