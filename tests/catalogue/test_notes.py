import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.catalogue.notes import Notes, parse_notes, render_notes
from l10n_pipeline.model import (
    Diagnostic,
    Origin,
    Provenance,
    Severity,
    TermStatus,
    TermVerdict,
)
from tests.catalogue.strategies import findings, human_notes, provenances, texts, verdicts

notes = st.builds(
    Notes,
    st.lists(human_notes, max_size=4).map(tuple),
    st.none() | provenances,
    st.lists(verdicts, max_size=3).map(tuple),
    st.lists(findings, max_size=3).map(tuple),
)

PROVENANCE = Provenance(Origin.MT, "enpt-1693087644/f32", "2a97516c354b", "6b8fc1d4a2e0", -0.21)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        (
            "l10n-mt: enpt-1693087644/f32 score=-0.21 text=2a97516c354b terms=6b8fc1d4a2e0",
            PROVENANCE,
        ),
        (
            "l10n-tm: memory text=2a97516c354b",
            Provenance(Origin.TM, "memory", "2a97516c354b", ""),
        ),
        (
            "l10n-mt: my%20model text=2a97516c354b",
            Provenance(Origin.MT, "my model", "2a97516c354b", ""),
        ),
        (
            "l10n-term: Heydar Aliyev Foundation → Fundação Heydar Aliyev [ok]",
            TermVerdict("Heydar Aliyev Foundation", "Fundação Heydar Aliyev", TermStatus.OK),
        ),
        (
            'l10n-term: Ričardas → Ričardas [swapped; from "Riardas"]',
            TermVerdict("Ričardas", "Ričardas", TermStatus.SWAPPED, 'from "Riardas"'),
        ),
        (
            "l10n-term: Khojaly → Xocalı [agreed; also Xocalıya | Xocalıda]",
            TermVerdict("Khojaly", "Xocalı", TermStatus.AGREED, "also Xocalıya | Xocalıda"),
        ),
        (
            r"l10n-term: A \→ B \[1] → C\\ [missing; see [2]]",
            TermVerdict("A → B [1]", "C\\", TermStatus.MISSING, "see [2]"),
        ),
        ("l10n-finding: numbers: 1275 is missing", Diagnostic("numbers", "1275 is missing")),
        (
            'l10n-finding: repetition (warning): "tal": twice',
            Diagnostic("repetition", '"tal": twice', Severity.WARNING),
        ),
    ],
)
def test_a_line_reads_as_documented(
    line: str, meaning: Provenance | TermVerdict | Diagnostic
) -> None:
    parsed = parse_notes([line])
    assert [parsed.provenance, *parsed.verdicts, *parsed.findings].count(meaning) == 1
    assert parsed.human == ()
    assert render_notes(parsed) == [line]


@given(notes)
def test_notes_survive_rendering_and_parsing(given_notes: Notes) -> None:
    rendered = render_notes(given_notes)
    assert parse_notes(rendered) == given_notes
    assert not any("\n" in line for line in rendered)


@pytest.mark.parametrize(
    "line",
    [
        "l10n-mt: enpt text=2a97516c354",
        "l10n-mt: enpt text=2a97516c354b terms=",
        "l10n-mt: en pt text=2a97516c354b",
        "l10n-term: A → B [fine]",
        "l10n-term: A → B",
        "l10n-term: A [ok]",
        "l10n-finding: no message",
        "l10n-suggest: Olá",
        "l10n-lock",
        " l10n-mt: enpt text=2a97516c354b",
    ],
)
def test_a_line_that_is_not_understood_is_a_humans(line: str) -> None:
    assert parse_notes(["before", line, "after"]) == Notes(human=("before", line, "after"))


def test_a_second_origin_is_kept_verbatim() -> None:
    second = "l10n-mt: other text=000000000000"
    parsed = parse_notes([*render_notes(Notes(provenance=PROVENANCE)), "why?", second])
    assert parsed == Notes(human=("why?", second), provenance=PROVENANCE)
    assert parse_notes(render_notes(parsed)) == parsed


def test_machine_lines_are_found_wherever_a_tool_has_moved_them() -> None:
    parsed = parse_notes(["first", "l10n-finding: numbers: 5", "l10n-tm: m text=000000000000", ""])
    assert parsed.human == ("first", "")
    assert parsed.findings == (Diagnostic("numbers", "5"),)
    assert parsed.provenance is not None


plain_words = st.lists(st.text("abcdefghçõжя", min_size=1, max_size=14), min_size=1, max_size=40)
sentences = plain_words.map(" ".join)


@given(
    st.builds(Notes, st.just(("A human's note.",)), st.none() | provenances,
              st.lists(st.builds(TermVerdict, sentences, sentences, st.sampled_from(TermStatus),
                                 sentences), max_size=2).map(tuple),
              st.lists(st.builds(Diagnostic, st.just("numbers"), sentences), max_size=2)
              .map(tuple)),
    st.integers(76, 80),
)  # fmt: skip
def test_machine_lines_survive_a_tool_that_wraps_comments(given_notes: Notes, width: int) -> None:
    wrapped = [
        part
        for line in render_notes(given_notes)
        for part in textwrap.wrap(line, width, break_long_words=False)
    ]
    assert parse_notes(wrapped) == given_notes


@given(
    st.lists(
        texts.map(lambda text: text.replace("\n", " "))
        | st.sampled_from(
            ["l10n-term: A → B [ok]", "l10n-finding: x: y", "l10n-mt: a text=2a97516c354b"]
        )
    )
)
def test_parsing_comes_to_rest_after_one_rewrite(lines: list[str]) -> None:
    parsed = parse_notes(lines)
    assert parse_notes(render_notes(parsed)) == parsed
