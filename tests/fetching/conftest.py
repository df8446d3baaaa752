"""Servers, a cache of one's own, and no long waits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from l10n_pipeline.fetching.transfer import Network, Patience
from tests.support.loopback import Loopback
from tests.support.registries import MozillaServer

IMPATIENT = Patience(timeout=0.5, retries=2, pause=0.0)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        yield loopback


@pytest.fixture
def mozilla() -> Iterator[MozillaServer]:
    with MozillaServer() as loopback:
        loopback.publish()
        yield loopback


@pytest.fixture
def network() -> Iterator[Network]:
    with Network(IMPATIENT, plain=True) as network:
        yield network


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("L10N_CACHE", str(folder))
    return folder
