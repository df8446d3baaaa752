"""A document into one language: which of its units wait for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.model import Catalogue, Draft, Message, TranslationUnit
from l10n_pipeline.pipeline.recalling import NOTHING, Recalled
from l10n_pipeline.pipeline.templating import Templated
from l10n_pipeline.plurals import PluralRule

Asked = str | tuple[Message, PluralRule]
"""What a draft is made of: a sentence, or a message with its catalogue's plural forms."""


@dataclass(frozen=True, slots=True)
class Job:
    """One document into one language."""

    document: Templated
    pending: tuple[TranslationUnit, ...]
    """The units that need a draft, or a suggestion."""
    existing: Catalogue | None
    """Its catalogue, as it was when this was found out."""
    rule: PluralRule
    """How the plural forms of its catalogue are counted."""
    recalled: Mapping[Key, Recalled] = field(default_factory=dict)
    """What the memory has for pending units."""

    @property
    def waiting(self) -> tuple[TranslationUnit, ...]:
        """The pending units that the memory has no draft of."""
        return tuple(unit for unit in self.pending if self._recalled(unit).draft is None)

    def drafts(self, made: Mapping[Asked, Draft]) -> dict[Key, Draft]:
        """The drafts of pending units, as far as there are any.

        Args:
            made: of what waiting units ask.
        """
        found = ((unit.key, self._draft(unit, made)) for unit in self.pending)
        return {key: draft for key, draft in found if draft is not None}

    def asked(self, unit: TranslationUnit) -> Asked:
        """What the unit's draft is made of."""
        message = self.document.messages.get(unit.key)
        return unit.source if message is None else (message, self.rule)

    def _draft(self, unit: TranslationUnit, made: Mapping[Asked, Draft]) -> Draft | None:
        """The memory's draft, else the one that was made, with what the memory has beside it."""
        recalled = self._recalled(unit)
        if recalled.draft is not None:
            return recalled.draft
        draft = made.get(self.asked(unit))
        if draft is None:
            return None
        if found := self.document.too_long(unit, draft.text.split("\0")):
            draft = replace(draft, findings=(*draft.findings, *found))
        return replace(draft, suggestion=recalled.suggestion) if recalled.suggestion else draft

    def _recalled(self, unit: TranslationUnit) -> Recalled:
        return self.recalled.get(unit.key, NOTHING)
