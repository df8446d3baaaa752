"""Keeping the glossary in what a model wrote: accept, locate, swap."""

from l10n_pipeline.enforcement.copies import copy_hits
from l10n_pipeline.enforcement.enforcer import SpanEnforcer
from l10n_pipeline.enforcement.wishes import Beginning, Enforced, Wish, is_rendered_again

__all__ = [
    "Beginning",
    "Enforced",
    "SpanEnforcer",
    "Wish",
    "copy_hits",
    "is_rendered_again",
]
