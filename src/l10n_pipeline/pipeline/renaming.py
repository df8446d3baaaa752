"""Catalogues of documents that were renamed or moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from l10n_pipeline.catalogue.templates import unit_key
from l10n_pipeline.errors import CatalogueError, DocumentError, L10nError, OutputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Segment
from l10n_pipeline.pipeline.orphans import orphans
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.relocation import Relocation
from l10n_pipeline.pipeline.resemblance import Resemblance, Sources, displaced, rearranged
from l10n_pipeline.pipeline.workspace import DocumentPath, Workspace


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
    moved: set[str] = field(default_factory=set)
    """Documents whose catalogues have been moved; would have been, in a dry run."""
    held_up: dict[str, L10nError] = field(default_factory=dict)
    """Documents whose catalogues could not be moved, and why."""
    is_assigned: bool = False
    housed: dict[str, Sources] | None = None
    """Likewise of catalogues whose documents are there and not known to be theirs still; None
    where nobody has asked."""
    displaced: set[str] | None = None
    """Those of these documents that do not seem to be theirs; None likewise."""
    settled: dict[str, Sources] = field(default_factory=dict)
    """What stands in the others."""
    broken: list[str] = field(default_factory=list)
    """Names of those catalogues that cannot be read."""


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
        """Those whose catalogues have been taken over; would have been, in a dry run."""
        self.put_aside: list[tuple[Locale, str]] = []
        """Likewise the names that catalogues have which nobody took over, and which stood in
        another's way."""
        self._workspace = workspace
        self._files = Relocation(workspace)
        self._documents = documents
        self._is_at_rest = is_at_rest
        self._dry_run = dry_run
        self._languages: dict[Locale, _Language] = {}
        self._sources: dict[str, Sources] = {}
        """Of documents that were read to be compared."""
        self._unreadable: set[str] = set()
        """Those of them that could not be."""

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
        language = self._of(locale)
        old = None if name in language.moved else language.old_names.get(name)
        if old is not None and self._dry_run:
            self.done.append(Rename(locale, old, name))
        elif old is not None:
            relative = self._workspace.project.catalogue_path(locale, old)
            if self._files.has_changed(relative):
                raise OutputError(
                    "was changed while its entries were taken over",
                    where=relative,
                    way_out=(
                        "carry over what is new in it to "
                        f"{self._workspace.project.catalogue_path(locale, name)}, then delete it"
                    ),
                )
            self._files.remove(relative)
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
                if old not in left and old not in self._documents:
                    self._files.remove(self._workspace.project.template_path(old))
        except L10nError as error:
            yield error

    # --- who had which -----------------------------------------------------------------

    def _of(self, locale: Locale) -> _Language:
        if locale not in self._languages:
            here: list[str] = []
            with suppress(L10nError):  # told of when one is read
                here = self._workspace.catalogues.names(locale)
            language = _Language(frozenset(here), {}, Resemblance({}))
            gone = orphans(self._workspace, locale, self._documents)
            language.orphans = {name: self._live(locale, language, name) for name in gone}
            language.resemblance = Resemblance(language.orphans)
            self._languages[locale] = language
        return self._languages[locale]

    def _live(self, locale: Locale, language: _Language, name: str) -> Sources:
        """The live entries of a catalogue."""
        try:
            return Sources.live(self._workspace.catalogues.read(locale, name))
        except L10nError:
            language.broken.append(name)
            return Sources.live(None)  # nobody's, until somebody mends it

    def _housed(self, locale: Locale, language: _Language) -> Mapping[str, Sources]:
        if language.housed is None:
            language.housed = {
                name: self._live(locale, language, name)
                for name, document in sorted(self._documents.items())
                if name in language.here and not self._is_at_rest(document, locale)
            }
            language.resemblance = Resemblance({**language.housed, **language.orphans})
        return language.housed

    def _displaced(self, locale: Locale, language: _Language) -> set[str]:
        if language.displaced is None:
            found = self._housed(locale, language)
            housed = {name: found[name] for name in found if name not in language.broken}
            read = {name: self._read(name) for name in sorted(self._homeless(language) | {*housed})}
            housed = {name: housed[name] for name in housed if name not in self._unreadable}
            language.settled = {
                name: self._settled(name)
                for name in sorted(language.here & self._documents.keys() - found.keys())
            }
            others = language.settled.values()
            language.displaced = displaced(housed, read, language.orphans, others)
        return language.displaced

    def _homeless(self, language: _Language) -> AbstractSet[str]:
        """Names of documents without a catalogue."""
        return self._documents.keys() - language.here

    def _may_have_moved(
        self, locale: Locale, template: Catalogue, name: str, found: Catalogue | None
    ) -> bool:
        """Whether documents have to be compared because of this one."""
        language = self._of(locale)
        keys = {unit.key for unit in template.units}
        if found is not None:
            # Most are what they were: of a few entries that is plain.
            live = [unit.key for unit in found.units if not unit.obsolete]
            if 2 * sum(key in keys for key in live) > len(live):
                return False
            self._sources[name] = Sources.of(keys)
            return name in self._displaced(locale, language)
        if not language.here:
            return False
        own = self._sources.setdefault(name, Sources.of(keys))
        if any(pair.is_likely for pair in language.resemblance.pairs(name, own)):
            return True
        self._housed(locale, language)
        likely = [pair.old for pair in language.resemblance.pairs(name, own) if pair.is_likely]
        return bool(likely) and not self._displaced(locale, language).isdisjoint(likely)

    def _assign(self, locale: Locale, language: _Language) -> None:
        """Give each catalogue that is free to the document that has most of it."""
        housed, displaced = self._housed(locale, language), self._displaced(locale, language)
        looking = self._homeless(language) | displaced
        if displaced and (why := self._in_doubt(locale, language)):
            language.held_up = dict.fromkeys(looking, why)
            return
        free = Resemblance({**language.orphans, **{name: housed[name] for name in displaced}})
        settled = {**language.settled, **{name: self._read(name) for name in housed}}
        others = (sources.words for name, sources in settled.items() if name not in displaced)
        assigned = free.assigned(
            {name: self._read(name) for name in sorted(looking)}, chain.from_iterable(others)
        )
        given = {new: old for new, old in assigned.items() if new != old}
        moves = {new: old for new, old in given.items() if {new, old} & displaced}
        for name in sorted({*moves, *moves.values()} & language.here):
            if fault := self._files.fault(locale, name):
                language.held_up = dict.fromkeys(looking, fault)
                return
        for new, old in given.items():
            if fault := self._files.fault(locale, old):
                language.held_up[new] = fault
            elif new not in moves:
                language.old_names[new] = old
        self._rearrange(locale, language, moves)

    def _in_doubt(self, locale: Locale, language: _Language) -> L10nError | None:
        """Why it cannot be told whose the catalogues are of documents that have lost their place;
        None where it can.
        """
        what = "cannot be read, and documents have taken each other's names: {} may be {}"
        for name in language.broken:
            return CatalogueError(
                what.format("this catalogue", "that of one of them"),
                where=self._workspace.project.catalogue_path(locale, name),
                way_out="mend it, then run again",
            )
        for name in sorted(self._unreadable & language.here):
            return DocumentError(
                what.format("this document", "one of them"),
                where=readable(self._documents[name].path),
                way_out="mend it, then run again",
            )
        return None

    def _rearrange(self, locale: Locale, language: _Language, moves: Mapping[str, str]) -> None:
        """Give catalogues of documents that have taken each other's places the documents' names.

        Whenever it is killed, each catalogue is there, under a name that a document has that it
        is of, or that none has: the next run goes on from there. One that nobody takes over is
        put aside under a name that no document has.
        """
        unmoved = {*moves, *moves.values()} & self._documents.keys()
        aside: dict[str, None] = {}
        try:
            unused = partial(self._files.unused_name, locale)
            for old, new in rearranged(moves, language.here, unused):
                if not self._dry_run:
                    self._files.move(locale, old, new)
                unmoved -= {new}
                aside.pop(old, None)
                if new in moves:
                    self.done.append(Rename(locale, moves[new], new))
                else:
                    aside[new] = None
        except OutputError as error:
            # What is in the wrong place must not be taken for what belongs there.
            language.held_up |= dict.fromkeys(unmoved, error)
            return
        language.moved |= moves.keys()
        self.put_aside += ((locale, name) for name in aside)
        if self._dry_run:
            language.old_names |= moves
            language.foreign |= {*moves, *moves.values()} & self._documents.keys()

    def _read(self, name: str) -> Sources:
        """What stands in a document."""
        if name not in self._sources:
            segments: Sequence[Segment] = ()
            try:
                segments = self._workspace.read_document(self._documents[name]).segments
            except L10nError:
                self._unreadable.add(name)  # told of when its turn comes
            self._sources[name] = Sources.of(map(unit_key, segments))
        return self._sources[name]

    def _settled(self, name: str) -> Sources:
        """What stands in a document that is at rest: in its template, if that is there."""
        template: Catalogue | None = None
        with suppress(L10nError):  # told of when its turn comes
            template = self._workspace.catalogues.read_template(name)
        return Sources.of(unit.key for unit in template.units) if template else self._read(name)
