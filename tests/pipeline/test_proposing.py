"""What a new project's documents may be."""

from pathlib import Path

import pytest

from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.proposing import Proposal, proposed_documents


@pytest.mark.parametrize(
    ("files", "patterns", "count"),
    [
        ((), (), 0),
        (("README.md", "requirements.txt", "index.html", "setup.py"), ("*.md",), 1),
        (
            ("docs/a.md", "docs/x/b.md", "docs/c.html", "docs/d.png"),
            ("docs/**/*.html", "docs/**/*.md"),
            3,
        ),
        (("seeds/a.txt", "docs/a.md"), ("seeds/**/*.txt",), 1),
        (("seeds/a.png", "docs/a.md"), ("docs/**/*.md",), 1),
        (("content/en/a.md", "content/de/a.md"), ("content/en/**/*.md",), 1),
        (("docs/.git/a.md", "docs/.a.md", "docs/b.srt"), ("docs/**/*.srt",), 1),
        (("src/a.md", "node_modules/b.md"), (), 0),
        (("report.docx", ".hidden.md"), ("*.docx",), 1),
        (("po/app.pot", "po/ru.po", "src/a.c"), ("po/**/*.pot",), 1),
    ],
)
def test_the_usual_places_are_looked_at(
    tmp_path: Path, files: tuple[str, ...], patterns: tuple[str, ...], count: int
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("One.", encoding="utf-8")

    assert proposed_documents(tmp_path, Locale("en")) == Proposal(patterns, count)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/loop").symlink_to("..")
    (tmp_path / "a.md").write_text("One.", encoding="utf-8")

    assert proposed_documents(tmp_path, Locale("en")) == Proposal(("*.md",), 1)
