"""Messages that choose between texts, as ICU's MessageFormat writes them:
``{n, plural, one {# file} other {# files}}``, and ``select`` and ``selectordinal``.

Their braces are a structure: a program shows nothing, or stops, where one is missing.
Apostrophes quote braces as ICU has it by default: only where one stands next to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_OPENING: Final = re.compile(
    r"\{\s{0,20}(?P<argument>[\w.-]{1,64})\s{0,20},"
    r"\s{0,20}(?P<kind>plural|selectordinal|select)\s{0,20},"
)
_SIMPLE: Final = re.compile(r"\{\s{0,20}(?P<argument>[\w.-]{1,64})\s{0,20}(?:,[^{}]{0,200})?\}")
_BRANCH: Final = re.compile(
    r"\s{0,200}(?:offset:\s{0,20}\d{1,9}\s{1,200})?(?:(?P<keyword>=\d{1,9}|[\w-]{1,64})\s{0,200}\{"
    r"|(?P<end>\}))"
)
_BRACE: Final = re.compile(r"''|'[{}][^']*(?:''[^']*)*(?:'|\Z)|[{}]")
_OTHER: Final = "other"
_SELECT: Final = "select"


@dataclass(slots=True)
class _Structure:
    """What a message is made of."""

    choices: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """By argument and kind, the keywords of all branches."""
    arguments: dict[str, None] = field(default_factory=dict)
    """Those put in as they are, in order."""
    without_other: list[tuple[str, str]] = field(default_factory=list)


def chooses(text: str) -> bool:
    """Whether a message chooses between texts.

    >>> chooses("{n, plural, one {# file} other {# files}}"), chooses("{n, number}")
    (True, False)
    """
    return _OPENING.search(text) is not None


def faults(source: str, target: str) -> tuple[str, ...]:
    """Why a program could not use a translation, in words for a reviewer.

    The categories of plurals may be others: languages differ in them.

    >>> faults("{n, plural, one {# file} other {# files}}", "{n, plural, other {#ファイル}}")
    ()
    >>> faults("{n, plural, one {# file} other {# files}}", "{n, plural, one {# arquivo}}")
    ('{n, plural, …} has no branch “other”',)

    Args:
        source: the msgid, which chooses.
        target: the msgstr.
    """
    wanted = _read(source)
    if wanted is None:
        return ()  # an oddity of the program's own
    found = _read(target)
    if found is None:
        return ("its braces are no plural or select that a program could read",)
    return tuple(_differences(wanted, found))


def _differences(wanted: _Structure, found: _Structure) -> Iterator[str]:
    yield from (f"{_shown(one)} is missing" for one in wanted.choices if one not in found.choices)
    yield from (
        f"{_shown(one)} is not in the source" for one in found.choices if one not in wanted.choices
    )
    yield from (
        f"{_shown(one)} has no branch “{_OTHER}”"
        for one in dict.fromkeys(found.without_other)
        if one not in wanted.without_other
    )
    for one, keywords in wanted.choices.items():
        if one[1] == _SELECT and one in found.choices and found.choices[one] != keywords:
            yield f"{_shown(one)} must have the branches {', '.join(sorted(keywords))}"
    yield from _absent(wanted.arguments, found.arguments, "is missing")
    yield from _absent(found.arguments, wanted.arguments, "is not in the source")


def _absent(these: Mapping[str, None], those: Mapping[str, None], said: str) -> Iterator[str]:
    return (f"{{{argument}}} {said}" for argument in these if argument not in those)


def _shown(choice: tuple[str, str]) -> str:
    return f"{{{choice[0]}, {choice[1]}, …}}"


def _read(text: str) -> _Structure | None:
    """The structure of a message; None where it has none that could be read. Time grows with
    the length of the text.
    """
    structure = _Structure()
    inside: list[tuple[tuple[str, str], set[str]]] = []
    at = 0
    while (brace := _BRACE.search(text, at)) is not None:
        at = brace.end()
        if brace[0].startswith("'"):
            continue
        if brace[0] == "{":
            opening = _OPENING.match(text, brace.start())
            if opening is None:
                simple = _SIMPLE.match(text, brace.start())
                if simple is None:
                    return None
                structure.arguments.setdefault(simple["argument"])
                at = simple.end()
                continue
            inside.append(((opening["argument"], opening["kind"]), set()))
            at = opening.end()
        elif not inside:
            return None
        branch = _BRANCH.match(text, at)
        if branch is None:
            return None
        at = branch.end()
        choice, keywords = inside[-1]
        if branch["keyword"]:
            keywords.add(branch["keyword"])
            continue
        inside.pop()
        structure.choices.setdefault(choice, set()).update(keywords)
        if _OTHER not in keywords:
            structure.without_other.append(choice)
    return None if inside else structure
