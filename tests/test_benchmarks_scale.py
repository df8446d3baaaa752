"""Projects made to be measured at scale: what they are, and, slowly, one real run."""

from pathlib import Path

import pytest
from benchmarks import scale
from benchmarks.errors import BenchmarkError

from l10n_pipeline.catalogue.states import state_of
from l10n_pipeline.config import find_project
from l10n_pipeline.model import State
from l10n_pipeline.pipeline.workspace import Workspace


def test_there_are_defaults_for_everything() -> None:
    options = scale.parse([])
    assert (options.segments, options.rounds) == ([1_000, 10_000, 100_000], 3)


def test_a_project_has_as_many_segments_as_asked_for_half_of_them_reviewed(tmp_path: Path) -> None:
    assert scale.make_project(tmp_path, 250) == 250
    assert {path.suffix for path in tmp_path.glob("docs/**/*.*")} == {".md", ".txt"}
    workspace = Workspace(find_project(tmp_path))
    catalogues = [
        workspace.catalogues.read(scale.TARGET, name)
        for name in workspace.catalogues.names(scale.TARGET)
    ]
    states = [state_of(unit) for found in catalogues if found for unit in found.units]
    # Of the last document, which is added at the end, nothing is reviewed.
    assert states.count(State.REVIEWED) == 100
    assert states.count(State.DRAFT) == 150


def test_a_project_that_is_there_is_taken_as_it_is(tmp_path: Path) -> None:
    scale.make_project(tmp_path, 20)
    catalogue = next(tmp_path.rglob("*.po"))
    before = catalogue.stat()
    assert scale.make_project(tmp_path, 20) == 20
    assert catalogue.stat() == before


@pytest.mark.slow
def test_what_is_measured_leaves_the_project_as_it_is(tmp_path: Path) -> None:
    results = scale.run(
        scale.parse(["--segments", "40", "80", "--rounds", "1", "--folder", str(tmp_path)])
    )
    assert [point["segments"] for point in results["series"]] == [40, 80]
    for case in scale.CASES:
        assert case in scale.report(results)
        assert all(point[case]["peak_bytes"] > 1 << 20 for point in results["series"])


@pytest.mark.slow
def test_a_run_that_does_something_is_not_measured(tmp_path: Path) -> None:
    scale.make_project(tmp_path, 20)
    next(tmp_path.rglob("*.pot")).unlink()
    with pytest.raises(BenchmarkError, match="changed a file"):
        scale.measured(tmp_path, scale.ANEW)
