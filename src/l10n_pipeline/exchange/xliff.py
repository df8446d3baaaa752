"""XLIFF 2.1, what translators' tools exchange.

A unit holds one segment, never to be divided. Inline codes are ``pc`` and ``ph`` by their
numbers, where they are well nested and the source has them; others stay tags in the text, so
that a broken translation goes out, and comes back, as it is. What an entry was when it went out
stands in an attribute of our own on its unit; tools keep what they do not know.

=================  ====================  ===============================================
state here         ``state``             ``subState``
=================  ====================  ===============================================
new                ``initial``
draft, stale       ``initial``           ``l10n:draft``, ``l10n:stale``: not to be relied on
edited             ``translated``        ``l10n:edited``
reviewed           ``final``             or ``reviewed``, where it lacks codes
=================  ====================  ===============================================

Back, ``reviewed`` and ``final`` accept a translation. Inside, XLIFF 2.0 is read as well.

Source: XLIFF Version 2.1, OASIS Standard, 13 February 2018.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

from l10n_pipeline.codes import TAG
from l10n_pipeline.errors import InputError, LocaleError
from l10n_pipeline.exchange.entries import (
    IF_EMPTY,
    Entry,
    Exported,
    Returned,
    Sheet,
    notes_in,
    refuse_unfit,
)
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import State
from l10n_pipeline.xml import FORBIDDEN, Element, ElementReader, attribute, content

_OURS: Final = "urn:l10n-pipeline:exchange:1"
_EXPORTED: Final = f"{_OURS} exported"
_CATEGORY: Final = "l10n:"
"""What the categories of notes begin with that are ours to make anew."""
_STATES: Final[Mapping[State, str]] = {
    State.NEW: 'state="initial"',
    State.DRAFT: 'state="initial" subState="l10n:draft"',
    State.STALE: 'state="initial" subState="l10n:stale"',
    State.EDITED: 'state="translated" subState="l10n:edited"',
    State.REVIEWED: 'state="final"',
}
_REVIEWED: Final = 'state="reviewed"'
_KNOWN_STATES: Final = frozenset({"initial", "translated", "reviewed", "final"})
_ACCEPTED: Final = frozenset({"reviewed", "final"})
_SHOWN: Final = re.compile(r"<(?P<kind>[gx])(?P<number>\d+)/?> = (?P<shown>.*)", re.DOTALL)
"""A line that says what stands in the document for a code."""


# --- writing -----------------------------------------------------------------------


def write_xliff(sheet: Sheet) -> Iterator[bytes]:
    """The file of a sheet, in UTF-8, part by part; the same for the same sheet."""
    to = sheet.target_locale
    direction = ' trgDir="rtl"' if to.right_to_left else ""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0"'
        f' xmlns:l10n="{_OURS}" version="2.1" srcLang="{sheet.source_locale}" trgLang="{to}">\n'
        f'<file id="f1" original="{_attribute(sheet.document)}" canResegment="no"{direction}'
        ' xml:space="preserve">\n'
    ).encode()
    group = ""
    for entry in sheet.entries:
        parts: list[str] = []
        if group != entry.group:
            if group:
                parts.append("</group>\n")
            group = entry.group
            if group:
                parts.append(f'<group id="{group}" type="l10n:plural"{_name(entry)}>\n')
        parts += _unit(entry)
        yield "".join(parts).encode()
    if group:
        yield b"</group>\n"
    yield b"</file>\n</xliff>\n"


def _unit(entry: Entry) -> Iterator[str]:
    translate = ' translate="no"' if entry.fixed else ""
    name = "" if entry.group else _name(entry)
    yield f'<unit id="{entry.id}"{name}{translate} l10n:exported="{entry.exported}">\n'
    yield from _notes(entry)
    codes = _elements(entry.source)
    tags = {tag[0] for at, tag in enumerate(TAG.finditer(entry.source)) if at in codes}
    own = _elements(entry.target, tags) if tags else codes
    displays = _displays(entry) if codes else {}
    # A final text has to have all codes.
    lacking = entry.state is State.REVIEWED and len(own) < len(codes)
    yield f"<segment {_REVIEWED if lacking else _STATES[entry.state]}>\n"
    yield f"<source>{_content(entry.source, codes, displays)}</source>\n"
    if entry.target:
        yield f"<target>{_content(entry.target, own, displays)}</target>\n"
    yield "</segment>\n</unit>\n"


def _name(entry: Entry) -> str:
    return f' name="{_attribute(entry.context)}"' if entry.context else ""


def _notes(entry: Entry) -> Iterator[str]:
    if not (entry.where or entry.remarks or entry.notes):
        return
    yield "<notes>\n"
    if entry.notes:
        # Of no category, as one that a translator adds.
        yield f"<note>{content(_line_by_line(entry.notes))}</note>\n"
    for remark in entry.remarks:
        priority = 1 if remark.urgent else 3
        kind = f'category="{_CATEGORY}{remark.kind}" priority="{priority}"'
        yield f"<note {kind}>{content(_visible(remark.text))}</note>\n"
    if entry.where:
        where = content(_line_by_line(entry.where))
        yield f'<note category="{_CATEGORY}where" priority="5">{where}</note>\n'
    yield "</notes>\n"


def _line_by_line(lines: Sequence[str]) -> str:
    return "\n".join(map(_visible, lines))


def _visible(text: str) -> str:
    """With U+FFFD for what no note can hold."""
    return FORBIDDEN.sub("\ufffd", text)


def _elements(text: str, among: set[str] | None = None) -> frozenset[int]:
    """Which of a text's tags, by their position among them, can be elements: those of pairs that
    are well nested, each number once.

    Args:
        text: a source, or a translation.
        among: of a translation the tags of its source that are elements.
    """
    chosen: list[int] = []
    used: set[str] = set()
    begun: dict[str, int] = {}
    for at, tag in enumerate(TAG.finditer(text)):
        number = tag["pair"] or tag["alone"]
        if among is not None and tag[0] not in among:
            continue
        if tag["alone"]:
            if not tag["close"] and number not in used:
                used.add(number)
                chosen.append(at)
        elif not tag["close"]:
            if number not in used:
                used.add(number)
                begun[number] = at
        elif number in begun:
            chosen += (begun[number], at)
            # What has begun inside and not ended would cross it.
            while begun.popitem()[0] != number:
                pass
    return frozenset(chosen)


def _displays(entry: Entry) -> dict[str, tuple[str, str]]:
    """What stands in the document for each code, before and after what a pair is around."""
    found: dict[str, tuple[str, str]] = {}
    for line in entry.where:
        if shown := _SHOWN.fullmatch(line):
            begins, around, ends = shown["shown"].partition("…")
            both = shown["kind"] == "g" and around and "…" not in ends
            found[shown["number"]] = (begins, ends) if both else (shown["shown"], "")
    return found


def _content(text: str, codes: frozenset[int], displays: Mapping[str, tuple[str, str]]) -> str:
    """A text as the content of a ``source`` or ``target``."""
    if not codes:
        return _characters(text)
    pieces: list[str] = []
    done = 0
    for at, tag in enumerate(TAG.finditer(text)):
        if at in codes:
            pieces += (_characters(text[done : tag.start()]), _element(tag, displays))
            done = tag.end()
    pieces.append(_characters(text[done:]))
    return "".join(pieces)


def _element(tag: re.Match[str], displays: Mapping[str, tuple[str, str]]) -> str:
    number = tag["pair"] or tag["alone"]
    begins, ends = displays.get(number, ("", ""))
    if tag["alone"]:
        shown = f' disp="{_attribute(begins)}"' if begins else ""
        return f'<ph id="{number}" canCopy="no" canDelete="no"{shown}/>'
    if tag["close"]:
        return "</pc>"
    shown = f' dispStart="{_attribute(begins)}"' if begins else ""
    shown += f' dispEnd="{_attribute(ends)}"' if ends else ""
    return f'<pc id="{number}" canCopy="no" canDelete="no"{shown}>'


def _characters(text: str) -> str:
    text = content(text)
    if FORBIDDEN.search(text):
        return FORBIDDEN.sub(lambda found: f'<cp hex="{ord(found[0]):04X}"/>', text)
    return text


def _attribute(text: str) -> str:
    return attribute(_visible(text))


# --- reading -----------------------------------------------------------------------


def read_xliff(stream: BinaryIO, where: str) -> Generator[tuple[Locale, Returned], None, None]:
    """The texts of a file, each with the language of its source, read as they are asked for.

    Args:
        stream: the file's bytes.
        where: its name, for messages.

    Raises:
        InputError: where the file cannot be read, is no XLIFF 2, ends too soon, or says
            something that no export can have become.
    """
    # A file of XLIFF 1 has units of another name, and is told of by its version.
    reader = ElementReader(where, ("unit", "trans-unit"))
    languages: tuple[Locale, Locale] | None = None
    for unit in reader.elements(stream, root="xliff", called="XLIFF"):
        place = f"{where}:{unit.line}"
        if languages is None:
            # All have the same root.
            languages = _languages(unit.around[0], where)
        source, target = languages
        yield source, _returned(unit, target, place)
    if languages is None:
        raise InputError("there are no texts in it", where=where, way_out=IF_EMPTY)


def _languages(root: Element, where: str) -> tuple[Locale, Locale]:
    """Of the source and of the translation.

    Raises:
        InputError: where the file does not state them, or is of another version.
    """
    version = root.attributes.get("version", "")
    if not version.startswith("2."):
        raise InputError(
            f"XLIFF {version or 'of no version'} is not read, only 2.0 and 2.1",
            where=where,
            way_out="save it as XLIFF 2.1, or send out a table instead: l10n export --format csv",
        )
    return _language(root, "srcLang", where), _language(root, "trgLang", where)


def _language(root: Element, name: str, where: str) -> Locale:
    stated = root.attributes.get(name, "")
    if not stated:
        raise InputError(
            f"it does not say its languages: no {name}",
            where=where,
            way_out=f'write it into the element xliff: {name}="…"',
        )
    try:
        return Locale.parse(stated)
    except LocaleError as error:
        raise InputError(f"{name}: {error}", where=where) from None


def _returned(unit: Element, target_locale: Locale, place: str) -> Returned:
    original = next((one for one in unit.around if one.name == "file"), unit)
    group = next((one for one in reversed(unit.around) if one.name == "group"), None)
    named = unit if group is None or "name" in unit.attributes else group
    text = _Text()
    source: list[str] = []
    target: list[str] = []
    states: list[str] = []
    for part in unit.children:
        if part.name not in ("segment", "ignorable"):
            continue
        own = [one for one in part.children if one.name in ("source", "target")]
        source += ("".join(text.of(one)) for one in own if one.name == "source")
        translated = [one for one in own if one.name == "target"]
        if part.name == "segment":
            states.append(part.attributes.get("state", "initial"))
        elif not translated:
            # What stands between sentences stands there in every language.
            translated = own
        target += ("".join(text.of(one)) for one in translated)
    for state in states:
        if state not in _KNOWN_STATES:
            known = ", ".join(sorted(_KNOWN_STATES))
            raise InputError(f"the state {state!r} is none of {known}", where=place)
    whole = "".join(target)
    refuse_unfit(whole, place)
    return Returned(
        place,
        original.attributes.get("original", ""),
        target_locale,
        unit.attributes.get("id", ""),
        "".join(source),
        named.attributes.get("name", ""),
        whole,
        bool(states) and all(state in _ACCEPTED for state in states),
        tuple(_notes_of(unit, place)),
        Exported.parse(unit.attributes.get(_EXPORTED, "")),
        tuple(text.faults),
    )


def _notes_of(unit: Element, place: str) -> Iterator[str]:
    # Some tools put them into the segment.
    for note in unit.find("note"):
        if not note.attributes.get("category", "").startswith(_CATEGORY):
            text = note.text
            refuse_unfit(text, place)
            yield from notes_in(text)


class _Text:
    """Reads the content of sources and targets."""

    def __init__(self) -> None:
        self.faults: dict[str, None] = {}
        """What cannot stand in a catalogue, in words."""

    def of(self, element: Element) -> Iterator[str]:
        """The text, with our tags."""
        for one in element.content:
            if isinstance(one, str):
                yield one
            elif one.name == "cp":
                yield self._character(one)
            elif one.name == "ph":
                yield self._tag(one, "id", "<x{}/>")
            elif one.name == "pc":
                yield self._tag(one, "id", "<g{}>")
                yield from self.of(one)
                yield self._tag(one, "id", "</g{}>")
            elif one.name == "sc":
                yield self._tag(one, "id", "<g{}>")
            elif one.name == "ec":
                has = "startRef" if "startRef" in one.attributes else "id"
                yield self._tag(one, has, "</g{}>")
            else:
                # What is marked is text; what marks it is the translator's own.
                yield from self.of(one)

    def _tag(self, code: Element, name: str, written: str) -> str:
        # A copy stands for what it is a copy of.
        number = code.attributes.get("copyOf") or code.attributes.get(name, "")
        if re.fullmatch(r"[0-9]{1,7}", number):
            return written.format(number)
        self.faults[f"the code {number!r} is not in the source"] = None
        return ""

    def _character(self, element: Element) -> str:
        try:
            return chr(int(element.attributes.get("hex", ""), 16))
        except (ValueError, OverflowError):
            self.faults["a character is not known"] = None
            return ""
