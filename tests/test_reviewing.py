"""What the page about reviewing says is so: its entries, and what other tools show of them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from translate.storage import pypo

from l10n_pipeline.catalogue.po import read_catalogue
from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, DirectionKind, Origin, State, TermStatus, TranslationUnit
from tests.support.tools import run_tool

PAGE = (Path(__file__).parent.parent / "docs/reviewing.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^```po\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
HEADER = r"""msgid ""
msgstr ""
"Project-Id-Version: p\n"
"Report-Msgid-Bugs-To: \n"
"POT-Creation-Date: 2026-01-01 00:00+0000\n"
"PO-Revision-Date: 2026-01-01 00:00+0000\n"
"Last-Translator: \n"
"Language-Team: \n"
"Language: pt_BR\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"
"""


def read(entry: str) -> Catalogue:
    data = f"{HEADER}\n{entry}".encode()
    english, brazilian = Locale.parse("en"), Locale.parse("pt-BR")
    return read_catalogue(
        data, where="reviewing.md", source_locale=english, expected_locale=brazilian
    )


def units() -> list[TranslationUnit]:
    return [unit for entry in ENTRIES for unit in read(entry).units]


def of_toolkit(entry: str) -> pypo.pounit:
    """The entry as Weblate's reader gives it."""
    _header, unit = pypo.pofile.parsestring(f"{HEADER}\n{entry}".encode()).units
    return unit


def test_msgfmt_finds_nothing_to_say_about_the_entries() -> None:
    for entry in ENTRIES:
        done = run_tool(
            "msgfmt", "--check", "--output-file=/dev/null", "-",
            stdin=f"{HEADER}\n{entry}".encode(),
        )  # fmt: skip
        assert (done.returncode, done.stderr.decode()) == (0, ""), entry


def test_the_entries_show_each_state_and_direction_and_line() -> None:
    shown = units()
    assert {state_of(unit) for unit in shown} >= set(State) - {State.NEW}
    assert {one.kind for unit in shown for one in unit.directions} == set(DirectionKind)
    assert {unit.provenance.origin for unit in shown if unit.provenance} == set(Origin)
    for line in ("acceptance", "suggestion", "verdicts", "findings"):
        assert any(getattr(unit, line) for unit in shown), line


def test_no_line_of_the_entries_is_taken_for_a_humans() -> None:
    assert [note for unit in units() for note in unit.notes if note.startswith("l10n-")] == []


def test_every_finding_and_line_that_is_shown_is_explained() -> None:
    for unit in units():
        for finding in unit.findings:
            assert f"| `{finding.rule}` |" in PAGE
    for name in re.findall(r"^# (l10n-[a-z]+)", "\n".join(ENTRIES), flags=re.MULTILINE):
        assert re.search(rf"`# {name}\b", PAGE), name


@pytest.mark.parametrize("entry", ENTRIES)
def test_weblate_shows_what_the_page_says(entry: str) -> None:
    (unit,) = read(entry).units
    theirs = of_toolkit(entry)
    comments = [line.removeprefix("# ") for line in entry.splitlines() if line.startswith("# ")]
    extracted = [line.removeprefix("#. ") for line in entry.splitlines() if line.startswith("#.")]
    # One text, read only: first the comments, then what is extracted.
    assert theirs.getnotes().split("\n") == [*comments, *extracted]
    assert theirs.isfuzzy() == unit.fuzzy
    assert theirs.istranslated() == (state_of(unit) is State.REVIEWED)
    assert theirs.isobsolete() == unit.obsolete
    assert str(theirs.prev_source) == unit.previous_source


def test_saving_in_weblate_keeps_comments_and_drops_the_old_source_once_accepted() -> None:
    entry = next(entry for entry in ENTRIES if state_of(read(entry).units[0]) is State.STALE)
    (before,) = read(entry).units
    store = pypo.pofile.parsestring(f"{HEADER}\n{entry}".encode())
    saved = store.units[1]
    saved.target = "Um texto novo."
    saved.markfuzzy(present=False)
    saved.prev_source = None
    (after,) = read_catalogue(
        bytes(store), where="a.po", source_locale=Locale.parse("en"), expected_locale=None
    ).units
    assert (after.target, state_of(after)) == ("Um texto novo.", State.REVIEWED)
    assert (after.provenance, after.suggestion) == (before.provenance, before.suggestion)


def test_every_status_of_a_term_is_explained() -> None:
    (row,) = re.findall(r"^\| `# l10n-term:` .*$", PAGE, flags=re.MULTILINE)
    assert set(re.findall(r"`([a-z]+)`", row)) == set(TermStatus)


# --- the page's entries, made anew -----------------------------------------------------

GUIDE = """\
The museum opened its doors to visitors in the spring of last year. \
We sold 980 tickets in 2018.

The foundation in Baku supports the campaign Justice for Khojaly. \
It has done so for ten years.

Nobody knew the way to the old station in the village. The old station closes at noon.

Acme Cloud is a trade mark.
"""
REVISED = (
    ("The museum opened", "The big museum opened"),
    ("We sold 980 tickets in 2018", "We sold 1,275 tickets in 2019"),
    ("Khojaly. It has", "Khojaly, and it has"),
    ("Nobody knew the way to the old station in the village. ", ""),
)
NOTICE = """\
We sold 12 tickets in 2020. Tickets are sold at the counter of the old station, every day but \
Sunday, from nine in the morning.
"""
WRITTEN = {
    "It has done": "Faz isso há dez anos.",
    "Nobody knew": "Ninguém conhecia o caminho para a antiga estação da aldeia.",
    "The old sta": "A antiga estação fecha às 12h.",
}
LEFT = ("The old sta", "Acme Cloud ")
DIRECTED = {
    "Acme Cloud ": "l10n-keep: a trade mark",
    "The old sta": "l10n-lock",
    "Tickets are": "l10n-use: Os bilhetes são vendidos no guichê da antiga estação, todos os dias "
    "exceto domingo, a partir das nove.",
}


def review(po: Path) -> None:
    """What a reviewer does to a catalogue."""
    catalogue = polib.pofile(str(po), wrapwidth=0)
    for entry in catalogue:
        name = entry.msgid[:11]
        entry.msgstr = WRITTEN.get(name, entry.msgstr)
        if name in DIRECTED:
            entry.tcomment = f"{entry.tcomment}\n{DIRECTED[name]}".strip()
        if name not in LEFT and not entry.previous_msgid and po.stem == "guide.txt":
            entry.flags = []
    catalogue.save()


def story(root: Path) -> Iterator[str]:
    """The catalogues of a project as they are after each run."""
    catalogues = root / "locales/pt_BR/LC_MESSAGES"

    def run() -> str:
        command = [sys.executable, "-m", "l10n_pipeline", "translate", "--quiet"]
        subprocess.run(command, cwd=root, check=True, timeout=300)
        return "\n".join(po.read_text(encoding="utf-8") for po in sorted(catalogues.glob("*.po")))

    guide = root / "seeds/guide.txt"
    (root / "l10n.toml").write_text('targets = ["pt-BR"]\n', encoding="utf-8")
    (root / "glossary").mkdir()
    (root / "glossary/en-pt_BR.tsv").write_text(
        "Justice for Khojaly\tJustiça por Khojaly\t\nBaku\tBacu\t\n", encoding="utf-8"
    )
    guide.parent.mkdir()
    guide.write_text(GUIDE, encoding="utf-8")
    yield run()
    review(catalogues / "guide.txt.po")
    yield run()
    revised = GUIDE
    for old, new in REVISED:
        assert old in revised
        revised = revised.replace(old, new)
    guide.write_text(revised, encoding="utf-8")
    (root / "seeds/notice.txt").write_text(NOTICE, encoding="utf-8")
    yield run()
    review(catalogues / "notice.txt.po")
    yield run()
    guide.write_text(revised.replace("The big museum", "The museum"), encoding="utf-8")
    yield run()


def comparable(text: str) -> str:
    """Without what another processor computes in another way."""
    return re.sub(r"/[a-z0-9]+ score=\S+", "", text)


@pytest.mark.slow
def test_the_entries_are_what_the_commands_write(tmp_path: Path) -> None:
    written = comparable("\n".join(story(tmp_path)))
    for entry in ENTRIES:
        assert comparable(entry).strip() in written, entry
