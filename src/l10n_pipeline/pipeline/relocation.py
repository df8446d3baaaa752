"""Moves catalogues to other names, and removes what is left under old ones."""

from __future__ import annotations

import os
from itertools import chain, count
from typing import Final

from l10n_pipeline.errors import L10nError, OutputError
from l10n_pipeline.files import move_file, reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.workspace import Workspace

_LONGEST_ASIDE: Final = 230
"""Bytes of a file's name that leave room for what is put behind them: file systems have 255."""


class Relocation:
    """Changes a project's catalogue files and nothing that it does not know.

    Args:
        workspace: the project.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._project = workspace.project

    def fault(self, locale: Locale, name: str) -> OutputError | None:
        """Why a catalogue stays where it is, as a link does and one that may not be written; None
        where nothing stands in the way.
        """
        relative = self._project.catalogue_path(locale, name)
        path = self._project.root / relative
        if path.is_symlink():
            what, way_out = "is a link", "put the file itself in its place, then run again"
        elif not os.access(path, os.W_OK):
            what, way_out = "may not be written", "give write permission, then run again"
        else:
            return None
        return OutputError(
            f"{what}, and is to have another name as its document has",
            where=relative,
            way_out=way_out,
        )

    def unused_name(self, locale: Locale, name: str) -> str:
        """A name that no document has, for a catalogue that makes room."""
        folder, slash, file = name.rpartition("/")
        short = os.fsencode(file)[:_LONGEST_ASIDE].decode(errors="ignore")
        former = f"{folder}{slash}{short}.former"
        names = chain([former], (f"{former}-{number}" for number in count(2)))
        return next(
            found
            for found in names
            if not os.path.lexists(self._project.root / self._project.catalogue_path(locale, found))
        )

    def move(self, locale: Locale, old: str, new: str) -> None:
        """Give a catalogue another name.

        Raises:
            OutputError: where something has that name, or it cannot be moved.
        """
        here, there = (self._project.catalogue_path(locale, name) for name in (old, new))
        if os.path.lexists(self._project.root / there):
            raise OutputError(
                f"cannot be moved: {there} is there",
                where=here,
                way_out=f"move it to {there} by hand",
            )
        move_file(self._project.root / here, self._project.root / there, where=here)

    def has_changed(self, relative: str) -> bool:
        """Whether a file, given relative to the root, is not what was read last of it."""
        if not os.path.lexists(self._project.root / relative):
            return False
        try:
            return self._workspace.files.has_changed(relative)
        except L10nError:
            return True

    def remove(self, relative: str) -> None:
        """Remove a catalogue or template, given relative to the root, of which all stands under
        the new name; nothing that lies outside the project.

        Raises:
            OutputError: where it cannot be removed.
        """
        path = self._project.root / relative
        if self._workspace.files.leads_out(path):
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"cannot be removed: {reason(error)}",
                where=relative,
                way_out="delete it: its entries stand in the catalogue of the renamed document",
            ) from error
