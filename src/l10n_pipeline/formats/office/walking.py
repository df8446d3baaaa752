"""What walks through the paragraphs of both kinds of documents have in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Mapping
from typing import Final, TypeVar

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.office.layout import Paragraph, Part
from l10n_pipeline.formats.office.markup import Token, TokenKind, character, escaped, tokens
from l10n_pipeline.formats.office.runs import (
    Anchor,
    Container,
    Element,
    Leaf,
    Line,
    Look,
    Stack,
)
from l10n_pipeline.model import Span

DEEPEST_CONTAINER: Final = 16
"""Links and content controls within one another that become codes."""

MOST_TOKENS: Final = 1_000_000
"""Tags and stretches of text that one paragraph may have, drawings included."""

MOST_PIECES: Final = 20_000
"""Stretches of text, and things that stand alone, that one paragraph may have; marks that
others refer to, too. Codes are numbered up to 9,999."""

LONGEST_FORMATTING: Final = 16_384
"""Code points of the tags and properties that make text look as it does."""

_Said = TypeVar("_Said")

_TAG_NAME: Final = re.compile(r"<([^\s/>]+)")
_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_UNHYPHENATED: Final = re.compile(f"[^{_SOFT_HYPHEN}]+")
_WHITE: Final = re.compile(r"\r\n|[\t\r\n]")


class Walk(ABC):
    """A walk through the tokens of a paragraph, which makes a line of them.

    Args:
        part: the file.
        paragraph: one of its paragraphs.
        usual: namespaces and their usual prefixes.
        plain: the look of text without formatting.
    """

    def __init__(
        self, part: Part, paragraph: Paragraph, usual: Mapping[str, str], plain: Look
    ) -> None:
        self.part = part
        self.text = part.text
        inner = paragraph.inner
        self.tokens, self.match = tokens(
            self.text, inner.start, inner.end, paragraph.scope, usual, MOST_TOKENS
        )
        if len(self.tokens) > MOST_TOKENS:
            raise self._too_long(f"{MOST_TOKENS:,} tags and entities")
        self.stack: Stack | None = None
        self.within: tuple[Container, ...] = ()
        self.line = Line(inner, plain)

    def run(self) -> Line:
        """What stands in the paragraph.

        Raises:
            DocumentError: where there is more of it than of what any paragraph has.
        """
        at = 0
        text, start, empty, end = (
            TokenKind.TEXT, TokenKind.START, TokenKind.EMPTY, TokenKind.END
        )  # fmt: skip
        places = self.line.places
        while at < len(self.tokens):
            token = self.tokens[at]
            kind = token.kind
            places.append((token.start, self.stack, kind is text))
            if kind is start or kind is empty:
                at = self.take_element(at, token)
            elif kind is end:
                at = self.take_end(at)
            else:
                if kind is text or kind is TokenKind.ENTITY:
                    self.take_text(token)
                elif kind is TokenKind.CDATA_START:
                    self.push(Element("cdata", "<![CDATA[", "]]>"))
                elif kind is TokenKind.CDATA_END:
                    self.pop()
                at += 1
        self.line.places.append((self.line.inner.end, self.stack, False))
        starts = [leaf.span.start for leaf in self.line.leaves]
        for at, room in self.part.holes_in(self.line.inner):
            before = bisect_left(starts, at) - 1
            if before < 0 or at >= self.line.leaves[before].span.end:
                self.line.anchors.append(Anchor(at, f"\0{room}\0", leads=False))
        self.line.anchors.sort(key=lambda anchor: anchor.at)
        return self.line

    @abstractmethod
    def take_text(self, token: Token) -> None:
        """Take text, or nothing where text does not count."""

    @abstractmethod
    def take_element(self, at: int, token: Token) -> int:
        """Take a start or all of an element; the index of the token to take next."""

    def take_end(self, at: int) -> int:
        """Take an element's end; the index of the token to take next."""
        self.pop()
        return at + 1

    # --- what is open --------------------------------------------------------------

    def push(self, element: Element) -> None:
        """Begin an element."""
        self.stack = Stack(element, self.stack, self.stack.depth + 1 if self.stack else 1)

    def pop(self) -> Element:
        """End the innermost element, and the container that it may be."""
        if self.stack is None:
            raise ValueError("more ends than starts in a paragraph")
        element = self.stack.top
        self.stack = self.stack.below
        if self.within and self.within[-1].element is element:
            self.within = self.within[:-1]
        return element

    def enclose(self, opening: str, closing: str) -> None:
        """Begin a container."""
        element = Element(f"container {len(self.line.places)}", opening, closing)
        if len(self.within) < DEEPEST_CONTAINER:
            self.within = (*self.within, Container(element, opening))
            self.line.containers.append(self.within[-1])
            self.push(element)
        else:
            self.push(Element(element.key, opening, closing, passing=True))

    def level(self) -> tuple[Element, ...]:
        """What is open inside the innermost container and matters."""
        innermost = self.within[-1].element if self.within else None
        found: list[Element] = []
        stack = self.stack
        while stack is not None and stack.top is not innermost:
            if not stack.top.passing:
                found.append(stack.top)
            stack = stack.below
        return tuple(found[::-1])

    # --- what there is -------------------------------------------------------------

    def after(self, at: int) -> int:
        """The index of the token behind an element."""
        return self.match.get(at, at) + 1

    def span(self, at: int, last: int | None = None) -> Span:
        """Of an element, or from the start of one token to the end of another."""
        end = self.match.get(at, at) if last is None else last
        return Span(self.tokens[at].start, self.tokens[end].end)

    def markup(self, at: int) -> str:
        """A token as it is written."""
        return self.text[self.tokens[at].start : self.tokens[at].end]

    def add_text(self, token: Token, look: Look) -> None:
        """Add text in a look."""
        written = self.text[token.start : token.end]
        if token.kind is TokenKind.ENTITY:
            shown = spaced(character(written))
            self.add_leaf(token.start, token.end, shown, look)
            return
        done = 0
        has_white = "\t" in written or "\n" in written or "\r" in written
        for found in _WHITE.finditer(written) if has_white else ():
            self.add_leaf(
                token.start + done, token.start + found.start(), written[done : found.start()], look
            )
            self.add_leaf(token.start + found.start(), token.start + found.end(), " ", look)
            done = found.end()
        self.add_leaf(token.start + done, token.end, written[done:], look)

    def add_leaf(self, start: int, end: int, shown: str, look: Look) -> None:
        """Add text in a look, as a reader sees it."""
        if _SOFT_HYPHEN in shown:
            # Where a word may be divided is another matter in another language.
            for found in _UNHYPHENATED.finditer(shown) if len(shown) == end - start else ():
                self.add_leaf(start + found.start(), start + found.end(), found[0], look)
        elif start < end:
            self._add(Leaf(Span(start, end), shown, self.within, look))

    def add_alone(
        self, span: Span, shown: str, level: tuple[Element, ...], emitted: str | None = None
    ) -> None:
        """Add something that stands alone."""
        written = self.part.marked(span) if emitted is None else emitted
        self._add(Leaf(span, shown, self.within, None, level, written))

    def _add(self, leaf: Leaf) -> None:
        if len(self.line.leaves) == MOST_PIECES:
            raise self._too_long(f"{MOST_PIECES:,} pieces of text and markup")
        self.line.leaves.append(leaf)

    def add_look(self, look: Look) -> None:
        """Add a look that an element begins."""
        if look not in self.line.looks:
            length = sum(len(element.opening) for element in look.elements)
            if length > LONGEST_FORMATTING:
                raise self._too_long(
                    f"{LONGEST_FORMATTING:,} characters of formatting for one text"
                )
            if len(self.line.looks) == MOST_PIECES:
                raise self._too_long(f"{MOST_PIECES:,} ways of formatting")
            self.line.looks.add(look)

    def add_anchor(self, at: int, *, leads: bool, around: tuple[Element, ...] = ()) -> None:
        """Add an element that something else refers to, and what it has to stand in."""
        written = wrapped(self.part.marked(self.span(at)), around)
        if len(self.line.anchors) == MOST_PIECES:
            raise self._too_long(f"{MOST_PIECES:,} bookmarks and comments")
        self.line.anchors.append(Anchor(self.tokens[at].start, written, leads))

    def _too_long(self, what: str) -> DocumentError:
        return DocumentError(
            f"has a paragraph of more than {what}",
            where=self.part.name,
            way_out="divide that paragraph, or remove its formatting",
        )


def inherited(own: Mapping[str, _Said], parents: Mapping[str, str]) -> dict[str, _Said]:
    """What styles say, or else the nearest that they are based on.

    Args:
        own: what styles say themselves.
        parents: what each style is based on.
    """
    known: dict[str, _Said | None] = dict(own)
    for style in parents:
        path: list[str] = []
        at = style
        while at and at not in known:
            known[at] = None
            path.append(at)
            at = parents.get(at, "")
        known |= dict.fromkeys(path, known.get(at))
    return {style: said for style, said in known.items() if said is not None}


def spaced(text: str) -> str:
    """A text with spaces for its tabs and line breaks."""
    return _WHITE.sub(" ", text)


def encoded(text: str, after_space: bool) -> str:  # noqa: ARG001 (an encoder's arguments)
    """Text as XML where every space counts."""
    return escaped(spaced(text))


def wrapped(markup: str, elements: tuple[Element, ...]) -> str:
    """Markup inside elements, outermost first."""
    opening = "".join(element.opening for element in elements)
    return opening + markup + "".join(element.closing for element in reversed(elements))


def prefix_of(part: Part, paragraph: Paragraph) -> str:
    """The prefix of a paragraph's own element as written, with its colon."""
    found = _TAG_NAME.match(part.text, paragraph.span.start)
    before, colon, _ = found[1].rpartition(":") if found else ("", "", "")
    return before + colon


class PlainWalk(Walk):
    """A walk through an element that holds nothing but text."""

    def take_text(self, token: Token) -> None:
        """Take text."""
        self.add_text(token, self.line.plain)

    def take_element(self, at: int, _: Token) -> int:
        """Take an element that should not be there."""
        self.add_alone(self.span(at), "", ())
        return self.after(at)
