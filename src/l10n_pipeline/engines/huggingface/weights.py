"""The headers of a checkpoint's safetensors files, compared with its configuration.

Format: https://github.com/huggingface/safetensors (``u64`` header length, a JSON header, the
data). The library checks that offsets lie within the file and fit shapes and types; it never
unpickles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from safetensors import SafetensorError, safe_open

from l10n_pipeline.engines.files import GET_AGAIN, read_json_object
from l10n_pipeline.engines.huggingface.configuration import Tensor
from l10n_pipeline.errors import ModelError

SINGLE: Final = "model.safetensors"
INDEX: Final = "model.safetensors.index.json"
_PICKLED: Final = ("pytorch_model.bin", "pytorch_model.bin.index.json")
_INDEX_LIMIT: Final = 16 * 2**20
_HEADER_LIMIT: Final = 16 * 2**20
_TYPES: Final = ("F32", "F16", "BF16")
_SAMPLES: Final = 64
_SAMPLE_SIZE: Final = 2**14


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Where a tensor lies, and what its header says of it."""

    file: Path
    shape: tuple[int, ...]
    type: str


def weights_files(folder: Path) -> tuple[Path, ...]:
    """A checkpoint's safetensors files, one or several.

    Raises:
        ModelError: where there are none, or the index names what is none.
    """
    single, index = folder / SINGLE, folder / INDEX
    if single.is_file():
        return (single,)
    if index.is_file():
        return _shards(index)
    if any((folder / name).exists() for name in _PICKLED):
        raise ModelError(
            "has its weights as a Python pickle alone, which is never loaded",
            where=str(folder),
            way_out=f"fetch a revision with {SINGLE} (the hub's conversion bot proposes them as "
            "refs/pr/…), or load it once with transformers where you trust it and save it again "
            "with save_pretrained",
        )
    raise ModelError(f"has no {SINGLE}", where=str(folder), way_out=GET_AGAIN)


def _shards(index: Path) -> tuple[Path, ...]:
    places = read_json_object(index, limit=_INDEX_LIMIT).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise ModelError("has no weight_map", where=str(index), way_out=GET_AGAIN)
    names = list(dict.fromkeys(places.values()))
    for name in names:
        if (
            not isinstance(name, str)
            or PurePosixPath(name).name != name
            or "\\" in name
            or "\0" in name
            or not name.endswith(".safetensors")
        ):
            raise ModelError(
                f"names no safetensors file of its own folder: {str(name)[:80]!r}",
                where=str(index),
                way_out=GET_AGAIN,
            )
    files = tuple(index.parent / str(name) for name in names)
    for file in files:
        if not file.is_file():
            raise ModelError("is missing", where=str(file), way_out=GET_AGAIN)
    return files


def stored_tensors(files: Iterable[Path]) -> dict[str, StoredTensor]:
    """All tensors by name, from the headers alone.

    Raises:
        ModelError: where a file is truncated, broken or no safetensors file, or a tensor is
            there twice.
    """
    found: dict[str, StoredTensor] = {}
    for file in files:
        _check_header_length(file)
        try:
            with safe_open(str(file), framework="numpy") as opened:
                for name in opened.keys():  # noqa: SIM118 - not a mapping
                    part = opened.get_slice(name)
                    if name in found:
                        raise _broken(file, f"has a tensor that another file has too: {name!r}")
                    found[name] = StoredTensor(file, tuple(part.get_shape()), part.get_dtype())
        except (SafetensorError, OSError, ValueError) as error:
            raise _broken(file, f"is not a whole safetensors file: {error}") from error
    return found


def _check_header_length(file: Path) -> None:
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise _broken(file, "is not a regular file")
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
    except OSError as error:
        raise _broken(file, f"cannot be read: {error.strerror or error}") from error
    if not 2 <= length <= min(size - 8, _HEADER_LIMIT):
        raise _broken(file, "is not a whole safetensors file: its header's length cannot be")


def chosen_tensors(
    stored: Mapping[str, StoredTensor], wanted: Sequence[Tensor], folder: Path
) -> dict[str, str]:
    """For each tensor the network needs, by its first name, the name it is stored under.

    Raises:
        ModelError: where one is missing, has another shape than the configuration says, or
            is not of floating-point numbers.
    """
    chosen: dict[str, str] = {}
    for tensor in wanted:
        name = next((name for name in tensor.names if name in stored), None)
        if name is None:
            if tensor.optional:
                continue
            raise _broken(folder, f"its weights lack the tensor {tensor.names[0]!r}")
        place = stored[name]
        if place.shape != tensor.shape:
            raise _broken(
                place.file,
                f"tensor {name!r} has shape {place.shape}, where config.json says {tensor.shape}",
            )
        if place.type not in _TYPES:
            raise _broken(place.file, f"tensor {name!r} is of type {place.type}, not a float")
        chosen[tensor.names[0]] = name
    return chosen


def fingerprint(files: Sequence[Path]) -> str:
    """Tells weights apart: SHA-256 of sizes and of samples all over the files, 16 digits."""
    digest = hashlib.sha256()
    for file in files:
        try:
            size = file.stat().st_size
            digest.update(size.to_bytes(8, "little"))
            with file.open("rb") as opened:
                for sample in range(_SAMPLES):
                    opened.seek(sample * max(size - _SAMPLE_SIZE, 0) // (_SAMPLES - 1))
                    digest.update(opened.read(_SAMPLE_SIZE))
        except OSError as error:
            raise _broken(file, f"cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()[:16]


def _broken(path: Path, what: str) -> ModelError:
    return ModelError(what, where=str(path), way_out=GET_AGAIN)
