"""The four families: how a checkpoint of each is made."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import (
    GenerationConfig,
    M2M100Config,
    M2M100ForConditionalGeneration,
    M2M100Tokenizer,
    MarianConfig,
    MarianMTModel,
    MarianTokenizer,
    NllbTokenizer,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
)

from checkpoints.tokenizers import (
    ids_of,
    load_pieces,
    madlad_ids,
    write_m2m_tokenizer,
    write_madlad_tokenizer,
    write_marian_tokenizer,
    write_nllb_tokenizer,
)


@dataclass(frozen=True)
class Family:
    """How a family's checkpoints are made."""

    write_tokenizer: Callable[[Path, list[tuple[str, str]]], None]
    """Puts the tokenizer's files in a folder, from pairs of texts."""
    encoder: Callable[[Path], Callable[[str, str], tuple[list[int], list[int]]]]
    """From that folder, a function of source and target that gives their ids."""
    new_model: Callable[[Path, int], PreTrainedModel]
    """A model with random weights for the tokenizer in a folder, of so many decoder layers."""
    first_id: Callable[[Path], int | None]
    """The id that every translation begins with, where there is one."""


def new_marian(folder: Path, decoder_layers: int) -> PreTrainedModel:
    size = len(json.loads((folder / "vocab.json").read_text(encoding="utf-8")))
    config = MarianConfig(
        vocab_size=size,
        decoder_vocab_size=size,
        **bart_sizes(decoder_layers),
        activation_function="swish",
        static_position_embeddings=True,
        share_encoder_decoder_embeddings=True,
        eos_token_id=0,
        forced_eos_token_id=0,
        pad_token_id=size - 1,
        decoder_start_token_id=size - 1,
    )
    model = MarianMTModel(config)
    model.generation_config = GenerationConfig(
        bad_words_ids=[[size - 1]],
        eos_token_id=0,
        forced_eos_token_id=0,
        pad_token_id=size - 1,
        decoder_start_token_id=size - 1,
        max_length=512,
        num_beams=4,
    )
    return model


def new_m2m(size: int, decoder_layers: int) -> PreTrainedModel:
    config = M2M100Config(
        vocab_size=size,
        **bart_sizes(decoder_layers),
        activation_function="relu",
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        encoder_layerdrop=0.0,
        decoder_layerdrop=0.0,
    )
    model = M2M100ForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, max_length=200
    )
    return model


def new_nllb(folder: Path, decoder_layers: int) -> PreTrainedModel:
    return new_m2m(len(NllbTokenizer.from_pretrained(folder)), decoder_layers)


def new_m2m_100(folder: Path, decoder_layers: int) -> PreTrainedModel:
    tokenizer = M2M100Tokenizer.from_pretrained(folder)
    own = len(tokenizer.lang_token_to_id) + tokenizer.num_madeup_words
    return new_m2m(tokenizer.encoder_size + own, decoder_layers)


def bart_sizes(decoder_layers: int) -> dict[str, Any]:
    return {
        "d_model": 64,
        "encoder_layers": 2,
        "decoder_layers": decoder_layers,
        "encoder_attention_heads": 4,
        "decoder_attention_heads": 4,
        "encoder_ffn_dim": 128,
        "decoder_ffn_dim": 128,
        "max_position_embeddings": 512,
        "scale_embedding": True,
        # Scaled to a length of about one a dimension: beside a sine of that length the usual
        # 0.02 says next to nothing, and the network is thousands of steps in finding words.
        "init_std": 0.125,
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
    }


def new_madlad(folder: Path, decoder_layers: int) -> PreTrainedModel:
    config = T5Config(
        vocab_size=load_pieces(folder / "spiece.model").get_piece_size(),
        d_model=64,
        d_kv=32,
        d_ff=64,
        num_heads=4,
        # No more than in the decoder: where one layer reverses, two let words' places blur.
        num_layers=decoder_layers,
        num_decoder_layers=decoder_layers,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        dropout_rate=0.0,
        decoder_start_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
    )
    model = T5ForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        decoder_start_token_id=0, pad_token_id=1, eos_token_id=2
    )
    return model


FAMILIES = {
    "marian": Family(write_marian_tokenizer, ids_of(MarianTokenizer), new_marian, lambda _: None),
    "nllb": Family(
        write_nllb_tokenizer,
        ids_of(NllbTokenizer),
        new_nllb,
        lambda folder: int(NllbTokenizer.from_pretrained(folder).convert_tokens_to_ids("por_Latn")),
    ),
    "m2m-100": Family(
        write_m2m_tokenizer,
        ids_of(M2M100Tokenizer),
        new_m2m_100,
        lambda folder: int(M2M100Tokenizer.from_pretrained(folder).get_lang_id("pt")),
    ),
    "madlad-400": Family(write_madlad_tokenizer, madlad_ids, new_madlad, lambda _: None),
}
