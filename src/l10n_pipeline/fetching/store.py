"""Put an offered model into the cache: whole or not at all, however the fetch ends.

A model grows in a hidden folder beside its place, which another try takes up again, and is
renamed into place when every file is there, checked and on the disk. A lock keeps several
fetches of one model from getting in each other's way.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import filelock

from l10n_pipeline.engines.cached import (
    MANIFEST,
    CachedModel,
    Manifest,
    ManifestFile,
    models_folder,
    now,
    read_cached_model,
)
from l10n_pipeline.errors import ModelError, OutputError
from l10n_pipeline.fetching.offer import Offer, RemoteFile
from l10n_pipeline.fetching.transfer import Network
from l10n_pipeline.files import reason

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK: Final = 1 << 20
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SPARE: Final = 1 << 20
"""Bytes that must stay free beside a model."""


class TransferProgress(Protocol):
    """Told of a transfer as it goes on. Never decides anything."""

    def begin(self, what: str, total: int) -> None:
        """A model of ``total`` bytes on the way begins."""
        ...

    def advance(self, count: int) -> None:
        """``count`` more bytes of it are here; negative where some were thrown away."""
        ...

    def end(self) -> None:
        """The transfer is over, one way or the other."""
        ...


def stored(offer: Offer) -> CachedModel | None:
    """The model in the cache that an offer is of, if it is there in full.

    Reads all of its files to be sure of them.
    """
    try:
        model = read_cached_model(models_folder(offer.kind) / offer.name)
    except ModelError:
        return None
    known = {file.name: file for file in model.manifest.files}
    if model.damage() or known.keys() != {file.name for file in offer.files}:
        return None
    announced = {file.name: file.sha256 or known[file.name].sha256 for file in offer.files}
    for name, file in known.items():
        if file.sha256 != announced[name] or _sha256(model.folder / name) != file.sha256:
            return None
    return model


def store(
    offer: Offer,
    network: Network,
    *,
    progress: TransferProgress,
    inspect: Callable[[Path], object] = lambda _: None,
) -> CachedModel:
    """Fetch a model into the cache. What is there already is not fetched again.

    Args:
        offer: what to fetch.
        network: the connection.
        progress: told of the transfer.
        inspect: looks at the finished folder before anybody can see it, and raises
            ModelError where the model could not be used.

    Raises:
        EnvironmentFault: where the model cannot be had; what has come is kept for a next try.
        ModelError: where what came is not what was announced, or ``inspect`` refuses it.
        OutputError: where it cannot be written, for want of room as a rule.
    """
    parent = models_folder(offer.kind)
    staging = parent / f".{offer.name}.part"
    with _writing(parent, staging), _lock(parent, offer.name):
        if present := stored(offer):
            return present
        _make_room(offer, parent, staging)
        staging.mkdir(exist_ok=True)
        progress.begin(offer.label, offer.transfer_size)
        try:
            files = [_fetch(file, offer, staging, network, progress) for file in offer.files]
        finally:
            progress.end()
        try:
            inspect(staging)
        except ModelError:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        manifest = Manifest(
            kind=offer.kind,
            source=offer.source,
            target=offer.target,
            repository=offer.repository,
            version=offer.version,
            architecture=offer.architecture,
            licence=offer.licence,
            origin=offer.origin,
            fetched=now(),
            files=tuple(files),
        )
        (staging / MANIFEST).write_bytes(manifest.model_dump_json(indent=2).encode() + b"\n")
        _keep_only(staging, {MANIFEST, *(file.name for file in files)})
        return CachedModel(_publish(staging, parent / offer.name), manifest)


def _fetch(
    file: RemoteFile, offer: Offer, staging: Path, network: Network, progress: TransferProgress
) -> ManifestFile:
    """Have one file of a model in its folder, checked and on the disk."""
    path = staging / file.name
    if file.sha256 and path.is_file() and _sha256(path) == file.sha256:
        progress.advance(file.transfer_size)  # from an earlier try
        return ManifestFile(name=file.name, size=path.stat().st_size, sha256=file.sha256)
    # Named by its content, so that no other file's beginning is ever gone on with.
    part = staging / f"{file.digest[:32]}.transfer"
    network.download(file, part, headers=offer.headers, progress=progress.advance)
    if file.compressed:
        _unpack(part, path, file)
        part.unlink()
    else:
        part.replace(path)
    _sync(path)
    sha256 = _sha256(path)
    if file.sha256 not in {"", sha256}:
        path.unlink()
        raise ModelError(
            f"{file.name} is not the file that was announced: its checksum differs",
            where=offer.origin,
            way_out="try again later; if it stays so, tell whoever runs the server",
        )
    return ManifestFile(name=file.name, size=path.stat().st_size, sha256=sha256)


def _unpack(packed: Path, path: Path, file: RemoteFile) -> None:
    """Expand a Zstandard frame, to no more than the size that was announced.

    Raises:
        ModelError: where it is none, or holds another number of bytes.
    """
    decompressor = zstd.ZstdDecompressor()
    size = 0
    try:
        with packed.open("rb") as source, path.open("wb") as target:
            while not decompressor.eof:
                data = source.read(_CHUNK) if decompressor.needs_input else b""
                if not data and decompressor.needs_input:
                    break
                expanded = decompressor.decompress(data, max_length=_CHUNK)
                size += len(expanded)
                if size > file.size:
                    break
                target.write(expanded)
            clean = decompressor.eof and not decompressor.unused_data and not source.read(1)
    except zstd.ZstdError as error:
        raise _not_as_announced(packed, path, file, "is not packed as Zstandard") from error
    if not clean or size != file.size:
        more = "holds another number of bytes than the server announced"
        raise _not_as_announced(packed, path, file, more)


def _not_as_announced(packed: Path, path: Path, file: RemoteFile, what: str) -> ModelError:
    for leftover in (packed, path):
        leftover.unlink(missing_ok=True)
    return ModelError(
        f"{file.name} {what}",
        where=file.url,
        way_out="use another server, or tell whoever runs this one",
    )


def _publish(staging: Path, place: Path) -> Path:
    """Rename a finished folder into place; what was there, damaged or other, gives way."""
    _sync(staging / MANIFEST)
    _sync(staging)
    if place.exists():
        old = staging.with_suffix(".old")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        staging.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    else:
        staging.rename(place)
    _sync(place.parent)
    return place


def _make_room(offer: Offer, parent: Path, staging: Path) -> None:
    """Refuse to begin what cannot be finished.

    Raises:
        OutputError: where the disk has not enough room.
    """
    largest = max(file.transfer_size for file in offer.files)
    here = sum(file.stat().st_size for file in _files(staging))
    needed = offer.size + (largest if any(file.compressed for file in offer.files) else 0) - here
    free = shutil.disk_usage(parent).free
    if free < needed + _SPARE:
        raise OutputError(
            f"{offer.label} needs {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free",
            where=str(parent),
            way_out="make room, or set L10N_CACHE to a folder elsewhere",
        )


@contextmanager
def _writing(parent: Path, staging: Path) -> Iterator[None]:
    """Turn what the system says of files into one clear error; give a full disk its room back."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno in _FULL:
            shutil.rmtree(staging, ignore_errors=True)
        raise OutputError(
            f"cannot be written: {reason(error)}",
            where=str(parent),
            way_out="make room or give write permission, then run again; or set L10N_CACHE "
            "to a folder elsewhere",
        ) from error


@contextmanager
def _lock(parent: Path, name: str) -> Iterator[None]:
    """Wait until nobody else fetches this model."""
    with filelock.FileLock(parent / f".{name}.lock"):
        yield


def _keep_only(folder: Path, names: set[str]) -> None:
    for path in _files(folder):
        if path.name not in names:
            path.unlink()


def _files(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return [path for path in folder.iterdir() if path.is_file()]
    return []


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Have a file or folder on the disk; file systems that cannot sync a folder need no help."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
