"""Where localised editions go: the path templates of ``output`` under ``[build]``."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from l10n_pipeline.locale import Locale

PLACES: Final = ("locale", "language_tag", "path", "folder", "stem", "suffix")
_LANGUAGES: Final = frozenset(("locale", "language_tag"))
_DOCUMENTS: Final = frozenset(("path", "stem"))
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_MARKS: Final = {"path": "\x01", "folder": "\x02", "stem": "\x03", "suffix": "\x04"}
"""What stands for places while a path is put into its normal form; literals have none."""
_ANY: Final = {"\x01": ".+", "\x02": ".+", "\x03": "[^/]+", "\x04": r"\.[^/.]+"}
_NAMES: Final = {mark: place for place, mark in _MARKS.items()}


@dataclass(frozen=True, slots=True)
class EditionTemplate:
    """A template such as ``build/{locale}/{path}``, relative to the project's root.

    ========================  ====================================================
    ``{locale}``              the language, POSIX: ``pt_BR``
    ``{language_tag}``        the language, BCP 47: ``pt-BR``
    ``{path}``                the document's name: ``guide/intro.md``
    ``{folder}``              the folder the document lies in: ``docs/guide``
    ``{stem}``, ``{suffix}``  its file name: ``intro`` and ``.md``
    ========================  ====================================================
    """

    text: str

    @property
    def fixed_folder(self) -> PurePosixPath:
        """The folders before the first place."""
        parts = PurePosixPath(self.text).parts[:-1]
        variable = (at for at, part in enumerate(parts) if "{" in part)
        return PurePosixPath(*parts[: next(variable, len(parts))])

    def path(self, locale: Locale, document: str, name: str, edition_suffix: str = "") -> str:
        """Where an edition goes.

        >>> template = EditionTemplate("{folder}/{stem}.{language_tag}{suffix}")
        >>> template.path(Locale.parse("pt_BR"), "docs/intro.md", "intro.md")
        'docs/intro.pt-BR.md'

        Args:
            locale: the language.
            document: the document's path, relative to the project's root.
            name: its name.
            edition_suffix: what its file name ends with instead of its own suffix.
        """
        source = PurePosixPath(document)
        suffix = edition_suffix or source.suffix
        return self._filled(
            locale,
            path=str(PurePosixPath(name).with_suffix(suffix)) if edition_suffix else name,
            folder=str(source.parent),
            stem=source.stem,
            suffix=suffix,
        )

    def patterns(self, locale: Locale) -> Iterator[str]:
        """Regular expressions of what may be an edition in a language."""
        for folder in ("\x02", "."):
            whole = self._filled(locale, **(_MARKS | {"folder": folder}))
            yield _expression(whole)

    def readings(self, locale: Locale, edition: str) -> Iterator[Mapping[str, str]]:
        """What the places of a document stand for in the path of its edition in a language, in
        each way to read it; none where it is no edition's. A ``{folder}`` of ``.`` has none.

        >>> template = EditionTemplate("{folder}/{stem}.{language_tag}{suffix}")
        >>> next(template.readings(Locale.parse("pt_BR"), "docs/intro.pt-BR.md"))
        {'folder': 'docs', 'stem': 'intro', 'suffix': '.md'}
        """
        for folder in ("\x02", "."):
            whole = self._filled(locale, **(_MARKS | {"folder": folder}))
            if match := re.fullmatch(_naming_expression(whole), edition, re.DOTALL):
                yield match.groupdict()

    def folder_patterns(self, locale: Locale) -> Iterator[str]:
        """Regular expressions of what lies in a folder of a language's own."""
        parts = PurePosixPath(self.text).parts[:-1]
        own = (at for at, part in enumerate(parts) if _LANGUAGES & _places(part))
        if (last := next(own, None)) is not None:
            above = EditionTemplate("/".join(parts[: last + 1]))
            for folder in ("\x02", "."):
                yield f"{_expression(above._filled(locale, **(_MARKS | {'folder': folder})))}/.+"

    def _filled(self, locale: Locale, **places: str) -> str:
        filled = self.text.format(locale=locale.posix, language_tag=locale.bcp47, **places)
        return str(PurePosixPath(filled))


def parse_template(text: str) -> EditionTemplate:
    """A template that keeps editions apart and within the project.

    Raises:
        ValueError: where it is none; says in one line why.
    """
    known = f"may use {', '.join(f'{{{place}}}' for place in PLACES)} alone"
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(known) from error
    for literal, place, spec, conversion in parts:
        if place not in {None, *PLACES} or spec or conversion:
            raise ValueError(known)
        if {"{", "}"} & set(literal) or _CONTROL.search(literal):
            raise ValueError("may have neither other braces nor control characters")
    _refuse_shared(_places(text))
    if PurePosixPath(text).is_absolute() or ".." in PurePosixPath(text).parts:
        raise ValueError(f"{text!r} leads out of the project")
    return EditionTemplate(text)


def _places(text: str) -> set[str]:
    return {place for _, place, _, _ in string.Formatter().parse(text) if place is not None}


def _refuse_shared(places: Iterable[str]) -> None:
    for needed, example in ((_LANGUAGES, "{locale}"), (_DOCUMENTS, "{path}")):
        if not needed.intersection(places):
            raise ValueError(f"lacks {example}: editions would overwrite each other")


def _expression(path: str) -> str:
    return "".join(_ANY.get(char) or re.escape(char) for char in path)


def _naming_expression(path: str) -> str:
    """As :func:`_expression`, with a group for each place; what stands there twice is the same."""
    parts: list[str] = []
    for at, char in enumerate(path):
        name, any_text = _NAMES.get(char), _ANY.get(char)
        if name is None or any_text is None:
            parts.append(re.escape(char))
        else:
            parts.append(f"(?P={name})" if char in path[:at] else f"(?P<{name}>{any_text})")
    return "".join(parts)
