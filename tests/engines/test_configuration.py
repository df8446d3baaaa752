"""Which configurations of students are taken, and how the others are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.engines.student.configuration import (
    Activation,
    ConfigurationError,
    parse_configuration,
)
from tests.support.student_writer import Recipe, yaml

GOOD = Recipe(dimension=48, heads=6, encoder_depth=6, decoder_depth=2).configuration


def test_reads_every_size() -> None:
    found = parse_configuration(yaml(GOOD))

    assert (found.source_vocabulary, found.target_vocabulary) == (64, 64)
    assert (found.dimension, found.heads) == (48, 6)
    assert (found.encoder_depth, found.decoder_depth) == (6, 2)
    assert (found.feed_forward_dimension, found.feed_forward_depth) == (128, 2)
    assert found.activation is Activation.RELU
    assert found.shared_embeddings
    assert found.alignment_layer == 1


def test_reads_split_vocabularies_and_a_chosen_alignment_layer() -> None:
    split = Recipe(embeddings="split", source_size=10, target_size=20).configuration
    found = parse_configuration(yaml({**split, "transformer-guided-alignment-layer": 1}))

    assert not found.shared_embeddings
    assert (found.source_vocabulary, found.target_vocabulary) == (10, 20)
    assert found.alignment_layer == 0


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("type", "s2s", "type is 's2s', not 'transformer'"),
        ("dec-cell", "gru", "dec-cell"),
        ("transformer-decoder-autoreg", "self-attention", "transformer-decoder-autoreg"),
        ("transformer-preprocess", "n", "transformer-preprocess is 'n', not ''"),
        ("transformer-postprocess", "da", "transformer-postprocess"),
        ("transformer-tied-layers", [1, 1], "transformer-tied-layers"),
        ("transformer-train-position-embeddings", True, "position"),
        ("transformer-ffn-activation", "gelu", "gelu"),
        ("input-types", ["sequence"], "input-types"),
        ("dim-emb", 50, "6 attention heads over a width of 50"),
        ("dim-emb", 0, "not a positive number"),
        ("dim-emb", -8, "not a positive number"),
        ("dim-emb", "1e9", "not a positive number"),
        ("dim-emb", 10**30, "not a positive number"),
        ("transformer-heads", 5, "5 attention heads"),
        ("dim-vocabs", [64], "two 'dim-vocabs'"),
        ("dim-vocabs", [64, 65], "shares embeddings between vocabularies"),
        ("dim-vocabs", "64", "two 'dim-vocabs'"),
        ("transformer-guided-alignment-layer", 3, "decoder layer 3 of 2"),
        ("tied-embeddings-all", "maybe", "'maybe'"),
        ("tied-embeddings-all", False, "tied-embeddings is 'false', not 'true'"),
        ("enc-depth", [6], "'enc-depth' is a list"),
        ("enc-depth", 65, "'enc-depth' is 65"),
        ("dec-depth", 999_999_999, "'dec-depth' is 999,999,999"),
        ("transformer-ffn-depth", 65, "'transformer-ffn-depth' is 65"),
    ],
)
def test_refuses_what_the_network_is_not(key: str, value: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        parse_configuration(yaml({**GOOD, key: value}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("type: transformer\ntype: transformer\n", "says 'type' twice"),
        ("a: &a [1]\n  b: *a\n", "line 2 is not"),
        ("- 1\n", "line 1 is not"),
        ("x" * 70_000, "70,000 characters"),
        ("", "dec-cell is|without"),
    ],
)
def test_refuses_what_marian_does_not_write(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        parse_configuration(text)


@given(st.text(max_size=200) | st.text(alphabet="abc:- \n[]\"'0", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_configuration(text)
