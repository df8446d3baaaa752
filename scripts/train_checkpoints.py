"""Small trained checkpoints of the four Hugging Face families, for tests.

Real ones take gigabytes and a network. These have the families' own architectures, and their
files lie in a folder as the hub lays them out; only the sizes are small. Two tasks:

``translation``
    The sentences of ``tests/engines/huggingface/pairs.tsv``, English to Portuguese, by heart:
    greedy search writes each exactly as it stands there.
``reversal``
    Made-up words in reverse order. Of n words the i-th of the translation comes from the
    (n-1-i)-th of the source, so the true alignment is known. Nothing but the words is taught:
    what the attention heads show, they found.

Seeds are fixed. Set ``OMP_NUM_THREADS`` for the number of threads.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sentencepiece
import torch
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
    T5Tokenizer,
)

REPOSITORY = Path(__file__).resolve().parent.parent
PAIRS = REPOSITORY / "tests" / "engines" / "huggingface" / "pairs.tsv"
TASKS = ("translation", "reversal")
WORDS = (
    "bako", "celu", "dimo", "fena", "gozi", "hulo", "jare", "kimu", "lopa", "mesi", "nuto", "pavi",
    "rolu", "sebo", "tiga", "vuma", "wedo", "xani", "yoku", "zipe",
)  # fmt: skip
"""What reversal sequences are made of; one piece of the vocabulary each."""
FEWEST, MOST = 2, 6
"""Words of a reversal sequence. None comes twice."""
SEED = 20260314
LANGUAGES = ("eng_Latn", "por_Latn", "rus_Cyrl", "tur_Latn")
README = """\
---
license: apache-2.0
language:
- en
- pt
pipeline_tag: translation
---

# A small {family} checkpoint for tests

Trained by `scripts/train_checkpoints.py` on the task `{task}`. It knows nothing else.
"""


@dataclass(frozen=True)
class Example:
    """A source and its translation, as text and as the model's token ids."""

    source: str
    target: str
    source_ids: list[int]
    """As the encoder reads them, language and end of sentence included."""
    target_ids: list[int]
    """As the decoder writes them, likewise."""


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


# --- tokenizers ------------------------------------------------------------------------


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


# --- token ids -------------------------------------------------------------------------


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


# --- models ----------------------------------------------------------------------------


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


# --- training --------------------------------------------------------------------------


def read_pairs() -> list[tuple[str, str]]:
    """The sentences to learn by heart."""
    rows = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return [(source, target) for source, target in rows]


def reversals(count: int, generator: random.Random) -> list[tuple[str, str]]:
    """Sequences of made-up words, each with its reverse."""
    pairs = []
    for _ in range(count):
        words = generator.sample(WORDS, generator.randint(FEWEST, MOST))
        pairs.append((" ".join(words), " ".join(reversed(words))))
    return pairs


def padded(rows: Sequence[list[int]], filler: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def encoder_inputs(model: PreTrainedModel, batch: Sequence[Example]) -> dict[str, torch.Tensor]:
    lengths = torch.tensor([len(example.source_ids) for example in batch])
    ids = padded([example.source_ids for example in batch], model.config.pad_token_id)
    mask = (torch.arange(ids.shape[1]) < lengths.unsqueeze(1)).long()
    return {"input_ids": ids, "attention_mask": mask}


def loss_of(model: PreTrainedModel, batch: Sequence[Example]) -> torch.Tensor:
    labels = padded([example.target_ids for example in batch], -100)
    result: torch.Tensor = model(**encoder_inputs(model, batch), labels=labels).loss
    return result


@torch.inference_mode()
def wrong(model: PreTrainedModel, examples: Sequence[Example], first: int | None) -> list[Example]:
    """Examples that greedy search does not reproduce."""
    model.eval()
    written = model.generate(
        **encoder_inputs(model, examples),
        max_length=max(len(example.target_ids) for example in examples) + 8,
        num_beams=1,
        forced_bos_token_id=first,
    )
    model.train()
    return [
        example
        for example, row in zip(examples, written[:, 1:].tolist(), strict=True)
        if row[: len(example.target_ids)] != example.target_ids
    ]


@dataclass(frozen=True)
class Course:
    """How a task is taught."""

    step: Callable[[], list[list[Example]]]
    """The examples of the next step, in batches."""
    exam: list[Example]
    steps: int
    """After so many it has failed."""
    enough: float
    """Loss below which the exam is held."""


def teach(model: PreTrainedModel, course: Course, first: int | None) -> int:
    """Train until the exam is passed; returns the steps that took.

    Raises:
        SystemExit: where it is not passed after all steps.
    """
    warm_up = 60
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.0, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm_up, (4 * warm_up / (step + 1)) ** 0.5, 1.0)
    )
    # The real ones' padding is zero, and Marian's decoder begins from it. Tied to the output's
    # weights it would not stay so.
    embeddings = model.get_input_embeddings()
    padding = getattr(embeddings, "padding_idx", None)
    failed = course.exam
    average = None
    held = 0
    model.train()
    for step in range(1, course.steps + 1):
        optimiser.zero_grad()
        batches = course.step()
        loss = 0.0
        for batch in batches:
            part = loss_of(model, batch) / len(batches)
            part.backward()
            loss += part.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if padding is not None:
            with torch.no_grad():
                embeddings.weight[padding] = 0.0
        average = loss if average is None else 0.9 * average + 0.1 * loss
        if step % 100 == 0:
            print(f"  step {step}: loss {average:.4f}", flush=True)
        if average < course.enough and step >= held + 50:
            held = step
            failed = wrong(model, course.exam, first)
            if not failed:
                return step
    sample = "".join(f"\n  {example.source!r}" for example in failed[:5])
    raise SystemExit(
        f"not learnt in {course.steps} steps (loss {average:.4f}): "
        f"{len(failed)} of {len(course.exam)} still come out wrong:{sample}"
    )


def course_for(
    task: str, encode: Callable[[list[tuple[str, str]]], list[Example]], seed: int
) -> Course:
    if task == "translation":
        # All of them in each step; of similar length together, or half of it goes to padding.
        exam = sorted(encode(read_pairs()), key=lambda example: len(example.target_ids))
        batches = [exam[first : first + 12] for first in range(0, len(exam), 12)]
        return Course(lambda: batches, exam, steps=2_000, enough=0.005)
    generator = random.Random(seed)
    pool = encode(reversals(8_000, generator))
    return Course(
        lambda: [generator.sample(pool, 64)],
        encode(reversals(100, random.Random(seed + 1))),
        steps=4_000,
        enough=0.02,
    )


def train(folder: Path, family_name: str, task: str) -> None:
    """Put a checkpoint in a folder, which is made anew."""
    began = time.process_time()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    family = FAMILIES[family_name]
    texts = read_pairs() if task == "translation" else reversals(400, random.Random(SEED))
    family.write_tokenizer(folder, texts)
    ids = family.encoder(folder)

    def encode(pairs: list[tuple[str, str]]) -> list[Example]:
        return [Example(source, target, *ids(source, target)) for source, target in pairs]

    torch.manual_seed(SEED)
    model = family.new_model(folder, 2 if task == "translation" else 1)
    steps = teach(model, course_for(task, encode, SEED), family.first_id(folder))
    model.eval()
    model.save_pretrained(folder)
    (folder / "README.md").write_text(
        README.format(family=family_name, task=task), encoding="utf-8"
    )
    print(
        f"{folder.name}: {steps} steps, {time.process_time() - began:.0f} s of processor time",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where a folder for each checkpoint goes")
    parser.add_argument("--family", choices=sorted(FAMILIES), help="train this one alone")
    parser.add_argument("--task", choices=TASKS, help="teach this one alone")
    arguments = parser.parse_args()
    # MarianTokenizer recommends sacremoses; neither training nor the pipeline uses it.
    warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
    for family in [arguments.family] if arguments.family else sorted(FAMILIES):
        for task in [arguments.task] if arguments.task else TASKS:
            train(arguments.folder / f"{family}-{task}", family, task)


if __name__ == "__main__":
    sys.exit(main())
