"""The nouns of the pipeline. Every stage exchanges these types; none owns them.

All are frozen. Those of which a document has many are msgspec structs, made in a quarter of a
dataclass's time and never visited by the garbage collector; ``msgspec.structs.replace`` is for
them what ``dataclasses.replace`` is for the others.

Offsets are Unicode code points, half-open and 0-based; line numbers are 1-based; scores are
natural logarithms.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, overload

import msgspec

from l10n_pipeline.locale import Locale


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of text: ``text[start:end]``."""

    start: int
    """Offset of the first code point; never negative."""
    end: int
    """Offset after the last code point; never before ``start``."""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The part of ``text`` that this span covers."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        """The same stretch where the text begins ``by`` code points further left."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Span) -> bool:
        """Whether both cover at least one code point in common."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies within this span."""
        return self.start <= other.start and other.end <= self.end


# --- documents -------------------------------------------------------------------


class BlockKind(StrEnum):
    """What a block is to a reader. Formats add kinds as they need them."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    HEADING = "heading"
    TABLE_CELL = "table cell"
    QUOTATION = "quotation"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    TITLE = "title"
    """Of a document, or a tooltip."""
    ALT_TEXT = "alt text"
    LABEL = "label"
    """A control's, a field's placeholder: short text beside or in something else."""
    METADATA = "metadata"
    """Front matter, a description for search engines."""
    SUBTITLE = "subtitle"
    MESSAGE = "message"
    """A program's."""
    SEPARATOR = "separator"
    """White space, a byte order mark: nothing to translate."""


class CodeKind(StrEnum):
    """What an inline code does."""

    OPEN = "open"
    """Begins something that a code of kind ``CLOSE`` ends."""
    CLOSE = "close"
    STANDALONE = "standalone"


class InlineCode(msgspec.Struct, frozen=True, gc=False):
    """Markup inside a sentence, or a stretch that is not to be translated: carried over."""

    kind: CodeKind
    number: int
    """What tells it apart in its block or segment, from 1; the two of a pair share theirs."""
    raw: str
    """As it stands in the document: ``**``, ``<a href="…">``, `` `make test` ``."""
    shown: str = ""
    """What a reader sees in its place: ``make test``, a URL, ``%s``; empty for markup."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a block: text, or an inline code."""

    span: Span
    """Offsets into the document's text."""
    text: str
    """What a reader sees: entities and escapes resolved, a line break inside a paragraph a
    space. As long as the span where it is the document's own text; a piece of another length
    is never divided."""
    code: InlineCode | None = None
    """None for text. Where there is one, ``text`` is what it shows."""


class Block(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a document that is translated on its own, or not at all."""

    kind: BlockKind
    span: Span
    """Offsets into the document's text."""
    translatable: bool
    pieces: tuple[Piece, ...] = ()
    """What its span consists of, tiling it; none where the document's text is what a reader
    sees. Pairs of codes are well nested."""
    detail: str = ""
    """What tells a reviewer more than the kind: ``level 2``, ``column 3``, an attribute."""
    limit: int | None = None
    """Code points that a translation may have, where the format says so."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a program says, as its template (POT) has it. It is never divided: by its context
    and text the program looks it up.
    """

    source: str
    """The msgid, byte for byte; not empty."""
    plural: str = ""
    """The msgid_plural; empty where there is none."""
    context: str = ""
    """The msgctxt; empty where there is none."""
    flags: tuple[str, ...] = ()
    """``c-format``, ``range: 0..10``; never ``fuzzy``."""
    comments: tuple[str, ...] = ()
    """``#.`` lines, for translators."""
    references: tuple[str, ...] = ()
    """``#:``: where in the program it stands."""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it within its template, as :attr:`TranslationUnit.key`."""
        return (self.context, self.source)


@dataclass(frozen=True, slots=True)
class Document:
    """A source document. Its blocks tile its text: joined in order they are the text."""

    path: str
    """Where it lies, relative to the project root, with ``/`` between folders."""
    name: str
    """Its path relative to the folder its documents are gathered in
    (``guide/intro.md``); names its catalogue and its localised editions."""
    format: str
    """Name of the document format that read it: ``text``."""
    locale: Locale
    """The language it is written in."""
    encoding: str
    """The codec by which ``text.encode(encoding)`` gives the file's bytes."""
    text: str
    """The decoded text, byte order mark and line endings included."""
    blocks: tuple[Block, ...]
    parts: tuple[tuple[str, Span], ...] = ()
    """Of an archive, such as a Word file: its members that hold text, and where each stands
    in ``text``, which is all of them in a row."""
    archive: bytes = b""
    """The whole file, of an archive."""
    messages: Mapping[int, Message] = field(default_factory=lambda: MappingProxyType({}))
    """Of a template of a program's messages: each by the index of its block."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The unit of translation: as a rule one sentence of one block."""

    block: int
    """Index of its block in ``Document.blocks``."""
    index: int
    """Its position among the document's segments, from 0."""
    span: Span
    """Offsets into the document's text."""
    kind: BlockKind
    """Kind of its block."""
    source: str
    """What is to be translated: never empty, no white space at its ends. Of a block without
    pieces exactly ``span.of(document.text)``; otherwise its pieces' text with the codes among
    it as :mod:`l10n_pipeline.codes` writes them. Of a message its msgid as it is."""
    codes: tuple[InlineCode, ...] = ()
    """The codes in ``source``, in order, numbered from 1."""
    detail: str = ""
    """Of its block."""
    limit: int | None = None
    """Of its block, less what the block's other sentences take."""
    message: Message | None = None
    """Of a block that is a program's message. It is one segment, over the whole block."""


# --- glossary --------------------------------------------------------------------


class TermMode(StrEnum):
    """How far a term's target may bend."""

    EXACT = "exact"
    """Only the target as written, or one of the listed forms."""
    INFLECT = "inflect"
    """The language may inflect it; every form is not listed."""


class TermKind(StrEnum):
    """What a term names."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    TITLE = "title"
    OTHER = "other"


class Gender(StrEnum):
    """Grammatical gender of a term's target; of a person's name, the person's."""

    UNKNOWN = ""
    MASCULINE = "masculine"
    FEMININE = "feminine"
    NEUTER = "neuter"


@dataclass(frozen=True, slots=True)
class Inflection:
    """One inflected form of a target."""

    form: str
    label: str
    """What it is, for a reviewer: ``genitive``."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name and the rendering agreed for it."""

    source: str
    """As the source language writes it; not empty."""
    target: str
    """The agreed rendering in its base form; not empty."""
    note: str = ""
    """Why this rendering, for translators; the glossary's third column."""
    aliases: tuple[str, ...] = ()
    """Other spellings of the source that mean the same."""
    forms: tuple[str, ...] = ()
    """Accepted target forms besides ``target``: oblique cases, suffixed forms."""
    forbidden: tuple[str, ...] = ()
    """Renderings that are wrong even though they may look right."""
    mode: TermMode = TermMode.EXACT
    kind: TermKind = TermKind.OTHER
    case_sensitive: bool = False
    """Whether the source must be written in this case to match."""
    fixed_case: bool = False
    """Whether the target keeps its case where other words get capitals: ``iPhone``."""
    ignores_diacritics: bool = False
    """Whether the source matches without its diacritics too: ``Aliyeva`` for ``Əliyeva``."""
    gender: Gender = Gender.UNKNOWN
    origin: str = ""
    """``file:line`` it was read from; empty for terms made in code."""
    inflections: tuple[Inflection, ...] = field(default=(), compare=False)
    """Forms that an :class:`l10n_pipeline.protocols.Inflector` made of the target; ``forms``
    come before them."""


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found in a segment's source."""

    term: Term
    span: Span
    """Offsets into the segment's source. Hits of one segment never overlap."""
    plural: bool = False
    """Whether the source has the term in the plural, which is not what the target is."""


class TermStatus(StrEnum):
    """How a term fared in a translation."""

    AGREED = "agreed"
    """No translation yet: the rendering to use."""
    OK = "ok"
    """The agreed target stands in the translation."""
    INFLECTED = "inflected"
    """A listed form, or another inflection of the target, stands in the translation."""
    SWAPPED = "swapped"
    """The model wrote something else; the agreed form was put in its place."""
    REDECODED = "redecoded"
    """The sentence was decoded again with the agreed form in it."""
    MISSING = "missing"
    """No accepted form stands in the translation."""
    DUPLICATE = "duplicate"
    """The term stands there more often than the source has it."""
    AMBIGUOUS = "ambiguous"
    """More than one place could be the term's rendering."""

    @property
    def failing(self) -> bool:
        """Whether a reviewer must look before this can be accepted."""
        return self in (TermStatus.MISSING, TermStatus.DUPLICATE, TermStatus.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class TermVerdict:
    """What became of one term hit; shown to the reviewer in the catalogue."""

    source: str
    """The term's source as listed in the glossary."""
    target: str
    """The form that was accepted, put in place, or should stand there."""
    status: TermStatus
    detail: str = ""
    """What a reviewer wants to know beside the status: ``from "Riardas"``."""


# --- translation -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AlignmentLink:
    """One target token and the source token it is most strongly aligned to."""

    target: Span
    """Offsets into the hypothesis's text."""
    source: Span
    """Offsets into the source as it was given to the engine."""
    weight: float
    """Attention mass on that source token, 0 to 1."""


class Alignment(Sequence[AlignmentLink]):
    """Links as a sequence that takes little room and time until they are looked at.

    >>> link = AlignmentLink(Span(0, 2), Span(3, 7), 0.5)
    >>> list(Alignment([link])) == [link]
    True

    Args:
        links: in target order.
    """

    __slots__ = ("_places", "_weights")

    def __init__(self, links: Iterable[AlignmentLink] = ()) -> None:
        links = list(links)
        self._places = array(
            "l",
            (
                place
                for link in links
                for place in (
                    link.target.start,
                    link.target.end,
                    link.source.start,
                    link.source.end,
                )
            ),
        )
        self._weights = array("d", (link.weight for link in links))

    @classmethod
    def of(cls, places: Iterable[int], weights: Iterable[float]) -> Alignment:
        """Of numbers: start and end in the target, start and end in the source, a link."""
        made = cls()
        made._places.extend(places)
        made._weights.extend(weights)
        return made

    def shifted(self, by: int) -> Alignment:
        """The same links where the target text begins ``by`` code points further left."""
        return Alignment.of(
            (place + by if at % 4 < 2 else place for at, place in enumerate(self._places)),
            self._weights,
        )

    def __add__(self, other: Alignment) -> Alignment:
        return Alignment.of(self._places + other._places, self._weights + other._weights)

    def __len__(self) -> int:
        return len(self._weights)

    @overload
    def __getitem__(self, index: int) -> AlignmentLink: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[AlignmentLink]: ...
    def __getitem__(self, index: int | slice) -> AlignmentLink | Sequence[AlignmentLink]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        target, target_end, source, source_end = self._places[4 * at : 4 * at + 4]
        return AlignmentLink(Span(target, target_end), Span(source, source_end), self._weights[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alignment | tuple | list) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Alignment({list(self)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return Alignment.of, (self._places, self._weights)


@dataclass(frozen=True, slots=True)
class Search:
    """How to look for a translation among all that a model could write."""

    beam: int = 1
    """Hypotheses kept at each step; 1 is greedy search."""
    length_penalty: float = 1.0
    """Finished hypotheses are ranked by log-probability over length to this power:
    0 favours short ones, 1 compares means (Marian's ``normalize``)."""
    no_repeat_ngram: int = 0
    """Target tokens in a row that must not come twice, forced ones aside; 0 bars nothing."""

    def __post_init__(self) -> None:
        if self.beam < 1 or self.length_penalty < 0 or self.no_repeat_ngram < 0:
            raise ValueError(f"not a way to search: {self}")


class Precision(StrEnum):
    """How exactly a model computes."""

    AUTO = "auto"
    """The quickest that loses no quality: int8 for students where the processor has the
    instructions, bf16 on a graphics processor, f32 otherwise."""
    F32 = "f32"
    """32-bit floating point: the reference."""
    BF16 = "bf16"
    """16-bit floating point with the range of 32."""
    F16 = "f16"
    """16-bit floating point."""
    INT8 = "int8"
    """8-bit integers, as students are made for: several times as quick."""


GREEDY: Final = Search()
"""The likeliest token at each step. Students are trained for it."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A translation as a model proposes it."""

    text: str
    score: float
    """Mean log-probability per target token (end of sentence included), in nats."""
    alignment: Sequence[AlignmentLink] = ()
    """One link per target token that has text, in target order."""
    complete: bool = True
    """False where the length limit cut the translation off."""
    unwritable: tuple[Span, ...] = ()
    """Words of the source, without the punctuation around them, with a character that the
    model's vocabulary lacks: they must be carried over by other means, or they are lost."""


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something found wrong with a translation."""

    rule: str
    """Short name of the rule: ``numbers``, ``repetition``."""
    message: str
    """One line for a reviewer."""
    severity: Severity = Severity.ERROR


class Origin(StrEnum):
    """Who wrote a draft."""

    MT = "mt"
    TM = "tm"
    DIRECTION = "direction"
    """A reviewer, in a direction that the machine has followed."""


class Provenance(msgspec.Struct, frozen=True, gc=False):
    """Where a draft came from: enough to know later whether anybody touched it."""

    origin: Origin
    engine: str
    """Name of the model, with its precision: ``enpt-1693087644/f32``. Of a draft from the
    translation memory the file it was found in: ``memory/old.tmx``."""
    text_hash: str
    """:func:`l10n_pipeline.fingerprint.text_hash` of the draft as it was written."""
    terms_hash: str
    """:func:`l10n_pipeline.fingerprint.terms_hash` of the term hits it was made
    under; empty where none matched."""
    score: float | None = None
    """The hypothesis's score, rounded to two decimals."""
    source_hash: str = ""
    """:func:`l10n_pipeline.fingerprint.text_hash` of the source it translates: other tools
    move a draft to another msgid. Empty where it was not recorded."""
    match: str = ""
    """Of a draft from the translation memory how its unit matched: ``context``, ``exact``,
    ``near``, ``repaired``."""
    similarity: int | None = None
    """Likewise in percent, rounded down."""


class Suggestion(msgspec.Struct, frozen=True, gc=False):
    """What the machine would write in the place of a human's text, shown beside it."""

    text: str
    """Of a plural message all its forms, NUL between. Empty where it was asked and wrote
    nothing."""
    origin: Origin
    source_hash: str
    """:func:`l10n_pipeline.fingerprint.text_hash` of the source it translates."""
    terms_hash: str = ""
    """As :attr:`Provenance.terms_hash`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the pipeline proposes for a segment, before it is merged into a catalogue."""

    text: str
    """The proposed translation; empty where no MT was wanted, or it wrote nothing. Of a plural
    message all its forms, in the order of Plural-Forms, NUL between."""
    provenance: Provenance | None = None
    """None where no machine was asked."""
    verdicts: tuple[TermVerdict, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    suggestion: Suggestion | None = None
    """From a similar sentence, to be shown beside it."""


# --- catalogues ------------------------------------------------------------------


class State(StrEnum):
    """Where a translation unit stands in review. Derived from the unit, never stored."""

    NEW = "new"
    """No translation yet."""
    DRAFT = "draft"
    """As the machine wrote it, fuzzy."""
    EDITED = "edited"
    """A human wrote or changed it and left it fuzzy."""
    REVIEWED = "reviewed"
    """Not fuzzy: only a human clears the flag."""
    STALE = "stale"
    """The source changed under a human's text."""
    OBSOLETE = "obsolete"
    """The document no longer has it."""


class Acceptance(msgspec.Struct, frozen=True, gc=False):
    """That a reviewer had accepted a translation before its source changed: should the source
    come back, so does the acceptance.
    """

    source_hash: str
    """:func:`l10n_pipeline.fingerprint.text_hash` of the source it was accepted for, its context
    before it."""
    text_hash: str
    """Likewise of the translation."""


class ChangeKind(StrEnum):
    """What became of a sentence from one version of its document to the next."""

    RENUMBERED = "renumbered"
    """Only numbers differ."""
    EDITED = "edited"
    SPLIT = "split"
    """It is a part of an old one."""
    JOINED = "joined"
    """It is several old ones."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a sentence that is new in a document was in the version before."""

    kind: ChangeKind
    new: int
    """Index of the new sentence."""
    old: tuple[int, ...]
    """Indices of the old ones, in order: one, or more of ``JOINED``."""
    similarity: float
    """Of the two texts, or of the whole to its parts together: 0 to 1."""


class DirectionKind(StrEnum):
    """What a reviewer may direct for an entry."""

    LOCK = "lock"
    """The machine leaves the translation as it is, whatever becomes of it."""
    KEEP = "keep"
    """Do not translate: the source stands in every edition."""
    USE = "use"
    """This text is the translation."""


class Direction(msgspec.Struct, frozen=True, gc=False):
    """A line by which a reviewer directs what becomes of an entry."""

    kind: DirectionKind
    text: str = ""
    """The translation that ``USE`` gives; of the others the reason, if one is told."""


class TranslationUnit(msgspec.Struct, frozen=True, gc=False):
    """One entry of a catalogue: a source text of a document and its translation."""

    source: str
    """The msgid."""
    target: str = ""
    """The msgstr; empty where there is no translation."""
    context: str = ""
    """The msgctxt; empty where there is none."""
    fuzzy: bool = False
    """Whether the translation still awaits a human's acceptance."""
    obsolete: bool = False
    plural_source: str = ""
    """The msgid_plural of a software string; empty elsewhere."""
    plural_targets: tuple[str, ...] = ()
    """The plural forms of a software string, in the order of Plural-Forms."""
    previous_source: str = ""
    """The msgid this translation was made for, where that has changed since."""
    previous_context: str = ""
    previous_plural: str = ""
    """The msgid_plural that went with ``previous_source``; empty where there was none."""
    flags: tuple[str, ...] = ()
    """Flags besides ``fuzzy``, as found."""
    notes: tuple[str, ...] = ()
    """Humans' ``# `` lines, verbatim and without the ``# ``."""
    directions: tuple[Direction, ...] = ()
    provenance: Provenance | None = None
    acceptance: Acceptance | None = None
    """Of a text whose source has changed."""
    suggestion: Suggestion | None = None
    """What could stand there instead: for a text whose source has changed, or from a similar
    sentence."""
    verdicts: tuple[TermVerdict, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    extracted: tuple[str, ...] = ()
    """``#.`` lines: where in the document the entry stands. Ours to make anew."""
    references: tuple[str, ...] = ()
    """``#:`` document paths, percent-encoded."""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the unit within its catalogue: context and source."""
        return (self.context, self.source)


class Catalogue(msgspec.Struct, frozen=True):
    """The translations of one document into one locale; a template has no target locale."""

    source_locale: Locale
    target_locale: Locale | None
    """None for a template (POT)."""
    units: tuple[TranslationUnit, ...] = ()
    """In document order, obsolete units last. No two have the same key."""
    header: Mapping[str, str] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    """Header fields in file order, as found; empty for a new catalogue."""
    header_notes: tuple[str, ...] = ()
    """``# `` lines above the header, without the ``# ``."""
