"""Trained checkpoints of every family under CTranslate2."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from l10n_pipeline.decoding import Translator, greedy_search
from l10n_pipeline.engines.ctranslate2 import load_with_ctranslate2
from l10n_pipeline.engines.huggingface import read_checkpoint
from l10n_pipeline.engines.huggingface.model import HuggingFaceModel
from l10n_pipeline.errors import EnvironmentFault, ModelError, NoModelError, OutputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import GREEDY, Search
from l10n_pipeline.protocols import Found, SearchingModel
from tests.support.checkpoints import FAMILIES, made_up_words, pairs, trained_checkpoint

EN, PT = Locale.parse("en"), Locale.parse("pt-BR")
BEAM = Search(beam=4)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("L10N_CACHE", str(folder))
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def translating(family: str) -> SearchingModel:
    return load(trained_checkpoint(family, "translation"))


@pytest.fixture(scope="module")
def reversing(family: str) -> SearchingModel:
    return load(trained_checkpoint(family, "reversal"))


def load(folder: Path, compute_type: str = "auto") -> SearchingModel:
    return load_with_ctranslate2(read_checkpoint(folder), EN, PT, compute_type=compute_type)


def encoded(model: SearchingModel | HuggingFaceModel, texts: list[str]) -> list[list[int]]:
    vocabulary = model.source_vocabulary
    return [[*vocabulary.encode(text).ids, vocabulary.eos_id] for text in texts]


def found(
    model: SearchingModel,
    texts: list[str],
    search: Search = GREEDY,
    *,
    n: int = 1,
    prefixes: list[tuple[int, ...]] | None = None,
    length_factor: float = 2.5,
) -> list[list[Found]]:
    return model.search(
        encoded(model, texts), search=search, n=n, prefixes=prefixes, length_factor=length_factor
    )


def text(model: SearchingModel, result: Found) -> str:
    return model.target_vocabulary.decode(result.tokens).text


def sides() -> tuple[list[str], list[str]]:
    return [source for source, _ in pairs()], [target for _, target in pairs()]


def test_it_is_a_searching_model(translating: SearchingModel) -> None:
    assert isinstance(translating, SearchingModel)
    assert "/ct2-" in translating.name


def test_in_float32_it_is_the_same_network(family: str) -> None:
    checkpoint = read_checkpoint(trained_checkpoint(family))
    ours = HuggingFaceModel(checkpoint, EN, PT, device="cpu")
    theirs = load(checkpoint.folder, "float32")
    sources, _ = sides()
    expected = greedy_search(ours, encoded(ours, sources))

    for (result, *_), reference in zip(found(theirs, sources), expected, strict=True):
        assert result.tokens == reference.tokens
        assert result.score == pytest.approx(reference.score, abs=1e-4)
        torch.testing.assert_close(result.attention, reference.attention, atol=1e-4, rtol=0)


@pytest.mark.parametrize("search", [GREEDY, BEAM], ids=["greedy", "beam"])
def test_what_was_learnt_by_heart_is_written(translating: SearchingModel, search: Search) -> None:
    sources, targets = sides()
    results = [best for best, *_ in found(translating, sources, search)]

    assert [text(translating, result) for result in results] == targets
    assert all(result.complete and -0.5 < result.score < 0 for result in results)


def test_a_line_does_not_depend_on_its_batch(translating: SearchingModel) -> None:
    sources, _ = sides()
    together = found(translating, sources)
    alone = [found(translating, [source])[0] for source in sources]

    assert [one.tokens for one, *_ in together] == [one.tokens for one, *_ in alone]


def test_forced_tokens_stand_first_and_are_scored(translating: SearchingModel) -> None:
    sources, targets = sides()
    ids = [translating.target_vocabulary.encode(target).ids for target in targets]
    free = found(translating, sources)
    forced = found(translating, sources, prefixes=[tokens[:2] for tokens in ids])
    strange = found(translating, sources, prefixes=[ids[-1][:2]] * len(sources))

    for (result, *_), (same, *_), (other, *_) in zip(free, forced, strange, strict=True):
        assert same.tokens == result.tokens
        assert same.score == pytest.approx(result.score, abs=1e-3)
        assert other.tokens[:2] == ids[-1][:2]
    # Of all tokens together: what loops after a strange beginning is likely, token for token.
    (odd, *_), (right, *_) = strange[0], forced[0]
    assert odd.score * len(odd.tokens) < right.score * len(right.tokens) - 2


def test_several_translations_come_best_first(translating: SearchingModel) -> None:
    sources, targets = sides()
    results = found(translating, sources, n=3)

    assert [text(translating, best) for best, *_ in results] == targets
    for several in results:
        assert 1 < len(several) <= 3
        assert len({one.tokens for one in several}) == len(several)
        assert several[0].score == max(one.score for one in several)


def test_a_translation_ends_at_its_own_limit(translating: SearchingModel) -> None:
    sources, _ = sides()
    results = found(translating, sources, length_factor=0.5)
    lengths = [len(ids) for ids in encoded(translating, sources)]

    assert not all(best.complete for best, *_ in results)
    for (best, *_), length in zip(results, lengths, strict=True):
        assert len(best.tokens) + best.complete <= max(-(-length // 2), 10)
        assert len(best.attention) == len(best.tokens)
        assert best.score < 0


def test_reversed_words_are_aligned_with_themselves(reversing: SearchingModel) -> None:
    sources = made_up_words(60, random.Random(4))
    links = []
    for source, (best, *_) in zip(sources, found(reversing, sources), strict=True):
        words = reversing.source_vocabulary.encode(source).ids
        assert best.attention.shape == (len(best.tokens), len(words) + 1)
        torch.testing.assert_close(best.attention.sum(dim=1), torch.ones(len(best.tokens)))
        for place, origin in enumerate(best.attention.argmax(dim=1).tolist()):
            links.append(origin == len(words) - 1 - place)

    assert sum(links) >= 0.95 * len(links)


def test_the_engine_made_of_it_translates(translating: SearchingModel) -> None:
    sources, targets = sides()
    engine = Translator(translating)
    hypotheses = engine.translate(sources, prefixes=[target.split()[0] for target in targets])
    several = engine.n_best(sources[:4], 2, search=GREEDY)

    assert [hypothesis.text for hypothesis in hypotheses] == targets
    assert [best.text for best, *_ in several] == targets[:4]
    for source, hypothesis in zip(sources, hypotheses, strict=True):
        assert hypothesis.alignment
        assert all(link.source.of(source).strip() for link in hypothesis.alignment)


def test_a_checkpoint_is_converted_once(family: str, cache: Path) -> None:
    folder = trained_checkpoint(family)
    load(folder)
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    precise = load(folder, "float32")

    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == before
    assert precise.name.endswith("/ct2-float32")


def test_a_start_that_is_not_zero_is_refused(tmp_path: Path) -> None:
    folder = trained_checkpoint("marian")
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = load_file(folder / "model.safetensors")
    weights["model.shared.weight"][-1] = 1.0
    save_file(weights, tmp_path / "model.safetensors")

    with pytest.raises(ModelError, match="its first token is not zero"):
        load(tmp_path)


def test_another_pair_is_refused() -> None:
    checkpoint = read_checkpoint(trained_checkpoint("madlad-400"))
    with pytest.raises(NoModelError):
        load_with_ctranslate2(checkpoint, EN, Locale.parse("az"))


def test_an_unknown_compute_type_is_refused() -> None:
    with pytest.raises(ModelError, match="compute type"):
        load(trained_checkpoint("marian"), "int3")


def test_a_cache_that_cannot_be_written_is_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("L10N_CACHE", os.devnull)
    with pytest.raises(OutputError, match="cannot be written"):
        load(trained_checkpoint("marian"))


def test_a_converted_model_that_is_broken_is_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("L10N_CACHE", str(tmp_path))
    load(trained_checkpoint("marian"))
    (model,) = tmp_path.rglob("model.bin")
    model.write_bytes(model.read_bytes()[:5_000])
    with pytest.raises(ModelError, match="delete that folder"):
        load(trained_checkpoint("marian"))


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = read_checkpoint(trained_checkpoint("marian"))
    for name in [name for name in sys.modules if "ctranslate2." in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(EnvironmentFault, match=r"l10n-pipeline\[ctranslate2\]"):
        load_with_ctranslate2(checkpoint, EN, PT)
