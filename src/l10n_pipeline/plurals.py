"""Plural forms: how many a language has, and which numbers each is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from typing import Final

import babel
from babel.messages.plurals import PLURALS
from babel.plural import to_gettext

from l10n_pipeline.locale import Locale

# Babel's table counts these languages otherwise than gettext's plural-table.c (0.21),
# which reviewers' tools and msgfmt follow. Both lack Azerbaijani: CLDR's rule, written
# as gettext writes the same rule elsewhere.
_OVERRIDES: Final = {
    "az": (2, "(n != 1)"),
    "ga": (3, "(n==1 ? 0 : n==2 ? 1 : 2)"),
    "hu": (2, "(n != 1)"),
    "tr": (2, "(n != 1)"),
}


def plural_forms(locale: Locale) -> str:
    """The value of ``Plural-Forms`` for a locale.

    gettext's own table comes first; languages it lacks follow Babel's gettext table,
    and the rest CLDR's cardinal rules.

    >>> plural_forms(Locale.parse("pt-BR"))
    'nplurals=2; plural=(n > 1);'
    >>> plural_forms(Locale.parse("tr"))
    'nplurals=2; plural=(n != 1);'
    """
    for table in (_OVERRIDES, PLURALS):
        for name in (f"{locale.language}_{locale.territory}", locale.language):
            if name in table:
                count, rule = table[name]
                return f"nplurals={count}; plural={rule};"
    try:
        rule = to_gettext(babel.Locale(locale.language).plural_form)
    except babel.UnknownLocaleError:
        return "nplurals=2; plural=(n != 1);"
    # CLDR's exponent of compact numbers, which Babel leaves in: gettext counts without.
    return re.sub(r"\b[ce]\b", "0", rule)


_FIELD: Final = re.compile(
    r"\s*nplurals\s*=\s*(?P<count>[1-9]\d?)\s*;\s*plural\s*=\s*(?P<rule>[^;]+?)\s*;?\s*"
)
_NUMBERS: Final = (*range(201), 1_000, 1_000_000)
"""Among which each form of every language has some."""


@dataclass(frozen=True, slots=True)
class PluralRule:
    """What a header's ``Plural-Forms`` says."""

    count: int
    """Forms that there are."""
    expression: str
    """In C's syntax; gives a number's form."""

    @classmethod
    def parse(cls, field: str) -> PluralRule:
        """The rule of a field's value.

        >>> PluralRule.parse("nplurals=2; plural=(n > 1);").count
        2

        Raises:
            ValueError: where it is none, or gives a form that there is not.
        """
        found = _FIELD.fullmatch(field)
        if found is None:
            raise ValueError(f"{field!r} does not say how many plural forms there are")
        rule = cls(int(found["count"]), found["rule"])
        if set(_forms(rule.expression)) - set(range(rule.count)):
            raise ValueError(f"{found['rule']!r} gives more than {rule.count} forms")
        return rule

    @classmethod
    def of(cls, locale: Locale) -> PluralRule:
        """The rule of a language."""
        return cls.parse(plural_forms(locale))

    def numbers(self, form: int) -> tuple[int, ...]:
        """Numbers up to 200, and some larger ones, that a form is for.

        >>> PluralRule.parse("nplurals=2; plural=(n > 1);").numbers(0)
        (0, 1)
        """
        forms = _forms(self.expression)
        return tuple(number for number, own in zip(_NUMBERS, forms, strict=True) if own == form)


@cache
def _forms(expression: str) -> tuple[int, ...]:
    """The form of each of :data:`_NUMBERS`."""
    try:
        rule = c2py(expression)
        return tuple(rule(number) for number in _NUMBERS)
    except (ValueError, ArithmeticError) as error:
        raise ValueError(f"{expression!r} is no rule for plural forms: {error}") from None
