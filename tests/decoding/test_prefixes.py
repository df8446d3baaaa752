"""What a translation has to begin with, it begins with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.decoding.plain import plain_equivalents
from l10n_pipeline.decoding.prefixes import encoded_prefix, with_prefix
from l10n_pipeline.engines.student.vocabulary import SentencePieceVocabulary
from l10n_pipeline.model import Span
from l10n_pipeline.protocols import DecodedText, Vocabulary
from tests.support.students import SOURCE_SIZE, toy_vocabulary

TEXT = st.text(
    alphabet=[*"abcdefgh   .,\"'“’\u00a0\u202f\u2028\r\n\ufeff\u200b\0日🎉\u0301ﬁč½…e"], max_size=30
)


def vocabulary() -> Vocabulary:
    return SentencePieceVocabulary(Path(toy_vocabulary()), size=SOURCE_SIZE)


WORDS = vocabulary()
PLAIN = plain_equivalents(WORDS)


@given(TEXT, TEXT)
def test_a_translation_begins_with_its_prefix_to_the_letter(text: str, more: str) -> None:
    prefix = encoded_prefix(text, WORDS, PLAIN)
    free = [token for token in WORDS.encode(more).ids if token != WORDS.unk_id]
    tokens = [*prefix.tokens, *free]

    written = with_prefix(prefix, WORDS.decode(tokens))

    assert written.text.startswith(text)
    assert len(written.spans) == len(tokens)
    end = 0
    for span in written.spans:
        assert end <= span.start <= span.end <= len(written.text)
        end = span.end
    for span in written.spans[: len(prefix.tokens)]:
        assert span.end <= len(text)
    # What the model added comes after it, and nothing of that is lost.
    alone = WORDS.decode(tokens).text[len(WORDS.decode(prefix.tokens).text) :]
    assert written.text[len(text) :].strip() == alone.strip()


@given(TEXT)
def test_no_token_of_a_prefix_is_one_that_cannot_be_written(text: str) -> None:
    assert WORDS.unk_id not in encoded_prefix(text, WORDS, PLAIN).tokens


@given(TEXT.filter(lambda text: WORDS.unk_id not in WORDS.encode(text).ids))
def test_a_writable_prefix_is_its_tokens(text: str) -> None:
    prefix = encoded_prefix(text, WORDS, {})
    encoded = WORDS.encode(text)
    assert (prefix.tokens, prefix.spans) == (encoded.ids, encoded.spans)


def test_what_cannot_be_written_is_left_out_of_the_tokens_alone() -> None:
    prefix = encoded_prefix("abčcd 日本 ef", WORDS, {})
    assert WORDS.decode(prefix.tokens).text == "abcd ef"

    free = WORDS.encode("gh").ids
    written = with_prefix(prefix, WORDS.decode([*prefix.tokens, *free]))
    assert written.text == "abčcd 日本 ef gh"
    parts = [span.of(written.text).strip() for span in written.spans]
    assert "".join(parts).replace("č", "") == "abcdefgh"


def test_typographic_marks_steer_as_plain_ones_and_stay() -> None:
    table = {ord("“"): "a", ord("”"): "a"}
    prefix = encoded_prefix("“b” c", WORDS, table)
    assert prefix.tokens == WORDS.encode("aba c").ids
    assert with_prefix(prefix, WORDS.decode(prefix.tokens)).text == "“b” c"


@pytest.mark.parametrize(
    ("text", "rest", "whole"),
    [
        ("ab ", " cd", "ab cd"),
        ("ab", " cd", "ab cd"),
        ("ab", "cd", "abcd"),
        ("ab  ", ".", "ab  ."),
        ("ab", "", "ab"),
        ("ab ", "", "ab "),
    ],
)
def test_white_space_at_the_seam_is_that_of_the_prefix(text: str, rest: str, whole: str) -> None:
    prefix = encoded_prefix(text, WORDS, {})
    forced = WORDS.decode(prefix.tokens)
    end = len(forced.text)
    written = DecodedText(forced.text + rest, (*forced.spans, Span(end, end + len(rest))))

    joined = with_prefix(prefix, written)
    assert joined.text == whole
    assert joined.spans[-1].of(joined.text).strip() == rest.strip()


def test_a_prefix_of_which_nothing_can_be_written_is_a_word_of_its_own() -> None:
    prefix = encoded_prefix("日本", WORDS, {})
    assert prefix.tokens == ()
    assert with_prefix(prefix, WORDS.decode(WORDS.encode("ab").ids)).text == "日本 ab"
    assert with_prefix(prefix, DecodedText("", ())).text == "日本"
