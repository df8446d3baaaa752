"""A student's SentencePiece vocabulary (Kudo & Richardson 2018), as it lies in ``*.spm``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import sentencepiece

from l10n_pipeline.engines.files import GET_AGAIN, read_file
from l10n_pipeline.errors import ModelError
from l10n_pipeline.model import Span
from l10n_pipeline.protocols import DecodedText, EncodedText

_SIZE_LIMIT: Final = 64 * 2**20
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class SentencePieceVocabulary:
    """Text to ids and back; implements :class:`l10n_pipeline.protocols.Vocabulary`.

    Args:
        path: a SentencePiece model file.
        size: number of pieces it must have, because the model's embeddings have as many.

    Raises:
        ModelError: where it is not such a file, or has another size.
    """

    def __init__(self, path: Path, *, size: int) -> None:
        self._path = path
        self._processor: Any = sentencepiece.SentencePieceProcessor()
        data = bytes(read_file(path, limit=_SIZE_LIMIT))
        try:
            self._processor.LoadFromSerializedProto(data)
            # Some broken files load, and fail at the first text only.
            self._processor.encode("a", return_type="offset_mapping")
            found = int(self._processor.get_piece_size())
        except RuntimeError as error:
            raise self._error("is not a SentencePiece vocabulary") from error
        if found != size:
            raise self._error(f"has {found:,} pieces where the model has {size:,}")
        self.size = size
        self.eos_id = int(self._processor.eos_id())
        self.unk_id = int(self._processor.unk_id())
        if self.eos_id < 0 or self.unk_id < 0:
            raise self._error("has no piece for the end of a sentence or for the unknown")

    def encode(self, text: str) -> EncodedText:
        """Ids of a text. Characters the vocabulary lacks become ``unk_id``.

        The spans tile the text from its first piece on; a piece's span includes the
        white space before it.
        """
        # A lone surrogate has no UTF-8; it can only be unknown.
        encoded = self._call("encode", _SURROGATE.sub("\ufffd", text))
        return EncodedText(
            ids=tuple(encoded["ids"]),
            spans=tuple(Span(start, max(start, end)) for start, end in encoded["offsets"]),
        )

    def decode(self, ids: Sequence[int]) -> DecodedText:
        """Text of ids, ``eos_id`` excluded."""
        if not ids:
            return DecodedText("", ())
        decoded = self._call("decode", list(ids))
        return DecodedText(
            text=decoded["text"],
            spans=tuple(Span(start, max(start, end)) for start, end in decoded["offsets"]),
        )

    def _call(self, method: str, argument: str | list[int]) -> Any:
        try:
            return getattr(self._processor, method)(argument, return_type="offset_mapping")
        except RuntimeError as error:
            raise self._error("fails on a text: the vocabulary is broken") from error

    def _error(self, what: str) -> ModelError:
        return ModelError(what, where=str(self._path), way_out=GET_AGAIN)
