"""Products of activations with a student's weights, as exact or as quick as is wanted.

The network is written once; what multiplies its matrices is one of:

- :class:`FloatKernels`: float32, the reference;
- :class:`RoundedKernels`: float32 over inputs rounded as the 8-bit engines round them:
  no quicker, but what such an engine computes;
- :class:`Int8Kernels`: 8-bit integers, several times as quick.

Marian quantises a model's weights ahead of time and writes the scale of each product's
inputs into the file (``…_QuantMultA``), so that nothing is measured while translating
(Bogoychev et al. 2020, section 4). The integers' products and sums are exact, so that
they do not depend on the batch they are computed in.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import torch
import torch.nn.functional as F  # noqa: N812 - its name in every PyTorch codebase
from torch import Tensor, nn

from l10n_pipeline.engines.student.configuration import Activation
from l10n_pipeline.engines.student.marian_file import EightBit, ElementType, MarianFile

Product = nn.Module
"""float32 [..., inputs] to float32 [..., outputs]. A module, so that TorchScript takes it."""
OutputLayer = Callable[[Tensor | None], Product]
"""Makes the product whose outputs are those of some ids, int64 [C], or of all."""

_ZERO_POINT: Final = 128
"""Signed activations are stored as unsigned bytes around it: what x86 multiplies."""
_ENGINE: Final = "fbgemm"


@dataclass(frozen=True, slots=True)
class Map:
    """A linear map of the network by the names of its tensors."""

    weight: str
    bias: str | None
    """The bias may be missing from the file as well."""
    inputs: int
    outputs: int


class Kernels(Protocol):
    """Makes the products that a network computes."""

    name: str
    """The precision as provenance has it: ``f32``."""
    reproducible: bool
    """Whether a row's product has the same bits whatever rows stand beside it."""

    def side_by_side(self, *maps: Map) -> Product:
        """Maps of the same inputs, their outputs one after the other."""
        ...

    def side_by_side_of_many(self, *maps: Map) -> Product:
        """The same, for hundreds of rows at once."""
        ...

    def feed_forward_of_many(self, maps: Sequence[Map], activation: Activation) -> Product:
        """Maps one after the other, with the activation between them, for hundreds of rows."""
        ...

    def output(self, m: Map, *, barred: int) -> OutputLayer:
        """The map onto the vocabulary, whose weights are an embedding matrix.

        Args:
            m: ``inputs`` is the model's width, ``outputs`` the vocabulary's size.
            barred: the id whose output is always minus infinity.
        """
        ...


class FloatKernels:
    """The reference: float32."""

    name = "f32"
    reproducible = False

    def __init__(self, file: MarianFile) -> None:
        self._file = file

    def side_by_side(self, *maps: Map) -> Product:
        """See :class:`Kernels`."""
        weight = torch.cat([self._file.matrix(m.weight, m.inputs, m.outputs) for m in maps])
        return _FloatProduct(weight, _biases(self._file, maps))

    def side_by_side_of_many(self, *maps: Map) -> Product:
        """See :class:`Kernels`."""
        return self.side_by_side(*maps)

    def feed_forward_of_many(self, maps: Sequence[Map], activation: Activation) -> Product:
        """See :class:`Kernels`."""
        return Chained([self.side_by_side(m) for m in maps], activation)

    def output(self, m: Map, *, barred: int) -> OutputLayer:
        """See :class:`Kernels`."""
        weight = self._file.embeddings(m.weight, m.outputs, m.inputs)
        bias = _output_bias(self._file, m, barred)

        def product(ids: Tensor | None) -> Product:
            if ids is None:
                return _FloatProduct(weight, bias)
            return _FloatProduct(weight[ids], bias[ids])

        return product


class RoundedKernels:
    """Float32 over rounded inputs: with 8-bit weights the integers' products, scaled."""

    name = "f32-rounded"
    reproducible = False

    def __init__(self, file: MarianFile) -> None:
        self._file = file
        self._exact = FloatKernels(file)

    def side_by_side(self, *maps: Map) -> Product:
        """See :class:`Kernels`."""
        return _SideBySide([self._rounded(m.weight, self._exact.side_by_side(m)) for m in maps])

    def side_by_side_of_many(self, *maps: Map) -> Product:
        """See :class:`Kernels`."""
        return self.side_by_side(*maps)

    def feed_forward_of_many(self, maps: Sequence[Map], activation: Activation) -> Product:
        """See :class:`Kernels`."""
        return Chained([self.side_by_side(m) for m in maps], activation)

    def output(self, m: Map, *, barred: int) -> OutputLayer:
        """See :class:`Kernels`."""
        exact = self._exact.output(m, barred=barred)
        return lambda ids: self._rounded(m.weight, exact(ids))

    def _rounded(self, weight: str, product: Product) -> Product:
        return _RoundedProduct(product, self._file.scale(weight))


class Int8Kernels:
    """8-bit integers, by FBGEMM (Khudia et al. 2021, *FBGEMM: Enabling High-Performance
    Low-Precision Deep Learning Inference*), which rounds the inputs as it reads them.

    Args:
        file: of which :func:`runs_in_int8` holds, on a machine that
            :func:`multiplies_exactly`.
    """

    name = "int8"
    reproducible = True

    def __init__(self, file: MarianFile) -> None:
        self._file = file

    def side_by_side(self, *maps: Map) -> Product:
        """See :class:`Kernels`."""
        scales = {self._file.scale(m.weight) for m in maps}
        if len(scales) > 1:
            return _SideBySide([self.side_by_side(m) for m in maps])
        integers, steps = self._joined(maps)
        return _Int8Product(integers, steps, _biases(self._file, maps), 1 / scales.pop())

    def side_by_side_of_many(self, *maps: Map) -> Product:
        """See :class:`Kernels`. By oneDNN, which is quicker where there are many rows."""
        if len({self._file.scale(m.weight) for m in maps}) > 1:
            return _SideBySide([self.side_by_side_of_many(m) for m in maps])
        return _ByteChain([self._byte_layer(*maps)])

    def feed_forward_of_many(self, maps: Sequence[Map], activation: Activation) -> Product:
        """See :class:`Kernels`. By oneDNN, which hands bytes from one product to the next."""
        if activation is not Activation.RELU:
            return Chained([self.side_by_side_of_many(m) for m in maps], activation)
        return _ByteChain([self._byte_layer(m) for m in maps])

    def output(self, m: Map, *, barred: int) -> OutputLayer:
        """See :class:`Kernels`."""
        matrix = self._file.eight_bit_embeddings(m.weight, m.outputs, m.inputs)
        assert matrix is not None, "asked of runs_in_int8"
        # Rows are looked up as wide words: gathering single bytes is ten times as slow.
        rows = matrix.integers.view(torch.int64) if m.inputs % 8 == 0 else matrix.integers
        bias = _output_bias(self._file, m, barred)
        input_step = 1 / self._file.scale(m.weight)

        def product(ids: Tensor | None) -> Product:
            if ids is None:
                return _Int8Product(matrix.integers, matrix.step, bias, input_step)
            chosen = rows.index_select(0, ids).view(torch.int8)
            return _Int8Product(chosen, matrix.step, bias[ids], input_step)

        return product

    def _byte_layer(self, *maps: Map) -> _ByteLayer:
        integers, steps = self._joined(maps)
        input_step = 1 / self._file.scale(maps[0].weight)
        return _ByteLayer(integers, steps, _biases(self._file, maps), input_step)

    def _joined(self, maps: Sequence[Map]) -> tuple[Tensor, Tensor]:
        """Integers of maps side by side, int8 [outputs, inputs], and steps, float32 [outputs]."""
        parts = [self._matrix(m) for m in maps]
        steps = [torch.full((m.outputs,), part.step) for m, part in zip(maps, parts, strict=True)]
        return torch.cat([part.integers for part in parts]), torch.cat(steps)

    def _matrix(self, m: Map) -> EightBit:
        matrix = self._file.eight_bit_matrix(m.weight, m.inputs, m.outputs)
        assert matrix is not None, "asked of runs_in_int8"
        return matrix


class Chained(nn.Module):
    """Products one after the other, with the activation between them."""

    def __init__(self, products: Sequence[Product], activation: Activation) -> None:
        super().__init__()
        self.inner = nn.ModuleList(products[:-1])
        self.outer = products[-1]
        self.cuts_off = activation is Activation.RELU

    def forward(self, x: Tensor) -> Tensor:
        """float32 [..., inputs] to float32 [..., outputs]."""
        for product in self.inner:
            y = product(x)
            x = y.relu_() if self.cuts_off else F.silu(y, inplace=True)
        found: Tensor = self.outer(x)
        return found


class _SideBySide(nn.Module):
    """Products of the same inputs, their outputs one after the other."""

    def __init__(self, products: Sequence[Product]) -> None:
        super().__init__()
        self.products = nn.ModuleList(products)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([product(x) for product in self.products], dim=-1)


class _FloatProduct(nn.Module):
    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = weight
        self.bias = bias

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)


class _RoundedProduct(nn.Module):
    def __init__(self, product: Product, scale: float) -> None:
        super().__init__()
        self.product = product
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.product((x * self.scale).round_().clamp_(-127, 127) / self.scale)
        return found


class _Int8Product(nn.Module):
    """``(integers · steps) x + bias``, for x rounded to multiples of ``input_step``.

    Args:
        integers: int8 [outputs, inputs].
        steps: of all weights, or of each output's: float32 [outputs].
        bias: float32 [outputs].
        input_step: what a one in the rounded input stands for.
    """

    def __init__(
        self, integers: Tensor, steps: Tensor | float, bias: Tensor, input_step: float
    ) -> None:
        super().__init__()
        self.input_step = input_step
        with _quantised_engine():
            if isinstance(steps, float):
                weight = torch._make_per_tensor_quantized_tensor(integers, steps, 0)  # noqa: SLF001 - the one way from integers
            else:
                zeros = torch.zeros(len(steps), dtype=torch.int64)
                weight = torch._make_per_channel_quantized_tensor(  # noqa: SLF001 - likewise
                    integers, steps.double(), zeros, 0
                )
            self.packed = torch.ops.quantized.linear_prepack(weight, bias)

    def forward(self, x: Tensor) -> Tensor:
        # 128: signed activations are stored as unsigned bytes around it.
        found: Tensor = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(
            x, self.input_step, 128, self.packed
        )
        return found


class _ByteChain(nn.Module):
    """Maps one after the other, cut off below zero between them, that hand on bytes."""

    def __init__(self, layers: Sequence[_ByteLayer]) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, x: Tensor) -> Tensor:
        rows = as_bytes(x.view(-1, x.shape[-1]), self.layers[0].input_step)
        for layer, following in pairwise(self.layers):
            rows = layer.activated(rows, following.input_step)
        return self.layers[-1].plain(rows).view(*x.shape[:-1], -1)


def scripted(module: nn.Module) -> nn.Module:
    """The module as TorchScript runs it, without Python between its operations.

    TorchScript is on its way out of PyTorch: where it is gone, the module itself.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: nn.Module = torch.jit.freeze(torch.jit.script(module.eval()))
    except (RuntimeError, AttributeError, NotImplementedError):
        return module
    return found


class _ByteLayer:
    """A map whose inputs are bytes, by oneDNN.

    Args:
        integers: int8 [outputs, inputs].
        steps: float32 [outputs].
        bias: float32 [outputs].
        input_step: what a one in the inputs stands for.
    """

    def __init__(self, integers: Tensor, steps: Tensor, bias: Tensor, input_step: float) -> None:
        self.input_step = input_step
        self._packed = torch.ops.onednn.qlinear_prepack(integers, None)
        self._weight_steps = steps
        self._zeros = torch.zeros(len(bias), dtype=torch.int32)
        self._bias = bias

    def plain(self, rows: Tensor) -> Tensor:
        """uint8 [N, inputs] to float32 [N, outputs]."""
        return self._multiply(rows, 1.0, 0, torch.float32, "none")

    def activated(self, rows: Tensor, step: float) -> Tensor:
        """uint8 [N, inputs] to uint8 [N, outputs], cut off below zero."""
        return self._multiply(rows, step, _ZERO_POINT, torch.uint8, "relu")

    def _multiply(
        self, rows: Tensor, step: float, zero: int, kind: torch.dtype, after: str
    ) -> Tensor:
        found: Tensor = torch.ops.onednn.qlinear_pointwise.default(
            rows,
            self.input_step,
            _ZERO_POINT,
            self._packed,
            self._weight_steps,
            self._zeros,
            self._bias,
            step,
            zero,
            kind,
            after,
            [],
            "",
        )
        return found


def as_bytes(x: Tensor, step: float) -> Tensor:
    """Round float32 [N, D] to multiples of ``step``: uint8 [N, D] around 128."""
    quantised = torch.quantize_per_tensor(x, step, _ZERO_POINT, torch.quint8)
    # Its bytes as they lie: int_repr copies them one by one.
    return torch.empty(0, dtype=torch.uint8).set_(
        quantised.untyped_storage(), 0, x.shape, x.stride()
    )


def runs_in_int8(file: MarianFile, maps: Sequence[Map]) -> bool:
    """Whether a file has 8-bit weights and the scale of the inputs for all these maps."""
    return all(
        file.has_scale(m.weight)
        and m.weight in file.items
        and file.items[m.weight].type is ElementType.INTGEMM8
        for m in maps
    )


@functools.cache
def multiplies_exactly() -> bool:
    """Whether this machine multiplies 8-bit integers without losing a bit.

    Processors without VNNI instructions add pairs of products in 16 bits and overflow;
    others have no such kernels at all.
    """
    width = 512
    x = torch.full((3, width), 127.0)
    x[1] = -127
    x[2, ::2] = -127
    weight = torch.full((16, width), 127, dtype=torch.int8)
    weight[::2] = -127
    expected = x @ weight.float().T
    bias = torch.zeros(16)
    try:
        # PyTorch means to drop its quantised tensors, and says so once, here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            products = _Int8Product(weight, 1.0, bias, 1.0)(x)
            bytewise = _ByteLayer(weight, torch.ones(16), bias, 1.0).plain(as_bytes(x, 1.0))
    except (RuntimeError, AttributeError, NotImplementedError):
        return False
    return torch.equal(products, expected) and torch.equal(bytewise, expected)


@contextmanager
def _quantised_engine() -> Iterator[None]:
    before = torch.backends.quantized.engine
    torch.backends.quantized.engine = _ENGINE
    try:
        yield
    finally:
        torch.backends.quantized.engine = before


def _biases(file: MarianFile, maps: Sequence[Map]) -> Tensor:
    """float32 [outputs of all]; zeros where a map has none."""
    found = [file.optional_vector(m.bias, m.outputs) if m.bias else None for m in maps]
    return torch.cat(
        [torch.zeros(m.outputs) if b is None else b for m, b in zip(maps, found, strict=True)]
    )


def _output_bias(file: MarianFile, m: Map, barred: int) -> Tensor:
    bias = _biases(file, [m])
    bias[barred] = -math.inf
    return bias
