"""Keeping the glossary in what a model wrote: accept, locate, swap."""

from l10n_pipeline.enforcement.copies import copy_hits
from l10n_pipeline.enforcement.enforcer import SpanEnforcer

__all__ = ["SpanEnforcer", "copy_hits"]
