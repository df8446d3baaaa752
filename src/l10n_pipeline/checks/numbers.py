"""Numbers that did not arrive."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.checks.powers import Powers, powers_of
from l10n_pipeline.model import Diagnostic, Severity

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
_DIGIT: Final = re.compile(r"\d")
_FULL_HOUR: Final = re.compile(r"(?<![\d:])(\d{1,2}):00(?![\d:])")
_ROMAN: Final = re.compile(
    r"\b(?=[MDCLXVI]{2}|[XV]\b)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?!\w)"
)
"""A bare I is a pronoun far more often than a number."""
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_SPELT_OUT: Final = 10
"""Up to here style guides want whole numbers in words."""


@dataclass(frozen=True, slots=True)
class _Number:
    written: str
    value: str
    """The same for all ways to write it: digits, with a point before decimals."""
    runs: tuple[str, ...]
    """Its runs of digits in order, those after a separator with a point in front."""
    power: int = 0
    """Of ten, that the words after it multiply it by: 6 in "3.5 million"."""

    @property
    def amount(self) -> tuple[str, int]:
        """Significant digits and the power of ten of the last: 35 and 5 for 3.5 million."""
        whole, _, fraction = self.value.partition(".")
        digits = f"{whole}{fraction}".lstrip("0")
        significant = digits.rstrip("0")
        zeros = len(digits) - len(significant)
        return significant, self.power - len(fraction) + zeros

    @property
    def may_be_spelt_out(self) -> bool:
        """Whether a style guide may want it in words."""
        return len(self.value) <= 2 and self.value.isdecimal() and int(self.value) <= _SPELT_OUT


def lost_numbers(source: str, target: str, pair: LanguagePair) -> list[Diagnostic]:
    """Numbers of the source that the translation lacks. The exponent of km2 is none.

    Thousands may be grouped and decimals marked in any locale's way, and digits of all
    scripts are equal. A number that the translation has not as such counts as present
    where the same amount is (24 mil for 24,000), the Roman number, or its runs of digits,
    each once for itself: 10.30 as 10h30. Decimals that lost their mark are another number;
    1.275 alone may be either and is taken for thousands. Where a number up to ten is
    missing and none stands there in its place, it may have been written in words.
    """
    if not _DIGIT.search(source):
        return []
    source, target = (_plain(text) for text in (source, target))
    # What is written alike has the same value; most translations need no closer look.
    if not Counter(_NUMBER.findall(source)) - Counter(_NUMBER.findall(target)):
        return []
    missing = list(_numbers(source, powers_of(pair.source)))
    spare = list(_numbers(target, powers_of(pair.target)))
    missing, spare = _without_equals(missing, spare, lambda number: number.value)
    missing, spare = _without_equals(missing, spare, lambda number: number.amount)
    if not missing:
        return []

    runs = Counter(_comparable(run) for number in spare for run in number.runs)
    roman = Counter(_roman(match) for match in _ROMAN.finditer(target))
    lost: list[_Number] = []
    for number in missing:
        if roman[number.value] > 0:
            roman[number.value] -= 1
        elif (taken := _taken(number.runs, runs)) is not None:
            runs -= taken
        else:
            lost.append(number)
    return [_finding(lost, replaced=runs.total() > 0)] if lost else []


def _plain(text: str) -> str:
    return _FULL_HOUR.sub(r"\1", _SQUARE_OR_CUBIC_METRES.sub("", text))


def _without_equals(
    wanted: Sequence[_Number], spare: Sequence[_Number], key: Callable[[_Number], object]
) -> tuple[list[_Number], list[_Number]]:
    """Both without the pairs, one from each, that have the same key."""
    common = Counter(map(key, wanted)) & Counter(map(key, spare))
    return _without(wanted, common.copy(), key), _without(spare, common, key)


def _without(
    numbers: Sequence[_Number], taken: Counter[object], key: Callable[[_Number], object]
) -> list[_Number]:
    """The numbers less the first of each key that are taken. Uses ``taken`` up."""
    left: list[_Number] = []
    for number in numbers:
        of_number = key(number)
        if taken[of_number] > 0:
            taken[of_number] -= 1
        else:
            left.append(number)
    return left


def _finding(lost: Sequence[_Number], *, replaced: bool) -> Diagnostic:
    written = list(dict.fromkeys(number.written for number in lost))
    verb = "is" if len(written) == 1 else "are"
    message = f"{', '.join(written)} {verb} missing"
    if not replaced and all(number.may_be_spelt_out for number in lost):
        return Diagnostic("numbers", f"{message}, unless in words", Severity.WARNING)
    return Diagnostic("numbers", message)


def _numbers(text: str, powers: Powers) -> Iterator[_Number]:
    for match in _NUMBER.finditer(text):
        *before, last = _read(match)
        yield from before
        power = powers.after(text, match.end())
        yield replace(last, power=power) if power else last


def _read(match: re.Match[str]) -> list[_Number]:
    first, *others = (_digits(run) for run in re.findall(r"\d+", match[0]))
    if match["chain"]:
        return [_Number(run, _bare(run), (run,)) for run in (first, *others)]
    fraction = match["fraction"] or match["decimals"]
    whole = _digits(match["groups"]) if match["groups"] else _bare(first)
    value = f"{whole}.{_digits(fraction)}" if fraction else whole
    return [_Number(match[0], value, (first, *(f".{run}" for run in others)))]


def _roman(match: re.Match[str]) -> str:
    """The value of a Roman number, in Arabic digits."""
    units = [_ROMAN_VALUES[letter] for letter in match[0]]
    following = [*units[1:], 0]
    signed = (-unit if unit < after else unit for unit, after in zip(units, following, strict=True))
    return str(sum(signed))


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
