"""Models that were fetched: where they lie, and what is written beside them.

A model is a folder ``models/<kind>/<name>/`` of the cache that holds its files and a
manifest. The folder appears only whole, so whatever can be read was finished once; it is
treated as foreign input all the same, because people and disks change files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

import pydantic

from l10n_pipeline.engines.folders import StudentRoles, checkpoint_in_folder
from l10n_pipeline.engines.found import FoundModel
from l10n_pipeline.errors import EnvironmentFault, LocaleError, ModelError
from l10n_pipeline.locale import Locale

MANIFEST: Final = "manifest.json"
CACHE_VARIABLE: Final = "L10N_CACHE"
_MAX_MANIFEST_BYTES: Final = 1 << 20
FILE_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
"""Names of a model's files: they are never paths."""
REPOSITORY: Final = r"^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?$"
_SHA256: Final = r"[0-9a-f]{64}"


class Kind(StrEnum):
    """What a fetched model is, and the folder of the cache that it lies in."""

    STUDENT = "student"
    CHECKPOINT = "huggingface"


def _locale_tag(value: str) -> str:
    if value:
        try:
            Locale.parse(value)
        except LocaleError as error:
            raise ValueError(str(error)) from error
    return value


_Tag = Annotated[str, pydantic.AfterValidator(_locale_tag)]


class ManifestFile(pydantic.BaseModel, frozen=True):
    """One file of a model."""

    name: Annotated[str, pydantic.StringConstraints(pattern=f"^{FILE_NAME}$")]
    size: pydantic.NonNegativeInt
    sha256: Annotated[str, pydantic.StringConstraints(pattern=f"^{_SHA256}$")]


class Manifest(pydantic.BaseModel, frozen=True):
    """What is known of a fetched model. Fields that are not known here are passed over."""

    format: Literal[1] = 1
    kind: Kind
    source: _Tag = ""
    """BCP 47 tag; empty for a checkpoint, whose own files say what it serves."""
    target: _Tag = ""
    repository: Annotated[str, pydantic.StringConstraints(pattern=REPOSITORY)] = ""
    """A checkpoint's name on its hub: ``Helsinki-NLP/opus-mt-en-tr``."""
    version: Annotated[str, pydantic.StringConstraints(pattern=r"^[A-Za-z0-9._-]{0,64}$")] = ""
    """A student's version, or the commit of a checkpoint."""
    architecture: str = ""
    licence: str = ""
    """SPDX or Hugging Face identifier; empty where none is stated."""
    origin: str = ""
    """Address of the registry or page it came from."""
    fetched: pydantic.AwareDatetime
    files: Annotated[tuple[ManifestFile, ...], pydantic.Field(min_length=1)]

    @pydantic.model_validator(mode="after")
    def _has_a_pair(self) -> Manifest:
        if self.kind is Kind.STUDENT and not (self.source and self.target):
            raise ValueError("a student needs its source and target")
        return self

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model folder of the cache."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """``en-az-tiny-3.0``, a folder's name, or ``Helsinki-NLP/opus-mt-en-tr@1a2b3c4d5e6f``."""
        manifest = self.manifest
        if manifest.repository and manifest.version:
            return f"{manifest.repository}@{manifest.version[:12]}"
        return self.folder.name

    def is_called(self, name: str) -> bool:
        """Whether that is its name, or that of its repository."""
        return name in {self.name, self.manifest.repository} - {""}

    def damage(self) -> str:
        """What is wrong with its files, by their sizes; empty where nothing is."""
        for file in self.manifest.files:
            try:
                size = (self.folder / file.name).stat().st_size
            except OSError as error:
                return f"{file.name}: {(error.strerror or 'cannot be read').lower()}"
            if size != file.size:
                return f"{file.name} has {size:,} bytes instead of {file.size:,}"
        return ""

    def refuse_damage(self) -> None:
        """Raise ModelError where its files are damaged."""
        if damage := self.damage():
            raise self._damaged(damage)

    def serving(self, source: Locale, target: Locale) -> FoundModel | None:
        """The model, if it is of exactly this pair (a student) or serves it (a checkpoint).

        Raises:
            ModelError: where it serves the pair, but its files are damaged; for a checkpoint
                also where it does not serve the pair, which says so.
        """
        manifest = self.manifest
        if manifest.kind is Kind.STUDENT:
            if (manifest.source, manifest.target) != (source.bcp47, target.bcp47):
                return None
            roles = StudentRoles.of(self.folder / file.name for file in manifest.files)
            if roles is None:
                raise self._damaged("it lacks files")
            self.refuse_damage()
            return roles.described(
                name=self.name,
                source=manifest.source,
                target=manifest.target,
                licence=manifest.licence,
                origin=manifest.origin,
            )
        self.refuse_damage()
        found = checkpoint_in_folder(self.folder, source, target)
        return replace(
            found,
            name=self.name,
            origin=manifest.origin,
            checkpoint=replace(found.checkpoint, name=self.name, revision=manifest.version),
        )

    def _damaged(self, what: str) -> ModelError:
        fetch = self.manifest.repository or f"{self.manifest.source} {self.manifest.target}"
        return ModelError(
            f"the fetched model is damaged: {what}",
            where=str(self.folder),
            way_out=f"fetch it again: l10n models pull {fetch}",
        )


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where fetched models lie: ``$L10N_CACHE``, or below ``$XDG_CACHE_HOME`` or ``~/.cache``
    (XDG Base Directory Specification).

    Raises:
        EnvironmentFault: where there is no home folder to begin from.
    """
    if own := environment.get(CACHE_VARIABLE):
        return Path(own).absolute()
    shared = Path(environment.get("XDG_CACHE_HOME", ""))
    if not shared.is_absolute():
        try:
            shared = Path.home() / ".cache"
        except RuntimeError as error:
            raise EnvironmentFault(
                "there is no home folder to keep models in",
                way_out=f"set {CACHE_VARIABLE} to a folder",
            ) from error
    return shared / "l10n-pipeline"


def models_folder(kind: Kind) -> Path:
    """Where fetched models of a kind lie; raises as :func:`cache_folder` does."""
    return cache_folder() / "models" / kind


def read_cached_model(folder: Path) -> CachedModel:
    """The model of a folder of the cache.

    Raises:
        ModelError: where its manifest cannot be read as one.
    """
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            raise ModelError("is too large for a manifest", where=str(path))
        manifest = Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(
            f"cannot be read: {(error.strerror or str(error)).lower()}",
            where=str(path),
            way_out="delete the folder and fetch the model again",
        ) from error
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise ModelError(
            f"is not a model's manifest: {f'{field}: ' if field else ''}{first['msg']}",
            where=str(path),
            way_out="delete the folder and fetch the model again",
        ) from error
    return CachedModel(folder, manifest)


def cached_models() -> tuple[list[CachedModel], list[ModelError]]:
    """Fetched models, the last fetched first, and what is wrong with those left out."""
    found: list[CachedModel] = []
    faults: list[ModelError] = []
    for kind in Kind:
        try:
            folders = sorted(models_folder(kind).iterdir())
        except (OSError, EnvironmentFault):
            continue  # nothing was ever fetched, or can be
        for folder in folders:
            # A hidden folder is a model on its way.
            if folder.name.startswith(".") or not folder.is_dir():
                continue
            try:
                model = read_cached_model(folder)
            except ModelError as fault:
                faults.append(fault)
                continue
            if model.manifest.kind is kind:
                found.append(model)
            else:
                faults.append(
                    ModelError("is of another kind than its neighbours", where=str(folder))
                )
    newest = sorted(found, key=lambda model: model.manifest.fetched, reverse=True)
    return newest, faults


def now() -> datetime:
    """The time, to the second, as manifests have it."""
    return datetime.now(UTC).replace(microsecond=0)
