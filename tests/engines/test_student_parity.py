"""Students of many shapes write what another implementation of Marian writes."""

from __future__ import annotations

from pathlib import Path

import fxtranslate
import pytest

from l10n_pipeline.decoding import greedy_search
from tests.support.student_writer import Recipe
from tests.support.students import source_sentences, write_student

# Far above the differences of float32 arithmetic, which 8-bit rounding blows up.
CLEAR_MARGIN = 0.1

SHAPES = [
    Recipe(
        seed=seed,
        dimension=dimension,
        heads=heads,
        feed_forward=feed_forward,
        encoder_depth=1 + seed % 4,
        decoder_depth=1 + seed % 3,
        embeddings=("all", "split", "src", "split")[seed % 4],
    )
    for seed, (dimension, heads, feed_forward) in enumerate(
        [
            (64, 2, 64),
            (64, 4, 256),
            (64, 1, 128),
            (64, 8, 192),
            (128, 4, 128),
            (128, 2, 512),
            (128, 16, 64),
            (128, 8, 320),
            (192, 6, 192),
            (192, 3, 64),
            (256, 8, 256),
            (256, 4, 64),
        ]
    )
]


@pytest.mark.slow
@pytest.mark.parametrize("shortlisted", [False, True], ids=["whole vocabulary", "shortlist"])
@pytest.mark.parametrize(
    "recipe", SHAPES, ids=lambda r: f"d{r.dimension}h{r.heads}f{r.feed_forward}-{r.embeddings}"
)
def test_students_of_all_shapes_write_what_fxtranslate_writes(
    tmp_path: Path, recipe: Recipe, shortlisted: bool
) -> None:
    student = write_student(tmp_path, recipe, shortlisted=shortlisted)
    ours = student.load(eight_bit=True)
    theirs = fxtranslate.Translator(
        student.model.read_bytes(),
        student.source_vocabulary.read_bytes(),
        student.target_vocabulary.read_bytes(),
        student.shortlist.read_bytes() if student.shortlist else None,
    )
    sentences = source_sentences(60, recipe.seed)
    eos = ours.source_vocabulary.eos_id
    encoded = [(*ours.source_vocabulary.encode(sentence).ids, eos) for sentence in sentences]

    compared = set()
    results = greedy_search(ours, encoded)
    for sentence, source, result in zip(sentences, encoded, results, strict=True):
        # The engines' length limits differ, and near ties turn on the last bit.
        ended = result.complete and len(result.tokens) < 2 * len(source)
        if ended and result.margin > CLEAR_MARGIN:
            text = ours.target_vocabulary.decode(result.tokens).text
            assert text == theirs.translate(sentence), sentence
            compared.add(text)

    assert len(compared) >= 5
