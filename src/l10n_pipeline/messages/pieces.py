"""What a paragraph of a message consists of: text as a reader sees it, and codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from l10n_pipeline.model import CodeKind, InlineCode, Piece, Span
from l10n_pipeline.placeholders import escaped, escapes, placeholders, quotations

FindProtected = Callable[[str], Sequence[Span]]
"""Finds addresses in a text."""
_MARKUP: Final = re.compile(
    r"<(?P<close>/)?(?P<name>[A-Za-z][\w:.-]{0,40})(?P<rest>(?:\s[^<>]{0,500})?)(?P<alone>/)?>"
)
_VOID: Final = frozenset({"br", "hr", "img", "wbr", "input"})
_OPTION: Final = re.compile(r"(?<![^\s\"'“‘(\[|/,])--?[A-Za-z][\w-]*(?:=[A-Z<][\w<>-]*)?(?![\w'’])")
# An identifier, a path, or a pattern: "max_size", "/etc/passwd", "HH:MM[:ss]".
_IDENTIFIER: Final = re.compile(
    r"(?<![\w/])(?:[A-Za-z]\w*_\w+(?:\(\))?|~?(?:/[\w.+-]+){2,}/?|\w+\(\)"
    r"|[A-Za-z]{1,4}(?:[:/-][A-Za-z]{1,4}){0,8}\[[:.][\w:.\[\]]{1,40}\])(?![\w/])"
)
_ENTITY: Final = re.compile(r"&(?:amp|lt|gt);")
_OTHER_ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,8}|#\w{1,7});")
_OF_ENTITY: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


def pieces_of(
    text: str,
    flags: Collection[str],
    find_protected: FindProtected,
    shown: Mapping[Span, str] | None = None,
) -> tuple[Piece, ...]:
    """A paragraph's pieces, tiling it.

    Args:
        text: the paragraph, as it stands in the msgid.
        flags: the message's.
        find_protected: finds what else stands in a translation as it is.
        shown: placeholders for which text is to be seen, by their place in ``text``.
    """
    shown = shown or {}
    codes = _codes(text, flags, find_protected)
    pieces: list[Piece] = []
    done = 0
    for span, code in codes:
        pieces += _text(text, Span(done, span.start), flags)
        pieces.append(Piece(span, shown[span]) if span in shown else Piece(span, code.shown, code))
        done = span.end
    pieces += _text(text, Span(done, len(text)), flags)
    return tuple(pieces)


def as_written(text: str, source: str, flags: Collection[str]) -> str:
    """Text between codes as it stands in a msgstr; undoes what :func:`pieces_of` shows.

    Args:
        text: of the translation.
        source: the paragraph that it translates.
        flags: the message's.
    """
    if _ENTITY.search(source):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped(text, flags)


def _codes(
    text: str, flags: Collection[str], find_protected: FindProtected
) -> list[tuple[Span, InlineCode]]:
    """The codes of a text, in order and apart. What begins first wins, then the longest."""
    found = list(_markup(text))
    found += ((one.span, one.text, CodeKind.STANDALONE, one.text) for one in
              placeholders(text, flags))  # fmt: skip
    found += ((span, span.of(text), CodeKind.STANDALONE, span.of(text).strip("'")) for span in
              quotations(text, flags))  # fmt: skip
    for pattern in (_OPTION, _IDENTIFIER):
        found += (
            (Span(*match.span()), match[0], CodeKind.STANDALONE, match[0])
            for match in pattern.finditer(text)
        )
    found += (
        (span, span.of(text), CodeKind.STANDALONE, span.of(text)) for span in find_protected(text)
    )
    found += (
        (Span(*match.span()), match[0], CodeKind.STANDALONE, "")
        for match in _OTHER_ENTITY.finditer(text)
        if match[0] not in _OF_ENTITY
    )
    chosen: list[tuple[Span, str, CodeKind, str]] = []
    for one in sorted(found, key=lambda one: (one[0].start, -one[0].end)):
        if not chosen or one[0].start >= chosen[-1][0].end:
            chosen.append(one)
    return list(_numbered(chosen))


def _numbered(
    found: Sequence[tuple[Span, str, CodeKind, str]],
) -> Iterator[tuple[Span, InlineCode]]:
    """Codes with numbers. Pairs are well nested already, but one may have been cut in half."""
    opening: list[int] = []
    partners: dict[int, int] = {}
    for at, (_, _, kind, _) in enumerate(found):
        if kind is CodeKind.OPEN:
            opening.append(at)
        elif kind is CodeKind.CLOSE and opening:
            partners[at] = opening.pop()
            partners[partners[at]] = at
    numbers: dict[int, int] = {}
    for at, (span, raw, kind, shown) in enumerate(found):
        number = numbers.setdefault(min(at, partners.get(at, at)), len(numbers) + 1)
        kept = kind if at in partners else CodeKind.STANDALONE
        yield span, InlineCode(kept, number, raw, shown)


def _markup(text: str) -> Iterator[tuple[Span, str, CodeKind, str]]:
    """Tags of a markup language. What looks like one and has no other half may well be a
    placeholder in a manual's style: ``<file>``.
    """
    found = list(_MARKUP.finditer(text)) if "<" in text else []
    opening: list[int] = []
    names: Counter[str] = Counter()
    kinds = [CodeKind.STANDALONE] * len(found)
    for at, match in enumerate(found):
        if match["close"]:
            while names[match["name"]]:
                before = opening.pop()
                names[found[before]["name"]] -= 1
                if found[before]["name"] == match["name"]:
                    kinds[before], kinds[at] = CodeKind.OPEN, CodeKind.CLOSE
                    break
        elif not match["alone"]:
            opening.append(at)
            names[match["name"]] += 1
    for match, kind in zip(found, kinds, strict=True):
        markup = (
            kind is not CodeKind.STANDALONE
            or match["alone"]
            or match["close"]
            or match["rest"]
            or match["name"].lower() in _VOID
        )
        yield Span(*match.span()), match[0], kind, "" if markup else match[0]


def _text(text: str, span: Span, flags: Collection[str]) -> Iterator[Piece]:
    """Pieces of a stretch without codes: line breaks and escapes on their own."""
    shown = {written: character for character, written in escapes(flags)} | _OF_ENTITY
    done = span.start
    for match in _special(tuple(shown)).finditer(text, span.start, span.end):
        if done < match.start():
            yield Piece(Span(done, match.start()), text[done : match.start()])
        yield Piece(Span(*match.span()), shown.get(match[0], " "))
        done = match.end()
    if done < span.end:
        yield Piece(Span(done, span.end), text[done : span.end])


@lru_cache(maxsize=32)
def _special(written: tuple[str, ...]) -> re.Pattern[str]:
    """Line breaks, and these. A run of spaces is looked through from its first one alone: time
    grows with the length of the text.
    """
    line_break = r"(?:(?<![ \t\r\f\v])[ \t\r\f\v]+)?\n[ \t\r\f\v]*"
    return re.compile("|".join([line_break, *map(re.escape, written)]))
