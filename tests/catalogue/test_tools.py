"""What a reviewer's tools keep of a catalogue when they save it, and what each of them loses."""

import gettext
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from translate.storage import pypo

from l10n_pipeline.catalogue.mo import compile_catalogue
from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.catalogue.states import (
    is_untouched_draft,
    state_of,
    unit_texts,
)
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Acceptance,
    Catalogue,
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    Provenance,
    State,
    Suggestion,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, HEADER, catalogues, prose_catalogues
from tests.support.rewriters import REWRITERS, polib_saves
from tests.support.tools import run_tool

REPOSITORY = Path(__file__).parents[2]
LOCALES = sorted(path.parent.parent for path in REPOSITORY.glob("locales/*/LC_MESSAGES/*.po"))
GETTEXT = [name for name in REWRITERS if name.startswith("msg")]
TOOLKIT = [name for name in REWRITERS if name.startswith("Translate Toolkit")]

thorough = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def template_of(catalogue: Catalogue) -> Catalogue:
    """Of the document as the catalogue has it."""
    places = [unit for unit in catalogue.units if not unit.obsolete]
    units = [
        TranslationUnit(
            unit.source,
            context=unit.context,
            plural_source=unit.plural_source,
            plural_targets=("", "") if unit.plural_source else (),
            extracted=unit.extracted,
            references=unit.references,
        )
        for unit in places
    ]
    return replace(catalogue, target_locale=None, units=tuple(units))


def rewritten(name: str, catalogue: Catalogue) -> Catalogue:
    """The catalogue as it is read after a tool has saved it."""
    with tempfile.TemporaryDirectory() as folder:
        po, pot = Path(folder, "a.po"), Path(folder, "a.pot")
        po.write_bytes(write_catalogue(catalogue))
        pot.write_bytes(write_catalogue(template_of(catalogue)))
        REWRITERS[name](po, pot)
        return read(po.read_bytes())


def read(data: bytes) -> Catalogue:
    return read_catalogue(data, where="a.po", source_locale=ENGLISH, expected_locale=BRAZILIAN)


# --- what each tool loses ------------------------------------------------------------


def without_previous(unit: TranslationUnit) -> TranslationUnit:
    return replace(unit, previous_source="", previous_context="", previous_plural="")


def as_kept_by_gettext(unit: TranslationUnit) -> TranslationUnit | None:
    """Without flags it does not know, and without 'fuzzy' and '#~' where nothing is translated."""
    translated = bool(unit_texts(unit)[0])
    if unit.obsolete and not translated:
        return None
    return replace(unit, flags=(), fuzzy=unit.fuzzy and translated)


def as_kept_by_msgmerge(unit: TranslationUnit) -> TranslationUnit | None:
    """Without the old source too; obsolete entries keep it."""
    kept = as_kept_by_gettext(unit)
    return kept if kept is None or kept.obsolete else without_previous(kept)


def as_kept_by_msgmerge_previous(unit: TranslationUnit) -> TranslationUnit | None:
    """Without the old source where the entry is not fuzzy."""
    kept = as_kept_by_gettext(unit)
    return kept if kept is None or kept.fuzzy else as_kept_by_msgmerge(unit)


def as_kept_by_polib(unit: TranslationUnit) -> TranslationUnit:
    """Without the old source of an obsolete entry."""
    return without_previous(unit) if unit.obsolete else unit


def as_kept_by_the_toolkit(unit: TranslationUnit) -> TranslationUnit:
    """Without 'fuzzy' where an obsolete entry has no text."""
    return replace(unit, fuzzy=unit.fuzzy and (not unit.obsolete or any(unit_texts(unit))))


KEPT: dict[str, Callable[[TranslationUnit], TranslationUnit | None]] = {
    **dict.fromkeys(GETTEXT, as_kept_by_gettext),
    "msgmerge": as_kept_by_msgmerge,
    "msgmerge --previous": as_kept_by_msgmerge_previous,
    **dict.fromkeys(TOOLKIT, as_kept_by_the_toolkit),
    "polib": as_kept_by_polib,
    "polib, unwrapped": as_kept_by_polib,
}


def test_every_tool_is_described() -> None:
    assert set(KEPT) == set(REWRITERS)


def units_of(catalogue: Catalogue, name: str) -> list[TranslationUnit]:
    """As they are to be compared: entries and flags unordered where the tool sorts them, and
    notes by their words where it wraps them.
    """
    units = list(catalogue.units)
    if name in TOOLKIT:
        units = [replace(unit, flags=tuple(sorted(unit.flags))) for unit in units]
    if name == "msgcat --sort-output":
        units.sort(key=lambda unit: (unit.obsolete, unit.key))
    if name == "polib":
        squeezed = ["".join("".join(unit.notes).split()) for unit in units]
        units = [replace(unit, notes=(text,)) for unit, text in zip(units, squeezed, strict=True)]
    return units


def assert_kept(name: str, catalogue: Catalogue) -> None:
    kept = tuple(filter(None, map(KEPT[name], catalogue.units)))
    after = rewritten(name, catalogue)
    assert units_of(after, name) == units_of(replace(catalogue, units=kept), name)
    assert after.header == catalogue.header


def without(characters: str, catalogue: Catalogue) -> Catalogue:
    """The catalogue with a plain letter for each of some characters; units that are then alike
    but once.
    """
    table = str.maketrans(characters, "x" * len(characters))
    strings = (
        "source", "target", "context", "plural_source",
        "previous_source", "previous_context", "previous_plural",
    )  # fmt: skip
    units = [
        replace(
            unit,
            **{name: getattr(unit, name).translate(table) for name in strings},
            plural_targets=tuple(text.translate(table) for text in unit.plural_targets),
        )
        for unit in catalogue.units
    ]
    first = {unit.key: unit for unit in reversed(units)}
    return replace(catalogue, units=tuple(unit for unit in units if first[unit.key] is unit))


def as_gettext_reads_headers(catalogue: Catalogue) -> Catalogue:
    """It takes the first ``charset=`` for the encoding, wherever that stands."""
    header = {
        name: value if name == "Content-Type" else value.replace("charset=", "charset")
        for name, value in catalogue.header.items()
    }
    return replace(catalogue, header=header)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*GETTEXT, *TOOLKIT])
@given(catalogue=catalogues)
@thorough
def test_gettext_and_the_toolkit_keep_all_else_however_nasty_the_text(
    name: str, catalogue: Catalogue
) -> None:
    # What is saved anew by the toolkit has "a" for U+0007, and the like.
    escapes = "\a\b\f\v" if "saved" in name else ""
    assert_kept(name, as_gettext_reads_headers(without(escapes, catalogue)))


@pytest.mark.slow
@pytest.mark.parametrize("name", REWRITERS)
@given(catalogue=prose_catalogues)
@thorough
def test_long_lines_are_put_together_again(name: str, catalogue: Catalogue) -> None:
    assert_kept(name, catalogue)


@pytest.mark.slow
@given(prose_catalogues, st.integers(60, 120))
@thorough
def test_long_lines_are_put_together_again_from_60_columns(
    catalogue: Catalogue, width: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        po = Path(folder, "a.po")
        po.write_bytes(write_catalogue(catalogue))
        polib_saves(po, po, width=width)
        after = read(po.read_bytes())
    assert units_of(after, "polib") == units_of(catalogue, "polib")


# --- every state, every direction ----------------------------------------------------

LONG = (
    "A fundação — “Justiça por Khojaly” — apoia a campanha pós-guerra [sic], diz <g1>ela</g1>: "
    "pré- e pós-guerra, antes--depois.  E mais: «não» - disse 文字文字文字文字文字文字 "
    "عربي שלום; uma frase que segue, e segue, e não para antes de ter trezentos caracteres, todos "
    "eles, até ao último, contados e conferidos duas vezes por quem revê, um por um, sem pressa."
)
DIRECTIONS: list[tuple[Direction, ...]] = [
    (),
    (Direction(DirectionKind.LOCK),),
    (Direction(DirectionKind.KEEP, "a trade mark, and one that has to stay as it is everywhere"),),
    (Direction(DirectionKind.USE, LONG),),
]


def in_state(state: State, directions: tuple[Direction, ...], at: int) -> TranslationUnit:
    """A unit with everything that one in its state may have."""
    source, text = f"The foundation supports campaign {at}.", f"A fundação apoia a campanha {at}."
    was = f"The foundation backs campaign {at}."
    made_for = was if state is State.STALE else source
    draft = Provenance(
        Origin.TM, "memory/old--new.tmx", text_hash(text), text_hash("terms"), None,
        text_hash(made_for), "repaired", 92,
    )  # fmt: skip
    unit = TranslationUnit(
        source,
        text if state is not State.NEW else "",
        fuzzy=state in {State.DRAFT, State.EDITED, State.STALE},
        obsolete=state is State.OBSOLETE,
        notes=("Rosa: hm.", "", "  - ask again"),
        directions=directions,
        provenance=draft if state is not State.NEW else None,
        verdicts=(TermVerdict("campaign - big", "campanha", TermStatus.AGREED, f"also {LONG}"),),
        findings=(Diagnostic("numbers", LONG),),
        references=() if state is State.OBSOLETE else ("guide/b.txt",),
        extracted=() if state is State.OBSOLETE else ("paragraph 1, sentence 1",),
    )
    if state is State.EDITED:
        unit = replace(unit, target=f"{text}!")
    if state is State.STALE:
        unit = replace(
            unit,
            previous_source=was,
            acceptance=Acceptance(text_hash(was), text_hash(text)),
            suggestion=Suggestion(LONG, Origin.MT, text_hash(source)),
        )
    return unit


@pytest.fixture(scope="module")
def reviewed() -> Catalogue:
    kinds = [(state, directions) for state in State for directions in DIRECTIONS]
    units = [in_state(*kind, at) for at, kind in enumerate(kinds)]
    # A text that no machine wrote, at a source that has changed.
    units.append(
        TranslationUnit("New.", "Velho.", fuzzy=True, previous_source="Old.", notes=("By hand.",))
    )
    units.sort(key=lambda unit: unit.obsolete)
    return Catalogue(ENGLISH, BRAZILIAN, tuple(units), HEADER)


@pytest.mark.parametrize("name", REWRITERS)
def test_states_and_directions_survive_every_tool(name: str, reviewed: Catalogue) -> None:
    assert {state_of(unit) for unit in reviewed.units} == set(State)
    assert_kept(name, reviewed)
    after = {unit.key: unit for unit in rewritten(name, reviewed).units}
    for unit in reviewed.units:
        kept = after[unit.key] if unit.target else after.get(unit.key, unit)
        by_hand = unit.provenance is None and state_of(unit) is State.STALE
        # Nothing but the old source says so of what no machine wrote; the text is a human's still.
        lost = name == "msgmerge" and by_hand
        assert state_of(kept) is (State.EDITED if lost else state_of(unit))
        assert is_untouched_draft(kept) == is_untouched_draft(unit)
        assert kept.directions == unit.directions


@pytest.mark.parametrize("name", REWRITERS)
@pytest.mark.parametrize("folder", LOCALES, ids=lambda folder: folder.name)
def test_the_shipped_catalogues_survive_every_tool(name: str, folder: Path, tmp_path: Path) -> None:
    locale = Locale.parse(folder.name)
    (before,) = folder.glob("LC_MESSAGES/*.po")
    pot = folder.parent / f"{before.stem}.pot"
    po = tmp_path / "a.po"
    po.write_bytes(before.read_bytes())
    REWRITERS[name](po, pot)
    were, are = (
        read_catalogue(
            path.read_bytes(), where="a.po", source_locale=ENGLISH, expected_locale=locale
        )
        for path in (before, po)
    )
    assert units_of(are, name) == units_of(were, name)
    assert are.header == were.header


# --- what other readers see ----------------------------------------------------------

Seen = dict[tuple[str, str], tuple[tuple[str, ...], bool, bool, str]]
"""By context and msgid: the translations, whether fuzzy, whether obsolete, the previous msgid."""


def ours(catalogue: Catalogue) -> Seen:
    return {
        unit.key: (unit_texts(unit), unit.fuzzy, unit.obsolete, unit.previous_source)
        for unit in catalogue.units
    }


def by_toolkit(data: bytes) -> Seen:
    seen: Seen = {}
    for unit in pypo.pofile.parsestring(data).units:
        if not unit.isheader():
            texts = tuple(map(str, unit.target.strings)) if unit.hasplural() else (unit.target,)
            previous = str(unit.prev_source)
            key = (unit.getcontext(), str(unit.source))
            seen[key] = (texts, unit.isfuzzy(), unit.isobsolete(), previous)
    return seen


def by_polib(data: bytes) -> Seen:
    seen: Seen = {}
    with tempfile.NamedTemporaryFile(suffix=".po") as file:
        Path(file.name).write_bytes(data)
        entries = polib.pofile(file.name, encoding="utf-8")
    for entry in entries:
        forms = entry.msgstr_plural
        texts = tuple(forms[number] for number in sorted(forms)) if forms else (entry.msgstr,)
        key = (entry.msgctxt or "", entry.msgid)
        seen[key] = (texts, "fuzzy" in entry.flags, entry.obsolete, entry.previous_msgid or "")
    return seen


def by_babel(data: bytes) -> Seen:
    """Babel's reader knows no previous msgid."""
    seen: Seen = {}
    catalogue = read_po(io.BytesIO(data), locale="pt_BR")
    for obsolete, messages in [(False, catalogue), (True, catalogue.obsolete.values())]:
        for message in messages:
            if message.id:
                plural = isinstance(message.id, tuple)
                key = (message.context or "", message.id[0] if plural else message.id)
                texts = tuple(message.string) if plural else (message.string,)
                seen[key] = (texts, message.fuzzy, obsolete, "")
    return seen


def without_old_sources(seen: Seen, *, of_obsolete: bool) -> Seen:
    return {
        key: (texts, fuzzy, obsolete, previous if of_obsolete and not obsolete else "")
        for key, (texts, fuzzy, obsolete, previous) in seen.items()
    }


def as_readers_know(catalogue: Catalogue) -> Catalogue:
    """Without escapes that some of them do not know, and with as many forms as the header says."""
    controls = "".join(map(chr, (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)))
    plain = without(controls, catalogue)
    two = [
        replace(
            unit,
            plural_targets=(*unit.plural_targets, "")[:2] if unit.plural_source else (),
            # polib begins a new line after a carriage return.
            notes=tuple(note.replace("\r", "") for note in unit.notes),
        )
        for unit in plain.units
    ]
    return replace(plain, units=tuple(two), header_notes=())


def assert_read_alike(catalogue: Catalogue) -> None:
    data = write_catalogue(catalogue)
    seen = ours(catalogue)
    assert by_toolkit(data) == ours(
        replace(catalogue, units=tuple(map(as_kept_by_the_toolkit, catalogue.units)))
    )
    # polib skips the old source of obsolete entries.
    assert by_polib(data) == without_old_sources(seen, of_obsolete=True)
    assert by_babel(data) == without_old_sources(seen, of_obsolete=False)


def test_other_readers_see_the_same(reviewed: Catalogue) -> None:
    assert_read_alike(reviewed)


@pytest.mark.slow
@given(prose_catalogues)
@thorough
def test_other_readers_see_the_same_long_texts(catalogue: Catalogue) -> None:
    assert_read_alike(catalogue)


@pytest.mark.slow
@given(catalogues.map(as_readers_know))
@thorough
def test_other_readers_see_the_same_however_nasty_the_text(catalogue: Catalogue) -> None:
    assert_read_alike(catalogue)


# --- what gettext makes of it --------------------------------------------------------


def assert_compiled_alike(catalogue: Catalogue, *options: str) -> None:
    """msgfmt has nothing to say, and what it compiles holds the accepted texts and no other."""
    written = write_catalogue(catalogue)
    with tempfile.TemporaryDirectory() as folder:
        mo = Path(folder, "a.mo")
        done = run_tool("msgfmt", *options, f"--output-file={mo}", "-", stdin=written)
        assert (done.returncode, done.stderr.decode()) == (0, "")
        entries = polib.mofile(str(mo))
        with mo.open("rb") as stream:
            found = gettext.GNUTranslations(stream)
    accepted = [
        unit
        for unit in catalogue.units
        if not unit.fuzzy and not unit.obsolete and unit_texts(unit)[0]
    ]
    assert len(list(entries)) == len(accepted)
    for unit in accepted:
        for number, text in zip((1, 2), unit_texts(unit), strict=False):
            assert looked_up(found, unit, number) == text
    assert compiled_by_us(catalogue) == {(entry.msgctxt or "", entry.msgid) for entry in entries}


def looked_up(found: gettext.GNUTranslations, unit: TranslationUnit, number: int) -> str:
    if unit.plural_source and unit.context:
        return found.npgettext(unit.context, unit.source, unit.plural_source, number)
    if unit.plural_source:
        return found.ngettext(unit.source, unit.plural_source, number)
    return found.pgettext(unit.context, unit.source) if unit.context else found.gettext(unit.source)


def compiled_by_us(catalogue: Catalogue) -> set[tuple[str, str]]:
    with tempfile.NamedTemporaryFile(suffix=".mo") as file:
        Path(file.name).write_bytes(compile_catalogue(catalogue))
        return {(entry.msgctxt or "", entry.msgid) for entry in polib.mofile(file.name)}


def test_msgfmt_compiles_what_is_accepted(reviewed: Catalogue) -> None:
    assert_compiled_alike(reviewed, "--check")


@pytest.mark.slow
@given(prose_catalogues)
@thorough
def test_msgfmt_compiles_what_is_accepted_of_long_texts(catalogue: Catalogue) -> None:
    assert_compiled_alike(catalogue, "--check")


@pytest.mark.slow
@given(prose_catalogues)
@thorough
def test_msgcat_and_msgmerge_change_no_byte(catalogue: Catalogue) -> None:
    kept = tuple(filter(None, map(as_kept_by_msgmerge_previous, catalogue.units)))
    written = write_catalogue(replace(catalogue, units=kept))
    with tempfile.TemporaryDirectory() as folder:
        po, pot = Path(folder, "a.po"), Path(folder, "a.pot")
        pot.write_bytes(write_catalogue(template_of(catalogue)))
        for name in ("msgcat --no-wrap", "msgmerge --previous"):
            po.write_bytes(written)
            REWRITERS[name](po, pot)
            assert po.read_bytes().decode() == written.decode()
