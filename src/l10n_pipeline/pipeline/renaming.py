"""Catalogues that outlive their documents: of those that were renamed or moved, and of those
that are gone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from l10n_pipeline.catalogue.templates import Key, unit_key
from l10n_pipeline.errors import L10nError, OutputError
from l10n_pipeline.files import move_file, reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Segment
from l10n_pipeline.pipeline.resemblance import Resemblance, Sources, rearranged
from l10n_pipeline.pipeline.workspace import DocumentPath, Workspace


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


@dataclass
class _Language:
    """What is known of the catalogues in a language."""

    here: frozenset[str]
    """Names that there were catalogues of at first."""
    orphans: Mapping[str, Sources]
    """Catalogues of documents that are gone: their live sources, by name."""
    resemblance: Resemblance
    """To these."""
    old_names: dict[str, str] = field(default_factory=dict)
    """The names that catalogues have, by those of the documents that take them over."""
    foreign: set[str] = field(default_factory=set)
    """Documents that are not to have the catalogue of their name."""
    held_up: dict[str, L10nError] = field(default_factory=dict)
    """Documents whose catalogues could not be moved, and why."""
    is_assigned: bool = False
    housed: dict[str, Sources] | None = None
    """Likewise of catalogues whose documents are there and not known to be theirs still; None
    where nobody has asked."""


class Renames:
    """Finds the catalogues of documents that had other names when they were translated.

    Args:
        workspace: the project.
        documents: the documents that are there, by name.
        is_at_rest: whether a document is known to be the one that its catalogue is of.
        dry_run: whether to move nothing.
    """

    def __init__(
        self,
        workspace: Workspace,
        documents: Mapping[str, DocumentPath],
        *,
        is_at_rest: Callable[[DocumentPath, Locale], bool],
        dry_run: bool = False,
    ) -> None:
        self.done: list[Rename] = []
        """Those whose catalogues have been taken over."""
        self._workspace = workspace
        self._documents = documents
        self._is_at_rest = is_at_rest
        self._dry_run = dry_run
        self._languages: dict[Locale, _Language] = {}
        self._sources: dict[str, Sources] = {}
        """Of documents that were read to be compared."""

    def find(
        self, locale: Locale, template: Catalogue, name: str
    ) -> tuple[Catalogue | None, str | None]:
        """A document's catalogue, and the name that it has where that is another than the
        document's; None where there is none.

        Each catalogue is given to one document. All that look for one are compared before any is
        given, once there is one to which any could be: documents without a catalogue, and those
        of which hardly anything stands in the catalogue of their name. Where documents have taken
        each other's places, their catalogues are moved at once.

        Raises:
            CatalogueError: where the catalogue cannot be read.
            OutputError: where it cannot be moved.
        """
        language = self._of(locale)
        found = self._workspace.catalogues.read(locale, name)
        if not language.is_assigned and self._may_have_moved(locale, template, name, found):
            language.is_assigned = True
            self._assign(locale, language)
            found = self._workspace.catalogues.read(locale, name)
        if name in language.held_up:
            raise language.held_up[name]
        if found is not None and name not in language.foreign:
            return found, None
        old = language.old_names.get(name)
        return (None, None) if old is None else (self._workspace.catalogues.read(locale, old), old)

    def settle(self, locale: Locale, name: str) -> None:
        """Remove the old catalogue of a document, all of which stands in its new one; only note
        that it would be, in a dry run.

        Raises:
            OutputError: where it cannot be removed, or is not what was read of it.
        """
        old = self._of(locale).old_names.get(name)
        if old is not None and self._dry_run:
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
            gone = {name: self._live(locale, name) for name in names}
            here: list[str] = []
            with suppress(L10nError):  # told of when one is read
                here = self._workspace.catalogues.names(locale)
            self._languages[locale] = _Language(frozenset(here), gone, Resemblance(gone))
        return self._languages[locale]

    def _live(self, locale: Locale, name: str) -> Sources:
        """The live entries of a catalogue."""
        try:
            return Sources.live(self._workspace.catalogues.read(locale, name))
        except L10nError:
            return Sources.live(None)  # nobody's, until somebody mends it

    def _housed(self, locale: Locale, language: _Language) -> Mapping[str, Sources]:
        if language.housed is None:
            language.housed = {
                name: self._live(locale, name)
                for name, document in sorted(self._documents.items())
                if name in language.here and not self._is_at_rest(document, locale)
            }
            language.resemblance = Resemblance({**language.housed, **language.orphans})
        return language.housed

    def _may_have_moved(
        self, locale: Locale, template: Catalogue, name: str, found: Catalogue | None
    ) -> bool:
        """Whether documents have to be compared because of this one."""
        language = self._of(locale)
        if found is not None:
            # Most are what they were: of a few entries that is plain.
            keys = {unit.key for unit in template.units}
            live = [unit.key for unit in found.units if not unit.obsolete]
            if 2 * sum(key in keys for key in live) > len(live):
                return False
            self._sources[name] = Sources.of(keys)
            return Sources.of(live).is_foreign_to(self._sources[name])
        if not language.here:
            return False
        if name not in self._sources:
            self._sources[name] = Sources.of(unit.key for unit in template.units)
        own = self._sources[name]
        if any(pair.is_likely for pair in language.resemblance.pairs(name, own)):
            return True
        housed = self._housed(locale, language)
        likely = [pair.old for pair in language.resemblance.pairs(name, own) if pair.is_likely]
        return any(old in housed and self._is_foreign(housed, old) for old in likely)

    def _is_foreign(self, housed: Mapping[str, Sources], name: str) -> bool:
        """Whether hardly anything of a document stands in the catalogue of its name."""
        return housed[name].is_foreign_to(self._read(self._documents[name]))

    def _assign(self, locale: Locale, language: _Language) -> None:
        """Give each catalogue that is free to the document that has most of it."""
        housed = self._housed(locale, language)
        displaced = {name for name in housed if self._is_foreign(housed, name)}
        homeless = self._documents.keys() - language.here
        free = Resemblance({**language.orphans, **{name: housed[name] for name in displaced}})
        others = sorted((language.here & self._documents.keys()) - displaced)
        given = free.assigned(
            {name: self._read(self._documents[name]) for name in sorted(homeless | displaced)},
            chain.from_iterable(map(self._template_keys, others)),
        )
        moves = {new: old for new, old in given.items() if new in displaced or old in displaced}
        if self._dry_run:
            language.old_names = given
            language.foreign = displaced & {*moves, *moves.values()}
        else:
            language.old_names = {new: old for new, old in given.items() if new not in moves}
            self._rearrange(locale, language, moves)

    def _rearrange(self, locale: Locale, language: _Language, moves: Mapping[str, str]) -> None:
        """Give catalogues of documents that have taken each other's places the documents' names.

        Whenever it is killed, each catalogue is there, under a name that a document has that it
        is of, or that none has: the next run goes on from there. One that nobody takes over is
        put aside under a name that no document has.
        """
        project = self._workspace.project
        unmoved = {*moves, *moves.values()} & self._documents.keys()
        taken_over = {new: Rename(locale, old, new) for new, old in moves.items()}
        try:
            for old, new in rearranged(moves, language.here, partial(self._unused, locale)):
                self._move(project.catalogue_path(locale, old), project.catalogue_path(locale, new))
                unmoved -= {new}
                if new in taken_over:
                    self.done.append(taken_over[new])
        except OutputError as error:
            # What is in the wrong place must not be taken for what belongs there.
            language.held_up = dict.fromkeys(unmoved, error)

    def _unused(self, locale: Locale, name: str) -> str:
        """A name that no document has, for a catalogue that makes room."""
        project = self._workspace.project
        names = chain([f"{name}.former"], (f"{name}.former-{number}" for number in count(2)))
        return next(
            found
            for found in names
            if not os.path.lexists(project.root / project.catalogue_path(locale, found))
        )

    def _move(self, old: str, new: str) -> None:
        source, target = (self._workspace.project.root / relative for relative in (old, new))
        if source.is_symlink() or os.path.lexists(target):
            what = "is a link" if source.is_symlink() else f"cannot be moved: {new} is there"
            raise OutputError(what, where=old, way_out=f"move it to {new} by hand")
        move_file(source, target, where=old)

    def _read(self, document: DocumentPath) -> Sources:
        if document.name not in self._sources:
            segments: Sequence[Segment] = ()
            with suppress(L10nError):  # told of when its turn comes
                segments = self._workspace.read_document(document).segments
            self._sources[document.name] = Sources.of(map(unit_key, segments))
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
