"""Symbols that did not arrive."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic, Severity

# Neither punctuation nor what languages write in words as a rule: "&", "/", "*", brackets,
# dashes and currencies are left out.
_SYMBOL: Final = re.compile(r"[\\{}<>~^|@#=+%§©®™°±]")
_IN_WORDS: Final = frozenset("%§®™°±")
"""Symbols that a translation may have in words: per cent, degrees."""
_AT_A_NUMBER: Final = re.compile(r"[~<>=#+±]\s?(?=\d)|(?<=\d)\+")
"""About 5, less than 5, number 5, more than 5."""
_SAME: Final = str.maketrans(
    {0xFF01 + at: 0x21 + at for at in range(94)}
    | {"٪": "%", "﹪": "%", "№": "#", "〜": "~", "∼": "~", "≈": "~", "≤": "<=", "≥": ">="}
)


def lost_symbols(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """Symbols of the source that the translation has less often.

    Full-width forms are equal to the others. Symbols that may be written in words, and those
    before a number, are a warning.
    """
    if not _SYMBOL.search(source):
        return []
    source, target = (text.replace("->", "→").translate(_SAME) for text in (source, target))
    wanted, found = (Counter(_SYMBOL.findall(text)) for text in (source, target))
    lost = wanted - found
    if not lost:
        return []
    at_numbers = Counter(match[0][0] for match in _AT_A_NUMBER.finditer(source))
    doubtful = all(
        symbol in _IN_WORDS or at_numbers[symbol] >= count for symbol, count in lost.items()
    )
    verb = "is" if len(lost) == 1 else "are"
    message = f"{' '.join(lost)} {verb} missing"
    if doubtful:
        return [Diagnostic("symbols", f"{message}, unless in words", Severity.WARNING)]
    return [Diagnostic("symbols", message)]
