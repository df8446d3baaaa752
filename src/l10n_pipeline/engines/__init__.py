"""Model families, and which model serves a language pair.

Importing this package does not import torch; :func:`load_model` does.
"""

from l10n_pipeline.engines.carried import installed_models
from l10n_pipeline.engines.folders import model_in_folder
from l10n_pipeline.engines.found import CheckpointFiles, FoundModel, ModelFiles
from l10n_pipeline.engines.registry import find_model, find_route, load_model

__all__ = [
    "CheckpointFiles",
    "FoundModel",
    "ModelFiles",
    "find_model",
    "find_route",
    "installed_models",
    "load_model",
    "model_in_folder",
]
