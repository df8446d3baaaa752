"""Bergamot C++ (PyPI: bergamot 0.4.5, the last release; CPython 3.6 to 3.10).

Settings: ``workers`` (threads, by default one a core); any other is an option of Marian's
configuration (``mini-batch-words``), in place of the one below.

The package itself is not imported: on import it asks a server for its list of models, and
fails without one. Its compiled module is loaded alone.
"""

import os
import sys
import types
from importlib.metadata import distribution

from benchmarks.peers.serving import Loaded, Model, Settings, serve

AS_SHIPPED = {
    "beam-size": 1,
    "normalize": 1.0,
    "word-penalty": 0,
    "max-length-break": 128,
    "max-length-factor": 2.0,
    "mini-batch-words": 1024,
    "workspace": 128,
    "gemm-precision": "int8shiftAlphaAll",
    "skip-cost": "true",
    "cpu-threads": 0,
    "quiet": "true",
    "quiet-translation": "true",
    # One line is one sentence: it divides nothing, as no other engine here does.
    "ssplit-mode": "sentence",
}
"""As Mozilla's evaluation runs the same models; bergamot's own Python package sets the
same batch size, workspace and longest sentence."""


def load(files: Model, settings: Settings) -> Loaded:
    distributed = distribution("bergamot")
    package = types.ModuleType("bergamot")
    package.__path__ = [str(distributed.locate_file("bergamot"))]
    sys.modules["bergamot"] = package
    from bergamot import _bergamot as native  # noqa: PLC0415 - only now can it be found

    workers = settings.pop("workers", os.cpu_count())
    service = native.Service(native.ServiceConfig(numWorkers=workers, cacheSize=0, logLevel="off"))
    model = service.modelFromConfig(configuration(files, settings))
    options = native.ResponseOptions(
        qualityScores=False, alignment=False, HTML=False, sentenceMappings=False
    )

    def translate(lines: list[str]) -> list[str]:
        responses = service.translate(model, native.VectorString(lines), options)
        return [response.target.text for response in responses]

    return Loaded(f"bergamot {distributed.version}", translate)


def configuration(files: Model, settings: Settings) -> str:
    """Marian's configuration, as YAML."""
    lines = [
        f"models: [{files['model']}]",
        f"vocabs: [{files['source_vocabulary']}, {files['target_vocabulary']}]",
    ]
    if files["shortlist"]:
        lines.append(f"shortlist: [{files['shortlist']}, false]")
    options = {**AS_SHIPPED, **settings}
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in options.items())]) + "\n"


if __name__ == "__main__":
    serve(load)
