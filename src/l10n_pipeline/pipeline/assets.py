"""Files that documents refer to, put where the localised editions look for them.

A relative address leads from an edition to the same place, relative to the edition, that it
leads to from the source. What the source refers to is put there: pictures, style sheets and
what these refer to, scripts, downloads; file by file, never a folder. Nothing is put where a
build does not write anyway, and nothing is taken from outside of the project or from what is
hidden. Addresses of servers, and those that begin at a site's root, are left alone.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from l10n_pipeline.config import Assets
from l10n_pipeline.errors import DocumentError, OutputError
from l10n_pipeline.files import copy_atomically, is_copy, look, read_bytes, reason, resolved
from l10n_pipeline.formats import css
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.record import BuildRecord, mark_of_file, mark_of_link
from l10n_pipeline.pipeline.workspace import DocumentPath, Workspace

_TEMPLATING: Final = re.compile(r"[{}<>]")
"""In what a site's generator makes an address of."""
_VERSION_CONTROL: Final = frozenset((".git", ".hg", ".svn"))
_STYLE_SHEET: Final = ".css"


@dataclass(frozen=True, slots=True)
class AssetOutcome:
    """A file that editions refer to."""

    path: str
    """Where they look for it, relative to the project root."""
    source: str
    """Where it comes from, relative to the project root."""
    written: bool
    """Whether the file changed (or would)."""


@dataclass
class AssetCarrier:
    """Brings editions what they refer to, each file once."""

    workspace: Workspace
    documents: Mapping[str, DocumentPath]
    """All there are, by path."""
    inputs: frozenset[Path]
    """Files that must not be overwritten, links followed."""
    editions: frozenset[str]
    """Where editions are, relative to the root."""
    record: BuildRecord
    """What builds wrote."""
    dry_run: bool
    outcomes: list[AssetOutcome] = field(default_factory=list)
    errors: list[OutputError] = field(default_factory=list)
    """What could not be written."""
    warnings: dict[str, None] = field(default_factory=dict)
    """What is missing or cannot be brought, a line each, in order."""
    _sources: dict[str, str] = field(default_factory=dict)
    """Where what has been looked at comes from, by where it goes."""
    _style_sheets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What they refer to, by their path."""

    def bring(
        self, document: DocumentPath, references: Iterable[str], edition: str, locale: Locale
    ) -> None:
        """Put everything that a document refers to where its edition looks for it.

        Args:
            document: the source.
            references: its addresses.
            edition: where its edition is, relative to the root.
            locale: the edition's language.
        """
        waiting = [(document.path, edition, address) for address in references]
        for referring, referring_edition, address in waiting:  # it grows
            path = _relative_path(address)
            if not path:
                continue
            source, place = _joined(referring, path), _joined(referring_edition, path)
            if source is None:
                self._warn(referring, path, "leads out of the project")
            elif source in self.documents:
                self._check_link(referring, path, place, locale)
            elif place != source and self._wanted(referring, path, source):
                if place is None or not self._is_free(place):
                    self._miss(referring, path, place)
                elif self._brought(referring, path, source, place):
                    waiting += ((source, place, one) for one in self._of_style_sheet(source))

    def _wanted(self, referring: str, path: str, source: str) -> bool:
        """Whether there is a file to bring."""
        if self.workspace.is_output(source):
            return False
        root = self.workspace.project.root
        if self.workspace.files.leads_out(root / source):
            self._warn(referring, path, "is a link that leads out of the project")
            return False
        if self.workspace.is_excluded_document(source):
            self._warn(referring, path, "is excluded and is not copied")
            return False
        if resolved(root / source) in self.inputs:
            self._warn(referring, path, "is the project's own and is not copied")
            return False
        real = resolved(root / source).relative_to(resolved(root))
        if real.name.startswith(".") or _VERSION_CONTROL.intersection(real.parts):
            self._warn(referring, path, "is hidden")
            return False
        try:
            found = look(root / source, where=readable(source))
        except DocumentError as error:
            self._warn(referring, path, error.what)
            return False
        if found is None:
            self._warn_of_missing(referring, path, source)
        elif not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            self._warn(referring, path, "is a pipe or device")
        return found is not None and stat.S_ISREG(found.st_mode)

    def _is_free(self, place: str) -> bool:
        """Whether a file may be put at a place, wherever links lead."""
        root = self.workspace.project.root
        target = resolved((root / place).parent) / PurePosixPath(place).name
        if not target.is_relative_to(resolved(root)):
            return False
        real = target.relative_to(resolved(root)).as_posix()
        return (
            self.workspace.is_output(real)
            and not real.startswith("locales/")
            and target not in self.inputs
            and not {place, real} & self.editions
        )

    def _brought(self, referring: str, path: str, source: str, place: str) -> bool:
        """Whether a file that was not there before in this run is there now."""
        other = self._sources.setdefault(place, "")
        if other:
            if other != source:
                self._warn(referring, path, f"is left out: {other} takes its place at {place}")
            return False
        self._sources[place] = source
        root = self.workspace.project.root
        link = self.workspace.project.assets is Assets.LINK
        origin, target = resolved(root / source), root / place
        try:
            origin.open("rb").close()  # what goes wrong from here on is the copy's fault
            written = not is_copy(origin, target, link=link)
        except OSError as error:
            self._warn(referring, path, f"cannot be read: {reason(error)}")
            return False
        try:
            if written and not self._may_replace(place, target, origin):
                return False
            if written and not self.dry_run:
                copy_atomically(origin, target, link=link, where=place)
            if not self.dry_run:
                self._note(place, target, origin, written=written)
        except OutputError as error:
            self.errors.append(error)
            return False
        self.outcomes.append(AssetOutcome(place, source, written))
        return True

    def _may_replace(self, place: str, target: Path, origin: Path) -> bool:
        """Whether what stands at a place, if anything, is a build's or as its source."""
        found = look(target, kind=OutputError, where=place)
        if found is None or not stat.S_ISREG(found.st_mode) or self.record.overwrite:
            return True  # what cannot be replaced at all, its writing tells
        try:
            mark = mark_of_file(target)
            if found.st_size == origin.stat().st_size and mark == mark_of_file(origin):
                return True
        except OSError as error:
            raise OutputError(f"cannot be read: {reason(error)}", where=place) from error
        return self.record.may_replace(place, (mark, mark_of_link(found)))

    def _note(self, place: str, target: Path, origin: Path, *, written: bool) -> None:
        if not written and place in self.record.known:
            return  # it need not be read again
        try:
            found = target.stat()
            is_link = os.path.samestat(found, origin.stat())
            self.record.note(place, mark_of_link(found) if is_link else mark_of_file(target))
        except OSError as error:
            raise OutputError(f"cannot be read: {reason(error)}", where=place) from error

    def _of_style_sheet(self, source: str) -> tuple[str, ...]:
        """What a file refers to, if it is a style sheet."""
        if PurePosixPath(source).suffix.lower() != _STYLE_SHEET:
            return ()
        if source not in self._style_sheets:
            try:
                data = read_bytes(self.workspace.project.root / source)
            except DocumentError as error:
                data = b""
                self.warnings.setdefault(f"{readable(source)}: {error.what}")
            self._style_sheets[source] = css.references(data.decode(errors="replace"))
        return self._style_sheets[source]

    def _check_link(self, referring: str, path: str, place: str | None, locale: Locale) -> None:
        """Warn where a link to another document will not lead to its edition."""
        linked = _joined(referring, path)
        assert linked is not None
        try:
            edition = self.workspace.edition_path(locale, self.documents[linked])
        except DocumentError:
            return  # told of where it is read
        if place not in {edition, linked}:
            self._warn(referring, path, f"will not be found: it becomes {edition}")

    @cached_property
    def _without_suffixes(self) -> frozenset[str]:
        return frozenset(str(PurePosixPath(path).with_suffix("")) for path in self.documents)

    def _warn_of_missing(self, referring: str, path: str, source: str) -> None:
        # A page's address in the site that is made of the documents is no file.
        suffix = PurePosixPath(source).suffix
        if suffix and source.removesuffix(suffix) not in self._without_suffixes:
            self._warn(referring, path, "does not exist")

    def _miss(self, referring: str, path: str, place: str | None) -> None:
        if place is None:
            self._warn(referring, path, "would have to lie outside of the project")
        elif not (self.workspace.project.root / place).is_file():
            self._warn(referring, path, f"would have to be {place}, where nothing is put")

    def _warn(self, referring: str, path: str, what: str) -> None:
        self.warnings.setdefault(f"{readable(referring)}: {path} {what}")


def _relative_path(address: str) -> str:
    """The path of an address that is relative to where it stands; empty for any other, and for
    folders.
    """
    if _TEMPLATING.search(address):
        return ""
    try:
        parts = urlsplit(address)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or path.startswith("/") or "\0" in path:
        return ""
    return "" if path.endswith("/") else path


def _joined(file: str, path: str) -> str | None:
    """Where a relative path leads from a file; None where it leads out of the project."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
    return None if joined == ".." or joined.startswith("../") else joined
