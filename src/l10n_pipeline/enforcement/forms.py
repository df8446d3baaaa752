"""Which form of a term stands where a model wrote something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from l10n_pipeline.folding import fold, words
from l10n_pipeline.model import Term, TermMode
from l10n_pipeline.protocols import Inflector

# Vowel harmony and assimilation give one suffix several spellings.
_ALIKE: Final = str.maketrans("ıiuüoöaeədg", "iiiiiiaaatk")


@dataclass(frozen=True, slots=True)
class Choice:
    """A form of a term's target."""

    form: str
    label: str = ""
    """What form it is, for a reviewer; empty for the target itself."""
    others: tuple[str, ...] = ()
    """Forms that could stand there as well."""
    known: bool = False
    """Whether an inflector said so."""


def choose(term: Term, rendering: str, before: str, inflector: Inflector | None) -> Choice:
    """The form of a term to be put in the place of a rendering.

    An exact term's target is put in as it is. Of another's forms it is what the inflector
    says, else the listed one that ends as the rendering does.

    Args:
        term: whose target is to be put in.
        rendering: what the model wrote for it.
        before: the text before the rendering.
        inflector: knows the language's inflection; None where nobody does.
    """
    if term.mode is not TermMode.INFLECT:
        return Choice(term.target)
    if inflector is not None:
        likely = inflector.like(term, rendering, before)
        if likely:
            first, *others = dict.fromkeys(inflection.form for inflection in likely)
            label = "" if first == term.target else likely[0].label
            return Choice(first, label, tuple(others), known=True)
    return Choice(_ending_alike(term, rendering))


def _ending_alike(term: Term, rendering: str) -> str:
    """The listed form whose ending, as far as it is not the target's, ends the rendering."""
    written = _last_word(rendering)
    chosen, longest = term.target, 0
    for form in term.forms:
        ending = _ending(form, term.target)
        if longest < len(ending) < len(written) and written.endswith(ending):
            chosen, longest = form, len(ending)
    return chosen


def _ending(form: str, target: str) -> str:
    """What the last word of a form has instead of the target's ending."""
    word, base = _last_word(form), _last_word(target)
    stem = 0
    while stem < min(len(word), len(base)) and word[stem] == base[stem]:
        stem += 1
    return word[stem:]


def _last_word(text: str) -> str:
    last = next((span.of(text) for span in reversed(words(text))), "")
    return fold(last).text.translate(_ALIKE)
