from datetime import timedelta
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from l10n_pipeline.catalogue import templates
from l10n_pipeline.catalogue.merge import merge
from l10n_pipeline.catalogue.planning import plan
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Draft,
    Origin,
    Provenance,
    State,
    Suggestion,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)
from tests.catalogue.builders import machine, template, translate
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, NOW

LATER = NOW + timedelta(days=3)
HASH = "0123456789ab"
ADVICE = Suggestion("A. m1", Origin.MT, text_hash("A."))


def unit_of(catalogue: Catalogue, source: str) -> TranslationUnit:
    return next(unit for unit in catalogue.units if unit.source == source)


def with_unit(catalogue: Catalogue, key: str, /, **changes: object) -> Catalogue:
    """The catalogue after somebody changed an entry."""
    return replace(
        catalogue,
        units=tuple(
            replace(unit, **changes) if unit.source == key else unit for unit in catalogue.units
        ),
    )


def shape(catalogue: Catalogue) -> list[tuple[str, str, State]]:
    return [(unit.source, unit.target, state_of(unit)) for unit in catalogue.units]


# --- templates ---------------------------------------------------------------------


def test_a_template_has_one_unit_for_each_distinct_sentence_in_order() -> None:
    made = template(["B.", "A."], ["A.", "C."])
    assert [unit.source for unit in made.units] == ["B.", "A.", "C."]
    assert [unit.extracted for unit in made.units] == [
        ("paragraph 1, sentence 1",),
        ("paragraph 1, sentence 2 (also paragraph 2, sentence 1)",),
        ("paragraph 2, sentence 2",),
    ]
    assert {unit.references for unit in made.units} == {("seeds/a%20b.txt",)}
    assert made.target_locale is None


def test_a_sentence_of_many_places_names_a_few() -> None:
    (unit,) = template(*[["A."]] * 8).units
    assert unit.extracted[0].endswith("; paragraph 5, sentence 1; 3 more)")


@pytest.mark.parametrize(
    ("written", "msgid"),
    [
        ("One two.", "One two."),
        ("One\ntwo.", "One two."),
        ("One\r\n  two.", "One two."),
        ("One \rtwo.", "One two."),
        ("One\u00a0\n\u2028two.", "One two."),
        ("One  two\tthree.", "One  two\tthree."),
        ("One\u00a0two\u2028three\u202f!", "One\u00a0two\u2028three\u202f!"),
    ],
)
def test_a_msgid_is_the_sentence_without_its_line_breaks(written: str, msgid: str) -> None:
    assert [unit.source for unit in template([written]).units] == [msgid]


def test_a_sentence_wrapped_in_two_ways_is_one_unit() -> None:
    (unit,) = template(["One two\nthree."], ["One\ntwo three."]).units
    assert unit.extracted == ("paragraph 1, sentence 1 (also paragraph 2, sentence 1)",)


def test_reflowing_a_paragraph_keeps_reviews_and_drafts() -> None:
    first = translate(template(["One two three.", "Four five."]), None)
    first = with_unit(first, "One two three.", target="Humano", fuzzy=False, notes=("Ok.",))
    assert translate(template(["One two\nthree.", "Four\r\nfive."]), first) is first


@given(
    st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), min_size=1),
    st.lists(st.sampled_from(["\n", "\r\n", " \n", "\n\t", "\r"]), min_size=1),
)
def test_however_a_sentence_is_wrapped_its_msgid_is_the_same(
    words: list[str], breaks: list[str]
) -> None:
    joints = [breaks[at % len(breaks)] for at in range(len(words) - 1)]
    wrapped = words[0] + "".join(map(add, joints, words[1:]))
    assert template([wrapped]).units == template([" ".join(words)]).units


def test_an_empty_document_has_an_empty_catalogue() -> None:
    catalogue = translate(template(), None)
    assert catalogue.units == ()
    assert catalogue.header["Language"] == "pt_BR"


def test_a_templates_date_moves_only_with_its_entries() -> None:
    def update(new: Catalogue, old: Catalogue | None, days: int) -> Catalogue:
        now = NOW + timedelta(days=days)
        return templates.update_template(new, old, project="demo", now=now)

    first = update(template(["A.", "B."]), None, 0)
    assert update(template(["A.", "B."]), first, 1) is first
    moved = update(template(["A."], ["B."]), first, 2)
    assert moved.units != first.units
    assert moved.header["POT-Creation-Date"] == first.header["POT-Creation-Date"]
    changed = update(template(["B.", "A."]), first, 3)
    assert changed.header["POT-Creation-Date"] == "2026-07-04 12:30+0000"


# --- drafts ------------------------------------------------------------------------


EMPTY = Diagnostic("empty", "the translation is empty")


def test_a_first_run_drafts_everything_fuzzy_in_document_order() -> None:
    assert shape(translate(template(["B.", "A."]), None)) == [
        ("B.", "B. m1", State.DRAFT),
        ("A.", "A. m1", State.DRAFT),
    ]


def test_a_second_run_plans_nothing_and_gives_the_same_catalogue_back() -> None:
    made = template(["A.", "B."])
    first = translate(made, None)
    assert plan(made, first, terms_hash_of=lambda unit: "") == ()
    assert translate(made, first, now=LATER) is first


def test_a_changed_sentence_alone_is_drafted_anew() -> None:
    first = translate(template(["A.", "B."]), None)
    changed = template(["A.", "B!"])
    pending = plan(changed, first, terms_hash_of=lambda unit: "")
    assert [unit.source for unit in pending] == ["B!"]
    assert shape(translate(changed, first)) == [
        ("A.", "A. m1", State.DRAFT),
        ("B!", "B! m1", State.DRAFT),
    ]


def test_an_untouched_draft_is_made_again_when_its_terms_change() -> None:
    made = template(["A.", "B."])
    first = translate(made, None)
    second = translate(
        made,
        first,
        draft=lambda source, terms: machine(source, terms, engine="m2"),
        terms_hash_of=lambda unit: HASH if unit.source == "B." else "",
    )
    assert [unit.target for unit in second.units] == ["A. m1", "B. m2"]
    provenance = second.units[1].provenance
    assert provenance is not None
    assert provenance.terms_hash == HASH


def test_redraft_remakes_untouched_drafts_only() -> None:
    made = template(["A.", "B.", "C."])
    first = translate(made, None)
    first = with_unit(first, "A.", target="Humano")
    first = with_unit(first, "B.", fuzzy=False)
    second = translate(made, first, redraft=True, draft=lambda s, t: machine(s, t, engine="m2"))
    assert [unit.target for unit in second.units] == ["Humano", "B. m1", "C. m2"]


def test_a_redrafted_unit_keeps_a_humans_comments_and_flags() -> None:
    made = template(["A."])
    first = with_unit(translate(made, None), "A.", notes=("Hm?",), flags=("no-wrap",))
    second = translate(made, first, terms_hash_of=lambda unit: HASH)
    assert second.units[0].notes == ("Hm?",)
    assert second.units[0].flags == ("no-wrap",)


def test_a_draft_without_text_leaves_hints_and_an_empty_unit() -> None:
    hint = (TermVerdict("A", "Á", TermStatus.AGREED),)
    made = template(["A."])
    prepared = translate(made, None, draft=lambda source, terms: Draft("", verdicts=hint))
    assert shape(prepared) == [("A.", "", State.NEW)]
    assert prepared.units[0].verdicts == hint
    assert not prepared.units[0].fuzzy
    assert shape(translate(made, prepared)) == [("A.", "A. m1", State.DRAFT)]


def test_hints_take_no_draft_away() -> None:
    made = template(["A."])
    first = translate(made, None)
    second = translate(
        made, first, terms_hash_of=lambda unit: HASH, draft=lambda source, terms: Draft("")
    )
    assert second is first


def test_an_empty_translation_takes_no_draft_away_and_is_not_asked_for_again() -> None:
    def nothing(source: str, terms_hash: str) -> Draft:
        made_of = Provenance(Origin.MT, "m2", text_hash(""), terms_hash)
        return Draft("", made_of, verdicts=(MISSING,), findings=(EMPTY,))

    made = template(["A."])
    first = translate(made, None)
    second = translate(
        made,
        first,
        terms_hash_of=lambda unit: HASH,
        draft=nothing,
        assess=lambda unit: ((OK,), ()),
    )
    (unit,) = second.units
    assert (unit.target, state_of(unit)) == ("A. m1", State.DRAFT)
    assert unit.findings == (EMPTY,)
    assert unit.verdicts == (OK,)
    assert plan(made, second, terms_hash_of=lambda unit: HASH) == ()


@pytest.mark.parametrize(
    "work",
    [{"target": "Humano"}, {"fuzzy": False}, {"target": "Humano", "provenance": None}],
    ids=["edited", "accepted untouched", "typed in"],
)
def test_what_a_human_does_while_the_machine_drafts_stands(work: dict[str, object]) -> None:
    made = template(["A.", "B."])
    first = translate(made, None)
    second = translate(
        made,
        first,
        redraft=True,
        draft=lambda source, terms: machine(source, terms, engine="m2"),
        meanwhile=lambda catalogue: with_unit(catalogue, "A.", **work),
    )
    assert second.units[0] == with_unit(first, "A.", **work).units[0]
    assert second.units[1].target == "B. m2"


def test_an_offered_draft_never_replaces_a_humans_text() -> None:
    made = template(["A."])
    first = with_unit(translate(made, None), "A.", target="Humano")
    second = merge(
        made, first, {("", "A."): machine("A.")}, target_locale=BRAZILIAN, project="", now=NOW
    )
    assert second is first


# --- human work --------------------------------------------------------------------


@pytest.mark.parametrize(
    "work",
    [
        {"target": "Humano", "fuzzy": False},
        {"fuzzy": False},
        {"target": "Humano"},
        {"target": "Humano", "provenance": None, "flags": ("no-wrap",)},
    ],
    ids=["reviewed", "accepted untouched", "edited", "typed in"],
)
def test_human_work_stands_leaves_with_its_sentence_and_comes_back(
    work: dict[str, object],
) -> None:
    here, gone = template(["A.", "B."]), template(["B."])
    work = {**work, "notes": ("Certain.", "Ask Rosa.")}
    first = with_unit(translate(here, None), "A.", **work)
    assert translate(here, first, terms_hash_of=lambda unit: HASH).units[0] == first.units[0]

    retired = translate(gone, first)
    assert [unit.obsolete for unit in retired.units] == [False, True]
    kept = replace(first.units[0], obsolete=True, extracted=(), references=())
    assert retired.units[1] == kept

    assert translate(here, retired).units == first.units


def test_untouched_drafts_and_empty_units_leave_with_their_sentence() -> None:
    first = with_unit(translate(template(["A.", "B.", "C."]), None), "B.", target="", fuzzy=False)
    assert [unit.source for unit in translate(template(["C."]), first).units] == ["C."]


def test_a_comment_keeps_even_an_untouched_draft() -> None:
    first = with_unit(translate(template(["A.", "B."]), None), "A.", notes=("Ask Rosa.",))
    kept = unit_of(translate(template(["B."]), first), "A.")
    assert kept.obsolete
    assert kept.notes == ("Ask Rosa.",)


def test_a_draft_that_another_tool_moved_is_never_remade_but_has_a_suggestion_beside_it() -> None:
    # msgmerge may have moved it from an entry whose draft had been accepted as it was.
    made = template(["A!"])
    moved = with_unit(translate(template(["A."]), None), "A.", source="A!", previous_source="A.")
    unit = translate(made, moved, terms_hash_of=lambda unit: HASH, redraft=True).units[0]
    assert (unit.target, state_of(unit)) == ("A. m1", State.STALE)
    assert unit.suggestion == Suggestion("A! m1", Origin.MT, text_hash("A!"), HASH)
    assert unit_of(translate(template(["B."]), moved), "A!").obsolete


def test_a_previous_source_goes_when_the_translation_is_accepted() -> None:
    made = template(["A."])
    first = with_unit(
        translate(made, None), "A.", target="Humano", fuzzy=False, previous_source="A?"
    )
    assert translate(made, first).units[0].previous_source == ""


def test_an_emptied_unit_loses_its_flag_and_is_drafted_again() -> None:
    made = template(["A."])
    emptied = with_unit(translate(made, None), "A.", target="", previous_source="A?")
    kept = merge(made, emptied, {}, target_locale=BRAZILIAN, project="", now=NOW).units[0]
    assert (kept.fuzzy, kept.previous_source) == (False, "")
    assert shape(translate(made, emptied)) == [("A.", "A. m1", State.DRAFT)]


def test_obsolete_units_stand_last() -> None:
    first = translate(template(["A.", "B.", "C."]), None)
    for source in ("A.", "B."):
        first = with_unit(first, source, fuzzy=False)
    second = translate(template(["D.", "B."]), first)
    assert [(unit.source, unit.obsolete) for unit in second.units] == [
        ("D.", False), ("B.", False), ("A.", True),
    ]  # fmt: skip


# --- verdicts ----------------------------------------------------------------------

SWAPPED = TermVerdict("A", "Á", TermStatus.SWAPPED, 'from "a"')
OK = TermVerdict("A", "Á", TermStatus.OK)
MISSING = TermVerdict("A", "Á", TermStatus.MISSING)
AGREED = TermVerdict("A", "Á", TermStatus.AGREED)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ((SWAPPED,), (OK,), (SWAPPED,)),
        ((SWAPPED,), (MISSING,), (MISSING,)),
        ((MISSING,), (OK,), (OK,)),
        ((AGREED,), (OK,), (OK,)),
        ((), (OK,), (OK,)),
        ((OK,), (), ()),
    ],
)
@pytest.mark.parametrize(
    "human",
    [{"fuzzy": False}, {}, {"previous_source": "A?", "suggestion": ADVICE}],
    ids=["reviewed", "edited", "stale"],
)
def test_verdicts_of_human_text_are_refreshed_where_they_say_something_new(
    old: tuple[TermVerdict, ...],
    new: tuple[TermVerdict, ...],
    kept: tuple[TermVerdict, ...],
    human: dict[str, object],
) -> None:
    made = template(["A."])
    first = with_unit(translate(made, None), "A.", target="Humano", verdicts=old, **human)
    second = translate(made, first, assess=lambda unit: (new, ()))
    assert second.units[0] == replace(first.units[0], verdicts=kept)


LOST = Diagnostic("numbers", "5 is missing")
LOOP = Diagnostic("repetition", "A A")


@pytest.mark.parametrize("old", [(), (LOST,), (LOOP, LOST)])
@pytest.mark.parametrize("new", [(), (LOST,)])
@pytest.mark.parametrize(
    "human",
    [{"fuzzy": False}, {}, {"previous_source": "A?", "suggestion": ADVICE}],
    ids=["reviewed", "edited", "stale"],
)
def test_findings_of_human_text_are_those_of_today(
    old: tuple[Diagnostic, ...], new: tuple[Diagnostic, ...], human: dict[str, object]
) -> None:
    made = template(["A."])
    first = with_unit(translate(made, None), "A.", target="Humano", findings=old, **human)
    second = translate(made, first, assess=lambda unit: ((), new))
    assert second.units[0] == replace(first.units[0], findings=new)
    assert translate(made, second, assess=lambda unit: ((), new)) is second


def test_drafts_are_not_assessed_again() -> None:
    made = template(["A."])
    first = translate(made, None)
    assert translate(made, first, assess=lambda unit: ((MISSING,), (LOST,))) is first


COPIED = TermVerdict("Šakić", "Šakić", TermStatus.SWAPPED, 'from "akić"')
LOST_COPY = TermVerdict("Šakić", "Šakić", TermStatus.MISSING)


def reviewed(
    source: str,
    target: str,
    *old: TermVerdict,
    terms: tuple[TermVerdict, ...] = (),
) -> tuple[TermVerdict, ...]:
    """Verdicts after a review, where the glossary has these terms; they must settle."""
    made = template([source])
    first = with_unit(translate(made, None), source, target=target, fuzzy=False, verdicts=old)
    second = translate(made, first, assess=lambda unit: (terms, ()))
    assert translate(made, second, assess=lambda unit: (terms, ())) is second
    return second.units[0].verdicts


def test_verdicts_of_copied_words_outlive_a_review() -> None:
    assert reviewed("Šakić left.", "Šakić saiu.", COPIED) == (COPIED,)
    assert reviewed("Šakić left A.", "Šakić saiu.", COPIED, OK, terms=(MISSING,)) == (
        COPIED,
        MISSING,
    )
    assert reviewed("A, Šakić left.", "Á, Šakić saiu.", COPIED, terms=(OK,)) == (COPIED, OK)


def test_copied_words_are_checked_on_the_text_of_today() -> None:
    assert reviewed("Šakić left.", "Ele saiu.", COPIED) == (LOST_COPY,)
    found = TermVerdict("Šakić", "Šakić", TermStatus.OK)
    assert reviewed("Šakić left.", "Šakić saiu.", LOST_COPY) == (found,)
    twice = reviewed("Šakić and Šakić left.", "Šakić saiu.", COPIED, COPIED)
    assert sorted(verdict.status.failing for verdict in twice) == [False, True]


@pytest.mark.parametrize("name", ["Šakić", "Ivo Šakić"])
def test_a_term_of_the_glossary_takes_a_copied_word_over(name: str) -> None:
    term = TermVerdict(name, "Xakitch", TermStatus.OK)
    assert reviewed(f"{name} left.", "Xakitch saiu.", COPIED, terms=(term,)) == (term,)


def test_a_copied_word_beside_a_term_that_contains_it_is_told_apart() -> None:
    term = TermVerdict("Ana Šakić", "Ana Šakić", TermStatus.OK)
    source, target = "Ana Šakić and Ivo Šakić left.", "Ana Šakić e Ivo Šakić saíram."
    assert reviewed(source, target, term, COPIED, terms=(term,)) == (term, COPIED)


def test_a_hint_for_a_name_that_stays_as_it_is_leaves_with_its_term() -> None:
    hint = TermVerdict("Baku", "Baku", TermStatus.AGREED)
    assert reviewed("Baku is big.", "É grande.", hint) == ()


# --- headers -----------------------------------------------------------------------


def test_a_catalogues_dates_move_only_with_its_entries() -> None:
    first = translate(template(["A.", "B."]), None)
    moved = translate(template(["A."], ["B."]), first, now=LATER)
    assert moved.header["POT-Creation-Date"] == first.header["POT-Creation-Date"]
    assert moved.header["PO-Revision-Date"] == "2026-07-04 12:30+0000"
    changed = translate(template(["A."]), first, now=LATER)
    assert changed.header["POT-Creation-Date"] == "2026-07-04 12:30+0000"


def test_a_catalogue_takes_its_creation_date_from_a_template_that_has_one() -> None:
    made = templates.update_template(template(["A."]), None, project="demo", now=NOW)
    catalogue = translate(made, None, now=LATER)
    assert catalogue.header["POT-Creation-Date"] == made.header["POT-Creation-Date"]


def test_what_a_human_wrote_above_the_header_is_kept() -> None:
    first = replace(translate(template(["A."]), None), header_notes=("Rosa, 2026",))
    assert translate(template(["B."]), first).header_notes == ("Rosa, 2026",)


# --- messages that are not the document's --------------------------------------------


def with_message(catalogue: Catalogue, unit: TranslationUnit) -> Catalogue:
    return replace(catalogue, units=(*catalogue.units, unit))


FILES = TranslationUnit("A.", plural_source="As.", plural_targets=("Um.", "Uns."))


def test_a_humans_plural_forms_for_what_is_a_sentence_now_wait_for_review() -> None:
    existing = with_message(translate(template(["B."]), None), FILES)
    unit = translate(template(["A.", "B."]), existing).units[0]
    assert (unit.target, unit.plural_targets, unit.fuzzy) == ("Um.", (), True)
    assert (unit.previous_source, unit.previous_plural) == ("A.", "As.")
    assert unit.notes == ("msgstr[1] was 'Uns.'",)
    assert state_of(unit) is State.STALE


@pytest.mark.parametrize(
    "message",
    [
        FILES,
        replace(FILES, context="menu"),
        TranslationUnit("B.", "Bê.", context="menu"),
        # A tool gave the machine's empty entry plural forms, and a human filled them in.
        replace(FILES, fuzzy=True, provenance=Provenance(Origin.MT, "m1", text_hash(""), "")),
    ],
    ids=["plural", "plural with context", "context", "fuzzy plural"],
)
def test_a_humans_message_that_the_document_lacks_is_kept_obsolete(
    message: TranslationUnit,
) -> None:
    made = template(["B."])
    first = translate(made, None)
    second = translate(made, with_message(first, message), redraft=True)
    assert second.units == (*first.units, replace(message, obsolete=True))


# --- a program's messages --------------------------------------------------------------

PLACE = TranslationUnit("file", plural_source="files", plural_targets=("", ""))
MESSAGES = Catalogue(ENGLISH, None, (PLACE,))


def counted(text: str) -> Draft:
    return Draft(text, Provenance(Origin.MT, "m1", text_hash(text), "", -0.5))


def merged(existing: Catalogue | None, draft: Draft | None = None) -> Catalogue:
    drafts = {} if draft is None else {PLACE.key: draft}
    return merge(MESSAGES, existing, drafts, target_locale=BRAZILIAN, project="demo", now=NOW)


def with_forms(*texts: str, flags: tuple[str, ...] = ()) -> Catalogue:
    first = merged(None)
    unit = replace(first.units[0], plural_targets=texts, flags=flags)
    return replace(first, units=(unit,))


def planned(existing: Catalogue) -> bool:
    return bool(plan(MESSAGES, existing, terms_hash_of=lambda unit: ""))


def test_a_message_gets_all_its_forms_and_is_a_draft() -> None:
    first = merged(None, counted("arquivo\0arquivos"))
    assert first.units[0].plural_targets == ("arquivo", "arquivos")
    assert state_of(first.units[0]) is State.DRAFT
    assert not planned(first)
    assert merged(first) is first


def test_forms_that_are_missing_are_asked_for_and_a_humans_are_kept() -> None:
    partial = with_forms("o arquivo", "")
    assert state_of(partial.units[0]) is State.NEW
    assert planned(partial)
    (unit,) = merged(partial, counted("arquivo\0arquivos")).units
    assert unit.plural_targets == ("o arquivo", "arquivos")
    assert state_of(unit) is State.EDITED
    assert merged(partial).units[0].plural_targets == ("o arquivo", "")


def test_a_form_that_a_human_wrote_alone_is_not_dropped() -> None:
    partial = with_forms("o arquivo", "")
    gone = merge(
        Catalogue(ENGLISH, None), partial, {}, target_locale=BRAZILIAN, project="", now=NOW
    )
    assert gone.units[0].obsolete


def test_a_draft_for_another_number_of_forms_is_not_put_in() -> None:
    assert merged(None, None) == merged(merged(None), counted("a\0b\0c"))


def test_another_plural_makes_a_review_stale_and_a_draft_new() -> None:
    other = Catalogue(ENGLISH, None, (replace(PLACE, plural_source="many files"),))

    def moved(existing: Catalogue) -> TranslationUnit:
        return merge(other, existing, {}, target_locale=BRAZILIAN, project="", now=NOW).units[0]

    reviewed = moved(with_forms("arquivo", "arquivos"))
    assert reviewed.plural_targets == ("arquivo", "arquivos")
    assert (reviewed.previous_source, reviewed.previous_plural) == ("file", "files")
    assert state_of(reviewed) is State.STALE
    drafted = merged(None, counted("arquivo\0arquivos"))
    assert moved(drafted).plural_targets == ("", "")
    assert plan(other, drafted, terms_hash_of=lambda unit: "")


def test_flags_of_the_program_follow_its_template_and_others_stay() -> None:
    made = Catalogue(ENGLISH, None, (replace(PLACE, flags=("python-format",)),))
    existing = with_forms("a", "b", flags=("c-format", "no-wrap", "read-only"))
    (unit,) = merge(made, existing, {}, target_locale=BRAZILIAN, project="", now=NOW).units
    assert unit.flags == ("python-format", "no-wrap", "read-only")


def test_a_header_whose_plural_rule_is_none_is_refused() -> None:
    broken = replace(merged(None), header={"Plural-Forms": "nplurals=2; plural=n;"})
    with pytest.raises(CatalogueError, match="Plural-Forms") as caught:
        merged(broken)
    assert caught.value.way_out == "write Plural-Forms: nplurals=2; plural=(n > 1);"
