"""Reading at once gives what the careful reading gives, errors included."""

import re
from unittest import mock

import polib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from l10n_pipeline.catalogue import po
from l10n_pipeline.catalogue.canonical import canonical_entries
from l10n_pipeline.catalogue.po import read_catalogue, write_catalogue
from l10n_pipeline.errors import CatalogueError
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Catalogue
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, catalogues
from tests.catalogue.test_po import EVERYTHING, HEADER, MUTATIONS
from tests.support.tools import run_tool

NEARLY_PO = st.lists(
    st.sampled_from(
        ["msgid", "msgid_plural", "msgstr", "msgstr[0]", "msgstr[1]", "msgctxt", ' "a"', ' ""',
         '"b\\n"', '"\\x41"', '"\\303"\n"\\243"', "\n", "\n\n", "# ", "#", "#. x", "#, fuzzy",
         "#,", "#, ,no-c", "#: a%20b:12", "#: a\u00a0b", "#:\ta  b", "#| ", "#~ ", "#~| ", "#~",
         "#=", "#.~", "#|x", "# \\ ", " ", "\t", "\r\n", "\u2028", "\ufeff", '"\\"', '\\""',
         "#. ~", "##", "msgstr[\u0661]", "#, fuzzy\u00a0", "\r"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def outcome(data: bytes, locale: Locale | None = BRAZILIAN) -> Catalogue | tuple[str, ...]:
    """What reading gives: a catalogue, or what the error says."""
    try:
        return read_catalogue(data, where="a.po", source_locale=ENGLISH, expected_locale=locale)
    except CatalogueError as error:
        return (error.what, error.where, error.way_out)


def careful(data: bytes, locale: Locale | None = BRAZILIAN) -> Catalogue | tuple[str, ...]:
    with mock.patch.object(po, "canonical_entries", return_value=None):
        return outcome(data, locale)


def read_both_ways(data: bytes) -> None:
    for locale in (BRAZILIAN, None):
        at_once, line_by_line = outcome(data, locale), careful(data, locale)
        assert at_once == line_by_line
        if isinstance(at_once, Catalogue) and isinstance(line_by_line, Catalogue):
            assert list(at_once.header.items()) == list(line_by_line.header.items())


def is_read_at_once(data: bytes) -> bool:
    return canonical_entries(data.decode("utf-8-sig")) is not None


def wrapped(text: str, width: int, prefix: str = "") -> str:
    """Each string on lines of its own, divided anywhere but within an escape."""

    def divided(found: re.Match[str]) -> str:
        marker, keyword, value = found.groups()
        atoms = re.findall(r"\\.|.", value, re.DOTALL)
        pieces = ["".join(atoms[at : at + width]) for at in range(0, len(atoms), width)]
        return "\n".join(
            [f'{marker}{keyword} ""', *(f'{marker}{prefix}"{piece}"' for piece in pieces)]
        )

    return re.sub(
        r'^(#~\| |#\| |#~ |)(msg[a-z_]+(?:\[\d\])?) "((?:[^"\\\n]|\\.)+)"$',
        divided,
        text,
        flags=re.MULTILINE,
    )


@given(catalogues)
def test_what_we_write_is_read_at_once(catalogue: Catalogue) -> None:
    data = write_catalogue(catalogue)
    assert is_read_at_once(data)
    read_both_ways(data)


@given(catalogues, st.integers(1, 40))
def test_what_others_wrap_is_read_at_once(catalogue: Catalogue, width: int) -> None:
    data = wrapped(write_catalogue(catalogue).decode(), width).encode()
    assert is_read_at_once(data)
    assert outcome(data) == careful(data) == outcome(write_catalogue(catalogue))


@pytest.mark.parametrize(
    "variant",
    [
        EVERYTHING.replace("\n", "\r\n"),
        "\ufeff" + EVERYTHING,
        EVERYTHING.removesuffix("\n"),
        EVERYTHING + "\n\n",
        EVERYTHING.replace("\n\n", "\n"),
        EVERYTHING.replace("#, fuzzy, no-wrap", "#,fuzzy,no-wrap"),
        EVERYTHING.replace("# Ask", "#Ask"),
    ],
    ids=["CRLF", "BOM", "no end", "empty lines", "no empty lines", "tight flags", "tight note"],
)
def test_usual_spellings_are_read_at_once(variant: str) -> None:
    data = variant.encode()
    assert is_read_at_once(data)
    read_both_ways(data)


@pytest.mark.parametrize(
    "variant",
    [
        EVERYTHING.replace("\\t", "\\011"),
        EVERYTHING.replace('msgid "Gone"', ' msgid "Gone"'),
        EVERYTHING.replace("#~ msgstr", "msgstr"),
        EVERYTHING.replace("msgstr[1]", "msgstr[2]"),
        EVERYTHING + "# the end\n",
        EVERYTHING.replace("# Kept", "#= Kept"),
        EVERYTHING.replace("#: seeds", "#: \u2068my seeds\u2069"),
    ],
    ids=["bytes", "indented", "mixed", "forms", "end", "flags", "reference"],
)
def test_what_is_unusual_or_wrong_is_left_to_the_careful_reading(variant: str) -> None:
    assert variant != EVERYTHING
    assert not is_read_at_once(variant.encode())


@given(catalogues)
@settings(max_examples=40)
def test_files_of_polib_are_read_alike(catalogue: Catalogue) -> None:
    text = write_catalogue(catalogue).decode()
    try:
        rewritten = str(polib.pofile(text))
    except (OSError, ValueError):  # it divides lines at characters that end none
        return
    read_both_ways(rewritten.encode())


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--no-wrap",), ("--width=20",), ("--escape",)])
@given(catalogues)
@settings(deadline=None, max_examples=40)
def test_files_of_msgcat_are_read_alike(options: tuple[str, ...], catalogue: Catalogue) -> None:
    data = write_catalogue(catalogue)
    read_both_ways(run_tool("msgcat", "--force-po", *options, "-", stdin=data).stdout)


@given(
    catalogues,
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), MUTATIONS), min_size=1, max_size=4),
)
@settings(max_examples=300)
def test_damaged_files_are_read_or_refused_alike(
    catalogue: Catalogue, damages: list[tuple[float, int, bytes]]
) -> None:
    data = write_catalogue(catalogue)
    for place, length, insertion in damages:
        start = int(place * len(data))
        data = data[:start] + insertion + data[start + length :]
    read_both_ways(data)


@given(NEARLY_PO)
@settings(max_examples=500)
@example('# a\nmsgid "a"\nmsgstr "b"\n#| msgid "c"')
@example('#~| msgid "b"\nmsgid "a"\nmsgstr ""')
@example('#| msgid "b"\n# note\nmsgid "a"\nmsgstr ""')
@example('#| msgid "b"\n#~ msgid "a"\n#~ msgstr ""')
@example('msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\n"c"\nmsgstr[1] ""\n"d"')
def test_what_is_nearly_a_file_is_read_or_refused_alike(text: str) -> None:
    read_both_ways(f"{HEADER}\n{text}\n".encode())
