"""Trained checkpoints of every family, all the way from their files to hypotheses."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from l10n_pipeline.decoding import Translator
from l10n_pipeline.engines.huggingface import read_checkpoint
from l10n_pipeline.engines.huggingface.model import HuggingFaceModel
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Hypothesis, Search
from tests.support.checkpoints import made_up_words, pairs

EN, PT = Locale.parse("en"), Locale.parse("pt-BR")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def translator(translating: Path) -> Translator:
    return engine(translating)


def engine(folder: Path) -> Translator:
    return Translator(HuggingFaceModel(read_checkpoint(folder), EN, PT, device="cpu"))


def texts(found: list[Hypothesis]) -> list[str]:
    return [hypothesis.text for hypothesis in found]


@pytest.mark.parametrize("beam", [1, 4])
def test_what_was_learnt_by_heart_is_written(translator: Translator, beam: int) -> None:
    sources, targets = zip(*pairs(), strict=True)
    found = translator.translate(sources, search=Search(beam=beam))

    assert texts(found) == list(targets)
    assert all(hypothesis.complete and hypothesis.score > -0.5 for hypothesis in found)


def test_a_prefix_is_kept_and_gone_on_with(translator: Translator) -> None:
    sources, targets = zip(*pairs(), strict=True)
    beginnings = [target.rpartition(" ")[0] for target in targets]
    found = translator.translate(sources, prefixes=beginnings)
    other = translator.translate(sources[:1], prefixes=["Meu amigo"])

    assert texts(found) == list(targets)
    assert other[0].text.startswith("Meu amigo")
    assert len(other[0].text) > len("Meu amigo")


def test_links_join_parts_of_words_that_have_text(translator: Translator) -> None:
    sources, _ = zip(*pairs(), strict=True)
    for source, hypothesis in zip(sources, translator.translate(sources), strict=True):
        assert hypothesis.alignment
        for link in hypothesis.alignment:
            assert link.source.of(source).strip()
            assert link.target.of(hypothesis.text).strip()
            assert 0 < link.weight <= 1 + 1e-6


def test_reversed_words_are_aligned_with_themselves(reversing: Path) -> None:
    sources = made_up_words(60, random.Random(4))
    found = engine(reversing).translate(sources)

    right, links = 0, []
    for source, hypothesis in zip(sources, found, strict=True):
        places = range(len(source.split()))
        written = hypothesis.text.split()
        right += written == source.split()[::-1]
        for link in hypothesis.alignment:
            place = len(hypothesis.text[: link.target.start].split())
            origin = len(source[: link.source.start].split())
            links.append(place in places and origin == places[-1 - place])
    assert right >= 0.95 * len(sources)
    assert sum(links) >= 0.95 * len(links)
    assert len(links) >= sum(len(source.split()) for source in sources)


def test_the_command_line_takes_the_folder_of_a_checkpoint(
    translating: Path, cache: Path, tmp_path: Path
) -> None:
    sources, targets = zip(*pairs()[:8], strict=True)
    options = ["--model", str(translating), "--from", "en", "--to", "pt", "--format", "jsonl"]
    run = subprocess.run(
        [sys.executable, "-m", "l10n_pipeline", "mt", *options],
        input="\n".join(sources).encode(),
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1", "XDG_CACHE_HOME": str(cache)},
        timeout=300,
    )

    assert (run.returncode, run.stderr.decode()) == (0, "")
    lines = [json.loads(line) for line in run.stdout.decode().splitlines()]
    assert [line["target"] for line in lines] == list(targets)
    assert all(line["alignment"] and line["complete"] for line in lines)
