"""Putting agreed terms in the place of what a model wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from l10n_pipeline.enforcement.closed_classes import is_function_word
from l10n_pipeline.folding import DOUBLE_QUOTES, words
from l10n_pipeline.model import Span
from l10n_pipeline.termforms import begins_sentence, capitalised, in_capitals

_CLOSING_OF: Final = {"“": "”", "„": "“", "«": "»", "(": ")", "[": "]", '"': '"'}
_JOINTS: Final = "-‐‑/&+@·"
_INNER_STOPS: Final = ",.!?…"
_FINAL_STOPS: Final = frozenset(".!?…")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a hypothesis and what is to stand there instead."""

    span: Span
    """Offsets into the hypothesis's text."""
    form: str
    """The term's form."""
    before: str = ""
    """What is put before the form: a space, a quotation mark that got lost."""
    after: str = ""
    """What is put after it."""
    repair: str = ""
    """What was changed beside the form, for a reviewer: ``"da" for "do"``."""


def apply(text: str, edits: Iterable[Edit]) -> tuple[str, dict[Edit, Span]]:
    """The text with all edits made, and where each edit's form stands in it.

    Edits do not overlap; their order does not matter.

    >>> apply("Riardas disse", [Edit(Span(0, 7), "Ričardas")])[0]
    'Ričardas disse'
    """
    pieces: list[str] = []
    length = position = 0
    places: dict[Edit, Span] = {}
    for edit in sorted(edits, key=lambda edit: edit.span):
        kept = text[position : edit.span.start]
        start = length + len(kept) + len(edit.before)
        places[edit] = Span(start, start + len(edit.form))
        pieces += (kept, edit.before, edit.form, edit.after)
        length = start + len(edit.form) + len(edit.after)
        position = edit.span.end
    pieces.append(text[position:])
    return "".join(pieces), places


def replacement(
    text: str, rendering: Span, form: str, *, alone: bool = False, fixed_case: bool = False
) -> Edit:
    """The edit that puts a form in the place of a model's rendering.

    It takes away what would be left over or doubled: a quotation mark or bracket whose
    partner lies inside the rendering, a hyphen or stroke of the form that joins the
    rendering to nothing, an article before it that the form brings along.
    With ``alone`` it takes nothing but the rendering. The form follows the text into
    capitals, and opens a sentence with one, unless its case is fixed.
    """
    span = rendering
    if not alone:
        span = _with_dangling_joints(text, _with_partners(text, rendering), form)
        span = _with_repeated_article(text, span, form)
    if not fixed_case:
        form = _in_case_of(text, span.start, form)
    glued = span.start > 0 and not text[span.start - 1].isspace()
    lead = span.of(text)[: next((word.start for word in words(span.of(text))), 0)]
    return Edit(span, form, before=" " if glued and any(map(str.isspace, lead)) else "")


def _in_case_of(text: str, at: int, form: str) -> str:
    if in_capitals(text):
        return form.upper()
    return capitalised(form) if begins_sentence(text, at) else form


def with_quotation_marks(source: str, hit: Span, text: str, edit: Edit) -> Edit:
    """The edit, giving back the quotation marks that enclose a term in the source where
    the text has lost one or both of them, or would by the edit.
    """
    left_over = _marks(text) - _marks(edit.span.of(text)) + _marks(edit.form)
    opening = source[: hit.start][-1:]
    closing = source[hit.end :].lstrip(_INNER_STOPS)[:1]
    if not (_is_mark(opening) and _is_mark(closing)) or left_over >= _marks(source):
        return edit
    left = "" if edit.before else text[: edit.span.start][-1:]
    right = text[edit.span.end :].lstrip(_INNER_STOPS)[:1]
    lost_opening = "" if _is_mark(left) else right if right == '"' else opening
    lost_closing = "" if _is_mark(right) else left if left == '"' else closing
    return replace(edit, before=edit.before + lost_opening, after=edit.after + lost_closing)


def with_final_stop(source: str, hit: Span, text: str, edit: Edit) -> Edit:
    """The edit, giving back the stop that ends the source after the term, where the edit
    takes away the end of the text: a title in stops (true...”.) runs into it.
    """
    stop = source[hit.end :].lstrip(DOUBLE_QUOTES)[:1]
    takes_the_end = not text[edit.span.end :].strip() and edit.span.of(text)[-1:] in _FINAL_STOPS
    if stop and stop in _FINAL_STOPS and takes_the_end:
        return replace(edit, after=edit.after + stop)
    return edit


def _is_mark(character: str) -> bool:
    return character != "" and character in DOUBLE_QUOTES


def _marks(text: str) -> int:
    return sum(map(_is_mark, text))


def _with_partners(text: str, span: Span) -> Span:
    inside = span.of(text)
    before, after = text[: span.start][-1:], text[span.end :][:1]
    for opening, closing in _CLOSING_OF.items():
        if opening == closing:
            unopened = unclosed = inside.count(opening) % 2 == 1
        else:
            unclosed = inside.count(opening) > inside.count(closing)
            unopened = inside.count(opening) < inside.count(closing)
        if unclosed and after == closing:
            return Span(span.start, span.end + 1)
        if unopened and before == opening:
            return Span(span.start - 1, span.end)
    return span


def _with_dangling_joints(text: str, span: Span, form: str) -> Span:
    start, end = span.start, span.end
    if _is_joint(text[:start][-1:], form) and not text[: start - 1][-1:].isalnum():
        start -= 1
    if _is_joint(text[end:][:1], form) and not text[end + 1 :][:1].isalnum():
        end += 1
    return Span(start, end)


def _is_joint(character: str, form: str) -> bool:
    return character != "" and character in _JOINTS and character in form


def _with_repeated_article(text: str, span: Span, form: str) -> Span:
    first = next((word.of(form) for word in words(form)), "")
    previous = words(text[: span.start])
    if not previous or not is_function_word(first.casefold()):
        return span
    last = previous[-1]
    repeated = last.of(text).casefold() == first.casefold()
    return Span(last.start, span.end) if repeated and text[last.end : span.start] == " " else span
