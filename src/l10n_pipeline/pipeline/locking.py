"""One process at a time writes into a project.

Whoever writes holds a lock of the kernel's (``flock``) on the file ``.l10n/lock``, which says who
that is. The kernel lets go of it when the process ends, however it ends: no lock is ever stale.
The file is removed with the lock held; where it is found, its last holder was killed, and what
that one had half-written is removed. Those who only read take no lock.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from l10n_pipeline.config import FILE_NAME
from l10n_pipeline.errors import BusyError, OutputError
from l10n_pipeline.files import is_temporary, reason, remove_temporary, write_atomically

CACHE_FOLDER: Final = ".l10n"
"""In a project's root: what only saves time, and may be deleted when no command runs."""
_LOCK_NAME: Final = "lock"
_IGNORED: Final = b"# Kept to save time; everything here can be made again.\n*\n"
_INTERVAL: Final = 0.05
"""Seconds between two attempts."""
_LONGEST_HOLDER: Final = 1_000
_NOT_LOCKABLE: Final = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_VERSION_CONTROL: Final = frozenset((".git", ".hg", ".svn"))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for another process that writes into the project."""

    seconds: float = 3.0
    """Long enough for a command that is about to end, too short to be taken for a hang."""
    tell: Callable[[str], None] | None = None
    """Called once with who is waited for."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to write into a project."""

    folder: Path
    """The project's :data:`CACHE_FOLDER`, which is there if it may be written."""
    exclusive: bool
    """False where nothing could be locked: others may be writing, too."""
    writable: bool = True
    """Whether the folder may be written."""

    @property
    def warnings(self) -> list[str]:
        """What people are to be told."""
        if self.exclusive:
            return []
        if not self.writable:
            return [f"{CACHE_FOLDER} may not be written: run one l10n command at a time here"]
        return ["this file system has no locks: run one l10n command at a time in this project"]


class _Holder(msgspec.Struct):
    """Who has the lock, as the lock's file says."""

    command: str
    pid: int
    since: datetime

    def __str__(self) -> str:
        since = self.since.astimezone()
        now = datetime.now(UTC).astimezone()
        form = "%H:%M" if since.date() == now.date() else "%Y-%m-%d %H:%M"
        return f"another l10n process ({self.command}, pid {self.pid}, since {since:{form}})"


@contextmanager
def writing(
    root: Path, command: str, patience: Patience | None = None, *, elsewhere: bool = False
) -> Iterator[Hold]:
    """Hold a project's lock. Not to be nested, not even by one thread.

    Args:
        root: the project's.
        command: what others are told of who has it: ``translate``.
        patience: how long to wait where another process has it.
        elsewhere: whether the command writes into folders that it may write even where the
            project's own it may not: then it goes on without the lock.

    Raises:
        BusyError: where another process has it, and goes on having it.
        OutputError: where the project's :data:`CACHE_FOLDER` cannot be written.
    """
    path = root / CACHE_FOLDER / _LOCK_NAME
    try:
        taken = _taken(path, patience or Patience())
    except OutputError as error:
        if not (elsewhere and _is_forbidden(error)):
            raise
        taken = None
    if taken is None:
        yield Hold(path.parent, exclusive=False, writable=False)
        return
    try:
        if taken.left_behind:
            _sweep(root)
        _note_holder(taken.descriptor, command)
        keep_from_version_control(path.parent)
        yield Hold(path.parent, taken.exclusive)
    finally:
        if _is_at(path, taken.descriptor):
            # Before it is free: whoever waits finds that this is not the lock any more.
            with contextlib.suppress(OSError):
                path.unlink()
        os.close(taken.descriptor)


@dataclass(frozen=True, slots=True)
class _Taken:
    """The lock's file, open."""

    descriptor: int
    exclusive: bool
    left_behind: bool
    """Whether it was there before: one that is let go of is removed."""


def _taken(path: Path, patience: Patience) -> _Taken:
    deadline = time.monotonic() + patience.seconds
    told = False
    while True:
        descriptor, is_new = _opened(path)
        try:
            exclusive = _lock(descriptor, path)
            if _is_at(path, descriptor):
                return _Taken(descriptor, exclusive, left_behind=exclusive and not is_new)
        except BlockingIOError:
            who = _holder(descriptor)
            if time.monotonic() >= deadline:
                raise BusyError(
                    f"{who} is writing into this project",
                    way_out="wait until it has ended, or run the same with --wait",
                ) from None
            if patience.tell is not None and not told:
                patience.tell(f"waiting for {who}")
                told = True
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        time.sleep(_INTERVAL)


def _opened(path: Path) -> tuple[int, bool]:
    """The lock's file, open, and whether it was made just now."""
    where = f"{CACHE_FOLDER}/{path.name}"
    flags = os.O_CLOEXEC | os.O_NOFOLLOW
    while True:
        try:
            if path.parent.is_symlink():
                raise OutputError(
                    "is a link", where=CACHE_FOLDER, way_out="remove it: it is made anew"
                )
            _make_folder(path.parent)
            with contextlib.suppress(FileExistsError):
                return os.open(path, flags | os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), True
            with contextlib.suppress(PermissionError):
                return os.open(path, flags | os.O_RDWR), False
            # Somebody else's: it can be locked all the same.
            return os.open(path, flags | os.O_RDONLY), False
        except FileNotFoundError:
            continue  # whoever had it removed it in between
        except OSError as error:
            raise OutputError(
                f"cannot be written: {reason(error)}",
                where=where,
                way_out="make room or give write permission, then run again",
            ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError as error:
        raise OutputError(
            "is not a folder", where=CACHE_FOLDER, way_out="move it elsewhere: a folder is made"
        ) from error
    except FileNotFoundError as error:
        raise OutputError("is no longer there", where=str(folder.parent)) from error


def _is_forbidden(error: OutputError) -> bool:
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _FORBIDDEN


def _lock(descriptor: int, path: Path) -> bool:
    """Lock an open file; False where the file system cannot.

    Raises:
        BlockingIOError: where another process has it.
        OutputError: where it fails otherwise.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno in _NOT_LOCKABLE:
            return False
        raise OutputError(
            f"cannot be locked: {reason(error)}", where=f"{CACHE_FOLDER}/{path.name}"
        ) from error
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether an open file is still the one at a path."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except OSError:
        return False


def _note_holder(descriptor: int, command: str) -> None:
    holder = _Holder(command, os.getpid(), datetime.now(UTC))
    # On a full disk, or where the file is somebody else's, nobody is told who it is.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, msgspec.json.encode(holder), 0)


def _holder(descriptor: int) -> str:
    try:
        return str(msgspec.json.decode(os.pread(descriptor, _LONGEST_HOLDER, 0), type=_Holder))
    except (OSError, msgspec.MsgspecError):
        return "another l10n process"


def keep_from_version_control(folder: Path) -> None:
    """Have version control pass over a folder, unless somebody has said otherwise."""
    path = folder / ".gitignore"
    if not path.exists():
        with contextlib.suppress(OutputError):
            write_atomically(path, _IGNORED, through_links=False)


def _sweep(root: Path) -> None:
    """Remove temporary files that a killed process left in the project.

    To be called with the lock held. What a command is writing that needs no lock, as one that
    exports, stays. Projects within the project have locks of their own.
    """
    for folder, folders, names in os.walk(root):
        if FILE_NAME in names and Path(folder) != root:
            folders.clear()
            continue
        folders[:] = [name for name in folders if name not in _VERSION_CONTROL]
        for name in filter(is_temporary, names):
            remove_temporary(Path(folder, name))
