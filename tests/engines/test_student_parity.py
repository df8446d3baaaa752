"""Students of many shapes write what another implementation of Marian writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import fxtranslate
import pytest

from l10n_pipeline.decoding import greedy_search
from tests.support.student_writer import Recipe
from tests.support.students import ToyStudent, source_sentences, write_student

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
        # Wide networks add up more of the rounding that makes outputs unsteady.
        noise=0.3 if dimension < 256 else 0.15,
    )
    for seed, (dimension, heads, feed_forward) in enumerate(
        [
            (64, 2, 64),
            (64, 4, 256),
            (64, 2, 128),
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


def stable_translations(
    folder: Path, student: ToyStudent, sentences: Sequence[str]
) -> dict[str, str]:
    """Translations that ended, and do not turn on the last bits of what was rounded.

    An 8-bit network magnifies differences in the order of float32 sums; near ties, and
    sentences that a student with slightly other scales translates another way, are left
    out.
    """
    model = student.load(rounded=True)
    eos = model.source_vocabulary.eos_id
    encoded = [(*model.source_vocabulary.encode(sentence).ids, eos) for sentence in sentences]
    results = greedy_search(model, encoded)
    steady = [result.margin > CLEAR_MARGIN for result in results]
    for nudge in (1 - 1e-4, 1 - 1e-5, 1 + 1e-5, 1 + 1e-4):
        recipe = replace(student.recipe, input_scale=student.recipe.input_scale * nudge)
        nudged = write_student(folder, recipe, shortlisted=student.shortlist is not None)
        others = greedy_search(nudged.load(rounded=True), encoded)
        for index, (result, other) in enumerate(zip(results, others, strict=True)):
            steady[index] &= result.tokens == other.tokens
    # The engines' length limits differ: fxtranslate's is near twice the source.
    return {
        sentence: model.target_vocabulary.decode(result.tokens).text
        for sentence, source, result, same in zip(sentences, encoded, results, steady, strict=True)
        if same and result.complete and len(result.tokens) < 2 * len(source)
    }


@pytest.mark.slow
@pytest.mark.parametrize("shortlisted", [False, True], ids=["whole vocabulary", "shortlist"])
@pytest.mark.parametrize(
    "recipe", SHAPES, ids=lambda r: f"d{r.dimension}h{r.heads}f{r.feed_forward}-{r.embeddings}"
)
def test_students_of_all_shapes_write_what_fxtranslate_writes(
    tmp_path: Path, recipe: Recipe, shortlisted: bool
) -> None:
    student = write_student(tmp_path, recipe, shortlisted=shortlisted)
    theirs = fxtranslate.Translator(
        student.model.read_bytes(),
        student.source_vocabulary.read_bytes(),
        student.target_vocabulary.read_bytes(),
        student.shortlist.read_bytes() if student.shortlist else None,
    )
    nudged = tmp_path / "nudged"
    nudged.mkdir()

    ours = stable_translations(nudged, student, source_sentences(100, recipe.seed))

    assert ours == {sentence: theirs.translate(sentence) for sentence in ours}
    assert len(set(ours.values()) - {""}) >= 5
