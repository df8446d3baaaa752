"""A translation that says nothing."""

from __future__ import annotations

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic


def empty(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """The source says something and the translation nothing."""
    if source.strip() and not target.strip():
        return [Diagnostic("empty", "the translation is empty")]
    return []
