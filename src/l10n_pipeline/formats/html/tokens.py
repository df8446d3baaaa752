"""Markup of HTML with its place in the text, as the WHATWG tokenizer sees it.

:data:`TOKEN` matches at any place outside of raw text and takes time proportional to what it
matches. Sources: WHATWG HTML, "Tokenization".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from l10n_pipeline.formats.html.references import SPACE

_NAME: Final = rf"[^{SPACE}/>=]"
_VALUE: Final = rf"\"[^\"]*+\"|'[^']*+'|[^{SPACE}\"'>][^{SPACE}>]*+|(?=>)"
_ATTRIBUTE: Final = (
    rf"[^{SPACE}/>]{_NAME}*+(?:[{SPACE}]*+=[{SPACE}]*+(?:{_VALUE})|(?![{SPACE}]*+=))"
)

TOKEN: Final = re.compile(
    r"(?P<text>[^<]*+(?:<(?![A-Za-z!/?])[^<]*+)*+)"
    r"(?:"
    rf"<(?P<close>/?+)(?P<name>[A-Za-z][^{SPACE}/>]*+)"
    rf"(?P<attributes>(?:[{SPACE}]++|/(?!>)|{_ATTRIBUTE})*+)(?P<self>/?+)>"
    r"|<!--(?:-?+>|[\s\S]*?--!?>|[\s\S]*+)"
    r"|<(?:[!?]|/(?![A-Za-z]))[^>]*+>?+"
    # A tag that the text's end cuts is nothing.
    r"|<[\s\S]*+"
    r"|\Z)"
)
"""Text, and a tag (group ``name``) or other markup or the end after it."""

_EACH: Final = re.compile(
    rf"(?P<name>[^{SPACE}/>]{_NAME}*+)"
    rf"(?:[{SPACE}]*+=[{SPACE}]*+"
    rf"(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^{SPACE}\"'>][^{SPACE}>]*+))?)?"
)

_SCRIPT: Final = re.compile(
    rf"(?P<nothing><!--+>)|(?P<begin><!--)|(?P<end>-->)"
    rf"|<(?P<close>/?)script(?=[{SPACE}/>])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that has a value."""

    value: str
    """As it is written."""
    start: int
    """Where the value begins, quotes aside; counted from where the attributes begin."""
    whole: tuple[int, int]
    """What it is made of, the name and quotes included; counted alike."""

    @property
    def end(self) -> int:
        """Where the value ends, counted like ``start``."""
        return self.start + len(self.value)


def attributes(written: str) -> dict[str, Attribute]:
    """The attributes of a tag by lower-case name; of two of a name the first counts.

    Args:
        written: what stands between the tag's name and its end.
    """
    found: dict[str, Attribute] = {}
    for match in _EACH.finditer(written):
        group = match.lastgroup or "name"
        name = match["name"].lower()
        if name not in found:
            value, start = (
                ("", match.end()) if group == "name" else (match[group], match.start(group))
            )
            found[name] = Attribute(value, start, match.span())
    return found


@lru_cache(maxsize=16)
def _end_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[{SPACE}/>])", re.IGNORECASE)


def end_of_raw_text(text: str, start: int, name: str) -> int:
    """Where the content of an element that has no markup in it ends.

    Args:
        text: the document's.
        start: where the content begins.
        name: the element's, lower-case.
    """
    if name == "script":
        return _end_of_script(text, start)
    found = _end_tag(name).search(text, start)
    return found.start() if found else len(text)


def _end_of_script(text: str, start: int) -> int:
    """A script ends at its end tag, save where a comment has a script of its own."""
    commented = nested = False
    for found in _SCRIPT.finditer(text, start):
        if found["begin"]:
            commented = True
        elif found["end"]:
            commented = nested = False
        elif found["nothing"]:
            # It begins no comment, but ends one.
            commented = nested = False
        elif not found["close"]:
            nested = commented
        elif nested:
            nested = False
        else:
            return found.start()
    return len(text)
