"""Inline elements of TMX (1.4b, §3.3) as the pipeline's inline codes, and back.

``bpt`` and its ``ept`` are a pair, ``<g1>…</g1>``, and so is ``hi``; ``ph``, ``it``, ``ut`` and a
``bpt`` or ``ept`` left alone stand for themselves, ``<x1/>``. Numbers count a source's codes;
a translation's are matched with them by ``x``, else by what they are and hold. The native code
within an element goes the way of all markup, with text that runs beside it (``sub``): a memory
serves documents that have codes of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from l10n_pipeline.codes import TAG
from l10n_pipeline.xml import Element, content

_ALONE: Final = frozenset({"ph", "it", "ut", "bpt", "ept"})
_PAIR, _STANDALONE = "pair", "standalone"
_Key = tuple[str, str, str]


class Numbering:
    """The codes of a unit's source, by which those of its translation are known.

    Args:
        verbatim: whether elements hold our own tags, which are then taken as they are.
    """

    def __init__(self, *, verbatim: bool = False) -> None:
        self._verbatim = verbatim
        self._last = 0
        self._known: dict[_Key, list[int]] = {}

    def source(self, segment: Element) -> str:
        """The text of a source's ``seg``, its codes numbered from 1 or from after the tags that
        its text has already.
        """
        if (plain := _plain(segment)) is not None:
            return plain
        tags = TAG.finditer("".join(_shown(segment)))
        self._last = max((_number(tag[0]) for tag in tags), default=0)
        return "".join(self._written(segment.content, _paired(segment), {}, {}))

    def target(self, segment: Element) -> str:
        """The text of a translation's ``seg``, after its source's was read."""
        if (plain := _plain(segment)) is not None:
            return plain
        left = {key: list(numbers) for key, numbers in self._known.items()}
        return "".join(self._written(segment.content, _paired(segment), {}, left))

    def _written(
        self,
        content: list[str | Element],
        paired: frozenset[str],
        opened: dict[str, int],
        left: dict[_Key, list[int]],
    ) -> Iterator[str]:
        for one in content:
            if isinstance(one, str):
                yield one
                continue
            number_in_pair = one.attributes.get("i", "")
            if self._verbatim and one.name in _ALONE and TAG.fullmatch(one.text):
                yield one.text
            elif one.name == "hi":
                number = self._numbered(one, _PAIR, left)
                yield f"<g{number}>"
                yield from self._written(one.content, paired, opened, left)
                yield f"</g{number}>"
            elif one.name == "bpt" and number_in_pair in paired:
                opened[number_in_pair] = self._numbered(one, _PAIR, left)
                yield f"<g{opened[number_in_pair]}>"
            elif one.name == "ept" and number_in_pair in opened:
                yield f"</g{opened.pop(number_in_pair)}>"
            elif one.name in _ALONE:
                yield f"<x{self._numbered(one, _STANDALONE, left)}/>"
            else:
                yield from self._written(one.content, paired, opened, left)

    def _numbered(self, element: Element, kind: str, left: dict[_Key, list[int]]) -> int:
        keys = _keys(element, kind)
        for key in keys:
            if left.get(key):
                number = left[key][0]
                for numbers in left.values():
                    if number in numbers:
                        numbers.remove(number)
                return number
        self._last += 1
        for key in keys:
            self._known.setdefault(key, []).append(self._last)
        return self._last


def _plain(segment: Element) -> str | None:
    """The text of a segment that has nothing else in it, as most have."""
    content = segment.content
    if len(content) == 1 and isinstance(content[0], str):
        return content[0]
    return None if content else ""


def _shown(segment: Element) -> Iterator[str]:
    """The text of a segment without native code."""
    for one in segment.content:
        if isinstance(one, str):
            yield one
        elif one.name not in _ALONE:
            yield from _shown(one)


def _keys(element: Element, kind: str) -> list[_Key]:
    """What the element may be known by, surest first."""
    matched = element.attributes.get("x", "")
    if matched:
        return [(kind, "x", matched)]
    return [
        (kind, f"type={element.attributes.get('type', '')}", element.text),
        (kind, "any", ""),
    ]


def _paired(segment: Element) -> frozenset[str]:
    """``i`` of the pairs that both begin and end in a segment, once each and in this order."""
    begun, ended = Counter[str](), Counter[str]()
    for element in segment.find("bpt", "ept"):
        number = element.attributes.get("i", "")
        if element.name == "bpt":
            begun[number] += 1
        else:
            ended[number] += 1 if begun[number] else 2
    return frozenset(number for number in begun if begun[number] == ended[number] == 1)


def _number(tag: str) -> int:
    return int("".join(filter(str.isdecimal, tag)))


def written(text: str) -> str:
    """A text as the content of a ``seg``, with elements for its tags, which these hold."""
    tags = [tag[0] for tag in TAG.finditer(text)]
    pieces: list[str] = []
    done = 0
    for tag in TAG.finditer(text):
        pieces += (content(text[done : tag.start()]), _element(tag[0], tags))
        done = tag.end()
    pieces.append(content(text[done:]))
    return "".join(pieces)


def _element(tag: str, tags: list[str]) -> str:
    number = _number(tag)
    shown = content(tag)
    if tag.endswith("/>"):
        return f'<ph x="{number}">{shown}</ph>'
    opening, closing = f"<g{number}>", f"</g{number}>"
    whole = tags.count(opening) == tags.count(closing) == 1
    if whole and tags.index(opening) < tags.index(closing):
        if tag == opening:
            return f'<bpt i="{number}" x="{number}">{shown}</bpt>'
        return f'<ept i="{number}">{shown}</ept>'
    place = "end" if tag.startswith("</") else "begin"
    return f'<it pos="{place}" x="{number}">{shown}</it>'
