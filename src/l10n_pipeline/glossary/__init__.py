"""The glossary: reading it, merging several, finding its terms in a source text."""

from l10n_pipeline.glossary.matching import GlossaryMatcher
from l10n_pipeline.glossary.termbase import Termbase
from l10n_pipeline.glossary.tsv import parse_glossary, source_spellings

__all__ = ["GlossaryMatcher", "Termbase", "parse_glossary", "source_spellings"]
