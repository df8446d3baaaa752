"""Cut a source that is longer than a model is good for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from l10n_pipeline.model import Span

# Best places first: after a clause, after a phrase, between words. Ideographic
# punctuation needs no white space after it.
_BOUNDARIES: Final = (
    re.compile(r"(?<=[.!?;:])\s+|(?<=[。！？；：])"),
    re.compile(r"(?<=[,،–—])\s+|(?<=[、，])"),
    re.compile(r"\s+"),
)


def pieces(text: str, fits: Callable[[str], bool]) -> list[Span]:
    """Spans of a text, each of which ``fits`` accepts, that lose nothing but white space.

    Cuts fall at the end of a clause near the middle, else of a phrase, else between two
    words; inside a word only where there is no white space at all. A single character
    is never cut, whether or not it fits.

    >>> [span.of("One, two. Three") for span in pieces("One, two. Three", lambda t: len(t) < 10)]
    ['One, two.', 'Three']
    """
    return list(_pieces(text, trimmed(text, Span(0, len(text))), fits))


def _pieces(text: str, span: Span, fits: Callable[[str], bool]) -> Iterator[Span]:
    if len(span) <= 1 or fits(span.of(text)):
        yield span
        return
    first, second = _halves(text, span)
    yield from _pieces(text, trimmed(text, first), fits)
    yield from _pieces(text, trimmed(text, second), fits)


def _halves(text: str, span: Span) -> tuple[Span, Span]:
    middle = (span.start + span.end) // 2
    margin = len(span) // 4
    for boundary in _BOUNDARIES:
        reach = len(span) if boundary is _BOUNDARIES[-1] else margin
        cuts = [
            match.end()
            for match in boundary.finditer(text, span.start, span.end)
            if span.start < match.end() < span.end and abs(match.end() - middle) <= reach
        ]
        if cuts:
            cut = min(cuts, key=lambda cut: abs(cut - middle))
            return Span(span.start, cut), Span(cut, span.end)
    return Span(span.start, middle), Span(middle, span.end)


def trimmed(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    # Called for each token: as a rule there is one space, and nothing to copy.
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return span if start == span.start and end == span.end else Span(start, end)
