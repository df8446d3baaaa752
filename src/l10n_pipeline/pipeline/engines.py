"""From a language pair to an engine that is ready to translate."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from l10n_pipeline.config import Project
from l10n_pipeline.engines.found import FoundModel, ModelFiles
from l10n_pipeline.engines.registry import find_route, is_name, load_model
from l10n_pipeline.errors import ModelError
from l10n_pipeline.files import is_folder, reason
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision
from l10n_pipeline.pipeline.processes import uninterrupted, usable_cores
from l10n_pipeline.pipeline.workers import WorkerPool
from l10n_pipeline.protocols import Engine

FindEngine = Callable[[Project, Locale, str | None], Callable[[], Engine]]
"""Finds the engine for a project's source language and a target, and gives what loads it, as a
rule an :class:`EngineLoader`; see :func:`find_engine`."""

_PREPARED_PRODUCTS = 128
"""Shapes for which oneDNN keeps its machine code. Its own 1,024 are hundreds of megabytes, and of
little use: hardly any two batches have the same shape, and a batch's layers have few."""
_JOINT = "+"
"""Stands between the names of two models where one goes on with what the other wrote."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How an engine is to compute."""

    precision: Precision = Precision.AUTO
    workers: int = 0
    """Processes that translate side by side; 0 makes it one a processor core."""


@dataclass(frozen=True, slots=True)
class EngineLoader:
    """Loads an engine."""

    route: tuple[FoundModel, ...]
    """The model, or the two that translate one after the other."""
    settings: EngineSettings

    def __call__(self) -> Engine:
        """Load it, in worker processes where that is quicker.

        Raises:
            ModelError: where the model's files cannot be used.
        """
        workers = self.settings.workers or usable_cores()
        if workers > 1 and all(isinstance(files, ModelFiles) for files in self.route):
            return WorkerPool(self.load_here, workers=workers)
        # Checkpoints are large: one copy, whose matrices are worth dividing between threads.
        # Importing torch swallows Ctrl-C, or is left half-done by it.
        with uninterrupted():
            return self.load_here()

    def load_here(self) -> Engine:
        """Load it in this process.

        Raises:
            ModelError: where the model's files cannot be used.
        """
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(_PREPARED_PRODUCTS))
        # Only now is torch imported: finding out that there is no model is free of it.
        from l10n_pipeline.decoding.pivot import PivotEngine  # noqa: PLC0415 - see above
        from l10n_pipeline.decoding.translator import Translator  # noqa: PLC0415 - see above

        precision = self.settings.precision
        models = (load_model(files, precision=precision) for files in self.route)
        engine, *others = map(Translator, models)
        return PivotEngine(engine, *others, joint=_JOINT) if others else engine

    def files(self) -> tuple[str, ...]:
        """What tells the models' files from others, also from those that take their places
        later: the languages they are for, revisions, and of each file path, size and time of
        change.

        Raises:
            ModelError: where they cannot be looked at.
        """
        return tuple(told for model in self.route for told in _told_of(model))


def _told_of(model: FoundModel) -> Iterator[str]:
    yield f"{model.source} {model.target}"
    if isinstance(model, ModelFiles):
        shortlist = [model.shortlist] if model.shortlist else []
        paths = [model.model, model.source_vocabulary, model.target_vocabulary, *shortlist]
    else:
        yield model.checkpoint.revision
        paths = [model.checkpoint.folder, *model.checkpoint.weights]
    try:
        paths = [file for path in paths for file in _files_at(path)]
        found = {path.resolve(): path.stat() for path in paths}
    except OSError as error:
        raise ModelError(f"cannot be read: {reason(error)}", where=model.name) from error
    for path, status in sorted(found.items()):
        yield f"{path} {status.st_size} {status.st_mtime_ns}"


def _files_at(path: Path) -> list[Path]:
    return [one for one in path.iterdir() if one.is_file()] if path.is_dir() else [path]


def find_engine(project: Project, target: Locale, model: str | None = None) -> EngineLoader:
    """Find the model that serves a project's source language and a target.

    The first of these that is there: ``model``, the configuration's choice for the
    target or for a locale it falls back to, a fetched model, an installed one; and where
    none is of this pair, two that serve it through English.

    Returns:
        What loads it; that raises ModelError where the model's files cannot be used.

    Raises:
        NoModelError: where there is none.
        ModelError: where the chosen folder is not a model's.
    """
    chosen = model or configured_model(project, target)
    route = find_route(project.source, target, chosen=chosen)
    settings = EngineSettings(project.precision, project.workers)
    return EngineLoader(route, settings)


def engine_for(
    source: Locale,
    target: Locale,
    *,
    model: str | None = None,
    settings: EngineSettings | None = None,
) -> Engine:
    """Load the model that serves a pair: a named one, a folder's, or the best at hand; or
    the two that serve it through English.

    Raises:
        NoModelError: where there is none.
        ModelError: where its files cannot be used.
    """
    route = find_route(source, target, chosen=model)
    return EngineLoader(route, settings or EngineSettings())()


def described(engine: str) -> str:
    """What to tell people of an engine beside its name.

    >>> described("enpt-1693087644/f32")
    'enpt-1693087644/f32'
    >>> described("pten-1693087646/f32+en-az-tiny-3.0/f32")
    'pten-1693087646/f32+en-az-tiny-3.0/f32 (through English)'
    """
    return f"{engine} (through English)" if _JOINT in engine else engine


def configured_model(project: Project, target: Locale) -> str | None:
    """The configuration's choice for a target or a locale it falls back to: a name or a path."""
    for locale in target.fallbacks:
        if choice := project.models.get(locale):
            folder = project.root / choice
            if is_folder(folder, kind=ModelError):
                return str(folder)
            return str(folder) if _is_path(choice) and not is_name(choice) else choice
    return None


def _is_path(choice: str) -> bool:
    return "/" in choice or Path(choice).is_absolute()
