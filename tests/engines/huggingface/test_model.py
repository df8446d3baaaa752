"""The families behind the search's interface, against the library's own generation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from l10n_pipeline.engines.huggingface import read_checkpoint
from l10n_pipeline.engines.huggingface.model import HuggingFaceModel
from l10n_pipeline.errors import ModelError, NoModelError
from l10n_pipeline.locale import Locale
from tests.engines.huggingface.tiny import FAMILIES, rewrite_json, sentences, write_tiny

EN, PT = Locale.parse("en"), Locale.parse("pt-BR")
STEPS = 14
LIBRARY = {
    "marian": transformers.MarianMTModel,
    "m2m-100": transformers.M2M100ForConditionalGeneration,
    "nllb": transformers.M2M100ForConditionalGeneration,
    "madlad-400": transformers.T5ForConditionalGeneration,
}


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("models") / request.param, request.param)


@pytest.fixture(scope="module")
def model(folder: Path) -> HuggingFaceModel:
    return HuggingFaceModel(read_checkpoint(folder), EN, PT, device="cpu")


def encoded(model: HuggingFaceModel, texts: list[str]) -> list[list[int]]:
    vocabulary = model.source_vocabulary
    return [[*vocabulary.encode(text).ids, vocabulary.eos_id] for text in texts]


def written(model: HuggingFaceModel, sources: list[list[int]], steps: int = STEPS) -> list[Any]:
    """Greedy, finished rows leaving the batch: tokens and attention of each row."""
    eos = model.target_vocabulary.eos_id
    tokens: list[list[int]] = [[] for _ in sources]
    attention: list[list[torch.Tensor]] = [[] for _ in sources]
    running = list(range(len(sources)))
    output = model.step(model.start(sources), None)
    for step in range(steps):
        choices = output.logits.argmax(dim=1)
        for row, choice, weights in zip(running, choices.tolist(), output.attention, strict=True):
            tokens[row].append(choice)
            attention[row].append(weights[: len(sources[row])])
        going = (choices != eos).nonzero().squeeze(1)
        if not len(going) or step == steps - 1:
            break
        running = [running[index] for index in going.tolist()]
        output = model.step(output.state.select(going), choices[going])
    return list(zip(tokens, attention, strict=True))


@dataclass(frozen=True)
class Library:
    """The same checkpoint, loaded and run by the library itself."""

    network: Any
    before_source: list[int]
    start: list[int]
    """What the decoder is given before the translation."""
    barred: list[int]


@pytest.fixture(scope="module")
def library(folder: Path, model: HuggingFaceModel) -> Library:
    checkpoint = read_checkpoint(folder)
    prompt = checkpoint.prompt(EN, PT)
    network = LIBRARY[checkpoint.family].from_pretrained(folder, local_files_only=True).eval()
    if checkpoint.family == "madlad-400":
        # By itself the library takes the output's embeddings for the encoder's.
        weights = load_file(folder / "model.safetensors")
        network.get_encoder().embed_tokens.weight = torch.nn.Parameter(
            weights["decoder.embed_tokens.weight"]
        )
    vocabulary = model.target_vocabulary
    return Library(
        network=network,
        before_source=[model.source_vocabulary.ids[name] for name in prompt.before_source],
        start=[
            checkpoint.configuration.decoder_start,
            *(vocabulary.ids[name] for name in prompt.before_target),
        ],
        barred=sorted(vocabulary.not_text - {vocabulary.eos_id}),
    )


def test_greedy_search_writes_what_the_library_generates(
    model: HuggingFaceModel, library: Library
) -> None:
    sources = encoded(model, sentences(12))

    together = [tokens for tokens, _ in written(model, sources)]

    for source, tokens in zip(sources, together, strict=True):
        found = library.network.generate(
            torch.tensor([library.before_source + source]),
            decoder_input_ids=torch.tensor([library.start]),
            num_beams=1,
            do_sample=False,
            max_new_tokens=STEPS,
            suppress_tokens=library.barred,
            use_cache=False,  # the library's is too small where the decoder has more layers
        )
        assert found[0, len(library.start) :].tolist() == tokens


@torch.inference_mode()
def test_every_step_says_what_the_library_says_of_the_whole(
    model: HuggingFaceModel, library: Library
) -> None:
    sources = encoded(model, sentences(6, seed=5))
    allowed = [n for n in range(model.target_vocabulary.size) if n not in set(library.barred)]
    chosen = random.Random(1).choices(allowed, k=len(sources) * STEPS)
    targets = torch.tensor(chosen).view(len(sources), STEPS)

    state, previous, logits = model.start(sources), None, []
    for step in range(STEPS):
        output = model.step(state, previous)
        logits.append(output.logits[:, allowed])
        state, previous = output.state, targets[:, step]

    for row, source in enumerate(sources):
        whole = library.network(
            input_ids=torch.tensor([library.before_source + source]),
            decoder_input_ids=torch.tensor([[*library.start, *targets[row, :-1].tolist()]]),
        ).logits[0, len(library.start) - 1 :, allowed]
        ours = torch.stack([step[row] for step in logits])
        assert torch.allclose(ours, whole, atol=1e-3, rtol=1e-4)


def test_a_sentence_does_not_depend_on_its_batch(model: HuggingFaceModel) -> None:
    sources = encoded(model, sentences(9, seed=1))

    for source, (tokens, attention) in zip(sources, written(model, sources), strict=True):
        ((alone, attention_alone),) = written(model, [source])
        assert alone == tokens
        assert torch.allclose(torch.stack(attention), torch.stack(attention_alone), atol=1e-5)


def test_attention_covers_the_given_source_and_sums_to_one(model: HuggingFaceModel) -> None:
    sources = encoded(model, ["ab", *sentences(4, seed=2)])
    output = model.step(model.start(sources), None)

    assert output.attention.shape == (len(sources), max(map(len, sources)))
    assert torch.allclose(output.attention.sum(dim=1), torch.ones(len(sources)))
    for row, source in enumerate(sources):
        assert bool((output.attention[row, len(source) :] == 0).all())
    assert output.logits.shape == (len(sources), model.target_vocabulary.size)
    assert output.logits.dtype == output.attention.dtype == torch.float32


def test_special_tokens_are_never_written(model: HuggingFaceModel) -> None:
    output = model.step(model.start(encoded(model, sentences(3))), None)
    vocabulary = model.target_vocabulary
    finite = output.logits.isfinite().all(dim=0)

    allowed = set(finite.nonzero().squeeze(1).tolist())
    assert vocabulary.eos_id in allowed
    assert vocabulary.unk_id not in allowed
    special = [name for name in vocabulary.ids if name.startswith(("<", ">", "__", "por_"))]
    assert {vocabulary.ids[name] for name in special} & allowed == {vocabulary.eos_id}


def test_states_may_be_selected_with_repetition_and_used_again(model: HuggingFaceModel) -> None:
    sources = encoded(model, sentences(3, seed=3))
    first = model.step(model.start(sources), None)
    choices = first.logits.argmax(dim=1)
    second = model.step(first.state, choices)
    rows = torch.tensor([2, 0, 2, 1])

    repeated = model.step(first.state.select(rows), choices[rows])
    again = model.step(first.state, choices)

    assert torch.allclose(repeated.logits, second.logits[rows], atol=1e-5)
    assert torch.equal(again.logits, second.logits)


def test_a_text_that_spells_a_special_token_is_text(model: HuggingFaceModel) -> None:
    vocabulary = model.source_vocabulary
    spelt = [name for name in vocabulary.ids if vocabulary.ids[name] in vocabulary.not_text]
    assert len(spelt) > 3
    for name in spelt:
        ids = vocabulary.encode(f"ab {name} cd").ids
        assert not set(ids) & (vocabulary.not_text - {vocabulary.unk_id})


def test_a_pair_it_does_not_serve_is_refused(folder: Path) -> None:
    checkpoint = read_checkpoint(folder)
    with pytest.raises(NoModelError, match="does not write Finnish"):
        HuggingFaceModel(checkpoint, EN, Locale.parse("fi"))


def test_the_decoder_of_madlad_lends_its_embeddings_to_the_encoder(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "madlad", "madlad-400")
    published = written(load(folder), encoded(load(folder), sentences(4)))
    weights = load_file(folder / "model.safetensors")
    weights["shared.weight"] = weights.pop("decoder.embed_tokens.weight")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    spelt_out = written(load(folder), encoded(load(folder), sentences(4)))

    assert [tokens for tokens, _ in published] == [tokens for tokens, _ in spelt_out]


def test_the_first_tokenizer_of_nllb_had_the_language_last(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "nllb", "nllb")
    sources = encoded(load(folder), sentences(5))
    modern = load(folder).step(load(folder).start(sources), None)
    rewrite_json(folder / "tokenizer_config.json", legacy_behaviour=True)

    legacy = load(folder).step(load(folder).start(sources), None)

    assert not torch.allclose(modern.logits, legacy.logits)
    assert torch.allclose(legacy.attention.sum(dim=1), torch.ones(len(sources)))
    for row, source in enumerate(sources):
        assert bool((legacy.attention[row, len(source) :] == 0).all())


def test_a_translation_beyond_the_positions_is_an_error(tmp_path: Path) -> None:
    model = load(write_tiny(tmp_path / "marian", "marian"))
    output = model.step(model.start(encoded(model, ["ab"])), None)
    for _ in range(63):
        output = model.step(output.state, torch.tensor([5]))
    with pytest.raises(ModelError, match="cannot write more than 64 tokens"):
        model.step(output.state, torch.tensor([5]))


def load(folder: Path) -> HuggingFaceModel:
    name = "opus-mt-en-pt" if folder.name == "marian" else folder.name
    renamed = folder.with_name(name)
    if name != folder.name and folder.exists():
        folder.rename(renamed)
    return HuggingFaceModel(read_checkpoint(renamed), EN, PT, device="cpu")
