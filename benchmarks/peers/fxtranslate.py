"""fxtranslate (PyPI: fxtranslate, Rust).

Settings: ``workers``, processes that share the lines (default 1): its translator uses one
thread and cannot leave it.
"""

from importlib.metadata import version
from pathlib import Path

import fxtranslate

from benchmarks.peers.serving import (
    Loaded,
    Model,
    Settings,
    TranslateLine,
    over_processes,
    serve,
)


def make(files: Model) -> TranslateLine:
    return fxtranslate.Translator(
        Path(files["model"]).read_bytes(),
        Path(files["source_vocabulary"]).read_bytes(),
        Path(files["target_vocabulary"]).read_bytes(),
        Path(files["shortlist"]).read_bytes() if files["shortlist"] else None,
    ).translate


def load(files: Model, settings: Settings) -> Loaded:
    workers = settings.get("workers", 1)
    return Loaded(f"fxtranslate {version('fxtranslate')}", over_processes(make, files, workers))


if __name__ == "__main__":
    serve(load)
