"""The language and the direction that a page states of itself.

Changed are ``lang`` and ``dir`` of ``<html>``, which get them where they lack them and the page
has this tag, ``lang`` of any element in the source language, ``dir`` of ``<body>``, and what
``<meta>`` says of the page's language. Links to editions in other languages stay.

Sources: WHATWG HTML, "The lang and xml:lang attributes", "The dir attribute", "Content
language"; the Open Graph protocol, ``og:locale``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from l10n_pipeline.errors import LocaleError
from l10n_pipeline.formats.html.elements import ELEMENTS, INLINE
from l10n_pipeline.formats.html.references import SPACE, shown
from l10n_pipeline.formats.html.tokens import Attribute, attributes, end_of_raw_text, token_of
from l10n_pipeline.locale import Locale

_LANGUAGES: Final = ("lang", "xml:lang")

_NAMES_OF_METADATA: Final = ("http-equiv", "property", "name")

_Edit = tuple[int, int, str]
"""Start, end and new text."""


@lru_cache(maxsize=256)
def language_of(written: str) -> str:
    """The ISO 639 code in a value of ``lang``.

    >>> language_of(" EN-gb"), language_of("x-klingon")
    ('en', 'x')
    """
    tag = shown(written).strip(SPACE)
    try:
        return Locale.parse(tag).language
    except LocaleError:
        return tag.replace("_", "-").partition("-")[0].lower()


def restated(text: str, source: Locale, target: Locale, *, xml: bool) -> str:
    """The page with the language and the direction of its translation.

    Args:
        text: of a translated page.
        source: the language that it was translated from.
        target: the language that it is in now.
        xml: whether it is XHTML, where ``xml:lang`` counts.
    """
    pieces: list[str] = []
    done = 0
    for start, end, written in _edits(text, source, target, xml=xml):
        pieces += (text[done:start], written)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _edits(text: str, source: Locale, target: Locale, *, xml: bool) -> Iterator[_Edit]:
    is_first_html = True
    for tag in _start_tags(text):
        name = tag["name"].lower()
        if name not in {"html", "body", "meta"} and "lang" not in tag["attributes"].lower():
            continue
        stated = attributes(tag["attributes"])
        edits: list[_Edit] = []
        if name == "meta":
            edits += _of_metadata(tag, stated, source, target)
        elif name == "html" and is_first_html:
            is_first_html = False
            edits += _of_page(tag, stated, target, xml=xml)
        else:
            edits += (
                _with_value(tag, stated[attribute], target.bcp47)
                for attribute in _LANGUAGES
                if attribute in stated and language_of(stated[attribute].value) == source.language
            )
        if name in {"html", "body"}:
            edits += _of_direction(tag, stated, target, may_add=name == "html")
        yield from sorted(edits)


def _start_tags(text: str) -> Iterator[re.Match[str]]:
    match = token_of(text).match
    place = 0
    while place < len(text):
        found = match(text, place)
        assert found is not None
        place = found.end()
        if found["name"] is None or found["close"]:
            continue
        yield found
        name = found["name"].lower()
        if ELEMENTS.get(name, INLINE).content in {"raw text", "title"}:
            place = end_of_raw_text(text, place, name)


def _of_page(
    tag: re.Match[str], stated: dict[str, Attribute], target: Locale, *, xml: bool
) -> Iterator[_Edit]:
    at = tag.end("name")
    for attribute in _LANGUAGES:
        if attribute in stated:
            yield _with_value(tag, stated[attribute], target.bcp47)
        elif attribute == "lang" or xml:
            yield at, at, f' {attribute}="{target.bcp47}"'


def _of_direction(
    tag: re.Match[str], stated: dict[str, Attribute], target: Locale, *, may_add: bool
) -> Iterator[_Edit]:
    at = tag.end("name")
    if "dir" not in stated:
        if may_add and target.right_to_left:
            yield at, at, ' dir="rtl"'
        return
    now = stated["dir"].value.lower()
    if target.right_to_left and now != "auto":
        yield _with_value(tag, stated["dir"], "rtl")
    elif not target.right_to_left and now == "rtl":
        yield _with_value(tag, stated["dir"], "ltr")


def _of_metadata(
    tag: re.Match[str], stated: dict[str, Attribute], source: Locale, target: Locale
) -> Iterator[_Edit]:
    content = stated.get("content")
    if content is None or language_of(content.value) != source.language:
        return
    name = next((stated[key].value for key in _NAMES_OF_METADATA if key in stated), "")
    if name.lower() == "content-language":
        yield _with_value(tag, content, target.bcp47)
    elif name.lower() == "og:locale":
        yield _with_value(tag, content, target.bcp47.replace("-", "_"))


def _with_value(tag: re.Match[str], attribute: Attribute, value: str) -> _Edit:
    start = tag.start("attributes")
    if attribute.value.lower() == value.lower():
        return start + attribute.start, start + attribute.end, attribute.value
    if attribute.value:
        return start + attribute.start, start + attribute.end, value
    begin, end = attribute.whole
    name = tag["attributes"][begin:end].partition("=")[0].rstrip(SPACE)
    return start + begin, start + end, f'{name}="{value}"'
