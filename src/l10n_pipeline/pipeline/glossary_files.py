"""Glossary files: which there are, for which languages, and in what order they apply."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from l10n_pipeline.config import FILE_NAME, Project
from l10n_pipeline.errors import ConfigError, GlossaryError, LocaleError
from l10n_pipeline.files import glob, is_folder, read_bytes, reason
from l10n_pipeline.glossary import GlossaryMatcher, parse_glossary
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.inflecting import inflecting
from l10n_pipeline.pipeline.paths import outward, readable
from l10n_pipeline.pipeline.project_files import ProjectFiles
from l10n_pipeline.protocols import TermMatcher


@dataclass(frozen=True, slots=True)
class GlossaryFile:
    """A glossary that has been found but not parsed."""

    path: Path
    where: str
    """Relative to the project root, for messages."""
    target: Locale
    data: bytes


def find_glossary_files(project: Project, files: ProjectFiles) -> list[GlossaryFile]:
    """Files whose source side is the project's language, in order of precedence.

    Raises:
        ConfigError: where a file's name tells no pair of languages.
        GlossaryError: where one cannot be read.
    """
    root = project.root

    def where(path: Path) -> str:
        return readable(path.relative_to(root).as_posix())

    def unreadable(error: OSError) -> None:
        raise GlossaryError(
            f"cannot be read: {reason(error)}", where=where(Path(error.filename))
        ) from error

    paths: dict[Path, None] = {}
    for pattern in project.glossary_files:
        found = glob(root, pattern, on_error=unreadable)
        # An editor's lock or backup is hidden.
        matches = {path for path in found if not path.name.startswith(".")}
        if not matches and not set("*?[") & set(pattern):
            raise GlossaryError("no such file", where=pattern, way_out=f"see {FILE_NAME}")
        paths |= dict.fromkeys(sorted(matches))
    found_files = []
    for path in paths:
        if is_folder(path, kind=GlossaryError, where=where(path)):
            continue
        source, target = _pair_of(path.name, where(path))
        if source in project.source.fallbacks:
            if files.leads_out(path):
                raise outward(GlossaryError, where(path))
            data = read_bytes(path, kind=GlossaryError, where=where(path))
            found_files.append(GlossaryFile(path, where(path), target, data))
    return found_files


def read_glossary(
    path: Path | None, *, source: Locale | None = None, target: Locale | None = None
) -> TermMatcher:
    """A glossary that lies outside any project; none has no terms.

    Args:
        path: the file.
        source: the language of the texts, for finding plurals.
        target: the language of its renderings, for inflecting them.

    Raises:
        GlossaryError: where the file cannot be read or has a broken row.
    """
    if path is None:
        return GlossaryMatcher(())
    where = readable(str(path))
    data = read_bytes(path, kind=GlossaryError, where=where)
    matcher = GlossaryMatcher(parse_glossary(data, where), source=source)
    return matcher if target is None else inflecting(matcher, target)


def _pair_of(file_name: str, where: str) -> tuple[Locale, Locale]:
    """Source and target of a glossary file, from its name: ``en-pt_BR.people.tsv``."""
    source, _, target = file_name.split(".", maxsplit=1)[0].partition("-")
    try:
        return Locale.parse(source), Locale.parse(target)
    except LocaleError as error:
        raise ConfigError(
            "the file's name does not say which languages it serves",
            where=where,
            way_out="name it like en-pt_BR.tsv",
        ) from error
