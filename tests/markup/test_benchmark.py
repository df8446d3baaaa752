from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import markup
from benchmarks.errors import BenchmarkError

FILES = sorted(markup.DATA.parent.glob("markup*.tsv"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_annotated_file_holds_together(path: Path) -> None:
    rows = markup.rows_of(path)
    assert len({row.source for row in rows}) == len(rows)


def test_no_sentence_is_both_held_out_and_refined_on() -> None:
    sources = [row.source for path in FILES for row in markup.rows_of(path)]
    assert len(sources) >= 490
    assert len(set(sources)) == len(sources)


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
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("markup.en-pt.tsv", 0.05),
        ("markup.pt-en.tsv", 0.05),
        ("markup-unseen.en-pt.tsv", 0.05),
        ("markup-unseen.pt-en.tsv", 0.1),
    ],
)
def test_the_bundled_models_keep_codes_and_put_them_on_the_right_words(
    name: str, wrong: float
) -> None:
    source, target = name.split(".")[1].split("-")
    path = str(markup.DATA.parent / name)
    results = markup.run(markup.parse(["--data", path, "--from", source, "--to", target]))
    otherwise = results["sentences translated otherwise than annotated"]
    assert results["sentences with a fault"] == 0
    assert results["altered"] == 0
    assert otherwise <= 0.1 * results["sentences"]
    assert results["codes misplaced"] <= wrong * results["codes judged"]
    assert f"unaltered: {results['shown by codes']} of" in markup.report(results)
