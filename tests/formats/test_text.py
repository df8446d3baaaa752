import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.text import PlainText
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import BlockKind, Document, Segment

ENGLISH = Locale("en")
PARAGRAPH, LIST_ITEM = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
# The Kelvin sign, sharp s and dotted I change length under case rules.
NASTY = st.text(
    st.sampled_from(
        " \t\n\r\x0b\x0c\x85\u2028\u2029\xa0\u202f\ufeff-*•–1.2)aéßİK你。😀א\u0301\u200f"
    ),
    max_size=80,
)


def read(data: bytes) -> Document:
    return PlainText().read(data, path="seeds/a.txt", name="a.txt", locale=ENGLISH)


def blocks(text: str) -> list[str]:
    document = read(text.encode())
    return [block.span.of(text) for block in document.blocks if block.translatable]


def kinds(text: str) -> list[tuple[BlockKind, str]]:
    return [
        (block.kind, block.span.of(text))
        for block in read(text.encode()).blocks
        if block.translatable
    ]


def segments(document: Document) -> list[Segment]:
    return [
        Segment(index, index, block.span, block.kind, block.span.of(document.text))
        for index, block in enumerate(document.blocks)
        if block.translatable
    ]


# --- properties ----------------------------------------------------------------------


@given(NASTY)
def test_blocks_tile_the_text(text: str) -> None:
    document = read(text.encode())

    assert "".join(block.span.of(text) for block in document.blocks) == text
    assert all(block.span for block in document.blocks)
    for block in document.blocks:
        assert block.translatable == (block.kind is not BlockKind.SEPARATOR)


@given(NASTY)
def test_translatable_blocks_have_text_and_no_white_space_around(text: str) -> None:
    for block in blocks(text):
        assert block == block.strip()
        assert any(map(str.isalnum, block))


@given(NASTY, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_building_with_nothing_or_the_source_gives_the_bytes_back(text: str, codec: str) -> None:
    data = text.encode(codec)
    document = read(data)

    assert document.text.encode(document.encoding) == data
    assert PlainText().build(document, {}) == data
    assert PlainText().build(document, {s: s.source for s in segments(document)}) == data


@given(st.binary(max_size=60))
def test_any_bytes_are_read_back_exactly_or_refused(data: bytes) -> None:
    try:
        document = read(data)
    except DocumentError:
        return
    assert PlainText().build(document, {}) == data


# --- decoding --------------------------------------------------------------------------


def test_an_empty_document_has_no_blocks() -> None:
    document = read(b"")

    assert document.blocks == ()
    assert PlainText().build(document, {}) == b""


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_names_the_encoding_and_stays_in_a_separator(
    bom: bytes, encoding: str
) -> None:
    document = read(bom + "Ričardas 😀".encode(encoding))

    assert document.encoding == encoding
    assert document.text == "\ufeffRičardas 😀"
    assert [block.kind for block in document.blocks] == [BlockKind.SEPARATOR, PARAGRAPH]


@pytest.mark.parametrize(
    ("data", "place", "line"),
    [
        (b"\xff", "byte 0xFF at offset 0 (line 1, column 1)", 1),
        ("é\r\nčaj ".encode() + b"\xe9t\xe9", "byte 0xE9 at offset 9 (line 2, column 5)", 2),
        (b"a\rb\nc\xc3", "byte 0xC3 at offset 5 (line 3, column 2)", 3),
        (codecs.BOM_UTF8 + b"ab\x80", "byte 0x80 at offset 5 (line 1, column 3)", 1),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\xd8", "byte 0x00 at offset 4 (line 1, column 2)", 1),
    ],
)
def test_invalid_bytes_are_refused_with_their_place(data: bytes, place: str, line: int) -> None:
    with pytest.raises(DocumentError) as caught:
        read(data)

    assert caught.value.what.endswith(place)
    assert caught.value.where == f"seeds/a.txt:{line}"
    assert "UTF-8" in caught.value.way_out


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"text with a \x00 in it",
        b"\x01\x02\x03 mostly \x04\x05",
        bytes(range(1, 256)),
        codecs.BOM_UTF16_LE + b"a\x00\x00\x00b\x00",
        "no byte order mark".encode("utf-16-le"),
    ],
)
def test_binary_content_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="looks like a binary file, not text"):
        read(data)


def test_a_stray_control_character_does_not_make_a_text_binary() -> None:
    assert blocks("A paragraph with a bell \x07 somewhere in it.")


# --- paragraphs ------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_separate_blocks_whatever_the_line_end(end: str) -> None:
    text = f"One{end} \t{end}Two{end}{end}{end}Three{end}"

    assert blocks(text) == ["One", "Two", "Three"]


@pytest.mark.parametrize("separator", ["\f", "\u2029"])
def test_form_feeds_and_paragraph_separators_separate_blocks(separator: str) -> None:
    assert blocks(f"One{separator}Two") == ["One", "Two"]


@pytest.mark.parametrize("inside", ["\u2028", "\x0b", "\x85"])
def test_other_line_breaking_characters_stay_within_their_block(inside: str) -> None:
    assert blocks(f"One{inside}two.\n\nThree") == [f"One{inside}two.", "Three"]


def test_indentation_and_trailing_white_space_are_outside() -> None:
    assert blocks("\ufeff  \xa0One.\u202f \n\n\tTwo. ") == ["One.", "Two."]


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    paragraph = (
        "The screening, supported by the Heydar Aliyev Foundation, took place as\n"
        "part of the Justice for Khojaly International Awareness Campaign, and\n"
        "marked the 20th anniversary."
    )

    assert blocks(paragraph) == [paragraph]


def test_a_short_line_directly_above_a_body_is_a_block_of_its_own() -> None:
    body = (
        "The screening, supported by the Heydar Aliyev Foundation, took place as\n"
        "part of the Justice for Khojaly International Awareness Campaign."
    )

    assert blocks(f"A premiere in Baku\n{body}") == ["A premiere in Baku", body]


def test_a_short_line_before_a_word_too_long_for_it_ends_nothing() -> None:
    wrapped = f"See the page at\n{'x' * 60}\nfor the details of everything that is to be known."

    assert blocks(wrapped)[0].startswith(f"See the page at\n{'x' * 60}")


def test_a_chinese_title_above_its_body_is_a_block_of_its_own() -> None:
    body = "电影在巴库首映，出席仪式的有政府代表、议员、学者，\n他们都对影片给予了高度评价。"

    assert blocks(f"巴库首映\n{body}") == ["巴库首映", body]


def test_lines_that_are_not_wrapped_are_blocks_of_their_own() -> None:
    long = "word " * 30 + "end."

    assert blocks(f"{long}\nShort.\n{long}") == [long, "Short.", long]


@pytest.mark.parametrize("rule", ["-----", "* * *", "=======", "…………"])
def test_a_rule_is_nothing_to_translate_and_ends_a_block(rule: str) -> None:
    assert blocks(f"A title of some length\n{rule}\nThe body of it all") == [
        "A title of some length",
        "The body of it all",
    ]


@pytest.mark.parametrize("text", ["?!", "😀", "---", "• ", "\ufeff"])
def test_a_paragraph_without_letters_and_digits_is_nothing_to_translate(text: str) -> None:
    assert blocks(text) == []


# --- lists -------------------------------------------------------------------------------


@pytest.mark.parametrize("bullet", ["-", "*", "•", "–"])
def test_bullets_begin_list_items_and_stay_outside(bullet: str) -> None:
    text = f"To buy:\n{bullet} bread\n  {bullet}  milk\n\n{bullet} salt"

    assert kinds(text) == [
        (PARAGRAPH, "To buy:"),
        (LIST_ITEM, "bread"),
        (LIST_ITEM, "milk"),
        (LIST_ITEM, "salt"),
    ]


@pytest.mark.parametrize("delimiter", [".", ")"])
def test_numbers_in_sequence_begin_list_items(delimiter: str) -> None:
    text = f"1{delimiter} Read\n2{delimiter} Translate\n\n3{delimiter} Build"

    assert kinds(text) == [(LIST_ITEM, "Read"), (LIST_ITEM, "Translate"), (LIST_ITEM, "Build")]


@pytest.mark.parametrize("text", ["1. FC Köln gewinnt", "1992. Then it rained.", "3.5 percent"])
def test_a_number_alone_is_no_list_marker(text: str) -> None:
    assert kinds(text) == [(PARAGRAPH, text)]


def test_a_wrapped_list_item_is_one_block() -> None:
    item = (
        "the screening, supported by the Heydar Aliyev Foundation, took place\n"
        "  as part of the Justice for Khojaly campaign"
    )

    assert kinds(f"- {item}\n- and more") == [(LIST_ITEM, item), (LIST_ITEM, "and more")]


def test_a_dash_that_wrapping_put_at_the_start_of_a_line_begins_no_item() -> None:
    text = (
        "Leyla Aliyeva, Vice-President of the Heydar Aliyev Foundation and so on\n"
        "- addressed the ceremony, and praised the film."
    )

    assert kinds(text) == [(PARAGRAPH, text)]


# --- building ----------------------------------------------------------------------------


def test_only_the_translated_span_changes() -> None:
    data = "\ufeff  One.\r\n\r\n- Two\xa0\r\n".encode()
    document = read(data)
    one, two = segments(document)

    assert PlainText().build(document, {two: "Dois"}) == data.replace(b"Two", b"Dois")
    assert PlainText().build(document, {two: "Dois", one: "Um."}) == (
        "\ufeff  Um.\r\n\r\n- Dois\xa0\r\n".encode()
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_the_encoding_is_kept(encoding: str) -> None:
    document = read("One.\n".encode(encoding))

    assert PlainText().build(document, {segments(document)[0]: "Ričardas 😀"}) == (
        "Ričardas 😀\n".encode(encoding)
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\r\n\r\nb\r\n", "x\r\ny\r\n\r\nb\r\n"),
        ("a\n\nb\n", "x\ny\n\nb\n"),
        ("a\r\rb\r", "x\ry\r\rb\r"),
        ("a\r\n\r\nb\n", "x\r\ny\r\n\r\nb\n"),
        ("a", "x\ny"),
    ],
)
def test_line_breaks_of_a_translation_become_the_documents(source: str, expected: str) -> None:
    document = read(source.encode())

    built = PlainText().build(document, {segments(document)[0]: "x\ny"})

    assert built == expected.encode()


def test_a_lone_surrogate_in_a_translation_is_refused() -> None:
    document = read(b"One.\n\nTwo.\n")

    with pytest.raises(DocumentError, match="character 3 is half of a surrogate pair") as caught:
        PlainText().build(document, {segments(document)[1]: "Do\ud83d."})
    assert caught.value.where == "seeds/a.txt:3"


def test_a_segment_of_another_document_is_refused() -> None:
    stranger = segments(read(b"Something else"))[0]

    with pytest.raises(ValueError, match="not a segment of"):
        PlainText().build(read(b"One."), {stranger: "x"})


def test_overlapping_segments_are_refused() -> None:
    document = read(b"One.")
    segment = segments(document)[0]
    again = Segment(segment.block, 1, segment.span, segment.kind, segment.source)

    with pytest.raises(ValueError, match="not a segment of"):
        PlainText().build(document, {segment: "x", again: "y"})
