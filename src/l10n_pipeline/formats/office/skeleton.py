"""What no translation may change in the documents of word processors.

Outside of paragraphs that is everything. A paragraph keeps its properties and, in any order,
its notes, pictures, fields and marks, its links and its ways of formatting; how these divide it
into runs is no part of it. Paragraphs inside another one follow what they stand in, so they
count together with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Final

from l10n_pipeline.formats.office.archive import Archive
from l10n_pipeline.formats.office.document import Contents, Paragraphs, laid_out
from l10n_pipeline.formats.office.layout import Paragraph, Part
from l10n_pipeline.formats.office.runs import Runs
from l10n_pipeline.model import Document, Span

_ROOM: Final = re.compile("\0[0-9]+\0")


@dataclass(frozen=True, slots=True)
class _Bone:
    """A paragraph with those inside it, and what stands before it."""

    part: Part
    before: Span
    """What no paragraph is in, since the last one."""
    paragraphs: tuple[Paragraph, ...]
    """None behind a part's last one."""

    @property
    def markup(self) -> str:
        """As they are written."""
        end = self.paragraphs[-1].span.end if self.paragraphs else self.before.end
        return self.part.text[self.before.start : end]


@dataclass(slots=True)
class _Content:
    """What paragraphs hold."""

    fixed: list[str] = field(default_factory=list)
    """Tags of the paragraphs and their properties, and what stands alone."""
    containers: Counter[str] = field(default_factory=Counter)
    """Links and content controls with something in them."""
    empty: Counter[str] = field(default_factory=Counter)
    """The others."""
    coded: set[tuple[str, ...]] = field(default_factory=set)
    """Ways of formatting that codes stand for."""
    looks: set[tuple[str, ...]] = field(default_factory=set)
    """All ways of formatting."""

    def becomes(self, other: _Content) -> bool:
        """Whether a translation may have made the other of this: what has text in it is still
        there, and nothing is new.
        """
        return (
            sorted(self.fixed) == sorted(other.fixed)
            and self.containers <= other.containers + other.empty
            # What the end of a sentence cuts may become two.
            and set(other.containers) <= set(self.containers + self.empty)
            and self.coded <= other.looks
            and other.looks <= self.looks
        )


def first_changed(
    source: Document, built: Document, contents: Callable[[Archive], Contents]
) -> int | None:
    """Where in the source's text the built document begins to have another structure; None where
    it has the same.

    Args:
        source: as it was read.
        built: its translation, read again.
        contents: says what an archive has to be read.
    """
    ours, theirs = (Archive(one.archive, one.path) for one in (source, built))
    known = contents(ours)
    parts, paragraphs = known.parts, known.paragraphs
    if parts != contents(theirs).parts or ours.digests(but=parts) != theirs.digests(but=parts):
        return 0
    for member, place in source.parts:
        pairs = zip_longest(*(_bones(laid_out(one, member, paragraphs)) for one in (ours, theirs)))
        for bone, other in pairs:
            if bone is None:
                return max(place.end - 1, 0)
            if other is None or not _becomes(bone, other, paragraphs):
                start = bone.paragraphs[0].span.start if bone.paragraphs else bone.before.start
                return place.start + start
    return None


def _bones(part: Part) -> Iterator[_Bone]:
    outermost = part.rooms[0]
    ahead = 0
    for room, following in pairwise(outermost):
        inside = []
        while ahead < len(part.paragraphs) and part.paragraphs[ahead].span.start < following.start:
            inside.append(part.paragraphs[ahead])
            ahead += 1
        yield _Bone(part, Span(room.start, inside[0].span.start), tuple(inside))
    yield _Bone(part, outermost[-1], ())


def _becomes(bone: _Bone, other: _Bone, paragraphs: Paragraphs) -> bool:
    if bone.markup == other.markup:
        return True
    if bone.before.of(bone.part.text) != other.before.of(other.part.text):
        return False
    return _content(bone, paragraphs).becomes(_content(other, paragraphs))


def _content(bone: _Bone, paragraphs: Paragraphs) -> _Content:
    content = _Content()
    text = bone.part.text
    for paragraph in bone.paragraphs:
        line = paragraphs.line(bone.part, paragraph)
        tag = text[paragraph.span.start : paragraph.inner.start]
        content.fixed.append(tag + "".join(span.of(text) for span in line.kept))
        # A paragraph astray in this one is counted itself.
        content.fixed += (
            _ROOM.sub("\0", anchor.emitted)
            for anchor in line.anchors
            if not _ROOM.fullmatch(anchor.emitted)
        )
        content.fixed += (leaf.span.of(text) for leaf in line.leaves if leaf.look is None)
        filled = {one for leaf in line.leaves for one in leaf.within}
        for container in line.containers:
            counted = content.containers if container in filled else content.empty
            counted[_ROOM.sub("\0", container.raw)] += 1
        if len({leaf.look for leaf in line.leaves if leaf.look is not None}) > 1:
            runs = Runs(line, text, paragraphs.dominant)
            content.coded |= {look.keys for look in runs.coded_looks}
        content.looks |= {look.keys for look in (line.plain, *line.looks)}
    return content
