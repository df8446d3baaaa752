"""Where no note tells of many documents, processes find out which are at rest; a run tells and
writes the same without them.
"""

import os
from collections.abc import Mapping, Sequence

import pytest

from l10n_pipeline.pipeline import examining
from l10n_pipeline.pipeline.examining import Examination, Examiner
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument, Workspace
from tests.support.projects import AZ, LATER, PT, Runner

NOTES = ".l10n/at-rest"
NAMES = ("a", "b", "c", "d")
PATHS = [f"seeds/{name}.txt" for name in NAMES]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of documents that are read in this process."""
    paths: list[str] = []
    read_document = Workspace.read_document

    def listed(workspace: Workspace, found: DocumentPath) -> SegmentedDocument:
        paths.append(found.path)
        return read_document(workspace, found)

    monkeypatch.setattr(Workspace, "read_document", listed)
    return paths


@pytest.fixture
def settled(project: Runner, read: list[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A project at rest that nothing is noted of: four documents, a glossary, an entry accepted
    that a term is missing from.
    """
    monkeypatch.setattr(examining, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(examining, "_DOCUMENTS_A_JOB", 1)
    project.write("l10n.toml", project.read("l10n.toml") + "\n[engine]\nworkers = 2\n")
    project.write("glossary/en-pt_BR.tsv", "One\tUm\nTwo\tDois\n")
    for path in PATHS:
        project.write(path, f"One comes to {path}.\n\nTwo goes. Three stays.\n")
    project.run()
    project.edit('#, fuzzy\nmsgid "Two', 'msgid "Two')
    project.edit('msgstr "[Dois goes.]"', 'msgstr "[Duo goes.]"')
    project.run()
    (project.root / NOTES).unlink()
    read.clear()
    return project


def test_a_run_tells_the_same_and_reads_no_document_itself(
    settled: Runner, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = settled.snapshot()
    told = settled.run(now=LATER).outcomes
    assert read == []
    assert settled.snapshot() == before  # too few to be noted
    monkeypatch.setattr(examining, "WORTH_PROCESSES", 1 << 40)
    assert settled.run(now=LATER).outcomes == told
    assert read == PATHS
    assert [one.failing - told[1].failing for one in told] == [1, 0, 0, 0]


def test_what_was_found_out_is_noted(
    settled: Runner, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settled.write(PATHS[0], settled.read(PATHS[0]) + "New.\n")
    settled.run()
    monkeypatch.setattr(examining, "WORTH_PROCESSES", 1 << 40)
    settled.run()
    assert read == PATHS[:1]


CHANGES = {
    "a document": lambda project: project.write(PATHS[1], "One comes.\n"),
    "a template": lambda project: (project.root / "locales/b.txt.pot").unlink(),
    "no catalogue": lambda project: project.catalogue("b.txt").unlink(),
    "a draft": lambda project: project.edit("[Dois goes.]", "", "b.txt"),
    "a review": lambda project: project.edit("[Dois goes.]", "Duo", "b.txt"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_where_there_is_something_to_do_does_the_run_read(
    settled: Runner, read: list[str], change: str
) -> None:
    CHANGES[change](settled)
    report = settled.run()
    assert read == PATHS[1:2]
    assert [one.written for one in report.outcomes] == [False, change != "a template", False, False]
    assert not report.errors


def test_what_cannot_be_read_is_told_of_once(settled: Runner, read: list[str]) -> None:
    settled.catalogue("b.txt").write_text("damaged", encoding="utf-8")
    settled.write(PATHS[2], b"\xff\xfe\x00")
    errors = settled.run().errors
    assert sorted(str(error.where) for error in errors) == [
        "locales/pt_BR/LC_MESSAGES/b.txt.po:1", f"{PATHS[2]}:1"
    ]  # fmt: skip
    assert read == PATHS[1:3]


def test_a_glossary_that_cannot_be_read_is_told_of_once(settled: Runner) -> None:
    settled.write("glossary/en-pt_BR.tsv", "One\n")
    assert len(settled.run().errors) == 1


def test_redrafting_asks_no_process(settled: Runner, read: list[str]) -> None:
    settled.run(redraft=True)
    assert read == PATHS


def _die(documents: Sequence[DocumentPath]) -> Mapping[DocumentPath, examining.Found]:
    os._exit(9)


def test_a_process_that_is_killed_costs_nothing_but_time(
    settled: Runner, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = settled.snapshot()
    monkeypatch.setattr(examining, "_examine", _die)
    told = settled.run().outcomes
    assert read == PATHS
    assert [one.written for one in told] == [False] * 4
    assert settled.snapshot() == before


def test_what_changes_after_it_was_looked_into_is_read_again(
    settled: Runner, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = Examination.find

    def late(examination: Examination, document: DocumentPath) -> examining.Found:
        found = find(examination, document)
        if document.path == PATHS[1]:
            assert found
            settled.edit("[Dois goes.]", "Dois vão.", "b.txt")
        return found

    monkeypatch.setattr(Examination, "find", late)
    settled.run()
    assert read == PATHS[1:2]


def test_a_new_glossary_ends_the_examination_early(
    settled: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "_DOCUMENTS_IN_VAIN", 2)
    settled.write("glossary/en-pt_BR.tsv", "Three\tTrês\n")
    workspace = settled.workspace
    documents, _ = workspace.find_documents()
    with Examination(workspace, documents, [PT]) as examination:
        assert [examination.find(document) for document in documents[:2]] == [{}, {}]
        assert not examination.is_under_way
    settled.run()
    assert all("Três" in settled.catalogue(f"{name}.txt").read_text("utf-8") for name in NAMES)


def test_no_process_is_started_where_a_catalogue_is_missing_everywhere(settled: Runner) -> None:
    workspace = settled.workspace
    documents, _ = workspace.find_documents()
    with Examination(workspace, documents, [PT, AZ]) as examination:
        assert not examination.is_under_way


def test_a_document_is_at_rest_in_all_languages_or_in_none(settled: Runner) -> None:
    settled.run(AZ, mt=False)
    workspace = settled.workspace
    documents, _ = workspace.find_documents()
    in_one, in_both = Examiner(workspace, [PT]), Examiner(workspace, [PT, AZ])
    assert [set(in_one.at_rest(document)) for document in documents] == [{PT}] * 4
    assert [in_both.at_rest(document) for document in documents] == [{}] * 4
