"""Documents that have taken each other's places: chapters that were renumbered, or swapped."""

import itertools
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from l10n_pipeline.pipeline import relocation
from l10n_pipeline.pipeline.renaming import Rename
from tests.support.projects import AZ, PT, Runner

CHAPTERS = {
    "one": "The museum opened its doors in spring. It sold 980 tickets on that day.\n",
    "two": "Nobody knew the way to the old station. A boy in the village drew a map.\n",
    "three": "The archive burnt down twice in one century. Its keeper saved three boxes.\n",
    "four": "Visitors enter through the garden gate. They leave by the kitchen door.\n",
    "new": "A flood came in the last winter of the war. The bridge stood all the same.\n",
}


@pytest.fixture
def book(project: Runner) -> Runner:
    """Four chapters, all entries accepted; each has a lock and a comment."""
    put(project, {"1": "one", "2": "two", "3": "three", "4": "four"})
    project.run()
    for number in "1234":
        path = catalogue(project, number)
        text = path.read_text("utf-8").replace("#, fuzzy\n", "")
        path.write_text(text.replace("#. ", "# l10n-lock\n# Ask Rosa.\n#. ", 1), "utf-8")
    project.run()
    project.engine.asked.clear()
    return project


def put(project: Runner, chapters: Mapping[str, str]) -> None:
    """Have these chapters under these names and no others."""
    for path in (project.root / "seeds").glob("*.txt"):
        path.unlink()
    for name, chapter in chapters.items():
        project.write(f"seeds/{name}.txt", CHAPTERS[chapter])


def catalogue(project: Runner, name: str) -> Path:
    return project.catalogue(f"{name}.txt")


def contents(project: Runner) -> dict[str, str]:
    """Each catalogue's text but for header and references, by its name without the suffix."""
    folder = catalogue(project, "1").parent
    return {
        path.name.removesuffix(".txt.po"): re.sub(
            r"#: .*\n", "", path.read_text("utf-8").partition("\n\n")[2]
        )
        for path in folder.glob("*.po")
    }


ARRANGEMENTS: dict[str, dict[str, str]] = {
    "one inserted before": {"1": "new", "2": "one", "3": "two", "4": "three", "5": "four"},
    "one inserted between": {"1": "one", "2": "new", "3": "two", "4": "three", "5": "four"},
    "swapped": {"1": "one", "2": "three", "3": "two", "4": "four"},
    "turned round": {"1": "four", "2": "one", "3": "two", "4": "three"},
    "two circles": {"1": "two", "2": "one", "3": "four", "4": "three"},
    "reversed, one renamed": {"1": "four", "2": "three", "3": "two", "z": "one"},
    "one taken over under a name before": {"0": "four", "1": "one", "2": "two", "4": "new"},
}


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_catalogues_go_along(book: Runner, arrangement: str) -> None:
    before = contents(book)
    numbers = {"one": "1", "two": "2", "three": "3", "four": "4"}
    now = ARRANGEMENTS[arrangement]
    put(book, now)
    report = book.run()
    assert not report.errors
    after = contents(book)
    for name, chapter in now.items():
        if chapter != "new":
            assert after[name] == before[numbers[chapter]], name
    assert len(book.engine.asked) == (2 if "new" in now.values() else 0)
    assert {(one.old, one.new) for one in report.renamed} == {
        (f"{numbers[chapter]}.txt", f"{name}.txt")
        for name, chapter in now.items()
        if chapter != "new" and numbers[chapter] != name
    }
    snapshot = book.snapshot()
    assert not book.run().renamed
    assert book.snapshot() == snapshot


def test_of_a_chapter_that_is_gone_the_catalogue_is_put_aside(book: Runner) -> None:
    before = contents(book)
    put(book, {"1": "two", "2": "three", "3": "four"})
    report = book.run()
    assert not report.errors
    assert report.orphans == ["locales/pt_BR/LC_MESSAGES/1.txt.former.po"]
    after = contents(book)
    assert [after[name] for name in "123"] == [before[name] for name in "234"]
    assert after["1.txt.former.po"] == before["1"]
    assert not catalogue(book, "4").exists()
    assert not (book.root / "locales/4.txt.pot").exists()
    # It comes back with its chapter.
    put(book, {"1": "two", "2": "three", "3": "four", "5": "one"})
    assert book.run().renamed == [Rename(PT, "1.txt.former", "5.txt")]
    assert contents(book)["5"] == before["1"]
    assert not book.engine.asked


def test_long_names_leave_room(project: Runner) -> None:
    names = ["x" * 235 + f"{number}.txt" for number in (1, 2)]
    for name, chapter in zip(names, ("one", "two"), strict=True):
        project.write(f"seeds/{name}", CHAPTERS[chapter])
    project.run()
    for name, chapter in zip(names, ("two", "one"), strict=True):
        project.write(f"seeds/{name}", CHAPTERS[chapter])
    report = project.run()
    assert not report.errors
    assert {(one.old, one.new) for one in report.renamed} == {tuple(names), tuple(names[::-1])}


def test_every_language_follows(book: Runner) -> None:
    book.run(AZ, mt=False)
    text = book.catalogue("1.txt", AZ).read_text("utf-8")
    book.catalogue("1.txt", AZ).write_text(text.replace('msgstr ""', 'msgstr "Bir."'), "utf-8")
    put(book, {"1": "two", "2": "one", "3": "three", "4": "four"})
    report = book.run(PT, AZ, mt=False)
    assert len(report.renamed) == 4
    assert 'msgstr "Bir."' in book.catalogue("2.txt", AZ).read_text("utf-8")


def test_a_dry_run_tells_and_moves_nothing(book: Runner) -> None:
    put(book, ARRANGEMENTS["one inserted before"])
    before = book.snapshot()
    report = book.run(dry_run=True)
    assert book.snapshot() == before
    assert [one.drafted for one in report.outcomes] == [2, 0, 0, 0, 0]
    assert {(one.old, one.new) for one in report.renamed} == {
        (f"{number}.txt", f"{number + 1}.txt") for number in range(1, 5)
    }
    assert book.run().renamed


def test_the_notes_are_asked_and_need_not_be_there(book: Runner) -> None:
    (book.root / ".l10n/at-rest").unlink()
    before = contents(book)
    put(book, ARRANGEMENTS["turned round"])
    book.run()
    assert contents(book)["1"] == before["4"]


def test_naming_one_document_is_enough(book: Runner) -> None:
    before = contents(book)
    put(book, ARRANGEMENTS["swapped"])
    book.run(paths=[book.root / "seeds/2.txt"])
    book.run()
    after = contents(book)
    assert (after["2"], after["3"]) == (before["3"], before["2"])


def test_edits_on_the_way_are_edits(book: Runner) -> None:
    put(book, ARRANGEMENTS["one inserted before"])
    book.write("seeds/2.txt", CHAPTERS["one"].replace("980", "1,275"))
    book.run()
    text = catalogue(book, "2").read_text("utf-8")
    assert '#| msgid "It sold 980 tickets on that day."' in text
    assert "[The museum opened its doors in spring.]" in text


def test_a_document_that_was_written_anew_keeps_its_catalogue(book: Runner) -> None:
    before = contents(book)
    put(book, {"1": "one", "2": "new", "3": "three", "4": "four"})
    report = book.run()
    assert report.renamed == []
    after = contents(book)
    assert after["1"] == before["1"]
    assert "#~ msgid" in after["2"]
    assert "[Nobody knew the way to the old station.]" in after["2"]


def test_a_copy_takes_nothing(book: Runner) -> None:
    before = contents(book)
    book.write("seeds/5.txt", CHAPTERS["two"])
    book.write("seeds/3.txt", CHAPTERS["two"])
    report = book.run()
    assert report.renamed == []
    assert contents(book)["2"] == before["2"]


@pytest.mark.parametrize("arrangement", ["turned round", "one inserted before", "two circles"])
def test_killed_between_any_two_moves_the_next_run_goes_on(
    book: Runner, monkeypatch: pytest.MonkeyPatch, arrangement: str
) -> None:
    now = ARRANGEMENTS[arrangement]
    before, state = contents(book), book.snapshot()
    numbers = {"one": "1", "two": "2", "three": "3", "four": "4"}
    move_file = relocation.move_file

    class Killed(BaseException):
        pass

    for steps in itertools.count():
        for path in book.root.rglob("*"):
            if path.is_file():
                path.unlink()
        for name, (data, _) in state.items():
            book.write(name, data)
        put(book, now)
        left = steps

        def moved(source: Path, path: Path, *, where: str = "") -> None:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            move_file(source, path, where=where)

        monkeypatch.setattr(relocation, "move_file", moved)
        try:
            book.run()
        except Killed:
            monkeypatch.setattr(relocation, "move_file", move_file)
            book.run()
            ended = False
        else:
            ended = True
        after = contents(book)
        assert {name: after.get(name) for name, chapter in now.items() if chapter != "new"} == {
            name: before[numbers[chapter]] for name, chapter in now.items() if chapter != "new"
        }, steps
        assert not [name for name in after if "former" in name]
        if ended:
            assert steps >= 4
            break


def test_what_cannot_be_moved_is_left_and_told_of_once(
    book: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(book, ARRANGEMENTS["one inserted before"])
    before = contents(book)
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path.name == "2.txt.po":
            raise PermissionError(13, "permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    report = book.run()
    (error,) = report.errors
    assert error.where == "locales/pt_BR/LC_MESSAGES/2.txt.po"
    assert error.way_out
    after = contents(book)
    assert (after["1"], after["2"]) == (before["1"], before["2"])
    monkeypatch.undo()
    assert not book.run().errors
    after = contents(book)
    assert [after[name] for name in "2345"] == [before[name] for name in "1234"]


@pytest.mark.parametrize("name", ["1", "4"])
def test_where_one_may_not_be_written_none_is_moved(
    book: Runner, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = contents(book)
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: path != catalogue(book, name) and access(path, mode)
    )
    put(book, ARRANGEMENTS["one inserted before"])
    told = book.run(dry_run=True)
    (error,) = book.run().errors
    assert error.where == f"locales/pt_BR/LC_MESSAGES/{name}.txt.po"
    assert error.what.startswith("may not be written")
    assert [str(one) for one in told.errors] == [str(error)]
    assert contents(book) == before
    monkeypatch.undo()
    assert not book.run().errors
    assert contents(book)["5"] == before["4"]


def test_no_link_is_moved(book: Runner) -> None:
    path = catalogue(book, "2")
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)
    before = contents(book)
    put(book, ARRANGEMENTS["two circles"])
    for _ in range(2):
        told = book.run(dry_run=True)
        report = book.run()
        (error,) = report.errors
        assert error.where == "locales/pt_BR/LC_MESSAGES/2.txt.po"
        assert error.what.startswith("is a link")
        assert [str(one) for one in told.errors] == [str(error)]
        assert path.is_symlink()
        assert contents(book) == before


NOTICE = "\nNo part of it may be printed without a letter from those who own the rights in it.\n"


@pytest.mark.parametrize("arrangement", ["swapped", "one inserted before", "turned round"])
@pytest.mark.parametrize("rested", [True, False])
def test_what_stands_in_each_document_hides_nothing(
    book: Runner, monkeypatch: pytest.MonkeyPatch, arrangement: str, rested: bool
) -> None:
    for name, chapter in CHAPTERS.items():
        monkeypatch.setitem(CHAPTERS, name, chapter + NOTICE)
    put(book, {"1": "one", "2": "two", "3": "three", "4": "four"})
    book.run()
    if not rested:
        (book.root / ".l10n/at-rest").unlink()
        for path in (book.root / "locales").glob("*.pot"):
            path.unlink()
    before = contents(book)
    now = ARRANGEMENTS[arrangement]
    put(book, now)
    book.run()
    after = contents(book)
    numbers = {"one": "1", "two": "2", "three": "3", "four": "4"}
    for name, chapter in now.items():
        if chapter != "new":
            assert after[name] == before[numbers[chapter]], name


@pytest.mark.parametrize("stub", ["", "To come.\n"])
def test_a_chapter_that_is_not_written_yet_stops_none(
    book: Runner, monkeypatch: pytest.MonkeyPatch, stub: str
) -> None:
    monkeypatch.setitem(CHAPTERS, "stub", stub)
    put(book, {"1": "one", "2": "stub", "3": "three", "4": "four"})
    catalogue(book, "2").unlink()
    book.run()
    before = contents(book)
    put(book, {"1": "new", "2": "one", "3": "stub", "4": "three", "5": "four"})
    book.run()
    after = contents(book)
    assert [after[name] for name in "245"] == [before[name] for name in "134"]


def test_a_chapter_that_leaves_an_empty_file_takes_its_catalogue_along(
    book: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHAPTERS, "none", "")
    before = contents(book)
    put(book, {"1": "one", "2": "none", "3": "three", "4": "four", "5": "two"})
    assert book.run().renamed == [Rename(PT, "2.txt", "5.txt")]
    after = contents(book)
    assert after["5"] == before["2"]
    assert "msgid" not in after["2"]


def test_where_a_catalogue_cannot_be_read_no_other_is_begun(book: Runner) -> None:
    before = contents(book)
    path = catalogue(book, "2")
    good = path.read_bytes()
    path.write_bytes(good + b"\n<<<<<<< mine\n")
    now = ARRANGEMENTS["one inserted before"]
    put(book, now)
    told = book.run(dry_run=True)
    report = book.run()
    assert {error.where.partition(":")[0] for error in report.errors} == {
        "locales/pt_BR/LC_MESSAGES/2.txt.po"
    }
    assert told.renamed == report.renamed
    assert [str(error) for error in told.errors] == [str(error) for error in report.errors]
    path.write_bytes(good)
    assert not book.run().errors
    after = contents(book)
    assert [after[name] for name in "2345"] == [before[name] for name in "1234"]
    assert not [name for name in after if "former" in name]


def test_a_dry_run_of_one_document_tells_what_its_run_moves(book: Runner) -> None:
    put(book, {"1": "new", "2": "one", "3": "two", "4": "three"})
    paths = [book.root / "seeds/3.txt"]
    told = book.run(paths=paths, dry_run=True)
    report = book.run(paths=paths)
    assert told.renamed == report.renamed != []
    assert [error.what for error in report.errors] == []
    # The template of a document that is there is no leftover.
    assert (book.root / "locales/1.txt.pot").exists()


def test_a_dry_run_tells_of_what_is_put_aside(book: Runner) -> None:
    put(book, {"1": "two", "2": "three", "3": "four"})
    told = book.run(dry_run=True)
    report = book.run()
    assert told.orphans == report.orphans == ["locales/pt_BR/LC_MESSAGES/1.txt.former.po"]


def test_what_documents_that_are_gone_had_as_well_takes_no_catalogue_away(book: Runner) -> None:
    kept = "A boy in the village drew a map. Visitors enter through the garden gate."
    for name, text in (("5", f"{kept} Nobody goes there."), ("6", kept.partition(". ")[0] + ".")):
        book.write(f"seeds/{name}.txt", text)
    book.write("seeds/2.txt", f"{kept} It rained. The rain was very hard on that day.")
    book.run()
    before = contents(book)["2"]
    for name in "56":
        (book.root / f"seeds/{name}.txt").unlink()
    book.write("seeds/2.txt", f"{kept} It rained and the rain was very hard on that very day.")
    assert book.run().renamed == []
    assert contents(book)["2"].partition("msgid")[0] == before.partition("msgid")[0]


def test_pages_that_are_all_but_alike_keep_their_own(book: Runner) -> None:
    rows = "".join(f"Row {number} of the table says nothing of note.\n\n" for number in range(20))
    for number in "12":
        book.write(f"seeds/{number}.txt", f"{rows}This is the page of the year {number}.\n")
    book.run()
    before = contents(book)
    for number in "12":
        book.write(
            f"seeds/{number}.txt", f"{rows}Another year is told of at the end of {number}.\n"
        )
    assert book.run().renamed == []
    after = contents(book)
    for name in "12":
        assert after[name].startswith(before[name][:500])
