"""Read a model's files whole, within a limit, or say in one line why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from l10n_pipeline.errors import ModelError

GET_AGAIN = "fetch or copy the model's files again"


def read_file(path: Path, *, limit: int) -> bytearray:
    """The bytes of a regular file of at most ``limit`` bytes.

    Writable, so that tensors can look into it without a copy.

    Raises:
        ModelError: where there is no such file, it is empty, larger than the limit,
            or may not be read. A pipe or device is refused, never waited for.
    """
    try:
        # O_NONBLOCK: opening a named pipe must not wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ModelError("is not a regular file", where=str(path), way_out=GET_AGAIN)
            if status.st_size > limit:
                raise ModelError(
                    f"has {status.st_size:,} bytes, more than the {limit:,} such a file may have",
                    where=str(path),
                    way_out=GET_AGAIN,
                )
            data = bytearray(status.st_size)
            read = file.readinto(data)
    except OSError as error:
        raise ModelError(
            f"cannot be read: {error.strerror or error}", where=str(path), way_out=GET_AGAIN
        ) from error
    if read != len(data) or not data:
        what = "is empty" if not data else "changed while it was read"
        raise ModelError(what, where=str(path), way_out=GET_AGAIN)
    return data
