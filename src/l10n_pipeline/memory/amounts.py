"""Numbers as a locale writes them, read strictly: what is not certain is no amount.

Sources: CLDR's number symbols and plural rules (UTS #35, part 3), through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

import babel
from babel.localedata import exists

from l10n_pipeline.folding import APOSTROPHES, HYPHENS, is_unspaced, is_word_character
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Span

OPAQUE: Final = "\0"
"""Stands for a character of a name."""
TRANSPARENT: Final = "\1"
"""Stands for a character of a tag."""
_SPACES: Final = " \u00a0\u202f\u2009"
_TOKEN: Final = re.compile(rf"\d+(?:[.,:/{re.escape(_SPACES + APOSTROPHES + HYPHENS)}]\d+)*")
"""Digits, and digits joined to them: a date, a time, a range, a grouped number."""
_HALF_OF_DAY: Final = re.compile(r"\s?[ap]\.?\s?m\b", re.IGNORECASE)
_JOINTS: Final = frozenset(HYPHENS + ".,:/")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number."""

    whole: str
    """Digits, no zero in front but for zero itself."""
    fraction: str = ""
    """Digits after the decimal mark, as many as are written."""
    group: str = ""
    """What stands between groups of three digits; empty where nothing does."""

    @property
    def value(self) -> tuple[str, str]:
        """The same for all ways to write it."""
        return self.whole, self.fraction

    @property
    def decimal(self) -> Decimal:
        """For arithmetic; ``1.50`` stays that."""
        return Decimal(f"{self.whole}.{self.fraction}" if self.fraction else self.whole)


@dataclass(frozen=True, slots=True)
class Written:
    """A number, or several joined, in a text."""

    span: Span
    text: str
    amount: Amount | None
    """None where it is not certain that it is one number, and which."""
    apart: bool
    """Whether it stands for itself: part of no word, abbreviation or time of day, and nothing
    is attached to it."""

    @property
    def value(self) -> object:
        """What has to be equal in source and translation."""
        return self.amount.value if self.amount else self.text


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a locale writes numbers."""

    decimal: str
    groups: str
    """What may stand between groups; the usual first."""
    plural: babel.plural.PluralRule

    def read(self, text: str) -> Iterator[Written]:
        """The numbers of a text.

        Args:
            text: with :data:`OPAQUE` in place of whatever may have numbers of its own, and
                :data:`TRANSPARENT` in place of what a reader does not see.
        """
        for found in _TOKEN.finditer(text):
            span = Span(*found.span())
            yield Written(span, found[0], self._amount(found[0]), _stands_apart(text, span))

    def _amount(self, text: str) -> Amount | None:
        decimal, groups = re.escape(self.decimal), re.escape(self.groups)
        match = re.fullmatch(
            rf"(?P<whole>0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:(?P<group>[{groups}])[0-9]{{3}})"
            rf"(?:(?P=group)[0-9]{{3}})*)(?:{decimal}(?P<fraction>[0-9]+))?",
            text,
        )
        if match is None:
            return None
        group = match["group"] or ""
        whole = match["whole"].replace(group, "") if group else match["whole"]
        return Amount(whole, match["fraction"] or "", group)

    def write(self, amount: Amount, *, group: str) -> str:
        """The amount as this locale has it.

        Args:
            amount: in whatever format it was read.
            group: what to put between groups; empty for nothing.
        """
        whole = f"{int(amount.whole):,}".replace(",", group)
        return f"{whole}{self.decimal}{amount.fraction}" if amount.fraction else whole


def _stands_apart(text: str, span: Span) -> bool:
    return not (is_attached(text, span) or _HALF_OF_DAY.match(_seen(text[span.end :])))


def is_attached(text: str, span: Span) -> bool:
    """Whether something is one with what stands in a text: more of a word, a suffix after an
    apostrophe, what a hyphen joins to it.

    Args:
        text: as for :meth:`NumberFormat.read`.
        span: of a number or a name.
    """
    before, after = _seen(text[: span.start])[:-3:-1], _seen(text[span.end :])[:2]
    return any(map(_holds_on, (before, after)))


def _holds_on(beside: str) -> bool:
    """Whether what is beside something, the nearest character first, is one with it."""
    if not beside:
        return False
    if beside[0] in _JOINTS:
        return _is_of_a_word(beside[-1])
    if beside[0] in APOSTROPHES:
        return True
    return _is_of_a_word(beside[0]) and not is_unspaced(beside[0])


def _is_of_a_word(character: str) -> bool:
    return character == OPAQUE or is_word_character(character)


def _seen(text: str) -> str:
    return text.replace(TRANSPARENT, "")


@lru_cache(maxsize=256)
def number_format(locale: Locale) -> NumberFormat | None:
    """What CLDR knows for a locale or one it falls back to; None where it has nothing."""
    identifiers = (
        "_".join(filter(None, (fallback.language, fallback.script, fallback.territory)))
        for fallback in locale.fallbacks
    )
    known = next(filter(exists, identifiers), None)
    if known is None:
        return None
    found = babel.Locale.parse(known)
    symbols = found.number_symbols.get("latn")
    if not symbols:
        return None
    group = str(symbols["group"])
    if group in _SPACES:
        group += "".join(space for space in _SPACES if space != group)
    elif group in APOSTROPHES:
        group += "".join(mark for mark in APOSTROPHES if mark != group)
    return NumberFormat(str(symbols["decimal"]), group, found.plural_form)
