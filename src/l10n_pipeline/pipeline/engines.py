"""From a language pair to an engine that is ready to translate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from l10n_pipeline.config import Project
from l10n_pipeline.engines.registry import find_model, load_model
from l10n_pipeline.locale import Locale
from l10n_pipeline.protocols import Engine

LoadEngine = Callable[[Project, Locale, str | None], Engine]
"""Gives the engine for a project's source language and a target; see :func:`load_engine`."""


def load_engine(project: Project, target: Locale, model: str | None = None) -> Engine:
    """Load the model that serves a project's source language and a target.

    The first of these that is there: ``model``, the configuration's choice for the
    target or for a locale it falls back to, an installed model.

    Raises:
        NoModelError: where none of them is.
        ModelError: where the model's files cannot be used.
    """
    return engine_for(project.source, target, model=model or _configured(project, target))


def engine_for(source: Locale, target: Locale, *, model: str | None = None) -> Engine:
    """Load the model that serves a pair: a named one, a folder's, or an installed one.

    Raises:
        NoModelError: where there is none.
        ModelError: where its files cannot be used.
    """
    files = find_model(source, target, chosen=model)
    # Only now is torch imported: finding out that there is no model is free of it.
    from l10n_pipeline.decoding.translator import Translator  # noqa: PLC0415

    return Translator(load_model(files))


def _configured(project: Project, target: Locale) -> str | None:
    for locale in target.fallbacks:
        if choice := project.models.get(locale):
            folder = project.root / choice
            return str(folder) if "/" in choice or Path(folder).is_dir() else choice
    return None
