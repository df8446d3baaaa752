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

Shapes: B sentences, S source positions, T positions of a query, D model width, H heads,
V target vocabulary. All tensors are float32 on the CPU; how exactly the weights' products
are computed is a matter of :mod:`.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 - its name in every PyTorch codebase
from torch import Tensor, nn

from l10n_pipeline.engines.student.configuration import StudentConfiguration
from l10n_pipeline.engines.student.kernels import Chained, Kernels, Map, Product, scripted
from l10n_pipeline.engines.student.marian_file import MarianFile

# marian-dev, src/layers/generic.h.
_LAYER_NORM_EPSILON: Final = 1e-6
_TOKENS_AT_ONCE: Final = 600
"""Padded source tokens that the encoder reads together: what comes of them still fits a
processor's cache, and matrices gain nothing from being larger."""
# With at least 16 source positions, and a multiple of 4 to attend to from the decoder, no sum
# in the attention is arranged in another way for another padding (MKL's and PyTorch's
# kernels; tests/engines/test_kernels.py): its last bit does not depend on the batch.
_FEWEST_POSITIONS: Final = 16
_POSITIONS_MULTIPLE: Final = 4
NARROWEST_STEADY_HEAD: Final = 32
"""Dimensions. Of narrower ones (6, 8, 12, 20, 24) the sums are arranged by the padding after
all; students have 32 and more."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Where the layers get their weights, and what multiplies with them."""

    file: MarianFile
    kernels: Kernels

    def linear(self, *maps: Map) -> Product:
        """Maps of the same inputs, their outputs one after the other."""
        return self.kernels.side_by_side(*maps)


class LayerNorm(nn.Module):
    """Ba et al. 2016, with Marian's ε."""

    def __init__(self, weights: Weights, prefix: str, width: int) -> None:
        super().__init__()
        self.width = width
        self.epsilon = _LAYER_NORM_EPSILON
        self.scale = weights.file.vector(f"{prefix}_ln_scale", width)
        self.bias = weights.file.vector(f"{prefix}_ln_bias", width)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise float32 [..., D]."""
        return F.layer_norm(x, [self.width], self.scale, self.bias, self.epsilon)


class FeedForward(nn.Module):
    """Position-wise feed-forward block (Vaswani et al. 2017, section 3.3), residual, norm."""

    def __init__(
        self,
        weights: Weights,
        prefix: str,
        configuration: StudentConfiguration,
        *,
        many_rows: bool,
    ) -> None:
        super().__init__()
        maps = feed_forward_maps(prefix, configuration)
        self.product = (
            weights.kernels.feed_forward_of_many(maps, configuration.activation)
            if many_rows
            else Chained([weights.linear(m) for m in maps], configuration.activation)
        )
        self.norm = LayerNorm(weights, f"{prefix}_ffn", configuration.dimension)

    def forward(self, x: Tensor) -> Tensor:
        """float32 [..., D] to float32 [..., D]."""
        found: Tensor = self.norm(self.product(x).add_(x))
        return found


class EncoderLayer:
    """Self-attention (Vaswani et al. 2017, section 3.2), then feed-forward."""

    def __init__(self, weights: Weights, number: int, configuration: StudentConfiguration) -> None:
        prefix = f"encoder_l{number}"
        width = configuration.dimension
        self.heads = configuration.heads
        many = weights.kernels.side_by_side_of_many
        self.inputs = many(*(attention_map(f"{prefix}_self", kind, width) for kind in "qkv"))
        self.output = many(attention_map(f"{prefix}_self", "o", width))
        self.norm = LayerNorm(weights, f"{prefix}_self_Wo", width)
        self.feed_forward = FeedForward(weights, f"{prefix}_ffn", configuration, many_rows=True)

    def __call__(self, x: Tensor, mask: Tensor) -> Tensor:
        """float32 [B, S, D] to float32 [B, S, D].

        Args:
            x: sentences.
            mask: float32 [B·H, 1, S]: 0 on the source, minus infinity on padding.
        """
        batch, length, width = x.shape
        parts = self.inputs(x).view(batch, length, 3, self.heads, width // self.heads)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4).flatten(1, 2).contiguous().unbind(0)
        attended, _ = attend(queries, keys.transpose(1, 2), values, mask)
        heads = attended.view(batch, self.heads, length, -1).transpose(1, 2).flatten(2)
        found: Tensor = self.feed_forward(self.norm(self.output(heads).add_(x)))
        return found


class DecoderLayer(nn.Module):
    """SSRU (Kim et al. 2019, section 3.1), attention over the source, then feed-forward.

    ``f = σ(x·Wf + bf)``, ``c' = f ⊙ c + (1 − f) ⊙ x·W``, ``y = relu(c')``.
    """

    def __init__(self, weights: Weights, number: int, configuration: StudentConfiguration) -> None:
        super().__init__()
        prefix = f"decoder_l{number}"
        width = configuration.dimension
        self.width, self.heads = width, configuration.heads
        self.recurrence = weights.linear(
            Map(f"{prefix}_rnn_Wf", f"{prefix}_rnn_bf", width, width),
            Map(f"{prefix}_rnn_W", None, width, width),
        )
        self.recurrence_norm = LayerNorm(weights, f"{prefix}_rnn_ffn", width)
        self.query = weights.linear(attention_map(f"{prefix}_context", "q", width))
        self.output = weights.linear(attention_map(f"{prefix}_context", "o", width))
        self.attention_norm = LayerNorm(weights, f"{prefix}_context_Wo", width)
        self.feed_forward = FeedForward(weights, f"{prefix}_ffn", configuration, many_rows=False)

    def forward(
        self, x: Tensor, cell: Tensor, keys: Tensor, values: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One step of float32 [B, D].

        Args:
            x: what the layer below made of the last token.
            cell: float32 [B, D].
            keys: float32 [B, H, D/H, S].
            values: float32 [B, H, S, D/H].
            mask: float32 [B, H, 1, S]: 0 on the source, minus infinity on padding.

        Returns:
            The output, float32 [B, D]; the next cell, float32 [B, D]; and the first
            head's weights over the source, float32 [B, S].
        """
        gates = self.recurrence(x)
        forget, candidate = torch.sigmoid(gates[:, : self.width]), gates[:, self.width :]
        cell = torch.lerp(candidate, cell, forget)
        x = self.recurrence_norm(F.relu(cell).add_(x))
        queries = self.query(x).view(x.shape[0] * self.heads, 1, -1)
        attended, weights = attend(
            queries, keys.flatten(0, 1), values.flatten(0, 1), mask.flatten(0, 1)
        )
        x = self.attention_norm(self.output(attended.view(x.shape)).add_(x))
        return self.feed_forward(x), cell, weights.view(x.shape[0], self.heads, -1)[:, 0]


def attend(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1) of N = B·H heads.

    Args:
        queries: float32 [N, T, D/H].
        keys: float32 [N, D/H, S].
        values: float32 [N, S, D/H].
        mask: float32 [N, 1, S]: 0, or minus infinity where nothing may be attended to.

    Returns:
        float32 [N, T, D/H], and the weights: float32 [N, T, S], rows summing to 1.
    """
    scores = torch.baddbmm(mask, queries, keys, alpha=queries.shape[-1] ** -0.5)
    weights = torch.softmax(scores, dim=-1)
    return torch.bmm(weights, values), weights


@dataclass(frozen=True, slots=True, eq=False)
class DecoderMemory:
    """What the decoder remembers of a batch. Row order is the batch's."""

    sources: tuple[tuple[Tensor, Tensor], ...]
    """Keys and values of each layer: float32 [B, H, D/H, S'] and [B, H, S', D/H], where S'
    is S with some padding."""
    mask: Tensor
    """float32 [B, H, 1, S']: 0 on the source, minus infinity on padding."""
    cells: tuple[Tensor, ...]
    """The SSRU cell of each layer: float32 [B, D]."""
    position: int
    """Tokens written so far."""
    length: int
    """S."""

    def select(self, rows: Tensor) -> DecoderMemory:
        """The memory of these rows, in this order."""
        return DecoderMemory(
            sources=tuple(
                (keys.index_select(0, rows), values.index_select(0, rows))
                for keys, values in self.sources
            ),
            mask=self.mask.index_select(0, rows),
            cells=tuple(cell.index_select(0, rows) for cell in self.cells),
            position=self.position,
            length=self.length,
        )


class StudentNetwork:
    """Encoder and decoder with the weights of a model file.

    Args:
        file: an open model file.
        configuration: what it says of itself.
        kernels: what multiplies with its weights.
        barred: a target id that is never to be written.

    Raises:
        ModelError: where the file lacks a tensor, or one has another shape than the
            configuration says.
    """

    def __init__(
        self,
        file: MarianFile,
        configuration: StudentConfiguration,
        kernels: Kernels,
        *,
        barred: int,
    ) -> None:
        weights = Weights(file, kernels)
        width = configuration.dimension
        self.width, self.heads = width, configuration.heads
        self.alignment_layer = configuration.alignment_layer
        output = output_map(configuration)
        # Scaled once and for all (Vaswani et al. 2017, section 3.4).
        self.target_embeddings = file.embeddings(output.weight, output.outputs, width)
        self.target_embeddings *= math.sqrt(width)
        self.source_embeddings = self.target_embeddings
        if not configuration.shared_embeddings:
            self.source_embeddings = file.embeddings(
                "encoder_Wemb", configuration.source_vocabulary, width
            ) * math.sqrt(width)
        self.encoder = [
            EncoderLayer(weights, number, configuration)
            for number in range(1, configuration.encoder_depth + 1)
        ]
        self.memory = kernels.side_by_side_of_many(*memory_maps(configuration))
        self.decoder = [
            scripted(DecoderLayer(weights, number, configuration))
            for number in range(1, configuration.decoder_depth + 1)
        ]
        self.output = kernels.output(output, barred=barred)
        self._positions = sinusoidal_positions(_TOKENS_AT_ONCE, width)

    def encode(self, sources: Sequence[Sequence[int]]) -> DecoderMemory:
        """Read a batch of sources, and be ready to write.

        Args:
            sources: token ids, end of sentence included; those of like length are best
                neighbours.
        """
        longest = max(map(len, sources))
        width = max(longest, _FEWEST_POSITIONS)
        width += -width % _POSITIONS_MULTIPLE
        parts = [self._encode(part, width) for part in _parts(sources)]
        return DecoderMemory(
            sources=tuple(
                (
                    torch.cat([part[0][layer][0] for part in parts]),
                    torch.cat([part[0][layer][1] for part in parts]),
                )
                for layer in range(len(self.decoder))
            ),
            mask=torch.cat([mask for _, mask in parts]),
            cells=tuple(torch.zeros(len(sources), self.width) for _ in self.decoder),
            position=0,
            length=longest,
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
            Hidden states, float32 [B, D], for a product of :attr:`output`; the word
            alignment, float32 [B, S], rows summing to 1; and the memory for the next step.
        """
        position = self._position(memory.position)
        if previous is None:
            x = position.expand(len(memory.mask), -1).contiguous()
        else:
            x = self.target_embeddings.index_select(0, previous).add_(position)
        cells, alignments = [], []
        for layer, cell, (keys, values) in zip(
            self.decoder, memory.cells, memory.sources, strict=True
        ):
            x, next_cell, weights = layer(x, cell, keys, values, memory.mask)
            cells.append(next_cell)
            alignments.append(weights)
        after = replace(memory, cells=tuple(cells), position=memory.position + 1)
        return x, alignments[self.alignment_layer][:, : memory.length], after

    def _encode(
        self, sources: Sequence[Sequence[int]], width: int
    ) -> tuple[list[tuple[Tensor, Tensor]], Tensor]:
        """Keys and values of each layer, and the mask, as :class:`DecoderMemory` has them,
        padded to ``width`` positions.
        """
        batch, length = len(sources), max(_FEWEST_POSITIONS, *map(len, sources))
        ids = torch.tensor([[*source, *[0] * (length - len(source))] for source in sources])
        outside = torch.arange(width) >= torch.tensor([[len(source)] for source in sources])
        mask = torch.zeros(batch, width).masked_fill_(outside, -math.inf)
        mask = mask[:, None, None].expand(-1, self.heads, -1, -1).contiguous()
        x = self.source_embeddings[ids] + self._positions[:length]
        reading = mask[..., :length].flatten(0, 1)
        for layer in self.encoder:
            x = layer(x, reading)
        parts = self.memory(x).view(batch, length, len(self.decoder), 2, self.heads, -1)
        beyond = width - length
        return [
            (
                F.pad(parts[:, :, layer, 0].permute(0, 2, 3, 1), (0, beyond)).contiguous(),
                F.pad(parts[:, :, layer, 1].transpose(1, 2), (0, 0, 0, beyond)).contiguous(),
            )
            for layer in range(len(self.decoder))
        ], mask

    def _position(self, position: int) -> Tensor:
        """The encoding of one position: float32 [D]."""
        if position >= len(self._positions):
            self._positions = sinusoidal_positions(2 * position, self.width)
        return self._positions[position]


def attention_map(prefix: str, kind: str, width: int) -> Map:
    """A map of an attention block: ``q``, ``k``, ``v`` or ``o``."""
    return Map(f"{prefix}_W{kind}", f"{prefix}_b{kind}", width, width)


def feed_forward_maps(prefix: str, configuration: StudentConfiguration) -> list[Map]:
    """The maps of a feed-forward block, in order."""
    inner = configuration.feed_forward_dimension
    depth = configuration.feed_forward_depth
    widths = [configuration.dimension, *[inner] * (depth - 1), configuration.dimension]
    return [
        Map(f"{prefix}_W{i + 1}", f"{prefix}_b{i + 1}", widths[i], widths[i + 1])
        for i in range(depth)
    ]


def memory_maps(configuration: StudentConfiguration) -> list[Map]:
    """Keys, then values, of each decoder layer: all are read off the encoder's output."""
    return [
        attention_map(f"decoder_l{number}_context", kind, configuration.dimension)
        for number in range(1, configuration.decoder_depth + 1)
        for kind in "kv"
    ]


def output_map(configuration: StudentConfiguration) -> Map:
    """Onto the target vocabulary; its weights are the target embeddings."""
    name = "Wemb" if configuration.shared_embeddings else "decoder_Wemb"
    width, size = configuration.dimension, configuration.target_vocabulary
    return Map(name, "decoder_ff_logit_out_b", width, size)


def all_maps(configuration: StudentConfiguration) -> Iterator[Map]:
    """Every map of the network."""
    width = configuration.dimension
    for number in range(1, configuration.encoder_depth + 1):
        yield from (attention_map(f"encoder_l{number}_self", kind, width) for kind in "qkvo")
        yield from feed_forward_maps(f"encoder_l{number}_ffn", configuration)
    yield from memory_maps(configuration)
    for number in range(1, configuration.decoder_depth + 1):
        yield Map(f"decoder_l{number}_rnn_Wf", f"decoder_l{number}_rnn_bf", width, width)
        yield Map(f"decoder_l{number}_rnn_W", None, width, width)
        yield from (attention_map(f"decoder_l{number}_context", kind, width) for kind in "qo")
        yield from feed_forward_maps(f"decoder_l{number}_ffn", configuration)
    yield output_map(configuration)


def _parts(sources: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    """Neighbours, as many at a time as the encoder reads together."""
    start, longest = 0, 0
    for end, source in enumerate(sources):
        longest = max(longest, len(source))
        if end > start and (end + 1 - start) * longest > _TOKENS_AT_ONCE:
            yield sources[start:end]
            start, longest = end, len(source)
    yield sources[start:]


def sinusoidal_positions(count: int, width: int) -> Tensor:
    """Encodings of the first positions, float32 [count, width]: sines, then cosines.

    Vaswani et al. 2017, section 3.5, with Marian's arrangement: the two halves side by
    side instead of interleaved, and wavelengths that reach 10,000·2π exactly.
    """
    half = width // 2
    rates = torch.exp(torch.arange(half) * -(math.log(10_000) / (half - 1)))
    angles = torch.arange(count, dtype=torch.float32).unsqueeze(1) * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)
