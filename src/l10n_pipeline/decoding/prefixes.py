"""What a translation has to begin with.

A prefix is text, and a vocabulary may lack a character of it or write it another way. So its
tokens only steer the model; the translation begins with the text as it was given, whatever
the tokens make of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from l10n_pipeline.decoding.segments import trimmed
from l10n_pipeline.model import Span
from l10n_pipeline.protocols import DecodedText, Vocabulary


@dataclass(frozen=True, slots=True)
class Prefix:
    """A text and the tokens by which a model is made to write it."""

    text: str
    tokens: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    """For each token, its part of the text."""


NO_PREFIX: Final = Prefix("")


def encoded_prefix(text: str, vocabulary: Vocabulary, characters: Mapping[int, str]) -> Prefix:
    """The tokens that a vocabulary makes of a prefix, as it stands and to its last letter.

    Where the prefix ends inside a word the model may complete the word or leave it at that.
    What the vocabulary cannot write is left out of the tokens, as the model would leave it out
    itself.

    Args:
        text: what a translation has to begin with.
        vocabulary: the target's.
        characters: a table for ``str.translate`` of what to write in place of characters,
            one for one.
    """
    if not text:
        return NO_PREFIX
    plain = text.translate(characters)
    encoded = vocabulary.encode(plain)
    if vocabulary.unk_id not in encoded.ids:
        return Prefix(text, encoded.ids, encoded.spans)
    lacking = {
        at
        for token, span in zip(encoded.ids, encoded.spans, strict=True)
        if token == vocabulary.unk_id
        for at in range(span.start, span.end)
    }
    # Without them the words around divide into other tokens.
    kept = [at for at in range(len(plain)) if at not in lacking]
    writable = "".join(plain[at] for at in kept)
    encoded = vocabulary.encode(writable)
    forced = [
        (token, _stretched(trimmed(writable, span), kept))
        for token, span in zip(encoded.ids, encoded.spans, strict=True)
        if token != vocabulary.unk_id
    ]
    return Prefix(text, tuple(token for token, _ in forced), tuple(span for _, span in forced))


def with_prefix(prefix: Prefix, written: DecodedText) -> DecodedText:
    """A translation that begins with the prefix as it was given.

    Args:
        prefix: whose tokens the translation begins with.
        written: the translation as the vocabulary writes it.

    Returns:
        The translation, with a span for each token as before. After a prefix that ends with
        white space there is no more of it, nor is a space missing after one of which the
        vocabulary could write nothing.

    >>> prefix = Prefix("Ič ", (7,), (Span(0, 1),))
    >>> with_prefix(prefix, DecodedText("I am", (Span(0, 1), Span(1, 4))))
    DecodedText(text='Ič am', spans=(Span(start=0, end=1), Span(start=3, end=5)))
    """
    if not prefix.text:
        return written
    forced = len(prefix.tokens)
    start = written.spans[forced - 1].end if forced else 0
    rest = written.text[start:]
    space = ""
    if prefix.text[-1].isspace():
        start += len(rest) - len(rest.lstrip())
    elif not forced and rest:
        space = " "
    shift = len(prefix.text) + len(space) - start
    return DecodedText(
        text=prefix.text + space + written.text[start:],
        spans=(
            *prefix.spans,
            *(
                Span(max(span.start, start) + shift, max(span.end, start) + shift)
                for span in written.spans[forced:]
            ),
        ),
    )


def _stretched(span: Span, kept: list[int]) -> Span:
    """A span of characters that were kept, as a span of the text they were kept from."""
    if len(span):
        return Span(kept[span.start], kept[span.end - 1] + 1)
    before = kept[span.start - 1] + 1 if span.start else 0
    return Span(before, before)
