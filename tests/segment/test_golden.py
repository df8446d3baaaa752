"""Golden files, one a language: see the remarks at the top of ``golden/en.txt``."""

from pathlib import Path

import pytest

from l10n_pipeline.locale import Locale
from l10n_pipeline.segment import SentenceSegmenter

GOLDEN = Path(__file__).parent / "golden"
FEWEST_CASES = {"en": 40, "pt": 12, "es": 12, "ru": 12, "tr": 12, "az": 12}
SEGMENTERS = {
    path.stem: SentenceSegmenter(Locale.parse(path.stem)) for path in sorted(GOLDEN.glob("*.txt"))
}


def cases(language: str) -> list[str]:
    paragraphs = (GOLDEN / f"{language}.txt").read_text("utf-8").split("\n\n")
    without_remarks = (
        "\n".join(line for line in paragraph.splitlines() if not line.startswith("#"))
        for paragraph in paragraphs
    )
    return [case.strip() for case in without_remarks if case.strip()]


@pytest.mark.parametrize(
    ("language", "case"),
    [(language, case) for language in SEGMENTERS for case in cases(language)],
)
def test_a_text_is_divided_as_a_linguist_marked_it(language: str, case: str) -> None:
    text = case.replace(" | ", " ").replace("|", "")

    spans = SEGMENTERS[language].split(text)

    assert " | ".join(span.of(text) for span in spans) == " | ".join(
        part.strip() for part in case.split("|")
    )


@pytest.mark.parametrize(("language", "fewest"), FEWEST_CASES.items())
def test_the_golden_file_is_read_in_full(language: str, fewest: int) -> None:
    assert len(cases(language)) >= fewest
