"""Plain equivalents of typographic characters that a vocabulary lacks.

Training data are normalised: many a vocabulary knows the quotation mark of the ASCII table
alone. A typographic one would reach the model as an unknown token, and the model drops
it, or a word beside it. So the model is given the plain character, and where as many of
them come out as went in, they are turned back, in order.

One character stands for one, so that offsets stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from l10n_pipeline.protocols import Vocabulary

_EQUIVALENTS: Final = {
    '"': "“”„‟«»″〃＂",
    "'": "‘’‚‛‹›`´′ʼ＇",
    "-": "‐‑‒–—―−",
    "x": "×",
}
_TURNED_BACK: Final = {'"': "“”„‟«»", "'": "‘’", "-": "‑–—"}
"""Of these, what is right in the translation as well: a grave accent for an apostrophe is
a slip, and an x may be any."""


def plain_equivalents(vocabulary: Vocabulary) -> dict[int, str]:
    """A table for ``str.translate``: what to write for characters that become unknown."""
    return {
        ord(character): plain
        for plain, characters in _EQUIVALENTS.items()
        for character in characters
        if vocabulary.unk_id in vocabulary.encode(character).ids
        and vocabulary.unk_id not in vocabulary.encode(plain).ids
    }


def turned_back(text: str, source: str, equivalents: Mapping[int, str]) -> str:
    """The translation with the source's own typographic characters.

    Args:
        text: what the model wrote.
        source: the source as it was before :func:`plain_equivalents` changed it.
        equivalents: that table.

    Returns:
        A text of the same length.

    >>> turned_back('"Olá", disse', "“Hello”, he said", {ord("“"): '"', ord("”"): '"'})
    '“Olá”, disse'
    """
    plain_source = source.translate(equivalents)
    if plain_source == source:
        return text
    for plain, typographic in _TURNED_BACK.items():
        places, origins = _places(plain, text), _places(plain, plain_source)
        if len(places) != len(origins):
            continue
        characters = list(text)
        for at, origin in zip(places, origins, strict=True):
            if source[origin] in typographic:
                characters[at] = source[origin]
        text = "".join(characters)
    return text


def _places(character: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(character), text)]
