"""Search over translation models of any family, and the engine made of it."""

from l10n_pipeline.decoding.greedy import SearchResult, greedy_search
from l10n_pipeline.decoding.translator import Translator

__all__ = ["SearchResult", "Translator", "greedy_search"]
