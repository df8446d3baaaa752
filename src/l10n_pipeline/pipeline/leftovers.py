"""Editions that outlive their documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from l10n_pipeline.errors import L10nError
from l10n_pipeline.files import fixed_folder
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.orphans import is_missing, orphans
from l10n_pipeline.pipeline.record import is_of_link
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import CatalogueFormat

COMPILED: Final = ".mo"
"""What the file name of a compiled catalogue ends with."""


def left_behind(
    workspace: Workspace, locales: Collection[Locale], taken: Collection[str]
) -> list[str]:
    """Where builds wrote editions in these languages, and their compiled forms, of documents that
    are gone or go by another name now, in order of path.

    A document that is there and no longer listed is not gone, nor is one that may only be out of
    reach, nor one of which the edition's path does not tell which it was. Of a path that may be
    in several languages, as ``pt_BR_a.md`` may be that of ``BR_a.md``, that holds for each.

    Args:
        workspace: the project.
        locales: the languages.
        taken: where editions in all languages and what goes along with them are, relative to the
            root.
    """
    places = [
        place
        for place, marks in sorted(workspace.record.items())
        if place not in taken
        and not any(map(is_of_link, marks))
        # The record is a file that people merge: what it says is looked at before it is obeyed.
        and ".." not in PurePosixPath(place).parts
        and not workspace.files.leads_out(workspace.project.root / place)
    ]
    known = _Known(workspace)
    try:
        return [place for place in places if _is_left(workspace, locales, place, known)]
    except L10nError:
        return []  # nobody can tell; told of when they are read


class _Known(dict[Locale, Mapping[str, bool]]):
    """By locale, the names of documents that have a catalogue, and whether they are gone."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def __missing__(self, locale: Locale) -> Mapping[str, bool]:
        gone = set(orphans(self._workspace, locale, ()))
        self[locale] = {name: name in gone for name in self._workspace.catalogues.names(locale)}
        return self[locale]


def _is_left(workspace: Workspace, locales: Collection[Locale], place: str, known: _Known) -> bool:
    """Whether a place is where an edition was in one of these languages, and can be no other's."""
    if not any(True for locale in locales for _ in _names(workspace, locale, place)):
        return False
    readings = {
        (locale, name)
        for locale in workspace.locales.union(locales)
        for name in _names(workspace, locale, place)
    }
    if not all(is_missing(workspace, name) for _, name in readings):
        return False
    # Their catalogues know best where documents were.
    if told := [known[locale][name] for locale, name in readings if name in known[locale]]:
        return all(told)
    return not any(workspace.has_unlisted(name) for _, name in readings)


def _names(workspace: Workspace, locale: Locale, edition: str) -> Iterator[str]:
    """What the document of an edition, or of its compiled form, may be called."""
    for places in workspace.project.editions.readings(locale, edition):
        if "path" in places:
            yield from _with_own_suffix(workspace, places["path"])
        elif {"stem", "suffix"} <= places.keys() and "{folder}" in workspace.project.editions.text:
            path = PurePosixPath(places.get("folder", "."), places["stem"] + places["suffix"])
            for source in map(PurePosixPath, _with_own_suffix(workspace, str(path))):
                yield str(source)
                for base in map(fixed_folder, workspace.project.documents):
                    if source.is_relative_to(base):
                        yield str(source.relative_to(base))


def _with_own_suffix(workspace: Workspace, path: str) -> Iterator[str]:
    """A path with the suffix of its document instead of its edition's."""
    own = PurePosixPath(path).suffix.lower()
    for suffix in sorted(workspace.formats.suffixes):
        served = workspace.formats.for_path(f"_{suffix}")
        is_compiled = own == COMPILED and isinstance(served, CatalogueFormat)
        if served.edition_suffix == own or is_compiled:
            for written in (suffix, suffix.upper()):
                yield str(PurePosixPath(path).with_suffix(written))
        elif suffix == own and not served.edition_suffix:
            yield path
