"""Superscripts and subscripts that are part of what they stand at: ``2<sup>48</sup>``,
``H<sub>2</sub>O``, ``claim<sup>1</sup>``.

Without markup, the model would see a number, a word or a footnote's mark that is not there:
248 for 2⁴⁸, "claim1". A formula is taken for one code, which arrives as it was or not at all;
a mark on a word for a code that shows nothing. Ordinals (``1<sup>st</sup>``) are words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.codes import CodedText, Mark
from l10n_pipeline.folding import is_unspaced, is_word_character
from l10n_pipeline.markup.nodes import partners
from l10n_pipeline.model import CodeKind, InlineCode, Span

_SCRIPT: Final = re.compile(r"<su(?P<kind>[bp])[\s>/]", re.IGNORECASE)
_LONGEST: Final = 12
"""Characters of a script that is part of a formula, or a mark; a longer one is text."""
_WORD: Final = 4
"""Letters in a row that make a word to be translated: "claim", but not "km" or "SO"."""
_NO_WORDS: Final = frozenset(
    ("sin", "cos", "tan", "cot", "sec", "log", "exp", "lim", "max", "min", "in", "mi", "ha")
)
"""Functions and units that look like words."""
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_VOWEL: Final = re.compile(r"[aeiouyáéíóúàâêôãõäöüåæø]", re.IGNORECASE)
_ORDINAL: Final = re.compile(r"[eoaºª]|[^\W\d_]{2,}", re.IGNORECASE)
"""What is written above the line behind a number: French *e*, Portuguese *o* and *a*, "st"."""
_NOTE: Final = re.compile(
    r"[\[(]?(?:\d{1,3}|[a-z])(?:[,;–-](?:\d{1,3}|[a-z]))*[\])]?|[*†‡§¶#®©™]{1,3}|TM|SM|MC|R"
)
"""A footnote's mark, or a trademark's."""


def folded(coded: CodedText) -> tuple[CodedText, Mapping[InlineCode, CodedText]]:
    """A text whose formulas and marks are codes, and what each of these stands for."""
    if not any(_SCRIPT.match(mark.code.raw) for mark in coded.marks):
        return coded, {}
    pieces: list[str] = []
    marks: list[Mark] = []
    standing: dict[InlineCode, CodedText] = {}
    done = length = kept = 0
    for group in _groups(coded):
        own = coded.marks[group.first : group.last + 1]
        marks += (moved(mark, length - done) for mark in coded.marks[kept : group.first])
        before, whole = coded.text[done : group.span.start], group.span.of(coded.text)
        code = InlineCode(
            CodeKind.STANDALONE, own[0].code.number, "", "" if group.is_mark else whole
        )
        standing[code] = CodedText(whole, tuple(moved(mark, -group.span.start) for mark in own))
        length += len(before)
        marks.append(Mark(code, Span(length, length + len(code.shown))))
        length += len(code.shown)
        pieces += (before, code.shown)
        done, kept = group.span.end, group.last + 1
    marks += (moved(mark, length - done) for mark in coded.marks[kept:])
    pieces.append(coded.text[done:])
    return CodedText("".join(pieces), tuple(marks)), standing


def unfolded(coded: CodedText, standing: Mapping[InlineCode, CodedText]) -> CodedText:
    """The text with what codes stand for in their place."""
    if not standing:
        return coded
    pieces: list[str] = []
    marks: list[Mark] = []
    done = length = 0
    for mark in coded.marks:
        before = coded.text[done : mark.span.start]
        whole = standing.get(mark.code)
        if whole is None:
            whole = CodedText(mark.span.of(coded.text), (moved(mark, -mark.span.start),))
        length += len(before)
        marks += (moved(one, length) for one in whole.marks)
        length += len(whole.text)
        pieces += (before, whole.text)
        done = mark.span.end
    pieces.append(coded.text[done:])
    return CodedText("".join(pieces), tuple(marks))


def moved(mark: Mark, by: int) -> Mark:
    """A mark further on in its text."""
    return Mark(mark.code, Span(mark.span.start + by, mark.span.end + by))


@dataclass(frozen=True, slots=True)
class _Group:
    """Marks ``first`` to ``last``, and the stretch of text that goes with them."""

    span: Span
    first: int
    last: int
    is_mark: bool


@dataclass(frozen=True, slots=True)
class _Script:
    """A superscript or a subscript, or several with nothing between them."""

    span: Span
    is_raised: bool


def _groups(coded: CodedText) -> Iterator[_Group]:
    """In order; none overlaps another."""
    partner = partners([mark.code for mark in coded.marks])
    partner |= {last: first for first, last in partner.items()}
    waiting = _scripts(coded, partner)[::-1]
    done = 0
    while waiting:
        own = [waiting.pop()]
        token = _token_around(coded.text, own[0].span)
        while waiting and waiting[-1].span.start <= token.end:
            own.append(waiting.pop())
            token = Span(token.start, _token_around(coded.text, own[-1].span).end)
        if _is_mark(coded.text, token, own):
            group = _grouped(coded, own[0].span, partner, is_mark=True)
        elif _is_formula(coded.text, token, own):
            group = _grouped(coded, token, partner, is_mark=False)
        else:
            continue
        if group is not None and group.first >= done:
            done = group.last + 1
            yield group


def _scripts(coded: CodedText, partner: Mapping[int, int]) -> list[_Script]:
    scripts: list[_Script] = []
    for at, mark in enumerate(coded.marks):
        found = _SCRIPT.match(mark.code.raw)
        if found is None or partner.get(at, at) <= at:
            continue
        span = Span(mark.span.start, coded.marks[partner[at]].span.end)
        is_raised = found["kind"] in "pP"
        before = scripts[-1] if scripts else None
        if before is not None and before.span.end == span.start and before.is_raised == is_raised:
            scripts[-1] = _Script(Span(before.span.start, span.end), is_raised)
        elif len(span) and (before is None or before.span.end <= span.start):
            scripts.append(_Script(span, is_raised))
    return [
        one
        for one in scripts
        if len(one.span) <= _LONGEST and not any(map(str.isspace, one.span.of(coded.text)))
    ]


def _token_around(text: str, span: Span) -> Span:
    """What a span and the letters and digits that touch it make together."""
    start, end = span.start, span.end
    while start > 0 and _is_of_word(text[start - 1]):
        start -= 1
    while end < len(text) and _is_of_word(text[end]):
        end += 1
    return Span(start, end)


def _is_of_word(character: str) -> bool:
    return is_word_character(character) and not is_unspaced(character)


def _is_mark(text: str, token: Span, scripts: Sequence[_Script]) -> bool:
    """Whether the only script of a token stands at an end of a word, or behind punctuation."""
    if len(scripts) != 1:
        return False
    script, is_raised = scripts[0].span, scripts[0].is_raised
    before, after = text[token.start : script.start], text[script.end : token.end]
    if before and not after and not is_raised:
        return _is_word(before, is_raised=False)
    if not is_raised or not _NOTE.fullmatch(script.of(text)):
        return False
    if before and after:
        return False
    if before or after:
        is_plain = any(map(str.isalnum, script.of(text)[:1]))
        return not is_plain or _is_word(before or after, is_raised=True)
    return script.start > 0 and not text[script.start - 1].isspace()


def _is_formula(text: str, token: Span, scripts: Sequence[_Script]) -> bool:
    done = token.start
    base = ""
    for script in scripts:
        base += text[done : script.span.start]
        done = script.span.end
    base += text[done : token.end]
    # "nth" and "1st" are words, as French "Mme" is.
    is_abbreviated = len(base) == 1 or base.isdigit()
    if is_abbreviated and any(
        one.is_raised and _ORDINAL.fullmatch(one.span.of(text)) for one in scripts
    ):
        return False
    return bool(base) and all(len(letters) < _WORD for letters in _LETTERS.findall(base))


def _is_word(base: str, *, is_raised: bool) -> bool:
    """Whether letters that a script stands at are a word of a sentence."""
    if not base.isalpha() or base.casefold() in _NO_WORDS:
        return False
    return len(base) >= _WORD or (is_raised and len(base) > 1 and bool(_VOWEL.search(base)))


def _grouped(
    coded: CodedText, span: Span, partner: Mapping[int, int], *, is_mark: bool
) -> _Group | None:
    """The marks that go with a stretch of text: scripts, and all that stands inside, with
    their other halves; None where one of these stands elsewhere.
    """
    marks = coded.marks
    begin = bisect_left(marks, span.start, key=lambda mark: mark.span.end)
    end = bisect_right(marks, span.end, key=lambda mark: mark.span.start)
    needed = {
        at
        for at in range(begin, end)
        if _SCRIPT.match(marks[partner.get(at, at)].code.raw)
        or _SCRIPT.match(marks[at].code.raw)
        or (span.start < marks[at].span.end and marks[at].span.start < span.end)
    }
    needed |= {partner[at] for at in needed if at in partner}
    first, last = min(needed), max(needed)
    is_whole = (
        begin <= first
        and last < end
        and all(
            first <= partner.get(at, at) <= last and span.contains(marks[at].span)
            for at in range(first, last + 1)
        )
    )
    return _Group(span, first, last, is_mark) if is_whole else None
