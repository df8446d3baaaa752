"""Catalogues that outlive their documents: of those that were renamed or moved, and of those
that are gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.errors import DocumentError, L10nError, OutputError
from l10n_pipeline.files import is_file, reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue
from l10n_pipeline.pipeline.words import count_words
from l10n_pipeline.pipeline.workspace import Workspace

_SAME: Final = 0.5
"""Share of the old document's words that must stand in the new one."""
_SAME_BY_NAME: Final = 0.25
"""Likewise where the file's name is the same in another folder."""


def orphans(workspace: Workspace, locale: Locale, documents: Collection[str]) -> list[str]:
    """Names of documents that have a catalogue and are gone.

    Args:
        workspace: the project.
        locale: of the catalogues.
        documents: names of those that are there.
    """
    try:
        names = workspace.catalogue_names(locale)
    except L10nError:
        return []  # told of when its catalogues are read
    # A document that was named on the command line goes by its path.
    return [name for name in names if name not in documents and _is_gone(workspace, name)]


def _is_gone(workspace: Workspace, name: str) -> bool:
    try:
        found = is_file(workspace.project.root / name)
    except DocumentError:
        return False  # nobody can tell
    return not found and workspace.could_be_read(name)


@dataclass(frozen=True, slots=True)
class Rename:
    """A document that goes by another name now."""

    locale: Locale
    old: str
    new: str


@dataclass(slots=True)
class _Orphans:
    """The live entries of a language's orphans."""

    words: dict[str, int] = field(default_factory=dict)
    """In all of a document's sources."""
    places: dict[Key, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The documents that have a source."""


class Renames:
    """Finds for a document without a catalogue the one that it had under another name.

    Args:
        workspace: the project.
        documents: names of the documents that are there.
    """

    def __init__(self, workspace: Workspace, documents: Collection[str]) -> None:
        self.done: list[Rename] = []
        """Those whose catalogues have been taken over."""
        self._workspace = workspace
        self._documents = documents
        self._orphans: dict[Locale, _Orphans] = {}
        self._found: dict[tuple[Locale, str], str] = {}

    def old_name(self, locale: Locale, template: Catalogue, name: str) -> str | None:
        """What a document without a catalogue was called; None where it seems to be new.

        Each catalogue is given to one document: the first that has enough of it.
        """
        if (locale, name) in self._found:
            return self._found[locale, name]
        orphans = self._of(locale)
        shared: Counter[str] = Counter()
        for unit in template.units:
            for old in orphans.places.get(unit.key, ()):
                shared[old] += _weight(unit.source)
        for old, words in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            same_file = PurePosixPath(old).name == PurePosixPath(name).name
            least = _SAME_BY_NAME if same_file else _SAME
            if old not in self._taken(locale) and words >= least * orphans.words[old]:
                self._found[locale, name] = old
                return old
        return None

    def settle(self, locale: Locale, name: str) -> None:
        """Remove the old catalogue of a document, all of which stands in its new one.

        Raises:
            OutputError: where it cannot be removed.
        """
        old = self._found.get((locale, name))
        if old is not None:
            self._remove(self._workspace.project.catalogue_path(locale, old))
            self.done.append(Rename(locale, old, name))

    def drop_templates(self) -> Iterator[L10nError]:
        """Remove the templates of documents that have no catalogue left under their old names;
        gives what stood in the way.
        """
        if not self.done:
            return
        try:
            locales = self._workspace.catalogue_locales()
            left = {name for locale in locales for name in self._workspace.catalogue_names(locale)}
            for old in dict.fromkeys(rename.old for rename in self.done):
                if old not in left:
                    self._remove(self._workspace.project.template_path(old))
        except L10nError as error:
            yield error

    def _of(self, locale: Locale) -> _Orphans:
        if locale not in self._orphans:
            made = self._orphans[locale] = _Orphans()
            for name in orphans(self._workspace, locale, self._documents):
                for key in self._live(locale, name):
                    made.places[key].append(name)
                    made.words[name] = made.words.get(name, 0) + _weight(key[1])
        return self._orphans[locale]

    def _live(self, locale: Locale, name: str) -> Sequence[Key]:
        try:
            catalogue = self._workspace.read_catalogue(locale, name)
        except L10nError:
            return ()  # nobody's, until somebody mends it
        return [unit.key for unit in catalogue.units if not unit.obsolete] if catalogue else ()

    def _taken(self, locale: Locale) -> set[str]:
        return {old for (of, _), old in self._found.items() if of == locale}

    def _remove(self, relative: str) -> None:
        path = self._workspace.project.root / relative
        if self._workspace.leads_out(path):
            return  # somebody else's file
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"cannot be removed: {reason(error)}",
                where=relative,
                way_out="delete it: its entries stand in the catalogue of the renamed document",
            ) from error


def _weight(source: str) -> int:
    return max(1, count_words(source))
