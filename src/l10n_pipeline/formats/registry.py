"""Which format serves which file: those that come with the package, and plug-ins.

A plug-in is a class in another package that keeps the promises of
:class:`~l10n_pipeline.protocols.DocumentFormat`, declared as an entry point::

    [project.entry-points."l10n_pipeline.formats"]
    asciidoc = "l10n_asciidoc:AsciiDoc"

The keyword parameters of a format's constructor are the options that it has in ``l10n.toml``;
their annotations and defaults say which values they take::

    [formats.asciidoc]
    attributes = ["description"]
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePosixPath
from typing import Any, Final, get_type_hints

import pydantic

from l10n_pipeline.errors import ConfigError, DocumentError, EnvironmentFault
from l10n_pipeline.protocols import DocumentFormat

GROUP: Final = "l10n_pipeline.formats"
"""The group of entry points that plug-ins belong to."""

_MEMBERS: Final = ("name", "suffixes", "edition_suffix", "read", "build")
_WAYS_OUT: Final = {
    ".po": "a catalogue holds translations: list the template (.pot) that it was made from",
}
"""What to do about files that are no documents."""
_SUFFIX: Final = re.compile(r"\.[^\s./A-Z]+")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A format of this package: known without importing it, so that a run over plain text
    needs none of the parsers of the others.
    """

    suffixes: tuple[str, ...]
    module: str
    type: str


BUILT_IN: Final[Mapping[str, BuiltIn]] = {
    "text": BuiltIn((".txt", ".text"), "l10n_pipeline.formats.text", "PlainText"),
    "markdown": BuiltIn((".md", ".markdown", ".mdx"), "l10n_pipeline.formats.markdown", "Markdown"),
    "html": BuiltIn((".html", ".htm", ".xhtml"), "l10n_pipeline.formats.html", "Html"),
    "srt": BuiltIn((".srt",), "l10n_pipeline.formats.subtitles", "SubRip"),
    "webvtt": BuiltIn((".vtt",), "l10n_pipeline.formats.subtitles", "WebVTT"),
    "docx": BuiltIn((".docx",), "l10n_pipeline.formats.office", "Docx"),
    "odt": BuiltIn((".odt",), "l10n_pipeline.formats.office", "Odt"),
    "gettext": BuiltIn((".pot",), "l10n_pipeline.formats.gettext", "GettextTemplate"),
}
"""By name. The package declares them as entry points too, so that others find all formats alike."""


class Formats:
    """The formats at hand, made with a project's options.

    Args:
        options: by a format's name, the keyword arguments of its constructor.
        where: what to call the place of the options in an error.

    Raises:
        ConfigError: where no format has such a name, or a format no such option.
        EnvironmentFault: where a plug-in cannot be loaded, or serves what another format
            serves; names its distribution.
    """

    def __init__(
        self, options: Mapping[str, Mapping[str, object]] | None = None, *, where: str = ""
    ) -> None:
        self._options = options or {}
        self._where = where
        self._made: dict[str, DocumentFormat] = {}
        self._by_suffix = {
            suffix: name for name, served in BUILT_IN.items() for suffix in served.suffixes
        }
        plug_ins = {entry.name: entry for entry in _plug_ins()}
        for name in self._options:
            self._refuse_unknown(name, [*BUILT_IN, *plug_ins])
        for entry in plug_ins.values():
            self._add(entry)
        for name in self._options:
            if name not in self._made:
                self._made[name] = self._built_in(name)

    @property
    def suffixes(self) -> frozenset[str]:
        """All that are served."""
        return frozenset(self._by_suffix)

    def for_path(self, path: str) -> DocumentFormat:
        """The format that serves a file of this name, whatever the case of its suffix.

        >>> Formats().for_path("guide/INTRO.TXT").name
        'text'

        Raises:
            DocumentError: where no format serves the suffix; says which ones are.
        """
        suffix = PurePosixPath(path).suffix.lower()
        name = self._by_suffix.get(suffix)
        if name is None:
            unserved = f"no document format serves {suffix!r}"
            raise DocumentError(
                unserved if suffix else "the file name has no suffix",
                where=path,
                way_out=_WAYS_OUT.get(suffix, f"supported are {', '.join(sorted(self.suffixes))}"),
            )
        if name not in self._made:
            self._made[name] = self._built_in(name)
        return self._made[name]

    def _built_in(self, name: str) -> DocumentFormat:
        served = BUILT_IN[name]
        made = self._construct(name, getattr(import_module(served.module), served.type))
        assert isinstance(made, DocumentFormat)
        return made

    def _add(self, entry: EntryPoint) -> None:
        whose = _described(entry)
        try:
            made = self._construct(entry.name, entry.load())
        except ConfigError:
            raise
        except Exception as error:  # whatever somebody else's package does when it is imported
            raise _unusable(whose, f"cannot be loaded: {_in_one_line(error)}", entry) from error
        if fault := _fault(made):
            raise _unusable(whose, fault, entry)
        assert isinstance(made, DocumentFormat)
        for suffix in made.suffixes:
            if suffix in self._by_suffix:
                other = self._by_suffix[suffix]
                raise _unusable(whose, f"serves {suffix}, which {other!r} does already", entry)
        self._by_suffix |= dict.fromkeys(made.suffixes, entry.name)
        self._made[entry.name] = made

    def _construct(self, name: str, kind: Any) -> object:
        """A format with its options.

        Raises:
            ConfigError: where it has no such option, or none of such a value.
        """
        options = self._options.get(name)
        if not options:
            return kind()
        model = _options_of(kind)
        known = list(model.model_fields)
        for key in options:
            self._refuse_unknown(f"{name}.{key}", [f"{name}.{one}" for one in known])
        try:
            values = model.model_validate(options)
            return kind(**{key: getattr(values, key) for key in options})
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, ("formats", name, *first["loc"])))
            what = "should be a list" if first["type"] == "tuple_type" else first["msg"]
            raise self._wrong(f"{place}: {what[:1].lower()}{what[1:]}") from error
        except ValueError as error:
            raise self._wrong(f"formats.{name}: {_in_one_line(error)}") from error

    def _refuse_unknown(self, key: str, known: Sequence[str]) -> None:
        if key in known:
            return
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
        way_out = f"did you mean {near[0].rpartition('.')[2]!r}" if near else "it has no options"
        raise self._wrong(f"unknown key 'formats.{key}'", way_out)

    def _wrong(self, what: str, way_out: str = "") -> ConfigError:
        return ConfigError(what, where=self._where, way_out=way_out)


def _plug_ins() -> Iterator[EntryPoint]:
    """Entry points of other packages, by name; a package that is found twice counts once.

    Raises:
        EnvironmentFault: where two formats have one name.
    """
    seen: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        built_in = BUILT_IN.get(entry.name)
        if built_in and entry.value == f"{built_in.module}:{built_in.type}":
            continue
        other = seen.setdefault(entry.name, entry)
        if built_in:
            raise _unusable(_described(entry), "has the name of a format that is built in", entry)
        if _described(other) != _described(entry):
            raise _unusable(_described(entry), f"has the name of {_described(other)}", entry)
    yield from seen.values()


def _options_of(kind: Any) -> type[pydantic.BaseModel]:
    """The keyword parameters of a constructor."""
    parameters = inspect.signature(kind).parameters.values()
    hints = get_type_hints(kind.__init__)
    fields: dict[str, Any] = {
        parameter.name: (hints.get(parameter.name, object), parameter.default)
        for parameter in parameters
        if parameter.kind in {parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD}
    }
    config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    return pydantic.create_model("Options", __config__=config, **fields)


def _fault(made: object) -> str:
    """What is wrong with somebody's format, in words; empty where nothing is."""
    missing = [member for member in _MEMBERS if not hasattr(made, member)]
    if missing:
        return f"is no document format: it lacks {', '.join(missing)}"
    assert isinstance(made, DocumentFormat)
    return _fault_of_suffixes(made.suffixes)


def _fault_of_suffixes(suffixes: object) -> str:
    if not isinstance(suffixes, tuple | list) or not suffixes:
        return "serves no suffix"
    for suffix in suffixes:
        if not isinstance(suffix, str) or not _SUFFIX.fullmatch(suffix):
            return f"serves {suffix!r}, which is no suffix in lower case such as '.txt'"
    return ""


def _described(entry: EntryPoint) -> str:
    package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    return f"the document format {entry.name!r} of {package}"


def _unusable(whose: str, what: str, entry: EntryPoint) -> EnvironmentFault:
    package = entry.dist.name if entry.dist else entry.value
    return EnvironmentFault(f"{whose} {what}", way_out=f"update {package}, or uninstall it")


def _in_one_line(error: Exception) -> str:
    """An error's class and what it says, as users see it."""
    said = " ".join(str(error).split())
    if isinstance(error, ValueError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
