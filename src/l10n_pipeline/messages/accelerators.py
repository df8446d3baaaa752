"""Accelerators: the letter of a label that a key press chooses, marked ``_File`` or ``&Open``.

A mark divides a word, so a model must not see it. It is put back before a word that begins
with the same letter, or else before the first word; where the script has no letters on keys,
in brackets at the end, as is usual there: ``ファイル(_F)``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.folding import is_unspaced
from l10n_pipeline.model import Span

_LONGEST: Final = 80
"""Code points; a label is no longer."""
# Word-initial, or inside a capitalised word; "file_name" and "R&D" have none.
_MARKED: Final = re.compile(
    r"(?<![\w&;/\\.$%{-])(?P<first>[_&])(?=[^\W_])"
    r"|(?<![\w&;/\\.$%{-])(?=[A-Z])[^\W_]{1,24}(?P<inside>[_&])(?=[a-z\d])[^\W_]{1,24}(?![_&;])"
)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,8}|#\w{1,7});")
_END: Final = re.compile(r"\s*(?:…|\.\.\.|[:：])?\s*$")


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A mark that has been taken out of a text."""

    mark: str
    at: int
    """Where in the text without it the letter stands."""
    letter: str


def without_accelerator(text: str) -> tuple[str, Accelerator | None]:
    """A label without its mark, and what it was.

    >>> without_accelerator("E_xit")
    ('Exit', Accelerator(mark='_', at=1, letter='x'))
    >>> without_accelerator("Invalid file_name")[1] is None
    True
    """
    if len(text) > _LONGEST or "\n" in text:
        return text, None
    found = [match for match in _MARKED.finditer(text) if not _ENTITY.match(text, match.start())]
    if len(found) != 1:
        return text, None
    at = found[0].start("first" if found[0]["first"] else "inside")
    mark = text[at]
    if text.count(mark) != 1:
        return text, None
    return text[:at] + text[at + 1 :], Accelerator(mark, at, text[at + 1])


def with_accelerator(text: str, accelerator: Accelerator, free: Sequence[Span]) -> str:
    """A label with a mark put in.

    >>> with_accelerator("Arquivo", Accelerator("_", 0, "F"), [Span(0, 7)])
    '_Arquivo'
    >>> with_accelerator("Fechar janela", Accelerator("_", 6, "J"), [Span(0, 13)])
    'Fechar _janela'

    Args:
        text: the translation.
        accelerator: the source's.
        free: where in it there is text, and no placeholder.

    Returns:
        The text with the mark; ``text`` where it has no letter.
    """
    places = [at for span in free for at in range(span.start, span.end) if text[at].isalnum()]
    letter = accelerator.letter.casefold()
    if any(is_unspaced(text[at]) for at in places) or not places:
        if not places:
            return text
        end = _END.search(text)
        assert end is not None  # it matches nothing, too
        mark = f"({accelerator.mark}{accelerator.letter.upper()})"
        return text[: end.start()] + mark + text[end.start() :]
    beginning = [at for at in places if at == 0 or not text[at - 1].isalnum()]
    same = [at for at in beginning if _key_of(text[at]) == letter]
    at = (same or beginning or places)[0]
    return text[:at] + accelerator.mark + text[at:]


def _key_of(character: str) -> str:
    """The letter without its diacritics: É is on the key of E."""
    return unicodedata.normalize("NFD", character)[0].casefold()
