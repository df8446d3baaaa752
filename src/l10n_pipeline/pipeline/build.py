"""``l10n build``: catalogues to localised documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from l10n_pipeline import codes
from l10n_pipeline.catalogue.merge import plural_rule, unit_key
from l10n_pipeline.catalogue.states import acceptable, has_translation, state_of, unit_text
from l10n_pipeline.checks.placeholders import unusable_message
from l10n_pipeline.config import FILE_NAME, Accept, Assets
from l10n_pipeline.errors import CatalogueError, ConfigError, DocumentError, L10nError, OutputError
from l10n_pipeline.files import look, read_bytes, resolved, write_atomically
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Diagnostic, Document, Segment, State, TranslationUnit
from l10n_pipeline.pipeline.assets import AssetCarrier, AssetOutcome
from l10n_pipeline.pipeline.record import BuildRecord, mark_of
from l10n_pipeline.pipeline.skeletons import first_drift, place_of
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument, Workspace, readable
from l10n_pipeline.plurals import PluralRule
from l10n_pipeline.protocols import CatalogueFormat, ReferringFormat

_LONGEST_START: Final = 60
_CODES: Final = "codes"
_PLURALS: Final = "plurals"
"""Rules that a translation breaks."""
_OF_EDITION: Final = (
    "Project-Id-Version",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Language",
    "Plural-Forms",
)
"""What a catalogue's header says of a language's edition."""


@dataclass(frozen=True, slots=True)
class EditionOutcome:
    """One localised document, and whose text it is made of."""

    document: str
    locale: Locale
    path: str
    """The edition, relative to the project root."""
    used: Counter[State]
    """Segments translated, by the state of the entry they came from."""
    fallbacks: Counter[State]
    """Segments left in the source language, by the state of their entry."""
    waiting: Counter[State]
    """Those of them whose translation another policy would take."""
    left_out: Mapping[str, str]
    """What is broken in drafts that the policy takes, by their source."""
    written: bool
    """Whether the file changed (or would)."""


@dataclass(slots=True)
class BuildReport:
    """What a run did."""

    outcomes: list[EditionOutcome] = field(default_factory=list)
    assets: list[AssetOutcome] = field(default_factory=list)
    """The files that the editions refer to."""
    warnings: list[str] = field(default_factory=list)
    """References that will not be found: a line each."""
    errors: list[L10nError] = field(default_factory=list)
    """What could not be done; everything else was."""


def build(
    workspace: Workspace,
    *,
    locales: Sequence[Locale],
    paths: Sequence[Path] = (),
    accept: Accept | None = None,
    overwrite: bool = False,
    dry_run: bool = False,
) -> BuildReport:
    """Write the localised edition of each document in each locale, and put what they refer to
    where they look for it.

    A file that no build wrote, or that was edited since, is left as it is and an error.

    Args:
        workspace: the project.
        locales: target locales.
        paths: documents or folders; none means all.
        accept: which translations may be used, over what the configuration says.
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
    editions = _editions(workspace, documents.values(), locales)
    where = workspace.record_path
    record = BuildRecord(workspace.project.root / where, where, overwrite, workspace.record)
    carrier = AssetCarrier(workspace, documents, inputs, editions, record, dry_run)
    try:
        for document_path in found:
            try:
                document = workspace.read_document(document_path)
                references = _references(workspace, document.document)
            except L10nError as error:
                report.errors.append(error)
                continue
            for locale in locales:
                policy = accept or workspace.project.accept_for(locale)
                try:
                    outcome = _build_edition(
                        workspace, document, locale, policy, inputs, record, dry_run
                    )
                except L10nError as error:
                    report.errors.append(error)
                    continue
                if outcome is not None:
                    report.outcomes.append(outcome)
                    carrier.bring(document_path, references, outcome.path, locale)
    finally:
        # Also after Ctrl-C: what has been written is a build's own.
        report.errors += [] if dry_run else record.save()
    report.assets += carrier.outcomes
    report.warnings += carrier.warnings
    report.errors += [*carrier.errors, *record.refusals()]
    return report


def _editions(
    workspace: Workspace, documents: Iterable[DocumentPath], locales: Sequence[Locale]
) -> frozenset[str]:
    """Where all editions go.

    Raises:
        ConfigError: where two would be one file.
    """
    sources: dict[str, str] = {}
    for document in sorted(documents):
        for locale in locales:
            try:
                edition = workspace.edition_path(locale, document)
            except DocumentError:
                continue  # told of when the document is read
            other = sources.setdefault(edition, document.path)
            if other != document.path:
                raise ConfigError(
                    f"{other} and {document.path} would have one edition, {edition}",
                    where=FILE_NAME,
                    way_out="change 'output' under [build]",
                )
    return frozenset(sources)


def _references(workspace: Workspace, document: Document) -> tuple[str, ...]:
    served = workspace.formats.for_path(document.path)
    if workspace.project.assets is Assets.NONE or not isinstance(served, ReferringFormat):
        return ()
    return served.references(document)


def _build_edition(
    workspace: Workspace,
    document: SegmentedDocument,
    locale: Locale,
    policy: Accept,
    inputs: frozenset[Path],
    record: BuildRecord,
    dry_run: bool,
) -> EditionOutcome | None:
    """Write an edition; None where a file stands in its place that people made."""
    name = document.document.name
    edition = workspace.edition_path(locale, DocumentPath(document.document.path, name))
    path = workspace.project.root / edition
    _refuse_overwriting(workspace.project.root, path, edition, inputs)
    accepted = _accepted(workspace, document, locale, policy)
    data = _built(workspace, document.document, accepted, locale, edition)
    exists = look(path, kind=OutputError, where=edition) is not None
    before = read_bytes(path, kind=OutputError, where=edition) if exists else None
    changed = before != data
    if changed and before is not None and not record.may_replace(edition, [mark_of(before)]):
        return None
    if changed and not dry_run:
        write_atomically(path, data, where=edition)
    record.note(edition, mark_of(data))
    return EditionOutcome(
        name,
        locale,
        edition,
        accepted.used,
        accepted.fallbacks,
        accepted.waiting,
        accepted.left_out,
        changed,
    )


@dataclass(frozen=True, slots=True)
class _Accepted:
    """What an edition is made of."""

    translations: Mapping[Segment, str]
    used: Counter[State]
    fallbacks: Counter[State]
    waiting: Counter[State]
    left_out: Mapping[str, str]
    header: Mapping[str, str]
    """The catalogue's."""


def _accepted(
    workspace: Workspace, document: SegmentedDocument, locale: Locale, policy: Accept
) -> _Accepted:
    """Translations the policy accepts; segments by state, used and left in the source.

    A machine's draft with broken codes is left out: nobody has looked at it yet.

    Raises:
        CatalogueError: where there is no catalogue, it cannot be read, or a human's translation
            has broken codes or placeholders.
    """
    name = document.document.name
    catalogue = workspace.read_catalogue(locale, name)
    if catalogue is None:
        which = workspace.named(DocumentPath(document.document.path, name))
        raise CatalogueError(
            f"{name} has no catalogue for {locale.english_name}",
            where=workspace.project.catalogue_path(locale, name),
            way_out=f"run: {' '.join(filter(None, ('l10n translate', which)))} --to {locale}",
        )
    units = {unit.key: unit for unit in catalogue.units if not unit.obsolete}
    try:
        rule = plural_rule(catalogue)
    except CatalogueError as error:
        error.where = workspace.project.catalogue_path(locale, name)
        raise
    translations: dict[Segment, str] = {}
    used: Counter[State] = Counter()
    fallbacks: Counter[State] = Counter()
    waiting: Counter[State] = Counter()
    left_out: dict[str, str] = {}
    broken: dict[str, tuple[Diagnostic, ...]] = {}
    for segment in document.segments:
        unit = units.get(unit_key(segment), TranslationUnit(segment.source))
        state = state_of(unit)
        translation = _translation(unit, segment)
        usable = bool(translation) and acceptable(unit, policy)
        faults = _faults(translation, segment, rule) if usable else ()
        if faults and state is not State.DRAFT:
            broken[unit.source] = faults
        elif usable and not faults:
            translations[segment] = translation
            used[state] += 1
        else:
            fallbacks[state] += 1
            waiting[state] += bool(translation) and not usable
            if faults:
                left_out[unit.source] = ", ".join(fault.message for fault in faults)
    if broken:
        where = workspace.project.catalogue_path(locale, name)
        raise _broken(broken, where)
    return _Accepted(translations, used, fallbacks, +waiting, left_out, catalogue.header)


def _translation(unit: TranslationUnit, segment: Segment) -> str:
    """What may stand in a segment's place; empty where nothing may.

    White space, or a message without one of its plural forms, would take the segment out of
    the document.
    """
    message = segment.message
    if message is not None:
        complete = unit.plural_source == message.plural and has_translation(unit)
        return unit_text(unit) if complete else ""
    if not unit.target.strip():
        return ""
    # A wrapped sentence has one msgid without its line breaks; a translation that is
    # that msgid leaves the sentence as it is.
    return segment.source if unit.target == unit.source else unit.target


def _faults(translation: str, segment: Segment, rule: PluralRule) -> tuple[Diagnostic, ...]:
    """Why a translation cannot stand in the document."""
    if segment.message is None:
        found = codes.faults(translation, segment.codes)
        return tuple(Diagnostic(_CODES, fault) for fault in found)
    return unusable_message(segment.message, translation.split("\0"), rule)


def _broken(broken: Mapping[str, Sequence[Diagnostic]], catalogue: str) -> CatalogueError:
    source, found = next(iter(broken.items()))
    faults = [fault.message for fault in found]
    others = len(broken) - 1
    more = f" (and {others} more like it)" if others else ""
    if found[0].rule == _PLURALS:
        return CatalogueError(
            f"the translation of “{beginning(source)}” has not as many plural forms as the "
            f"header's Plural-Forms says{more}",
            where=catalogue,
            way_out="write a msgstr[…] for each, or correct the header",
        )
    if found[0].rule != _CODES:
        return CatalogueError(
            f"the program could not use the translation of “{beginning(source)}”: "
            f"{', '.join(faults)}{more}",
            where=catalogue,
            way_out="write the placeholders and line ends of the msgid into the msgstr",
        )
    return CatalogueError(
        f"the codes in the translation of “{beginning(source)}” are broken: "
        f"{', '.join(faults)}{more}",
        where=catalogue,
        way_out="put each tag of the msgid into the msgstr once, pairs around the same words",
    )


def beginning(source: str) -> str:
    """So much of a source that it is known again."""
    line = " ".join(source.split())
    return line if len(line) <= _LONGEST_START else f"{line[:_LONGEST_START]}…"


def _built(
    workspace: Workspace,
    document: Document,
    accepted: _Accepted,
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
            way_out="look for markup in the translations there",
        )
    return document_format.build(document, translations, target=locale)


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
