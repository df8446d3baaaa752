"""The ``l10n`` command.

Exit status: 0 done, 1 findings or something that could not be read, made or written,
2 usage, configuration, locale or glossary syntax, 130 interrupted.
"""

from __future__ import annotations

import os
import sys

from l10n_pipeline.cli.app import app
from l10n_pipeline.cli.console import complain
from l10n_pipeline.errors import L10nError

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        app(standalone_mode=True)
    except L10nError as error:
        complain(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; what was finished is on disk\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone (`l10n mt | head`). Python would complain
        # once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
