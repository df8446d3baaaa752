"""Symbols that a model cannot write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.checks import inspect
from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.checks.symbols import lost_symbols


def found(source: str, target: str) -> list[str]:
    told = lost_symbols(source, target, LanguagePair())
    return [f"{one.severity}: {one.message}" for one in told]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Open C:\\Users\\ana", "Abra C:-Users-ana", ["error: \\ is missing"]),
        ("If a < b", "Se a b", ["error: < is missing"]),
        ("Use { and }", "Use - e -", ["error: { } are missing"]),
        ("Press ~ or ^ or |", "Pressione ou - ou |", ["error: ~ ^ are missing"]),
        ("a < b < c", "a < b", ["error: < is missing"]),
        ("10 % of it", "dez por cento", ["warning: % is missing, unless in words"]),
        ("at 5°", "a 5 graus", ["warning: ° is missing, unless in words"]),
        ("<5 and ~7", "menos de 5 e cerca de 7", ["warning: < ~ are missing, unless in words"]),
        ("50+ of them", "mais de 50", ["warning: + is missing, unless in words"]),
        ("#5 and #tag", "nº 5", ["error: # is missing"]),
        ("10 %", "10%", []),
        ("10%", "10٪", []),
        ("a = b", "a ＝ b", []),
        ("no. #5", "№ 5", []),
        ("a -> b", "a → b", []),
        ("R&D costs $5 (€4) [a/b]", "P e D custa 5 dólares", []),
        ("plain", "{liso}", []),
    ],
)  # fmt: skip
def test_lost_symbols_are_found(source: str, target: str, expected: list[str]) -> None:
    assert found(source, target) == expected


@given(st.text("ab5 \\{}<>~^|@#=+%", max_size=30))
def test_a_copy_has_lost_nothing(text: str) -> None:
    assert found(text, text) == []


def test_tags_are_no_symbols() -> None:
    assert [one.rule for one in inspect("Run <x1/> = now", "Agora <x1/> = já")] == []
    assert [one.rule for one in inspect("Run <x1/> = now", "Agora <x1/> já")] == ["symbols"]
