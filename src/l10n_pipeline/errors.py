"""Every error this package raises on purpose, in one tree.

::

    L10nError                    one line for the user: where, what, way out
    ├── UsageError               exit 2: the request itself is wrong
    │   ├── ConfigError            l10n.toml: syntax, unknown key, bad value
    │   ├── LocaleError            not a locale
    │   └── GlossaryError          a glossary row or file that cannot be read as one
    ├── InputError               exit 1: a file that was asked for cannot be used
    │   ├── DocumentError          a source document
    │   └── CatalogueError         a PO or POT file
    └── EnvironmentFault         exit 1: the machine lacks or refuses something
        ├── ModelError             a model's files are broken or foreign
        ├── NoModelError           no model at hand serves the language pair
        ├── OutputError            a file or folder could not be written
        └── BusyError              another process writes into the project

Nothing else is caught and shown as a message: any other exception is a bug.
"""

from __future__ import annotations

from typing import ClassVar


class L10nError(Exception):
    """An error a user can act on, told in one line.

    Args:
        what: what is wrong, without a final full stop.
        where: the place: a file, ``file:line``, an option. Empty where there is none.
        way_out: what the user can do about it, without a final full stop. May be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", way_out: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.way_out = way_out

    def __str__(self) -> str:
        message = f"{self.where}: {self.what}" if self.where else self.what
        return f"{message}; {self.way_out}" if self.way_out else message

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword arguments are not in `args`; without this a worker process's
        # error would lose its place and way out on the way back.
        return _rebuild, (type(self), self.what, self.where, self.way_out)


def _rebuild(kind: type[L10nError], what: str, where: str, way_out: str) -> L10nError:
    return kind(what, where=where, way_out=way_out)


class UsageError(L10nError):
    """The request itself is wrong: options, configuration, locale or glossary syntax."""

    exit_code = 2


class ConfigError(UsageError):
    """``l10n.toml`` cannot be used."""


class LocaleError(UsageError):
    """A string that is no locale."""


class GlossaryError(UsageError):
    """A glossary file that cannot be read as one; ``where`` names the line."""


class InputError(L10nError):
    """A file that was asked for cannot be used."""


class DocumentError(InputError):
    """A source document cannot be read."""


class CatalogueError(InputError):
    """A catalogue cannot be read, or belongs to another locale."""


class EnvironmentFault(L10nError):
    """The machine lacks or refuses something the work needs."""


class ModelError(EnvironmentFault):
    """A model's files are broken, truncated, hostile or of a kind we cannot run."""


class NoModelError(EnvironmentFault):
    """No model at hand serves the language pair."""


class OutputError(EnvironmentFault):
    """A file or folder could not be written; what was there before still stands."""


class BusyError(EnvironmentFault):
    """Another process writes into the project."""
