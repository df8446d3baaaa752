"""Term verdicts of a unit, brought up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from l10n_pipeline.catalogue.states import unit_texts
from l10n_pipeline.model import Span, Term, TermHit, TermStatus, TermVerdict, TranslationUnit
from l10n_pipeline.termforms import verify


def renewed(unit: TranslationUnit, new: tuple[TermVerdict, ...]) -> tuple[TermVerdict, ...]:
    """The verdicts of today's glossary, and those of words copied from the source, which
    stand in no glossary: at their old places, checked on today's text.
    """
    copied = _copied(unit, new)
    copies = [old for old, is_copy in zip(unit.verdicts, copied, strict=True) if is_copy]
    checked, terms = iter(_checked(copies, new, unit_texts(unit))), iter(new)
    told = [next(checked) if is_copy else next(terms, None) for is_copy in copied]
    return _fresh(unit.verdicts, (*filter(None, told), *terms))


def _copied(unit: TranslationUnit, new: Iterable[TermVerdict]) -> list[bool]:
    """For each old verdict, whether it is of a copied word that no term has taken over."""
    unclaimed = unit.source
    for verdict in new:
        unclaimed = unclaimed.replace(verdict.source, "\0", 1)
    copied = []
    for old in unit.verdicts:
        is_copy = (
            old.source == old.target
            and old.status is not TermStatus.AGREED
            and old.source in unclaimed
        )
        if is_copy:
            unclaimed = unclaimed.replace(old.source, "\0", 1)
        copied.append(is_copy)
    return copied


def _checked(
    copies: Sequence[TermVerdict], others: Sequence[TermVerdict], texts: Sequence[str]
) -> list[TermVerdict]:
    """Verdicts of copied words on a translation; the old ones where they come to the same.
    Each plural form is looked at; the worst counts.
    """
    if not copies:
        return []
    # The other terms take part, so that a copied name within one of them is not counted.
    hits = [
        TermHit(Term(verdict.source, verdict.target), Span(0, len(verdict.source)))
        for verdict in (*copies, *others)
    ]
    found = worst_verdicts([verify(text, hits)[: len(copies)] for text in texts])
    return [
        old if old.status.failing == now.status.failing else now
        for old, now in zip(copies, found, strict=True)
    ]


def worst_verdicts(forms: Iterable[Sequence[TermVerdict]]) -> tuple[TermVerdict, ...]:
    """One verdict for each term from those on each plural form: the first that fails, else
    the first. A term that a form has twice has two.
    """
    told: dict[tuple[str, int], TermVerdict] = {}
    for verdicts in forms:
        counts: Counter[str] = Counter()
        for verdict in verdicts:
            place = (verdict.source, counts[verdict.source])
            counts[verdict.source] += 1
            if place not in told or (verdict.status.failing and not told[place].status.failing):
                told[place] = verdict
    return tuple(told.values())


def _fresh(old: tuple[TermVerdict, ...], new: tuple[TermVerdict, ...]) -> tuple[TermVerdict, ...]:
    """The new verdicts, or the old ones where they come to the same.

    The old ones know more: what the model had written, for one.
    """

    def gist(verdicts: tuple[TermVerdict, ...]) -> list[tuple[object, ...]]:
        return [
            (each.source, each.target, each.status.failing, each.status is TermStatus.AGREED)
            for each in verdicts
        ]

    return old if gist(old) == gist(new) else new
