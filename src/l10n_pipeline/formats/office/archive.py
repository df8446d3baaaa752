"""ZIP archives from anybody: read within bounds, written back as they were.

Nothing is ever unpacked to disk. Members that nobody changed keep their bytes; all keep their
order, names, dates and ways of compression.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Final

from l10n_pipeline.errors import DocumentError

MOST_MEMBERS: Final = 20_000
MOST_BYTES: Final = 1 << 30
"""Of all members together, unpacked."""
MOST_TEXT: Final = 1 << 26
"""Bytes of the members that are read, together. The text of a thousand pages takes a third."""

_ENTRY: Final = b"PK\x01\x02"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_UTF_8: Final = 0x800
_VERSION: Final = 20
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
"""Of an archive of less than 4 GB: ZIP's application note (APPNOTE), 4.3.7, 4.3.12 and 4.3.16."""
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
)
"""What reading a damaged archive may raise: NotImplementedError where zipfile does not know its way
of compression.
"""


class Archive:
    """A ZIP archive in memory.

    Args:
        data: the whole file.
        path: what to call it in an error.

    Raises:
        DocumentError: where it is no archive, is encrypted or damaged, or holds what no word
            processor writes: two members of one name, names that lead out of a folder, more
            than this program is ready to unpack.
    """

    def __init__(self, data: bytes, path: str) -> None:
        self.data = data
        self.path = path
        if data.startswith(_OLD_OFFICE):
            raise DocumentError(
                "is protected by a password, or of Word's format before 2007",
                where=path,
                way_out="open it in a word processor and save it without a password",
            )
        if data.count(_ENTRY) > MOST_MEMBERS:
            raise self._fault(f"has more than {MOST_MEMBERS:,} members")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise self._fault(f"is not a ZIP archive, or not a whole one: {error}") from error
        self._members = self._zip.infolist()
        self._left = MOST_TEXT
        self._texts: dict[str, str] = {}
        self.names = frozenset(member.filename for member in self._members)
        """Of its members."""
        self._check()

    def text(self, name: str, decode: Callable[[bytes, str], str]) -> str:
        """The text of a member, which is kept.

        Args:
            name: the member's.
            decode: makes text of bytes, told what to call them in an error.

        Raises:
            DocumentError: as :meth:`read`, or as ``decode`` does.
        """
        if name not in self._texts:
            self._texts[name] = decode(self.read(name), f"{self.path}: {name}")
        return self._texts[name]

    def read(self, name: str) -> bytes:
        """A member unpacked.

        Raises:
            DocumentError: where it is missing or damaged, or all that was read of this archive
                is more than :data:`MOST_TEXT`.
        """
        if name not in self.names:
            raise self._fault(f"has no member {name!r}")
        try:
            with self._zip.open(name) as stream:
                data = stream.read(self._left + 1)
        except _DAMAGE as error:
            raise self._fault(f"its member {name!r} is damaged: {error}") from error
        self._left -= len(data)
        if self._left < 0:
            raise self._fault(f"its text takes more than {MOST_TEXT:,} bytes unpacked")
        return data

    def digests(self, *, but: Collection[str]) -> tuple[tuple[str, int, int], ...]:
        """Name, length and checksum of its members, in order; 0 and 0 for some of them."""
        return tuple(
            (member.filename, 0, 0)
            if member.filename in but
            else (member.filename, member.file_size, member.CRC)
            for member in self._members
        )

    def replaced(self, members: Mapping[str, bytes]) -> bytes:
        """The archive with other bytes in some of its members. The others are copied as they
        are compressed.

        Raises:
            DocumentError: where a member is not where the archive says.
        """
        if not members:
            return self.data
        made: list[bytes] = []
        directory: list[bytes] = []
        at = 0
        for member in self._members:
            name = member.filename.encode()
            flags = 0 if name.isascii() else _UTF_8
            if member.filename in members:
                stored = _compressed(members[member.filename], member.compress_type)
                size, check = len(members[member.filename]), zlib.crc32(members[member.filename])
            else:
                stored, size, check = self._stored(member), member.file_size, member.CRC
            moment = _dos_time(member.date_time)
            known = (_VERSION, flags, member.compress_type, *moment, check, len(stored), size)
            local = _LOCAL.pack(b"PK\x03\x04", *known, len(name), 0) + name
            system = member.create_system << 8 | _VERSION
            place = (len(name), 0, len(member.comment), 0, member.internal_attr)
            entry = _CENTRAL.pack(_ENTRY, system, *known, *place, member.external_attr, at)
            made += (local, stored)
            directory += (entry, name, member.comment)
            at += len(local) + len(stored)
        count, length, comment = len(self._members), sum(map(len, directory)), self._zip.comment
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, length, at, len(comment))
        return b"".join((*made, *directory, end, comment))

    def _stored(self, member: zipfile.ZipInfo) -> bytes:
        """The bytes of a member as they stand in the archive."""
        start = member.header_offset
        header = self.data[start : start + _LOCAL.size]
        if len(header) == _LOCAL.size and header.startswith(b"PK\x03\x04"):
            *_, name, extra = _LOCAL.unpack(header)
            start += _LOCAL.size + name + extra
            stored = self.data[start : start + member.compress_size]
            if len(stored) == member.compress_size:
                return stored
        raise self._fault(
            f"its member {member.filename!r} is damaged: it is not where it should be"
        )

    def _check(self) -> None:
        if len(self.names) < len(self._members):
            counts = Counter(member.filename for member in self._members)
            raise self._fault(f"has two members of the name {counts.most_common(1)[0][0]!r}")
        for member in self._members:
            name = member.filename
            parts = member.orig_filename.split("/")
            # A name with a null character is cut there when it is read.
            if name != member.orig_filename or "\\" in name or not parts[0] or ".." in parts:
                raise self._fault(f"has a member whose name leads astray, {name!r}")
            if member.flag_bits & _ENCRYPTED:
                raise self._fault(
                    "is encrypted", "open it in a word processor and save it without a password"
                )
            if member.compress_type not in _METHODS:
                raise self._fault(f"its member {name!r} is compressed in an unusual way")
        if sum(member.file_size for member in self._members) > MOST_BYTES:
            raise self._fault(f"takes more than {MOST_BYTES:,} bytes unpacked")
        if sum(member.compress_size for member in self._members) > len(self.data):
            raise self._fault("has members that share their bytes")

    def _fault(self, what: str, way_out: str = "") -> DocumentError:
        return DocumentError(
            what, where=self.path, way_out=way_out or "save it anew with a word processor"
        )


def _compressed(data: bytes, method: int) -> bytes:
    if method == zipfile.ZIP_STORED:
        return data
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def _dos_time(moment: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    """Time and date as the archive has them."""
    year, month, day, hour, minute, second = moment
    return hour << 11 | minute << 5 | second // 2, year - 1980 << 9 | month << 5 | day
