"""Numbers that did not arrive."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from l10n_pipeline.model import Diagnostic

# A run of digits, with single separators inside: 1,275 · 1.275 · 1 275 · 3.5.
_NUMBER: Final = re.compile(
    r"(?<!\d)\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
)


def lost_numbers(source: str, target: str) -> list[Diagnostic]:
    """Numbers of the source that the translation lacks.

    Separators are ignored (1,275 and 1.275 are one number written in two locales) and
    digits of all scripts are equal, so only a number that is really gone is reported.
    """
    # The translation may join or part what the source wrote as one number
    # (1275 hostages, 1 275): its bare digit runs count as well.
    present = _numbers(target) | Counter(_digits(run) for run in re.findall(r"\d+", target))
    wanted = _numbers(source)
    lost = [
        written for number, written in _written(source).items() if present[number] < wanted[number]
    ]
    if not lost:
        return []
    verb = "is" if len(lost) == 1 else "are"
    return [Diagnostic("numbers", f"{', '.join(lost)} {verb} missing")]


def _numbers(text: str) -> Counter[str]:
    return Counter(_digits(match) for match in _NUMBER.findall(text))


def _written(text: str) -> dict[str, str]:
    """Each number of the text and how it is first written there."""
    written: dict[str, str] = {}
    for match in _NUMBER.findall(text):
        written.setdefault(_digits(match), match)
    return written


def _digits(number: str) -> str:
    return "".join(str(unicodedata.decimal(char)) for char in number if char.isdecimal())
