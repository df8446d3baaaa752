"""Proper names in texts, and what translations make of them."""

from l10n_pipeline.names.cldr import has_noun_capitals, lexicon
from l10n_pipeline.names.finding import FoundName, Mention, find_names
from l10n_pipeline.names.renderings import find_rendering, small_words
from l10n_pipeline.names.spelling import clearly_differ
from l10n_pipeline.names.wording import find_spelling, groups_of_spellings, telling_words

__all__ = [
    "FoundName",
    "Mention",
    "clearly_differ",
    "find_names",
    "find_rendering",
    "find_spelling",
    "groups_of_spellings",
    "has_noun_capitals",
    "lexicon",
    "small_words",
    "telling_words",
]
