"""What the stages promise each other. Stages meet here and never import one another.

Only :mod:`l10n_pipeline.pipeline` puts implementations together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Document, Draft, Hypothesis, Segment, Span, TermHit

if TYPE_CHECKING:
    from torch import Tensor


class DocumentFormat(Protocol):
    """One document format: bytes to a :class:`Document`, and back with translations.

    For every input that ``read`` accepts, ``build`` with an empty mapping, or with
    each segment mapped to its own source, gives the input's bytes back.
    """

    name: str
    """What ``Document.format`` says: ``text``."""
    suffixes: tuple[str, ...]
    """File name endings it serves, lower case, with the dot."""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks.

        Raises:
            DocumentError: where the bytes are not of this format; says at which byte
                or line.
        """
        ...

    def build(self, document: Document, translations: Mapping[Segment, str]) -> bytes:
        """The document with these segments replaced and every other byte as it was."""
        ...


class Segmenter(Protocol):
    """Finds sentences. Returns offsets only, so it can neither lose nor rewrite text."""

    def split(self, text: str) -> list[Span]:
        """Sentences of one block's text, in order, without overlaps.

        Each span is non-empty and neither begins nor ends with white space; all
        characters between spans are white space.
        """
        ...


class TermMatcher(Protocol):
    """Finds the glossary's terms in a source segment."""

    def match(self, source: str) -> tuple[TermHit, ...]:
        """Hits in text order, longest first where several begin alike, none overlapping."""
        ...


class Engine(Protocol):
    """A model ready to translate one language pair."""

    name: str
    """As it stands in provenance: model and precision, ``enpt-1693087644/f32``."""

    def translate(
        self, sources: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> list[Hypothesis]:
        """Translate each source on its own; the result does not depend on its batch.

        Sources are single segments; line breaks in them count as spaces. An empty
        or blank source gives an empty hypothesis. ``progress`` is called with the
        number of sources finished since its last call.
        """
        ...

    def unwritable(self, source: str) -> tuple[Span, ...]:
        """Words of the source with a character that the model's vocabulary lacks.

        Spans of white-space-delimited words without the punctuation around them, in
        order. Such words must be carried over by other means, or they are lost.
        """
        ...


class Enforcer(Protocol):
    """Keeps the glossary in a hypothesis."""

    def enforce(self, source: str, hits: Sequence[TermHit], hypothesis: Hypothesis) -> Draft:
        """The translation with every term as agreed where that can be done, and a
        verdict for each hit in order. Without hits the text is the hypothesis's own.
        The draft carries no provenance yet.
        """
        ...


# --- between model families and the search that drives them -------------------------


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text as a vocabulary's ids."""

    ids: tuple[int, ...]
    """Without the end-of-sentence id."""
    spans: tuple[Span, ...]
    """For each id, the text it stands for: offsets into the text that was encoded."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """What a vocabulary makes of a sequence of ids."""

    text: str
    spans: tuple[Span, ...]
    """For each id, its part of ``text``; empty spans for ids without text."""


class Vocabulary(Protocol):
    """Text to ids and back."""

    size: int
    eos_id: int
    unk_id: int

    def encode(self, text: str) -> EncodedText:
        """Ids of a text. Characters the vocabulary lacks become ``unk_id``."""
        ...

    def decode(self, ids: Sequence[int]) -> DecodedText:
        """Text of ids, ``eos_id`` excluded."""
        ...


class DecoderState(Protocol):
    """All that a decoder remembers of a batch between steps."""

    def select(self, rows: Tensor) -> DecoderState:
        """The state of these rows (int64 indices, repetition allowed) in this order."""
        ...


@dataclass(frozen=True, slots=True)
class StepOutput:
    """What one decoder step says of the next token.

    Shapes: B rows of the batch, V target vocabulary size, S source length.
    """

    logits: Tensor
    """float32 [B, V]; minus infinity for what must not be written."""
    attention: Tensor
    """float32 [B, S]: the model's word alignment of this step; rows sum to 1."""
    state: DecoderState


class TranslationModel(Protocol):
    """A model family as the search sees it: encode once, then step by step."""

    name: str
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    max_source_length: int
    """Longest source, in tokens with end of sentence, that the model is good for."""

    def start(self, sources: Sequence[Sequence[int]]) -> DecoderState:
        """Encode a batch: token ids with their end of sentence, not padded."""
        ...

    def step(self, state: DecoderState, previous: Tensor | None) -> StepOutput:
        """Score the next token.

        Args:
            state: from :meth:`start` or the step before.
            previous: int64 [B], each row's last token; None at the first step.
        """
        ...
