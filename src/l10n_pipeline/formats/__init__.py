"""Document formats: bytes to a :class:`~l10n_pipeline.model.Document` and back.

Each is imported when a file asks for it.
"""

from l10n_pipeline.formats.registry import BUILT_IN, GROUP, BuiltIn, Formats

__all__ = ["BUILT_IN", "GROUP", "BuiltIn", "Formats"]
