"""Compiled catalogues (MO), as ``msgfmt`` makes them of a PO file.

Format: GNU gettext manual, "The Format of GNU MO Files"; revision 0, little-endian, without
the hash table, which readers may be without: they search the sorted sources then.
"""

from __future__ import annotations

import struct
from typing import Final

from l10n_pipeline.catalogue.states import unit_source, unit_texts
from l10n_pipeline.model import Catalogue, TranslationUnit

_MAGIC: Final = 0x950412DE
_NUMBERS: Final = struct.Struct("<7I")
"""Magic number, revision, strings, offsets of both tables, size and offset of the hash table."""
_PLACE: Final = struct.Struct("<2I")
"""Length and offset of a string, without and from the file's begin."""
_CONTEXT_ENDS: Final = "\x04"


def compile_catalogue(catalogue: Catalogue) -> bytes:
    """The MO file of a catalogue: its header and all that is translated and accepted.

    Fuzzy and obsolete units are left out. A plural message goes by its first form, as in
    gettext: it is there once that says something.
    """
    strings = {"": "".join(f"{name}: {value}\n" for name, value in catalogue.header.items())}
    for unit in catalogue.units:
        if _is_usable(unit):
            context = f"{unit.context}{_CONTEXT_ENDS}" if unit.context else ""
            strings[context + unit_source(unit)] = "\0".join(unit_texts(unit))
    # By bytes: readers compare so.
    pairs = sorted((source.encode(), target.encode()) for source, target in strings.items())
    tables = _NUMBERS.size
    texts = tables + 2 * len(pairs) * _PLACE.size
    numbers = _NUMBERS.pack(
        _MAGIC, 0, len(pairs), tables, tables + len(pairs) * _PLACE.size, 0, texts
    )
    places: list[bytes] = []
    data = bytearray()
    for text in (*(source for source, _ in pairs), *(target for _, target in pairs)):
        places.append(_PLACE.pack(len(text), texts + len(data)))
        data += text + b"\0"
    return b"".join((numbers, *places, data))


def _is_usable(unit: TranslationUnit) -> bool:
    first, *_ = unit_texts(unit) or ("",)
    return bool(first) and not unit.fuzzy and not unit.obsolete
