"""Inline codes around machine translation: what a model sees of them, and where they go.

A sentence is translated once, as a whole, without its codes; what must come out unaltered is
hidden behind words that models copy. Then each code is put where the model's word alignment
says that the words beside it went. Whatever the model did, the translation has each code of
the source once, and pairs are well nested.
"""

from l10n_pipeline.markup.masking import ATTEMPTS, Masked, lost_stand_ins, masked
from l10n_pipeline.markup.projection import Projected, project

__all__ = ["ATTEMPTS", "Masked", "Projected", "lost_stand_ins", "masked", "project"]
