"""Documents, drafts and runs for the tests of merging."""

from collections.abc import Callable, Sequence
from datetime import datetime

from l10n_pipeline.catalogue import templates
from l10n_pipeline.catalogue.merge import Assess, merge
from l10n_pipeline.catalogue.planning import plan
from l10n_pipeline.fingerprint import text_hash
from l10n_pipeline.model import (
    Block,
    BlockKind,
    Catalogue,
    Document,
    Draft,
    Origin,
    Provenance,
    Segment,
    Span,
    TranslationUnit,
)
from tests.catalogue.strategies import BRAZILIAN, ENGLISH, NOW

Paragraphs = Sequence[Sequence[str]]


def document(*paragraphs: Sequence[str], path: str = "seeds/a b.txt") -> Document:
    """A document of paragraphs of sentences, separated by an empty line."""
    text, blocks = "", []
    for sentences in paragraphs:
        body = " ".join(sentences)
        start, end = len(text), len(text) + len(body)
        blocks.append(Block(BlockKind.PARAGRAPH, Span(start, end), translatable=True))
        blocks.append(Block(BlockKind.SEPARATOR, Span(end, end + 2), translatable=False))
        text += body + "\n\n"
    return Document(path, "a b.txt", "text", ENGLISH, "utf-8", text, tuple(blocks))


def template(*paragraphs: Sequence[str]) -> Catalogue:
    """The template of such a document."""
    made = document(*paragraphs)
    segments: list[Segment] = []
    for index, sentences in enumerate(paragraphs):
        position = made.blocks[2 * index].span.start
        for sentence in sentences:
            span = Span(position, position + len(sentence))
            segments.append(Segment(2 * index, len(segments), span, BlockKind.PARAGRAPH, sentence))
            position = span.end + 1
    return templates.template(made, segments)


def machine(source: str, terms_hash: str = "", *, engine: str = "m1") -> Draft:
    """The draft of a machine that upper-cases."""
    text = f"{source.upper()} {engine}"
    return Draft(text, Provenance(Origin.MT, engine, text_hash(text), terms_hash, -0.5))


def translate(
    template: Catalogue,
    existing: Catalogue | None,
    *,
    draft: Callable[[str, str], Draft] = machine,
    terms_hash_of: Callable[[TranslationUnit], str] = lambda unit: "",
    redraft: bool = False,
    now: datetime = NOW,
    assess: Assess | None = None,
    meanwhile: Callable[[Catalogue], Catalogue] = lambda catalogue: catalogue,
) -> Catalogue:
    """One run: plan, draft, merge; ``meanwhile`` is what others do while the machine drafts."""
    pending = plan(template, existing, terms_hash_of=terms_hash_of, redraft=redraft)
    return merge(
        template,
        existing if existing is None else meanwhile(existing),
        {unit.key: draft(unit.source, terms_hash_of(unit)) for unit in pending},
        target_locale=BRAZILIAN,
        project="demo",
        now=now,
        assess=assess,
    )
