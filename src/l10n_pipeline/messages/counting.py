"""Plural forms: the sentence that a model translates for each, and which placeholder counts.

A model inflects a noun after a number that it sees, not after a placeholder: ``5 files``
comes out as ``5 файлов``. So each form of the target language is translated with an example
of the numbers that it is for, which then gives way to the placeholder again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.codes import TAG
from l10n_pipeline.model import Message, Span
from l10n_pipeline.placeholders import Placeholder, placeholders
from l10n_pipeline.plurals import PluralRule

EXAMPLES: Final = 3
"""Numbers that are tried for a form, one after the other."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one plural form is to be made."""

    text: str
    """The msgid, or the msgid_plural."""
    counting: tuple[Placeholder, ...] = ()
    """Where in it the number stands; none where it does not."""
    examples: tuple[int, ...] = ()
    """Numbers to try in its place."""


def forms_of(message: Message, rule: PluralRule) -> tuple[Form, ...]:
    """One for each plural form of the target language; a message without plural has one,
    whatever the language.
    """
    if not message.plural:
        return (Form(message.source),)
    singular = counting_placeholders(message.source, message)
    plural = counting_placeholders(message.plural, message)
    return tuple(_form(message, rule.numbers(form), singular, plural) for form in range(rule.count))


def counting_placeholders(text: str, message: Message) -> tuple[Placeholder, ...]:
    """The placeholders of one of a message's texts that say how many there are.

    That is what only the plural has; or else the first that is made for a number, or
    whose name says so; or else the only one.
    """
    of_plural = placeholders(message.plural, message.flags)
    of_singular = {one.argument for one in placeholders(message.source, message.flags)}
    chosen = (
        [one for one in of_plural if one.argument not in of_singular and one.may_count]
        or [one for one in of_plural if one.may_count]
        or [one for one in of_plural if one.argument not in of_singular]
        or (list(of_plural) if len({one.argument for one in of_plural}) == 1 else [])
    )
    if not chosen:
        return ()
    return tuple(
        one for one in placeholders(text, message.flags)
        if one.argument == chosen[0].argument and one.type == chosen[0].type
    )  # fmt: skip


def _form(
    message: Message,
    numbers: Sequence[int],
    singular: tuple[Placeholder, ...],
    plural: tuple[Placeholder, ...],
) -> Form:
    for_one = 1 in numbers and 2 not in numbers
    if for_one and (singular or not plural or max(numbers) <= 1):
        return Form(message.source, singular, tuple(_examples([1], message.source)))
    several = [number for number in numbers if number > 1] or list(numbers)
    return Form(message.plural, plural, tuple(_examples(several, message.plural)))


def _examples(numbers: Sequence[int], text: str) -> Iterator[int]:
    """Numbers that can be told from those in the text already."""
    known = set(re.findall(r"\d+", text))
    fit = [number for number in numbers if str(number) not in known]
    # Small ones first, then one that nobody spells out.
    larger = [number for number in fit if number > 20]
    yield from list(dict.fromkeys([*fit[:1], *larger[:1], *fit[1:]]))[:EXAMPLES]


def put_back(written: str, example: int, tags: Sequence[str]) -> str | None:
    """A translation with tags in the place of the example.

    >>> put_back("<x1/>: 5 файлов", 5, ["<x2/>"])
    '<x1/>: <x2/> файлов'

    Args:
        written: the translation, with tags.
        example: the number that stood in the source.
        tags: what is to stand there, in order.

    Returns:
        None where the number does not stand in it just as often.
    """
    hidden = [Span(*match.span()) for match in TAG.finditer(written)]
    places = [
        Span(*match.span())
        for match in re.finditer(rf"(?<![\d.,])(?:{example}|{example:,})(?!\d|[.,]\d)", written)
        if not any(span.overlaps(Span(*match.span())) for span in hidden)
    ]
    if len(places) != len(tags):
        return None
    for place, tag in zip(reversed(places), reversed(tags), strict=True):
        written = written[: place.start] + tag + written[place.end :]
    return written
