"""XML read piece by piece, without trust.

Expat reads it as it comes. No entity but XML's own five and character references is ever
expanded, nothing outside the file is fetched: a document type may be named, as TBX files
before 2019 do, but must declare nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from l10n_pipeline.errors import GlossaryError

DEEPEST: Final = 64
"""Elements inside each other; what is read here has a dozen."""
_LANGUAGE: Final = "http://www.w3.org/XML/1998/namespace lang"


@dataclass(slots=True)
class Element:
    """An element with all that is in it."""

    name: str
    """Without its namespace."""
    attributes: dict[str, str]
    """By name, without namespace for those that have none."""
    line: int
    pieces: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def language(self) -> str:
        """``xml:lang``, or the bare ``lang`` that some tools write; empty where not told."""
        return self.attributes.get(_LANGUAGE) or self.attributes.get("lang", "")

    @property
    def text(self) -> str:
        """All text of the element and of those in it, in order."""
        return "".join(self.pieces)

    def find(self, *names: str) -> Iterator[Element]:
        """Elements of these names inside, in order, none inside another of them."""
        for child in self.children:
            if child.name in names:
                yield child
            else:
                yield from child.find(*names)


class _Reader:
    def __init__(self, where: str, names: Collection[str], found: Callable[[Element], None]):
        self._where = where
        self._names = names
        self._found = found
        self._open: list[Element] = []
        self._depth = 0
        self.root = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.SkippedEntityHandler = self._skipped

    def read(self, data: bytes) -> None:
        try:
            self._parser.Parse(data, True)  # noqa: FBT003 - expat takes it by position alone
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise GlossaryError(
                f"not XML: {what}", where=f"{self._where}:{error.lineno}"
            ) from error
        except (LookupError, ValueError) as error:
            # An encoding that Python does not know, or that is no text encoding.
            raise GlossaryError(f"not XML: {error}", where=f"{self._where}:{self._line}") from error

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _refuse(self, what: str) -> None:
        raise GlossaryError(
            what, where=f"{self._where}:{self._line}", way_out="remove it from the file"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(f"more than {DEEPEST} elements inside each other")
        local = name.rpartition(" ")[2]
        self.root = self.root or local
        if self._open or local in self._names:
            element = Element(local, attributes, self._line)
            if self._open:
                self._open[-1].children.append(element)
            self._open.append(element)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if self._open:
                self._open[-1].pieces.append(element.text)
            else:
                self._found(element)

    def _data(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)

    def _doctype(self, _name: str, _system: str | None, _public: str | None, inner: int) -> None:
        if inner:
            self._refuse("the document type declares something of its own")

    def _entity(self, name: str, *_: object) -> None:
        self._refuse(f"the entity {name!r} is declared")

    def _skipped(self, name: str, *_: object) -> None:
        self._refuse(f"the entity {name!r} is not known")


def read_elements(
    data: bytes, where: str, *, names: Collection[str], found: Callable[[Element], None]
) -> str:
    """Read a file's elements of some names one by one, each with all that is in it.

    Args:
        data: the file; its XML declaration says the encoding.
        where: its name, for messages.
        names: of the elements, without namespaces; one inside another comes with it alone.
        found: called with each as it ends; what it raises ends the reading.

    Returns:
        The name of the outermost element.

    Raises:
        GlossaryError: where it is no well-formed XML, nests too deeply, or declares or
            refers to entities.
    """
    reader = _Reader(where, names, found)
    reader.read(data)
    return reader.root
