"""What the rows of a glossary say of each other, and of themselves, that cannot be meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from ahocorasick_rs import AhoCorasick

from l10n_pipeline.folding import fold, words
from l10n_pipeline.glossary.findings import Finding, Level
from l10n_pipeline.glossary.termbase import SpellingKey, spelling_key
from l10n_pipeline.model import Term

_INVISIBLE: Final = frozenset(
    "\u00ad\u200b\u200e\u200f\u2060\ufeff\u061c\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069"
)
"""Joiners are left out: scripts and emoji need them."""
_REPLACEMENT: Final = "\ufffd"
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*""(?:[^"]|"")*"')
"""A cell with quotation marks as spreadsheets write it."""
_ALIKE: Final = ("LATIN", "CYRILLIC", "GREEK")
"""Scripts with letters that look the same."""


def inconsistencies(terms: Sequence[Term]) -> Iterator[Finding]:
    """Warnings for the terms of one file, in no particular order.

    Looked for are aliases that are another term's source, terms that are each other's
    targets, forbidden renderings that are asked for by the same or another row, invisible
    characters, double spaces, and words of letters from scripts that look alike.
    """
    for term in terms:
        yield from _characters(term)
        yield from _self_contradictions(term)
    yield from _aliases(terms)
    yield from _cycles(terms)
    yield from _forbidden_elsewhere(terms)


def _warning(rule: str, message: str, term: Term, other: Term | None = None) -> Finding:
    return Finding(Level.WARNING, rule, message, term.origin, other.origin if other else "")


def _characters(term: Term) -> Iterator[Finding]:
    cells = (term.source, term.target, *term.aliases, *term.forms, *term.forbidden)
    for cell in cells:
        if _QUOTED.fullmatch(cell):
            what = f"{cell!r} is quoted as in CSV: here a quotation mark is a part of the term"
            yield _warning("quoted cell", what, term)
        if cell.isascii():
            if "  " in cell:
                yield _warning("white space", f"two spaces in a row in {cell!r}", term)
            continue
        for character in sorted(_INVISIBLE & set(cell)):
            what = f"the invisible character U+{ord(character):04X} in {cell!r}"
            yield _warning("invisible", what, term)
        if _REPLACEMENT in cell:
            what = f"{cell!r} has a character that was lost when the text was decoded"
            yield _warning("lost character", what, term)
        if "  " in cell:
            yield _warning("white space", f"two spaces in a row in {cell!r}", term)
        for span in words(cell):
            word = span.of(cell)
            scripts = sorted({script for letter in word for script in _script(letter)})
            if len(scripts) > 1:
                names = " and ".join(script.capitalize() for script in scripts)
                what = f"{word!r} has letters of different scripts: {names}"
                yield _warning("mixed scripts", what, term)


def _script(letter: str) -> Sequence[str]:
    if not letter.isalpha():
        return ()
    script = unicodedata.name(letter, "").partition(" ")[0]
    return (script,) if script in _ALIKE else ()


def _self_contradictions(term: Term) -> Iterator[Finding]:
    if not term.forbidden:
        return
    asked = {fold(form).text: form for form in reversed((term.target, *term.forms))}
    for wrong in term.forbidden:
        form = asked.get(fold(wrong).text)
        if form is not None:
            what = f"{wrong!r} is forbidden, and {form!r} is asked for, in one row"
            yield _warning("forbidden", what, term)


def _aliases(terms: Sequence[Term]) -> Iterator[Finding]:
    sources: dict[SpellingKey, Term] = {}
    for term in terms:
        sources.setdefault(spelling_key(term, term.source), term)
    for term in terms:
        for alias in term.aliases:
            other = sources.get(spelling_key(term, alias))
            if other is term:
                yield _warning("alias", f"the alias {alias!r} is the source itself", term)
            elif other is not None:
                what = f"the alias {alias!r} is a term of its own"
                yield _warning("alias", what, term, other)


def _cycles(terms: Sequence[Term]) -> Iterator[Finding]:
    """Terms whose target is another term's source, round in a circle: swapped columns."""
    sources: dict[str, Term] = {}
    for term in terms:
        sources.setdefault(fold(term.source).text, term)
    done: set[str] = set()
    for start in sources:
        path: dict[str, None] = {}
        at = start
        while at in sources and at not in path and at not in done:
            path[at] = None
            at = fold(sources[at].target).text
        done.update(path)
        circle = list(path)[list(path).index(at) :] if at in path else []
        if len(circle) > 1:
            named = [sources[step] for step in circle]
            what = " → ".join(repr(term.source) for term in (*named, named[0]))
            what = f"sources and targets go round in a circle: {what}"
            yield _warning("cycle", what, named[0], named[1])


def _forbidden_elsewhere(terms: Sequence[Term]) -> Iterator[Finding]:
    """Targets that have in them, as whole words, what another term forbids."""
    forbidden: dict[str, tuple[str, Term]] = {}
    for term in terms:
        for wrong in term.forbidden:
            if pattern := fold(wrong).text:
                forbidden.setdefault(pattern, (wrong, term))
    patterns = list(forbidden)
    automaton = AhoCorasick(patterns)
    for term in terms:
        folded = fold(term.target)
        told = set()
        for at, start, end in automaton.find_matches_as_indexes(folded.text, overlapping=True):
            wrong, other = forbidden[patterns[at]]
            whole = folded.boundary(start) and folded.boundary(end)
            if whole and other.source != term.source and at not in told:
                told.add(at)
                what = f"the target {term.target!r} has {wrong!r} in it, which {other.source!r}"
                yield _warning("forbidden", f"{what} forbids", term, other)
