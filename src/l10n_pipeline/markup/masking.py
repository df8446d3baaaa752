"""What a model sees of a text with codes: no markup, and words that it copies in the place of
what is not to be translated.

Left as they are, half of all code spans, addresses and placeholders do not survive a small
model: ``make test`` becomes "fazer teste", ``{name}`` a quotation mark and a noun. Invented
surnames do, and the sentence around them stays natural.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from l10n_pipeline.codes import CodedText, Mark
from l10n_pipeline.folding import is_unspaced, is_word_character, words
from l10n_pipeline.markup.scripts import folded
from l10n_pipeline.model import CodeKind, InlineCode, Span

ATTEMPTS: Final = 2
"""Kinds of stand-ins that can be tried one after the other."""
_NAMES: Final = (
    "Zelnovak",
    "Krastovic",
    "Belmirov",
    "Tavrinsk",
    "Oskelund",
    "Drovanek",
    "Morvatsky",
    "Felgrund",
    "Halvorec",
    "Stranzky",
)
"""No two begin alike, and none is anybody's name."""
_NUMBERS: Final = ("47", "58", "69", "74", "85", "96")
_LABEL: Final = "QX"
"""With a number, copied by models that would spell a name their own way."""
_STAND_IN: Final = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(_NAMES)}|{_LABEL}\d+)(?![A-Za-z0-9])")
# QX12 is not QX1, nor is 147 the number 47.
_POSSIBLE: Final = re.compile(
    rf"(?:{'|'.join(_NAMES)}|(?<!\d)(?:{'|'.join(_NUMBERS)})|{_LABEL}\d+)(?!\d)", re.IGNORECASE
)
_QUANTITY: Final = re.compile(
    r"%(?:\d+\$)?[-+ 0#]*\d*(?:\.\d+)?(?:l|ll|h|z)?[diufgx]"
    r"|(?:%\(|[#$]?\{\{?)\s*(?:[a-z]+_)*(?:count|num|number|n|min|max|limit|total|first|last|size"
    r"|seconds|minutes|hours|days|weeks|months|years|pages?|others|price|amount|quantity|age)"
    r"\s*(?:\)[a-z]|\}\}?)",
    re.IGNORECASE,
)
"""A placeholder for a number, by its conversion or its name: with a name in its place, models
make "days {n}" of "{n} days"."""
_MAY_BE_FOLLOWED_BY_SPACE: Final = frozenset(",;:.!?)]}»”\"'")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as a model sees it."""

    text: str
    """Stand-ins included; no white space at its ends."""
    marks: tuple[Mark, ...]
    """The codes in order; one that shows something covers its stand-in."""
    source: CodedText
    """What was masked, mark by mark."""
    standing: Mapping[InlineCode, CodedText] = field(default_factory=dict)
    """Codes that stand for formulas and for footnotes' marks, which have codes of their own."""

    @property
    def has_words(self) -> bool:
        """Whether there is anything to translate beside the stand-ins."""
        hidden = {place for mark in self.marks for place in range(mark.span.start, mark.span.end)}
        return any(hidden.isdisjoint(range(word.start, word.end)) for word in words(self.text))

    def unmasked(self, text: str) -> str:
        """Some text about this one, with what the stand-ins stand for in their place."""
        shown = {
            mark.span.of(self.text): mark.code.shown
            for mark in self.marks
            if mark.span.start < mark.span.end
        }
        if not shown:
            return text
        alternatives = "|".join(map(re.escape, sorted(shown, reverse=True)))
        pattern = rf"(?<![A-Za-z0-9])(?:{alternatives})(?![A-Za-z0-9])"
        return re.sub(pattern, lambda match: shown[match[0]], text)


def masked(coded: CodedText, attempt: int = 0) -> Masked:
    """Mask a text.

    A formula such as 2⁴⁸ that markup divides is one code. The model sees its characters, 248,
    where they tell it from all else in the text.

    An image between two spaces leaves one of them, a line break between two words becomes a
    space: a model sees a sentence.

    Args:
        coded: the source.
        attempt: which kind of stand-ins, below :data:`ATTEMPTS`.
    """
    coded, standing = folded(coded)
    names, numbers = _stand_ins(coded.text, attempt)
    text = ""
    marks: list[Mark] = []
    done = 0
    gap = True
    """Whether white space would be the first, or doubled over a code that shows nothing."""
    joint = False
    """Whether a word that follows directly would run into what was before a code."""
    for mark in (*coded.marks, None):
        piece = coded.text[done : len(coded.text) if mark is None else mark.span.start]
        if piece:
            if gap and (not text or text[-1].isspace()):
                piece = piece.lstrip()
            elif joint and _is_letter(piece[0]):
                text += " "
            if piece:
                text += piece
                gap = joint = False
        if mark is None:
            break
        done = mark.span.end
        if mark.code.shown:
            is_natural = mark.code in standing and attempt == 0
            word = _stand_in(mark.code.shown, coded.text, names, numbers, is_natural=is_natural)
            if joint or (text and _is_letter(text[-1])):
                text += " "
            marks.append(Mark(mark.code, Span(len(text), len(text) + len(word))))
            text += word
            gap, joint = False, True
        else:
            marks.append(Mark(mark.code, Span(len(text), len(text))))
            if mark.code.kind is CodeKind.STANDALONE:
                joint = joint or (bool(text) and not gap and _may_precede_space(text[-1]))
                gap = True
    trimmed = text.rstrip()
    return Masked(
        trimmed,
        tuple(Mark(mark.code, _within(mark.span, len(trimmed))) for mark in marks),
        coded,
        standing,
    )


def _stand_in(
    shown: str, text: str, names: Iterator[str], numbers: Iterator[str], *, is_natural: bool
) -> str:
    """What a model sees in the place of what a code shows: that itself where it is natural in
    a sentence, is no word, and stands there once.
    """
    is_told = any(map(str.isdigit, shown)) and text.casefold().count(shown.casefold()) == 1
    if is_natural and is_told:
        return shown
    return next(numbers if _QUANTITY.fullmatch(shown) else names)


def _within(span: Span, length: int) -> Span:
    return span if span.end <= length else Span(min(span.start, length), length)


def _may_precede_space(character: str) -> bool:
    return _is_letter(character) or character in _MAY_BE_FOLLOWED_BY_SPACE


def _is_letter(character: str) -> bool:
    return is_word_character(character) and not is_unspaced(character)


def _stand_ins(text: str, attempt: int) -> tuple[Iterator[str], Iterator[str]]:
    """Words for names and for numbers, none of which stands in the text."""
    known = text.casefold()
    labels = (
        label for at in range(1, 10_000_000) if (label := f"{_LABEL}{at}").casefold() not in known
    )
    if attempt > 0:
        return labels, labels
    names = chain((name for name in _NAMES if name.casefold() not in known), labels)
    return names, chain((number for number in _NUMBERS if number not in text), names)


def stand_ins_in(text: str, formulas: Iterable[str] = ()) -> Iterator[re.Match[str]]:
    """All that may be a stand-in in a translation, whatever its case; a number need not be.

    Args:
        text: the translation.
        formulas: that stand for themselves.
    """
    alternatives = "|".join(map(re.escape, sorted(formulas, key=len, reverse=True)))
    if not alternatives:
        return _POSSIBLE.finditer(text)
    pattern = rf"(?<![A-Za-z0-9])(?:{alternatives})(?![A-Za-z0-9])|{_POSSIBLE.pattern}"
    return re.finditer(pattern, text, re.IGNORECASE)


def lost_stand_ins(source: str, text: str) -> tuple[str, ...]:
    """The stand-ins of a masked source that its translation has not just as often.

    >>> lost_stand_ins("Run Zelnovak in 47 folders", "Execute em 47 pastas")
    ('Zelnovak',)
    """
    wanted = Counter(match[0] for match in _STAND_IN.finditer(source))
    found = Counter(match[0] for match in _STAND_IN.finditer(text) if wanted)
    return tuple(word for word, count in wanted.items() if found[word] != count)
