"""Several glossaries as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from l10n_pipeline.folding import fold
from l10n_pipeline.model import Term

SpellingKey = tuple[bool, str]
"""What tells two source spellings apart: whether case matters, and the folded text."""


def spelling_key(term: Term, spelling: str) -> SpellingKey:
    """The key under which a source spelling of the term is found.

    >>> spelling_key(Term("Khojaly", "Xocalı"), "KHOJALY")
    (False, 'khojaly')
    """
    return term.case_sensitive, fold(spelling, keep_case=term.case_sensitive).text.strip()


@dataclass(frozen=True, slots=True)
class Shadowing:
    """A source spelling of which an earlier glossary has already spoken."""

    spelling: str
    term: Term
    """Whose spelling it would have been."""
    by: Term
    """The earlier term, which holds."""


def _unheard(_: Shadowing) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Termbase:
    """The terms that hold for one language pair."""

    terms: tuple[Term, ...] = ()
    """In order of precedence; no two share a source spelling."""

    @classmethod
    def merge(
        cls, *glossaries: Iterable[Term], shadowed: Callable[[Shadowing], None] = _unheard
    ) -> Termbase:
        """One termbase of several glossaries: what an earlier one says of a source
        spelling holds, whatever a later one says of it.

        Args:
            glossaries: in order of precedence.
            shadowed: told of each spelling that does not count.
        """
        holders: dict[SpellingKey, Term] = {}
        terms: list[Term] = []
        for glossary in glossaries:
            for term in glossary:
                source = spelling_key(term, term.source)
                if source in holders:
                    shadowed(Shadowing(term.source, term, holders[source]))
                    continue
                holders[source] = term
                aliases: dict[SpellingKey, str] = {}
                for alias in term.aliases:
                    key = spelling_key(term, alias)
                    holder = holders.setdefault(key, term)
                    if holder is not term:
                        shadowed(Shadowing(alias, term, holder))
                    elif key != source:
                        aliases.setdefault(key, alias)
                terms.append(replace(term, aliases=tuple(aliases.values())))
        return cls(tuple(terms))

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)
