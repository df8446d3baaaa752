"""Choosing among the forms of a name: what all languages have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from l10n_pipeline.folding import APOSTROPHES
from l10n_pipeline.model import Inflection, Term, TermMode

BASE: Final = "nominative"
"""Label of the base form."""

_SURE: Final = 1.0
"""How far ahead a form must be to be the only one that is offered."""
_REACH_BACK: Final = 60
"""Code points of the text before a rendering that are looked at."""
_NO_APOSTROPHES: Final = str.maketrans("", "", APOSTROPHES)
_STRAIGHT: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a paradigm."""

    case: str
    """``genitive``."""
    form: str


class Morphology(Protocol):
    """What a language brings to :class:`ParadigmInflector`."""

    def paradigm(self, term: Term) -> tuple[Cell, ...]:
        """The term's target in all its cases, most usual first; the base form among them.

        A case may have several cells, the most usual first. One cell or none where
        the target does not inflect or nobody knows how.
        """
        ...

    def weigh(
        self, term: Term, paradigm: Sequence[Cell], rendering: str, before: str
    ) -> Sequence[float]:
        """For each cell how much speaks for it: a lead of 1 is trusted. Nothing where the
        rendering has an ending that is none of the cells'.
        """
        ...


class ParadigmInflector:
    """Inflects by paradigm; implements ``Inflector``.

    Forms are generated when they are first asked for, and remembered.
    """

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology
        self._paradigm = lru_cache(maxsize=65536)(morphology.paradigm)
        self._inflections = lru_cache(maxsize=65536)(self._generate)
        self._like = lru_cache(maxsize=65536)(self._choose)

    def inflections(self, term: Term) -> tuple[Inflection, ...]:
        """Forms of the target other than the target itself, most usual first; none for a
        term that stays as it is (``TermMode.EXACT``).
        """
        return self._inflections(term)

    def like(self, term: Term, rendering: str, before: str) -> tuple[Inflection, ...]:
        """The forms that could stand where ``rendering`` stands, likeliest first. One form
        alone is sure; of several none is. None where the rendering ends in something that no
        form of the target has.

        A form that the glossary lists is preferred to a generated one of its case. A term
        that stays as it is takes no form but its target and those listed.
        """
        return self._like(term, rendering, before[-_REACH_BACK:])

    def _generate(self, term: Term) -> tuple[Inflection, ...]:
        if term.mode is TermMode.EXACT:
            return ()
        return tuple(
            inflection
            for inflection in _merged(self._paradigm(term))
            if inflection.form != term.target
        )

    def _choose(self, term: Term, rendering: str, before: str) -> tuple[Inflection, ...]:
        cells = _with_listed_forms(self._paradigm(term), term)
        if len({cell.form for cell in cells}) <= 1:
            return (Inflection(cells[0].form if cells else term.target, BASE),)
        scores = self._morphology.weigh(term, cells, rendering, before)
        if not scores:
            return ()
        if term.mode is TermMode.EXACT:
            allowed = {term.target, *term.forms}
            kept = [at for at, cell in enumerate(cells) if cell.form in allowed]
            cells, scores = [cells[at] for at in kept], [scores[at] for at in kept]
        best = max(scores)
        ranked = sorted(range(len(cells)), key=lambda at: -scores[at])
        offered = [cells[at] for at in ranked if best - scores[at] < _SURE]
        return _merged(_without_variants(offered))


def _merged(cells: Iterable[Cell]) -> tuple[Inflection, ...]:
    """Each form once, labelled with all its cases: ``genitive/accusative``."""
    cases: dict[str, list[str]] = {}
    for cell in cells:
        listed = cases.setdefault(cell.form, [])
        if cell.case not in listed:
            listed.append(cell.case)
    return tuple(Inflection(form, "/".join(listed)) for form, listed in cases.items())


def _without_variants(cells: Sequence[Cell]) -> list[Cell]:
    """The cells without those that spell a case like an earlier one but for an apostrophe."""
    seen: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        seen.setdefault((cell.case, cell.form.translate(_NO_APOSTROPHES)), cell)
    return list(seen.values())


def _with_listed_forms(paradigm: Sequence[Cell], term: Term) -> list[Cell]:
    """The paradigm with each form replaced by the listed one that ends alike."""
    if not paradigm:
        return [Cell(BASE, term.target)]
    listed = {form.translate(_STRAIGHT): form for form in reversed(term.forms)}
    return [
        cell
        if cell.form == term.target or cell.form in term.forms
        else Cell(cell.case, _listed_alike(cell.form, term.target, listed) or cell.form)
        for cell in paradigm
    ]


def _listed_alike(form: str, base: str, listed: dict[str, str]) -> str | None:
    """The listed form that has the generated form's ending, if there is just one."""
    straight = form.translate(_STRAIGHT)
    if straight in listed:
        return listed[straight]
    kept = 0
    while kept < min(len(base), len(form)) and base[kept] == form[kept]:
        kept += 1
    ending = straight[kept:]
    if len(ending) > 2:
        # A list may have a buffer letter after the apostrophe: 'nde for 'de.
        ending = ending.lstrip("'")
    alike = [written for plain, written in listed.items() if ending and plain.endswith(ending)]
    return alike[0] if len(alike) == 1 else None
