"""What we write, as gettext's tools and other readers see it."""

import dataclasses
import io
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from msgspec.structs import replace
from translate.storage import pypo

from l10n_pipeline.catalogue import templates
from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.model import Catalogue, TermStatus, TermVerdict, TranslationUnit
from tests.catalogue.builders import machine, template, translate
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, NOW, catalogues
from tests.support.tools import run_tool

SENTENCES = [
    "The film premièred in Baku — “Khojaly. Twenty years, ten stories”.",
    'He said "no".\tThen C:\\new\\dir, 50% of it.',
    "1275 people,\nof whom 150 are missing.",
    "Line\u2028separator, NBSP\u00a0here, 🙂 عربي é\u0301.",
    "A long sentence, which tools that wrap would wrap at seventy-eight columns or-at-hyphens.",
    "Reviewed.",
    "Edited.",
    "Going away.",
]  # fmt: skip
VERDICT = TermVerdict(
    "Justice for Khojaly International Awareness Campaign",
    "Campanha Internacional de Conscientização Justiça por Khojaly",
    TermStatus.SWAPPED,
    'from "Campanha de Sensibilização"',
)
WORK: dict[str, dict[str, object]] = {
    "Reviewed.": {"target": "Revisado.", "fuzzy": False, "notes": ("By Rosa.", "", "- ok")},
    "Edited.": {"target": "Editado.", "previous_source": "Edit.\nOld.", "notes": ("Hm.", "C:\\")},
    "Going away.": {"target": "Indo.", "fuzzy": False, "notes": ("Keep me.",)},
}


@pytest.fixture(scope="module")
def pot() -> Catalogue:
    return templates.update_template(template(SENTENCES[:-1]), None, project="demo", now=NOW)


@pytest.fixture(scope="module")
def po(pot: Catalogue) -> Catalogue:
    """Every review state, an obsolete entry and every kind of note."""
    drafted = translate(
        template(SENTENCES),
        None,
        draft=lambda source, terms: dataclasses.replace(machine(source), verdicts=(VERDICT,)),
    )
    worked = replace(
        drafted,
        units=tuple(replace(unit, **WORK.get(unit.source, {})) for unit in drafted.units),
    )
    return translate(pot, worked)


def write(folder: Path, name: str, catalogue: Catalogue) -> str:
    path = folder / name
    path.write_bytes(write_catalogue(catalogue))
    return str(path)


def test_msgfmt_finds_nothing_to_say(po: Catalogue) -> None:
    checked = run_tool(
        "msgfmt", "--check", "--output-file=/dev/null", "-", stdin=write_catalogue(po)
    )
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_msgcat_changes_nothing(po: Catalogue, pot: Catalogue) -> None:
    for catalogue in (po, pot):
        written = write_catalogue(catalogue)
        assert run_tool("msgcat", "--no-wrap", "-", stdin=written).stdout == written


def _is_translated(unit: TranslationUnit) -> bool:
    """As gettext sees it: plural entries by their first form."""
    return bool(unit.plural_targets[0] if unit.plural_targets else unit.target)


def _as_msgcat_keeps_it(catalogue: Catalogue) -> Catalogue:
    """Without what msgcat drops: unknown flags, 'fuzzy' and '#~' where there is no msgstr.

    It takes the first ``charset=`` of a header for the encoding, wherever that stands.
    """
    return replace(
        catalogue,
        header={
            name: value if name == "Content-Type" else value.replace("charset=", "charset")
            for name, value in catalogue.header.items()
        },
        units=tuple(
            replace(unit, flags=(), fuzzy=unit.fuzzy and _is_translated(unit))
            for unit in catalogue.units
            if not unit.obsolete or _is_translated(unit)
        ),
    )


@pytest.mark.slow
@given(catalogues.map(_as_msgcat_keeps_it))
@settings(deadline=None, max_examples=100)
def test_msgcat_changes_nothing_however_nasty_the_text(catalogue: Catalogue) -> None:
    written = write_catalogue(catalogue)
    assert run_tool("msgcat", "--force-po", "--no-wrap", "-", stdin=written).stdout == written


def test_msgmerge_with_the_unchanged_template_changes_nothing(
    po: Catalogue, pot: Catalogue, tmp_path: Path
) -> None:
    merged = run_tool(
        "msgmerge", "--quiet", "--previous", "--no-wrap",
        write(tmp_path, "a.po", po), write(tmp_path, "a.pot", pot),
    )  # fmt: skip
    assert merged.stdout.decode() == write_catalogue(po).decode()


def test_msgmerge_with_a_changed_template_loses_no_comment(po: Catalogue, tmp_path: Path) -> None:
    changed = templates.update_template(
        template(["New.", *SENTENCES[2:5], "Reviewed!"]), None, project="demo", now=NOW
    )
    merged = run_tool(
        "msgmerge", "--quiet", "--previous", "--no-wrap",
        write(tmp_path, "a.po", po), write(tmp_path, "a.pot", changed),
    )  # fmt: skip
    before, after = (
        sorted(line for line in data.splitlines() if line.startswith(b"# "))
        for data in (write_catalogue(po), merged.stdout)
    )
    assert after == before
    again = read_catalogue(
        merged.stdout, where="a.po", source_locale=ENGLISH, expected_locale=BRAZILIAN
    )
    assert {"Revisado.", "Editado.", "Indo."} <= {unit.target for unit in again.units}


def test_the_next_run_after_msgmerge_loses_no_human_text(po: Catalogue, tmp_path: Path) -> None:
    changed = templates.update_template(
        template(["New.", *SENTENCES[2:5], "Reviewed!"]), None, project="demo", now=NOW
    )
    merged = run_tool(
        "msgmerge", "--quiet", "--previous", "--no-wrap",
        write(tmp_path, "a.po", po), write(tmp_path, "a.pot", changed),
    )  # fmt: skip
    again = read_catalogue(
        merged.stdout, where="a.po", source_locale=ENGLISH, expected_locale=BRAZILIAN
    )
    after = translate(changed, again)
    assert {"Revisado.", "Editado.", "Indo."} <= {unit.target for unit in after.units}


def test_a_rewrite_by_polib_keeps_everything(po: Catalogue, tmp_path: Path) -> None:
    # Of obsolete entries polib drops '#~|' lines; this one has none.
    path = write(tmp_path, "a.po", po)
    polib.pofile(path).save()
    rewritten = Path(path).read_bytes()
    assert rewritten != write_catalogue(po), "polib wraps lines, machine lines among them"
    again = read_catalogue(
        rewritten, where="a.po", source_locale=ENGLISH, expected_locale=BRAZILIAN
    )
    assert again.units == po.units


@pytest.mark.parametrize("reader", ["babel", "polib", "toolkit"])
def test_other_readers_agree(po: Catalogue, tmp_path: Path, reader: str) -> None:
    ours = {
        unit.source: (unit.target, unit.fuzzy, unit.context)
        for unit in po.units
        if not unit.obsolete
    }
    data = write_catalogue(po)
    if reader == "babel":
        theirs = {
            message.id: (message.string, message.fuzzy, message.context or "")
            for message in read_po(io.BytesIO(data), locale="pt_BR")
            if message.id
        }
    elif reader == "toolkit":
        theirs = {
            str(unit.source): (str(unit.target), unit.isfuzzy(), unit.getcontext())
            for unit in pypo.pofile.parsestring(data).units
            if not unit.isheader() and not unit.isobsolete()
        }
    else:
        theirs = {
            entry.msgid: (entry.msgstr, entry.fuzzy, entry.msgctxt or "")
            for entry in polib.pofile(write(tmp_path, "a.po", po))
            if not entry.obsolete
        }
    assert theirs == ours
