"""Catalogues out and back through files, in a project that goes on meanwhile."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from l10n_pipeline.catalogue.po import write_catalogue
from l10n_pipeline.errors import InputError, OutputError, UsageError
from l10n_pipeline.exchange.returning import Fate
from l10n_pipeline.model import Catalogue
from l10n_pipeline.pipeline import importing
from l10n_pipeline.pipeline.exporting import ExchangeFormat, ExportReport, Selection, export
from l10n_pipeline.pipeline.importing import ImportReport, import_files
from tests.support.projects import AZ, LATER, PT, Runner

FORMATS = list(ExchangeFormat)
TEXT = "One comes.\n\nTwo go.\n\nThree stay.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    runner = Runner(tmp_path)
    runner.write("l10n.toml", 'targets = ["pt-BR"]\ndocuments = ["docs/**/*.txt"]\n')
    runner.write("docs/guide/a.txt", TEXT)
    runner.run()
    monkeypatch.chdir(tmp_path)
    return runner


def out(project: Runner, file_format: ExchangeFormat, **options: object) -> ExportReport:
    arguments = {"locales": [PT], **options}
    return export(project.workspace, file_format=file_format, **arguments)  # type: ignore[arg-type]  # as the caller has them


def back(project: Runner, *files: Path, overrule: bool = False) -> ImportReport:
    return import_files(project.workspace, files, now=LATER, overrule=overrule)


def fates(report: ImportReport) -> Counter[Fate]:
    return sum((one.fates for one in report.catalogues), Counter[Fate]())


def exported(project: Runner, file_format: ExchangeFormat) -> Path:
    (file,) = out(project, file_format).files
    return file.path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_bytes().decode()
    assert old in text
    file.write_bytes(text.replace(old, new).encode())


def accept(file: Path) -> None:
    """Call all that a file holds reviewed."""
    text = file.read_bytes().decode()
    text = text.replace('state="initial" subState="l10n:draft"', 'state="final"')
    file.write_bytes(text.replace(",draft,", ",reviewed,").encode())


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_nobody_touched_changes_no_byte(project: Runner, file_format: ExchangeFormat) -> None:
    file = exported(project, file_format)
    assert file == project.root / f"exchange/pt_BR/guide/a.txt{file_format.suffix}"
    before = project.snapshot()
    assert fates(back(project, file)) == {Fate.UNCHANGED: 3}
    assert not out(project, file_format).files[0].written
    assert project.snapshot() == before


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_translators_work_comes_back(project: Runner, file_format: ExchangeFormat) -> None:
    file = exported(project, file_format)
    accept(file)
    edit(file, "[Two go.]", "Dois vão.")
    report = back(project, file)
    assert fates(report) == {Fate.ACCEPTED: 3}
    assert not report.unsettled
    catalogue = project.catalogue("guide/a.txt").read_text(encoding="utf-8")
    assert 'msgstr "Dois vão."' in catalogue
    assert "#, fuzzy" not in catalogue
    assert "PO-Revision-Date: 2026-05-06 07:08+0000" in catalogue
    before = project.snapshot()
    assert fates(back(project, file)) == {Fate.UNCHANGED: 3}
    assert project.snapshot() == before
    assert project.run().outcomes[0].drafted == 0


@pytest.mark.parametrize("file_format", FORMATS)
def test_accents_may_come_back_decomposed(project: Runner, file_format: ExchangeFormat) -> None:
    (project.root / "docs/guide/a.txt").unlink()
    project.catalogue("guide/a.txt").unlink()
    project.write("docs/guide/é.txt", "Zoë comes.\n\nRené goes.\n")
    project.run()
    project.edit("#. ", "# Até já?\n#. ", "guide/é.txt")
    file = exported(project, file_format)
    decomposed = unicodedata.normalize("NFD", file.read_bytes().decode())
    file.write_bytes(decomposed.encode())
    before = project.snapshot()
    report = back(project, file)
    assert not report.errors
    assert (fates(report), report.catalogues[0].stated) == ({Fate.UNCHANGED: 2}, ())
    assert project.snapshot() == before
    theirs = unicodedata.normalize("NFD", "René já vai.")
    edit(file, unicodedata.normalize("NFD", "[René goes.]"), theirs)
    assert fates(back(project, file)) == {Fate.EDITED: 1, Fate.UNCHANGED: 1}
    assert theirs in project.catalogue("guide/é.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_was_reviewed_meanwhile_stands(project: Runner, file_format: ExchangeFormat) -> None:
    file = exported(project, file_format)
    edit(file, "[Two go.]", "Dois vão.")
    catalogue = project.catalogue("guide/a.txt")
    entry = '#, fuzzy\nmsgid "Two go."\nmsgstr "[Two go.]"'
    edit(catalogue, entry, 'msgid "Two go."\nmsgstr "Ambos vão."')
    for overrule in (False, True):
        report = back(project, file, overrule=overrule)
        assert fates(report) == {Fate.UNCHANGED: 2, Fate.CONFLICT: 1}
        (conflict,) = report.unsettled
        assert (conflict.here, conflict.theirs) == ("Ambos vão.", "Dois vão.")
        assert str(file) in conflict.where
    assert "Ambos vão." in catalogue.read_text(encoding="utf-8")


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_left_the_document_is_told_of(project: Runner, file_format: ExchangeFormat) -> None:
    file = exported(project, file_format)
    edit(file, "[Two go.]", "Dois vão.")
    project.write("docs/guide/a.txt", "One comes.\n")
    project.run()
    report = back(project, file)
    assert [one.theirs for one in report.unsettled] == ["Dois vão."]
    assert report.unsettled[0].why == "its source is no longer in the catalogue"
    assert fates(report) == {Fate.UNCHANGED: 2, Fate.CONFLICT: 1}


def test_a_column_that_was_sorted_alone_is_noticed(project: Runner) -> None:
    file = exported(project, ExchangeFormat.CSV)
    edit(file, "One comes.,", "x,")
    edit(file, "Two go.,[Two", "One comes.,[Two")
    before = project.snapshot()
    report = back(project, file)
    assert "sorted" in report.unsettled[0].way_out
    assert fates(report) == {Fate.REFUSED: 2, Fate.UNCHANGED: 1}
    assert project.snapshot() == before


def test_of_a_source_that_was_edited_in_xliff_no_column_is_blamed(project: Runner) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    edit(file, "<source>Two go.", "<source>Two went.")
    (refused,) = back(project, file).unsettled
    assert refused.why == "its source is another than the one of its id"
    assert "sources and ids must stay" in refused.way_out


@pytest.mark.parametrize("fate", [Fate.REFUSED, Fate.CONFLICT])
def test_a_note_is_counted_where_its_text_is_not_taken(project: Runner, fate: Fate) -> None:
    file = exported(project, ExchangeFormat.CSV)
    edit(file, "[Two go.],draft,", f"{'' if fate is Fate.REFUSED else 'Vão.'},draft,Who?")
    if fate is Fate.CONFLICT:
        project.edit("[Two go.]", "Dois vão.", "guide/a.txt")
    (taken,) = back(project, file).catalogues
    assert (taken.fates, taken.written) == ({fate: 1, Fate.NOTED: 1, Fate.UNCHANGED: 2}, True)
    assert "# Who?" in project.catalogue("guide/a.txt").read_text(encoding="utf-8")


def test_an_id_that_is_lost_is_found_again_by_its_source(project: Runner) -> None:
    file = exported(project, ExchangeFormat.CSV)
    lines = file.read_bytes().decode("utf-8-sig").splitlines()
    lines[2] = lines[2].replace("[Two go.]", "Dois vão.").partition(",")[2]
    file.write_text("\n".join([*lines[:2], f"1,{lines[2]}", *lines[3:]]), encoding="utf-8")
    assert fates(back(project, file)) == {Fate.EDITED: 1, Fate.UNCHANGED: 2}


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_fault_anywhere_in_a_file_leaves_all_as_it_was(
    project: Runner, file_format: ExchangeFormat
) -> None:
    file = exported(project, file_format)
    edit(file, "[One comes.]", "Um vem.")
    data = file.read_bytes()
    broken = {
        "cut off": data[: data.rindex(b"<")] if b"<" in data else data + b'u1,"',
        "twice": _twice(data),
        "another language": data.replace(b"pt-BR", b"az"),
        "another source": data.replace(b'srcLang="en"', b'srcLang="de"').replace(b",en,", b",de,"),
    }
    before = project.catalogue("guide/a.txt").read_bytes()
    for what, wrong in broken.items():
        file.write_bytes(wrong)
        report = back(project, file)
        assert [type(error) for error in report.errors] == [InputError], what
        assert "\n" not in str(report.errors[0])
        assert not report.catalogues
        assert project.catalogue("guide/a.txt").read_bytes() == before


def _twice(data: bytes) -> bytes:
    """The file with the first entry's id on the second."""
    first, second, *_ = dict.fromkeys(re.findall(rb"\bu[0-9a-f]{12}\b", data))
    return data.replace(second, first)


def test_a_note_on_what_has_left_the_catalogue_is_told(project: Runner) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    text = file.read_text(encoding="utf-8")
    assert text.count("<notes>") == 3
    file.write_text(text.replace("<notes>", "<notes><note>Ask Rosa.</note>"), encoding="utf-8")
    project.write("docs/guide/a.txt", "One comes.\n\nThree stay.\n")
    project.run()
    report = back(project, file)
    (left,) = report.unsettled
    assert left.why == "its source is no longer in the catalogue; it has the note: Ask Rosa."
    assert project.catalogue("guide/a.txt").read_text(encoding="utf-8").count("# Ask Rosa.") == 2


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_comes_back_after_its_document_was_renamed(
    project: Runner, file_format: ExchangeFormat
) -> None:
    file = exported(project, file_format)
    edit(file, "[Two go.]", "Dois vão.")
    (project.root / "docs/guide/a.txt").rename(project.root / "docs/new.txt")
    project.run()
    assert not project.catalogue("guide/a.txt").exists()
    report = back(project, file)
    assert not report.errors
    assert fates(report) == {Fate.EDITED: 1, Fate.UNCHANGED: 2}
    (taken,) = report.catalogues
    assert (taken.document, taken.stated) == ("new.txt", ("guide/a.txt",))
    assert "Dois vão." in project.catalogue("new.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_comes_back_after_documents_took_each_others_names(
    project: Runner, file_format: ExchangeFormat
) -> None:
    file = exported(project, file_format)
    edit(file, "[Two go.]", "Dois vão.")
    (project.root / "docs/guide/a.txt").rename(project.root / "docs/new.txt")
    project.write("docs/guide/a.txt", "Another text stands at this place now. It is long.\n")
    project.run()
    report = back(project, file)
    assert not report.errors
    assert fates(report) == {Fate.EDITED: 1, Fate.UNCHANGED: 2}
    assert [one.document for one in report.catalogues] == ["new.txt"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_of_texts_that_several_documents_hold_the_user_says_whose_they_are(
    project: Runner, file_format: ExchangeFormat
) -> None:
    file = exported(project, file_format)
    edit(file, "[Two go.]", "Dois vão.")
    (project.root / "docs/guide/a.txt").rename(project.root / "docs/b.txt")
    project.write("docs/c.txt", TEXT)
    project.run()
    (error,) = back(project, file).errors
    assert "no catalogue of 'guide/a.txt' in" in error.what
    assert error.what.endswith("and its texts stand in several: 'b.txt', 'c.txt'")
    named = {"xliff": "'original' of its file element", "csv": "its column 'document'"}
    assert error.way_out == f"write the one that is meant into {named[file_format]}"
    edit(file, "guide/a.txt", "c.txt")
    report = back(project, file)
    assert [(one.document, one.stated) for one in report.catalogues] == [("c.txt", ())]
    assert fates(report) == {Fate.EDITED: 1, Fate.UNCHANGED: 2}


def test_a_catalogue_that_holds_less_than_half_of_the_texts_is_not_theirs(project: Runner) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    (project.root / "docs/guide/a.txt").unlink()
    project.catalogue("guide/a.txt").unlink()
    project.write("docs/b.txt", "One comes.\n\nFive sing.")
    project.run()
    (error,) = back(project, file).errors
    assert error.what.endswith("and none there holds half of its texts")
    assert error.way_out.startswith("write the name that its document has now into 'original'")
    project.write("docs/b.txt", "One comes.\n\nTwo go.")
    project.run()
    assert [one.document for one in back(project, file).catalogues] == ["b.txt"]


def test_a_name_from_outside_leads_nowhere_but_to_a_catalogue(project: Runner) -> None:
    file = exported(project, ExchangeFormat.CSV)
    edit(file, "[Two go.]", "Dois vão.")
    edit(file, "guide/a.txt", "../../../../docs/guide/a.txt")
    names = set(project.snapshot())
    assert [one.document for one in back(project, file).catalogues] == ["guide/a.txt"]
    assert set(project.snapshot()) == names


def test_texts_of_the_old_name_and_the_new_one_are_not_taken_twice(project: Runner) -> None:
    file = exported(project, ExchangeFormat.CSV)
    heading, *rows = file.read_bytes().splitlines(keepends=True)
    again = [row.replace(b"guide/a.txt", b"old.txt") for row in rows]
    file.write_bytes(b"".join([heading, *rows, *again]))
    (error,) = back(project, file).errors
    assert error.way_out == "leave one of them in the file"
    file.write_bytes(b"".join([heading, rows[0], *again[1:]]))
    (taken,) = back(project, file).catalogues
    assert (taken.stated, taken.fates) == (("old.txt",), {Fate.UNCHANGED: 3})


def test_a_language_without_catalogues_says_how_to_make_them(project: Runner) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    edit(file, 'trgLang="pt-BR"', 'trgLang="az"')
    (error,) = back(project, file).errors
    assert error.way_out == "make it with: l10n translate --to az"


def test_one_bad_file_does_not_keep_others_out(project: Runner) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    accept(file)
    report = back(project, Path("nowhere.xlf"), Path("l10n.toml"), file)
    assert [type(error) for error in report.errors] == [InputError, UsageError]
    assert fates(report) == {Fate.ACCEPTED: 3}


def test_a_dry_run_writes_nothing(project: Runner) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    accept(file)
    before = project.snapshot()
    report = import_files(project.workspace, [file], now=LATER, dry_run=True)
    assert report.catalogues[0].written
    assert project.snapshot() == before


def test_a_selection_goes_out(project: Runner) -> None:
    edit(
        project.catalogue("guide/a.txt"),
        '#, fuzzy\nmsgid "Two go."\nmsgstr "[Two go.]"',
        'msgid "Two go."\nmsgstr "Dois vão."',
    )
    counts = {
        selection: [
            file.entries
            for file in out(project, ExchangeFormat.CSV, selection=selection, overwrite=True).files
        ]
        for selection in Selection
    }
    assert counts == {
        Selection.UNTRANSLATED: [],
        Selection.UNREVIEWED: [2],
        Selection.ALL: [3],
    }


def test_a_translators_file_is_not_written_over(project: Runner) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    edit(file, "[Two go.]", "Dois vão.")
    report = out(project, ExchangeFormat.XLIFF)
    assert [type(error) for error in report.errors] == [UsageError]
    assert "Dois vão." in file.read_text(encoding="utf-8")
    assert out(project, ExchangeFormat.XLIFF, overwrite=True).files[0].written
    assert "Dois vão." not in file.read_text(encoding="utf-8")


def test_paths_and_a_folder_are_as_told(project: Runner) -> None:
    project.write("docs/b.txt", "Four sleep.")
    project.run()
    report = out(project, ExchangeFormat.CSV, paths=[Path("docs/guide")], folder=Path("for/ana"))
    assert [file.path for file in report.files] == [project.root / "for/ana/pt_BR/guide/a.txt.csv"]
    assert len(out(project, ExchangeFormat.CSV).files) == 2


def test_a_language_without_a_catalogue_is_told_of(project: Runner) -> None:
    report = out(project, ExchangeFormat.CSV, locales=[AZ], paths=[Path("docs")])
    assert "there is no catalogue of guide/a.txt in Azerbaijani" in str(report.errors[0])


def test_a_cell_that_would_be_cut_off_stays_at_home(project: Runner) -> None:
    project.write("docs/b.txt", f"Four sleep.\n\n{'a' * 40_000}")
    project.run()
    report = out(project, ExchangeFormat.CSV, paths=[Path("docs/b.txt")])
    assert [file.entries for file in report.files] == [1]
    assert report.errors[0].way_out == "export it as XLIFF"
    assert out(project, ExchangeFormat.XLIFF, paths=[Path("docs/b.txt")]).files[0].entries == 2


def test_a_place_that_cannot_be_written_is_told_of(project: Runner) -> None:
    project.write("exchange", "a file where a folder has to be")
    assert [type(error) for error in out(project, ExchangeFormat.CSV).errors] == [OutputError]


def test_what_a_reviewer_saves_while_a_file_is_taken_stands(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    edit(file, "[One comes.]", "Um vem.")
    edit(file, "[Two go.]", "Dois vão.")
    catalogue = project.catalogue("guide/a.txt")
    draft = '#, fuzzy\nmsgid "Two go."\nmsgstr "[Two go.]"'
    saves = [lambda: edit(catalogue, draft, 'msgid "Two go."\nmsgstr "Ambos vão."')]

    def written(merged: Catalogue) -> bytes:
        if saves:
            saves.pop()()
        return write_catalogue(merged)

    monkeypatch.setattr(importing, "write_catalogue", written)
    report = back(project, file)
    assert fates(report) == {Fate.EDITED: 1, Fate.CONFLICT: 1, Fate.UNCHANGED: 1}
    assert [one.here for one in report.unsettled] == ["Ambos vão."]
    text = catalogue.read_text(encoding="utf-8")
    assert 'msgid "Two go."\nmsgstr "Ambos vão."' in text
    assert 'msgstr "Um vem."' in text


def test_a_catalogue_that_is_saved_again_and_again_is_left_to_who_saves_it(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = exported(project, ExchangeFormat.XLIFF)
    edit(file, "[Two go.]", "Dois vão.")
    catalogue = project.catalogue("guide/a.txt")

    def written(merged: Catalogue) -> bytes:
        with catalogue.open("a", encoding="utf-8") as stream:
            stream.write("\n")
        return write_catalogue(merged)

    monkeypatch.setattr(importing, "write_catalogue", written)
    report = back(project, file)
    assert ([str(error.where) for error in report.errors], report.catalogues) == (
        ["locales/pt_BR/LC_MESSAGES/guide/a.txt.po"],
        [],
    )
    assert "[Two go.]" in catalogue.read_text(encoding="utf-8")


def test_of_two_catalogues_the_one_that_cannot_be_written_is_told_of(
    project: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("docs/guide/b.txt", TEXT)
    project.run()
    one, other = (found.path for found in out(project, ExchangeFormat.CSV).files)
    rows = other.read_bytes().decode("utf-8-sig").partition("\n")[2]
    one.write_bytes(one.read_bytes() + rows.encode())
    edit(one, "[Two go.]", "Dois vão.")
    before = project.catalogue("guide/a.txt").read_bytes()
    write_unless = importing.write_unless

    def full(path: Path, data: bytes, **options: object) -> bool:
        if path.name == "a.txt.po":
            raise OutputError("cannot be written: no space left on device", where=str(path))
        return write_unless(path, data, **options)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(importing, "write_unless", full)
    report = back(project, one)
    assert [Path(error.where).name for error in report.errors] == ["a.txt.po"]
    assert [(found.document, found.written) for found in report.catalogues] == [
        ("guide/b.txt", True)
    ]
    assert project.catalogue("guide/a.txt").read_bytes() == before
    assert "Dois vão." in project.catalogue("guide/b.txt").read_text(encoding="utf-8")
