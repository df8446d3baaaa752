"""The project: ``l10n.toml``, found upwards from where the command runs.

Every key has a default, so a folder without the file is a project too. An unknown
key is an error that names its nearest neighbour: a misspelt setting must never be
a setting silently ignored.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final, get_args, get_origin

import pydantic

from l10n_pipeline.editions import EditionTemplate, parse_template
from l10n_pipeline.errors import ConfigError, DocumentError, LocaleError
from l10n_pipeline.files import (
    fixed_folder,
    is_file,
    is_folder,
    matches,
    pattern_fault,
    read_bytes,
    resolved,
)
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision

FILE_NAME: Final = "l10n.toml"
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")

TEMPLATE: Final = """\
# l10n-pipeline project. Every key is optional; what stands here is the default
# unless it says otherwise. Paths are relative to this file.

# The language the documents are written in.
source = "en"

# The languages to translate into: "pt-BR" and "pt_BR" are the same.
targets = []

# Those of them that people translate without machine translation.
by_hand = []

# Which files are documents: "docs/**" is all in docs that there is a format for,
# "docs/**/*.md" the Markdown. The fixed folder before the first wildcard is left out of
# catalogue and edition names: seeds/guide/intro.txt becomes guide/intro.txt.
documents = ["seeds/**"]
exclude = []

# Named in the catalogues' headers; the folder's name unless told.
# name = "My project"

[glossary]
# One file a language pair, named like en-pt_BR.tsv or en-pt_BR.people.tsv.
files = ["glossary/*.tsv"]

[memory]
# Translation memories in TMX, used beside the reviewed catalogues; l10n tm import puts them here.
files = ["memory/*.tmx"]
# How similar a sentence has to be for its translation to be shown, from 0 to 1.
threshold = 0.75

[segmentation]
# Words that end in a full stop without ending a sentence, beyond the usual ones.
abbreviations = []

[catalogues]
# Whether entries show the sentences before and after them, for tools that show one entry
# at a time and not the document.
neighbours = false

[models]
# A model for a target: the name of a fetched or installed one (l10n models list), or a
# folder. Without a choice, the best at hand is taken.
# pt-BR = "enpt-1693087644"

[engine]
# "auto": the quickest that loses no quality on this machine; "int8", "f32" (the
# reference), and for checkpoints on a graphics processor "bf16" or "f16".
precision = "auto"
# Processes that translate side by side; 0 makes it one a processor core.
workers = 0

[build]
# Which translations go into the documents: "reviewed" (no fuzzy flag), "fuzzy"
# (also what a human wrote and left flagged) or "mt" (everything).
accept = "reviewed"
# How many percent of a document's segments have to be translated for it to be written.
keep = 0
# Where the localised documents go: {locale} is pt_BR, {language_tag} pt-BR. Beside their
# sources with "{folder}/{stem}.{language_tag}{suffix}".
output = "build/{locale}/{path}"
# Pictures, style sheets and other files that documents refer to, put where the localised
# documents look for them: "copy", "link" (hard links) or "none".
assets = "copy"
# Whether a program's catalogue is compiled, too: app.mo beside app.po.
mo = false

# Another policy for one language:
# [build.locales.pt-BR]
# accept = "mt"

# Or for some documents, which comes before a language's:
# [build.documents."seeds/legal/**"]
# accept = "reviewed"
# keep = 100

# The fields of front matter that are translated.
# [formats.markdown]
# front_matter = ["title", "description", "summary", "subtitle"]
"""


class Accept(StrEnum):
    """Which translations ``l10n build`` uses; each includes the one before."""

    REVIEWED = "reviewed"
    FUZZY = "fuzzy"
    MT = "mt"


class Assets(StrEnum):
    """What becomes of the files that documents refer to."""

    COPY = "copy"
    LINK = "link"
    """They are hard links where the file system has such, copies elsewhere."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Policy:
    """Which translations go into an edition, and how many there have to be."""

    accept: Accept = Accept.REVIEWED
    keep: int = 0
    """Percent of the document's segments; with fewer, the edition is not written."""


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """What the configuration says of the policy of some editions."""

    accept: Accept | None = None
    keep: int | None = None
    pattern: str = ""
    """Documents it is said of, relative to the root; empty for all."""
    locale: Locale | None = None
    """The language it is said of; None for all."""

    def is_of(self, locale: Locale, document: str) -> bool:
        """Whether it speaks of a document's edition in a language."""
        in_language = self.locale in {None, locale}
        return in_language and (not self.pattern or matches(self.pattern, document))


def _locale(value: object) -> Locale:
    if isinstance(value, Locale):
        return value
    if not isinstance(value, str):
        raise ValueError("a locale is written as a string, such as 'pt-BR'")  # noqa: TRY004 - pydantic wants ValueError
    try:
        return Locale.parse(value)
    except LocaleError as error:
        raise ValueError(str(error)) from error


_Locale = Annotated[Locale, pydantic.BeforeValidator(_locale)]
_Word = Annotated[str, pydantic.StringConstraints(min_length=1)]


def _pattern(value: str) -> str:
    if fault := pattern_fault(value):
        raise ValueError(f"{value!r} {fault}")
    return value


_Pattern = Annotated[str, pydantic.AfterValidator(_pattern)]


def _inside(value: str) -> str:
    if ".." in PurePosixPath(value).parts:
        raise ValueError(f"{value!r} leads out of the project")
    return value


_InnerPattern = Annotated[_Pattern, pydantic.AfterValidator(_inside)]


def _spelt_once(table: object) -> object:
    """Refuse a locale that stands in a table twice, spelt differently."""
    spellings: dict[Locale, str] = {}
    for key in table if isinstance(table, dict) else ():
        try:
            locale = Locale.parse(key)
        except LocaleError:
            continue  # told of, with its place, when the key itself is read
        if (other := spellings.setdefault(locale, key)) != key:
            raise ValueError(f"{other!r} and {key!r} are the same language")
    return table


_OfLocales = pydantic.BeforeValidator(_spelt_once)


class _Table(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Glossary(_Table):
    files: tuple[_Pattern, ...] = ("glossary/*.tsv",)


class _Memory(_Table):
    files: tuple[_InnerPattern, ...] = ("memory/*.tmx",)
    threshold: Annotated[float, pydantic.Field(gt=0, le=1, strict=True)] = 0.75


class _Engine(_Table):
    precision: Precision = Precision.AUTO
    workers: Annotated[int, pydantic.Field(ge=0, le=1024)] = 0


class _Segmentation(_Table):
    abbreviations: tuple[_Word, ...] = ()


class _Catalogues(_Table):
    neighbours: bool = False


_Percent = Annotated[int, pydantic.Field(ge=0, le=100, strict=True)]


class _BuildPolicy(_Table):
    accept: Accept | None = None
    keep: _Percent | None = None


class _BuildDocuments(_BuildPolicy):
    locales: Annotated[dict[_Locale, _BuildPolicy], _OfLocales] = {}


class _Build(_Table):
    accept: Accept = Accept.REVIEWED
    keep: _Percent = 0
    assets: Assets = Assets.COPY
    output: str = "build/{locale}/{path}"
    mo: bool = False
    locales: Annotated[dict[_Locale, _BuildPolicy], _OfLocales] = {}
    documents: dict[_InnerPattern, _BuildDocuments] = {}

    def rules(self) -> Iterator[PolicyRule]:
        """All that is said of policies, in order of precedence."""
        for pattern, table in self.documents.items():
            for locale, own in table.locales.items():
                yield PolicyRule(own.accept, own.keep, pattern=pattern, locale=locale)
            yield PolicyRule(table.accept, table.keep, pattern=pattern)
        for locale, own in self.locales.items():
            yield PolicyRule(own.accept, own.keep, locale=locale)
        yield PolicyRule(self.accept, self.keep)

    @pydantic.field_validator("output")
    @classmethod
    def _has_places(cls, value: str) -> str:
        return parse_template(value).text


class _File(_Table):
    name: str = ""
    source: _Locale = Locale("en")
    targets: tuple[_Locale, ...] = ()
    by_hand: tuple[_Locale, ...] = ()
    documents: tuple[_InnerPattern, ...] = ("seeds/**",)
    exclude: tuple[_InnerPattern, ...] = ()
    glossary: _Glossary = _Glossary()
    memory: _Memory = _Memory()
    segmentation: _Segmentation = _Segmentation()
    catalogues: _Catalogues = _Catalogues()
    engine: _Engine = _Engine()
    models: Annotated[dict[_Locale, str], _OfLocales] = {}
    build: _Build = _Build()
    formats: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Project:
    """A project's settings. All paths and patterns in it are relative to ``root``."""

    root: Path
    """The folder of ``l10n.toml``, absolute."""
    name: str
    """Goes into the catalogues' headers."""
    source: Locale
    targets: tuple[Locale, ...]
    by_hand: frozenset[Locale]
    """Targets whose catalogues are prepared for translators and never machine-translated."""
    documents: tuple[str, ...]
    """Glob patterns; ``**`` crosses folders."""
    exclude: tuple[str, ...]
    glossary_files: tuple[str, ...]
    """Glob patterns of glossary files."""
    abbreviations: tuple[str, ...]
    output: str
    """Where editions go: a template, as :mod:`l10n_pipeline.editions` explains them."""
    policy_rules: tuple[PolicyRule, ...] = ()
    """In order of precedence."""
    models: Mapping[Locale, str] = field(default_factory=dict)
    """For a target locale, the name of a model or the path of its folder."""
    precision: Precision = Precision.AUTO
    workers: int = 0
    """Processes that translate side by side; 0 makes it one a processor core."""
    assets: Assets = Assets.COPY
    mo: bool = False
    """Whether editions that are catalogues are compiled, too."""
    formats: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Options of document formats, by the format's name."""
    neighbours: bool = False
    """Whether entries of catalogues show the sentences before and after them."""
    memory_files: tuple[str, ...] = ()
    """Glob patterns of TMX files."""
    memory_threshold: float = 0.75
    """The similarity from which on a match is of use, above 0 and up to 1."""
    configured: bool = False
    """Whether there is an ``l10n.toml``."""

    def policy(self, locale: Locale, document: str) -> Policy:
        """The build policy of a document's edition: each setting from the first rule that
        speaks of the edition and has it.

        Args:
            locale: the edition's language.
            document: the source's path, relative to the root.
        """
        rules = [rule for rule in self.policy_rules if rule.is_of(locale, document)]
        accept = (rule.accept for rule in rules if rule.accept is not None)
        keep = (rule.keep for rule in rules if rule.keep is not None)
        return Policy(next(accept, Accept.REVIEWED), next(keep, 0))

    def catalogue_path(self, locale: Locale, document_name: str) -> str:
        """Where a document's catalogue lies, relative to the root."""
        return f"locales/{locale.posix}/LC_MESSAGES/{document_name}.po"

    def template_path(self, document_name: str) -> str:
        """Where a document's template (POT) lies, relative to the root."""
        return f"locales/{document_name}.pot"

    @property
    def editions(self) -> EditionTemplate:
        """Where localised editions go."""
        return EditionTemplate(self.output)


def current_folder() -> Path:
    """Where the command runs.

    Raises:
        ConfigError: where that folder is gone.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise ConfigError(
            "the current folder is gone", way_out="change to one that exists"
        ) from error


def find_project(start: Path | None = None, *, paths: Sequence[Path] = ()) -> Project:
    """The project that ``start`` lies in: the nearest ``l10n.toml`` upwards.

    Where there is none, it is that of the files that are named: with the nearest ``l10n.toml``
    upwards of the first, or with the defaults in the folder they lie in, so that their
    catalogues do not depend on where the command runs. Without files, and for those where
    documents are by default, it is ``start`` with the defaults.

    Args:
        start: a folder; the current one unless told.
        paths: files and folders, relative to ``start``.

    Raises:
        ConfigError: where the file cannot be read or used, or the current folder is gone.
    """
    start = resolved(current_folder() / (start or ""))
    folders = [_folder_of(start / path) for path in paths]
    for folder in (start, *folders[:1]):
        if project := _configured(folder):
            return project
    file = _File()
    usual = [start / fixed_folder(pattern) for pattern in file.documents]
    is_usual = any(folder.is_relative_to(one) for one in usual for folder in folders)
    root = start if is_usual or not folders else _common(folders)
    return _project(file, root, configured=False)


def _configured(start: Path) -> Project | None:
    for folder in (start, *start.parents):
        file = folder / FILE_NAME
        if is_file(file, kind=ConfigError):
            data = read_bytes(file, kind=ConfigError, where=FILE_NAME)
            return parse_project(data, root=folder)
    return None


def _folder_of(path: Path) -> Path:
    try:
        whole = is_folder(path)
    except DocumentError:
        whole = False  # told of when it is read
    return resolved(path if whole else path.parent)


def _common(folders: Sequence[Path]) -> Path:
    """The folder that all lie in; the first if that is the root of the file system."""
    common = Path(os.path.commonpath(folders))
    return common if common != common.parent else folders[0]


def parse_project(data: bytes, *, root: Path) -> Project:
    """Read the content of an ``l10n.toml`` that lies in ``root``.

    Raises:
        ConfigError: where it is no TOML (says the line), has an unknown key (names
            the nearest known one) or a value that cannot be (names the key).
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"not UTF-8 at byte {error.start}", where=FILE_NAME) from error
    except ValueError as error:  # also for a number of thousands of digits
        raise ConfigError(f"not TOML: {error}", where=FILE_NAME) from error
    except RecursionError as error:
        raise ConfigError("nested too deeply", where=FILE_NAME) from error
    try:
        return _project(_File.model_validate(table), root, configured=True)
    except pydantic.ValidationError as error:
        # A misspelt key often leaves another one missing: the misspelling is the cause.
        first, *others = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        more = f" (and {len(others)} more)" if others else ""
        what, way_out = _explain(first)
        raise ConfigError(what + more, where=FILE_NAME, way_out=way_out) from error


def _project(file: _File, root: Path, *, configured: bool) -> Project:
    return Project(
        root=root,
        name=file.name or root.name.encode(errors="replace").decode() or "documents",
        source=file.source,
        targets=tuple(dict.fromkeys(file.targets)),
        by_hand=frozenset(file.by_hand),
        documents=file.documents,
        exclude=file.exclude,
        glossary_files=file.glossary.files,
        abbreviations=file.segmentation.abbreviations,
        output=file.build.output,
        policy_rules=tuple(file.build.rules()),
        models=file.models,
        precision=file.engine.precision,
        workers=file.engine.workers,
        assets=file.build.assets,
        mo=file.build.mo,
        formats=file.formats,
        neighbours=file.catalogues.neighbours,
        memory_files=file.memory.files,
        memory_threshold=file.memory.threshold,
        configured=configured,
    )


def _explain(error: Mapping[str, Any]) -> tuple[str, str]:
    """What one of pydantic's errors says of the file, and the way out."""
    keys = [str(part) for part in error["loc"] if part != "[key]"]
    name = _dotted(keys)
    if error["type"] == "extra_forbidden":
        known = _keys_of_table(keys[:-1])
        near = difflib.get_close_matches(keys[-1], known, n=1, cutoff=0.0)
        return f"unknown key {name!r}", f"did you mean {near[0]!r}" if near else ""
    if error["type"] in {"model_type", "dict_type"}:
        return f"{name}: should be a table", f"write its keys below [{name}]"
    if error["type"] == "tuple_type":
        return f"{name}: should be a list", 'write it in square brackets: ["…"]'
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {message[:1].lower()}{message[1:]}", ""


def _dotted(keys: Sequence[str]) -> str:
    """A key as it is written, with those of the tables it is in.

    >>> _dotted(["build", "documents", "guide/**"])
    'build.documents."guide/**"'
    """
    return ".".join(key if _BARE_KEY.fullmatch(key) else f'"{key}"' for key in keys)


def _keys_of_table(path: Sequence[str]) -> list[str]:
    """The keys that the table at this path may have."""
    model: type[pydantic.BaseModel] = _File
    parts = iter(path)
    for part in parts:
        if part not in model.model_fields:
            continue
        annotation = model.model_fields[part].annotation
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[-1]
            next(parts, None)  # the locale or pattern
        if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
            model = annotation
    return list(model.model_fields)
