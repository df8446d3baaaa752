"""Header fields of catalogues and templates.

Names, order and date format as in the gettext manual, "The Header Entry". A header is
written anew only together with entries that changed, so dates never move on their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from l10n_pipeline.locale import Locale
from l10n_pipeline.plurals import plural_forms

_PROJECT: Final = "Project-Id-Version"
# What xgettext writes where nobody has told the project's name.
_UNNAMED: Final = "PACKAGE VERSION"
# No version: an upgrade must not change files in which nothing else changes.
_GENERATOR: Final = "l10n-pipeline"

# What xgettext writes into a template for msginit and translators to replace.
_TEMPLATE_PLACEHOLDERS: Final = {
    "PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE",
    "Last-Translator": "FULL NAME <EMAIL@ADDRESS>",
    "Language-Team": "LANGUAGE <LL@li.org>",
}


def catalogue_header(
    found: Mapping[str, str], *, locale: Locale, project: str, created: str, now: datetime
) -> Mapping[str, str]:
    """The header of a catalogue whose entries changed.

    Args:
        found: the fields it had; empty for a new catalogue. All that is not the
            machine's to say is kept, unknown fields after the known ones.
        locale: the target locale.
        project: for ``Project-Id-Version``, unless it says one.
        created: for ``POT-Creation-Date``; see :func:`timestamp`.
        now: for ``PO-Revision-Date``.
    """
    named = found.get(_PROJECT, "")
    fields = {
        _PROJECT: _one_line(project) if named in {"", _UNNAMED} else named,
        "Report-Msgid-Bugs-To": found.get("Report-Msgid-Bugs-To", ""),
        "POT-Creation-Date": created,
        "PO-Revision-Date": timestamp(now),
        "Last-Translator": found.get("Last-Translator", ""),
        "Language-Team": found.get("Language-Team", ""),
        "Language": found.get("Language") or locale.posix,
        **_encoding(),
        "Plural-Forms": found.get("Plural-Forms") or plural_forms(locale),
        "X-Generator": found.get("X-Generator") or _GENERATOR,
    }
    return MappingProxyType({**fields, **_others(found, fields)})


def template_header(found: Mapping[str, str], *, project: str, created: str) -> Mapping[str, str]:
    """The header of a template whose entries changed; arguments as for a catalogue."""
    fields = {
        _PROJECT: _one_line(project),
        "Report-Msgid-Bugs-To": found.get("Report-Msgid-Bugs-To", ""),
        "POT-Creation-Date": created,
        **_TEMPLATE_PLACEHOLDERS,
        "Language": "",
        **_encoding(),
        "X-Generator": _GENERATOR,
    }
    return MappingProxyType({**fields, **_others(found, fields)})


def timestamp(moment: datetime) -> str:
    """A date as PO headers write it: ``2026-07-01 12:30+0200``.

    Raises:
        ValueError: where the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a header date needs a time zone")
    return f"{moment:%Y-%m-%d %H:%M%z}"


def _encoding() -> dict[str, str]:
    return {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }


def _others(found: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if name not in fields}


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
