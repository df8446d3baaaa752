"""The matching benchmark measures what it says."""

from pathlib import Path

import pytest
from benchmarks import matching

LINES = ["Leyla Aliyeva visited Baku in March.", "The Foundation opened a school in Ganja."] * 3


def test_terms_are_the_same_in_every_run_and_each_once() -> None:
    terms = matching.made_terms(LINES, 300)
    assert terms == matching.made_terms(LINES, 300)
    assert 250 < len({term.source.casefold() for term in terms}) == len(terms) <= 300
    assert any(term.source in LINES[0] for term in terms)


def test_the_table_tells_terms_and_segments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.en"
    source.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    matching.main(["--source", str(source), "--terms", "50", "--segments", "20", "--rounds", "1"])
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split()[0] == "terms"
    assert int(row.split()[0]) <= 50


def test_a_text_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="matching: "):
        matching.main(["--source", str(tmp_path / "nowhere")])
