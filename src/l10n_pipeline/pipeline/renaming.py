"""Catalogues that outlive their documents: of those that were renamed or moved, and of those
that are gone.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote

from l10n_pipeline.catalogue.templates import Key, unit_key
from l10n_pipeline.errors import L10nError, OutputError
from l10n_pipeline.files import reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Segment
from l10n_pipeline.pipeline.words import count_words
from l10n_pipeline.pipeline.workspace import DocumentPath, Workspace

_SAME: Final = 0.5
"""Share of the old document's words that must stand in the new one."""
_SAME_BY_NAME: Final = 0.25
"""Likewise where the file's name is the same in another folder."""
_ALL_BUT_THE_SAME: Final = 0.9
"""Share of the words of either that make it plain that they are one document."""
_LEAST_WORDS: Final = 5
"""Fewer words than these, of which others have none, tell nothing."""
_WIDESPREAD: Final = 50
"""A source that more of the documents that are gone had does not tell which of them it was."""


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


def _is_gone(workspace: Workspace, locale: Locale, name: str) -> bool:
    try:
        places = workspace.document_paths(name)
    except OSError:
        return False  # nobody can tell
    root = workspace.project.root
    if any(_may_be_there(root / place) for place in places):
        return False
    # Only now: to list the documents takes their formats, which most commands do not need.
    if not workspace.could_be_read(name):
        return False
    try:
        catalogue = workspace.catalogues.read(locale, name)
    except L10nError:
        return True
    # Where it was when it was translated, whatever the configuration lists by now.
    before = _referred_to(catalogue, name) - workspace.listed.keys()
    return not any(_may_be_there(root / place) for place in before)


def _referred_to(catalogue: Catalogue | None, name: str) -> set[str]:
    """Where a document of this name was, as its catalogue's entries say."""
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


def _may_be_there(path: Path) -> bool:
    """Whether a file is at a path; also where it cannot be told, and where a link leads nowhere."""
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True


@dataclass(frozen=True, slots=True)
class Rename:
    """A document that goes by another name now."""

    locale: Locale
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Sources:
    """The distinct sources of a document."""

    words: Mapping[Key, int]
    """In each of them."""
    total: int
    """In all of them."""

    @classmethod
    def of(cls, keys: Iterable[Key]) -> _Sources:
        words = {key: max(1, count_words(key[1])) for key in keys}
        return cls(words, sum(words.values()))

    def without(self, keys: AbstractSet[Key]) -> _Sources:
        """Those that are not among these."""
        left = {key: words for key, words in self.words.items() if key not in keys}
        return _Sources(left, sum(left.values()))

    def shared_with(self, other: _Sources) -> int:
        """Words that stand in both."""
        few, many = sorted((self.words, other.words), key=len)
        return sum(words for key, words in few.items() if key in many)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A document that is gone, and one that may be what became of it."""

    old: str
    new: str
    share: float
    """Of the old one's words that stand in the new one."""
    share_back: float
    """Likewise the other way round."""

    @property
    def is_same_file(self) -> bool:
        """Whether the file's name is the same."""
        return PurePosixPath(self.old).name == PurePosixPath(self.new).name

    @property
    def least(self) -> float:
        """The share that there must be."""
        return _SAME_BY_NAME if self.is_same_file else _SAME

    @property
    def is_plain(self) -> bool:
        """Whether the two are all but the same."""
        return min(self.share, self.share_back) >= _ALL_BUT_THE_SAME

    def order(self) -> tuple[float, bool, float, str, str]:
        """Best first."""
        return (-self.share, not self.is_same_file, -self.share_back, self.new, self.old)


class _Language:
    """The documents that are gone and have a catalogue in a language.

    Args:
        orphans: their live sources, by name.
    """

    def __init__(self, orphans: Mapping[str, _Sources]) -> None:
        self.is_assigned = False
        self.old_names: dict[str, str] = {}
        """What documents were called whose catalogues have been assigned, by their names now."""
        self._orphans = orphans
        self._places: dict[Key, list[str]] = defaultdict(list)
        for name, sources in orphans.items():
            for key in sources.words:
                self._places[key].append(name)

    def may_know(self, keys: Iterable[Key]) -> bool:
        """Whether any of these sources is an orphan's."""
        return bool(self._orphans) and any(key in self._places for key in keys)

    def pairs(self, name: str, own: _Sources) -> Iterator[_Pair]:
        """A document with each orphan that it shares telling sources with."""
        telling = (self._places.get(key, ()) for key in own.words)
        for old in {old for places in telling if len(places) <= _WIDESPREAD for old in places}:
            orphan = self._orphans[old]
            shared = own.shared_with(orphan)
            yield _Pair(old, name, shared / orphan.total, shared / own.total)

    def assign(self, documents: Mapping[str, _Sources], others: Iterable[Key]) -> None:
        """Find out which documents the orphans are now.

        What others have, too, as notices that stand in each document do, says little: of the
        rest of an orphan as much must stand in its document. That is not asked of two that are
        all but the same.

        Args:
            documents: those without a catalogue, by name.
            others: sources of documents that have a catalogue.
        """
        elsewhere = {key for key in others if key in self._places}
        pairs = (pair for name, own in documents.items() for pair in self.pairs(name, own))
        given: set[str] = set()
        for pair in sorted((one for one in pairs if one.share >= one.least), key=_Pair.order):
            if pair.old in given or pair.new in self.old_names:
                continue
            own = documents[pair.new]
            rest = self._orphans[pair.old].without(elsewhere)
            if pair.is_plain or (
                rest.total >= _LEAST_WORDS and own.shared_with(rest) >= pair.least * rest.total
            ):
                given.add(pair.old)
                self.old_names[pair.new] = pair.old
                elsewhere.update(key for key in own.words if key in self._places)
        self.is_assigned = True


class Renames:
    """Finds for documents without a catalogue those that they had under other names.

    Args:
        workspace: the project.
        documents: the documents that are there, by name.
    """

    def __init__(self, workspace: Workspace, documents: Mapping[str, DocumentPath]) -> None:
        self.done: list[Rename] = []
        """Those whose catalogues have been taken over."""
        self._workspace = workspace
        self._documents = documents
        self._languages: dict[Locale, _Language] = {}
        self._sources: dict[str, _Sources] = {}
        """Of documents that were read to be compared."""

    def old_name(self, locale: Locale, template: Catalogue, name: str) -> str | None:
        """What a document without a catalogue was called; None where it seems to be new.

        Each catalogue is given to one document. All documents without one are compared before
        any is given, once there is one to which any could be.
        """
        language = self._of(locale)
        if not language.is_assigned:
            if not language.may_know(unit.key for unit in template.units):
                return None
            if name not in self._sources:
                self._sources[name] = _Sources.of(unit.key for unit in template.units)
            pairs = language.pairs(name, self._sources[name])
            if not any(pair.share >= pair.least for pair in pairs):
                return None
            self._assign(locale, language)
        return language.old_names.get(name)

    def settle(self, locale: Locale, name: str, *, dry_run: bool = False) -> None:
        """Remove the old catalogue of a document, all of which stands in its new one; only note
        that it would be, in a dry run.

        Raises:
            OutputError: where it cannot be removed, or is not what was read of it.
        """
        old = self._of(locale).old_names.get(name)
        if old is not None and dry_run:
            self.done.append(Rename(locale, old, name))
        elif old is not None:
            relative = self._workspace.project.catalogue_path(locale, old)
            if self._has_changed(relative):
                raise OutputError(
                    "was changed while its entries were taken over",
                    where=relative,
                    way_out=(
                        "carry over what is new in it to "
                        f"{self._workspace.project.catalogue_path(locale, name)}, then delete it"
                    ),
                )
            self._remove(relative)
            self.done.append(Rename(locale, old, name))

    def drop_templates(self) -> Iterator[L10nError]:
        """Remove the templates of documents that have no catalogue left under their old names;
        gives what stood in the way.
        """
        if not self.done:
            return
        try:
            locales = self._workspace.catalogues.locales()
            left = {name for locale in locales for name in self._workspace.catalogues.names(locale)}
            for old in dict.fromkeys(rename.old for rename in self.done):
                if old not in left:
                    self._remove(self._workspace.project.template_path(old))
        except L10nError as error:
            yield error

    # --- who had which -----------------------------------------------------------------

    def _of(self, locale: Locale) -> _Language:
        if locale not in self._languages:
            names = orphans(self._workspace, locale, self._documents)
            self._languages[locale] = _Language(
                {name: found for name in names if (found := self._live(locale, name)).words}
            )
        return self._languages[locale]

    def _live(self, locale: Locale, name: str) -> _Sources:
        """The live entries of a catalogue."""
        try:
            catalogue = self._workspace.catalogues.read(locale, name)
        except L10nError:
            catalogue = None  # nobody's, until somebody mends it
        units = catalogue.units if catalogue else ()
        return _Sources.of(unit.key for unit in units if not unit.obsolete)

    def _assign(self, locale: Locale, language: _Language) -> None:
        """Give each catalogue to the document that has most of it."""
        here = set(self._workspace.catalogues.names(locale))
        new = {
            name: self._read(document)
            for name, document in sorted(self._documents.items())
            if name not in here
        }
        others = sorted(here & self._documents.keys())
        language.assign(new, chain.from_iterable(map(self._template_keys, others)))

    def _read(self, document: DocumentPath) -> _Sources:
        if document.name not in self._sources:
            segments: Sequence[Segment] = ()
            with suppress(L10nError):  # told of when its turn comes
                segments = self._workspace.read_document(document).segments
            self._sources[document.name] = _Sources.of(map(unit_key, segments))
        return self._sources[document.name]

    def _template_keys(self, name: str) -> list[Key]:
        template: Catalogue | None = None
        with suppress(L10nError):  # likewise
            template = self._workspace.catalogues.read_template(name)
        return [unit.key for unit in template.units] if template else []

    # --- files -------------------------------------------------------------------------

    def _has_changed(self, relative: str) -> bool:
        """Whether a catalogue is not what was read last of it."""
        if not os.path.lexists(self._workspace.project.root / relative):
            return False
        try:
            return self._workspace.files.has_changed(relative)
        except L10nError:
            return True

    def _remove(self, relative: str) -> None:
        path = self._workspace.project.root / relative
        if self._workspace.files.leads_out(path):
            return  # somebody else's file
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"cannot be removed: {reason(error)}",
                where=relative,
                way_out="delete it: its entries stand in the catalogue of the renamed document",
            ) from error
