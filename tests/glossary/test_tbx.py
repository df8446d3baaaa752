"""TBX-Basic: what terminology tools write is read, and nothing of ours is lost on the way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.errors import GlossaryError
from l10n_pipeline.folding import fold
from l10n_pipeline.glossary.tbx import read_tbx, write_tbx
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Gender, Term
from tests.glossary.strategies import terms

EN, PT_BR = Locale("en"), Locale.parse("pt-BR")

DCA = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="https://example.org/TBX-Basic.rng"?>
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
 <tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader>
 <text><body>
  <conceptEntry id="c1">
   <descrip type="subjectField">film</descrip>
   <langSec xml:lang="en">
    <descripGrp><descrip type="definition">A documentary
      of 2012.</descrip></descripGrp>
    <termSec><term>the Corridor</term>
     <termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></termSec>
    <termSec><term>Endless <hi>Corridor</hi></term>
     <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec>
   </langSec>
   <langSec xml:lang="fr"><termSec><term>Couloir</term><note>French</note></termSec></langSec>
   <langSec xml:lang="pt-BR">
    <termSec><term>Corredor Infinito</term>
     <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
    <termSec><term>Corredor Sem Fim</term>
     <termNote type="grammaticalGender">masculine</termNote><note>as in Brazil</note></termSec>
    <termSec><term>Corredor sem Fim</term></termSec>
   </langSec>
  </conceptEntry>
 </body></text>
</tbx>"""

DCT = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
  xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
 <tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader>
 <text><body>
  <conceptEntry id="c1">
   <min:subjectField>film</min:subjectField>
   <langSec xml:lang="en">
    <basic:definition>A documentary of 2012.</basic:definition>
    <termSec><term>the Corridor</term>
     <min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec>
    <termSec><term>Endless Corridor</term>
     <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
   </langSec>
   <langSec xml:lang="pt-BR">
    <termSec><term>Corredor Infinito</term>
     <min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec>
    <termSec><term>Corredor Sem Fim</term>
     <basic:grammaticalGender>masculine</basic:grammaticalGender><note>as in Brazil</note></termSec>
    <termSec><term>Corredor sem Fim</term></termSec>
   </langSec>
  </conceptEntry>
 </body></text>
</tbx>"""

VERSION_2 = """<?xml version='1.0'?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en-US">
 <martifHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></martifHeader>
 <text><body>
  <termEntry id="c1">
   <descrip type="subjectField">film</descrip>
   <langSet xml:lang="en-US">
    <descrip type="definition">A documentary of 2012.</descrip>
    <tig><term>the Corridor</term></tig>
    <ntig><termGrp><term>Endless Corridor</term>
     <termNote type="normativeAuthorization">preferredTerm</termNote></termGrp></ntig>
   </langSet>
   <langSet xml:lang="pt-BR">
    <ntig><termGrp><term>Corredor Infinito</term><termNoteGrp>
     <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termNoteGrp>
    </termGrp></ntig>
    <tig><term>Corredor Sem Fim</term><termNote type="grammaticalGender">masculine</termNote>
     <note>as in Brazil</note></tig>
    <tig><term>Corredor sem Fim</term></tig>
   </langSet>
  </termEntry>
 </body></text>
</martif>"""


def read(text: str | bytes, source: Locale = EN, target: Locale = PT_BR):
    data = text if isinstance(text, bytes) else text.encode()
    return read_tbx(data, "t.tbx", source=source, target=target)


def concept(english: str, portuguese: str = "<termSec><term>x</term></termSec>") -> str:
    return (
        '<tbx style="dca"><text><body><conceptEntry><langSec xml:lang="en">'
        f'{english}</langSec>\n<langSec xml:lang="pt">{portuguese}</langSec>'
        "</conceptEntry></body></text></tbx>"
    )


@pytest.mark.parametrize("text", [DCA, DCT, VERSION_2], ids=["DCA", "DCT", "version 2"])
def test_every_style_says_the_same(text: str) -> None:
    reading = read(text)
    (term,) = reading.terms
    assert replace(term, origin="") == Term(
        "Endless Corridor",
        "Corredor Sem Fim",
        note="A documentary of 2012.; as in Brazil",
        aliases=("the Corridor",),
        forms=("Corredor sem Fim",),
        forbidden=("Corredor Infinito",),
        gender=Gender.MASCULINE,
    )
    assert [finding.message for finding in reading.findings] == ["no place for subjectField: 1"]


def test_an_entry_knows_its_line() -> None:
    assert read(DCA).terms[0].origin == "t.tbx:6"


@given(st.lists(terms, max_size=5, unique_by=lambda term: fold(term.source).text))
def test_all_that_is_written_is_read_again(given_terms: list[Term]) -> None:
    data = write_tbx(given_terms, source=EN, target=PT_BR, title="a & b")
    reading = read(data)
    assert [replace(term, origin="") for term in reading.terms] == given_terms
    assert reading.findings == ()


def test_a_comment_that_looks_like_our_settings_is_a_comment() -> None:
    term = Term("Baku", "Bacu", note="l10n-pipeline: mode=inflect")
    reading = read(write_tbx([term], source=EN, target=PT_BR, title="x"))
    assert [replace(one, origin="") for one in reading.terms] == [term]


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("en", "pt", "Corredor Sem Fim"),
        ("en-US", "pt-BR", "Corredor Sem Fim"),
        ("en", "fr", "Couloir"),
        ("en", "fr-CA", "Couloir"),
        ("en", "pt-PT", None),
        ("de", "pt-BR", None),
    ],
)
def test_a_more_general_or_particular_language_serves_and_never_a_sibling(
    source: str, target: str, found: str | None
) -> None:
    reading = read(DCA, Locale.parse(source), Locale.parse(target))
    assert [term.target for term in reading.terms] == ([found] if found else [])
    if not found:
        assert "concepts with no term" in reading.findings[0].message


def test_several_sections_of_one_language_count_together() -> None:
    text = concept(
        '<termSec><term>a</term></termSec></langSec><langSec xml:lang="en">'
        "<termSec><term>b</term></termSec>"
    )
    assert read(text).terms[0].aliases == ("b",)


def test_what_a_glossary_has_no_place_for_is_counted() -> None:
    text = concept(
        "<termSec><term>a</term><termNote type='partOfSpeech'>noun</termNote>"
        "<descrip type='context'>an a</descrip><descrip type='context'>the a</descrip></termSec>",
        "<termSec><term>b</term><termNote type='grammaticalGender'>other</termNote></termSec>",
    )
    assert [finding.message for finding in read(text).findings] == [
        "no place for context: 2",
        "no place for grammaticalGender 'other': 1",
        "no place for partOfSpeech: 1",
    ]


@pytest.mark.parametrize(
    ("english", "portuguese", "said"),
    [
        ("", "<termSec><term>x</term></termSec>", "the source is empty"),
        ("<termSec><term/></termSec>", "<termSec><term>x</term></termSec>", "the source is empty"),
        ("<termSec><term>a</term></termSec>", "", "no target that is not deprecated"),
        (
            "<termSec><term>a</term></termSec>",
            "<tig><term>b</term><termNote type='normativeAuthorization'>obsolete</termNote></tig>",
            "no target that is not deprecated",
        ),
        (
            "<termSec><term>a</term></termSec><termSec><term>b|c</term></termSec>",
            "<termSec><term>x</term></termSec>",
            "'b|c' has a |",
        ),
        ("<termSec><term>&#133;</term></termSec>", "<termSec><term>x</term></termSec>", "U+0085"),
        ("<note>l10n-pipeline: size=1</note>", "", "'size=1'"),
    ],
)
def test_an_entry_that_is_no_term_is_refused_alone(
    english: str, portuguese: str, said: str
) -> None:
    good = "<conceptEntry><langSec xml:lang='en'><termSec><term>z</term></termSec></langSec>"
    good += "<langSec xml:lang='pt'><termSec><term>zê</term></termSec></langSec></conceptEntry>"
    text = concept(english, portuguese).replace("</body>", good + "</body>")
    if "size" in english:
        text = text.replace('<langSec xml:lang="en"><note>l', "<note>l").replace(
            "</note></langSec>", '</note><langSec xml:lang="en"></langSec>'
        )
    reading = read(text)
    assert [term.target for term in reading.terms] == ["zê"]
    (error,) = reading.errors
    assert said in error.message
    assert error.where == "t.tbx:1"


def bomb(levels: int) -> str:
    entities = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10 if level else "boom"}">'
        for level in range(levels)
    )
    return f"<!DOCTYPE tbx [{entities}]><tbx>&e{levels - 1};</tbx>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "t.tbx:1: not XML: no element found"),
        ("source\ttarget\n", "t.tbx:1: not XML: syntax error"),
        ("<tbx>\n<text>", "t.tbx:2: not XML: no element found"),
        ("<tbx></text>", "not XML: mismatched tag"),
        ("<tbx><min:a/></tbx>", "not XML: unbound prefix"),
        ("<tbx>\0</tbx>", "not XML: not well-formed"),
        ("<tbx>&#0;</tbx>", "not XML: reference to invalid character number"),
        ("<?xml version='1.0' encoding='klingon'?><tbx/>", "not XML: unknown encoding"),
        ("<?xml version='1.0' encoding='zip'?><tbx/>", "not XML: "),
        (b"<tbx>caf\xe9</tbx>", "not XML: not well-formed"),
        (bomb(30), "the document type declares something of its own"),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "declares something"),
        ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://[::1]/'>%x;]><a/>", "declares something"),
        ("<!DOCTYPE a SYSTEM 'http://[::1]/a.dtd'>\n<a>&x;</a>", "t.tbx:2: the entity 'x' is not"),
        ("<a>&x;</a>", "not XML: undefined entity"),
        ("<a>" * 100_000, "more than 64 elements inside each other"),
    ],
)
def test_what_is_no_xml_or_not_to_be_trusted_is_one_error(text: str | bytes, said: str) -> None:
    with pytest.raises(GlossaryError) as caught:
        read(text)
    assert said in str(caught.value)


def test_other_xml_is_no_termbase() -> None:
    (error,) = read("<html><body/></html>").errors
    assert error.message == "no TBX: the outermost element is 'html', not 'tbx' or 'martif'"


def test_utf_16_is_read() -> None:
    text = concept("<termSec><term>Baku</term></termSec>", "<termSec><term>Bacú</term></termSec>")
    assert read(text.encode("utf-16")).terms[0].target == "Bacú"


@given(st.sampled_from([DCA, DCT, VERSION_2]), st.data())
def test_damaged_files_are_read_or_refused(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    damage = data.draw(st.sampled_from(["", "<", "&", "]]>", "<a>", "</text>", "\0", "é", '"']))
    lost = data.draw(st.integers(0, 30))
    try:
        reading = read(text[:at] + damage + text[at + lost :])
    except GlossaryError as error:
        places = [error.where]
    else:
        places = [finding.where for finding in reading.findings]
    assert all(place.startswith("t.tbx") for place in places)
