"""``l10n build``: catalogues to localised documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from l10n_pipeline import codes
from l10n_pipeline.catalogue.merge import unit_key
from l10n_pipeline.catalogue.states import acceptable, state_of
from l10n_pipeline.config import FILE_NAME, Accept
from l10n_pipeline.errors import CatalogueError, ConfigError, DocumentError, L10nError, OutputError
from l10n_pipeline.files import look, read_bytes, resolved, write_atomically
from l10n_pipeline.formats import format_for
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Segment, State, TranslationUnit
from l10n_pipeline.pipeline.skeletons import first_drift, has_skeleton
from l10n_pipeline.pipeline.workspace import SegmentedDocument, Workspace

_LONGEST_START: Final = 60


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
    written: bool
    """Whether the file changed (or would)."""


@dataclass(slots=True)
class BuildReport:
    """What a run did."""

    outcomes: list[EditionOutcome] = field(default_factory=list)
    errors: list[L10nError] = field(default_factory=list)
    """What could not be done; everything else was."""


def build(
    workspace: Workspace,
    *,
    locales: Sequence[Locale],
    paths: Sequence[Path] = (),
    accept: Accept | None = None,
    dry_run: bool = False,
) -> BuildReport:
    """Write the localised edition of each document in each locale.

    Args:
        workspace: the project.
        locales: target locales.
        paths: documents or folders; none means all.
        accept: which translations may be used, over what the configuration says.
        dry_run: only say what would be done.

    Raises:
        ConfigError, GlossaryError, CatalogueError: as
            :meth:`~l10n_pipeline.pipeline.workspace.Workspace.find_documents`.
    """
    report = BuildReport()
    found, report.errors[:] = workspace.find_documents(paths)
    # Also the documents that this call does not build, and those that only it does.
    inputs = workspace.inputs | {
        resolved(workspace.project.root / document.path) for document in found
    }
    for document_path in found:
        try:
            document = workspace.read_document(document_path)
        except L10nError as error:
            report.errors.append(error)
            continue
        for locale in locales:
            policy = accept or workspace.project.accept_for(locale)
            try:
                outcome = _build_edition(workspace, document, locale, policy, inputs, dry_run)
            except L10nError as error:
                report.errors.append(error)
            else:
                report.outcomes.append(outcome)
    return report


def _build_edition(
    workspace: Workspace,
    document: SegmentedDocument,
    locale: Locale,
    policy: Accept,
    inputs: frozenset[Path],
    dry_run: bool,
) -> EditionOutcome:
    name = document.document.name
    edition = workspace.project.edition_path(locale, name)
    path = workspace.project.root / edition
    _refuse_overwriting(workspace.project.root, path, edition, inputs)
    translations, used, fallbacks = _accepted(workspace, document, locale, policy)
    data = _built(document.document, translations, locale, edition)
    exists = look(path, kind=OutputError, where=edition) is not None
    changed = not exists or read_bytes(path, kind=OutputError, where=edition) != data
    if changed and not dry_run:
        write_atomically(path, data, where=edition)
    return EditionOutcome(name, locale, edition, used, fallbacks, changed)


def _accepted(
    workspace: Workspace, document: SegmentedDocument, locale: Locale, policy: Accept
) -> tuple[dict[Segment, str], Counter[State], Counter[State]]:
    """Translations the policy accepts; segments by state, used and left in the source.

    A machine's draft with broken codes is left out: nobody has looked at it yet.

    Raises:
        CatalogueError: where there is no catalogue, it cannot be read, or a human's translation
            has broken codes.
    """
    name = document.document.name
    catalogue = workspace.read_catalogue(locale, name)
    if catalogue is None:
        raise CatalogueError(
            f"{name} has no catalogue for {locale.english_name}",
            where=workspace.project.catalogue_path(locale, name),
            way_out=f"run: l10n translate --to {locale}",
        )
    units = {unit.key: unit for unit in catalogue.units if not unit.obsolete}
    translations: dict[Segment, str] = {}
    used: Counter[State] = Counter()
    fallbacks: Counter[State] = Counter()
    broken: dict[str, tuple[str, ...]] = {}
    for segment in document.segments:
        unit = units.get(unit_key(segment), TranslationUnit(segment.source))
        state = state_of(unit)
        # White space and a plural string's forms (the target is empty then) would take the
        # sentence out of the document.
        usable = bool(unit.target.strip()) and acceptable(unit, policy)
        # A wrapped sentence has one msgid without its line breaks; a translation that is
        # that msgid leaves the sentence as it is.
        translation = segment.source if unit.target == unit.source else unit.target
        faults = codes.faults(translation, segment.codes) if usable else ()
        if faults and state is not State.DRAFT:
            broken[unit.source] = faults
        elif usable and not faults:
            translations[segment] = translation
            used[state] += 1
        else:
            fallbacks[state] += 1
    if broken:
        raise _broken(broken, workspace.project.catalogue_path(locale, name))
    return translations, used, fallbacks


def _broken(broken: Mapping[str, Sequence[str]], catalogue: str) -> CatalogueError:
    source, faults = next(iter(broken.items()))
    others = len(broken) - 1
    more = f" (and {others} more like it)" if others else ""
    return CatalogueError(
        f"the codes in the translation of “{_start(source)}” are broken: {', '.join(faults)}{more}",
        where=catalogue,
        way_out="put each tag of the msgid into the msgstr once, pairs around the same words",
    )


def _start(source: str) -> str:
    line = " ".join(source.split())
    return line if len(line) <= _LONGEST_START else f"{line[:_LONGEST_START]}…"


def _built(
    document: Document, translations: Mapping[Segment, str], locale: Locale, edition: str
) -> bytes:
    """The edition's bytes.

    Raises:
        OutputError: where it has another structure than its source, because a translation
            has taken on the look of markup.
    """
    document_format = format_for(document.path)
    if has_skeleton(document):
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
        drift = first_drift(document, again)
        if drift is not None:
            line = document.text.count("\n", 0, drift) + 1
            raise OutputError(
                f"is not written: from line {line} of {document.path} on it would have another "
                "structure",
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
    if not target.is_relative_to(resolved(root)):
        what = f"the edition {edition} would lie outside the project"
    elif target.is_relative_to(resolved(root / "locales")):
        what = f"the edition {edition} would lie among the catalogues"
    elif target in inputs:
        what = f"the edition {edition} would overwrite {target.relative_to(resolved(root))}"
    else:
        return
    raise ConfigError(what, where=FILE_NAME, way_out="change 'output' under [build]")
