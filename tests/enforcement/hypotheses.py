"""Hand-made hypotheses whose alignment is written down word by word."""

import re

from l10n_pipeline.model import AlignmentLink, Hypothesis, Span, Term, TermHit, TermMode

TOKEN = re.compile(r"\w+|[^\w\s]")


def hypothesis(source, text, links=()):
    """A hypothesis with links between tokens: pairs of (n-th target, n-th source token)."""
    targets, sources = ([Span(*m.span()) for m in TOKEN.finditer(t)] for t in (text, source))
    return Hypothesis(
        text,
        -0.3,
        tuple(AlignmentLink(targets[at], sources[to], 0.9) for at, to in links),
    )


def monotone(source, text):
    """A hypothesis whose n-th token renders the source's n-th."""
    count = min(len(TOKEN.findall(source)), len(TOKEN.findall(text)))
    return hypothesis(source, text, [(at, at) for at in range(count)])


def hit(source, name, target=None, *, nth=0, **more):
    """The n-th occurrence of a name as a term hit; by default the name is its own target."""
    start = -1
    for _ in range(nth + 1):
        start = source.index(name, start + 1)
    term = Term(name, target or name, mode=more.pop("mode", TermMode.EXACT), **more)
    return TermHit(term, Span(start, start + len(name)))
