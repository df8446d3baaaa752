"""Offsets of pieces, both ways."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.engines.student.vocabulary import SentencePieceVocabulary
from tests.support.student_writer import random_sentences
from tests.support.students import SOURCE_ALPHABET, SOURCE_SIZE, toy_vocabulary

HARD = st.text(
    alphabet=[*SOURCE_ALPHABET, *"  \u00a0\u202f\u2028\r\n\ufeff\u200b\0\ud800日🎉\u0301ﬁ①شč½"],
    max_size=30,
)


@lru_cache
def vocabulary() -> SentencePieceVocabulary:
    return SentencePieceVocabulary(toy_vocabulary(), size=SOURCE_SIZE)


@given(HARD)
def test_spans_of_an_encoded_text_are_in_order_and_within_it(text: str) -> None:
    encoded = vocabulary().encode(text)

    assert len(encoded.ids) == len(encoded.spans)
    end = 0
    for span in encoded.spans:
        assert span.start >= end
        end = span.end
    assert end <= len(text)


@given(st.lists(st.integers(2, SOURCE_SIZE - 1), max_size=12))
def test_spans_of_decoded_ids_tile_the_text(ids: list[int]) -> None:
    decoded = vocabulary().decode(ids)

    assert "".join(span.of(decoded.text) for span in decoded.spans) == decoded.text
    assert len(decoded.spans) == len(ids)


def test_unknown_characters_keep_their_place() -> None:
    text = "ab č日 cd"
    encoded = vocabulary().encode(text)

    unknown = [
        span.of(text)
        for piece, span in zip(encoded.ids, encoded.spans, strict=True)
        if piece == vocabulary().unk_id
    ]
    assert "".join(unknown) == "č日"


def test_what_is_normalised_is_not_unknown() -> None:
    assert vocabulary().unk_id not in vocabulary().encode("ａｂ").ids


@pytest.fixture(scope="module")
def byte_vocabulary(tmp_path_factory: pytest.TempPathFactory) -> SentencePieceVocabulary:
    folder = tmp_path_factory.mktemp("bytes")
    text = folder / "text.txt"
    text.write_text("\n".join(random_sentences("abcdefgh", count=200, seed=3)))
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(folder / "vocab"),
        vocab_size=300,
        byte_fallback=True,
        bos_id=-1,
        eos_id=0,
        unk_id=1,
        minloglevel=2,
        num_threads=1,
    )
    return SentencePieceVocabulary(Path(folder / "vocab.model"), size=300)


def test_pieces_of_single_bytes_have_text_once(byte_vocabulary: SentencePieceVocabulary) -> None:
    encoded = byte_vocabulary.encode("ab č 🎉")
    decoded = byte_vocabulary.decode(encoded.ids)

    assert decoded.text == "ab č 🎉"
    assert all(0 <= span.start <= span.end <= len(decoded.text) for span in decoded.spans)
    assert "".join(span.of(decoded.text) for span in decoded.spans) == decoded.text
