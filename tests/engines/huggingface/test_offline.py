"""Loading and translating: quiet, and without a network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.huggingface.tiny import write_tiny

PROGRAM = """
import pathlib, socket, sys, warnings
warnings.simplefilter("error")

def refuse(*arguments, **options):
    raise SystemExit("a socket was opened")

sys.addaudithook(lambda event, _: event.startswith("socket.") and refuse())
from l10n_pipeline.engines.huggingface import read_checkpoint
assert "torch" not in sys.modules and "transformers" not in sys.modules
checkpoint = read_checkpoint(pathlib.Path(sys.argv[1]))
assert "torch" not in sys.modules and "transformers" not in sys.modules
from l10n_pipeline.engines.huggingface.model import HuggingFaceModel
from l10n_pipeline.locale import Locale
model = HuggingFaceModel(checkpoint, Locale.parse("en"), Locale.parse("pt"), device="cpu")
source = [*model.source_vocabulary.encode("ab cd").ids, model.source_vocabulary.eos_id]
output = model.step(model.start([source]), None)
model.step(output.state, output.logits.argmax(dim=1))
"""


@pytest.mark.slow
@pytest.mark.parametrize("family", ["marian", "nllb", "madlad-400"])
def test_no_socket_is_opened_and_nothing_is_printed(family: str, tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "opus-mt-en-mul", family)
    # Without an offline switch: it is not the environment that keeps it from the network.
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
    assert len(list((tmp_path / "cache" / "l10n-pipeline" / "alignment-heads").iterdir())) == 1
