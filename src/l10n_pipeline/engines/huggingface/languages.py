"""Between BCP 47 and the language codes of model families.

A model's own codes decide what it speaks: FLORES-200's ``srp_Cyrl`` (NLLB), ``pt`` (M2M-100),
``sr_Latn`` (MADLAD-400), ``cmn_Hans`` or ``pt_br`` (OPUS-MT). Each is read as a locale, and
compared with the wanted one after both got the script that CLDR's likely subtags (UTS #35)
imply. ISO 639-3 codes, and those of the language that a macrolanguage's name stands for
(``arb``, ``azj``, ``swh``), are CLDR's aliases; the few it lacks are listed here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel.core import get_global

from l10n_pipeline.errors import LocaleError
from l10n_pipeline.locale import Locale

FLORES_CODE: Final = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}")
_M2M_100: Final = (
    "af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu "
    "ha he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr "
    "ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr ss su sv sw ta th tl tn tr "
    "uk ur uz vi wo xh yi yo zh zu"
)
M2M_100_CODES: Final = tuple(_M2M_100.split())
"""In the order of their ids (Fan et al. 2020, *Beyond English-centric multilingual machine
translation*): M2M-100's files may leave them out."""

_SAME_LANGUAGE: Final = {
    "fuv": "ff",  # Nigerian Fulfulde, the Fula of FLORES-200
    "no": "nb",  # what is called Norwegian is Bokmål, as a rule
    "ns": "nso",  # fairseq's own abbreviation for Northern Sotho
    "pbt": "ps",  # Southern Pashto, the Pashto of FLORES-200
    "quy": "qu",  # Ayacucho Quechua, the Quechua of FLORES-200
}
_NO_LANGUAGE: Final = ("mul", "und", "zxx", "mis")
_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class _Language:
    """What a code or a locale means: comparable."""

    language: str
    script: str
    territory: str


def model_code(codes: Iterable[str], wanted: Locale) -> str | None:
    """The code of the model's that serves a locale; None where there is none.

    The locale's own region wins over the language at large; a sibling region's code, or one
    of another script, never serves. Of codes that mean the same the first counts.

    >>> model_code(["srp_Cyrl", "zho_Hans", "zho_Hant", "por_Latn"], Locale.parse("zh-TW"))
    'zho_Hant'
    >>> model_code(["pt", "sr"], Locale.parse("sr-Latn")) is None
    True
    """
    target = _meaning(wanted)
    general = None
    for code in codes:
        found = _understood(code)
        if found is None or (found.language, found.script) != (target.language, target.script):
            continue
        if found.territory == target.territory:
            return code
        if not found.territory and general is None:
            general = code
    return general


def nearest_codes(codes: Sequence[str], wanted: Locale) -> tuple[str, ...]:
    """Up to three codes of the model's that come nearest: the language in another script or
    land, else those whose languages' names are most alike.
    """
    target = _meaning(wanted)
    kin = [
        code for code in codes if (found := _understood(code)) and found.language == target.language
    ]
    if kin:
        return tuple(kin[:_NEAREST])
    names = {code: _name(code) for code in codes}
    wanted_name = wanted.english_name.partition(" (")[0]
    called = difflib.get_close_matches(wanted_name, set(names.values()), n=_NEAREST, cutoff=0.5)
    alike = [code for name in called for code in codes if names[code] == name]
    return tuple(alike[:_NEAREST])


def is_individual(code: str) -> bool:
    """Whether a code names a language, rather than a group of them (``mul``, ``ROMANCE``)."""
    return _understood(code) is not None


@lru_cache(maxsize=4096)
def _understood(code: str) -> _Language | None:
    language, *rest = re.split("[-_]", code)
    if language in _NO_LANGUAGE:
        return None
    try:
        return _meaning(Locale.parse("-".join([_SAME_LANGUAGE.get(language, language), *rest])))
    except LocaleError:
        # Groups, and languages that CLDR has no name for: no locale can ask for them.
        return None


def _meaning(locale: Locale) -> _Language:
    language = _SAME_LANGUAGE.get(locale.language, locale.language)
    likely = get_global("likely_subtags")
    tag = likely.get(f"{language}_{locale.territory}") or likely.get(language, "")
    implied = next((part for part in tag.split("_")[1:] if len(part) == 4), "")
    return _Language(language, locale.script or implied, locale.territory)


def _name(code: str) -> str:
    language = re.split("[-_]", code)[0]
    try:
        return Locale.parse(_SAME_LANGUAGE.get(language, language)).english_name
    except LocaleError:
        return code
