"""Reader of Marian's binary model files (``model.*.bin``).

The layout, all little-endian (marian-dev, ``src/common/binary.cpp``)::

    u64  version                always 1
    u64  n                      number of items
    n ×  u64 name length        terminating NUL included
         u64 element type
         u64 number of dimensions
         u64 data length        may exceed the elements: padding follows them
    n ×  name
    n ×  i32 × dimensions
    u64  padding                and as many bytes
    n ×  data

Elements are float32, plain int8, or intgemm8: int8 values followed by one float32
``multiplier``, where *weight = int8 / multiplier* (marian-dev,
``src/tensors/cpu/integer_common.h``). Matrices of intgemm8 other than embeddings are
stored transposed with respect to the shape that is stored with them.

A file is taken to be hostile: every length is checked against what is left of the file
before it is used, so no more memory is taken than a few times the file's size.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

import torch
from torch import Tensor

from l10n_pipeline.engines.files import GET_AGAIN, read_file
from l10n_pipeline.errors import ModelError

CONFIGURATION_NAME: Final = "special:model.yml"
_VERSION: Final = 1
_SIZE_LIMIT: Final = 2**31
_DIMENSIONS_LIMIT: Final = 4
_U64: Final = struct.Struct("<Q")
_HEADER: Final = struct.Struct("<4Q")
_F32: Final = struct.Struct("<f")


class ElementType(IntEnum):
    """The element types a student is written in (marian-dev, ``src/common/types.h``)."""

    INT8 = 0x0101
    FLOAT32 = 0x0404
    INTGEMM8 = 0x4101

    @property
    def size(self) -> int:
        """Bytes an element takes."""
        return self & 0xFF

    @property
    def trailer(self) -> int:
        """Bytes that follow the elements: the multiplier of intgemm8."""
        return _F32.size if self is ElementType.INTGEMM8 else 0


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One named array of a file."""

    type: ElementType
    shape: tuple[int, ...]
    """As stored: for transposed matrices, the shape before transposition."""
    data: memoryview
    """The elements and, for intgemm8, the multiplier; without padding."""

    @property
    def elements(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class EightBit:
    """A matrix as it was quantised: *weight = integer × step*."""

    integers: Tensor
    """int8 [rows, columns]."""
    step: float


@dataclass(frozen=True, slots=True, eq=False)
class MarianFile:
    """The items of a model file. Data stays in the one buffer the file was read to."""

    path: Path
    items: Mapping[str, Item]
    """By name, in file order."""

    @property
    def configuration(self) -> str:
        """The text of the embedded ``special:model.yml``."""
        item = self.items.get(CONFIGURATION_NAME)
        if item is None or item.type is not ElementType.INT8:
            raise self.error(f"holds no configuration ({CONFIGURATION_NAME!r})")
        try:
            return bytes(item.data).rstrip(b"\0").decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.error("its configuration is not UTF-8") from error

    def vector(self, name: str, size: int) -> Tensor:
        """A bias, scale or shift: float32 [size]."""
        item = self._item(name)
        if item.shape not in ((size,), (1, size)):
            raise self._misshapen(name, item, (1, size))
        return self._values(name, item).reshape(size)

    def optional_vector(self, name: str, size: int) -> Tensor | None:
        """Like :meth:`vector`, or None where the file has no item of this name."""
        return self.vector(name, size) if name in self.items else None

    def embeddings(self, name: str, rows: int, columns: int) -> Tensor:
        """An embedding matrix: float32 [rows, columns], dequantised."""
        item = self._item(name)
        if item.shape != (rows, columns):
            raise self._misshapen(name, item, (rows, columns))
        return self._values(name, item).reshape(rows, columns)

    def matrix(self, name: str, inputs: int, outputs: int) -> Tensor:
        """A weight matrix, dequantised: float32 [outputs, inputs], as torch's ``linear``."""
        item = self._item(name)
        if item.shape != (inputs, outputs):
            raise self._misshapen(name, item, (inputs, outputs))
        values = self._values(name, item)
        if item.type is ElementType.INTGEMM8:
            return values.reshape(outputs, inputs)
        return values.reshape(inputs, outputs).T.contiguous()

    def eight_bit_matrix(self, name: str, inputs: int, outputs: int) -> EightBit | None:
        """The integers of a weight matrix, laid out as :meth:`matrix` lays out its values.

        None where the file has it in another type.
        """
        item = self._item(name)
        if item.shape != (inputs, outputs):
            raise self._misshapen(name, item, (inputs, outputs))
        return self._eight_bit(name, item, (outputs, inputs))

    def eight_bit_embeddings(self, name: str, rows: int, columns: int) -> EightBit | None:
        """The integers of an embedding matrix, laid out as :meth:`embeddings` has them.

        None where the file has it in another type.
        """
        item = self._item(name)
        if item.shape != (rows, columns):
            raise self._misshapen(name, item, (rows, columns))
        return self._eight_bit(name, item, (rows, columns))

    def scale(self, name: str) -> float:
        """What the inputs of a product with this weight are multiplied by before they are
        rounded to 8 bits: the ``…_QuantMultA`` of the file.
        """
        name = f"{name}_QuantMultA"
        scale = float(self.vector(name, 1))
        if scale <= 0:
            raise self.error(f"tensor {name!r} is not a scale: {scale}")
        return scale

    def has_scale(self, name: str) -> bool:
        """Whether :meth:`scale` has one for this weight."""
        return f"{name}_QuantMultA" in self.items

    def error(self, what: str) -> ModelError:
        """An error about this file."""
        return ModelError(what, where=str(self.path), way_out=GET_AGAIN)

    def _item(self, name: str) -> Item:
        item = self.items.get(name)
        if item is None:
            raise self.error(f"lacks the tensor {name!r}")
        return item

    def _misshapen(self, name: str, item: Item, expected: tuple[int, ...]) -> ModelError:
        return self.error(
            f"tensor {name!r} has shape {_dimensions(item.shape)} "
            f"where its configuration wants {_dimensions(expected)}"
        )

    def _eight_bit(self, name: str, item: Item, shape: tuple[int, int]) -> EightBit | None:
        if item.type is not ElementType.INTGEMM8:
            return None
        raw = torch.frombuffer(item.data, dtype=torch.uint8)[: item.elements].clone()
        return EightBit(raw.view(torch.int8).reshape(shape), 1 / self._multiplier(name, item))

    def _multiplier(self, name: str, item: Item) -> float:
        (multiplier,) = _F32.unpack_from(item.data, item.elements)
        if not (math.isfinite(multiplier) and multiplier > 0):
            raise self.error(f"tensor {name!r} has the impossible multiplier {multiplier}")
        return float(multiplier)

    def _values(self, name: str, item: Item) -> Tensor:
        # Cloned as bytes: the file does not align its data for wider loads.
        raw = torch.frombuffer(item.data, dtype=torch.uint8).clone()
        if item.type is ElementType.FLOAT32:
            values = raw.view(torch.float32)
        elif item.type is ElementType.INTGEMM8:
            values = raw[: item.elements].view(torch.int8).to(torch.float32)
            values *= 1 / self._multiplier(name, item)
        else:
            raise self.error(f"tensor {name!r} is of integers where it should be of weights")
        if not bool(torch.isfinite(values).all()):
            raise self.error(f"tensor {name!r} holds values that are not numbers")
        return values


def read_marian_file(path: Path) -> MarianFile:
    """Read a model file and check its outline; weights are converted when asked for.

    Raises:
        ModelError: where it cannot be read or is not such a file from end to end.
    """
    data = read_file(path, limit=_SIZE_LIMIT)
    try:
        return MarianFile(path, MappingProxyType(_items(_Cursor(data))))
    except _Malformed as error:
        raise ModelError(str(error), where=str(path), way_out=GET_AGAIN) from error


class _Malformed(ValueError):
    """What is wrong with the bytes, in words that follow the file's name."""


class _Cursor:
    """Takes bytes off the front of a buffer and refuses to run past its end."""

    def __init__(self, data: bytearray) -> None:
        self._data = memoryview(data)
        self._position = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._position

    def take(self, size: int, what: str) -> memoryview:
        if size > self.left:
            raise _Malformed(
                f"is cut off or broken: {what} would take {size:,} bytes of {self.left:,} left"
            )
        start = self._position
        self._position += size
        return self._data[start : self._position]

    def u64(self, what: str) -> int:
        (value,) = _U64.unpack(self.take(_U64.size, what))
        return int(value)


def _items(cursor: _Cursor) -> dict[str, Item]:
    version = cursor.u64("its version")
    if version != _VERSION:
        raise _Malformed(f"is not a Marian model file of version {_VERSION}")
    count = cursor.u64("the number of its tensors")
    if count == 0:
        raise _Malformed("holds no tensors")
    # The product is of Python's integers, so a huge count cannot wrap around.
    outline = cursor.take(count * _HEADER.size, f"an outline of {count:,} tensors")
    headers = list(_HEADER.iter_unpack(outline))
    names = [_name(cursor, length) for length, _, _, _ in headers]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _Malformed(f"holds the tensor {twice!r} twice")
    types = [
        _element_type(name, code) for name, (_, code, _, _) in zip(names, headers, strict=True)
    ]
    shapes = [
        _shape(cursor, name, rank) for name, (_, _, rank, _) in zip(names, headers, strict=True)
    ]
    cursor.take(cursor.u64("the length of its padding"), "its padding")
    items = {}
    for name, kind, shape, (_, _, _, length) in zip(names, types, shapes, headers, strict=True):
        needed = math.prod(shape) * kind.size + kind.trailer
        if length < needed:
            raise _Malformed(
                f"tensor {name!r} of shape {_dimensions(shape)} needs {needed:,} bytes "
                f"and has {length:,}"
            )
        items[name] = Item(kind, shape, cursor.take(length, f"tensor {name!r}")[:needed])
    if cursor.left:
        raise _Malformed(f"has {cursor.left:,} bytes after its last tensor")
    return items


def _name(cursor: _Cursor, length: int) -> str:
    raw = bytes(cursor.take(length, "the name of a tensor"))
    if not raw.endswith(b"\0") or b"\0" in raw[:-1]:
        raise _Malformed("has a tensor whose name does not end as it should")
    try:
        return raw[:-1].decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Malformed("has a tensor whose name is not UTF-8") from error


def _element_type(name: str, code: int) -> ElementType:
    try:
        return ElementType(code)
    except ValueError as error:
        raise _Malformed(
            f"tensor {name!r} is of type {code:#x}; only float32 and 8-bit students can be run"
        ) from error


def _shape(cursor: _Cursor, name: str, rank: int) -> tuple[int, ...]:
    if rank > _DIMENSIONS_LIMIT:
        raise _Malformed(f"tensor {name!r} has {rank:,} dimensions")
    shape: tuple[int, ...] = struct.unpack(f"<{rank}i", cursor.take(4 * rank, "a tensor's shape"))
    if not shape or min(shape) < 1:
        raise _Malformed(f"tensor {name!r} has the impossible shape {_dimensions(shape)}")
    return shape


def _dimensions(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "()"
