"""One rendering for each source spelling of a file."""

from __future__ import annotations

from dataclasses import replace

from l10n_pipeline.glossary.columns import broken
from l10n_pipeline.glossary.findings import Finding, Level
from l10n_pipeline.glossary.termbase import SpellingKey, spelling_key
from l10n_pipeline.model import Term


class Claims:
    """Which term of a file has which source spellings."""

    def __init__(self) -> None:
        self._holders: dict[SpellingKey, Term] = {}

    def take(self, term: Term) -> Finding | None:
        """Let a term have its spellings.

        Returns:
            None, or what to say of a term that an earlier row has already: it is then
            not to be listed again.

        Raises:
            BrokenRowError: where an earlier row says otherwise.
        """
        source = spelling_key(term, term.source)
        keys = {source: term.source}
        for alias in term.aliases:
            keys.setdefault(spelling_key(term, alias), alias)
        for key, spelling in keys.items():
            earlier = self._holders.get(key)
            if earlier is not None and earlier.target != term.target:
                broken(
                    f"{spelling!r} is rendered {term.target!r} here and "
                    f"{earlier.target!r} in line {_line(earlier)}"
                )
        earlier = self._holders.get(source)
        if earlier is not None:
            if replace(earlier, note=term.note, origin=term.origin) != term:
                broken(f"{term.source!r} stands in line {_line(earlier)} already, in other words")
            return Finding(
                Level.WARNING,
                "repetition",
                f"{term.source!r} stands in line {_line(earlier)} already",
                term.origin,
                earlier.origin,
            )
        for key in keys:
            self._holders.setdefault(key, term)
        return None


def _line(term: Term) -> str:
    return term.origin.rpartition(":")[2]
