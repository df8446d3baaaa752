"""XML read piece by piece, without trust.

Expat reads it as it comes. No entity but XML's own five and character references is ever
expanded, nothing outside the file is fetched: a document type may be named, as TMX files and
TBX files before 2019 do, but must declare nothing.

What is written is text between tags, and values of attributes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import BinaryIO, Final
from xml.parsers import expat

from l10n_pipeline.errors import InputError, L10nError

DEEPEST: Final = 64
"""Elements inside each other; what is read here has a dozen."""
LONGEST: Final = 1 << 24
"""Bytes between the ends of two elements that were asked for, of a file read by parts."""
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 file can hold."""
_BYTES_AT_ONCE: Final = 1 << 18
_FIT_FOR_ATTRIBUTES: Final = str.maketrans({"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})
_LANGUAGE: Final = "http://www.w3.org/XML/1998/namespace lang"
_WAY_OUT: Final = "write it anew with the tool it comes from, or name another file"


@dataclass(slots=True)
class Element:
    """An element with all that is in it."""

    name: str
    """Without its namespace."""
    attributes: dict[str, str]
    """By name, without namespace for those that have none."""
    line: int
    """Where the element begins that was asked for, this one or one that it is in."""
    content: list[str | Element] = field(default_factory=list)
    """Text and elements, in order."""
    around: tuple[Element, ...] = ()
    """Of an element that was asked for: those that it is in, outermost first, without what is
    in them."""

    @property
    def children(self) -> list[Element]:
        """The elements directly inside."""
        return [one for one in self.content if not isinstance(one, str)]

    @property
    def language(self) -> str:
        """``xml:lang``, or the bare ``lang`` that some tools write; empty where not told."""
        return self.attributes.get(_LANGUAGE) or self.attributes.get("lang", "")

    @property
    def text(self) -> str:
        """All text of the element and of those in it, in order."""
        return "".join(one if isinstance(one, str) else one.text for one in self.content)

    def find(self, *names: str) -> Iterator[Element]:
        """Elements of these names inside, in order, none inside another of them."""
        for child in self.children:
            if child.name in names:
                yield child
            else:
                yield from child.find(*names)


class ElementReader:
    """Reads a file's elements of some names one by one, each with all that is in it.

    Its methods raise an error of the class it was given where the file is no well-formed XML,
    nests too deeply, or declares or refers to entities; nothing can be read after that.

    Args:
        where: the file's name, for messages.
        names: of the elements, without namespaces; one inside another comes with it alone.
        kind: class of the error to raise.
    """

    def __init__(
        self, where: str, names: Collection[str], *, kind: type[L10nError] = InputError
    ) -> None:
        self.root = ""
        """Name of the outermost element; empty before it has begun."""
        self._where = where
        self._names = frozenset(names)
        self._kind = kind
        self._open: list[Element] = []
        self._around: list[Element] = []
        self._depth = 0
        self._found: list[Element] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.SkippedEntityHandler = self._skipped

    def read(self, data: bytes, *, last: bool = False) -> Iterator[Element]:
        """The elements that end in the next part of the file.

        Those before a fault are given, then it is raised.

        Args:
            data: the part; the XML declaration in the first says the encoding.
            last: whether the file ends with it.
        """
        error: L10nError | None = None
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as fault:
            what = expat.ErrorString(fault.code)
            where = f"{self._where}:{fault.lineno}"
            error = self._kind(f"not XML: {what}", where=where, way_out=_WAY_OUT)
        except (LookupError, ValueError) as fault:
            # An encoding that Python does not know, or that is no text encoding.
            where = f"{self._where}:{self._line}"
            error = self._kind(f"not XML: {fault}", where=where, way_out=_WAY_OUT)
        except L10nError as refusal:
            error = refusal
        found, self._found = self._found, []
        yield from found
        if error is not None:
            raise error

    def elements(self, stream: BinaryIO, *, root: str, called: str) -> Iterator[Element]:
        """The elements of a whole file, as they are asked for.

        Also raises its error where the file cannot be read, its outermost element is another, or
        an element seems not to end: never more than one of :data:`LONGEST` is kept.

        Args:
            stream: the file's bytes.
            root: name of the outermost element.
            called: what such files are called.
        """
        data = b"\0"
        since = 0
        while data:
            try:
                data = stream.read(_BYTES_AT_ONCE)
            except OSError as error:
                reason = (error.strerror or type(error).__name__).lower()
                raise self._kind(f"cannot be read: {reason}", where=self._where) from error
            since += len(data)
            for element in self.read(data, last=not data):
                since = 0
                if self.root == root:
                    yield element
            if self.root not in ("", root):
                raise self._kind(
                    f"no {called}: the outermost element is {self.root!r}, not {root!r}",
                    where=self._where,
                )
            if since > LONGEST:
                raise self._kind(
                    f"a unit of more than {LONGEST:,} bytes: no translator wrote that",
                    where=self._where,
                )

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _refuse(self, what: str) -> None:
        raise self._kind(
            what, where=f"{self._where}:{self._line}", way_out="remove it from the file"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(f"more than {DEEPEST} elements inside each other")
        local = name.rpartition(" ")[2]
        self.root = self.root or local
        if self._open:
            element = Element(local, attributes, self._open[0].line)
            self._open[-1].content.append(element)
            self._open.append(element)
        elif local in self._names:
            around = tuple(self._around)
            self._open.append(Element(local, attributes, self._line, around=around))
        else:
            self._around.append(Element(local, attributes, self._line))

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._found.append(element)
        else:
            self._around.pop()

    def _data(self, text: str) -> None:
        if self._open:
            self._open[-1].content.append(text)

    def _doctype(self, _name: str, _system: str | None, _public: str | None, inner: int) -> None:
        if inner:
            self._refuse("the document type declares something of its own")

    def _entity(self, name: str, *_: object) -> None:
        self._refuse(f"the entity {name!r} is declared")

    def _skipped(self, name: str, *_: object) -> None:
        self._refuse(f"the entity {name!r} is not known")


def content(text: str) -> str:
    r"""A text as it stands between tags; :data:`FORBIDDEN` is the caller's.

    >>> content('"a" < b\r')
    '"a" &lt; b&#13;'
    """
    # A bare carriage return would be read as a line feed.
    return escape(text, quote=False).replace("\r", "&#13;")


def attribute(text: str) -> str:
    r"""A text as the value of an attribute, between double quotation marks, likewise.

    >>> attribute('"a"\tb')
    '&quot;a&quot;&#9;b'
    """
    return escape(text).translate(_FIT_FOR_ATTRIBUTES)
