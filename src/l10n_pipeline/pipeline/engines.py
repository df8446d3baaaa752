"""From a language pair to an engine that is ready to translate."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from l10n_pipeline.config import Project
from l10n_pipeline.engines.registry import ModelFiles, find_model, installed_models, load_model
from l10n_pipeline.errors import ModelError
from l10n_pipeline.files import is_folder
from l10n_pipeline.locale import Locale
from l10n_pipeline.protocols import Engine

FindEngine = Callable[[Project, Locale, str | None], Callable[[], Engine]]
"""Finds the engine for a project's source language and a target, and gives what loads it;
see :func:`find_engine`."""


def find_engine(project: Project, target: Locale, model: str | None = None) -> Callable[[], Engine]:
    """Find the model that serves a project's source language and a target.

    The first of these that is there: ``model``, the configuration's choice for the
    target or for a locale it falls back to, an installed model.

    Returns:
        What loads it; that raises ModelError where the model's files cannot be used.

    Raises:
        NoModelError: where there is none.
        ModelError: where the chosen folder is not a model's.
    """
    files = find_model(project.source, target, chosen=model or _configured(project, target))
    return lambda: _load(files)


def engine_for(source: Locale, target: Locale, *, model: str | None = None) -> Engine:
    """Load the model that serves a pair: a named one, a folder's, or an installed one.

    Raises:
        NoModelError: where there is none.
        ModelError: where its files cannot be used.
    """
    return _load(find_model(source, target, chosen=model))


def _load(files: ModelFiles) -> Engine:
    with _uninterrupted():
        # Only now is torch imported: finding out that there is no model is free of it.
        from l10n_pipeline.decoding.translator import Translator  # noqa: PLC0415 - see above

        return Translator(load_model(files))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back: importing torch swallows it, or is left half-done by it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        signal.raise_signal(signal.SIGINT)


def models_at_hand(source: Locale | None, target: Locale | None) -> list[ModelFiles]:
    """Installed models that serve these locales, or one they fall back to; None means any."""
    return [
        model
        for model in installed_models()
        if (source is None or model.source in map(str, source.fallbacks))
        and (target is None or model.target in map(str, target.fallbacks))
    ]


def _configured(project: Project, target: Locale) -> str | None:
    for locale in target.fallbacks:
        if choice := project.models.get(locale):
            folder = project.root / choice
            return str(folder) if "/" in choice or is_folder(folder, kind=ModelError) else choice
    return None
