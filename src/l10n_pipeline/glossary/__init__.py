"""The glossary: reading it, merging several, finding its terms in a source text."""

from l10n_pipeline.glossary.matching import GlossaryMatcher
from l10n_pipeline.glossary.termbase import Termbase, source_terms
from l10n_pipeline.glossary.tsv import load_glossary, parse_glossary, source_spellings
from l10n_pipeline.termforms import verify

__all__ = [
    "GlossaryMatcher",
    "Termbase",
    "load_glossary",
    "parse_glossary",
    "source_spellings",
    "source_terms",
    "verify",
]
