"""Checkpoints in the Hugging Face hub's layout: MarianMT (OPUS-MT), M2M-100, NLLB-200, MADLAD-400.

:mod:`.checkpoint` says what lies in a folder and whether it can be trusted, without importing
torch; :class:`.model.HuggingFaceModel` runs it through ``transformers``.
"""

from l10n_pipeline.engines.huggingface.checkpoint import Checkpoint, is_checkpoint, read_checkpoint

__all__ = ["Checkpoint", "is_checkpoint", "read_checkpoint"]
