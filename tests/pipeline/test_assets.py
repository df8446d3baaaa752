"""What documents refer to is where their editions look for it, and nothing else is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from l10n_pipeline.errors import ConfigError
from l10n_pipeline.pipeline.build import BuildReport, build
from tests.support.projects import AZ, PT, Runner

PICTURE = b"\x89PNG\r\n\x1a\n picture"


def made(
    project: Runner, *paths: str, dry_run: bool = False, overwrite: bool = False
) -> BuildReport:
    """The editions, after catalogues have been prepared."""
    project.run(mt=False)
    chosen = [project.root / path for path in paths]
    return build(
        project.workspace, locales=[PT], paths=chosen, dry_run=dry_run, overwrite=overwrite
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def brought(report: BuildReport) -> list[str]:
    return sorted(outcome.path for outcome in report.assets)


@pytest.fixture
def site(project: Runner) -> Runner:
    configure(project)
    return project


def configure(
    project: Runner,
    *,
    output: str = "build/{locale}/{path}",
    assets: str = "copy",
    documents: str = '"docs/**"',
) -> None:
    project.write(
        "l10n.toml",
        f'targets = ["pt-BR"]\ndocuments = [{documents}]\n'
        f'[build]\noutput = "{output}"\nassets = "{assets}"\n',
    )


def test_pictures_of_markdown_and_everything_of_a_page_is_copied(site: Runner) -> None:
    site.write(
        "docs/guide/a.md", "![One](img/a%20b.png) [two](../two.pdf#page=2) <img src='c.gif'>"
    )
    site.write(
        "docs/page.html",
        "<link rel=stylesheet href=main.css><img srcset='s.png 1x, l.png 2x' poster=p.jpg>"
        "<style>p { background: url(inline.png) }</style><video src='v.mp4?x=1'></video>",
    )
    site.write("docs/main.css", "@import 'fonts/f.css'; p { background: url('bg.png') }")
    site.write("docs/fonts/f.css", "@font-face { src: url(f.woff2) } @import '../main.css';")
    wanted = [
        *("guide/img/a b.png", "two.pdf", "guide/c.gif", "main.css", "s.png", "l.png", "p.jpg"),
        *("inline.png", "v.mp4", "fonts/f.css", "bg.png", "fonts/f.woff2"),
    ]
    for name in wanted:
        if not name.endswith(".css"):
            site.write(f"docs/{name}", PICTURE)
    site.write("docs/guide/img/unused.png", PICTURE)
    report = made(site)

    assert (report.errors, report.warnings) == ([], [])
    assert brought(report) == sorted(f"build/pt_BR/{name}" for name in wanted)
    assert (site.root / "build/pt_BR/guide/img/a b.png").read_bytes() == PICTURE
    assert not (site.root / "build/pt_BR/guide/img/unused.png").exists()


@pytest.mark.parametrize("assets", ["copy", "link"])
def test_what_has_not_changed_is_not_written_again(site: Runner, assets: str) -> None:
    configure(site, assets=assets)
    site.write("docs/a.md", "![One](a.png)")
    source = site.write("docs/a.png", PICTURE)
    made(site)
    before = site.snapshot()
    report = made(site)

    assert site.snapshot() == before
    assert [outcome.written for outcome in report.assets] == [False]
    copy = site.root / "build/pt_BR/a.png"
    assert source.samefile(copy) == (assets == "link")
    replacement = site.write("docs/new.png", PICTURE + b"2")
    replacement.replace(source)
    assert [outcome.written for outcome in made(site).assets] == [True]
    assert copy.read_bytes() == PICTURE + b"2"


def test_the_same_bytes_of_another_time_are_not_written_again(site: Runner) -> None:
    site.write("docs/a.md", "![One](a.png)")
    source = site.write("docs/a.png", PICTURE)
    made(site)
    before = site.snapshot()["build/pt_BR/a.png"]
    os.utime(source, (1, 1))
    made(site)

    assert site.snapshot()["build/pt_BR/a.png"] == before


def test_where_links_cannot_be_made_there_are_copies(
    site: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(site, assets="link")
    site.write("docs/a.md", "![One](a.png)")
    source = site.write("docs/a.png", PICTURE)

    def no_links(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    made(site)
    copy = site.root / "build/pt_BR/a.png"

    assert copy.read_bytes() == PICTURE
    assert not source.samefile(copy)
    assert names(copy.parent) == ["a.md", "a.png"]


def test_nothing_is_brought_where_that_is_set(site: Runner) -> None:
    configure(site, assets="none")
    site.write("docs/a.md", "![One](a.png) ![Two](gone.png)")
    site.write("docs/a.png", PICTURE)
    report = made(site)

    assert (report.assets, report.warnings) == ([], [])
    assert names(site.root / "build/pt_BR") == ["a.md"]


def test_a_dry_run_only_says_what_would_be_brought(site: Runner) -> None:
    site.write("docs/a.md", "![One](a.png)")
    site.write("docs/a.png", PICTURE)
    report = made(site, dry_run=True)

    assert [outcome.written for outcome in report.assets] == [True]
    assert not (site.root / "build").exists()


@pytest.mark.parametrize(
    "output", ["{folder}/{stem}.{locale}{suffix}", "docs/{stem}-{language_tag}{suffix}"]
)
def test_beside_its_source_an_edition_finds_everything(site: Runner, output: str) -> None:
    configure(site, output=output)
    site.write("docs/a.md", "![One](img/a.png) [b](b.md) ![two](../x.png)")
    site.write("docs/b.md", "Two.")
    site.write("docs/img/a.png", PICTURE)
    site.write("x.png", PICTURE)
    report = made(site)

    assert (report.assets, report.warnings, report.errors) == ([], [], [])


def test_a_language_s_folder_among_the_sources(site: Runner) -> None:
    configure(site, output="docs/{language_tag}/{path}")
    site.write("docs/a.md", "![One](img/a.png)")
    site.write("docs/img/a.png", PICTURE)

    assert brought(made(site)) == ["docs/pt-BR/img/a.png"]
    assert [outcome.path for outcome in made(site).outcomes] == ["docs/pt-BR/a.md"]


def test_links_between_documents_lead_to_their_editions(site: Runner) -> None:
    site.write("docs/a.md", "[b](guide/b.md)")
    site.write("docs/guide/b.md", "[a](../a.md)")
    report = made(site)

    assert (report.assets, report.warnings) == ([], [])


def test_a_link_that_will_not_lead_to_an_edition_is_told(site: Runner) -> None:
    configure(site, documents='"README.md", "docs/**"')
    site.write("README.md", "[a](docs/a.md)")
    site.write("docs/a.md", "One.")

    assert made(site).warnings == [
        "README.md: docs/a.md will not be found: it becomes build/pt_BR/a.md"
    ]


@pytest.mark.parametrize(
    "address",
    [
        *("https://a.example/x.png", "//a.example/x.png", "mailto:a@b.example", "data:image/png,x"),
        *("/x.png", "#x", "?x", "", "img/", "img", ".", "http://[x/a.png", "a%FF.png", "a%00b.png"),
        *("{{ root }}/x.png", "${x}.png", "page", "other.html", "C:/x.png", "/etc/passwd"),
    ],
)
def test_what_is_no_file_of_the_project_is_left_alone(site: Runner, address: str) -> None:
    site.write("docs/a.html", f'<a href="{address}">One</a>')
    site.write("docs/other.md", "Two.")
    site.write("docs/img/x.png", PICTURE)
    site.write("docs/x.png", PICTURE)
    report = made(site)

    assert (report.assets, report.warnings, report.errors) == ([], [], [])


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("gone.png", "docs/a.html: gone.png does not exist"),
        ("../../x.png", "docs/a.html: ../../x.png leads out of the project"),
        ("..%2f..%2fx.png", "docs/a.html: ../../x.png leads out of the project"),
        (".env", "docs/a.html: .env is hidden"),
        ("config.txt/../.git/config", "docs/a.html: config.txt/../.git/config is hidden"),
        ("out.png", "docs/a.html: out.png is a link that leads out of the project"),
        ("folder/secret.png", "docs/a.html: folder/secret.png is a link that leads out of the"),
        ("circle.png", "docs/a.html: circle.png cannot be read: too many levels of symbolic links"),
        ("to-git", "docs/a.html: to-git is hidden"),
        ("pipe.png", "docs/a.html: pipe.png is a pipe or device"),
        ("x" * 300 + ".png", "x.png cannot be read: file name too long"),
    ],
)
def test_what_cannot_be_brought_is_a_warning_and_no_failure(
    site: Runner, tmp_path_factory: pytest.TempPathFactory, address: str, said: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.png").write_bytes(b"secret")
    site.write("docs/a.html", f'<img src="{address}">One')
    site.write("docs/.env", "secret")
    site.write("docs/.git/config", "secret")
    site.write("x.png", "secret")
    (site.root / "docs/out.png").symlink_to(outside / "secret.png")
    (site.root / "docs/folder").symlink_to(outside)
    (site.root / "docs/circle.png").symlink_to("circle.png")
    (site.root / "docs/to-git").symlink_to(".git/config")
    os.mkfifo(site.root / "docs/pipe.png")
    configure(site, output="build/{locale}/{path}", documents='"docs/*.html"')
    report = made(site)

    assert (report.assets, report.errors) == ([], [])
    (warning,) = report.warnings
    assert warning.startswith(said) or warning.endswith(said) or said in warning
    assert "secret" not in {
        path.read_text() for path in (site.root / "build").rglob("*") if path.is_file()
    }


def test_a_picture_above_the_documents_goes_above_the_editions(site: Runner) -> None:
    site.write("docs/guide/a.md", "![One](../../img/a.png)")
    site.write("img/a.png", PICTURE)

    assert brought(made(site)) == ["build/img/a.png"]


def test_nothing_is_put_among_the_sources(site: Runner) -> None:
    configure(site, output="docs/{locale}/{path}")
    site.write("docs/a.md", "![One](../img/a.png)")
    site.write("img/a.png", PICTURE)
    report = made(site)

    assert report.assets == []
    assert report.warnings == [
        "docs/a.md: ../img/a.png would have to be docs/img/a.png, where nothing is put"
    ]
    assert not (site.root / "docs/img").exists()


def test_of_two_files_for_one_place_the_first_is_taken(site: Runner) -> None:
    configure(site, documents='"README.md", "docs/**"')
    site.write("README.md", "![One](a.png)")
    site.write("docs/b.md", "![Two](a.png)")
    site.write("a.png", b"one")
    site.write("docs/a.png", b"two")
    report = made(site)

    assert report.warnings == [
        "docs/b.md: a.png is left out: a.png takes its place at build/pt_BR/a.png"
    ]
    assert (site.root / "build/pt_BR/a.png").read_bytes() == b"one"


def test_an_edition_is_never_replaced_by_an_asset(site: Runner) -> None:
    configure(site, documents='"docs/a.md", "more/**/*.md"')
    site.write("docs/a.md", "[One](x.md)")
    site.write("docs/x.md", "Two, which is no document.")
    site.write("more/x.md", "Three.")
    report = made(site)

    assert report.assets == []
    assert (site.root / "build/pt_BR/x.md").read_text(encoding="utf-8") == "Three."


def test_an_asset_s_place_that_leads_out_is_not_written(
    site: Runner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    site.write("docs/a.md", "![One](img/a.png)")
    site.write("docs/img/a.png", PICTURE)
    (site.root / "build/pt_BR").mkdir(parents=True)
    (site.root / "build/pt_BR/img").symlink_to(outside)
    report = made(site)

    assert report.assets == []
    assert "where nothing is put" in report.warnings[0]
    assert names(outside) == []


def test_a_link_in_an_asset_s_place_is_replaced_and_not_written_through(site: Runner) -> None:
    site.write("docs/a.md", "![One](a.png)")
    site.write("docs/a.png", PICTURE)
    mine = site.write("mine.png", b"mine")
    (site.root / "build/pt_BR").mkdir(parents=True)
    (site.root / "build/pt_BR/a.png").symlink_to(mine)
    assert [error.where for error in made(site).errors] == ["build/pt_BR/a.png"]
    assert (site.root / "build/pt_BR/a.png").is_symlink()
    made(site, overwrite=True)

    assert mine.read_bytes() == b"mine"
    assert (site.root / "build/pt_BR/a.png").read_bytes() == PICTURE
    assert not (site.root / "build/pt_BR/a.png").is_symlink()


def test_an_asset_that_cannot_be_written_is_an_error_and_the_rest_is_done(site: Runner) -> None:
    site.write("docs/a.md", "![One](a.png) ![Two](b.png)")
    site.write("docs/a.png", PICTURE)
    site.write("docs/b.png", PICTURE)
    (site.root / "build/pt_BR/a.png/x").mkdir(parents=True)
    report = made(site)

    assert [error.where for error in report.errors] == ["build/pt_BR/a.png"]
    assert brought(report) == ["build/pt_BR/b.png"]


def test_an_asset_that_cannot_be_read_is_a_warning(
    site: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("docs/a.md", "![One](a.png)")
    secret = site.write("docs/a.png", PICTURE)
    opened: Callable[..., object] = Path.open

    def refusing(path: Path, *arguments: object, **options: object) -> object:
        if path == secret:
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refusing)
    assert made(site).warnings == ["docs/a.md: a.png cannot be read: permission denied"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("../l10n.toml", "../l10n.toml is the project's own and is not copied"),
        ("../glossary/en-pt_BR.tsv", "../glossary/en-pt_BR.tsv is the project's own and is not"),
        ("secret.md", "secret.md is excluded and is not copied"),
        ("internal/a.html", "internal/a.html is excluded and is not copied"),
    ],
)
def test_what_the_project_reads_or_excludes_is_not_copied(
    site: Runner, address: str, said: str
) -> None:
    site.write(
        "l10n.toml",
        'targets = ["pt-BR"]\ndocuments = ["docs/**"]\n'
        'exclude = ["docs/secret.md", "docs/internal/**"]\n',
    )
    site.write("glossary/en-pt_BR.tsv", "Nobody\tNinguém\n")
    site.write("docs/secret.md", "Secret.")
    site.write("docs/internal/a.html", "Secret.")
    site.write("docs/internal/a.png", PICTURE)
    site.write("docs/a.md", f"[One]({address}) ![Two](internal/a.png)")
    report = made(site)

    assert report.warnings[0].startswith(f"docs/a.md: {said}")
    assert brought(report) == ["build/pt_BR/internal/a.png"]


def test_each_language_s_editions_have_their_own(site: Runner) -> None:
    site.write("docs/a.md", "![One](a.png)")
    site.write("docs/a.png", PICTURE)
    site.run(PT, AZ, mt=False)
    report = build(site.workspace, locales=[PT, AZ])

    assert brought(report) == ["build/az/a.png", "build/pt_BR/a.png"]


def test_two_documents_of_one_edition_are_refused(site: Runner) -> None:
    configure(site, output="build/{locale}/{stem}{suffix}")
    site.write("docs/a/x.md", "One.")
    site.write("docs/b/x.md", "Two.")
    site.run(mt=False)
    with pytest.raises(ConfigError) as caught:
        build(site.workspace, locales=[PT], paths=[site.root / "docs/a/x.md"])

    assert str(caught.value) == (
        "l10n.toml: docs/a/x.md and docs/b/x.md would have one edition, build/pt_BR/x.md; "
        "change 'output' under [build]"
    )
