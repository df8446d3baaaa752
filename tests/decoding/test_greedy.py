"""The search, over a student of random weights."""

from __future__ import annotations

import pytest
import torch

from l10n_pipeline.decoding import greedy_search
from l10n_pipeline.engines.student import StudentModel
from tests.support.student_writer import Recipe
from tests.support.students import source_sentences, write_student


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> StudentModel:
    recipe = Recipe(seed=4, dimension=128, feed_forward=64, decoder_depth=2)
    return write_student(tmp_path_factory.mktemp("student"), recipe).load()


def encoded(model: StudentModel, count: int) -> list[tuple[int, ...]]:
    eos = model.source_vocabulary.eos_id
    return [(*model.source_vocabulary.encode(text).ids, eos) for text in source_sentences(count)]


def test_every_result_is_told_in_the_order_of_the_sources(model: StudentModel) -> None:
    sources = encoded(model, 20)
    alone = [greedy_search(model, [source])[0] for source in sources]
    together = greedy_search(model, sources)

    assert [result.tokens for result in together] == [result.tokens for result in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-4)
        assert one.complete == other.complete
        torch.testing.assert_close(one.attention, other.attention, atol=1e-3, rtol=0)


def test_attention_has_a_row_for_each_token_and_a_column_for_each_source_token(
    model: StudentModel,
) -> None:
    sources = encoded(model, 12)
    for source, result in zip(sources, greedy_search(model, sources), strict=True):
        assert result.attention.shape == (len(result.tokens), len(source))
        torch.testing.assert_close(
            result.attention.sum(dim=1), torch.ones(len(result.tokens)), atol=1e-5, rtol=0
        )


def test_ends_without_the_end_of_sentence_and_never_writes_the_unknown(
    model: StudentModel,
) -> None:
    for result in greedy_search(model, encoded(model, 30)):
        assert model.target_vocabulary.eos_id not in result.tokens
        assert model.target_vocabulary.unk_id not in result.tokens
        assert result.score < 0


def test_stops_at_the_length_limit_and_says_so(model: StudentModel) -> None:
    sources = [source for source in encoded(model, 60) if len(source) > 10]
    unlimited = greedy_search(model, sources)
    limited = greedy_search(model, sources, length_factor=0.5)

    assert any(len(result.tokens) > 12 for result in unlimited)
    for source, full, cut in zip(sources, unlimited, limited, strict=True):
        limit = max(10, -(-len(source) // 2))
        assert cut.tokens == full.tokens[:limit]
        assert cut.complete == (full.complete and len(full.tokens) < limit)


def test_writes_the_prefix_of_each_sentence_and_goes_on_from_there(model: StudentModel) -> None:
    sources = encoded(model, 8)
    free = greedy_search(model, sources)
    prefixes = [result.tokens[: row % 4] for row, result in enumerate(free)]

    forced = greedy_search(model, sources, prefixes=prefixes)
    assert [result.tokens for result in forced] == [result.tokens for result in free]
    for one, other in zip(forced, free, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-4)

    unlikely = greedy_search(model, sources, prefixes=[[9, 17, 9]] * len(sources))
    for result, other in zip(unlikely, free, strict=True):
        assert result.tokens[:3] == (9, 17, 9)
        assert result.score < other.score


def test_a_prefix_longer_than_the_limit_is_kept(model: StudentModel) -> None:
    source = encoded(model, 1)[0][-2:]
    (result,) = greedy_search(model, [source], prefixes=[[5] * 30])
    assert result.tokens[:30] == (5,) * 30


def test_the_score_is_the_mean_log_probability_of_what_was_written(model: StudentModel) -> None:
    for source in encoded(model, 5):
        (result,) = greedy_search(model, [source])
        state = model.start([source])
        previous = None
        total = 0.0
        written = [*result.tokens, *[model.target_vocabulary.eos_id] * result.complete]
        for token in written:
            output = model.step(state, previous)
            unknown = torch.tensor([model.target_vocabulary.unk_id])
            logits = output.logits[0].index_fill(0, unknown, -torch.inf)
            total += float(logits.log_softmax(dim=0)[token])
            state, previous = output.state, torch.tensor([token])
        assert len(written) == result.steps
        assert result.score == pytest.approx(total / len(written), abs=1e-4)
