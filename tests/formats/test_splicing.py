"""Translations put into a document: codes in their places, every other byte as it was."""

import pytest

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.splicing import spliced
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Block, Document, Segment
from l10n_pipeline.segment import SentenceSegmenter, segment_document
from tests.formats.coded import document_of, parts

DOCUMENT = document_of(
    parts("**", "One ", "<b>", "two", "</b>", " and ", "`a & b`", "\n> ", "{name}.", "~~"),
    parts("Three ", "&amp;", " four. Five ", "<x1/>", "."),
)


def segments(document: Document = DOCUMENT) -> tuple[Segment, ...]:
    return segment_document(document, SentenceSegmenter(Locale("en")))


def escaped(text: str, _: Block) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def test_tags_become_what_stands_in_the_document_and_text_is_encoded() -> None:
    one, two, three = segments()
    assert one.source == "One <g1>two</g1> and <x2/> <x3/>."

    built = spliced(
        DOCUMENT,
        {
            one: "<x3/> & <g1>dois < <x2/></g1>!",
            three: "<x1/> 5 <b>",
            two: "Três & quatro <x1/>.",
        },
        escaped,
    )

    assert built == (
        "**{name} &amp; <b>dois &lt; `a & b`</b>!**\nTrês &amp; quatro &lt;x1/>. <x1/> 5 &lt;b>\n"
    )


def test_encoding_is_told_the_block() -> None:
    one, two, _ = segments()
    told = []

    def encode(text: str, block: Block) -> str:
        told.append((text, block))
        return text

    spliced(DOCUMENT, {one: "<g1>a</g1><x2/><x3/>", two: two.source}, encode)

    assert told == [("a", DOCUMENT.blocks[0])]


@pytest.mark.parametrize(
    ("translation", "said"),
    [
        ("Um", "<g1> is missing, </g1> is missing, <x2/> is missing, <x3/> is missing"),
        ("<g1>a</g1> <x2/> <x2/> <x3/>", "<x2/> stands there 2 times"),
        ("</g1>a<g1> <x2/> <x3/>", "</g1> has no <g1> before it"),
        ("<g1>a</g1> <x2/> <x3/> <x4/>", "<x4/> is not in the source"),
    ],
)
def test_broken_codes_are_refused_with_their_line(translation: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        spliced(DOCUMENT, {segments()[0]: translation}, escaped)
    assert said in caught.value.what
    assert "“One <g1>two</g1>" in caught.value.what
    assert caught.value.where == "a.x:1"
    assert "correct this entry" in caught.value.way_out


def test_the_line_is_the_segment_s() -> None:
    with pytest.raises(DocumentError) as caught:
        spliced(DOCUMENT, {segments()[2]: "Cinco."}, escaped)
    assert caught.value.where == "a.x:3"


def test_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(DocumentError, match="character 5 is half of a surrogate pair"):
        spliced(DOCUMENT, {segments()[1]: "Três\ud83d"}, escaped)


def test_a_segment_of_another_document_is_refused() -> None:
    stranger = document_of(parts("x" * 500))
    with pytest.raises(ValueError, match="not a segment of"):
        spliced(DOCUMENT, {segments(stranger)[0]: "a"}, escaped)


def test_a_segment_given_twice_is_refused() -> None:
    one, *_ = segments()
    again = Segment(one.block, 9, one.span, one.kind, one.source, one.codes)
    with pytest.raises(ValueError, match="not a segment of"):
        spliced(DOCUMENT, {one: one.source, again: one.source}, escaped)
