"""Text made comparable, with every code point's way back to where it came from.

Names are compared under canonical equivalence (Unicode Standard, §3.13 and UAX #15)
and, where wanted, without regard to case; typographic variants of white space,
apostrophes, hyphens and double quotation marks count as one. The comparison never
changes the text itself: a :class:`FoldedText` maps each match back to exact offsets.

Word boundaries follow the idea of UAX #29 for what names need: combining marks belong
to the word, scripts written without spaces have a boundary between any two characters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from l10n_pipeline.model import Span

APOSTROPHES: Final = "'’‘`´ʼʹ′"
HYPHENS: Final = "-‐‑‒–−﹣－"
DOUBLE_QUOTES: Final = '"“”„‟«»″＂'

_VARIANTS: Final = {
    **dict.fromkeys(APOSTROPHES, "'"),
    **dict.fromkeys(HYPHENS, "-"),
    **dict.fromkeys(DOUBLE_QUOTES, '"'),
    "…": "...",
}
# Invisible and without meaning for what a word is: soft hyphen, word joiner, byte
# order mark, directional marks and embeddings.
_IGNORED: Final = frozenset(
    "\u00ad\u2060\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Printable ASCII with single spaces inside: each character folds to one, at its own place.
_STRETCH: Final = re.compile(r"(?P<plain>[!-~]+(?: [!-~]+)*)|[^!-~]+")
_JOINERS: Final = frozenset("\u200c\u200d")
# First and last code point of scripts written without spaces between words (Thai, Lao,
# Tibetan, Myanmar, Khmer, Tai scripts, Han, Kana, Bopomofo, Yi) and of Hangul, whose
# particles follow a name without a space.
_UNSPACED: Final = (
    (0x0E00, 0x0FFF),
    (0x1000, 0x109F),
    (0x1100, 0x11FF),
    (0x1780, 0x17FF),
    (0x1950, 0x19DF),
    (0x1A20, 0x1AAF),
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3021, 0x318F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0xA4CF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFFDC),
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFD),
)
_UNSPACED_STARTS: Final = tuple(start for start, _ in _UNSPACED)


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text in comparable form. See :func:`fold`."""

    text: str
    """The comparable form."""
    original: str
    starts: tuple[int, ...]
    """For each code point of ``text``, where its origin begins in ``original``."""
    ends: tuple[int, ...]
    """For each code point of ``text``, where its origin ends in ``original``."""

    def origin(self, start: int, end: int) -> Span:
        """The part of ``original`` that ``text[start:end]`` stands for; not empty."""
        return Span(min(self.starts[start:end]), max(self.ends[start:end]))

    def divisible(self, at: int) -> bool:
        """Whether ``text`` may be divided before ``at`` without tearing a character:
        neither a code point that folds to several nor a base and its combining marks.
        """
        if at in (0, len(self.text)):
            return True
        whole = self.starts[at] >= self.ends[at - 1]
        return whole and not _extends(self.text[at]) and self.text[at - 1] != "\u200d"

    def boundary(self, at: int) -> bool:
        """Whether a name may begin or end before ``at``: no word goes on across it.

        An apostrophe ends a name also where a suffix follows ("Aliyeva's", "Bakü'de"),
        but a contraction ("Don't") and a name that goes on ("O'Brien") are one word.
        """
        if not self.divisible(at):
            return False
        if at in (0, len(self.text)):
            return True
        before, after = self.text[self._base(at - 1)], self.text[at]
        if after == "'" and is_word_character(before):
            return self._suffix_may_follow(at)
        if not (is_word_character(before) and is_word_character(after)):
            return True
        return is_unspaced(before) or is_unspaced(after)

    def _base(self, at: int) -> int:
        """Where the character begins that the code point at ``at`` belongs to."""
        while at > 0 and _extends(self.text[at]):
            at -= 1
        return at

    def _suffix_may_follow(self, apostrophe: int) -> bool:
        end = apostrophe + 1
        while end < len(self.text) and is_word_character(self.text[end]):
            end += 1
        suffix = self.original[self.ends[apostrophe] : self.ends[end - 1]]
        if suffix.lower() in ("", "s"):
            return True
        start = self._base(apostrophe - 1)
        while start > 0 and is_word_character(self.text[start - 1]):
            start -= 1
        name = self.origin(start, apostrophe).of(self.original)
        in_capitals = name.isupper() and len(name) > 1
        return suffix.lower() != "t" and (in_capitals or not suffix[0].isupper())


def fold(text: str, *, keep_case: bool = False) -> FoldedText:
    r"""The comparable form of a text: canonically decomposed, runs of white space one
    space, typographic variants alike, and case-folded unless ``keep_case``.

    >>> fold("Aliyeva`s\u00a0 “Straße”").text
    'aliyeva\'s "strasse"'
    >>> folded = fold("Straße 5")
    >>> folded.origin(0, 7).of(folded.original)
    'Straße'
    """
    fold_one = _fold_keeping_case if keep_case else _fold_without_case
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for stretch in _STRETCH.finditer(text):
        start, end = stretch.span()
        if stretch["plain"]:
            plain = stretch[0].replace("`", "'")
            pieces.append(plain if keep_case else plain.lower())
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
            continue
        for at, character in enumerate(stretch[0], start):
            piece = fold_one(character)
            if piece == " " and pieces and pieces[-1] == " ":
                ends[-1] = at + 1
                continue
            for code_point in piece:
                pieces.append(code_point)
                starts.append(at)
                ends.append(at + 1)
    folded = "".join(pieces)
    if not unicodedata.is_normalized("NFD", folded):
        order = _canonical_order(folded)
        folded = "".join(folded[at] for at in order)
        starts = [starts[at] for at in order]
        ends = [ends[at] for at in order]
    return FoldedText(folded, text, tuple(starts), tuple(ends))


def words(text: str) -> tuple[Span, ...]:
    """Words in order: runs of word characters; each character of a script written
    without spaces, with its marks, counts as a word of its own.

    >>> [span.of("d'Ivoire, 366th") for span in words("d'Ivoire, 366th")]
    ['d', 'Ivoire', '366th']
    """
    return tuple(_words(text))


def _words(text: str) -> Iterator[Span]:
    start: int | None = None
    for at, character in enumerate(text):
        inside = is_word_character(character) or character in _IGNORED
        if start is not None and (not inside or _divides(text[at - 1], character)):
            yield Span(start, at)
            start = None
        if start is None and inside and _begins_word(character):
            start = at
    if start is not None:
        yield Span(start, len(text))


def _begins_word(character: str) -> bool:
    # A mark or joiner without a word before it belongs to a symbol: ❤️, 👩‍🚀.
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Pc"


def _divides(before: str, after: str) -> bool:
    return (is_unspaced(before) or is_unspaced(after)) and not _extends(after)


@lru_cache(maxsize=8192)
def is_word_character(character: str) -> bool:
    """Whether it can be part of a word: letters, digits, marks, joiners, low line."""
    category = unicodedata.category(character)
    return category[0] in "LMN" or category == "Pc" or character in _JOINERS


@lru_cache(maxsize=8192)
def is_unspaced(character: str) -> bool:
    """Whether its script writes words without spaces between them."""
    code_point = ord(character)
    at = bisect_right(_UNSPACED_STARTS, code_point) - 1
    return at >= 0 and code_point <= _UNSPACED[at][1]


@lru_cache(maxsize=8192)
def _extends(character: str) -> bool:
    """Whether it belongs to the character before it: a mark, a joiner, a medial or final
    jamo, an emoji's skin tone.
    """
    return (
        unicodedata.category(character)[0] == "M"
        or character == "\u200d"
        or "\u1160" <= character <= "\u11ff"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


@lru_cache(maxsize=16384)
def _fold_keeping_case(character: str) -> str:
    if character in _IGNORED:
        return ""
    return "".join(_variant(code_point) for code_point in unicodedata.normalize("NFD", character))


@lru_cache(maxsize=16384)
def _fold_without_case(character: str) -> str:
    return "".join(
        # U+0345 is a mark that case-folds to a letter: folding it would let the order of
        # the marks around it decide what is equal.
        one if one == "\u0345" else unicodedata.normalize("NFD", one.casefold())
        for one in _fold_keeping_case(character)
    )


def _variant(code_point: str) -> str:
    if code_point.isspace():
        return " "
    # What Rust's UTF-8 strings cannot hold must not reach the automaton.
    if unicodedata.category(code_point) == "Cs":
        return "\ufffd"
    return _VARIANTS.get(code_point, code_point)


def _canonical_order(code_points: str) -> list[int]:
    """Indices in canonical order: runs of marks stably sorted by combining class."""
    order = list(range(len(code_points)))
    classes = [unicodedata.combining(code_point) for code_point in code_points]
    starters = [at for at, combining in enumerate(classes) if combining == 0]
    for start, end in pairwise([-1, *starters, len(order)]):
        order[start + 1 : end] = sorted(order[start + 1 : end], key=classes.__getitem__)
    return order
