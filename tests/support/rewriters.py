"""What a reviewer's tools do to a catalogue when they save it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polib
from translate.storage import pypo

from tests.support.tools import run_tool

Rewriter = Callable[[Path, Path], None]
"""Rewrites the catalogue in its place, given its template too."""


def _gettext(name: str, *options: str) -> None:
    done = run_tool(name, "--force-po", *options)
    assert done.returncode == 0, done.stderr.decode()


def msgcat(po: Path, _pot: Path, *options: str) -> None:
    """Rewrite by ``msgcat``: wrapped, unless an option says otherwise."""
    _gettext("msgcat", *options, f"--output-file={po}", str(po))


def msgattrib(po: Path, _pot: Path, *options: str) -> None:
    """Rewrite by ``msgattrib``, choosing every entry."""
    _gettext("msgattrib", *options, f"--output-file={po}", str(po))


def msgmerge(po: Path, pot: Path, *options: str) -> None:
    """Bring it up to date with the template as ``msgmerge`` does."""
    _gettext("msgmerge", "--quiet", *options, f"--output-file={po}", str(po), str(pot))


def toolkit(po: Path, _pot: Path, *, width: int) -> None:
    """Read and write it with Translate Toolkit, as Weblate does with what nobody edited."""
    po.write_bytes(bytes(_toolkit_file(po, width)))


def toolkit_saves(po: Path, _pot: Path, *, width: int) -> None:
    """Save each translation anew with Translate Toolkit, as Weblate does with what was edited.

    A width of -1 wraps nothing.
    """
    store = _toolkit_file(po, width)
    for unit in store.units:
        if unit.target and not unit.isheader():
            unit.target = unit.target
    po.write_bytes(bytes(store))


def _toolkit_file(po: Path, width: int) -> pypo.pofile:
    store = pypo.pofile(width=width)
    store.parse(po.read_bytes())
    return store


def polib_saves(po: Path, _pot: Path, *, width: int) -> None:
    """Read and write it with polib; a width of 0 wraps nothing."""
    polib.pofile(str(po), wrapwidth=width, encoding="utf-8").save()


REWRITERS: Final[Mapping[str, Rewriter]] = MappingProxyType(
    {
        "msgcat": msgcat,
        "msgcat --no-wrap": lambda po, pot: msgcat(po, pot, "--no-wrap"),
        "msgcat --width=60": lambda po, pot: msgcat(po, pot, "--width=60"),
        "msgcat --width=120": lambda po, pot: msgcat(po, pot, "--width=120"),
        "msgcat --sort-output": lambda po, pot: msgcat(po, pot, "--sort-output"),
        "msgattrib": msgattrib,
        "msgmerge": msgmerge,
        "msgmerge --previous": lambda po, pot: msgmerge(po, pot, "--previous", "--no-wrap"),
        "Translate Toolkit": partial(toolkit, width=77),
        "Translate Toolkit, saved": partial(toolkit_saves, width=77),
        "Translate Toolkit, saved unwrapped": partial(toolkit_saves, width=-1),
        "polib": partial(polib_saves, width=78),
        "polib, unwrapped": partial(polib_saves, width=0),
    }
)
"""By name."""
