"""The ``l10n`` command.

Exit status: 0 done, 1 findings or something that could not be read, made or written,
2 usage, configuration, locale or glossary syntax, 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper
from typing import Final

INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""
_OUTPUT_FAILURES: Final = frozenset(
    {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EBADF}
)
"""What writing to a pipe, terminal or redirected file that is gone or full gives."""


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        _open_streams()
        status = _run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except OSError as error:
        if error.filename is not None or error.errno not in _OUTPUT_FAILURES:
            raise  # files have their own errors: this one would be a bug
        _abandon(sys.stdout)
        sys.stderr.write(f"error: the output cannot be written: {error.strerror or error}\n")
        status = 1
    if status == INTERRUPTED:
        sys.stderr.write("interrupted; what was finished is on disk\n")
    sys.exit(status)


def _run() -> int:
    # Imported here so that an interrupt meanwhile is one, too.
    from l10n_pipeline.cli.app import app
    from l10n_pipeline.cli.console import complain
    from l10n_pipeline.errors import L10nError

    try:
        app()
    except L10nError as error:
        complain(error)
        return error.exit_code
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def _open_streams() -> None:
    """Have all three streams, and no character that fails to print."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: PTH123, SIM115 - for the life of the process
        elif name != "stdin" and isinstance(stream := getattr(sys, name), TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _abandon(stream: object) -> None:
    """Let nothing try to write the stream's remains at exit."""
    if isinstance(stream, TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
