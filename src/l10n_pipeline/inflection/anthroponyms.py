"""Persons' names by case, with the libraries that know how."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from l10n_pipeline.model import Gender

Declined = list[tuple[tuple[str, ...], str]]
"""For each word its forms in six cases, or just the word, and no second prepositional."""

_INITIAL: Final = re.compile(r"(?:\w\.)+|\w")
_NAME: Final = re.compile(r"[а-яёґєії][а-яёґєіїʼ’']+", re.IGNORECASE)
_PATRONYMIC: Final = ("вич", "вна", "чна", "ична", "ївна")
_NOUN_LIKE: Final = re.compile(r"(?<!ь)ка\Z")
# Of a monosyllabic Chinese, Korean or Vietnamese name the last part alone is declined.
_MONOSYLLABLE: Final = re.compile(
    r"[^аеёиоуыэюяєії]*[аеёиоуыэюяєії][^аеёиоуыэюяєії]*", re.IGNORECASE
)


class PersonDecliner(Protocol):
    """Declines persons' names."""

    def decline(self, tokens: Sequence[str], gender: Gender) -> Declined:
        """Forms of each word of a name; a word in no case but its own stays as it is."""
        ...

    def decline_word(self, word: str, part: str, gender: Gender) -> tuple[str, ...]:
        """The six cases of one part of a name: ``given``, ``middle`` or ``family``."""
        ...


_Decline = Callable[[str, str, Gender], tuple[str, ...]]
"""A word, its part (given, middle, family) and the gender: six cases."""


class _ByParts:
    """Finds out which part of a name a word is, and has it declined."""

    def __init__(self, decline: _Decline) -> None:
        self._decline = decline

    def decline(self, tokens: Sequence[str], gender: Gender) -> Declined:
        fixed: Declined = [((token,), "") for token in tokens]
        named = [at for at, token in enumerate(tokens) if _declinable(token)]
        if not named or gender is Gender.NEUTER:
            return fixed
        monosyllabic = len(named) >= 3 and all(_MONOSYLLABLE.fullmatch(tokens[at]) for at in named)
        if monosyllabic:
            named = named[-1:]
        for at in named:
            part = "given" if monosyllabic else _part(tokens, at, named)
            fixed[at] = (self.decline_word(tokens[at], part, gender), "")
        return fixed

    def decline_word(self, word: str, part: str, gender: Gender) -> tuple[str, ...]:
        """The six cases, each side of a hyphen on its own."""
        if gender is Gender.UNKNOWN:
            gender = Gender.MASCULINE
        pieces = word.split("-")
        columns = [
            self._decline(piece, part, gender) if _NAME.fullmatch(piece) else (piece,) * 6
            for piece in pieces
        ]
        return tuple("-".join(column[at] for column in columns) for at in range(6))


def decliner_for(language: str) -> PersonDecliner:
    """The decliner of ``ru`` or ``uk``."""
    return _ByParts(_russian() if language == "ru" else _ukrainian())


def _declinable(token: str) -> bool:
    return token[:1].isupper() and not _INITIAL.fullmatch(token) and "." not in token


def _part(tokens: Sequence[str], at: int, named: Sequence[int]) -> str:
    if tokens[at].lower().endswith(_PATRONYMIC) and at not in (named[0], named[-1]):
        return "middle"
    if at == named[-1]:
        return "family"
    return "given"


def _russian() -> _Decline:
    from pytrovich.enums import Case, NamePart  # noqa: PLC0415 - need not be installed for uk
    from pytrovich.enums import Gender as Sex  # noqa: PLC0415 - likewise
    from pytrovich.maker import PetrovichDeclinationMaker  # noqa: PLC0415 - likewise

    maker = PetrovichDeclinationMaker()
    parts = {
        "given": NamePart.FIRSTNAME,
        "middle": NamePart.MIDDLENAME,
        "family": NamePart.LASTNAME,
    }
    cases = (Case.GENITIVE, Case.DATIVE, Case.ACCUSATIVE, Case.INSTRUMENTAL, Case.PREPOSITIONAL)

    def decline(word: str, part: str, gender: Gender) -> tuple[str, ...]:
        sex = Sex.FEMALE if gender is Gender.FEMININE else Sex.MALE
        return (word, *(str(maker.make(parts[part], sex, case, word)) for case in cases))

    return decline


def _ukrainian() -> _Decline:
    import shevchenko  # noqa: PLC0415 - need not be installed for ru
    from shevchenko import GrammaticalCase as Case  # noqa: PLC0415 - likewise

    keys = {"given": "givenName", "middle": "patronymicName", "family": "familyName"}
    cases = (Case.GENITIVE, Case.DATIVE, Case.ACCUSATIVE, Case.ABLATIVE, Case.LOCATIVE)

    def decline(word: str, part: str, gender: Gender) -> tuple[str, ...]:
        feminine = gender is Gender.FEMININE
        if part == "family" and word.endswith("ий") and not feminine:
            stem = word[:-2]
            o = stem + "ого"
            return word, o, stem + "ому", o, stem + "им", stem + "ому"
        if part == "family" and feminine and _NOUN_LIKE.search(word):
            part = "given"  # Українка is no adjective.
        sex = "feminine" if feminine else "masculine"
        made = [
            shevchenko.inflect({"gender": sex, keys[part]: word}, case)[keys[part]]
            for case in cases
        ]
        return (word, *(form or word for form in made))

    return decline
