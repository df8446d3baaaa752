"""The ``l10n`` command.

Exit status: 0 done, 1 findings or something that could not be read, made or written,
2 usage, configuration, locale or glossary syntax, 130 interrupted.
"""

from __future__ import annotations

import sys
from typing import Final

from l10n_pipeline.cli.app import app
from l10n_pipeline.cli.console import complain
from l10n_pipeline.errors import L10nError

INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it; typer turns Ctrl-C into it."""


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        app()
    except L10nError as error:
        complain(error)
        sys.exit(error.exit_code)
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:
            sys.stderr.write("interrupted; what was finished is on disk\n")
        raise
