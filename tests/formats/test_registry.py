import pytest

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats import FORMATS, format_for
from l10n_pipeline.formats.text import PlainText


@pytest.mark.parametrize("path", ["a.txt", "seeds/a.b.TEXT", "dir.md/a.Txt"])
def test_the_suffix_decides(path: str) -> None:
    assert isinstance(format_for(path), PlainText)


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.md", "markdown"), ("A.HTM", "html"), ("a.pt.srt", "srt"), ("a.vtt", "webvtt")],
)
def test_each_format_serves_its_suffixes(path: str, name: str) -> None:
    assert format_for(path).name == name


@pytest.mark.parametrize("path", ["a.odg", "README", "dir.txt/a", ".txt"])
def test_an_unknown_suffix_is_refused_and_the_known_ones_named(path: str) -> None:
    with pytest.raises(DocumentError, match=r"supported are .*\.text, \.txt") as caught:
        format_for(path)

    assert caught.value.where == path


def test_no_two_formats_serve_one_suffix() -> None:
    suffixes = [suffix for served in FORMATS for suffix in served.suffixes]

    assert len(suffixes) == len(set(suffixes))
