"""A project's files as the pipeline sees them: documents, glossaries, catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from l10n_pipeline.config import FILE_NAME, Project, current_folder
from l10n_pipeline.errors import ConfigError, DocumentError, L10nError
from l10n_pipeline.files import fixed_folder, glob, is_file, is_folder, look, reason, resolved
from l10n_pipeline.formats import Formats
from l10n_pipeline.glossary import GlossaryMatcher, Termbase, parse_glossary, source_spellings
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Segment
from l10n_pipeline.pipeline.catalogue_files import CatalogueFiles
from l10n_pipeline.pipeline.glossary_files import GlossaryFile, find_glossary_files
from l10n_pipeline.pipeline.inflecting import inflecting
from l10n_pipeline.pipeline.paths import folders_of, in_utf8, outward, quoted, readable
from l10n_pipeline.pipeline.project_files import ProjectFiles
from l10n_pipeline.pipeline.record import RECORD_NAME, Record, read_record
from l10n_pipeline.protocols import Segmenter, TermMatcher
from l10n_pipeline.segment import SentenceSegmenter, segment_document


@dataclass(frozen=True, slots=True, order=True)
class DocumentPath:
    """A source document that has been found but not read."""

    path: str
    """Relative to the project root, with ``/``."""
    name: str
    """Relative to the folder its documents are gathered in."""


@dataclass(frozen=True, slots=True)
class SegmentedDocument:
    """A document that has been read, and its segments in order."""

    document: Document
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Listing:
    """The documents that the configuration lists."""

    documents: dict[str, DocumentPath]
    """By path, in any order."""
    errors: dict[str, DocumentError]
    """By the path of a document or folder, as :attr:`DocumentPath.path`."""
    editions: frozenset[str] = frozenset()
    """Paths that look like a document's, and are an edition's."""


class Workspace:
    """Reads a project's files, each listing and glossary once; writes none.

    Errors of one document, locale or file are raised where that thing is asked for,
    so that a caller can go on with the others.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.files = ProjectFiles(project.root)
        """What they were when they were read, and whether they still are."""
        self.catalogues = CatalogueFiles(project, self.files)
        """Of all languages, and templates."""

    @cached_property
    def formats(self) -> Formats:
        """The document formats, with the project's options.

        Raises:
            ConfigError: where there is no such format or option.
            EnvironmentFault: where a plug-in cannot be used.
        """
        return Formats(self.project.formats, where=FILE_NAME)

    # --- documents -----------------------------------------------------------------

    def find_documents(
        self, paths: Sequence[Path] = ()
    ) -> tuple[list[DocumentPath], list[L10nError]]:
        """The project's documents in path order, and what cannot be one or be found.

        Args:
            paths: files and folders to restrict the search to; none means all. A file
                that the configuration does not list is taken as a document too, named
                by its path from the root.

        Raises:
            ConfigError: where two documents would share a name, hence a catalogue;
                where a pattern lists what this program writes; where a glossary's name
                tells no pair of languages.
            GlossaryError: where a glossary cannot be read. What is in it stops its own
                language alone, later.
            CatalogueError: where it cannot be told which languages have catalogues.
            EnvironmentFault: where a plug-in for a document format cannot be used, or the
                record of what builds wrote cannot be read.
        """
        # Every document's segments depend on it: its error is told once, before any.
        _ = self._segmenter
        _ = self.formats
        listing = self._listing
        chosen: dict[str, DocumentPath] = {} if paths else listing.documents
        errors: list[L10nError] = [] if paths else list(listing.errors.values())
        for path in paths:
            try:
                documents, broken = self._documents_at(self.relative(path))
            except DocumentError as error:
                errors.append(error)
            else:
                chosen |= documents
                errors += broken
        _refuse_shared_names({**listing.documents, **chosen}.values())
        return sorted(chosen.values()), list(dict.fromkeys(errors))

    def read_document(self, found: DocumentPath) -> SegmentedDocument:
        """Read and segment a document.

        Raises:
            DocumentError: where it cannot be read as what its suffix says.
        """
        document_format = self.formats.for_path(found.path)
        data = self.files.read(found.path)
        document = document_format.read(
            data, path=found.path, name=found.name, locale=self.project.source
        )
        return SegmentedDocument(document, segment_document(document, self._segmenter))

    def named(self, document: DocumentPath) -> str:
        """What to add to a command so that it finds a document: nothing where the
        configuration lists it.
        """
        if document.path in self.listed:
            return ""
        path = self.project.root / document.path
        here = resolved(current_folder())
        return quoted(path.relative_to(here) if path.is_relative_to(here) else path)

    def edition_path(self, locale: Locale, document: DocumentPath) -> str:
        """Where a document's localised edition goes, relative to the root.

        Raises:
            DocumentError: where no format serves the document.
        """
        served = self.formats.for_path(document.path)
        return self.project.editions.path(
            locale, document.path, document.name, served.edition_suffix
        )

    @cached_property
    def inputs(self) -> frozenset[Path]:
        """Files that no edition may overwrite, links followed: documents, glossaries and
        the configuration.
        """
        root = self.project.root
        documents = (root / path for path in self._listing.documents)
        glossaries = (file.path for file in self.glossary_files)
        return frozenset(map(resolved, (root / FILE_NAME, *documents, *glossaries)))

    @property
    def listed(self) -> Mapping[str, DocumentPath]:
        """The documents that the configuration lists, by path."""
        return self._listing.documents

    @cached_property
    def _listing(self) -> _Listing:
        listing = _Listing({}, {})
        root = self.project.root

        def unreadable(error: OSError) -> None:
            path = Path(error.filename)
            if self._is_wanted(path / "any document"):
                where = path.relative_to(root).as_posix()
                listing.errors[where] = DocumentError(
                    f"cannot be read: {reason(error)}", where=readable(where)
                )

        for pattern in self.project.documents:
            base = fixed_folder(pattern)
            served = self.formats.suffixes if _matches_all_sorts(pattern) else None
            if self._is_in_output_folder(str(base / "_")):
                raise ConfigError(
                    f"documents: {pattern!r} lists what this program writes",
                    where=FILE_NAME,
                    way_out="change it, or 'output' under [build]",
                )
            for path in filter(self._is_wanted, glob(root, pattern, on_error=unreadable)):
                where = path.relative_to(root).as_posix()
                if served is not None and path.suffix.lower() not in served:
                    continue
                try:
                    if is_file(path, where=readable(where)) and not self.files.leads_out(path):
                        name = path.relative_to(root / base).as_posix()
                        found = DocumentPath(in_utf8(where), name)
                        listing.documents.setdefault(where, found)
                except DocumentError as error:
                    listing.errors[where] = error
        editions = self._editions_among(listing)
        return _Listing(
            {path: one for path, one in listing.documents.items() if path not in editions},
            {path: error for path, error in listing.errors.items() if path not in editions},
            editions,
        )

    def _is_wanted(self, path: Path) -> bool:
        """Whether a document may be at a path."""
        relative = path.relative_to(self.project.root)
        hidden = any(part.startswith(".") for part in relative.parts)
        return not (
            hidden or self._is_excluded(path) or self._is_in_output_folder(relative.as_posix())
        )

    def _editions_among(self, listing: _Listing) -> frozenset[str]:
        """Which of the listed paths are editions beside their sources: those of another one
        among them, and what a build wrote.
        """
        template = self.project.editions
        named = [
            re.compile(pattern, re.DOTALL)
            for locale in self.locales
            for pattern in template.patterns(locale)
        ]
        of_sources: set[str] = set()

        def is_edition(path: str) -> bool:
            looks_like_one = any(pattern.fullmatch(path) for pattern in named)
            return looks_like_one and (path in of_sources or path in self.record)

        editions: set[str] = set()
        # An edition's file name says its language, too: it is longer than its source's.
        for path in sorted(listing.documents, key=lambda path: len(PurePosixPath(path).name)):
            if is_edition(path):
                editions.add(path)
                continue
            for locale in self.locales:
                with suppress(DocumentError):  # of no format: told of when it is read
                    of_sources.add(self.edition_path(locale, listing.documents[path]))
        return frozenset((*editions, *filter(is_edition, listing.errors)))

    @cached_property
    def locales(self) -> frozenset[Locale]:
        """The languages that there are or may be editions in."""
        return frozenset((*self.project.targets, *self.catalogues.locales())) - {
            self.project.source
        }

    @cached_property
    def _writes_in_fixed_folder(self) -> bool:
        """Whether no sources lie in the folder that all editions are in."""
        fixed = self.project.editions.fixed_folder
        bases = map(fixed_folder, self.project.documents)
        return not any(base.is_relative_to(fixed) for base in bases)

    @cached_property
    def _output_folders(self) -> re.Pattern[str]:
        """Matches what lies in folders that only this program writes in."""
        folders = {"locales"}
        # Where sources lie as well, only a language's own part is written.
        if self._writes_in_fixed_folder:
            folders.add(str(self.project.editions.fixed_folder))
        own = (
            pattern
            for locale in self.locales
            for pattern in self.project.editions.folder_patterns(locale)
        )
        either = [*(f"{re.escape(folder)}(/.*)?" for folder in folders), *own]
        return re.compile("|".join(dict.fromkeys(either)), re.DOTALL)

    @cached_property
    def _excluded(self) -> frozenset[Path]:
        return frozenset(
            path
            for pattern in self.project.exclude
            # Where nothing can be read, nothing is listed that could be excluded.
            for path in glob(self.project.root, pattern, on_error=lambda _: None)
        )

    def _is_excluded(self, path: Path) -> bool:
        return not self._excluded.isdisjoint((path, *path.parents))

    def is_excluded_document(self, relative: str) -> bool:
        """Whether a path, relative to the root, would be a document's but for ``exclude``."""
        suffix = PurePosixPath(relative).suffix.lower()
        return suffix in self.formats.suffixes and self._is_excluded(self.project.root / relative)

    def document_paths(self, document_name: str) -> list[str]:
        """Where a document of this name is, relative to the root; where it may have been, if
        there is none any more. Looks at nothing but these places.
        """
        places = [*self._places_of(document_name), document_name]
        there = [place for place in places if (self.project.root / place).exists()]
        return there or places

    def _places_of(self, document_name: str) -> list[str]:
        """Where the configuration may list a document of this name."""
        bases = dict.fromkeys(fixed_folder(pattern) for pattern in self.project.documents)
        return [(base / document_name).as_posix() for base in bases]

    def could_be_read(self, document_name: str) -> bool:
        """Whether nothing stood in the way of finding a document of this name."""
        places = self._places_of(document_name)
        broken = self._listing.errors.keys()
        return not any(broken & {place, *folders_of(place)} for place in places)

    def has_unlisted(self, document_name: str) -> bool:
        """Whether anywhere in the project is a file that may be a document of this name, and that
        the configuration does not list.
        """
        places = self._unlisted.get(PurePosixPath(document_name).name, ())
        return any(f"/{place}".endswith(f"/{document_name}") for place in places)

    @cached_property
    def _unlisted(self) -> Mapping[str, Sequence[str]]:
        """Files that people made and that are no documents, by their names without folders."""
        found: dict[str, list[str]] = {}
        for path in glob(self.project.root, "**", on_error=lambda _: None):
            relative = path.relative_to(self.project.root)
            place = relative.as_posix()
            hidden = any(part.startswith(".") for part in relative.parts)
            if not (hidden or place in self.listed or self.is_output(place) or path.is_dir()):
                found.setdefault(path.name, []).append(place)
        return found

    @property
    def record_path(self) -> str:
        """Where the record of what builds wrote is, relative to the root: with the editions, or
        in the root where they lie among the sources.
        """
        fixed = self.project.editions.fixed_folder
        return str((fixed if self._writes_in_fixed_folder else PurePosixPath()) / RECORD_NAME)

    @cached_property
    def record(self) -> Record:
        """What builds wrote, as the record says.

        Raises:
            OutputError: where it cannot be read.
        """
        path = self.project.root / self.record_path
        return {} if self.files.leads_out(path) else read_record(path, self.record_path)

    def is_output(self, relative: str) -> bool:
        """Whether a path, relative to the root, is where only this program writes."""
        return (
            self._is_in_output_folder(relative)
            or relative in self._listing.editions
            or relative in self.record
        )

    def _is_in_output_folder(self, relative: str) -> bool:
        return self._output_folders.fullmatch(relative) is not None

    def _documents_at(self, relative: str) -> tuple[dict[str, DocumentPath], list[DocumentError]]:
        """The documents that a path of the project stands for, and what is wrong there."""
        listing = self._listing
        if document := listing.documents.get(relative):
            return {relative: document}, []
        for place in (relative, *folders_of(relative)):
            if place in listing.errors:
                raise listing.errors[place]
        path = self.project.root / relative
        where = readable(relative)
        if is_folder(path, where=where):
            inside = {
                place: document
                for place, document in listing.documents.items()
                if relative in folders_of(place)
            }
            broken = [
                error for place, error in listing.errors.items() if relative in folders_of(place)
            ]
            if not inside and not broken:
                raise DocumentError(
                    "no documents in this folder",
                    where=where,
                    way_out=(
                        f"list them under 'documents' in {FILE_NAME}"
                        if self.project.configured
                        else "name files, or make a project with l10n init"
                    ),
                )
            return inside, broken
        if look(path, where=where) is None:
            raise DocumentError("no such file", where=where)
        if self.files.leads_out(path):
            raise outward(DocumentError, where)
        return {relative: DocumentPath(in_utf8(relative), relative)}, []

    def relative(self, path: Path) -> str:
        """Where a path that a user names leads to, relative to the root.

        Raises:
            DocumentError: where that is outside of the project, or cannot be told.
        """
        absolute = current_folder() / path
        where = readable(str(path if self.project.configured else absolute))
        # The folder is resolved, the file is not: a link is known by its own name.
        whole = not absolute.name or is_folder(absolute, where=where)
        place = resolved(absolute) if whole else resolved(absolute.parent) / absolute.name
        if not place.is_relative_to(self.files.resolved_root):
            raise DocumentError(
                "lies outside the project",
                where=where,
                way_out=f"move it into {self.project.root}, or run there",
            )
        return place.relative_to(self.files.resolved_root).as_posix()

    # --- glossaries ----------------------------------------------------------------

    def glossary(self, locale: Locale) -> TermMatcher:
        """Finds the terms agreed for a target locale, with their inflected forms.

        Raises:
            GlossaryError: where a file that serves the locale has a broken row.
        """
        return inflecting(GlossaryMatcher(self.terms(locale), source=self.project.source), locale)

    def terms(self, locale: Locale) -> Termbase:
        """The terms agreed for a target locale, from the file that is first in
        precedence down.

        Raises:
            GlossaryError: where a file that serves the locale has a broken row.
        """
        return Termbase.merge(
            *(parse_glossary(file.data, file.where) for file in self.glossaries_for(locale))
        )

    def glossaries_for(self, locale: Locale) -> list[GlossaryFile]:
        """The files that serve a target locale, in order of precedence: those of the locale
        itself before those of a more general one; of one locale those that an earlier
        pattern of the configuration lists, and of one pattern in order of path.
        """
        return [
            file
            for fallback in locale.fallbacks
            for file in self.glossary_files
            if file.target == fallback
        ]

    @cached_property
    def glossary_files(self) -> list[GlossaryFile]:
        """The project's, in order of precedence.

        Raises:
            ConfigError, GlossaryError: as :func:`.find_glossary_files`.
        """
        return find_glossary_files(self.project, self.files)

    @property
    def segmenter(self) -> Segmenter:
        """Finds the sentences of documents.

        Raises:
            ConfigError, GlossaryError: as :attr:`glossary_files`.
        """
        return self._segmenter

    @cached_property
    def _segmenter(self) -> SentenceSegmenter:
        # The union over all target locales, broken rows' source cells included: msgids
        # must not depend on which language is asked for, nor on a typo in a glossary.
        protected = {
            source for file in self.glossary_files for source in source_spellings(file.data)
        }
        return SentenceSegmenter(
            self.project.source,
            protected=sorted(protected),
            abbreviations=self.project.abbreviations,
        )


def _matches_all_sorts(pattern: str) -> bool:
    """Whether a pattern such as ``docs/**`` matches files of all sorts, pictures too."""
    return PurePosixPath(pattern).name in {"*", "**", "*.*"}


def _refuse_shared_names(documents: Iterable[DocumentPath]) -> None:
    by_name: dict[str, str] = {}
    for document in sorted(documents):
        other = by_name.setdefault(document.name, document.path)
        if other != document.path:
            raise ConfigError(
                f"{other} and {document.path} would share one catalogue, {document.name}.po",
                way_out="rename one, or start their patterns under 'documents' in the same folder",
            )
