"""l10n-pipeline's engine, as the pipeline itself gets it.

Settings: those of :class:`l10n_pipeline.pipeline.engines.EngineSettings` (``precision``,
``workers``); without them its own defaults hold.
"""

from benchmarks.peers.serving import Loaded, Model, Settings, serve
from l10n_pipeline import __version__
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision
from l10n_pipeline.pipeline.engines import EngineSettings, engine_for


def load(files: Model, settings: Settings) -> Loaded:
    source, target = Locale.parse(files["source"]), Locale.parse(files["target"])
    chosen = EngineSettings(
        Precision(settings.get("precision", Precision.AUTO)), int(settings.get("workers", 0))
    )
    engine = engine_for(source, target, model=files["chosen"] or None, settings=chosen)
    return Loaded(
        f"l10n-pipeline {__version__}, {engine.name}",
        lambda lines: [hypothesis.text for hypothesis in engine.translate(lines)],
    )


if __name__ == "__main__":
    serve(load)
