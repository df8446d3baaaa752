"""The encoding of a PO file, which its header states."""

from __future__ import annotations

import codecs
import re
from typing import Final

from l10n_pipeline.errors import DocumentError

_CHARSET: Final = re.compile(rb"charset=([^\s;\"\\]{1,64})", re.IGNORECASE)
_PLACEHOLDER: Final = "CHARSET"
"""What xgettext writes where it has seen nothing but ASCII."""
_UTF8: Final = "utf-8"
_WITHIN: Final = 65_536
"""Bytes in which the header is looked for."""
_ASCII: Final = bytes(range(0x20, 0x7F))


def decoded(data: bytes, path: str) -> tuple[str, str]:
    """The text, and the codec that gives the same bytes back.

    Raises:
        DocumentError: where the header names no encoding that is known and has ASCII in it,
            or the bytes are not in it; says in which line.
    """
    if b"\0" in data:
        raise _at(data, data.index(b"\0"), path, "a PO file cannot hold a null character")
    encoding = _stated(data, path)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"byte 0x{data[error.start]:02X} is not {encoding.upper()}"
        raise _at(data, error.start, path, what) from None
    if text.encode(encoding) != data:
        raise DocumentError(
            f"decoding it as {encoding.upper()} loses information",
            where=path,
            way_out="convert it with: msgconv --to-code=UTF-8",
        )
    return text, encoding


def _stated(data: bytes, path: str) -> str:
    found = _CHARSET.search(data, 0, _WITHIN)
    name = found[1].decode("latin-1") if found else _PLACEHOLDER
    if found is None or name == _PLACEHOLDER:
        return _UTF8
    try:
        encoding = codecs.lookup(name).name
        usable = _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        usable, encoding = False, ""
    if not usable:
        raise _at(data, found.start(), path, f"the encoding {name!r} is not known")
    return encoding


def _at(data: bytes, offset: int, path: str, what: str) -> DocumentError:
    line = data.count(b"\n", 0, offset) + 1
    return DocumentError(
        what, where=f"{path}:{line}", way_out="save the file as UTF-8, and let its header say so"
    )
