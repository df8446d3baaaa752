"""Texts with their numbers taken out, to see whether nothing else differs."""

from __future__ import annotations

import re
from typing import Final

from l10n_pipeline.codes import TAG
from l10n_pipeline.placeholders import placeholders

# Digits of any script, and what stands between the digits of one number: decimal and group
# separators of the locales of CLDR. A range or a date is several numbers.
_NUMBER: Final = re.compile(r"\d+(?:[.,'’\u066b\u066c]\d+|[ \u00a0\u202f\u2009]\d{3}(?!\d))*")
_TAKEN_OUT: Final = "\ufdd3"
"""A code point that Unicode keeps out of texts for good."""
_MAY_BE_PLACEHOLDER: Final = re.compile(r"[%{]")


def without_numbers(text: str) -> str:
    """The text with one character in place of each number; the text itself where it has none.

    What looks like a number in an inline code or in a placeholder is part of its name.

    >>> without_numbers("In <g1>1,275</g1> of %1$s") == without_numbers("In <g1>٩٨٠</g1> of %1$s")
    True
    """
    if not _NUMBER.search(text):
        return text
    names = [found.span() for found in TAG.finditer(text)]
    if _MAY_BE_PLACEHOLDER.search(text):
        names += [(found.span.start, found.span.end) for found in placeholders(text)]
    pieces: list[str] = []
    done = 0
    for start, end in sorted(names):
        if start >= done:
            pieces += (_NUMBER.sub(_TAKEN_OUT, text[done:start]), text[start:end])
            done = end
    pieces.append(_NUMBER.sub(_TAKEN_OUT, text[done:]))
    return "".join(pieces)
