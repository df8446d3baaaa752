"""The main job on the seed document, with the real model: what a newcomer sees first."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest

from l10n_pipeline.catalogue.po import read_catalogue
from l10n_pipeline.glossary import GlossaryMatcher, parse_glossary
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue, TranslationUnit
from tests.support.tools import run_tool

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parent.parent
SCORE = re.compile(r" score=(-?\d+\.\d+)")
SEED = "000_2d075dccecf6c98f.txt"


def l10n(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "l10n_pipeline", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def catalogue_path(root: Path, locale: str) -> Path:
    return root / f"locales/{locale}/LC_MESSAGES/{SEED}.po"


def read(root: Path, locale: str) -> Catalogue:
    return read_catalogue(
        catalogue_path(root, locale).read_bytes(),
        where=locale,
        source_locale=Locale("en"),
        expected_locale=Locale.parse(locale),
    )


def contents(root: Path) -> dict[Path, tuple[bytes, int]]:
    return {
        path.relative_to(root): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What ``make demo`` makes and prints."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, run_demo(folder)


def run_demo(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "scripts/demo.py"), "--folder", str(folder)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def drafts(demo: tuple[Path, str]) -> tuple[TranslationUnit, ...]:
    return read(demo[0], "pt_BR").units


def test_the_demo_shows_segments_and_where_to_look(demo: tuple[Path, str]) -> None:
    folder, printed = demo
    assert re.search(r"^model: enpt-1693087644/(int8|f32)$", printed, flags=re.MULTILINE)
    assert "Fundação Heydar" in printed
    assert str(catalogue_path(folder, "pt_BR")) in printed


def test_the_second_demo_loads_no_model_and_changes_nothing(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    before = contents(folder)
    printed = run_demo(folder)
    assert contents(folder) == before
    assert "model:" not in printed
    assert "unchanged" in printed


def test_gettext_accepts_the_catalogue(demo: tuple[Path, str]) -> None:
    done = run_tool("msgfmt", "-c", "-o", "/dev/null", str(catalogue_path(demo[0], "pt_BR")))
    assert (done.returncode, done.stderr) == (0, b"")


def test_every_term_comes_out_as_agreed(drafts: tuple[TranslationUnit, ...]) -> None:
    glossary = (REPOSITORY / "glossary/en-pt_BR.tsv").read_bytes()
    matcher = GlossaryMatcher(parse_glossary(glossary, "glossary"))
    found = 0
    for unit in drafts:
        hits = matcher.match(unit.source)
        for target, wanted in Counter(hit.term.target for hit in hits).items():
            assert unit.target.count(target) >= wanted, unit.target
        found += len(hits)
    assert found > 30
    for name in ("Ričardas Lapaitis", "“Corredor Sem Fim”"):
        assert any(name in unit.target for unit in drafts)


def test_no_draft_has_an_unknown_token_or_a_loop(drafts: tuple[TranslationUnit, ...]) -> None:
    for unit in drafts:
        assert unit.target
        assert "<unk>" not in unit.target
        assert "⁇" not in unit.target
        assert repeated_phrases(unit.target) <= repeated_phrases(unit.source)


def repeated_phrases(text: str) -> int:
    words = re.findall(r"\w+", text.casefold())
    phrases = Counter(tuple(words[at : at + 4]) for at in range(len(words) - 3))
    return sum(count > 1 for count in phrases.values())


def test_every_number_arrives(drafts: tuple[TranslationUnit, ...]) -> None:
    for unit in drafts:
        lost = Counter(re.findall(r"\d+", unit.source)) - Counter(re.findall(r"\d+", unit.target))
        assert lost == Counter()


def test_the_hard_sentences_are_one_segment_each(drafts: tuple[TranslationUnit, ...]) -> None:
    sources = [unit.source for unit in drafts]
    assert "Azerbaijan's First Lady, Mehriban Aliyeva. attended the launch ceremony." in sources
    assert any(source.startswith("Mr Lapaitis praised") for source in sources)
    (book,) = [source for source in sources if "ten stories" in source]
    assert book.endswith("stories. This could have been true...”.")


def test_the_edition_is_the_document_with_the_drafts(demo: tuple[Path, str]) -> None:
    source = (REPOSITORY / "seeds" / SEED).read_text(encoding="utf-8")
    edition = (demo[0] / "build/pt_BR" / SEED).read_text(encoding="utf-8")
    assert edition.count("\n\n") == source.count("\n\n")
    assert edition.startswith("Leyla Aliyeva participa da estreia")


def test_a_review_stands_and_a_changed_sentence_is_drafted_anew(
    demo: tuple[Path, str], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(demo[0], project)
    catalogue = polib.pofile(str(catalogue_path(project, "pt_BR")), wrapwidth=0)
    entry = next(entry for entry in catalogue if "Eight families" in entry.msgid)
    entry.msgstr = "Oito famílias foram inteiramente dizimadas."
    entry.flags.remove("fuzzy")
    catalogue.save()
    seed = project / "seeds" / SEED
    text = seed.read_text(encoding="utf-8").replace("in 35 countries.", "in 36 countries.")
    seed.write_text(text, encoding="utf-8")

    assert l10n(project, "translate").returncode == 0
    assert l10n(project, "build", "--accept", "reviewed").returncode == 0

    units = {unit.source: unit for unit in read(project, "pt_BR").units}
    reviewed = units["Eight families were totally wiped out."]
    assert (reviewed.target, reviewed.fuzzy) == (entry.msgstr, False)
    fresh = units["The campaign is being successfully continued in 36 countries."]
    assert fresh.fuzzy
    assert "36" in fresh.target
    edition = (project / "build/pt_BR" / SEED).read_text(encoding="utf-8")
    assert edition == text.replace(entry.msgid, entry.msgstr)


# --- what the repository ships -------------------------------------------------------


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's catalogues, made again from nothing by its own commands."""
    project = tmp_path_factory.mktemp("remade")
    for folder in ("seeds", "glossary"):
        shutil.copytree(REPOSITORY / folder, project / folder)
    shutil.copyfile(REPOSITORY / "l10n.toml", project / "l10n.toml")
    # What a machine takes by itself is another matter than what it makes when told.
    done = l10n(project, "translate", "--precision", shipped_precision())
    assert done.returncode == 0, done.stderr
    return project


def shipped_precision() -> str:
    """What the shipped drafts were made with; some machines cannot compute in int8, and
    ``l10n`` says so there.
    """
    engines = {
        unit.provenance.engine for unit in read(REPOSITORY, "pt_BR").units if unit.provenance
    }
    (precision,) = {engine.rpartition("/")[2] for engine in engines}
    return precision


@pytest.mark.parametrize(
    "name",
    [
        f"{SEED}.pot",
        *(f"{locale}/LC_MESSAGES/{SEED}.po" for locale in ("pt_BR", "az", "ru", "tr", "es")),
    ],
)
def test_what_is_shipped_is_what_the_commands_write(remade: Path, name: str) -> None:
    shipped, made = (
        (root / "locales" / name).read_text(encoding="utf-8") for root in (REPOSITORY, remade)
    )
    assert comparable(shipped) == comparable(made)
    # The last digits of a score depend on the processor.
    assert scores(made) == pytest.approx(scores(shipped), abs=0.02)


def comparable(catalogue: str) -> str:
    """Without scores and the header's dates."""
    undated = re.sub(r'^"(POT-Creation|PO-Revision)-Date:.*\n', "", catalogue, flags=re.MULTILINE)
    return SCORE.sub("", undated)


def scores(catalogue: str) -> list[float]:
    return [float(score) for score in SCORE.findall(catalogue)]


def test_all_shipped_drafts_are_fuzzy() -> None:
    units = read(REPOSITORY, "pt_BR").units
    assert len(units) == 23
    assert all(unit.fuzzy and unit.target for unit in units)


@pytest.mark.parametrize("locale", ["az", "ru", "tr", "es"])
def test_prepared_catalogues_give_translators_the_agreed_names(locale: str) -> None:
    units = read(REPOSITORY, locale).units
    assert len(units) == 23
    assert not any(unit.target for unit in units)
    assert sum(len(unit.verdicts) for unit in units) > 30
    done = run_tool("msgfmt", "-c", "-o", "/dev/null", str(catalogue_path(REPOSITORY, locale)))
    assert (done.returncode, done.stderr) == (0, b"")
