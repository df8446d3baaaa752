"""Quality checks on a translation: one rule a module, all of the same shape.

A rule is a pure function of source, translation and their languages. It never changes
either; what it finds stands beside the draft in the catalogue and is counted by
``l10n status``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from l10n_pipeline.checks.characters import unknown_characters
from l10n_pipeline.checks.codes import broken_codes, without_tags
from l10n_pipeline.checks.echo import echo
from l10n_pipeline.checks.emptiness import empty
from l10n_pipeline.checks.language import wrong_language
from l10n_pipeline.checks.length import wild_length
from l10n_pipeline.checks.limits import too_long
from l10n_pipeline.checks.numbers import lost_numbers
from l10n_pipeline.checks.pair import LanguagePair
from l10n_pipeline.checks.quotation import lost_quotation_marks
from l10n_pipeline.checks.repetition import repetition
from l10n_pipeline.checks.script import wrong_script
from l10n_pipeline.checks.symbols import lost_symbols
from l10n_pipeline.checks.truncation import early_end
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Diagnostic

Rule = Callable[[str, str, LanguagePair], list[Diagnostic]]

RULES: Final[tuple[Rule, ...]] = (
    echo,
    wrong_script,
    wrong_language,
    repetition,
    wild_length,
    early_end,
    lost_numbers,
    lost_symbols,
    unknown_characters,
    lost_quotation_marks,
)
"""The rules for a translation that is not empty, on texts without inline codes."""


def inspect(
    source: str,
    target: str,
    *,
    source_locale: Locale | None = None,
    target_locale: Locale | None = None,
) -> tuple[Diagnostic, ...]:
    """Everything the rules find wrong with ``target`` as a translation of ``source``.

    An empty translation is one finding; the other rules have nothing to look at. Rules
    that need to know a language find nothing where it is not said.

    >>> [found.message for found in inspect("In 1992, 613 people", "Em 1992, pessoas")]
    ['613 is missing']
    """
    pair = LanguagePair(source_locale, target_locale)
    if findings := empty(source, target, pair):
        return tuple(findings)
    broken = broken_codes(source, target, pair)
    source, target = without_tags(source), without_tags(target)
    return (*broken, *(finding for rule in RULES for finding in rule(source, target, pair)))


__all__ = ["RULES", "LanguagePair", "Rule", "inspect", "too_long"]
