"""Where nothing has changed, documents are not even read; where anything has, they are."""

from collections.abc import Callable

import pytest

from l10n_pipeline.pipeline import resting
from l10n_pipeline.pipeline.outcomes import CatalogueOutcome
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument, Workspace
from tests.support.projects import AZ, LATER, PT, Runner

NOTES = ".l10n/at-rest"
TEXT = "One comes.\n\nTwo goes. Three stays.\n"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of documents that are read."""
    paths: list[str] = []
    read_document = Workspace.read_document

    def listed(workspace: Workspace, found: DocumentPath) -> SegmentedDocument:
        paths.append(found.path)
        return read_document(workspace, found)

    monkeypatch.setattr(Workspace, "read_document", listed)
    return paths


@pytest.fixture
def settled(project: Runner, read: list[str]) -> Runner:
    """A project after a run: two documents, a glossary, an entry accepted."""
    project.write("glossary/en-pt_BR.tsv", "One\tUm\n")
    project.write("seeds/a.txt", TEXT)
    project.run()
    project.edit('#, fuzzy\nmsgid "Two', 'msgid "Two')
    project.write("seeds/b.txt", "Four.\n")
    project.run()
    read.clear()
    return project


def unchanged(outcomes: list[CatalogueOutcome]) -> list[tuple[str, int, int, bool]]:
    return [(one.document, one.units, one.failing, one.written) for one in outcomes]


def test_a_run_with_nothing_to_do_reads_no_document_and_tells_the_same(
    settled: Runner, read: list[str]
) -> None:
    before = settled.snapshot()
    told = settled.run(now=LATER).outcomes
    assert read == []
    assert settled.snapshot() == before
    (settled.root / NOTES).unlink()
    looked_into = settled.run(now=LATER).outcomes
    assert read == ["seeds/a.txt", "seeds/b.txt"]
    assert looked_into == told
    assert unchanged(told) == [("a.txt", 3, 0, False), ("b.txt", 1, 0, False)]


CHANGES: dict[str, tuple[Callable[[Runner], object], list[str]]] = {
    "a document": (lambda project: project.write("seeds/a.txt", TEXT + "\n"), ["a"]),
    "a template": (lambda project: (project.root / "locales/a.txt.pot").unlink(), ["a"]),
    "a catalogue": (lambda project: project.edit("[Two goes.]", "Dois vai."), ["a"]),
    "no catalogue": (lambda project: project.catalogue("b.txt").unlink(), ["b"]),
    "a glossary": (
        lambda project: project.write("glossary/en-pt_BR.tsv", "Two\tDois\n"),
        ["a", "b"],
    ),
    "a setting": (
        lambda project: project.write(
            "l10n.toml", 'name = "other"\n' + project.read("l10n.toml")
        ),
        ["a", "b"],
    ),
    "damaged notes": (lambda project: project.write(NOTES, b"{"), ["a", "b"]),
    "others' notes": (lambda project: project.write(NOTES, b'{"pt-BR seeds/a.txt":1}'), ["a", "b"]),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_has_changed_is_looked_into(settled: Runner, read: list[str], change: str) -> None:
    make, documents = CHANGES[change]
    make(settled)
    settled.run()
    assert read == [f"seeds/{name}.txt" for name in documents]


def test_another_version_of_the_program_looks_into_everything(
    settled: Runner, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "_program", lambda: ("other",))
    settled.run()
    assert read == ["seeds/a.txt", "seeds/b.txt"]


def test_redrafting_looks_into_everything(settled: Runner, read: list[str]) -> None:
    settled.run(redraft=True)
    assert read == ["seeds/a.txt", "seeds/b.txt"]


def test_what_waits_for_a_draft_is_never_at_rest(project: Runner, read: list[str]) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run(mt=False)
    project.run(mt=False)
    assert read == ["seeds/a.txt"] * 2
    assert project.run().outcomes[0].drafted == 3


def test_a_dry_run_notes_nothing(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run(dry_run=True)
    assert not (project.root / NOTES).exists()


def test_a_document_that_is_not_done_in_one_language_is_read(
    settled: Runner, read: list[str]
) -> None:
    report = settled.run(PT, AZ, mt=False)
    assert read == ["seeds/a.txt", "seeds/b.txt"]
    assert [(one.document, one.created) for one in report.outcomes] == [
        ("a.txt", False), ("b.txt", False), ("a.txt", True), ("b.txt", True)
    ]  # fmt: skip


def test_outcomes_stand_in_order_of_the_documents(settled: Runner, read: list[str]) -> None:
    settled.write("seeds/a.txt", "New.\n")
    settled.write("seeds/c.txt", "Five.\n")
    told = settled.run().outcomes
    assert "seeds/b.txt" not in read
    assert [one.document for one in told] == ["a.txt", "b.txt", "c.txt"]


def test_the_few_that_were_looked_into_in_vain_are_not_noted(
    settled: Runner, read: list[str]
) -> None:
    before = settled.snapshot()
    text = settled.read("locales/pt_BR/LC_MESSAGES/a.txt.po")
    settled.write("locales/pt_BR/LC_MESSAGES/a.txt.po", text + "\n")
    settled.run(now=LATER)
    assert read == ["seeds/a.txt"]
    assert settled.snapshot()[NOTES] == before[NOTES]


def test_many_that_were_looked_into_in_vain_are_noted(
    settled: Runner, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "_MANY", 2)
    (settled.root / NOTES).unlink()
    settled.run()
    settled.run()
    assert read == ["seeds/a.txt", "seeds/b.txt"]


def test_a_template_that_cannot_be_read_is_told_of_in_every_run(settled: Runner) -> None:
    settled.write("locales/a.txt.pot", "damaged")
    for _ in range(2):
        settled.write("seeds/b.txt", settled.read("seeds/b.txt") + "More.\n")
        assert [error.where for error in settled.run().errors] == ["locales/a.txt.pot:1"]


def test_a_dry_run_asks_the_notes(settled: Runner, read: list[str]) -> None:
    before = settled.snapshot()
    told = settled.run(dry_run=True).outcomes
    assert read == []
    assert unchanged(told) == [("a.txt", 3, 0, False), ("b.txt", 1, 0, False)]
    assert settled.snapshot() == before


def test_documents_that_are_gone_are_forgotten(settled: Runner) -> None:
    (settled.root / "seeds/b.txt").unlink()
    settled.run()
    assert "seeds/b.txt" in settled.read(NOTES)  # nothing else was to be written
    settled.write("seeds/a.txt", TEXT + "More.\n")
    settled.run()
    assert "seeds/a.txt" in settled.read(NOTES)
    assert "seeds/b.txt" not in settled.read(NOTES)


def test_naming_one_document_forgets_no_other(settled: Runner) -> None:
    settled.write("seeds/a.txt", TEXT + "More.\n")
    settled.run(paths=[settled.root / "seeds/a.txt"])
    assert "seeds/b.txt" in settled.read(NOTES)


def test_no_link_is_followed(settled: Runner, read: list[str]) -> None:
    notes = settled.root / NOTES
    elsewhere = settled.root.parent / "elsewhere"
    notes.rename(elsewhere)
    before = elsewhere.read_bytes()
    notes.symlink_to(elsewhere)
    settled.write("seeds/a.txt", TEXT + "More.\n")
    settled.run()
    assert read == ["seeds/a.txt", "seeds/b.txt"]
    assert elsewhere.read_bytes() == before
    assert not notes.is_symlink()
