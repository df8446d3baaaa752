import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.catalogue.notes import Notes, parse_notes, render_notes
from l10n_pipeline.model import (
    Acceptance,
    Diagnostic,
    Direction,
    DirectionKind,
    Origin,
    Provenance,
    Severity,
    Suggestion,
    TermStatus,
    TermVerdict,
)
from tests.catalogue.strategies import (
    acceptances,
    directions,
    findings,
    human_notes,
    prose,
    provenances,
    some_prose,
    suggestions,
    texts,
    verdicts,
)

notes = st.builds(
    Notes,
    st.lists(human_notes, max_size=4).map(tuple),
    st.lists(directions, max_size=2).map(tuple),
    st.none() | provenances,
    st.none() | acceptances,
    st.none() | suggestions,
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
        (
            "l10n-tm: memory/old.tmx match=repaired 92% text=2a97516c354b",
            Provenance(
                Origin.TM, "memory/old.tmx", "2a97516c354b", "", match="repaired", similarity=92
            ),
        ),
        (
            "l10n-accepted: source=6b8fc1d4a2e0 text=2a97516c354b",
            Acceptance("6b8fc1d4a2e0", "2a97516c354b"),
        ),
        (
            r"l10n-suggest: Vendemos 36 carros \[usados]. [mt; source=2a97516c354b]",
            Suggestion("Vendemos 36 carros [usados].", Origin.MT, "2a97516c354b"),
        ),
        (
            "l10n-suggest: [mt; source=2a97516c354b terms=6b8fc1d4a2e0]",
            Suggestion("", Origin.MT, "2a97516c354b", "6b8fc1d4a2e0"),
        ),
        ("l10n-lock", Direction(DirectionKind.LOCK)),
        ("l10n-keep: a trade mark", Direction(DirectionKind.KEEP, "a trade mark")),
        (r"l10n-use: em C:\novo", Direction(DirectionKind.USE, r"em C:\novo")),
        (r"l10n-use: um\u000adois", Direction(DirectionKind.USE, "um\ndois")),
    ],
)
def test_a_line_reads_as_documented(line: str, meaning: object) -> None:
    parsed = parse_notes([line])
    read = [parsed.provenance, parsed.acceptance, parsed.suggestion]
    told = [*parsed.directions, *parsed.verdicts, *parsed.findings]
    assert [*read, *told].count(meaning) == 1
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
        "l10n-lockable",
        "l10n-use:",
        "l10n-accepted: source=2a97516c354b",
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


@given(
    st.builds(Notes, st.just(("A human's note.",)),
              st.lists(st.builds(Direction, st.sampled_from(DirectionKind), some_prose), max_size=1)
              .map(tuple),
              st.none() | provenances, st.none() | acceptances,
              st.none() | st.builds(Suggestion, prose(0), st.just(Origin.MT),
                                    st.just("2a97516c354b"), st.just("6b8fc1d4a2e0")),
              st.lists(st.builds(TermVerdict, some_prose, some_prose, st.sampled_from(TermStatus),
                                 prose(0)), max_size=2).map(tuple),
              st.lists(st.builds(Diagnostic, some_prose, prose(0)), max_size=2)
              .map(tuple)),
    st.integers(60, 120),
)  # fmt: skip
def test_machine_lines_survive_a_tool_that_wraps_comments(given_notes: Notes, width: int) -> None:
    wrapped = [
        part
        for line in render_notes(given_notes)
        for part in textwrap.wrap(line, width - len("# "), break_long_words=False)
    ]
    assert parse_notes(wrapped) == given_notes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("pré- e pós-guerra - sim", r"pré-\u0020e pós-guerra - sim"),
        ("- Não.  Sim.", r"- Não. \u0020Sim."),
        ("antes--depois, --strict", r"antes\u002d-depois, --strict"),
        ("um ∎ e l10n-lock", r"um \u220e e \u006c10n-lock"),
    ],
)
def test_what_wrapping_would_lose_is_escaped(text: str, line: str) -> None:
    suggestion = Suggestion(text, Origin.MT, "2a97516c354b")
    (rendered,) = render_notes(Notes(suggestion=suggestion))
    assert rendered == f"l10n-suggest: {line} [mt; source=2a97516c354b]"
    assert parse_notes([rendered]).suggestion == suggestion


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


def test_half_of_a_wrapped_direction_is_not_followed() -> None:
    line = "l10n-use: Uma frase de que um editor de catálogos só deixou o começo nesta"
    assert parse_notes([line, "linha."]) == Notes(human=(line, "linha."))


@pytest.mark.parametrize("text", ["a\u00a0 -", "a  - b", " - b", "-", "a -", "a-"])
@pytest.mark.parametrize("width", range(15, 60))
def test_a_lone_hyphen_is_where_it_was_however_the_line_was_wrapped(text: str, width: int) -> None:
    told = Suggestion(f"{'x' * (60 - width)} {text}", Origin.MT, "2a97516c354b", "6b8fc1d4a2e0")
    line = render_notes(Notes(suggestion=told))[0]
    for at in [at for at, character in enumerate(line) if character == " " and at >= 60]:
        assert parse_notes([line[:at], line[at + 1 :]]).suggestion == told
