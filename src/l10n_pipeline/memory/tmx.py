"""Translation memories as TMX 1.4b, what translation tools exchange.

A language is served by its own variants or else by those of a more general one (pt-BR by pt),
or else of a more particular one (en by en-US), never by a sibling's; which language a unit
was written in (``srclang``) does not matter. Where a segment stands is told in properties
of our own, everybody else's are kept as they are.

Source: TMX 1.4b Specification, Localization Industry Standards Association, 2005.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Final, Self

from l10n_pipeline import __version__
from l10n_pipeline.errors import InputError, LocaleError
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.inline import Numbering, written
from l10n_pipeline.memory.units import NOWHERE, MemoryUnit, Pair, Surroundings
from l10n_pipeline.xml import FORBIDDEN, Element, ElementReader, attribute, content

_TOOL: Final = "l10n-pipeline"
_PLACE: Final = "x-l10n-"
"""What properties begin with that say where a segment stands."""
_PLACES: Final = ("document", "context", "previous", "following")
_MOST_PROBLEMS: Final = 100


@dataclass(slots=True)
class TmxReport:
    """What came of reading a file, or of writing one."""

    units: int = 0
    """Units that were taken over."""
    unpaired: int = 0
    """Units of the file without one of the two languages."""
    broken: int = 0
    """Units that could not be taken over."""
    problems: list[InputError] = field(default_factory=list)
    """Why, with ``file:line``, of the first hundred; the last may say why the reading ended
    before the file did."""

    def refuse(self, problem: InputError) -> None:
        """Count a broken unit."""
        self.broken += 1
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)


def read_tmx(
    stream: BinaryIO, where: str, pair: Pair, report: TmxReport | None = None
) -> Iterator[MemoryUnit]:
    """The units of a language pair, read as they are asked for.

    A unit that cannot be taken over is left out, and so is all that follows a fault in the XML
    itself; the report tells of both.

    Args:
        stream: the file's bytes.
        where: its name, for messages.
        pair: the languages to take.
        report: is kept up to date as units are given.

    Raises:
        InputError: where the file cannot be read, or is no TMX.
    """
    report = TmxReport() if report is None else report
    reader = ElementReader(where, ("header", "tu"))
    choices = _Choice(pair.source), _Choice(pair.target)
    ours = False
    try:
        for element in reader.elements(stream, root="tmx", called="TMX"):
            if element.name == "header":
                ours = element.attributes.get("creationtool") == _TOOL
                continue
            for unit in _units(element, choices, where, report, verbatim=ours):
                report.units += 1
                yield unit
    except InputError as error:
        if reader.root != "tmx":
            raise
        report.refuse(error)


class _Choice:
    """Which of a unit's variants serve a language.

    Args:
        locale: the language asked for.
    """

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self._ranks: dict[str, tuple[int, Locale] | None] = {}

    def of(self, variants: Iterable[Element]) -> list[Element]:
        """Those of the language that serves best; none where no language serves."""
        best: tuple[int, Locale] | None = None
        chosen: list[Element] = []
        for variant in variants:
            language = variant.language
            if language not in self._ranks:
                self._ranks[language] = self._rank(language)
            rank = self._ranks[language]
            if rank is None:
                continue
            if best is None or rank[0] < best[0]:
                best, chosen = rank, [variant]
            elif rank == best:
                chosen.append(variant)
        return chosen

    def _rank(self, language: str) -> tuple[int, Locale] | None:
        """How far a variant's language is from the one asked for; None where it is another."""
        try:
            locale = Locale.parse(language)
        except LocaleError:
            return None  # a language that nobody can ask for
        fallbacks = self._locale.fallbacks
        if locale in fallbacks:
            return fallbacks.index(locale), locale
        return (len(fallbacks), locale) if self._locale in locale.fallbacks else None


def _units(
    element: Element,
    choices: tuple[_Choice, _Choice],
    where: str,
    report: TmxReport,
    *,
    verbatim: bool,
) -> list[MemoryUnit]:
    """The unit of a source and each of its translations."""
    variants, said = _divided(element, "tuv")
    sources = choices[0].of(variants)
    targets = [one for one in choices[1].of(variants) if sources and one is not sources[0]]
    if not targets:
        report.unpaired += 1
        return []
    units: list[MemoryUnit] = []
    source_segments, said_of_source = _divided(sources[0], "seg")
    for target in targets:
        target_segments, said_of_target = _divided(target, "seg")
        numbering = Numbering(verbatim=verbatim)
        text = "".join(map(numbering.source, source_segments))
        translation = "".join(map(numbering.target, target_segments))
        if text.strip() and translation.strip():
            told = _Told.by((*said, *said_of_source, *said_of_target))
            units.append(
                MemoryUnit(
                    text,
                    translation,
                    Surroundings(**told.places) if told.places else NOWHERE,
                    created=_date(_said("date", target, element)),
                    creator=_said("id", target, element),
                    notes=tuple(told.notes),
                    properties=tuple(told.properties),
                )
            )
        else:
            which = "translation" if text.strip() else "source"
            report.refuse(
                InputError(f"the unit's {which} is empty", where=f"{where}:{element.line}")
            )
    return units


def _divided(element: Element, name: str) -> tuple[list[Element], list[Element]]:
    """The elements of a name in an element, and its notes and properties."""
    named: list[Element] = []
    said: list[Element] = []
    for one in element.content:
        if isinstance(one, str):
            continue
        if one.name == name:
            named.append(one)
        elif one.name in ("note", "prop"):
            said.append(one)
    return named, said


@dataclass(slots=True)
class _Told:
    """What notes and properties say."""

    notes: list[str] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    @classmethod
    def by(cls, said: Iterable[Element]) -> Self:
        told = cls()
        for one in said:
            kind = one.attributes.get("type", "")
            place = kind.removeprefix(_PLACE)
            if one.name == "note":
                told.notes.append(one.text)
            elif kind.startswith(_PLACE) and place in _PLACES:
                told.places[place] = one.text
            else:
                told.properties.append((kind, one.text))
        return told


def _said(what: str, *elements: Element) -> str:
    """Of the last change, else of the making, by the first element that says."""
    for element in elements:
        attributes = element.attributes
        said = attributes.get(f"change{what}") or attributes.get(f"creation{what}")
        if said:
            return said
    return ""


def _date(said: str) -> datetime | None:
    if not said:
        return None
    try:
        date = datetime.fromisoformat(said)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None  # a date that is none says nothing, and takes nothing from the unit


# --- writing -------------------------------------------------------------------------


def write_tmx(
    units: Iterable[MemoryUnit], pair: Pair, report: TmxReport | None = None
) -> Iterator[bytes]:
    """A TMX file in UTF-8, part by part; the same for the same units, whenever it is made.

    Reading it gives the same units, but for parts of seconds in their dates. A unit with a
    character that XML cannot hold is left out, which the report tells of.

    Args:
        units: what to write.
        pair: their languages.
        report: is kept up to date as parts are given.
    """
    report = TmxReport() if report is None else report
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
        '<tmx version="1.4">\n'
        f'<header creationtool="{_TOOL}" creationtoolversion="{__version__}" segtype="sentence"'
        f' o-tmf="{_TOOL}" adminlang="en" srclang="{pair.source}" datatype="plaintext"/>\n'
        "<body>\n"
    ).encode()
    for unit in units:
        lines = "".join(_lines(unit, pair))
        if unwritable := FORBIDDEN.search(lines):
            code_point = f"U+{ord(unwritable[0]):04X}"
            what = f"the unit {unit.source[:40]!r} has {code_point}, which no XML file can hold"
            report.refuse(InputError(what))
            continue
        report.units += 1
        yield lines.encode()
    yield b"</body>\n</tmx>\n"


def _lines(unit: MemoryUnit, pair: Pair) -> Iterator[str]:
    yield "<tu>\n"
    yield from (f"<note>{content(note)}</note>\n" for note in unit.notes)
    places = ((f"{_PLACE}{place}", getattr(unit.surroundings, place)) for place in _PLACES)
    for kind, value in (*unit.properties, *((kind, place) for kind, place in places if place)):
        yield f'<prop type="{attribute(kind)}">{content(value)}</prop>\n'
    yield f'<tuv xml:lang="{pair.source}"><seg>{written(unit.source)}</seg></tuv>\n'
    date = f' creationdate="{_written_date(unit.created)}"' if unit.created else ""
    creator = f' creationid="{attribute(unit.creator)}"' if unit.creator else ""
    yield f'<tuv xml:lang="{pair.target}"{date}{creator}><seg>{written(unit.target)}</seg></tuv>\n'
    yield "</tu>\n"


def _written_date(date: datetime) -> str:
    date = date.astimezone(UTC)
    # Systems differ in how many digits %Y gives early years.
    return f"{date.year:04}{date:%m%dT%H%M%SZ}"
