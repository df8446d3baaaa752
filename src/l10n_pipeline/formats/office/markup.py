"""XML as a row of tokens that tile it: what is to be spliced has to be found by offset.

Expat judges whether a text is well-formed; only then are its tokens taken apart, by a regular
expression that may rely on it. Document type declarations are refused, and with them
everything that entities can be abused for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Final
from xml.parsers import expat

import msgspec

from l10n_pipeline.errors import DocumentError

DEEPEST: Final = 256
"""Elements within one another that a document may have. Word's own stay below 60."""

MOST_TAGS: Final = 3_000_000
"""That one file may have. A thousand pages have less than half of that."""

MOST_ATTRIBUTES: Final = 1_000
"""That one tag may have."""

MOST_NAMESPACES: Final = 500_000
"""Declarations of them that one file may have. Most files have some twenty."""

LONGEST_NAMESPACE: Final = 300
"""Characters of a namespace's name. The parser repeats it with every name in it."""

# Quantifiers are possessive: nothing is ever tried twice.
_START: Final = r"""([^\s/>]++)(?:[^<>"'/]++|"[^"]*+"|'[^']*+'|/(?!>))*+(/?)>"""
_TOKEN: Final = re.compile(
    rf"([^<&]++)|(&[^;]++;)|<(?:/([^\s>]++)\s*+>|!\[CDATA\[(.*?)\]\]>|!--.*?-->|\?.*?\?>|{_START})",
    re.DOTALL,
)
_TAG: Final = re.compile(
    rf"<(?:/([^\s>]++)\s*+>|!\[CDATA\[.*?\]\]>|!--.*?-->|\?.*?\?>|{_START})", re.DOTALL
)
_TEXT_GROUP, _ENTITY_GROUP, _END_GROUP, _CDATA_GROUP, _START_GROUP, _EMPTY_GROUP = range(1, 7)
_ATTRIBUTE: Final = re.compile(r"""(?<=\s)([^\s=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_LONG: Final = re.compile(rb"<[^<]{65536}")
_WHOLE_TAG: Final = re.compile(rb"""<(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_ENTITY: Final = re.compile("&[^;]+;")
_ENCODING: Final = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UNWRITABLE: Final = re.compile(
    "[^\t\n\r\N{SPACE}-\ud7ff\ue000-\ufffd\N{LINEAR B SYLLABLE B008 A}-\U0010ffff]"
)


class TokenKind(Enum):
    """What a token is."""

    START = auto()
    END = auto()
    EMPTY = auto()
    """A start and an end in one."""
    TEXT = auto()
    ENTITY = auto()
    """A character by name or number."""
    CDATA_START = auto()
    CDATA_END = auto()
    OTHER = auto()
    """A comment, a processing instruction, the declaration."""


_OTHER: Final = "?"
"""The prefix of names in other namespaces: an address may be as long as it likes."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """A stretch of XML."""

    kind: TokenKind
    start: int
    """Offset of its first code point."""
    end: int
    name: str = ""
    """Of an element: its namespace's usual prefix, a colon and its local name; ``?`` is the
    prefix of all other namespaces."""


class Scope(dict[str, str]):
    """Names of elements as a document writes them, and with usual prefixes, at one place.

    Args:
        declared: prefixes as the document writes them, the empty one among them, and the usual
            ones.
        around: what holds besides.
    """

    def __init__(self, declared: dict[str, str], around: Scope | None = None) -> None:
        self.declared = declared
        self.around = around

    def __missing__(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        scope: Scope | None = self
        while scope is not None and prefix not in scope.declared:
            scope = scope.around
        usual = self.declared[prefix] = prefix if scope is None else scope.declared[prefix]
        made = self[name] = f"{usual}:{local}"
        return made

    def with_declared(self, tag: str, usual: Mapping[str, str]) -> Scope:
        """What holds behind a start tag with declarations."""
        declared = {
            name.removeprefix("xmlns").removeprefix(":"): usual.get(uri, _OTHER)
            for name, uri in attributes(tag).items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        return Scope(declared, self)


def decode_xml(data: bytes, where: str) -> str:
    """The text of a well-formed XML file in UTF-8, a byte order mark included.

    Raises:
        DocumentError: where it is in another encoding, is not well-formed, declares a
            document type, nests deeper than :data:`DEEPEST`, or has more than :data:`MOST_TAGS`
            or, in one of them, :data:`MOST_ATTRIBUTES`, or namespaces that are more or longer
            than in any document.
    """
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        encoding = "utf-16"
    if encoding not in ("utf-8", "utf8"):
        raise DocumentError(
            f"its XML is in {encoding.upper()}, not UTF-8",
            where=where,
            way_out="open it in a word processor and save it again",
        )

    _refuse_excess(data, where)

    def refuse(*_: object) -> None:
        raise DocumentError(
            "has a document type declaration, which no word processor writes",
            where=where,
            way_out="open it in a word processor and save it again",
        )

    depth = 0

    def enter(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise DocumentError(f"has more than {DEEPEST} elements within one another", where=where)

    def leave(_: str) -> None:
        nonlocal depth
        depth -= 1

    def declare(_: str | None, uri: str | None) -> None:
        if uri and len(uri) > LONGEST_NAMESPACE:
            raise DocumentError(
                f"has a namespace of more than {LONGEST_NAMESPACE} characters", where=where
            )

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartNamespaceDeclHandler = declare
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    try:
        parser.Parse(data, True)  # noqa: FBT003 (takes no keywords)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise DocumentError(
            f"not well-formed XML: {reason} (line {error.lineno}, column {error.offset + 1})",
            where=where,
            way_out="open it in a word processor and save it again",
        ) from error
    return data.decode()


def _refuse_excess(data: bytes, where: str) -> None:
    what = ""
    if data.count(b"<") > MOST_TAGS:
        what = f"has more than {MOST_TAGS:,} tags"
    elif data.count(b"xmlns") > MOST_NAMESPACES:
        what = f"has more than {MOST_NAMESPACES:,} declarations of namespaces"
    else:
        longest = (_WHOLE_TAG.match(data, found.start()) for found in _LONG.finditer(data))
        if any(tag and tag[0].count(b"=") > MOST_ATTRIBUTES for tag in longest):
            what = f"has a tag with more than {MOST_ATTRIBUTES:,} attributes"
    if what:
        raise DocumentError(what, where=where)


def tokens(
    text: str, start: int, end: int, scope: Scope, usual: Mapping[str, str], most: int
) -> tuple[list[Token], dict[int, int]]:
    """The tokens of a stretch of well-formed XML, and for the index of each start that of its end.

    Args:
        text: XML, or elements out of it.
        start: where the stretch begins: at a token.
        end: where it ends.
        scope: the prefixes that hold there.
        usual: namespaces and the prefixes that they usually have.
        most: how many tokens to make, about; what comes then is left out.
    """
    found: list[Token] = []
    ends: dict[int, int] = {}
    begun: list[tuple[int, Scope]] = []
    for match in _TOKEN.finditer(text, start, end):
        group = match.lastindex
        at, done = match.span()
        if group == _TEXT_GROUP:
            found.append(Token(TokenKind.TEXT, at, done))
        elif group == _EMPTY_GROUP:
            inner = scope
            if text.find("xmlns", at, done) >= 0:
                inner = scope.with_declared(match[0], usual)
            name = inner[match[_START_GROUP]]
            if match[_EMPTY_GROUP]:
                found.append(Token(TokenKind.EMPTY, at, done, name))
            else:
                begun.append((len(found), scope))
                found.append(Token(TokenKind.START, at, done, name))
                scope = inner
        elif group == _END_GROUP:
            name = scope[match[_END_GROUP]]
            begin, scope = begun.pop()
            ends[begin] = len(found)
            found.append(Token(TokenKind.END, at, done, name))
        elif group == _ENTITY_GROUP:
            found.append(Token(TokenKind.ENTITY, at, done))
        elif group == _CDATA_GROUP:
            opened, closed = match.span(_CDATA_GROUP)
            found += (
                Token(TokenKind.CDATA_START, at, opened),
                *((Token(TokenKind.TEXT, opened, closed),) if opened < closed else ()),
                Token(TokenKind.CDATA_END, closed, done),
            )
        else:
            found.append(Token(TokenKind.OTHER, at, done))
        if len(found) > most:
            break
    return found, ends


def tags(text: str, usual: Mapping[str, str]) -> Iterator[tuple[TokenKind, int, int, str, Scope]]:
    """The tags of a well-formed XML file: starts, ends and elements that are both, where each
    begins and ends, the element's name, and the prefixes that hold in it.

    Args:
        text: the file's.
        usual: namespaces and the prefixes that they usually have.
    """
    scope = Scope({"": "", "xml": "xml"})
    outer: list[Scope] = []
    start, end, empty = TokenKind.START, TokenKind.END, TokenKind.EMPTY
    for match in _TAG.finditer(text):
        closed, begun, slash = match.groups()
        at, done = match.span()
        if closed:
            yield end, at, done, scope[closed], scope
            scope = outer.pop()
        elif begun:
            inner = scope
            if text.find("xmlns", at, done) >= 0:
                inner = scope.with_declared(match[0], usual)
            if slash:
                yield empty, at, done, inner[begun], inner
            else:
                outer.append(scope)
                scope = inner
                yield start, at, done, scope[begun], scope


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag, by their names as written.

    >>> attributes('<w:t xml:space="preserve" w:val="a&amp;b">')
    {'xml:space': 'preserve', 'w:val': 'a&b'}
    """
    return {found[1]: _value(found) for found in _ATTRIBUTE.finditer(tag)}


def attribute(tag: str, name: str, default: str = "") -> str:
    """The attribute of a start tag with this local name, whatever its prefix.

    >>> attribute('<w:jc w:val="center"/>', "val")
    'center'
    """
    if name in tag:
        for found in _ATTRIBUTE.finditer(tag):
            if found[1].rpartition(":")[2] == name:
                return _value(found)
    return default


def _value(found: re.Match[str]) -> str:
    value = found[2] if found[2] is not None else found[3]
    return _ENTITY.sub(lambda entity: character(entity[0]), value) if "&" in value else value


def with_attribute(tag: str, name: str, value: str) -> str:
    """A start tag whose attribute of this local name, which it has, has another value.

    >>> with_attribute('<w:lang w:val="en-US"/>', "val", "pt-BR")
    '<w:lang w:val="pt-BR"/>'
    """

    def changed(found: re.Match[str]) -> str:
        if found[1].rpartition(":")[2] != name:
            return found[0]
        quotable = escaped(value).replace('"', "&quot;")
        return f'{found[1]}="{quotable}"'

    return _ATTRIBUTE.sub(changed, tag)


def with_tags(text: str, changes: Iterable[tuple[Token, str]]) -> str:
    """A text with other start tags in the places of some, which are in order."""
    made: list[str] = []
    done = 0
    for token, tag in changes:
        made += (text[done : token.start], tag)
        done = token.end
    made.append(text[done:])
    return "".join(made)


def character(entity: str) -> str:
    """What an entity of a text without a document type declaration stands for.

    >>> character("&amp;") + character("&#x20AC;")
    '&€'
    """
    if entity.startswith("&#"):
        base, digits = (16, entity[3:-1]) if entity[2] == "x" else (10, entity[2:-1])
        return chr(int(digits.lstrip("0"), base))
    return {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}[entity[1:-1]]


def escaped(text: str) -> str:
    """A text as XML writes it in an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unwritable(text: str) -> str:
    """The first character that no XML can hold; empty where there is none."""
    found = _UNWRITABLE.search(text)
    return found[0] if found else ""


def elements(text: str, usual: Mapping[str, str]) -> Iterator[tuple[Token, Sequence[str]]]:
    """The starts of all elements of a well-formed XML file, each with the names of those that it
    is in, outermost first; the list is the same one each time.
    """
    ancestors: list[str] = []
    for kind, start, end, name, _ in tags(text, usual):
        if kind is TokenKind.END:
            ancestors.pop()
        else:
            yield Token(kind, start, end, name), ancestors
            if kind is TokenKind.START:
                ancestors.append(name)
