"""A translation that says nothing."""

from __future__ import annotations

from l10n_pipeline.model import Diagnostic


def empty(source: str, target: str) -> list[Diagnostic]:
    """The source says something and the translation nothing."""
    if source.strip() and not target.strip():
        return [Diagnostic("empty", "the translation is empty")]
    return []
