"""Search over translation models of any family, and the engine made of it."""

from l10n_pipeline.decoding.beam import beam_search
from l10n_pipeline.decoding.greedy import greedy_search
from l10n_pipeline.decoding.results import SearchResult
from l10n_pipeline.decoding.translator import Translator

__all__ = ["SearchResult", "Translator", "beam_search", "greedy_search"]
