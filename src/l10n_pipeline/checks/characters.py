"""Characters the model could not write."""

from __future__ import annotations

from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic

_MARKS: Final = ("<unk>", "⁇", "\N{REPLACEMENT CHARACTER}")


def unknown_characters(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """Marks of an unknown token in the translation that the source does not have."""
    return [
        Diagnostic("unknown", f"“{mark}” stands where the model could not write a character")
        for mark in _MARKS
        if mark in target and mark not in source
    ]
