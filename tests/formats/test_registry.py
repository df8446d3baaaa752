"""Which format serves a file; options; plug-ins, as real packages that are installed."""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from l10n_pipeline.errors import ConfigError, DocumentError, EnvironmentFault
from l10n_pipeline.formats import BUILT_IN, GROUP, Formats
from l10n_pipeline.formats.text import PlainText
from l10n_pipeline.locale import Locale
from l10n_pipeline.protocols import DocumentFormat
from tests.support.projects import PT, Runner

Install = Callable[..., None]

SHOUTING = """
from l10n_pipeline.formats.text import PlainText

class Shouting(PlainText):
    name = "shouting"
    suffixes = (".loud",)

    def __init__(self, *, marks: int = 1, words: tuple[str, ...] = ()) -> None:
        if marks < 0:
            raise ValueError(f"{marks} marks are too few")
        self.marks = marks
"""


@pytest.mark.parametrize("path", ["a.txt", "seeds/a.b.TEXT", "dir.md/a.Txt"])
def test_the_suffix_decides(path: str) -> None:
    assert isinstance(Formats().for_path(path), PlainText)


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.md", "markdown"), ("A.HTM", "html"), ("a.pt.srt", "srt"), ("a.vtt", "webvtt")],
)
def test_each_format_serves_its_suffixes(path: str, name: str) -> None:
    assert Formats().for_path(path).name == name


@pytest.mark.parametrize("path", ["a.odg", "README", "dir.txt/a", ".txt"])
def test_an_unknown_suffix_is_refused_and_the_known_ones_named(path: str) -> None:
    with pytest.raises(DocumentError, match=r"supported are .*\.text, \.txt") as caught:
        Formats().for_path(path)

    assert caught.value.where == path


def test_the_package_declares_its_formats_as_others_do() -> None:
    declared = {
        entry.name: entry.value
        for entry in entry_points(group=GROUP)
        if entry.value.startswith("l10n_pipeline.")
    }

    assert declared == {name: f"{one.module}:{one.type}" for name, one in BUILT_IN.items()}


def test_no_two_formats_serve_one_suffix() -> None:
    suffixes = [suffix for served in BUILT_IN.values() for suffix in served.suffixes]

    assert len(suffixes) == len(set(suffixes))


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_what_is_known_of_a_format_before_it_is_imported_is_so(name: str) -> None:
    made = Formats().for_path(f"a{BUILT_IN[name].suffixes[0]}")

    assert isinstance(made, DocumentFormat)
    assert (made.name, made.suffixes) == (name, BUILT_IN[name].suffixes)


def test_plain_text_needs_no_other_format_s_parser() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, l10n_pipeline.formats as formats\n"  # noqa: ISC004 - one program
            "formats.Formats().for_path('a.txt'); print(*sys.modules)",
        ],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    served = {name for name in said if name.startswith("l10n_pipeline.formats.")}

    assert "l10n_pipeline.formats.text" in served
    assert not {one for one in served if re.search("markdown|html|office|subtitles", one)}


# --- options -----------------------------------------------------------------------


def test_a_format_is_made_with_its_options() -> None:
    served = Formats({"markdown": {"front_matter": ["lead"]}}).for_path("a.md")
    text = b"---\ntitle: A title\nlead: A lead\n---\n"
    document = served.read(text, path="a.md", name="a.md", locale=Locale("en"))

    assert [block.detail for block in document.blocks if block.translatable] == ["lead"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"markdwn": {}},
            "l10n.toml: unknown key 'formats.markdwn'; did you mean 'markdown'",
        ),
        (
            {"markdown": {"frontmatter": []}},
            "l10n.toml: unknown key 'formats.markdown.frontmatter'; did you mean 'front_matter'",
        ),
        ({"text": {"x": 1}}, "l10n.toml: unknown key 'formats.text.x'; it has no options"),
        (
            {"markdown": {"front_matter": "title"}},
            "l10n.toml: formats.markdown.front_matter: should be a list",
        ),
        (
            {"markdown": {"front_matter": ["a", 3]}},
            "l10n.toml: formats.markdown.front_matter.1: input should be a valid string",
        ),
        (
            {"markdown": {"front_matter": ["seo:"]}},
            "l10n.toml: formats.markdown: 'seo:' is no name of a field of front matter",
        ),
    ],
)
def test_a_wrong_option_is_one_clear_line(
    options: Mapping[str, Mapping[str, object]], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        Formats(options, where="l10n.toml")

    assert str(caught.value) == said


def test_options_stand_in_the_configuration(tmp_path: Path) -> None:
    project = Runner(tmp_path)
    project.write(
        "l10n.toml",
        'targets = ["pt-BR"]\ndocuments = ["seeds/**"]\n[formats.markdown]\nfront_matter = ["x"]',
    )
    project.write("seeds/a.md", "---\ntitle: Not this.\nx: But this.\n---\n")
    project.run(PT)

    assert project.engine.asked == ["But this."]
    project.write("l10n.toml", "[formats.markdown]\nfront_mater = []")
    with pytest.raises(ConfigError, match=r"l10n\.toml: unknown key .*did you mean 'front_matter'"):
        project.run(PT)


# --- plug-ins ----------------------------------------------------------------------


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a package with a module of this text where packages are installed."""

    def installed(module: str, entry: str, text: str = SHOUTING, package: str = "") -> None:
        package = package or f"l10n-{module}"
        folder = tmp_path / f"site-{package}"
        information = folder / f"{package.replace('-', '_')}-1.2.dist-info"
        information.mkdir(parents=True)
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
        (information / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n", encoding="utf-8"
        )
        (information / "entry_points.txt").write_text(f"[{GROUP}]\n{entry}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(folder)
        monkeypatch.delitem(sys.modules, module, raising=False)

    return installed


def test_a_plug_in_serves_its_suffixes_with_its_options(install: Install, tmp_path: Path) -> None:
    project = Runner(tmp_path / "project")
    install("loud_one", "shouting = loud_one:Shouting")
    formats = Formats({"shouting": {"marks": 3}})

    assert vars(formats.for_path("a.LOUD")) == {"marks": 3}
    project.write("l10n.toml", 'targets = ["pt-BR"]\ndocuments = ["seeds/**"]')
    project.write("seeds/a.loud", "One comes.\n")
    project.run(PT)
    assert project.engine.asked == ["One comes."]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"mark": 1}, "unknown key 'formats.shouting.mark'; did you mean 'marks'"),
        ({"marks": "many"}, "formats.shouting.marks: input should be a valid integer"),
        ({"words": "one"}, "formats.shouting.words: should be a list"),
        ({"marks": -1}, "formats.shouting: -1 marks are too few"),
    ],
)
def test_a_plug_in_s_wrong_option_is_one_clear_line(
    install: Install, options: Mapping[str, object], said: str
) -> None:
    install("loud_two", "shouting = loud_two:Shouting")
    with pytest.raises(ConfigError) as caught:
        Formats({"shouting": options})

    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "text", "said"),
    [
        ("loud = gone_module:Shouting", "", "cannot be loaded: ModuleNotFoundError"),
        ("loud = broken_one:Gone", "", "cannot be loaded: AttributeError"),
        ("loud = broken_one:Shouting", "raise OSError('no\\nlibrary')", "OSError: no library"),
        ("loud = broken_one:Shouting", "Shouting = 3", "cannot be loaded: TypeError"),
        (
            "loud = broken_one:Shouting",
            "class Shouting: name = 'loud'",
            "is no document format: it lacks suffixes, edition_suffix, read, build",
        ),
        (
            "loud = broken_one:Shouting",
            SHOUTING.replace('".loud"', '".MD"'),
            "serves '.MD', which is no suffix in lower case",
        ),
        ("loud = broken_one:Shouting", SHOUTING.replace('(".loud",)', "()"), "serves no suffix"),
        (
            "loud = broken_one:Shouting",
            SHOUTING.replace('".loud"', '".md"'),
            "serves .md, which 'markdown' does already",
        ),
        ("html = broken_one:Shouting", SHOUTING, "has the name of a format that is built in"),
    ],
)
def test_a_broken_plug_in_is_one_clear_line_that_names_its_package(
    install: Install, entry: str, text: str, said: str
) -> None:
    install("broken_one", entry, text, package="l10n-broken")
    with pytest.raises(EnvironmentFault) as caught:
        Formats()
    message = str(caught.value)

    assert "of l10n-broken 1.2 " in message
    assert said in message
    assert message.endswith("update l10n-broken, or uninstall it")
    assert "\n" not in message


def test_two_plug_ins_of_one_name_or_suffix_are_refused(install: Install) -> None:
    install("loud_a", "loud = loud_a:Shouting", package="l10n-a")
    install("loud_b", "loud = loud_b:Shouting", package="l10n-b")
    with pytest.raises(EnvironmentFault, match=r"of l10n-b 1\.2 has the name of .* of l10n-a 1\.2"):
        Formats()


def test_two_plug_ins_of_one_suffix_are_refused(install: Install) -> None:
    install("loud_c", "loud = loud_c:Shouting", package="l10n-c")
    install("loud_d", "noisy = loud_d:Shouting", package="l10n-d")
    with pytest.raises(EnvironmentFault, match=r"of l10n-d 1\.2 serves \.loud, which 'loud' does"):
        Formats()
