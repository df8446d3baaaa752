"""A project's files as the pipeline sees them: documents, glossaries, catalogues."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from l10n_pipeline.catalogue.po import read_catalogue
from l10n_pipeline.config import FILE_NAME, Project, current_folder
from l10n_pipeline.errors import (
    CatalogueError,
    ConfigError,
    DocumentError,
    GlossaryError,
    L10nError,
    LocaleError,
)
from l10n_pipeline.files import (
    fixed_folder,
    glob,
    is_file,
    is_folder,
    look,
    read_bytes,
    reason,
    resolved,
)
from l10n_pipeline.formats import Formats
from l10n_pipeline.glossary import GlossaryMatcher, Termbase, parse_glossary, source_spellings
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Document, Segment
from l10n_pipeline.pipeline.inflecting import inflecting
from l10n_pipeline.pipeline.record import RECORD_NAME, Record, read_record
from l10n_pipeline.protocols import Segmenter, TermMatcher
from l10n_pipeline.segment import SentenceSegmenter, segment_document

_KEPT_BYTES = 1 << 23
"""Of catalogues that were read last, in case they are read again: as much as those of some
thousand segments in several languages."""


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


@dataclass(frozen=True, slots=True)
class GlossaryFile:
    """A glossary that has been found but not parsed."""

    path: Path
    where: str
    """Relative to the project root, for messages."""
    target: Locale
    data: bytes


class Workspace:
    """Reads a project's files, each listing and glossary once; writes none. A catalogue is read
    as often as it is asked for, but parsed anew only where it has changed.

    Errors of one document, locale or file are raised where that thing is asked for,
    so that a caller can go on with the others.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._last_read: dict[str, tuple[bytes, Catalogue]] = {}
        """Catalogues read last, by path."""
        self._bytes_kept = 0
        self._digests: dict[str, str] = {}

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
        data = read_bytes(self.project.root / found.path, where=found.path)
        self._digests[found.path] = _digest(data)
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
                    if is_file(path, where=readable(where)) and not self.leads_out(path):
                        name = path.relative_to(root / base).as_posix()
                        found = DocumentPath(_in_utf8(where), name)
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
            for locale in self._locales
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
            for locale in self._locales:
                with suppress(DocumentError):  # of no format: told of when it is read
                    of_sources.add(self.edition_path(locale, listing.documents[path]))
        return frozenset((*editions, *filter(is_edition, listing.errors)))

    @cached_property
    def _locales(self) -> frozenset[Locale]:
        """The languages that there are or may be editions in."""
        return frozenset((*self.project.targets, *self.catalogue_locales())) - {self.project.source}

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
            for locale in self._locales
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
        return not any(broken & {place, *_folders_of(place)} for place in places)

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
        return {} if self.leads_out(path) else read_record(path, self.record_path)

    @cached_property
    def _resolved_root(self) -> Path:
        return resolved(self.project.root)

    def is_output(self, relative: str) -> bool:
        """Whether a path, relative to the root, is where only this program writes."""
        return (
            self._is_in_output_folder(relative)
            or relative in self._listing.editions
            or relative in self.record
        )

    def _is_in_output_folder(self, relative: str) -> bool:
        return self._output_folders.fullmatch(relative) is not None

    def leads_out(self, path: Path) -> bool:
        """Whether something lies outside the project, links followed."""
        return not resolved(path).is_relative_to(self._resolved_root)

    def _documents_at(self, relative: str) -> tuple[dict[str, DocumentPath], list[DocumentError]]:
        """The documents that a path of the project stands for, and what is wrong there."""
        listing = self._listing
        if document := listing.documents.get(relative):
            return {relative: document}, []
        for place in (relative, *_folders_of(relative)):
            if place in listing.errors:
                raise listing.errors[place]
        path = self.project.root / relative
        where = readable(relative)
        if is_folder(path, where=where):
            inside = {
                place: document
                for place, document in listing.documents.items()
                if relative in _folders_of(place)
            }
            broken = [
                error for place, error in listing.errors.items() if relative in _folders_of(place)
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
        if self.leads_out(path):
            raise _outward(DocumentError, where)
        return {relative: DocumentPath(_in_utf8(relative), relative)}, []

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
        if not place.is_relative_to(self._resolved_root):
            raise DocumentError(
                "lies outside the project",
                where=where,
                way_out=f"move it into {self.project.root}, or run there",
            )
        return place.relative_to(self._resolved_root).as_posix()

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
        """Files whose source side is the project's language, in order of precedence.

        Raises:
            ConfigError: where a file's name tells no pair of languages.
            GlossaryError: where one cannot be read.
        """
        root = self.project.root

        def where(path: Path) -> str:
            return readable(path.relative_to(root).as_posix())

        def unreadable(error: OSError) -> None:
            raise GlossaryError(
                f"cannot be read: {reason(error)}", where=where(Path(error.filename))
            ) from error

        paths: dict[Path, None] = {}
        for pattern in self.project.glossary_files:
            found = glob(root, pattern, on_error=unreadable)
            # An editor's lock or backup is hidden.
            matches = {path for path in found if not path.name.startswith(".")}
            if not matches and not set("*?[") & set(pattern):
                raise GlossaryError("no such file", where=pattern, way_out=f"see {FILE_NAME}")
            paths |= dict.fromkeys(sorted(matches))
        files = []
        for path in paths:
            if is_folder(path, kind=GlossaryError, where=where(path)):
                continue
            source, target = _pair_of(path.name, where(path))
            if source in self.project.source.fallbacks:
                if self.leads_out(path):
                    raise _outward(GlossaryError, where(path))
                data = read_bytes(path, kind=GlossaryError, where=where(path))
                files.append(GlossaryFile(path, where(path), target, data))
        return files

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

    # --- catalogues ----------------------------------------------------------------

    def read_catalogue(self, locale: Locale, document_name: str) -> Catalogue | None:
        """The catalogue of a document and locale; None where there is none yet.

        Raises:
            CatalogueError: where it cannot be read or belongs to another locale.
        """
        return self._read_po(self.project.catalogue_path(locale, document_name), locale)

    def read_template(self, document_name: str) -> Catalogue | None:
        """The template of a document; None where there is none yet.

        Raises:
            CatalogueError: where it cannot be read.
        """
        try:
            return self._read_po(self.project.template_path(document_name), None)
        except CatalogueError as error:
            error.way_out = "delete it: it is made anew from the document"
            raise

    def catalogue_names(self, locale: Locale) -> list[str]:
        """Names of the documents that have a catalogue in a locale, in order.

        Raises:
            CatalogueError: where a folder of them cannot be read.
        """
        folder = self.project.root / f"locales/{locale.posix}/LC_MESSAGES"
        found = glob(folder, "**/*.po", on_error=self._unreadable_catalogues)
        return sorted(path.relative_to(folder).as_posix().removesuffix(".po") for path in found)

    def catalogue_locales(self) -> list[Locale]:
        """Locales that have a folder of catalogues, in order of name.

        Raises:
            CatalogueError: where the folder of all locales cannot be read.
        """
        found = []
        for folder in glob(
            self.project.root / "locales", "*", on_error=self._unreadable_catalogues
        ):
            try:
                locale = Locale.parse(folder.name)
            except LocaleError:
                continue  # somebody else's folder
            try:
                exists = is_folder(folder / "LC_MESSAGES", kind=CatalogueError)
            except CatalogueError:
                exists = True  # told of when its catalogues are read
            if exists:
                found.append(locale)
        return found

    def _unreadable_catalogues(self, error: OSError) -> None:
        where = Path(error.filename).relative_to(self.project.root).as_posix()
        raise CatalogueError(f"cannot be read: {reason(error)}", where=readable(where)) from error

    def _read_po(self, relative: str, locale: Locale | None) -> Catalogue | None:
        path = self.project.root / relative
        if self.leads_out(path):
            raise _outward(CatalogueError, relative)
        if look(path, kind=CatalogueError, where=relative) is None:
            self._digests.pop(relative, None)
            return None
        data = read_bytes(path, kind=CatalogueError, where=relative)
        self._digests[relative] = _digest(data)
        if (known := self._last_read.get(relative)) and known[0] == data:
            return known[1]
        catalogue = read_catalogue(
            data, where=relative, source_locale=self.project.source, expected_locale=locale
        )
        self._keep(relative, data, catalogue)
        return catalogue

    def digest_read(self, relative: str) -> str:
        """Hash of the bytes of a document, template or catalogue as it was read last; empty
        where it was not.

        Args:
            relative: its path, relative to the root.
        """
        return self._digests.get(relative, "")

    def digest_of(self, relative: str) -> str:
        """Likewise as it is now.

        Raises:
            DocumentError: where it cannot be read.
        """
        path = self.project.root / relative
        if self.leads_out(path):
            raise _outward(DocumentError, relative)
        return _digest(read_bytes(path, where=relative))

    def has_changed(self, relative: str) -> bool:
        """Whether a document, template or catalogue is not what it was when it was read last, or
        not there.

        Raises:
            DocumentError: where it cannot be read.
        """
        is_there = look(self.project.root / relative, where=relative) is not None
        return (self.digest_of(relative) if is_there else "") != self.digest_read(relative)

    def _keep(self, relative: str, data: bytes, catalogue: Catalogue) -> None:
        kept = self._last_read
        self._bytes_kept += len(data) - len(kept.pop(relative, (b"",))[0])
        kept[relative] = data, catalogue
        while self._bytes_kept > _KEPT_BYTES:
            self._bytes_kept -= len(kept.pop(next(iter(kept)))[0])


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def quoted(path: Path) -> str:
    """A path as an argument of a command that is told.

    >>> quoted(Path("-a b.md"))
    "'./-a b.md'"
    """
    told = str(path)
    return shlex.quote(f"./{told}" if told.startswith("-") else told)


def readable(path: str) -> str:
    r"""A path for a message: bytes of it that are not UTF-8 are written as ``\xff``."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _outward(kind: type[L10nError], where: str) -> L10nError:
    return kind(
        "is a link that leads out of the project",
        where=where,
        way_out="copy the file into the project",
    )


def _matches_all_sorts(pattern: str) -> bool:
    """Whether a pattern such as ``docs/**`` matches files of all sorts, pictures too."""
    return PurePosixPath(pattern).name in {"*", "**", "*.*"}


def _in_utf8(path: str) -> str:
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(
            "the file's name is not UTF-8", where=readable(path), way_out="rename it"
        ) from error
    return path


def _folders_of(path: str) -> list[str]:
    return [str(folder) for folder in PurePosixPath(path).parents]


def _refuse_shared_names(documents: Iterable[DocumentPath]) -> None:
    by_name: dict[str, str] = {}
    for document in sorted(documents):
        other = by_name.setdefault(document.name, document.path)
        if other != document.path:
            raise ConfigError(
                f"{other} and {document.path} would share one catalogue, {document.name}.po",
                way_out="rename one, or start their patterns under 'documents' in the same folder",
            )


def _pair_of(file_name: str, where: str) -> tuple[Locale, Locale]:
    """Source and target of a glossary file, from its name: ``en-pt_BR.people.tsv``."""
    source, _, target = file_name.split(".", maxsplit=1)[0].partition("-")
    try:
        return Locale.parse(source), Locale.parse(target)
    except LocaleError as error:
        raise ConfigError(
            "the file's name does not say which languages it serves",
            where=where,
            way_out="name it like en-pt_BR.tsv",
        ) from error


def read_glossary(
    path: Path | None, *, source: Locale | None = None, target: Locale | None = None
) -> TermMatcher:
    """A glossary that lies outside any project; none has no terms.

    Args:
        path: the file.
        source: the language of the texts, for finding plurals.
        target: the language of its renderings, for inflecting them.

    Raises:
        GlossaryError: where the file cannot be read or has a broken row.
    """
    if path is None:
        return GlossaryMatcher(())
    where = readable(str(path))
    data = read_bytes(path, kind=GlossaryError, where=where)
    matcher = GlossaryMatcher(parse_glossary(data, where), source=source)
    return matcher if target is None else inflecting(matcher, target)
