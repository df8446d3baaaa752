"""Translations in letters that their language is not written in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from babel.core import get_global
from babel.localedata import locale_identifiers

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Diagnostic

_NAMES: Final = MappingProxyType(
    {
        "LATIN": "Latn",
        "CYRILLIC": "Cyrl",
        "GREEK": "Grek",
        "ARMENIAN": "Armn",
        "GEORGIAN": "Geor",
        "HEBREW": "Hebr",
        "ARABIC": "Arab",
        "SYRIAC": "Syrc",
        "THAANA": "Thaa",
        "NKO": "Nkoo",
        "ETHIOPIC": "Ethi",
        "DEVANAGARI": "Deva",
        "BENGALI": "Beng",
        "GURMUKHI": "Guru",
        "GUJARATI": "Gujr",
        "ORIYA": "Orya",
        "TAMIL": "Taml",
        "TELUGU": "Telu",
        "KANNADA": "Knda",
        "MALAYALAM": "Mlym",
        "SINHALA": "Sinh",
        "THAI": "Thai",
        "LAO": "Laoo",
        "TIBETAN": "Tibt",
        "MYANMAR": "Mymr",
        "KHMER": "Khmr",
        "MONGOLIAN": "Mong",
        "CHEROKEE": "Cher",
        "TIFINAGH": "Tfng",
        "HANGUL": "Hang",
        "HIRAGANA": "Hira",
        "KATAKANA": "Kana",
        "BOPOMOFO": "Bopo",
        "CJK": "Hani",
    }
)
"""First word of a character's Unicode name to the ISO 15924 code of its script. Letters of
other scripts are not judged."""
_SEVERAL_AT_ONCE: Final = MappingProxyType(
    {
        "Jpan": frozenset({"Hani", "Hira", "Kana"}),
        "Kore": frozenset({"Hang", "Hani"}),
        "Hans": frozenset({"Hani"}),
        "Hant": frozenset({"Hani", "Bopo"}),
    }
)
"""Codes of ISO 15924 that stand for more than one script, or for a variant of one."""
_ROMANISED: Final = frozenset({"hi", "zh"})
"""Languages that CLDR has in Latin letters too, as transcriptions: nobody publishes in them."""
_LATIN_SHARE: Final = 0.5
"""Of all letters. Units, acronyms and names stay Latin in every language."""
_FEWEST_LATIN: Final = 20
"""Letters; below, a brand and a unit may be all there is."""


def wrong_script(source: str, target: str, pair: LanguagePair) -> list[Diagnostic]:
    """Words in a script that the target locale is not written in and the source does not
    have just so; for Latin, which is at home everywhere, only where most letters are.

    A single Greek letter is a symbol. Which scripts a locale is written in is what
    :func:`scripts_of` says.
    """
    if pair.target is None or (target.isascii() and "Latn" in scripts_of(pair.target)):
        return []
    accepted = scripts_of(pair.target)
    present = {script for character in set(target) if (script := _script(character))}
    if not accepted or present <= accepted:
        return []
    foreign: list[tuple[str, str]] = []
    latin = 0
    for word, script in _words(target):
        if script in accepted or word in source:
            continue
        if script == "Latn":
            latin += len(word)
        elif script != "Grek" or len(word) > 1:
            foreign.append((word, script))
    if foreign:
        word, script = foreign[0]
        return [_finding(f"“{word}” is", script, pair.target)]
    letters = sum(len(word) for word, _ in _words(target))
    if latin >= _FEWEST_LATIN and latin > _LATIN_SHARE * letters:
        return [_finding("most of it is", "Latn", pair.target)]
    return []


@lru_cache(maxsize=256)
def scripts_of(locale: Locale) -> frozenset[str]:
    """ISO 15924 codes of the scripts that a locale is written in; empty where unknown.

    The script that the locale names, or else CLDR's likely one (UTS #35) for its
    territory. For a bare language, all in which CLDR has it: Serbian, Azerbaijani and
    Uzbek texts come in several.

    >>> sorted(scripts_of(Locale.parse("sr"))), sorted(scripts_of(Locale.parse("sr-Latn")))
    (['Cyrl', 'Latn'], ['Latn'])
    >>> sorted(scripts_of(Locale.parse("ja")))
    ['Hani', 'Hira', 'Kana']
    """
    if locale.script:
        codes = {locale.script}
    elif locale.territory and (likely := _likely(f"{locale.language}_{locale.territory}")):
        codes = {likely}
    else:
        likely = _likely(locale.language)
        codes = {likely} | (_written_scripts(locale.language) if likely else set())
    return frozenset().union(
        *(_SEVERAL_AT_ONCE.get(code, frozenset({code})) for code in codes if code)
    )


def _likely(tag: str) -> str:
    full = get_global("likely_subtags").get(tag, "")
    return next((part for part in full.split("_")[1:] if len(part) == 4), "")


def _written_scripts(language: str) -> set[str]:
    if language in _ROMANISED:
        return set()
    parts = (identifier.split("_") for identifier in locale_identifiers())
    return {
        part[1] for part in parts if part[0] == language and len(part) > 1 and len(part[1]) == 4
    }


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Runs of letters of one script, with the script; marks belong to the run."""
    word, script = "", ""
    for character in text:
        found = _script(character)
        if not found and word and unicodedata.category(character)[0] == "M":
            word += character
            continue
        if found != script:
            if word:
                yield word, script
            word, script = "", found
        if found:
            word += character
    if word:
        yield word, script


@lru_cache(maxsize=16_384)
def _script(character: str) -> str:
    """ISO 15924 code of a letter's script; empty for all other characters."""
    if unicodedata.category(character)[0] != "L":
        return ""
    first = unicodedata.name(character, "").partition(" ")[0]
    return _NAMES.get(first.partition("-")[0], "")


def _finding(what: str, script: str, locale: Locale) -> Diagnostic:
    name = next(name for name, code in _NAMES.items() if code == script)
    name = "Han" if script == "Hani" else name.capitalize()
    return Diagnostic(
        "script", f"{what} in {name} letters; {locale.english_name} is not written in them"
    )
