"""What tells a model that was found from others."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from l10n_pipeline.config import Project
from l10n_pipeline.engines.found import ModelFiles
from l10n_pipeline.errors import ModelError
from l10n_pipeline.locale import Locale
from l10n_pipeline.pipeline.engines import EngineLoader, EngineSettings
from l10n_pipeline.protocols import Engine
from tests.support.projects import PT, FakeEngine, Runner

from .test_journal import Stopping


@pytest.fixture
def found(tmp_path: Path) -> ModelFiles:
    """A student in a folder."""
    paths = [tmp_path / name for name in ("model.bin", "vocab.spm", "lex.bin")]
    for path in paths:
        path.write_bytes(b"12345678")
    model, vocabulary, shortlist = paths
    return ModelFiles(
        "mine", "en", "pt", "student", model, vocabulary, vocabulary, shortlist, "", "", 24
    )


def told(*route: ModelFiles) -> tuple[str, ...]:
    return EngineLoader(route, EngineSettings()).files()


def test_the_same_files_are_told_alike(found: ModelFiles) -> None:
    assert told(found) == told(found)
    assert told(found) != told(found, found)


@pytest.mark.parametrize("name", ["model.bin", "vocab.spm", "lex.bin"])
def test_a_file_that_was_written_again_is_told_from_what_it_was(
    found: ModelFiles, name: str
) -> None:
    before = told(found)
    path = found.model.parent / name
    path.write_bytes(b"87654321")
    os.utime(path, ns=(1, 1))
    assert told(found) != before


def test_the_languages_tell_too(found: ModelFiles) -> None:
    assert told(replace(found, target="pt-BR")) != told(found)


def test_files_that_are_gone_are_one_error(found: ModelFiles) -> None:
    found.model.unlink()
    with pytest.raises(ModelError, match="mine: cannot be read: no such file"):
        told(found)


class StandIn(EngineLoader):
    """Has a model's files, and loads another engine."""

    def __call__(self) -> Engine:
        return ENGINE


ENGINE = Stopping()


class TestAModelThatWasTrainedOnInItsPlace:
    """What its run had begun with what it was before is not taken for its own."""

    @pytest.fixture
    def project(self, tmp_path: Path, found: ModelFiles, monkeypatch: pytest.MonkeyPatch) -> Runner:
        project = Runner(tmp_path / "project")
        project.write("seeds/a.txt", "One comes.\n")
        project.write("seeds/b.pot", 'msgid ""\nmsgstr ""\n\nmsgid "Open"\nmsgstr ""\n')
        monkeypatch.setattr(ENGINE, "asked", [])
        monkeypatch.setattr(ENGINE, "batches", 1)

        def find(_project: Project, _target: Locale, _model: str | None) -> EngineLoader:
            return StandIn((found,), EngineSettings())

        monkeypatch.setattr(project, "_find", find)
        with pytest.raises(KeyboardInterrupt):
            project.run(PT)
        monkeypatch.setattr(ENGINE, "batches", 1_000)
        return project

    def test_its_work_goes_on_where_nothing_changed(self, project: Runner) -> None:
        project.run(PT)
        assert sorted(ENGINE.asked) == sorted(set(ENGINE.asked))

    def test_it_begins_anew(self, project: Runner, found: ModelFiles) -> None:
        (first,) = ENGINE.asked
        os.utime(found.model, ns=(1, 1))
        project.run(PT)
        assert ENGINE.asked.count(first) == 2


def test_a_stand_in_needs_no_files(project: Runner) -> None:
    project.write("seeds/a.txt", "One comes.\n")
    assert project.run(PT).errors == []
    assert isinstance(project.engine, FakeEngine)
