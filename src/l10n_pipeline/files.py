"""Reading and writing files: nothing half-written, nothing lost, one clear error."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from l10n_pipeline.errors import DocumentError, L10nError, OutputError

MAX_INPUT_BYTES = 1 << 30
"""Larger inputs are refused: they would be held in memory several times over."""


def read_bytes(path: Path, *, kind: type[L10nError] = DocumentError, where: str = "") -> bytes:
    """All bytes of a file.

    Args:
        path: the file.
        kind: class of the error to raise.
        where: what to call the file in an error; its path unless told.

    Raises:
        L10nError: of class ``kind``, where the file is missing, no regular file,
            unreadable or over :data:`MAX_INPUT_BYTES`.
    """
    where = where or str(path)
    try:
        if not path.is_file():
            what = "is a folder, not a file" if path.is_dir() else "no such file"
            raise kind(what, where=where)
        size = path.stat().st_size
        if size > MAX_INPUT_BYTES:
            raise kind(
                f"{size:,} bytes are more than the {MAX_INPUT_BYTES:,} that can be read",
                where=where,
                way_out="split the file",
            )
        return path.read_bytes()
    except OSError as error:
        raise kind(f"cannot be read: {_reason(error)}", where=where) from error


def write_atomically(path: Path, data: bytes, *, where: str = "") -> None:
    """Replace a file's content as one step: readers see the old file or the new one.

    The bytes go to a temporary file in the same folder, are flushed to disk and then
    renamed over ``path``. Missing folders are made. An existing file keeps its mode;
    a symbolic link is written through, not replaced.

    Raises:
        OutputError: where anything fails; ``path`` is then as it was.
    """
    where = where or str(path)
    temporary: Path | None = None
    try:
        path = path.resolve() if path.is_symlink() else path
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".tmp"
        )
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {_reason(error)}",
            where=where,
            way_out="make room or give write permission, then run again",
        ) from error
    finally:
        # Also after Ctrl-C: nothing of ours stays behind.
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; file systems that cannot sync a folder need no help."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
