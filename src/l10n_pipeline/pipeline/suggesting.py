"""``l10n glossary suggest``: the names of the documents that the glossary lacks.

Read → segment → find names → translate their segments without a glossary → see what the
model wrote for them. Nothing of the project is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from l10n_pipeline.errors import L10nError, UsageError
from l10n_pipeline.folding import fold, words
from l10n_pipeline.locale import Locale
from l10n_pipeline.model import Hypothesis, Span, TermHit, TermKind
from l10n_pipeline.names import (
    FoundName,
    Mention,
    clearly_differ,
    find_names,
    find_rendering,
    has_noun_capitals,
    lexicon,
    small_words,
)
from l10n_pipeline.pipeline.engines import FindEngine, find_engine
from l10n_pipeline.pipeline.progress import Progress, Silence
from l10n_pipeline.pipeline.workspace import Workspace
from l10n_pipeline.protocols import TermMatcher

_CONTEXTS: Final = 2
"""Snippets of a name."""
_AROUND: Final = 40
"""Code points of a snippet on either side of the name, cut at words."""
_MENTIONS_TRANSLATED: Final = 12
"""Mentions of one name that are translated: more would say the same again."""


@dataclass(frozen=True, slots=True)
class SuggestOptions:
    """What the user asked of a run."""

    min_count: int = 1
    """Mentions from which on a name is suggested."""
    mt: bool = True
    """Whether to ask a model how it renders the names."""
    model: str | None = None
    """Name or folder of the model to use, over what the configuration says."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a name stands."""

    document: str
    snippet: str
    """The name with some words around it, in one line."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that the glossary lacks."""

    source: str
    kind: TermKind
    """A guess."""
    count: int
    """Mentions that no term of the glossary covers."""
    contexts: tuple[Context, ...]
    aliases: tuple[str, ...] = ()
    """Other spellings that the matcher would not find by ``source``."""
    case_sensitive: bool = False
    """Whether it is a common word without its capitals."""
    renderings: tuple[tuple[str, int], ...] = ()
    """What the model wrote and how often, the most frequent first; empty without a model,
    or where its alignment does not tell."""
    disagreeing: bool = False
    """Whether the renderings differ in more than endings."""

    @property
    def target(self) -> str:
        """The most frequent rendering; empty where there is none."""
        return self.renderings[0][0] if self.renderings else ""


@dataclass(slots=True)
class SuggestReport:
    """What a run found."""

    suggestions: list[Suggestion] = field(default_factory=list)
    """The most frequent first."""
    segments: int = 0
    """Segments that were read."""
    engine: str = ""
    """Name of the model that was asked; empty where none was."""
    over_reports: bool = False
    """Whether the source language writes all nouns with capitals: many are no names."""
    errors: list[L10nError] = field(default_factory=list)
    """Documents that could not be read."""


def suggest(
    workspace: Workspace,
    locale: Locale,
    *,
    paths: Sequence[Path] = (),
    options: SuggestOptions | None = None,
    progress: Progress | None = None,
    find_engine: FindEngine = find_engine,
) -> SuggestReport:
    """Find the names of the documents that the glossary of a target locale lacks.

    Args:
        workspace: the project.
        locale: the target; its glossary counts, and its model is asked.
        paths: documents or folders; none means all. How a word is written in all of them
            decides whether it is a name.
        options: see :class:`SuggestOptions`.
        progress: told of the work as it goes on.
        find_engine: finds the engine for a project, a target locale and a model's name.

    Raises:
        UsageError: where the source language has no capitals.
        GlossaryError: where the glossary cannot be read.
        NoModelError: where no model serves the target, and one is wanted.
    """
    options = options or SuggestOptions()
    source = workspace.project.source
    if not lexicon(source).cased:
        raise UsageError(
            f"names are found by their capitals, and {source.english_name} has none",
            way_out="write the glossary by hand",
        )
    report = SuggestReport(over_reports=has_noun_capitals(source))
    matcher = workspace.glossary(locale)
    texts: list[str] = []
    documents: list[str] = []
    found, report.errors[:] = workspace.find_documents(paths)
    for path in found:
        try:
            document = workspace.read_document(path)
        except L10nError as error:
            report.errors.append(error)
            continue
        texts += [segment.source for segment in document.segments]
        documents += [path.name] * len(document.segments)
    report.segments = len(texts)
    lacking = _lacking(find_names(texts, source), texts, matcher, options.min_count)
    hypotheses: dict[str, Hypothesis] = {}
    if options.mt and lacking:
        load = find_engine(workspace.project, locale, options.model)
        asked = dict.fromkeys(
            texts[mention.text] for name in lacking for mention in _sample(name.mentions)
        )
        engine = load()
        try:
            report.engine = engine.name
            told = progress or Silence()
            told.begin(f"{source} → {locale}", len(asked))
            try:
                answers = engine.translate(list(asked), progress=told.advance)
            finally:
                told.end()
        finally:
            engine.close()
        hypotheses = dict(zip(asked, answers, strict=True))
    small = small_words([hypothesis.text for hypothesis in hypotheses.values()])
    report.suggestions = [
        _suggestion(name, texts, documents, _renderings(name, texts, hypotheses, small))
        for name in lacking
    ]
    return report


def _lacking(
    names: Sequence[FoundName], texts: Sequence[str], matcher: TermMatcher, min_count: int
) -> list[FoundName]:
    """The names with the mentions that no term covers, where there are enough of them."""
    hits: dict[int, tuple[TermHit, ...]] = {}
    lacking: list[FoundName] = []
    for name in names:
        left: list[Mention] = []
        for mention in name.mentions:
            if mention.text not in hits:
                hits[mention.text] = matcher.match(texts[mention.text])
            if not _is_covered(mention.span, texts[mention.text], hits[mention.text]):
                left.append(mention)
        if len(left) >= min_count and left:
            lacking.append(
                FoundName(name.name, name.spellings, name.kind, name.common, tuple(left))
            )
    return sorted(lacking, key=lambda name: -len(name.mentions))


def _is_covered(span: Span, text: str, hits: Sequence[TermHit]) -> bool:
    """Whether terms cover all words of a stretch that have capitals."""
    return all(
        any(hit.span.overlaps(word.shifted(span.start)) for hit in hits)
        for word in words(span.of(text))
        if not word.of(span.of(text)).islower()
    ) and any(hit.span.contains(span) for hit in hits)


def _sample(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Some of the mentions, evenly spread."""
    step = max(1, -(-len(mentions) // _MENTIONS_TRANSLATED))
    return mentions[::step]


def _renderings(
    name: FoundName,
    texts: Sequence[str],
    hypotheses: dict[str, Hypothesis],
    small: frozenset[str],
) -> Counter[str]:
    written: Counter[str] = Counter()
    for mention in name.mentions:
        text = texts[mention.text]
        if text in hypotheses:
            rendering = find_rendering(text, mention.span, hypotheses[text], small)
            if rendering:
                written[_one_line(rendering)] += 1
    return written


def _suggestion(
    name: FoundName, texts: Sequence[str], documents: Sequence[str], written: Counter[str]
) -> Suggestion:
    # A tie goes to the rendering that came first.
    renderings = tuple(written.most_common())
    same = fold(name.name, keep_case=name.common).text
    aliases = (one for one in name.spellings if fold(one, keep_case=name.common).text != same)
    return Suggestion(
        source=name.name,
        kind=name.kind,
        count=len(name.mentions),
        contexts=tuple(
            Context(documents[mention.text], _snippet(texts[mention.text], mention.span))
            for mention in _distinct(name.mentions, texts)[:_CONTEXTS]
        ),
        aliases=tuple(aliases),
        case_sensitive=name.common,
        renderings=renderings,
        disagreeing=any(_disagree(renderings[0][0], other) for other, _ in renderings[1:]),
    )


def _distinct(mentions: Sequence[Mention], texts: Sequence[str]) -> list[Mention]:
    """The first mention in each text that reads differently."""
    first: dict[str, Mention] = {}
    for mention in mentions:
        first.setdefault(texts[mention.text], mention)
    return list(first.values())


def _disagree(one: str, other: str) -> bool:
    left, right = ([span.of(text) for span in words(text)] for text in (one, other))
    return len(left) != len(right) or any(map(clearly_differ, left, right))


def _snippet(text: str, span: Span) -> str:
    start, end = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
    before, after = text[start : span.start], text[span.end : end]
    if start:
        before = "…" + before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0] + "…"
    return _one_line(before + span.of(text) + after)


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- as a glossary -----------------------------------------------------------------------

_COLUMNS: Final = ("source", "target", "comment", "kind", "aliases", "case")
_RENDERINGS_SHOWN: Final = 4


def as_glossary(suggestions: Sequence[Suggestion]) -> str:
    """The suggestions as a glossary file to edit: tab-separated, one row a name.

    A name without a rendering is a row that is commented out: it counts once somebody has
    given it a target and taken the ``#`` away.
    """
    rows = [f"# {_row(_COLUMNS)}"]
    for suggestion in suggestions:
        cells = (
            suggestion.source,
            suggestion.target,
            _comment(suggestion),
            "" if suggestion.kind is TermKind.OTHER else str(suggestion.kind),
            "|".join(alias for alias in suggestion.aliases if "|" not in alias),
            "sensitive" if suggestion.case_sensitive else "",
        )
        rows.append(_row(cells) if suggestion.target else f"# {_row(cells)}")
    return "".join(f"{row}\n" for row in rows)


def _row(cells: Sequence[str]) -> str:
    return "\t".join(map(_harmless, cells)).rstrip("\t")


def _harmless(cell: str) -> str:
    """A cell that ends no row and begins no comment."""
    return _one_line("".join(char if char.isprintable() else " " for char in cell)).lstrip("#")


def _comment(suggestion: Suggestion) -> str:
    parts = [f"{suggestion.count}×"]
    if len(suggestion.renderings) > 1:
        shown = suggestion.renderings[:_RENDERINGS_SHOWN]
        hidden = len(suggestion.renderings) - len(shown)
        listed = ", ".join(f"{rendering} ({count})" for rendering, count in shown)
        label = "renderings disagree" if suggestion.disagreeing else "renderings"
        parts.append(f"{label}: {listed}{f' and {hidden} more' if hidden else ''}")
    parts += [f"in: {context.document} — “{context.snippet}”" for context in suggestion.contexts]
    return "; ".join(parts)
