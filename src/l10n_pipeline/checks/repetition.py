"""Repetition loops: the model says the same words again and again."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from l10n_pipeline.model import Diagnostic

_NGRAM: Final = 4
"""Words. Shorter phrases recur in good prose ("in the United States … in the")."""
_WORD_RUN: Final = 3
"""The same word this often in a row is a loop unless the source does it too."""
# For scripts without spaces: a stretch of 2 to 20 characters four times in a row.
_CHARACTER_LOOP: Final = re.compile(r"(\w{2,20}?)\1{3,}")


def repetition(source: str, target: str) -> list[Diagnostic]:
    """Words or phrases that the translation repeats more often than the source does."""
    source_words, target_words = _words(source), _words(target)

    phrases = _ngrams(target_words)
    allowed = max(_ngrams(source_words).values(), default=1)
    if phrases:
        phrase, count = phrases.most_common(1)[0]
        if count > max(allowed, 1):
            return [_loop(" ".join(phrase), count)]

    run, word = _longest_run(target_words)
    if run >= _WORD_RUN and run > _longest_run(source_words)[0]:
        return [_loop(word, run)]

    loop = _CHARACTER_LOOP.search(target)
    if loop and not _CHARACTER_LOOP.search(source):
        return [_loop(loop[1], len(loop[0]) // len(loop[1]))]
    return []


def _loop(phrase: str, count: int) -> Diagnostic:
    return Diagnostic("repetition", f"“{phrase}” stands there {count} times")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _ngrams(words: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + _NGRAM]) for i in range(len(words) - _NGRAM + 1))


def _longest_run(words: list[str]) -> tuple[int, str]:
    """Length of the longest run of one word, and that word; (0, "") for no words."""
    best, best_word, run = 0, "", 0
    for i, word in enumerate(words):
        run = run + 1 if i and word == words[i - 1] else 1
        if run > best:
            best, best_word = run, word
    return best, best_word
