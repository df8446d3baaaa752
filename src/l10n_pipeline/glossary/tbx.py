"""Glossaries as TBX-Basic, what terminology tools exchange.

Read are both styles of version 3 (ISO 30042:2019), data categories as attributes (DCA) and
as tags (DCT), and version 2 (ISO 30042:2008, ``martif``). Written is version 3 in the DCA
style: its data categories are named as in version 2, so that it is the style that readers
of both versions take, and the one that Pontoon writes.

A concept's preferred term in the target language is the target, others that are admitted
are forms, deprecated and superseded ones forbidden; the source language's other terms are
aliases. What TBX-Basic has no data category for (mode, kind, case, diacritics) stands in
the concept's first note, as ``l10n-pipeline: mode=inflect kind=place``.

Sources: ISO 30042:2019; TBX-Basic dialect, tbxinfo.net.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from l10n_pipeline.errors import GlossaryError, LocaleError
from l10n_pipeline.glossary.claims import Claims
from l10n_pipeline.glossary.columns import (
    LIST_SEPARATOR,
    BrokenRowError,
    broken,
    cells_of,
    refuse_unfit,
    term_of,
)
from l10n_pipeline.glossary.findings import Finding, Level, Reading
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Gender, Term
from l10n_pipeline.xml import Element, ElementReader

_NAMESPACE: Final = "urn:iso:std:iso:30042:ed-2"
_CONCEPTS: Final = ("conceptEntry", "termEntry")
_LANGUAGES: Final = ("langSec", "langSet")
_TERMS: Final = ("termSec", "tig", "ntig")
_ROOTS: Final = ("tbx", "martif")
# Elements of DCA that say by an attribute what they hold, and those that only group.
_CARRIERS: Final = frozenset(
    {"admin", "adminNote", "descrip", "descripNote", "ref", "termNote", "transacNote", "xref"}
    | {"termCompList", "transac"}
)
_GROUPS: Final = frozenset({"adminGrp", "descripGrp", "termGrp", "termNoteGrp", "transacGrp"})
_STATUSES: Final = ("administrativeStatus", "normativeAuthorization")
_WRONG: Final = ("deprecated", "superseded", "forbidden", "obsolete", "notrecommended")
_SETTINGS: Final = "l10n-pipeline:"
_SET_IN_NOTE: Final = ("mode", "kind", "case", "diacritics")
_LINE_BREAK: Final = re.compile(r"[ \t\r\n]*[\t\r\n][ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class _Named:
    """A term of a language, with what its section says of it."""

    text: str
    status: str
    gender: str


def read_tbx(data: bytes, where: str, *, source: Locale, target: Locale) -> Reading:
    """Read the terms of a language pair, and tell of what could not be taken over.

    A language is served by its own terms or else by those of a more general one (pt-BR by
    pt), or else of a more particular one (en by en-US), never by a sibling's.

    Args:
        data: the file.
        where: its name, for ``Term.origin`` and messages.
        source: language of the sources.
        target: language of the targets.

    Raises:
        GlossaryError: where it is no TBX, or XML that is not to be trusted.
    """
    terms: list[Term] = []
    findings: list[Finding] = []
    left_out: Counter[str] = Counter()
    unpaired = 0
    claims = Claims()

    def take(concept: Element) -> None:
        nonlocal unpaired
        place = f"{where}:{concept.line}"
        sections = _sections(concept)
        pair = _section_for(source, sections), _section_for(target, sections)
        if pair[0] is None or pair[1] is None:
            unpaired += 1
            return
        try:
            term = term_of(_cells(concept, pair[0], pair[1], left_out), place)
            if repetition := claims.take(term):
                findings.append(repetition)
            else:
                terms.append(term)
        except BrokenRowError as error:
            findings.append(Finding(Level.ERROR, "row", str(error), place, way_out=error.way_out))

    reader = ElementReader(where, _CONCEPTS, kind=GlossaryError)
    for concept in reader.read(data, last=True):
        take(concept)
    if reader.root not in _ROOTS:
        what = f"no TBX: the outermost element is {reader.root!r}, not 'tbx' or 'martif'"
        return Reading((), (Finding(Level.ERROR, "row", what, where),))
    if unpaired:
        what = f"concepts with no term in {source} or none in {target}: {unpaired}"
        findings.append(Finding(Level.WARNING, "left out", what, where))
    findings += (
        Finding(Level.WARNING, "left out", f"no place for {category}: {count}", where)
        for category, count in sorted(left_out.items())
    )
    return Reading(tuple(terms), tuple(findings))


def write_tbx(terms: Iterable[Term], *, source: Locale, target: Locale, title: str) -> bytes:
    """A TBX-Basic file's content, version 3, DCA style, in UTF-8.

    Args:
        terms: what to write.
        source: language of the sources.
        target: language of the targets.
        title: of the termbase.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<tbx type="TBX-Basic" style="dca" xml:lang="{source}" xmlns="{_NAMESPACE}">',
        "  <tbxHeader><fileDesc>",
        f"    <titleStmt><title>{_escaped(title)}</title></titleStmt>",
        f"    <sourceDesc><p>{source} → {target}, written by l10n-pipeline</p></sourceDesc>",
        "  </fileDesc></tbxHeader>",
        "  <text><body>",
    ]
    for number, term in enumerate(terms, start=1):
        lines.append(f'    <conceptEntry id="c{number}">')
        lines += (f"      <note>{_escaped(note)}</note>" for note in _notes(term))
        lines.append(f'      <langSec xml:lang="{source}">')
        lines.append(_term_section(term.source, "preferred"))
        lines += (_term_section(alias, "admitted") for alias in term.aliases)
        lines.append(f'      </langSec>\n      <langSec xml:lang="{target}">')
        lines.append(_term_section(term.target, "preferred", term.gender))
        lines += (_term_section(form, "admitted") for form in term.forms)
        lines += (_term_section(wrong, "deprecated") for wrong in term.forbidden)
        lines.append("      </langSec>\n    </conceptEntry>")
    lines.append("  </body></text>\n</tbx>")
    return "".join(f"{line}\n" for line in lines).encode()


# --- reading -------------------------------------------------------------------------


def _sections(concept: Element) -> dict[Locale, Element]:
    sections: dict[Locale, Element] = {}
    for section in concept.find(*_LANGUAGES):
        try:
            locale = Locale.parse(section.language)
        except LocaleError:
            continue  # a language that nobody can ask for
        if locale in sections:
            sections[locale].content += section.content
        else:
            sections[locale] = section
    return sections


def _section_for(locale: Locale, sections: dict[Locale, Element]) -> Element | None:
    for candidate in locale.fallbacks:
        if candidate in sections:
            return sections[candidate]
    return next((sections[other] for other in sections if locale in other.fallbacks), None)


def _cells(
    concept: Element, source: Element, target: Element, left_out: Counter[str]
) -> dict[str, str]:
    """A concept as a row of a glossary."""
    notes: list[str] = []
    _categories(concept, _LANGUAGES, notes, left_out)
    settings = _settings(notes)
    sources = _named(source, notes, left_out)
    targets = _named(target, notes, left_out)
    right = [named for named in targets if not named.status.startswith(_WRONG)]
    first_source = _first(sources)
    if not first_source.text:
        broken("the source is empty")
    if not right:
        broken(f"{first_source.text!r} has no target that is not deprecated")
    first = _first(right)
    return settings | {
        "source": first_source.text,
        "target": first.text,
        "comment": "; ".join(notes),
        "gender": first.gender,
        "aliases": _joined(named for named in sources if named is not first_source),
        "forms": _joined(named for named in right if named is not first),
        "forbidden": _joined(named for named in targets if named.status.startswith(_WRONG)),
    }


def _first(terms: Sequence[_Named]) -> _Named:
    preferred = (named for named in terms if named.status.startswith("preferred"))
    return next(preferred, None) or next(iter(terms), _Named("", "", ""))


def _named(section: Element, notes: list[str], left_out: Counter[str]) -> list[_Named]:
    """The terms of a language section; its notes and definitions are added to ``notes``."""
    _categories(section, _TERMS, notes, left_out)
    found = []
    for one in section.find(*_TERMS):
        said = _categories(one, (), notes, left_out)
        status = next((said[name] for name in _STATUSES if name in said), "")
        gender = said.get("grammaticalGender", "")
        if gender and gender not in set(Gender):
            left_out[f"grammaticalGender {gender!r}"] += 1
            gender = ""
        text = next((_text(term) for term in one.find("term")), "")
        found.append(_Named(text, status.casefold().replace(" ", ""), gender))
    return found


def _categories(
    element: Element, below: Sequence[str], notes: list[str], left_out: Counter[str]
) -> dict[str, str]:
    """The data categories of an element by name; what no glossary has a place for is counted.

    Args:
        element: a concept, a language's section or a term's.
        below: names of the elements in it that have categories of their own.
        notes: notes and definitions are added here.
        left_out: counts by name what is not taken over.
    """
    said: dict[str, str] = {}
    for child in _leaves(element, below):
        name = child.attributes.get("type", "") if child.name in _CARRIERS else child.name
        if name in ("note", "definition"):
            notes.append(_text(child))
        elif name in (*_STATUSES, "grammaticalGender"):
            said[name] = _text(child)
        elif name != "term":
            left_out[name or child.name] += 1
    return said


def _leaves(element: Element, below: Sequence[str]) -> Iterator[Element]:
    for child in element.children:
        if child.name in _GROUPS:
            yield from _leaves(child, below)
        elif child.name not in below:
            yield child


def _settings(notes: list[str]) -> dict[str, str]:
    """What an export of ours has put into a note, which is taken out of the notes."""
    at = next((at for at, note in enumerate(notes) if note.startswith(_SETTINGS)), None)
    if at is None:
        return {}
    settings = {}
    for setting in notes.pop(at).removeprefix(_SETTINGS).split():
        name, _, value = setting.partition("=")
        if name not in _SET_IN_NOTE:
            broken(f"{setting!r} in the note {_SETTINGS!r} is not known")
        settings[name] = value
    return settings


def _text(element: Element) -> str:
    text = _LINE_BREAK.sub(" ", element.text)
    refuse_unfit(text)
    return text.strip()


def _joined(terms: Iterable[_Named]) -> str:
    texts = [named.text for named in terms]
    for text in texts:
        if LIST_SEPARATOR in text:
            broken(f"{text!r} has a {LIST_SEPARATOR}, which parts spellings in a glossary")
    return LIST_SEPARATOR.join(texts)


# --- writing -------------------------------------------------------------------------


def _notes(term: Term) -> Iterator[str]:
    cells = cells_of(term)
    settings = [f"{name}={cells[name]}" for name in _SET_IN_NOTE if name in cells]
    # A comment of this very shape must not be taken for settings when it is read.
    if settings or term.note.startswith(_SETTINGS):
        yield " ".join([_SETTINGS, *settings])
    if term.note:
        yield term.note


def _term_section(text: str, status: str, gender: Gender = Gender.UNKNOWN) -> str:
    said = [f'<termNote type="administrativeStatus">{status}Term-admn-sts</termNote>']
    if gender:
        said.append(f'<termNote type="grammaticalGender">{gender}</termNote>')
    return f"        <termSec><term>{_escaped(text)}</term>{''.join(said)}</termSec>"


def _escaped(text: str) -> str:
    return escape(text, quote=False)
