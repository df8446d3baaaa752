"""Lexical shortlists: which target pieces a source piece may bring about.

A sentence's shortlist is what its pieces list, besides the most frequent target pieces
(Schwenk et al. 2007; Kim et al. 2019, section 5). The binary file, all little-endian
(marian-dev, ``src/data/shortlist.cpp``)::

    u64  magic
    u64  checksum              of what follows it
    u64  frequent              that many first target ids are in every shortlist
    u64  best                  longest list of a source piece
    u64  n                     source vocabulary + 1
    u64  m
    n ×  u64                   where each source piece's list begins in:
    m ×  u32                   target ids
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from l10n_pipeline.engines.files import GET_AGAIN, read_file
from l10n_pipeline.errors import ModelError

_MAGIC: Final = 0xF11A48D5013417F5
_HEADER: Final = struct.Struct("<6Q")
_SIZE_LIMIT: Final = 2**30
_LIST_MULTIPLE: Final = 8


class LexicalShortlist:
    """The lists of a shortlist file.

    Args:
        path: the binary file.
        source_size: pieces of the source vocabulary.
        target_size: pieces of the target vocabulary.
        shared: whether both are one vocabulary; a source piece then may also be copied.

    Raises:
        ModelError: where the file is not a shortlist for these vocabularies. The checksum
            is not verified: every offset and id is.
    """

    def __init__(self, path: Path, *, source_size: int, target_size: int, shared: bool) -> None:
        data = read_file(path, limit=_SIZE_LIMIT)

        def error(what: str) -> ModelError:
            return ModelError(what, where=str(path), way_out=GET_AGAIN)

        if len(data) < _HEADER.size:
            raise error("is cut off in its header")
        magic, _, frequent, _, offset_count, id_count = _HEADER.unpack_from(data)
        if magic != _MAGIC:
            raise error("is not a binary lexical shortlist")
        expected = _HEADER.size + 8 * offset_count + 4 * id_count
        if expected != len(data):
            raise error(f"says it has {expected:,} bytes and has {len(data):,}")
        if offset_count != source_size + 1:
            raise error(
                f"lists {offset_count - 1:,} source pieces where the model has {source_size:,}"
            )
        offsets = np.frombuffer(data, "<u8", offset_count, _HEADER.size)
        ids = np.frombuffer(data, "<u4", id_count, _HEADER.size + 8 * offset_count)
        if offsets[0] != 0 or bool((offsets[1:] < offsets[:-1]).any()) or offsets[-1] != id_count:
            raise error("has lists that overlap or lie outside it")
        if id_count and int(ids.max()) >= target_size:
            raise error(f"lists target pieces beyond the model's {target_size:,}")
        self._offsets = offsets.tolist()
        self._ids = ids
        self._frequent = min(frequent, target_size)
        self._target_size = target_size
        self._shared = shared

    def of(self, source: Sequence[int]) -> NDArray[np.int64]:
        """What a translation of these source ids may use: target ids, ascending."""
        allowed = np.zeros(self._target_size, dtype=np.bool_)
        allowed[: self._frequent] = True
        pieces = set(source)
        for piece in pieces:
            allowed[self._ids[self._offsets[piece] : self._offsets[piece + 1]]] = True
        if self._shared:
            allowed[list(pieces)] = True
        # Marian fills a list up for its matrix kernels, and may write what it filled in.
        missing = -int(np.count_nonzero(allowed)) % _LIST_MULTIPLE
        if missing:
            spare = np.flatnonzero(~allowed[self._frequent :])[:missing]
            allowed[self._frequent + spare] = True
        return np.flatnonzero(allowed)
