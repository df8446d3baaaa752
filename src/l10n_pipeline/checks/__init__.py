"""Quality checks on a translation: one rule a module, all of the same shape.

A rule is a pure function of source and translation. It never changes either; what it
finds stands beside the draft in the catalogue and is counted by ``l10n status``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from l10n_pipeline.checks.characters import unknown_characters
from l10n_pipeline.checks.emptiness import empty
from l10n_pipeline.checks.numbers import lost_numbers
from l10n_pipeline.checks.quotation import lost_quotation_marks
from l10n_pipeline.checks.repetition import repetition
from l10n_pipeline.model import Diagnostic

Rule = Callable[[str, str], list[Diagnostic]]

RULES: Final[tuple[Rule, ...]] = (
    repetition,
    lost_numbers,
    unknown_characters,
    lost_quotation_marks,
)
"""The rules for a translation that is not empty."""


def inspect(source: str, target: str) -> tuple[Diagnostic, ...]:
    """Everything the rules find wrong with ``target`` as a translation of ``source``.

    An empty translation is one finding; the other rules have nothing to look at.
    """
    if findings := empty(source, target):
        return tuple(findings)
    return tuple(finding for rule in RULES for finding in rule(source, target))


__all__ = ["RULES", "Rule", "inspect"]
