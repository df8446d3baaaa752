"""Which words are carried over as they are."""

import pytest

from l10n_pipeline.enforcement import copy_hits
from l10n_pipeline.model import Span, Term, TermHit


@pytest.mark.parametrize(
    ("word", "copied"),
    [
        ("Ričardas", ["Ričardas"]),
        ("Šakić's", ["Šakić"]),
        ("Šakić’s", ["Šakić"]),
        ("Šakić-led", ["Šakić"]),
        ("pre-Šakić", ["Šakić"]),
        ("“Šakić”", ["Šakić"]),
        ("北京", ["北京"]),
        ("🎉", ["🎉"]),
        ("“Endless", []),
        ("don’t", []),
        ("dialogue…”", []),
        ("C:\\Users", ["C:\\Users"]),
        ("<", ["<"]),
        ("~/docs", ["~/docs"]),
        ("{}", ["{}"]),
    ],
)
def test_a_copy_is_the_foreign_part_of_its_word(word: str, copied: list[str]) -> None:
    source = f"see {word} here"
    hits = copy_hits(source, [Span(4, 4 + len(word))], ())
    assert [hit.span.of(source) for hit in hits] == copied
    assert [hit.term.target for hit in hits] == copied


def test_a_word_that_the_glossary_covers_is_left_to_it() -> None:
    source = "Ričardas Lapaitis"
    agreed = TermHit(Term(source, source), Span(0, len(source)))
    assert copy_hits(source, [Span(0, 8)], [agreed]) == ()


def test_neighbouring_symbols_are_one_copy_with_the_quotes_around_them() -> None:
    source = 'Write {"name": "x"} in the file.'
    unwritable = [Span(6, 12), Span(16, 19)]
    assert [span.of(source) for span in unwritable] == ['{"name', 'x"}']
    assert [hit.term.target for hit in copy_hits(source, unwritable, ())] == ['{"name": "x"}']
