"""Which files are documents, glossaries and catalogues, and what is said of the others."""

import os
from pathlib import Path

import pytest

from l10n_pipeline.errors import (
    CatalogueError,
    ConfigError,
    DocumentError,
    GlossaryError,
    L10nError,
)
from l10n_pipeline.pipeline.build import build
from l10n_pipeline.pipeline.glossary_files import read_glossary
from tests.support.projects import AZ, PT, Runner

TEXT = "One comes.\n"


def found(project: Runner, *paths: str) -> tuple[list[str], list[str]]:
    """Paths of the documents, and what is said of others."""
    documents, errors = project.workspace.find_documents([project.root / path for path in paths])
    return [document.path for document in documents], [str(error) for error in errors]


@pytest.fixture
def denied(project: Runner, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Rights that are taken from folders: ``r`` to list it, ``x`` to reach what is in it.

    As if for a user whom the mode stops: a test may run as root, whom it does not.
    """
    rights: dict[str, str] = {}
    scandir, stat = os.scandir, os.stat

    def check(path: object, *, listing: bool) -> None:
        if not isinstance(path, Path):
            return
        for name, taken in rights.items():
            folder = project.root / name
            if (listing and folder == path and "r" in taken) or (
                folder in path.parents and "x" in taken
            ):
                raise PermissionError(13, "Permission denied", str(path))

    def checked_scandir(path: object) -> object:
        check(path, listing=True)
        return scandir(path)  # type: ignore[call-overload]  # whatever it was called with

    def checked_stat(path: object, **options: object) -> object:
        check(path, listing=False)
        return stat(path, **options)  # type: ignore[call-overload]  # as above

    monkeypatch.setattr(os, "scandir", checked_scandir)
    monkeypatch.setattr(os, "stat", checked_stat)
    return rights


# --- documents ---------------------------------------------------------------------


def test_a_named_file_does_not_take_over_a_listed_document_s_catalogue(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("a.txt", TEXT)
    with pytest.raises(ConfigError, match=r"a\.txt and seeds/a\.txt would share one catalogue"):
        found(project, "a.txt")
    assert found(project, "seeds/a.txt") == (["seeds/a.txt"], [])


def test_a_name_that_is_not_utf8_is_its_own_error_and_the_others_are_done(project: Runner) -> None:
    project.write("seeds/b.txt", TEXT)
    project.write("seeds/caf\udce9.txt", TEXT)
    said = [r"seeds/caf\xe9.txt: the file's name is not UTF-8; rename it"]
    assert found(project) == (["seeds/b.txt"], said)
    assert found(project, "seeds") == (["seeds/b.txt"], said)
    assert found(project, "seeds/caf\udce9.txt", "seeds/b.txt") == (["seeds/b.txt"], said)
    project.write("loose\udce9.txt", TEXT)
    assert found(project, "loose\udce9.txt")[1] == [
        r"loose\xe9.txt: the file's name is not UTF-8; rename it"
    ]


@pytest.mark.parametrize(
    "output",
    [
        "{locale}/{path}",
        "{locale}-site/{path}",
        "{path}.{locale}.txt",
        "./{locale}/{path}",
        "{folder}/{stem}.{locale}{suffix}",
        "{folder}/{stem}.{language_tag}{suffix}",
        "{folder}/{language_tag}/{stem}{suffix}",
        "out/{folder}/{stem}-{locale}{suffix}",
        "{stem}_{locale}/{folder}.txt",
    ],
)
def test_editions_never_become_sources(project: Runner, output: str) -> None:
    project.write(
        "l10n.toml", f'targets = ["pt-BR"]\ndocuments = ["**/*.txt"]\nbuild.output = "{output}"'
    )
    project.write("a.txt", TEXT)
    project.write("docs/b.txt", TEXT)
    project.write("locales/az/LC_MESSAGES/a.txt.po", "")
    workspace = project.workspace
    for locale in (PT, AZ):
        for document in workspace.find_documents()[0]:
            project.write(workspace.edition_path(locale, document), TEXT)
    assert found(project) == (["a.txt", "docs/b.txt"], [])


def test_a_name_that_looks_like_an_edition_s_is_a_document_where_it_is_none(
    project: Runner,
) -> None:
    project.write(
        "l10n.toml",
        'targets = ["id", "pt-BR"]\ndocuments = ["docs/**"]\n'
        'build.output = "{folder}/{stem}.{language_tag}{suffix}"',
    )
    sources = ["docs/page.md", "docs/user.id.md"]
    for name in (*sources, "docs/page.id.md", "docs/user.id.id.md", "docs/user.id.pt-BR.md"):
        project.write(name, TEXT)
    assert found(project) == (sources, [])
    assert project.workspace.is_output("docs/page.id.md")
    assert not project.workspace.is_output("docs/user.id.md")


def test_an_edition_whose_source_is_gone_is_no_document(project: Runner) -> None:
    project.write(
        "l10n.toml",
        'targets = ["pt-BR"]\ndocuments = ["**/*.txt"]\n'
        'build.output = "{folder}/{stem}.{language_tag}{suffix}"',
    )
    source = project.write("docs/a.txt", TEXT)
    project.run(mt=False)
    build(project.workspace, locales=[PT])
    source.unlink()
    assert (project.root / "docs/a.pt-BR.txt").exists()
    assert found(project) == ([], [])


def test_documents_listed_where_editions_go_are_refused(project: Runner) -> None:
    project.write(
        "l10n.toml",
        'targets = ["pt-BR"]\ndocuments = ["pt_BR/*.txt"]\nbuild.output = "{locale}/{path}"',
    )
    project.write("pt_BR/a.txt", TEXT)
    with pytest.raises(ConfigError, match=r"'pt_BR/\*\.txt' lists what this program writes"):
        found(project)


def test_an_unreadable_folder_of_documents_is_an_error_and_not_no_documents(
    project: Runner, denied: dict[str, str]
) -> None:
    project.write("l10n.toml", 'documents = ["seeds/**/*.txt", "more/*.txt"]')
    for name in ("seeds/x/a.txt", "seeds/y/b.txt", "more/c.txt"):
        project.write(name, TEXT)
    denied |= {"seeds/x": "r", "more": "r"}
    said = [f"{name}: cannot be read: permission denied" for name in ("seeds/x", "more")]
    assert found(project) == (["seeds/y/b.txt"], said)
    assert found(project, "seeds/y") == (["seeds/y/b.txt"], [])
    assert found(project, "seeds/x/a.txt")[1] == said[:1]


@pytest.mark.parametrize("rights", ["r", "x", "rx"])
def test_what_lies_in_an_unreadable_folder_is_not_gone(
    project: Runner, denied: dict[str, str], rights: str
) -> None:
    project.write("seeds/x/a.txt", TEXT)
    project.write("loose/b.txt", TEXT)
    project.run(mt=False)
    project.run(mt=False, paths=[project.root / "loose/b.txt"])
    denied |= dict.fromkeys(("seeds/x", "loose"), rights)
    assert project.run(mt=False).orphans == []


def test_a_folder_that_lists_but_cannot_be_searched_is_an_error_a_file(
    project: Runner, denied: dict[str, str]
) -> None:
    project.write("seeds/x/a.txt", TEXT)
    project.write("seeds/b.txt", TEXT)
    denied["seeds/x"] = "x"
    said = ["seeds/x/a.txt: cannot be read: permission denied"]
    assert found(project) == (["seeds/b.txt"], said)


def test_what_is_hidden_excluded_or_built_may_be_unreadable(
    project: Runner, denied: dict[str, str]
) -> None:
    project.write(
        "l10n.toml",
        'documents = ["**/*.txt"]\nexclude = ["drafts"]\ntargets = ["pt-BR"]\n'
        'build.output = "{locale}/{path}"',
    )
    for name in ("a.txt", ".git/x.txt", "drafts/b.txt", "pt_BR/a.txt", "locales/a.txt"):
        project.write(name, TEXT)
    denied |= dict.fromkeys((".git", "drafts", "pt_BR"), "r")
    assert found(project) == (["a.txt"], [])


@pytest.mark.parametrize("named", ["out.txt", "seeds/out.txt"])
def test_a_named_link_that_leads_out_is_refused(
    project: Runner, tmp_path_factory: pytest.TempPathFactory, named: str
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text(TEXT, encoding="utf-8")
    project.write("seeds/a.txt", TEXT)
    (project.root / named).symlink_to(outside)
    documents, (said,) = found(project, named, "seeds/a.txt")
    assert documents == ["seeds/a.txt"]
    assert said.startswith(f"{named}: is a link that leads out of the project")


@pytest.fixture
def outside(project: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside of the project, and links in it that lead there and in circles."""
    folder = tmp_path_factory.mktemp("outside").resolve()
    (folder / "secret.txt").write_text("Secret.", encoding="utf-8")
    (folder / "en-pt_BR.tsv").write_text("Secret\tSegredo\n", encoding="utf-8")
    project.write("seeds/a.txt", TEXT)
    (project.root / "seeds/hosts.txt").symlink_to("/etc/hosts")
    (project.root / "seeds/secret.txt").symlink_to(folder / "secret.txt")
    (project.root / "seeds/far").symlink_to(folder)
    (project.root / "seeds/loop").symlink_to("..")
    (project.root / "seeds/gone.txt").symlink_to("nowhere.txt")
    return folder


@pytest.mark.parametrize(
    "patterns",
    ['"seeds/**"', '"seeds/**/*.txt"', '"seeds/*.txt", "seeds/*/*.txt"', '"**/*.txt"', '"seeds/*"'],
)
def test_links_are_not_followed_out_of_the_project(
    project: Runner, outside: Path, patterns: str
) -> None:
    project.write("l10n.toml", f"documents = [{patterns}]")
    assert found(project) == (["seeds/a.txt"], [])


def test_a_pattern_through_a_link_that_leads_out_finds_nothing(
    project: Runner, outside: Path
) -> None:
    project.write("l10n.toml", 'documents = ["seeds/far/*.txt", "seeds/loop/seeds/far/**"]')
    assert found(project) == ([], [])


def test_a_named_file_or_folder_behind_a_link_that_leads_out_is_refused(
    project: Runner, outside: Path
) -> None:
    for named in ("seeds/far", "seeds/far/secret.txt", "seeds/loop/../outside.txt"):
        documents, (said,) = found(project, named)
        assert documents == []
        assert "lies outside the project" in said


def test_a_link_within_the_project_is_a_document(project: Runner) -> None:
    project.write("texts/real.txt", TEXT)
    (project.root / "seeds").mkdir()
    (project.root / "seeds/a.txt").symlink_to("../texts/real.txt")
    assert found(project) == (["seeds/a.txt"], [])


def test_a_circle_among_the_documents_is_told_and_the_others_are_done(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    (project.root / "seeds/circle.txt").symlink_to("circle.txt")
    documents, (said,) = found(project)
    assert documents == ["seeds/a.txt"]
    assert said == "seeds/circle.txt: cannot be read: too many levels of symbolic links"


@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_glossary_behind_a_link_that_leads_out_is_refused(
    project: Runner, outside: Path, whole_folder: bool
) -> None:
    if whole_folder:
        (project.root / "glossary").symlink_to(outside)
    else:
        (project.root / "glossary").mkdir()
        (project.root / "glossary/en-pt_BR.tsv").symlink_to(outside / "en-pt_BR.tsv")
    with pytest.raises(GlossaryError) as caught:
        found(project)
    assert str(caught.value).startswith(
        "glossary/en-pt_BR.tsv: is a link that leads out of the project; copy the file"
    )


@pytest.mark.parametrize(
    "linked", ["locales", "locales/pt_BR", "locales/pt_BR/LC_MESSAGES/a.txt.po"]
)
def test_catalogues_behind_a_link_that_leads_out_are_neither_read_nor_written(
    project: Runner, outside: Path, linked: str
) -> None:
    before = sorted(outside.rglob("*"))
    place = project.root / linked
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside / "secret.txt" if linked.endswith(".po") else outside)
    report = project.run()
    assert {type(error) for error in report.errors} == {CatalogueError}
    assert "is a link that leads out of the project" in str(report.errors[0])
    assert sorted(outside.rglob("*")) == before
    assert (outside / "secret.txt").read_text(encoding="utf-8") == "Secret."


@pytest.mark.parametrize("linked", ["build", "build/pt_BR", "build/pt_BR/a.txt"])
def test_editions_are_not_written_through_a_link_that_leads_out(
    project: Runner, outside: Path, linked: str
) -> None:
    project.run(mt=False)
    before = sorted(outside.rglob("*"))
    place = project.root / linked
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside / "secret.txt" if linked.endswith(".txt") else outside)
    (error,) = build(project.workspace, locales=[PT]).errors
    assert "build/pt_BR/a.txt would lie outside the project" in str(error)
    assert sorted(outside.rglob("*")) == before
    assert (outside / "secret.txt").read_text(encoding="utf-8") == "Secret."


def test_all_sorts_of_files_may_lie_among_documents(project: Runner) -> None:
    project.write("l10n.toml", 'documents = ["docs/**"]')
    for name in ("a.txt", "b.MD", "img/c.png", "Makefile", "d.html"):
        project.write(f"docs/{name}", TEXT)
    assert found(project) == (["docs/a.txt", "docs/b.MD", "docs/d.html"], [])


def test_sources_in_a_language_s_own_folder_have_editions_beside_it(project: Runner) -> None:
    project.write(
        "l10n.toml",
        'targets = ["pt-BR"]\ndocuments = ["content/en/**"]\n'
        'build.output = "content/{language_tag}/{path}"',
    )
    for folder in ("en", "pt-BR", "de"):
        project.write(f"content/{folder}/a.md", TEXT)
    assert found(project) == (["content/en/a.md"], [])
    (document,) = project.workspace.find_documents()[0]
    assert project.workspace.edition_path(PT, document) == "content/pt-BR/a.md"


def test_a_named_pipe_is_refused_instead_of_waited_for(project: Runner) -> None:
    os.mkfifo(project.root / "pipe.txt")
    documents, _ = project.workspace.find_documents([project.root / "pipe.txt"])
    with pytest.raises(DocumentError, match=r"pipe\.txt: is a pipe or device"):
        project.workspace.read_document(documents[0])


def test_a_named_circle_of_links_is_an_error(project: Runner) -> None:
    (project.root / "circle").symlink_to("circle")
    for name in ("circle", "circle/a.txt"):
        assert "too many levels of symbolic links" in found(project, name)[1][0]


# --- glossaries --------------------------------------------------------------------


def run_error(project: Runner, kind: type[L10nError]) -> str:
    """What stops the whole run, before any document."""
    with pytest.raises(kind) as caught:
        project.run()
    assert not (project.root / "locales").exists()
    return str(caught.value)


def test_a_glossary_s_name_that_tells_no_pair_is_told_once(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("seeds/b.txt", TEXT)
    project.write("glossary/names.tsv", "One\tUm\n")
    assert run_error(project, ConfigError).startswith("glossary/names.tsv: ")


def test_a_glossary_that_is_not_utf8_stops_its_language_alone(project: Runner) -> None:
    for name in ("a", "b"):
        project.write(f"seeds/{name}.txt", "We read Khojaly. Twenty years of it today.\n")
    project.write("glossary/en-az.tsv", b"Khojaly. Twenty years\tx\nBaku\t\xfa\n")
    report = project.run(AZ, PT)
    assert [error.where for error in report.errors] == ["glossary/en-az.tsv:2"]
    assert [outcome.units for outcome in report.outcomes] == [1, 1]


def test_an_unreadable_glossary_folder_is_an_error_and_not_no_glossary(
    project: Runner, denied: dict[str, str]
) -> None:
    project.write("seeds/a.txt", TEXT)
    project.write("glossary/en-pt_BR.tsv", "One\tUm\n")
    denied["glossary"] = "r"
    assert run_error(project, GlossaryError) == "glossary: cannot be read: permission denied"


def test_a_glossary_is_read_once(project: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("seeds/a.txt", TEXT)
    glossary = project.write("glossary/en-pt_BR.tsv", "One\tUm\n")
    read: list[Path] = []
    read_bytes = Path.read_bytes

    def remembering(path: Path) -> bytes:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", remembering)
    project.run(PT, AZ)
    assert read.count(glossary) == 1


def test_a_glossary_that_is_a_pipe_is_refused_instead_of_waited_for(project: Runner) -> None:
    project.write("seeds/a.txt", TEXT)
    (project.root / "glossary").mkdir()
    os.mkfifo(project.root / "glossary/en-pt_BR.tsv")
    assert "is a pipe or device" in run_error(project, GlossaryError)
    with pytest.raises(GlossaryError, match="is a pipe or device"):
        read_glossary(project.root / "glossary/en-pt_BR.tsv")


def test_an_editor_s_lock_beside_a_glossary_is_passed_over(project: Runner) -> None:
    project.write("glossary/en-pt_BR.tsv", "One\tUm\n")
    (project.root / "glossary/.#en-pt_BR.tsv").symlink_to("user@host.1")
    assert len(project.workspace.glossary(PT).match("One")) == 1


def test_a_glossary_outside_any_project_is_named_in_its_errors(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match=r"none\.tsv: no such file"):
        read_glossary(tmp_path / "none.tsv")


# --- catalogues --------------------------------------------------------------------


def test_an_unreadable_catalogue_folder_stops_its_language_alone(
    project: Runner, denied: dict[str, str]
) -> None:
    project.write("seeds/a.txt", TEXT)
    project.run(PT, AZ, mt=False)
    denied["locales/pt_BR"] = "rx"
    report = project.run(PT, AZ, mt=False)
    (error,) = report.errors
    assert isinstance(error, CatalogueError)
    assert error.where == "locales/pt_BR/LC_MESSAGES/a.txt.po"
    assert [outcome.locale for outcome in report.outcomes] == [AZ]
    assert project.workspace.catalogues.locales() == [AZ, PT]
    with pytest.raises(CatalogueError, match="LC_MESSAGES: cannot be read: permission denied"):
        project.workspace.catalogues.names(PT)


def test_a_glossary_that_is_named_and_not_there_is_an_error(project: Runner) -> None:
    project.write("l10n.toml", '[glossary]\nfiles = ["glossary/en-pt_BR.tsv"]')
    project.write("seeds/a.txt", "One.")
    with pytest.raises(GlossaryError, match="no such file"):
        project.workspace.find_documents()


def test_a_broken_template_is_to_be_deleted(project: Runner) -> None:
    project.write("seeds/a.txt", "One.")
    project.write("locales/a.txt.pot", "broken")
    (error,) = project.run().errors
    assert str(error).endswith("delete it: it is made anew from the document")
    (project.root / "locales/a.txt.pot").unlink()
    assert project.run().errors == []
