"""Loops, and repetition that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.findings import rules

SOURCE = "Justice for Khojaly International Awareness Campaign"


@pytest.mark.parametrize(
    "target",
    [
        "a Conscientização Internacional da Justiça e a Conscientização Internacional da Justiça",
        "não não não não",
        "ya sea en línea, ya sea en línea",
        "hem I. Dünya Savaşı'nda hem I. Dünya Savaşı'nda hem de",
        "İSRAİL'İN BAŞKENTİ, İSRAİL'İN BAŞKENTİ",
        "ilk növbədə, ilk növbədə, ilk növbədə",
        "o filme foi exibido na cidade hoje, e o filme foi exibido na cidade",
        "これはこれはこれはこれはこれは",
    ],
)
def test_a_loop_is_found(target: str) -> None:
    assert rules(SOURCE, target) == ["repetition"]


@given(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=6, unique=True))
def test_a_phrase_twice_in_a_row_is_found_whatever_its_length(letters: list[str]) -> None:
    phrase = " ".join(4 * letter for letter in letters)
    assert rules(SOURCE, f"Hoje {phrase}, {phrase}") == ["repetition"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (
            "the President of the United States and the President of the United States",
            "o presidente dos Estados Unidos e o presidente dos Estados Unidos",
        ),
        ("no no no", "não não não"),
        ("Now for Japan. Japan was an island.", "Agora o Japão. O Japão era uma ilha."),
        ("a 2:2, a lower second", "2:2 (2. sınıf)"),
        ("133 m/s; 300 mph", "133 m/s; 300 m/s"),
        ("5 sq mi, 6 sq mi, 7 sq mi", "5 km², 6 km², 7 km²"),
        ("A hundred million: 100,000,000", "Cem milhões: 100000000"),
        (
            "Protons have a positive electric charge. The electrons have a negative electric one.",
            "Os prótons têm uma carga elétrica positiva. Os elétrons têm uma carga negativa.",
        ),
        ("Aceito nos EUA, porém não fora.", "Accepted in the U.S., not outside the U.S., no."),
        (
            "It is the capital of Israel; others do not see it as Israel's capital.",
            "İsrail'in başkenti odur; başkaları onu İsrail'in başkenti olarak tanımaz.",
        ),
    ],
)
def test_good_prose_repeats_what_its_source_does(source: str, target: str) -> None:
    assert rules(source, target) == []
