"""Cutting of long sources."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.decoding.segments import pieces

TEXT = st.text(alphabet=[*"abc  .,;:—、。日\u00a0\u2028"], max_size=80)


@given(TEXT, st.integers(1, 20))
def test_pieces_fit_and_lose_nothing_but_white_space(text: str, limit: int) -> None:
    spans = pieces(text, lambda piece: len(piece) <= limit)

    assert all(len(span) <= limit for span in spans)
    covered = {index for span in spans for index in range(span.start, span.end)}
    assert all(text[index].isspace() for index in range(len(text)) if index not in covered)
    assert spans == sorted(spans)


@given(TEXT)
def test_what_fits_is_not_cut(text: str) -> None:
    (span,) = pieces(text, lambda _: True)
    assert span.of(text) == text.strip()


def test_cuts_after_a_clause_before_a_phrase_before_a_word() -> None:
    def cut(text: str) -> list[str]:
        return [span.of(text) for span in pieces(text, lambda piece: len(piece) < 28)]

    assert cut("alpha beta, gamma; delta epsilon, zeta") == [
        "alpha beta, gamma;",
        "delta epsilon, zeta",
    ]
    assert cut("alpha beta gamma, delta epsilon zeta") == [
        "alpha beta gamma,",
        "delta epsilon zeta",
    ]
    assert cut("alpha beta gamma delta epsilon") == ["alpha beta gamma", "delta epsilon"]
    assert cut("一" * 20 + "。" + "二" * 10) == ["一" * 20 + "。", "二" * 10]
