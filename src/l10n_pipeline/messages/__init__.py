"""A program's messages around machine translation: what of them a model sees, and what of
its translation the program gets.

===================  =================================================================
:mod:`.lines`        paragraphs of a message, and wrapping them again
:mod:`.pieces`       text and codes of a paragraph: placeholders, markup, escapes
:mod:`.accelerators` the letter that a key press chooses
:mod:`.labels`       a few words without a sentence around them
:mod:`.counting`     plural forms, and the numbers that they are for
===================  =================================================================
"""

from l10n_pipeline.messages.accelerators import (
    Accelerator,
    with_accelerator,
    without_accelerator,
)
from l10n_pipeline.messages.counting import Form, forms_of, put_back
from l10n_pipeline.messages.labels import like_source, lost_brackets, variants
from l10n_pipeline.messages.lines import Paragraph, paragraphs, unwrapped, wrapped
from l10n_pipeline.messages.pieces import FindProtected, as_written, pieces_of

__all__ = [
    "Accelerator",
    "FindProtected",
    "Form",
    "Paragraph",
    "as_written",
    "forms_of",
    "like_source",
    "lost_brackets",
    "paragraphs",
    "pieces_of",
    "put_back",
    "unwrapped",
    "variants",
    "with_accelerator",
    "without_accelerator",
    "wrapped",
]
