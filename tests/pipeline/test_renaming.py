import re
from pathlib import Path

import pytest

from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.renaming import Rename, Renames
from l10n_pipeline.pipeline.workspace import DocumentPath, SegmentedDocument, Workspace
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
    assert (report.renamed, report.orphans) == ([Rename(PT, "a.txt", "b.txt")], [])


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


def configure(project: Runner, setting: str) -> None:
    project.write("l10n.toml", setting + "\n" + project.read("l10n.toml"))


@pytest.mark.parametrize(
    "setting",
    [
        'exclude = ["seeds/v1/**"]',
        'documents = ["seeds/v2/**/*.txt"]',
        'documents = ["docs/**/*.txt"]',
        'documents = ["seeds/**/*.md"]',
    ],
)
def test_a_document_that_is_no_longer_listed_keeps_its_catalogue(
    project: Runner, setting: str
) -> None:
    before = accepted(project, "v1/a.txt")
    configure(project, setting)
    for name in ("seeds/v2/b.txt", "seeds/c.md", "docs/d.txt"):
        project.write(name, TEXT)
    report = project.run()
    assert report.renamed == []
    assert report.orphans == []
    assert project.catalogue("v1/a.txt").read_text("utf-8") == before


POT = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    '#: src/main.c:3\nmsgid "Open the file now and read it"\nmsgstr ""\n'
)


@pytest.mark.parametrize("suffix", ["pot", "POT"])
def test_so_does_one_of_which_the_catalogue_does_not_say_where_it_was(
    project: Runner, suffix: str
) -> None:
    setting = project.read("l10n.toml")
    project.write("l10n.toml", f'documents = ["po/*.{suffix}"]\n' + setting)
    project.write(f"po/app.{suffix}", POT)
    project.run()
    project.write("l10n.toml", 'documents = ["new/*.pot"]\n' + setting)
    project.write("new/tool.pot", POT)
    report = project.run()
    assert (report.renamed, report.orphans) == ([], [])
    (project.root / f"po/app.{suffix}").unlink()
    project.catalogue("tool.pot").unlink()
    assert project.run().renamed == [Rename(PT, f"app.{suffix}", "tool.pot")]


@pytest.mark.parametrize("lost", ["references", "text", "syntax"])
def test_so_does_one_of_which_the_catalogue_tells_nothing(project: Runner, lost: str) -> None:
    accepted(project, "v1/a.txt")
    if lost == "text":
        project.write("seeds/v1/a.txt", "")
        project.run()
    path = project.catalogue("v1/a.txt")
    text = re.sub(r"#: .*\n", "", path.read_text("utf-8"))
    path.write_text(f"{text}\n<<<<<<< mine\n" if lost == "syntax" else text, "utf-8")
    configure(project, 'documents = ["docs/**/*.txt"]')
    project.write("docs/b.txt", TEXT)
    report = project.run()
    assert (report.renamed, report.orphans) == ([], [])


def test_a_document_whose_patterns_begin_elsewhere_takes_its_new_name(project: Runner) -> None:
    accepted(project, "v1/a.txt")
    configure(project, 'documents = ["seeds/v1/*.txt"]')
    assert project.run().renamed == [Rename(PT, "v1/a.txt", "a.txt")]


def test_a_link_that_leads_nowhere_for_now_keeps_its_catalogue(project: Runner) -> None:
    accepted(project)
    (project.root / "seeds/a.txt").unlink()
    (project.root / "seeds/a.txt").symlink_to("elsewhere")
    project.write("seeds/b.txt", TEXT)
    assert project.run().renamed == []


@pytest.mark.parametrize("beginning", [TEXT, TEXT + "\nAnd more.\n", TEXT.partition("\n")[0]])
@pytest.mark.parametrize("group", [1, 2_000])
def test_of_several_documents_the_one_with_most_of_it_takes_it(
    project: Runner, monkeypatch: pytest.MonkeyPatch, beginning: str, group: int
) -> None:
    monkeypatch.setattr("l10n_pipeline.pipeline.translate._SEGMENTS_AT_ONCE", group)
    accepted(project, "old.txt")
    project.write("seeds/b.txt", beginning + "\nMuch of it is new and was never there before.\n")
    move(project, "old.txt", "z.txt")
    assert project.run().renamed == [Rename(PT, "old.txt", "z.txt")]


def test_of_equals_the_one_of_the_same_name_takes_it(project: Runner) -> None:
    accepted(project)
    project.write("seeds/b.txt", TEXT)
    move(project, "a.txt", "guide/a.txt")
    assert project.run().renamed == [Rename(PT, "a.txt", "guide/a.txt")]


def test_naming_a_document_leaves_the_catalogue_to_a_better_one(project: Runner) -> None:
    accepted(project, "old.txt")
    project.write("seeds/b.txt", TEXT + "\nMuch of it is new and was never there before.\n")
    move(project, "old.txt", "z.txt")
    assert project.run(paths=[project.root / "seeds/b.txt"]).renamed == []
    assert project.run().renamed == [Rename(PT, "old.txt", "z.txt")]


def test_templates_that_are_missing_are_made_up_for(project: Runner) -> None:
    project.write("seeds/z.txt", NOTICE + "The last one.\n")
    project.write("seeds/old.txt", NOTICE + "A short text that is gone.\n")
    project.run()
    (project.root / "locales/z.txt.pot").unlink()
    (project.root / ".l10n/at-rest").unlink()
    move(project, "old.txt", "new.txt", NOTICE + "Something else was built here.\n")
    path = project.root / "seeds/new.txt"
    assert project.run(dry_run=True, paths=[path]).renamed == []
    assert project.run(paths=[path]).renamed == []


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_link_to_a_catalogue_is_told_of_and_left(project: Runner, dry_run: bool) -> None:
    accepted(project)
    path = project.catalogue("a.txt")
    path.rename(project.root / "kept.po")
    path.symlink_to(project.root / "kept.po")
    move(project, "a.txt", "b.txt")
    report = project.run(dry_run=dry_run)
    (error,) = report.errors
    assert error.where == "locales/pt_BR/LC_MESSAGES/a.txt.po"
    assert report.renamed == []
    assert path.is_symlink()
    # No other is begun that would have to be merged with it by hand.
    assert not project.catalogue("b.txt").exists()


NOTICE = "No part of it may be printed without a letter from those who own the rights in it. "


def test_what_other_documents_have_tells_nothing(project: Runner) -> None:
    project.write("seeds/z.txt", NOTICE + "The last one.\n")
    project.write("seeds/old.txt", NOTICE + "A short text that is gone.\n")
    project.run()
    move(project, "old.txt", "new.txt", NOTICE + "Something else was built here.\n")
    assert project.run().renamed == []
    assert project.catalogue("old.txt").exists()


def test_nor_does_what_documents_have_that_were_renamed(project: Runner) -> None:
    for name, text in (("a", "It was high and wide and very old."), ("b", "It was low.")):
        project.write(f"seeds/{name}.txt", NOTICE + text)
    project.run()
    move(project, "a.txt", "c.txt", NOTICE + "It was high and wide and very old.")
    move(project, "b.txt", "d.txt", NOTICE + "Nothing of the sort. But a new one.")
    assert project.run().renamed == [Rename(PT, "a.txt", "c.txt")]


def test_twins_that_are_renamed_together_stay_apart(project: Runner) -> None:
    texts = {number: TEXT + f"\nThis is number {number}.\n" for number in (1, 2)}
    for number, text in texts.items():
        project.write(f"seeds/v{number}/a.txt", text)
    project.run()
    for number, text in texts.items():
        move(project, f"v{number}/a.txt", f"w{3 - number}/a.txt", text)
    assert project.run().renamed == [
        Rename(PT, "v2/a.txt", "w1/a.txt"),
        Rename(PT, "v1/a.txt", "w2/a.txt"),
    ]


def test_a_document_of_which_there_is_a_copy_takes_its_own_along(project: Runner) -> None:
    accepted(project)
    accepted(project, "copy.txt")
    move(project, "a.txt", "b.txt")
    assert project.run().renamed == [Rename(PT, "a.txt", "b.txt")]


@pytest.mark.parametrize(("text", "same"), [("Go on.", True), ("Go on. There is more.", False)])
def test_of_few_words_all_must_be_there(project: Runner, text: str, same: bool) -> None:
    project.write("seeds/a.txt", "Go on.")
    project.run()
    move(project, "a.txt", "b.txt", text)
    assert bool(project.run().renamed) is same


def test_what_was_saved_meanwhile_is_kept(project: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(project)
    move(project, "a.txt", "b.txt")
    settle = Renames.settle

    def later(renames: Renames, locale: Locale, name: str) -> None:
        project.edit("[It sold 980 tickets on that day.]", "Vendeu 980.")
        settle(renames, locale, name)

    monkeypatch.setattr(Renames, "settle", later)
    report = project.run()
    assert report.renamed == []
    (error,) = report.errors
    assert error.where == "locales/pt_BR/LC_MESSAGES/a.txt.po"
    assert "carry over what is new" in str(error)
    assert "Vendeu 980." in project.catalogue("a.txt").read_text("utf-8")
    assert project.catalogue("b.txt").exists()


def test_what_has_become_a_link_out_of_the_project_is_not_told_as_renamed(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(project)
    move(project, "a.txt", "b.txt")
    settle = Renames.settle

    def later(renames: Renames, locale: Locale, name: str) -> None:
        outside = project.root.parent / "outside.po"
        project.catalogue("a.txt").rename(outside)
        project.catalogue("a.txt").symlink_to(outside)
        settle(renames, locale, name)

    monkeypatch.setattr(Renames, "settle", later)
    report = project.run()
    assert report.renamed == []
    assert len(report.errors) == 1
    assert project.catalogue("a.txt").is_symlink()


def test_documents_are_compared_only_where_one_may_have_been_renamed(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(project)
    read: list[str] = []
    read_document = Workspace.read_document

    def listed(workspace: Workspace, found: DocumentPath) -> SegmentedDocument:
        read.append(found.name)
        return read_document(workspace, found)

    monkeypatch.setattr(Workspace, "read_document", listed)
    move(project, "a.txt", "b.txt", "Something else was built here. It is high.\n")
    project.write("seeds/c.txt", "This is new.\n")
    project.run()
    assert read == ["b.txt", "c.txt"]
