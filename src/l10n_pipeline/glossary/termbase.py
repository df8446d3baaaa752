"""Several glossaries as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
class Termbase:
    """The terms that hold for one language pair."""

    terms: tuple[Term, ...] = ()
    """In order of precedence; no two share a source spelling."""

    @classmethod
    def merge(cls, *glossaries: Iterable[Term]) -> Termbase:
        """One termbase of several glossaries: what an earlier one says of a source
        spelling holds, whatever a later one says of it.
        """
        claimed: set[SpellingKey] = set()
        terms: list[Term] = []
        for glossary in glossaries:
            for term in glossary:
                source = spelling_key(term, term.source)
                if source in claimed:
                    continue
                aliases = {
                    key: alias
                    for alias in term.aliases
                    if (key := spelling_key(term, alias)) not in claimed and key != source
                }
                claimed.update((source, *aliases))
                terms.append(replace(term, aliases=tuple(aliases.values())))
        return cls(tuple(terms))

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)
