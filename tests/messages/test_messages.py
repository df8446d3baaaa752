import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.locale import Locale
from l10n_pipeline.messages import (
    as_written,
    forms_of,
    like_source,
    paragraphs,
    pieces_of,
    put_back,
    variants,
    with_accelerator,
    without_accelerator,
    wrapped,
)
from l10n_pipeline.model import CodeKind, Message, Span
from l10n_pipeline.plurals import PluralRule

# --- accelerators --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "plain", "letter"),
    [
        ("_File", "File", "F"),
        ("&Open…", "Open…", "O"),
        ("E_xit", "Exit", "x"),
        ("Save _As", "Save As", "A"),
        ("Find & Re_place", "Find & Replace", "p"),
        ("Cu_t", "Cut", "t"),
    ],
)
def test_an_accelerator_is_taken_out(label: str, plain: str, letter: str) -> None:
    found, accelerator = without_accelerator(label)
    assert found == plain
    assert accelerator is not None
    assert accelerator.letter == letter


@pytest.mark.parametrize(
    "label",
    ["file_name", "R&D", "Q&A", "Fish & chips", "a &amp; b", "_one_ and _two_", "MAX_SIZE", "%_s",
     "Invalid file_name", "http://a.example/?a=1&b=2", "line\n_two"],
)  # fmt: skip
def test_what_is_no_accelerator_stays(label: str) -> None:
    assert without_accelerator(label) == (label, None)


@pytest.mark.parametrize(
    ("label", "translation", "expected"),
    [
        ("_File", "Ficheiro", "_Ficheiro"),
        ("_File", "Arquivo", "_Arquivo"),
        ("Close _Window", "Janela wagneriana", "Janela _wagneriana"),
        ("_Edit", "Édition", "_Édition"),
        ("_Open…", "開く…", "開く(_O)…"),
        ("_File", "—", "—"),
    ],
)
def test_an_accelerator_is_put_on_a_letter(label: str, translation: str, expected: str) -> None:
    _, accelerator = without_accelerator(label)
    assert accelerator is not None
    free = [Span(0, len(translation))]
    assert with_accelerator(translation, accelerator, free) == expected


def test_an_accelerator_is_never_put_into_a_placeholder() -> None:
    _, accelerator = without_accelerator("_Send {name}")
    assert accelerator is not None
    assert with_accelerator("{sname} enviar", accelerator, [Span(7, 14)]) == "{sname} _enviar"


# --- lines ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Usage: %s\n  -h  show this\n", ["Usage: %s", "-h", "show this"]),
        ("One.\n\nTwo.\n", ["One.", "Two."]),
        ("Could not open it:\n%s", ["Could not open it:", "%s"]),
        ("Name:\tvalue", ["Name:", "value"]),
        (
            "This sentence is evidently one that has been wrapped\nby somebody at sixty columns.",
            ["This sentence is evidently one that has been wrapped\nby somebody at sixty columns."],
        ),
        (
            "You are using an old version of the program (%s).\nYou should install a newer one.",
            [
                "You are using an old version of the program (%s).",
                "You should install a newer one.",
            ],
        ),
        ("  \n", []),
    ],
)  # fmt: skip
def test_breaks_that_say_something_divide(text: str, expected: list[str]) -> None:
    assert [one.span.of(text) for one in paragraphs(text)] == expected


@given(st.text("ab. \n\t-", max_size=60))
def test_outside_of_paragraphs_is_white_space(text: str) -> None:
    done, outside = 0, []
    for one in paragraphs(text):
        outside.append(text[done : one.span.start])
        assert one.span.of(text) == one.span.of(text).strip()
        done = one.span.end
    assert not "".join([*outside, text[done:]]).strip()


@given(st.text("ab ", max_size=60), st.integers(1, 20))
def test_wrapping_moves_no_word(text: str, width: int) -> None:
    assert wrapped(text, width).replace("\n", " ") == text


# --- pieces --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "flags", "shown"),
    [
        ("<b>%s</b> left", ["c-format"], [("<b>", ""), ("%s", "%s"), ("</b>", "")]),
        ("Open <file>", [], [("<file>", "<file>")]),
        ("a<br/>b", [], [("<br/>", "")]),
        ("Use --force or -n here", [], [("--force", "--force"), ("-n", "-n")]),
        ("well-known", [], []),
        ('<a href="%s">x</a>', ["c-format"], [('<a href="%s">', ""), ("</a>", "")]),
        ("call main_loop()", [], [("main_loop()", "main_loop()")]),
        ("in HH:MM[:ss[.uu]] format", [], [("HH:MM[:ss[.uu]]", "HH:MM[:ss[.uu]]")]),
    ],
)
def test_what_is_not_to_be_translated_is_a_code(
    text: str, flags: list[str], shown: list[tuple[str, str]]
) -> None:
    pieces = pieces_of(text, flags, lambda _: ())
    assert [(one.code.raw, one.code.shown) for one in pieces if one.code] == shown
    assert "".join(one.span.of(text) for one in pieces) == text


@given(st.text("<b>/ai %s{}&;\n'", max_size=30), st.sampled_from([[], ["c-format"]]))
def test_pieces_tile_a_paragraph(text: str, flags: list[str]) -> None:
    pieces = pieces_of(text, flags, lambda _: ())
    assert "".join(one.span.of(text) for one in pieces) == text
    opened = [one.code.number for one in pieces if one.code and one.code.kind is CodeKind.OPEN]
    closed = [one.code.number for one in pieces if one.code and one.code.kind is CodeKind.CLOSE]
    assert sorted(opened) == sorted(closed)


def test_escapes_are_seen_as_what_they_stand_for() -> None:
    text = "100%% &lt;b&gt;"
    pieces = pieces_of(text, ["c-format"], lambda _: ())
    seen = "".join(one.text for one in pieces)
    assert seen == "100% <b>"
    assert as_written(seen, text, ["c-format"]) == text


# --- labels --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Close Tab", ("Close tab",)),
        ("Clear All Finished/Filtered", ("Clear all finished/filtered",)),
        ("directory", ("Directory",)),
        ("Close", ()),
        ("Use HTTP", ()),
        ("This Is a Sentence That Goes On and On", ()),
        ("Done.", ()),
        ("123", ()),
    ],
)
def test_labels_are_also_written_as_sentences_begin(label: str, expected: tuple[str, ...]) -> None:
    assert variants(label) == expected


def test_a_translation_begins_as_its_source_does() -> None:
    assert like_source("Year:", "ano:") == "Ano:"
    assert like_source("file", "Arquivo") == "arquivo"
    assert like_source("error", "HTTP") == "HTTP"
    assert like_source("Retry", "Repetir (") == "Repetir"
    assert like_source("%s file", "Arquivo") == "Arquivo"
    assert like_source("Uyghur", "Uigur (a).") == "Uigur."
    assert like_source("Two (2)", "Dois (2)") == "Dois (2)"


# --- plural forms --------------------------------------------------------------------

FILES = Message("%d file", "%d files", flags=("c-format",))
ONE = Message("One file", "%d files", flags=("c-format",))


@pytest.mark.parametrize(
    ("message", "locale", "texts", "first"),
    [
        (FILES, "pt_BR", ["%d file", "%d files"], [1, 2]),
        (FILES, "ru", ["%d file", "%d files", "%d files"], [1, 2, 5]),
        (FILES, "ja", ["%d files"], [2]),
        (FILES, "ar", ["%d files", "%d file", *["%d files"] * 4], [0, 1, 2, 3, 100, 11]),
        # "One" may stand where the form is for one alone, not where it is for 21, too.
        (ONE, "ru", ["%d files"] * 3, [21, 2, 5]),
        (ONE, "pl", ["One file", "%d files", "%d files"], [1, 2, 5]),
        (ONE, "pt_BR", ["One file", "%d files"], [1, 2]),
    ],
)
def test_each_form_is_made_with_a_number_that_it_is_for(
    message: Message, locale: str, texts: list[str], first: list[int]
) -> None:
    forms = forms_of(message, PluralRule.of(Locale.parse(locale)))
    assert [form.text for form in forms] == texts
    assert [form.examples[0] for form in forms] == first


def test_a_number_in_the_text_is_no_example() -> None:
    message = Message("%d of 2 files", "%d of 2 files", flags=("c-format",))
    (_, several) = forms_of(message, PluralRule.of(Locale.parse("en")))
    assert 2 not in several.examples


@pytest.mark.parametrize(
    ("plural", "counting"),
    [
        ("%s has %d files", "%d"),
        ("{name} has {count} files", "{count}"),
        ("{name} has {n} files in {place}", "{n}"),
        ("%s files", "%s"),
        ("files of %s and %s", None),
    ],
)
def test_the_placeholder_that_counts_is_known(plural: str, counting: str | None) -> None:
    forms = forms_of(Message(plural, plural), PluralRule.of(Locale.parse("en")))
    assert [one.text for one in forms[1].counting[:1]] == ([counting] if counting else [])


@pytest.mark.parametrize(
    ("written", "example", "expected"),
    [
        ("5 arquivos", 5, "<x2/> arquivos"),
        ("<x5/>: 5", 5, "<x5/>: <x2/>"),
        ("15 arquivos", 5, None),
        ("5 de 5", 5, None),
        ("cinco", 5, None),
        ("1.5", 5, None),
        ("1,000 files", 1000, "<x2/> files"),
    ],
)
def test_the_example_gives_way_to_its_placeholder(
    written: str, example: int, expected: str | None
) -> None:
    assert put_back(written, example, ["<x2/>"]) == expected


def test_long_runs_of_spaces_take_no_more_time_than_other_text() -> None:
    begun = time.process_time()
    pieces = pieces_of("a" + " " * 200_000 + "b \n c" + " " * 200_000, (), lambda _: [])
    assert time.process_time() - begun < 2
    assert " " in [piece.text for piece in pieces]


def test_braces_in_javas_quotes_are_codes_and_other_apostrophes_text() -> None:
    pieces = pieces_of("Don''t write '{' in {0}", ("java-format",), lambda _: [])
    assert "".join(piece.text for piece in pieces) == "Don't write { in {0}"
    assert [piece.code.raw for piece in pieces if piece.code] == ["'{'", "{0}"]
