"""Trained checkpoints of each family; the first test that asks for one trains it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkpoints import FAMILIES, trained_checkpoint


@pytest.fixture(scope="session", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def translating(family: str) -> Path:
    """A checkpoint that knows the pairs by heart."""
    return trained_checkpoint(family, "translation")


@pytest.fixture(scope="session")
def reversing(family: str) -> Path:
    """A checkpoint that reverses made-up words."""
    return trained_checkpoint(family, "reversal")
