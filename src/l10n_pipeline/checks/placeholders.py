"""Translations of a program's message that the program could not use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from l10n_pipeline.model import Diagnostic, Message, Severity
from l10n_pipeline.placeholders import are_stated, faults
from l10n_pipeline.plurals import PluralRule

_FEW: Final = 2
"""Numbers that a form is for, up to which it may do without the number, as ``msgfmt`` has it."""


def unusable_message(
    message: Message, texts: Sequence[str], rule: PluralRule
) -> tuple[Diagnostic, ...]:
    """The translation has not the placeholders of its source, or not its line breaks at the
    ends, or too few plural forms.

    Args:
        message: what is translated.
        texts: its translation, or all plural forms of it.
        rule: how the plural forms are counted.
    """
    found = dict.fromkeys(_found(message, texts, rule))
    return tuple(one for one in found if one.severity is Severity.ERROR)


def doubtful_message(
    message: Message, texts: Sequence[str], rule: PluralRule
) -> tuple[Diagnostic, ...]:
    """The translation has not what may be placeholders of its source, though no flag says so.
    Arguments as of :func:`unusable_message`.
    """
    found = dict.fromkeys(_found(message, texts, rule))
    return tuple(one for one in found if one.severity is Severity.WARNING)


def _found(message: Message, texts: Sequence[str], rule: PluralRule) -> Iterator[Diagnostic]:
    count = rule.count if message.plural else 1
    if len(texts) != count:
        yield Diagnostic("plurals", f"there are {len(texts)} plural forms, not {count}")
        return
    stated = are_stated(message.source, message.flags)
    severity = Severity.ERROR if stated else Severity.WARNING
    for form, text in enumerate(texts):
        name = f"msgstr[{form}]: " if message.plural else ""
        if not text.strip():
            continue
        for fault in _of_form(message, text, rule, form):
            yield Diagnostic("placeholders", name + fault, severity)
        for place, has in (("begin", str.startswith), ("end", str.endswith)):
            if has(text, "\n") != has(message.source, "\n"):
                does = "does not" if has(message.source, "\n") else "alone does"
                yield Diagnostic("newlines", f"{name}it {does} {place} with a line break")


def _of_form(message: Message, text: str, rule: PluralRule, form: int) -> tuple[str, ...]:
    if not message.plural:
        return faults(message.source, text, message.flags)
    of_plural = faults(message.plural, text, message.flags)
    # The singular says "one" where it likes, and has what the plural has where it does not.
    if of_plural and len(rule.numbers(form)) <= _FEW:
        of_singular = faults(message.source, text, message.flags)
        return min(of_plural, of_singular, key=len)
    return of_plural
