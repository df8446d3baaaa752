"""Rows nobody should write: each loads or is refused by itself, with its line."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from l10n_pipeline.glossary import GlossaryMatcher, source_spellings
from l10n_pipeline.glossary.columns import COLUMNS
from l10n_pipeline.glossary.consistency import inconsistencies
from l10n_pipeline.glossary.findings import Level
from l10n_pipeline.glossary.tsv import read_glossary, write_tsv
from l10n_pipeline.locale import Locale

FILE = Path(__file__).with_name("hostile.txt")
HEADING = ("\t".join(COLUMNS) + "\n").encode()
UNRELATED = "Six quick zebras vexed jumpy owls, 3 of them by night; “why?” – we’d ask."
REPETITION = re.compile(r"\{([^{}]*?)\*(\d+)\}", re.DOTALL)


@dataclass(frozen=True)
class Row:
    line: int
    """In the file of rows, for messages."""
    outcome: str
    row: bytes
    not_in: str


def escaped(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("unicode_escape")


def hostile_rows() -> list[Row]:
    rows = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        outcome, row, *not_in = line.split("\t")
        text = REPETITION.sub(lambda match: match[1] * int(match[2]), escaped(row))
        data = text.encode(errors="surrogateescape")
        rows.append(
            Row(number, outcome, data, *not_in) if not_in else Row(number, outcome, data, "")
        )
    return rows


def bare(text: str) -> str:
    """Without what is invisible at a spelling's ends: nobody can tell where it ends."""
    return text.strip("\ufeff\u061c\u200e\u202c\u202e\u2066\u2069")


ROWS = hostile_rows()
WHOLE = HEADING + b"\n".join(row.row for row in ROWS) + b"\n"
BY_OTHERS = "## rows that other rows contradict"
ALONE = [row for row in ROWS if row.line < FILE.read_text("utf-8").split("\n").index(BY_OTHERS)]


def test_there_are_enough_of_them() -> None:
    assert len(ROWS) >= 200


def test_each_loads_or_is_refused_with_its_line_whatever_stands_around_it() -> None:
    reading = read_glossary(WHOLE, "g.tsv")
    errors = {
        finding.where: finding for finding in reading.findings if finding.level is Level.ERROR
    }
    loaded = {term.origin for term in reading.terms}
    for at, row in enumerate(ROWS, start=2):
        place = f"g.tsv:{at}"
        outcome, _, said = row.outcome.partition(": ")
        assert (place in loaded, place in errors) == (
            outcome == "loads",
            outcome == "refused",
        ), row.line
        if said:
            assert said in errors[place].message, row.line
    assert len(errors) + len(loaded) == sum(row.outcome != "ignored" for row in ROWS)


@pytest.mark.parametrize("row", ALONE, ids=lambda row: f"line {row.line}")
def test_each_by_itself(row: Row) -> None:
    reading = read_glossary(HEADING + row.row, "g.tsv")
    outcome, _, said = row.outcome.partition(": ")
    assert len(reading.terms) == (outcome == "loads")
    assert len(reading.findings) == (outcome == "refused")
    assert all(said in finding.message for finding in reading.findings)
    list(inconsistencies(reading.terms))
    if reading.terms:
        again = read_glossary(write_tsv(reading.terms), "g.tsv")
        assert again.terms == reading.terms
        assert again.findings == ()


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.outcome == "loads"], ids=lambda row: f"line {row.line}"
)
def test_what_loads_is_found_in_its_own_words_and_nowhere_else(row: Row) -> None:
    (term,) = read_glossary(HEADING + row.row, "g.tsv").terms
    matcher = GlossaryMatcher([term], source=Locale("en"))
    for spelling in (term.source, *term.aliases):
        for text in (
            spelling,
            f"Then {spelling} came.",
            f"({spelling})",
            f"two\u00a0{spelling}, x",
        ):
            found = [bare(hit.span.of(text)) for hit in matcher.match(text)]
            assert found == [bare(spelling)], text
    assert matcher.match(UNRELATED) == ()
    assert matcher.match(row.not_in) == ()


def test_all_together_find_each_where_it_stands() -> None:
    reading = read_glossary(WHOLE, "g.tsv")
    matcher = GlossaryMatcher(reading.terms, source=Locale("en"))
    for term in reading.terms:
        text = f"Then {term.source} came."
        hits = matcher.match(text)
        assert term in {hit.term for hit in hits}, term.source
    assert matcher.match(UNRELATED) == ()


def test_what_a_segmenter_must_not_split_outlives_them_all() -> None:
    spellings = source_spellings(WHOLE)
    sources = {term.source for term in read_glossary(WHOLE, "g.tsv").terms}
    assert {source for source in sources if "\ufffd" not in source} <= set(spellings)
