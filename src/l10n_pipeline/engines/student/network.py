"""The network of a Marian student: transformer encoder, SSRU decoder.

In symbols, and where they come from:

- Vaswani et al. 2017, *Attention is all you need*: scaled embeddings, sinusoidal
  positions, multi-head attention, residuals normalised after each block.
- Kim et al. 2019, *From research to production and back* (D19-5632): the simpler simple
  recurrent unit (SSRU) in place of the decoder's self-attention.
- Bogoychev et al. 2020, *Edinburgh's submissions to the 2020 MT efficiency task*
  (2020.ngt-1.26): deep encoder, shallow decoder, 8-bit weights, shortlists.
- Garg et al. 2019, *Jointly learning to align and translate* (D19-1453): the one attention
  head that was trained to align words.
- marian-dev, ``src/models/transformer.h`` and ``src/rnn/cells.h``: names of tensors and
  details the papers leave open.

Shapes: B sentences, S source positions, T positions of a query, D model width,
H heads, V target vocabulary. All tensors are float32 on the CPU.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 - its name in every PyTorch codebase
from torch import Tensor

from l10n_pipeline.engines.student.configuration import Activation, StudentConfiguration
from l10n_pipeline.engines.student.marian_file import MarianFile

# marian-dev, src/layers/generic.h.
_LAYER_NORM_EPSILON: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Rounding:
    """Rounds the input of a product as the 8-bit engines do; no scale leaves it alone.

    With 8-bit weights the product of what is rounded is then the integers' product,
    scaled (Bogoychev et al. 2020, section 4).
    """

    scale: float | None

    def __call__(self, x: Tensor) -> Tensor:
        """Same shape, of values that are whole numbers from -127 to 127 over the scale."""
        if self.scale is None:
            return x
        return (x * self.scale).round().clamp(-127, 127) / self.scale


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Where the layers get their weights, and how exactly they are to compute."""

    file: MarianFile
    eight_bit: bool
    """Whether inputs of products are rounded to the scales in the file."""

    def rounding(self, weight: str) -> Rounding:
        """Of the inputs that are multiplied with this weight."""
        if not self.eight_bit:
            return Rounding(None)
        name = f"{weight}_QuantMultA"
        scale = float(self.file.vector(name, 1))
        if scale <= 0:
            raise self.file.error(f"tensor {name!r} is not a scale: {scale}")
        return Rounding(scale)


class Linear:
    """``y = x·W + b``; the bias may be missing from the file."""

    def __init__(
        self, weights: Weights, weight: str, bias: str | None, inputs: int, outputs: int
    ) -> None:
        self.weight = weights.file.matrix(weight, inputs, outputs)
        self.bias = weights.file.optional_vector(bias, outputs) if bias else None
        self.round = weights.rounding(weight)

    def __call__(self, x: Tensor) -> Tensor:
        """float32 [..., inputs] to float32 [..., outputs]."""
        return F.linear(self.round(x), self.weight, self.bias)


class ResidualNorm:
    """``LayerNorm(x + f(x))``: what follows each block ("dan" in Marian's words)."""

    def __init__(self, weights: Weights, prefix: str, width: int) -> None:
        self.scale = weights.file.vector(f"{prefix}_ln_scale", width)
        self.bias = weights.file.vector(f"{prefix}_ln_bias", width)

    def __call__(self, x: Tensor, residual: Tensor) -> Tensor:
        """Normalise the sum of two float32 [..., D]."""
        return F.layer_norm(
            x + residual, self.scale.shape, self.scale, self.bias, _LAYER_NORM_EPSILON
        )


class Attention:
    """Multi-head attention (Vaswani et al. 2017, section 3.2.2) with its residual."""

    def __init__(self, weights: Weights, prefix: str, width: int, heads: int) -> None:
        self.heads = heads
        self.query = Linear(weights, f"{prefix}_Wq", f"{prefix}_bq", width, width)
        self.key = Linear(weights, f"{prefix}_Wk", f"{prefix}_bk", width, width)
        self.value = Linear(weights, f"{prefix}_Wv", f"{prefix}_bv", width, width)
        self.output = Linear(weights, f"{prefix}_Wo", f"{prefix}_bo", width, width)
        self.norm = ResidualNorm(weights, f"{prefix}_Wo", width)

    def memory(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of float32 [B, S, D]: two float32 [B, H, S, D/H]."""
        return self._split(self.key(x)), self._split(self.value(x))

    def __call__(
        self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Attend from float32 [B, T, D].

        Args:
            x: the queries, before projection.
            keys: float32 [B, H, S, D/H].
            values: float32 [B, H, S, D/H].
            mask: float32 [B, 1, 1, S]: 0 on the source, minus infinity on padding.

        Returns:
            float32 [B, T, D], and the weights: float32 [B, H, T, S], rows summing to 1.
        """
        queries = self._split(self.query(x))
        scores = queries @ keys.transpose(-2, -1) / math.sqrt(queries.shape[-1])
        weights = torch.softmax(scores + mask, dim=-1)
        heads = (weights @ values).transpose(1, 2).flatten(2)
        return self.norm(self.output(heads), x), weights

    def _split(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)


class FeedForward:
    """Position-wise feed-forward block (Vaswani et al. 2017, section 3.3)."""

    def __init__(self, weights: Weights, prefix: str, configuration: StudentConfiguration) -> None:
        width, inner = configuration.dimension, configuration.feed_forward_dimension
        depth = configuration.feed_forward_depth
        widths = [width, *[inner] * (depth - 1), width]
        self.layers = [
            Linear(weights, f"{prefix}_W{i + 1}", f"{prefix}_b{i + 1}", widths[i], widths[i + 1])
            for i in range(depth)
        ]
        self.norm = ResidualNorm(weights, f"{prefix}_ffn", width)
        self.activation = F.relu if configuration.activation is Activation.RELU else F.silu

    def __call__(self, x: Tensor) -> Tensor:
        """float32 [..., D] to float32 [..., D]."""
        y = x
        for layer in self.layers[:-1]:
            y = self.activation(layer(y))
        return self.norm(self.layers[-1](y), x)


class SimplerSimpleRecurrentUnit:
    """SSRU (Kim et al. 2019, section 3.1), with its residual.

    ``f = σ(x·Wf + bf)``, ``c' = f ⊙ c + (1 − f) ⊙ x·W``, ``y = relu(c')``.
    """

    def __init__(self, weights: Weights, prefix: str, width: int) -> None:
        self.candidate = Linear(weights, f"{prefix}_W", None, width, width)
        self.forget = Linear(weights, f"{prefix}_Wf", f"{prefix}_bf", width, width)
        self.norm = ResidualNorm(weights, f"{prefix}_ffn", width)

    def __call__(self, x: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """One step of float32 [B, D]; returns the output and the next cell, alike."""
        forget = torch.sigmoid(self.forget(x))
        cell = forget * cell + (1 - forget) * self.candidate(x)
        return self.norm(F.relu(cell), x), cell


class EncoderLayer:
    """Self-attention, then feed-forward."""

    def __init__(self, weights: Weights, number: int, configuration: StudentConfiguration) -> None:
        prefix = f"encoder_l{number}"
        width, heads = configuration.dimension, configuration.heads
        self.attention = Attention(weights, f"{prefix}_self", width, heads)
        self.feed_forward = FeedForward(weights, f"{prefix}_ffn", configuration)

    def __call__(self, x: Tensor, mask: Tensor) -> Tensor:
        """float32 [B, S, D] to float32 [B, S, D]; the mask as in :class:`Attention`."""
        x, _ = self.attention(x, *self.attention.memory(x), mask)
        return self.feed_forward(x)


class DecoderLayer:
    """SSRU, attention over the source, then feed-forward."""

    def __init__(self, weights: Weights, number: int, configuration: StudentConfiguration) -> None:
        prefix = f"decoder_l{number}"
        width, heads = configuration.dimension, configuration.heads
        self.recurrence = SimplerSimpleRecurrentUnit(weights, f"{prefix}_rnn", width)
        self.attention = Attention(weights, f"{prefix}_context", width, heads)
        self.feed_forward = FeedForward(weights, f"{prefix}_ffn", configuration)

    def __call__(
        self, x: Tensor, cell: Tensor, memory: tuple[Tensor, Tensor], mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One step of float32 [B, D].

        Returns:
            The output, float32 [B, D]; the next cell, float32 [B, D]; and the first
            head's weights over the source, float32 [B, S].
        """
        x, cell = self.recurrence(x, cell)
        keys, values = memory
        attended, weights = self.attention(x.unsqueeze(1), keys, values, mask)
        return self.feed_forward(attended.squeeze(1)), cell, weights[:, 0, 0]


@dataclass(frozen=True, slots=True, eq=False)
class DecoderMemory:
    """What the decoder remembers of a batch. Row order is the batch's."""

    source: tuple[tuple[Tensor, Tensor], ...]
    """Keys and values of each layer: float32 [B, H, S, D/H]."""
    mask: Tensor
    """float32 [B, 1, 1, S]: 0 on the source, minus infinity on padding."""
    cells: tuple[Tensor, ...]
    """The SSRU cell of each layer: float32 [B, D]."""
    position: int
    """Tokens written so far."""

    def select(self, rows: Tensor) -> DecoderMemory:
        """The memory of these rows, in this order."""
        return DecoderMemory(
            source=tuple((keys[rows], values[rows]) for keys, values in self.source),
            mask=self.mask[rows],
            cells=tuple(cell[rows] for cell in self.cells),
            position=self.position,
        )


class StudentNetwork:
    """Encoder and decoder with the weights of a model file.

    Args:
        file: an open model file.
        configuration: what it says of itself.
        eight_bit: whether to round the inputs of products as the 8-bit engines do.

    Raises:
        ModelError: where the file lacks a tensor, or one has another shape than the
            configuration says.
    """

    def __init__(
        self, file: MarianFile, configuration: StudentConfiguration, *, eight_bit: bool = False
    ) -> None:
        weights = Weights(file, eight_bit)
        width = configuration.dimension
        target_size = configuration.target_vocabulary
        self.width = width
        self.alignment_layer = configuration.alignment_layer
        output = "Wemb" if configuration.shared_embeddings else "decoder_Wemb"
        self.target_embeddings = file.embeddings(output, target_size, width)
        self.source_embeddings = self.target_embeddings
        if not configuration.shared_embeddings:
            self.source_embeddings = file.embeddings(
                "encoder_Wemb", configuration.source_vocabulary, width
            )
        self.encoder = [
            EncoderLayer(weights, number, configuration)
            for number in range(1, configuration.encoder_depth + 1)
        ]
        self.decoder = [
            DecoderLayer(weights, number, configuration)
            for number in range(1, configuration.decoder_depth + 1)
        ]
        self.output_bias = file.optional_vector("decoder_ff_logit_out_b", target_size)
        self.round_output = weights.rounding(output)

    def encode(self, ids: Tensor, lengths: Tensor) -> DecoderMemory:
        """Read a batch of sources, and be ready to write.

        Args:
            ids: int64 [B, S], end of sentence included; anything beyond the lengths.
            lengths: int64 [B], at least 1.
        """
        batch, length = ids.shape
        outside = torch.arange(length) >= lengths.unsqueeze(1)
        mask = torch.zeros(batch, length).masked_fill(outside, -math.inf)[:, None, None]
        x = self.source_embeddings[ids] * math.sqrt(self.width)
        x = x + sinusoidal_positions(range(length), self.width)
        for layer in self.encoder:
            x = layer(x, mask)
        return DecoderMemory(
            source=tuple(layer.attention.memory(x) for layer in self.decoder),
            mask=mask,
            cells=tuple(torch.zeros(batch, self.width) for _ in self.decoder),
            position=0,
        )

    def step(
        self, memory: DecoderMemory, previous: Tensor | None
    ) -> tuple[Tensor, Tensor, DecoderMemory]:
        """Advance each sentence by one token.

        Args:
            memory: from :meth:`encode` or the step before.
            previous: int64 [B], the tokens written last; None before the first. The
                decoder starts from a zero vector, not from a token.

        Returns:
            Hidden states, float32 [B, D], for :meth:`project`; the word alignment,
            float32 [B, S], rows summing to 1; and the memory for the next step.
        """
        if previous is None:
            x = torch.zeros_like(memory.cells[0])
        else:
            x = self.target_embeddings[previous] * math.sqrt(self.width)
        x = x + sinusoidal_positions([memory.position], self.width)
        cells, alignments = [], []
        for layer, cell, source in zip(self.decoder, memory.cells, memory.source, strict=True):
            x, next_cell, weights = layer(x, cell, source, memory.mask)
            cells.append(next_cell)
            alignments.append(weights)
        after = replace(memory, cells=tuple(cells), position=memory.position + 1)
        return x, alignments[self.alignment_layer], after

    def project(self, hidden: Tensor) -> Tensor:
        """Hidden states, float32 [B, D], to logits, float32 [B, V] (tied embeddings)."""
        return F.linear(self.round_output(hidden), self.target_embeddings, self.output_bias)


def sinusoidal_positions(positions: Sequence[int], width: int) -> Tensor:
    """Position encodings, float32 [positions, width]: sines, then cosines.

    Vaswani et al. 2017, section 3.5, with Marian's arrangement: the two halves side by
    side instead of interleaved, and wavelengths that reach 10,000·2π exactly.
    """
    half = width // 2
    rates = torch.exp(torch.arange(half) * -(math.log(10_000) / (half - 1)))
    angles = torch.tensor(positions, dtype=torch.float32).unsqueeze(1) * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)
