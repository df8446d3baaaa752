"""``l10n import``: what comes back from translators' tools into catalogues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from msgspec.structs import replace

from l10n_pipeline.catalogue.header import catalogue_header, timestamp
from l10n_pipeline.catalogue.po import write_catalogue
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.config import current_folder
from l10n_pipeline.errors import CatalogueError, InputError, L10nError, OutputError, UsageError
from l10n_pipeline.exchange.entries import Returned, composed, identified
from l10n_pipeline.exchange.matching import are_of, by_unit, gone, holders, refuse_repeated
from l10n_pipeline.exchange.returning import Fate, Settled, settle
from l10n_pipeline.exchange.table import read_table
from l10n_pipeline.exchange.xliff import read_xliff
from l10n_pipeline.files import is_file, is_folder, reason, write_unless
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, TranslationUnit
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.workspace import Workspace

_CREATED: Final = "POT-Creation-Date"
_NAMES_SHOWN: Final = 3
_ATTEMPTS: Final = 5
"""At writing a catalogue that somebody else is saving."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How files of a format are read, and told of."""

    read: Callable[[BinaryIO, str], Generator[tuple[Locale | None, Returned], None, None]]
    document: str
    """Where they name their document, in words."""
    mixed_up: str
    """What to do about sources that do not belong to their ids."""


_XLIFF: Final = _Form(
    read_xliff,
    "'original' of its file element",
    "put its translation into a file that is exported anew: sources and ids must stay as they are",
)
_TABLE: Final = _Form(
    read_table,
    "its column 'document'",
    "see whether a column was sorted without the others, or a source was edited",
)
_FORMS: Final[Mapping[str, _Form]] = {
    ".xlf": _XLIFF,
    ".xliff": _XLIFF,
    ".csv": _TABLE,
    ".tsv": _TABLE,
}


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A text that came back and was not taken, or not as the translator meant."""

    where: str
    """``file:line``."""
    why: str
    way_out: str
    source: str
    here: str
    """The translation in the catalogue; of a plural message all forms, NUL between."""
    theirs: str
    """The one that came back, likewise."""


@dataclass(frozen=True, slots=True)
class ImportedCatalogue:
    """What an import did to one catalogue."""

    document: str
    locale: Locale
    path: str
    """The catalogue, relative to the project root."""
    fates: Counter[Fate]
    """Entries by what became of them; one whose text was not taken, but whose note was, is of
    both."""
    written: bool
    """Whether the file changed (or would)."""
    stated: tuple[str, ...] = ()
    """Names of other documents whose texts it was found to hold."""


@dataclass(slots=True)
class ImportReport:
    """What was imported."""

    catalogues: list[ImportedCatalogue] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)
    """Files of which nothing was taken, by their names, and catalogues that could not be
    written, by theirs; everything else was taken."""


def import_files(
    workspace: Workspace,
    files: Sequence[Path],
    *,
    now: datetime,
    overrule: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Take back what translators have done.

    A file is checked as a whole before anything of it is taken. What was saved in a catalogue while
    it was worked on is never overwritten: it is read and settled again.

    Args:
        workspace: the project.
        files: XLIFF or CSV, as exported and worked on.
        now: goes into the header of catalogues that change. Must have a time zone.
        overrule: whether a text that a translator calls reviewed may replace a reviewed one that
            is still the one that went out.
        dry_run: whether to only say what would be done.
    """
    taking = _Import(workspace, now, overrule=overrule, dry_run=dry_run)
    for file in files:
        try:
            taking.take(file)
        except L10nError as error:
            taking.report.errors.append(error)
    return taking.report


_Place = tuple[Locale, str]


@dataclass(frozen=True, slots=True)
class _Merged:
    """A catalogue with what came back."""

    catalogue: Catalogue
    differs: bool
    """Whether from the one that was read."""
    fates: Counter[Fate]
    unsettled: Sequence[Unsettled]


class _Import:
    """The state of one import."""

    def __init__(
        self, workspace: Workspace, now: datetime, *, overrule: bool, dry_run: bool
    ) -> None:
        self.report = ImportReport()
        self._workspace = workspace
        self._now = now
        self._overrule = overrule
        self._dry_run = dry_run
        self._names: dict[Locale, Mapping[str, str]] = {}
        self._ids: dict[Locale, Mapping[str, Collection[str]]] = {}

    def take(self, file: Path) -> None:
        """Take one file back, into as many catalogues as it is of."""
        where = readable(str(file))
        if is_folder(current_folder() / file, kind=InputError, where=where):
            raise UsageError("is a folder", where=where, way_out="name the files in it")
        form = _form(file, where)
        returned: dict[_Place, list[Returned]] = {}
        for (locale, stated), texts in _by_document(self._read(file, form, where)).items():
            name = self._name(locale, stated, texts, form)
            returned.setdefault((locale, name), []).extend(texts)
        for texts in returned.values():
            refuse_repeated(texts)
        settled = {place: self._settled(place, texts, form) for place, texts in returned.items()}
        for place, texts in returned.items():
            try:
                self._write(place, texts, settled[place], form)
            except L10nError as error:
                self.report.errors.append(error)

    def _settled(self, place: _Place, returned: Sequence[Returned], form: _Form) -> _Merged:
        locale, name = place
        existing = self._workspace.catalogues.read(locale, name)
        if existing is None:
            raise InputError(
                f"the catalogue of {name!r} in {locale.english_name} is gone",
                where=returned[0].place,
            )
        fates: Counter[Fate] = Counter()
        unsettled: list[Unsettled] = []
        merged = self._merged(existing, returned, form, fates, unsettled)
        return _Merged(merged, merged is not existing, fates, unsettled)

    def _write(
        self, place: _Place, returned: Sequence[Returned], settled: _Merged, form: _Form
    ) -> None:
        """Write a catalogue, if anything in it changes, and report what became of it.

        Raises:
            InputError, OutputError: where that cannot be done; it is then as it was.
        """
        locale, name = place
        path = self._workspace.project.catalogue_path(locale, name)
        attempts = 1
        while settled.differs and not self._dry_run:
            data = write_catalogue(self._dated(settled.catalogue, locale))
            saved = partial(self._workspace.files.has_changed, path)
            if write_unless(self._workspace.project.root / path, data, changed=saved, where=path):
                break
            if attempts == _ATTEMPTS:
                raise OutputError(
                    "is saved again and again while it is brought up to date",
                    where=path,
                    way_out="run again when nobody is saving it",
                )
            attempts += 1
            settled = self._settled(place, returned, form)
        stated = dict.fromkeys(
            one.document for one in returned if composed(one.document) != composed(name)
        )
        self.report.catalogues.append(
            ImportedCatalogue(name, locale, path, settled.fates, settled.differs, tuple(stated))
        )
        self.report.unsettled += settled.unsettled

    def _read(self, file: Path, form: _Form, where: str) -> Iterator[Returned]:
        path = current_folder() / file
        if not is_file(path, kind=InputError, where=where):
            raise InputError("no such file", where=where)
        source = self._workspace.project.source
        try:
            with path.open("rb") as stream, closing(form.read(stream, where)) as texts:
                for source_locale, one in texts:
                    if source_locale not in (None, source):
                        raise InputError(
                            f"translated from {source_locale}, but the documents are in {source}",
                            where=where,
                        )
                    yield one
        except OSError as error:
            raise InputError(f"cannot be read: {reason(error)}", where=where) from error

    def _name(self, locale: Locale, stated: str, returned: Sequence[Returned], form: _Form) -> str:
        """The name of the catalogue that texts are for: the one they state, but where it holds
        hardly any of them, the one that does, which is where those of a document are that was
        renamed.

        Raises:
            InputError: where there is none, or nobody can tell which.
        """
        # Only of what there is: the name comes from outside.
        if locale not in self._names:
            known = self._workspace.catalogues.names(locale)
            as_seen = {composed(name): name for name in known}
            self._names[locale] = as_seen | {name: name for name in known}
        names = self._names[locale]
        for name in (stated, composed(stated)):
            if name in names:
                return self._holder(locale, names[name], returned)
        lacking = f"there is no catalogue of {stated!r} in {locale.english_name}"
        where = returned[0].place
        if not names:
            way_out = f"make it with: l10n translate --to {locale}"
            raise InputError(lacking, where=where, way_out=way_out)
        found = holders(returned, self._ids_in(locale))
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(map(repr, found[:_NAMES_SHOWN]))
            shown += ", …" if len(found) > _NAMES_SHOWN else ""
            raise InputError(
                f"{lacking}, and its texts stand in several: {shown}",
                where=where,
                way_out=f"write the one that is meant into {form.document}",
            )
        raise InputError(
            f"{lacking}, and none there holds half of its texts",
            where=where,
            way_out=f"write the name that its document has now into {form.document}",
        )

    def _holder(self, locale: Locale, stated: str, returned: Sequence[Returned]) -> str:
        """The one that texts state, or another that alone holds most of them: documents may have
        taken each other's names.
        """
        own = self._workspace.catalogues.read(locale, stated)
        if own is None or holders(returned, {stated: identified(own.units)}):
            return stated
        try:
            found = holders(returned, self._ids_in(locale))
        except CatalogueError:
            return stated  # of another, which nobody has asked for
        return found[0] if len(found) == 1 else stated

    def _ids_in(self, locale: Locale) -> Mapping[str, Collection[str]]:
        """What each catalogue holds, by its name."""
        if locale not in self._ids:
            read = self._workspace.catalogues.read
            catalogues = (
                (name, read(locale, name)) for name in sorted({*self._names[locale].values()})
            )
            self._ids[locale] = {
                name: frozenset(identified(catalogue.units))
                for name, catalogue in catalogues
                if catalogue is not None
            }
        return self._ids[locale]

    def _merged(
        self,
        existing: Catalogue,
        returned: Sequence[Returned],
        form: _Form,
        fates: Counter[Fate],
        unsettled: list[Unsettled],
    ) -> Catalogue:
        """The catalogue with what came back; itself where nothing of it is new."""
        known = identified(existing.units)
        by_key = {
            (composed(unit.context), composed(unit.source)): id_ for id_, unit in known.items()
        }
        settled: dict[str, TranslationUnit] = {}
        for id_, texts in by_unit(returned, known, by_key).items():
            unit = known.get(id_)
            if unit is None:
                outcome = gone(texts)
            elif not are_of(unit, texts):
                why = "its source is another than the one of its id"
                outcome = Settled(unit, Fate.REFUSED, why, form.mixed_up)
            else:
                state = state_of(replace(unit, obsolete=False))
                outcome = settle(unit, state, texts, overrule=self._overrule)
                if outcome.unit != unit:
                    settled[id_] = outcome.unit
                    if outcome.fate in (Fate.CONFLICT, Fate.REFUSED):
                        fates[Fate.NOTED] += 1
            fates[outcome.fate] += 1
            if outcome.why:
                unsettled.append(_told(outcome, unit, texts))
        if not settled:
            return existing
        return replace(existing, units=tuple(settled.get(id_, unit) for id_, unit in known.items()))

    def _dated(self, merged: Catalogue, locale: Locale) -> Catalogue:
        header = catalogue_header(
            merged.header,
            locale=locale,
            project=self._workspace.project.name,
            created=merged.header.get(_CREATED) or timestamp(self._now),
            now=self._now,
        )
        return replace(merged, header=header)


def _form(file: Path, where: str) -> _Form:
    form = _FORMS.get(file.suffix.lower())
    if form is None:
        raise UsageError(
            "neither XLIFF nor CSV, by its name", where=where, way_out="name .xlf or .csv files"
        )
    return form


def _by_document(returned: Iterable[Returned]) -> dict[_Place, list[Returned]]:
    """What came back by language and document, as the file states them."""
    found: dict[_Place, list[Returned]] = {}
    for one in returned:
        found.setdefault((one.target_locale, one.document), []).append(one)
    return found


def _told(outcome: Settled, unit: TranslationUnit | None, texts: Sequence[Returned]) -> Unsettled:
    here = "" if unit is None else "\0".join(unit.plural_targets or (unit.target,))
    source = unit.source if unit is not None else texts[0].source or texts[0].id
    theirs = "\0".join(one.target for one in texts)
    return Unsettled(texts[0].place, outcome.why, outcome.way_out, source, here, theirs)
