"""One name, one rendering, over all catalogues of a language."""

from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.glossary import GlossaryMatcher
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Term, TermMode
from l10n_pipeline.pipeline.consistency import (
    Disagreement,
    Entry,
    check_consistency,
    disagreements,
)
from tests.support.projects import PT, Runner

EN = Locale.parse("en")


def found(*pairs: tuple[str, str], terms: tuple[Term, ...] = ()) -> list[Disagreement]:
    entries = [Entry(f"{at}.txt", *pair) for at, pair in enumerate(pairs)]
    return disagreements(entries, GlossaryMatcher(terms), EN)


def spellings(disagreement: Disagreement) -> list[tuple[tuple[str, ...], int]]:
    return [(variant.spellings, len(variant.entries)) for variant in disagreement.variants]


def test_two_spellings_of_a_name_disagree_and_say_where() -> None:
    (one,) = found(
        ("They met in Khojaly.", "Encontraram-se em Khojaly."),
        ("They left Khojaly.", "Deixaram Khojaly."),
        ("They saw Khojaly.", "Viram Khodjaly."),
    )
    assert (one.name, one.agreed) == ("Khojaly", "")
    assert spellings(one) == [(("Khojaly",), 2), (("Khodjaly",), 1)]
    assert [entry.document for entry in one.variants[1].entries] == ["2.txt"]


def test_each_of_three_spellings_is_told() -> None:
    (one,) = found(
        ("They met in Khojaly.", "Encontraram-se em Khojaly."),
        ("They left Khojaly.", "Deixaram Khodjaly."),
        ("They saw Khojaly.", "Viram Xocalı."),
    )
    assert len(one.variants) == 3


def test_inflections_of_one_spelling_agree() -> None:
    assert not found(
        ("They saw Leyla Aliyeva.", "Они видели Лейлу Алиеву."),
        ("It is by Leyla Aliyeva.", "Это от Лейлы Алиевой."),
    )
    assert not found(
        ("They met in Baku.", "Bakü'de buluştular."), ("They left Baku.", "Bakü'den ayrıldılar.")
    )


def test_a_word_of_a_longer_name_is_told_with_it() -> None:
    (one,) = found(
        ("They saw Leyla Aliyeva.", "Viram Leyla Aliyeva."),
        ("They met Leyla Aliyeva.", "Viram Leyla Alieva."),
    )
    assert one.name == "Aliyeva (Leyla Aliyeva)"


def test_a_name_is_spelt_alike_inside_longer_names_but_for_brands() -> None:
    (one,) = found(
        ("They met in Khojaly.", "Viram Khojaly."),
        ("It is the Khojaly Film Festival.", "É o Festival de Cinema de Khodjaly."),
    )
    assert one.name == "Khojaly"
    assert not found(
        ("They met in Apollo.", "Они были в Аполлоне."),
        ("It is the Apollo Film Festival.", "Это Apollo Film Festival."),
    )


def test_translated_words_are_not_compared() -> None:
    assert not found(
        ("They saw the Supreme Court.", "Viram o Supremo Tribunal."),
        ("They left the Supreme Court.", "Deixaram a Corte Suprema."),
    )


def test_names_of_the_glossary_are_left_to_its_verification() -> None:
    assert not found(
        ("They met in Khojaly.", "Viram Khojaly."),
        ("They left Khojaly.", "Viram Khodjaly."),
        terms=(Term("Khojaly", "Khojaly"),),
    )


def test_a_term_with_several_accepted_renderings_should_get_one() -> None:
    term = Term("Nagorno-Karabakh", "Nagorno Karabaj", forms=("Nagorno-Karabaj",))
    pairs = (
        ("They met in Nagorno-Karabakh.", "Estaban en Nagorno Karabaj."),
        ("They left Nagorno-Karabakh.", "Dejaron Nagorno-Karabaj."),
    )
    (one,) = found(*pairs, terms=(term,))
    assert (one.name, one.agreed) == ("Nagorno-Karabakh", "Nagorno Karabaj")
    assert spellings(one) == [(("Nagorno Karabaj",), 1), (("Nagorno-Karabaj",), 1)]
    assert not found(pairs[0], pairs[0], terms=(term,))


def test_inflected_forms_of_a_term_are_one_rendering() -> None:
    term = Term(
        "Khojaly genocide",
        "Hocalı soykırımı",
        mode=TermMode.INFLECT,
        forms=("Hocalı soykırımının", "Hocalı Soykırımı'nda", "Hocalı jenosidi"),
    )
    same = (
        ("It is the Khojaly genocide.", "Hocalı soykırımı budur."),
        ("It is of the Khojaly genocide.", "Hocalı soykırımının."),
        ("It is in the Khojaly genocide.", "Hocalı Soykırımı'nda."),
        ("It is to the Khojaly genocide.", "Hocalı soykırımına."),
    )
    assert not found(*same, terms=(term,))
    (one,) = found(*same, ("A Khojaly genocide.", "Bir Hocalı jenosidi."), terms=(term,))
    assert [count for _, count in spellings(one)] == [4, 1]


def test_drafts_and_reviewed_entries_of_all_documents_are_compared(project: Runner) -> None:
    project.write("seeds/a.txt", "They met in Khojaly.")
    project.write("seeds/b.txt", "They left Khojaly.\n\nThey left.")
    project.engine.write = lambda source: source.replace("met in Khojaly", "met in Khodjaly")
    project.run()
    report = check_consistency(project.workspace, PT)
    assert report.entries == 3
    (one,) = report.disagreements
    assert {variant.entries[0].document for variant in one.variants} == {"a.txt", "b.txt"}
    before = project.snapshot()
    check_consistency(project.workspace, PT)
    assert project.snapshot() == before


def test_entries_without_a_translation_and_dead_ones_do_not_count(project: Runner) -> None:
    project.write("seeds/a.txt", "They met in Khojaly.\n\nThey left Khojaly.")
    project.engine.write = lambda source: source.replace("left Khojaly", "left Khodjaly")
    project.run()
    assert len(check_consistency(project.workspace, PT).disagreements) == 1
    project.write("seeds/a.txt", "They met in Khojaly.")
    project.run()
    report = check_consistency(project.workspace, PT)
    assert (report.entries, report.disagreements) == (1, [])


def test_a_broken_catalogue_is_told_of_and_the_others_are_compared(project: Runner) -> None:
    project.write("seeds/a.txt", "They met in Khojaly.")
    project.run()
    project.write("locales/pt_BR/LC_MESSAGES/b.txt.po", "msgid")
    report = check_consistency(project.workspace, PT)
    assert [type(error) for error in report.errors] == [CatalogueError]
    assert report.entries == 1
