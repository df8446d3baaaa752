"""Drafts and checks of a program's messages.

A message is one entry, however long: its sentences are translated on their own and put
together again. What the catalogue has is what the program reads: no tags, but the message's
own placeholders, markup, escapes and line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from l10n_pipeline import codes as notation
from l10n_pipeline.catalogue.verdicts import worst_verdicts
from l10n_pipeline.checks import inspect
from l10n_pipeline.checks.placeholders import doubtful_message, unusable_message
from l10n_pipeline.fingerprint import terms_hash, text_hash
from l10n_pipeline.formats.protected import protected_spans
from l10n_pipeline.locale import Locale
from l10n_pipeline.messages import (
    Accelerator,
    Form,
    Paragraph,
    as_written,
    forms_of,
    like_source,
    lost_brackets,
    paragraphs,
    pieces_of,
    put_back,
    unwrapped,
    variants,
    with_accelerator,
    without_accelerator,
    wrapped,
)
from l10n_pipeline.model import (
    CodeKind,
    Diagnostic,
    Draft,
    Hypothesis,
    InlineCode,
    Message,
    Origin,
    Piece,
    Provenance,
    Severity,
    Span,
    TermHit,
    TermVerdict,
)
from l10n_pipeline.pipeline.drafting import Drafter, counting_all
from l10n_pipeline.placeholders import Placeholder, chooses, placeholders
from l10n_pipeline.plurals import PluralRule
from l10n_pipeline.protocols import Segmenter, TermMatcher
from l10n_pipeline.segment.coded import CodedSentence, coded_sentences, reader_text
from l10n_pipeline.termforms import verify

_TAIL: Final = re.compile(r"\s*(?:…|\.\.\.|[:：])$")
"""What a label ends with, and a model leaves out."""
_LONGEST_LABEL: Final = 5
"""Words."""
_BY_HAND: Final = Diagnostic(
    "placeholders", "it chooses between texts, as no machine can: translate it by hand"
)


def message_text(text: str, flags: Sequence[str]) -> str:
    """A msgid or msgstr as the glossary sees it: on one line, without accelerator."""
    plain, _ = without_accelerator(text)
    return " ".join(
        seen_text
        for paragraph in paragraphs(plain)
        if (
            seen_text := reader_text(
                pieces_of(paragraph.span.of(plain), flags, protected_spans)
            ).strip()
        )
    )


def message_terms(message: Message, matcher: TermMatcher) -> list[TermHit]:
    """The glossary's terms in a message, its plural included. Spans are of either text."""
    texts = (message_text(text, message.flags) for text in (message.source, message.plural))
    return [hit for text in texts for hit in matcher.match(text)]


# --- drafts --------------------------------------------------------------------------


def draft_messages(
    asked: Sequence[tuple[Message, PluralRule]],
    drafter: Drafter,
    segmenter: Segmenter,
    matcher: TermMatcher,
    *,
    progress: Callable[[int], None] | None = None,
) -> list[Draft]:
    """A draft for each message, all its plural forms included.

    Each form is translated with a number in it; where that does not come back, with another,
    and in the end with a stand-in for its placeholder. A message that chooses between texts
    (:mod:`l10n_pipeline.messageformat`) has an empty draft, with a finding.

    Args:
        asked: messages, each with how the plural forms of its catalogue are counted.
        drafter: makes drafts of sentences.
        segmenter: finds sentences in the source language.
        matcher: the glossary.
        progress: called with the number of messages finished since its last call.
    """
    made = [
        []
        if _is_for_humans(message)
        else [_Attempts(form, message.flags, segmenter) for form in forms_of(message, rule)]
        for message, rule in asked
    ]
    waiting = [one for forms in made for one in forms]
    while waiting:
        sentences = [sentence for one in waiting for sentence in one.sentences]
        answers = iter(_answers(sentences, drafter, matcher, progress, len(asked)))
        for one in waiting:
            one.take([next(answers) for _ in one.sentences])
        waiting = [one for one in waiting if one.made is None]
        progress = None  # what is tried again has been counted
    return [
        _draft(message, rule, [_done(one) for one in forms], matcher, drafter.engine)
        for (message, rule), forms in zip(asked, made, strict=True)
    ]


def _is_for_humans(message: Message) -> bool:
    return any(chooses(text, message.flags) for text in (message.source, message.plural))


def _answers(
    sentences: Sequence[CodedSentence],
    drafter: Drafter,
    matcher: TermMatcher,
    progress: Callable[[int], None] | None,
    total: int,
) -> list[tuple[Hypothesis, Draft]]:
    """For each sentence the likeliest translation of the ways to write it."""
    if not sentences:
        return []
    ways = [
        # A term may be one in its own case alone.
        (one.source, *(() if matcher.match(one.source) else variants(one.source)))
        for one in sentences
    ]
    asked = [
        (source, sentence.codes)
        for sentence, sources in zip(sentences, ways, strict=True)
        for source in sources
    ]
    made = iter(
        drafter.translate(
            [source for source, _ in asked],
            codes=[codes for _, codes in asked],
            progress=counting_all(progress, len(asked), total),
        )
    )
    return [
        _best(sentence, [next(made) for _ in sources])
        for sentence, sources in zip(sentences, ways, strict=True)
    ]


def _best(
    sentence: CodedSentence, found: Sequence[tuple[Hypothesis, Draft]]
) -> tuple[Hypothesis, Draft]:
    def badness(one: tuple[Hypothesis, Draft]) -> tuple[int, bool, float]:
        hypothesis, draft = one
        errors = sum(finding.severity is Severity.ERROR for finding in draft.findings)
        echoes = draft.text.casefold() == sentence.source.casefold()
        return errors, echoes, -hypothesis.score

    first, *others = found
    # Where capitals are all that differs, they are a name's.
    others = [one for one in others if one[1].text.casefold() != first[1].text.casefold()]
    hypothesis, draft = min([first, *others], key=badness)
    if draft.verdicts:
        return hypothesis, draft  # a name keeps its case
    return hypothesis, replace(draft, text=like_source(sentence.source, draft.text))


@dataclass(frozen=True, slots=True)
class _Made:
    """A translated form."""

    text: str
    scores: tuple[float, ...]
    verdicts: tuple[TermVerdict, ...]
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """A stretch of a translation: text, or what stands in the source as it is."""

    text: str
    ordered: tuple[int, ...] | None = None
    """For the source's, which of the placeholders that take the next argument are in it;
    None for text."""


@dataclass(frozen=True, slots=True)
class _Viewed:
    """A paragraph of a form."""

    paragraph: Paragraph
    pieces: tuple[Piece, ...]
    sentences: tuple[CodedSentence, ...]
    """Spans are offsets into the paragraph."""


class _Attempts:
    """A form on its way.

    Args:
        form: what is to be translated.
        flags: the message's.
        segmenter: finds sentences.
    """

    def __init__(self, form: Form, flags: Sequence[str], segmenter: Segmenter) -> None:
        self.made: _Made | None = None
        self._flags = flags
        self._segmenter = segmenter
        self._text, self._accelerator = without_accelerator(form.text)
        self._placeholders = placeholders(self._text, flags)
        counting = {(one.argument, one.type) for one in form.counting}
        self._counting = [one for one in self._placeholders if (one.argument, one.type) in counting]
        self._examples = iter(form.examples if self._counting else ())
        self._begin()

    @property
    def sentences(self) -> list[CodedSentence]:
        """What is to be translated at this attempt."""
        return [sentence for viewed in self._viewed for sentence in viewed.sentences]

    def take(self, answers: Sequence[tuple[Hypothesis, Draft]]) -> None:
        """Make the form of the translations of its sentences, or get ready to try again."""
        drafts = [draft for _, draft in answers]
        items = self._items(drafts)
        if items is None:
            self._begin()
            return
        findings = [finding for draft in drafts for finding in draft.findings]
        texts, fault = _in_order(
            [item for paragraph in items for item in paragraph], self._placeholders, self._flags
        )
        if fault:
            findings.append(Diagnostic("placeholders", fault))
        untold = iter(texts)
        text = "".join(
            self._joined(viewed, [replace(item, text=next(untold)) for item in paragraph])
            for viewed, paragraph in zip((*self._viewed, None), items, strict=True)
        )
        findings += _lost_marks(self._text, self._accelerator, text)
        if any(not draft.text.strip() for draft in drafts):
            text = ""
        self.made = _Made(
            text,
            tuple(hypothesis.score for hypothesis, _ in answers),
            tuple(verdict for draft in drafts for verdict in draft.verdicts),
            tuple(findings),
        )

    def _begin(self) -> None:
        self._example = next(self._examples, None)
        self._viewed = tuple(map(self._view, self._paragraphs()))

    def _paragraphs(self) -> Iterator[Paragraph]:
        found = list(paragraphs(self._text))
        for paragraph in found:
            content = paragraph.span.of(self._text)
            tail = _TAIL.search(content)
            if tail is not None and tail.start() and len(content.split()) <= _LONGEST_LABEL:
                start = paragraph.span.start
                yield Paragraph(Span(start, start + tail.start()))
            else:
                yield paragraph

    def _view(self, paragraph: Paragraph) -> _Viewed:
        content = paragraph.span.of(self._text)
        shown = (
            {}
            if self._example is None
            else {
                one.span.shifted(-paragraph.span.start): str(self._example)
                for one in self._counting
                if paragraph.span.contains(one.span)
            }
        )
        pieces = pieces_of(content, self._flags, protected_spans, shown)
        spans = self._segmenter.split(reader_text(pieces))
        return _Viewed(paragraph, pieces, tuple(coded_sentences(pieces, spans)))

    def _items(self, drafts: Sequence[Draft]) -> list[list[_Item]] | None:
        """The translation by paragraph, each with what stands before it, and what follows the
        last; None where the example of a number did not come back.
        """
        texts = iter(drafts)
        items: list[list[_Item]] = []
        done = 0
        for viewed in self._viewed:
            start = viewed.paragraph.span.start
            own = [self._source(Span(done, start))]
            done = start
            for sentence in viewed.sentences:
                begin = start + sentence.span.start
                translated = self._sentence(viewed, sentence, next(texts).text)
                if translated is None:
                    return None
                own += (self._source(Span(done, begin)), *translated)
                done = start + sentence.span.end
            own.append(self._source(Span(done, viewed.paragraph.span.end)))
            done = viewed.paragraph.span.end
            items.append(own)
        return [*items, [self._source(Span(done, len(self._text)))]]

    def _sentence(
        self, viewed: _Viewed, sentence: CodedSentence, written: str
    ) -> list[_Item] | None:
        start = viewed.paragraph.span.start
        inside = [piece for piece in viewed.pieces if sentence.span.contains(piece.span)]
        spans = [piece.span for piece in inside if piece.code is not None]
        known = list(sentence.codes)
        if self._example is not None:
            counted = [
                one.span.shifted(-start)
                for one in self._counting
                if sentence.span.contains(one.span.shifted(-start))
            ]
            first = len(known) + 1
            content = viewed.paragraph.span.of(self._text)
            added = [
                InlineCode(CodeKind.STANDALONE, first + at, span.of(content))
                for at, span in enumerate(counted)
            ]
            text = put_back(written, self._example, [notation.tag(code) for code in added])
            if text is None:
                return None
            written = text
            known += added
            spans += counted
        place = {notation.tag(code): span for code, span in zip(known, spans, strict=True)}
        coded = notation.read(written, known)
        source = viewed.paragraph.span.of(self._text)
        items: list[_Item] = []
        done = 0
        for mark in coded.marks:
            text = coded.text[done : mark.span.start]
            items.append(_Item(as_written(text, source, self._flags)))
            items.append(self._source(place[notation.tag(mark.code)].shifted(start)))
            done = mark.span.end
        items.append(_Item(as_written(coded.text[done:], source, self._flags)))
        return items

    def _source(self, span: Span) -> _Item:
        ordered = [one for one in self._placeholders if one.ordered]
        inside = (at for at, one in enumerate(ordered) if span.contains(one.span))
        return _Item(span.of(self._text), tuple(inside))

    def _joined(self, viewed: _Viewed | None, items: Sequence[_Item]) -> str:
        text = "".join(item.text for item in items)
        if viewed is None or not viewed.sentences:
            return text
        if self._accelerator is not None:
            free: list[Span] = []
            at = 0
            for item in items:
                if item.ordered is None:
                    free.append(Span(at, at + len(item.text)))
                at += len(item.text)
            return with_accelerator(text, self._accelerator, free)
        if not viewed.paragraph.width:
            return text
        before = len(items[0].text)
        return text[:before] + wrapped(unwrapped(text[before:]), viewed.paragraph.width)


def _in_order(
    items: Sequence[_Item], known: Sequence[Placeholder], flags: Sequence[str]
) -> tuple[list[str], str]:
    """The items' texts with the placeholders that take the next argument as they must be
    written in this order, and what is wrong with that.
    """
    ordered = [one for one in known if one.ordered]
    order = [at for item in items for at in item.ordered or ()]
    if order == sorted(order):
        return [item.text for item in items], ""
    renumbered = [ordered[at].renumbered for at in order]
    fault = ""
    if not all(renumbered) or len(ordered) < len(known):
        renumbered = [ordered[at].text for at in sorted(order)]
        told = " and ".join(ordered[at].text for at in order)
        fault = f"by its words it has {told} in another order than the source"
    new = iter(renumbered)
    return [
        _with_ordered(item.text, flags, new) if item.ordered else item.text for item in items
    ], fault


def _with_ordered(text: str, flags: Sequence[str], new: Iterator[str]) -> str:
    pieces: list[str] = []
    done = 0
    for one in placeholders(text, flags):
        if one.ordered:
            pieces += (text[done : one.span.start], next(new))
            done = one.span.end
    return "".join([*pieces, text[done:]])


def _done(one: _Attempts) -> _Made:
    assert one.made is not None  # else it were still waiting
    return one.made


def _draft(
    message: Message, rule: PluralRule, forms: Sequence[_Made], matcher: TermMatcher, engine: str
) -> Draft:
    text = "\0".join(form.text for form in forms)
    source = "\0".join(filter(None, (message.source, message.plural)))
    scores = [score for form in forms for score in form.scores]
    told = [finding for form in forms for finding in form.findings]
    if _is_for_humans(message):
        told = [_BY_HAND]
    else:
        texts = text.split("\0")
        told += unusable_message(message, texts, rule)
        told += doubtful_message(message, texts, rule)
    return Draft(
        text,
        Provenance(
            origin=Origin.MT,
            engine=engine,
            text_hash=text_hash(text),
            terms_hash=terms_hash(message_terms(message, matcher)),
            score=round(fmean(scores), 2) if scores else 0.0,
            source_hash=text_hash(source),
        ),
        worst_verdicts(form.verdicts for form in forms),
        tuple(dict.fromkeys(told)),
    )


# --- checks --------------------------------------------------------------------------


def assess_message(
    message: Message,
    texts: Sequence[str],
    matcher: TermMatcher,
    rule: PluralRule,
    *,
    source_locale: Locale | None = None,
    target_locale: Locale | None = None,
) -> tuple[tuple[TermVerdict, ...], tuple[Diagnostic, ...]]:
    """What glossary and checks say of a message's translation, whoever wrote it.

    Args:
        message: what is translated.
        texts: its translation, or its plural forms.
        matcher: the glossary.
        rule: how the plural forms are counted.
        source_locale: what the checks that need to know the language go by.
        target_locale: likewise.
    """
    findings = [
        *unusable_message(message, texts, rule),
        *doubtful_message(message, texts, rule),
    ]
    verdicts: list[tuple[TermVerdict, ...]] = []
    for form, text in zip(forms_of(message, rule), texts, strict=False):
        # What stands in branches cannot be compared: languages need others.
        if not text.strip() or not chooses(form.text, message.flags):
            findings += inspect(
                _words(form.text, message.flags),
                _words(text, message.flags),
                source_locale=source_locale,
                target_locale=target_locale,
            )
            findings += _lost_marks(*without_accelerator(form.text), text)
        hits = matcher.match(message_text(form.text, message.flags))
        verdicts.append(verify(message_text(text, message.flags), hits))
    return worst_verdicts(verdicts), tuple(dict.fromkeys(findings))


def _words(text: str, flags: Sequence[str]) -> str:
    """A text as the rules look at it: without placeholders, markup and accelerator."""
    plain, _ = without_accelerator(text)
    pieces = pieces_of(plain, flags, protected_spans)
    return "".join(" " if piece.code is not None else piece.text for piece in pieces).strip()


def _lost_marks(source: str, accelerator: Accelerator | None, text: str) -> Iterator[Diagnostic]:
    """What a translation seems to have lost of a source, which is without its accelerator."""
    if accelerator is not None and accelerator.mark not in text:
        message = f"no letter is marked with {accelerator.mark}"
        yield Diagnostic("accelerator", message, Severity.WARNING)
    # Where an accelerator was put in brackets, these are the translation's own.
    elif accelerator is None and (lost := lost_brackets(source, text)):
        message = f"it has {' and '.join(lost)} not as often as the source"
        yield Diagnostic("brackets", message, Severity.WARNING)


__all__ = [
    "assess_message",
    "draft_messages",
    "message_terms",
    "message_text",
]
