"""What a Markdown document refers to: links, images, and what its HTML refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from l10n_pipeline.formats.html.links import links_of as links_of_html
from l10n_pipeline.formats.markdown.parsing import events_of


def links_of(text: str) -> tuple[str, ...]:
    r"""The addresses in a text, entities and escapes resolved, each once in order.

    >>> links_of("![a](b.png) [c][d] <img src='e.png'> `[f](g)`\n\n[d]: h&amp;i.md")
    ('b.png', 'h&i.md', 'e.png')

    Args:
        text: without a byte order mark and front matter.

    Raises:
        DocumentError: where the parser fails.
    """
    return tuple(dict.fromkeys(address for address in _found(text) if address))


def _found(text: str) -> Iterator[str]:
    block: list[str] = []
    for name, value, _, _ in events_of(text):
        if name == "Start":
            yield from _of_span(value)
        elif name == "InlineHtml":
            yield from links_of_html(value)
        elif name == "Html":
            block.append(value)
        elif block:
            yield from links_of_html("".join(block))
            block = []


def _of_span(value: Any) -> Iterator[str]:
    """The address of a link or an image that begins."""
    if isinstance(value, dict):
        for tag in ("Link", "Image"):
            if tag in value and value[tag]["link_type"] != "Email":
                yield value[tag]["dest_url"]
