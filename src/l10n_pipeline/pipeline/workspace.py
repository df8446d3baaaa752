"""A project's files as the pipeline sees them: documents, glossaries, catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from l10n_pipeline.catalogue.po import read_catalogue
from l10n_pipeline.config import Project
from l10n_pipeline.errors import (
    CatalogueError,
    ConfigError,
    DocumentError,
    L10nError,
    LocaleError,
)
from l10n_pipeline.files import read_bytes
from l10n_pipeline.formats import format_for
from l10n_pipeline.glossary import GlossaryMatcher, Termbase, load_glossary, source_spellings
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, Document, Segment
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
class _GlossaryFile:
    path: Path
    where: str
    target: Locale


class Workspace:
    """Reads a project's files; writes none.

    Errors of one document, locale or file are raised where that thing is asked for,
    so that a caller can go on with the others.
    """

    def __init__(self, project: Project) -> None:
        self.project = project

    # --- documents -----------------------------------------------------------------

    def find_documents(
        self, paths: Sequence[Path] = ()
    ) -> tuple[list[DocumentPath], list[L10nError]]:
        """The project's documents in path order, and what was wrong with ``paths``.

        Args:
            paths: files and folders to restrict the search to; none means all. A file
                that the configuration does not list is taken as a document too, named
                by its path from the root.

        Raises:
            ConfigError: where two documents would share a name, hence a catalogue.
        """
        listed = {document.path: document for document in self._listed_documents()}
        if not paths:
            return list(listed.values()), []
        chosen: dict[str, DocumentPath] = {}
        errors: list[L10nError] = []
        for path in paths:
            try:
                relative = self._relative(path)
                chosen |= self._documents_at(relative, listed)
            except DocumentError as error:
                errors.append(error)
        return sorted(chosen.values()), errors

    def read_document(self, found: DocumentPath) -> SegmentedDocument:
        """Read and segment a document.

        Raises:
            DocumentError: where it cannot be read as what its suffix says.
        """
        document_format = format_for(found.path)
        data = read_bytes(self.project.root / found.path, where=found.path)
        document = document_format.read(
            data, path=found.path, name=found.name, locale=self.project.source
        )
        return SegmentedDocument(document, segment_document(document, self._segmenter))

    def _listed_documents(self) -> list[DocumentPath]:
        root = self.project.root
        excluded = {path for pattern in self.project.exclude for path in root.glob(pattern)}
        # What this program writes is no source, even under a pattern like **/*.txt.
        excluded |= {root / "locales", root / _fixed_folder(self.project.output)} - {root}
        found: dict[str, DocumentPath] = {}
        for pattern in self.project.documents:
            base = _fixed_folder(pattern)
            for path in sorted(root.glob(pattern)):
                relative = path.relative_to(root)
                hidden = any(part.startswith(".") for part in relative.parts)
                if hidden or not path.is_file() or excluded & {path, *path.parents}:
                    continue
                if not path.resolve().is_relative_to(root):
                    continue  # a link out of the project
                name = relative.relative_to(base).as_posix()
                found.setdefault(relative.as_posix(), DocumentPath(relative.as_posix(), name))
        documents = sorted(found.values())
        _refuse_shared_names(documents)
        return documents

    def _documents_at(
        self, relative: PurePosixPath, listed: dict[str, DocumentPath]
    ) -> dict[str, DocumentPath]:
        if document := listed.get(str(relative)):
            return {document.path: document}
        path = self.project.root / relative
        if path.is_dir():
            inside = {
                name: document
                for name, document in listed.items()
                if relative in PurePosixPath(name).parents
            }
            if not inside:
                raise DocumentError(
                    "no documents in this folder",
                    where=str(relative),
                    way_out="list them under 'documents' in l10n.toml",
                )
            return inside
        if not path.is_file():
            raise DocumentError("no such file", where=str(relative))
        return {str(relative): DocumentPath(str(relative), str(relative))}

    def _relative(self, path: Path) -> PurePosixPath:
        absolute = Path.cwd() / path
        # The folder is resolved, the file is not: a link is known by its own name.
        resolved = absolute.parent.resolve() / absolute.name if absolute.name else absolute
        resolved = absolute.resolve() if absolute.is_dir() else resolved
        if not resolved.is_relative_to(self.project.root):
            raise DocumentError(
                "lies outside the project",
                where=str(path),
                way_out=f"move it into {self.project.root}, or run there",
            )
        return PurePosixPath(resolved.relative_to(self.project.root).as_posix())

    # --- glossaries ----------------------------------------------------------------

    def glossary(self, locale: Locale) -> GlossaryMatcher:
        """The terms agreed for a target locale, from the most specific file down.

        Raises:
            GlossaryError: where a file that serves the locale has a broken row.
        """
        return GlossaryMatcher(
            Termbase.merge(
                *(
                    load_glossary(file.path, where=file.where)
                    for fallback in locale.fallbacks
                    for file in self._glossary_files
                    if file.target == fallback
                )
            )
        )

    @cached_property
    def _glossary_files(self) -> list[_GlossaryFile]:
        """Files whose source side is the project's language, in name order."""
        files = []
        root = self.project.root
        for path in sorted(
            {p for pattern in self.project.glossary_files for p in root.glob(pattern)}
        ):
            if not path.is_file():
                continue
            where = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
            source, target = _pair_of(path.name, where)
            if source in self.project.source.fallbacks:
                files.append(_GlossaryFile(path, where, target))
        return files

    @cached_property
    def _segmenter(self) -> SentenceSegmenter:
        # The union over all target locales, broken rows' source cells included: msgids
        # must not depend on which language is asked for, nor on a typo in a glossary.
        protected = {
            source
            for file in self._glossary_files
            for source in source_spellings(file.path, where=file.where)
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
        return self._read_po(self.project.template_path(document_name), None)

    def catalogue_names(self, locale: Locale) -> list[str]:
        """Names of the documents that have a catalogue in a locale, in order."""
        folder = self.project.root / f"locales/{locale.posix}/LC_MESSAGES"
        return sorted(path.relative_to(folder).as_posix()[:-3] for path in folder.rglob("*.po"))

    def catalogue_locales(self) -> list[Locale]:
        """Locales that have a folder of catalogues, in order of name."""
        found = []
        for folder in sorted((self.project.root / "locales").glob("*/LC_MESSAGES")):
            try:
                found.append(Locale.parse(folder.parent.name))
            except LocaleError:
                continue  # somebody else's folder
        return found

    def _read_po(self, relative: str, locale: Locale | None) -> Catalogue | None:
        path = self.project.root / relative
        if not path.exists():
            return None
        return read_catalogue(
            read_bytes(path, kind=CatalogueError, where=relative),
            where=relative,
            source_locale=self.project.source,
            expected_locale=locale,
        )


def _fixed_folder(pattern: str) -> PurePosixPath:
    """The folders of a glob pattern or output template before its first variable part.

    >>> str(_fixed_folder("docs/guide/**/*.txt"))
    'docs/guide'
    """

    def fixed(parts: Iterable[str]) -> Iterator[str]:
        for part in parts:
            if any(char in part for char in "*?[{"):
                return
            yield part

    return PurePosixPath(*fixed(PurePosixPath(pattern).parts[:-1]))


def _refuse_shared_names(documents: Iterable[DocumentPath]) -> None:
    by_name: dict[str, str] = {}
    for document in documents:
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


def read_glossary(path: Path | None) -> GlossaryMatcher:
    """A glossary that lies outside any project; none has no terms.

    Raises:
        GlossaryError: where the file cannot be read or has a broken row.
    """
    return GlossaryMatcher(load_glossary(path) if path is not None else ())
