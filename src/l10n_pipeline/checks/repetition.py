"""Repetition loops: the model says the same words again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.model import Diagnostic

_NGRAM: Final = 4
"""Words. Shorter phrases recur in good prose ("in the United States … in the")."""
_WORD_RUN: Final = 3
"""The same word this often in a row is a loop unless the source does it too."""
_LONGEST_TANDEM: Final = 12
"""Words of a phrase that is looked for twice in a row."""
_CONTENT: Final = 4
"""Letters from which on a word of the source carries meaning: where it comes twice, so may
the phrase that renders it."""
# A word with its marks (İ is two code points in lower case), a number, a sentence's end.
_TOKEN: Final = re.compile(r"[^\W_][\w\u0300-\u036f]*|[.!?]")
# For scripts without spaces: a stretch of 2 to 20 letters four times in a row.
_CHARACTER_LOOP: Final = re.compile(r"([^\W\d_]{2,20}?)\1{3,}")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{8,}")


def repetition(source: str, target: str, _: LanguagePair) -> list[Diagnostic]:
    """Words or phrases that the translation repeats more often than the source does.

    A phrase said twice in a row, or with one word between ("A and A"), is a loop; one that
    comes again later may render what the source repeats.
    """
    words = _words(target)
    pairs = list(pairwise(words))
    if len(set(pairs)) < len(pairs):  # else there is nothing that any of these could find
        for find in (_tandem, _run, _recurrence):
            if loop := find(words, source):
                return [loop]
    return _character_loop(source, target)


def _tandem(words: Sequence[str], source: str) -> Diagnostic | None:
    found = next(_tandems(words), None)
    if found is None or next(_tandems(_words(source)), None) is not None:
        return None
    return _loop(" ".join(found), _occurrences(words, found))


def _tandems(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Phrases that stand twice in a row, or, where longer, with one word between."""
    last: dict[tuple[str, str], int] = {}
    for at, opening in enumerate(pairwise(words)):
        before = last.get(opening, -1)
        last[opening] = at
        if before < 0:
            continue
        step = at - before
        for size, fewest in ((step, 2), (step - 1, _NGRAM)):
            if fewest <= size <= _LONGEST_TANDEM:
                phrase = words[before : before + size]
                if words[at : at + size] == phrase and any(map(_carries_meaning, phrase)):
                    yield phrase


def _carries_meaning(word: str) -> bool:
    return len(word) >= _CONTENT and not word.isdecimal()


def _run(words: Sequence[str], source: str) -> Diagnostic | None:
    run, word = _longest_run(words)
    if run >= _WORD_RUN and run > _longest_run(_words(source))[0]:
        return _loop(word, run)
    return None


def _recurrence(words: Sequence[str], source: str) -> Diagnostic | None:
    phrases = [phrase for phrase in _ngrams(words) if any(map(_carries_meaning, phrase))]
    if len(set(phrases)) == len(phrases):
        return None
    phrase, count = Counter(phrases).most_common(1)[0]
    in_source = _words(source)
    allowed = max(
        Counter(_ngrams(in_source) or [()]).most_common(1)[0][1],
        max(Counter(filter(_carries_meaning, in_source)).values(), default=1),
    )
    return _loop(" ".join(phrase), count) if count > allowed else None


def _character_loop(source: str, target: str) -> list[Diagnostic]:
    if not _LONG_WORD.search(target):
        return []
    loop = _CHARACTER_LOOP.search(target)
    if loop is None or _CHARACTER_LOOP.search(source):
        return []
    return [_loop(loop[1], len(loop[0]) // len(loop[1]))]


def _loop(phrase: str, count: int) -> Diagnostic:
    return Diagnostic("repetition", f"“{phrase}” stands there {count} times")


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def _ngrams(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(_NGRAM)), strict=False))


def _occurrences(words: Sequence[str], phrase: Sequence[str]) -> int:
    """How often a phrase stands there without overlapping itself."""
    count = at = 0
    while at <= len(words) - len(phrase):
        found = words[at : at + len(phrase)] == phrase
        count += found
        at += len(phrase) if found else 1
    return count


def _longest_run(words: Sequence[str]) -> tuple[int, str]:
    """Length of the longest run of one word, and that word; (0, "") for no words."""
    best, best_word, run = 0, "", 0
    for i, word in enumerate(words):
        run = run + 1 if i and word == words[i - 1] else 1
        if run > best and word[0].isalpha():
            best, best_word = run, word
    return best, best_word
