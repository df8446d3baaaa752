"""Markup of HTML with its place in the text, as the WHATWG tokenizer sees it.

:data:`TOKEN` matches at any place outside of raw text and takes time proportional to what it
matches. Sources: WHATWG HTML, "Tokenization".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import msgspec

from l10n_pipeline.formats.html.references import SPACE

# What a server or a script puts in. Each goes up to its end, but not over the next one's
# beginning: so that to look for an end that there is not takes no longer than the text is.
_TEMPLATE: Final = (
    r"<\?(?:[^?<]|\?(?!>)|<(?!\?))*+\?>"  # PHP
    r"|<%(?:[^%<]|%(?!>)|<(?!%))*+%>"  # JSP, ERB, EJS
    r"|\{%(?:[^%{]|%(?!\})|\{(?!%))*+%\}"  # Jinja, Django, Twig, Liquid
    r"|\{#(?:[^#{]|#(?!\})|\{(?!#))*+#\}"
)
_EXPRESSION: Final = r"\{\{(?:[^}{]|\}(?!\})|\{(?!\{))*+\}\}"  # those, Mustache, Vue, Angular

IN_TEMPLATE: Final = re.compile(_TEMPLATE)
"""A statement or a comment of a template, or PHP's and its like's output of a value."""

_HAS_TEMPLATE: Final = re.compile(r"<\?(?:php|=)|<%|\{[%{]")


def _many(but: str, template: str) -> str:
    """As many characters as there are, but for some; with a template, what stands in it
    aside.
    """
    return rf"(?:[^<{{{but}]++|{template}|(?![{but}])[<{{])*+" if template else rf"[^{but}]*+"


def _value(template: str) -> str:
    bare = rf"(?![\"'>]){_many(f'{SPACE}>', template)}"
    double, single = _many('"', template), _many("'", template)
    return rf"\"(?P<double>{double})\"|'(?P<single>{single})'|(?P<bare>(?![{SPACE}]){bare})"


def _token(template: str) -> re.Pattern[str]:
    in_tag = f"{template}|{_EXPRESSION}" if template else ""
    name = _many(f"{SPACE}/>=", in_tag)
    value = re.sub(r"\?P<\w+>", "?:", _value(in_tag))
    attribute = (
        rf"(?![{SPACE}/>])=?{name}(?:[{SPACE}]*+=[{SPACE}]*+(?:{value}|(?=>))|(?![{SPACE}]*+=))"
    )
    text = r"[^<]*+(?:<(?![A-Za-z!/?])[^<]*+)*+"
    if template:
        text = r"[^<{]*+(?:(?:<(?![A-Za-z!/?%])|\{(?![%#]))[^<{]*+)*+"
    return re.compile(
        rf"(?P<text>{text})"
        r"(?P<markup>"
        rf"{f'{template}|' if template else ''}"
        rf"<(?P<close>/?+)(?P<name>[A-Za-z][^{SPACE}/>]*+)"
        rf"(?P<attributes>(?:[{SPACE}]++|/(?!>)|{attribute})*+)(?P<self>/?+)>"
        r"|<!--(?:-?+>|[\s\S]*?--!?>|[\s\S]*+)"
        r"|<(?:[!?]|/(?![A-Za-z]))[^>]*+>?+"
        rf"{'|<%|{[%#]' if template else ''}"
        # A tag that the text's end cuts is nothing.
        r"|<[\s\S]*+"
        r"|\Z)"
    )


def _each(template: str) -> re.Pattern[str]:
    in_tag = f"{template}|{_EXPRESSION}" if template else ""
    name = _many(f"{SPACE}/>=", in_tag)
    return re.compile(
        rf"(?P<name>(?![{SPACE}/>])=?{name})(?:[{SPACE}]*+=[{SPACE}]*+(?:{_value(in_tag)})?)?"
    )


TOKEN: Final = _token("")
"""Text, and the markup after it: a tag (group ``name``) or something else, or nothing at the
text's end.
"""
_TOKEN_OF_TEMPLATE: Final = _token(_TEMPLATE)
_EACH: Final = _each("")
_EACH_OF_TEMPLATE: Final = _each(_TEMPLATE)


def token_of(text: str) -> re.Pattern[str]:
    """The :data:`TOKEN` for a page. In one that is a template, what is put in by PHP, Jinja
    and their like is passed over where it stands in a tag, and markup between tags.
    """
    return _TOKEN_OF_TEMPLATE if _HAS_TEMPLATE.search(text) else TOKEN


_SCRIPT: Final = re.compile(
    rf"(?P<nothing><!--+>)|(?P<begin><!--)|(?P<end>-->)"
    rf"|<(?P<close>/?)script(?=[{SPACE}/>])",
    re.IGNORECASE,
)


class Attribute(msgspec.Struct, frozen=True, gc=False):
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
    each = _EACH_OF_TEMPLATE if _HAS_TEMPLATE.search(written) else _EACH
    for match in each.finditer(written):
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
