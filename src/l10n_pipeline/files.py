"""Finding, reading and writing files: nothing half-written, nothing lost, one clear error."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import fnmatch
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from l10n_pipeline.errors import DocumentError, L10nError, OutputError

MAX_INPUT_BYTES = 1 << 30
"""Larger inputs are refused: they would be held in memory several times over."""

_CHUNK: Final = 1 << 20
_WILDCARDS: Final = frozenset("*?[")
_NOTHING_THERE: Final = (FileNotFoundError, NotADirectoryError)
_PREFIX: Final = ".l10n-"
_SUFFIX: Final = ".tmp"
_TEMPORARY: Final = re.compile(rf"{re.escape(_PREFIX)}[a-z0-9_]{{8}}{re.escape(_SUFFIX)}")
"""What :func:`tempfile.mkstemp` makes of the two."""


def look(
    path: Path, *, kind: type[L10nError] = DocumentError, where: str = ""
) -> os.stat_result | None:
    """What a path leads to, links followed; None where nothing is there.

    Args:
        path: the file or folder.
        kind: class of the error to raise.
        where: what to call the path in an error; the path itself unless told.

    Raises:
        L10nError: of class ``kind``, where that cannot be told: a folder on the way may
            not be searched, or links lead in a circle.
    """
    try:
        return path.stat()
    except _NOTHING_THERE:
        return None
    except OSError as error:
        raise kind(f"cannot be read: {reason(error)}", where=where or str(path)) from error


def is_folder(path: Path, *, kind: type[L10nError] = DocumentError, where: str = "") -> bool:
    """Whether there is a folder at this path; raises as :func:`look` does."""
    found = look(path, kind=kind, where=where)
    return found is not None and stat.S_ISDIR(found.st_mode)


def is_file(path: Path, *, kind: type[L10nError] = DocumentError, where: str = "") -> bool:
    """Whether there is a regular file at this path; raises as :func:`look` does."""
    found = look(path, kind=kind, where=where)
    return found is not None and stat.S_ISREG(found.st_mode)


def resolved(path: Path) -> Path:
    """The absolute path without links; what cannot be followed stays as it is."""
    return Path(os.path.realpath(path))


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern for :func:`glob`, in words; empty where nothing is.

    >>> pattern_fault("seeds/**.txt")
    '** stands for whole folders: write **/ before the rest'
    """
    path = PurePosixPath(pattern)
    if "\0" in pattern:
        return "no file name has a null character"
    if path.is_absolute():
        return "leads out of the project: paths are relative to l10n.toml"
    if not path.parts:
        return "names no file"
    if any("**" in part and part != "**" for part in path.parts):
        return "** stands for whole folders: write **/ before the rest"
    return ""


def fixed_folder(pattern: str) -> PurePosixPath:
    """The folders of a pattern before its first wildcard.

    >>> str(fixed_folder("docs/guide/**/*.txt"))
    'docs/guide'
    """
    parts = PurePosixPath(pattern).parts[:-1]
    variable = (at for at, part in enumerate(parts) if _WILDCARDS & set(part))
    return PurePosixPath(*parts[: next(variable, len(parts))])


def glob(root: Path, pattern: str, *, on_error: Callable[[OSError], None]) -> list[Path]:
    """What a pattern matches below a folder, in order of path.

    As :meth:`pathlib.Path.glob`, but alike under every version of Python, and a folder
    that cannot be read is told of instead of taken for empty. ``**`` follows no links;
    at a pattern's end it stands for all files and folders.

    Args:
        root: the folder.
        pattern: one without :func:`pattern_fault`.
        on_error: called with each error, whose ``filename`` is the folder's path.
    """
    parts = PurePosixPath(pattern).parts
    found: Iterable[Path] = [root]
    for part in (*parts, "*") if parts[-1] == "**" else parts:
        if part == "**":
            found = [below for folder in found for below in _folders_below(folder, on_error)]
        elif _WILDCARDS & set(part):
            found = [
                folder / entry.name
                for folder in found
                for entry in _entries(folder, on_error)
                if fnmatch.fnmatchcase(entry.name, part)
            ]
        else:
            found = [folder / part for folder in found if _has(folder, part, on_error)]
    return sorted(set(found))


def matches(pattern: str, path: str) -> bool:
    """Whether :func:`glob` would find a path, were it there.

    >>> matches("docs/**/*.md", "docs/a.md"), matches("docs/**", "docs/a/b.md")
    (True, True)

    Args:
        pattern: one without :func:`pattern_fault`.
        path: relative to the folder, with ``/``.
    """
    parts = PurePosixPath(pattern).parts
    return _matches((*parts, "*") if parts[-1] == "**" else parts, PurePosixPath(path).parts)


def _matches(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    if not pattern or not path:
        return not path and all(part == "**" for part in pattern)
    if pattern[0] == "**":
        return _matches(pattern[1:], path) or _matches(pattern, path[1:])
    return fnmatch.fnmatchcase(path[0], pattern[0]) and _matches(pattern[1:], path[1:])


def _folders_below(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    """The folder and all folders below it."""
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        yield folder
        waiting += (
            folder / entry.name
            for entry in _entries(folder, on_error)
            if entry.is_dir(follow_symlinks=False)
        )


def _entries(folder: Path, on_error: Callable[[OSError], None]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except _NOTHING_THERE:
        return []
    except OSError as error:
        on_error(error)
        return []


def _has(folder: Path, name: str, on_error: Callable[[OSError], None]) -> bool:
    try:
        (folder / name).stat()
    except _NOTHING_THERE:
        return False
    except OSError as error:
        on_error(error)
        return False
    return True


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
    found = look(path, kind=kind, where=where)
    if found is None:
        raise kind("no such file", where=where)
    if not stat.S_ISREG(found.st_mode):
        what = "folder" if stat.S_ISDIR(found.st_mode) else "pipe or device"
        raise kind(f"is a {what}, not a file", where=where)
    if found.st_size > MAX_INPUT_BYTES:
        raise kind(
            f"{found.st_size:,} bytes are more than the {MAX_INPUT_BYTES:,} that can be read",
            where=where,
            way_out="split the file",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise kind(f"cannot be read: {reason(error)}", where=where) from error


def write_atomically(
    path: Path, data: bytes, *, where: str = "", through_links: bool = True
) -> None:
    """Replace a file's content as one step: readers see the old file or the new one.

    The bytes go to a temporary file in the same folder, are flushed to disk and then
    renamed over ``path``. Missing folders are made. An existing file keeps its mode, and one
    that may not be written is not; a symbolic link is written through, not replaced.

    Args:
        path: the file.
        data: its new content.
        where: what to call ``path`` in an error; the path itself unless told.
        through_links: false for a file that only saves time: whatever is at ``path``, a link
            included, is replaced by a new file.

    Raises:
        OutputError: where anything fails; ``path`` is then as it was.
    """
    if through_links:
        write_parts_atomically(path, (data,), where=where)
        return
    with _replacing(path, where) as (temporary, stream):
        stream.write(data)
        temporary.chmod(0o666 & ~_umask())


def write_parts_atomically(path: Path, parts: Iterable[bytes], *, where: str = "") -> None:
    """As :func:`write_atomically`, of parts that are written as they come. What raises among
    them leaves ``path`` as it was.
    """
    with _replacing(path, where, through_links=True) as (temporary, stream):
        stream.writelines(parts)
        temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())


def write_unless(path: Path, data: bytes, *, changed: Callable[[], bool], where: str = "") -> bool:
    """As :func:`write_atomically`, unless something has happened meanwhile.

    Args:
        path: the file.
        data: its new content.
        changed: asked when all that remains to be done is the renaming.
        where: what to call ``path`` in an error; the path itself unless told.

    Returns:
        Whether it was written.

    Raises:
        OutputError: where anything fails; ``path`` is then as it was.
    """
    try:
        with _replacing(path, where, through_links=True) as (temporary, stream):
            stream.write(data)
            temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
            stream.flush()
            os.fsync(stream.fileno())
            _stop_if(changed())
    except _ChangedError:
        return False
    return True


class _ChangedError(Exception):
    """What was to be replaced is not what it was."""


def _stop_if(changed: bool) -> None:
    if changed:
        raise _ChangedError


def move_file(source: Path, path: Path, *, where: str = "") -> None:
    """Give a file another path of the same file system as one step. Missing folders are made.

    Args:
        source: the file.
        path: where it goes; the caller knows that nothing is there.
        where: what to call ``source`` in an error; the path itself unless told.

    Raises:
        OutputError: where that fails; the file is then where it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        source.rename(path)
    except OSError as error:
        raise OutputError(
            f"cannot be moved: {reason(error)}",
            where=where or str(source),
            way_out="give write permission to its folder, then run again",
        ) from error
    for folder in {source.parent, path.parent}:
        _sync_folder(folder)


def copy_atomically(source: Path, path: Path, *, link: bool = False, where: str = "") -> None:
    """Put a copy of a file, its time of change and mode included, in a file's place as one step.

    As :func:`write_atomically`, save that a symbolic link at ``path`` is replaced.

    Args:
        source: the file; the caller knows that it can be read.
        path: where its copy goes.
        link: whether to make it a hard link; where the file system cannot, it is copied.
        where: what to call ``path`` in an error; the path itself unless told.

    Raises:
        OutputError: where anything fails; ``path`` is then as it was.
    """
    if link and _linked(source, path):
        return
    with _replacing(path, where) as (temporary, stream):
        with source.open("rb") as original:
            shutil.copyfileobj(original, stream)
            found = os.fstat(original.fileno())
        stream.flush()
        temporary.chmod(found.st_mode & 0o777)
        os.utime(temporary, ns=(found.st_atime_ns, found.st_mtime_ns))


def is_copy(source: Path, path: Path, *, link: bool = False) -> bool:
    """Whether :func:`copy_atomically` would change nothing.

    Args:
        source: the file.
        path: where its copy may be.
        link: whether that is to be a hard link.

    Raises:
        OSError: where it cannot be told.
    """
    try:
        found = path.lstat()
    except _NOTHING_THERE:
        return False
    original = source.stat()
    if os.path.samestat(original, found):
        return link
    if link and original.st_dev == found.st_dev:
        return False
    if not stat.S_ISREG(found.st_mode) or original.st_size != found.st_size:
        return False
    return original.st_mtime_ns == found.st_mtime_ns or _has_same_bytes(source, path)


def _has_same_bytes(one: Path, other: Path) -> bool:
    """Whether two files of one size are alike."""
    with one.open("rb") as first, other.open("rb") as second:
        while chunk := first.read(_CHUNK):
            if chunk != second.read(_CHUNK):
                return False
    return True


def _linked(source: Path, path: Path) -> bool:
    """Put a hard link in a file's place; whether that could be done."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_PREFIX, suffix=_SUFFIX)
        os.close(handle)
        temporary = Path(name)
        temporary.unlink()
        temporary.hardlink_to(source)
        temporary.replace(path)
    except OSError:
        return False
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return True


def unwritable(error: OSError, where: str) -> OutputError:
    """That a file cannot be written, and what to do about it."""
    return OutputError(
        f"cannot be written: {reason(error)}",
        where=where,
        way_out="make room or give write permission, then run again",
    )


@contextlib.contextmanager
def _replacing(
    path: Path, where: str, *, through_links: bool = False
) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in the same folder, open for writing, that then takes a file's place."""
    temporary: Path | None = None
    try:
        path = resolved(path) if through_links and path.is_symlink() else path
        if through_links and path.exists() and not os.access(path, os.W_OK):
            # To rename something over it, the folder's permission would be enough.
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_PREFIX, suffix=_SUFFIX)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            with contextlib.suppress(OSError):  # not all file systems have locks
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield temporary, stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise unwritable(error, where or str(path)) from error
    finally:
        # Also after Ctrl-C: nothing of ours stays behind.
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def is_temporary(name: str) -> bool:
    """Whether a file's name is one that this module gives while it writes: a process that was
    killed leaves such behind.

    >>> is_temporary(".l10n-k2j_x8aq.tmp"), is_temporary(".l10n-editions")
    (True, False)
    """
    return _TEMPORARY.fullmatch(name) is not None


def remove_temporary(path: Path) -> None:
    """Remove a temporary file unless somebody is writing it, or it cannot be removed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            # Who writes it has it locked; the kernel lets go of it with the process.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        finally:
            os.close(descriptor)


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


def reason(error: OSError) -> str:
    """What the system says of an error, to follow a colon."""
    return (error.strerror or type(error).__name__).lower()
