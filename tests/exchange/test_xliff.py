"""XLIFF as others read and write it, and files that nobody should have made."""

import itertools
import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.errors import InputError
from l10n_pipeline.exchange.entries import Returned
from l10n_pipeline.exchange.xliff import read_xliff
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    Suggestion,
    TermStatus,
    TermVerdict,
    TranslationUnit,
)
from tests.catalogue.strategies import units

from .samples import Xliff, drafted, sheet_of

NAMESPACE = "{urn:oasis:names:tc:xliff:document:2.0}"
HEAD = (
    '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en"'
    ' trgLang="pt-BR"><file id="f1" original="a.md">'
)
UNIT = (
    '<unit id="u1"><segment state="final"><source>One</source><target>{}</target></segment></unit>'
)
TAIL = "</file></xliff>"

EXAMPLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:l10n="urn:l10n-pipeline:exchange:1" \
version="2.1" srcLang="en" trgLang="pt-BR">
<file id="f1" original="guide/a.md" canResegment="no" xml:space="preserve">
<unit id="u25907ca28bd2" translate="no" l10n:exported="stale:2027f51b2b03">
<notes>
<note>Who is meant?</note>
<note category="l10n:direction" priority="1">the translation is to stay as it is</note>
<note category="l10n:finding" priority="1">numbers: 12 is missing</note>
<note category="l10n:term" priority="3">Baku → Bacu [ok]</note>
<note category="l10n:previous" priority="1">the source was: Run 11.</note>
<note category="l10n:suggestion" priority="3">suggestion (mt): Corra 12.</note>
<note category="l10n:where" priority="5">paragraph 1, sentence 1
&lt;g1&gt; = [**…**](http://a.example/)
&lt;x2/&gt; = `make`</note>
</notes>
<segment state="initial" subState="l10n:stale">
<source>Run <pc id="1" canCopy="no" canDelete="no" dispStart="[**" dispEnd="**](http://a.example/)">\
12<ph id="2" canCopy="no" canDelete="no" disp="`make`"/></pc>.</source>
<target>&lt;g1&gt;Corra<ph id="2" canCopy="no" canDelete="no" disp="`make`"/>.</target>
</segment>
</unit>
<group id="u2e225143e337" type="l10n:plural" name="menu">
<unit id="u2e225143e337.0" l10n:exported="reviewed:5251c3c68010">
<notes>
<note category="l10n:where" priority="5">plural form 1 of 2, for 0, 1</note>
</notes>
<segment state="final">
<source>a file</source>
<target>Olá</target>
</segment>
</unit>
<unit id="u2e225143e337.1" l10n:exported="reviewed:5251c3c68010">
<notes>
<note category="l10n:where" priority="5">plural form 2 of 2, for 2, 3, 4, 5, 6, 7, …</note>
</notes>
<segment state="final">
<source>files</source>
<target>Olá</target>
</segment>
</unit>
</group>
</file>
</xliff>
"""


def read(text: str | bytes) -> list[Returned]:
    return Xliff().read(text.encode() if isinstance(text, str) else text)


def test_a_file_as_a_translator_gets_it() -> None:
    stale = TranslationUnit(
        "Run <g1>12<x2/></g1>.",
        "<g1>Corra<x2/>.",
        fuzzy=True,
        previous_source="Run 11.",
        notes=("Who is meant?",),
        directions=(Direction(DirectionKind.LOCK),),
        suggestion=Suggestion("Corra 12.", Origin.MT, ""),
        verdicts=(TermVerdict("Baku", "Bacu", TermStatus.OK),),
        findings=(Diagnostic("numbers", "12 is missing"),),
        extracted=(
            "paragraph 1, sentence 1",
            "<g1> = [**…**](http://a.example/)",
            "<x2/> = `make`",
        ),
    )
    plural = TranslationUnit(
        "a file", context="menu", plural_source="files", plural_targets=("Olá", "Olá")
    )
    written = Xliff().write(sheet_of(stale, plural, document="guide/a.md")).decode()
    assert written == EXAMPLE


@given(st.lists(units(), min_size=1, max_size=4, unique_by=lambda unit: unit.key))
def test_what_the_standard_asks_for(found: list[TranslationUnit]) -> None:
    root = ET.fromstring(Xliff().write(sheet_of(*found)))
    ids = [
        one.get("id", "") for one in root.iter() if one.tag[len(NAMESPACE) :] in ("unit", "group")
    ]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w.-]+", one) for one in ids)
    for unit in root.iter(f"{NAMESPACE}unit"):
        names = [child.tag[len(NAMESPACE) :] for child in unit]
        assert names in (["segment"], ["notes", "segment"])
        segment = unit[-1]
        source, target = segment.find(f"{NAMESPACE}source"), segment.find(f"{NAMESPACE}target")
        assert source is not None
        codes = [(one.tag, one.get("id")) for one in source.iter() if one.get("id")]
        own = [(one.tag, one.get("id")) for one in target.iter() if one.get("id")] if target else []
        assert len({number for _, number in codes}) == len(codes)
        assert len(set(own)) == len(own)
        assert set(own) <= set(codes)
        if segment.get("state") != "initial":
            assert target is not None
        if segment.get("state") == "final":
            assert len(own) == len(codes)


def test_a_language_from_right_to_left_says_so() -> None:
    arabic = sheet_of(TranslationUnit("One"), locale=Locale.parse("ar"))
    assert b'trgDir="rtl"' in Xliff().write(arabic)


def test_what_other_tools_make_of_a_unit_is_understood() -> None:
    (one,) = read(
        HEAD
        + """<unit id="u1"><mtc:matches xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0">
        <mtc:match ref="#1"><source>Not this</source><target>Nor this</target></mtc:match>
        </mtc:matches>
        <notes><note category="l10n:where">ours</note><note>theirs</note></notes>
        <segment state="reviewed"><source>Run <sc id="1"/>it<ec startRef="1"/>.</source>
        <target>Rode <mrk id="m1"><sc id="1"/>isto</mrk><ec startRef="1"/><cp hex="0007"/>.
</target><notes><note>misplaced</note></notes></segment>
        <ignorable><source> </source></ignorable>
        <segment state="final"><source>Now.</source><target>Já.<ph id="7" copyOf="1"/></target>
        </segment></unit>"""
        + TAIL
    )
    assert one.source == "Run <g1>it</g1>. Now."
    assert one.target == "Rode <g1>isto</g1>\a.\n Já.<x1/>"
    assert (one.accepted, one.exported, one.faults) == (True, None, ())
    assert one.notes == ("theirs", "misplaced")


def test_a_code_that_a_translator_made_up_is_a_fault() -> None:
    (one,) = read(HEAD + UNIT.format('<pc id="bold">Um</pc>') + TAIL)
    assert one.target == "Um"
    assert one.faults == ("the code 'bold' is not in the source",)


def test_one_segment_that_is_not_final_leaves_the_unit_open() -> None:
    more = "<segment><source>.</source><target>.</target></segment></unit>"
    (one,) = read(HEAD + UNIT.format("Um").replace("</unit>", more) + TAIL)
    assert (one.target, one.accepted) == ("Um.", False)


OLD = (
    '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">'
    '<file original="a.md" source-language="en" target-language="pt-BR" datatype="plaintext">'
    '<body><trans-unit id="u1"><source>One</source></trans-unit></body></file></xliff>'
)
BOMB = '<!DOCTYPE xliff [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.xlf:1: not XML: no element found"),
        ("PK\x03\x04", "not XML"),
        (HEAD + UNIT.format("Um"), "not XML: no element found"),
        (HEAD + "<unit id='u1'>" + TAIL, "not XML: mismatched tag"),
        (BOMB + HEAD + UNIT.format("&b;") + TAIL, "the document type declares"),
        ('<!DOCTYPE xliff SYSTEM "x.dtd">' + HEAD + UNIT.format("&x;") + TAIL, "'x' is not known"),
        ("<tmx/>", "the outermost element is 'tmx'"),
        (HEAD + TAIL, "there are no texts in it; name the file that"),
        (HEAD.replace("2.1", "1.2") + UNIT + TAIL, "XLIFF 1.2 is not read"),
        (OLD, "XLIFF 1.2 is not read, only 2.0 and 2.1; save it as XLIFF 2.1, or send out a table"),
        (OLD.replace('version="1.2"', ""), "XLIFF of no version is not read"),
        (
            HEAD.replace(' trgLang="pt-BR"', "") + UNIT + TAIL,
            'no trgLang; write it into the element xliff: trgLang="…"',
        ),
        (HEAD.replace("pt-BR", "klingon") + UNIT + TAIL, "trgLang: 'klingon'"),
        (HEAD + UNIT.replace("final", "signed-off") + TAIL, "'signed-off' is none of final"),
        (HEAD + UNIT.format('<cp hex="0000"/>') + TAIL, "U+0000 can stand in no catalogue"),
        (HEAD + "<group id='g'>" * 99 + TAIL, "more than 64 elements"),
    ],
)
def test_a_file_that_is_none_is_told_of_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read(text)
    assert message in str(error.value)
    assert str(error.value).startswith("a.xlf")


class Endless:
    """A unit that never ends."""

    def __init__(self) -> None:
        self.parts = itertools.chain(
            [(HEAD + UNIT.partition("{")[0]).encode()], itertools.repeat(b"a" * 65_536)
        )
        self.given = 0

    def read(self, _: int) -> bytes:
        self.given += 65_536
        return next(self.parts)


def test_a_unit_without_end_is_given_up() -> None:
    stream = Endless()
    with pytest.raises(InputError, match="a unit of more than"):
        list(read_xliff(stream, "a.xlf"))  # type: ignore[arg-type]  # reads are all it needs
    assert stream.given < 1 << 25


def test_units_are_read_as_they_come() -> None:
    data = (HEAD + UNIT.format("Um") * 10_000).encode()
    units_ = read_xliff(BytesIO(data), "a.xlf")
    assert next(units_)[1].target == "Um"
    with pytest.raises(InputError):
        list(units_)


def test_a_draft_is_not_called_translated() -> None:
    assert b'state="initial" subState="l10n:draft"' in Xliff().write(sheet_of(drafted("a", "b")))
