"""The tokenizers of the four families: their files, and the ids they give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import sentencepiece
from transformers import M2M100Tokenizer, NllbTokenizer, T5Tokenizer

from checkpoints.tasks import WORDS

LANGUAGES = ("eng_Latn", "por_Latn", "rus_Cyrl", "tur_Latn")


def train_pieces(path: Path, lines: Iterable[str], kind: str, own: Sequence[str] = ()) -> Path:
    """Train a SentencePiece model whose first pieces are ``<unk>``, ``<s>``, ``</s>``."""
    lines = list(lines)
    words = {word for line in lines for word in line.split()}
    characters = {character for line in lines for character in line}
    # Room for each word of the reversal task to become a piece; real text is a mix of parts.
    size = len(characters) + 5 * len(words) if len(words) <= len(WORDS) else 560
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_prefix=str(path),
        model_type=kind,
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=1.0,
        user_defined_symbols=list(own),
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    path.with_name(f"{path.name}.vocab").unlink()
    return path.with_name(f"{path.name}.model").rename(path)


def load_pieces(path: Path) -> Any:
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def pieces_of(path: Path) -> list[str]:
    """All pieces but the three special ones."""
    processor = load_pieces(path)
    return [processor.id_to_piece(index) for index in range(3, processor.get_piece_size())]


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_marian_tokenizer(folder: Path, pairs: list[tuple[str, str]]) -> None:
    source = train_pieces(folder / "source.spm", (source for source, _ in pairs), "unigram")
    target = train_pieces(folder / "target.spm", (target for _, target in pairs), "unigram")
    shared = sorted({*pieces_of(source), *pieces_of(target)})
    vocabulary = ["</s>", "<unk>", *shared, "<pad>"]
    write_json(folder / "vocab.json", {piece: index for index, piece in enumerate(vocabulary)})
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "MarianTokenizer",
            "source_lang": "en",
            "target_lang": "pt",
            "eos_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "model_max_length": 512,
        },
    )


def write_nllb_tokenizer(folder: Path, pairs: list[tuple[str, str]]) -> None:
    path = train_pieces(folder / "sentencepiece.bpe.model", both_sides(pairs), "bpe")
    listed = ["<s>", "<pad>", "</s>", "<unk>"]
    first = len(listed) + len(pieces_of(path))
    own = dict(enumerate(listed))
    own.update(enumerate((*LANGUAGES, "<mask>"), start=first))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "NllbTokenizer",
            "src_lang": "eng_Latn",
            "tgt_lang": "por_Latn",
            "additional_special_tokens": list(LANGUAGES),
            "added_tokens_decoder": {
                str(index): {
                    "content": token,
                    "lstrip": token == "<mask>",
                    "normalized": token == "<mask>",
                    "rstrip": False,
                    "single_word": False,
                    "special": True,
                }
                for index, token in own.items()
            },
        },
    )
    # Adds tokenizer.json, made of the SentencePiece model.
    NllbTokenizer.from_pretrained(folder).save_pretrained(folder)


def write_m2m_tokenizer(folder: Path, pairs: list[tuple[str, str]]) -> None:
    path = train_pieces(folder / "sentencepiece.bpe.model", both_sides(pairs), "bpe")
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *pieces_of(path)]
    write_json(folder / "vocab.json", {piece: index for index, piece in enumerate(vocabulary)})
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(path), src_lang="en", tgt_lang="pt")
    tokenizer.save_pretrained(folder)


def write_madlad_tokenizer(folder: Path, pairs: list[tuple[str, str]]) -> None:
    train_pieces(folder / "spiece.model", both_sides(pairs), "unigram", ("<2en>", "<2es>", "<2pt>"))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "T5Tokenizer",
            "extra_ids": 0,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<s>",
            "additional_special_tokens": [],
        },
    )
    T5Tokenizer.from_pretrained(folder).save_pretrained(folder)


def both_sides(pairs: list[tuple[str, str]]) -> list[str]:
    return [text for pair in pairs for text in pair]


def ids_of(kind: Any) -> Callable[[Path], Callable[[str, str], tuple[list[int], list[int]]]]:
    """The encoder of a family whose tokenizer in ``transformers`` is of this class."""

    def encoder(folder: Path) -> Callable[[str, str], tuple[list[int], list[int]]]:
        tokenizer = kind.from_pretrained(folder)
        return lambda source, target: (
            tokenizer(source).input_ids,
            tokenizer(text_target=target).input_ids,
        )

    return encoder


def madlad_ids(folder: Path) -> Callable[[str, str], tuple[list[int], list[int]]]:
    # Not T5Tokenizer: in transformers 5 it takes id 2 for the unknown, which is T5's.
    processor = load_pieces(folder / "spiece.model")
    eos = processor.eos_id()
    return lambda source, target: (
        [*processor.encode(f"<2pt> {source}"), eos],
        [*processor.encode(target), eos],
    )
