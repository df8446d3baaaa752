"""A project in a temporary folder."""

from pathlib import Path

import pytest

from tests.support.projects import Runner


@pytest.fixture
def project(tmp_path: Path) -> Runner:
    runner = Runner(tmp_path.resolve())
    runner.write("l10n.toml", 'targets = ["pt-BR"]')
    return runner
