"""What a reviewer is told of an entry's limit, inline codes and neighbours, in ``#.`` lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from l10n_pipeline.codes import read, tag
from l10n_pipeline.model import CodeKind, InlineCode, Segment

_LONGEST: Final = 72
"""Code points of a code that are shown; an address's beginning and end tell it apart."""
_MOST_CODES: Final = 24
_LONGEST_NEIGHBOUR: Final = 160
"""Code points of a neighbour that are shown."""
_UNPRINTABLE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def described(segments: Sequence[Segment], *, among: Sequence[Segment] = ()) -> tuple[str, ...]:
    """Lines for the entry that these segments share: how long its translation may be, what
    stands in the document for each code in it, and what stands before and after it.

    Args:
        segments: at least one. Codes and neighbours are the first one's; the others may have
            others, such as another address.
        among: all of the document's, where neighbours are to be shown.
    """
    limits = [segment.limit for segment in segments if segment.limit is not None]
    limit = [f"at most {min(limits)} characters"] if limits else []
    first = segments[0]
    return (*limit, *_code_lines(first.codes), *_neighbours(first.index, among))


def _neighbours(index: int, among: Sequence[Segment]) -> Iterator[str]:
    """The text before, of which the end counts, and the text after."""
    if among and index > 0:
        before = _in_one_line(among[index - 1])
        cut = len(before) > _LONGEST_NEIGHBOUR
        yield f"before: {'…' + before[1 - _LONGEST_NEIGHBOUR :] if cut else before}"
    if index + 1 < len(among):
        after = _in_one_line(among[index + 1])
        cut = len(after) > _LONGEST_NEIGHBOUR
        yield f"after: {after[: _LONGEST_NEIGHBOUR - 1] + '…' if cut else after}"


def _in_one_line(segment: Segment) -> str:
    return _UNPRINTABLE.sub(" ", read(segment.source, segment.codes).text).strip()


def _code_lines(codes: Sequence[InlineCode]) -> Iterator[str]:
    closing = {code.number: code for code in codes if code.kind is CodeKind.CLOSE}
    beginning = [code for code in codes if code.kind is not CodeKind.CLOSE]
    for code in beginning[:_MOST_CODES]:
        pair = code.kind is CodeKind.OPEN
        raw = f"{code.raw}…{closing[code.number].raw}" if pair else code.raw
        # Without white space at the end, which readers of catalogues drop.
        yield f"{tag(code)} = {_shortened(raw)}".rstrip()
    if hidden := beginning[_MOST_CODES:]:
        yield f"… and {len(hidden)} more"


def _shortened(raw: str) -> str:
    r"""On one line, without its middle where it is long.

    >>> _shortened("[\n…](http://a.example/" + "b" * 100 + "/index.html)")
    '[ …](http://a.example/bbbbbbbbbbbbbb…bbbbbbbbbbbbbbbbbbbbbbb/index.html)'
    """
    shown = _UNPRINTABLE.sub(" ", raw)
    if len(shown) <= _LONGEST:
        return shown
    half = _LONGEST // 2
    return f"{shown[:half]}…{shown[1 - half :]}"
