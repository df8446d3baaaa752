"""Words of a text as names are made of them: hyphens and apostrophes inside, suffixes off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.folding import APOSTROPHES, DOUBLE_QUOTES, words
from l10n_pipeline.model import Span
from l10n_pipeline.termforms import begins_sentence

# A dash between names, as in Moscow–Baku, joins two of them and is no part of either.
_HYPHENS: Final = "-‐‑"
_QUOTES: Final = frozenset(DOUBLE_QUOTES)


@dataclass(frozen=True, slots=True)
class Token:
    """A word with what stands before it."""

    text: str
    span: Span
    """Offsets into the text; without a suffix after an apostrophe."""
    gap: str
    """What stands between the word before, suffix included, and this one."""
    suffixed: bool
    """Whether a suffix follows after an apostrophe: ``Aliyeva's``, ``Bakü'de``."""
    initial: bool
    """Whether it opens a sentence, or a quotation: a capital there tells nothing."""

    @property
    def capital(self) -> bool:
        """Whether it is written as names are, not as acronyms in the plural are (``MPs``)."""
        letters = self.text
        if letters[0].isupper() or letters[0].istitle():
            return not (len(letters) > 2 and letters[-1] == "s" and letters[:-1].isupper())
        return any(letter.isupper() for letter in letters)

    @property
    def numeric(self) -> bool:
        """Whether it is written in digits alone."""
        return self.text.isdigit()


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text, in order.

    >>> [token.text for token in tokens("Aliyeva's al-Qaeda, O'Brien of Côte d'Ivoire")]
    ['Aliyeva', 'al-Qaeda', "O'Brien", 'of', 'Côte', 'd', 'Ivoire']
    """
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    pieces = words(text)
    at = before = 0
    while at < len(pieces):
        start, end = pieces[at].start, pieces[at].end
        after = end
        at += 1
        while at < len(pieces):
            joint, piece = text[end : pieces[at].start], pieces[at].of(text)
            if len(joint) != 1:
                break
            if joint in _HYPHENS or (joint in APOSTROPHES and _goes_on(text[start:end], piece)):
                end = after = pieces[at].end
                at += 1
            elif joint in APOSTROPHES and piece[0].islower() and len(text[start:end]) > 1:
                after = pieces[at].end
                at += 1
                break
            else:
                break
        gap = text[before:start]
        # The word before suffices: all of the text would be copied for each word of it.
        up_to = text[max(before - 1, 0) : start]
        yield Token(
            text=text[start:end],
            span=Span(start, end),
            gap=gap,
            suffixed=after > end or _ends_in_apostrophe(text, end, pieces[at : at + 1]),
            initial=begins_sentence(up_to, len(up_to)) or gap[-1:] in _QUOTES,
        )
        before = after


def _ends_in_apostrophe(text: str, end: int, following: Sequence[Span]) -> bool:
    """Whether a bare apostrophe follows, as after a plural: the States' rights."""
    apostrophe = text[end : end + 1] in tuple(APOSTROPHES)
    return apostrophe and not (following and following[0].start == end + 1)


def _goes_on(word: str, piece: str) -> bool:
    """Whether a word goes on after an apostrophe: O'Brien and don't do, Aliyeva's and the
    particle of Côte d'Ivoire do not.
    """
    capital = any(letter.isupper() for letter in word)
    return piece[0].isupper() if capital else piece[0].islower()
