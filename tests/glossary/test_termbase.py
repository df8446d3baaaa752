"""Several glossaries as one."""

from l10n_pipeline.glossary import Termbase
from l10n_pipeline.glossary.termbase import Shadowing
from l10n_pipeline.model import Term


def test_the_earlier_glossary_wins_a_source_spelling():
    mine = [Term("Khojaly", "Khojaly")]
    theirs = [Term("KHOJALY", "Codjali"), Term("Baku", "Bacu")]
    assert [term.target for term in Termbase.merge(mine, theirs)] == ["Khojaly", "Bacu"]


def test_an_alias_that_an_earlier_glossary_has_is_dropped_from_the_later_term():
    mine = [Term("Stepanakert", "Stepanakert")]
    theirs = [Term("Khankendi", "Khankendi", aliases=("Stepanakert", "Xankəndi"))]
    assert Termbase.merge(mine, theirs).terms[1].aliases == ("Xankəndi",)


def test_an_earlier_alias_wins_over_a_later_source():
    mine = [Term("Khankendi", "Khankendi", aliases=("Stepanakert",))]
    assert len(Termbase.merge(mine, [Term("Stepanakert", "x")])) == 1


def test_each_spelling_that_does_not_count_is_told_with_what_holds():
    mine = Term("Khojaly", "Khojaly", aliases=("Xocalı",))
    theirs = Term("Hocalı", "Hocalı", aliases=("KHOJALY", "Khodjaly"))
    again = Term("xocalı", "x")
    told = []
    merged = Termbase.merge([mine], [theirs, again], shadowed=told.append)
    assert merged.terms[1].aliases == ("Khodjaly",)
    assert told == [Shadowing("KHOJALY", theirs, mine), Shadowing("xocalı", again, mine)]
