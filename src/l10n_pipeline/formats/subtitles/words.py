"""Translations as words with the tags around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.codes import CodedText, Mark
from l10n_pipeline.model import CodeKind, InlineCode

# What is written without spaces may be divided between any two characters, save before those
# that must not begin a line and after those that must not end one (JIS X 4051).
_UNSPACED: Final = (
    r"\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_NEVER_FIRST: Final = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ー"
_PLACE: Final = re.compile(
    # Not between a word and punctuation set off from it: « Quoi ? »
    r"(?<![«“‹„(\[¿¡])(?:[^\S\xa0\u2007\u202f]|\u200b)++(?![^\w\s]+(?:\s|$))"
    rf"|(?<=[{_UNSPACED}ー々、。，．！？」』）】…])(?![{_NEVER_FIRST}])(?=[{_UNSPACED}「『（【])"
)
_LINE_BREAK: Final = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class Word:
    """What is never divided."""

    raw: str
    """As the document is to have it, with tags."""
    shown: str
    glue: str
    """What stands between it and the next word, in one line."""
    events: tuple[InlineCode, ...]
    """The halves of pairs among its tags, in order."""


def words_of(
    coded: CodedText,
    originals: Sequence[InlineCode],
    encode: Callable[[str], str],
) -> list[Word]:
    """The words of a translation; none where it shows nothing.

    White space goes between words, other than no-break spaces. Tags that close go with the
    word before, others with the word after.

    Args:
        coded: the translation.
        originals: for each of its marks the code as its block has it: a pair that its
            segment has cut is one there.
        encode: makes a viewer's text the document's.
    """
    return list(_words(coded, originals, encode)) if coded.text.strip() else []


def _words(
    coded: CodedText, originals: Sequence[InlineCode], encode: Callable[[str], str]
) -> Iterator[Word]:
    text = coded.text
    begin, at = len(text) - len(text.lstrip()), 0
    for place in [*_places(coded, begin, len(text.rstrip())), None]:
        end, following = place or (len(text.rstrip()), len(text))
        raw: list[str] = []
        events: list[InlineCode] = []
        done = begin
        while at < len(coded.marks):
            mark, original = coded.marks[at], originals[at]
            if place and not _goes_before(mark, original, end, following):
                break
            start = max(done, min(mark.span.start, end))
            raw += (encode(text[done:start]), original.raw)
            done = max(start, min(mark.span.end, end))
            if original.kind is not CodeKind.STANDALONE:
                events.append(original)
            at += 1
        raw.append(encode(text[done:end]))
        glue = _LINE_BREAK.sub(" ", text[end:following]) if place else ""
        yield Word("".join(raw), text[begin:end], glue, tuple(events))
        begin = following


def _places(coded: CodedText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the text may be divided: the white space that is lost there, if any."""
    ahead = 0
    for found in _PLACE.finditer(coded.text, start, end):
        while ahead < len(coded.marks) and coded.marks[ahead].span.end <= found.start():
            ahead += 1
        is_inside = ahead < len(coded.marks) and coded.marks[ahead].span.start < found.end()
        if not (is_inside and coded.marks[ahead].span) and found.start() > start:
            yield found.span()


def _goes_before(mark: Mark, original: InlineCode, end: int, following: int) -> bool:
    if mark.span.start < end:
        return True
    if mark.span.start > following:
        return False
    if original.kind is CodeKind.STANDALONE:
        return not mark.code.shown and mark.span.start == end < following
    return original.kind is CodeKind.CLOSE
