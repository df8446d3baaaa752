from dataclasses import replace

import pytest

from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.model import Gender, Span, Term, TermHit, TermKind, TermMode

TERM = Term("Khojaly", "Xocalı", forms=("Xocalının", "Xocalıya"), forbidden=("Hocalı", "Hojali"))
OTHER = Term("Baku", "Bakı")


def hits(*terms: Term) -> list[TermHit]:
    return [TermHit(term, Span(at, at + 1)) for at, term in enumerate(terms)]


@pytest.mark.parametrize(
    "change",
    [
        {"source": "Hojaly"},
        {"target": "Xocali"},
        {"forms": ("Xocalının",)},
        {"forms": ("Xocalıya", "Xocalının")},
        {"forms": ("Xocalının", "Xocalıya", "Hocalı"), "forbidden": ("Hojali",)},
        {"forbidden": ("Hocalı",)},
        {"mode": TermMode.INFLECT},
        {"aliases": ("Hojaly",)},
        {"kind": TermKind.PLACE},
        {"case_sensitive": True},
        {"fixed_case": True},
        {"ignores_diacritics": True},
        {"gender": Gender.FEMININE},
    ],
    ids="+".join,
)
def test_what_changes_a_draft_changes_the_fingerprint(change: dict[str, object]) -> None:
    changed = replace(TERM, **change)  # type: ignore[arg-type]  # fields by name
    assert terms_hash(hits(changed)) != terms_hash(hits(TERM))


def test_a_plural_changes_the_fingerprint() -> None:
    [hit] = hits(TERM)
    assert terms_hash([replace(hit, plural=True)]) != terms_hash([hit])


@pytest.mark.parametrize(
    "change",
    [{"note": "A town."}, {"origin": "en-az.tsv:5"}, {"forbidden": ("Hojali", "Hocalı")}],
    ids="+".join,
)
def test_what_changes_no_draft_leaves_the_fingerprint(change: dict[str, object]) -> None:
    changed = replace(TERM, **change)  # type: ignore[arg-type]  # fields by name
    assert terms_hash(hits(changed)) == terms_hash(hits(TERM))


def test_the_order_of_aliases_leaves_the_fingerprint() -> None:
    one, other = (
        terms_hash(hits(replace(TERM, aliases=aliases))) for aliases in (("a", "b"), ("b", "a"))
    )
    assert one == other


def test_the_order_and_place_of_hits_leave_the_fingerprint_and_their_number_does_not() -> None:
    assert terms_hash(hits(TERM, OTHER)) == terms_hash(hits(OTHER, TERM))
    assert len({terms_hash(hits(*terms)) for terms in ([TERM], [TERM, TERM], [TERM, OTHER])}) == 3


def test_no_hits_have_no_fingerprint() -> None:
    assert terms_hash([]) == ""


def test_a_text_with_lone_surrogates_has_a_fingerprint() -> None:
    assert text_hash("\ud800") != text_hash("\ud801")
