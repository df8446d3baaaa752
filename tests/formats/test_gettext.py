import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.gettext import GettextTemplate
from l10n_pipeline.formats.gettext.syntax import Entry, entries_of
from l10n_pipeline.formats.gettext.writing import Replacement, translated
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import BlockKind, Document, Message, Segment
from l10n_pipeline.po_strings import quoted
from l10n_pipeline.segment import SentenceSegmenter, segment_document

EN = Locale.parse("en")
PT = Locale.parse("pt-BR")
RU = Locale.parse("ru")
JA = Locale.parse("ja")
SAMPLE = Path(__file__).parent / "samples/gettext/demo.pot"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURAL = HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\nmsgstr[1] ""\n'
FORMAT = GettextTemplate()
SEGMENTER = SentenceSegmenter(EN)


def read(data: bytes | str) -> Document:
    data = data.encode() if isinstance(data, str) else data
    return FORMAT.read(data, path="seeds/demo.pot", name="demo.pot", locale=EN)


def segments(document: Document) -> tuple[Segment, ...]:
    return segment_document(document, SEGMENTER)


def build(text: str, *translations: str, target: Locale | None = None) -> str:
    document = read(text)
    given_ = dict(zip(segments(document), translations, strict=True))
    return FORMAT.build(document, given_, target=target).decode()


def shown(message: Message) -> str:
    def written(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    parts = [f"{message.context}: " if message.context else "", written(message.source)]
    parts += [f" | {written(message.plural)}"] if message.plural else []
    parts += [f" {flag}" for flag in message.flags]
    parts += [f" #. {comment}" for comment in message.comments]
    parts.append(f" #: {' '.join(message.references)}")
    return "".join(parts)


def test_the_sample_has_these_messages() -> None:
    document = read(SAMPLE.read_bytes())
    found = [shown(message) for message in document.messages.values()]
    expected = SAMPLE.with_suffix(".pot.expected").read_text(encoding="utf-8")
    assert found == expected.splitlines()


def test_each_message_is_one_segment_with_all_that_is_said_of_it() -> None:
    document = read(SAMPLE.read_bytes())
    found = segments(document)
    assert [one.message for one in found] == list(document.messages.values())
    assert {one.kind for one in found} == {BlockKind.MESSAGE}
    assert [one.limit for one in found if one.limit] == [80]
    assert all(one.source == one.message.source for one in found if one.message)


def test_the_blocks_tile_the_file() -> None:
    document = read(SAMPLE.read_bytes())
    assert "".join(block.span.of(document.text) for block in document.blocks) == document.text


# --- identity ------------------------------------------------------------------------

texts = st.text(
    st.sampled_from('aé字😀 \n\t"\\%s{}\x0b\x85\u2028\xa0_&<b>'), min_size=1, max_size=12
)
comments = st.lists(
    st.sampled_from(
        ["# human", "#", "#. extracted", "#: a.c:1 b.c:2", "#, c-format", "#, fuzzy, c-format",
         '#| msgid "old"', '#~ msgid "gone"\n#~ msgstr ""', "", "   ", "#:"]
    ),
    max_size=3,
)  # fmt: skip


@st.composite
def statements(draw: st.DrawFn, keyword: str, text: str) -> str:
    """A string in one of the ways there are to write it."""
    cut = draw(st.integers(0, len(text)))
    between = draw(st.sampled_from(["", " ", "\n", "\n\t", "\n \n"]))
    indent = draw(st.sampled_from(["", " ", "\t"]))
    space = draw(st.sampled_from([" ", "  ", "\t", ""]))
    if draw(st.booleans()):
        return f"{indent}{keyword}{space}{quoted(text)}"
    return f"{indent}{keyword}{space}{quoted(text[:cut])}{between}{quoted(text[cut:])}"


@st.composite
def files(draw: st.DrawFn) -> str:
    sources = draw(st.lists(texts, max_size=5, unique=True))
    lines = [draw(st.sampled_from(["", "\ufeff"])) + HEADER.rstrip("\n")]
    for source in sources:
        lines += draw(comments)
        if draw(st.booleans()):
            lines.append(draw(statements("msgctxt", draw(texts))))
        lines.append(draw(statements("msgid", source)))
        if draw(st.booleans()):
            lines.append(draw(statements("msgid_plural", draw(texts))))
            lines += ['msgstr[0] ""', 'msgstr[1]  ""  ']
        else:
            lines.append(draw(statements("msgstr", "")))
    lines += draw(comments)
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(files())
def test_without_translations_the_bytes_are_the_inputs(text: str) -> None:
    document = read(text)
    assert FORMAT.build(document, {}) == text.encode()


@given(files(), st.data())
def test_what_is_filled_in_is_what_a_reader_finds(text: str, data: st.DataObject) -> None:
    document = read(text)
    chosen = {
        segment: "\0".join(data.draw(texts) for _ in range(3 if plural else 1))
        for segment in segments(document)
        for plural in [segment.message is not None and segment.message.plural]
        if data.draw(st.booleans())
    }
    built = FORMAT.build(document, chosen, target=RU).decode()
    entries = list(entries_of(built, where="demo.po", encoding="utf-8"))[1:]
    assert [entry.source for entry in entries] == [one.source for one in segments(document)]
    for entry, segment in zip(entries, segments(document), strict=True):
        empty = "\0\0" if entry.plural is not None else ""
        assert "\0".join(entry.targets) == chosen.get(segment, empty)


@pytest.mark.parametrize("charset", ["ISO-8859-1", "Shift_JIS", "utf-8", "KOI8-R", "GB18030"])
def test_the_encoding_is_the_one_that_the_header_names(charset: str) -> None:
    text = HEADER.replace("UTF-8", charset) + '\nmsgid "é"\nmsgstr ""\n'
    source = "é" if charset not in {"Shift_JIS", "KOI8-R"} else "ф"
    data = text.replace("é", source).encode(charset)
    document = read(data)
    assert [one.source for one in document.messages.values()] == [source]
    assert FORMAT.build(document, {}) == data


def test_a_translation_that_the_encoding_lacks_makes_the_edition_utf_8() -> None:
    data = HEADER.replace("UTF-8", "ISO-8859-1").encode() + '\nmsgid "é"\nmsgstr ""\n'.encode("l1")
    document = read(data)
    built = FORMAT.build(document, {segments(document)[0]: "щ"}, target=RU).decode()
    assert "charset=UTF-8" in built
    assert 'msgid "é"\nmsgstr "щ"' in built


# --- filling in ----------------------------------------------------------------------


def test_a_translation_takes_its_place_and_nothing_else_moves() -> None:
    text = HEADER + '\n# kept\nmsgid   "a"\nmsgstr ""\n\n#~ msgid "b"\n#~ msgstr "c"\n'
    assert build(text, 'é "1"\n') == text.replace('msgstr ""\n\n#~', 'msgstr "é \\"1\\"\\n"\n\n#~')


def test_a_translation_of_several_lines_is_written_as_gettext_does() -> None:
    text = HEADER + '\r\nmsgid "a\\nb"\r\nmsgstr ""\r\n'.replace("\r\n", "\n")
    assert build(text, "x\ny").endswith('msgstr ""\n"x\\n"\n"y"\n')


@pytest.mark.parametrize(("target", "forms"), [(RU, 3), (PT, 2), (JA, 1)])
def test_plural_messages_have_as_many_forms_as_the_language(target: Locale, forms: int) -> None:
    filled = build(PLURAL, "\0".join("xyz"[:forms]), target=target)
    assert filled.count("msgstr[") == forms
    document = read(PLURAL)
    empty = FORMAT.build(document, {}, target=target).decode()
    assert empty.count("msgstr[") == forms
    assert f"nplurals={forms}" in empty


def test_an_entry_that_is_filled_in_is_no_longer_fuzzy() -> None:
    text = HEADER + '\n#, fuzzy, c-format\nmsgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr ""\n'
    built = build(text, "x", "y")
    assert "fuzzy" not in built
    assert "#, c-format" in built or "#,c-format" in built


def test_the_header_says_for_whom_it_is() -> None:
    document = read(SAMPLE.read_bytes())
    header = {"Last-Translator": "Анна", "Plural-Forms": "nplurals=4; plural=n%4;"}
    built = FORMAT.build(document, {}, target=RU, header=header).decode()
    assert '"Language: ru\\n"' in built
    assert '"Last-Translator: Анна\\n"' in built
    assert '"Plural-Forms: nplurals=4; plural=n%4;\\n"' in built
    assert built.count("msgstr[3]") == 2
    assert "charset=UTF-8" in built
    assert "fuzzy" not in built


@pytest.mark.parametrize(
    ("found", "expected"), [("PACKAGE VERSION", "ours"), ("theirs 1.0", "theirs 1.0")]
)
def test_a_program_keeps_its_name_where_it_has_one(found: str, expected: str) -> None:
    document = read(f'{HEADER}"Project-Id-Version: {found}\\n"\n')
    built = FORMAT.build(document, {}, target=RU, header={"Project-Id-Version": "ours"}).decode()
    assert built.count("Project-Id-Version") == 1
    assert f"Project-Id-Version: {expected}\\n" in built


def test_what_is_none_of_its_own_is_refused() -> None:
    document = read(PLURAL)
    (segment,) = segments(document)
    other = read(HEADER + '\nmsgid "other"\nmsgstr ""\n')
    with pytest.raises(ValueError, match="not a segment"):
        FORMAT.build(other, {segment: "x"})
    with pytest.raises(ValueError, match="no plural forms"):
        FORMAT.build(other, {segments(other)[0]: "x\0y"})
    with pytest.raises(DocumentError, match="half of a surrogate pair"):
        FORMAT.build(document, {segment: "x\0\ud800"})


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="needs GNU gettext")
@pytest.mark.parametrize("target", [PT, RU, JA])
def test_msgfmt_accepts_an_edition(target: Locale, tmp_path: Path) -> None:
    document = read(SAMPLE.read_bytes())
    header = {
        "PO-Revision-Date": "2026-01-01 10:00+0000",
        "Last-Translator": "",
        "Language-Team": "",
    }
    filled = {one: translation(one, target) for one in segments(document)}
    edition = tmp_path / "demo.po"
    edition.write_bytes(FORMAT.build(document, filled, target=target, header=header))
    found = subprocess.run(
        ["msgfmt", "-c", "--check-format", "-o", str(tmp_path / "demo.mo"), str(edition)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")


def translation(segment: Segment, target: Locale) -> str:
    message = segment.message
    assert message is not None
    forms = {PT: 2, RU: 3, JA: 1}[target]
    return "\0".join([message.plural] * forms) if message.plural else message.source


# --- input that is none --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("", 1, "does not begin with a PO header"),
        ('msgid "a"\nmsgstr ""\n', 1, "does not begin with a PO header"),
        (HEADER + '\nmsgid "a"\nmsgstr "b\n', 6, "not a line of a PO file"),
        (HEADER + '\nmsgid "a"\nmsgstr ""\n\nmsgid "a"\nmsgstr ""\n', 8, "stands in line 5"),
        (HEADER + '\nmsgid "a"\n', 5, "ends within an entry"),
        (HEADER + '\nmsgid "\\q"\nmsgstr ""\n', 5, "no such escape"),
        (HEADER + '\nmsgid "\\377"\nmsgstr ""\n', 5, "is not UTF-8"),
        (HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr ""\n', 7, r"msgstr\[0\] is expected"),
        (HEADER + '\nmsgid "a"\nmsgstr ""\nmsgstr ""\n', 7, "another entry is expected"),
        (HEADER + '\nmsgid "a"\n# no\nmsgstr ""\n', 6, "a comment stands within an entry"),
        (HEADER + '\nmsgctxt ""\nmsgid "a"\nmsgstr ""\n', 6, "an empty msgctxt"),
        (HEADER + '\nmsgctxt "c"\nmsgid ""\nmsgstr ""\n', 6, "an empty msgid with a msgctxt"),
        (HEADER + '\nmsgid "a"\nmsgstr "b"\n', 5, "has a translation"),
        (HEADER + '\ndomain "a"\n', 5, "domain cannot stand here"),
        (HEADER + "\n\n" + '"' * 1_000_001, 6, "1000001 characters long"),
        (HEADER + '\nmsgid "\0"\nmsgstr ""\n', 5, "null character"),
        (HEADER.replace("UTF-8", "KOI-99"), 3, "the encoding 'KOI-99' is not known"),
        (HEADER.replace("UTF-8", "UTF-16"), 3, "the encoding 'UTF-16' is not known"),
        (HEADER.replace("UTF-8", "rot13"), 3, "the encoding 'rot13' is not known"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_line(text: str, line: int, complaint: str) -> None:
    with pytest.raises(DocumentError, match=complaint) as caught:
        read(text)
    assert caught.value.where == f"seeds/demo.pot:{line}"


def test_bytes_of_another_encoding_are_refused_with_their_line() -> None:
    with pytest.raises(DocumentError, match="byte 0xE9 is not UTF-8") as caught:
        read(HEADER.encode() + b'\nmsgid "\xe9"\nmsgstr ""\n')
    assert caught.value.where == "seeds/demo.pot:5"


def test_a_catalogue_is_no_source_and_says_where_it_belongs() -> None:
    with pytest.raises(DocumentError, match="catalogue and not a template") as caught:
        read(HEADER + '\nmsgid "a"\nmsgstr "b"\n')
    assert "LC_MESSAGES/demo.pot.po" in caught.value.way_out


@given(
    st.lists(
        st.sampled_from(['msgid "a"', 'msgstr ""', '"b"', "#, x", "#~ c", "msgctxt", '"']),
        max_size=8,
    )
)
def test_any_lines_are_read_or_refused(lines: Sequence[str]) -> None:
    text = HEADER + "\n".join(lines)
    try:
        document = read(text)
    except DocumentError:
        return
    assert FORMAT.build(document, {}) == text.encode()


def test_an_edition_that_does_not_read_as_what_it_was_made_of_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def other(entry: Entry, texts: Sequence[str], text: str, line_end: str) -> list[Replacement]:
        return translated(entry, [f"{one}!" for one in texts], text, line_end)

    monkeypatch.setattr("l10n_pipeline.formats.gettext.translated", other)

    with pytest.raises(DocumentError, match="message 'a' would say something else"):
        build(PLURAL, "x\0y")
