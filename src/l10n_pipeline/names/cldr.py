"""What CLDR knows of a language's capitals: months, days, languages, territories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import babel

from l10n_pipeline.folding import fold, words
from l10n_pipeline.locale import Locale

_NOUNS_IN_CAPITALS: Final = frozenset({"de", "lb", "nds", "gsw", "bar", "ksh"})
_SHORTEST_STEM: Final = 3
_ADJECTIVAL: Final = ("an", "ian", "ean", "n", "ese", "ish", "i", "ic", "ans", "ians", "is", "eans")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of one language, folded."""

    cased: bool
    """Whether it is written with capitals and small letters."""
    calendar: frozenset[str]
    """Months and days of the week."""
    languages: frozenset[str]
    """Words of the names of languages, which are adjectives of nationality as well."""
    territories: frozenset[str]
    """Names of countries, continents and regions."""

    def is_adjective(self, word: str) -> bool:
        """Whether a folded word is a nationality's or a language's: ``armenian``, ``iraqi``."""
        if word in self.languages or word.removesuffix("s") in self.languages:
            return True
        return word not in self.territories and any(
            word.endswith(ending) and self._is_stem(word.removesuffix(ending))
            for ending in _ADJECTIVAL
        )

    def _is_stem(self, stem: str) -> bool:
        return len(stem) >= _SHORTEST_STEM and any(
            stem + vowel in self.territories for vowel in ("", "a", "y", "o", "e")
        )


def has_noun_capitals(locale: Locale) -> bool:
    """Whether a language writes all nouns with capitals, as German does."""
    return locale.language in _NOUNS_IN_CAPITALS


@lru_cache(maxsize=64)
def lexicon(locale: Locale) -> Lexicon:
    """What CLDR has of a language; nothing, where it has none of its names.

    >>> english = lexicon(Locale.parse("en"))
    >>> english.cased, english.is_adjective("lithuanian"), english.is_adjective("pakistan")
    (True, True, False)
    """
    data = next(filter(None, map(_data, locale.fallbacks)), None)
    if data is None:
        nothing: frozenset[str] = frozenset()
        return Lexicon(cased=True, calendar=nothing, languages=nothing, territories=nothing)
    territories = frozenset(map(str, data.territories.values()))
    calendar = {
        str(name)
        for table in (data.months, data.days)
        for context in table.values()
        for width, names in context.items()
        if width in ("wide", "abbreviated")
        for name in names.values()
    }
    single = {word for name in map(str, data.languages.values()) for word in _folded_words([name])}
    whole = {fold(name).text for name in territories}
    return Lexicon(
        cased=2 * sum(map(_has_capital, territories)) >= len(territories),
        calendar=frozenset(_folded_words(calendar)),
        languages=frozenset(single - whole),
        territories=frozenset(whole),
    )


def _data(locale: Locale) -> babel.Locale | None:
    try:
        return babel.Locale.parse(locale.bcp47, sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return None


def _has_capital(name: str) -> bool:
    return any(char.isupper() for char in name)


def _folded_words(names: Iterable[str]) -> set[str]:
    return {fold(span.of(name)).text for name in names for span in words(name)}
