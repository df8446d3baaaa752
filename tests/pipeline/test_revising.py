import pytest

from l10n_pipeline.catalogue.po import read_catalogue
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import State, TranslationUnit
from tests.support.projects import PT, Runner

SOLD = "We sold 980 cars in 2018."
GLOSSARY = "Baku\tBacu\t\nKhojaly\tXocalı\t\n"


def units(project: Runner) -> dict[str, TranslationUnit]:
    catalogue = read_catalogue(
        project.catalogue().read_bytes(),
        where="a.txt.po",
        source_locale=Locale.parse("en"),
        expected_locale=PT,
    )
    return {unit.source: unit for unit in catalogue.units if not unit.obsolete}


def reviewed(project: Runner, source: str, target: str) -> None:
    """A document of one sentence whose translation has been accepted."""
    project.write("seeds/a.txt", source)
    project.run(mt=False)
    project.edit(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')


@pytest.mark.parametrize("mt", [True, False])
def test_changed_numbers_are_put_into_the_suggestion_without_a_model(
    project: Runner, mt: bool
) -> None:
    reviewed(project, SOLD, "Vendemos 980 carros em 2018.")
    project.write("seeds/a.txt", "We sold 1,275 cars in 2019.")
    project.run(mt=mt)
    assert project.engine.asked == []
    (unit,) = units(project).values()
    assert (unit.target, unit.previous_source) == ("Vendemos 980 carros em 2018.", SOLD)
    assert state_of(unit) is State.STALE
    assert unit.suggestion is not None
    assert unit.suggestion.text == "Vendemos 1.275 carros em 2019."
    before = project.snapshot()
    project.run(mt=mt)
    assert project.snapshot() == before


def test_what_cannot_be_substituted_for_certain_is_translated_anew(project: Runner) -> None:
    reviewed(project, "It begins at 5 p.m. on Sunday.", "Começa às 17 horas no domingo.")
    project.write("seeds/a.txt", "It begins at 6 p.m. on Sunday.")
    project.run()
    (unit,) = units(project).values()
    assert unit.suggestion is not None
    assert unit.suggestion.text == "[It begins at 6 p.m. on Sunday.]"


def test_other_changes_are_translated_anew_beside_the_text(project: Runner) -> None:
    reviewed(project, "The old museum opened again.", "O velho museu reabriu.")
    project.write("seeds/a.txt", "The old museum opened at last.")
    project.run(mt=False)
    assert units(project)["The old museum opened at last."].suggestion is None
    project.run()
    unit = units(project)["The old museum opened at last."]
    assert (unit.target, state_of(unit)) == ("O velho museu reabriu.", State.STALE)
    assert unit.suggestion is not None
    assert unit.suggestion.text == "[The old museum opened at last.]"


def test_a_suggestion_follows_the_glossary(project: Runner) -> None:
    reviewed(project, "The old museum of Baku opened again.", "O velho museu de Bacu reabriu.")
    project.write("seeds/a.txt", "The old museum of Baku opened at last.")
    project.run()
    first = units(project)["The old museum of Baku opened at last."].suggestion
    project.write("glossary/en-pt_BR.tsv", GLOSSARY)
    project.run()
    second = units(project)["The old museum of Baku opened at last."].suggestion
    assert first is not None
    assert second is not None
    assert (first.terms_hash, second.text) == ("", "[The old museum of Bacu opened at last.]")
    assert second.terms_hash


def test_a_split_translation_is_divided_but_not_within_a_name(project: Runner) -> None:
    project.write("glossary/en-pt_BR.tsv", "St. Mary\tSta. Maria\t\n")
    source = "The foundation supports the campaign of St. Mary, and it has done so for ten years."
    target = "A fundação apoia a campanha da Sta. Maria. Faz isso há dez anos."
    reviewed(project, source, target)
    project.write(
        "seeds/a.txt",
        "The foundation supports the campaign of St. Mary. It has done so for ten years.",
    )
    project.run(mt=False)
    assert [unit.target for unit in units(project).values()] == [
        "A fundação apoia a campanha da Sta. Maria.",
        "Faz isso há dez anos.",
    ]
