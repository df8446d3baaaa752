"""What stands before a term agrees with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.enforcement import SpanEnforcer
from l10n_pipeline.enforcement.agreement import agree
from l10n_pipeline.enforcement.determiners import DETERMINERS
from l10n_pipeline.enforcement.nouns import Agreement, agreement_of
from l10n_pipeline.enforcement.swap import Edit, apply, replacement
from l10n_pipeline.model import Gender, Span, Term, TermKind
from tests.enforcement.hypotheses import hit, hypothesis
from tests.glossary.strategies import texts

MASCULINE, FEMININE = Gender.MASCULINE, Gender.FEMININE
ORGANISATION, PERSON, PLACE, TITLE = (
    TermKind.ORGANISATION,
    TermKind.PERSON,
    TermKind.PLACE,
    TermKind.TITLE,
)


def swapped(language, text, form, *, kind=ORGANISATION, gender=Gender.UNKNOWN, copied=False):
    """The text with what stands in brackets swapped for the form, and what was told."""
    start, end = text.index("["), text.index("]") - 1
    text = text.replace("[", "").replace("]", "")
    rendering = Span(start, end)
    edit = replacement(text, rendering, form)
    term = Term("x", form, kind=kind, gender=gender)
    agreed = agree(text, edit, rendering, term, language, copied=copied)
    return apply(text, [agreed.edit])[0], agreed


@pytest.mark.parametrize(
    ("language", "text", "form", "becomes"),
    [
        ("pt", "parte do [Comitê]", "Campanha de Paz", "parte da Campanha de Paz"),
        ("pt", "pelo [Heydar Foundation]", "Fundação Heydar", "pela Fundação Heydar"),
        ("pt", "na sua [Comissão]", "Fórum da Juventude", "no seu Fórum da Juventude"),
        ("pt", "À [Comissão] e a", "Fórum", "Ao Fórum e a"),
        ("pt", "todas as [Comissões]", "Regimento", "todo o Regimento"),
        ("pt", "deste [Massacre]", "Tragédia de Khojaly", "desta Tragédia de Khojaly"),
        ("pt", "num [conflito]", "guerra de Karabakh", "numa guerra de Karabakh"),
        ("pt", "daquele [Fórum]", "Organização", "daquela Organização"),
        ("pt", "em [Comitê]", "Organização", "em Organização"),
        ("es", "miembro de la [Comisión]", "Foro de Paz", "miembro del Foro de Paz"),
        ("es", "miembro del [Foro]", "Organización", "miembro de la Organización"),
        ("es", "al [Foro]", "Fundación", "a la Fundación"),
        ("es", "Esta [masacre]", "genocidio de Joyalí", "Este genocidio de Joyalí"),
        ("es", "una [tragedia]", "área de paz", "un área de paz"),
        ("ru", "для [Фонда]", "Фонд", "для Фонд"),
    ],
)  # fmt: skip
def test_determiners_follow_the_gender_and_number_of_the_form(language, text, form, becomes):
    assert swapped(language, text, form)[0] == becomes


@pytest.mark.parametrize(
    ("language", "text", "form", "becomes"),
    [
        ("pt", "vimos a [passagem]", "O Corredor", "vimos O Corredor"),
        ("pt", "autora da [passagem]", "O Corredor", "autora de O Corredor"),
        ("pt", "na [passagem]", "O Corredor", "em O Corredor"),
        ("pt", "pelo [caminho]", "A Volta", "por A Volta"),
        ("pt", "foi a [Mundo]", "O Globo", "foi a O Globo"),
        ("es", "autor del [pasillo]", "El corredor", "autor de El corredor"),
        ("es", "El [pasillo] ganó", "La calle", "La calle ganó"),
        ("pt", "o filme “[Passagem]”", "O Corredor", "o filme “O Corredor”"),
    ],
)
def test_a_title_that_brings_its_own_article_takes_none(language, text, form, becomes):
    assert swapped(language, text, form, kind=TITLE)[0] == becomes


@pytest.mark.parametrize(
    ("text", "form", "kind"),
    [
        ("voou a [Bacu]", "Baku", PLACE),
        ("do [Karabakh]", "Carábia", PLACE),
        ("da [Leila]", "Ričardo", PERSON),
        ("o filme da [Passagem]", "Nokia", TermKind.OTHER),
        ("o “[Corredor]” estreou", "Campanha de Paz", TITLE),
        ("no [Missouri]", "Missoura", TermKind.OTHER),
    ],
)
def test_what_is_not_known_is_left_as_the_model_wrote_it(text, form, kind):
    before = text[: text.index("[")]
    assert swapped("pt", text, form, kind=kind)[0].startswith(before)


def test_the_glossary_knows_better_than_the_spelling():
    assert swapped("pt", "do [Mundo]", "Lega", gender=FEMININE)[0] == "da Lega"
    assert swapped("pt", "da [Bola]", "Campanha", gender=MASCULINE)[0] == "do Campanha"
    assert swapped("pt", "o [Leila]", "Leyla", kind=PERSON, gender=FEMININE)[0] == "a Leyla"


def test_a_word_after_the_form_that_shows_the_old_gender_is_told():
    text, agreed = swapped("pt", "o [Comitê] criado em 2009", "Fundação Heydar")
    assert text == "a Fundação Heydar criado em 2009"
    assert agreed.clash is not None
    assert agreed.unsettled
    assert not swapped("pt", "a [Comissão] criada", "Fundação")[1].unsettled
    assert swapped("pt", "as [Comissões] vieram", "Fundação")[1].renumbered


@pytest.mark.parametrize(
    ("phrase", "language", "kind", "agreement"),
    [
        ("Grande Muralha da China", "pt", PLACE, Agreement(FEMININE, plural=False)),
        ("366º Regimento", "pt", ORGANISATION, Agreement(MASCULINE, plural=False)),
        ("o massacre", "pt", TermKind.OTHER, Agreement(MASCULINE, plural=False)),
        ("masacre de Joyalí", "es", TermKind.OTHER, Agreement(FEMININE, plural=False)),
        ("Organizações Unidas", "pt", ORGANISATION, Agreement(FEMININE, plural=True)),
        ("Subcomitê", "pt", ORGANISATION, Agreement(MASCULINE, plural=False)),
        ("Triceráptors", "es", TermKind.OTHER, Agreement()),
        ("Nintendo", "pt", ORGANISATION, Agreement()),
        ("Bolívia", "pt", PLACE, Agreement()),
        ("", "pt", ORGANISATION, Agreement()),
        ("Fundação", "tr", ORGANISATION, Agreement()),
    ],
)
def test_gender_and_number_are_known_by_the_head_noun(phrase, language, kind, agreement):
    assert agreement_of(phrase, language, kind, Gender.UNKNOWN) == agreement


def test_every_determiner_agrees_with_itself():
    for determiners in DETERMINERS.values():
        for word, determiner in determiners.items():
            assert determiner.agreeing(determiner.agreement) == word
            assert determiner.agreeing(Agreement()) == word


@given(texts, texts, st.sampled_from(sorted(DETERMINERS)), st.sampled_from(TermKind))
def test_nothing_but_determiners_before_the_form_ever_changes(before, after, language, kind):
    text = f"{before} da Comissão {after}"
    start = len(before) + 4
    rendering = Span(start, start + 8)
    edit = Edit(rendering, "Fórum")
    term = Term("Forum", "Fórum", kind=kind)
    agreed = agree(text, edit, rendering, term, language).edit
    assert agreed.span.end == rendering.end
    replaced = text[agreed.span.start : rendering.start].split()
    put_in = agreed.before.split()
    assert len(replaced) == len(put_in) or language == "es"
    known = {part for word in DETERMINERS[language] for part in word.split()}
    assert {word.casefold() for word in replaced} <= known
    assert {word.casefold() for word in put_in} <= known


def test_a_repair_is_told_to_the_reviewer_and_the_result_is_stable():
    source = "supported by the Heydar Foundation"
    name = hit(source, "Heydar Foundation", "Fundação Heydar", kind=ORGANISATION)
    proposed = hypothesis(source, "apoiado pelo Heydar Found", [(0, 0), (1, 1), (2, 3), (3, 4)])
    enforcer = SpanEnforcer("pt")
    draft = enforcer.enforce(source, [name], proposed)
    assert draft.text == "apoiado pela Fundação Heydar"
    assert draft.verdicts[0].detail == 'from "Heydar Found"; "pela" for "pelo"'
    again = enforcer.enforce(source, [name], hypothesis(source, draft.text))
    assert again.text == draft.text
    assert again.verdicts[0].status.value == "ok"


def test_a_clash_that_is_left_is_found_wrong():
    source = "the Foundation founded in 2009"
    name = hit(source, "Foundation", "Fundação", kind=ORGANISATION)
    proposed = hypothesis(source, "o Comitê fundado em 2009", [(0, 0), (1, 1), (2, 2), (3, 3)])
    enforced = SpanEnforcer("pt").examine(source, [name], proposed)
    assert enforced.draft.text == "a Fundação fundado em 2009"
    assert [finding.rule for finding in enforced.draft.findings] == ["agreement"]
    (wish,) = enforced.wishes
    assert [beginning.text for beginning in wish.beginnings] == ["a Fundação"]
    assert not wish.missing


@pytest.mark.parametrize(
    ("language", "text", "form", "kind", "becomes"),
    [
        ("pt", "sobre [X Massacre]", "Massacre de X", TermKind.OTHER, "sobre o Massacre de X"),
        ("pt", "Após [X tragedy]", "tragédia de X", TermKind.OTHER, "Após a tragédia de X"),
        ("pt", "de [X Foundation]", "Fundação X", ORGANISATION, "da Fundação X"),
        ("pt", "EM [X Nations]", "Organizações X", ORGANISATION, "NAS Organizações X"),
        ("es", "contra [X Forum]", "Foro de X", ORGANISATION, "contra el Foro de X"),
        ("es", "a [X Forum]", "Foro de X", ORGANISATION, "al Foro de X"),
        ("pt", "a [X Forum]", "Fórum de X", ORGANISATION, "a Fórum de X"),
        ("pt", "“[X Massacre]”", "Massacre de X", TermKind.OTHER, "“Massacre de X”"),
        ("pt", "sobre “[X Massacre]”", "Massacre de X", TermKind.OTHER, "sobre “Massacre de X”"),
        ("pt", "o [X Massacre]", "Massacre de X", TermKind.OTHER, "o Massacre de X"),
        ("pt", "segundo [X Massacre]", "Massacre de X", TermKind.OTHER, "segundo Massacre de X"),
        ("pt", "sobre [X Massacre]", "Massacre de X", TITLE, "sobre Massacre de X"),
        ("pt", "sobre [X Ideal]", "Ideal", PERSON, "sobre Ideal"),
        ("pt", "em [X and Y]", "Antígua e Barbuda", TermKind.OTHER, "em Antígua e Barbuda"),
        ("es", "en [X and Y]", "Trinidad y Tobago", TermKind.OTHER, "en Trinidad y Tobago"),
        ("pt", "sobre [X]", "Nintendo", ORGANISATION, "sobre Nintendo"),
        ("ru", "о [X Massacre]", "Massacre de X", TermKind.OTHER, "о Massacre de X"),
    ],
)
def test_a_noun_takes_the_article_that_copied_words_could_not_have(
    language, text, form, kind, becomes
):
    assert swapped(language, text, form, kind=kind, copied=True)[0] == becomes


def test_words_that_were_copied_are_known_by_the_source():
    source = "a film about Khojaly Massacre"
    massacre = hit(source, "Khojaly Massacre", "Massacre de Khojaly")
    links = [(0, 1), (1, 2), (2, 3), (3, 4)]
    copied = hypothesis(source, "filme sobre Khojaly Massacre", links)
    draft = SpanEnforcer("pt").enforce(source, [massacre], copied)
    assert draft.text == "filme sobre o Massacre de Khojaly"
    assert '"sobre o" for "sobre"' in draft.verdicts[0].detail
    made = hypothesis(source, "filme sobre Massacre Khojaly", links)
    assert SpanEnforcer("pt").enforce(source, [massacre], made).text == (
        "filme sobre Massacre de Khojaly"
    )
