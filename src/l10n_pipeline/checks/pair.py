"""The languages of a text and its translation, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass

from l10n_pipeline.locale import Locale


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """From what language into what. None where nobody said: a rule that needs to know it
    then finds nothing.
    """

    source: Locale | None = None
    target: Locale | None = None
