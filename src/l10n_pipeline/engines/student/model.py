"""A Marian student behind the interface of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from l10n_pipeline.engines.student.configuration import (
    ConfigurationError,
    StudentConfiguration,
    parse_configuration,
)
from l10n_pipeline.engines.student.kernels import (
    FloatKernels,
    Int8Kernels,
    Kernels,
    RoundedKernels,
    multiplies_exactly,
    runs_in_int8,
)
from l10n_pipeline.engines.student.marian_file import MarianFile, read_marian_file
from l10n_pipeline.engines.student.network import (
    NARROWEST_STEADY_HEAD,
    DecoderMemory,
    StudentNetwork,
    all_maps,
)
from l10n_pipeline.engines.student.outputs import Outputs
from l10n_pipeline.engines.student.shortlist import LexicalShortlist
from l10n_pipeline.engines.student.vocabulary import SentencePieceVocabulary
from l10n_pipeline.errors import ModelError
from l10n_pipeline.model import Precision
from l10n_pipeline.protocols import DecoderState, StepOutput, Vocabulary

MAX_SOURCE_LENGTH: Final = 96
"""Tokens. Students are trained on sentences and leave text out of much longer sources: of
FLORES sentences joined to 150 tokens the embedded en-pt model translates about half."""
TOKENS_PER_BATCH: Final = 2_400
NEAR_TIE: Final = 1e-3
"""Nats. Far above what rounding can differ by between batches in float32 (1e-5 is seen), far
below what separates most choices."""


@dataclass(frozen=True, slots=True, eq=False)
class StudentState:
    """The decoder's memory of a batch, and what its sentences may use."""

    memory: DecoderMemory
    outputs: Outputs | None
    """None where they may use the whole vocabulary."""

    def select(self, rows: Tensor) -> StudentState:
        """The state of these rows (int64 indices, repetition allowed) in this order."""
        return StudentState(
            self.memory.select(rows), None if self.outputs is None else self.outputs.select(rows)
        )


class StudentModel:
    """A student as a :class:`l10n_pipeline.protocols.TranslationModel`.

    Args:
        name: how provenance calls it, without the precision.
        model: the ``.bin`` file.
        source_vocabulary: the source's ``.spm`` file.
        target_vocabulary: the target's ``.spm`` file; may be the same.
        shortlist: the ``lex*.bin`` file to keep translations to, or None. Every sentence
            keeps to its own list, never to its batch's.
        precision: automatic is the quickest that this machine and this file allow.
        rounded: whether float32 is to round inputs as the 8-bit engines do: no quicker, but
            what such an engine computes.

    Raises:
        ModelError: where a file cannot be read, is broken, does not fit the others, or
            cannot be computed with in the precision asked for.
    """

    def __init__(
        self,
        *,
        name: str,
        model: Path,
        source_vocabulary: Path,
        target_vocabulary: Path,
        shortlist: Path | None = None,
        precision: Precision = Precision.AUTO,
        rounded: bool = False,
    ) -> None:
        file = read_marian_file(model)
        try:
            configuration = parse_configuration(file.configuration)
        except ConfigurationError as error:
            raise ModelError(
                str(error), where=str(model), way_out="use a Firefox Translations or Bergamot model"
            ) from error
        kernels = RoundedKernels(file) if rounded else _kernels(file, configuration, precision)
        self.name = f"{name}/{kernels.name}"
        self.max_source_length = MAX_SOURCE_LENGTH
        self.tokens_per_batch = TOKENS_PER_BATCH
        steady = kernels.reproducible and configuration.head_width >= NARROWEST_STEADY_HEAD
        self.near_tie = 0.0 if steady else NEAR_TIE
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
        self._network = StudentNetwork(
            file, configuration, kernels, barred=self.target_vocabulary.unk_id
        )
        if shortlist is None:
            self._project = self._network.output(None)

    @torch.inference_mode()
    def start(
        self, sources: Sequence[Sequence[int]], required: Sequence[Sequence[int]] = ()
    ) -> StudentState:
        """Encode a batch.

        Args:
            sources: token ids with their end of sentence, not padded.
            required: for each source, tokens that its shortlist must not keep out.
        """
        memory = self._network.encode(sources)
        if self._shortlist is None:
            return StudentState(memory, None)
        lists = [self._shortlist.of(source) for source in sources]
        if required:
            lists = [
                np.union1d(allowed, np.array(tokens, dtype=np.int64))
                for allowed, tokens in zip(lists, required, strict=True)
            ]
        vocabulary = self.target_vocabulary
        outputs = Outputs.of(
            lists, self._network.output, size=vocabulary.size, barred=vocabulary.unk_id
        )
        return StudentState(memory, outputs)

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
        if state.outputs is None:
            return StepOutput(self._project(hidden), attention, StudentState(memory, None))
        after = StudentState(memory, state.outputs)
        return StepOutput(state.outputs.logits(hidden), attention, after, state.outputs.ids)


def _kernels(
    file: MarianFile, configuration: StudentConfiguration, precision: Precision
) -> Kernels:
    if precision is Precision.F32:
        return FloatKernels(file)
    if precision in (Precision.BF16, Precision.F16):
        raise ModelError(
            f"is a student, which does not compute in {precision}",
            where=str(file.path),
            way_out="use precision int8 or f32",
        )
    in_file = runs_in_int8(file, list(all_maps(configuration)))
    if in_file and multiplies_exactly():
        return Int8Kernels(file)
    if precision is Precision.INT8:
        what = "this machine cannot multiply in 8 bits without loss"
        raise ModelError(
            what if in_file else "has no 8-bit weights with the scales of their inputs",
            where=str(file.path),
            way_out="use precision f32",
        )
    return FloatKernels(file)
