import shlex
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.model import (
    Catalogue,
    Diagnostic,
    Origin,
    Provenance,
    Severity,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, catalogues
from tests.support.tools import run_tool

HEADER = textwrap.dedent(
    r"""
    # Rosa Silva, 2026
    #
    msgid ""
    msgstr ""
    "Project-Id-Version: demo\n"
    "Language: pt_BR\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "X-Team: rosa\n"
    """
).lstrip()

EVERYTHING = HEADER + textwrap.dedent(
    r"""
    # l10n-mt: enpt-1693087644/f32 score=-0.21 text=2a97516c354b terms=6b8fc1d4a2e0
    # l10n-term: Ričardas → Ričardas [swapped; from "Riardas"]
    # l10n-finding: numbers: 1275 is missing
    # l10n-finding: repetition (warning): "tal" twice
    # Ask the embassy.
    #
    #   indented, and with two spaces at its end\u0020\u0020
    #. paragraph 1, sentence 1
    #: seeds/a%20b.txt
    #, fuzzy, no-wrap
    #| msgctxt "old context"
    #| msgid ""
    #| "old\n"
    #| "source"
    msgctxt "title"
    msgid "He said \"1275\"\t\\ hostages."
    msgstr "Ele disse\u00a0…"

    #, c-format
    msgid "%d file"
    msgid_plural "%d files"
    msgstr[0] "%d arquivo"
    msgstr[1] "%d arquivos"

    msgid ""
    "First line\n"
    "Second line\n"
    msgstr ""

    # Kept for its return.
    #, fuzzy
    #~| msgid "Gone before"
    #~ msgid "Gone"
    #~ msgstr "Foi-se"
    """
).replace("\\u00a0", "\u00a0").replace("\\u0020", " ")


def read(text: str | bytes) -> Catalogue:
    data = text if isinstance(text, bytes) else text.encode()
    return read_catalogue(data, where="a.po", source_locale=ENGLISH, expected_locale=BRAZILIAN)


def test_every_part_of_an_entry_is_read() -> None:
    first, plural, multiline, obsolete = read(EVERYTHING).units
    assert first == TranslationUnit(
        source='He said "1275"\t\\ hostages.',
        target="Ele disse\u00a0…",
        context="title",
        fuzzy=True,
        previous_source="old\nsource",
        previous_context="old context",
        flags=("no-wrap",),
        notes=("Ask the embassy.", "", "  indented, and with two spaces at its end  "),
        provenance=Provenance(
            Origin.MT, "enpt-1693087644/f32", "2a97516c354b", "6b8fc1d4a2e0", -0.21
        ),
        verdicts=(TermVerdict("Ričardas", "Ričardas", TermStatus.SWAPPED, 'from "Riardas"'),),
        findings=(
            Diagnostic("numbers", "1275 is missing"),
            Diagnostic("repetition", '"tal" twice', Severity.WARNING),
        ),
        extracted=("paragraph 1, sentence 1",),
        references=("seeds/a%20b.txt",),
    )
    assert plural.plural_source == "%d files"
    assert plural.plural_targets == ("%d arquivo", "%d arquivos")
    assert plural.flags == ("c-format",)
    assert multiline.source == "First line\nSecond line\n"
    assert obsolete.obsolete
    assert obsolete.fuzzy
    assert obsolete.previous_source == "Gone before"
    assert obsolete.notes == ("Kept for its return.",)


def test_the_header_is_kept_field_by_field() -> None:
    catalogue = read(EVERYTHING)
    assert list(catalogue.header.items())[::5] == [
        ("Project-Id-Version", "demo"),
        ("X-Team", "rosa"),
    ]
    assert catalogue.header_notes == ("Rosa Silva, 2026", "")


def test_what_was_read_is_written_byte_for_byte() -> None:
    assert write_catalogue(read(EVERYTHING)).decode() == EVERYTHING


@given(catalogues)
def test_a_catalogue_survives_writing_and_reading(catalogue: Catalogue) -> None:
    written = write_catalogue(catalogue)
    again = read(written)
    assert again == catalogue
    assert list(again.header) == list(catalogue.header)
    assert write_catalogue(again) == written


@pytest.mark.parametrize(
    "variant",
    [
        EVERYTHING.replace("\n", "\r\n"),
        "\ufeff" + EVERYTHING,
        EVERYTHING.replace('msgid "Gone"', 'msgid ""\n#~ "Go"\n#~ "ne"'),
        EVERYTHING.replace("#, fuzzy, no-wrap", "#,fuzzy,no-wrap"),
        EVERYTHING.replace("# Ask", "#Ask"),
        EVERYTHING.replace('msgstr "Ele', 'msgstr"Ele'),
        EVERYTHING.replace("\\t", "\\011").replace("…", "\\342\\200\\xA6"),
        EVERYTHING + "\n\n  \n#~\n",
    ],
    ids=["CRLF", "BOM", "wrapped", "tight flags", "tight note", "tight string", "escapes", "tail"],
)
def test_other_tools_spellings_mean_the_same(variant: str) -> None:
    assert variant != EVERYTHING
    assert read(variant) == read(EVERYTHING)


def test_a_line_ends_at_a_line_feed_only() -> None:
    unit = read(HEADER + '\n# a\u2028b\x0cc\nmsgid "x\u2028y\x85z"\nmsgstr "\x1c"\n').units[0]
    assert unit.source == "x\u2028y\x85z"
    assert unit.target == "\x1c"
    assert unit.notes == ("a\u2028b\x0cc",)


def test_content_is_never_taken_for_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("decoy.po").write_text(EVERYTHING, encoding="utf-8")
    with pytest.raises(CatalogueError, match="not a line of a PO file"):
        read("decoy.po")


ENTRY = '\nmsgid "a"\nmsgstr "b"\n'


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("", None, "does not begin with a PO header"),
        ('msgid "a"\nmsgstr "b"\n', 1, "does not begin with a PO header"),
        ('msgctxt "c"\nmsgid ""\nmsgstr "b"\n', 2, "does not begin with a PO header"),
        (HEADER.replace("UTF-8", "ISO-8859-1"), 3, "'ISO-8859-1', not UTF-8"),
        (HEADER.replace("UTF-8", "CHARSET"), 3, "'CHARSET', not UTF-8"),
        (HEADER.replace("; charset=UTF-8", ""), 3, "states no character set"),
        (HEADER.replace("X-Team: ", "X-Team "), 3, "has no colon"),
        (HEADER.replace("X-Team", "Language"), 3, "'Language' stands there twice"),
        (HEADER.replace("pt_BR", "pt_PT"), 3, "Language: pt_PT, but pt_BR is expected"),
        (HEADER.replace("pt_BR", "Portuguese"), 3, "'Portuguese' is not a locale"),
        (HEADER + '\nmsgid "a\nmsgstr "b"\n', 12, "not a line of a PO file"),
        (HEADER + '\nmsgid a\nmsgstr "b"\n', 12, "not a line of a PO file"),
        (HEADER + '\nmsgid "a"b"\nmsgstr "b"\n', 12, "not a line of a PO file"),
        (HEADER + '\nmsgid "a"\nmsgstr "\\q"\n', 13, r"no such escape: \\q"),
        (HEADER + '\nmsgid "a"\nmsgstr "\\xe3"\n', 13, "is not UTF-8"),
        (HEADER + '\nmsgid "a"\nmsgstr "\\777"\n', 13, "is not UTF-8"),
        (HEADER + '\nmsgid "a"\nmsgstr "\\0"\n', 13, r"cannot hold U\+0000"),
        (HEADER + '\nmsgid "a"\nmsgstr "\0"\n', 13, r"cannot hold U\+0000"),
        (HEADER + '\nmsgid "a"\nmsgstr "\\4"\n', 13, r"cannot hold U\+0004"),
        (HEADER + '\nmsgid "a"\nmsgid "c"\nmsgstr "b"\n', 13, "msgid cannot stand here"),
        (HEADER + '\nmsgid "a"\n# note\nmsgstr "b"\n', 13, "a comment cannot stand here"),
        (HEADER + '\nmsgstr "b"\n', 12, "msgstr cannot stand here"),
        (HEADER + '\n#| msgid "a"\n#| msgid "b"\n' + ENTRY, 13, "cannot stand here"),
        (HEADER + '\n#| msgstr "a"\n' + ENTRY, 12, "cannot be a previous string"),
        (HEADER + '\nmsgid "a"\n', 12, "ends within an entry"),
        (HEADER + '\nmsgid "a"\nmsgstr[0] "b"\n', 13, "cannot stand here"),
        (HEADER + '\nmsgid[0] "a"\nmsgstr "b"\n', 12, "only msgstr has plural forms"),
        (HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[1] "b"\n', 14, r"msgstr\[0\] is expected"),
        (HEADER + '\nmsgid "a"\nmsgid_plural ""\nmsgstr[0] "b"\n', 12, "empty msgid_plural"),
        (HEADER + '\nmsgctxt ""\nmsgid "a"\nmsgstr "b"\n', 13, "empty msgctxt"),
        (HEADER + '\n#~ msgid "a"\nmsgstr "b"\n', 13, "obsolete"),
        (HEADER + "\n#= fuzzy" + ENTRY, 12, "'#=' lines"),
        (HEADER + '\n#| msgid_plural "p"' + ENTRY, 12, "cannot stand here"),
        (HEADER + '\n#| msgctxt "c"' + ENTRY, 13, "msgid cannot stand here"),
        (HEADER + ENTRY + "\n# the end\n", 15, "comment after the last entry"),
        (HEADER + ENTRY + ENTRY, 15, "the same message stands in line 12"),
        (HEADER + ENTRY + '\n#~ msgid "a"\n#~ msgstr ""\n', 15, "the same message"),
        (HEADER + ENTRY + '\nmsgid ""\nmsgstr ""\n', 15, "the same message stands in line 3"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_line(
    text: str, line: int | None, complaint: str
) -> None:
    with pytest.raises(CatalogueError, match=complaint) as caught:
        read(text)
    assert caught.value.where == ("a.po" if line is None else f"a.po:{line}")
    assert caught.value.way_out


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    with pytest.raises(CatalogueError, match="byte 0xE3 is not UTF-8") as caught:
        read(HEADER.encode() + b'\nmsgid "a"\nmsgstr "\xe3"\n')
    assert caught.value.where == "a.po:13"
    assert caught.value.way_out == "save it in UTF-8 with what wrote it"


def test_what_is_advised_converts_a_file_in_another_character_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = HEADER.replace("charset=UTF-8", "charset=ISO-8859-1") + '\nmsgid "a"\nmsgstr "\xe3"\n'
    for name in ("a.po", "two words.po"):
        Path(name).write_bytes(text.encode("latin-1"))
        with pytest.raises(CatalogueError) as caught:
            read_catalogue(
                Path(name).read_bytes(),
                where=name,
                source_locale=ENGLISH,
                expected_locale=BRAZILIAN,
            )
        advice, command = caught.value.way_out.split(": ", 1)
        assert advice == "convert it with"
        run_tool(*shlex.split(command))
        converted = read(Path(name).read_text(encoding="utf-8"))
        assert [unit.target for unit in converted.units] == ["ã"]


def test_an_empty_language_field_is_tolerated() -> None:
    assert read(HEADER.replace("pt_BR", "")).target_locale == BRAZILIAN


def test_languages_are_compared_as_locales() -> None:
    assert read(HEADER.replace("pt_BR", "pt-br")).target_locale == BRAZILIAN


def test_a_template_has_no_target_locale() -> None:
    data = HEADER.replace("pt_BR", "").encode()
    catalogue = read_catalogue(data, where="a.pot", source_locale=ENGLISH, expected_locale=None)
    assert catalogue.target_locale is None


@pytest.mark.parametrize("bad", ["\0", "\x04", "\ud800"])
def test_what_no_po_file_can_carry_is_refused_with_its_document(bad: str) -> None:
    unit = TranslationUnit(source=f"a{bad}", references=("seeds/a%20b.txt",))
    catalogue = Catalogue(ENGLISH, BRAZILIAN, (unit,), read(HEADER).header)
    with pytest.raises(CatalogueError, match=r"U\+") as caught:
        write_catalogue(catalogue)
    assert caught.value.where == "seeds/a b.txt"


def test_a_header_that_no_po_file_can_carry_is_refused() -> None:
    header = {**read(HEADER).header, "Project-Id-Version": "\0"}
    with pytest.raises(CatalogueError, match="the PO header"):
        write_catalogue(Catalogue(ENGLISH, BRAZILIAN, header=header))


def test_a_catalogue_without_header_is_not_written() -> None:
    with pytest.raises(ValueError, match="charset"):
        write_catalogue(Catalogue(ENGLISH, BRAZILIAN))


SAMPLE = EVERYTHING.encode()
MUTATIONS = st.sampled_from(
    [b"", b'"', b"\\", b"\n", b"#", b"#~ ", b"#| ", b"msgid ", b"msgstr[1] ", b"\xff", b"\0",
     b"\r", b'"\n"', b"\xe2\x80\xa8", b"fuzzy", b"\\x", b"#=", b"  ", b"|", b"msgctxt"]
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 12), MUTATIONS), max_size=5))
def test_a_damaged_file_is_refused_or_read_never_a_crash(
    damages: list[tuple[int, int, bytes]],
) -> None:
    data = SAMPLE
    for start, length, insertion in damages:
        data = data[:start] + insertion + data[start + length :]
    try:
        catalogue = read(data)
    except CatalogueError:
        return
    assert read(write_catalogue(catalogue)) == catalogue


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_never_a_crash(data: bytes) -> None:
    with pytest.raises(CatalogueError):
        read(data)
