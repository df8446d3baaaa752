"""Glossary files: what is read, and how a broken one is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.errors import GlossaryError
from l10n_pipeline.glossary import parse_glossary, source_spellings
from l10n_pipeline.glossary.tsv import read_glossary, write_tsv
from l10n_pipeline.model import Gender, Term, TermKind, TermMode

HEADER = "# source\ttarget\tcomment\tmode\tkind\tforms\taliases\tforbidden\tcase\n"


def read(text, where="g.tsv"):
    return parse_glossary(text.encode(), where)


def complaint(text):
    with pytest.raises(GlossaryError) as caught:
        read(text, "en-pt.tsv")
    return str(caught.value)


def test_a_plain_omegat_glossary_is_read():
    text = "# my terms\nBaku\tBacu\n\nKhojaly\tKhojaly\ta town\r\n \t \n"
    assert read(text) == (
        Term("Baku", "Bacu", origin="g.tsv:2"),
        Term("Khojaly", "Khojaly", note="a town", origin="g.tsv:4"),
    )


def test_named_columns_fill_every_field():
    row = " Xankəndi \tКхан\tnote\tinflect\tPlace\tA | B|\tS|T\tF\tsensitive\t\t\n"
    assert read(HEADER + row) == (
        Term(
            "Xankəndi",
            "Кхан",
            note="note",
            mode=TermMode.INFLECT,
            kind=TermKind.PLACE,
            forms=("A", "B"),
            aliases=("S", "T"),
            forbidden=("F",),
            case_sensitive=True,
            origin="g.tsv:2",
        ),
    )


def test_columns_after_the_first_three_come_in_any_order():
    text = "# Source\tTarget\tComment\tkind\tmode\nA\tB\t\ttitle\texact\n"
    assert read(text)[0].kind is TermKind.TITLE


def test_a_byte_order_mark_and_crlf_are_read():
    terms = read("\ufeffBaku\tBacu\r\nIravan\tErivã")
    assert [term.target for term in terms] == ["Bacu", "Erivã"]
    assert source_spellings("\ufeffBaku\tBacu\r\nIravan".encode()) == ("Baku", "Iravan")


def test_exact_repetitions_count_once():
    assert len(read("Baku\tBacu\nBaku\tBacu\tcapital\n")) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Baku\n", "en-pt.tsv:1: 'Baku' has no target"),
        ("Baku\t \n", "en-pt.tsv:1: 'Baku' has no target"),
        ("\tBacu\n", "en-pt.tsv:1: the source is empty"),
        ("...\tx\n", "no letter, digit or symbol"),
        ("a\tb\tc\td\n", "4 cells, but there are only 3 columns; name them"),
        ("a\tb" + "\tx" * 10_000, "10002 cells"),
        ("a\0\tb\n", "U+0000"),
        ("a\rb\tb\n", "U+000D"),
        ("a\tb\u2028\n", "U+2028"),
        (HEADER + "a\tb\t\tinflected\n", "'inflected' is no mode; did you mean 'inflect'?"),
        (HEADER + "a\tb\t\t\tthing\n", "'thing' is no kind"),
        (HEADER + "a\tb\t\t\t\t\t\t\tyes\n", "'yes' is no case; use one of"),
        ("# source\ttarget\tcomment\tmod\na\tb\n", "no column 'mod'; did you mean 'mode'?"),
        ("# source\ttarget\tcomment\tmode\tmode\n", "named twice"),
        ("# source\ttarget\tmode\n", "the first three columns"),
        ("a\tb\n" + HEADER, "en-pt.tsv:2: the columns must be named once"),
        ("Baku\tBacu\nx\ty\nBAKU\tBaku\n", "en-pt.tsv:3: 'BAKU' is rendered 'Baku' here and "),
        (HEADER + "a\tb\t\t\t\t\tc\nc\td\n", "'c' is rendered 'd' here and 'b' in line 2"),
        (HEADER + "a\tb\na\tb\t\tinflect\n", "stands in line 2 already"),
    ],
)
def test_a_broken_row_is_refused_with_its_line(text, said):
    assert said in complaint(text)


def test_all_broken_rows_are_counted():
    assert complaint("a\n\tb\nc\td\ne\n").endswith("(and 2 more broken rows)")


def test_case_tells_two_terms_apart_where_both_say_so():
    row = "{}\t{}\t\t\t\t\t\t\tsensitive\n"
    text = HEADER + row.format("Polish", "polonês") + row.format("polish", "polir")
    assert len(read(text)) == 2


def test_source_spellings_outlive_broken_rows():
    rows = "Baku\tBacu\t\t\t\t\tBaki|Baka\nKhojaly\n\tx\n...\ty\nQuba\tz\t\tnonsense\n"
    spellings = source_spellings((HEADER + rows).encode())
    assert spellings == ("Baku", "Baki", "Baka", "Khojaly", "Quba")


def test_source_spellings_that_are_not_utf_8_are_left_out_alone():
    assert source_spellings(b"Ba\xfa\tx\nBaku\tBac\xfa\n") == ("Baku",)


def test_bytes_that_are_not_utf_8_are_named():
    with pytest.raises(GlossaryError, match=r"^g\.tsv:2: not UTF-8: byte 0xfa at byte 9"):
        parse_glossary(b"a\tb\nBaku\tBac\xfa\n", "g.tsv")


@given(st.text(st.sampled_from("ab#\t|\r\n\0 é“”\u2028\ufeff北")))
def test_any_text_is_read_or_refused_and_never_crashes(text):
    try:
        terms = read(text)
    except GlossaryError as error:
        place = error.where
    else:
        place = "g.tsv:"
        assert all(term.source and term.target for term in terms)
    assert place.startswith("g.tsv:")


def test_a_heading_row_as_spreadsheets_write_it_names_columns_and_is_no_term():
    data = b"Source\tTarget\tComment\tmode\nBaku\tBacu\t\tinflect\n"
    (term,) = parse_glossary(data, "en-pt.tsv")
    assert (term.source, term.mode) == ("Baku", TermMode.INFLECT)
    assert source_spellings(data) == ("Baku",)
    assert [term.target for term in parse_glossary(b"source\tfonte\n", "en-pt.tsv")] == ["fonte"]


NEW_COLUMNS = "# source\ttarget\tcomment\tcase\tgender\tdiacritics\ttranslate\n"


@pytest.mark.parametrize(
    ("row", "term"),
    [
        ("a\tb\t\tfixed", Term("a", "b", case_sensitive=True, fixed_case=True)),
        ("a\tb\t\tsensitive", Term("a", "b", case_sensitive=True)),
        ("a\tb\t\t\tf", Term("a", "b", gender=Gender.FEMININE)),
        ("a\tb\t\t\tM", Term("a", "b", gender=Gender.MASCULINE)),
        ("a\tb\t\t\tNeuter", Term("a", "b", gender=Gender.NEUTER)),
        ("a\tb\t\t\t\toptional", Term("a", "b", ignores_diacritics=True)),
        ("a\tb\t\t\t\trequired\tyes", Term("a", "b")),
        ("a\t\t\t\t\t\tno", Term("a", "a")),
        ("a\ta\t\t\t\t\tNO", Term("a", "a")),
    ],
)
def test_case_gender_diacritics_and_what_is_not_translated(row, term):
    assert [replace(one, origin="") for one in read(NEW_COLUMNS + row)] == [term]


def test_every_broken_row_is_told_and_the_others_are_read():
    reading = read_glossary(b"a\nb\tc\n\xff\td\ne\tf\ng\n", "g.tsv")
    assert [finding.where for finding in reading.errors] == ["g.tsv:1", "g.tsv:3", "g.tsv:5"]
    assert [term.source for term in reading.terms] == ["b", "e"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_one_error(encoding):
    reading = read_glossary("\ufeffBaku".encode(encoding), "g.tsv")
    (error,) = reading.errors
    assert str(error) == "g.tsv:1: error: UTF-16, not UTF-8; save the glossary as UTF-8"


@pytest.mark.parametrize("term", [Term("#1", "x"), Term("a", "b\tc"), Term("a", "b", note="c\nd")])
def test_what_would_be_read_as_something_else_is_not_written(term):
    with pytest.raises(GlossaryError):
        write_tsv([term])


@given(st.binary(max_size=60) | st.text("ab\t|#\n\r\0\u2028é\u0301\u200b🎉").map(str.encode))
def test_any_bytes_are_read_or_refused_row_by_row(data):
    reading = read_glossary(data, "g.tsv")
    rows = data.count(b"\n") + 1
    told = [one.origin for one in reading.terms] + [one.where for one in reading.findings]
    assert len(set(told)) == len(told) <= rows
    assert all(1 <= int(place.removeprefix("g.tsv:")) <= rows for place in told)
