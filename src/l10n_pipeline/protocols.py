"""What the stages promise each other. Stages meet here and never import one another.

Only :mod:`l10n_pipeline.pipeline` puts implementations together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from l10n_pipeline.locale import Locale
from l10n_pipeline.model import (
    GREEDY,
    Document,
    Draft,
    Hypothesis,
    Inflection,
    Search,
    Segment,
    Span,
    Term,
    TermHit,
)

if TYPE_CHECKING:
    from torch import Tensor


@runtime_checkable
class DocumentFormat(Protocol):
    """One document format: bytes to a :class:`Document`, and back with translations.

    For every input that ``read`` accepts, ``build`` with an empty mapping, or with
    each segment mapped to its own source, gives the input's bytes back. (The latter is not
    so where sources and translations stand side by side: see :class:`CatalogueFormat`.)
    """

    name: str
    """What ``Document.format`` says: ``text``."""
    suffixes: tuple[str, ...]
    """File name endings it serves, lower case, with the dot."""
    edition_suffix: str
    """What the name of a localised edition ends with instead; empty where that is the same."""

    def read(self, data: bytes, *, path: str, name: str, locale: Locale) -> Document:
        """Decode and divide into blocks.

        Raises:
            DocumentError: where the bytes are not of this format; says at which byte
                or line.
        """
        ...

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
    ) -> bytes:
        """The document with these segments replaced and every other byte as it was.

        Args:
            document: as ``read`` gave it.
            translations: of any of its segments.
            target: the language of the translations, where the document is to say so itself
                (an HTML page's ``lang`` and ``dir``); None leaves what it says.

        Raises:
            DocumentError: where a translation cannot stand in the document: its inline codes
                are not those of its segment, or it holds half of a surrogate pair.
            ValueError: where a segment is not of this document, or two overlap.
        """
        ...


@runtime_checkable
class CatalogueFormat(Protocol):
    """A document format whose editions are catalogues themselves: a translation does not
    replace its source but stands beside it, also where it is the same.
    """

    editions_are_catalogues: bool
    """True."""

    def build(
        self,
        document: Document,
        translations: Mapping[Segment, str],
        *,
        target: Locale | None = None,
        header: Mapping[str, str] = ...,
    ) -> bytes:
        """As :meth:`DocumentFormat.build`.

        Args:
            document: likewise.
            translations: likewise; of a plural message all its forms, NUL between.
            target: likewise.
            header: fields that the edition's header is to have.
        """
        ...


@runtime_checkable
class ReferringFormat(Protocol):
    """A document format whose documents need other files: pictures, style sheets."""

    def references(self, document: Document) -> tuple[str, ...]:
        """What a document refers to: addresses as a reader of the format understands them,
        escapes of the format resolved and percent-encoding not, in any order, each once.
        """
        ...


@runtime_checkable
class StructuredFormat(Protocol):
    """A document format that knows better than its blocks and codes tell what of a document a
    translation must leave as it is.
    """

    def first_drift(self, source: Document, built: Document) -> int | None:
        """Where in the source's text its translation, built and read again, begins to have
        another structure; None where it has the same.
        """
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


class Inflector(Protocol):
    """Knows how names inflect in one target language."""

    def inflections(self, term: Term) -> tuple[Inflection, ...]:
        """Forms of the term's target other than the target itself, each once, most usual
        first; none where the language or the term does not inflect, or nobody knows how.
        """
        ...

    def like(self, term: Term, rendering: str, before: str) -> tuple[Inflection, ...]:
        """The forms of the target that could stand where a model wrote something else,
        likeliest first; the target itself, as the base form, may be among them.

        Args:
            term: whose target is to be put in.
            rendering: what the model wrote for the term, in whatever spelling: its ending
                tells the case.
            before: the text before the rendering: a preposition tells it too.
        """
        ...


class Engine(Protocol):
    """A model ready to translate one language pair."""

    name: str
    """As it stands in provenance: model and precision, ``enpt-1693087644/f32``."""

    def translate(
        self,
        sources: Sequence[str],
        *,
        search: Search = GREEDY,
        prefixes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> list[Hypothesis]:
        """Translate each source on its own; the result does not depend on its batch.

        Args:
            sources: single segments; line breaks in them count as spaces. An empty or
                blank source gives an empty hypothesis.
            search: how to look for the translations.
            prefixes: what each translation has to begin with, as text; empty strings, or
                None for all, force nothing.
            progress: called with the number of sources finished since its last call.
        """
        ...

    def n_best(
        self,
        sources: Sequence[str],
        n: int,
        *,
        search: Search,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Hypothesis]]:
        """Up to ``n`` different translations of each source, best first; at least one.

        Args:
            sources: as for :meth:`translate`.
            n: at least 1.
            search: its beam is widened to ``n`` where it is narrower.
            prefixes: as for :meth:`translate`.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds, such as other processes. Asking it afterwards is an error."""
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

    Shapes: B rows of the batch, V target vocabulary size, C candidates, S source length
    (end of sentence included; a model's own tokens, such as a language's, left out).
    """

    logits: Tensor
    """float32 [B, C]; minus infinity for what must not be written, such as the unknown
    token. The search may overwrite it."""
    attention: Tensor
    """float32 [B, S]: the model's word alignment of this step; rows sum to 1."""
    state: DecoderState
    candidates: Tensor | None = None
    """int64 [B, C]: the target ids that the columns of ``logits`` stand for, ascending
    except where columns at the end are barred; None where C is V and they are the ids."""


class TranslationModel(Protocol):
    """A model family as the search sees it: encode once, then step by step."""

    name: str
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    max_source_length: int
    """Longest source, in tokens with end of sentence, that the model is good for."""
    tokens_per_batch: int
    """Source tokens, padding included, that it translates together most quickly."""
    near_tie: float
    """Nats: a lead below it could be a matter of rounding, which varies with the shape of a
    batch; 0 where a sentence's logits do not depend on its batch at all."""

    def start(
        self, sources: Sequence[Sequence[int]], required: Sequence[Sequence[int]] = ()
    ) -> DecoderState:
        """Encode a batch.

        Args:
            sources: token ids with their end of sentence, not padded.
            required: for each source the target tokens that it must be possible to write,
                whatever a shortlist says; empty where there are none for any.
        """
        ...

    def step(self, state: DecoderState, previous: Tensor | None) -> StepOutput:
        """Score the next token.

        Args:
            state: from :meth:`start` or the step before.
            previous: int64 [B], each row's last token; None at the first step.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A translation that a :class:`SearchingModel` found."""

    tokens: tuple[int, ...]
    """Target ids, forced ones included, without the end of sentence and without a model's own
    tokens, such as a language's."""
    score: float
    """Mean log-probability per token in nats, end of sentence and forced tokens included."""
    attention: Tensor
    """float32 [tokens, S], S as in :class:`StepOutput`: each token's word alignment."""
    complete: bool
    """False where the length limit came before the end of sentence."""


@runtime_checkable
class SearchingModel(Protocol):
    """A model that brings its own search: it cannot be driven step by step."""

    name: str
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    max_source_length: int
    """Longest source, in tokens with end of sentence, that the model is good for."""
    tokens_per_batch: int
    """Source tokens, padding included, that it translates together most quickly."""

    def search(
        self,
        sources: Sequence[Sequence[int]],
        *,
        search: Search,
        n: int,
        prefixes: Sequence[Sequence[int]] | None,
        length_factor: float,
    ) -> list[list[Found]]:
        """Up to ``n`` different translations of each source, best first; at least one.

        Args:
            sources: token ids with their end of sentence, none empty, not padded.
            search: how to look; its beam is widened to ``n`` where it is narrower.
            n: at least 1.
            prefixes: for each source the tokens its translation begins with, without end of
                sentence; None forces nothing.
            length_factor: limit of a translation's length, as a multiple of the source's.
        """
        ...
