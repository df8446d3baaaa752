"""From what a search found to what an engine proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from l10n_pipeline.decoding.results import SearchResult
from l10n_pipeline.model import Alignment, Hypothesis, Span
from l10n_pipeline.protocols import DecodedText


@dataclass(frozen=True, slots=True)
class Part:
    """A translation of one piece of a source."""

    text: str
    links: Alignment
    """From the part's text into the whole source."""
    score: float
    """Mean log-probability per token, in nats."""
    steps: int
    """Tokens that the score is a mean of."""
    complete: bool


def part_of(result: SearchResult, written: DecodedText, origins: Sequence[Span]) -> Part:
    """What was found for a piece, with its links.

    Links to the end of the source, or to or from tokens without text, are left out.

    Args:
        result: what the search found.
        written: its text, with a span for each token.
        origins: for each token of the piece, without its end of sentence, what it stands
            for in the whole source, without white space at its ends.
    """
    text = written.text
    places: list[int] = []
    weights: list[float] = []
    strongest, positions = result.attention.max(dim=1)
    for span, position, weight in zip(
        written.spans, positions.tolist(), strongest.tolist(), strict=True
    ):
        if position >= len(origins):
            continue
        start, end = span.start, span.end
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        origin = origins[position]
        if start < end and origin.start < origin.end:
            places += (start, end, origin.start, origin.end)
            weights.append(weight)
    return Part(text, Alignment.of(places, weights), result.score, result.steps, result.complete)


def joined(parts: Sequence[Part]) -> Part:
    """Translations of a source's pieces, in order and at least one, as one."""
    if len(parts) == 1:
        return parts[0]
    text = ""
    links = Alignment()
    for part in parts:
        if text and part.text and not text[-1].isspace():
            text += " "
        links += part.links.shifted(len(text))
        text += part.text
    steps = sum(part.steps for part in parts)
    return Part(
        text=text,
        links=links,
        score=sum(part.score * part.steps for part in parts) / max(steps, 1),
        steps=steps,
        complete=all(part.complete for part in parts),
    )


def without_repeats(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The first of every text: different tokens may spell the same."""
    first: dict[str, Hypothesis] = {}
    for hypothesis in hypotheses:
        first.setdefault(hypothesis.text, hypothesis)
    return list(first.values())
