"""How long texts are, as translators are paid for them."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"\w\S*")
"""A run of non-space from its first letter or digit on."""


def count_words(text: str) -> int:
    """Words of a text: runs of non-space with a letter or digit in them. Scripts without
    spaces count by the run.

    >>> count_words("Made by UK, Lithuanian & Finnish filmmakers - twice")
    7
    """
    return len(_WORD.findall(text))
