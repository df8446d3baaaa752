from pathlib import Path

import pytest

from l10n_pipeline.pipeline.renaming import Rename
from tests.support.projects import AZ, PT, Runner

TEXT = (
    "The museum opened its doors to visitors in spring. It sold 980 tickets on that day.\n\n"
    "Nobody knew the way to the old station in the village.\n"
)


def move(project: Runner, old: str, new: str, text: str = TEXT) -> None:
    (project.root / "seeds" / old).unlink()
    project.write(f"seeds/{new}", text)


def accepted(project: Runner, name: str = "a.txt") -> str:
    """A document whose entries have all been accepted; the catalogue's text."""
    project.write(f"seeds/{name}", TEXT)
    project.run()
    path = project.catalogue(name)
    path.write_text(path.read_text("utf-8").replace("#, fuzzy\n", ""), "utf-8")
    return path.read_text("utf-8")


@pytest.mark.parametrize("new", ["b.txt", "guide/a.txt", "guide/c d.txt"])
def test_a_renamed_document_takes_its_catalogue_along(project: Runner, new: str) -> None:
    before = accepted(project)
    move(project, "a.txt", new)
    asked = len(project.engine.asked)

    report = project.run()

    assert report.renamed == [Rename(PT, "a.txt", new)]
    assert report.orphans == []
    assert len(project.engine.asked) == asked
    assert not project.catalogue("a.txt").exists()
    assert not (project.root / "locales/a.txt.pot").exists()
    reference = new.replace(" ", "%20")
    assert project.catalogue(new).read_text("utf-8") == before.replace(
        "#: seeds/a.txt", f"#: seeds/{reference}"
    )
    snapshot = project.snapshot()
    assert project.run().renamed == []
    assert project.snapshot() == snapshot


def test_it_may_have_been_edited_on_the_way(project: Runner) -> None:
    accepted(project)
    move(project, "a.txt", "b.txt", TEXT.replace("980", "1,275") + "\nIt rained.\n")
    project.run()
    text = project.catalogue("b.txt").read_text("utf-8")
    assert '#| msgid "It sold 980 tickets on that day."' in text
    assert "[It sold 980 tickets on that day.]" in text


def test_a_copy_leaves_the_catalogue_where_it_is(project: Runner) -> None:
    accepted(project)
    project.write("seeds/b.txt", TEXT)
    assert project.run().renamed == []
    assert project.catalogue("a.txt").exists()


def test_a_new_document_in_place_of_another_is_new(project: Runner) -> None:
    before = accepted(project)
    move(project, "a.txt", "b.txt", "Something else was built here. It is high.\n")
    report = project.run()
    assert report.renamed == []
    assert report.orphans == ["locales/pt_BR/LC_MESSAGES/a.txt.po"]
    assert project.catalogue("a.txt").read_text("utf-8") == before


def test_a_file_of_the_same_name_needs_to_share_less(project: Runner) -> None:
    shared = "It sold 980 tickets on that day. Something else was built here. It is very high.\n"
    accepted(project)
    move(project, "a.txt", "guide/a.txt", shared)
    assert project.run().renamed == [Rename(PT, "a.txt", "guide/a.txt")]


def test_each_catalogue_goes_to_one_document(project: Runner) -> None:
    accepted(project)
    project.write("seeds/b.txt", TEXT)
    move(project, "a.txt", "c.txt")
    report = project.run()
    assert report.renamed == [Rename(PT, "a.txt", "b.txt")]
    assert project.catalogue("c.txt").exists()


def test_each_language_follows_when_it_is_brought_up_to_date(project: Runner) -> None:
    accepted(project)
    project.run(AZ, mt=False)
    move(project, "a.txt", "b.txt")
    assert project.run().renamed == [Rename(PT, "a.txt", "b.txt")]
    assert (project.root / "locales/a.txt.pot").exists()
    assert project.run(AZ, mt=False).renamed == [Rename(AZ, "a.txt", "b.txt")]
    assert not (project.root / "locales/a.txt.pot").exists()


def test_a_dry_run_moves_nothing(project: Runner) -> None:
    accepted(project)
    move(project, "a.txt", "b.txt")
    before = project.snapshot()
    report = project.run(dry_run=True)
    assert project.snapshot() == before
    assert [outcome.drafted for outcome in report.outcomes] == [0]


def test_a_catalogue_that_cannot_be_read_is_left_where_it_is(project: Runner) -> None:
    accepted(project)
    project.edit('msgid "It sold', "msgid It sold")
    move(project, "a.txt", "b.txt")
    report = project.run()
    assert report.renamed == []
    assert project.catalogue("a.txt").exists()


def test_naming_one_document_moves_its_catalogue_alone(project: Runner) -> None:
    accepted(project)
    accepted(project, "z.txt")
    move(project, "a.txt", "b.txt")
    (project.root / "seeds/z.txt").unlink()
    report = project.run(paths=[Path(project.root / "seeds/b.txt")])
    assert report.renamed == [Rename(PT, "a.txt", "b.txt")]
    assert project.catalogue("z.txt").exists()
