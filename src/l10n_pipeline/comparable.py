"""Texts as they are compared, and how alike two of them are.

What differs between two texts without saying anything else is levelled: case, runs of white
space, which quotation mark, apostrophe or hyphen is used, canonical equivalence (UAX #15).
An inline code counts as one character, whatever its number: moving a link is one edit, not
the letters of its tag.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from hashlib import blake2b
from typing import Final

from rapidfuzz.distance import Levenshtein

from l10n_pipeline.codes import TAG
from l10n_pipeline.folding import APOSTROPHES, DOUBLE_QUOTES, HYPHENS

_VARIANTS: Final = {
    **dict.fromkeys(APOSTROPHES, "'"),
    **dict.fromkeys(HYPHENS, "-"),
    **dict.fromkeys(DOUBLE_QUOTES, '"'),
    "…": "...",
    **dict.fromkeys("\u00ad\u2060\ufeff\u200e\u200f", ""),
}
_VARIANT: Final = re.compile(f"[{re.escape(''.join(_VARIANTS))}]")
# Code points that Unicode keeps out of texts for good, so that no text has them by itself.
_OPENING, _CLOSING, _STANDALONE = "\ufdd0", "\ufdd1", "\ufdd2"
_HASH_BYTES: Final = 8


def comparable(text: str) -> str:
    """The form in which texts are compared.

    >>> comparable("Don’t  say «Hello»!") == comparable("don't say “hello”!")
    True
    """
    if "<" in text:
        text = TAG.sub(_as_character, text)
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    text = unicodedata.normalize("NFC", text).casefold()
    text = _VARIANT.sub(lambda variant: _VARIANTS[variant[0]], text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _as_character(tag: re.Match[str]) -> str:
    if tag["alone"]:
        return _STANDALONE
    return _CLOSING if tag["close"] else _OPENING


def comparable_hash(form: str) -> int:
    """64 bits, signed, of a comparable form."""
    digest = blake2b(form.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True)


similarity = partial(Levenshtein.normalized_similarity, processor=comparable)
"""How alike two texts are, 0 to 1: one less the Levenshtein distance of their comparable forms
over the length of the longer, in code points.

>>> similarity("Open the file.", "Open this file.")
0.8666666666666667
"""
