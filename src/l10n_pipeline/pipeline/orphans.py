"""Catalogues that outlive their documents."""

from __future__ import annotations

import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import PurePosixPath
from urllib.parse import unquote

from l10n_pipeline.errors import L10nError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue
from l10n_pipeline.pipeline.paths import folders_of
from l10n_pipeline.pipeline.workspace import Workspace


def orphans(workspace: Workspace, locale: Locale, documents: Collection[str]) -> list[str]:
    """Names of documents that have a catalogue and are gone.

    A document that is there and no longer listed (it is excluded, no pattern has it any more, or
    no format reads it) is not gone.

    Args:
        workspace: the project.
        locale: of the catalogues.
        documents: names of those that are there.
    """
    try:
        names = workspace.catalogues.names(locale)
    except L10nError:
        return []  # told of when its catalogues are read
    return [name for name in names if name not in documents and _is_gone(workspace, locale, name)]


def is_missing(workspace: Workspace, name: str) -> bool:
    """Whether a document of this name is nowhere where the configuration may list one, and
    nothing stood in the way of finding it.
    """
    try:
        places = workspace.document_paths(name)
    except OSError:
        return False  # nobody can tell
    if any(_may_be_there(workspace, place) for place in places):
        return False
    # Only now: to list the documents takes their formats, which most commands do not need.
    return workspace.could_be_read(name)


def _is_gone(workspace: Workspace, locale: Locale, name: str) -> bool:
    if not is_missing(workspace, name):
        return False
    catalogue: Catalogue | None = None
    with suppress(L10nError):  # told of when its turn comes
        catalogue = workspace.catalogues.read(locale, name)
    # Where it was when it was translated, whatever the configuration lists by now.
    if before := _referred_to(catalogue, name):
        unlisted = before - workspace.listed.keys()
        return not any(_may_be_there(workspace, place) for place in unlisted)
    return not workspace.has_unlisted(name)


def _referred_to(catalogue: Catalogue | None, name: str) -> set[str]:
    """Where a document of this name was, as its catalogue's entries say; those of a program's
    messages do not.
    """
    wanted = PurePosixPath(name).parts
    found = {
        reference
        for unit in (catalogue.units if catalogue else ())
        if not unit.obsolete
        for reference in unit.references
    }
    return {
        place
        for place in map(unquote, found)
        if PurePosixPath(place).parts[-len(wanted) :] == wanted
    }


def _may_be_there(workspace: Workspace, place: str) -> bool:
    """Whether a file is at a place; also where it cannot be told, and where a link, itself or on
    the way, leads nowhere.
    """
    root = workspace.project.root
    try:
        if not stat.S_ISDIR((root / place).lstat().st_mode):
            return True
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError):
        return True
    folders = (root / folder for folder in folders_of(place))
    return any(folder.is_symlink() and not folder.exists() for folder in folders)
