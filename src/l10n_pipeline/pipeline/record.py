"""What builds have written: they replace that, and no file that people made.

The record is a text file: a line for each edition and asset, ``sha256<TAB>path``, in order of
path. Of an asset that is a hard link it has the number of its inode, since the bytes are its
source's. Lines that are no such line, as a conflict of versions leaves, say nothing; of a path
that stands there twice each line counts.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from l10n_pipeline.errors import L10nError, OutputError
from l10n_pipeline.files import look, read_bytes, unwritable, write_atomically

RECORD_NAME: Final = ".l10n-editions"
_INODE: Final = "inode"
_LINE: Final = re.compile(rf"([0-9a-f]{{64}}|{_INODE} [0-9]+)\t(.+)")
_MOST_TOLD: Final = 5
_ESCAPES: Final = str.maketrans({"%": "%25", "\n": "%0A", "\r": "%0D"})
_CHUNK: Final = 1 << 20

Record = Mapping[str, frozenset[str]]
"""For the path of a file, relative to the root, its marks: see :func:`mark_of`."""


def mark_of(data: bytes) -> str:
    """What tells a file's content from any other."""
    return hashlib.sha256(data).hexdigest()


def mark_of_file(path: Path) -> str:
    """As :func:`mark_of`, of a file of any size.

    Raises:
        OSError: where it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def mark_of_link(found: os.stat_result) -> str:
    """What tells a hard link from any other file of its file system."""
    return f"{_INODE} {found.st_ino}"


def is_of_link(mark: str) -> bool:
    """Whether a mark is a hard link's."""
    return mark.startswith(_INODE)


def read_record(path: Path, where: str) -> Record:
    """The record in a file; empty where there is none.

    Raises:
        OutputError: where it is a link, or cannot be read.
    """
    if path.is_symlink():
        raise OutputError(
            "is a link, and no build can write it", where=where, way_out="remove the link"
        )
    if look(path, kind=OutputError, where=where) is None:
        return {}
    found: dict[str, frozenset[str]] = {}
    data = read_bytes(path, kind=OutputError, where=where)
    for line in data.decode(errors="surrogateescape").split("\n"):
        if match := _LINE.fullmatch(line.removesuffix("\r")):
            place = unquote(match[2])
            found[place] = found.get(place, frozenset()) | {match[1]}
    return found


@dataclass
class BuildRecord:
    """The record while a build runs."""

    path: Path
    """The file's."""
    where: str
    """The file, for messages."""
    overwrite: bool
    """Whether what people made may be replaced."""
    known: Record
    """As it was when the build began."""
    _has_announced: bool = False
    _changes: dict[str, frozenset[str]] = field(default_factory=dict)
    _foreign: list[str] = field(default_factory=list)
    _edited: list[str] = field(default_factory=list)
    _kept: dict[str, str] = field(default_factory=dict)
    """What was to go and has been edited, and why it was to go."""

    def may_replace(self, place: str, marks: Iterable[str]) -> bool:
        """Whether a file that is to change is a build's own; if not, it is told of at the end.

        Args:
            place: its path, relative to the root.
            marks: those of what stands there.
        """
        ours = self.known.get(place)
        if self.overwrite or (ours and ours.intersection(marks)):
            return True
        (self._edited if ours else self._foreign).append(place)
        return False

    def may_remove(self, place: str, marks: Iterable[str], why: str) -> bool:
        """Whether a file that is to go is as a build wrote it; if it was edited since, that is
        told at the end.

        Args:
            place: its path, relative to the root.
            marks: those of what stands there.
            why: it is to go, for who is told.
        """
        ours = self.known.get(place)
        if ours and not ours.intersection(marks):
            self._kept[place] = why
            return False
        return ours is not None

    def announce(self, place: str, mark: str) -> None:
        """Write into the file what a place is about to hold, so that a build that is killed
        leaves no file behind that the next one takes for people's.

        Raises:
            OutputError: where it cannot be written.
        """
        if mark in self.known.get(place, ()):
            return
        self._has_announced = True
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as stream:
                # What a killed build was writing may lack its end.
                stream.write(b"\n" + _as_text({place: frozenset((mark,))}))
        except OSError as error:
            raise unwritable(error, self.where) from error

    def note(self, place: str, mark: str) -> None:
        """Remember that what stands at a place is a build's own."""
        self._changes[place] = frozenset((mark,))

    def forget(self, place: str) -> None:
        """Remember that nothing of a build's stands at a place any more."""
        self._changes[place] = frozenset()

    def save(self) -> list[L10nError]:
        """Write the file, if anything in it changes; what went wrong."""
        try:
            # Read again: another build may have written it meanwhile, for another language.
            before = read_record(self.path, self.where)
            changed = {**before, **self._changes}
            after = {place: marks for place, marks in changed.items() if marks}
            if after != before or self._has_announced:
                write_atomically(self.path, _as_text(after), where=self.where)
        except OutputError as error:
            return [error]
        return []

    def refusals(self) -> list[L10nError]:
        """An error for each file that was not replaced; one for all that are no build's, where
        they are many.
        """
        told: list[L10nError] = []
        if len(self._foreign) > _MOST_TOLD:
            first, *_, last = sorted(self._foreign)
            told.append(
                OutputError(
                    f"{len(self._foreign)} files, from {first} to {last}, stand where build would "
                    "write, and it did not write them: they are left as they are",
                    way_out="move them away, or run the same with --overwrite to replace them",
                )
            )
        else:
            told += (
                OutputError(
                    "stands where build would write, and build did not write it: it is left as "
                    "it is",
                    where=place,
                    way_out="move it away, or run the same with --overwrite to replace it",
                )
                for place in self._foreign
            )
        told += (
            OutputError(
                "has been edited since build wrote it: it is left as it is",
                where=place,
                way_out="take the changes into the catalogue or the source, and run the same with "
                "--overwrite to replace it",
            )
            for place in self._edited
        )
        told += (
            OutputError(
                f"is no longer built, {why}, and has been edited since build wrote it: it is left "
                "as it is",
                where=place,
                way_out="take the changes into the catalogue or the source, and delete it",
            )
            for place, why in self._kept.items()
        )
        return told


def _as_text(record: Record) -> bytes:
    lines = (
        f"{mark}\t{place.translate(_ESCAPES)}\n"
        for place, marks in sorted(record.items())
        for mark in sorted(marks)
    )
    return "".join(lines).encode(errors="surrogateescape")
