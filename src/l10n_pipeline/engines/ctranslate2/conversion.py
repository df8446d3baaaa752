"""A checkpoint in CTranslate2's own format, made once and kept in the cache.

Only what :func:`l10n_pipeline.engines.huggingface.read_checkpoint` has looked through is read:
configuration and safetensors. Tokenizer files play no part: the converted model calls each
token by its number.

CTranslate2 reports as alignment the mean of the *first* heads of one decoder layer. Attention is
the same whatever the order of its heads, so the one that aligns is moved to the first place.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ctranslate2
import numpy as np
import torch
import transformers
from ctranslate2.converters.transformers import M2M100Loader, MarianMTLoader, T5Loader
from ctranslate2.specs.model_spec import OPTIONAL
from torch import Tensor, nn

from l10n_pipeline.engines.huggingface.alignment import AlignmentHead
from l10n_pipeline.engines.huggingface.checkpoint import Checkpoint
from l10n_pipeline.engines.huggingface.configuration import Configuration
from l10n_pipeline.engines.huggingface.network import Network
from l10n_pipeline.engines.huggingface.weights import fingerprint
from l10n_pipeline.errors import ModelError, OutputError

PAD: Final = "<pad>"
"""Marian's padding, the one name that the loaders look for: they leave it out."""
_LOADERS: Final = {"marian": MarianMTLoader, "m2m_100": M2M100Loader, "t5": T5Loader}


def converted(checkpoint: Checkpoint, unk: int, cache: Path) -> Path | None:
    """The folder of the converted model; None where it has not been made yet."""
    folder = _folder(checkpoint, unk, cache)
    return folder if (folder / "model.bin").is_file() else None


def convert(checkpoint: Checkpoint, head: AlignmentHead, unk: int, cache: Path) -> Path:
    """Convert a checkpoint, which takes as much memory as its weights.

    Args:
        checkpoint: from :func:`l10n_pipeline.engines.huggingface.read_checkpoint`.
        head: the attention head that aligns words.
        unk: the vocabulary's unknown token.
        cache: the folder that converted models go to.

    Raises:
        ModelError: where CTranslate2 cannot run such a network.
        OutputError: where the cache cannot be written.
    """
    _refuse_other_networks(checkpoint)
    folder = _folder(checkpoint, unk, cache)
    temporary = ""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = tempfile.mkdtemp(dir=folder.parent, prefix=".converting-")
        made = Path(temporary) / folder.name
        made.mkdir()
        specification = _specification(checkpoint, head, unk)
        specification.validate()
        specification.optimize()
        specification.save(str(made))
        try:
            made.rename(folder)
        except OSError:
            # Another process was first; any other reason shows here.
            if not (folder / "model.bin").is_file():
                raise
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(folder.parent),
            way_out="make room or give write permission, then run again",
        ) from error
    # What its loaders and its validation raise for a network that they do not know.
    except (RuntimeError, NotImplementedError, ValueError, KeyError) as error:
        raise _unsuitable(checkpoint, str(error)) from error
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder


def token_name(configuration: Configuration, number: int) -> str:
    """What the converted model calls a token."""
    is_pad = configuration.architecture == "marian" and number == configuration.pad
    return PAD if is_pad else str(number)


def _folder(checkpoint: Checkpoint, unk: int, cache: Path) -> Path:
    configuration = checkpoint.configuration
    made_of = [fingerprint(checkpoint.weights), ctranslate2.__version__, transformers.__version__]
    values = sorted((key, repr(value)) for key, value in configuration.values.items())
    key = json.dumps([made_of, values, configuration.scaled_output, unk])
    return cache / hashlib.sha256(key.encode()).hexdigest()[:16]


def _refuse_other_networks(checkpoint: Checkpoint) -> None:
    """CTranslate2 runs Marian's networks as Marian does: one vocabulary, no padding token."""
    configuration = checkpoint.configuration
    if configuration.architecture != "marian":
        return
    if configuration.source_size != configuration.target_size:
        what = "has a vocabulary for each side"
    elif configuration.pad != configuration.target_size - 1:
        what = "has its padding amid the vocabulary"
    elif configuration.decoder_start != configuration.pad:
        what = "begins translations with a token that is not its padding"
    else:
        return
    raise _unsuitable(checkpoint, what)


def _unsuitable(checkpoint: Checkpoint, what: str) -> ModelError:
    return ModelError(
        f"cannot be run by CTranslate2: {what}",
        where=str(checkpoint.folder),
        way_out="run it with PyTorch instead",
    )


@dataclass(frozen=True)
class _Tokens:
    """What CTranslate2's loaders ask of a tokenizer."""

    configuration: Configuration
    unk: int

    def get_vocab(self) -> dict[str, int]:
        size = self.configuration.target_size
        return {self.convert_ids_to_tokens(number): number for number in range(size)}

    def convert_ids_to_tokens(self, number: int) -> str:
        return token_name(self.configuration, number)

    @property
    def eos_token(self) -> str:
        return self.convert_ids_to_tokens(self.configuration.eos)

    @property
    def bos_token(self) -> str:
        return self.convert_ids_to_tokens(self.configuration.decoder_start)

    @property
    def pad_token(self) -> str:
        return self.convert_ids_to_tokens(self.configuration.pad)

    @property
    def unk_token(self) -> str:
        return self.convert_ids_to_tokens(self.unk)

    @property
    def unk_token_id(self) -> int:
        return self.unk

    @property
    def special_tokens_map(self) -> Mapping[str, Any]:
        return {}


class _Network(Network):
    """The checkpoint's network, loaded as the other engine loads it."""

    def library_model(self, head: AlignmentHead) -> Any:
        """The model of ``transformers``, its aligning head moved to the first place."""
        for projection in self._queries_keys_values(head.layer):
            _swap(projection.weight, head.head, self.heads)
            if projection.bias is not None:
                _swap(projection.bias, head.head, self.heads)
        # The output's columns belong to the heads: weight.T is a view.
        _swap(self._attention(head.layer)[-1].weight.T, head.head, self.heads)
        return self._model

    def _queries_keys_values(self, layer: int) -> tuple[nn.Linear, ...]:
        return self._attention(layer)[:-1]

    def _attention(self, layer: int) -> tuple[nn.Linear, ...]:
        """Projections of queries, keys, values and the output."""
        decoder = self._model.get_decoder()
        if hasattr(decoder, "block"):
            found = decoder.block[layer].layer[1].EncDecAttention
            return (found.q, found.k, found.v, found.o)
        found = decoder.layers[layer].encoder_attn
        return (found.q_proj, found.k_proj, found.v_proj, found.out_proj)


def _swap(weights: Tensor, head: int, heads: int) -> None:
    """Exchange a head's rows with those of the first, in place."""
    by_head = weights.detach().view(heads, len(weights) // heads, *weights.shape[1:])
    by_head[[0, head]] = by_head[[head, 0]]


def _specification(checkpoint: Checkpoint, head: AlignmentHead, unk: int) -> Any:
    """The model as CTranslate2 describes one."""
    configuration = checkpoint.configuration
    network = _Network(checkpoint, device=torch.device("cpu"), dtype=torch.float32)
    with torch.no_grad():
        model = network.library_model(head)
        if configuration.architecture == "marian":
            # CTranslate2 begins from nothing, whatever this token's embedding is.
            start = model.get_decoder().embed_tokens.weight[configuration.decoder_start]
            if bool(start.any()):
                raise _unsuitable(checkpoint, "its first token is not zero")
        found = _LOADERS[configuration.architecture]()(model, _Tokens(configuration, unk))
    found.decoder.alignment_layer = np.int16(head.layer)
    found.decoder.alignment_heads = np.int16(1)
    if configuration.architecture == "t5":
        # transformers 5 calls every T5's embeddings tied, and the loader believes it.
        width = configuration.values["d_model"]
        found.decoder.scale_outputs = (
            np.float32(width**-0.5) if configuration.scaled_output else OPTIONAL
        )
    return found
