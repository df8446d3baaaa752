"""Searching the embedded model."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from l10n_pipeline.decoding import Translator, beam_search, greedy_search
from l10n_pipeline.engines import find_model, load_model
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Search
from l10n_pipeline.protocols import TranslationModel

SENTENCES = (
    (Path(__file__).parents[1] / "engines" / "sentences.en.txt")
    .read_text(encoding="utf-8")
    .splitlines()
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model() -> TranslationModel:
    return load_model(find_model(Locale.parse("en"), Locale.parse("pt_BR")))


@pytest.fixture(scope="module")
def translator(model: TranslationModel) -> Translator:
    return Translator(model)


def test_a_beam_of_one_is_greedy(model: TranslationModel) -> None:
    eos = model.source_vocabulary.eos_id
    sources = [(*model.source_vocabulary.encode(text).ids, eos) for text in SENTENCES]
    greedy = greedy_search(model, sources)
    found = beam_search(model, sources, search=Search())

    for (one,), other in zip(found, greedy, strict=True):
        assert one.tokens == other.tokens
        assert one.score == pytest.approx(other.score, abs=1e-4)
        torch.testing.assert_close(one.attention, other.attention, atol=1e-3, rtol=0)


def test_n_best_do_not_depend_on_their_batch(translator: Translator) -> None:
    search = Search(beam=4)
    together = translator.n_best(SENTENCES, 3, search=search)
    for sentence, hypotheses in zip(SENTENCES, together, strict=True):
        (alone,) = translator.n_best([sentence], 3, search=search)
        assert [found.text for found in hypotheses] == [found.text for found in alone]
        assert [found.complete for found in hypotheses] == [True] * len(alone)


def test_a_beam_finds_translations_as_likely_or_likelier(translator: Translator) -> None:
    greedy = translator.translate(SENTENCES)
    found = translator.translate(SENTENCES, search=Search(beam=6))

    for wide, narrow in zip(found, greedy, strict=True):
        assert wide.score > narrow.score - 0.01


@pytest.mark.parametrize("search", [Search(), Search(beam=4)])
@pytest.mark.parametrize(
    ("source", "prefix", "continued"),
    [
        ("My brother has three red houses.", "Meu mano", " tem três casas vermelhas."),
        ("My brother has three red houses.", "Meu mano ", "tem três casas vermelhas."),
        ("Mr Ričardas bought a house.", "O senhor Ričardas", " comprou uma casa."),
    ],
)
def test_what_follows_a_prefix_follows_from_it(
    translator: Translator, search: Search, source: str, prefix: str, continued: str
) -> None:
    (found,) = translator.translate([source], search=search, prefixes=[prefix])
    assert found.text == prefix + continued
    pairs = {link.target.of(found.text) for link in found.alignment}
    assert len(pairs) > 4
