"""A project's catalogues and templates."""

from __future__ import annotations

from pathlib import Path

from l10n_pipeline.catalogue.po import read_catalogue
from l10n_pipeline.config import Project
from l10n_pipeline.errors import CatalogueError, LocaleError
from l10n_pipeline.files import glob, is_folder, reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.project_files import ProjectFiles

_KEPT_BYTES = 1 << 23
"""Of catalogues that were read last, in case they are read again: as much as those of some
thousand segments in several languages."""


class CatalogueFiles:
    """Finds and reads them. One is read as often as it is asked for, but parsed anew only where
    it has changed.

    Args:
        project: the project.
        files: reads its files.
    """

    def __init__(self, project: Project, files: ProjectFiles) -> None:
        self._project = project
        self._files = files
        self._last_read: dict[str, tuple[bytes, Catalogue]] = {}
        """Catalogues read last, by path."""
        self._bytes_kept = 0

    def read(self, locale: Locale, document_name: str) -> Catalogue | None:
        """The catalogue of a document and locale; None where there is none yet.

        Raises:
            CatalogueError: where it cannot be read or belongs to another locale.
        """
        return self._read_po(self._project.catalogue_path(locale, document_name), locale)

    def read_template(self, document_name: str) -> Catalogue | None:
        """The template of a document; None where there is none yet.

        Raises:
            CatalogueError: where it cannot be read.
        """
        try:
            return self._read_po(self._project.template_path(document_name), None)
        except CatalogueError as error:
            error.way_out = "delete it: it is made anew from the document"
            raise

    def names(self, locale: Locale) -> list[str]:
        """Names of the documents that have a catalogue in a locale, in order.

        Raises:
            CatalogueError: where a folder of them cannot be read.
        """
        folder = self._project.root / f"locales/{locale.posix}/LC_MESSAGES"
        found = glob(folder, "**/*.po", on_error=self._unreadable)
        return sorted(path.relative_to(folder).as_posix().removesuffix(".po") for path in found)

    def locales(self) -> list[Locale]:
        """Locales that have a folder of catalogues, in order of name.

        Raises:
            CatalogueError: where the folder of all locales cannot be read.
        """
        found = []
        for folder in glob(self._project.root / "locales", "*", on_error=self._unreadable):
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

    def _unreadable(self, error: OSError) -> None:
        where = Path(error.filename).relative_to(self._project.root).as_posix()
        raise CatalogueError(f"cannot be read: {reason(error)}", where=readable(where)) from error

    def _read_po(self, relative: str, locale: Locale | None) -> Catalogue | None:
        if not self._files.is_there(relative, kind=CatalogueError):
            return None
        data = self._files.read(relative, kind=CatalogueError)
        if (known := self._last_read.get(relative)) and known[0] == data:
            return known[1]
        catalogue = read_catalogue(
            data, where=relative, source_locale=self._project.source, expected_locale=locale
        )
        self._keep(relative, data, catalogue)
        return catalogue

    def _keep(self, relative: str, data: bytes, catalogue: Catalogue) -> None:
        kept = self._last_read
        self._bytes_kept += len(data) - len(kept.pop(relative, (b"",))[0])
        kept[relative] = data, catalogue
        while self._bytes_kept > _KEPT_BYTES:
            self._bytes_kept -= len(kept.pop(next(iter(kept)))[0])
