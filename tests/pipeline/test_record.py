"""A build replaces what builds wrote, and nothing that people made."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from l10n_pipeline.config import Accept
from l10n_pipeline.editions import EditionTemplate
from l10n_pipeline.errors import L10nError, OutputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.build import BuildReport, build
from l10n_pipeline.pipeline.record import BuildRecord, read_record
from tests.support.projects import AZ, PT, Runner

PICTURE = b"\x89PNG\r\n\x1a\n picture"
MINE = "Made by hand.\n"
BESIDE = "{folder}/{stem}.{language_tag}{suffix}"


def configure(project: Runner, output: str = "build/{locale}/{path}", assets: str = "copy") -> None:
    project.write(
        "l10n.toml",
        f'targets = ["pt-BR"]\ndocuments = ["docs/**"]\n'
        f'[build]\noutput = "{output}"\nassets = "{assets}"\n',
    )


@pytest.fixture
def site(project: Runner) -> Runner:
    configure(project)
    project.write("docs/a.md", "One. ![A](a.png)")
    project.write("docs/b.md", "Two.")
    project.write("docs/a.png", PICTURE)
    return project


def made(
    project: Runner, *, overwrite: bool = False, dry_run: bool = False, mt: bool = False
) -> BuildReport:
    project.run(mt=mt)
    accept = Accept.MT if mt else None
    return build(
        project.workspace, locales=[PT], accept=accept, overwrite=overwrite, dry_run=dry_run
    )


def refused(report: BuildReport) -> Sequence[str]:
    assert all(isinstance(error, OutputError) for error in report.errors)
    return sorted(error.where for error in report.errors)


def test_what_was_written_is_recorded(site: Runner) -> None:
    made(site)
    lines = site.read("build/.l10n-editions").splitlines()

    assert lines == sorted(lines, key=lambda line: line.split("\t")[1])
    assert {path: mark for mark, _, path in (line.partition("\t") for line in lines)} == {
        path: hashlib.sha256((site.root / path).read_bytes()).hexdigest()
        for path in ("build/pt_BR/a.md", "build/pt_BR/a.png", "build/pt_BR/b.md")
    }


def test_what_a_build_wrote_the_next_one_replaces(site: Runner) -> None:
    made(site)
    site.write("docs/a.png", PICTURE + b"2")
    report = made(site, mt=True)

    assert report.errors == []
    assert site.read("build/pt_BR/b.md") == "[Two.]"
    assert (site.root / "build/pt_BR/a.png").read_bytes() == PICTURE + b"2"


@pytest.mark.parametrize("output", ["build/{locale}/{path}", BESIDE, "docs/{language_tag}/{path}"])
def test_what_people_made_is_left_and_the_rest_is_done(site: Runner, output: str) -> None:
    configure(site, output)
    edition = EditionTemplate(output).path(PT, "docs/a.md", "a.md")
    site.write(edition, MINE)
    report = made(site)

    (error,) = report.errors
    assert str(error) == (
        f"{edition}: stands where build would write, and build did not write it: it is left as it "
        "is; move it away, or run the same with --overwrite to replace it"
    )
    assert error.exit_code == 1
    assert site.read(edition) == MINE
    assert [outcome.document for outcome in report.outcomes] == ["b.md"]
    report = made(site, overwrite=True)
    assert report.errors == []
    assert site.read(edition) == site.read("docs/a.md")
    assert refused(made(site, mt=True)) == []


def test_an_edition_that_was_edited_since_is_left(site: Runner) -> None:
    made(site)
    site.write("build/pt_BR/a.md", MINE)
    (error,) = made(site).errors

    assert str(error).startswith(
        "build/pt_BR/a.md: has been edited since build wrote it: it is left as it is; take the "
    )
    assert "--overwrite" in str(error)
    assert site.read("build/pt_BR/a.md") == MINE


def test_an_asset_that_people_made_is_left(site: Runner) -> None:
    site.write("build/pt_BR/a.png", b"localised")
    assert refused(made(site)) == ["build/pt_BR/a.png"]
    assert (site.root / "build/pt_BR/a.png").read_bytes() == b"localised"
    assert refused(made(site, overwrite=True)) == []
    site.write("build/pt_BR/a.png", b"localised")
    (error,) = made(site).errors
    assert "has been edited since" in str(error)
    assert (site.root / "build/pt_BR/a.png").read_bytes() == b"localised"


def test_what_is_there_already_as_it_would_be_written_becomes_a_build_s_own(site: Runner) -> None:
    for name in ("a.md", "b.md", "a.png"):
        site.write(f"build/pt_BR/{name}", (site.root / f"docs/{name}").read_bytes())
    assert made(site).errors == []
    site.write("docs/a.png", PICTURE + b"2")
    assert made(site, mt=True).errors == []
    assert site.read("build/pt_BR/b.md") == "[Two.]"


def test_many_files_of_an_older_build_are_one_line(site: Runner) -> None:
    for number in range(12):
        site.write(f"docs/{number:02}.md", "Three.")
    made(site)
    (site.root / "build/.l10n-editions").unlink()
    (error,) = made(site, mt=True).errors

    assert str(error).startswith(
        "14 files, from build/pt_BR/00.md to build/pt_BR/b.md, stand where build would write, "
    )
    assert "--overwrite" in error.way_out
    assert made(site, mt=True, overwrite=True).errors == []
    assert made(site).errors == []


def test_a_dry_run_tells_and_records_nothing(site: Runner) -> None:
    site.write("build/pt_BR/a.md", MINE)
    before = site.snapshot().keys()
    report = made(site, dry_run=True)

    assert refused(report) == ["build/pt_BR/a.md"]
    assert {path for path in site.snapshot().keys() - before if path.startswith("build")} == set()


def test_a_hard_link_follows_its_source(site: Runner) -> None:
    configure(site, assets="link")
    made(site)
    picture, copy = site.root / "docs/a.png", site.root / "build/pt_BR/a.png"
    picture.write_bytes(PICTURE + b"changed in its place")
    assert made(site).errors == []
    site.write("docs/new.png", PICTURE + b"replaced").replace(picture)
    assert made(site).errors == []
    assert copy.samefile(picture)
    copy.unlink()
    copy.write_bytes(b"localised")
    assert refused(made(site)) == ["build/pt_BR/a.png"]
    configure(site, assets="copy")
    copy.unlink()
    os.link(picture, copy)
    assert made(site, overwrite=True).errors == []


def test_the_record_is_in_the_root_where_editions_lie_among_the_sources(site: Runner) -> None:
    configure(site, BESIDE)
    made(site)
    assert "docs/a.pt-BR.md" in site.read(".l10n-editions")
    assert site.workspace.find_documents()[0] == made_of("docs/a.md", "docs/b.md", site)


def made_of(first: str, second: str, site: Runner) -> list[object]:
    listed = site.workspace.listed
    return [listed[first], listed[second]]


def test_the_record_is_never_copied(site: Runner) -> None:
    site.write("docs/.l10n-editions", "")
    site.write("docs/a.md", "[One](.l10n-editions)")
    report = made(site)
    assert (report.assets, len(report.warnings)) == ([], 1)


def test_a_second_language_s_build_keeps_what_the_first_recorded(site: Runner) -> None:
    site.run(PT, AZ, mt=False)
    first = site.workspace
    _ = first.record
    build(site.workspace, locales=[AZ])
    build(first, locales=[PT])
    assert {path.split("/")[1] for path in read(site)} == {"az", "pt_BR"}


def read(site: Runner) -> dict[str, frozenset[str]]:
    return dict(read_record(site.root / "build/.l10n-editions", "record"))


def test_what_a_killed_build_wrote_is_a_build_s_own(
    site: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Nothing is done after it."""

    def killed(_: BuildRecord) -> list[L10nError]:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(BuildRecord, "save", killed)
        with pytest.raises(Killed):
            made(site)
    record = site.root / "build/.l10n-editions"
    record.write_bytes(record.read_bytes()[:-4])  # the last line is torn
    site.write("docs/a.md", "Another one. ![A](a.png)")
    assert not made(site).errors
    assert site.read("build/pt_BR/a.md").startswith("Another one.")
    complete = record.read_bytes()
    assert complete == b"".join(
        sorted(complete.splitlines(keepends=True), key=lambda line: line[64:])
    )
    assert b"\n\n" not in complete


def test_a_record_that_cannot_be_written_is_told_once(site: Runner) -> None:
    site.run(mt=False)
    site.write("build", "a file where the folder should be")
    (error,) = build(site.workspace, locales=[PT]).errors
    assert error.where == "build/.l10n-editions"
    assert error.what.startswith("cannot be written: ")
    assert error.way_out == "make room or give write permission, then run again"


def test_both_sides_of_a_conflict_count(site: Runner) -> None:
    made(site)
    record = site.root / "build/.l10n-editions"
    ours = record.read_text(encoding="utf-8")
    site.write("build/pt_BR/b.md", "Of another branch.")
    mark = hashlib.sha256(b"Of another branch.").hexdigest()
    theirs = f"{mark}\tbuild/pt_BR/b.md\n"
    record.write_text(f"<<<<<<< a\n{ours}=======\n{theirs}>>>>>>> b\n", encoding="utf-8")
    assert made(site).errors == []
    assert site.read("build/pt_BR/b.md") == "Two."


def test_names_with_line_breaks_and_percent_signs_come_back(tmp_path: Path) -> None:
    path = tmp_path / "record"
    for name in ("a\nb", "100%.md", "a%0Ab", "a\tb", "é\u2028"):
        record = BuildRecord(path, "record", overwrite=False, known={})
        record.note(name, "0" * 64)
        assert record.save() == []
        assert name in read_record(path, "record")


def test_a_record_that_is_a_link_is_refused(site: Runner) -> None:
    mine = site.write("mine.txt", MINE)
    (site.root / "build").mkdir()
    (site.root / "build/.l10n-editions").symlink_to(mine)
    with pytest.raises(OutputError, match="is a link, and no build"):
        made(site)
    assert mine.read_text(encoding="utf-8") == MINE


# --- editions of documents that are gone ---------------------------------------------


@pytest.mark.parametrize("output", ["build/{locale}/{path}", BESIDE, "docs/{language_tag}/{path}"])
def test_the_edition_of_a_document_that_is_gone_is_removed(site: Runner, output: str) -> None:
    configure(site, output)
    gone, moved = (
        EditionTemplate(output).path(PT, f"docs/{name}", name) for name in ("a.md", "b.md")
    )
    new = EditionTemplate(output).path(PT, "docs/c/b.md", "c/b.md")
    made(site)
    (site.root / "docs/a.md").unlink()
    site.write("docs/c/b.md", site.read("docs/b.md"))
    (site.root / "docs/b.md").unlink()
    assert made(site, dry_run=True).gone == [gone, moved]
    assert (site.root / gone).exists()

    report = made(site)

    assert (report.gone, report.errors) == ([gone, moved], [])
    assert not (site.root / gone).exists()
    assert not (site.root / moved).exists()
    assert (site.root / new).exists()
    assert not {gone, moved} & read_record(site.root / site.workspace.record_path, "").keys()
    # The picture may be another page's.
    assert output == BESIDE or (site.root / gone).with_name("a.png").exists()


def test_one_that_was_edited_since_is_left_and_told(site: Runner) -> None:
    made(site)
    (site.root / "docs/a.md").unlink()
    site.write("build/pt_BR/a.md", MINE)
    report = made(site)

    (error,) = report.errors
    assert str(error).startswith(
        "build/pt_BR/a.md: is no longer built, since its document is gone, and has been edited"
    )
    assert report.gone == []
    assert site.read("build/pt_BR/a.md") == MINE


def test_the_edition_of_a_document_that_is_there_and_not_listed_stays(site: Runner) -> None:
    made(site)
    site.write("l10n.toml", 'documents = ["docs/**"]\nexclude = ["docs/a.md"]\n')
    assert made(site).gone == []
    site.write("l10n.toml", 'documents = ["doc/**", "news/**"]\n')
    site.write("news/c.md", "Three.")
    assert made(site).gone == []
    assert (site.root / "build/pt_BR/b.md").exists()


@pytest.mark.parametrize("output", ["{folder}/{locale}_{stem}{suffix}", "build/{locale}_{path}"])
def test_the_edition_in_a_language_of_which_the_name_begins_alike_stays(
    site: Runner, output: str
) -> None:
    configure(site, output)
    made(site)
    pt = Locale.parse("pt")
    site.run(pt, mt=False)
    template = EditionTemplate(output)
    edition = site.root / template.path(PT, "docs/a.md", "a.md")
    assert build(site.workspace, locales=[pt]).gone == []
    assert edition.exists()
    (site.root / "docs/a.md").unlink()
    # Of its own language it is told to be gone as before.
    build(site.workspace, locales=[PT])
    assert not edition.exists()


@pytest.mark.parametrize("name", ["app.pot", "app.POT"])
def test_the_edition_of_a_template_that_is_not_listed_stays(site: Runner, name: str) -> None:
    setting = '[build]\noutput = "build/{locale}/{path}"\n'
    site.write("l10n.toml", f'documents = ["docs/*.md", "src/*.pot", "src/*.POT"]\n{setting}')
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    site.write(f"src/{name}", f'{header}msgid "Open"\nmsgstr ""\n')
    site.run(mt=False)
    build(site.workspace, locales=[PT], mo=True)
    editions = {site.root / "build/pt_BR/app.mo", site.root / "build/pt_BR/app.po"}
    site.write("l10n.toml", f'documents = ["docs/*.md"]\n{setting}')
    assert build(site.workspace, locales=[PT], mo=True).gone == []
    site.catalogue(name).unlink()
    assert build(site.workspace, locales=[PT], mo=True).gone == []
    assert all(edition.exists() for edition in editions)
    (site.root / "src" / name).unlink()
    build(site.workspace, locales=[PT], mo=True)
    assert not any(edition.exists() for edition in editions)


def test_where_no_documents_are_found_no_edition_is_removed(site: Runner) -> None:
    made(site)
    (site.root / "docs").rename(site.root / "elsewhere")
    assert made(site).gone == []
    assert (site.root / "build/pt_BR/a.md").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_the_edition_of_a_document_out_of_reach_stays(site: Runner) -> None:
    site.write("docs/guide/c.md", "Three.")
    made(site)
    folder = site.root / "docs/guide"
    folder.chmod(0)
    try:
        assert build(site.workspace, locales=[PT]).gone == []
    finally:
        folder.chmod(0o755)


def test_the_edition_of_a_document_behind_a_link_that_leads_nowhere_stays(site: Runner) -> None:
    site.write("docs/guide/c.md", "Three.")
    made(site)
    folder = site.root / "docs/guide"
    folder.rename(site.root / "elsewhere")
    folder.symlink_to(site.root / "nowhere")
    site.catalogue("guide/c.md").unlink()
    assert build(site.workspace, locales=[PT]).gone == []


def test_only_a_build_of_all_documents_looks_for_what_is_gone(site: Runner) -> None:
    made(site)
    (site.root / "docs/a.md").unlink()
    assert build(site.workspace, locales=[PT], paths=[site.root / "docs"]).gone == []
    assert build(site.workspace, locales=[AZ]).gone == []


@pytest.mark.parametrize("assets", ["copy", "link"])
def test_a_page_that_others_refer_to_stays(site: Runner, assets: str) -> None:
    site.write("docs/b.md", "Two. [More](more.html)")
    site.write("docs/more.html", "<p>More.</p>")
    configuration = (
        f'documents = ["docs/**/*.md"]\ntargets = ["pt-BR"]\n[build]\nassets = "{assets}"\n'
    )
    site.write("l10n.toml", configuration)
    made(site)
    (site.root / "docs/a.md").unlink()
    site.write("docs/b.md", "Two.")
    assert made(site).gone == ["build/pt_BR/a.md"]
    assert (site.root / "build/pt_BR/more.html").exists()


def test_a_compiled_catalogue_goes_with_its_template(site: Runner) -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    site.write("docs/app.pot", f'{header}msgid "Open"\nmsgstr ""\n')
    site.run(mt=False)
    build(site.workspace, locales=[PT], mo=True)
    assert (site.root / "build/pt_BR/app.mo").exists()
    assert build(site.workspace, locales=[PT], mo=True).gone == []
    (site.root / "docs/app.pot").unlink()
    assert build(site.workspace, locales=[PT], mo=True).gone == [
        "build/pt_BR/app.mo",
        "build/pt_BR/app.po",
    ]


def test_a_record_leads_nowhere_else(site: Runner) -> None:
    made(site)
    site.write("notes.md", "Mine.")
    mark = hashlib.sha256(b"Mine.").hexdigest()
    with (site.root / "build/.l10n-editions").open("a") as record:
        record.write(f"{mark}\tbuild/pt_BR/../../notes.md\n")
    assert made(site).gone == []
    assert site.read("notes.md") == "Mine."
