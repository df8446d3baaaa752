"""Messages that choose between texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.messageformat import chooses, faults

FILES = "{n, plural, =0 {none} one {# file of {name}} other {# files of {name}}}"
WHO = "{who, select, female {her} male {his} other {their}} page"


@pytest.mark.parametrize("text", [FILES, WHO, "a {n,selectordinal,one{#st}other{#th}} b"])
def test_choices_are_known(text: str) -> None:
    assert chooses(text)
    assert faults(text, text) == ()


@pytest.mark.parametrize("text", ["{n}", "{n, number}", "{plural}", "plural, {n}", "{ select, a}"])
def test_other_braces_are_none(text: str) -> None:
    assert not chooses(text)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (FILES, "{n, plural, one {# ficheiro de {name}} other {# ficheiros de {name}}}", ()),
        (FILES, "{n, plural, few {# {name}} many {# {name}} other {#}}", ()),
        (FILES, "{name} '{'tem'}' {n, plural, other {it''s #}}", ()),
        (FILES, "{n, plural, other {# ficheiros}}", ("{name} is missing",)),
        (FILES, "{n, plural, one {# {name}}}", ("{n, plural, …} has no branch “other”",)),
        (FILES, "# ficheiros de {name}", ("{n, plural, …} is missing",)),
        (
            FILES,
            "{n, plural, other {# {name} {x}}}",
            ("{x} is not in the source",),
        ),
        (
            WHO,
            "{who, select, femme {sa} other {son}} page",
            ("{who, select, …} must have the branches female, male, other",),
        ),
        *(
            (FILES, broken, ("its braces are no plural or select that a program could read",))
            for broken in (
                "{n, plural, one {# a} other {# b}",
                "{n, plural, one # a other # b}",
                "{n, plural, outro {a} other {b}}}",
                "{n, plural, other {a}} }",
            )
        ),
    ],
)
def test_a_translation_needs_the_structure(
    source: str, target: str, expected: tuple[str, ...]
) -> None:
    assert faults(source, target) == expected


def test_what_the_source_itself_gets_wrong_is_no_fault_of_a_translation() -> None:
    assert faults("{n, plural, one {a}", "anything") == ()


@given(st.text("{}', plursetco#=1n ", max_size=40))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert isinstance(faults(FILES, text), tuple)


@pytest.mark.parametrize("hostile", ["{", "{n, plural, other {", "'{", "{n, plural,", "{a,", "''"])
def test_time_grows_no_faster_than_the_text(hostile: str) -> None:
    begun = time.process_time()
    faults(FILES, hostile * (200_000 // len(hostile)))
    assert time.process_time() - begun < 2
