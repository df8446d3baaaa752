"""The right form is put in, once, and nothing of the model's is left beside it."""

from dataclasses import dataclass

import pytest

from l10n_pipeline.enforcement import SpanEnforcer
from l10n_pipeline.enforcement.cognates import cognates
from l10n_pipeline.enforcement.forms import choose
from l10n_pipeline.model import Inflection, Span, Term, TermHit, TermMode
from tests.enforcement.hypotheses import hit, hypothesis, monotone

ALIYEVA = Term(
    "Aliyeva",
    "Əliyeva",
    forms=("Əliyevanın", "Əliyevaya", "Əliyevadan"),
    mode=TermMode.INFLECT,
)


@dataclass
class Knowing:
    """Answers as it was told."""

    forms: tuple[Inflection, ...]

    def inflections(self, term: Term) -> tuple[Inflection, ...]:
        return self.forms

    def like(self, term: Term, rendering: str, before: str) -> tuple[Inflection, ...]:
        return self.forms


def enforce(source, proposed, *hits, inflector=None):
    draft = SpanEnforcer(inflector=inflector).enforce(source, hits, proposed)
    return draft.text, [(verdict.status.value, verdict.detail) for verdict in draft.verdicts]


@pytest.mark.parametrize(
    ("rendering", "form"),
    [
        ("Aliyevanin", "Əliyevanın"),
        ("Leyla Alijevadan", "Əliyevadan"),
        ("Aliyeva", "Əliyeva"),
        ("", "Əliyeva"),
    ],
)
def test_without_an_inflector_the_listed_form_that_ends_alike_is_chosen(rendering, form):
    assert choose(ALIYEVA, rendering, "", None).form == form


def test_an_exact_term_takes_its_target_whatever_else_is_listed():
    country = Term("Karabakh", "Karabaj", forms=("Karabajo",))
    knowing = Knowing((Inflection("Karabajo", "other"),))
    assert choose(country, "Karabakho", "en ", knowing).form == "Karabaj"


def test_the_form_that_an_inflector_is_sure_of_is_put_in_and_named():
    source = "with Lapaitis"
    name = hit(source, "Lapaitis", "Лапайтис", mode=TermMode.INFLECT)
    knowing = Knowing((Inflection("Лапайтисом", "instrumental"),))
    assert enforce(source, monotone(source, "с Лопатисом"), name, inflector=knowing) == (
        "с Лапайтисом",
        [("swapped", 'instrumental; from "Лопатисом"')],
    )


def test_forms_that_an_inflector_cannot_choose_among_are_left_to_the_reviewer():
    source = "with Lapaitis"
    name = hit(source, "Lapaitis", "Лапайтис", mode=TermMode.INFLECT)
    knowing = Knowing(
        (Inflection("Лапайтиса", "genitive"), Inflection("Лапайтису", "dative")),
    )
    text, verdicts = enforce(source, monotone(source, "с Лопати"), name, inflector=knowing)
    assert text == "с Лапайтиса"
    assert verdicts == [("ambiguous", 'genitive; from "Лопати"; or Лапайтису')]


def test_a_singular_is_not_put_in_where_the_source_has_a_plural():
    source = "the Maoris came"
    one = hit(source, "Maori", "Maori")
    many = TermHit(one.term, Span(4, 10), plural=True)
    plural, strange = "os Maoris vieram", "os polinésios vieram"
    assert enforce(source, monotone(source, plural), many) == (plural, [("inflected", "plural")])
    text, ((status, detail),) = enforce(source, monotone(source, strange), many)
    assert (text, status) == (strange, "ambiguous")
    assert "polinésios" in detail


def test_a_piece_of_the_name_that_the_model_wrote_apart_goes():
    source = "the Heydar Foundation said"
    name = hit(source, "Heydar Foundation", "Fundação Heydar")
    proposed = hypothesis(
        source, "a Fundacao de Heydar Heydar disse", [(0, 0), (1, 2), (3, 1), (4, 1), (5, 3)]
    )
    assert enforce(source, proposed, name)[0] == "a Fundação Heydar disse"


def test_a_neighbour_of_the_same_name_stays():
    source = "the Heydar Foundation and Heydar said"
    name = hit(source, "Heydar Foundation", "Fundação Heydar")
    proposed = hypothesis(
        source,
        "a Heydar Foundation e Heydar disse",
        [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)],
    )
    assert enforce(source, proposed, name)[0] == "a Fundação Heydar e Heydar disse"


@pytest.mark.parametrize("apostrophe", ["'", "’", "`"])
def test_an_english_possessive_goes_with_its_name(apostrophe):
    source = f"Gore{apostrophe}s was when"
    name = hit(source, "Gore", "Guerra")
    assert enforce(source, monotone(source, f"Gore{apostrophe}s foi quando"), name)[0] == (
        "Guerra foi quando"
    )


def test_a_term_of_fixed_case_opens_a_sentence_and_a_heading_as_it_is():
    phone = hit("aiphone came", "aiphone", "iPhone", fixed_case=True)
    assert enforce("aiphone came", monotone("aiphone came", "Aifone veio"), phone)[0] == (
        "iPhone veio"
    )
    assert enforce("aiphone came", monotone("aiphone came", "AIFONE VEIO"), phone)[0] == (
        "iPhone VEIO"
    )


def test_spelling_overrules_an_alignment_that_looks_elsewhere():
    source = "citizens of Arab Emirates"
    arab = hit(source, "Arab", "Arábios")
    proposed = hypothesis(source, "cidadãos dos Emirados Árabes", [(0, 0), (1, 1), (2, 3), (3, 3)])
    assert enforce(source, proposed, arab)[0] == "cidadãos dos Emirados Arábios"


def test_words_that_several_others_are_like_are_nobodys_spelling():
    assert cognates("Karabakh and Karabagh", "Karabaque") == {}
    assert cognates("Expo, the Exposition", "Expo, a Exposição") == {
        0: Span(0, 4),
        2: Span(10, 20),
    }
