"""Numbers that did not arrive."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.model import Diagnostic

_NUMBER: Final = re.compile(
    # In groups, perhaps with decimals: 1,275 · 1.275 · 1 275 · 12,500.75 · 1,00,000.
    r"(?P<groups>(?<!\d)\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3}(?!\d))+"
    r"|(?<!\d)\d{1,2}(?:,\d\d)+,\d{3}(?!\d))(?:[.,](?P<fraction>\d+))?"
    # Several numbers, a date for instance: 28.04.2012 · 1,2,3.
    r"|(?P<chain>\d+(?:[.,]\d+){2,})"
    # Bare, or with decimals: 1275 · 3.5.
    r"|(?P<whole>\d+)(?:[.,](?P<decimals>\d+))?"
)
_SQUARE_OR_CUBIC_METRES: Final = re.compile(r"\b(?:[cdkm]?m|[дкмс]?м)[23]\b")
_OTHER_POWER: Final = re.compile(r"\s*(?:[万萬億亿兆만억조]|लाख|करोड़)")
"""Units that have no like in English, so that the number before them is another one."""


@dataclass(frozen=True, slots=True)
class _Number:
    written: str
    value: str
    """The same for all ways to write it: digits, with a point before decimals."""
    runs: tuple[str, ...]
    """Its runs of digits in order, those after a separator with a point in front."""

    @property
    def significant(self) -> str:
        """The digits that a change of unit leaves: 35 of 3.5 million (350万)."""
        return self.value.replace(".", "").strip("0")


def lost_numbers(source: str, target: str) -> list[Diagnostic]:
    """Numbers of the source that the translation lacks. The exponent of km2 is none.

    Thousands may be grouped and decimals marked in any locale's way, and digits of all
    scripts are equal. A number that the translation has not as such counts as present
    where its runs of digits are, each once for itself: 10.30 as 10h30. Decimals that lost
    their mark are another number; 1.275 alone may be either and is taken for thousands.
    """
    source, target = (_SQUARE_OR_CUBIC_METRES.sub("", text) for text in (source, target))
    spare = list(_numbers(target))
    missing: list[_Number] = []
    for number in _numbers(source):
        equal = next((other for other in spare if other.value == number.value), None)
        if equal is None:
            missing.append(number)
        else:
            spare.remove(equal)

    runs = Counter(_comparable(run) for number in spare for run in number.runs)
    rescaled = Counter(number.significant for number in _before_other_powers(target))
    lost: list[str] = []
    for number in missing:
        if rescaled[number.significant] > 0:
            rescaled[number.significant] -= 1
        elif (taken := _taken(number.runs, runs)) is not None:
            runs -= taken
        else:
            lost.append(number.written)
    if not lost:
        return []
    lost = list(dict.fromkeys(lost))
    verb = "is" if len(lost) == 1 else "are"
    return [Diagnostic("numbers", f"{', '.join(lost)} {verb} missing")]


def _numbers(text: str) -> Iterator[_Number]:
    for match in _NUMBER.finditer(text):
        yield from _read(match)


def _before_other_powers(text: str) -> Iterator[_Number]:
    for match in _NUMBER.finditer(text):
        if _OTHER_POWER.match(text, match.end()):
            yield from _read(match)


def _read(match: re.Match[str]) -> Iterator[_Number]:
    first, *others = (_digits(run) for run in re.findall(r"\d+", match[0]))
    if match["chain"]:
        for run in (first, *others):
            yield _Number(run, _bare(run), (run,))
        return
    fraction = match["fraction"] or match["decimals"]
    whole = _digits(match["groups"]) if match["groups"] else _bare(first)
    yield _Number(
        match[0],
        f"{whole}.{_digits(fraction)}" if fraction else whole,
        (first, *(f".{run}" for run in others)),
    )


def _taken(wanted: Sequence[str], present: Counter[str]) -> Counter[str] | None:
    """Which of the runs present make up the wanted ones; None where they do not.

    A run after a separator may stand alone in the translation and the other way round.
    """
    taken: Counter[str] = Counter()
    for run in wanted:
        digits = run.removeprefix(".")
        ways = sorted((_bare(digits), f".{digits}"), key=lambda way: way != _comparable(run))
        found = next((way for way in ways if present[way] > taken[way]), None)
        if found is None:
            return None
        taken[found] += 1
    return taken


def _comparable(run: str) -> str:
    # Zeros in front count after a separator alone: 09:30 is 9.30, but 3.05 is not 3.5.
    return run if run.startswith(".") else _bare(run)


def _bare(run: str) -> str:
    return run.lstrip("0") or "0"


def _digits(number: str) -> str:
    return "".join(str(unicodedata.decimal(char)) for char in number if char.isdecimal())
