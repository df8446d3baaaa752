from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import markup
from benchmarks.errors import BenchmarkError


def test_the_annotated_file_holds_together() -> None:
    rows = markup.rows_of(markup.DATA)
    assert len(rows) >= 300
    assert len({row.source for row in rows}) == len(rows)


def test_an_annotation_of_another_text_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "some.tsv"
    path.write_text("source\ttranslation\tannotated\na <g1>b</g1>\tx y\tx <g1>z</g1>\n", "utf-8")
    with pytest.raises(BenchmarkError, match=r"some\.tsv:2: the annotation is of another"):
        markup.rows_of(path)
    path.write_text("source\ttranslation\tannotated\na <g1>b</g1>\tx y\tx <g1>y\n", "utf-8")
    with pytest.raises(BenchmarkError, match="</g1> is missing"):
        markup.rows_of(path)


@pytest.mark.parametrize(
    ("annotated", "written", "wrong"),
    [
        ("a <g1>b</g1> c", "a <g1>b</g1> c", ()),
        ("a <g1>b</g1>.", "a <g1>b.</g1>", ()),
        ("a <g1>b</g1> c", "<g1>a b</g1> c", (1,)),
        ("<g1>[a ]b</g1> c", "a <g1>b</g1> c", ()),
        ("<g1>b[-a]</g1> c", "<g1>b</g1>-a c", ()),
        ("<g1>[a ]b</g1> c", "<g1>a</g1> b c", (1,)),
        ("a <x1/>b", "a b<x1/>", (1,)),
        ("a <x1/> <g2>b</g2>", "a <g2><x1/> b</g2>", (2,)),
    ],
)
def test_words_decide_what_is_misplaced(
    annotated: str, written: str, wrong: tuple[int, ...]
) -> None:
    assert markup.misplaced(annotated, written) == wrong


@pytest.mark.slow
def test_the_bundled_model_keeps_codes_and_puts_them_on_the_right_words() -> None:
    results = markup.run(markup.parse([]))
    assert results["sentences with a fault"] == 0
    assert results["altered"] == 0
    assert results["sentences"] - results["sentences translated otherwise than annotated"] >= 300
    assert results["codes misplaced"] <= 0.05 * results["codes judged"]
    assert "unaltered: 132 of 132" in markup.report(results)
