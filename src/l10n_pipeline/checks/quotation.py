"""Quotation marks that did not arrive."""

from __future__ import annotations

from typing import Final

from l10n_pipeline.model import Diagnostic, Severity

# Unicode's paired quotation marks and the ASCII one. Apostrophes and single marks
# are left out: nobody can tell them apart.
_DOUBLE: Final = frozenset('"“”„‟«»「」『』〝〞〟＂')


def lost_quotation_marks(source: str, target: str) -> list[Diagnostic]:
    """The source quotes, the translation has fewer quotation marks."""
    wanted, found = _count(source), _count(target)
    if found >= wanted:
        return []
    message = f"{wanted} quotation marks in the source, {found} in the translation"
    return [Diagnostic("quotation", message, Severity.WARNING)]


def _count(text: str) -> int:
    return sum(char in _DOUBLE for char in text)
