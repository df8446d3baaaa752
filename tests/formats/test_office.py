import io
import itertools
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from xml.sax.saxutils import escape

import docx
import odfdo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline import codes
from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.office import Docx, Odt, archive, layout, markup, walking
from l10n_pipeline.formats.office.markup import DEEPEST
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Segment, Span
from l10n_pipeline.segment.documents import segment_document, tiles

SAMPLES = Path(__file__).parent / "samples" / "office"
NAMES = ("report.docx", "report.odt")
SOFFICE = shutil.which("soffice")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "style": "style", "draw": "drawing",
        "fo": "xsl-fo-compatible",
    }.items()
)  # fmt: skip
TEXT = st.text(st.sampled_from("ab c. &<>\"'é\xa0\u202f\u2028你😀\u0301א%{}\t\n"), max_size=8)


class Blocks:
    """A segmenter that makes one segment of each block."""

    def split(self, text: str) -> list[Span]:
        bare = text.strip()
        start = text.index(bare)
        return [Span(start, start + len(bare))] if bare else []


class Words:
    """A segmenter that cuts wherever it can: links and formatting, too."""

    def split(self, text: str) -> list[Span]:
        return [Span(*found.span()) for found in re.finditer(r"\S+", text)]


def first_drift(source: Document, built: Document) -> int | None:
    return (Docx() if source.format == "docx" else Odt()).first_drift(source, built)


def format_of(name: str) -> Docx | Odt:
    return Docx() if name.endswith(".docx") else Odt()


def read(data: bytes, name: str) -> Document:
    return format_of(name).read(data, path=f"seeds/{name}", name=name, locale=Locale("en"))


def sample(name: str) -> Document:
    return read((SAMPLES / name).read_bytes(), name)


def build(document: Document, translations: Mapping[Segment, str]) -> bytes:
    return format_of(document.name).build(document, translations)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in members.items():
            written.writestr(name, data)
    return made.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def word(body: str, **more: str) -> bytes:
    """A Word file with this content of its body."""
    text = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": text, **more})


def odt(body: str) -> bytes:
    """An OpenDocument text with this content of its body; T1 is bold, T2 looks like nothing."""
    styles = (
        '<style:style style:name="T1" style:family="text">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="T2" style:family="text">'
        '<style:text-properties fo:language="de"/></style:style>'
    )
    text = (
        f"<office:document-content {ODF}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": mimetype, "content.xml": text})


def sources(document: Document) -> list[str]:
    return [segment.source for segment in segment_document(document, Blocks())]


def run(text: str, formatting: str = "", noise: str = "") -> str:
    properties = f"<w:rPr>{formatting}{noise}</w:rPr>" if formatting or noise else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def shuffled(source: str, at_random: random.Random) -> str:
    """A source with its words and codes in another order, pairs well nested."""
    opened: list[list[str]] = [[]]
    for part in re.split(r"(</?[gx]\d+/?>| )", source):
        if re.fullmatch(r"<g\d+>", part):
            opened.append([part])
        elif re.fullmatch(r"</g\d+>", part):
            inside = opened.pop()
            content = inside[1:]
            at_random.shuffle(content)
            opened[-1].append("".join([inside[0], *content, part]))
        elif part:
            opened[-1].append(part)
    at_random.shuffle(opened[0])
    return "".join(opened[0])


# --- samples -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_blocks_are_as_expected(name: str) -> None:
    document = sample(name)

    found = [
        f"{segment.kind}{f' ({segment.detail})' if segment.detail else ''} | {segment.source}"
        for segment in segment_document(document, Blocks())
    ]

    assert found == (SAMPLES / f"{name}.expected").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_blocks_tile_the_parts_and_pieces_tile_the_blocks(name: str) -> None:
    document = sample(name)

    assert "".join(block.span.of(document.text) for block in document.blocks) == document.text
    assert all(tiles(block) for block in document.blocks)
    assert all(piece.span for block in document.blocks for piece in block.pieces if piece.code)
    assert "".join(span.of(document.text) for _, span in document.parts) == document.text


@pytest.mark.parametrize("segmenter", [Blocks(), Words()])
@pytest.mark.parametrize("name", NAMES)
def test_a_document_mapped_to_itself_has_the_same_bytes(
    name: str, segmenter: Blocks | Words
) -> None:
    data = (SAMPLES / name).read_bytes()
    document = read(data, name)

    assert build(document, {}) == data
    segments = segment_document(document, segmenter)
    assert build(document, {segment: segment.source for segment in segments}) == data


@pytest.mark.parametrize("name", NAMES)
def test_members_without_a_translation_stay_as_they_are_and_in_place(name: str) -> None:
    document = sample(name)
    first = segment_document(document, Blocks())[0]

    built = build(document, {first: "Relatório anual"})

    before, after = members(document.archive), members(built)
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == [document.parts[0][0]]
    with (
        zipfile.ZipFile(io.BytesIO(document.archive)) as old,
        zipfile.ZipFile(io.BytesIO(built)) as new,
    ):
        for one, two in zip(old.infolist(), new.infolist(), strict=True):
            assert (one.date_time, one.compress_type) == (two.date_time, two.compress_type)


@pytest.mark.parametrize("name", NAMES)
def test_a_translation_changes_nothing_around_it(name: str) -> None:
    document = sample(name)
    for segment in segment_document(document, Blocks()):
        built = read(build(document, {segment: segment.source + " X"}), name)

        wanted = [
            one.source + (" X" if one == segment else "")
            for one in segment_document(document, Blocks())
        ]
        assert sources(built) == wanted


@pytest.mark.parametrize("segmenter", [Blocks(), Words()])
@pytest.mark.parametrize("name", NAMES)
def test_every_order_of_codes_can_be_written(name: str, segmenter: Blocks | Words) -> None:
    document = sample(name)
    at_random = random.Random(5)
    segments = segment_document(document, segmenter)
    for _ in range(4):
        translations = {segment: shuffled(segment.source, at_random) for segment in segments}

        built = read(build(document, translations), name)

        if isinstance(segmenter, Blocks):
            seen = [codes.read(translations[one], one.codes).text.split() for one in segments]
            after = segment_document(built, Blocks())
            assert [codes.read(one.source, one.codes).text.split() for one in after] == seen


def test_python_docx_finds_the_structure_and_formatting_unchanged() -> None:
    document = sample("report.docx")
    segments = segment_document(document, Blocks())
    built = build(document, {one: one.source.replace("a", "á") for one in segments})
    old, new = (docx.Document(io.BytesIO(data)) for data in (document.archive, built))

    def described(opened: "docx.document.Document") -> list[object]:
        return [
            (
                paragraph.style and paragraph.style.name,
                [run.bold for run in paragraph.runs if run.text.strip()][:1],
            )
            for paragraph in opened.paragraphs
        ]

    assert described(old) == described(new)
    assert [cell.text for cell in old.tables[0].row_cells(0)] == ["Town", "People"]
    assert [cell.text for cell in new.tables[0].row_cells(1)] == ["Vilnius", "600,000"]
    assert new.core_properties.title == "Yeárly report"
    assert new.paragraphs[2].text == (
        "The compány grew by 5% in 2025. See https://example.org/?a=1&b=2 for detáils."
    )
    assert [run.text for run in new.paragraphs[2].runs if run.bold] == ["compány"]
    assert new.sections[0].header.paragraphs[0].text == "Confidentiál report"


def test_odfdo_finds_the_structure_unchanged() -> None:
    document = sample("report.odt")
    segments = segment_document(document, Blocks())
    built = build(document, {one: one.source.replace("a", "á") for one in segments})
    old, new = (odfdo.Document(io.BytesIO(data)) for data in (document.archive, built))

    def names(opened: odfdo.Document) -> list[str]:
        return [
            f"{element.tag} {element.get_attribute('text:style-name')}"
            for element in opened.body.xpath("//text:p | //text:h | //text:a | //text:note")
            if isinstance(element, odfdo.Element)
        ]

    assert names(old) == names(new)
    assert any("compány" in str(paragraph) for paragraph in new.body.paragraphs)
    assert new.body.tables[0].get_values() == [["Town", "People"]]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice Writer (soffice)")
@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_opens_a_translated_document(name: str, tmp_path: Path) -> None:
    assert SOFFICE is not None
    document = sample(name)
    segments = segment_document(document, Blocks())
    built = tmp_path / name
    built.write_bytes(build(document, {one: one.source.replace("a", "á") for one in segments}))

    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "fodt", "--outdir", str(tmp_path), str(built)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    text = re.sub("<[^>]*>", "", built.with_suffix(".fodt").read_text("utf-8"))
    for wanted in ("The compány grew by 5%", "Text in á box.", "Confidentiál report"):
        assert wanted in text
    assert "Only án estimáte." in text or "The first párt is short." in text


# --- Word ----------------------------------------------------------------------------

LOOKS = ("", "<w:b/>", "<w:i/>")
NOISE = ("", '<w:lang w:val="en-GB"/>', "<w:noProof/>")


@given(st.lists(st.tuples(TEXT, st.sampled_from(LOOKS)), min_size=1, max_size=5), st.randoms())
def test_however_word_divides_a_sentence_its_source_is_the_same(
    runs: list[tuple[str, str]], at_random: random.Random
) -> None:
    together = "".join(run(text, look) for text, look in runs)
    divided = ""
    for text, look in runs:
        cuts = sorted(at_random.sample(range(len(text) + 1), at_random.randint(0, len(text))))
        for start, end in itertools.pairwise([0, *cuts, len(text)]):
            divided += run(text[start:end], look, at_random.choice(NOISE))
            divided += at_random.choice(['<w:proofErr w:type="spellEnd"/>', "", "<!-- -->"])

    found = [sources(read(word(f"<w:p>{one}</w:p>"), "a.docx")) for one in (together, divided)]

    assert found[0] == found[1]


TEXT_BOX = (
    "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    "</w:pict></w:r>"
)


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


WHOLE = [
    '<w:bookmarkStart w:id="1" w:name="b"/>',
    '<w:bookmarkEnd w:id="1"/>',
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>",
    '<w:r><w:footnoteReference w:id="2"/></w:r>',
    "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>",
    '<w:fldSimple w:instr="DATE"><w:r><w:t>now</w:t></w:r></w:fldSimple>',
    field("PAGE", "3"),
    field("HYPERLINK x", "link"),
    field(f"IF {field('PAGE', '3')}", "then"),
    TEXT_BOX,
    "<w:p><w:r><w:t>Astray</w:t></w:r></w:p>",
    "<w:r><w:t/><w:noBreakHyphen/><w:softHyphen/></w:r>",
    "<w:unknown><w:r><w:t>what</w:t></w:r></w:unknown>",
]
STRAY = [
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
    "<w:r><w:instrText>PAGE</w:instrText></w:r>",
    '<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>',
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
    '<w:r><w:t>3</w:t><w:fldChar w:fldCharType="end"/><w:t>4</w:t></w:r>',
    '<w:fldChar w:fldCharType="end"><w:ffData/></w:fldChar>',
]


def contents(markup: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """What a paragraph of a Word document may hold, this markup among it."""
    pieces = st.recursive(
        st.one_of(
            st.builds(run, TEXT, st.sampled_from(LOOKS)),
            st.builds(lambda text: f"<w:r><w:t>{escape(text)}</w:t><w:tab/></w:r>", TEXT),
            st.builds(lambda text: f"<w:r><w:br/><w:t>{escape(text)}</w:t></w:r>", TEXT),
            st.builds(lambda text: f"<w:r><w:t><![CDATA[{text}]]></w:t></w:r>", TEXT),
            st.sampled_from(markup),
        ),
        lambda inner: st.builds(
            lambda name, content: name.replace("*", "".join(content)),
            st.sampled_from(
                [
                    "<w:hyperlink>*</w:hyperlink>",
                    "<w:ins>*</w:ins>",
                    "<w:smartTag>*</w:smartTag>",
                    "<w:sdt><w:sdtPr></w:sdtPr><w:sdtContent>*</w:sdtContent></w:sdt>",
                ]
            ),
            st.lists(inner, max_size=4),
        ),
        max_leaves=12,
    )
    return st.lists(pieces, max_size=8)


def check_round_trips(
    data: bytes, name: str, at_random: random.Random, *, compare: bool = True
) -> None:
    """Check that a document is written back, and is still one with its codes in another order;
    that its text is then what the translations say, if it is to be compared.
    """
    document = read(data, name)
    assert "".join(block.span.of(document.text) for block in document.blocks) == document.text
    assert all(tiles(block) for block in document.blocks)
    assert all(piece.span for block in document.blocks for piece in block.pieces if piece.code)
    assert build(document, {}) == data
    for segmenter in (Blocks(), Words()):
        segments = segment_document(document, segmenter)
        assert build(document, {one: one.source for one in segments}) == data
        some = [one for one in segments if at_random.random() < 0.7]
        changed = {one: shuffled(one.source, at_random) + " z" for one in some}
        built = read(build(document, changed), name)
        if compare:
            assert first_drift(document, built) is None
        if compare and isinstance(segmenter, Blocks):
            seen = {one.index: codes.read(changed[one], one.codes).text for one in some}
            after = segment_document(built, Blocks())
            wanted = [
                seen.get(one.index, codes.read(one.source, one.codes).text) for one in segments
            ]
            found = [codes.read(one.source, one.codes).text for one in after]
            # Notes stand in the order of their places, which are codes.
            assert sorted(map(str.split, found)) == sorted(map(str.split, wanted))


@given(contents(WHOLE), st.randoms())
def test_any_word_paragraph_is_written_back(
    pieces: Sequence[str], at_random: random.Random
) -> None:
    data = word(f"<w:p><w:pPr/>{''.join(pieces)}</w:p><w:p><w:r><w:t>End</w:t></w:r></w:p>")

    check_round_trips(data, "a.docx", at_random)


@given(contents(WHOLE + STRAY), st.randoms())
def test_a_paragraph_with_stray_marks_of_fields_is_written_back(
    pieces: Sequence[str], at_random: random.Random
) -> None:
    # Which text is a field's result changes with the order of its marks.
    check_round_trips(word(f"<w:p>{''.join(pieces)}</w:p>"), "a.docx", at_random, compare=False)


def rewritten(data: bytes, name: str, text: str) -> Document:
    """A document with another first part."""
    part = read(data, name).parts[0][0]
    return read(zipped({**members(data), part: text}), name)


def translated(data: bytes, name: str, translation: str) -> str:
    """The first part of a document whose only block is translated."""
    document = read(data, name)
    (segment,) = segment_document(document, Blocks())
    built = build(document, {segment: translation})
    return members(built)[document.parts[0][0]].decode()


def test_runs_of_a_translated_sentence_are_joined_and_spaces_count() -> None:
    data = word(f"<w:p><w:r><w:t>One</w:t></w:r>{run(' two')}{run(' three', '<w:b/>')}</w:p>")

    written = translated(data, "a.docx", "Um dois <g1>três</g1>")

    assert "<w:p>" + run("Um dois ") + run("três", "<w:b/>") + "</w:p>" in written


def test_spaces_that_word_drops_are_not_read_and_do_not_come_back() -> None:
    data = word(f"<w:p><w:r><w:t> One </w:t></w:r>{run('two. Three', '<w:i/>')}</w:p>")

    assert sources(read(data, "a.docx")) == ["<g1>One</g1>two. Three"]
    written = translated(data, "a.docx", "<g1>Um</g1> dois.")
    assert run("Um") + run(" dois.", "<w:i/>") in written


def test_marks_that_others_refer_to_survive_a_translation() -> None:
    data = word(
        f'<w:p>{run("One ")}<w:bookmarkStart w:id="1" w:name="b"/>{run("two")}'
        f'<w:bookmarkEnd w:id="1"/><w:commentRangeStart w:id="3"/>{run(" three")}'
        '<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
        f"{run(' four')}</w:p>"
    )

    written = translated(data, "a.docx", "Um")

    assert re.findall(r"<w:(\w+) w:id", written) == [
        "bookmarkStart", "commentRangeStart", "bookmarkEnd", "commentRangeEnd", "commentReference",
    ]  # fmt: skip
    assert written.count(run("Um")) == 1


def test_a_word_in_a_link_that_is_moved_keeps_its_link() -> None:
    data = word(
        f'<w:p>{run("See ")}<w:hyperlink r:id="rId1">{run("the page", "<w:u/>")}</w:hyperlink>'
        f"{run(' now')}</w:p>"
    )

    written = translated(data, "a.docx", "<g1>A página</g1> já")

    assert (
        f'<w:hyperlink r:id="rId1">{run("A página", "<w:u/>")}</w:hyperlink>{run(" já")}' in written
    )


def test_a_field_is_one_code_that_shows_its_result_and_a_link_is_a_pair() -> None:
    link, page = field("HYPERLINK x", "page "), field(" PAGE ", "12")
    data = word(f"<w:p>{run('See ')}{link}{page}{run('.')}</w:p>")
    document = read(data, "a.docx")
    (segment,) = segment_document(document, Blocks())

    assert segment.source == "See <g1>page </g1><x2/>."
    assert segment.codes[-1].shown == "12"
    built = build(document, {segment: "Vê <x2/>: a <g1>página</g1>"})
    assert sources(read(built, "a.docx")) == ["Vê <x1/>: a <g2>página</g2>"]
    text = members(built)["word/document.xml"].decode()
    assert [text.count(f'"{kind}"') for kind in ("begin", "separate", "end")] == [2, 2, 2]


def test_a_table_of_contents_keeps_the_marks_of_its_field() -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = f"<w:p>{begin}{run('Start')}</w:p><w:p>{run('End')}{end}</w:p>"
    document = read(word(body), "a.docx")
    first, last = segment_document(document, Blocks())

    built = build(document, {first: "Início", last: "Fim"})

    text = members(built)["word/document.xml"].decode()
    assert body.replace("Start", "Início").replace("End", "Fim") in text


def test_what_was_inserted_is_read_and_what_was_deleted_is_not() -> None:
    data = word(
        f"<w:p>{run('One')}<w:ins>{run(' new')}</w:ins><w:del><w:r><w:delText> old</w:delText>"
        f"</w:r></w:del>{run(' word')}</w:p>"
    )

    assert sources(read(data, "a.docx")) == ["One new word"]
    written = translated(data, "a.docx", "Uma palavra")
    assert "old" not in written
    assert sources(read(word(f"<w:p>{run('Uma palavra')}</w:p>"), "a.docx")) == ["Uma palavra"]


def test_entries_of_a_table_of_contents_say_what_the_headings_say() -> None:
    entry = f'<w:hyperlink w:anchor="a">{run("Start")}<w:r><w:tab/></w:r>%s</w:hyperlink>'
    # As Word has them, as LibreOffice writes them, and without a field.
    of_libreoffice = (
        '<w:hyperlink w:anchor="a"><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText>PAGEREF a</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Start</w:t><w:tab/><w:t>7</w:t>'
        '</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink>'
    )
    for written in (entry % field("PAGEREF a", "7"), of_libreoffice, entry % run("7")):
        document = read(word(f"<w:p>{written}</w:p><w:p>{run('Start')}</w:p>"), "a.docx")

        assert sources(document) == ["Start", "Start"]
        built = build(document, dict.fromkeys(segment_document(document, Blocks()), "Início"))
        assert first_drift(document, read(built, "a.docx")) is None
        text = members(built)["word/document.xml"].decode()
        assert re.sub("<[^>]*>", "", text).replace("PAGEREF a", "") == "Início7Início"


def test_soft_hyphens_are_not_read() -> None:
    end = run("ordi\xadnary").replace("nary", "nary&#173;")
    body = f"<w:p>{run('extra')}<w:r><w:softHyphen/></w:r>{end}</w:p>"

    for data, name in (
        (word(body), "a.docx"),
        (odt("<text:p>extra\xadordi&#173;nary</text:p>"), "a.odt"),
    ):
        assert sources(read(data, name)) == ["extraordinary"]
        assert "\xad" not in translated(data, name, "extraordinário")


def test_a_pair_around_nothing_is_still_there() -> None:
    link = f'<w:hyperlink r:id="rId1">{run("that")}</w:hyperlink>'
    data = word(f"<w:p>{run('See ')}{link}{run(' and ')}{run('this', '<w:b/>')}</w:p>")

    written = translated(data, "a.docx", "Vê <g1></g1> isto<g2></g2>")

    assert f'<w:hyperlink r:id="rId1">{run("")}</w:hyperlink>' in written
    assert run("", "<w:b/>") in written
    assert first_drift(read(data, "a.docx"), rewritten(data, "a.docx", written)) is None


def test_strict_documents_and_other_prefixes_are_read_and_written() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    text = (
        f'<x:document xmlns:x="{strict}"><x:body><x:p><x:r><x:t>One</x:t></x:r>'
        "<x:r><x:rPr><x:b/></x:rPr><x:t>Two</x:t></x:r></x:p></x:body></x:document>"
    )
    data = zipped({"[Content_Types].xml": TYPES, "word/document.xml": text})

    assert sources(read(data, "a.docx")) == ["One<g1>Two</g1>"]
    written = translated(data, "a.docx", "<g1>Dois</g1>Um")
    assert '<x:r><x:rPr><x:b/></x:rPr><x:t xml:space="preserve">Dois</x:t></x:r>' in written


def test_the_outermost_element_is_known_by_any_prefix() -> None:
    header = f'<x:hdr xmlns:x="{W}"><x:p><x:r><x:t>One</x:t></x:r></x:p></x:hdr>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    override = f'<Override PartName="/h.xml" ContentType="{kind}"/></Types>'
    whole = members(word("", **{"h.xml": header}))
    whole["[Content_Types].xml"] = TYPES.replace("</Types>", override).encode()

    (segment,) = segment_document(read(zipped(whole), "a.docx"), Blocks())

    assert segment.detail == "header"


def test_the_language_of_styles_and_properties_becomes_the_target() -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:lang w:val="en-US" w:bidi="ar-SA"/>'
        '</w:docDefaults><w:style w:styleId="a"><w:lang w:val="en-GB"/></w:style>'
        '<w:style w:styleId="b"><w:lang w:val="fr-FR"/></w:style></w:styles>'
    )
    core = (
        '<c:p xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>One</dc:title><dc:language>en-US</dc:language></c:p>"
    )
    settings = f'<w:settings xmlns:w="{W}"><w:themeFontLang w:val="en-US"/></w:settings>'
    parts = {"word/styles.xml": styles, "docProps/core.xml": core, "word/settings.xml": settings}
    document = read(word("", **parts), "a.docx")
    (title,) = segment_document(document, Blocks())

    built = members(Docx().build(document, {title: "Um"}, target=Locale.parse("pt-BR")))

    changed = {name: text.replace("en-US", "pt-BR") for name, text in parts.items()}
    changed["word/styles.xml"] = changed["word/styles.xml"].replace("en-GB", "pt-BR")
    changed["docProps/core.xml"] = changed["docProps/core.xml"].replace("One", "Um")
    assert {name: built[name].decode() for name in parts} == changed


def test_the_language_of_opendocument_styles_becomes_the_target() -> None:
    document = sample("report.odt")
    built = Odt().build(document, {}, target=Locale.parse("pt-BR"))
    styles = members(built)["styles.xml"].decode()
    assert 'fo:language="pt" fo:country="BR" style:language-asian="zh"' in styles

    english, german = (
        f'<style:style style:name="{name}" style:family="text"><style:text-properties '
        f'fo:language="{name}" fo:country="GB"/></style:style>'
        for name in ("en", "de")
    )
    data = odt("")
    text = members(data)["content.xml"].decode().replace("</office:auto", f"{english}</office:auto")
    text = text.replace("</office:auto", f"{german}</office:auto")
    document = rewritten(data, "a.odt", text)
    built = Odt().build(document, {}, target=Locale("az"))
    wanted = text.replace('language="en" fo:country="GB"', 'language="az" fo:country="none"')
    assert members(built)["content.xml"].decode() == wanted


# --- what has to stay ----------------------------------------------------------------

BODY = (
    f"<w:p><w:pPr><w:jc/></w:pPr>{run('See ')}<w:hyperlink>{run('the')}</w:hyperlink>"
    f"{run(' old', '<w:b/>')}{run(' note')}<w:r><w:footnoteReference/></w:r>{TEXT_BOX}"
    f'<w:bookmarkStart w:id="1"/><w:bookmarkEnd w:id="1"/>{run(".")}</w:p>'
    f"<w:tbl><w:tblPr/><w:tr><w:tc><w:p>{run('Town')}</w:p></w:tc></w:tr></w:tbl>"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Town", "Cidade"),
        ("See ", "Veja "),
        (run(" old", "<w:b/>"), run(" an", "<w:b/>") + run("tiga") + run("<", "<w:b/>")),
        (run(" note"), run(" no") + '<w:proofErr w:type="spellEnd"/>' + run("ta", "", NOISE[1])),
        ("<w:r><w:footnoteReference/></w:r>", "<w:r/><w:r><w:footnoteReference/></w:r>"),
    ],
)
def test_a_document_with_other_text_has_the_same_structure(before: str, after: str) -> None:
    assert before in BODY
    built = read(word(BODY.replace(before, after)), "a.docx")

    assert first_drift(read(word(BODY), "a.docx"), built) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (run(" old", "<w:b/>"), run(" old")),
        (run(" old", "<w:b/>"), run(" old", "<w:i/>")),
        (run(" note"), run(" note", "<w:i/>")),
        ("<w:hyperlink>", '<w:hyperlink r:id="rId2">'),
        (f"<w:hyperlink>{run('the')}</w:hyperlink>", run("the")),
        (f"<w:hyperlink>{run('the')}</w:hyperlink>", f"<w:hyperlink/>{run('the')}"),
        ("<w:r><w:footnoteReference/></w:r>", ""),
        ("<w:r><w:footnoteReference/></w:r>", "<w:r><w:footnoteReference/></w:r>" * 2),
        (TEXT_BOX, ""),
        (TEXT_BOX, TEXT_BOX.replace("<w:p>", "<w:p><w:pPr><w:jc/></w:pPr>")),
        ('<w:bookmarkEnd w:id="1"/>', ""),
        ("<w:pPr><w:jc/></w:pPr>", ""),
        ("<w:tblPr/>", ""),
        ("</w:tc></w:tr>", "</w:tc><w:tc><w:p/></w:tc></w:tr>"),
        ("</w:tbl>", "</w:tbl><w:p/>"),
        ("</w:tbl>", f"</w:tbl><w:p>{run('More')}</w:p>"),
        (f"<w:p>{run('Town')}</w:p>", "<w:p/>"),
    ],
)
def test_a_lost_or_changed_part_of_a_document_is_another_structure(before: str, after: str) -> None:
    assert before in BODY
    document = read(word(BODY), "a.docx")
    built = read(word(BODY.replace(before, after, 1)), "a.docx")

    at = first_drift(document, built)

    assert at is not None
    assert (at >= document.text.index("</w:p>")) == (before in BODY[BODY.index("<w:tbl>") :])


def test_other_members_count_too() -> None:
    document = read(word(BODY, picture="1"), "a.docx")

    assert first_drift(document, read(word(BODY, picture="1"), "a.docx")) is None
    assert first_drift(document, read(word(BODY, picture="2"), "a.docx")) == 0
    assert first_drift(document, read(word(BODY), "a.docx")) == 0


def test_what_is_lost_of_an_opendocument_text_is_another_structure() -> None:
    body = f"<text:p>One {NOTE} <text:a>two</text:a> <text:span>{BOX}</text:span></text:p>"
    document = read(odt(body), "a.odt")

    for before, after in (("One", "Um"), (f"{NOTE} <text:a>two</text:a>", f"<text:a/>{NOTE}")):
        built = read(odt(body.replace(before, after)), "a.odt")
        assert (first_drift(document, built) is None) == (before == "One")
    for lost in (NOTE, BOX, "<text:tab/>"):
        assert first_drift(document, read(odt(body.replace(lost, "")), "a.odt")) is not None


# --- OpenDocument --------------------------------------------------------------------


NOTE = (
    "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
    "<text:p>A <text:span>note</text:span>.</text:p></text:note-body></text:note>"
)
BOX = "<draw:frame><draw:text-box><text:p>In <text:tab/>a box</text:p></draw:text-box></draw:frame>"
SPANS = st.recursive(
    st.one_of(
        TEXT.map(escape),
        st.sampled_from(
            [
                "<text:tab/>", "<text:line-break/>", '<text:s text:c="3"/>', "<text:s/>",
                '<text:bookmark text:name="b"/>', '<text:bookmark-start text:name="c"/>',
                "<text:soft-page-break/>", "<text:page-number>3</text:page-number>",
                NOTE,
                "<office:annotation><text:p>A comment</text:p></office:annotation>",
                BOX,
                "<![CDATA[a <g1> b]]>", "&#32;&#10;",
            ]
        ),
    ),
    lambda inner: st.builds(
        lambda begin, content: f"<{begin}>{''.join(content)}</{begin.split()[0]}>",
        st.sampled_from(
            ['text:span text:style-name="T1"', 'text:span text:style-name="T2"', "text:a",
             'text:span text:style-name="Strong"', "text:meta"]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(SPANS, max_size=8), st.randoms())
def test_any_opendocument_paragraph_is_written_back(
    pieces: Sequence[str], at_random: random.Random
) -> None:
    data = odt(f"<text:p>{''.join(pieces)}</text:p><text:h>End</text:h>")

    check_round_trips(data, "a.odt", at_random)


@given(st.text(st.sampled_from("ab c."), min_size=1), st.randoms())
def test_spans_that_look_like_nothing_do_not_divide_a_sentence(
    text: str, at_random: random.Random
) -> None:
    divided = ""
    for letter in text:
        span = f'<text:span text:style-name="T2">{letter}</text:span>'
        divided += at_random.choice([letter, span])

    found = [sources(read(odt(f"<text:p>{one}</text:p>"), "a.odt")) for one in (text, divided)]

    assert found[0] == found[1]


def test_spaces_in_a_row_are_written_as_elements() -> None:
    data = odt('<text:p>One<text:s text:c="2"/>two</text:p>')

    assert sources(read(data, "a.odt")) == ["One  two"]
    assert "<text:p>Um  ".replace("  ", " <text:s/>") in translated(data, "a.odt", "Um  dois")


def test_a_title_keeps_its_spaces() -> None:
    meta = (
        f'<office:document-meta {ODF} xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<office:meta><dc:title>One  two</dc:title></office:meta></office:document-meta>"
    )
    document = read(zipped({**members(odt("")), "meta.xml": meta}), "a.odt")
    (title,) = segment_document(document, Blocks())

    built = members(build(document, {title: "Um  dois"}))["meta.xml"].decode()
    assert built == meta.replace("One  two", "Um  dois")


def test_tracked_changes_in_a_translated_sentence_are_accepted() -> None:
    data = odt(
        '<text:p>The fee is <text:change text:change-id="1"/><text:change-start '
        'text:change-id="2"/>twenty<text:change-end text:change-id="2"/> dollars.</text:p>'
    )

    assert sources(read(data, "a.odt")) == ["The fee is twenty dollars."]
    assert "<text:p>São vinte dólares.</text:p>" in translated(data, "a.odt", "São vinte dólares.")


def test_white_space_of_the_file_is_one_space() -> None:
    data = odt("<text:p>\n  One\n  two <text:span> three</text:span>\n</text:p>")

    assert sources(read(data, "a.odt")) == ["One two three"]


# --- hostile input -------------------------------------------------------------------


def refused(data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(DocumentError) as caught:
        read(data, name)
    assert caught.value.where.startswith(f"seeds/{name}")
    return caught.value.what


@pytest.mark.parametrize("name", ["a.docx", "a.odt"])
def test_what_is_no_such_document_is_refused(name: str) -> None:
    assert "not a ZIP archive" in refused(b"", name)
    assert "not a ZIP archive" in refused(b"PK\x03\x04 and no more", name)
    assert "password" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name)
    assert "is not a" in refused(zipped({"a.txt": "text"}), name)


@given(st.integers(0, 2**16), st.integers(0, 255), st.sampled_from(["a.docx", "a.odt"]))
def test_a_damaged_file_is_read_or_refused(at: int, byte: int, name: str) -> None:
    whole = word(f"<w:p>{run('One')}</w:p>") if name == "a.docx" else odt("<text:p>One</text:p>")
    at %= len(whole)
    for data in (whole[:at], whole[:at] + bytes([byte]) + whole[at + 1 :]):
        try:
            document = read(data, name)
            build(document, dict.fromkeys(segment_document(document, Blocks()), "Um"))
        except DocumentError:
            continue


@pytest.mark.parametrize("evil", ["../evil", "/etc/passwd", "a/../../b", "C:\\evil", "a\0b"])
def test_names_that_lead_astray_are_refused(evil: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        info = zipfile.ZipInfo("placeholder")
        info.filename = evil
        written.writestr(info, "x")

    assert "leads astray" in refused(made.getvalue())


def test_two_members_of_one_name_are_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        written.writestr("word/document.xml", "x")
        with pytest.warns(UserWarning, match="Duplicate name"):
            written.writestr("word/document.xml", "y")

    assert "two members" in refused(made.getvalue())


def test_encrypted_members_are_refused() -> None:
    data = bytearray(word("<w:p/>"))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    assert "encrypted" in refused(bytes(data))

    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        "<m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    )
    assert "password" in refused(
        zipped({**members(odt("")), "META-INF/manifest.xml": manifest}), "a.odt"
    )


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_TEXT", 10_000)
    assert "takes more than 10,000 bytes" in refused(word("<w:p/>" + " " * 20_000))

    monkeypatch.setattr(archive, "MOST_BYTES", 50_000)
    assert "takes more than 50,000 bytes" in refused(word("<w:p/>", bomb="0" * 60_000))

    monkeypatch.setattr(archive, "MOST_MEMBERS", 10)
    assert "more than 10 members" in refused(word("", **{f"m{n}": "" for n in range(20)}))


def test_a_member_that_is_longer_than_it_says_is_damaged() -> None:
    data = bytearray(word("<w:p/>" + " " * 20_000))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")

    assert "is damaged" in refused(bytes(data))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type declaration"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>', "document type"),
        ("<x><y></x>", "not well-formed"),
        ("<x>&#xD800;</x>", "not well-formed"),
        ("<x>&#0;</x>", "not well-formed"),
        ("<x>&nbsp;</x>", "not well-formed"),
        ("<u:x/>", "not well-formed"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><x/>', "ISO-8859-1"),
        ("<x>\0</x>", "not well-formed"),
        ("<x>" * 10_000 + "</x>" * 10_000, f"more than {DEEPEST}"),
    ],
)
def test_xml_that_no_word_processor_writes_is_refused(text: str, reason: str) -> None:
    assert reason in refused(zipped({"[Content_Types].xml": TYPES, "word/document.xml": text}))


SOFT_HYPHENS = "<w:p>" + run("a\xad" * 6) + "</w:p>"
MUCH_FORMATTING = f'<w:rFonts w:ascii="{"a" * 12_000}"/>'


@pytest.mark.parametrize(
    ("module", "name", "most", "body", "reason"),
    [
        (markup, "MOST_TAGS", 20, "<w:p/>" * 20, "more than 20 tags"),
        (markup, "MOST_NAMESPACES", 5, '<x xmlns:a="b"/>' * 5, "more than 5 declarations"),
        (layout, "MOST_PARAGRAPHS", 5, "<w:p></w:p>" * 6, "more than 5 paragraphs"),
        (walking, "MOST_TOKENS", 20, f"<w:p>{'&amp;' * 21}</w:p>", "more than 20 tags"),
        (walking, "MOST_PIECES", 5, f"<w:p>{run('a') * 6}</w:p>", "more than 5 pieces"),
        (walking, "MOST_PIECES", 5, f"<w:p>{'<w:r><w:br/></w:r>' * 6}</w:p>", "5 pieces"),
        (walking, "MOST_PIECES", 5, SOFT_HYPHENS, "more than 5 pieces"),
        (walking, "MOST_PIECES", 5, f"<w:p>{'<w:bookmarkEnd/>' * 6}</w:p>", "5 bookmarks"),
        (walking, "LONGEST_FORMATTING", 9999, f"<w:p>{run('a', MUCH_FORMATTING)}</w:p>", "9,999"),
    ],
)  # fmt: skip
def test_what_would_take_too_long_is_refused(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, most: int, body: str,
    reason: str,
) -> None:  # fmt: skip
    whole = word(body)
    read(whole, "a.docx")

    monkeypatch.setattr(module, name, most)
    assert reason in refused(whole)


def test_a_tag_with_very_many_attributes_is_refused() -> None:
    few, many = (" ".join(f'a{n}="{"b" * 100}"' for n in range(count)) for count in (900, 1100))

    read(word(f"<x {few}/>"), "a.docx")
    assert "more than 1,000 attributes" in refused(word(f"<x {many}/>"))


def test_a_namespace_that_is_very_long_is_refused() -> None:
    assert "more than 300 characters" in refused(word(f'<q:x xmlns:q="{"u" * 301}"/>'))


def test_spans_within_one_another_become_codes_down_to_a_depth() -> None:
    begin = '<text:span text:style-name="T1">'
    body = f"<text:p>{begin * 60}a {begin}b</text:span>{'</text:span>' * 60} c</text:p>"
    document = read(odt(body), "a.odt")
    (segment,) = segment_document(document, Blocks())

    built = read(build(document, {segment: f"{segment.source} d"}), "a.odt")

    assert codes.read(segment.source, segment.codes).text == "a b c"
    assert sources(built) == [f"{segment.source} d"]


LONG = 1 << 20
LINK = f"<w:hyperlink>{run('a')}</w:hyperlink>{run('. ')}"


@pytest.mark.parametrize(
    "body",
    [
        # Each takes an hour and more, or more memory than there is, where a step goes over all
        # of the rest, or keeps a copy of it.
        pytest.param(f"<w:p><w:{'x' * LONG} a='b'/>{run('One')}</w:p>", id="element's name"),
        pytest.param(f"<w:p>{run('One').replace('One', '&#' + '0' * LONG + '65;')}</w:p>", id="0s"),
        pytest.param(
            f"<w:p><w:pPr><!--{'pStyle ' * (LONG // 7)}< --></w:pPr>{run('One')}</w:p>",
            id="comment",
        ),
        pytest.param(f"<w:p>{field('PAGEREF a', 'b') * 1_000}{run('One')}</w:p>", id="fields"),
        pytest.param(f"<w:p>{LINK * 2_000}</w:p>", id="links"),
    ],
)
def test_hostile_text_takes_time_in_proportion(body: str) -> None:
    document = read(word(body), "a.docx")
    segments = segment_document(document, Blocks())

    built = build(document, {one: f"{one.source} z" for one in segments})

    assert first_drift(document, read(built, "a.docx")) is None


def test_fields_within_fields_take_time_in_proportion() -> None:
    count = 3_000
    begin, end = field("PAGEREF a", "*").split(run("*"))
    body = f"<w:p>{begin * count}{run('One')}{end * count}{run(' two')}</w:p>"
    document = read(word(body), "a.docx")
    (segment,) = segment_document(document, Blocks())

    assert segment.source == "<x1/> two"
    assert segment.codes[0].shown == "One"


def test_a_long_style_is_not_repeated() -> None:
    style = (
        '<style:style style:name="T3" style:family="text">'
        f'<style:text-properties fo:color="{"a" * LONG}"/></style:style>'
    )
    data = odt('<text:p><text:span text:style-name="T3">a</text:span> b</text:p>' * 2_000)
    text = members(data)["content.xml"].decode()
    text = text.replace("</office:automatic", f"{style}</office:automatic")
    document = rewritten(data, "a.odt", text)

    assert sources(document) == ["<g1>a</g1> b"] * 2_000


def test_many_members_take_time_in_proportion() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    names = [f"word/h{n}.xml" for n in range(4_000)]
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name in names)
    header = f'<w:hdr xmlns:w="{W}"><w:p/></w:hdr>'
    data = word(f"<w:p>{run('One')}</w:p>", **dict.fromkeys(names, header))
    whole = members(data)
    whole["[Content_Types].xml"] = TYPES.replace("</Types>", f"{types}</Types>").encode()
    document = read(zipped(whole), "a.docx")

    assert len(document.parts) == len(names) + 1
    assert translated(document.archive, "a.docx", "Um").count("Um") == 1


def test_members_that_stay_are_copied_as_they_are_compressed() -> None:
    made = io.BytesIO(word(f"<w:p>{run('One')}</w:p>"))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED, compresslevel=0) as written:
        written.writestr("Bild \u00e9.txt", "long " * 1000)
        written.comment = b"a comment"
    document = read(b"a program before it" + made.getvalue(), "a.docx")
    (segment,) = segment_document(document, Blocks())

    built = build(document, {segment: "Um"})

    with zipfile.ZipFile(io.BytesIO(built)) as opened:
        assert opened.testzip() is None
        assert opened.comment == b"a comment"
        picture = opened.getinfo("Bild \u00e9.txt")
        assert opened.read(picture) == b"long " * 1000
        assert picture.compress_size > 5000
    assert sources(read(built, "a.docx")) == ["Um"]


def test_a_member_that_is_not_where_it_should_be_is_damaged() -> None:
    data = bytearray(word(f"<w:p>{run('One')}</w:p>", picture="a"))
    at = data.index(b"picture") - 30
    data[at : at + 4] = b"PK\0\0"
    document = read(bytes(data), "a.docx")
    (segment,) = segment_document(document, Blocks())

    with pytest.raises(DocumentError, match="'picture' is damaged"):
        build(document, {segment: "Um"})


def test_members_that_share_their_bytes_are_refused() -> None:
    data = zipped({"a": random.Random(1).randbytes(5_000), **{f"b{n}": "" for n in range(30)}})
    first = data.index(b"PK\x01\x02")
    sizes = data[first + 16 : first + 28]
    shared = bytearray(data)
    at = data.find(b"PK\x01\x02", first + 4)
    while at >= 0:
        shared[at + 10 : at + 12] = data[first + 10 : first + 12]
        shared[at + 16 : at + 28] = sizes
        shared[at + 42 : at + 46] = bytes(4)
        at = data.find(b"PK\x01\x02", at + 4)

    assert "share their bytes" in refused(bytes(shared))


def test_what_styles_are_based_on_takes_time_in_proportion() -> None:
    count = 20_000
    styles = "".join(
        f'<w:style w:styleId="{n}"><w:name w:val="n{n}"/><w:basedOn w:val="{(n + 1) % count}"/>'
        "</w:style>"
        for n in range(count)
    )
    more = (
        '<w:style w:styleId="x"><w:name w:val="own"/><w:basedOn w:val="y"/></w:style>'
        '<w:style w:styleId="y"><w:name w:val="heading 2"/></w:style>'
    )
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run("One")}</w:p>' for style in ("7", "x")
    )
    data = word(body, **{"word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}{more}</w:styles>'})

    kinds = [(one.kind, one.detail) for one in segment_document(read(data, "a.docx"), Blocks())]
    assert kinds == [("paragraph", ""), ("heading", "level 2")]


def test_xml_in_utf_16_is_refused() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16")

    assert "UTF-16" in refused(zipped({"[Content_Types].xml": TYPES, "word/document.xml": text}))


def test_a_long_paragraph_takes_time_in_proportion() -> None:
    body = "<w:p>" + "".join(run(f"word {n}. ", LOOKS[n % 3]) for n in range(5_000)) + "</w:p>"
    document = read(word(body), "a.docx")
    segments = segment_document(document, Words())

    built = build(document, {one: f"{one.source}z" for one in segments})

    assert len(segments) == 10_000
    assert members(built)["word/document.xml"].count(b"z") == len(segments)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bad", ["\0", "\x0b", "\ud800", "\uffff"])
def test_what_xml_cannot_hold_is_refused_with_its_entry(name: str, bad: str) -> None:
    document = sample(name)
    segment = segment_document(document, Blocks())[0]

    with pytest.raises(DocumentError, match=r"“Yearly report” cannot be written.*U\+"):
        build(document, {segment: f"a{bad}"})


@pytest.mark.parametrize("translation", ["no code", "<g1>a", "<g1>a</g1><g1>b</g1>"])
def test_broken_codes_are_refused_with_their_entry(translation: str) -> None:
    document = read(word(f"<w:p>{run('One ')}{run('two', '<w:b/>')}</w:p>"), "a.docx")
    (segment,) = segment_document(document, Blocks())

    with pytest.raises(DocumentError, match="codes of the translation of “One <g1>two</g1>”"):
        build(document, {segment: translation})


def test_segments_of_another_document_are_refused() -> None:
    other = segment_document(sample("report.docx"), Blocks())[-1]

    with pytest.raises(ValueError, match="not a segment"):
        build(read(word(f"<w:p>{run('One')}</w:p>"), "a.docx"), {other: "Um"})
