"""Read a model's files whole, within a limit, or say in one line why not."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any, Final

from l10n_pipeline.errors import ModelError

GET_AGAIN: Final = "fetch or copy the model's files again"
_JSON_ITEMS: Final = 4_000_000
"""Values a JSON file may have. The largest tokenizer at hand has a third of them; each
takes some hundred bytes, whatever the file's own size."""


def read_file(path: Path, *, limit: int) -> bytearray:
    """The bytes of a regular file (symbolic links followed) of at most ``limit`` bytes.

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
    except (OSError, ValueError) as error:  # a name that holds a NUL is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"cannot be read: {reason}", where=str(path), way_out=GET_AGAIN) from error
    if read != len(data) or not data:
        what = "is empty" if not data else "changed while it was read"
        raise ModelError(what, where=str(path), way_out=GET_AGAIN)
    return data


def read_json_object(path: Path, *, limit: int) -> dict[str, Any]:
    """The JSON object that a file of at most ``limit`` bytes holds.

    Raises:
        ModelError: where the file cannot be read, or holds something else.
    """
    data = read_file(path, limit=limit)
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > _JSON_ITEMS:
        raise ModelError("holds too many values", where=str(path), way_out=GET_AGAIN)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"is not JSON: {type(error).__name__}", where=str(path), way_out=GET_AGAIN
        ) from error
    if not isinstance(found, dict):
        raise ModelError("is not a JSON object", where=str(path), way_out=GET_AGAIN)
    return found


def read_optional_json_object(path: Path, *, limit: int) -> dict[str, Any]:
    """As :func:`read_json_object`; empty where there is no such file."""
    return read_json_object(path, limit=limit) if path.exists() else {}
