"""The measure finds the head that aligns among heads that do something else."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from l10n_pipeline.engines.huggingface.alignment import (
    AlignmentHead,
    ForcedAttention,
    best_heads,
    calibration_pieces,
    calibration_texts,
    remember_heads,
    remembered_heads,
)
from l10n_pipeline.locale import Locale

LENGTH = 6
WORDS = [f"s{number}" for number in range(15)]
HEADS = {0: AlignmentHead(1, 2, 0, 0.5), 1: AlignmentHead(0, 3, 1, 0.25)}


def one_hot(column: Callable[[int], int], sharpness: float = 1.0) -> Tensor:
    """A head: row for row the column that it attends to, and the rest spread evenly."""
    weights = torch.full((LENGTH + 1, LENGTH + 1), (1 - sharpness) / (LENGTH + 1))
    for row in range(LENGTH + 1):
        weights[row, column(row) % (LENGTH + 1)] += sharpness
    return weights


def reversal(row: int) -> int:
    """Where the source word of a target word stands, in sentences turned around."""
    return LENGTH if row == LENGTH else LENGTH - 1 - row


OTHERS = {
    "diagonal": one_hot(lambda row: row),
    "one off": one_hot(lambda row: reversal(row) + 1),
    "stares at the end": one_hot(lambda row: LENGTH),
    "stares at the beginning": one_hot(lambda row: 0),
    "diffuse": one_hot(reversal, sharpness=0.2),
}


def observed(heads: list[Tensor], *, copied: bool, seed: int = 0) -> list[ForcedAttention]:
    """Sentences whose translation is the reversed sequence of the words' translations."""
    source = random.Random(seed)
    sentences = []
    for _ in range(12):
        words = source.sample(WORDS, LENGTH)
        target = [word if copied else word.replace("s", "t") for word in reversed(words)]
        sentences.append(
            ForcedAttention((*words, "</s>"), tuple(target), torch.stack(heads).unsqueeze(0), 0.9)
        )
    return sentences


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("place", range(len(OTHERS) + 1))
def test_the_head_that_aligns_is_found_wherever_it_is(place: int, copied: bool) -> None:
    heads = list(OTHERS.values())
    heads.insert(place, one_hot(reversal, sharpness=0.7))

    found = best_heads(observed(heads, copied=copied))[0]

    assert (found.head, found.shift) == (place, 0)
    assert found.score > 0.3


def test_a_head_that_attends_a_step_late_is_told_apart() -> None:
    late = one_hot(lambda row: reversal(row - 1) if row else LENGTH)
    found = best_heads(observed([*OTHERS.values(), late], copied=False))

    assert found[1].head == len(OTHERS)
    assert found[1].score > 0.7
    assert found[0].score < 0.2


def test_words_copied_but_once_are_enough() -> None:
    heads = [*OTHERS.values(), one_hot(reversal)]
    (sentence, *_) = observed(heads, copied=True)
    assert best_heads([sentence])[0].head == len(OTHERS)


def test_sentences_that_the_model_does_not_believe_hardly_count() -> None:
    good = observed([one_hot(lambda row: row), one_hot(reversal)], copied=False)
    bad = [
        ForcedAttention(s.source, s.target[::-1], s.attention, 1e-6)
        for s in observed([one_hot(lambda row: row), one_hot(reversal)], copied=False, seed=1) * 9
    ]
    assert best_heads([*good, *bad])[0].head == 1


def test_nothing_written_still_gives_a_head() -> None:
    empty = ForcedAttention(("</s>",), (), torch.ones(2, 2, 1, 1), 0.0)
    assert best_heads([empty])[0].score == 0
    assert best_heads([])[1].shift == 1


@pytest.mark.parametrize("tag", ["en", "pt-BR", "ru", "zh-Hant", "ar", "az", "ja", "sw"])
def test_any_language_has_words_to_calibrate_with(tag: str) -> None:
    texts = calibration_texts(Locale.parse(tag))
    assert len(texts) > 5
    assert texts == calibration_texts(Locale.parse(tag))
    assert len(set(texts)) == len(texts)


def test_sequences_of_pieces_are_of_words() -> None:
    pieces = [(7, "ab"), (8, ""), (9, ","), (10, "cd"), (11, "3")]
    found = calibration_pieces(pieces)
    assert {number for sequence in found for number in sequence} == {7, 10}
    assert calibration_pieces([(1, ",")]) == []


# --- memory --------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "l10n-pipeline" / "alignment-heads"


def test_what_was_found_is_remembered(cache: Path) -> None:
    assert remembered_heads("abc", 2, 4) is None
    remember_heads("abc", HEADS)
    assert remembered_heads("abc", 2, 4) == HEADS
    assert remembered_heads("abd", 2, 4) is None
    assert [path.name for path in cache.iterdir()] == ["abc.json"]


def test_heads_that_the_network_has_not_are_forgotten(cache: Path) -> None:
    remember_heads("abc", HEADS)
    assert remembered_heads("abc", 1, 4) is None
    assert remembered_heads("abc", 2, 3) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "7",
        "[" * 5_000,
        json.dumps([{"layer": 0, "head": 0, "shift": 0, "score": 1}]),
        json.dumps([{"layer": "0", "head": 0, "shift": shift, "score": 1} for shift in (0, 1)]),
        json.dumps([{"layer": 0, "head": 0, "shift": shift, "score": "x"} for shift in (0, 1)]),
        json.dumps([{"layer": 0, "head": 0, "shift": shift, "more": 1} for shift in (0, 1)]),
        json.dumps([{"layer": -1, "head": 0, "shift": shift, "score": 1} for shift in (0, 1)]),
        '[{"layer": 0, "head": 0, "shift": 0, "score": NaN}]',
    ],
)
def test_a_broken_memory_is_no_memory(cache: Path, content: str) -> None:
    cache.mkdir(parents=True)
    (cache / "abc.json").write_text(content)
    assert remembered_heads("abc", 2, 4) is None


def test_a_cache_that_cannot_be_written_is_done_without(cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("not a folder")
    remember_heads("abc", HEADS)
    assert remembered_heads("abc", 2, 4) is None


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setattr(Path, "home", homeless)
    remember_heads("abc", HEADS)
    assert remembered_heads("abc", 2, 4) is None
