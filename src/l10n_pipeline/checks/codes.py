"""Inline codes that are lost, doubled, crossed or emptied.

Only texts are known here: what is a code is told by the tags in the source.
"""

from __future__ import annotations

from collections.abc import Iterator

from l10n_pipeline import codes
from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import CodeKind, Diagnostic, InlineCode


def broken_codes(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """The translation does not have each of the source's tags once, well nested, or it has
    others: no document could be built of it. Or a pair has nothing left in it.
    """
    known = tuple(_codes(source))
    if codes.faults(source, known):
        return []  # a text about tags
    if known:
        faults = (
            *codes.faults(target, known),
            *(f"{tag} is around nothing" for tag in codes.emptied(source, target)),
        )
        return [Diagnostic("codes", fault) for fault in faults]
    found = dict.fromkeys(match[0] for match in codes.TAG.finditer(target))
    return [Diagnostic("codes", f"{tag} is not in the source") for tag in found]


def without_tags(text: str) -> str:
    """A text as the other rules look at it: without the digits and brackets of tags.

    >>> without_tags("Run <x1/> <g2>now</g2>.")
    'Run   now.'
    """
    return codes.TAG.sub(lambda found: " " if found["alone"] else "", text)


def _codes(source: str) -> Iterator[InlineCode]:
    for found in codes.TAG.finditer(source):
        if found["alone"] and not found["close"]:
            yield InlineCode(CodeKind.STANDALONE, int(found["alone"]), found[0])
        elif found["pair"]:
            kind = CodeKind.CLOSE if found["close"] else CodeKind.OPEN
            yield InlineCode(kind, int(found["pair"]), found[0])
