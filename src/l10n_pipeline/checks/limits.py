"""Translations longer than there is room for."""

from __future__ import annotations

from l10n_pipeline.model import Diagnostic


def too_long(shown: str, limit: int | None) -> list[Diagnostic]:
    """The translation has more characters than its place in the document.

    >>> too_long("Guardar como…", 10)[0].message
    '13 characters, where there is room for 10'

    Args:
        shown: the translation as a reader sees it, without tags.
        limit: code points that it may have; None for any number.
    """
    if limit is None or len(shown) <= limit:
        return []
    return [Diagnostic("limits", f"{len(shown)} characters, where there is room for {limit}")]
