"""The names of the seed document: what a terminologist lists against what is found."""

from pathlib import Path

import pytest

from l10n_pipeline.config import parse_project
from l10n_pipeline.locale import Locale
from l10n_pipeline.names import find_names
from l10n_pipeline.pipeline.workspace import Workspace

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LISTED = {
    line
    for line in (HERE / "seed_names.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
}


def seed_texts(tmp_path: Path) -> list[str]:
    """The document's segments as they are without any glossary."""
    (tmp_path / "seeds").mkdir()
    for seed in (ROOT / "seeds").glob("*.txt"):
        (tmp_path / "seeds" / seed.name).write_bytes(seed.read_bytes())
    workspace = Workspace(parse_project(b"", root=tmp_path))
    documents, errors = workspace.find_documents()
    assert not errors
    return [
        segment.source for found in documents for segment in workspace.read_document(found).segments
    ]


@pytest.mark.parametrize("tag", ["pt-BR", "az", "ru", "tr", "es"])
def test_the_golden_list_holds_what_the_glossaries_of_the_document_list(tag: str) -> None:
    project = parse_project((ROOT / "l10n.toml").read_bytes(), root=ROOT)
    assert {term.source for term in Workspace(project).terms(Locale.parse(tag))} <= LISTED


def test_nearly_all_of_them_are_found_and_nearly_nothing_else(tmp_path: Path) -> None:
    found = {name.name for name in find_names(seed_texts(tmp_path), Locale.parse("en"))}
    recall = len(found & LISTED) / len(LISTED)
    precision = len(found & LISTED) / len(found)
    assert recall >= 0.95, LISTED - found
    assert precision >= 0.80, found - LISTED
