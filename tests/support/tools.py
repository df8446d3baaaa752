"""Programs that tests drive."""

import os
import shutil
import subprocess

import pytest


def require_tool(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where CI is true."""
    path = shutil.which(name)
    if path is None:
        reason = f"{name} is not installed (Debian: apt-get install gettext)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must not skip what it drives")
        pytest.skip(reason)
    return path


def run_tool(name: str, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a program in the C.UTF-8 locale, its output captured."""
    return subprocess.run(
        [require_tool(name), *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""},
    )
