"""Pieces and places, against the library's tokenizers."""

from __future__ import annotations

import json
import warnings
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import transformers
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.engines.huggingface import read_checkpoint
from l10n_pipeline.engines.huggingface.vocabulary import PieceVocabulary, load_vocabularies
from tests.engines.huggingface.tiny import (
    FAMILIES,
    NLLB_CODES,
    sentences,
    trained,
    write_tiny,
)

HARD = st.text(
    alphabet=[*"abcdefg  ", *"\u00a0\u202f\u2028\r\n\ufeff\u200b\0\ud800日🎉\u0301ﬁ①شč½▁<>_"],
    max_size=30,
)
FAST = ("nllb", "madlad-400")


@lru_cache
def folder(family: str, *, fast: bool = False) -> Path:
    place = write_tiny(Path(mkdtemp(prefix="l10n-tiny-")) / "opus-mt-en-pt", family)
    if fast:
        tokenizer(family).save_pretrained(place)
        for name in ("spiece.model", "sentencepiece.bpe.model", "special_tokens_map.json"):
            (place / name).unlink(missing_ok=True)
    return place


@lru_cache
def tokenizer(family: str) -> Any:
    kinds = {
        "marian": (transformers.MarianTokenizer, {}),
        "m2m-100": (transformers.M2M100Tokenizer, {}),
        "nllb": (transformers.NllbTokenizer, {"extra_special_tokens": list(NLLB_CODES)}),
        "madlad-400": (transformers.T5Tokenizer, {}),
    }
    kind, options = kinds[family]
    with warnings.catch_warnings():
        # Marian's recommends sacremoses, which changes punctuation that training kept.
        warnings.simplefilter("ignore")
        return kind.from_pretrained(folder(family), local_files_only=True, **options)


@lru_cache
def vocabulary(family: str, *, fast: bool = False) -> PieceVocabulary:
    return load_vocabularies(read_checkpoint(folder(family, fast=fast))).source


@pytest.mark.parametrize("family", FAMILIES)
def test_ids_and_text_are_those_of_the_library(family: str) -> None:
    for text in sentences(30, seed=4):
        ids = tokenizer(family)(text, add_special_tokens=False)["input_ids"]
        assert list(vocabulary(family).encode(text).ids) == ids
        assert vocabulary(family).decode(ids).text == tokenizer(family).decode(ids) == text


@pytest.mark.parametrize("family", FAST)
def test_a_tokenizer_of_the_other_library_gives_the_same_pieces(family: str) -> None:
    for text in [*sentences(30, seed=4), "ab č 日 cd", "ﬁ e\u0301 ab\u00a0cd"]:
        slow, fast = vocabulary(family), vocabulary(family, fast=True)
        assert slow.encode(text).ids == fast.encode(text).ids
        assert slow.decode(slow.encode(text).ids) == fast.decode(fast.encode(text).ids)


@pytest.mark.parametrize(
    ("family", "fast"), [*((name, False) for name in FAMILIES), *((name, True) for name in FAST)]
)
@given(text=HARD)
def test_spans_of_an_encoded_text_are_in_order_and_within_it(
    family: str, fast: bool, text: str
) -> None:
    encoded = vocabulary(family, fast=fast).encode(text)

    end = 0
    for span in encoded.spans:
        assert span.start >= end
        end = span.end
    assert end <= len(text)
    assert len(encoded.ids) == len(encoded.spans)


@pytest.mark.parametrize("family", FAMILIES)
@given(ids=st.lists(st.integers(0, 100), max_size=12))
def test_spans_of_decoded_ids_tile_the_text(family: str, ids: list[int]) -> None:
    decoded = vocabulary(family).decode(ids)

    assert "".join(span.of(decoded.text) for span in decoded.spans) == decoded.text
    assert len(decoded.spans) == len(ids)


@pytest.mark.parametrize(
    ("family", "fast"), [*((name, False) for name in FAMILIES), *((name, True) for name in FAST)]
)
def test_unknown_characters_keep_their_place(family: str, fast: bool) -> None:
    text = "ab č日 cd"
    found = vocabulary(family, fast=fast)
    encoded = found.encode(text)

    unknown = [
        span.of(text)
        for piece, span in zip(encoded.ids, encoded.spans, strict=True)
        if piece == found.unk_id
    ]
    assert "".join(unknown).strip() == "č日"


def test_pieces_of_single_bytes_have_text_once(tmp_path: Path) -> None:
    place = write_tiny(tmp_path / "madlad", "madlad-400", vocab_size=400)
    marks = ["<2en>", "<2pt>"]
    data = trained(seed=9, size=360, marks=marks, byte_fallback=True)
    (place / "spiece.model").write_bytes(data)
    found = load_vocabularies(read_checkpoint(place)).source

    encoded = found.encode("ab č 🎉")
    decoded = found.decode(encoded.ids)

    assert decoded.text == "ab č 🎉"
    assert "".join(span.of(decoded.text) for span in decoded.spans) == decoded.text
    assert found.unk_id not in encoded.ids
    assert found.decode(encoded.ids[:-1]).text == "ab č \ufffd"


def test_a_piece_that_spells_a_languages_code_is_text(tmp_path: Path) -> None:
    place = write_tiny(tmp_path / "m2m", "m2m-100")
    ids = json.loads((place / "vocab.json").read_text())
    piece = next(piece for piece in ids if piece.isalpha() and len(piece) > 1)
    renamed = {"pt" if name == piece else name: number for name, number in ids.items()}
    (place / "vocab.json").write_text(json.dumps(renamed))
    found = load_vocabularies(read_checkpoint(place)).source

    assert found.decode([renamed["pt"]]).text == "pt"
    assert renamed["pt"] not in found.not_text
    assert found.ids["__pt__"] in found.not_text
