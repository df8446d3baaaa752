"""Inline codes as reviewers see them, and translations with codes taken apart.

A code stands in a msgid as an XML-like tag: ``<g1>bold</g1>`` for a pair, ``<x2/>`` for
what stands alone. The letters are those of XLIFF 1.2 (``g`` for a group, ``x`` for a
placeholder); PO editors and checkers compare such tags without being told to. Numbers count a
segment's codes; a translation may move them, and has to have each once, well nested.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.model import CodeKind, InlineCode, Span

TAG: Final = re.compile(r"<(?P<close>/)?(?:g(?P<pair>\d{1,7})|x(?P<alone>\d{1,7})/)>")
"""A code as it is written. Text of a document that looks like one has to be made a code."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A code and its place in a text."""

    code: InlineCode
    span: Span
    """Offsets into the text: of what the code shows; empty where it shows nothing."""


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text as a reader sees it, and the codes in it."""

    text: str
    """What codes show included."""
    marks: tuple[Mark, ...] = ()
    """In order."""


def tag(code: InlineCode) -> str:
    """How a code is written.

    >>> tag(InlineCode(CodeKind.CLOSE, 3, "**"))
    '</g3>'
    """
    match code.kind:
        case CodeKind.OPEN:
            return f"<g{code.number}>"
        case CodeKind.CLOSE:
            return f"</g{code.number}>"
        case CodeKind.STANDALONE:
            return f"<x{code.number}/>"


def write(coded: CodedText) -> str:
    """The text with tags in the codes' places.

    >>> bold = [InlineCode(kind, 1, "**") for kind in (CodeKind.OPEN, CodeKind.CLOSE)]
    >>> marks = (Mark(bold[0], Span(2, 2)), Mark(bold[1], Span(5, 5)))
    >>> write(CodedText("a bcd", marks))
    'a <g1>bcd</g1>'
    """
    pieces: list[str] = []
    done = 0
    for mark in coded.marks:
        pieces += (coded.text[done : mark.span.start], tag(mark.code))
        done = mark.span.end
    pieces.append(coded.text[done:])
    return "".join(pieces)


def read(written: str, codes: Sequence[InlineCode]) -> CodedText:
    """A text with tags, taken apart. Tags of codes that there are not stay text.

    Args:
        written: a source or a translation.
        codes: the segment's.
    """
    by_tag = {tag(code): code for code in codes}
    pieces: list[str] = []
    marks: list[Mark] = []
    length = done = 0
    for found in TAG.finditer(written) if by_tag else ():
        code = by_tag.get(found[0])
        if code is None:
            continue
        kept = written[done : found.start()]
        start = length + len(kept)
        pieces += (kept, code.shown)
        length = start + len(code.shown)
        marks.append(Mark(code, Span(start, length)))
        done = found.end()
    pieces.append(written[done:])
    return CodedText("".join(pieces), tuple(marks))


def faults(written: str, codes: Sequence[InlineCode]) -> tuple[str, ...]:
    """What is wrong with the codes of a translation, in words for a reviewer; nothing where
    each stands in it once and pairs are well nested.
    """
    return tuple(_faults(written, codes))


def emptied(source: str, written: str) -> tuple[str, ...]:
    """The opening tags of pairs that are around text or another code in a source, and around
    nothing in its translation: a link that nobody could click.

    >>> emptied("Read <g1>this</g1>", "<g1></g1>Leia isto")
    ('<g1>',)
    """
    filled = {number for number, is_empty in _pairs(source) if not is_empty}
    empty = {number: None for number, is_empty in _pairs(written) if is_empty and number in filled}
    return tuple(f"<g{number}>" for number in empty)


def _pairs(written: str) -> Iterator[tuple[str, bool]]:
    """The number of each pair that is closed, and whether there is nothing in it."""
    content = done = 0
    begun: dict[str, int] = {}
    for found in TAG.finditer(written):
        content += bool(written[done : found.start()].strip()) + bool(found["alone"])
        done = found.end()
        number = found["pair"]
        if number and not found["close"]:
            begun[number] = content
        elif number in begun:
            yield number, begun.pop(number) == content


def _faults(written: str, codes: Sequence[InlineCode]) -> Iterator[str]:
    if not codes:
        return
    wanted = {tag(code): code for code in codes}
    found = [match[0] for match in TAG.finditer(written)]
    counts = Counter(found)
    for one in wanted:
        if counts[one] == 0:
            yield f"{one} is missing"
        elif counts[one] > 1:
            yield f"{one} stands there {counts[one]} times"
    yield from (f"{one} is not in the source" for one in counts if one not in wanted)
    halves = [code for one in found if (code := wanted.get(one))]
    yield from _misnested([code for code in halves if code.kind is not CodeKind.STANDALONE])


def _misnested(halves: Sequence[InlineCode]) -> Iterator[str]:
    """What is wrong with the order of pairs, those that stand there more than once aside."""
    counts = Counter((code.kind, code.number) for code in halves)
    open_pairs: dict[int, None] = {}
    for code in halves:
        if code.kind is CodeKind.OPEN:
            open_pairs.setdefault(code.number)
        elif code.number in open_pairs:
            last = next(reversed(open_pairs))
            if last != code.number:
                yield f"{tag(code)} crosses <g{last}>"
            del open_pairs[code.number]
        elif counts[code.kind, code.number] == 1:
            yield f"{tag(code)} has no <g{code.number}> before it"
