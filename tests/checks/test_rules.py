"""What holds for all rules, and the small ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.checks import RULES, inspect, too_long
from l10n_pipeline.checks.emptiness import empty
from l10n_pipeline.locale import Locale
from tests.checks.findings import rules

SIGNS = st.text(st.sampled_from('abX1٣IV \u00a0\u202f\u2028\r\n,.:00“”"«»é\u0301中万億🎉א\u200fжİ'))
WORDS = st.lists(
    st.sampled_from(["the", "of", "que", "что", "para", "1,275", "24 mil", "XV", "。", "東京都"]),
    max_size=20,
).map(" ".join)
TEXT = SIGNS | WORDS | st.text()
LOCALE = st.none() | st.sampled_from(
    [Locale.parse(tag) for tag in ("en", "pt-BR", "ru", "ja", "zh-TW", "sr", "az", "hi", "yue")]
)


@given(TEXT)
def test_in_a_copy_of_the_source_nothing_is_lost(text: str) -> None:
    assert set(rules(text, text)) <= {"echo"}


@given(TEXT, TEXT, LOCALE, LOCALE)
def test_any_two_texts_can_be_inspected(
    source: str, target: str, source_locale: Locale | None, target_locale: Locale | None
) -> None:
    for finding in inspect(
        source, target, source_locale=source_locale, target_locale=target_locale
    ):
        assert finding.message.isprintable()


def test_an_empty_translation_is_one_finding() -> None:
    assert rules("613 “people”", " \u00a0") == ["empty"]
    assert rules("", "") == []
    assert empty not in RULES


@pytest.mark.parametrize("mark", ["<unk>", "⁇", "\ufffd"])
def test_an_unknown_token_is_found_unless_the_source_has_it(mark: str) -> None:
    assert rules("Ričardas", f"Ri{mark}ardas") == ["unknown"]
    assert rules(f"a {mark}", f"um {mark}") == []


def test_lost_quotation_marks_are_found_whatever_their_style() -> None:
    assert rules("“Endless corridor” today", "Corredor sem fim hoje") == ["quotation"]
    assert rules("“Endless corridor” today", "«Бесконечный коридор» сегодня") == []
    assert rules("“Endless corridor” today", '"Corredor sem fim" hoje') == []


@pytest.mark.parametrize(("limit", "found"), [(None, 0), (6, 0), (5, 0), (4, 1), (0, 1)])
def test_what_is_longer_than_its_limit_is_found(limit: int | None, found: int) -> None:
    assert len(too_long("Salve", limit)) == found
