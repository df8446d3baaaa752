"""Cut a text into a vocabulary's pieces, with the place of each in the text.

A checkpoint has a SentencePiece model (Kudo & Richardson 2018), or a ``tokenizer.json`` of the
``tokenizers`` library, or both; SentencePiece, which the model was trained with, is preferred.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import sentencepiece

from l10n_pipeline.engines.files import GET_AGAIN, read_file, read_json_object
from l10n_pipeline.engines.huggingface.special_tokens import (
    TOKENIZER,
    TOKENIZER_LIMIT,
    added_tokens,
)
from l10n_pipeline.errors import ModelError
from l10n_pipeline.model import Span

SPACE: Final = "▁"
"""What pieces have for a space (U+2581)."""
_SENTENCEPIECE_LIMIT: Final = 64 * 2**20
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_KINDS: Final = ("BPE", "Unigram")


class Subwords(Protocol):
    """A tokenizer of pieces."""

    pieces: Sequence[str]
    """All it knows, by its own ids."""
    unwritten: frozenset[int]
    """Its own ids of pieces that no text is made of: controls, the unknown."""
    has_bytes: bool
    """Whether it writes characters it lacks as pieces such as ``<0xC4>``."""

    def split(self, text: str) -> Iterator[tuple[str, Span]]:
        """The text's pieces in order, and the offsets of each in the text. What no piece
        stands for comes as it is.
        """
        ...


def open_subwords(folder: Path, names: Sequence[str]) -> Subwords:
    """A checkpoint's tokenizer: the first of these SentencePiece models, or its
    ``tokenizer.json``.

    Raises:
        ModelError: where there is none, or it is broken.
    """
    for name in names:
        if (folder / name).exists():
            return SentencePieceSubwords(folder / name)
    if (folder / TOKENIZER).exists():
        return TokenizersSubwords(folder / TOKENIZER)
    raise ModelError(
        f"has neither {' nor '.join([*names, TOKENIZER])}", where=str(folder), way_out=GET_AGAIN
    )


def read_pieces(path: Path) -> dict[str, int]:
    """Pieces and ids of a ``vocab.json``.

    Raises:
        ModelError: where it is none, or an id is no number or there twice.
    """
    found = read_json_object(path, limit=TOKENIZER_LIMIT)
    return checked_pieces(found, path)


def checked_pieces(found: Mapping[str, Any], path: Path) -> dict[str, int]:
    """Pieces and ids, if that is what a JSON object holds.

    Raises:
        ModelError: otherwise.
    """
    numbers = list(found.values())
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise _broken(path, "has pieces without an id")
    if not numbers or len(set(numbers)) != len(numbers):
        raise _broken(path, "has pieces that share an id, or none")
    return dict(found)


class SentencePieceSubwords:
    """Pieces by a SentencePiece model file.

    Raises:
        ModelError: where it is not such a file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._processor: Any = sentencepiece.SentencePieceProcessor()
        data = bytes(read_file(path, limit=_SENTENCEPIECE_LIMIT))
        try:
            self._processor.LoadFromSerializedProto(data)
            # Some broken files load, and fail at the first text only.
            self._processor.encode("a", return_type="offset_mapping")
            every = range(self._processor.get_piece_size())
            self.pieces: Sequence[str] = [self._processor.id_to_piece(number) for number in every]
            self.unwritten = frozenset(
                number
                for number in every
                if self._processor.is_control(number)
                or self._processor.is_unknown(number)
                or self._processor.is_unused(number)
            )
            self.has_bytes = any(self._processor.is_byte(number) for number in every)
        except (RuntimeError, UnicodeError) as error:
            raise _broken(path, "is not a SentencePiece vocabulary") from error

    def split(self, text: str) -> Iterator[tuple[str, Span]]:
        """The text's pieces in order, and the offsets of each in the text."""
        # A lone surrogate has no UTF-8; it can only be unknown.
        plain = _SURROGATE.sub("\ufffd", text)
        try:
            encoded = self._processor.encode(plain, return_type="offset_mapping")
        except RuntimeError as error:
            raise _broken(self._path, "fails on a text: the vocabulary is broken") from error
        for piece, (start, end) in zip(encoded["pieces"], encoded["offsets"], strict=True):
            yield piece, Span(start, max(start, end))


class TokenizersSubwords:
    """Pieces by a ``tokenizer.json``.

    Its special tokens are left out: a text that spells one is text.

    Raises:
        ModelError: where it is not such a file, or of a kind that has no pieces.
    """

    def __init__(self, path: Path) -> None:
        import tokenizers  # noqa: PLC0415 - only checkpoints without SentencePiece need it

        self._path = path
        found = read_json_object(path, limit=TOKENIZER_LIMIT)
        special = dict(added_tokens(found))
        model = found.get("model")
        if not isinstance(model, dict) or model.get("type") not in _KINDS:
            raise _broken(path, f"is not a tokenizer of pieces ({', '.join(_KINDS)})")
        own = _model_pieces(model, path)
        size = max([*own.values(), *special.values()]) + 1
        if size > 2 * (len(own) + len(special)):
            raise _broken(path, "has ids far beyond its pieces")
        pieces = [""] * size
        for name, number in [*own.items(), *special.items()]:
            pieces[number] = name
        self.pieces: Sequence[str] = pieces
        if not any(piece.startswith(SPACE) for piece in pieces):
            raise _broken(path, "has no pieces that begin a word")
        self.unwritten = frozenset(special.values())
        self.has_bytes = model.get("byte_fallback") is True
        plain = {
            **found,
            "added_tokens": [],
            "post_processor": None,
            "truncation": None,
            "padding": None,
        }
        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_str(json.dumps(plain))
            self._tokenizer.encode("a", add_special_tokens=False)
        except BaseException as error:
            if not _is_failure(error):
                raise
            raise _broken(path, "is not a tokenizer") from error

    def split(self, text: str) -> Iterator[tuple[str, Span]]:
        """The text's pieces in order, and the offsets of each in the text."""
        plain = _SURROGATE.sub("\ufffd", text)
        try:
            encoded = self._tokenizer.encode(plain, add_special_tokens=False)
            tokens, offsets = encoded.tokens, encoded.offsets
        except BaseException as error:
            if not _is_failure(error):
                raise
            raise _broken(self._path, "fails on a text: the tokenizer is broken") from error
        for piece, (start, end) in zip(tokens, offsets, strict=True):
            yield piece, Span(start, max(start, end))


def _model_pieces(model: Mapping[str, Any], path: Path) -> dict[str, int]:
    """Pieces and ids: BPE has an object of them, Unigram a list of pieces with scores."""
    found = model.get("vocab")
    if isinstance(found, dict):
        return checked_pieces(found, path)
    entries = found if isinstance(found, list) else []
    pieces = {
        entry[0]: number
        for number, entry in enumerate(entries)
        if isinstance(entry, list) and entry and isinstance(entry[0], str)
    }
    if not pieces:
        raise _broken(path, "has no pieces")
    return pieces


def _is_failure(error: BaseException) -> bool:
    """Whether the library failed: a panic of its Rust core is no Exception, nor is Ctrl-C."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _broken(path: Path, what: str) -> ModelError:
    return ModelError(what, where=str(path), way_out=GET_AGAIN)
