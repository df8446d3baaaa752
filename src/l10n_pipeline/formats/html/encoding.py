"""Bytes of an HTML file to text, by what the file says of its own encoding.

Sources: WHATWG HTML, "Determining the character encoding"; WHATWG Encoding, "Names and
labels": what calls itself Latin-1 or ASCII is Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from l10n_pipeline.errors import DocumentError
from l10n_pipeline.formats.decoding import decode

_PRESCANNED: Final = 1024
"""Bytes among which a declaration has to stand."""

_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_META: Final = re.compile(
    rb"<meta[\s/][^>]*?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE
)
_XML: Final = re.compile(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)")

_BOMS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)

_CODECS: Final = {
    label: codec
    for codec, labels in {
        "cp1252": "windows-1252 x-cp1252 cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 "
        "l1 ascii us-ascii",
        "cp866": "ibm866 cp866",
        "iso8859-2": "iso-8859-2 iso8859-2 latin2 l2",
        "iso8859-3": "iso-8859-3 iso8859-3 latin3 l3",
        "iso8859-4": "iso-8859-4 iso8859-4 latin4 l4",
        "iso8859-5": "iso-8859-5 iso8859-5 cyrillic",
        "iso8859-6": "iso-8859-6 iso8859-6 arabic",
        "iso8859-7": "iso-8859-7 iso8859-7 greek",
        "iso8859-8": "iso-8859-8 iso-8859-8-i iso8859-8 hebrew",
        "iso8859-10": "iso-8859-10 latin6 l6",
        "iso8859-13": "iso-8859-13",
        "iso8859-14": "iso-8859-14",
        "iso8859-15": "iso-8859-15 iso8859-15 l9",
        "iso8859-16": "iso-8859-16",
        "koi8-r": "koi8-r koi8 koi",
        "koi8-u": "koi8-u koi8-ru",
        "mac-roman": "macintosh mac",
        "mac-cyrillic": "x-mac-cyrillic",
        "cp874": "windows-874 tis-620 iso-8859-11",
        "cp1250": "windows-1250 x-cp1250 cp1250",
        "cp1251": "windows-1251 x-cp1251 cp1251",
        "cp1253": "windows-1253 x-cp1253 cp1253",
        "cp1254": "windows-1254 x-cp1254 cp1254 iso-8859-9 iso8859-9 latin5 l5",
        "cp1255": "windows-1255 x-cp1255 cp1255",
        "cp1256": "windows-1256 x-cp1256 cp1256",
        "cp1257": "windows-1257 x-cp1257 cp1257",
        "cp1258": "windows-1258 x-cp1258 cp1258",
        "gb18030": "gb18030 gbk gb2312 gb_2312-80 x-gbk chinese",
        "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
        "euc-jp": "euc-jp x-euc-jp",
        "iso2022-jp": "iso-2022-jp",
        "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms932",
        "cp949": "euc-kr korean ks_c_5601-1987 windows-949",
    }.items()
    for label in labels.split()
}


def decoded(data: bytes, path: str) -> tuple[str, str]:
    """The text, and the codec that gives the same bytes back.

    A byte order mark decides, then what is declared within the first 1024 bytes; otherwise,
    and where the label is unknown, the encoding is UTF-8.

    Raises:
        DocumentError: where the bytes are no text in this encoding.
    """
    codec = None if data.startswith(_BOMS) else _declared(data[:_PRESCANNED])
    if codec is None:
        return decode(data, path)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
        raise DocumentError(
            f"not valid {codec.upper()}, which it declares: byte 0x{data[error.start]:02X} at "
            f"offset {error.start}",
            where=f"{path}:{line}",
            way_out="save the file in the encoding that it declares, or as UTF-8",
        ) from error
    if "\0" in text:
        raise DocumentError(
            "looks like a binary file, not text",
            where=path,
            way_out="leave it out of the documents, or save it as text in UTF-8",
        )
    if _encoded(text, codec) != data:
        raise DocumentError(
            f"decoding it as {codec.upper()} loses information",
            where=path,
            way_out="save the file as UTF-8",
        )
    return text, codec


def _declared(head: bytes) -> str | None:
    """The codec of a declared encoding that is not a Unicode one."""
    head = _COMMENT.sub(b"", head)
    found = _XML.match(head) or _META.search(head)
    return _CODECS.get(found[1].decode("ascii").lower()) if found else None


def _encoded(text: str, codec: str) -> bytes | None:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None
