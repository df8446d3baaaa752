"""Runs of words with capitals, and the names that they are made of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.folding import APOSTROPHES, fold
from l10n_pipeline.model import Span
from l10n_pipeline.names.cues import PARTICLES
from l10n_pipeline.names.kinds import Setting
from l10n_pipeline.names.tokens import Token
from l10n_pipeline.names.usage import Usage, word_of

_LONGEST_NUMBER: Final = 3
"""Digits of a number that belongs to a name (Boeing 737): a year does not."""
_ORDINAL: Final = re.compile(r"\d+(?:[^\W\d_]{2}|[ºª])")
"""366th Motorized Infantry Regiment."""
_MOST_SMALL_WORDS: Final = 3
"""Small words in a row inside a name: "of the", "and of the"."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that make a name."""

    tokens: tuple[Token, ...]
    setting: Setting
    nested: bool = False
    """Whether it is part of a longer name, or holds one."""
    quoted: Span | None = None
    """A title in quotation marks that it begins with."""

    @property
    def key(self) -> str:
        """What two spellings of a name have in common."""
        return " ".join(map(word_of, self.tokens))


class RunReader:
    """Reads names off texts.

    Args:
        usage: how the collection writes its words.
    """

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def runs(self, text: str, words: Sequence[Token], titles: Sequence[Span]) -> list[Run]:
        """The names of one text, as far as the text alone tells.

        Args:
            text: the text.
            words: its tokens.
            titles: what stands in quotation marks as a title: in text order.
        """
        found: list[Run] = []
        run: list[Token] = []
        small: list[Token] = []
        start = 0

        def flush(end: int) -> None:
            if run:
                found.extend(self._refined(words, run, start, end))
            run.clear()
            small.clear()

        for index, token in enumerate(words):
            following = words[index + 1] if index + 1 < len(words) else None
            if run and not self._joins((small or run)[-1], token):
                flush(index - len(small))
            if _lies_within(token.span, titles):
                flush(index - len(small))
            elif self._may_be_part(token, following, run):
                if not run:
                    start = index
                run += [*small, token]
                small.clear()
            elif run and self._may_stand_inside(token, small):
                small.append(token)
            else:
                flush(index - len(small))
        flush(len(words) - len(small))
        return self._with_titles(text, words, titles, found)

    def _joins(self, before: Token, token: Token) -> bool:
        if before.suffixed:
            return False
        gap = token.gap
        if gap.startswith("."):
            abbreviated = len(before.text) == 1 or (
                before.text.casefold() in self._usage.cues.honorifics | self._usage.cues.ranks
            )
            gap = gap[1:] if abbreviated else gap
        if gap in tuple(APOSTROPHES):
            return before.text.casefold() in PARTICLES
        return not gap.strip(" \u00a0&") and gap.count("&") <= 1

    def _may_be_part(self, token: Token, following: Token | None, run: Sequence[Token]) -> bool:
        if token.numeric:
            return (
                bool(run) and len(token.text) <= _LONGEST_NUMBER and not token.gap.strip(" \u00a0")
            )
        if token.text[0].isdigit() and not token.capital:
            if _ORDINAL.fullmatch(token.text) is None:
                return False
            return following is not None and following.capital and following.gap in (" ", "\u00a0")
        if not token.capital or token.text.casefold() in self._usage.cues.pronouns:
            return False
        if word_of(token) in self._usage.lexicon.calendar:
            return bool(run) and not run[-1].initial and not self._usage.cues.whereabouts
        return bool(run) or not self._usage.opens_only(token, following)

    def _may_stand_inside(self, token: Token, small: Sequence[Token]) -> bool:
        word = token.text
        if len(small) >= _MOST_SMALL_WORDS or token.suffixed:
            return False
        if word in self._usage.cues.articles:
            return bool(small) and small[-1].text in self._usage.cues.joiners
        return word in self._usage.small or word in self._usage.cues.conjunctions

    def _refined(
        self, words: Sequence[Token], run: Sequence[Token], start: int, end: int
    ) -> Iterator[Run]:
        """The names that a run of words with capitals is made of, or holds."""
        before = words[start - 1].text if start else ""
        after = words[end].text if end < len(words) else ""
        gap = words[end].gap if end < len(words) else ""
        whole = Setting(
            after_whereabouts=before.casefold() in self._usage.cues.whereabouts,
            before_speech=after.casefold() in self._usage.cues.speech,
        )
        parts = [
            part
            for joined in self._without_conjunctions(run)
            for divided in self._without_tails(joined)
            for part in self._without_offices(divided)
        ]
        for at, (part, addressed) in enumerate(parts):
            trimmed = self._trimmed(part)
            if not trimmed:
                continue
            setting = replace(
                whole,
                addressed=addressed,
                after_whereabouts=whole.after_whereabouts and at == 0,
                before_speech=whole.before_speech and at == len(parts) - 1,
            )
            yield Run(trimmed, setting)
            inner = self._definite_part(trimmed)
            if inner:
                yield Run(inner, Setting(), nested=True)
            last = at == len(parts) - 1 and trimmed[-1] is run[-1] and not trimmed[-1].suffixed
            if last and after in self._usage.cues.events and not gap.strip(" \u00a0"):
                yield Run((*trimmed, words[end]), Setting(), nested=True)

    def _without_conjunctions(self, run: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
        """Names that stand side by side; one that has a conjunction inside stays whole."""
        start = 0
        for at, token in enumerate(run):
            if token.text in self._usage.cues.conjunctions and at > start:
                left, right = run[start:at], run[at + 1 :]
                if not self._is_one_name(left, right):
                    yield tuple(run[start:at])
                    start = at + 1
            elif "&" in token.gap and at > start and self._usage.is_adjective(run[at - 1]):
                yield tuple(run[start:at])
                start = at
        yield tuple(run[start:])

    def _is_one_name(self, left: Sequence[Token], right: Sequence[Token]) -> bool:
        """Whether a conjunction is within a name: Ministry of Culture and Tourism."""
        inner = [token for token in left[1:] if token.text in self._usage.cues.joiners]
        short = sum(token.capital for token in right) <= 2
        return bool(inner) and short and word_of(left[0]) in self._usage.cues.organisations

    def _without_offices(self, run: Sequence[Token]) -> Iterator[tuple[tuple[Token, ...], bool]]:
        """What stands between forms of address and offices; whether it follows upon one."""
        part: list[Token] = []
        addressed = False
        for at, token in enumerate(run):
            if self._is_office(token) and not self._is_word_of_title(run, at):
                while part and self._may_modify_office(part[-1]):
                    part.pop()
                if part:
                    yield tuple(part), addressed
                part, addressed = [], True
            else:
                if not part and token.text in self._usage.small:
                    addressed = False
                part.append(token)
        if part:
            yield tuple(part), addressed

    def _is_word_of_title(self, run: Sequence[Token], at: int) -> bool:
        return at > 0 and at == len(run) - 1 and word_of(run[at - 1]) in self._usage.cues.articles

    def _is_office(self, token: Token) -> bool:
        parts = {word_of(token), *word_of(token).split("-")}
        return token.capital and not parts.isdisjoint(self._usage.cues.honorifics)

    def _may_modify_office(self, token: Token) -> bool:
        word = word_of(token)
        return (
            word in self._usage.cues.modifiers
            or word in self._usage.cues.ranks
            or word in self._usage.cues.conjunctions
            or word in self._usage.small
            or self._usage.is_adjective(token)
        )

    def _trimmed(self, run: Sequence[Token]) -> tuple[Token, ...]:
        """Without small words at the ends, and without a first word that merely opens the
        sentence; empty where nothing is left.
        """
        words = list(run)
        while words and self._usage.is_small(words[-1]):
            words.pop()
        while words and (self._usage.is_small(words[0]) or words[0].numeric):
            words.pop(0)
        if (
            len(words) > 1
            and words[0].initial
            and self._usage.is_small(words[1])
            and not self._usage.is_known_as_name(words[0])
        ):
            return self._trimmed(words[1:])
        return tuple(words)

    def _without_tails(self, run: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
        """The run, divided after each compound of a name and a tail: Baku-based."""
        part: list[Token] = []
        for token in run:
            head = self._head(token)
            part.append(head or token)
            if head:
                yield tuple(part)
                part = []
        if part:
            yield tuple(part)

    def _head(self, token: Token) -> Token | None:
        """The name that a compound with a tail in small letters begins with."""
        head, hyphen, tail = token.text.rpartition("-")
        word = fold(head).text
        known = self._usage.has_capital(word) or self._usage.lexicon.is_adjective(word)
        if not hyphen or not tail.islower() or not (tail in self._usage.cues.tails or known):
            return None
        span = Span(token.span.start, token.span.start + len(head))
        return replace(token, text=head, span=span, suffixed=True)

    def _definite_part(self, run: Sequence[Token]) -> tuple[Token, ...]:
        """A name inside a longer one that an article introduces: Union of the … Organization."""
        for at in range(2, len(run)):
            if (
                run[at - 1].text in self._usage.cues.articles
                and run[at - 2].text in self._usage.cues.joiners
            ):
                part = tuple(run[at:])
                if sum(token.capital for token in part) > 1:
                    return part
        return ()

    def _with_titles(
        self,
        text: str,
        words: Sequence[Token],
        titles: Sequence[Span],
        runs: Sequence[Run],
    ) -> list[Run]:
        """The runs, those with their titles that go on after quotation marks:
        “Justice for Khojaly” International Awareness Campaign.
        """
        ends = {title.end: title for title in titles}
        heads = self._usage.cues.organisations | self._usage.cues.ventures
        found: list[Run] = []
        for run in runs:
            start = run.tokens[0].span.start
            title = ends.get(start - 2)
            goes_on = text[start - 1 : start] in (" ", "\u00a0")
            if title and goes_on and word_of(run.tokens[-1]) in heads:
                inside = (token for token in words if title.contains(token.span))
                found.append(replace(run, tokens=(*inside, *run.tokens), quoted=title))
            else:
                found.append(run)
        return found


def _lies_within(span: Span, stretches: Sequence[Span]) -> bool:
    """Whether one of the stretches, which are in order and do not overlap, holds it."""
    at = bisect_right(stretches, span.start, key=lambda stretch: stretch.start)
    return at > 0 and stretches[at - 1].contains(span)
