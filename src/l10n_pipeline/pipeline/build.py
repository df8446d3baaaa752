"""``l10n build``: catalogues to localised documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from l10n_pipeline.catalogue.mo import compile_catalogue
from l10n_pipeline.catalogue.po import read_catalogue
from l10n_pipeline.config import FILE_NAME, Accept, Assets, Policy
from l10n_pipeline.errors import CatalogueError, ConfigError, DocumentError, L10nError, OutputError
from l10n_pipeline.files import (
    is_file,
    look,
    matches,
    read_bytes,
    reason,
    resolved,
    write_atomically,
)
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document
from l10n_pipeline.pipeline.assets import AssetCarrier, AssetOutcome
from l10n_pipeline.pipeline.contents import Accepted, Contents, accepted_translations, beginning
from l10n_pipeline.pipeline.leftovers import COMPILED, left_behind
from l10n_pipeline.pipeline.paths import readable
from l10n_pipeline.pipeline.record import BuildRecord, mark_of
from l10n_pipeline.pipeline.skeletons import first_drift, place_of
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument, Workspace
from l10n_pipeline.protocols import CatalogueFormat, ReferringFormat

_TOO_LITTLE: Final = "with too little of it translated"
_GONE: Final = "since its document is gone"
_UNCOMPILED: Final = "since catalogues are not compiled"
_CHARSET: Final = re.compile(r"(?<=charset=)[^\s;\"\\]+", re.IGNORECASE)
_OF_EDITION: Final = (
    "Project-Id-Version",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Language",
    "Plural-Forms",
)
"""What a catalogue's header says of a language's edition."""


class Fate(StrEnum):
    """What became (or would become) of an edition's file."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    WITHHELD = "withheld"
    """Too little is translated, and nothing was removed."""
    REMOVED = "removed"
    """Too little is translated any more of what a build wrote earlier."""


@dataclass(frozen=True, slots=True)
class EditionOutcome:
    """One localised document, and whose text it is made of."""

    document: str
    locale: Locale
    path: str
    """The edition, relative to the project root."""
    policy: Policy
    contents: Contents
    fate: Fate
    compiled: str = ""
    """Likewise its compiled form; empty where there is none."""

    @property
    def written(self) -> bool:
        """Whether a file changed (or would)."""
        return self.fate is Fate.WRITTEN

    @property
    def is_withheld(self) -> bool:
        """Whether there is no such edition, since too little is translated."""
        return self.fate in {Fate.WITHHELD, Fate.REMOVED}


@dataclass(slots=True)
class BuildReport:
    """What a run did."""

    outcomes: list[EditionOutcome] = field(default_factory=list)
    assets: list[AssetOutcome] = field(default_factory=list)
    """The files that the editions refer to."""
    removed: list[str] = field(default_factory=list)
    """Compiled catalogues that earlier builds wrote and that are no longer asked for, relative
    to the project root."""
    gone: list[str] = field(default_factory=list)
    """Editions, and their compiled forms, that earlier builds wrote and whose documents are gone,
    likewise."""
    warnings: list[str] = field(default_factory=list)
    """Policies of no document, and references that will not be found: a line each."""
    errors: list[L10nError] = field(default_factory=list)
    """What could not be done; everything else was."""


def build(
    workspace: Workspace,
    *,
    locales: Sequence[Locale],
    paths: Sequence[Path] = (),
    accept: Accept | None = None,
    keep: int | None = None,
    mo: bool | None = None,
    overwrite: bool = False,
    dry_run: bool = False,
) -> BuildReport:
    """Write the localised edition of each document in each locale, and put what they refer to
    where they look for it.

    A file that no build wrote, or that was edited since, is left as it is and an error. An
    edition of which too little is translated is not written; one that a build wrote earlier
    is removed then; so is, where catalogues are not compiled, what one compiled earlier, and
    where all documents are built, the edition of one that is gone.

    Args:
        workspace: the project.
        locales: target locales.
        paths: documents or folders; none means all.
        accept: which translations may be used, over what the configuration says.
        keep: percent of its segments that an edition has to have translated, likewise.
        mo: whether editions that are catalogues are compiled, too, likewise.
        overwrite: whether to replace such files, too.
        dry_run: only say what would be done.

    Raises:
        ConfigError, GlossaryError, CatalogueError, EnvironmentFault: as
            :meth:`~l10n_pipeline.pipeline.workspace.Workspace.find_documents`; the first also
            where two editions would be one file, the last where the record of what builds
            wrote cannot be read.
    """
    report = BuildReport()
    found, report.errors[:] = workspace.find_documents(paths)
    # Also the documents that this call does not build, and those that only it does.
    inputs = workspace.inputs | {
        resolved(workspace.project.root / document.path) for document in found
    }
    documents = {**workspace.listed, **{document.path: document for document in found}}
    compiling = workspace.project.mo if mo is None else mo
    editions = _editions(workspace, documents.values(), locales, compiling=compiling)
    report.warnings += _idle_policies(workspace, documents)
    where = workspace.record_path
    record = BuildRecord(workspace.project.root / where, where, overwrite, workspace.record)
    carrier = AssetCarrier(workspace, documents, inputs, editions, record, dry_run)
    builder = _Builder(workspace, inputs, record, compiling, dry_run)
    idle: list[str] = []
    try:
        for document_path in found:
            try:
                document = workspace.read_document(document_path)
                references = _references(workspace, document.document)
            except L10nError as error:
                report.errors.append(error)
                continue
            for locale in locales:
                policy = workspace.project.policy(locale, document_path.path)
                policy = replace(
                    policy,
                    accept=accept or policy.accept,
                    keep=policy.keep if keep is None else keep,
                )
                try:
                    outcome = builder.build(document, locale, policy)
                except L10nError as error:
                    report.errors.append(error)
                    continue
                if outcome is None:
                    continue
                report.outcomes.append(outcome)
                if not outcome.is_withheld:
                    carrier.bring(document_path, references, outcome.path, locale)
                    compiled = _compiled_path(workspace, document_path, outcome.path)
                    idle += [compiled] if compiled and not compiling else []
        # An asset may be such a file.
        taken = editions | {asset.path for asset in carrier.outcomes}
        unasked = [place for place in dict.fromkeys(idle) if place not in taken]
        report.removed += _dropped(unasked, builder.drop_compiled, report.errors)
        # Where there is no document at all, they are rather looked for in the wrong place.
        if found and not paths:
            left = left_behind(workspace, locales, taken)
            report.gone += _dropped(left, partial(builder.drop, why=_GONE), report.errors)
    finally:
        # Also after Ctrl-C: what has been written is a build's own.
        report.errors += [] if dry_run else record.save()
    report.assets += carrier.outcomes
    report.warnings += carrier.warnings
    report.errors += [*carrier.errors, *record.refusals()]
    # Where the record cannot be written, each edition has met that.
    report.errors[:] = {str(error): error for error in report.errors}.values()
    return report


def _dropped(
    places: Iterable[str], drop: Callable[[str], bool], errors: list[L10nError]
) -> Iterator[str]:
    """Take files away; gives those that were, and tells what went wrong."""
    for place in places:
        try:
            if drop(place):
                yield place
        except L10nError as error:
            errors.append(error)


def _idle_policies(workspace: Workspace, documents: Iterable[str]) -> list[str]:
    """A warning for each pattern under ``build.documents`` that no document matches."""
    paths = list(documents)
    patterns = dict.fromkeys(rule.pattern for rule in workspace.project.policy_rules)
    return [
        f"{FILE_NAME}: build.documents: no document matches {pattern!r}"
        for pattern in filter(None, patterns)
        if not any(matches(pattern, path) for path in paths)
    ]


def _editions(
    workspace: Workspace,
    documents: Iterable[DocumentPath],
    locales: Sequence[Locale],
    *,
    compiling: bool,
) -> frozenset[str]:
    """Where all editions go, and their compiled forms.

    Raises:
        ConfigError: where two would be one file.
    """
    sources: dict[str, str] = {}
    for document in sorted(documents):
        for locale in locales:
            try:
                edition = workspace.edition_path(locale, document)
                compiled = _compiled_path(workspace, document, edition) if compiling else ""
            except DocumentError:
                continue  # told of when the document is read
            for place in filter(None, (edition, compiled)):
                other = sources.setdefault(place, document.path)
                if other != document.path:
                    raise ConfigError(
                        f"{other} and {document.path} would have one edition, {place}",
                        where=FILE_NAME,
                        way_out="change 'output' under [build]",
                    )
    return frozenset(sources)


def _compiled_path(workspace: Workspace, document: DocumentPath, edition: str) -> str:
    """Where an edition's compiled form goes; empty where it is no catalogue."""
    served = workspace.formats.for_path(document.path)
    is_catalogue = isinstance(served, CatalogueFormat)
    return str(PurePosixPath(edition).with_suffix(COMPILED)) if is_catalogue else ""


def _references(workspace: Workspace, document: Document) -> tuple[str, ...]:
    served = workspace.formats.for_path(document.path)
    if workspace.project.assets is Assets.NONE or not isinstance(served, ReferringFormat):
        return ()
    return served.references(document)


@dataclass(frozen=True, slots=True)
class _Builder:
    """Writes editions, one by one."""

    workspace: Workspace
    inputs: frozenset[Path]
    """Files that must not be overwritten, links followed."""
    record: BuildRecord
    compiling: bool
    dry_run: bool

    def build(
        self, document: SegmentedDocument, locale: Locale, policy: Policy
    ) -> EditionOutcome | None:
        """Write an edition; None where a file stands in its place that people made."""
        source = DocumentPath(document.document.path, document.document.name)
        edition = self.workspace.edition_path(locale, source)
        compiled = _compiled_path(self.workspace, source, edition)
        self._refuse_overwriting(edition)
        accepted = self._accepted(document, locale, policy)
        contents = accepted.contents
        if contents.used.total() * 100 < policy.keep * contents.segments:
            removed = [self.drop(place, _TOO_LITTLE) for place in (edition, compiled) if place]
            fate = Fate.REMOVED if any(removed) else Fate.WITHHELD
            return EditionOutcome(source.name, locale, edition, policy, contents, fate)
        files = {edition: _built(self.workspace, document.document, accepted, locale, edition)}
        if compiled and self.compiling:
            self._refuse_overwriting(compiled)
            files[compiled] = _compiled(files[edition], document.document, edition)
        changed = False
        for place, data in files.items():
            written = self._written(place, data)
            if written is None:
                return None
            changed |= written
        fate = Fate.WRITTEN if changed else Fate.UNCHANGED
        made = compiled if compiled in files else ""
        return EditionOutcome(source.name, locale, edition, policy, contents, fate, made)

    def drop_compiled(self, place: str) -> bool:
        """Take away a compiled catalogue that is no longer asked for; whether there was one as a
        build wrote it. One that was compiled by somebody else since stays, and nothing is amiss.

        Raises:
            OutputError: where it cannot be read or removed.
        """
        path = self.workspace.project.root / place
        ours = self.record.known.get(place, frozenset())
        if ours and is_file(path, kind=OutputError, where=place):
            data = read_bytes(path, kind=OutputError, where=place)
            if path.is_symlink() or mark_of(data) not in ours:
                return False
        return self.drop(place, _UNCOMPILED)

    def drop(self, place: str, why: str) -> bool:
        """Take away what a build wrote; whether there was such a file, as it was written.

        Args:
            place: its path, relative to the root.
            why: it is to go, for who is told that it has been edited.

        Raises:
            OutputError: where it cannot be read or removed.
        """
        if place not in self.record.known:
            return False
        path = self.workspace.project.root / place
        if not is_file(path, kind=OutputError, where=place):
            self.record.forget(place)
            return False
        # A link is nothing that a build makes, whatever it leads to.
        marks = () if path.is_symlink() else (mark_of(read_bytes(path, kind=OutputError)),)
        if not self.record.may_remove(place, marks, why):
            return False
        if not self.dry_run:
            try:
                path.unlink()
            except OSError as error:
                raise OutputError(f"cannot be removed: {reason(error)}", where=place) from error
        self.record.forget(place)
        return True

    def _accepted(self, document: SegmentedDocument, locale: Locale, policy: Policy) -> Accepted:
        """What an edition is to be made of.

        Raises:
            CatalogueError: where there is no catalogue, it cannot be read, or a human's
                translation has broken codes or placeholders.
        """
        name = document.document.name
        catalogue = self.workspace.catalogues.read(locale, name)
        where = self.workspace.project.catalogue_path(locale, name)
        if catalogue is None:
            which = self.workspace.named(DocumentPath(document.document.path, name))
            raise CatalogueError(
                f"{name} has no catalogue for {locale.english_name}",
                where=where,
                way_out=f"run: {' '.join(filter(None, ('l10n translate', which)))} --to {locale}",
            )
        return accepted_translations(document.segments, catalogue, policy.accept, where)

    def _written(self, place: str, data: bytes) -> bool | None:
        """Whether a file had to be written; None where one stands there that people made."""
        path = self.workspace.project.root / place
        exists = look(path, kind=OutputError, where=place) is not None
        before = read_bytes(path, kind=OutputError, where=place) if exists else None
        changed = before != data
        if changed and before is not None and not self.record.may_replace(place, [mark_of(before)]):
            return None
        if changed and not self.dry_run:
            self.record.announce(place, mark_of(data))
            write_atomically(path, data, where=place)
        self.record.note(place, mark_of(data))
        return changed

    def _refuse_overwriting(self, edition: str) -> None:
        root = self.workspace.project.root
        _refuse_overwriting(root, root / edition, edition, self.inputs)


def _compiled(edition: bytes, document: Document, where: str) -> bytes:
    """The compiled form of an edition that is a catalogue, in UTF-8.

    Raises:
        OutputError: where it cannot be read.
    """
    try:
        # It is in UTF-8 where its template's encoding has no bytes for what it says.
        text = edition.decode()
    except UnicodeDecodeError:
        text = edition.decode(document.encoding)
    in_utf8 = _CHARSET.sub("UTF-8", text, count=1).encode()
    try:
        catalogue = read_catalogue(
            in_utf8, where=where, source_locale=document.locale, expected_locale=None
        )
    except CatalogueError as error:
        raise OutputError(
            f"is not compiled: {error.what}", where=error.where, way_out=error.way_out
        ) from error
    return compile_catalogue(catalogue)


def _built(
    workspace: Workspace,
    document: Document,
    accepted: Accepted,
    locale: Locale,
    edition: str,
) -> bytes:
    """The edition's bytes.

    Raises:
        OutputError: where it has another structure than its source, because a translation
            has taken on the look of markup.
    """
    document_format = workspace.formats.for_path(document.path)
    translations = accepted.translations
    if isinstance(document_format, CatalogueFormat):
        header = {name: accepted.header[name] for name in _OF_EDITION if name in accepted.header}
        return document_format.build(document, translations, target=locale, header=header)
    # What it says of its own language is left out: a reader takes it into account.
    data = document_format.build(document, translations)
    try:
        again = document_format.read(
            data, path=document.path, name=document.name, locale=document.locale
        )
    except DocumentError as error:
        raise OutputError(
            f"is not written: it could not be read again: {error.what}",
            where=edition,
            way_out="look for markup in the translations",
        ) from error
    drift = first_drift(document, again, document_format)
    if drift is not None:
        raise OutputError(
            f"is not written: from {place_of(document, drift)} on it would have another structure",
            where=edition,
            way_out=_suspicion(accepted, workspace.project.catalogue_path(locale, document.name)),
        )
    return document_format.build(document, translations, target=locale)


def _suspicion(accepted: Accepted, catalogue: str) -> str:
    """Where to look for what gives an edition another structure."""
    if found := accepted.emptied():
        source, tag = found
        return (
            f"first look at the translation of “{beginning(source)}” in {catalogue}: {tag} is "
            "around nothing"
        )
    return "look for markup in the translations there"


def _refuse_overwriting(root: Path, path: Path, edition: str, inputs: frozenset[Path]) -> None:
    """Let an edition replace nothing but an edition, wherever links lead.

    Raises:
        ConfigError: where it would lie outside the project, or in a file's place that
            the pipeline reads.
    """
    target = resolved(path)
    links = (place for place in (path, *path.parents) if place.is_symlink() and place != root)
    link = next((one for one in links if one.is_relative_to(root)), None)
    if not target.is_relative_to(resolved(root)):
        what = f"the edition {edition} would lie outside the project"
    elif target.is_relative_to(resolved(root / "locales")):
        what = f"the edition {edition} would lie among the catalogues"
    elif target in inputs:
        what = f"the edition {edition} would overwrite {target.relative_to(resolved(root))}"
    else:
        return
    if link is not None:
        leads = readable(link.relative_to(root).as_posix())
        raise ConfigError(what, way_out=f"{leads} is a link: remove it")
    raise ConfigError(what, where=FILE_NAME, way_out="change 'output' under [build]")
