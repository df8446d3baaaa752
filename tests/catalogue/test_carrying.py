from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from l10n_pipeline.catalogue import templates
from l10n_pipeline.catalogue.carrying import Carry, carry_over
from l10n_pipeline.catalogue.merge import merge
from l10n_pipeline.catalogue.planning import plan
from l10n_pipeline.catalogue.states import state_of, unit_texts
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Catalogue,
    Direction,
    DirectionKind,
    Origin,
    State,
    Suggestion,
    TranslationUnit,
)
from l10n_pipeline.revision import trace
from l10n_pipeline.segment import SentenceSegmenter
from tests.catalogue.builders import machine, template
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, NOW

PORTUGUESE = SentenceSegmenter(Locale.parse("pt-BR"))
OPENED = "The museum opened its doors to visitors in spring."
SHUT = "The museum shut its doors to visitors in spring."
RAINED = "It rained, and the children stayed at home all day."
SUPPORTS = "The foundation supports the campaign."
DONE_SO = "It has done so for ten years."


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in PORTUGUESE.split(text)]


CARRY: Carry = partial(carry_over, trace=trace, divide=sentences, space=" ")


def run(made: Catalogue, existing: Catalogue | None) -> Catalogue:
    """Plan, draft by a machine that upper-cases, merge."""
    pending = plan(made, existing, terms_hash_of=lambda unit: "", carry=CARRY)
    return merge(
        made,
        existing,
        {unit.key: machine(unit.source) for unit in pending},
        target_locale=BRAZILIAN,
        project="demo",
        now=NOW,
        carry=CARRY,
    )


def reviewed(catalogue: Catalogue, texts: dict[str, str]) -> Catalogue:
    """The catalogue after a reviewer wrote these translations."""
    units = tuple(
        replace(unit, target=texts[unit.source], fuzzy=False) if unit.source in texts else unit
        for unit in catalogue.units
    )
    return replace(catalogue, units=units)


def accepted(*sources: str) -> Catalogue:
    """A catalogue in which a reviewer took the machine's word for everything."""
    made = run(template(sources), None)
    return replace(made, units=tuple(replace(unit, fuzzy=False) for unit in made.units))


def live(catalogue: Catalogue) -> dict[str, TranslationUnit]:
    return {unit.source: unit for unit in catalogue.units if not unit.obsolete}


def obsolete(catalogue: Catalogue) -> dict[str, TranslationUnit]:
    return {unit.source: unit for unit in catalogue.units if unit.obsolete}


# --- edited sentences ----------------------------------------------------------------


def test_an_edited_sentence_takes_its_translation_along() -> None:
    first = reviewed(run(template([OPENED, SUPPORTS]), None), {OPENED: "O museu abriu."})
    second = run(template([SUPPORTS, SHUT]), first)
    unit = live(second)[SHUT]
    assert (unit.target, unit.previous_source) == ("O museu abriu.", OPENED)
    assert state_of(unit) is State.STALE
    assert unit.suggestion == Suggestion(
        f"{SHUT.upper()} m1", Origin.MT, text_hash(SHUT), ""
    )  # what the machine makes of the sentence as it is now
    assert not obsolete(second)
    assert run(template([SUPPORTS, SHUT]), second) is second


def test_an_accepted_draft_is_carried_as_a_humans() -> None:
    unit = live(run(template([SHUT]), accepted(OPENED)))[SHUT]
    assert (unit.target, state_of(unit)) == (f"{OPENED.upper()} m1", State.STALE)


def with_first(catalogue: Catalogue, **changes: object) -> Catalogue:
    """The catalogue after somebody changed its first entry."""
    return replace(catalogue, units=(replace(catalogue.units[0], **changes), *catalogue.units[1:]))


def test_an_untouched_draft_is_made_again_and_its_comments_go_along() -> None:
    first = with_first(run(template([OPENED, RAINED]), None), notes=("Ask Rosa.",))
    unit = live(run(template([SHUT, RAINED]), first))[SHUT]
    assert (unit.notes, unit.target) == (("Ask Rosa.",), f"{SHUT.upper()} m1")
    assert (unit.previous_source, state_of(unit)) == ("", State.DRAFT)


@pytest.mark.parametrize("changes", [{}, {"target": "", "fuzzy": False}], ids=["draft", "empty"])
def test_a_direction_given_before_the_edit_is_for_the_source_before_it(
    changes: dict[str, object],
) -> None:
    use = Direction(DirectionKind.USE, "Aberto!")
    first = with_first(run(template([OPENED, RAINED]), None), directions=(use,), **changes)
    second = run(template([SHUT, RAINED]), first)
    unit = live(second)[SHUT]
    assert (unit.target, unit.previous_source) == ("Aberto!", OPENED)
    assert state_of(unit) is State.STALE
    assert [finding.rule for finding in unit.findings] == ["directions"]
    assert state_of(run(template([OPENED, RAINED]), second).units[0]) is State.REVIEWED


def test_an_acceptance_comes_back_however_it_went_with_the_sentence_since() -> None:
    first = accepted(OPENED, RAINED)
    stale = run(template([SHUT, RAINED]), first)
    deleted = run(template([RAINED]), stale)
    assert run(template([OPENED, RAINED]), deleted).units == first.units
    replaced = run(template([SUPPORTS, RAINED]), stale)
    assert live(run(template([OPENED, RAINED]), replaced))[OPENED] == first.units[0]


def test_a_sentence_that_is_edited_twice_keeps_what_its_translation_was_made_for() -> None:
    second = run(template([SHUT]), accepted(OPENED))
    again = "The museum shut its doors to all visitors in spring."
    third = run(template([again]), second)
    unit = live(third)[again]
    assert (unit.previous_source, unit.target) == (OPENED, f"{OPENED.upper()} m1")
    assert unit.suggestion is not None
    assert unit.suggestion.source_hash == text_hash(again)


def test_an_edit_that_is_taken_back_brings_the_acceptance_back() -> None:
    first = accepted(OPENED, RAINED)
    assert run(template([OPENED, RAINED]), run(template([SHUT, RAINED]), first)).units == (
        first.units
    )


def test_an_edit_that_is_taken_back_accepts_nothing_that_was_not_accepted() -> None:
    first = run(template([OPENED]), None)
    first = replace(first, units=(replace(first.units[0], target="Humano"),))
    second = run(template([SHUT]), first)
    assert state_of(live(second)[SHUT]) is State.STALE
    assert run(template([OPENED]), second).units == first.units


def test_what_a_reviewer_wrote_meanwhile_is_not_accepted_for_the_old_source() -> None:
    second = run(template([SHUT]), accepted(OPENED))
    mended = replace(second, units=(replace(second.units[0], target="O museu fechou."),))
    unit = live(run(template([OPENED]), mended))[OPENED]
    assert (unit.target, state_of(unit)) == ("O museu fechou.", State.EDITED)


def test_accepting_a_stale_text_leaves_nothing_of_the_old_source() -> None:
    second = run(template([SHUT]), accepted(OPENED))
    done = replace(second, units=(replace(second.units[0], target="Fechou.", fuzzy=False),))
    (unit,) = run(template([SHUT]), done).units
    assert (unit.previous_source, unit.suggestion, unit.acceptance) == ("", None, None)
    assert state_of(unit) is State.REVIEWED


def test_flagging_it_again_later_does_not_make_it_stale() -> None:
    second = run(template([SHUT]), accepted(OPENED))
    third = run(template([SHUT]), replace(second, units=(replace(second.units[0], fuzzy=False),)))
    assert state_of(replace(third.units[0], target="Fechou!", fuzzy=True)) is State.EDITED


def test_a_message_takes_its_translation_to_a_new_context() -> None:
    place = TranslationUnit("Open", context="menu")
    made = Catalogue(ENGLISH, None, (place,))
    first = run(made, None)
    first = replace(first, units=(replace(first.units[0], target="Abrir", fuzzy=False),))
    moved = Catalogue(ENGLISH, None, (replace(place, context="button"),))
    (unit,) = run(moved, first).units
    assert (unit.context, unit.target, unit.previous_context) == ("button", "Abrir", "menu")
    assert state_of(unit) is State.STALE
    assert run(made, run(moved, first)).units == first.units


def test_what_was_accepted_since_the_last_run_is_what_an_edit_is_compared_with() -> None:
    second = run(template([SHUT, RAINED]), accepted(OPENED, RAINED))
    mended = with_first(second, target="Fechou.", fuzzy=False)  # and no run before the next edit
    back = live(run(template([OPENED, RAINED]), mended))[OPENED]
    assert (back.target, back.previous_source) == ("Fechou.", SHUT)
    assert state_of(back) is State.STALE
    assert back.suggestion is not None
    again = "The museum shut all its doors to visitors in spring."
    assert live(run(template([again, RAINED]), mended))[again].previous_source == SHUT


# --- messages -------------------------------------------------------------------------


def message(source: str, plural: str = "") -> Catalogue:
    forms = ("", "") if plural else ()
    unit = TranslationUnit(source, plural_source=plural, plural_targets=forms)
    return Catalogue(ENGLISH, None, (unit,))


def prepared(made: Catalogue, existing: Catalogue | None) -> Catalogue:
    """A run without a machine."""
    return merge(made, existing, {}, target_locale=BRAZILIAN, project="demo", now=NOW, carry=CARRY)


PAGES = ("Copy %d page", "Copy %d pages")


def test_another_plural_that_is_taken_back_brings_the_acceptance_back() -> None:
    first = with_first(prepared(message(*PAGES), None), plural_targets=("Uma.", "Muitas."))
    second = prepared(message(PAGES[0], "Copy %d sheets"), first)
    (unit,) = second.units
    assert (unit.plural_targets, unit.previous_plural) == (("Uma.", "Muitas."), PAGES[1])
    assert state_of(unit) is State.STALE
    assert prepared(message(*PAGES), second).units == first.units


def test_a_plural_that_came_and_went_leaves_a_message_as_it_was() -> None:
    first = with_first(prepared(message(PAGES[0]), None), target="Copiar.")
    second = prepared(message(*PAGES), first)
    (unit,) = second.units
    assert (unit.plural_targets, unit.notes) == (("Copiar.", "Copiar."), ())
    assert (unit.previous_source, unit.previous_plural) == (PAGES[0], "")
    assert prepared(message(PAGES[0]), second).units == first.units


def test_the_forms_that_a_message_has_lost_are_told_of() -> None:
    first = with_first(prepared(message(*PAGES), None), plural_targets=("Uma.", "Muitas."))
    (unit,) = prepared(message(PAGES[0]), first).units
    assert (unit.target, unit.notes) == ("Uma.", ("msgstr[1] was 'Muitas.'",))
    assert state_of(unit) is State.STALE


# --- sentences joined and split ------------------------------------------------------


JOINED = "The foundation supports the campaign, and it has done so for ten years."


def test_joined_sentences_have_both_translations() -> None:
    texts = {SUPPORTS: "A fundação apoia a campanha.", DONE_SO: "Faz isso há dez anos."}
    first = reviewed(run(template([SUPPORTS, DONE_SO]), None), texts)
    second = run(template([JOINED]), first)
    unit = live(second)[JOINED]
    assert unit.target == "A fundação apoia a campanha. Faz isso há dez anos."
    assert unit.previous_source == f"{SUPPORTS} {DONE_SO}"
    assert state_of(unit) is State.STALE
    assert {source: unit.target for source, unit in obsolete(second).items()} == texts
    assert live(run(template([SUPPORTS, DONE_SO]), second)).keys() == texts.keys()
    back = live(run(template([SUPPORTS, DONE_SO]), second))
    assert {source: state_of(unit) for source, unit in back.items()} == dict.fromkeys(
        texts, State.REVIEWED
    )


def test_a_human_s_half_and_a_machine_s_are_shown_and_not_joined() -> None:
    first = reviewed(run(template([SUPPORTS, DONE_SO]), None), {SUPPORTS: "A fundação."})
    unit = live(run(template([JOINED]), first))[JOINED]
    assert state_of(unit) is State.DRAFT
    assert unit.suggestion is not None
    assert unit.suggestion.text == f"A fundação. {DONE_SO.upper()} m1"


def test_drafts_that_nobody_touched_are_not_joined() -> None:
    second = run(template([JOINED]), run(template([SUPPORTS, DONE_SO]), None))
    assert [(unit.target, state_of(unit)) for unit in second.units] == [
        (f"{JOINED.upper()} m1", State.DRAFT)
    ]


def test_a_split_sentence_divides_its_translation_where_that_has_as_many_sentences() -> None:
    text = "A fundação apoia a campanha. Faz isso há dez anos."
    first = reviewed(run(template([JOINED]), None), {JOINED: text})
    second = run(template([SUPPORTS, DONE_SO]), first)
    assert {source: unit.target for source, unit in live(second).items()} == {
        SUPPORTS: "A fundação apoia a campanha.",
        DONE_SO: "Faz isso há dez anos.",
    }
    assert {unit.previous_source for unit in live(second).values()} == {JOINED}
    assert obsolete(second)[JOINED].target == text


def test_a_translation_that_is_divided_otherwise_is_not_given_to_the_wrong_parts() -> None:
    text = "Sim. A fundação apoia a campanha, e tem feito isso durante dez anos inteiros."
    first = reviewed(run(template([JOINED]), None), {JOINED: text})
    units = live(run(template([SUPPORTS, DONE_SO]), first)).values()
    assert {state_of(unit) for unit in units} == {State.DRAFT}


def test_elsewhere_the_parts_show_the_whole_translation_beside_their_drafts() -> None:
    text = "A fundação apoia a campanha, e isso há dez anos."
    first = reviewed(run(template([JOINED]), None), {JOINED: text})
    for unit in live(run(template([SUPPORTS, DONE_SO]), first)).values():
        assert (unit.target, state_of(unit)) == (f"{unit.source.upper()} m1", State.DRAFT)
        assert unit.suggestion == Suggestion(text, Origin.TM, text_hash(JOINED))


# --- everything else -----------------------------------------------------------------


SENTENCES = [
    OPENED,
    SHUT,
    RAINED,
    SUPPORTS,
    DONE_SO,
    JOINED,
    "We sold 980 cars in 2018.",
    "We sold 1,275 cars in 2019.",
    "Yes.",
    "No.",
    "Não há nada aqui.\u2028",
]
versions = st.lists(st.sampled_from(SENTENCES), unique=True, max_size=8)


@given(st.lists(versions, min_size=1, max_size=5), st.data())
def test_no_text_of_a_human_is_ever_lost_or_altered(
    history: Sequence[Sequence[str]], data: st.DataObject
) -> None:
    catalogue: Catalogue | None = None
    texts: set[str] = set()
    for version, sources in enumerate(history):
        catalogue = run(template(sources), catalogue)
        assert run(template(sources), catalogue) is catalogue
        kept = {text for unit in catalogue.units for text in unit_texts(unit)}
        whole = "\n".join(kept)
        assert all(text in kept or text in whole for text in texts)
        worked_on = {}
        for at, unit in enumerate(catalogue.units):
            if not unit.obsolete and data.draw(st.booleans()):
                text = f"Versão {version}, frase {at}."
                worked_on[at] = replace(unit, target=text, fuzzy=data.draw(st.booleans()))
                texts = {*texts - {unit.target}, text}
        units = (worked_on.get(at, unit) for at, unit in enumerate(catalogue.units))
        catalogue = replace(catalogue, units=tuple(units))


def test_unrelated_sentences_have_nothing_to_do_with_each_other() -> None:
    second = run(template([RAINED]), accepted(OPENED))
    assert state_of(live(second)[RAINED]) is State.DRAFT
    assert obsolete(second)[OPENED].target == f"{OPENED.upper()} m1"


@pytest.mark.parametrize("sources", [[], [OPENED], [OPENED, RAINED]])
def test_a_document_that_did_not_change_carries_nothing(sources: list[str]) -> None:
    catalogue = accepted(*sources)
    assert CARRY(catalogue, templates.update_template(
        template(sources), None, project="", now=NOW)) is catalogue  # fmt: skip
