"""Tiny checkpoints with random weights: every family's files, in the hub's layout."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import sentencepiece
import torch
import transformers
from safetensors.torch import save_file

FAMILIES = ("marian", "m2m-100", "nllb", "madlad-400")
WORDS = [
    "".join(random.Random(number).choices("abcdefghijklmnoprstuvz", k=2 + number % 6))
    for number in range(80)
]
NLLB_CODES = ("eng_Latn", "por_Latn", "srp_Cyrl", "zho_Hans", "zho_Hant")
M2M_CODES = ("en", "pt", "sr", "zh")
SIZES = {"marian": 128, "m2m-100": 112, "nllb": 112, "madlad-400": 120}


def sentences(count: int, seed: int = 0) -> list[str]:
    """Texts of the words that the vocabularies were trained on, of all lengths."""
    source = random.Random(seed)
    return [" ".join(source.choices(WORDS, k=source.randrange(1, 12))) for _ in range(count)]


def write_tiny(folder: Path, family: str, **changes: Any) -> Path:
    """Write a checkpoint of a family; ``changes`` go into its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    {"marian": _marian, "m2m-100": _m2m_100, "nllb": _nllb, "madlad-400": _madlad}[family](
        folder, changes
    )
    return folder


def rewrite_json(path: Path, **changes: Any) -> None:
    """Change or, by None, remove members of a JSON object on disc."""
    found = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in found.items() if value is not None}))


def _marian(folder: Path, changes: dict[str, Any]) -> None:
    pieces = []
    for name, seed in (("source", 1), ("target", 2)):
        data = trained(seed=seed, size=70)
        (folder / f"{name}.spm").write_bytes(data)
        pieces += _pieces(data)[3:]
    size = SIZES["marian"]
    listed = ["</s>", "<unk>", *dict.fromkeys([*pieces, ">>por<<", ">>srp_Latn<<"])]
    assert len(listed) < size
    vocabulary = {piece: number for number, piece in enumerate(listed)} | {"<pad>": size - 1}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    _write(folder / "tokenizer_config.json", {"source_lang": "eng", "target_lang": "mul"})
    config = transformers.MarianConfig(
        **_bart_sizes(size),
        pad_token_id=size - 1,
        decoder_start_token_id=size - 1,
        eos_token_id=0,
        forced_eos_token_id=None,
        scale_embedding=True,
        activation_function="swish",
        **changes,
    )
    _save(folder, transformers.MarianMTModel, config)


def _m2m_100(folder: Path, changes: dict[str, Any]) -> None:
    data = trained(seed=3, size=80, kind="bpe")
    (folder / "sentencepiece.bpe.model").write_bytes(data)
    listed = ["<s>", "<pad>", "</s>", "<unk>", *_pieces(data)[3:]]
    (folder / "vocab.json").write_text(
        json.dumps({piece: number for number, piece in enumerate(listed)})
    )
    names = [f"__{code}__" for code in M2M_CODES]
    _write(folder / "special_tokens_map.json", {"additional_special_tokens": names})
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer"})
    config = transformers.M2M100Config(**_bart_sizes(SIZES["m2m-100"]), **changes)
    _save(folder, transformers.M2M100ForConditionalGeneration, config)


def _nllb(folder: Path, changes: dict[str, Any]) -> None:
    (folder / "sentencepiece.bpe.model").write_bytes(trained(seed=4, size=80, kind="bpe"))
    names = {"additional_special_tokens": list(NLLB_CODES)}
    _write(folder / "special_tokens_map.json", names)
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "NllbTokenizer"})
    config = transformers.M2M100Config(**_bart_sizes(SIZES["nllb"]), **changes)
    _save(folder, transformers.M2M100ForConditionalGeneration, config)


def _madlad(folder: Path, changes: dict[str, Any]) -> None:
    marks = ["<2en>", "<2pt>", "<2sr_Latn>", "<2zh>"]
    (folder / "spiece.model").write_bytes(trained(seed=5, size=90, marks=marks))
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer", "extra_ids": 0})
    config = transformers.T5Config(
        vocab_size=changes.pop("vocab_size", SIZES["madlad-400"]),
        d_model=16,
        d_kv=8,
        d_ff=24,
        num_layers=2,
        num_decoder_layers=3,
        num_heads=2,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        decoder_start_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        initializer_factor=1.0,
        **changes,
    )
    model = _save(folder, transformers.T5ForConditionalGeneration, config)
    # As Google published it: the embeddings as the decoder's, and an output of its own.
    weights = {
        name: tensor.contiguous()
        for name, tensor in model.state_dict().items()
        if name not in ("shared.weight", "encoder.embed_tokens.weight")
    }
    torch.manual_seed(7)
    weights["lm_head.weight"] = torch.randn_like(weights["decoder.embed_tokens.weight"])
    weights["decoder.embed_tokens.weight"] = weights["decoder.embed_tokens.weight"].clone()
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    rewrite_json(folder / "config.json", tie_word_embeddings=False, scale_decoder_outputs=None)


def _bart_sizes(size: int) -> dict[str, Any]:
    return {
        "vocab_size": size,
        "d_model": 16,
        "encoder_layers": 2,
        "decoder_layers": 3,
        "encoder_ffn_dim": 24,
        "decoder_ffn_dim": 32,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 4,
        "max_position_embeddings": 64,
        "init_std": 0.4,  # enough that attention matters
    }


def _save(folder: Path, kind: Any, config: Any) -> Any:
    torch.manual_seed(6)
    transformers.utils.logging.disable_progress_bar()
    model = kind(config).eval()
    if hasattr(model, "final_logits_bias"):
        model.final_logits_bias.normal_()
    model.save_pretrained(folder)
    return model


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value))


def _pieces(data: bytes) -> list[str]:
    processor = sentencepiece.SentencePieceProcessor(model_proto=data)
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]


@lru_cache
def _trained(
    seed: int, size: int, marks: tuple[str, ...], kind: str, *, byte_fallback: bool
) -> bytes:
    folder = Path(mkdtemp(prefix="l10n-tiny-"))
    text = folder / "text.txt"
    text.write_text("\n".join(sentences(300, seed)))
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(folder / "vocab"),
        vocab_size=size,
        model_type=kind,
        user_defined_symbols=list(marks),
        byte_fallback=byte_fallback,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        minloglevel=2,
        num_threads=1,
    )
    return (folder / "vocab.model").read_bytes()


def trained(
    *,
    seed: int,
    size: int,
    marks: Iterable[str] = (),
    kind: str = "unigram",
    byte_fallback: bool = False,
) -> bytes:
    """A SentencePiece model of a few pieces."""
    return _trained(seed, size, tuple(marks), kind, byte_fallback=byte_fallback)
