"""TMX: what other tools write is read, nothing of ours is lost on the way."""

import codecs
import contextlib
import itertools
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.errors import InputError
from l10n_pipeline.locale import Locale
from l10n_pipeline.memory.tmx import TmxReport, read_tmx, write_tmx
from l10n_pipeline.memory.units import MemoryUnit, Pair, Surroundings
from tests.memory.strategies import EN, NOON, PAIR, PT_BR, units

HEAD = (
    '<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
    '<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence"'
    ' o-tmf="x" adminlang="en" srclang="*all*" datatype="xml"><note>of all</note></header>\n<body>'
)
TAIL = "\n</body></tmx>"


def tmx(*bodies, encoding="UTF-8"):
    return (HEAD.format(encoding=encoding) + "".join(bodies) + TAIL).encode(encoding)


def tu(source, target, *, languages=("en", "pt-BR"), more=""):
    variants = zip(languages, (source, target), strict=True)
    written = "".join(
        f'<tuv xml:lang="{language}"><seg>{text}</seg></tuv>' for language, text in variants
    )
    return f"\n<tu>{more}{written}</tu>"


def read(data, pair=PAIR, report=None):
    return list(read_tmx(BytesIO(data), "a.tmx", pair, report))


@given(st.lists(units, max_size=5))
def test_what_is_written_is_read_as_it_was(given_units):
    report = TmxReport()
    data = b"".join(write_tmx(given_units, PAIR, report))
    kept = read(data)
    # A file cannot have U+0000 and its like; what has them is counted.
    assert report.units + report.broken == len(given_units)
    assert report.units == len(kept)
    if not report.broken:
        assert kept == given_units
    assert b"".join(write_tmx(kept, PAIR)) == data


def test_what_xml_cannot_hold_is_left_out_and_told_of():
    report = TmxReport()
    data = b"".join(write_tmx([MemoryUnit("a\x1bb", "c"), MemoryUnit("d", "e")], PAIR, report))
    assert read(data) == [MemoryUnit("d", "e")]
    assert (report.units, report.broken) == (1, 1)
    assert "has U+001B, which no XML file can hold" in str(report.problems[0])


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
@pytest.mark.parametrize("bom", [False, True])
def test_encodings(encoding, bom):
    data = tmx(tu("Say: ação", "Diga: ação"), encoding=encoding)
    data = codecs.BOM_UTF8 + data if bom and encoding == "UTF-8" else data
    assert read(data) == [MemoryUnit("Say: ação", "Diga: ação")]


def test_notes_properties_dates_and_names_are_kept():
    said = (
        '<tu tuid="1" creationdate="20200101T000000Z" creationid="ana"><note>of the unit</note>'
        '<prop type="domain">law</prop>'
        '<tuv xml:lang="en"><prop type="x">s</prop><seg>a</seg></tuv>'
        '<tuv xml:lang="pt-BR" creationdate="20210101T000000Z" changedate="20240501T120000Z"'
        ' changeid="rui"><note>of the text</note><seg>b</seg></tuv></tu>'
    )
    assert read(tmx(said)) == [
        MemoryUnit(
            "a",
            "b",
            created=NOON,
            creator="rui",
            notes=("of the unit", "of the text"),
            properties=(("domain", "law"), ("x", "s")),
        )
    ]


@pytest.mark.parametrize("date", ["yesterday", "0001-01-01T00:00:00+10:00", "2020-13-01", ""])
def test_a_date_that_is_none_does_no_harm(date):
    said = f'<tu creationdate="{date}">{tu("a", "b")[5:]}'
    assert read(tmx(said)) == [MemoryUnit("a", "b")]


@pytest.mark.parametrize(
    ("asked", "there", "taken"),
    [
        ("en", ["en-US", "de"], "en-US"),
        ("en", ["en-US", "en"], "en"),
        ("pt-BR", ["pt", "pt-PT"], "pt"),
        ("pt-BR", ["pt-PT", "PT_br"], "PT_br"),
        ("pt-BR", ["pt-PT"], None),
        ("zh-TW", ["zh-CN", "zh"], None),
        ("en", ["klingon", "en-GB"], "en-GB"),
    ],
)
def test_a_language_is_served_by_a_more_general_or_a_more_particular_one(asked, there, taken):
    body = "".join(f'<tuv xml:lang="{one}"><seg>{one}</seg></tuv>' for one in there)
    report = TmxReport()
    data = tmx(f'<tu>{body}<tuv xml:lang="fr"><seg>bon</seg></tuv></tu>')
    found = read(data, Pair(Locale.parse(asked), Locale("fr")), report)
    assert [unit.source for unit in found] == ([taken] if taken else [])
    assert report.unpaired == (taken is None)


def test_the_bare_lang_of_old_files_is_read_and_several_translations_are_several_units():
    body = (
        '<tu><tuv lang="EN"><seg>a</seg></tuv><tuv lang="PT-BR"><seg>b</seg></tuv>'
        '<tuv lang="pt-br"><seg>c</seg></tuv></tu>'
    )
    assert [unit.target for unit in read(tmx(body))] == ["b", "c"]


def test_one_variant_is_not_its_own_translation():
    report = TmxReport()
    data = tmx('<tu><tuv xml:lang="en-US"><seg>a</seg></tuv></tu>')
    assert read(data, Pair(EN, Locale.parse("en-US")), report) == []
    assert report.unpaired == 1


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (
            '<bpt i="1" x="1">&lt;b></bpt>a<ept i="1">&lt;/b></ept> <ph x="2">&lt;br></ph>',
            '<ph x="2">&lt;br></ph> <bpt i="7" x="1">&lt;b></bpt>b<ept i="7">&lt;/b></ept>',
            ("<g1>a</g1> <x2/>", "<x2/> <g1>b</g1>"),
        ),
        (
            '<ph type="a">A</ph><ph type="b">B</ph>',
            '<ph type="b">B</ph><ph type="a">A</ph><ph type="c">C</ph>',
            ("<x1/><x2/>", "<x2/><x1/><x3/>"),
        ),
        (
            '<hi x="4">a <hi x="5">b</hi></hi><it pos="begin">&lt;i></it>',
            '<it pos="begin">&lt;i></it><hi x="4">c</hi><hi x="5">d</hi>',
            ("<g1>a <g2>b</g2></g1><x3/>", "<x3/><g1>c</g1><g2>d</g2>"),
        ),
        ("<ut>{\\b}</ut>a", "<ut>{\\b}</ut>b", ("<x1/>a", "<x1/>b")),
        ('<bpt i="1">x</bpt>a', 'b<ept i="1">x</ept>', ("<x1/>a", "b<x1/>")),
        (
            '<ph>&lt;img alt="<sub>not this</sub>"></ph> a',
            "b <ph>&lt;img&gt;</ph>",
            ("<x1/> a", "b <x1/>"),
        ),
        (
            "a &lt;x2/&gt; <ph>b</ph>",
            "c &lt;x2/&gt; <ph>b</ph>",
            ("a <x2/> <x3/>", "c <x2/> <x3/>"),
        ),
        (
            '<bpt i="1"/><bpt i="2"/>a<ept i="1"/><ept i="2"/>',
            "b",
            ("<g1><g2>a</g1></g2>", "b"),
        ),
    ],
)
def test_inline_elements_become_codes(source, target, expected):
    (unit,) = read(tmx(tu(source, target)))
    assert (unit.source, unit.target) == expected


def test_what_translate_toolkit_writes_is_read():
    data = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="Translate Toolkit" creationtoolversion="3.20.4" segtype="sentence"\
 o-tmf="UTF-8" adminlang="en" srclang="en" datatype="PlainText"/>
  <body>
    <tu srclang="en">
      <note>c</note>
      <tuv xml:lang="en">
        <seg>One &lt;g1&gt;x&lt;/g1&gt;</seg>
      </tuv>
      <tuv xml:lang="pt_BR">
        <seg>Um &lt;g1&gt;x&lt;/g1&gt;</seg>
      </tuv>
    </tu>
  </body>
</tmx>
"""
    assert read(data) == [MemoryUnit("One <g1>x</g1>", "Um <g1>x</g1>", notes=("c",))]


def test_what_omegat_writes_is_read():
    data = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="EN-US" datatype="plaintext"\
 creationtoolversion="6.0.0_0_c0ffee" segtype="sentence" srclang="EN-US"/>
  <body>
<!-- Default translations -->
    <tu>
      <tuv xml:lang="EN-US">
        <seg>Click <bpt i="0" x="0">&lt;a0&gt;</bpt>here<ept i="0">&lt;/a0&gt;</ept>.</seg>
      </tuv>
      <tuv xml:lang="PT-BR" changeid="ana" changedate="20240501T120000Z" creationid="rui">
        <seg><bpt i="0" x="0">&lt;a0&gt;</bpt>Clique<ept i="0">&lt;/a0&gt;</ept>.</seg>
      </tuv>
    </tu>
<!-- Alternative translations -->
    <tu>
      <prop type="file">a.txt</prop>
      <prop type="prev">Before.</prop>
      <tuv xml:lang="EN-US"><seg>Go</seg></tuv>
      <tuv xml:lang="PT-BR"><seg>Ir</seg></tuv>
    </tu>
  </body>
</tmx>
"""
    clicked, gone = read(data)
    assert (clicked.source, clicked.target) == ("Click <g1>here</g1>.", "<g1>Clique</g1>.")
    assert (clicked.created, clicked.creator) == (NOON, "ana")
    assert gone.properties == (("file", "a.txt"), ("prev", "Before."))


def test_codes_are_written_as_elements_other_tools_know():
    data = b"".join(write_tmx([MemoryUnit("<g1>a</g1> <x2/>", "</g1>b<g1>")], PAIR)).decode()
    assert '<seg><bpt i="1" x="1">&lt;g1&gt;</bpt>a<ept i="1">&lt;/g1&gt;</ept>' in data
    assert ' <ph x="2">&lt;x2/&gt;</ph></seg>' in data
    assert '<it pos="end" x="1">&lt;/g1&gt;</it>b<it pos="begin" x="1">&lt;g1&gt;</it>' in data


def test_the_header_has_what_the_format_requires():
    data = b"".join(write_tmx([], PAIR)).decode()
    for attribute in (
        'creationtool="l10n-pipeline"',
        "creationtoolversion=",
        'segtype="sentence"',
        "o-tmf=",
        'adminlang="en"',
        'srclang="en"',
        'datatype="plaintext"',
    ):
        assert attribute in data


def test_where_a_segment_stands_survives():
    unit = MemoryUnit("a", "b", Surroundings("guide.md", "menu", "abc", "def"))
    assert read(b"".join(write_tmx([unit], PAIR))) == [unit]


# --- files that are not as they should be ------------------------------------------------


def test_a_broken_unit_is_left_out_with_its_line():
    report = TmxReport()
    data = tmx(tu("a", " "), tu("", "b"), "\n<tu><tuv/></tu>", tu("c", "d"))
    assert read(data, report=report) == [MemoryUnit("c", "d")]
    assert (report.units, report.broken, report.unpaired) == (1, 2, 1)
    assert [str(problem) for problem in report.problems] == [
        "a.tmx:5: the unit's translation is empty",
        "a.tmx:6: the unit's source is empty",
    ]


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ("\n<tu><tuv></tu>", "a.tmx:6: not XML: mismatched tag"),
        ("\n<tu>&bomb;</tu>", "a.tmx:6: the entity 'bomb' is not known"),
        ("\n<tu>&#0;</tu>", "a.tmx:6: not XML: reference to invalid character number"),
        ("\n" + "<hi>" * 70, "a.tmx:6: more than 64 elements inside each other"),
        ("", "a.tmx:5: not XML: no element found"),
    ],
)
def test_what_stands_before_a_fault_is_taken_over(rest, why):
    report = TmxReport()
    data = (HEAD.format(encoding="UTF-8") + tu("a", "b") + rest).encode()
    assert read(data, report=report) == [MemoryUnit("a", "b")]
    assert (report.units, report.broken) == (1, 1)
    assert str(report.problems[0]).startswith(why)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not XML: no element found"),
        (b"<html><tu/></html>", "no TMX: the outermost element is 'html'"),
        (b"\x00\x01", "not XML"),
        (b"<?xml version='1.0' encoding='no-such'?><tmx/>", "not XML"),
        (b"<!DOCTYPE tmx [<!ENTITY a 'b'>]><tmx>&a;</tmx>", "declares something of its own"),
        (b"PK\x03\x04", "not XML"),
    ],
)
def test_what_is_no_tmx_is_refused_in_one_line(data, why):
    with pytest.raises(InputError, match=r"a\.tmx") as caught:
        read(data)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_stream_that_fails_is_told_of():
    class Failing(BytesIO):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match=r"a\.tmx: cannot be read: input/output error"):
        list(read_tmx(Failing(), "a.tmx", PAIR))


def test_only_the_first_hundred_problems_are_kept():
    report = TmxReport()
    read(tmx(*[tu("a", "")] * 150), report=report)
    assert (report.broken, len(report.problems)) == (150, 100)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(InputError):
        read(b"<tmx><body>" + data)
    report = TmxReport()
    assert read(tmx(tu("a", "b")) + data, report=report) == [MemoryUnit("a", "b")]
    assert report.broken == len(report.problems) <= 1


def test_target_language_of_writing_is_the_pairs():
    data = b"".join(write_tmx([MemoryUnit("a", "b")], PAIR))
    assert read(data, Pair(PT_BR, EN)) == [MemoryUnit("b", "a")]


class Endless:
    """A unit that never ends."""

    def __init__(self):
        head = HEAD.format(encoding="UTF-8") + tu("a", "b") + "<tu><tuv xml:lang='en'><seg>"
        self.parts = itertools.chain([head.encode()], itertools.repeat(b"a" * 65_536))
        self.given = 0

    def read(self, _):
        self.given += 65_536
        return next(self.parts)


def test_a_unit_without_end_is_given_up():
    stream, report = Endless(), TmxReport()
    assert list(read_tmx(stream, "a.tmx", PAIR, report)) == [MemoryUnit("a", "b")]
    assert "a unit of more than" in str(report.problems[0])
    assert stream.given < 1 << 25
