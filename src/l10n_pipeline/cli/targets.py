"""Which languages a command works on."""

from __future__ import annotations

from collections.abc import Sequence

from l10n_pipeline.config import Project
from l10n_pipeline.errors import UsageError
from l10n_pipeline.locale import Locale


def target_locales(project: Project, to: Sequence[str]) -> list[Locale]:
    """The locales of ``--to``, or else the project's targets.

    Raises:
        LocaleError: where one is no locale.
        UsageError: where there are none, or one is the source language itself.
    """
    locales = [Locale.parse(text) for text in to] or list(project.targets)
    if not locales:
        raise UsageError(
            "no target language", way_out="pass --to pt-BR, or set 'targets' in l10n.toml"
        )
    if project.source in locales:
        raise UsageError(
            f"the documents are in {project.source.english_name} already",
            where=f"--to {project.source}",
            way_out="name another language",
        )
    return list(dict.fromkeys(locales))
