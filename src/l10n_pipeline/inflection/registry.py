"""Which languages have an inflector, and what it takes to have it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Final

from l10n_pipeline.inflection.choice import ParadigmInflector
from l10n_pipeline.inflection.turkic import AZERBAIJANI, TURKISH, TurkicMorphology
from l10n_pipeline.locale import Locale
from l10n_pipeline.protocols import Inflector


@dataclass(frozen=True, slots=True)
class Need:
    """What has to be installed for a language's inflector."""

    modules: tuple[str, ...]
    """Names to import."""
    extra: str
    """The extra of this distribution that brings them: ``inflection``."""


_NEEDS: Final = {
    "ru": Need(("pymorphy3", "pymorphy3_dicts_ru", "pytrovich"), "inflection"),
    "uk": Need(("pymorphy3", "pymorphy3_dicts_uk", "shevchenko"), "inflection-uk"),
}
_LATIN_SCRIPTS: Final = frozenset({"", "Latn"})
_CYRILLIC_SCRIPTS: Final = frozenset({"", "Cyrl"})


def inflector_for(locale: Locale) -> Inflector | None:
    """The inflector of a target language; the same object for every call.

    None where names of the language do not inflect (Spanish, Portuguese), where nobody
    wrote one yet, or where a library is not installed: see :func:`missing_for`. Then the
    forms that a glossary lists and tolerance towards endings have to serve.
    """
    return _inflector_for(locale.language, locale.script)


@lru_cache(maxsize=64)
def _inflector_for(language: str, script: str) -> Inflector | None:
    if language == "tr" and script in _LATIN_SCRIPTS:
        return ParadigmInflector(TurkicMorphology(TURKISH))
    if language == "az" and script in _LATIN_SCRIPTS:
        return ParadigmInflector(TurkicMorphology(AZERBAIJANI))
    need = _NEEDS.get(language)
    if need is None or script not in _CYRILLIC_SCRIPTS or not _installed(need):
        return None
    # These modules import libraries that need not be installed.
    from l10n_pipeline.inflection.slavic import SlavicMorphology  # noqa: PLC0415

    return ParadigmInflector(SlavicMorphology.of(language))


def missing_for(locale: Locale) -> Need | None:
    """What a language's inflector needs and this installation lacks; None where nothing is.

    For a message such as: names stay in their base form; ``pip install
    'l10n-pipeline[inflection]'``.
    """
    need = _NEEDS.get(locale.language)
    if need is None or locale.script not in _CYRILLIC_SCRIPTS or _installed(need):
        return None
    return need


def _installed(need: Need) -> bool:
    return all(find_spec(module) is not None for module in need.modules)
