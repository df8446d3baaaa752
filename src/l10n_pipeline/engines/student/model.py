"""A Marian student behind the interface of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from l10n_pipeline.engines.student.configuration import ConfigurationError, parse_configuration
from l10n_pipeline.engines.student.marian_file import read_marian_file
from l10n_pipeline.engines.student.network import DecoderMemory, StudentNetwork
from l10n_pipeline.engines.student.shortlist import LexicalShortlist
from l10n_pipeline.engines.student.vocabulary import SentencePieceVocabulary
from l10n_pipeline.errors import ModelError
from l10n_pipeline.protocols import DecoderState, StepOutput, Vocabulary

MAX_SOURCE_LENGTH: Final = 96
"""Tokens. Students are trained on sentences and leave text out of much longer sources: of
FLORES sentences joined to 150 tokens the embedded en-pt model translates about half."""
TOKENS_PER_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class StudentState:
    """The decoder's memory of a batch, and what its sentences may not use."""

    memory: DecoderMemory
    barred: Tensor
    """bool [B, V], or [V] where all rows are alike: tokens that must not be written."""

    def select(self, rows: Tensor) -> StudentState:
        """The state of these rows (int64 indices, repetition allowed) in this order."""
        barred = self.barred if self.barred.dim() == 1 else self.barred[rows]
        return StudentState(self.memory.select(rows), barred)


class StudentModel:
    """A student as a :class:`l10n_pipeline.protocols.TranslationModel`.

    Computes in float32, with the file's 8-bit weights multiplied out.

    Args:
        name: how provenance calls it, precision included.
        model: the ``.bin`` file.
        source_vocabulary: the source's ``.spm`` file.
        target_vocabulary: the target's ``.spm`` file; may be the same.
        shortlist: the ``lex*.bin`` file to keep translations to, or None. Every sentence
            keeps to its own list, never to its batch's.
        eight_bit: whether to round the inputs of products as the 8-bit engines do: no
            quicker, but a reference for what such an engine writes.

    Raises:
        ModelError: where a file cannot be read, is broken, or does not fit the others.
    """

    def __init__(
        self,
        *,
        name: str,
        model: Path,
        source_vocabulary: Path,
        target_vocabulary: Path,
        shortlist: Path | None = None,
        eight_bit: bool = False,
    ) -> None:
        file = read_marian_file(model)
        try:
            configuration = parse_configuration(file.configuration)
        except ConfigurationError as error:
            raise ModelError(
                str(error), where=str(model), way_out="use a Firefox Translations or Bergamot model"
            ) from error
        self.name = name
        self.max_source_length = MAX_SOURCE_LENGTH
        self.tokens_per_batch = TOKENS_PER_BATCH
        self.source_vocabulary: Vocabulary = SentencePieceVocabulary(
            source_vocabulary, size=configuration.source_vocabulary
        )
        same = source_vocabulary == target_vocabulary
        self.target_vocabulary: Vocabulary = (
            self.source_vocabulary
            if same
            else SentencePieceVocabulary(target_vocabulary, size=configuration.target_vocabulary)
        )
        self._shortlist = None
        if shortlist is not None:
            self._shortlist = LexicalShortlist(
                shortlist,
                source_size=configuration.source_vocabulary,
                target_size=configuration.target_vocabulary,
                shared=same,
            )
        self._network = StudentNetwork(file, configuration, eight_bit=eight_bit)

    @torch.inference_mode()
    def start(
        self, sources: Sequence[Sequence[int]], required: Sequence[Sequence[int]] = ()
    ) -> StudentState:
        """Encode a batch.

        Args:
            sources: token ids with their end of sentence, not padded.
            required: for each source, tokens that its shortlist must not keep out.
        """
        lengths = torch.tensor([len(source) for source in sources])
        ids = torch.full((len(sources), int(lengths.max())), self.source_vocabulary.eos_id)
        for row, source in enumerate(sources):
            ids[row, : len(source)] = torch.tensor(source)
        return StudentState(self._network.encode(ids, lengths), self._barred(sources, required))

    @torch.inference_mode()
    def step(self, state: DecoderState, previous: Tensor | None) -> StepOutput:
        """Score the next token.

        Args:
            state: from :meth:`start` or the step before.
            previous: int64 [B], each row's last token; None at the first step.
        """
        if not isinstance(state, StudentState):
            raise TypeError(f"not a student's state: {state!r}")
        hidden, attention, memory = self._network.step(state.memory, previous)
        logits = self._network.project(hidden).masked_fill_(state.barred, -torch.inf)
        return StepOutput(logits, attention, StudentState(memory, state.barred))

    def _barred(
        self, sources: Sequence[Sequence[int]], required: Sequence[Sequence[int]]
    ) -> Tensor:
        if self._shortlist is None:
            barred = torch.zeros(self.target_vocabulary.size, dtype=torch.bool)
        else:
            barred = torch.stack([~self._shortlist.of(source) for source in sources])
            for row, tokens in enumerate(required):
                barred[row, list(tokens)] = False
        barred[..., self.target_vocabulary.unk_id] = True
        return barred
