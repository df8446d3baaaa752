"""Gender and number of Portuguese and Spanish noun phrases, as far as their spelling tells.

What is known is known by the head noun: a list for words whose ending says nothing or
misleads, suffixes that decide, and the plain endings in -o and -a, which decide only
where the phrase is plainly of the language: a foreign name in -a need not be feminine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from l10n_pipeline.enforcement.closed_classes import function_words
from l10n_pipeline.folding import words
from l10n_pipeline.model import Gender, TermKind


@dataclass(frozen=True, slots=True)
class Agreement:
    """What words that agree with a noun phrase have to show."""

    gender: Gender = Gender.UNKNOWN
    plural: bool | None = None
    """None where it is not known."""


UNKNOWN: Final = Agreement()


@dataclass(frozen=True, slots=True)
class _Nouns:
    masculine: frozenset[str]
    feminine: frozenset[str]
    masculine_endings: tuple[str, ...]
    feminine_endings: tuple[str, ...]
    skipped: frozenset[str]
    """Adjectives that stand before a noun and say nothing of its gender."""
    plurals: tuple[tuple[str, str], ...]
    """Endings of plurals with those of their singulars, the telling ones first."""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOUNS: Final = {
    "pt": _Nouns(
        masculine=_listed(
            "alcorão armazém batalhão avião campeão cartão coração cometa comitê comité clube dia "
            "esquadrão fim festival fórum furacão hospital ideal jardim jornal juiz leilão mapa "
            "mar massacre mês monte museu país padrão pantanal papa parque patrimônio planeta "
            "poder príncipe projétil rei rio sul norte leste oeste time tribunal troféu tufão "
            "vale viaduto vulcão memorial canal presidente conclave desastre eclipse romance "
            "chanceler ministro general coronel marechal vírus"
        ),
        feminine=_listed(
            "base catedral chave capital central classe corte crise cruz cor dor fase flor fonte "
            "foto fé filial frente gestão greve guerra lei liberdade linha liga luz mão moto "
            "morte nave noite parte paz ponte questão rede sede série síndrome sé tarde tese "
            "torre tribo voz matriz"
        ),
        masculine_endings=("mento", "ismo", "ário", "ório", "eiro", "ato", "ema", "oma", "grama"),
        feminine_endings=(
            "ção", "são", "xão", "gião", "nião", "dade", "tude", "agem", "igem", "ugem", "ície",
            "ência", "ância", "eza", "ura", "ice", "triz", "ia",
        ),
        skipped=_listed("grande grandes"),
        plurals=(
            ("ções", "ção"), ("sões", "são"), ("niões", "nião"), ("giões", "gião"), ("ões", "ão"),
            ("gens", "gem"), ("ns", "m"), ("ais", "al"), ("éis", "el"), ("res", "r"), ("zes", "z"),
            ("ses", "s"), ("s", ""),
        ),
    ),
    "es": _Nouns(
        masculine=_listed(
            "batallón avión campeón cometa comité club corazón corán conde desastre día escuadrón "
            "eclipse fin festival foro hospital huracán jardín juez mapa mar mes monte mural museo "
            "padrón país papa parque planeta poder puente príncipe presidente rey romance tifón "
            "tribunal trofeo valle volcán canal memorial norte sur este oeste virus general"
        ),
        feminine=_listed(
            "base catedral capital central clase corte cruz flor foto fe fuente guerra labor ley "
            "liga luz llave mano masacre moto muerte nave noche parte paz red sede serie "
            "tarde tesis torre tribu voz crisis"
        ),
        masculine_endings=(
            "miento", "ismo", "ario", "orio", "aje", "ero", "ato", "ema", "oma", "grama", "dor",
            "tor",
        ),
        feminine_endings=(
            "ción", "sión", "xión", "gión", "nión", "dad", "tad", "tud", "umbre", "encia", "ancia",
            "eza", "ura", "triz", "ía", "ia",
        ),
        skipped=_listed("gran grandes"),
        plurals=(
            ("ciones", "ción"), ("siones", "sión"), ("niones", "nión"), ("giones", "gión"),
            ("dades", "dad"), ("tades", "tad"), ("ones", "ón"), ("ores", "or"), ("ales", "al"),
            ("ces", "z"), ("yes", "y"), ("s", ""),
        ),
    ),
}  # fmt: skip

_STRESSED_A: Final = _listed("agua águila ala alba alma ancla área arma arpa aula hacha hada")
_ORDINAL: Final = re.compile(r"\d+(?:º|ª|°)?\Z")
_WEAK: Final = (("o", Gender.MASCULINE), ("a", Gender.FEMININE))
_OF_BOTH_GENDERS: Final = ("ista", "cida", "colega")
_OF_NO_NAME: Final = ("ção", "são", "dade", "mento", "ismo", "ción", "sión", "dad", "miento")
_BEFORE_PLURAL_S: Final = frozenset("aeioué")
_PREFIX: Final = re.compile(r"\A(?:sub|vice|super|inter|contra|ex)-?(?=\w{4})")
_SHORTEST_TELLING: Final = 5
"""Letters: shorter words in -ia and the like are as often names."""


def knows(language: str) -> bool:
    """Whether anything is known of a language's nouns."""
    return language in _NOUNS


@lru_cache(maxsize=16384)
def agreement_of(phrase: str, language: str, kind: TermKind, gender: Gender) -> Agreement:
    """What agrees with a noun phrase that opens with its head noun.

    Args:
        phrase: a term's form, or a rendering of it; articles before the noun do not count.
        language: ISO 639 code.
        kind: what the phrase names: spelling tells nothing of a person's name, nor of a
            place's that is one word.
        gender: of the head noun, where the glossary tells.

    >>> agreement_of("Fundação Heydar Aliyev", "pt", TermKind.ORGANISATION, Gender.UNKNOWN)
    Agreement(gender=<Gender.FEMININE: 'feminine'>, plural=False)
    """
    nouns = _NOUNS.get(language)
    if nouns is None or kind is TermKind.PERSON:
        return Agreement(gender, plural=False) if gender is not Gender.UNKNOWN else UNKNOWN
    spoken = [span.of(phrase) for span in words(phrase)]
    while spoken and (
        spoken[0].casefold() in nouns.skipped
        or spoken[0].casefold() in function_words(language)
        or _ORDINAL.match(spoken[0])
    ):
        del spoken[0]
    if not spoken:
        return Agreement(gender)
    head = spoken[0]
    native = head[0].islower() or any(word in function_words(language) for word in spoken[1:])
    if kind is TermKind.PLACE and not native:
        return Agreement(gender)
    word = _PREFIX.sub("", head.casefold(), count=1)
    if kind is TermKind.OTHER and not native and not _plainly_a_noun(word, nouns):
        return Agreement(gender)
    found = _gender(word, nouns, weak=native)
    if found is not Gender.UNKNOWN:
        return Agreement(gender or found, plural=False)
    for ending, singular in nouns.plurals:
        if word.endswith(ending) and (singular or word[-2:-1] in _BEFORE_PLURAL_S):
            found = _gender(word.removesuffix(ending) + singular, nouns, weak=native)
            if found is not Gender.UNKNOWN:
                return Agreement(gender or found, plural=True)
    return Agreement(gender)


def _plainly_a_noun(word: str, nouns: _Nouns) -> bool:
    """Whether a capitalised word is a noun of the language and no foreign name."""
    return (
        word in nouns.masculine
        or word in nouns.feminine
        or word.removesuffix("es").removesuffix("s").endswith(_OF_NO_NAME)
        or word.endswith("ções")
    )


def opens_with_common_noun(phrase: str, language: str) -> bool:
    """Whether a phrase plainly has a noun of the language for its head, which takes the
    article: ``Massacre de Khojaly``, but not ``Trinidad y Tobago``.
    """
    nouns = _NOUNS.get(language)
    spoken = [span.of(phrase) for span in words(phrase)]
    while spoken and _ORDINAL.match(spoken[0]):
        del spoken[0]
    if nouns is None or not spoken or spoken[1:2] in (["e"], ["y"]):
        return False
    return spoken[0][0].islower() or _plainly_a_noun(spoken[0].casefold(), nouns)


def begins_with_stressed_a(phrase: str) -> bool:
    """Whether a Spanish feminine takes the masculine article for its sound: el agua."""
    head = next((span.of(phrase) for span in words(phrase)), "")
    return head.casefold() in _STRESSED_A


def _gender(word: str, nouns: _Nouns, *, weak: bool) -> Gender:
    if word in nouns.masculine:
        return Gender.MASCULINE
    if word in nouns.feminine:
        return Gender.FEMININE
    if word.endswith(nouns.masculine_endings):
        return Gender.MASCULINE
    if word.endswith(nouns.feminine_endings) and len(word) > _SHORTEST_TELLING:
        return Gender.FEMININE
    if weak and not word.endswith(_OF_BOTH_GENDERS):
        for ending, gender in _WEAK:
            if word.endswith(ending):
                return gender
    return Gender.UNKNOWN
