"""What ``config.json`` says of a network, checked before anything is made of it.

Names and defaults are those of the ``transformers`` library (``MarianConfig``,
``M2M100Config``, ``T5Config``). Every size is bounded here, and compared with the weights
that are there (:mod:`.weights`) before a tensor is allocated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

ARCHITECTURES: Final = ("marian", "m2m_100", "t5")
"""Values of ``model_type`` that can be run."""

_LAYERS: Final = 128
_WIDTH: Final = 2**14
_INNER_WIDTH: Final = 2**17
_HEADS: Final = 256
_VOCABULARY: Final = 2**21
_POSITIONS: Final = 2**14
_ACTIVATIONS: Final = ("relu", "gelu", "gelu_new", "silu", "swish")
_GATED: Final = "gated-"
_BART_SIZES: Final = {
    "vocab_size": _VOCABULARY,
    "d_model": _WIDTH,
    "encoder_layers": _LAYERS,
    "decoder_layers": _LAYERS,
    "encoder_ffn_dim": _INNER_WIDTH,
    "decoder_ffn_dim": _INNER_WIDTH,
    "encoder_attention_heads": _HEADS,
    "decoder_attention_heads": _HEADS,
    "max_position_embeddings": _POSITIONS,
}
_T5_SIZES: Final = {
    "vocab_size": _VOCABULARY,
    "d_model": _WIDTH,
    "d_kv": _WIDTH,
    "d_ff": _INNER_WIDTH,
    "num_layers": _LAYERS,
    "num_heads": _HEADS,
}


class ConfigurationError(Exception):
    """What is wrong with a configuration, in words that follow the file's name."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor that the network needs."""

    names: tuple[str, ...]
    """Where it may stand in the weights: any one will do, the first that is there counts."""
    shape: tuple[int, ...]
    optional: bool = False
    """Whether the network has another in its place where it is missing."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A checked ``config.json``."""

    architecture: str
    """One of :data:`ARCHITECTURES`."""
    values: Mapping[str, Any]
    """What to make the library's configuration of; nothing that was not checked."""
    source_size: int
    """Rows of the encoder's embeddings."""
    target_size: int
    """Columns of the logits."""
    decoder_start: int
    """Token id that the decoder is given first."""
    eos: int
    pad: int
    positions: int | None
    """Tokens that a sequence may have; None where the network sets no limit."""
    scaled_output: bool
    """T5: whether the decoder's output is scaled before it is projected."""
    tensors: tuple[Tensor, ...]
    """The weights without which it is not the network."""


def parse_configuration(found: Mapping[str, Any], generation: Mapping[str, Any]) -> Configuration:
    """Check a configuration.

    Args:
        found: ``config.json``.
        generation: ``generation_config.json``; empty where there is none. The library
            writes the decoder's first token there.

    Raises:
        ConfigurationError: where a value is missing, of another type, out of bounds, or
            asks for what cannot be run.
    """
    architecture = found.get("model_type")
    if architecture not in ARCHITECTURES:
        raise ConfigurationError(f"is of a kind that cannot be run: model_type is {architecture!r}")
    if found.get("quantization_config") is not None:
        raise ConfigurationError("has quantised weights, which cannot be run")
    if architecture == "t5":
        return _t5(found, generation)
    return _bart(architecture, found, generation)


def _bart(
    architecture: str, found: Mapping[str, Any], generation: Mapping[str, Any]
) -> Configuration:
    sizes = {key: _size(found, key, limit) for key, limit in _BART_SIZES.items()}
    for side in ("encoder", "decoder"):
        if sizes["d_model"] % sizes[f"{side}_attention_heads"]:
            raise ConfigurationError(f"{side}_attention_heads does not divide d_model")
    if sizes["d_model"] < 4 or sizes["d_model"] % 2:
        raise ConfigurationError(f"d_model must be even and at least 4: {sizes['d_model']}")
    marian = architecture == "marian"
    if found.get("static_position_embeddings", True) is not True:
        raise ConfigurationError("has learnt positions, which cannot be run")
    shared = _flag(found, "share_encoder_decoder_embeddings", default=True) if marian else True
    target_size = sizes["vocab_size"]
    if marian and not shared:
        target_size = _size(found, "decoder_vocab_size", _VOCABULARY, default=target_size)
    vocabulary = min(target_size, sizes["vocab_size"])
    pad = _token(found, "pad_token_id", vocabulary, default=None if marian else 1)
    eos = _token(found, "eos_token_id", vocabulary, default=0 if marian else 2)
    start = _token(
        {**generation, **found}, "decoder_start_token_id", target_size, default=pad if marian else 2
    )
    return Configuration(
        architecture=architecture,
        values={
            **sizes,
            "activation_function": _choice(
                found, "activation_function", _ACTIVATIONS, default="gelu" if marian else "relu"
            ),
            "scale_embedding": _flag(found, "scale_embedding", default=not marian),
            "pad_token_id": pad,
            "eos_token_id": eos,
            "decoder_start_token_id": start,
            **(
                {
                    "decoder_vocab_size": target_size,
                    "share_encoder_decoder_embeddings": shared,
                    "tie_word_embeddings": _flag(found, "tie_word_embeddings", default=True),
                }
                if marian
                else {}
            ),
        },
        source_size=sizes["vocab_size"],
        target_size=target_size,
        decoder_start=start,
        eos=eos,
        pad=pad,
        positions=sizes["max_position_embeddings"],
        scaled_output=False,
        tensors=tuple(_bart_tensors(sizes, target_size, shared=shared, marian=marian)),
    )


def _bart_tensors(
    sizes: Mapping[str, int], target_size: int, *, shared: bool, marian: bool
) -> Iterator[Tensor]:
    width = sizes["d_model"]
    shared_names = ("model.shared.weight",)
    encoder_name, decoder_name = (
        "model.encoder.embed_tokens.weight",
        "model.decoder.embed_tokens.weight",
    )
    if shared:
        yield Tensor((*shared_names, encoder_name, decoder_name), (sizes["vocab_size"], width))
    else:
        yield Tensor((encoder_name, *shared_names), (sizes["vocab_size"], width))
        yield Tensor((decoder_name,), (target_size, width))
    yield Tensor(("lm_head.weight",), (target_size, width), optional=True)
    if marian:
        yield Tensor(("final_logits_bias",), (1, target_size))
    for side in ("encoder", "decoder"):
        inner = sizes[f"{side}_ffn_dim"]
        attentions = ("self_attn",) if side == "encoder" else ("self_attn", "encoder_attn")
        if not marian:
            yield from _affine(f"model.{side}.layer_norm", (width,))
        for number in range(sizes[f"{side}_layers"]):
            layer = f"model.{side}.layers.{number}"
            for attention in attentions:
                for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                    yield from _affine(f"{layer}.{attention}.{part}", (width, width))
                yield from _affine(f"{layer}.{attention}_layer_norm", (width,))
            yield from _affine(f"{layer}.fc1", (inner, width))
            yield from _affine(f"{layer}.fc2", (width, inner))
            yield from _affine(f"{layer}.final_layer_norm", (width,))


def _affine(name: str, shape: tuple[int, ...]) -> Iterator[Tensor]:
    yield Tensor((f"{name}.weight",), shape)
    yield Tensor((f"{name}.bias",), shape[:1])


def _t5(found: Mapping[str, Any], generation: Mapping[str, Any]) -> Configuration:
    sizes = {key: _size(found, key, limit) for key, limit in _T5_SIZES.items()}
    sizes["num_decoder_layers"] = _size(
        found, "num_decoder_layers", _LAYERS, default=sizes["num_layers"]
    )
    # Fewer buckets, or a nearer horizon, and the library's logarithms have no value.
    buckets = _size(found, "relative_attention_num_buckets", 2**12, default=32)
    distance = _size(found, "relative_attention_max_distance", 2**16, default=128)
    if buckets < 4 or buckets % 4 or distance <= buckets // 2:
        raise ConfigurationError("relative_attention_num_buckets fits no relative positions")
    projection = _choice(
        found,
        "feed_forward_proj",
        (*_ACTIVATIONS, *(_GATED + name for name in _ACTIVATIONS)),
        default="relu",
    )
    epsilon = found.get("layer_norm_epsilon", 1e-6)
    if not isinstance(epsilon, float) or not 0 < epsilon < 1:
        raise ConfigurationError(f"layer_norm_epsilon is not a small number: {epsilon!r}")
    tied = _flag(found, "tie_word_embeddings", default=True)
    pad = _token(found, "pad_token_id", sizes["vocab_size"], default=0)
    eos = _token(found, "eos_token_id", sizes["vocab_size"], default=1)
    start = _token(
        {**generation, **found}, "decoder_start_token_id", sizes["vocab_size"], default=pad
    )
    return Configuration(
        architecture="t5",
        values={
            **sizes,
            "relative_attention_num_buckets": buckets,
            "relative_attention_max_distance": distance,
            "feed_forward_proj": projection,
            "layer_norm_epsilon": epsilon,
            "pad_token_id": pad,
            "eos_token_id": eos,
            "decoder_start_token_id": start,
        },
        source_size=sizes["vocab_size"],
        target_size=sizes["vocab_size"],
        decoder_start=start,
        eos=eos,
        pad=pad,
        positions=None,
        # transformers 5 writes the flag itself, beside an always true tie_word_embeddings.
        scaled_output=_flag(found, "scale_decoder_outputs", default=tied),
        tensors=tuple(_t5_tensors(sizes, buckets, gated=projection.startswith(_GATED))),
    )


def _t5_tensors(sizes: Mapping[str, int], buckets: int, *, gated: bool) -> Iterator[Tensor]:
    width, inner, heads = sizes["d_model"], sizes["d_ff"], sizes["num_heads"]
    keys = heads * sizes["d_kv"]
    # MADLAD-400 has the decoder's embeddings, for both sides, and an output of its own.
    yield Tensor(
        ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"),
        (sizes["vocab_size"], width),
    )
    yield Tensor(("lm_head.weight",), (sizes["vocab_size"], width), optional=True)
    for side, layers in (("encoder", "num_layers"), ("decoder", "num_decoder_layers")):
        yield Tensor((f"{side}.final_layer_norm.weight",), (width,))
        attentions = (
            ["SelfAttention"] if side == "encoder" else ["SelfAttention", "EncDecAttention"]
        )
        for number in range(sizes[layers]):
            block = f"{side}.block.{number}.layer"
            for place, attention in enumerate(attentions):
                for part in ("q", "k", "v"):
                    yield Tensor((f"{block}.{place}.{attention}.{part}.weight",), (keys, width))
                yield Tensor((f"{block}.{place}.{attention}.o.weight",), (width, keys))
                yield Tensor((f"{block}.{place}.layer_norm.weight",), (width,))
                if number == place == 0:
                    name = f"{block}.{place}.{attention}.relative_attention_bias.weight"
                    yield Tensor((name,), (buckets, heads))
            last = len(attentions)
            for part in ("wi_0", "wi_1") if gated else ("wi",):
                yield Tensor((f"{block}.{last}.DenseReluDense.{part}.weight",), (inner, width))
            yield Tensor((f"{block}.{last}.DenseReluDense.wo.weight",), (width, inner))
            yield Tensor((f"{block}.{last}.layer_norm.weight",), (width,))


def _size(found: Mapping[str, Any], key: str, limit: int, default: int | None = None) -> int:
    value = found.get(key)
    value = default if value is None else value
    if type(value) is not int or not 0 < value <= limit:
        raise ConfigurationError(f"{key} is not a number from 1 to {limit:,}: {_shown(value)}")
    return value


def _token(found: Mapping[str, Any], key: str, size: int, default: int | None) -> int:
    value = found.get(key)
    value = default if value is None else value
    if type(value) is not int or not 0 <= value < size:
        raise ConfigurationError(f"{key} is no token of the vocabulary: {_shown(value)}")
    return value


def _flag(found: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = found.get(key, default)
    if not isinstance(value, bool):
        raise ConfigurationError(f"{key} is neither true nor false: {_shown(value)}")
    return value


def _choice(found: Mapping[str, Any], key: str, choices: tuple[str, ...], *, default: str) -> str:
    value = found.get(key, default)
    if value not in choices:
        raise ConfigurationError(f"{key} is none of {', '.join(choices)}: {_shown(value)}")
    return str(value)


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a huge number"
    return text if len(text) <= 40 else f"{text[:40]}…"
