"""Whether a swap replaced exactly the name, judged by the text before and after it.

Where the model had written the name as the reference has it, what should have come of its
translation is known: the same with these very words respelled. Any other difference is put
down to the swap nearest to it.

Where the model had written something else, nobody knows where that begins and ends. Then a
swap is at fault

- if it took away a word of several letters that is not like the name, that the reference
  has beside the name, and that the draft now lacks;
- if it took away a small word (an article, a preposition) from an end of the stretch, which
  neither the form brings along nor another small word stands for;
- if a word like a part of the name, that the reference lacks, stands beside the form: left
  over from the rendering.

A small word in the place of a small word is agreement ("do Irã", "da Pérsia"), and a quotation
mark may come back: neither is a fault.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from benchmarks.name_judging import judge, judgements, plain
from benchmarks.name_sets import Name, respelled
from l10n_pipeline.model import Span
from l10n_pipeline.similarity import likeness

PIECE: Final = 0.65
"""Likeness to a word of the name that makes a word beside it, which the reference lacks, a piece
of its rendering: "Estádio" beside "War Memorial Stadium"."""
UNLIKE: Final = 0.5
"""Likeness to all words of the name below which a word has nothing to do with it."""
SMALL: Final = 5
"""Letters at most of a word in lower case that may be an article or a preposition."""

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_MARKS: Final = frozenset("\"“”„‟«»'‘’")


class Fault(StrEnum):
    """What a swap did besides putting the name in its place."""

    SWALLOWED = "swallowed"
    """A word that was no part of the rendering is gone."""
    LEFT_OVER = "left over"
    """A piece of the rendering still stands beside the name."""
    BESIDE = "beside"
    """The text differs from what it should have come to."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A name that the model had not written and that stands in the draft."""

    mention: int
    """Index into the line's mentions."""
    fault: Fault | None
    """None where exactly the name was replaced."""
    detail: str = ""
    """What was taken and what was put."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a mark, or the whole of a form that was put in."""

    text: str
    span: Span
    is_form: bool = False

    @property
    def is_word(self) -> bool:
        return not self.is_form and self.text[0].isalnum()

    @property
    def is_small(self) -> bool:
        return self.is_word and self.text.islower() and len(self.text) <= SMALL

    @property
    def is_large(self) -> bool:
        return self.is_word and not self.is_small

    @property
    def key(self) -> tuple[str, bool]:
        return plain(self.text), self.is_form


@dataclass(frozen=True, slots=True)
class _Change:
    """A stretch of what was expected, and what stands in the draft instead."""

    taken: Sequence[_Token]
    put: Sequence[_Token]
    before: Sequence[_Token]
    """All of the draft before ``put``."""
    after: Sequence[_Token]
    """All of the draft after it."""

    def __str__(self) -> str:
        return " → ".join(
            " ".join(token.text for token in tokens) or "∅" for tokens in (self.taken, self.put)
        )


def swaps(
    names: Sequence[Name], wanted: Sequence[Name], unforced: str, draft: str, reference: str
) -> list[Swap]:
    """Every swap of a line.

    Args:
        names: for each mention of the source, the name as the reference has it.
        wanted: likewise, as it was to be written.
        unforced: the translation that was made without a glossary.
        draft: the translation made with it.
        reference: the human translation, in the spelling that was wanted.
    """
    before, now = judge(unforced, wanted).places, judge(draft, wanted).places
    put = {at: place for at, place in enumerate(now) if place is not None and before[at] is None}
    if not put:
        return []
    changes, known = min(
        (_since(unforced, judged.places, draft, put) for judged in judgements(unforced, names)),
        key=lambda since: sum(len(change.taken) + len(change.put) for change in since[0]),
    )
    found: dict[int, Swap] = {at: Swap(at, None) for at in put}
    for change in changes:
        own = [
            at
            for at, place in put.items()
            if at not in known and any(token.span == place for token in change.put)
        ]
        if own:
            spoken = _words_of([*(names[at] for at in own), *(wanted[at] for at in own)])
            fault = _fault(change, spoken, reference)
        else:
            own = [_nearest(change, put)]
            fault = None if _is_harmless(change.taken, change.put) else Fault.BESIDE
        if fault is not None:
            found |= {at: Swap(at, fault, str(change)) for at in own}
    return list(found.values())


def _since(
    unforced: str, written: Sequence[Span | None], draft: str, put: Mapping[int, Span]
) -> tuple[list[_Change], frozenset[int]]:
    """How a draft differs from what it should have come to, and for which mentions that is
    known.

    Args:
        unforced: the translation that was made without a glossary.
        written: where it has the name of each mention as the reference has it.
        draft: the translation made with a glossary.
        put: where that has the names that were put in, by mention.
    """
    known = {at: place for at in put if (place := written[at]) is not None}
    expected = [
        replace(token, text=respelled(token.text)) if token.is_form else token
        for token in _tokens(unforced, known.values())
    ]
    return _changes(expected, _tokens(draft, put.values())), frozenset(known)


def _tokens(text: str, forms: Iterable[Span] = ()) -> list[_Token]:
    """Words and marks in order, these stretches whole."""
    tokens: list[_Token] = []
    end = 0
    for form in (*sorted(forms), Span(len(text), len(text))):
        tokens += [
            _Token(token[0], Span(*token.span()))
            for token in _TOKEN.finditer(text, end, form.start)
        ]
        if form:
            tokens.append(_Token(form.of(text), form, is_form=True))
        end = form.end
    return tokens


def _changes(expected: Sequence[_Token], draft: Sequence[_Token]) -> list[_Change]:
    matcher = SequenceMatcher(
        None, [token.key for token in expected], [token.key for token in draft], autojunk=False
    )
    return [
        _Change(expected[i:i_end], draft[j:j_end], draft[:j], draft[j_end:])
        for operation, i, i_end, j, j_end in matcher.get_opcodes()
        if operation != "equal"
    ]


def _nearest(change: _Change, places: Mapping[int, Span]) -> int:
    start = change.before[-1].span.end if change.before else 0
    end = change.after[0].span.start if change.after else start
    return min(places, key=lambda at: max(places[at].start - end, start - places[at].end))


def _is_harmless(taken: Sequence[_Token], put: Sequence[_Token]) -> bool:
    """Whether this is agreement, or a quotation mark that came back."""
    left = [token for token in taken if token.text not in _MARKS]
    right = [token for token in put if token.text not in _MARKS]
    agreement = len(left) == len(right) and all(token.is_small for token in (*left, *right))
    return agreement and len(taken) - len(left) <= len(put) - len(right)


def _words_of(names: Iterable[Name]) -> frozenset[str]:
    spellings = {spelling for name in names for spelling in (name.source, *name.accepted)}
    return frozenset(
        token.text for spelling in spellings for token in _tokens(spelling) if token.is_large
    )


def _fault(change: _Change, spoken: Collection[str], reference: str) -> Fault | None:
    """What is wrong with a change that put names in, if anything.

    Args:
        change: with the names in ``put``.
        spoken: the words of these names in every spelling.
        reference: the human translation.
    """

    def like_the_name(token: _Token, least: float) -> bool:
        return token.is_large and any(likeness(token.text, said) >= least for said in spoken)

    human = Counter(token.text.casefold() for token in _tokens(reference))
    now = (*change.before, *change.put, *change.after)
    present = Counter(token.text.casefold() for token in now)
    for token in change.taken:
        word = token.text.casefold()
        if token.is_large and human[word] > present[word] and not like_the_name(token, UNLIKE):
            return Fault.SWALLOWED
    own = frozenset(map(str.casefold, spoken))
    if _small_words_at_ends(change.taken, own) > _small_words_at_ends(change.put, own):
        return Fault.SWALLOWED
    beside = (*change.before[-1:], *change.put, *change.after[:1])
    if any(
        like_the_name(token, PIECE) and present[word] > human[word]
        for token in beside
        if (word := token.text.casefold())
    ):
        return Fault.LEFT_OVER
    return None


def _small_words_at_ends(tokens: Sequence[_Token], own: Collection[str]) -> int:
    """Small words before and after all others.

    Args:
        tokens: a stretch.
        own: small words that are the name's own, in whatever case.
    """
    inner = [
        at
        for at, token in enumerate(tokens)
        if token.is_form or token.is_large or token.text.casefold() in own
    ]
    ends = [*tokens[: inner[0]], *tokens[inner[-1] + 1 :]] if inner else []
    return sum(token.is_small for token in ends)
