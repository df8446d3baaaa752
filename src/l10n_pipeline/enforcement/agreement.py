"""Making the words before a term agree with it, where it took another's place.

Only determiners change, and only where the gender or number of the term is known: by the
glossary, or by its head noun. What else may no longer agree is told, not mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.enforcement.determiners import DETERMINERS, Determiner, article_after
from l10n_pipeline.enforcement.nouns import (
    Agreement,
    agreement_of,
    begins_with_stressed_a,
    opens_with_common_noun,
)
from l10n_pipeline.enforcement.swap import Edit
from l10n_pipeline.folding import DOUBLE_QUOTES, words
from l10n_pipeline.model import Gender, Span, Term, TermKind
from l10n_pipeline.termforms import capitalised

_GAP: Final = re.compile(rf"\s+[{DOUBLE_QUOTES}‘']?\Z")
_LONGEST_CHAIN: Final = 3
"""Determiners in a row: de todos os seus."""
_FOLLOWING: Final = re.compile(
    r"\s(\w+(?:ad|id|ic|ân|an|in|os|iv|ári|óri|eir|ist|fic|esid|íd|ific|ent)(?P<vowel>[oa])s?)\b"
)
_ARTICLES: Final = {
    "pt": frozenset({"o", "a", "os", "as"}),
    "es": frozenset({"el", "la", "los", "las"}),
}
_WITH_ARTICLE: Final = frozenset({TermKind.ORGANISATION, TermKind.OTHER})
"""What is named by a common noun as a rule; titles and other names do without the article."""
_SOUND: Final = {"la": "el", "una": "un", "de la": "del", "a la": "al"}


@dataclass(frozen=True, slots=True)
class Agreed:
    """An edit after agreement was seen to."""

    edit: Edit
    clash: Span | None = None
    """A word of the text after the edit that seems to agree with what stood there before."""
    renumbered: bool = False
    """Whether singular took the place of plural or the other way round: a verb may clash."""

    @property
    def unsettled(self) -> bool:
        """Whether something around the form may clash with it still."""
        return self.clash is not None or self.renumbered


def agree(
    text: str, edit: Edit, rendering: Span, term: Term, language: str, *, copied: bool = False
) -> Agreed:
    """The edit with the determiners before it made to agree with the form it puts in.

    Args:
        text: what the edit is of.
        edit: puts a form of the term in a rendering's place.
        rendering: what the model wrote for the term.
        term: whose form it is.
        language: of the text, as ISO 639 code; of others than Portuguese and Spanish
            nothing is known.
        copied: whether the rendering is the source's own words: then the model had no
            article to give it.
    """
    if language not in DETERMINERS or edit.before.strip(DOUBLE_QUOTES):
        return Agreed(edit)
    wanted = agreement_of(edit.form, language, term.kind, term.gender)
    before = agreement_of(rendering.of(text), language, term.kind, Gender.UNKNOWN)
    if _brings_article(edit.form, language):
        return Agreed(_without_article(text, edit, language, before))
    repaired, shown = _repaired(text, edit, before, wanted, term, language)
    named = term.kind in _WITH_ARTICLE and opens_with_common_noun(edit.form, language)
    if copied and named and repaired == edit:
        repaired = _with_article(text, edit, wanted, language)
    differs = _differ(shown, wanted)
    clash = None
    if differs and wanted.gender is not Gender.UNKNOWN:
        clash = _clash(text, edit.span.end, wanted.gender)
    renumbered = (
        wanted.plural is not None and shown.plural is not None and wanted.plural != shown.plural
    )
    return Agreed(repaired, clash, renumbered)


def _differ(one: Agreement, other: Agreement) -> bool:
    genders = one.gender, other.gender
    return Gender.UNKNOWN not in genders and genders[0] is not genders[1]


def _repaired(
    text: str, edit: Edit, before: Agreement, wanted: Agreement, term: Term, language: str
) -> tuple[Edit, Agreement]:
    """The edit over the determiners too, and what agreement the text showed."""
    shown = before
    start = edit.span.start
    gap = _GAP.search(text, 0, start)
    pieces: list[str] = []
    told: list[str] = []
    for _ in range(_LONGEST_CHAIN):
        if gap is None:
            break
        found = _determiner_before(text, gap.start(), language)
        if found is None:
            break
        determiner, place = found
        if not _belongs(determiner, before, quoted=len(gap[0].strip()) > 0, term=term):
            break
        shown = determiner.agreement if shown.gender is Gender.UNKNOWN else shown
        written = place.of(text)
        form = determiner.agreeing(wanted)
        if language == "es" and wanted.plural is not True and not pieces:
            form = _SOUND.get(form, form) if begins_with_stressed_a(edit.form) else form
        form = _in_case_of(written, form)
        if form != written:
            told.insert(0, f'"{form}" for "{written}"')
        pieces.insert(0, form + gap[0])
        start = place.start
        gap = _GAP.search(text, 0, start)
    if not told:
        return edit, shown
    return (
        replace(
            edit,
            span=Span(start, edit.span.end),
            before="".join(pieces) + edit.before,
            repair=", ".join(told),
        ),
        shown,
    )


def _belongs(determiner: Determiner, before: Agreement, *, quoted: bool, term: Term) -> bool:
    """Whether a determiner is the rendering's own."""
    if before.gender is not Gender.UNKNOWN:
        return determiner.agreement.gender is before.gender
    # "o (filme) Paz" and "a (Maria)": a title may follow another noun's article.
    return not (determiner.also_preposition or quoted or term.kind is TermKind.TITLE)


def _determiner_before(text: str, end: int, language: str) -> tuple[Determiner, Span] | None:
    """The determiner that ends here, at its longest."""
    known = DETERMINERS[language]
    spoken = words(text[max(0, end - 40) : end])
    offset = max(0, end - 40)
    for count in (2, 1):
        if len(spoken) >= count and spoken[-1].end + offset == end:
            place = Span(spoken[-count].start + offset, end)
            determiner = known.get(place.of(text).casefold())
            if determiner is not None:
                return determiner, place
    return None


def _without_article(text: str, edit: Edit, language: str, before: Agreement) -> Edit:
    """The edit over an article before a form that brings its own: ``de O Globo``."""
    gap = _GAP.search(text, 0, edit.span.start)
    if gap is None or gap[0].strip():
        return edit
    found = _determiner_before(text, gap.start(), language)
    if found is None or not found[0].article:
        return edit
    determiner, place = found
    if determiner.also_preposition and before.gender is not Gender.FEMININE:
        return edit
    written = place.of(text)
    left = _in_case_of(written, determiner.preposition)
    form = edit.form
    if not left and written[:1].isupper() and edit.form[:1].islower():
        form = capitalised(form)
    return replace(
        edit,
        span=Span(place.start, edit.span.end),
        form=form,
        before=(left + gap[0] if left else "") + edit.before,
        repair=f'"{left}" for "{written}"' if left else f'without "{written}"',
    )


def _with_article(text: str, edit: Edit, wanted: Agreement, language: str) -> Edit:
    """The edit over a bare preposition before a noun of the language, which takes the
    article: ``sobre o Massacre``.
    """
    gap = _GAP.search(text, 0, edit.span.start)
    if gap is None or gap[0].strip() or Gender.UNKNOWN is wanted.gender or wanted.plural is None:
        return edit
    place = next(
        (word for word in words(text[: gap.start()])[-1:] if word.end == gap.start()), None
    )
    if place is None:
        return edit
    written = place.of(text)
    found = article_after(written.casefold(), wanted, language)
    if found is None:
        return edit
    form = _in_case_of(written, found)
    return replace(
        edit,
        span=Span(place.start, edit.span.end),
        before=form + gap[0] + edit.before,
        repair=f'"{form}" for "{written}"',
    )


def _brings_article(form: str, language: str) -> bool:
    spoken = words(form)
    return len(spoken) > 1 and spoken[0].of(form).casefold() in _ARTICLES[language]


def _in_case_of(written: str, form: str) -> str:
    if written.isupper() and len(written) > 1:
        return form.upper()
    return form[:1].upper() + form[1:] if written[:1].isupper() else form


def _clash(text: str, end: int, gender: Gender) -> Span | None:
    following = _FOLLOWING.match(text, end)
    if following is None or following[1][0].isupper():
        return None
    shown = Gender.MASCULINE if following["vowel"] == "o" else Gender.FEMININE
    return Span(*following.span(1)) if shown is not gender else None
