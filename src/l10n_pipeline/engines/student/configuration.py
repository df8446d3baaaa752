"""The configuration embedded in a student's model file (``special:model.yml``).

Marian writes it as a flat YAML mapping of scalars and lists of scalars. Only that
subset is read: no anchors, tags or nesting, so nothing in it can grow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

_Value: TypeAlias = str | tuple[str, ...]

_LENGTH_LIMIT: Final = 65_536
_LAYERS_LIMIT: Final = 64
"""Several times what the deepest student has."""
_ENTRY: Final = re.compile(r"(?P<key>[A-Za-z0-9_-]+):(?:[ ]+(?P<value>.*?))?[ ]*")
_ELEMENT: Final = re.compile(r"[ ]*-[ ]+(?P<value>.*?)[ ]*")
_INTEGER: Final = re.compile(r"[0-9]{1,9}")

# What must hold for the network of network.py to be the model's. An absent key has
# Marian's default, which is the first value listed.
_REQUIRED: Final[dict[str, tuple[_Value, ...]]] = {
    "type": ("transformer",),
    "dec-cell": ("ssru",),
    "transformer-decoder-autoreg": ("rnn",),
    "transformer-preprocess": ("", "d"),
    "transformer-postprocess": ("dan", "an"),
    "transformer-postprocess-emb": ("d", ""),
    "transformer-postprocess-top": ("",),
    "transformer-train-position-embeddings": ("false",),
    "transformer-no-projection": ("false",),
    "transformer-pool": ("false",),
    "transformer-tied-layers": ((),),
    "layer-normalization": ("false",),
    "right-left": ("false",),
    "ulr": ("false",),
    "lemma-dim-emb": ("0",),
    "input-types": ((),),
}


class Activation(StrEnum):
    """Non-linearity of the feed-forward blocks."""

    RELU = "relu"
    SWISH = "swish"


class ConfigurationError(ValueError):
    """A configuration that is broken or describes another architecture."""


@dataclass(frozen=True, slots=True)
class StudentConfiguration:
    """Sizes and choices of a student's network."""

    source_vocabulary: int
    """Rows of the source embeddings."""
    target_vocabulary: int
    """Rows of the target embeddings."""
    dimension: int
    """Width of the model (``d`` in the papers); even."""
    heads: int
    """Attention heads; divides ``dimension``."""
    encoder_depth: int
    decoder_depth: int
    feed_forward_dimension: int
    feed_forward_depth: int
    """Linear maps in a feed-forward block, 2 in the papers."""
    activation: Activation
    shared_embeddings: bool
    """Whether source and target share one embedding matrix."""
    alignment_layer: int
    """Decoder layer, from 0, whose first head was trained to align words."""

    @property
    def head_width(self) -> int:
        """Dimensions of an attention head."""
        return self.dimension // self.heads


def parse_configuration(text: str) -> StudentConfiguration:
    """Read the embedded configuration.

    Raises:
        ConfigurationError: where it is not the flat YAML that Marian writes, or describes
            anything but a post-norm transformer encoder with an SSRU decoder and tied
            output embeddings.
    """
    settings = _Settings(_parse_flat_yaml(text))
    for key, accepted in _REQUIRED.items():
        settings.require(key, accepted)
    source_vocabulary, target_vocabulary = settings.vocabularies()
    dimension = settings.integer("dim-emb")
    heads = settings.integer("transformer-heads")
    decoder_depth = settings.layers("dec-depth")
    # A width of 2 would make the position encoding divide by zero.
    if dimension % 2 or dimension < 4 or dimension % heads:
        raise ConfigurationError(f"has {heads} attention heads over a width of {dimension}")
    tied_all = settings.flag("tied-embeddings-all")
    if not tied_all:
        settings.require("tied-embeddings", ("true",))
    shared = tied_all or settings.flag("tied-embeddings-src")
    if shared and source_vocabulary != target_vocabulary:
        raise ConfigurationError(
            f"shares embeddings between vocabularies of {source_vocabulary:,} "
            f"and {target_vocabulary:,} pieces"
        )
    layer = settings.scalar("transformer-guided-alignment-layer", "last")
    alignment_layer = (
        decoder_depth if layer == "last" else settings.integer("transformer-guided-alignment-layer")
    )
    if alignment_layer > decoder_depth:
        raise ConfigurationError(f"aligns words in decoder layer {layer} of {decoder_depth}")
    return StudentConfiguration(
        source_vocabulary=source_vocabulary,
        target_vocabulary=target_vocabulary,
        dimension=dimension,
        heads=heads,
        encoder_depth=settings.layers("enc-depth"),
        decoder_depth=decoder_depth,
        feed_forward_dimension=settings.integer("transformer-dim-ffn"),
        feed_forward_depth=settings.layers("transformer-ffn-depth", 2),
        activation=settings.activation(),
        shared_embeddings=shared,
        alignment_layer=alignment_layer - 1,
    )


def _parse_flat_yaml(text: str) -> dict[str, _Value]:
    if len(text) > _LENGTH_LIMIT:
        raise ConfigurationError(f"has a configuration of {len(text):,} characters")
    settings: dict[str, _Value] = {}
    key, open_list = "", False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith(("#", "---")):
            continue
        element = _ELEMENT.fullmatch(line)
        entry = _ENTRY.fullmatch(line)
        if element and open_list:
            settings[key] = (*settings[key], _unquoted(element["value"]))
        elif entry:
            key, value = entry["key"], entry["value"]
            if key in settings:
                raise ConfigurationError(f"has a configuration that says {key!r} twice")
            open_list = not value
            settings[key] = () if open_list or value == "[]" else _unquoted(value)
        else:
            raise ConfigurationError(f"has a configuration whose line {number} is not 'key: value'")
    return settings


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


class _Settings:
    """Typed access to the entries; every complaint names the key."""

    def __init__(self, values: dict[str, _Value]) -> None:
        self._values = values

    def require(self, key: str, accepted: tuple[_Value, ...]) -> None:
        value = self._values.get(key, accepted[0])
        if value not in accepted:
            raise ConfigurationError(
                f"is a network that cannot be run: {key} is {_shown(value)}, "
                f"not {_shown(accepted[0])}"
            )

    def scalar(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if value is None:
            raise ConfigurationError(f"has a configuration without {key!r}")
        if not isinstance(value, str):
            raise ConfigurationError(f"has a configuration whose {key!r} is a list")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        return _positive(key, self.scalar(key, None if default is None else str(default)))

    def layers(self, key: str, default: int | None = None) -> int:
        number = self.integer(key, default)
        if number > _LAYERS_LIMIT:
            raise ConfigurationError(f"has a configuration whose {key!r} is {number:,}")
        return number

    def flag(self, key: str) -> bool:
        value = self.scalar(key, "false")
        if value not in ("true", "false"):
            raise ConfigurationError(f"has a configuration whose {key!r} is {_shown(value)}")
        return value == "true"

    def vocabularies(self) -> tuple[int, int]:
        sizes = self._values.get("dim-vocabs", ())
        if isinstance(sizes, str) or len(sizes) != 2:
            raise ConfigurationError("has a configuration without two 'dim-vocabs'")
        return _positive("dim-vocabs", sizes[0]), _positive("dim-vocabs", sizes[1])

    def activation(self) -> Activation:
        name = self.scalar("transformer-ffn-activation", "relu")
        try:
            return Activation(name)
        except ValueError as error:
            raise ConfigurationError(
                f"is a network that cannot be run: transformer-ffn-activation is {_shown(name)}"
            ) from error


def _positive(key: str, text: str) -> int:
    if not _INTEGER.fullmatch(text) or int(text) == 0:
        raise ConfigurationError(
            f"has a configuration whose {key!r} is {_shown(text)}, not a positive number"
        )
    return int(text)


def _shown(value: _Value) -> str:
    text = repr(value if isinstance(value, str) else list(value))
    return text if len(text) <= 40 else f"{text[:39]}…"
