"""Students whose files do not belong together, and broken vocabularies."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from l10n_pipeline.engines.student.vocabulary import SentencePieceVocabulary
from l10n_pipeline.errors import ModelError
from tests.support.student_writer import Recipe, configuration_item, model_bytes, model_items
from tests.support.students import SOURCE_SIZE, TARGET_SIZE, write_student

RECIPE = Recipe(dimension=16, heads=2, feed_forward=16, encoder_depth=1, decoder_depth=1)


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    student = write_student(tmp_path, RECIPE)
    whole = model_items(student.recipe)
    optional = {"decoder_ff_logit_out_b"}
    for name in whole:
        biases = name.rpartition("_")[2] in {"bq", "bk", "bv", "bo", "bf", "b1", "b2"}
        if name.endswith("QuantMultA") or biases or name in optional:
            continue
        student.model.write_bytes(
            model_bytes({key: item for key, item in whole.items() if key != name})
        )
        with pytest.raises(ModelError, match=name):
            student.load()


def test_biases_may_be_left_out(tmp_path: Path) -> None:
    student = write_student(tmp_path, replace(RECIPE, output_bias=False))
    items = model_items(student.recipe)
    del items["encoder_l1_self_bq"]
    student.model.write_bytes(model_bytes(items))
    student.load()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("enc-depth", 64),
        ("dec-depth", 64),
        ("transformer-ffn-depth", 64),
        ("dim-emb", 999_999_998),
        ("transformer-dim-ffn", 999_999_998),
    ],
)
def test_a_configuration_that_does_not_fit_the_tensors_is_refused(
    tmp_path: Path, key: str, value: int
) -> None:
    student = write_student(tmp_path, RECIPE)
    items = model_items(student.recipe)
    changed = {**student.recipe.configuration, key: value}
    items["special:model.yml"] = configuration_item(changed)
    student.model.write_bytes(model_bytes(items))

    with pytest.raises(ModelError, match=r"lacks the tensor|has shape"):
        student.load()


def test_a_foreign_configuration_names_the_file_and_a_way_out(tmp_path: Path) -> None:
    student = write_student(tmp_path, RECIPE)
    items = model_items(student.recipe)
    items["special:model.yml"] = configuration_item({"type": "s2s"})
    student.model.write_bytes(model_bytes(items))

    with pytest.raises(ModelError) as caught:
        student.load()

    assert str(caught.value) == (
        f"{student.model}: is a network that cannot be run: type is 's2s', not 'transformer'; "
        "use a Firefox Translations or Bergamot model"
    )


def test_a_vocabulary_of_another_size_is_refused(tmp_path: Path) -> None:
    student = write_student(tmp_path, replace(RECIPE, embeddings="split"))
    swapped = replace(
        student,
        source_vocabulary=student.target_vocabulary,
        target_vocabulary=student.source_vocabulary,
    )
    with pytest.raises(
        ModelError, match=f"has {TARGET_SIZE} pieces where the model has {SOURCE_SIZE}"
    ):
        swapped.load()


def test_damaged_vocabularies_are_read_or_refused(tmp_path: Path) -> None:
    whole = write_student(tmp_path, RECIPE).source_vocabulary.read_bytes()
    source = random.Random(0)
    damaged = tmp_path / "vocab.spm"
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(source.choice([1, 3, 20])):
            data[source.randrange(len(data))] = source.randrange(256)
        damaged.write_bytes(data[: source.choice([len(data), source.randrange(1, len(data))])])
        try:
            vocabulary = SentencePieceVocabulary(damaged, size=SOURCE_SIZE)
            encoded = vocabulary.encode("abc ﬁ Ⅳ e\u0301 日本 🎉")
            vocabulary.decode(encoded.ids)
        except ModelError:
            refused += 1
    assert 0 < refused < 150


def test_what_is_no_vocabulary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocab.spm"
    path.write_bytes(b"{}")
    with pytest.raises(ModelError, match="is not a SentencePiece vocabulary"):
        SentencePieceVocabulary(path, size=64)
