"""The benchmarks of documents: what they compare by, and that they notice what is wrong."""

import io
import re
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from benchmarks import conformance, corpus, extraction, identity, reading
from benchmarks.corpus import MANIFEST, Package, collected, packages_of
from benchmarks.document_tools import TOOLS, fill, messages_of
from benchmarks.documents import (
    Reader,
    documents_in,
    marked_translation,
    pseudo_translation,
)
from benchmarks.errors import BenchmarkError
from benchmarks.extraction import DATA, Listed, listed_in, misjudged
from benchmarks.identity import judged
from benchmarks.structure import first_difference, outline_of
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline import codes
from l10n_pipeline.codes import TAG
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Segment

SAMPLES = Path(__file__).parent / "formats" / "samples"
SUFFIXES = (".md", ".mdx", ".html", ".srt", ".vtt", ".docx", ".odt")


# --- documents and translations of them -------------------------------------------------


def test_documents_are_found_by_their_suffix_and_links_are_not_followed(tmp_path: Path) -> None:
    for name in ("b.MD", "a.md", "a.html", "deep/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x" * len(name), "utf-8")
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")

    found = documents_in([tmp_path], (".md",))
    assert [path.name for path in found] == ["a.md", "b.MD", "c.md"]
    assert [path.name for path in documents_in([tmp_path], (".md",), largest=4)] == ["a.md", "b.MD"]
    with pytest.raises(BenchmarkError, match=r"no documents \(\.srt\)"):
        documents_in([tmp_path], (".srt",))
    with pytest.raises(BenchmarkError, match="is not there"):
        documents_in([tmp_path / "none"], (".md",))


@given(
    st.lists(st.sampled_from(["<g1>", "</g1>", "<x2/>", "One ", "two.", "é", "你"])).map("".join)
)
def test_a_translation_without_a_model_keeps_every_code(source: str) -> None:
    for translate in (pseudo_translation, marked_translation()):
        made = translate(source)
        assert [tag[0] for tag in TAG.finditer(made)] == [tag[0] for tag in TAG.finditer(source)]
    if re.search("[aeiou]", TAG.sub("", source)):
        assert len(pseudo_translation(source)) > len(source)


def test_marks_change_from_one_translation_to_the_next() -> None:
    translate = marked_translation()
    assert [translate("a"), translate("<g1>b</g1>")] == ["1. a", "# <g1>b</g1>"]


# --- structure --------------------------------------------------------------------------


def outline(text: str, path: str) -> list[str]:
    _, document = Reader().document(text.encode(), path)
    found = outline_of(document, text.encode())
    assert found is not None
    return list(found)


@pytest.mark.parametrize(
    ("path", "source", "same", "other"),
    [
        ("a.md", "# One\n", "# Two words\n", "## One\n"),
        ("a.md", "One *a*.\n", "*Two* b\n", "**Two** b\n"),
        ("a.md", "`a` b\n", "c `a`\n", "`c` b\n"),
        ("a.md", "[a](u)\n", "[b](u)\n", "[a](v)\n"),
        ("a.md", "- a\n- b\n", "- a\n- c\n", "- a\n- b\n- c\n"),
        ("a.md", "|a|\n|-|\n", "|b|\n|-|\n", "|a|b|\n|-|-|\n"),
        ("a.md", "---\ntitle: a\n---\nb\n", "---\ntitle: c\n---\nb\n", "---\nlead: a\n---\nb\n"),
        (
            "a.md",
            "---\ntitle: a\n---\nb\n",
            '---\ntitle: "c: d"\n---\nb\n',
            "---\ntitle: 1\n---\nb",
        ),
        ("a.md", "+++\nt = 'a'\n+++\nb\n", "+++\nt = 'c'\n+++\nb\n", "+++\nt = 'a'\n\n+++\nb\n"),
        ("a.html", "<p>a", "<p>b", "<div>a"),
        ("a.html", "<p class=x>a", "<p class=x>b", "<p class=y>a"),
        ("a.html", "<img alt=a>", "<img alt='b c'>", "<img alt=b c>"),
        ("a.html", "<html lang=en>a", "<html lang=pt>a", "<html>a"),
        ("a.html", "<pre>a</pre>", "<pre>a</pre>", "<pre>b</pre>"),
        (
            "a.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nOne\n",
            "1\n00:00:01,000 --> 00:00:02,000\nTwo\nthree\n",
            "1\n00:00:01,000 --> 00:00:02,000\n\n",
        ),
    ],
)
def test_an_outline_has_the_structure_and_not_the_text(
    path: str, source: str, same: str, other: str
) -> None:
    assert not first_difference(outline(source, path), outline(same, path))
    assert first_difference(outline(source, path), outline(other, path))


def test_plain_text_has_no_structure_that_can_be_told() -> None:
    _, document = Reader().document(b"a", "a.txt")
    assert outline_of(document, b"a") is None


# --- identity ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(SAMPLES.rglob("*")) if path.suffix in SUFFIXES],
    ids=lambda path: path.name,
)
def test_no_fault_is_found_in_the_samples(path: Path) -> None:
    assert judged(Reader(), path.read_bytes(), str(path)).faults == []


class Careless:
    """A format that makes mistakes, on the top of a good one."""

    name = "markdown"
    suffixes = (".md",)
    edition_suffix = ""

    def __init__(self, mistake: str) -> None:
        self._good = Reader().formats.for_path("a.md")
        self._mistake = mistake

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        if self._mistake == "crash":
            raise KeyError("lost")
        return self._good.read(data, path=path, name=name, locale=locale)

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
    ) -> bytes:
        made = self._good.build(document, translations, target=target)
        if self._mistake == "bytes":
            return made.rstrip(b"\n")
        changed = any(text != segment.source for segment, text in translations.items())
        return b"> " + made if changed and self._mistake == "structure" else made


@pytest.mark.parametrize("mistake", ["crash", "bytes", "structure"])
def test_mistakes_are_found_and_end_the_command_with_1(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    monkeypatch.setattr(reader.formats, "for_path", lambda _: Careless(mistake))
    monkeypatch.setattr(identity, "Reader", lambda: reader)
    (tmp_path / "a.md").write_text("# One\n\nTwo.\n", "utf-8")

    assert mistake in {kind for kind, _ in judged(reader, b"# One\n\nTwo.\n", "a.md").faults}
    with pytest.raises(SystemExit) as ended:
        identity.main([str(tmp_path)])
    assert ended.value.code == 1


def test_a_file_that_is_no_text_is_told_and_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_bytes(b"a\0b")
    (tmp_path / "b.md").write_text("# One\n", "utf-8")
    identity.main([str(tmp_path)])
    assert "refused" in capsys.readouterr().out


# --- conformance ------------------------------------------------------------------------

SPECIFICATION = (
    f"{'`' * 32} example\n→a\n.\n<pre/>\n{'`' * 32}\n\n{'`' * 32} example x\n\n.\n{'`' * 32}\n"
)


def test_examples_and_pages_are_taken_out_of_their_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "spec.txt").write_text(SPECIFICATION, "utf-8")
    (tmp_path / "tests.dat").write_text(
        "#data\n<p>One\n\ntwo\n#errors\n#data\n\n#errors\n", "utf-8"
    )

    found = [(Path(name).name, text) for name, text in conformance.documents_of(tmp_path)]
    assert found == [
        ("spec.txt-1.md", "\ta\n"),
        ("spec.txt-2.md", "\n"),
        ("tests.dat-1.html", "<p>One\n\ntwo"),
        ("tests.dat-2.html", ""),
    ]
    conformance.main([str(tmp_path)])
    assert ".html" in capsys.readouterr().out


def test_a_folder_without_examples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no examples"):
        conformance.main([str(tmp_path)])


# --- corpus -----------------------------------------------------------------------------


def test_the_manifest_gives_five_hundred_documents_of_each_kind_and_no_address() -> None:
    packages = [one for one in packages_of(MANIFEST) if one.purpose == "documents"]
    for suffix in (".md", ".html"):
        assert sum(one.gives.get(suffix, 0) for one in packages) >= 500
    assert all(one.version and one.licence for one in packages_of(MANIFEST))
    assert "://" not in MANIFEST.read_text("utf-8")
    folders = [one.folder for one in packages_of(MANIFEST)]
    assert len(folders) == len(set(folders))


def package(**gives: int) -> Package:
    wanted = {f".{suffix}": count for suffix, count in gives.items()}
    return Package("npm", "@a/b", "1.0", "MIT", "documents", "docs", wanted)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(_: Package, folder: Path) -> None:
        with tarfile.open(folder / "b-1.0.tgz", "w:gz") as archive:
            for name in ("package/docs/a.md", "package/docs/b.js", "package/other.md"):
                member = tarfile.TarInfo(name)
                member.size = 3
                archive.addfile(member, io.BytesIO(b"# a"))

    monkeypatch.setitem(corpus._CLIENTS, "npm", fetch)


@pytest.mark.usefixtures("registry")
def test_only_documents_of_the_folder_asked_for_are_kept(tmp_path: Path) -> None:
    assert collected(package(md=1), tmp_path) == {".md": 1}
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")]
    assert files == ["documents/a-b/package/docs/a.md"]


@pytest.mark.usefixtures("registry")
def test_a_package_that_gives_other_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"gives \{'\.md': 1\}, not \{'\.md': 2\}"):
        collected(package(md=2), tmp_path)


def test_a_manifest_without_packages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some.toml").write_text("x = 1\n", "utf-8")
    with pytest.raises(BenchmarkError, match="cannot be used"):
        packages_of(tmp_path / "some.toml")


# --- extraction -------------------------------------------------------------------------


def test_twenty_documents_of_each_kind_are_listed_and_have_what_is_listed() -> None:
    listed = listed_in(DATA)
    for suffix in (".md", ".html"):
        files = {one.file for one in listed if one.file.endswith(suffix)}
        assert files == {path.name for path in DATA.glob(f"*{suffix}")}
        assert len(files) == 20
    for one in listed:
        text = " ".join((DATA / one.file).read_text("utf-8").split())
        assert one.text in text, one


def test_ours_takes_what_is_listed_and_nothing_else() -> None:
    reader = Reader()
    found = {}
    for file in {one.file for one in listed_in(DATA)}:
        read = reader.read((DATA / file).read_bytes(), file)
        found[file] = [codes.read(one.source, one.codes).text for one in read.segments]
    assert misjudged(listed_in(DATA), found) == []


def test_a_text_is_missed_or_wrongly_extracted() -> None:
    listed = [
        Listed("a", translate=True, text="One & two."),
        Listed("a", translate=False, text="code"),
        Listed("b", translate=True, text="x"),
    ]
    assert misjudged(listed, {"a": ["One <g1>&amp;</g1>\n two. Three."], "b": ["x"]}) == []
    assert misjudged(listed, {"a": ["One", "some code"]}) == listed


def test_a_verdict_is_translate_or_leave(tmp_path: Path) -> None:
    (tmp_path / "texts.tsv").write_text("file\tverdict\ttext\na\tperhaps\tb\n", "utf-8")
    with pytest.raises(BenchmarkError, match="perhaps"):
        listed_in(tmp_path)


def test_what_a_page_says_of_its_language_does_not_count() -> None:
    page = b'<!doctype html>\n<html class="a" lang="en" dir=ltr>\n<p lang="fr">a'
    assert extraction.unspoken(page) == b'<!doctype html>\n<html class="a">\n<p lang="fr">a'
    assert extraction.unspoken(b"<p lang=en>") == b"<p lang=en>"


def test_lines_that_are_not_there_any_more_are_counted() -> None:
    assert extraction.lines_changed(b"a\nb\nc\n", b"a\nB\nc\nd\n") == 1
    assert extraction.lines_changed(b"a\nb", b"a\nb") == 0


def test_a_sample_is_spread_evenly() -> None:
    files = [Path(str(number)) for number in range(10)]
    assert [path.name for path in extraction.sample(files, 3)] == ["0", "3", "6"]
    assert extraction.sample(files, 20) == files


def test_every_text_of_a_catalogue_becomes_its_own_translation(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '#, fuzzy\nmsgid "One"\nmsgstr "Um"\n\n#~ msgid "Old"\n#~ msgstr "Velho"\n',
        "utf-8",
    )
    fill(path)
    assert messages_of(path) == ["One"]
    assert 'msgid "One"\nmsgstr "One"' in path.read_text("utf-8")
    assert "fuzzy" not in path.read_text("utf-8")
    with pytest.raises(BenchmarkError, match="is no catalogue"):
        fill(tmp_path / "none.po")


@pytest.mark.slow
def test_our_commands_give_documents_back_as_they_were(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text("# One\n\nTwo `b` *three*.\n", "utf-8")
    (tmp_path / "a.html").write_text('<html lang="en"><p>One <b>two</b>.</html>', "utf-8")
    extraction.main([str(tmp_path), "--tools", "l10n-pipeline"])
    told = capsys.readouterr().out
    for suffix in (".md", ".html"):
        assert re.search(rf"\| {re.escape(suffix)}: .* \| 0 of \d+ \| 0 of \d+ \| 0 of 20 \|", told)
        assert re.search(
            rf"\| {re.escape(suffix)}: .* \(2\) \| 0 of 1 \| 0 \| 0 \(0.0%\) \| 0 \|", told
        )


# --- speed ------------------------------------------------------------------------------


def test_megabytes_a_second_are_told_by_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text("# One\n\nTwo.\n", "utf-8")
    (tmp_path / "b.md").write_bytes(b"a\0b")
    reading.main([str(tmp_path), "--rounds", "1", "--profile"])
    told = capsys.readouterr().out
    assert re.search(r"^markdown +1 +0\.00 +\d", told, re.MULTILINE)
    assert "tottime" in told


def test_all_but_folders_has_defaults() -> None:
    assert extraction.parse([]).tools == list(TOOLS)
    assert identity.parse(["a"]).structure
    assert reading.parse(["a"]).rounds == 3
    assert corpus.parse(["a"]).sources == ["debian", "npm", "pypi"]
