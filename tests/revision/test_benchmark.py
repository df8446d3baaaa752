"""The benchmark of revisions knows what was done, and judges by it."""

import json
from random import Random

import pytest
from benchmarks import revisions

from l10n_pipeline.revision import Change, ChangeKind

SENTENCES = [
    f"In {1900 + at} the {noun} of the town was {verb}, and nobody asked why {other} had done it."
    for at, (noun, verb, other) in enumerate(
        (noun, verb, other)
        for noun in ("harbour", "library", "old theatre")
        for verb in ("closed", "painted in a light blue")
        for other in ("the mayor", "its owners", "they", "a committee of twelve")
    )
]


def writer():
    return revisions.Writer(Random(1), ["green", "soon"], ["Something else altogether is told."])


def test_a_revision_is_the_same_every_time_and_knows_what_it_did():
    made = writer().revised(SENTENCES, 1.0)
    assert made == writer().revised(SENTENCES, 1.0)
    assert {one.what for one in made} > {"numbers", "divided", "put together", "moved, a word"}
    for one in made:
        assert all(old < len(SENTENCES) for old in one.old)
        assert (one.kind is None) == (not one.old)
        assert one.what or one.text in SENTENCES


def test_without_changes_all_is_kept():
    assert [one.text for one in writer().revised(SENTENCES, 0.0)] == SENTENCES


@pytest.mark.parametrize(
    ("change", "judged"),
    [
        (Change(ChangeKind.JOINED, 0, (1, 2), 0.9), "right"),
        (Change(ChangeKind.EDITED, 0, (2,), 0.9), "in_part"),
        (Change(ChangeKind.JOINED, 0, (2, 3), 0.9), "wrong"),
        (None, "missed"),
    ],
)
def test_answers_are_judged(change, judged):
    tally = revisions.Tally()
    tally.add(revisions.Revised("a and b", "put together", ChangeKind.JOINED, (1, 2)), change)
    assert getattr(tally, judged) == 1


def test_nothing_is_right_for_what_is_new():
    tally = revisions.Tally()
    tally.add(revisions.Revised("a", "new heading"), None)
    tally.add(revisions.Revised("a", "new heading"), Change(ChangeKind.EDITED, 0, (1,), 0.9))
    assert (tally.right, tally.wrong) == (1, 1)


def test_all_figures_are_told(tmp_path, capsys):
    source, told = tmp_path / "a.en", tmp_path / "told.json"
    source.write_text("".join(f"{line}\n" for line in SENTENCES), "utf-8")
    revisions.main(
        ["--source", str(source), "--documents", "3", "--scale", "20", "--json", str(told)]
    )
    results = json.loads(told.read_text("utf-8"))
    assert results["sentences"] == len(SENTENCES)
    assert set(results["found"]) == set(revisions.SHARES)
    assert results["scale"][0]["sentences"] == 20
    assert "all changed" in capsys.readouterr().out


def test_another_threshold_is_tried_and_put_back():
    options = revisions.parse(["--documents", "1", "--scale", "--threshold", "ALIKE=0.9"])
    assert revisions.run(options)["thresholds"]["ALIKE"] == 0.9
    assert revisions.tracing.ALIKE == 0.65
    for wrong in ("NOTHING=1", "ALIKE=much", "ALIKE"):
        with pytest.raises(SystemExit):
            revisions.parse(["--threshold", wrong])


def test_the_seed_document_will_do():
    assert len(revisions.seeds()) > 10


def test_a_text_that_is_not_there_or_too_short_is_one_line(tmp_path):
    with pytest.raises(SystemExit, match="revisions: "):
        revisions.main(["--source", str(tmp_path / "nowhere")])
    short = tmp_path / "short"
    short.write_text("One sentence.\n", "utf-8")
    with pytest.raises(SystemExit, match="too few"):
        revisions.main(["--source", str(short)])
