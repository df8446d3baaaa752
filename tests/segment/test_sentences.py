import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10n_pipeline.locale import Locale
from l10n_pipeline.segment import SentenceSegmenter, backends, sentences
from l10n_pipeline.segment.backends import BackendError
from l10n_pipeline.segment.documents import covers

ENGLISH = SentenceSegmenter(Locale("en"))
SEGMENTERS = {
    language: SentenceSegmenter(Locale(language))
    for language in ("en", "pt", "ru", "tr", "az", "zh", "ar", "th", "ka")
}
TITLE = "Khojaly. Twenty years, ten stories. This could have been true..."

PIECES = st.sampled_from(
    [
        *" .!?…\"'“”«»„‘’`()[]—-:;,1aAéÉİß你。」「\n\r\t\x0b\x85\xa0\u202f\u2028\u2029\u200b\u200d",
        "\u0301",
        "\u200f",
        "\ufe0f",
        "😀",
        "א",
        "؟",
        "\r\n",
        "Mr. ",
        "U.S. ",
        "etc. ",
        "The end. ",
        "1. ",
        "- ",
        "B\xa0. ",
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=60)


def split(text: str, segmenter: SentenceSegmenter = ENGLISH) -> list[str]:
    return [span.of(text) for span in segmenter.split(text)]


@pytest.mark.parametrize("language", SEGMENTERS)
@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_segments_and_the_white_space_between_them_are_the_text(language: str, text: str) -> None:
    assert covers(text, SEGMENTERS[language].split(text))


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_line_breaks_count_as_spaces(text: str) -> None:
    broken = text.replace(" ", "\n")

    assert ENGLISH.split(broken) == ENGLISH.split(text)


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\u2028\xa0"])
def test_white_space_has_no_segments(blank: str) -> None:
    assert ENGLISH.split(blank) == []


def test_offsets_count_code_points() -> None:
    text = "😀 e\u0301 𝔸 你 came. Next 👍🏽 left."

    assert split(text) == ["😀 e\u0301 𝔸 你 came.", "Next 👍🏽 left."]


def test_a_lone_surrogate_is_carried_along() -> None:
    assert split("He came \ud800. She left.") == ["He came \ud800.", "She left."]


@pytest.mark.parametrize("space", ["\xa0", "\u202f", "\u2028", "\r\n", "\r", " \t ", "\x85"])
def test_any_white_space_may_part_sentences(space: str) -> None:
    assert split(f"He came.{space}She left.") == ["He came.", "She left."]


def test_directional_marks_stay_with_the_sentence_that_they_close() -> None:
    assert split("He came.\u200f She left.") == ["He came.\u200f", "She left."]


# --- what must stay whole ------------------------------------------------------------


def test_a_protected_title_is_not_divided() -> None:
    text = f"She read {TITLE} It was long."
    assert len(split(text)) > 2

    segmenter = SentenceSegmenter(Locale("en"), protected=["Baku", TITLE])

    assert split(text, segmenter) == [f"She read {TITLE}", "It was long."]


@pytest.mark.parametrize(
    "occurrence",
    [TITLE.replace(" ", "\n", 1), TITLE.replace(" ", "\xa0 "), TITLE.upper(), TITLE[:-3] + "…"],
    ids=["line break", "no-break space", "capitals", "ellipsis"],
)
def test_a_protected_title_is_found_however_it_is_typed(occurrence: str) -> None:
    segmenter = SentenceSegmenter(Locale("en"), protected=[TITLE])

    assert split(f"She read {occurrence} aloud.", segmenter) == [f"She read {occurrence} aloud."]


def test_protected_titles_that_overlap_are_both_kept() -> None:
    segmenter = SentenceSegmenter(Locale("en"), protected=["Come Here. Now. Go", "Go. There. Now"])
    text = "He sang Come Here. Now. Go. There. Now he left. She stayed."

    assert split(text, segmenter) == [
        "He sang Come Here. Now. Go. There. Now he left.",
        "She stayed.",
    ]


def test_a_protected_string_within_words_protects_nothing() -> None:
    segmenter = SentenceSegmenter(Locale("en"), protected=["Al. B"])

    assert split("It was normal. But late.", segmenter) == ["It was normal.", "But late."]


@given(text=TEXTS, start=st.integers(0, 50), length=st.integers(2, 20))
@settings(max_examples=100, deadline=None)
def test_no_boundary_falls_inside_a_protected_string(text: str, start: int, length: int) -> None:
    name = f"Q {text[start : start + length].strip()} Q"
    whole = f"One. {name} two. Three."
    segmenter = SentenceSegmenter(Locale("en"), protected=[name])

    assert sum(name in segment for segment in split(whole, segmenter)) == 1


def test_tens_of_thousands_of_protected_strings_cost_little() -> None:
    names = [f"Name {number}. Foundation" for number in range(30_000)]
    started = time.perf_counter()

    segmenter = SentenceSegmenter(Locale("en"), protected=names)
    segments = split("The Name 29999. Foundation met. It rained.", segmenter)

    assert segments == ["The Name 29999. Foundation met.", "It rained."]
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("listed", ["approx.", "approx", "Approx.", " approx. "])
def test_no_segment_ends_after_a_users_abbreviation(listed: str) -> None:
    segmenter = SentenceSegmenter(Locale("en"), abbreviations=[listed, "a. W."])
    text = "It took approx. Two hours. He a. W. Wrote."

    assert split(text, segmenter) == ["It took approx. Two hours.", "He a. W. Wrote."]


def test_an_empty_abbreviation_changes_nothing() -> None:
    segmenter = SentenceSegmenter(Locale("en"), protected=["", " "], abbreviations=["", " "])

    assert split("One came. Two left.", segmenter) == ["One came.", "Two left."]


# --- libraries that fail ---------------------------------------------------------------

Ends = Callable[[str], list[int]]


def failing(_text: str) -> list[int]:
    raise BackendError("out of order")


def halves(text: str) -> list[int]:
    return [text.index(".") + 1, len(text)]


@pytest.mark.parametrize(
    "first",
    [
        failing,
        lambda text: [5, 3],
        lambda text: [0],
        lambda text: [len(text) + 1],
        lambda text: [-1],
    ],
)
def test_where_one_library_fails_or_talks_nonsense_the_next_is_asked(
    first: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "backends_for", lambda locale: (first, halves))

    assert split("One came. Two left.", SentenceSegmenter(Locale("en"))) == [
        "One came.",
        "Two left.",
    ]


def test_where_all_libraries_fail_the_text_is_one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "backends_for", lambda locale: (failing,))

    assert split(" One came. Two left. ", SentenceSegmenter(Locale("en"))) == [
        "One came. Two left."
    ]


class PanicException(BaseException):  # the name that PyO3 gives it
    pass


def test_a_panic_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(language: str, text: str) -> None:
        raise PanicException("byte index 2 is not a char boundary")

    monkeypatch.setattr("sentencex.get_sentence_boundaries", panic)

    (only,) = backends.backends_for(Locale("az"))
    with pytest.raises(BackendError, match="char boundary"):
        only("Bakı.")
    assert split("Bir. İki.", SentenceSegmenter(Locale("az"))) == ["Bir. İki."]


def test_an_interrupt_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(language: str, text: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sentencex.get_sentence_boundaries", interrupt)

    with pytest.raises(KeyboardInterrupt):
        SentenceSegmenter(Locale("az")).split("Bakı.")


def test_what_makes_sentencex_panic_does_not_reach_it(capfd: pytest.CaptureFixture[str]) -> None:
    assert split("Vitamin B\xa0. Davamı.", SEGMENTERS["az"])
    assert "panicked" not in capfd.readouterr().err


def test_a_language_without_rules_is_divided_all_the_same() -> None:
    assert split("Qapla. Hov leng.", SentenceSegmenter(Locale.parse("haw"))) == [
        "Qapla.",
        "Hov leng.",
    ]


# --- size ------------------------------------------------------------------------------


def test_a_long_line_is_divided_like_its_parts() -> None:
    sentence = "Mr Lapaitis of the U.S. Senate said “It is so. It was not.” at 5 p.m. on Friday."
    text = " ".join([sentence] * 400)

    assert split(text) == [sentence] * 400


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        "(",
        "“",
        '"',
        "`",
        " ",
        "a",
        ". ",
        "A. ",
        "1) b ",
        "- ",
        "— , ",
        "你",
        "?!",
        "(“«[",
        '".',
    ],
)
@pytest.mark.slow
def test_time_stays_bounded_whatever_the_line(unit: str) -> None:
    text = "x" + unit * (100_000 // len(unit)) + "x"
    started = time.perf_counter()

    segments = ENGLISH.split(text)

    assert covers(text, segments)
    assert time.perf_counter() - started < 20
