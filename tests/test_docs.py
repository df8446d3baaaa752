"""What the documents say is so."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from l10n_pipeline.config import TEMPLATE

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
EXAMPLE = ("source", "plain MT", "under the glossary")
PAGES = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_the_readme_shows_a_real_entry() -> None:
    (entry,) = blocks(README, "po")
    catalogue = REPOSITORY / "locales/pt_BR/LC_MESSAGES/000_2d075dccecf6c98f.txt.po"
    assert entry.strip()
    assert entry in catalogue.read_text(encoding="utf-8")


def test_the_configuration_page_shows_what_init_writes() -> None:
    page = (REPOSITORY / "docs/configuration.md").read_text(encoding="utf-8")
    assert blocks(page, "toml")[0] == TEMPLATE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def examples() -> list[dict[str, str]]:
    """The README's tables of a source and its translations, without what they leave out."""
    rows = re.findall(r"^\| ([a-zMT ]+) \| (.*) \|$", README, flags=re.MULTILINE)
    told = [(name, text.replace("**", "").strip("… ,")) for name, text in rows if name in EXAMPLE]
    return [dict(told[at : at + len(EXAMPLE)]) for at in range(0, len(told), len(EXAMPLE))]


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda example: example["source"][:20])
def test_the_example_is_what_the_model_writes(example: dict[str, str]) -> None:
    source, plain, kept = (example[name] for name in EXAMPLE)
    glossary = str(REPOSITORY / "glossary/en-pt_BR.tsv")
    command = [sys.executable, "-m", "l10n_pipeline", "mt", "--from", "en", "--to", "pt-BR"]
    seed = (REPOSITORY / "seeds/000_2d075dccecf6c98f.txt").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"[^.\n]*" + re.escape(source) + r"[^.]*\.", seed)
    done = subprocess.run(
        [*command, "--glossary", glossary, "--format", "jsonl"],
        input=sentence.strip(),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found = json.loads(done.stdout)
    assert plain in found["hypothesis"]
    assert kept in found["target"]


@pytest.mark.slow
def test_the_walk_through_the_readme_works(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "glossary").mkdir()
    (tmp_path / "seeds/news.txt").write_text(
        "The Heydar Aliyev Foundation helps.", encoding="utf-8"
    )
    (glossary,) = blocks(README, "tsv")
    (tmp_path / "glossary/en-pt_BR.tsv").write_text(glossary, encoding="utf-8")
    commands = [
        line.removeprefix("$ ")
        for block in blocks(README, "console")
        for line in block.splitlines()
        if line.startswith("$ ") and "l10n" in line
    ]
    assert len(commands) > 8
    scripts = str(Path(sys.executable).parent)
    for command in commands:
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            capture_output=True,
            check=False,
            encoding="utf-8",
            env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
        )
        assert (done.returncode, "error" in done.stderr) == (0, False), (command, done.stderr)
    edition = (tmp_path / "build/pt_BR/news.txt").read_text(encoding="utf-8")
    assert "Fundação Heydar Aliyev" in edition
