"""What counts as another structure, and what may change in a translation."""

from pathlib import Path

import pytest

from l10n_pipeline.formats import Formats
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document
from l10n_pipeline.pipeline.skeletons import first_drift, place_of

HTML = "<p>Look <img alt=one> at <a title=two>this</a>.</p>\n<p>End.</p>"
MARKDOWN = "# One\n\nSee [this] and `that`.\n\n[this]: http://a.example\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo.\n"


def read(text: str, name: str) -> Document:
    return Formats().for_path(name).read(text.encode(), path=name, name=name, locale=Locale("en"))


def drift(name: str, source: str, built: str) -> int | None:
    return first_drift(read(source, name), read(built, name), Formats().for_path(name))


@pytest.mark.parametrize(
    ("name", "source", "built"),
    [
        ("a.html", HTML, HTML),
        ("a.html", HTML, "<p><a title=x>a <img alt=one> b</a></p>\n<p>z</p>"),
        ("a.html", HTML, "<p><a title=x>a</a> b <img alt=y></p>\n<p>z</p>"),
        ("a.md", MARKDOWN, "# Um\n\n`that` e [isto][this].\n\n[this]: http://a.example\n"),
        ("a.md", MARKDOWN, MARKDOWN.replace("See", "Veja http://b.example e")),
        ("a.md", MARKDOWN, MARKDOWN.replace("# One", "# &lt;a {b\\_c}")),
        ("a.md", '![a](b "c")\n', '![<a](b "<a d")\n'),
        ("a.mdx", "One\n", "Um \\{b\\}\n"),
        ("a.srt", SRT, SRT.replace("One", "Um.").replace("two", "- dois")),
    ],
)
def test_words_their_order_and_that_of_codes_may_change(name: str, source: str, built: str) -> None:
    assert drift(name, source, built) is None


@pytest.mark.parametrize(
    ("name", "source", "built", "line"),
    [
        ("a.html", HTML, HTML.replace("End", "<b>End</b> x"), 2),
        ("a.html", HTML, HTML.replace("<a title=two>this</a>", "this"), 1),
        ("a.html", HTML, HTML.replace(" alt=one", ""), 1),
        ("a.html", HTML, HTML + "<p>More</p>", 2),
        ("a.html", HTML, "<p>Look <img alt=one> at <a title=two>this</a>.</p>\n", 2),
        ("a.md", MARKDOWN, MARKDOWN.replace("# One", "One"), 1),
        ("a.md", MARKDOWN, MARKDOWN.replace("See", "*See*"), 3),
        ("a.md", MARKDOWN, MARKDOWN.replace("See", "> See"), 3),
        ("a.md", "One\n", "# One\n", 1),
        ("a.md", "One\n", "`One` two\n", 1),
        ("a.srt", SRT, SRT.replace("03,000", "03,001"), 6),
        ("a.srt", SRT, SRT.replace("two", "\n3\n00:00:04,000 --> 00:00:05,000\nthree"), 6),
    ],
)
def test_markup_and_blocks_may_not(name: str, source: str, built: str, line: int) -> None:
    at = drift(name, source, built)
    assert at is not None
    assert source.count("\n", 0, at) + 1 == line


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("fraction", [",000", ".000", ""])
def test_the_timing_of_subtitles_is_known_however_it_is_written(
    newline: str, fraction: str
) -> None:
    text = SRT.replace(",000", fraction).replace("\n", newline)
    moved = text.replace(f"03{fraction}", f"05{fraction}")
    assert moved != text
    assert drift("a.srt", text, text.replace("One", "Um")) is None
    assert drift("a.srt", text, moved) is not None


def test_plain_text_has_none() -> None:
    assert drift("a.txt", "One.\n\nTwo.\n", "One. Two.\n") is None


def test_a_place_is_a_line_or_in_an_archive_what_it_says_there() -> None:
    assert place_of(read(MARKDOWN, "a.md"), MARKDOWN.index("[this]:")) == "line 5 of a.md"

    data = (Path(__file__).parents[1] / "formats/samples/office/report.docx").read_bytes()
    report = Formats().for_path("a.docx").read(data, path="a.docx", name="a", locale=Locale("en"))
    at = report.text.index("Second item")
    assert place_of(report, at) == "a place in word/document.xml of a.docx, near “Second item”,"
    assert first_drift(report, report, Formats().for_path("a.docx")) is None
