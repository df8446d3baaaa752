"""Portuguese and Spanish determiners, with the prepositions they contract with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.enforcement.nouns import Agreement
from l10n_pipeline.model import Gender


@dataclass(frozen=True, slots=True)
class Determiner:
    """One form of a determiner: ``pela``."""

    word: str
    agreement: Agreement
    forms: tuple[str, str, str, str]
    """Masculine and feminine singular, masculine and feminine plural."""
    article: bool
    """Whether it is the definite article, alone or contracted."""
    preposition: str = ""
    """What is left of it without the article: ``por``."""
    also_preposition: bool = False
    """Whether it may be a bare preposition as well: Portuguese ``a``."""

    def agreeing(self, agreement: Agreement) -> str:
        """The form that agrees; what is unknown stays as it is."""
        feminine = (agreement.gender or self.agreement.gender) is Gender.FEMININE
        plural = self.agreement.plural if agreement.plural is None else agreement.plural
        return self.forms[2 * bool(plural) + feminine]


_ARTICLES: Final = {
    "pt": {"o a os as": "", "do da dos das": "de", "no na nos nas": "em",
           "pelo pela pelos pelas": "por", "ao à aos às": "a"},
    "es": {"el la los las": "", "del de_la de_los de_las": "de", "al a_la a_los a_las": "a"},
}  # fmt: skip
_OTHERS: Final = {
    "pt": "um uma uns umas, num numa nuns numas, dum duma duns dumas, "
    "este esta estes estas, deste desta destes destas, neste nesta nestes nestas, "
    "esse essa esses essas, desse dessa desses dessas, nesse nessa nesses nessas, "
    "aquele aquela aqueles aquelas, daquele daquela daqueles daquelas, "
    "naquele naquela naqueles naquelas, àquele àquela àqueles àquelas, "
    "meu minha meus minhas, seu sua seus suas, nosso nossa nossos nossas, "
    "outro outra outros outras, mesmo mesma mesmos mesmas, próprio própria próprios próprias, "
    "todo toda todos todas, algum alguma alguns algumas, nenhum nenhuma nenhuns nenhumas, "
    "muito muita muitos muitas, cujo cuja cujos cujas",
    "es": "un una unos unas, este esta estos estas, ese esa esos esas, "
    "aquel aquella aquellos aquellas, nuestro nuestra nuestros nuestras, "
    "otro otra otros otras, mismo misma mismos mismas, propio propia propios propias, "
    "todo toda todos todas, algún alguna algunos algunas, ningún ninguna ningunos ningunas, "
    "mucho mucha muchos muchas, cuyo cuya cuyos cuyas",
}
_AGREEMENTS: Final = tuple(
    Agreement(gender, plural)
    for plural in (False, True)
    for gender in (Gender.MASCULINE, Gender.FEMININE)
)


def _determiners(language: str) -> Iterator[Determiner]:
    listed = [(row, True, preposition) for row, preposition in _ARTICLES[language].items()]
    listed += [(row, False, "") for row in _OTHERS[language].split(", ")]
    for row, article, preposition in listed:
        masculine, feminine, *plurals = (word.replace("_", " ") for word in row.split())
        forms = (masculine, feminine, plurals[0], plurals[1])
        for word, agreement in zip(forms, _AGREEMENTS, strict=True):
            also_preposition = language == "pt" and word == "a"
            yield Determiner(word, agreement, forms, article, preposition, also_preposition)


DETERMINERS: Final[Mapping[str, Mapping[str, Determiner]]] = {
    language: {determiner.word: determiner for determiner in _determiners(language)}
    for language in _ARTICLES
}
"""By language and word, in lower case; a Spanish contraction's feminine is two words."""

_PREPOSITIONS: Final = {
    "pt": "sobre contra após durante desde até para com entre sob ante perante",
    "es": "sobre contra tras durante desde hasta para con por en entre bajo ante",
}
"""Those with which the article does not contract."""


def article_after(preposition: str, agreement: Agreement, language: str) -> str | None:
    """A preposition with the definite article after it; None for any other word, and for
    Portuguese ``a``, which may be an article itself.

    >>> article_after("sobre", Agreement(Gender.MASCULINE, plural=False), "pt")
    'sobre o'
    >>> article_after("de", Agreement(Gender.FEMININE, plural=False), "pt")
    'da'
    """
    known = DETERMINERS.get(language, {})
    article = next((one for one in known.values() if one.article and not one.preposition), None)
    if article is None or (language, preposition) == ("pt", "a"):
        return None
    if preposition in _PREPOSITIONS[language].split():
        return f"{preposition} {article.agreeing(agreement)}"
    contracted = (one for one in known.values() if one.article and one.preposition == preposition)
    found = next(contracted, None) if preposition else None
    return None if found is None else found.agreeing(agreement)
