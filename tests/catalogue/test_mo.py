"""Compiled catalogues, as gettext's own tools and Python's reader see them."""

import gettext
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from l10n_pipeline.catalogue.mo import compile_catalogue
from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.model import Catalogue, TranslationUnit
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, catalogues
from tests.support.tools import run_tool

HEADER = {
    "Project-Id-Version": "demo",
    "Language": "pt_BR",
    "Content-Type": "text/plain; charset=UTF-8",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}
CATALOGUE = Catalogue(
    ENGLISH,
    BRAZILIAN,
    (
        TranslationUnit("Open", "Abrir"),
        TranslationUnit("Open", "Aberta", context="door"),
        TranslationUnit("Zürich\n", "Zurique\n"),
        TranslationUnit(
            "%d file", plural_source="%d files", plural_targets=("%d arquivo", "%d arquivos")
        ),
        TranslationUnit(
            "%d page", plural_source="%d pages", plural_targets=("%d folha", "%d folhas"),
            context="book",
        ),
        TranslationUnit("Draft", "Rascunho", fuzzy=True),
        TranslationUnit("New"),
        TranslationUnit("No file", plural_source="No files", plural_targets=("", "")),
        TranslationUnit("Gone", "Foi", obsolete=True),
    ),
    HEADER,
)  # fmt: skip


def unformatted(compiled: bytes) -> list[str]:
    """What ``msgunfmt`` reads, entry by entry."""
    done = run_tool("msgunfmt", "--no-wrap", "-", stdin=compiled)
    assert (done.returncode, done.stderr) == (0, b"")
    return sorted(done.stdout.decode().split("\n\n"))


def by_msgfmt(catalogue: Catalogue, folder: Path) -> bytes:
    done = run_tool(
        "msgfmt", f"--output-file={folder / 'a.mo'}", "-", stdin=write_catalogue(catalogue)
    )
    assert done.returncode == 0, done.stderr
    return (folder / "a.mo").read_bytes()


def test_programs_find_what_is_translated_and_accepted() -> None:
    found = gettext.GNUTranslations(io.BytesIO(compile_catalogue(CATALOGUE)))
    assert found.gettext("Open") == "Abrir"
    assert found.pgettext("door", "Open") == "Aberta"
    assert found.gettext("Zürich\n") == "Zurique\n"
    assert [found.ngettext("%d file", "%d files", n) for n in (0, 1, 2)] == [
        "%d arquivo",
        "%d arquivo",
        "%d arquivos",
    ]
    assert found.npgettext("book", "%d page", "%d pages", 2) == "%d folhas"
    assert found.info()["language"] == "pt_BR"


@pytest.mark.parametrize("source", ["Draft", "New", "Gone", "No file"])
def test_what_nobody_accepted_is_not_there(source: str) -> None:
    found = gettext.GNUTranslations(io.BytesIO(compile_catalogue(CATALOGUE)))
    assert found.gettext(source) == source
    assert source.encode() not in compile_catalogue(CATALOGUE)


def test_it_says_what_msgfmt_makes_of_the_same_catalogue(tmp_path: Path) -> None:
    ours = unformatted(compile_catalogue(CATALOGUE))
    assert ours == unformatted(by_msgfmt(CATALOGUE, tmp_path))
    assert len(ours) == 6


def test_without_a_translation_there_is_the_header_alone(tmp_path: Path) -> None:
    empty = replace(CATALOGUE, units=(TranslationUnit("New"),))
    assert unformatted(compile_catalogue(empty)) == unformatted(by_msgfmt(empty, tmp_path))


@pytest.mark.slow
@given(catalogues)
@settings(deadline=None, max_examples=100)
def test_it_says_the_same_however_nasty_the_text(catalogue: Catalogue) -> None:
    again = read_catalogue(
        write_catalogue(catalogue), where="a.po", source_locale=ENGLISH, expected_locale=None
    )
    header = "".join(f"{name}: {value}\n" for name, value in again.header.items())
    expected = {"": header}
    for unit in again.units:
        texts = unit.plural_targets if unit.plural_source else (unit.target,)
        if unit.fuzzy or unit.obsolete or not texts or not texts[0]:
            continue
        key = f"{unit.context}\x04{unit.source}" if unit.context else unit.source
        expected[f"{key}\0{unit.plural_source}" if unit.plural_source else key] = "\0".join(texts)
    assert strings(compile_catalogue(catalogue)) == expected


def strings(compiled: bytes) -> dict[str, str]:
    """All strings of an MO file, read as the format's specification says."""
    numbers = [int.from_bytes(compiled[at : at + 4], "little") for at in range(0, 28, 4)]
    magic, revision, count, sources, targets, *_ = numbers
    assert (magic, revision) == (0x950412DE, 0)

    def text(table: int, index: int) -> str:
        at = table + 8 * index
        length = int.from_bytes(compiled[at : at + 4], "little")
        start = int.from_bytes(compiled[at + 4 : at + 8], "little")
        assert compiled[start + length] == 0
        return compiled[start : start + length].decode()

    keys = [text(sources, index) for index in range(count)]
    assert [key.encode() for key in keys] == sorted(key.encode() for key in keys)
    return {key: text(targets, index) for index, key in enumerate(keys)}
