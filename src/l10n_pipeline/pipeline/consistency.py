"""``l10n glossary consistency``: one name, one rendering, in all catalogues of a language.

Two questions are asked. Does a term with several accepted renderings always get the same
one? Is a name that the glossary lacks always spelt alike? Both are answered carefully:
another ending, capital or hyphen is no other rendering, and a name is compared only where
the translations spell it rather than translate it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from l10n_pipeline.catalogue.states import has_translation
from l10n_pipeline.errors import L10nError
from l10n_pipeline.folding import APOSTROPHES, fold, words
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term, TermHit
from l10n_pipeline.names import (
    FoundName,
    find_names,
    find_spelling,
    groups_of_spellings,
    lexicon,
    telling_words,
)
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import TermMatcher
from l10n_pipeline.termforms import assign, find_occurrences


@dataclass(frozen=True, slots=True)
class Entry:
    """A translated entry of a catalogue."""

    document: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several renderings of a name."""

    spellings: tuple[str, ...]
    """As it is written, the most frequent first: a rendering and its inflections."""
    entries: tuple[Entry, ...]
    """Where."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A name that is rendered in more than one way."""

    name: str
    agreed: str
    """What the glossary says; empty for a name that it lacks."""
    variants: tuple[Variant, ...]
    """At least two, the most frequent first."""


@dataclass(slots=True)
class ConsistencyReport:
    """What the catalogues of one language disagree about."""

    locale: Locale
    entries: int = 0
    """Translated entries that were compared."""
    disagreements: list[Disagreement] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)


def check_consistency(workspace: Workspace, locale: Locale) -> ConsistencyReport:
    """Compare all translations of a language, reviewed and drafts.

    Raises:
        ConfigError: where a glossary's name tells no pair of languages.
        GlossaryError: where the glossary cannot be read.
        CatalogueError: where the folder of the catalogues cannot be read.
    """
    report = ConsistencyReport(locale)
    matcher = workspace.glossary(locale)
    entries: list[Entry] = []
    for name in workspace.catalogues.names(locale):
        try:
            catalogue = workspace.catalogues.read(locale, name)
        except L10nError as error:
            report.errors.append(error)
            continue
        if catalogue is not None:
            entries += [
                Entry(name, unit.source, unit.target)
                for unit in catalogue.units
                if unit.target.strip() and has_translation(unit) and not unit.obsolete
            ]
    report.entries = len(entries)
    report.disagreements = disagreements(entries, matcher, workspace.project.source)
    return report


def disagreements(
    entries: Sequence[Entry], matcher: TermMatcher, source_locale: Locale
) -> list[Disagreement]:
    """Terms and names that these entries render in several ways: terms first, each kind in
    order of first mention.
    """
    hits = [matcher.match(entry.source) for entry in entries]
    return [*_of_terms(entries, hits), *_of_names(entries, hits, source_locale)]


# --- terms with several accepted renderings --------------------------------------------


def _of_terms(
    entries: Sequence[Entry], hits: Sequence[Sequence[TermHit]]
) -> Iterator[Disagreement]:
    used: dict[Term, dict[str, list[Entry]]] = {}
    for entry, found in zip(entries, hits, strict=True):
        if not any(hit.term.forms for hit in found):
            continue
        places = assign(found, find_occurrences(entry.target, (hit.term for hit in found)))
        for hit, place in zip(found, places, strict=True):
            if hit.term.forms and place is not None:
                written = place.span.of(entry.target)
                used.setdefault(hit.term, {}).setdefault(written, []).append(entry)
    for term, renderings in used.items():
        groups = _groups_of_forms([term.target, *term.forms, *renderings])
        yield from _disagreement(term.source, term.target, groups, renderings)


def _groups_of_forms(forms: Iterable[str]) -> list[list[str]]:
    """Accepted renderings, inflections of one together: they differ in the ends of words."""
    groups: list[list[str]] = []
    for form in dict.fromkeys(forms):
        near = [group for group in groups if any(_inflect_alike(form, one) for one in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(member for group in near for member in group), form])
    return groups


def _inflect_alike(one: str, other: str) -> bool:
    left, right = _bare_words(one), _bare_words(other)
    return len(left) == len(right) and all(
        len(groups_of_spellings(pair)) == 1 for pair in zip(left, right, strict=True)
    )


def _bare_words(text: str) -> list[str]:
    """Words without the suffixes that follow after an apostrophe; a hyphen is one of them,
    as "Nagorno-Karabakh" and "Nagorno Karabakh" are two spellings.
    """
    spans = words(text)
    bare = [spans[0].of(text)] if spans else []
    for before, span in pairwise(spans):
        between = text[before.end : span.start]
        word = span.of(text)
        if between in tuple(APOSTROPHES) and word[0].islower():
            continue
        if between.strip():
            bare.append(fold(between).text.strip())
        bare.append(word)
    return bare


# --- names that the glossary lacks ------------------------------------------------------


def _of_names(
    entries: Sequence[Entry], hits: Sequence[Sequence[TermHit]], locale: Locale
) -> Iterator[Disagreement]:
    translations = _Translations(entries)
    hits_of = {entry.source: found for entry, found in zip(entries, hits, strict=True)}
    uncovered = [hits_of[source] for source in translations.sources]
    common = _common_words(translations.sources)
    names = {
        name.name: free
        for name in find_names(translations.sources, locale)
        if (free := _uncovered(name, uncovered))
    }
    inside: dict[str, set[int]] = {}
    for name, free in names.items():
        for word in telling_words(name, common):
            inside.setdefault(word, set()).update(free)
    for name, free in names.items():
        for word in telling_words(name, common):
            if lexicon(locale).is_adjective(fold(word).text):
                continue
            if word == name:
                spellings = translations.spellings(word, free, inside[word] - free)
                yield from _disagreement(name, "", groups_of_spellings(spellings), spellings)
            elif word not in names:
                spellings = translations.spellings(word, free)
                label = f"{word} ({name})"
                yield from _disagreement(label, "", groups_of_spellings(spellings), spellings)


class _Translations:
    """Entries by their sources."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._of: dict[str, list[Entry]] = {}
        for entry in entries:
            self._of.setdefault(entry.source, []).append(entry)
        self.sources = list(self._of)

    def spellings(
        self, word: str, texts: Iterable[int], nested: Iterable[int] = ()
    ) -> dict[str, list[Entry]]:
        """How the translations spell a word of a name, and where.

        Args:
            word: the word.
            texts: indices of the sources with the name.
            nested: those where it is part of a longer name. There it is spelt alike, but
                for brands, which keep their script.
        """
        found: dict[str, list[Entry]] = {}
        for spelling, entry in self._told(word, texts):
            found.setdefault(spelling, []).append(entry)
        scripts = set(map(_script, found))
        for spelling, entry in self._told(word, nested):
            if _script(spelling) in scripts:
                found.setdefault(spelling, []).append(entry)
        return found

    def _told(self, word: str, texts: Iterable[int]) -> Iterator[tuple[str, Entry]]:
        for text in sorted(texts):
            for entry in self._of[self.sources[text]]:
                if spelling := find_spelling(word, entry.source, entry.target):
                    yield spelling, entry


def _uncovered(name: FoundName, hits: Sequence[Sequence[TermHit]]) -> set[int]:
    """The texts with a mention of the name that no term has a part in."""
    return {
        mention.text
        for mention in name.mentions
        if not any(hit.span.overlaps(mention.span) for hit in hits[mention.text])
    }


def _script(word: str) -> str:
    """What the Unicode name of its first character begins with: ``CYRILLIC``."""
    return unicodedata.name(word[0], "").partition(" ")[0]


def _common_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(
        fold(word).text
        for text in texts
        for span in words(text)
        if (word := span.of(text))[0].islower()
    )


def _disagreement(
    name: str,
    agreed: str,
    groups: Iterable[Sequence[str]],
    used: Mapping[str, Sequence[Entry]],
) -> Iterator[Disagreement]:
    """The groups that are in use as a disagreement, where there are several."""
    variants = []
    for group in groups:
        written = sorted((one for one in group if one in used), key=lambda one: -len(used[one]))
        if written:
            entries = tuple(entry for one in written for entry in used[one])
            variants.append(Variant(tuple(written), entries))
    if len(variants) > 1:
        ranked = sorted(variants, key=lambda variant: -len(variant.entries))
        yield Disagreement(name, agreed, tuple(ranked))
