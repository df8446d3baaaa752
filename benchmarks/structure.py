"""The structure of a document as parsers see it that are not the program's.

An outline is a list of lines; two documents have the same structure where their outlines are
equal. What a translation may change is not in it: text, and what attributes say to a reader.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final
from xml.etree import ElementTree as ET

import polib
import turbohtml
import yaml  # type: ignore[import-untyped]  # it comes without types
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from l10n_pipeline.model import Document

_MARKDOWN: Final = (
    MarkdownIt("commonmark")
    .enable(["table", "strikethrough"])
    .use(deflist_plugin)
    .use(footnote_plugin)
    .use(front_matter_plugin)
)
_TOML: Final = re.compile(r"\ufeff?\+\+\+\r?\n.*?\n\+\+\+[^\S\n]*(?:\n|\Z)", re.DOTALL)
_ADMONITION: Final = re.compile(
    r"^([ \t>]*)(?:!!!|\?\?\?\+?|===[!+]?)(?= [^\n]*\n(?:[ \t>]*\n)*\1(?: {4}|\t))", re.MULTILINE
)
"""What begins an admonition or a tab; CommonMark takes what is indented after it for code."""
_TEXT_OF_INLINE: Final = frozenset({"text", "softbreak"})
_TRANSLATED: Final = frozenset(
    ("alt", "title", "placeholder", "label", "summary", "abbr", "value", "content", "aria-label",
     "aria-description", "aria-placeholder", "aria-roledescription", "aria-valuetext")
)  # fmt: skip
"""Attributes of which some say something to a reader."""
_RAW: Final = frozenset({"script", "style", "pre", "textarea", "code", "kbd", "samp", "var"})
"""Elements whose text is not to be changed."""
_TIMING: Final = re.compile(r"\s*(?:\d+:)?\d+:\d+[.,]\d+\s*-->")
_OF_OFFICE: Final = frozenset(
    ("p", "tbl", "tr", "tc", "sectPr", "hdr", "ftr", "footnote", "endnote", "txbxContent",
     "drawing", "footnoteReference", "hyperlink",
     "h", "list", "list-item", "table", "table-row", "table-cell", "section", "note", "frame",
     "text-box", "a")
)  # fmt: skip
"""Elements of Word, then of OpenDocument, that make the structure of a document."""

Outline = Sequence[str]


def outline_of(document: Document, data: bytes) -> Outline | None:
    """The structure of a document's bytes.

    Args:
        document: the source, which says the format and the encoding.
        data: of the source or of what was built from it.

    Returns:
        None where the format has no structure that can be told for sure.
    """
    if document.format in _OF_ARCHIVES:
        return list(_archive(data))
    outline = _OF_TEXTS.get(document.format)
    return list(outline(data.decode(document.encoding))) if outline else None


def first_difference(one: Outline, other: Outline) -> str:
    """Where two outlines part, for people; empty where they are equal."""
    for place, (ours, theirs) in enumerate(zip_longest(one, other)):
        if ours != theirs:
            before = one[place - 1] if place else ""
            return f"after {before!r}: {ours!r} became {theirs!r}"
    return ""


# --- Markdown -------------------------------------------------------------------------------


def _markdown(text: str) -> Iterator[str]:
    if found := _TOML.match(text):
        yield f"toml {found[0].count(chr(10))} lines"
        text = text[found.end() :]
    text = _ADMONITION.sub(r"\1+", text)
    # The parser would take a byte order mark for text, and find no front matter after it.
    for token in _MARKDOWN.parse(text.removeprefix("\ufeff")):
        yield from _front_matter(token) if token.type == "front_matter" else _token(token)


def _token(token: Token) -> Iterator[str]:
    if token.type != "inline":
        kept = token.content if "code" in token.type or token.type == "fence" else ""
        yield " ".join(filter(None, (token.type, token.tag, str(token.level), token.info, kept)))
    for child in token.children or ():
        if child.type not in _TEXT_OF_INLINE:
            target = child.attrs.get("href", child.attrs.get("src", ""))
            kept = child.content if child.type in {"code_inline", "html_inline"} else ""
            yield " ".join(filter(None, ("  ", child.type, str(target), kept)))


def _front_matter(token: Token) -> Iterator[str]:
    try:
        yield from _yaml(yaml.compose(token.content, Loader=yaml.SafeLoader), "front matter")
    except yaml.YAMLError:
        yield "front matter that is no YAML"


def _yaml(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _yaml(value, f"{path} {key.value}")
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _yaml(value, f"{path} {at}")
    elif node is not None:
        yield f"{path}: {node.tag}"


# --- HTML -------------------------------------------------------------------------------------


def _html(text: str) -> Iterator[str]:
    page = turbohtml.parse(text)
    for element in page.find_all():
        attributes = (
            name if name in _TRANSLATED or element.tag == "html" else f"{name}={value}"
            for name, value in sorted(element.attrs.items())
        )
        kept = element.text if element.tag in _RAW else ""
        yield " ".join(filter(None, (element.tag, *attributes, kept)))


# --- subtitles, catalogues, office ----------------------------------------------------------------


def _subtitles(text: str) -> Iterator[str]:
    """Timings, and whether there is something to read under each."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    timing = ""
    shown = False
    for line in [*lines, "0:00.0 -->"]:
        if _TIMING.match(line):
            if timing:
                yield f"{timing} {'text' if shown else 'nothing'}"
            timing, shown = line.strip(), False
        elif not line.strip():
            continue
        elif timing:
            shown = shown or any(map(str.isalnum, line))


def _catalogue(text: str) -> Iterator[str]:
    for entry in polib.pofile(text):
        yield f"{entry.msgctxt!r} {entry.msgid!r} {entry.msgid_plural!r} {len(entry.msgstr_plural)}"


def _archive(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            yield f"{member.filename} {member.compress_type}"
            if member.filename.endswith(".xml"):
                for element in ET.fromstring(archive.read(member)).iter():
                    name = element.tag.rpartition("}")[2]
                    if name in _OF_OFFICE:
                        yield f"  {name}"


_OF_TEXTS: Final[dict[str, Callable[[str], Iterator[str]]]] = {
    "markdown": _markdown,
    "html": _html,
    "srt": _subtitles,
    "webvtt": _subtitles,
    "gettext": _catalogue,
    "po": _catalogue,
}
_OF_ARCHIVES: Final = frozenset({"docx", "odt"})
