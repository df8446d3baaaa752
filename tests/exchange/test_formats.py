"""Out and back, in both formats: everything comes back, and what nobody touched changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from l10n_pipeline.catalogue.states import state_of, unit_texts
from l10n_pipeline.exchange.entries import notes_in
from l10n_pipeline.exchange.returning import Fate, settle
from l10n_pipeline.model import State, TranslationUnit
from tests.catalogue.strategies import texts, units

from .samples import Format, Table, Xliff, by_id, drafted, sheet_of

FORMATS = [Xliff(), Table()]
NAMES = ["xliff", "csv"]

pytestmark = pytest.mark.parametrize("file_format", FORMATS, ids=NAMES)
tagged = st.lists(
    st.sampled_from(
        [
            "a",
            "<g1>",
            "</g1>",
            "<g2>",
            "</g2>",
            "<x3/>",
            "<x1/>",
            "&amp;",
            "]]>",
            "<",
            "\x01",
            "\r",
            "\n",
            "</x3/>",
            "<g01>",
            " ",
            "\ufffe",
            "é",
            "עם",
        ]
    ),
    max_size=10,
).map("".join)


@given(st.lists(units(), max_size=4, unique_by=lambda unit: unit.key))
def test_every_text_comes_back_as_it_went_out(
    file_format: Format, found: list[TranslationUnit]
) -> None:
    sheet = sheet_of(*found)
    if not sheet.entries:
        return
    returned = file_format.read(file_format.write(sheet))
    assert [(one.id, one.source, one.target) for one in returned] == [
        (entry.id, entry.source, entry.target) for entry in sheet.entries
    ]
    for one, entry in zip(returned, sheet.entries, strict=True):
        assert one.exported == entry.exported
        assert one.accepted == (entry.state is State.REVIEWED)
        assert (one.document, one.target_locale) == ("a.md", sheet.target_locale)


@given(st.lists(units(), max_size=4, unique_by=lambda unit: unit.key))
def test_what_nobody_touched_changes_nothing(
    file_format: Format, found: list[TranslationUnit]
) -> None:
    sheet = sheet_of(*found)
    if not sheet.entries:
        return
    returned = file_format.read(file_format.write(sheet))
    for id_, unit in by_id(found).items():
        own = [one for one in returned if one.unit_id == id_]
        if own:
            outcome = settle(unit, state_of(unit), own, overrule=True)
            assert (outcome.fate, outcome.unit) == (Fate.UNCHANGED, unit)


@given(tagged.filter(bool), tagged)
def test_tags_come_back_whether_they_are_well_nested_or_not(
    file_format: Format, source: str, target: str
) -> None:
    sheet = sheet_of(TranslationUnit(source, target))
    (one,) = file_format.read(file_format.write(sheet))
    assert (one.source, one.target) == (source, target)
    assert not one.faults


@given(texts.filter(str.strip), st.lists(texts, max_size=2))
def test_a_translators_text_and_notes_go_in_once(
    file_format: Format, text: str, notes: list[str]
) -> None:
    unit = TranslationUnit("One comes.", notes=("A human's.",))
    (one,) = file_format.read(file_format.write(sheet_of(unit)))
    back = [replace(one, target=text, notes=(*one.notes, *notes_in("\n".join(notes))))]
    first = settle(unit, State.NEW, back, overrule=False)
    assert unit_texts(first.unit) == (text,)
    assert first.unit.notes[0] == "A human's."
    again = settle(first.unit, state_of(first.unit), back, overrule=False)
    assert again.unit == first.unit


def test_the_same_sheet_gives_the_same_bytes(file_format: Format) -> None:
    sheet = sheet_of(drafted("One comes.", "Um vem."), TranslationUnit("Two go.", "Dois vão."))
    assert file_format.write(sheet) == file_format.write(sheet)


def test_ids_stay_when_other_entries_come_and_go(file_format: Format) -> None:
    one, two = TranslationUnit("One comes."), TranslationUnit("Two go.", context="menu")
    ids = [entry.id for entry in sheet_of(one, two).entries]
    assert [entry.id for entry in sheet_of(two, one).entries] == ids[::-1]
    assert len({*ids, sheet_of(replace(two, context="")).entries[0].id}) == 3
