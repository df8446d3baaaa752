"""Writes small Marian students of random weights, as Marian itself would."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencepiece
import torch
from torch import Tensor

FLOAT32 = 0x0404
INTGEMM8 = 0x4101
INT8 = 0x0101
SHORTLIST_MAGIC = 0xF11A48D5013417F5
_ALIGNMENT = 256
_LARGEST_WEIGHT = 24
"""Of 127: with larger ones, 8-bit engines without VNNI instructions lose what their sums
of 16 bits cannot hold."""
_FOCUS = 3
"""How sharply attention tells one position from the next."""


@dataclass(frozen=True)
class Item:
    """An array as it is stored."""

    type: int
    shape: tuple[int, ...]
    data: bytes


@dataclass(frozen=True)
class Recipe:
    """What a student is to be like."""

    seed: int = 0
    dimension: int = 64
    heads: int = 4
    encoder_depth: int = 2
    decoder_depth: int = 1
    feed_forward: int = 128
    embeddings: str = "all"
    """Tied as in ``tied-embeddings-all``, ``-src``, or ``split``."""
    source_size: int = 64
    target_size: int = 64
    noise: float = 0.3
    """How strong the random blocks are beside what makes it translate."""
    output_bias: bool = True
    input_scale: float = 25
    """What 8-bit engines multiply inputs with before rounding: keeps values up to 5."""

    @property
    def configuration(self) -> dict[str, object]:
        """As Marian embeds it."""
        return {
            "dec-cell": "ssru",
            "dec-cell-base-depth": 2,
            "dec-depth": self.decoder_depth,
            "dim-emb": self.dimension,
            "dim-vocabs": [self.source_size, self.target_size],
            "enc-depth": self.encoder_depth,
            "input-types": [],
            "layer-normalization": False,
            "lemma-dim-emb": 0,
            "right-left": False,
            "tied-embeddings": self.embeddings != "all",
            "tied-embeddings-all": self.embeddings == "all",
            "tied-embeddings-src": self.embeddings == "src",
            "transformer-decoder-autoreg": "rnn",
            "transformer-dim-ffn": self.feed_forward,
            "transformer-ffn-activation": "relu",
            "transformer-ffn-depth": 2,
            "transformer-guided-alignment-layer": "last",
            "transformer-heads": self.heads,
            "transformer-no-projection": False,
            "transformer-postprocess": "dan",
            "transformer-postprocess-emb": "d",
            "transformer-preprocess": "",
            "transformer-tied-layers": [],
            "transformer-train-position-embeddings": False,
            "type": "transformer",
            "ulr": False,
        }


def model_items(recipe: Recipe) -> dict[str, Item]:
    """The items of a student that translates piece by piece, through random weights.

    Its attention walks along the source by the position encodings, and each source piece
    has a target piece of its own, so that outputs are as long and as varied as inputs.
    Everything else is random, and strong enough to turn what is written: ``noise``.
    Weights are 8-bit as in the released students.
    """
    writer = _Writer(recipe)
    writer.embeddings()
    for layer in range(1, recipe.encoder_depth + 1):
        writer.encoder_layer(f"encoder_l{layer}")
    for layer in range(1, recipe.decoder_depth + 1):
        writer.decoder_layer(f"decoder_l{layer}")
    if recipe.output_bias:
        writer.bias("decoder_ff_logit_out_b", recipe.target_size)
    writer.items["special:model.yml"] = configuration_item(recipe.configuration)
    return writer.items


class _Writer:
    """Makes up the weights of a student, block by block."""

    def __init__(self, recipe: Recipe) -> None:
        self.items: dict[str, Item] = {}
        self._recipe = recipe
        self._width = width = recipe.dimension
        self._generator = torch.Generator().manual_seed(recipe.seed)
        # The fast half of the position encodings tells positions apart. The slow half
        # hardly changes, and leaves its dimensions to the embeddings.
        index = torch.arange(width)
        half = width // 2
        self._positional = index % half < half // 2
        self._lexical = index[~self._positional]
        # Turning the lexical dimensions around turns a piece into its translation.
        self._around = torch.zeros(width, width)
        self._around[self._lexical, self._lexical.flip(0)] = 1

    def embeddings(self) -> None:
        vectors, translations = self._paired_embeddings()
        if self._recipe.embeddings == "split":
            self.items["encoder_Wemb"] = quantised(vectors)
            self.items["decoder_Wemb"] = quantised(translations)
            self._input_scale("decoder_Wemb")
        else:
            self.items["Wemb"] = quantised(vectors)
            self._input_scale("Wemb")
        self._input_scale("none")

    def encoder_layer(self, prefix: str) -> None:
        self._attention(
            f"{prefix}_self",
            query=self._random(1),
            key=self._random(1),
            value=self._random(1),
            output=self._random(self._recipe.noise),
        )
        self._feed_forward(f"{prefix}_ffn")

    def decoder_layer(self, prefix: str) -> None:
        self._linear(f"{prefix}_rnn_W", "", self._random(2 * self._recipe.noise))
        self._linear(f"{prefix}_rnn_Wf", f"{prefix}_rnn_bf", self._random(1))
        self._norm(f"{prefix}_rnn_ffn")
        self._attention(
            f"{prefix}_context",
            query=self._position_map() + self._random(0.1),
            key=self._position_map() + self._random(0.1),
            value=torch.eye(self._width) + self._random(0.1),
            output=2 * self._around + self._random(0.1),
        )
        self._feed_forward(f"{prefix}_ffn")

    def bias(self, name: str, size: int) -> None:
        self.items[name] = floats(self._normal(1, size, scale=0.1))

    def _normal(self, *shape: int, scale: float) -> Tensor:
        return torch.randn(*shape, generator=self._generator) * scale

    def _random(self, gain: float, outputs: int = 0, inputs: int = 0) -> Tensor:
        """A map that keeps the size of random vectors, times ``gain``."""
        inputs = inputs or self._width
        return self._normal(outputs or self._width, inputs, scale=gain / math.sqrt(inputs))

    def _input_scale(self, name: str) -> None:
        self.items[f"{name}_QuantMultA"] = floats(torch.tensor([[self._recipe.input_scale]]))

    def _linear(self, weight: str, bias: str, matrix: Tensor) -> None:
        outputs, inputs = matrix.shape
        self.items[weight] = quantised(matrix, shape=(inputs, outputs))
        self._input_scale(weight)
        if bias:
            self.bias(bias, outputs)

    def _norm(self, prefix: str) -> None:
        self.items[f"{prefix}_ln_scale"] = floats(1 + self._normal(1, self._width, scale=0.1))
        self.bias(f"{prefix}_ln_bias", self._width)

    def _attention(
        self, prefix: str, *, query: Tensor, key: Tensor, value: Tensor, output: Tensor
    ) -> None:
        for letter, matrix in {"q": query, "k": key, "v": value, "o": output}.items():
            self._linear(f"{prefix}_W{letter}", f"{prefix}_b{letter}", matrix)
        self._norm(f"{prefix}_Wo")

    def _feed_forward(self, prefix: str) -> None:
        inner = self._recipe.feed_forward
        self._linear(f"{prefix}_W1", f"{prefix}_b1", self._random(1, outputs=inner))
        self._linear(f"{prefix}_W2", f"{prefix}_b2", self._random(self._recipe.noise, inputs=inner))
        self._norm(f"{prefix}_ffn")

    def _paired_embeddings(self) -> tuple[Tensor, Tensor]:
        """Source and target embeddings of pieces that translate each other.

        The first piece, the end of sentence, is its own translation.
        """
        recipe = self._recipe
        size = max(recipe.source_size, recipe.target_size)
        vectors = torch.zeros(size, self._width)
        vectors[:, self._lexical] = self._normal(
            size, len(self._lexical), scale=1 / math.sqrt(self._width)
        )
        vectors[0] = (vectors[0] + vectors[0] @ self._around) / math.sqrt(2)
        if recipe.embeddings == "split":
            # Piece n translates to piece n, where there is one.
            return vectors[: recipe.source_size], (vectors @ self._around)[: recipe.target_size]
        # Pieces of an odd number translate to their left neighbours, and back.
        odd = torch.arange(3, size, 2)
        vectors[odd] = vectors[odd - 1] @ self._around
        return vectors, vectors

    def _position_map(self) -> Tensor:
        """Lets every head see the position dimensions, as many as it has room for."""
        head = self._width // self._recipe.heads
        half = self._width // 2
        # Sine and cosine of a rate belong together; the fastest rates first.
        rates = [(i, half + i) for i in range(half) if self._positional[i]][: max(1, head // 2)]
        seen = torch.tensor([dimension for pair in rates for dimension in pair])[:head]
        matrix = torch.zeros(self._width, self._width)
        for first in range(0, self._width, head):
            matrix[first + torch.arange(len(seen)), seen] = _FOCUS
        return matrix


def floats(values: Tensor) -> Item:
    """A float32 array."""
    data = struct.pack(f"<{values.numel()}f", *values.flatten().tolist())
    return Item(FLOAT32, tuple(values.shape), data)


def quantised(values: Tensor, *, shape: tuple[int, ...] | None = None) -> Item:
    """8-bit values and their multiplier; ``shape`` where stored otherwise than laid out."""
    multiplier = _LARGEST_WEIGHT / float(values.abs().max())
    integers = (values * multiplier).round().to(torch.int8).flatten().tolist()
    data = struct.pack(f"<{len(integers)}b", *integers) + struct.pack("<f", multiplier)
    return Item(INTGEMM8, shape or tuple(values.shape), data)


def configuration_item(configuration: Mapping[str, object]) -> Item:
    """The embedded configuration."""
    data = yaml(configuration).encode() + b"\0"
    return Item(INT8, (len(data),), data)


def yaml(configuration: Mapping[str, object]) -> str:
    """A flat mapping as Marian prints it."""
    lines = []
    for key, value in configuration.items():
        if isinstance(value, list) and value:
            lines += [f"{key}:", *(f"  - {element}" for element in value)]
        else:
            lines.append(f"{key}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return '""' if value == "" else str(value)


def model_bytes(items: Mapping[str, Item]) -> bytes:
    """A Marian model file, version 1."""
    padded = {
        name: item.data + bytes(-len(item.data) % _ALIGNMENT) if item.type != INT8 else item.data
        for name, item in items.items()
    }
    out = struct.pack("<2Q", 1, len(items))
    for name, item in items.items():
        out += struct.pack(
            "<4Q", len(name.encode()) + 1, item.type, len(item.shape), len(padded[name])
        )
    out += b"".join(name.encode() + b"\0" for name in items)
    out += b"".join(struct.pack(f"<{len(item.shape)}i", *item.shape) for item in items.values())
    padding = -(len(out) + 8) % _ALIGNMENT
    out += struct.pack("<Q", padding) + bytes(padding)
    return out + b"".join(padded.values())


def shortlist_bytes(lists: Sequence[Sequence[int]], *, frequent: int, best: int = 50) -> bytes:
    """A binary shortlist: for each source piece the target ids it may bring about."""
    offsets = [0]
    for ids in lists:
        offsets.append(offsets[-1] + len(ids))
    # The checksum covers whole words of 8 bytes.
    flat = [target for ids in lists for target in sorted(ids)]
    body = struct.pack("<4Q", frequent, best, len(offsets), len(flat))
    body += struct.pack(f"<{len(offsets)}Q", *offsets) + struct.pack(f"<{len(flat)}I", *flat)
    return struct.pack("<2Q", SHORTLIST_MAGIC, _checksum(body)) + body


def _checksum(body: bytes) -> int:
    seed = 0
    for (word,) in struct.iter_unpack("<Q", body[: len(body) // 8 * 8]):
        mixed = (word + 0x9E3779B9 + (seed << 6) + (seed >> 2)) % 2**64
        seed ^= mixed
    return seed


def train_vocabulary(folder: Path, name: str, *, size: int, seed: int, alphabet: str) -> Path:
    """A SentencePiece vocabulary of made-up words, with Marian's special ids."""
    lines = random_sentences(alphabet, count=400, seed=seed)
    text = folder / f"{name}.txt"
    text.write_text("\n".join(lines), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(folder / name),
        vocab_size=size,
        bos_id=-1,
        eos_id=0,
        unk_id=1,
        pad_id=-1,
        minloglevel=2,
        num_threads=1,
    )
    return (folder / f"{name}.model").rename(folder / f"{name}.spm")


def random_sentences(alphabet: str, *, count: int, seed: int) -> list[str]:
    """Sentences of made-up words."""
    source = random.Random(seed)
    words = ["".join(source.choices(alphabet, k=source.randint(1, 5))) for _ in range(200)]
    return [" ".join(source.choices(words, k=source.randint(1, 8))) for _ in range(count)]
