"""Beam search, over toys that can be searched through and a student of random weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline.decoding import SearchResult, beam_search, greedy_search
from l10n_pipeline.engines.student import StudentModel
from l10n_pipeline.model import Search
from tests.decoding.toys import EOS, FIRST_LETTER, UNK, ToyModel, all_translations, judged
from tests.support.student_writer import Recipe
from tests.support.students import source_sentences, write_student

A, B, C = range(FIRST_LETTER, FIRST_LETTER + 3)
LIMIT = 10
"""Of a translation of up to four tokens."""
SEEDS = st.integers(0, 2**32)
PENALTIES = st.sampled_from([0.0, 0.6, 1.0, 2.0])
SOURCES = st.lists(st.sampled_from([A, B, C]), max_size=3).map(lambda ids: (*ids, EOS))
TOYS = st.builds(
    ToyModel,
    seed=SEEDS,
    letters=st.integers(1, 4),
    longest=st.sampled_from([2, 5, 100]),
    shortlisted=st.booleans(),
    eos_from=st.integers(0, 2),
)
SMALL_TOYS = st.one_of(
    st.builds(ToyModel, seed=SEEDS, letters=st.just(3), longest=st.just(3)),
    st.builds(ToyModel, seed=SEEDS, letters=st.just(1), shortlisted=st.booleans()),
)


def tokens_of(results: Sequence[SearchResult]) -> list[tuple[int, ...]]:
    return [result.tokens for result in results]


def plain_beam_search(
    model: ToyModel, source: tuple[int, ...], search: Search, prefix: tuple[int, ...] = ()
) -> list[tuple[int, ...]]:
    """What one sentence's beam finds, best first, with no batch and no early end."""
    given = judged(model, source, prefix, eos=False)
    running = [(given, prefix)]
    finished: list[tuple[bool, float, tuple[int, ...]]] = []
    while running:
        expansions = []
        for total, tokens in running:
            logits = torch.tensor(model._logits(source, tokens), dtype=torch.float64)
            log_probabilities = (logits - logits.logsumexp(0)).tolist()
            expansions += [
                (total + log_probability, (*tokens, token))
                for token, log_probability in enumerate(log_probabilities)
                if log_probability > -math.inf
            ]
        running = []
        for total, tokens in sorted(expansions, reverse=True)[: search.beam - len(finished)]:
            complete = tokens[-1] == EOS
            rank = (total - given) / (len(tokens) - len(prefix)) ** search.length_penalty
            if complete:
                finished.append((True, rank, tokens[:-1]))
            elif len(tokens) == LIMIT:
                finished.append((False, rank, tokens))
            else:
                running.append((total, tokens))
    return [tokens for _, _, tokens in sorted(finished, reverse=True)]


@given(SMALL_TOYS, SOURCES, PENALTIES, st.integers(1, 5))
def test_a_beam_with_room_for_everything_finds_the_best_of_everything(
    model: ToyModel, source: tuple[int, ...], penalty: float, n: int
) -> None:
    everything = all_translations(model, source, LIMIT)
    everything.sort(key=lambda written: written.rank(penalty), reverse=True)
    search = Search(beam=len(everything), length_penalty=penalty)

    (found,) = beam_search(model, [source], search=search, n=n)

    assert tokens_of(found) == [written.tokens for written in everything[:n]]
    assert [result.complete for result in found] == [written.complete for written in everything[:n]]


@settings(max_examples=10)
@given(SEEDS, SOURCES, PENALTIES)
def test_even_where_the_length_limit_cuts_off_half_of_it(
    seed: int, source: tuple[int, ...], penalty: float
) -> None:
    model = ToyModel(seed=seed, letters=2)
    everything = all_translations(model, source, LIMIT)
    best = max(everything, key=lambda written: written.rank(penalty))
    search = Search(beam=len(everything), length_penalty=penalty)

    ((found,),) = beam_search(model, [source], search=search)
    assert found.tokens == best.tokens


@given(TOYS, SOURCES, PENALTIES, st.integers(1, 6), st.data())
def test_a_narrow_beam_ends_as_if_it_went_on_to_the_end(
    model: ToyModel, source: tuple[int, ...], penalty: float, beam: int, data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, beam))
    search = Search(beam=beam, length_penalty=penalty)
    (found,) = beam_search(model, [source], search=search, n=n)
    assert tokens_of(found) == plain_beam_search(model, source, search)[:n]


@settings(max_examples=40)
@given(TOYS, st.lists(SOURCES, min_size=1, max_size=4), PENALTIES, st.data())
def test_a_beam_of_one_is_greedy(
    model: ToyModel, sources: list[tuple[int, ...]], penalty: float, data: st.DataObject
) -> None:
    prefixes = [data.draw(st.lists(st.just(A), max_size=min(model.longest, 12))) for _ in sources]
    search = Search(beam=1, length_penalty=penalty)
    found = beam_search(model, sources, search=search, prefixes=prefixes)
    expected = greedy_search(model, sources, prefixes=prefixes)

    assert [tokens_of(results) for results in found] == [[result.tokens] for result in expected]
    for (one,), other in zip(found, expected, strict=True):
        assert one.complete == other.complete
        assert one.score == pytest.approx(other.score, abs=1e-5)
        assert one.margin == pytest.approx(other.margin, abs=1e-5)
        torch.testing.assert_close(one.attention, other.attention)


@settings(max_examples=40)
@given(TOYS, st.lists(SOURCES, min_size=2, max_size=5), PENALTIES, st.integers(1, 4))
def test_a_sentence_does_not_see_its_batch(
    model: ToyModel, sources: list[tuple[int, ...]], penalty: float, beam: int
) -> None:
    search = Search(beam=beam, length_penalty=penalty)
    together = beam_search(model, sources, search=search, n=beam)
    for source, results in zip(sources, together, strict=True):
        (alone,) = beam_search(model, [source], search=search, n=beam)
        assert tokens_of(results) == tokens_of(alone)
        for one, other in zip(results, alone, strict=True):
            assert (one.score, one.margin) == pytest.approx((other.score, other.margin), abs=1e-5)
            torch.testing.assert_close(one.attention, other.attention)


@settings(max_examples=40)
@given(SEEDS, SOURCES, PENALTIES, st.integers(1, 4))
def test_rounding_changes_nothing_that_is_not_within_the_margin(
    seed: int, source: tuple[int, ...], penalty: float, beam: int
) -> None:
    rounding = 0.01
    search = Search(beam=beam, length_penalty=penalty)
    (exact,) = beam_search(ToyModel(seed=seed), [source], search=search, n=beam)
    noisy = ToyModel(seed=seed, rounding=rounding)
    for batch in ([source], [source, (A, EOS)], [source] * 3):
        found = beam_search(noisy, batch, search=search, n=beam)[0]
        # A log-probability is off by as much at each token, of either of two hypotheses.
        if found[0].margin > 2 * LIMIT * rounding:
            assert tokens_of(found) == tokens_of(exact)


@given(TOYS, SOURCES, st.integers(1, 4))
def test_score_and_attention_are_those_of_the_tokens(
    model: ToyModel, source: tuple[int, ...], beam: int
) -> None:
    (found,) = beam_search(model, [source], search=Search(beam=beam), n=beam)
    for result in found:
        total = judged(model, source, result.tokens, eos=result.complete)
        assert result.score == pytest.approx(total / result.steps, abs=1e-5)
        assert result.attention.shape == (len(result.tokens), len(source))
        expected = [
            model._attention(source, result.tokens[:at]) for at in range(len(result.tokens))
        ]
        torch.testing.assert_close(
            result.attention, torch.tensor(expected).reshape(len(result.tokens), len(source))
        )


@given(TOYS, SOURCES, st.integers(1, 6), st.integers(1, 6))
def test_n_best_are_different_complete_first_and_best_first(
    model: ToyModel, source: tuple[int, ...], beam: int, n: int
) -> None:
    (found,) = beam_search(model, [source], search=Search(beam=beam), n=n)

    assert 1 <= len(found) <= n
    assert len(set(tokens_of(found))) == len(found)
    order = [(result.complete, result.score) for result in found]
    assert order == sorted(order, reverse=True)


@given(SMALL_TOYS, SOURCES, PENALTIES, st.data())
def test_a_prefix_is_kept_and_the_best_of_what_can_follow_is_found(
    model: ToyModel, source: tuple[int, ...], penalty: float, data: st.DataObject
) -> None:
    longest = min(model.longest, LIMIT - 1)
    letters = st.integers(FIRST_LETTER, FIRST_LETTER + model.letters - 1)
    prefix = tuple(data.draw(st.lists(letters, max_size=longest)))
    other = tuple(data.draw(st.lists(letters, max_size=longest)))
    everything = all_translations(model, source, LIMIT, prefix)
    best = max(everything, key=lambda written: written.rank(penalty))

    ((found,), _) = beam_search(
        model,
        [source, source],
        search=Search(beam=len(everything), length_penalty=penalty),
        prefixes=[prefix, other],
    )
    assert found.tokens == best.tokens
    assert found.score == pytest.approx(best.total / found.steps, abs=1e-5)


@given(SEEDS, SOURCES, st.booleans(), st.lists(st.sampled_from([A, B]), max_size=14))
def test_a_narrow_beam_goes_on_from_its_prefix(
    seed: int, source: tuple[int, ...], shortlisted: bool, prefix: list[int]
) -> None:
    model = ToyModel(seed=seed, letters=2, shortlisted=shortlisted)
    search = Search(beam=3)
    (found,) = beam_search(model, [source], search=search, n=3, prefixes=[prefix])

    assert all(result.tokens[: len(prefix)] == tuple(prefix) for result in found)
    if len(prefix) < LIMIT:
        assert tokens_of(found) == plain_beam_search(model, source, search, tuple(prefix))


def test_an_unlikely_prefix_does_not_make_long_translations_better() -> None:
    likely = ToyModel(seed=6)
    search = Search(beam=4)

    class Unlikely(ToyModel):
        def _logits(self, source: tuple[int, ...], written: tuple[int, ...]) -> list[float]:
            logits = super()._logits(source, written)
            if not written:
                logits[A] = -50.0
            return logits

    found = [
        beam_search(model, [(B, EOS)], search=search, n=4, prefixes=[[A]])[0]
        for model in (likely, Unlikely(seed=6))
    ]
    assert tokens_of(found[0]) == tokens_of(found[1])
    assert found[0][0].score > found[1][0].score + 1


def repeats(tokens: Sequence[int], length: int, free_from: int = 0) -> bool:
    """Whether an n-gram that ends in a free token stood there before."""
    seen = set()
    for at in range(len(tokens) - length + 1):
        ngram = tuple(tokens[at : at + length])
        if ngram in seen and at + length > free_from:
            return True
        seen.add(ngram)
    return False


@given(TOYS, SOURCES, st.integers(1, 4), st.integers(1, 3))
def test_no_ngram_comes_twice(
    model: ToyModel, source: tuple[int, ...], beam: int, length: int
) -> None:
    search = Search(beam=beam, no_repeat_ngram=length)
    (found,) = beam_search(model, [source], search=search, n=beam)
    assert not any(repeats(result.tokens, length) for result in found)


@given(TOYS, SOURCES, st.integers(1, 3))
def test_where_nothing_would_come_twice_nothing_changes(
    model: ToyModel, source: tuple[int, ...], beam: int
) -> None:
    (free,) = beam_search(model, [source], search=Search(beam=beam))
    (barred,) = beam_search(model, [source], search=Search(beam=beam, no_repeat_ngram=LIMIT))
    assert tokens_of(barred) == tokens_of(free)
    assert [result.score for result in barred] == [result.score for result in free]


@given(SEEDS, SOURCES, st.integers(1, 3))
def test_what_is_forced_may_come_twice_but_not_thrice_by_choice(
    seed: int, source: tuple[int, ...], beam: int
) -> None:
    prefix = [A, B, A, B]
    (found,) = beam_search(
        ToyModel(seed=seed),
        [source],
        search=Search(beam=beam, no_repeat_ngram=2),
        prefixes=[prefix],
    )
    assert list(found[0].tokens[:4]) == prefix
    assert not repeats(found[0].tokens, 2, free_from=4)


def test_barred_tokens_keep_their_share_of_the_probability() -> None:
    model, source = ToyModel(seed=3, letters=2, eos_from=6), (A, EOS)
    ((found,),) = beam_search(model, [source], search=Search(no_repeat_ngram=2))
    assert len(found.tokens) >= 4
    total = judged(model, source, found.tokens, eos=found.complete)
    assert found.score == pytest.approx(total / found.steps, abs=1e-5)


def test_what_can_neither_go_on_nor_end_is_incomplete() -> None:
    dead_end = ToyModel(longest=3, eos_from=100)
    ((found,),) = beam_search(dead_end, [(A, EOS)], search=Search(beam=2))
    assert len(found.tokens) == 3
    assert not found.complete


def test_a_dead_end_at_once_is_empty() -> None:
    dead_end = ToyModel(longest=0, eos_from=100)
    ((found,),) = beam_search(dead_end, [(A, EOS)], search=Search(beam=2))
    assert (found.tokens, found.score, found.complete) == ((), 0.0, False)
    assert found.attention.shape == (0, 2)


def test_a_complete_translation_comes_before_one_that_was_cut_off() -> None:
    for seed in range(40):
        model = ToyModel(seed=seed, letters=2)
        (found,) = beam_search(model, [(A, B, EOS)], search=Search(beam=40), n=40)
        endings = [result.complete for result in found]
        assert endings == sorted(endings, reverse=True)
        assert endings[0]


def test_a_sentence_leaves_when_nothing_can_overtake_its_best() -> None:
    steps = []
    for length_penalty in (0.0, 1.0):
        model = ToyModel(seed=1, letters=4)
        beam_search(model, [(A, EOS)], search=Search(beam=8, length_penalty=length_penalty))
        steps.append(len(model.rows_stepped))
    # Without division by length a finished one is beaten by nothing that is already worse.
    assert steps[0] < steps[1] < LIMIT + 1


def test_finished_sentences_leave_the_batch() -> None:
    model = ToyModel(seed=5, letters=4)
    sources = [(A, B, EOS), (B, EOS), (C, A, A, EOS), (EOS,)]
    beam_search(model, sources, search=Search(beam=2))
    assert model.rows_stepped[0] == len(sources)
    assert max(model.rows_stepped) <= 2 * len(sources)
    assert model.rows_stepped[-1] < len(sources)


@pytest.mark.parametrize("shortlisted", [False, True])
def test_a_token_that_the_model_bars_cannot_be_forced(shortlisted: bool) -> None:
    with pytest.raises(ValueError, match="token 1 cannot be forced"):
        beam_search(
            ToyModel(shortlisted=shortlisted),
            [(A, EOS), (B, EOS)],
            search=Search(beam=2),
            prefixes=[[A], [A, UNK]],
        )


def test_at_least_one_translation_is_asked_for() -> None:
    with pytest.raises(ValueError, match="0 translations"):
        beam_search(ToyModel(), [(A, EOS)], search=Search(), n=0)


@pytest.fixture(scope="module", params=[False, True], ids=["whole vocabulary", "shortlist"])
def student(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> StudentModel:
    recipe = Recipe(seed=4, dimension=128, feed_forward=64, decoder_depth=2)
    folder = tmp_path_factory.mktemp("student")
    return write_student(folder, recipe, shortlisted=request.param).load()


def encoded(model: StudentModel, count: int) -> list[tuple[int, ...]]:
    eos = model.source_vocabulary.eos_id
    return [(*model.source_vocabulary.encode(text).ids, eos) for text in source_sentences(count)]


def test_a_student_searched_with_a_beam_of_one_writes_what_it_writes_greedily(
    student: StudentModel,
) -> None:
    sources = encoded(student, 20)
    prefixes = [[9, 17, 9][: at % 4] for at in range(len(sources))]
    greedy = greedy_search(student, sources, prefixes=prefixes)
    found = beam_search(student, sources, search=Search(), prefixes=prefixes)

    assert [results[0].tokens for results in found] == [result.tokens for result in greedy]
    for (one,), other in zip(found, greedy, strict=True):
        torch.testing.assert_close(one.attention, other.attention, atol=1e-3, rtol=0)


def test_a_student_s_beams_do_not_depend_on_the_batch(student: StudentModel) -> None:
    sources = encoded(student, 15)
    search = Search(beam=4)
    together = beam_search(student, sources, search=search, n=3)
    for source, results in zip(sources, together, strict=True):
        (alone,) = beam_search(student, [source], search=search, n=3)
        assert tokens_of(results) == tokens_of(alone) or results[0].margin < 1e-4
        for one, other in zip(results, alone, strict=True):
            assert one.score == pytest.approx(other.score, abs=1e-3)


def test_a_student_s_attention_follows_the_ancestry_of_each_hypothesis(
    student: StudentModel,
) -> None:
    (source,) = encoded(student, 1)
    for result in beam_search(student, [source], search=Search(beam=4), n=4)[0]:
        (forced,) = greedy_search(student, [source], prefixes=[result.tokens])
        torch.testing.assert_close(
            result.attention, forced.attention[: len(result.tokens)], atol=1e-3, rtol=0
        )
