"""Bytes of a text file to text: every format that is text decodes by this."""

from __future__ import annotations

import codecs
import re
from typing import Final

from l10n_pipeline.errors import DocumentError

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
NEWLINE: Final = re.compile(r"\r\n|\r|\n")
"""A line end."""

# UTF-32's little-endian mark begins with UTF-16's: the longer ones are tried first.
_ENCODINGS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS: Final = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])
_MOST_CONTROLS: Final = 0.05
"""Share of control characters above which a file is no text."""


def decode(data: bytes, path: str) -> tuple[str, str]:
    """The text and the codec that gives the same bytes back, byte order mark included.

    UTF-8, or UTF-16 or UTF-32 with a byte order mark.

    Args:
        data: the file.
        path: for the error.

    Raises:
        DocumentError: where the bytes are no text in one of these encodings; says at which
            byte, line and column.
    """
    encoding = next((codec for bom, codec in _ENCODINGS if data.startswith(bom)), "utf-8")
    if encoding == "utf-8" and _is_binary(data, len(data)):
        raise _not_text(path)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, encoding, error.start, path) from error
    if encoding != "utf-8" and _is_binary(text.encode("utf-8", "surrogatepass"), len(text)):
        raise _not_text(path)
    if text.encode(encoding) != data:
        raise DocumentError(
            f"decoding it as {encoding.upper()} loses information",
            where=path,
            way_out="save the file as UTF-8",
        )
    return text, encoding


def _is_binary(utf_8: bytes, characters: int) -> bool:
    controls = len(utf_8) - len(utf_8.translate(None, _CONTROLS))
    return b"\0" in utf_8 or controls > _MOST_CONTROLS * characters


def _not_text(path: str) -> DocumentError:
    return DocumentError(
        "looks like a binary file, not text",
        where=path,
        way_out="leave it out of the documents, or save it as text in UTF-8",
    )


def _undecodable(data: bytes, encoding: str, offset: int, path: str) -> DocumentError:
    before = data[:offset].decode(encoding)
    lines = NEWLINE.split(before)
    column = len(lines[-1].removeprefix(BOM)) + 1
    return DocumentError(
        f"not valid {encoding.upper()}: byte 0x{data[offset]:02X} at offset {offset} "
        f"(line {len(lines)}, column {column})",
        where=f"{path}:{len(lines)}",
        way_out="save the file as UTF-8",
    )
