"""Model families, and which model serves a language pair.

Importing this package does not import torch; :func:`load_model` does.
"""

from l10n_pipeline.engines.registry import (
    ModelFiles,
    find_model,
    installed_models,
    load_model,
    model_in_folder,
)

__all__ = ["ModelFiles", "find_model", "installed_models", "load_model", "model_in_folder"]
