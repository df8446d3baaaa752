"""Make a checkpoint of OPUS-MT's size with random weights, and segments for it.

For measuring speed where no real checkpoint is at hand: the arithmetic is that of a real
one (Marian, 6 + 6 layers of 512, vocabulary of 32,000), what it writes is nonsense. It
never ends a sentence by itself, and all segments have the same number of tokens, so that
every engine has the same number of steps to make. What it writes hangs on the source and on
all that it wrote before, so that engines that compute alike, and they alone, write the same.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import shutil
from pathlib import Path

import sentencepiece
import torch
from transformers import GenerationConfig, MarianConfig, MarianMTModel
from transformers.models.marian.modeling_marian import MarianDecoderLayer

from benchmarks.files import write_lines
from l10n_pipeline.decoding.greedy import LENGTH_FACTOR, length_limit

SEED = 1
WORDS = 31_000
WORDS_IN_SEGMENT = 23
ROWS = 32_000
WIDTH = 512
DECISIVE = 2.0
"""Standard deviation of the embeddings: large enough that few choices are near a tie."""
TURN = 30.0
"""How far the last layer's turned copy of a state outweighs the state itself."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the checkpoint and source.txt go")
    parser.add_argument("--segments", type=int, default=64, help="default: 64")
    options = parser.parse_args()
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    words = made_up_words(WORDS)
    generator = random.Random(SEED)
    lines = [" ".join(generator.sample(words, WORDS_IN_SEGMENT)) for _ in range(options.segments)]
    write_lines(folder / "source.txt", lines)
    write_tokenizer(folder, words)
    write_model(folder)
    steps = length_limit(WORDS_IN_SEGMENT + 1, LENGTH_FACTOR)
    print(f"{folder}: {len(lines)} segments in source.txt; tokens-per-line={steps}")


def made_up_words(count: int) -> list[str]:
    """That many different words."""
    syllables = [a + b for a in "bcdfglmnprstvz" for b in "aeiou"]
    return [
        "".join(three) for three in itertools.islice(itertools.product(syllables, repeat=3), count)
    ]


def write_tokenizer(folder: Path, words: list[str]) -> None:
    """A vocabulary with each of the words as a piece."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(words),
        model_prefix=str(folder / "source"),
        model_type="word",
        vocab_size=len(words) + 3,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (folder / "source.model").rename(folder / "source.spm")
    (folder / "source.vocab").unlink()
    shutil.copy(folder / "source.spm", folder / "target.spm")
    pieces = ["</s>", "<unk>", *(f"▁{word}" for word in words)]
    pieces += [f"<unused {at}>" for at in range(ROWS - len(pieces) - 1)]
    vocabulary = {piece: at for at, piece in enumerate([*pieces, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    about = {
        "tokenizer_class": "MarianTokenizer",
        "source_lang": "en",
        "target_lang": "pt",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "model_max_length": 512,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(about), encoding="utf-8")


def write_model(folder: Path) -> None:
    """The network, its weights and its configuration."""
    torch.manual_seed(SEED)
    tokens = {"pad_token_id": ROWS - 1, "decoder_start_token_id": ROWS - 1, "eos_token_id": 0}
    model = MarianMTModel(
        MarianConfig(
            vocab_size=ROWS,
            decoder_vocab_size=ROWS,
            d_model=WIDTH,
            encoder_layers=6,
            decoder_layers=6,
            encoder_attention_heads=8,
            decoder_attention_heads=8,
            encoder_ffn_dim=4 * WIDTH,
            decoder_ffn_dim=4 * WIDTH,
            activation_function="swish",
            static_position_embeddings=True,
            scale_embedding=True,
            share_encoder_decoder_embeddings=True,
            forced_eos_token_id=None,
            **tokens,
        )
    )
    embeddings = model.get_input_embeddings().weight
    torch.nn.init.normal_(embeddings, std=DECISIVE)
    with torch.no_grad():
        # Marian's decoder starts from zero, and CTranslate2 takes that for granted.
        embeddings[ROWS - 1] = 0
        turn_states(model.model.decoder.layers[-1])
    # It neither ends a sentence nor writes what is no word.
    model.final_logits_bias[0, :2] = -1e4
    model.final_logits_bias[0, WORDS + 2 :] = -1e4
    model.generation_config = GenerationConfig(num_beams=1, **tokens)
    model.save_pretrained(folder)


def turn_states(layer: MarianDecoderLayer) -> None:
    """Make a decoder's last layer turn its states at random.

    Input and output embeddings are the same: a state that layers of small weights leave much
    as it came would write the token that was read, for ever. As swish(x) - swish(-x) = x, a
    feed-forward layer's units taken in pairs are a linear map.
    """
    turn = torch.nn.init.orthogonal_(torch.empty(WIDTH, WIDTH))
    back = TURN * torch.eye(WIDTH)
    layer.fc1.weight[: 2 * WIDTH] = torch.cat([turn, -turn])
    layer.fc2.weight[:, : 2 * WIDTH] = torch.cat([back, -back], dim=1)


if __name__ == "__main__":
    main()
