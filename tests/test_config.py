"""l10n.toml: defaults, both locale spellings, and errors that name the way out."""

from pathlib import Path

import pytest

from l10n_pipeline.config import TEMPLATE, Accept, Policy, find_project, parse_project
from l10n_pipeline.errors import ConfigError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Precision

KNOWN_PLACES = "may use {locale}, {language_tag}, {path}, {folder}, {stem}, {suffix} alone"
ROOT = Path("/project")


def parse(text: str) -> object:
    return parse_project(text.encode(), root=ROOT)


def test_the_template_says_the_defaults() -> None:
    assert parse(TEMPLATE) == parse("")


def test_every_commented_example_in_the_template_works() -> None:
    lines = TEMPLATE.splitlines()
    examples = [
        line.removeprefix("# ") if "= " in line or line.startswith("# [") else line
        for line in lines
    ]
    project = parse_project("\n".join(examples).encode(), root=ROOT)
    assert project.name == "My project"
    assert project.models == {Locale.parse("pt-BR"): "enpt-1693087644"}
    assert project.policy(Locale.parse("pt-BR"), "seeds/a.txt") == Policy(Accept.MT)
    assert project.policy(Locale.parse("az"), "seeds/a.txt") == Policy()
    assert project.policy(Locale.parse("pt-BR"), "seeds/legal/a.txt").keep == 100


def test_how_the_engine_computes_is_read() -> None:
    project = parse_project(b"[engine]\nprecision = 'f32'\nworkers = 3", root=ROOT)
    assert (project.precision, project.workers) == (Precision.F32, 3)
    project = parse_project(b"", root=ROOT)
    assert (project.precision, project.workers) == (Precision.AUTO, 0)


def test_a_byte_order_mark_is_no_syntax_error() -> None:
    assert parse_project("\ufeffsource = 'pt'".encode(), root=ROOT).source == Locale("pt")


def test_locales_are_written_either_way_and_once() -> None:
    project = parse_project(b'targets = ["pt-BR", "az", "pt_BR"]', root=ROOT)
    assert project.targets == (Locale("pt", territory="BR"), Locale("az"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sorce = 'en'", "unknown key 'sorce'; did you mean 'source'"),
        ("[glosary]\nfiles = []", "unknown key 'glosary'; did you mean 'glossary'"),
        ("[build]\nacept = 'mt'", "unknown key 'build.acept'; did you mean 'accept'"),
        ("[build.locales.pt]\nacept = 'mt'", "unknown key 'build.locales.pt.acept'"),
        ("targets = ['xx']", "no language 'xx' is known"),
        ("targets = 'pt'", "targets: should be a list"),
        ("documents = [3]", "documents.0"),
        ("documents = ['../*.txt']", "leads out of the project"),
        ("documents = ['/etc/*.txt']", "leads out of the project"),
        ("exclude = ['../*.txt']", "leads out of the project"),
        ("documents = ['**foo']", "'**foo' ** stands for whole folders"),
        ("exclude = ['seeds/**.txt']", "** stands for whole folders"),
        ("glossary.files = ['/etc/*']", "leads out of the project"),
        ("documents = ['']", "names no file"),
        ("exclude = ['.']", "names no file"),
        ('glossary.files = ["a\\u0000"]', "null character"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "9" * 10_000, "not TOML"),
        ("glossary = 'x'", "glossary: should be a table"),
        ("models = 'x'", "models: should be a table"),
        ("[build]\nlocales = 'x'", "build.locales: should be a table"),
        ("[models]\npt-BR = 'a'\npt_BR = 'b'", "models: 'pt-BR' and 'pt_BR' are the same"),
        (
            "[build.locales.pt-BR]\naccept = 'mt'\n[build.locales.pt_BR]\naccept = 'mt'",
            "build.locales: 'pt-BR' and 'pt_BR' are the same",
        ),
        ("[models]\nxx = 'a'", "models.xx: "),
        ("[build]\naccept = 'all'", "'reviewed', 'fuzzy' or 'mt'"),
        ("[build]\noutput = 'out/{path}'", "lacks {locale}"),
        ("[build]\noutput = '{foo}/{path}/{locale}'", KNOWN_PLACES),
        ("[build]\noutput = '{locale}/{path!r}'", KNOWN_PLACES),
        ("[build]\noutput = '{locale}/{path:>9}'", KNOWN_PLACES),
        ("[build]\noutput = '{locale.bcp47}/{path}'", KNOWN_PLACES),
        ("[build]\noutput = '{locale}/{}/{path}'", KNOWN_PLACES),
        ("[build]\noutput = '{locale}/{path'", KNOWN_PLACES),
        ("[build]\noutput = '{locale}/{{path}}/{path}'", "neither other braces"),
        ("[build]\noutput = '{folder}/{stem}{suffix}'", "lacks {locale}: editions would"),
        ("[build]\noutput = '{language_tag}/{folder}{suffix}'", "lacks {path}: editions would"),
        ('[build]\noutput = "{locale}/{path}\\u0001"', "nor control characters"),
        ("[build]\nassets = 'symlink'", "build.assets: input should be 'copy', 'link' or 'none'"),
        ("[build]\nasset = 'none'", "unknown key 'build.asset'; did you mean 'assets'"),
        ("formats.markdown = 1", "formats.markdown: should be a table"),
        ("formats = 1", "formats: should be a table"),
        ("[build]\noutput = '{{locale}}/{path}'", "neither other braces"),
        ("[build]\noutput = '/tmp/{locale}/{path}'", "leads out of the project"),
        ("[build]\noutput = '{locale}/../../{path}'", "leads out of the project"),
        ("[engine]\nprecision = 'int4'", "engine.precision: input should be 'auto', 'f32'"),
        ("[engine]\nprecision = 8", "engine.precision: "),
        ("[engine]\nworkers = -1", "engine.workers: input should be greater than or equal to 0"),
        ("[engine]\nworkers = 1025", "engine.workers: input should be less than or equal to 1024"),
        ("[engine]\nworkers = 1.5", "engine.workers: "),
        ("[engine]\nworkers = 'all'", "engine.workers: "),
        ("[engine]\nworker = 2", "unknown key 'engine.worker'; did you mean 'workers'"),
        ("engine = 'int8'", "engine: should be a table"),
        ("source = ", "not TOML"),
        ("a = 1\na = 2", "not TOML"),
    ],
)
def test_an_error_says_what_and_where(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert str(caught.value).startswith("l10n.toml: ")
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf8_are_an_error_with_their_place() -> None:
    with pytest.raises(ConfigError, match="not UTF-8 at byte 10"):
        parse_project(b"source = '\xff'", root=ROOT)


def test_the_project_is_found_upwards(tmp_path: Path) -> None:
    (tmp_path / "l10n.toml").write_text("name = 'here'", encoding="utf-8")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    project = find_project(below)
    assert (project.root, project.name) == (tmp_path, "here")


def test_a_folder_without_the_file_is_a_project_with_defaults(tmp_path: Path) -> None:
    project = find_project(tmp_path)
    assert project.root == tmp_path
    assert project.documents == ("seeds/**",)
    assert project.catalogue_path(Locale.parse("pt-BR"), "a/b.txt") == (
        "locales/pt_BR/LC_MESSAGES/a/b.txt.po"
    )
    assert not project.configured
    edition = project.editions.path(Locale.parse("pt-BR"), "seeds/a/b.txt", "a/b.txt")
    assert edition == "build/pt_BR/a/b.txt"


def test_named_files_find_their_project(tmp_path: Path) -> None:
    here, papers = tmp_path / "here", tmp_path / "papers"
    for folder in (here / "seeds", here / "docs", papers / "more"):
        folder.mkdir(parents=True)
    file = Path("../papers/a.md")
    assert find_project(here, paths=[file]).root == papers
    assert find_project(here, paths=[papers]).root == papers
    assert find_project(here, paths=[file, papers / "more/b.md"]).root == papers
    assert find_project(here, paths=[Path("docs/a.md")]).root == here / "docs"
    assert find_project(here, paths=[Path("seeds/a.md")]).root == here
    assert find_project(here, paths=[Path("seeds")]).root == here
    assert find_project(here, paths=[file, Path("/elsewhere/b.md")]).root == papers
    (papers / "l10n.toml").write_text("", encoding="utf-8")
    assert find_project(here, paths=[file]).configured
    assert find_project(here, paths=[papers / "more/b.md"]).root == papers
    (here / "l10n.toml").write_text("", encoding="utf-8")
    assert find_project(here, paths=[file]).root == here


def test_a_deleted_current_folder_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ConfigError, match="the current folder is gone"):
        find_project()


def test_a_folder_s_name_that_is_not_utf8_still_names_the_project(tmp_path: Path) -> None:
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    assert find_project(folder).name == "caf?"
