"""A document as its catalogues see it: its template, and what stands behind the entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from l10n_pipeline.catalogue.templates import Key, unit_key
from l10n_pipeline.checks import too_long
from l10n_pipeline.codes import read
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    InlineCode,
    Message,
    TermHit,
    TranslationUnit,
)
from l10n_pipeline.pipeline.coding import seen
from l10n_pipeline.pipeline.messages import message_terms
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument
from l10n_pipeline.protocols import TermMatcher


@dataclass(frozen=True, slots=True)
class Templated:
    """All that catalogues need of a document."""

    path: DocumentPath
    template: Catalogue
    codes: Mapping[str, tuple[InlineCode, ...]]
    """Of the sources that have any."""
    messages: Mapping[Key, Message]
    """Of a template of a program's messages."""
    limits: Mapping[Key, int]
    """Characters that the translations of units may have, where their place has a limit."""
    is_on_disk: bool
    """Whether the template is."""

    @classmethod
    def of(cls, found: SegmentedDocument, template: Catalogue, *, is_on_disk: bool) -> Templated:
        """Of a document that has been read, and its template."""
        document = found.document
        limits: dict[Key, int] = {}
        for segment in found.segments:
            if segment.limit is not None:
                key = unit_key(segment)
                limits[key] = min(segment.limit, limits.get(key, segment.limit))
        return cls(
            DocumentPath(document.path, document.name),
            template,
            {unit_key(segment)[1]: segment.codes for segment in found.segments if segment.codes},
            {message.key: message for message in document.messages.values()},
            limits,
            is_on_disk,
        )

    @property
    def name(self) -> str:
        """The document's."""
        return self.path.name

    def codes_of(self, unit: TranslationUnit) -> tuple[InlineCode, ...]:
        """The inline codes in a unit's source."""
        return self.codes.get(unit.source, ())

    def too_long(self, unit: TranslationUnit, texts: Sequence[str]) -> tuple[Diagnostic, ...]:
        """What is to be said of the length of a unit's translation."""
        codes = self.codes_of(unit)
        limit = self.limits.get(unit.key)
        found = (too_long(read(text, codes).text, limit) for text in texts)
        return tuple(dict.fromkeys(chain.from_iterable(found)))

    def terms(self, unit: TranslationUnit, matcher: TermMatcher) -> Sequence[TermHit]:
        """The glossary's terms in a unit's source."""
        if message := self.messages.get(unit.key):
            return message_terms(message, matcher)
        return matcher.match(seen(unit.source, self.codes_of(unit)))
