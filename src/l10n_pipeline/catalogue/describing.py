"""What a reviewer is told of an entry's limit and inline codes, in ``#.`` lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from l10n_pipeline.codes import tag
from l10n_pipeline.model import CodeKind, InlineCode, Segment

_LONGEST: Final = 72
"""Code points of a code that are shown; an address's beginning and end tell it apart."""
_MOST_CODES: Final = 24
_UNPRINTABLE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def described(segments: Sequence[Segment]) -> tuple[str, ...]:
    """Lines for the entry that these segments share: how long its translation may be, and
    what stands in the document for each code in it.

    Args:
        segments: at least one. Codes are the first one's; the others may have others in
            their places, such as another address.
    """
    limits = [segment.limit for segment in segments if segment.limit is not None]
    limit = [f"at most {min(limits)} characters"] if limits else []
    return (*limit, *_code_lines(segments[0].codes))


def _code_lines(codes: Sequence[InlineCode]) -> Iterator[str]:
    closing = {code.number: code for code in codes if code.kind is CodeKind.CLOSE}
    beginning = [code for code in codes if code.kind is not CodeKind.CLOSE]
    for code in beginning[:_MOST_CODES]:
        pair = code.kind is CodeKind.OPEN
        raw = f"{code.raw}…{closing[code.number].raw}" if pair else code.raw
        yield f"{tag(code)} = {_shortened(raw)}"
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
