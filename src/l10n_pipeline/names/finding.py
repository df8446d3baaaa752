"""Finding the proper names of a collection of texts by their capitals.

A name is a maximal run of words with capitals, joined by small words such as "of the". A
capital at the beginning of a sentence tells nothing, so the collection itself is asked
how it writes a word elsewhere. Forms of address and offices, months, days and adjectives
of nationality are no names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.folding import fold
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Span, TermKind
from l10n_pipeline.names.cldr import lexicon
from l10n_pipeline.names.kinds import Setting, guess_kind
from l10n_pipeline.names.runs import Run, RunReader
from l10n_pipeline.names.titles import find_titles
from l10n_pipeline.names.tokens import Token, tokens
from l10n_pipeline.names.usage import Usage, word_of

_LONGEST: Final = 25
"""Words of a name, small ones included."""
_SHORT_ACRONYM: Final = 3
"""Letters up to which an acronym may be a word without its capitals."""


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Where a name stands."""

    text: int
    """Index of the text."""
    span: Span
    """Offsets into the text."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """A proper name and all its mentions."""

    name: str
    """As it is written most often, without quotation marks."""
    spellings: tuple[str, ...]
    """How else it is written: with other capitals, or with quotation marks inside."""
    kind: TermKind
    """A guess."""
    common: bool
    """Whether in small letters it is, or may well be, a word of the language: ``US``."""
    mentions: tuple[Mention, ...]
    """In text order. Where it stands inside a longer name, only the longer one is mentioned."""


def find_names(texts: Sequence[str], locale: Locale) -> tuple[FoundName, ...]:
    """The proper names of a collection, the most frequent first, then in text order.

    Args:
        texts: segments. What is a name in one is judged by how all of them write its words.
        locale: their language. One without capitals gives no names, one that writes
            nouns with capitals too many.

    >>> for name in find_names(["He was born in Baku.", "Baku lies in the east."],
    ...                        Locale.parse("en")):
    ...     print(name.name, name.kind, len(name.mentions))
    Baku place 2
    """
    if not lexicon(locale).cased:
        return ()
    return _Finder(texts, locale).names()


@dataclass(frozen=True, slots=True)
class _Sighting:
    mention: Mention
    spelling: str
    setting: Setting


_Sightings = dict[str, dict[Mention, _Sighting]]
"""By the folded name."""


class _Finder:
    def __init__(self, texts: Sequence[str], locale: Locale) -> None:
        self._texts = texts
        self._usage = Usage(texts, locale)
        self._reader = RunReader(self._usage)

    def names(self) -> tuple[FoundName, ...]:
        runs: list[list[Run]] = []
        titles: list[list[Span]] = []
        for text, words, headline in zip(
            self._texts, self._usage.tokens, self._usage.headlines, strict=True
        ):
            titles.append([] if headline else list(find_titles(text, self._usage.cues)))
            runs.append([] if headline else self._reader.runs(text, words, titles[-1]))
        alone = Counter(run.key for found in runs for run in found if not run.nested)
        sightings: _Sightings = {}
        for at, found in enumerate(runs):
            for part in (part for run in found for part in self._divided(run, alone)):
                if self._is_name(part):
                    self._see(sightings, at, self._span(at, part), part.setting)
            for span in titles[at]:
                self._see(sightings, at, span, Setting(title=True))
        self._see_in_headlines(sightings)
        names = [self._named(key, list(seen.values())) for key, seen in sightings.items()]
        return tuple(sorted(names, key=lambda name: (-len(name.mentions), name.mentions[0])))

    def _divided(self, run: Run, alone: Counter[str]) -> Iterator[Run]:
        """Two names that merely follow each other, as both stand alone elsewhere; nothing
        of what is too long for a name, such as a list in capitals.
        """
        if len(run.tokens) > _LONGEST:
            return
        for at in range(2, len(run.tokens) - 1):
            left = replace(run, tokens=run.tokens[:at])
            right = replace(run, tokens=run.tokens[at:], setting=Setting())
            if alone[left.key] and alone[right.key]:
                yield left
                yield right
                return
        rest = replace(run, tokens=run.tokens[1:], setting=replace(run.setting, addressed=True))
        if (
            len(run.tokens) > 1
            and word_of(run.tokens[0]) in self._usage.cues.ranks
            and alone[rest.key]
        ):
            yield rest
            return
        yield run

    def _is_name(self, run: Run) -> bool:
        capitals = [token for token in run.tokens if token.capital]
        if not any(map(self._tells, capitals)):
            return False
        if len(run.tokens) > 1:
            return True
        (token,) = run.tokens
        word = word_of(token)
        if len(token.text) == 1 or set(token.text) <= set("IVX"):
            return False
        common = (
            self._usage.cues.organisations
            | self._usage.cues.places
            | self._usage.cues.ventures
            | self._usage.cues.ranks
            | self._usage.cues.modifiers
            | self._usage.cues.works
            | self._usage.cues.openers
        )
        if word in common or self._usage.is_mostly_common(word):
            return False
        return not token.initial or self._usage.is_known_as_name(token)

    def _tells(self, token: Token) -> bool:
        calendar = self._usage.lexicon.calendar
        return word_of(token) not in calendar and not self._usage.is_adjective(token)

    def _span(self, at: int, run: Run) -> Span:
        """From the first word to the last, with the full stop of U.S. and the like."""
        words = run.tokens
        start, end = words[0].span.start - (run.quoted is not None), words[-1].span.end
        dotted = len(words) > 1 and len(words[-1].text) == 1 and words[-1].gap == "."
        return Span(start, end + (dotted and self._texts[at][end : end + 1] == "."))

    def _see(self, sightings: _Sightings, at: int, span: Span, setting: Setting) -> None:
        spelling = " ".join(span.of(self._texts[at]).split())
        key = fold(spelling).text.replace('"', "")
        mention = Mention(at, span)
        seen = sightings.setdefault(key, {})
        seen.setdefault(mention, _Sighting(mention, spelling, setting))

    def _see_in_headlines(self, sightings: _Sightings) -> None:
        """Names that are known from elsewhere, in texts whose capitals tell nothing."""
        longest_first = sorted(sightings, key=len, reverse=True)
        for at, text in enumerate(self._texts):
            if not self._usage.headlines[at]:
                continue
            folded = fold(text)
            taken = bytearray(len(folded.text))
            for key in longest_first:
                start = folded.text.find(key)
                while start >= 0:
                    end = start + len(key)
                    free = not any(taken[start:end])
                    if free and folded.boundary(start) and folded.boundary(end):
                        taken[start:end] = b"\1" * len(key)
                        first = next(iter(sightings[key].values()))
                        mention = Mention(at, folded.origin(start, end))
                        sightings[key][mention] = replace(first, mention=mention)
                    start = folded.text.find(key, end)

    def _named(self, key: str, seen: Sequence[_Sighting]) -> FoundName:
        written = Counter(sighting.spelling for sighting in seen)
        ranked = sorted(written, key=lambda one: ('"' in fold(one).text, -written[one]))
        kind = guess_kind(
            [word_of(token) for token in tokens(ranked[0])],
            [sighting.setting for sighting in seen],
            cues=self._usage.cues,
            is_territory=key in self._usage.lexicon.territories,
            has_common_words=any(
                self._usage.is_common(word) or self._usage.lexicon.is_adjective(word)
                for word in key.split()
            ),
        )
        mentions = sorted(sighting.mention for sighting in seen)
        common = self._usage.is_common(key) or (ranked[0].isupper() and len(key) <= _SHORT_ACRONYM)
        return FoundName(ranked[0], tuple(ranked[1:]), kind, common, tuple(mentions))
