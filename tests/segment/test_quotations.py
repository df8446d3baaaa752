import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.segment.quotations import find_marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“English” ‘British’", ["“English”", "‘British’"]),
        ("„German“ „Polish”", ["„German“", "„Polish”"]),
        ("«Russian» « French »", ["«Russian»", "« French »"]),
        ("»Danish« ”Swedish”", ["»Danish«", "”Swedish”"]),
        ("\"typed\" 'so' too", ['"typed"', "'so'"]),
        ("他说“你好”。「や」『ま』", ["“你好”", "「や」", "『ま』"]),
        ('他走了。"你好"她说', ['"你好"']),
        ("“He said ‘yes’ (twice)”", ["‘yes’", "(twice)", "“He said ‘yes’ (twice)”"]),
    ],
)
def test_every_style_is_paired(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in find_marks(text).pairs] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Don't. It’s Aliyeva`s",
        "the boys' room and the girls' room",
        "the '90s and the ’80s",
        "5' 10\" tall",
        "“no end",
        ":) a) b)",
        "»",
    ],
)
def test_apostrophes_and_strays_are_no_pairs(text: str) -> None:
    assert find_marks(text).pairs == ()


def test_a_stray_opening_mark_does_not_disturb_later_pairs() -> None:
    text = "“A first paragraph (of many. “A real one” here."

    marks = find_marks(text)

    assert [span.of(text) for span in marks.pairs] == ["“A real one”"]
    assert [text[at] for at in marks.unpaired] == ["“", "("]


@given(st.text("“”„«»‘’\"'`()[]「」 a.", max_size=40))
def test_pairs_never_cross(text: str) -> None:
    pairs = find_marks(text).pairs

    for one in pairs:
        for other in pairs:
            assert not one.start < other.start < one.end - 1 < other.end - 1
