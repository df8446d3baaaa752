"""The translation memory of a project.

It is made of the project's reviewed catalogues and its TMX files. It is brought up
to date the first time that a run has something to ask, and only then; its cache on disk saves
reading again what has not changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.errors import InputError, L10nError, OutputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.store import TranslationMemory
from l10n_pipeline.memory.units import Pair, SuppliedUnits
from l10n_pipeline.model import TranslationUnit
from l10n_pipeline.pipeline.locking import CACHE_FOLDER, keep_from_version_control
from l10n_pipeline.pipeline.recalling import NOTHING, LocaleMemory, Recalled, Reused, Wanted
from l10n_pipeline.pipeline.supplies import Supplies
from l10n_pipeline.pipeline.words import count_words
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import TermMatcher

CACHE: Final = f"{CACHE_FOLDER}/memory.sqlite3"
"""Relative to the project's root."""


class ProjectMemory:
    """The translation memory of a project, opened when it is first asked for.

    Args:
        workspace: the project.
        cached: whether to keep it on disk if it is not there yet. Where it cannot be, it is
            made for this run alone.
    """

    def __init__(self, workspace: Workspace, *, cached: bool = True) -> None:
        self.errors: list[L10nError] = []
        """What it is to be made of and cannot be read."""
        self.notes: list[str] = []
        """What else a user should know."""
        self.reused: dict[Locale, Reused] = {}
        """How it served, by language."""
        self._workspace = workspace
        self._supplies = Supplies(workspace, self._complain, self.notes)
        self._cached = cached
        self._may_use_cache = True
        self._memory: TranslationMemory | None = None
        self._made: dict[Locale, TranslationMemory | None] = {}

    def close(self) -> None:
        """Let go of the cache."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None
            self._made.clear()

    def pair(self, locale: Locale) -> Pair:
        """The project's language and a target."""
        return Pair(self._workspace.project.source, locale)

    def count(self, locale: Locale, unit: TranslationUnit, recalled: Recalled) -> None:
        """Count a unit that needed a draft."""
        reused = self.reused.setdefault(locale, Reused())
        reused.add(recalled, count_words(unit.source))

    def recall(
        self, locale: Locale, matcher: TermMatcher, wanted: Iterable[Wanted]
    ) -> dict[Key, Recalled]:
        """What the memory has for units of a document, by their keys, counted."""
        self.reused.setdefault(locale, Reused())
        recalled: dict[Key, Recalled] = {}
        for one in wanted:
            found = self._recalled(locale, matcher, one)
            self.count(locale, one.unit, found)
            recalled[one.unit.key] = found
        return recalled

    def _recalled(self, locale: Locale, matcher: TermMatcher, wanted: Wanted) -> Recalled:
        try:
            memory = self.of(locale, matcher)
            return NOTHING if memory is None else memory.recall(wanted)
        except OutputError as error:
            if not self._may_use_cache:
                raise
            # Of the cache a part is damaged that only this question has touched.
            self._complain_of_cache(error)
            self._without_cache()
            return self._recalled(locale, matcher, wanted)

    def of(self, locale: Locale, matcher: TermMatcher) -> LocaleMemory | None:
        """The memory for a target language, up to date; None where there is nothing in it."""
        memory = self.store(locale)
        if memory is None:
            return None
        threshold = self._workspace.project.memory_threshold
        return LocaleMemory(memory, self.pair(locale), matcher, threshold)

    def store(self, locale: Locale) -> TranslationMemory | None:
        """What :meth:`of` asks."""
        if locale not in self._made:
            self._made[locale] = self._up_to_date(locale)
        return self._made[locale]

    def _up_to_date(self, locale: Locale) -> TranslationMemory | None:
        pair = self.pair(locale)
        supplies = list(self._supplies.find(pair))
        if not (self._has_cache() or any(map(_has_units, supplies))):
            return None  # nothing to make a cache for
        try:
            memory = self._opened()
            refreshed, counts = memory.refresh(pair, supplies), memory.counts(pair)
        except OutputError as error:
            self._complain_of_cache(error)
            self._without_cache()
            memory = self._opened()
            refreshed, counts = memory.refresh(pair, supplies), memory.counts(pair)
        for _, why in refreshed.failed:
            self._complain(why)
        return memory if any(counts.values()) else None

    def _has_cache(self) -> bool:
        return self._may_use_cache and (self._workspace.project.root / CACHE).exists()

    def _opened(self) -> TranslationMemory:
        if self._memory is None:
            path = self._cache_path() if self._cached or self._has_cache() else None
            self._memory = TranslationMemory(path)
            if path is not None:
                keep_from_version_control(path.parent)
        return self._memory

    def _cache_path(self) -> Path:
        path = self._workspace.project.root / CACHE
        # Also where it leads to another folder of the project: nothing of that is a cache.
        if path.is_symlink() or path.parent.is_symlink():
            raise OutputError("is a link", where=CACHE, way_out="remove it: it is made anew")
        return path

    def _without_cache(self) -> None:
        """Go on in memory, with what was made so far made again when it is asked for."""
        self.close()
        self._cached = self._may_use_cache = False

    def _complain_of_cache(self, error: OutputError) -> None:
        """Tell why there is no cache, unless the project may not be written to at all."""
        folder = self._workspace.project.root / CACHE_FOLDER
        place = folder if folder.exists() else folder.parent
        if os.access(place, os.W_OK):
            self.notes.append(f"the translation memory is not kept: {error}")

    def _complain(self, error: L10nError) -> None:
        """Report an error; once, though a memory is made again."""
        if str(error) not in map(str, self.errors):
            self.errors.append(error)


def _has_units(supplied: SuppliedUnits) -> bool:
    try:
        return any(True for _ in supplied.read())
    except InputError:
        return True  # told of when it is read again
