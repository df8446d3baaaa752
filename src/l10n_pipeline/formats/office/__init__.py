"""Documents of word processors: Word's (``.docx``) and OpenDocument's (``.odt``)."""

from __future__ import annotations

from collections.abc import Mapping

from l10n_pipeline.formats.office.archive import Archive
from l10n_pipeline.formats.office.document import Contents, read_archive, translated_members
from l10n_pipeline.formats.office.docx import docx_contents, docx_in_language
from l10n_pipeline.formats.office.odt import odt_contents, odt_in_language
from l10n_pipeline.formats.office.skeleton import first_changed
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Segment


class Docx:
    """Word documents: :mod:`l10n_pipeline.formats.office.docx` says what of them is read."""

    name: str = "docx"
    suffixes: tuple[str, ...] = (".docx",)
    edition_suffix: str = ""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks that tile the text of the parts.

        Raises:
            DocumentError: where the bytes are no Word document, are encrypted or damaged, or
                hold what no word processor writes.
        """
        archive = Archive(data, path)
        return _read(archive, docx_contents(archive), self.name, name, locale)

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
    ) -> bytes:
        """The document with these segments replaced and all other parts as they were.

        Args:
            document: as ``read`` gave it.
            translations: of any of its segments.
            target: the language that its styles and properties are to name instead of its own;
                None leaves what they say. Text does not begin to run from right to left.

        Raises:
            DocumentError: where a translation cannot stand in the document: its inline codes
                are not those of its segment, or it holds a character that XML cannot.
            ValueError: where a segment is not of this document, or two overlap.
        """
        archive = Archive(document.archive, document.path)
        members = translated_members(document, archive, docx_contents(archive), translations)
        if target is not None:
            members = docx_in_language(archive, members, document.locale, target)
        return archive.replaced(members)

    def first_drift(self, source: Document, built: Document) -> int | None:
        """Where they begin to differ in what no translation may change: see
        :mod:`l10n_pipeline.formats.office.skeleton`.
        """
        return first_changed(source, built, docx_contents)


class Odt:
    """OpenDocument texts: :mod:`l10n_pipeline.formats.office.odt` says what of them is read."""

    name: str = "odt"
    suffixes: tuple[str, ...] = (".odt",)
    edition_suffix: str = ""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks that tile the text of the parts.

        Raises:
            DocumentError: where the bytes are no OpenDocument text, are encrypted or damaged,
                or hold what no word processor writes.
        """
        archive = Archive(data, path)
        return _read(archive, odt_contents(archive), self.name, name, locale)

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
    ) -> bytes:
        """The document with these segments replaced and all other parts as they were; as
        :meth:`Docx.build`.

        Raises:
            DocumentError, ValueError: as there.
        """
        archive = Archive(document.archive, document.path)
        members = translated_members(document, archive, odt_contents(archive), translations)
        if target is not None:
            members = odt_in_language(archive, members, document.locale, target)
        return archive.replaced(members)

    def first_drift(self, source: Document, built: Document) -> int | None:
        """Where they begin to differ in what no translation may change: see
        :mod:`l10n_pipeline.formats.office.skeleton`.
        """
        return first_changed(source, built, odt_contents)


def _read(
    archive: Archive, contents: Contents, document_format: str, name: str, locale: Locale
) -> Document:
    return read_archive(
        archive, contents, name=name, document_format=document_format, locale=locale
    )
