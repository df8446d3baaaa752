"""Words that join names to sentences: articles, prepositions, conjunctions.

They are asked about only where words are in lower case at the edges of a rendering, where
none of these is part of a name; so one set serves all languages there.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "en": "a an and as at by for from in into of on or the to with",
    "es": "a al con de del e el en la las los o para por sobre u un una unas unos y",
    "pt": "a ao aos as com da das de do dos e em entre na nas no nos num numa o os ou para pela "
    "pelas pelo pelos por sobre um uma umas uns à às",
    "ru": "а в во до для за и из или к ко на о об от по при про с со у",
    "tr": "bir de da ile için ve",
    "az": "bir da də ilə üçün və",
}
_BY_LANGUAGE: Final = {language: frozenset(listed.split()) for language, listed in _WORDS.items()}
_FUNCTION_WORDS: Final = frozenset(word for listed in _BY_LANGUAGE.values() for word in listed)


def is_function_word(word: str) -> bool:
    """Whether a word, written in lower case, belongs to a closed class.

    >>> is_function_word("pela"), is_function_word("Na")
    (True, False)
    """
    return word in _FUNCTION_WORDS


def function_words(language: str) -> frozenset[str]:
    """The words of closed classes of one language, in lower case; none where unknown."""
    return _BY_LANGUAGE.get(language, frozenset())
