"""Documents of every format, from end to end with the real model."""

import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from odfdo import Document as OpenDocument

from l10n_pipeline.config import Accept, find_project
from l10n_pipeline.formats import BUILT_IN
from l10n_pipeline.model import Severity
from l10n_pipeline.pipeline.build import build
from l10n_pipeline.pipeline.translate import translate
from l10n_pipeline.pipeline.workspace import Workspace
from tests.support.projects import LATER, PT, THEN

SAMPLES = Path(__file__).parent / "formats/samples"
DOCUMENTS = [
    *("gettext/demo.pot", "html/page.html", "markdown/guide.md", "markdown/page.mdx"),
    *("markdown/site.md", "office/report.docx", "office/report.odt"),
    *("subtitles/interview.srt", "subtitles/talk.vtt"),
]
TEXT = "The ferry to Baku leaves at nine.\n\nBring your own lunch.\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a document of each format, translated and built."""
    root = tmp_path_factory.mktemp("project")
    (root / "l10n.toml").write_text('[build]\naccept = "mt"\n', "utf-8")
    for name in DOCUMENTS:
        (root / "seeds" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLES / name, root / "seeds" / name)
    (root / "seeds/notice.txt").write_text(TEXT, "utf-8")
    workspace = Workspace(find_project(root))

    translated = translate(workspace, locales=[PT], now=THEN)
    assert translated.errors == []
    built = build(workspace, locales=[PT], accept=Accept.MT)
    assert built.errors == []
    assert {outcome.document for outcome in built.outcomes} == {*DOCUMENTS, "notice.txt"}
    return root


@pytest.mark.slow
def test_every_format_is_among_them() -> None:
    suffixes = {Path(name).suffix for name in [*DOCUMENTS, "notice.txt"]}
    for served in BUILT_IN.values():
        assert suffixes & set(served.suffixes)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*DOCUMENTS, "notice.txt"])
def test_all_is_drafted_and_no_code_is_lost(project: Path, name: str) -> None:
    workspace = Workspace(find_project(project))
    catalogue = workspace.catalogues.read(PT, name)

    assert catalogue is not None
    assert catalogue.units
    for unit in catalogue.units:
        assert unit.provenance is not None
        assert unit.fuzzy
        assert not [
            finding
            for finding in unit.findings
            if finding.rule in {"codes", "placeholders"} and finding.severity is Severity.ERROR
        ]
    subprocess.run(
        ["msgfmt", "-c", "-o", "/dev/null", f"locales/pt_BR/LC_MESSAGES/{name}.po"],
        cwd=project,
        check=True,
    )


@pytest.mark.slow
def test_a_second_run_asks_no_model_and_changes_no_file(project: Path) -> None:
    def files() -> dict[Path, tuple[int, bytes]]:
        found = [path for path in sorted(project.rglob("*")) if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in found}

    before = files()
    workspace = Workspace(find_project(project))
    report = translate(workspace, locales=[PT], now=LATER)
    built = build(workspace, locales=[PT], accept=Accept.MT)

    assert (report.errors, built.errors, report.engines) == ([], [], [])
    assert files() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["markdown/guide.md", "markdown/site.md"])
def test_markdown_keeps_its_blocks(project: Path, name: str) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False}).use(footnote_plugin)
    parser = parser.use(front_matter_plugin)

    def outline(path: Path) -> list[tuple[str, str, str]]:
        tokens = parser.parse(path.read_text("utf-8"))
        return [(one.type, one.tag, one.info) for one in tokens]

    assert outline(project / "build/pt_BR" / name) == outline(project / "seeds" / name)


@pytest.mark.slow
def test_a_word_file_keeps_its_tables_and_styles(project: Path) -> None:
    ours, theirs = (
        docx.Document(str(project / folder / "office/report.docx"))
        for folder in ("seeds", "build/pt_BR")
    )

    assert [one.style.name for one in theirs.paragraphs if one.style] == [
        one.style.name for one in ours.paragraphs if one.style
    ]
    assert [len(table.rows) for table in theirs.tables] == [
        len(table.rows) for table in ours.tables
    ]
    assert theirs.paragraphs[0].text != ours.paragraphs[0].text


@pytest.mark.slow
def test_an_open_document_keeps_its_notes_and_lists(project: Path) -> None:
    ours, theirs = (
        OpenDocument(project / folder / "office/report.odt").body
        for folder in ("seeds", "build/pt_BR")
    )

    for what in ("text:note", "text:list-item", "table:table-cell", "text:a", "draw:frame"):
        count = len(ours.get_elements(f"//{what}"))
        assert len(theirs.get_elements(f"//{what}")) == count
    assert theirs.text_recursive != ours.text_recursive


@pytest.mark.slow
def test_a_template_becomes_a_catalogue_that_gettext_takes(project: Path) -> None:
    edition = project / "build/pt_BR/gettext/demo.po"
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", edition], check=True)
    counted = subprocess.run(
        ["msgfmt", "--statistics", "-o", "/dev/null", edition],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert b"untranslated" not in counted.stderr
    assert b"fuzzy" not in counted.stderr
