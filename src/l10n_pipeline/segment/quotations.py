"""Which quotation marks and brackets of a text belong together.

Typography differs by language and writers mix it, so that one scan takes all styles at
once: “English”, „German“, „Polish”, ”Swedish”, «Russian», »Danish«, ‘British’, "typed",
'typed', (brackets), 「Japanese」. An apostrophe within a word is none of them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from l10n_pipeline.model import Span

APOSTROPHE: Final = re.compile(r"(?<=[^\W\d_])['’‘`´](?=\w)")
"""An apostrophe within a word, whichever character was typed for it."""

QUOTES: Final = "“”„‟«»‹›‘’‚‛\"'`"
OPENING_BRACKETS: Final = "([{（［｛「『【〔〈《"
CLOSING_BRACKETS: Final = ")]}）］｝」』】〕〉》"

_MARK: Final = re.compile(f"[{re.escape(QUOTES + OPENING_BRACKETS + CLOSING_BRACKETS)}]")
# For each mark, what may have opened the pair that it closes.
_OPENERS_OF: Final = {
    **dict(zip(CLOSING_BRACKETS, OPENING_BRACKETS, strict=True)),
    "”": "“„”",
    "“": "„",
    "‟": "„",
    "»": "«»",
    "«": "»",
    "›": "‹›",
    "‹": "›",
    "’": "‘‚’",
    "‘": "‚`",
    '"': '"„',
    "'": "'`",
    "`": "`",
}
_NEVER_CLOSING: Final = frozenset(OPENING_BRACKETS + "„‚‛")
_NEVER_OPENING: Final = frozenset(CLOSING_BRACKETS + "‟")
_OUTSIDE: Final = frozenset(OPENING_BRACKETS + QUOTES + "-–—/¿¡")
"""What, besides white space, may stand right before an opening mark."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The quotation marks and brackets of a text."""

    pairs: tuple[Span, ...]
    """From the opening mark to after its closing mark; nested ones before what holds them."""
    unpaired: tuple[int, ...]
    """Offsets of marks without a partner."""


def find_marks(text: str) -> Marks:
    """Pair the marks of a text in one scan, in time linear in its length.

    >>> [span.of("„So“ (5') «so»") for span in find_marks("„So“ (5') «so»").pairs]
    ['„So“', "(5')", '«so»']
    """
    apostrophes = {match.start() for match in APOSTROPHE.finditer(text)}
    pairs: list[Span] = []
    unpaired: list[int] = []
    open_marks: list[int] = []
    # Without the count a closing mark that nothing opened would search the whole stack.
    open_count: Counter[str] = Counter()
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        if at in apostrophes:
            continue
        openers = _OPENERS_OF.get(mark, "") if mark not in _NEVER_CLOSING else ""
        if any(open_count[opener] for opener in openers) and _may_close(text, at):
            while text[open_marks[-1]] not in openers:
                dropped = open_marks.pop()
                open_count[text[dropped]] -= 1
                unpaired.append(dropped)
            opened = open_marks.pop()
            open_count[text[opened]] -= 1
            pairs.append(Span(opened, at + 1))
        elif _may_open(text, at):
            open_marks.append(at)
            open_count[mark] += 1
        else:
            unpaired.append(at)
    return Marks(tuple(pairs), tuple(sorted(unpaired + open_marks)))


def _may_open(text: str, at: int) -> bool:
    mark = text[at]
    if mark in _NEVER_OPENING or at + 1 == len(text):
        return False
    if mark in OPENING_BRACKETS:
        return True
    following = text[at + 1]
    # '90s is an apostrophe, « aussi » a quotation in French.
    if mark in "'’`" and not following.isalpha():
        return False
    if following.isspace():
        return mark == "«"
    before = text[at - 1] if at else " "
    if mark in "“„«‘‚‹":
        return True
    # Chinese and Japanese leave no space before an opening mark.
    return before.isspace() or before in _OUTSIDE or east_asian_width(before) in "WF"


def _may_close(text: str, at: int) -> bool:
    """Typed marks look alike at both ends: a closing one follows what is quoted."""
    mark = text[at]
    if mark not in "\"'`’”»«":
        return True
    following = text[at + 1] if at + 1 < len(text) else " "
    if mark in "'’`" and following.isalnum():
        return False
    if mark in "\"'`”":
        return not text[at - 1].isspace() or not _may_open(text, at)
    return True
