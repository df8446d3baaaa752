"""The ``Plural-Forms`` field, as GNU gettext writes it."""

from __future__ import annotations

import re
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
