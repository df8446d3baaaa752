"""The network of a checkpoint, run by ``transformers`` one token at a time.

Only the library's public ``forward`` is used, with a cache built anew for each step out of
the tensors of the step before: states never change, so that a search may keep any of them.

Shapes: B sentences, S source positions, T target positions, D model width, H heads.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
import transformers
from safetensors import SafetensorError, safe_open
from torch import Tensor
from transformers.modeling_outputs import BaseModelOutput

from l10n_pipeline.engines.files import GET_AGAIN
from l10n_pipeline.engines.huggingface.checkpoint import Checkpoint
from l10n_pipeline.engines.huggingface.configuration import Configuration
from l10n_pipeline.engines.huggingface.weights import stored_tensors
from l10n_pipeline.errors import ModelError

_CLASSES: Final = {
    "marian": ("MarianConfig", "MarianMTModel"),
    "m2m_100": ("M2M100Config", "M2M100ForConditionalGeneration"),
    "t5": ("T5Config", "T5ForConditionalGeneration"),
}
# Sinusoids that are computed, whatever a file says.
_COMPUTED: Final = ("embed_positions.weight", "embed_positions.weights")

LayerCache = tuple[Tensor, Tensor, Tensor, Tensor]
"""Keys and values of one layer's attention to the target, then to the source:
[B, H, T or S, D/H] each."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """What the decoder remembers of a batch. Row order is the batch's."""

    encoded: Tensor
    """[B, S, D]: what the encoder made of the sources."""
    mask: Tensor
    """int64 [B, S]: 1 on the source, 0 on padding."""
    cache: tuple[LayerCache, ...] = ()
    """One entry a layer; none before the first step."""
    position: int = 0
    """Tokens that the decoder was given so far."""

    def select(self, rows: Tensor) -> Memory:
        """The memory of these rows, in this order."""
        rows = rows.to(self.encoded.device)
        return Memory(
            encoded=self.encoded[rows],
            mask=self.mask[rows],
            cache=tuple((a[rows], b[rows], c[rows], d[rows]) for a, b, c, d in self.cache),
            position=self.position,
        )


class Network:
    """Encoder and decoder with a checkpoint's weights.

    Args:
        checkpoint: from :func:`.checkpoint.read_checkpoint`.
        device: where to compute.
        dtype: what to compute in.

    Raises:
        ModelError: where the weights cannot be read, or do not make up the whole network.
    """

    def __init__(self, checkpoint: Checkpoint, *, device: torch.device, dtype: torch.dtype) -> None:
        configuration = checkpoint.configuration
        self.device = device
        self.positions = configuration.positions
        # Marian looks positions up in a table; M2M-100 computes what it lacks.
        self.has_table = configuration.architecture == "marian"
        self._where = str(checkpoint.folder)
        with _silence():
            self._model = _load(checkpoint, dtype).to(device)
        values = configuration.values
        t5 = configuration.architecture == "t5"
        self.layers = int(values["num_decoder_layers" if t5 else "decoder_layers"])
        self.heads = int(values["num_heads" if t5 else "decoder_attention_heads"])

    def encode(self, sources: Sequence[Sequence[int]], pad: int) -> Memory:
        """Read a batch of sources, all of their special tokens included."""
        longest = max(map(len, sources))
        ids = torch.full((len(sources), longest), pad)
        mask = torch.zeros(len(sources), longest, dtype=torch.int64)
        for row, source in enumerate(sources):
            ids[row, : len(source)] = torch.tensor(source)
            mask[row, : len(source)] = 1
        ids, mask = ids.to(self.device), mask.to(self.device)
        encoder = self._model.get_encoder()
        encoded = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return Memory(encoded, mask)

    def decode(self, memory: Memory, tokens: Tensor) -> tuple[Tensor, tuple[Tensor, ...], Memory]:
        """Give the decoder its next tokens.

        Args:
            memory: from :meth:`encode` or the step before.
            tokens: int64 [B, T].

        Returns:
            Logits, [B, T, vocabulary]; for each layer the attention over the source,
            [B, H, T, S]; and the memory for the next step.

        Raises:
            ModelError: where a translation grows beyond the network's positions.
        """
        position = memory.position + tokens.shape[1]
        if self.has_table and self.positions is not None and position > self.positions:
            raise ModelError(
                f"cannot write more than {self.positions:,} tokens",
                where=self._where,
                way_out="translate shorter segments",
            )
        cache = transformers.EncoderDecoderCache(
            transformers.DynamicCache([(a, b) for a, b, _, _ in memory.cache]),
            transformers.DynamicCache([(c, d) for _, _, c, d in memory.cache]),
        )
        output = self._model(
            encoder_outputs=BaseModelOutput(last_hidden_state=memory.encoded),
            attention_mask=memory.mask,
            decoder_input_ids=tokens.to(self.device),
            past_key_values=cache,
            use_cache=True,
            output_attentions=True,
        )
        found = output.past_key_values
        layers = zip(
            found.self_attention_cache.layers, found.cross_attention_cache.layers, strict=True
        )
        after = Memory(
            encoded=memory.encoded,
            mask=memory.mask,
            cache=tuple((own.keys, own.values, far.keys, far.values) for own, far in layers),
            position=position,
        )
        return output.logits, tuple(output.cross_attentions), after


def _load(checkpoint: Checkpoint, dtype: torch.dtype) -> Any:
    configuration = checkpoint.configuration
    names = _CLASSES[configuration.architecture]
    config_class, model_class = (getattr(transformers, name) for name in names)
    try:
        model, report = model_class.from_pretrained(
            None,
            config=_library_configuration(config_class, configuration),
            state_dict=_read(checkpoint),
            dtype=dtype,
            attn_implementation="eager",
            local_files_only=True,
            output_loading_info=True,
        )
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        raise _unloadable(checkpoint, f"cannot be loaded: {error}") from error
    missing = [name for name in report["missing_keys"] if not name.endswith(_COMPUTED)]
    if missing or report["mismatched_keys"] or report["error_msgs"]:
        raise _unloadable(checkpoint, f"its weights do not make up the network: {report}")
    return model.eval().requires_grad_(requires_grad=False)


def _library_configuration(config_class: Any, configuration: Configuration) -> Any:
    made = config_class(**configuration.values)
    if configuration.architecture == "t5":
        # Its constructor concludes this from tie_word_embeddings, and then forgets that.
        made.scale_decoder_outputs = configuration.scaled_output
    return made


def _read(checkpoint: Checkpoint) -> dict[str, Tensor]:
    """The weights under the names that the network has for them.

    MADLAD-400 stores the embeddings as the decoder's alone: left to itself, the library would
    take the output's in their place.
    """
    places = stored_tensors(checkpoint.weights)
    weights: dict[str, Tensor] = {}
    for file in checkpoint.weights:
        try:
            with safe_open(str(file), framework="pt") as opened:
                for name, stored in checkpoint.tensors:
                    if places[stored].file == file:
                        weights[name] = opened.get_tensor(stored)
        except (SafetensorError, OSError, KeyError) as error:
            raise _unloadable(checkpoint, f"its weights cannot be read: {error}") from error
    return weights


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep the library from writing to the terminal while it loads."""
    library: Any = transformers.utils.logging
    logger = logging.getLogger("transformers")
    level, bars = logger.level, library.is_progress_bar_enabled()
    logger.setLevel(logging.CRITICAL)
    library.disable_progress_bar()
    try:
        yield
    finally:
        logger.setLevel(level)
        if bars:
            library.enable_progress_bar()


def _unloadable(checkpoint: Checkpoint, what: str) -> ModelError:
    return ModelError(what[:400], where=str(checkpoint.folder), way_out=GET_AGAIN)
