"""One file, without a project: from the first command to the edition."""

from pathlib import Path

import pytest

from l10n_pipeline.fingerprint import text_hash

from .conftest import L10n

PAGE = "<title>One comes</title>\n<p>Two <b>go</b>. <img src=img/a.png alt=''>\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "img").mkdir(parents=True)
    (folder / "report.html").write_text(PAGE, encoding="utf-8")
    (folder / "img/a.png").write_bytes(b"picture")
    return folder


def accept(catalogue: Path) -> None:
    """What a translator does: a translation for each entry."""
    text = catalogue.read_text(encoding="utf-8")
    for source, target in (("One comes", "Um vem"), ("Two <g1>go</g1>.", "Dois <g1>vão</g1>.")):
        assert f'msgid "{source}"\nmsgstr ""' in text
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')
    catalogue.write_text(text, encoding="utf-8")


def test_a_file_in_the_current_folder(folder: Path, l10n: L10n) -> None:
    done = l10n("translate", "report.html", "--to", "pt-BR", "--no-mt", cwd=folder)
    catalogue = folder / "locales/pt_BR/LC_MESSAGES/report.html.po"

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "pt-BR  locales/pt_BR/LC_MESSAGES/report.html.po  2 segments  created",
        "next: translate what is in the catalogue, and run: l10n build report.html --to pt-BR",
    ]
    accept(catalogue)
    done = l10n("build", "report.html", "--to", "pt-BR", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "build/pt_BR/report.html: 2 reviewed",
        "1 file that documents refer to: 1 brought, 0 unchanged",
    ]
    edition = (folder / "build/pt_BR/report.html").read_text(encoding="utf-8")
    assert edition == PAGE.replace("One comes", "Um vem").replace("Two <b>go", "Dois <b>vão")
    assert (folder / "build/pt_BR/img/a.png").read_bytes() == b"picture"


@pytest.mark.parametrize("place", ["above", "elsewhere", "below", "linked"])
def test_a_file_in_another_folder(folder: Path, l10n: L10n, place: str) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder.parent / "link").symlink_to(folder)
    cwd, path = {
        "above": (folder.parent, "papers/report.html"),
        "elsewhere": (elsewhere, str(folder / "report.html")),
        "below": (folder / "img", "../report.html"),
        "linked": (folder.parent, "link/report.html"),
    }[place]
    done = l10n("translate", path, "--to", "pt-BR", "--no-mt", cwd=cwd)
    catalogue = folder / "locales/pt_BR/LC_MESSAGES/report.html.po"
    shown = catalogue.relative_to(cwd) if place in {"above", "linked"} else catalogue

    assert (done.returncode, done.stderr) == (0, "")
    row, hint = done.stdout.splitlines()
    assert f"  {shown}  " in row
    assert hint.endswith(f"run: l10n build {path} --to pt-BR")
    accept(catalogue)
    done = l10n("build", path, "--to", "pt-BR", cwd=cwd)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Um vem" in (folder / "build/pt_BR/report.html").read_text(encoding="utf-8")
    assert not (elsewhere / "locales").exists()
    assert not (folder.parent / "locales").exists()


def test_files_in_two_folders_share_the_folder_above(folder: Path, l10n: L10n) -> None:
    (folder / "more").mkdir()
    (folder / "more/b.txt").write_text("One.", encoding="utf-8")
    paths = ("papers/report.html", "papers/more/b.txt")
    done = l10n("translate", *paths, "--to", "az", "--no-mt", cwd=folder.parent)

    assert done.returncode == 0
    assert (folder / "locales/az/LC_MESSAGES/more/b.txt.po").exists()
    assert (folder / "locales/az/LC_MESSAGES/report.html.po").exists()


def test_the_file_s_own_project_is_taken_where_there_is_none_here(folder: Path, l10n: L10n) -> None:
    (folder / "l10n.toml").write_text('targets = ["az"]\ndocuments = ["*.html"]', encoding="utf-8")
    done = l10n("translate", "papers/report.html", "--no-mt", cwd=folder.parent)

    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "locales/az/LC_MESSAGES/report.html.po").exists()
    assert "next:" not in done.stdout


def test_in_a_project_a_file_outside_is_refused(folder: Path, l10n: L10n) -> None:
    here = folder.parent / "site"
    here.mkdir()
    (here / "l10n.toml").write_text("", encoding="utf-8")
    done = l10n("translate", "../papers/report.html", "--to", "az", "--no-mt", cwd=here)

    assert done.returncode == 1
    assert done.stderr.startswith("error: ../papers/report.html: lies outside the project; ")
    assert not (folder / "locales").exists()


def test_documents_where_they_are_by_default_need_no_configuration(
    tmp_path: Path, l10n: L10n
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "seeds/a.png").write_bytes(b"\x89PNG")
    for arguments in ((), ("seeds/a.html",), ("seeds",)):
        done = l10n("translate", *arguments, "--to", "az", "--no-mt")
        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "locales/az/LC_MESSAGES/a.html.po").exists()


def test_a_file_that_was_named_is_no_orphan_later(folder: Path, l10n: L10n) -> None:
    l10n("translate", "report.html", "--to", "pt-BR", "--no-mt", cwd=folder)
    (folder / "seeds").mkdir()
    (folder / "seeds/a.txt").write_text("One.", encoding="utf-8")

    assert "is gone" not in l10n("translate", "--to", "pt-BR", "--no-mt", cwd=folder).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("translate", "gone.md", "--to", "az"), 1, "error: gone.md: no such file"),
        (("translate", "report.html"), 2, "error: no target language; pass --to pt-BR"),
        (("translate", "img", "--to", "az"), 1, "make a project with l10n init"),
        (("translate", "img/a.png", "--to", "az"), 1, "no document format serves '.png'"),
        (
            ("build", "report.html", "--to", "az"),
            1,
            "report.html has no catalogue for Azerbaijani; run: l10n translate report.html --to az",
        ),
    ],
)
def test_what_is_wrong_is_one_clear_line(
    folder: Path, l10n: L10n, arguments: tuple[str, ...], status: int, said: str
) -> None:
    done = l10n(*arguments, cwd=folder)

    assert done.returncode == status
    (line,) = done.stderr.splitlines()
    assert said in line
    assert not (folder / "locales").exists()


def test_places_are_told_as_the_current_folder_finds_them(folder: Path, l10n: L10n) -> None:
    above = folder.parent
    (folder / "report.html").write_text("<p>One <img src=gone.png>", encoding="utf-8")
    for command in ("translate", "build"):
        done = l10n(command, "papers/gone.md", "--to", "az", cwd=above)
        assert done.stderr == "error: papers/gone.md: no such file\n"
        done = l10n(command, "../gone.md", "--to", "az", cwd=folder / "img")
        assert done.stderr == f"error: {folder}/gone.md: no such file\n"
        assert "error: papers/img: no doc" in l10n(command, "papers/img", "--to", "az").stderr
    l10n("translate", "papers/report.html", "--to", "az", "--no-mt", cwd=above)
    done = l10n("build", "papers/report.html", "--to", "az", cwd=above)
    assert done.stderr == "warning: papers/report.html: gone.png does not exist\n"
    (folder / "build/az/report.html").write_text("Mine.", encoding="utf-8")
    done = l10n("build", "papers/report.html", "--to", "az", cwd=above)
    assert done.stderr.startswith("error: papers/build/az/report.html: has been edited since")


def test_a_command_that_is_told_works_for_a_name_with_a_hyphen(folder: Path, l10n: L10n) -> None:
    (folder / "-a b.html").write_text(PAGE, encoding="utf-8")
    done = l10n("translate", "--to", "pt-BR", "--no-mt", "--", "-a b.html", cwd=folder)
    assert "run: l10n build './-a b.html' --to pt-BR" in done.stdout
    done = l10n("build", "--to", "az", "./-a b.html", cwd=folder)
    assert "run: l10n translate './-a b.html' --to az" in done.stderr


def test_what_people_made_is_replaced_where_that_is_told(folder: Path, l10n: L10n) -> None:
    command = ("build", "report.html", "--to", "az")
    l10n("translate", "report.html", "--to", "az", "--no-mt", cwd=folder)
    (folder / "build/az").mkdir(parents=True)
    (folder / "build/az/report.html").write_text("Mine.", encoding="utf-8")
    done = l10n(*command, cwd=folder)
    assert done.returncode == 1
    assert done.stderr.startswith("error: build/az/report.html: stands where build would write")
    assert "--overwrite" in done.stderr
    assert l10n(*command, "--overwrite", cwd=folder).returncode == 0
    assert (folder / "build/az/report.html").read_text(encoding="utf-8") == PAGE


def test_without_documents_it_is_said_how_to_name_them(tmp_path: Path, l10n: L10n) -> None:
    for command in ("translate", "build"):
        done = l10n(command, "--to", "az")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "no documents found: name files, or make a project with l10n init (no l10n.toml here)\n"
        )


def test_missing_references_are_warnings(folder: Path, l10n: L10n) -> None:
    pictures = "".join(f"<img src={number}.png>" for number in range(30))
    (folder / "report.html").write_text(f"<p>One {pictures}", encoding="utf-8")
    l10n("translate", "report.html", "--to", "az", "--no-mt", cwd=folder)
    done = l10n("build", "report.html", "--to", "az", cwd=folder)

    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0] == "warning: report.html: 0.png does not exist"
    assert lines[-1] == "warning: 10 warnings more like these"
    assert len(lines) == 21


def test_drafts_that_stay_out_are_told_with_the_way_to_take_them(folder: Path, l10n: L10n) -> None:
    l10n("translate", "report.html", "--to", "pt-BR", "--no-mt", cwd=folder)
    catalogue = folder / "locales/pt_BR/LC_MESSAGES/report.html.po"
    accept(catalogue)
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace('msgid "One', '#, fuzzy\nmsgid "One'), encoding="utf-8")
    done = l10n("build", "report.html", "--to", "pt-BR", cwd=folder)

    assert "1 left in the source language (1 edited;" in done.stdout
    assert "--accept fuzzy" in done.stdout


def test_a_draft_that_is_left_out_whatever_the_policy_is_told_with_the_reason(
    folder: Path, l10n: L10n
) -> None:
    l10n("translate", "report.html", "--to", "pt-BR", "--no-mt", cwd=folder)
    catalogue = folder / "locales/pt_BR/LC_MESSAGES/report.html.po"
    text = catalogue.read_text(encoding="utf-8")
    source = 'msgid "Two <g1>go</g1>."\n'
    draft = f'# l10n-mt: fake/f32 text={text_hash("Dois.")}\n#, fuzzy\n{source}msgstr "Dois."'
    catalogue.write_text(text.replace(f'{source}msgstr ""', draft), encoding="utf-8")
    done = l10n("build", "report.html", "--to", "pt-BR", "--accept", "mt", cwd=folder)

    assert "--accept" not in done.stdout
    assert (
        "locales/pt_BR/LC_MESSAGES/report.html.po: the draft of “Two <g1>go</g1>.” is left out: "
        "<g1> is missing, </g1> is missing\n"
    ) in done.stdout
