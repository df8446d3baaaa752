"""A checkpoint's vocabularies: pieces of text under the ids that its network has for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from l10n_pipeline.engines.files import GET_AGAIN
from l10n_pipeline.engines.huggingface.checkpoint import Checkpoint, Prompt
from l10n_pipeline.engines.huggingface.special_tokens import SpecialTokens, read_special_tokens
from l10n_pipeline.engines.huggingface.subwords import (
    SPACE,
    SentencePieceSubwords,
    Subwords,
    open_subwords,
    read_pieces,
)
from l10n_pipeline.errors import ModelError
from l10n_pipeline.model import Span
from l10n_pipeline.protocols import DecodedText, EncodedText

SENTENCEPIECE_NAMES: Final = {
    "m2m-100": ("sentencepiece.bpe.model",),
    "nllb": ("sentencepiece.bpe.model",),
    "madlad-400": ("spiece.model", "sentencepiece.model"),
}
_EOS: Final = "</s>"
_UNKNOWN: Final = "<unk>"
# fairseq's own beginning of every vocabulary (NLLB); SentencePiece's three controls come after.
_FAIRSEQ: Final = ("<s>", "<pad>", _EOS, _UNKNOWN)
_CONTROLS: Final = 3
_BYTE: Final = re.compile(r"<0x([0-9A-F]{2})>")
_NEVER_TEXT: Final = re.compile(
    r">>.+<<|<2[A-Za-z_0-9]+>|<extra_id_\d+>|</?s>|<pad>|<unk>|<mask>|madeupword\d+"
)


class PieceVocabulary:
    """Text to ids and back; implements :class:`l10n_pipeline.protocols.Vocabulary`.

    Args:
        subwords: what cuts a text.
        ids: the network's id of each piece; a piece without one is unknown.
        special: names of tokens that are no text.
        size: number of ids that the network has.
        where: the folder, for messages.

    Raises:
        ModelError: where an id is beyond the size, or the end or the unknown has none.
    """

    def __init__(
        self,
        subwords: Subwords,
        ids: Mapping[str, int],
        special: Iterable[str],
        *,
        size: int,
        where: Path,
    ) -> None:
        if max(ids.values()) >= size:
            raise _misfit(where, f"vocabulary has ids beyond the {size:,} of its network")
        if _EOS not in ids or _UNKNOWN not in ids:
            raise _misfit(where, f"vocabulary lacks {_EOS} or {_UNKNOWN}")
        self.size = size
        self.ids = ids
        self.eos_id = ids[_EOS]
        self.unk_id = ids[_UNKNOWN]
        self._subwords = subwords
        self._pieces = [""] * size
        for piece, number in ids.items():
            self._pieces[number] = piece
        names = {subwords.pieces[number] for number in subwords.unwritten} | set(special)
        self.not_text = frozenset(
            number
            for number, piece in enumerate(self._pieces)
            if not piece or piece in names or _NEVER_TEXT.fullmatch(piece)
        )
        """Ids that no text has and that no translation may hold, the end of sentence apart."""

    def encode(self, text: str) -> EncodedText:
        """Ids of a text. Characters the vocabulary lacks become ``unk_id``, and so does what
        spells a special token.
        """
        pieces = list(self._subwords.split(text))
        numbers = [self.ids.get(piece, self.unk_id) for piece, _ in pieces]
        return EncodedText(
            ids=tuple(self.unk_id if number in self.not_text else number for number in numbers),
            spans=_in_order([span for _, span in pieces]),
        )

    def decode(self, ids: Sequence[int]) -> DecodedText:
        """Text of ids, ``eos_id`` excluded; special tokens have none."""
        text = ""
        spans: list[Span] = []
        waiting = b""
        for place, number in enumerate(ids):
            start = len(text)
            byte = self._byte(number)
            if byte is not None:
                waiting += byte
                following = self._byte(ids[place + 1]) if place + 1 < len(ids) else None
                written, waiting = _characters(waiting, last=following is None)
            else:
                written = self._text(number)
            text += written.removeprefix(" ") if not text else written
            spans.append(Span(start, len(text)))
        length = len(text.rstrip(" "))
        clipped = (Span(min(span.start, length), min(span.end, length)) for span in spans)
        return DecodedText(text[:length], tuple(clipped))

    def _text(self, number: int) -> str:
        return "" if number in self.not_text else self._pieces[number].replace(SPACE, " ")

    def _byte(self, number: int) -> bytes | None:
        match = self._subwords.has_bytes and _BYTE.fullmatch(self._pieces[number])
        return bytes.fromhex(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """What a model reads and writes with."""

    source: PieceVocabulary
    target: PieceVocabulary


def load_vocabularies(checkpoint: Checkpoint) -> Vocabularies:
    """A checkpoint's vocabularies.

    Raises:
        ModelError: where a file is missing or broken, or does not fit the network.
    """
    folder, configuration = checkpoint.folder, checkpoint.configuration
    tokens = read_special_tokens(folder, with_ids=True)
    if checkpoint.family == "marian":
        found = _marian(checkpoint, tokens)
    else:
        subwords = open_subwords(folder, SENTENCEPIECE_NAMES[checkpoint.family])
        ids = _ids(checkpoint, subwords, tokens)
        special = {*tokens.names, *_language_tokens(checkpoint)}
        shared = PieceVocabulary(
            subwords, ids, special, size=configuration.source_size, where=folder
        )
        found = Vocabularies(shared, shared)
    for vocabulary in (found.source, found.target):
        if vocabulary.eos_id != configuration.eos:
            raise _misfit(
                folder,
                f"vocabulary has {_EOS} as {vocabulary.eos_id}, its network as {configuration.eos}",
            )
    return found


def prompt_ids(
    checkpoint: Checkpoint, vocabularies: Vocabularies, prompt: Prompt
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Ids of a prompt's tokens: before and after the source, and before the target.

    Raises:
        ModelError: where the vocabulary lacks one.
    """

    def ids(names: Iterable[str], vocabulary: PieceVocabulary) -> tuple[int, ...]:
        missing = [name for name in names if name not in vocabulary.ids]
        if missing:
            raise _misfit(checkpoint.folder, f"vocabulary lacks the token {missing[0]!r}")
        return tuple(vocabulary.ids[name] for name in names)

    return (
        ids(prompt.before_source, vocabularies.source),
        ids(prompt.after_source, vocabularies.source),
        ids(prompt.before_target, vocabularies.target),
    )


def _marian(checkpoint: Checkpoint, tokens: SpecialTokens) -> Vocabularies:
    folder, configuration = checkpoint.folder, checkpoint.configuration
    source_ids = read_pieces(folder / "vocab.json")
    separate = tokens.configuration.get("separate_vocabs") is True
    target_ids = read_pieces(folder / "target_vocab.json") if separate else source_ids
    source, target = (SentencePieceSubwords(folder / name) for name in ("source.spm", "target.spm"))
    return Vocabularies(
        PieceVocabulary(source, source_ids, (), size=configuration.source_size, where=folder),
        PieceVocabulary(target, target_ids, (), size=configuration.target_size, where=folder),
    )


def _ids(checkpoint: Checkpoint, subwords: Subwords, tokens: SpecialTokens) -> dict[str, int]:
    """The network's id of each piece, its languages' tokens included."""
    pieces = {piece: number for number, piece in enumerate(subwords.pieces) if piece}
    if checkpoint.family == "madlad-400":
        return pieces
    if checkpoint.family == "m2m-100":
        pieces = read_pieces(checkpoint.folder / "vocab.json")
        return _with_languages(pieces, _language_tokens(checkpoint), tokens, first=len(pieces))
    first = len(subwords.pieces)
    if isinstance(subwords, SentencePieceSubwords):
        # fairseq put four tokens of its own in the place of SentencePiece's three.
        moved = len(_FAIRSEQ) - _CONTROLS
        pieces = {name: number + moved for name, number in pieces.items() if number >= _CONTROLS}
        pieces |= {name: number for number, name in enumerate(_FAIRSEQ)}
        first += moved
    return _with_languages(pieces, _language_tokens(checkpoint), tokens, first=first)


def _language_tokens(checkpoint: Checkpoint) -> list[str]:
    """Names of the tokens that stand for languages, in the order of its codes."""
    spelling = {"m2m-100": "__{}__", "nllb": "{}", "madlad-400": "<2{}>"}[checkpoint.family]
    return [spelling.format(code) for code in checkpoint.sources]


def _with_languages(
    pieces: dict[str, int], names: Sequence[str], tokens: SpecialTokens, *, first: int
) -> dict[str, int]:
    """The pieces and the languages' tokens.

    Where the files give these no id, they follow the pieces in the order in which they are
    listed.
    """
    places = {name: first + place for place, name in enumerate(names)}
    given = {name: tokens.ids[name] for name in names if name in tokens.ids}
    return places | given | pieces


def _in_order(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without overlaps: where two share a character, the last has it.

    Of a character's bytes each claims the whole, and a space that was only put in claims the
    character after it.
    """
    found: list[Span] = []
    following = max((span.end for span in spans), default=0)
    for span in reversed(spans):
        start = min(span.start, following)
        found.append(Span(start, max(start, min(span.end, following))))
        following = start
    return tuple(reversed(found))


def _characters(data: bytes, *, last: bool) -> tuple[str, bytes]:
    """What whole characters the bytes hold, and the bytes that wait for others."""
    try:
        return data.decode(), b""
    except UnicodeDecodeError:
        return (data.decode("utf-8", "replace"), b"") if last else ("", data)


def _misfit(folder: Path, what: str) -> ModelError:
    return ModelError(what, where=str(folder), way_out=GET_AGAIN)
