"""Translations that stop in the middle."""

from __future__ import annotations

import re
from typing import Final

from l10n_pipeline.checks.length import letters
from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic

_ENDED: Final = re.compile(r"[.!?…։؟۔।。！？][\W_]*\Z")
_ENDS_OPEN: Final = re.compile(r"(?:\w|[,;:،、，])\s*\Z")
_SHARE: Final = 0.6
"""Of the source's length. What humans wrote without a final stop has 0.63 of it or more
(FLORES-200 dev)."""
_FEWEST_LETTERS: Final = 40
_TAIL: Final = 10
"""Characters at the end of a text in which its last stop must be."""


def early_end(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """The source is a finished sentence, the translation ends without a stop and far sooner."""
    if not _ENDS_OPEN.search(_tail(target)) or not _ENDED.search(_tail(source)):
        return []
    wanted, there = letters(source), letters(target)
    if wanted < _FEWEST_LETTERS or there >= _SHARE * wanted:
        return []
    share = round(100 * there / wanted)
    message = f"it ends without a stop, after {share}% of the source's length"
    return [Diagnostic("truncated", message)]


def _tail(text: str) -> str:
    return text.rstrip()[-_TAIL:]
