"""How a collection of texts writes its words: with capitals, in small letters, or both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from l10n_pipeline.folding import fold
from l10n_pipeline.locale import Locale
from l10n_pipeline.names.cldr import lexicon
from l10n_pipeline.names.cues import PARTICLES, cues_for
from l10n_pipeline.names.tokens import Token, tokens
from l10n_pipeline.termforms import in_capitals

_TELLING_VOCABULARY: Final = 2_000
"""Words in small letters from which on it says something that one is not among them."""
_RELATED: Final = 4
"""Letters at the beginning that two words of one stem share."""
_HEADLINE: Final = 4
"""Words from which on a text with capitals throughout is a headline."""


class Usage:
    """What is known of words: of the language, and from the texts themselves.

    Args:
        texts: the collection.
        locale: its language.
    """

    def __init__(self, texts: Sequence[str], locale: Locale) -> None:
        self.cues = cues_for(locale)
        self.lexicon = lexicon(locale)
        self.small = PARTICLES | self.cues.joiners | self.cues.articles
        """Words that may stand inside a name."""
        self.tokens = [tokens(text) for text in texts]
        self.headlines = [
            self._is_headline(text, words) for text, words in zip(texts, self.tokens, strict=True)
        ]
        """For each text, whether its capitals tell nothing."""
        self._lower: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        self._pairs: set[tuple[str, str]] = set()
        for words, headline in zip(self.tokens, self.headlines, strict=True):
            if not headline:
                self._learn(words)
        self._stems = {word[:_RELATED] for word in self._lower}

    def is_small(self, token: Token) -> bool:
        """Whether it may stand inside a name, but not at its ends."""
        return token.text in self.small or token.text in self.cues.conjunctions

    def is_adjective(self, token: Token) -> bool:
        """Whether it is one of nationality or language."""
        return self.lexicon.is_adjective(word_of(token))

    def is_common(self, word: str) -> bool:
        """Whether the texts have a folded word in small letters."""
        return word in self._lower

    def is_mostly_common(self, word: str) -> bool:
        """Whether they have it in small letters at least as often as with a capital."""
        return self._lower[word] >= max(self._capital[word], 1)

    def has_capital(self, word: str) -> bool:
        """Whether they have it with a capital that is not the sentence's."""
        return self._capital[word] > 0

    def opens_only(self, token: Token, following: Token | None) -> bool:
        """Whether a word has its capital from the beginning of the sentence alone."""
        word = word_of(token)
        if not token.initial:
            return False
        if following is not None and following.capital and not token.suffixed:
            pair = (word, word_of(following))
            if pair in self._pairs or " ".join(pair) in self.lexicon.territories:
                return False
        return word in self.cues.openers or self._lower[word] > self._capital[word]

    def is_known_as_name(self, token: Token) -> bool:
        """Whether a word that opens a sentence is a name all the same."""
        word = word_of(token)
        if self._capital[word] or word in self.lexicon.territories or not token.text.istitle():
            return True
        if token.suffixed and word not in self._lower:
            return True
        if word.endswith(self.cues.endings) or "-" in word:
            return False
        return len(self._lower) >= _TELLING_VOCABULARY and word[:_RELATED] not in self._stems

    def _is_headline(self, text: str, words: Sequence[Token]) -> bool:
        """Whether all words that could do without have capitals."""
        if in_capitals(text):
            return True
        without = self.small | self.cues.conjunctions | self.cues.whereabouts
        telling = [
            token for token in words if not token.numeric and token.text.casefold() not in without
        ]
        return (
            len(telling) > _HEADLINE
            and all(token.capital for token in telling)
            and text.rstrip()[-1:] not in (".", "”", '"')
        )

    def _learn(self, words: Sequence[Token]) -> None:
        for token in words:
            word = word_of(token)
            if not token.capital:
                self._lower[word] += 1
            elif not token.initial:
                self._capital[word] += 1
        for one, other in pairwise(words):
            if one.capital and other.capital and not one.initial:
                self._pairs.add((word_of(one), word_of(other)))


def word_of(token: Token) -> str:
    """The token, folded."""
    return fold(token.text).text
