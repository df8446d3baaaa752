"""The real command, run as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

L10n = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def l10n(tmp_path: Path) -> L10n:
    """Runs ``l10n`` with arguments in a folder (the temporary one unless told)."""

    def run(
        *arguments: str, cwd: Path = tmp_path, stdin: bytes = b"", env: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "l10n_pipeline", *arguments],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=300,
            env={**os.environ, **env},
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run
