from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline.formats import Formats
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import BlockKind, Document, Span
from l10n_pipeline.segment import SentenceSegmenter, segment_document

SEED = Path(__file__).parents[2] / "seeds" / "000_2d075dccecf6c98f.txt"
SEGMENTERS = {
    language: SentenceSegmenter(Locale(language), protected=["A. B"], abbreviations=["x."])
    for language in ("en", "az", "ja")
}
PIECES = st.sampled_from(
    [
        *" \t\n\r\x0b\x0c\x85\u2028\u2029\xa0\u202f\u200b\ufeff.!?…\"“”'()-*•–aAéİ你。😀א",
        "\r\n",
        "\u0301",
        "- a",
        "1. ",
        "2) ",
        "* * *",
        "A. B",
        "x. Y",
        "The end of it. ",
        "a" * 70,
    ]
)
TEXTS = st.lists(PIECES, max_size=50).map("".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])


def encoded(text: str, encoding: str) -> bytes:
    # Python writes no byte order mark where the name says the byte order.
    return (text if encoding != "utf-16-be" else "\ufeff" + text).encode(encoding)


def read(data: bytes) -> Document:
    return Formats().for_path("a.txt").read(data, path="a.txt", name="a.txt", locale=Locale("en"))


@pytest.mark.parametrize("language", SEGMENTERS)
@given(text=TEXTS, encoding=ENCODINGS)
@settings(max_examples=80, deadline=None)
def test_segments_and_what_lies_between_them_are_the_document(
    language: str, text: str, encoding: str
) -> None:
    data = encoded(text, encoding)
    document = read(data)
    segments = segment_document(document, SEGMENTERS[language])

    done, pieces = 0, []
    for segment in segments:
        pieces += [document.text[done : segment.span.start], segment.source]
        done = segment.span.end
    assert "".join([*pieces, document.text[done:]]).encode(document.encoding) == data
    assert Formats().for_path("a.txt").build(document, {}) == data
    assert Formats().for_path("a.txt").build(document, {s: s.source for s in segments}) == data


@given(text=TEXTS)
@settings(max_examples=80, deadline=None)
def test_segments_are_what_the_model_promises(text: str) -> None:
    document = read(text.encode())

    for index, segment in enumerate(segment_document(document, SEGMENTERS["en"])):
        block = document.blocks[segment.block]
        assert segment.index == index
        assert segment.source == segment.span.of(document.text) == segment.source.strip() != ""
        assert block.translatable
        assert block.span.contains(segment.span)
        assert segment.kind is block.kind


def test_nothing_but_white_space_is_left_out_of_a_translatable_block() -> None:
    document = read(b"One came. Two left.\r\n\r\n- Three\r\n- Four. Five.\r\n")

    segments = segment_document(document, SEGMENTERS["en"])

    assert [(s.kind, s.source) for s in segments] == [
        (BlockKind.PARAGRAPH, "One came."),
        (BlockKind.PARAGRAPH, "Two left."),
        (BlockKind.LIST_ITEM, "Three"),
        (BlockKind.LIST_ITEM, "Four."),
        (BlockKind.LIST_ITEM, "Five."),
    ]


@pytest.mark.parametrize(
    "spans",
    [[], [Span(0, 4)], [Span(0, 5), Span(5, 9)], [Span(5, 9), Span(0, 4)], [Span(0, 99)]],
    ids=["none", "some", "white space", "disorder", "beyond"],
)
def test_a_segmenter_that_would_lose_text_is_refused(spans: list[Span]) -> None:
    class Careless:
        def split(self, text: str) -> list[Span]:
            return spans

    with pytest.raises(ValueError, match="Careless"):
        segment_document(read(b"One. Two."), Careless())


def test_the_seed_document_is_divided_into_its_sentences() -> None:
    segments = segment_document(read(SEED.read_bytes()), SEGMENTERS["en"])
    sources = [segment.source for segment in segments]

    assert len(sources) == 23
    assert sources[2].startswith("Azerbaijan's First Lady, Mehriban Aliyeva. attended")
    assert sources[9].startswith("“I wish this film")
    assert sources[9].endswith("would help start a dialogue…”")
    assert sources[10].startswith("Mr Lapaitis praised")
    assert sources[22].endswith(
        "“Khojaly.\xa0Twenty years, ten stories. This could have been true...”."
    )
