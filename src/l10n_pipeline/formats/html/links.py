"""What a page refers to: links, pictures, media, scripts, style sheets and what these need.

Source: WHATWG HTML, "Attributes" (URLs), "Parsing a srcset attribute".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from l10n_pipeline.formats import css
from l10n_pipeline.formats.html.elements import ELEMENTS, INLINE
from l10n_pipeline.formats.html.references import SPACE, shown
from l10n_pipeline.formats.html.tokens import TOKEN, attributes, end_of_raw_text

_ADDRESSES: Final = frozenset(("src", "href", "poster", "data", "background", "xlink:href"))
_SETS: Final = frozenset(("srcset", "imagesrcset"))
_OF_BASE: Final = "base"
_CANDIDATE: Final = re.compile(rf"[{SPACE},]*+(?P<address>[^{SPACE}]++)")
_DESCRIPTORS: Final = re.compile(r"(?:\([^)]*+\)?|[^,(])*+,?")
_DROPPED: Final = str.maketrans("", "", "\t\r\n")


def links_of(text: str) -> tuple[str, ...]:
    """The addresses in HTML, character references resolved, each once in order.

    Those of a page that states another base (``<base href>``) are as seen from the page.

    >>> links_of('<a href="b.html?x&amp;y"><img src=c.png srcset="d.png 2x, e.png">')
    ('b.html?x&y', 'c.png', 'd.png', 'e.png')
    """
    found: dict[str, None] = {}
    base = ""
    for name, attribute, value in _found(text):
        if name == _OF_BASE:
            base = base or value
        elif attribute in _SETS:
            found |= dict.fromkeys(_of_set(value))
        elif attribute == "style":
            found |= dict.fromkeys(css.references(value))
        else:
            found.setdefault(value)
    found.pop("", None)
    return tuple(_based(address, base) for address in found) if base else tuple(found)


def _found(text: str) -> Iterator[tuple[str, str, str]]:
    """Element, attribute and value of what may be an address; of style sheets ``style``."""
    at = 0
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            return
        at = token.end()
        if token["name"] is None or token["close"]:
            continue
        name = token["name"].lower()
        for attribute, value in attributes(token["attributes"]).items():
            if attribute in _ADDRESSES or attribute in _SETS or attribute == "style":
                is_address = attribute in _ADDRESSES
                written = value.value.translate(_DROPPED) if is_address else value.value
                seen = shown(written, in_attribute=True)
                yield name, attribute, seen.strip(SPACE) if is_address else seen
        if ELEMENTS.get(name, INLINE).content in {"raw text", "title"}:
            end = end_of_raw_text(text, at, name)
            if name == "style":
                yield name, "style", text[at:end]
            at = end


def _of_set(value: str) -> Iterator[str]:
    at = 0
    while candidate := _CANDIDATE.match(value, at):
        address = candidate["address"]
        at = candidate.end()
        if address.endswith(","):
            address = address.rstrip(",")
        elif descriptors := _DESCRIPTORS.match(value, at):
            at = descriptors.end()
        if address:
            yield address


def _based(address: str, base: str) -> str:
    try:
        if _leaves(base):
            return urljoin(base, address)
        if _leaves(address) or not urlsplit(address).path:
            return address
    except ValueError:  # the host looks like an IPv6 address and is none
        return address
    folder, slash, _ = urlsplit(base).path.rpartition("/")
    return folder + slash + address


def _leaves(address: str) -> bool:
    """Whether an address is not relative to where it stands."""
    parts = urlsplit(address)
    return bool(parts.scheme or parts.netloc) or parts.path.startswith("/")
