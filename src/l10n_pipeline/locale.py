"""Locales: BCP 47 inside, POSIX names (``pt_BR``, ``sr@latin``) at the edge of PO files.

Sources: RFC 5646 (BCP 47) for the subtags; the gettext manual, "Locale Names", for
the POSIX spelling; which subtags exist comes from CLDR through Babel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import babel
from babel.core import get_global
from babel.languages import get_official_languages

from l10n_pipeline.errors import LocaleError

# gettext's script modifiers, as used by glibc's locale names.
_SCRIPT_OF_MODIFIER: Final = {
    "latin": "Latn",
    "cyrillic": "Cyrl",
    "devanagari": "Deva",
    "arabic": "Arab",
}
# ISO 15924 codes of the living scripts that are written so. Babel does not know the direction of
# a script, only that of the locales that CLDR has data for.
_RIGHT_TO_LEFT: Final = frozenset(
    ("Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi")
)
_NO_LANGUAGE: Final = frozenset({"mis", "mul", "und", "zxx"})
_MODIFIER_OF_SCRIPT: Final = {script: name for name, script in _SCRIPT_OF_MODIFIER.items()}
_SHAPE: Final = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:[-_](?P<script>[a-z]{4}))?"
    r"(?:[-_](?P<territory>[a-z]{2}|[0-9]{3}))?"
    r"(?:[-_](?P<variant>[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))?"
    r"(?:@(?P<modifier>[a-z0-9]+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Locale:
    """A language, optionally of a script, a territory and a variant.

    Build one with :meth:`parse`, which alone checks the subtags.
    """

    language: str
    """ISO 639 code, lower case: ``pt``."""
    script: str = ""
    """ISO 15924 code, title case: ``Latn``; empty where the language needs none."""
    territory: str = ""
    """ISO 3166-1 or UN M.49 code: ``BR``, ``419``; empty for the bare language."""
    variant: str = ""
    """BCP 47 variant, lower case: ``valencia``; empty for most."""

    @classmethod
    def parse(cls, text: str) -> Locale:
        """Read ``pt-BR``, ``pt_BR``, ``sr@latin`` or ``zh-Hant-TW``, in any case.

        >>> Locale.parse("pt-br")
        Locale(language='pt', script='', territory='BR', variant='')
        >>> Locale.parse("sr@latin").bcp47
        'sr-Latn'

        Raises:
            LocaleError: where the string has another shape, or names a language,
                script, territory or variant that CLDR does not know.
        """
        return _parse(text)

    @property
    def bcp47(self) -> str:
        """The BCP 47 tag: ``pt-BR``."""
        return "-".join(filter(None, (self.language, self.script, self.territory, self.variant)))

    @property
    def posix(self) -> str:
        """The name in PO headers and ``locales/``: ``pt_BR``, ``sr@latin``, ``ca@valencia``.

        A script without a gettext modifier keeps its code, and so does one beside a
        variant, which has the place of the modifier: ``zh_Hans_CN``, ``sr_Latn@ekavsk``.
        """
        modifier = "" if self.variant else _MODIFIER_OF_SCRIPT.get(self.script, "")
        script = "" if modifier else self.script
        name = "_".join(filter(None, (self.language, script, self.territory)))
        suffix = modifier or self.variant
        return f"{name}@{suffix}" if suffix else name

    @property
    def english_name(self) -> str:
        """What to call it in a message: ``Portuguese (Brazil)``."""
        english = babel.Locale("en")
        parts = (
            english.scripts.get(self.script),
            english.territories.get(self.territory),
            english.variants.get(self.variant.upper()),
        )
        detail = ", ".join(str(part) for part in parts if part)
        name = str(english.languages[self.language])
        return f"{name} ({detail})" if detail else name

    @property
    def fallbacks(self) -> tuple[Locale, ...]:
        """This locale, then ever more general ones: pt-BR → pt. Never a sibling region,
        never another script: a subtag is dropped only where CLDR's likely subtags
        (UTS #35) leave the script the same without it, and a script that the territory
        alone implies is then written.

        >>> [str(locale) for locale in Locale.parse("zh-Hans-CN").fallbacks]
        ['zh-Hans-CN', 'zh-Hans', 'zh']
        >>> [str(locale) for locale in Locale.parse("zh-TW").fallbacks]
        ['zh-TW', 'zh-Hant']
        """
        chain = [self, Locale(self.language, self.script, self.territory)]
        likely = _likely_script(self.language)
        script = self.script or _likely_script(self.language, self.territory)
        if self.script or script != likely:
            chain.append(Locale(self.language, script))
        if script == likely:
            chain.append(Locale(self.language))
        return tuple(dict.fromkeys(chain))

    @property
    def right_to_left(self) -> bool:
        """Whether it is written from right to left.

        >>> [Locale.parse(tag).right_to_left for tag in ("ar", "pa-PK", "az-Arab", "pt-BR")]
        [True, True, True, False]
        """
        script = self.script or _likely_script(self.language, self.territory)
        return script in _RIGHT_TO_LEFT

    def __str__(self) -> str:
        return self.bcp47


@lru_cache(maxsize=1024)
def _parse(text: str) -> Locale:
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise LocaleError(
            f"{text!r} is not a locale", way_out="write it as 'pt', 'pt-BR' or 'sr@latin'"
        )
    parts = {name: value or "" for name, value in match.groupdict().items()}
    english = babel.Locale("en")

    language = parts["language"].lower()
    alias = str(get_global("language_aliases").get(language, language))
    language, *implied = alias.split("_")
    if language not in english.languages:
        meant = " or ".join(map(repr, _perhaps_meant(language)))
        hint = f"did you mean {meant}" if meant else "use an ISO 639 code such as 'pt'"
        raise LocaleError(f"{text!r}: no language {language!r} is known", way_out=hint)

    # What stood for a language in another script or land still names it: sh is sr-Latn.
    script = parts["script"].title() or next((part for part in implied if len(part) == 4), "")
    variant = parts["variant"].lower()
    modifier = parts["modifier"].lower()
    if modifier in _SCRIPT_OF_MODIFIER and not parts["script"]:
        script = _SCRIPT_OF_MODIFIER[modifier]
    elif modifier:
        if variant not in ("", modifier):
            raise LocaleError(
                f"{text!r} has two variants", way_out=f"write {variant!r} or {modifier!r}"
            )
        variant = modifier
    if script and script not in english.scripts:
        raise LocaleError(
            f"{text!r}: no script {script!r} is known", way_out="use an ISO 15924 code"
        )
    territory = parts["territory"].upper() or next((part for part in implied if len(part) == 2), "")
    if territory and territory not in english.territories:
        raise LocaleError(
            f"{text!r}: no territory {territory!r} is known", way_out="use an ISO 3166 code"
        )
    if variant and variant.upper() not in english.variants:
        raise LocaleError(
            f"{text!r}: no variant {variant!r} is known", way_out="use the bare language"
        )
    return Locale(language, script, territory, variant)


def _perhaps_meant(unknown: str) -> tuple[str, ...]:
    """The languages, two at most, that somebody may have meant by a code that is none.

    A land's code stands for what is spoken there officially (``cz``: ``cs``). Otherwise one
    slip counts, two letters swapped or one too many or mistaken, but not the first; of two
    letters, one mistaken could make any code of any other.
    """
    spoken = {code.partition("_")[0]: None for code in get_official_languages(unknown.upper())}
    if 1 <= len(spoken) <= 2:
        return tuple(spoken)
    shortened = {unknown[:at] + unknown[at + 1 :] for at in range(1, len(unknown))}
    near = [
        code
        for code in map(str, babel.Locale("en").languages)
        if code not in _NO_LANGUAGE
        and (
            sorted(code) == sorted(unknown)
            or (len(unknown) > 2 and (code in shortened or _one_letter_differs(code, unknown)))
        )
    ]
    return tuple(sorted(near, key=lambda code: (len(code), code))[:1])


def _one_letter_differs(code: str, other: str) -> bool:
    """Whether two codes are of one length and differ in one letter that is not the first."""
    if len(code) != len(other) or code[0] != other[0]:
        return False
    return sum(a != b for a, b in zip(code, other, strict=True)) == 1


def _likely_script(language: str, territory: str = "") -> str:
    """The script that CLDR expects of a language, there or at large; empty if unknown."""
    likely = get_global("likely_subtags")
    tag = likely.get(f"{language}_{territory}") or likely.get(language, "")
    return next((part for part in tag.split("_")[1:] if len(part) == 4), "")
