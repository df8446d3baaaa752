"""Catalogues in which there is nothing to do: what was found of one is not found out again.

Reading a document, dividing it into sentences and checking what humans wrote takes a thousand
times as long as reading the files' bytes. Where a run ends with a catalogue as it is on disk, and
nothing in it waits for a draft, that is noted in ``.l10n/at-rest`` under a hash of all that it
follows from: the bytes of the document, its template and its catalogue, the glossaries, the
project's settings, and this program with the libraries around it. Where any of these is another,
the note says nothing. The file may be deleted when no command runs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec

import l10n_pipeline
from l10n_pipeline.catalogue.states import is_failing
from l10n_pipeline.errors import L10nError
from l10n_pipeline.files import read_bytes, write_atomically
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue
from l10n_pipeline.pipeline.locking import CACHE_FOLDER
from l10n_pipeline.pipeline.workspace import DocumentPath, Workspace

FILE_NAME: Final = "at-rest"
"""In the project's cache folder."""
_WITHOUT_EFFECT: Final = frozenset({"root", "models", "precision", "workers"})
"""Settings that only matter where there is something to draft."""
_MANY: Final = 2_000
"""Entries that it takes a second to look into."""


class AtRest(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is told of a catalogue in which there is nothing to do."""

    state: str
    """Hash of what it follows from."""
    units: int
    """Entries, without obsolete ones."""
    failing: int
    """Entries that a reviewer must look at."""


_NOTES: Final = msgspec.json.Decoder(dict[str, AtRest])


class Resting:
    """The notes of a project.

    Args:
        workspace: the project.
        read_only: whether nothing is to be written.
    """

    def __init__(self, workspace: Workspace, *, read_only: bool = False) -> None:
        self._workspace = workspace
        self._path = workspace.project.root / CACHE_FOLDER / FILE_NAME
        self._read_only = read_only
        self._news = 0
        """Entries of catalogues that were noted anew."""

    def find(self, document: DocumentPath, locales: Sequence[Locale]) -> dict[Locale, AtRest]:
        """What is noted of a document in each of these languages; nothing unless there is
        nothing to do in any of them.
        """
        noted = {
            locale: found
            for locale in locales
            if (found := self._notes.get(_place(document, locale))) is not None
        }
        if len(noted) < len(set(locales)):
            return {}
        return noted if self._holds(document, noted) else {}

    def as_read(self, document: DocumentPath, locale: Locale, catalogue: Catalogue) -> AtRest:
        """What is to be noted of a catalogue in which there is nothing to do, as it and the
        document were read.
        """
        units = [unit for unit in catalogue.units if not unit.obsolete]
        failing = sum(map(is_failing, units))
        return AtRest(self._state(document, locale, now=False), len(units), failing)

    def note(self, document: DocumentPath, found: Mapping[Locale, AtRest]) -> None:
        """Note of a document's catalogues that there is nothing to do."""
        for locale, one in found.items():
            place = _place(document, locale)
            if self._notes.get(place) != one:
                self._notes[place] = one
                self._news += 1 + one.units

    def confirm(
        self, document: DocumentPath, found: Mapping[Locale, AtRest]
    ) -> Mapping[Locale, AtRest]:
        """Note what another process has found out; nothing of it where something has changed
        since.
        """
        if not found or not self._holds(document, found):
            return {}
        self.note(document, found)
        return found

    def save(self, *, anyway: bool) -> None:
        """Write the notes if there are new ones, without those of documents that are gone.

        Args:
            anyway: whether even if they are few. A run with nothing to do writes nothing, unless
                it has taken its time to find that out.
        """
        if not self._read_only and self._news >= (1 if anyway else _MANY):
            root = self._workspace.project.root
            left = {
                place: found
                for place, found in self._notes.items()
                if os.path.lexists(root / _path_of(place))
            }
            # Without them the next run takes longer, and that is all.
            with contextlib.suppress(L10nError):
                write_atomically(self._path, msgspec.json.encode(left), through_links=False)

    def _holds(self, document: DocumentPath, found: Mapping[Locale, AtRest]) -> bool:
        """Whether all that was found of a document is still so."""
        try:
            return all(
                self._state(document, locale, now=True) == one.state
                for locale, one in found.items()
            )
        except L10nError:
            return False  # told of when it is read

    @cached_property
    def _notes(self) -> dict[str, AtRest]:
        if self._path.is_symlink() or self._path.parent.is_symlink():
            return {}  # not ours
        try:
            return _NOTES.decode(read_bytes(self._path))
        except (L10nError, msgspec.MsgspecError):
            return {}  # none yet, or damaged: they are made anew

    def _state(self, document: DocumentPath, locale: Locale, *, now: bool) -> str:
        project = self._workspace.project
        files = (
            document.path,
            project.template_path(document.name),
            project.catalogue_path(locale, document.name),
        )
        digest = self._workspace.files.digest_of if now else self._workspace.files.digest_read
        return _hash(self._basis, document.path, document.name, str(locale), *map(digest, files))

    @cached_property
    def _basis(self) -> str:
        """What all catalogues depend on."""
        project = self._workspace.project
        settings = {
            one.name: getattr(project, one.name)
            for one in fields(project)
            if one.name not in _WITHOUT_EFFECT
        }
        glossaries = [(file.where, _digest(file.data)) for file in self._workspace.glossary_files]
        told = msgspec.json.encode((settings, glossaries), enc_hook=str, order="deterministic")
        return _hash(told.decode(), *_program())


def _place(document: DocumentPath, locale: Locale) -> str:
    return f"{locale} {document.path}"


def _path_of(place: str) -> str:
    return place.partition(" ")[2]


@cache
def _program() -> tuple[str, ...]:
    """What tells this program and its surroundings from any other version of them."""
    own = Path(l10n_pipeline.__file__).parent
    return (l10n_pipeline.__version__, sys.version, *_sources(own), *_installed())


def _sources(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        found = path.stat()
        yield f"{path.relative_to(folder)} {found.st_size} {found.st_mtime_ns}"


def _installed() -> list[str]:
    """Libraries and their versions, by the names of what tells of them."""
    found: set[str] = set()
    for place in sys.path:
        with contextlib.suppress(OSError):
            found.update(one.name for one in os.scandir(place or ".") if one.name.endswith("-info"))
    return sorted(found)


def _hash(*parts: str) -> str:
    return _digest(msgspec.json.encode(parts))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
