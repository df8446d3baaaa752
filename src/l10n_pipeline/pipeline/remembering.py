"""What the translation memory has for units without a translation.

The memory of a project is made of its reviewed catalogues and its TMX files. It is brought up
to date the first time that a run has something to ask, and only then; its cache on disk saves
reading again what has not changed.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from l10n_pipeline.catalogue.merge import Assess
from l10n_pipeline.catalogue.states import (
    before_its_source_changed,
    has_translation,
    is_directed,
    is_given,
    unit_source,
)
from l10n_pipeline.catalogue.templates import Key
from l10n_pipeline.checks.codes import without_tags
from l10n_pipeline.checks.numbers import lost_numbers
from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.codes import faults
from l10n_pipeline.errors import InputError, L10nError, OutputError
from l10n_pipeline.files import glob, is_file, reason
from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.leverage import Leverage
from l10n_pipeline.memory.matches import Match, MatchKind
from l10n_pipeline.memory.repair import Repair, repair
from l10n_pipeline.memory.store import TranslationMemory
from l10n_pipeline.memory.tmx import TmxReport, read_tmx
from l10n_pipeline.memory.units import (
    PLURAL,
    MemoryUnit,
    Pair,
    SuppliedUnits,
    Supply,
    SupplyKind,
    Surroundings,
    units_of,
)
from l10n_pipeline.model import (
    DirectionKind,
    Draft,
    InlineCode,
    Origin,
    Provenance,
    Severity,
    Suggestion,
    TermHit,
    TranslationUnit,
)
from l10n_pipeline.pipeline.coding import hits_among_tags
from l10n_pipeline.pipeline.locking import CACHE_FOLDER, keep_from_version_control
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.words import count_words
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import TermMatcher

CACHE: Final = f"{CACHE_FOLDER}/memory.sqlite3"
"""Relative to the project's root."""
_DIGEST_DIGITS: Final = 32


class Reuse(StrEnum):
    """What became of a unit's best match."""

    CONTEXT = "context"
    """Its translation is the draft: the same text in the same place; and so on."""
    EXACT = "exact"
    NEAR = "near"
    REPAIRED = "repaired"
    SHOWN = "shown"
    """It stands beside the draft."""
    NONE = "none"
    """There is none, or it cannot be used."""


_REUSES: Final = {
    MatchKind.CONTEXT: Reuse.CONTEXT,
    MatchKind.EXACT: Reuse.EXACT,
    MatchKind.NEAR: Reuse.NEAR,
    MatchKind.FUZZY: Reuse.REPAIRED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that the memory is asked about."""

    unit: TranslationUnit
    """As the template has it."""
    surroundings: Surroundings
    """Where it stands."""
    hits: Sequence[TermHit]
    """The glossary's terms in it, as its draft has to keep them."""
    codes: Sequence[InlineCode]
    assess: Assess
    """What glossary and checks say of the unit with a translation."""
    is_message: bool = False
    """Whether a program uses it, which any fault may break."""
    forms: int = 1
    """How many plural forms its translation has."""
    shown: Suggestion | None = None
    """What stands beside it already."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the memory has for a unit."""

    reuse: Reuse = Reuse.NONE
    match: Match | None = None
    draft: Draft | None = None
    """Where the match serves as one."""
    suggestion: Suggestion | None = None
    """Where it is only to be shown."""


NOTHING: Final = Recalled()


@dataclass(slots=True)
class Reused:
    """How many units of a run the memory served, and how."""

    segments: Counter[Reuse] = field(default_factory=Counter)
    words: Counter[Reuse] = field(default_factory=Counter)
    """Of the sources."""
    leverage: Leverage = field(default_factory=Leverage)
    """The same by how alike the sources are."""

    def add(self, found: Recalled, words: int) -> None:
        """Count a unit."""
        self.segments[found.reuse] += 1
        self.words[found.reuse] += words
        self.leverage.add(found.match, words)


class LocaleMemory:
    """A project's memory, asked for one target language.

    Args:
        memory: brought up to date for the pair.
        pair: the languages.
        matcher: the glossary.
        threshold: least similarity.
    """

    def __init__(
        self, memory: TranslationMemory, pair: Pair, matcher: TermMatcher, threshold: float
    ) -> None:
        self._memory = memory
        self._pair = pair
        self._matcher = matcher
        self._threshold = threshold

    def match(self, unit: TranslationUnit, surroundings: Surroundings) -> Match | None:
        """The best match of a unit of a template; of a plural message none but its very own."""
        source = unit_source(unit)
        if unit.plural_source:
            found = self._memory.exact(self._pair, source, surroundings)
            return found if found and found.unit.source == source else None
        found = self._memory.lookup(self._pair, source, surroundings, threshold=self._threshold)
        return found if found and PLURAL not in found.unit.source else None

    def recall(self, wanted: Wanted) -> Recalled:
        """What the memory has for a unit, and what it is good for."""
        match = self.match(wanted.unit, wanted.surroundings)
        if match is None or match.unit.target.count(PLURAL) + 1 != wanted.forms:
            return NOTHING
        text: str | None = match.unit.target
        if match.kind is MatchKind.FUZZY:
            text = self._repaired(wanted, match)
        draft = None if text is None else _draft(wanted, match, text)
        if draft is not None:
            return Recalled(_REUSES[match.kind], match, draft)
        suggestion = Suggestion(
            match.unit.target,
            Origin.TM,
            source_hash=text_hash(unit_source(wanted.unit)),
            terms_hash=terms_hash(wanted.hits),
        )
        shown = wanted.shown
        if shown and shown.text in match.others and shown == replace(suggestion, text=shown.text):
            # Of equals the first to be shown: which is nearest changes with what is around them.
            suggestion = shown
        elif match.kind is MatchKind.FUZZY and not self._is_fit_to_be_shown(wanted, match):
            return Recalled(Reuse.NONE, match)
        return Recalled(Reuse.SHOWN, match, suggestion=suggestion)

    def _is_fit_to_be_shown(self, wanted: Wanted, match: Match) -> bool:
        """Whether who takes over a similar sentence's translation takes over no wrong number and
        no wrong name with it: the sentence itself is not shown.
        """
        source, other = wanted.unit.source, match.unit.source
        own, others = (
            Counter(hit.term for hit in hits_among_tags(self._matcher, text))
            for text in (source, other)
        )
        if own != others or not _have_same_numbers(source, other, self._pair.source):
            return False
        verdicts, _ = wanted.assess(_translated(wanted.unit, [match.unit.target]))
        return not any(verdict.status.failing for verdict in verdicts)

    def _repaired(self, wanted: Wanted, match: Match) -> str | None:
        source = wanted.unit.source
        hits = hits_among_tags(self._matcher, source)
        # A term that runs through tags is seen by the model and not among the tags.
        if terms_hash(hits) != terms_hash(wanted.hits):
            return None
        found = repair(
            source,
            match.unit.source,
            match.unit.target,
            self._pair,
            hits=hits,
            matched_hits=hits_among_tags(self._matcher, match.unit.source),
        )
        return found.text if isinstance(found, Repair) else None


def _have_same_numbers(source: str, other: str, locale: Locale) -> bool:
    one, another = without_tags(source), without_tags(other)
    same = LanguagePair(locale, locale)
    return not lost_numbers(one, another, same) and not lost_numbers(another, one, same)


def _translated(unit: TranslationUnit, texts: Sequence[str]) -> TranslationUnit:
    if unit.plural_source:
        return replace(unit, plural_targets=tuple(texts))
    return replace(unit, target=texts[0])


def _draft(wanted: Wanted, match: Match, text: str) -> Draft | None:
    """A translation of the memory as a draft; None where it would be a wrong one."""
    unit = wanted.unit
    texts = text.split(PLURAL)
    if "\n" in text and "\n" not in unit_source(unit):
        return None  # that of another layout
    if any(faults(form, wanted.codes) for form in texts):
        return None
    verdicts, findings = wanted.assess(_translated(unit, texts))
    if any(verdict.status.failing for verdict in verdicts):
        return None
    # What reviewers of this very sentence accepted they have accepted with what checks say.
    accepted = match.supply.kind is SupplyKind.CATALOGUE and match.similarity == 1
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    if wrong and (wanted.is_message or not accepted):
        return None
    provenance = Provenance(
        origin=Origin.TM,
        engine=match.supply.name,
        text_hash=text_hash(text),
        terms_hash=terms_hash(wanted.hits),
        source_hash=text_hash(unit_source(unit)),
        match=str(_REUSES[match.kind]),
        similarity=match.percent,
    )
    return Draft(text, provenance, verdicts, findings)


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
        supplies = list(self._supplies(pair))
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

    def _supplies(self, pair: Pair) -> Iterator[SuppliedUnits]:
        workspace = self._workspace
        try:
            names = workspace.catalogues.names(pair.target)
        except L10nError as error:
            self._complain(error)
            names = []
        for name in names:
            path = workspace.project.catalogue_path(pair.target, name)
            supply = Supply(SupplyKind.CATALOGUE, path)
            yield from self._supplied(supply, _Catalogue(workspace, pair.target, name))
        for path in self._tmx_files():
            supply = Supply(SupplyKind.TMX, path)
            yield from self._supplied(supply, _TmxFile(workspace, pair, path, self.notes))

    def _supplied(self, supply: Supply, read: _Catalogue | _TmxFile) -> Iterator[SuppliedUnits]:
        try:
            digest = self._digest(supply.name)
        except InputError as error:
            # A catalogue's own work tells what is wrong with it.
            if supply.kind is SupplyKind.TMX:
                self._complain(error)
        else:
            yield SuppliedUnits(supply, digest, read)

    def _digest(self, relative: str) -> str:
        path = self._workspace.project.root / relative
        where = readable(relative)
        if self._workspace.files.leads_out(path):
            raise InputError(
                "is a link that leads out of the project",
                where=where,
                way_out="copy the file into the project",
            )
        try:
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "blake2b").hexdigest()[:_DIGEST_DIGITS]
        except OSError as error:
            raise InputError(f"cannot be read: {reason(error)}", where=where) from error

    def _tmx_files(self) -> list[str]:
        """The project's TMX files, relative to its root, in order of pattern and path."""
        root = self._workspace.project.root
        found: dict[str, None] = {}

        def unreadable(error: OSError) -> None:
            where = Path(error.filename).relative_to(root).as_posix()
            self._complain(InputError(f"cannot be read: {reason(error)}", where=readable(where)))

        for pattern in self._workspace.project.memory_files:
            for path in glob(root, pattern, on_error=unreadable):
                try:
                    if not path.name.startswith(".") and is_file(path, kind=InputError):
                        found[path.relative_to(root).as_posix()] = None
                except InputError as error:
                    self._complain(error)
        return list(found)

    def _complain(self, error: L10nError) -> None:
        """Report an error; once, though a memory is made again."""
        if str(error) not in map(str, self.errors):
            self.errors.append(error)


def _has_units(supplied: SuppliedUnits) -> bool:
    try:
        return any(True for _ in supplied.read())
    except InputError:
        return True  # told of when it is read again


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """Reads what a catalogue has to give."""

    workspace: Workspace
    locale: Locale
    document: str

    def __call__(self) -> Iterable[MemoryUnit]:
        return reviewed_units(self.workspace, self.locale, self.document)


@dataclass(frozen=True, slots=True)
class _TmxFile:
    """Reads a TMX file, and notes what could not be taken over."""

    workspace: Workspace
    pair: Pair
    path: str
    notes: list[str]

    def __call__(self) -> Iterable[MemoryUnit]:
        report = TmxReport()
        where = readable(self.path)
        try:
            stream = (self.workspace.project.root / self.path).open("rb")
        except OSError as error:
            raise InputError(f"cannot be read: {reason(error)}", where=where) from error
        with stream:
            yield from read_tmx(stream, where, self.pair, report)
        if report.broken:
            more = f" (and {report.broken - 1} more)" if report.broken > 1 else ""
            note = f"{report.problems[0]}{more}"
            if note not in self.notes:  # it may be read again for a memory that is made again
                self.notes.append(note)


def reviewed_units(workspace: Workspace, locale: Locale, document: str) -> Iterator[MemoryUnit]:
    """What reviewers accepted in a catalogue, in its order; what left its document included, and
    what they accepted for a source that has changed since.

    Raises:
        CatalogueError: where it cannot be read.
    """
    catalogue = workspace.catalogues.read(locale, document)
    if catalogue is not None:
        yield from units_of(catalogue, document=document, reviewed=_as_reviewed)


def _as_reviewed(unit: TranslationUnit) -> TranslationUnit | None:
    found = before_its_source_changed(unit) or unit
    if found.fuzzy or not has_translation(found) or is_directed(found, DirectionKind.KEEP):
        return None
    # What a direction gave goes with it, also if that is found out only when it is merged.
    uses = [one.text for one in found.directions if one.kind is DirectionKind.USE]
    return found if found.target in uses or not is_given(found) else None
