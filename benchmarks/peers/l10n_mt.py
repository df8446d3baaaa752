"""The command ``l10n mt``, started anew for each file: start-up and loading are on the clock.

Settings: options of the command (``precision``).
"""

import subprocess
import sys

from benchmarks.peers.serving import Loaded, Model, Settings, serve
from l10n_pipeline import __version__


def command(files: Model, settings: Settings) -> list[str]:
    """The command line for a model and these settings."""
    options = {"from": files["source"], "to": files["target"], "model": files["chosen"]}
    return [
        *(sys.executable, "-m", "l10n_pipeline", "mt"),
        *(f"--{name}={value}" for name, value in (options | settings).items() if value != ""),
    ]


def load(files: Model, settings: Settings) -> Loaded:
    arguments = command(files, settings)

    def translate(lines: list[str]) -> list[str]:
        text = "".join(f"{line}\n" for line in lines)
        result = subprocess.run(arguments, input=text.encode(), stdout=subprocess.PIPE, check=True)
        return result.stdout.decode().split("\n")[:-1]

    return Loaded(f"l10n-pipeline {__version__}, l10n mt", translate)


if __name__ == "__main__":
    serve(load)
